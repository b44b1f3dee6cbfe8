//! Email, the first channel: how it is written, how it leaves, and what comes back.
//!
//! Owns what an email looks like (`message` ★), whose words it has (`templates`) and who reads one of
//! Greenroom's own (`reader`), which route each workspace's email takes (`resolve`, `route`), the
//! transports (`smtp`, `graph`, `maildir`), how one logs in at a server (`log_in`, `accounts`) and why
//! one may not (`refusal` ★), why an account sends nothing (`sender` ★), the reading of answers, and
//! what is kept of what comes in (`inbound`).
//! Invariant: what comes in is untrusted and changes nothing. Must not know an interview's rules:
//! authors write emails, an [`InboundHandler`] handles what comes in, and both are rooms above this
//! one.

pub mod accounts;
mod blame;
pub mod bounce;
mod channel;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod graph;
pub mod inbound;
pub mod log_in;
pub mod maildir;
pub mod message;
pub mod reader;
mod refusal;
mod resolve;
pub mod route;
mod sender;
mod smtp;
pub mod templates;
pub mod token;
mod trouble;
mod wire;

use futures::future::BoxFuture;
use greenroom_protocol::id::MailId;
pub use resolve::{Mail, try_default};
pub use route::Route;

use self::inbound::mailboxes::Scope;
use self::inbound::read::Incoming;
use self::message::Letter;
pub use self::trouble::Trouble;
use crate::outbox::Settled;
use crate::outbox::record::MessageRecord;
use crate::store::{StoreError, Tx};

/// Handles what comes in: a room above this one, which knows what it is about. Handling the same
/// message twice changes nothing. What a message names is of workspaces whose mailbox it came to,
/// and what names nothing is for those alone whose mailbox that is now, as `scope` says.
pub trait InboundHandler: Send + Sync + 'static {
    /// Records what a message says, in the commit that marks it as read.
    ///
    /// # Errors
    /// The store can't be read.
    fn handle<'a>(
        &'a self,
        tx: &'a Tx,
        incoming: &'a Incoming,
        scope: &'a Scope<'a>,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Writes emails: a room above this one, which knows what they are about.
pub trait Author: Send + Sync + 'static {
    /// The email as the records are now. Whatever is read with `tx` is still so when it leaves.
    ///
    /// # Errors
    /// The store can't be read.
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>>;

    /// It left, was refused or is not wanted any more: what its author records of that, in the same
    /// commit.
    ///
    /// # Errors
    /// The store can't be read.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        id: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// What an author came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// This is the email.
    Letter {
        /// What it says.
        letter: Box<Letter>,
        /// What its author wants to know again when it has left.
        memo: Option<String>,
    },
    /// Nobody should get it any more, and why.
    Unwanted(String),
}
