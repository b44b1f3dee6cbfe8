//! What is done because its time has come, and not because somebody calls.
//!
//! Owns when a piece is tried and how much at once. Pieces come from *sources* (`source`): the
//! durable queue (`queue`), whose pieces are stored (`record`) and stand in lines by kind (`lines`
//! ★, `line` ★) at a pace of their own (`pace` ★); what is derived from other records, like keys to
//! be renewed, which is not stored again; and *rounds* (`rounds`), which are only repeated. One loop
//! carries all of them out.
//!
//! Invariants: stored work is written in the commit that decides it and removed in the commit that
//! records its outcome, so it is carried out at least once, and a worker must make a second time
//! harmless. At most one try of a piece runs at a time, and each ends, also where the worker
//! crashes. What a record says of time goes by the clock on the wall; how long something lasts, by
//! the clock that nobody sets. Must not know what the work is.
//!
//! Where several daemons share a store, each gets only the pieces it owns: [`Queue::set`] is the
//! one place through which pieces come in.

pub mod backoff;
mod kinds;
pub mod line;
pub mod lines;
pub mod pace;
mod queue;
mod record;
pub mod rounds;
pub mod source;

pub use kinds::Kinds;
pub use queue::{Queue, Worker};
pub use record::WorkRecord;
