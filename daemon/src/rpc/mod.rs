//! Between the wire and the use cases. No rules in here: a call is checked against the access
//! table, handed to its use case, and the answer handed back.
//!
//! Invariant: a handler only commits. Dropping a call ends its handler mid-await, so whatever must
//! finish is left to a task of the room it belongs to.

mod changes;
mod connection;
mod doctor;
mod metered;
mod patience;
mod problems;
mod pulse;
mod quota;
mod serve;
mod service;
mod status;

pub use connection::attend;
pub use problems::{leave_when_writing_fails, look as look_for_problems, tell_admins};
pub use pulse::{Beating, Pulse, pulse};
pub use serve::{Peer, Shutdown, serve};
