//! The contract between `greenroomd` and everything that speaks to it.
//!
//! Owns: the methods ([`service`]), every type that crosses the socket, the frames ([`transport`]),
//! the socket's path ([`socket`]) and the rules of change. Invariant: methods are only appended and
//! fields only added, so a script written against any earlier build goes on working; `schema.json`
//! beside this crate's manifest is the checked-in shape, and a test fails when something in it is
//! removed or renamed. Must not: hold a rule of the product, a secret, or anything only one side
//! needs.
//!
//! A conversation: connect, `hello`, then any calls, several in flight if
//! wanted. Every answer is `Ok` or an [`Error`] with a kind, a message and, where there is one, a
//! hint.

pub mod account;
pub mod assistant_switch;
pub mod audit;
pub mod availability;
pub mod backup;
pub mod calendar;
pub mod change;
pub mod company;
pub mod conversation;
pub mod date;
pub mod drift;
pub mod edit;
pub mod error;
pub mod hello;
pub mod holder;
pub mod id;
pub mod insight;
pub mod interview;
pub mod mail;
pub mod mail_settings;
pub mod outreach;
pub mod page;
pub mod pipeline;
pub mod received;
pub mod reply;
pub mod schedule;
pub mod secret;
pub mod service;
pub mod setting_up;
pub mod socket;
pub mod status;
pub mod strict;
pub mod system;
pub mod template;
pub mod text;
pub mod time;
pub mod today;
pub mod transport;
pub mod workspace;
pub mod zoom;
pub mod zoom_test;

pub use error::{Error, ErrorKind};

/// Raised when a request gains a field or the contract a method; `hello` exchanges it. Requests are
/// strict, so a field added in protocol n is sent only to a daemon whose `hello` says n or more.
pub const PROTOCOL: u32 = 3;

/// The oldest peer this build still understands.
pub const OLDEST_PROTOCOL: u32 = 1;

/// This build's version, for people.
pub const BUILD: &str = env!("CARGO_PKG_VERSION");
