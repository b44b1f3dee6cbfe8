//! Mail: what is written, how it leaves, and what comes back.
//!
//! Owns letters (`message` ★), the transports, the reading of answers, and what is kept of what
//! comes in (`inbound`). Invariant: what comes in is untrusted and changes nothing. Must not know an
//! interview's rules: authors write letters, hearers read answers, and both are rooms above this
//! one.

mod blame;
pub mod bounce;
mod channel;
pub mod inbound;
pub mod maildir;
pub mod message;
mod smtp;
pub mod token;
mod wire;

pub use channel::Mail;
pub use smtp::Handed;
