//! Between the wire and the use cases. No rules in here: a call is let in or refused
//! (`admission.rs`) by its row of the table (`table.rs`), answered by its use case, and the answer
//! handed back.
//!
//! Invariant: a handler only commits. Dropping a call ends its handler mid-await, so what must
//! finish is left to a task of the room it belongs to.

mod accounts;
mod admission;
mod backups;
mod changes;
mod connection;
mod doctor;
mod hello;
mod problems;
mod pulse;
mod quota;
mod serve;
mod served;
mod shutdown;
mod status;
mod table;

pub use connection::attend;
pub use problems::{ProblemRound, leave_when_writing_fails, look as look_for_problems};
pub use pulse::{Beating, Pulse, pulse};
pub use serve::{Peer, serve};
pub use served::Served;
pub use shutdown::Shutdown;
pub use table::TABLE;
