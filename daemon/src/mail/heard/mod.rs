//! What comes in and is kept: the words of an email, on whom they are filed, and how much of them.
//!
//! Owns the text of an email (`text` ★, `html` ★), which of it is new (`fresh` ★), the records
//! (`record`), every write of them (`keep`), and how they are read (`shelf`). Invariants: an email
//! is kept once, in the commit that hears it; hearing decides nothing; what is kept is plain text
//! that steers no terminal. Must not know what an email is about: rooms above say whose it is.

mod automatic;
mod fresh;
mod html;
pub mod keep;
pub mod record;
pub mod shelf;
mod style;
mod text;

pub use fresh::{Parts, parts};
pub use record::{Aside, AsideAnswer, Heard, Owner, Says, Speaker, Thread, TurnRecord};
pub(in crate::mail) use text::{heard, senders};
