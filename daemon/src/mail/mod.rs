//! Mail: what is written, how it leaves, and what comes back.
//!
//! Owns letters (`message` ★), the outbox, the transports, the reading of answers, and what is kept
//! of what comes in (`heard`). Invariants: a letter is on the outbox, in
//! the commit that made it necessary, before anything leaves; it is written from the records as
//! they are when it leaves; what comes in is untrusted and changes nothing by itself. Must not know
//! an interview's rules: authors write letters, hearers read answers, and both are rooms above this
//! one.

mod blame;
pub mod bounce;
pub mod crashes;
mod doubt;
pub mod heard;
mod hello;
mod imap;
pub mod maildir;
pub mod message;
pub mod outbox;
#[cfg(test)]
mod peer;
pub mod read;
pub mod receive;
pub mod record;
pub mod send;
mod shape;
mod smtp;
pub mod token;
mod ways;
mod wire;

pub use doubt::doubt;
pub use ways::Mail;
