//! Calendars of others: read for a caller, and kept of members.
//!
//! Owns whose clock and whose addresses a calendar is read with. Must hold no rule of reading; that
//! is [`crate::calendars`].

mod file;
mod keep;
mod read;

pub use self::file::upload as upload_calendar;
pub use self::keep::{add, list, remove};
pub use self::read::read as read_calendar;
