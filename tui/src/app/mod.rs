//! The terminal application: events in, state changed, actions out.
//!
//! One closed `Event` enum arrives in one channel, which orders everything that happens.
//! `update` changes the one `State` and names the `Action`s to carry out; drawing takes
//! `&State`. Invariant: only `run` and `effects` touch the world, and every action comes back as an
//! event. What is known is in `state`, what is shown and done in `panes`. Read in this order: `run`,
//! `update`, `subscriptions`, `draw`.

mod backend;
mod compose;
mod daemon;
mod draw;
mod effects;
mod link;
mod run;
mod subscriptions;
#[cfg(test)]
pub(crate) mod tests;
mod update;

pub use backend::Backend;
pub use daemon::Daemon;
pub(crate) use run::open;
pub use run::run;

pub use crate::settings::Options;
