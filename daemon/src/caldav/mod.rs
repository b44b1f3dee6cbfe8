//! CalDAV (RFC 4791): whose calendars are at an address that a person gave, and what is in them.
//!
//! Owns the way from such an address to the calendars that say when somebody is busy
//! ([`find()`]), the texts of what these hold between two moments ([`read()`]), and what a server
//! knows of colleagues ([`ask_about`]). Invariants: a calendar, an entry or a colleague that a
//! server gives no answer about is a failure or a doubt, never free time; what has not changed
//! costs one small request; a password goes to the server it was given for, and to the siblings
//! that this server names within its own domain. Pure are `xml` (what a server wrote, bounded),
//! `answer` (what that says) and `words` (what is asked). Must not know what a calendar's text
//! means: that is [`crate::calendars`].
//!
//! Entries are asked for first, and free-busy times only where a server gives no entries out:
//! free-busy times name no entry, so our own invitations and what the owner declined would count,
//! and whole days would be by the server's clock in place of the owner's.

mod answer;
mod colleagues;
mod failure;
mod find;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod listed;
mod read;
mod talk;
mod words;
mod xml;

pub use self::colleagues::{Colleague, ask_about};
pub use self::failure::{Cause, Failure};
pub use self::find::{Found, Place, find, takes_no_password};
pub use self::read::{Heard, Told, free_busy, read};
pub use self::words::can_be_asked;
