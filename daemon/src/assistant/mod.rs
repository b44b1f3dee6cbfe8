//! What candidates answer, read for the assistant and for callers.
//!
//! Owns the way from an email to its reading (`letter`), emails that came in together (`together` ★),
//! what the assistant concludes from those to its own times (`answers`) and from those about interviews
//! that are booked (`booked`), and the use cases that read
//! one (`reply`) or measure the reading on labelled sets (`measure`). Invariant: nothing is written
//! here and nothing is sent; `outreach` carries out what is concluded. Must hold no rule of reading;
//! that is [`crate::replies`].

mod answers;
mod booked;
pub mod letter;
mod measure;
mod reply;
mod together;

pub use answers::Answers;
pub use booked::Booked;
pub use measure::eval;
pub use reply::read as read_reply;
