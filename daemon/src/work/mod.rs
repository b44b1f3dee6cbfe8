//! The durable queue of what the outside world must do.
//!
//! Owns when a piece of work is tried. Invariant: a piece of work is written in the commit that
//! decides it and removed in the commit that records its outcome, so it is carried out at least
//! once, and whoever carries it out must make a second time harmless. At most one try of a piece
//! runs at a time. Must not know what the work is.

pub mod backoff;
mod copy;
mod kinds;
mod queue;
mod record;

pub use kinds::Kinds;
pub use queue::{Queue, Worker};
pub use record::WorkRecord;
