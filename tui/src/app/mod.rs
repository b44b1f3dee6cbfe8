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

use std::collections::BTreeMap;

pub use backend::Backend;
pub use daemon::Daemon;
use greenroom_protocol::account::Account;
use jiff::Timestamp;
use jiff::tz::TimeZone;
pub(crate) use run::open;
pub use run::run;

use crate::keys::Keymap;
use crate::panes;
use crate::panes::settings::account_alone;
pub use crate::settings::Options;
use crate::state::State;
use crate::theme::Look;

/// An account as Settings shows it to somebody who is on its row, line by line, in a terminal of so
/// many columns. Apart from the screen for tests that bring accounts to every state there is.
#[doc(hidden)]
pub fn account_in_settings(account: &Account, columns: u16) -> Vec<String> {
    let Ok(keymap) = Keymap::new(&BTreeMap::new()) else {
        return Vec::new();
    };
    let (size, now, zone) = ((columns, 24), Timestamp::now(), TimeZone::UTC);
    let state = State::new(size, now, zone, Look::PLAIN, keymap, &panes::ABOVE);
    account_alone(&state, account, usize::from(columns.saturating_sub(2)))
}
