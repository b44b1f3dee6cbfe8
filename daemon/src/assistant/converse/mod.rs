//! The assistant in conversation.
//!
//! ```text
//! sentence ─requests─▶ form ─dry run by the ordinary use cases─▶ card ─yes─▶ the same use case
//! ```
//!
//! Owns how a form becomes something that can be answered or done, and the conversations. Invariant:
//! every act is an ordinary use case with the caller's own rights, audited as
//! [`Via::Conversation`](crate::store::Via::Conversation); a yes belongs to the card that was shown,
//! for ten minutes. Must not read words; that is [`crate::requests`].

mod allowed;
mod change;
mod directory;
mod interview;
mod keep;
mod propose;
mod say;
mod subject;
mod tell;
mod words;

pub use keep::list;
pub use say::say;
