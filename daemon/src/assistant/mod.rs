//! What candidates answer, read for the assistant and for callers.
//!
//! Owns the way from an email to its reading (`letter`), emails that came in together (`together` ★),
//! what the assistant concludes from those to its own times (`answers`) and from those about interviews
//! that are booked (`booked`), and the use cases that read one (`reply`) or measure the reading on
//! labelled sets (`measure`); and the assistant in conversation with members (`converse`). Invariant:
//! nothing is sent here; `outreach` carries out what is concluded, and what a member says yes to is
//! done by the ordinary use cases. Must hold no rule of reading; those are [`crate::replies`]' and
//! [`crate::requests`]'.

mod answers;
mod booked;
mod converse;
pub mod letter;
mod measure;
mod reply;
mod together;

pub use answers::Answers;
pub use booked::Booked;
pub use converse::{list as conversations, say};
pub use measure::eval;
pub use reply::read as read_reply;
