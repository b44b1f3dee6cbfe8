//! ★ What a member asks of the assistant, as a closed form.
//!
//! ```text
//! sentence ─tokens─▶ words ─names, lengths─▶ who, how long ─moments (schedule::reading)─▶ when
//!          ─scopes─▶ for whom, how firmly ─acts─▶ what is wanted ─▶ RequestForm
//! form, slots ─fit─▶ which slots keep to it, and which wishes each does not meet
//! ```
//!
//! Owns the language of requests. Invariant: whatever may matter is placed in the form with the
//! words it was read from, or stands in `unplaced`; nothing is guessed. Must not know a record: who
//! can be named is asked of [`Names`], and several who answer to one name are all handed on.

mod acts;
mod fit;
mod lengths;
mod moments;
mod names;
mod phrases;
mod read;
mod recurring;
mod roles;
mod scopes;
#[cfg(test)]
mod tests;
mod tokens;
mod words;
mod yes;

pub use self::fit::{Fit, Fits};
pub use self::names::Names;
pub use self::read::{Asker, LONGEST, read};
