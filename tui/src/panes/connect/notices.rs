//! Saying what became of the person's own Zoom, also where they look elsewhere: once a change.

use greenroom_protocol::zoom::{Connection, ConnectionState};

use crate::notify::Notice;
use crate::state::State;
use crate::state::event::{Action, Task};
use crate::state::queries::Need;
use crate::state::subject::Then;
use crate::state::work::Errand;
use crate::wording::zoom::{self, my_zoom};

pub(super) fn on_answer(state: &State, _: &Need) -> Option<Then> {
    let before = my_zoom(state)?.clone();
    Some(Box::new(move |state| {
        notify(state, &before).into_iter().collect()
    }))
}

fn notify(state: &mut State, before: &Connection) -> Option<Action> {
    let now = my_zoom(state)?;
    let broke = |zoom: &Connection| zoom.state == ConnectionState::ReconnectRequired;
    let notice = match (zoom::is_approved(before), zoom::is_approved(now)) {
        (false, true) => Notice::Approved,
        _ if broke(now) && !broke(before) => Notice::Reconnect,
        _ => return None,
    };
    let good = notice == Notice::Approved;
    state.toast(notice.words(), good);
    let errand = Errand::task("notify", |_, _| Vec::new());
    Some(state.begin(errand, Task::Notify(notice)))
}
