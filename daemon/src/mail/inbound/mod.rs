//! What comes in and is kept: the words of an email, on whom they are filed, and how much of them.
//!
//! Owns which mailboxes there are (`mailboxes`), how each is fetched (`receive`, `imap`, `graph`) and read (`read` ★), the text of an email (`plain` ★),
//! the records (`record`), every write of them (`keep`), and how they are read (`shelf`). Invariants: an email
//! is kept once, in the commit that hears it; hearing decides nothing; what is kept is plain text
//! that steers no terminal. Must not know what an email is about: rooms above say whose it is.

pub mod crashes;
mod graph;
pub(in crate::mail) mod imap;
pub mod keep;
pub mod mailboxes;
mod plain;
pub mod read;
pub mod receive;
pub mod record;
pub mod shelf;

pub use plain::{Letter, Parts, letter, parts};
pub use read::CalendarPart;
pub use record::{
    Aside, AsideAnswer, Heard, Marks, Owner, Says, Speaker, Thread, TurnRecord, Understood,
};
