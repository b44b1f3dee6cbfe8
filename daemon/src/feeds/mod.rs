//! Calendars of others: read for a caller, and kept of members.
//!
//! Owns which calendars a member has: added (`add`), listed (`list`), removed (`remove`), all of
//! them told by another clock when theirs changes (`clock`) and removed when they leave (`forget`);
//! and how what is read again and again comes in:
//!
//! ```text
//! work feed.<member>/<feed> ─▶ reads ─Asked─▶ sources ─▶ web · dav · colleague ─Answer─▶ settle ─one commit─▶ store
//! ```
//!
//! `reads` is the worker; `sources` knows which room asks which kind of source; `settle` ★ decides
//! what becomes of an answer, `parts` ★ of one that not every calendar of a source gave, and `timing`
//! ★ when the next is due. `refresh` has work done now that
//! somebody waits for; `trouble` says which cannot be relied on.
//!
//! **A new source** is a variant of [`FeedFrom`](crate::records::feed::FeedFrom), a file here with
//! one function from [`Asked`] to [`Answer`], and its line in `sources`; what the compiler then asks
//! for is how it is shown. What one account reads for many members at once (`company`) writes the
//! same records on its own.
//!
//! Invariants: what a source could not say is never free: what it said before stands until it says
//! something else, and its age and what is wrong are shown; a secret is in the vault and in
//! requests, nowhere else. Must hold no rule of reading; that is [`crate::calendars`].

mod add;
mod clock;
mod colleague;
pub mod company;
mod dav;
mod file;
mod forget;
mod list;
mod parts;
mod read;
mod reads;
mod refresh;
mod remove;
mod seam;
mod secret;
mod settle;
mod sources;
mod timing;
mod trouble;
mod web;

pub use self::add::add;
pub use self::clock::{CLOCK_WORK, RetoldFeeds, clock_changed};
pub use self::file::upload as upload_calendar;
pub use self::forget::{FORGET_WORK, ForgottenFeeds, forget};
pub use self::list::list;
pub use self::read::read as read_calendar;
pub use self::reads::{FEED_WORK, FeedReads};
pub use self::refresh::{freshen, refresh};
pub use self::remove::{company_of, remove};
pub use self::seam::{Answer, Asked, Heard, NotHeard, Part, PartSaid, Said};
pub use self::settle::settle;
pub use self::trouble::{Trouble, TroubleOf, by_cause, troubles};
