//! The terminal application: events in, state changed, actions out.
//!
//! One closed `Event` enum arrives in one channel, which orders everything that happens.
//! `update` changes the one `State` and names the `Action`s to carry out; drawing takes
//! `&State`. Invariant: only `run` and `effects` touch the world, and every action comes back as an
//! event. Read in this order: `run`, `event`, `update`, `needs`, `perform`, `draw`.

mod answer;
mod backend;
mod compose;
mod daemon;
mod draw;
mod effects;
mod link;
pub(crate) mod perform;
pub(crate) mod reason;
mod run;
mod subscriptions;
#[cfg(test)]
mod tests;
pub(crate) mod update;

pub use backend::Backend;
pub use daemon::Daemon;
pub(crate) use reason::key_of;
pub use run::{Options, run};
