//! ★ What a candidate's answer to proposed times means, and what follows from it.
//!
//! ```text
//! email ─own─▶ their words ─words─▶ one spelling ─schedule::reading─▶ times ─slots─▶ compared
//!       ─options─▶ numbers ─phrases, clauses─▶ who says what of which ─says─▶ each clause
//!       ─read─▶ ReplyReading ─likeness─▶ doubted or not ─decide─▶ Act
//! ```
//!
//! Owns the closed intents, how they are read from words, and the one function (`decide`) that says
//! what is done about them. Invariant: a slot is booked only if it is chosen in words that are all
//! understood; whatever may turn the meaning (a hinge) stops the act, and so does likeness to
//! labelled examples that mean something else. Must not know a record, a
//! clock or an email's way: all that a reply is read against is in the [`Frame`].

mod around;
mod clauses;
mod decide;
mod eval;
mod leftover;
mod likeness;
mod options;
mod own;
mod phrases;
mod read;
mod says;
mod slots;
#[cfg(test)]
mod tests;
mod words;

pub use self::around::{Around, Author, Calendar, Method};
pub use self::decide::{decide, is_close};
pub use self::eval::{BadLine, Case, eval};
pub use self::own::{Own, begins_headers, own};
pub use self::read::{Frame, Hearing, LONGEST, Written, read};
