//! The first form of all: where there is no workspace yet.
//!
//! Invariant: where the data is damaged it is not missing, and nothing is to be set up in its place.

use greenroom_protocol::Error;

use crate::forms::{self, Form, Kind};
use crate::panes::failure::{Failure, fail};
use crate::state::State;
use crate::state::event::Action;
use crate::state::queries::Need;
use crate::state::subject::Then;

fn is_setup(form: &Form) -> bool {
    form.kind() == Kind::Setup
}

/// Asks for the first workspace, once.
pub(crate) fn ask_for_setup(state: &mut State) {
    if state.panes.find_mut::<Form>(is_setup).is_none() {
        forms::open(state, Kind::Setup, String::new());
    }
}

pub(super) fn on_answer(_: &State, need: &Need) -> Option<Then> {
    matches!(need, Need::Status(())).then(|| -> Then { Box::new(say_damage) })
}

fn say_damage(state: &mut State) -> Vec<Action> {
    let status = state.cache.status.latest();
    let Some(damage) = status.and_then(|status| status.damage.clone()) else {
        return Vec::new();
    };
    state.panes.remove::<Form>(is_setup);
    if state.panes.find::<Failure>().is_some() {
        return Vec::new();
    }
    let error = Error::failed(format!(
        "The data is damaged ({damage}). Nothing is shown from it."
    ))
    .hint("Restore a backup from a shell, as the daemon's user or root: greenroom restore FILE");
    fail(state, error)
}
