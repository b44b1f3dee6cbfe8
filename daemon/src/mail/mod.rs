//! Mail: what is written, how it leaves, and what comes back.
//!
//! Owns letters (`message` ★), the transports, the reading of answers, and what is kept of what
//! comes in (`inbound`). Invariant: what comes in is untrusted and changes nothing. Must not know an
//! interview's rules: authors write emails, an [`InboundHandler`] handles what comes in, and both are
//! rooms above this one.

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
use futures::future::BoxFuture;
pub use smtp::Handed;

use self::inbound::read::Incoming;
use crate::store::{StoreError, Tx};

/// Handles what comes in: a room above this one, which knows what it is about. Handling the same
/// message twice changes nothing.
pub trait InboundHandler: Send + Sync + 'static {
    /// Records what a message says, in the commit that marks it as read.
    ///
    /// # Errors
    /// The store can't be read.
    fn handle<'a>(
        &'a self,
        tx: &'a Tx,
        incoming: &'a Incoming,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}
