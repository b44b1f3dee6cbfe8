//! Calendars of others: read for a caller, and kept of members.
//!
//! Owns whose clock and whose addresses a calendar is read with (`frame`), and which calendars a
//! member has: added from a file (`add`), listed (`list`), removed (`remove`), and all of them when
//! the member leaves (`forget`). Must hold no rule of reading; that is [`crate::calendars`].

mod add;
mod file;
mod forget;
mod frame;
mod list;
mod read;
mod remove;

pub use self::add::add;
pub use self::file::upload as upload_calendar;
pub use self::forget::{FORGET_WORK, ForgottenFeeds, forget};
pub use self::list::list;
pub use self::read::read as read_calendar;
pub use self::remove::remove;
