//! What candidates answer, read for a caller.
//!
//! Owns the way from an email to its reading (`letter`), and the use cases that read one (`reply`)
//! or measure the reading on labelled sets (`measure`). Invariant: nothing is stored and nothing is
//! sent. Must hold no rule of reading; that is [`crate::replies`].

pub mod letter;
mod measure;
mod reply;

pub use measure::eval;
pub use reply::read as read_reply;
