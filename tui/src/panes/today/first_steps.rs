//! The first steps: in a sandbox to connect, pick somebody and schedule, gone once an interview is
//! on the person's own Zoom; elsewhere those of setting up, gone once each is done or skipped. Ticked
//! off as they happen.

use greenroom_protocol::setting_up::SetupState;

use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::wording::zoom::my_zoom;

/// A step: whether it is done, and what it says.
pub(super) struct Step {
    pub(super) done: bool,
    pub(super) words: String,
}

/// The steps, while there are any to take.
pub(super) fn steps(state: &State) -> Vec<Step> {
    if state.sandbox().is_none() {
        return setting_up(state);
    }
    let Some(me) = state.cache.me() else {
        return Vec::new();
    };
    // Before it is known whether they are done they are not shown.
    let Some(coming) = state.cache.coming.latest() else {
        return Vec::new();
    };
    let booked = coming.iter().any(|it| {
        let hosted = it.host.as_ref().is_some_and(|host| host.id == me.id);
        hosted && state.is_to_come(it)
    });
    if booked {
        return Vec::new();
    }
    let connected = my_zoom(state).is_some_and(|zoom| zoom.state.serves());
    let key = |command| {
        let today = Places::on_screen(Context::Today);
        let key = state.keymap.key(command, &today);
        key.map(|key| key.to_string()).unwrap_or_default()
    };
    vec![
        Step {
            done: connected,
            words: format!("Connect Zoom: {}", key(Command::Connect)),
        },
        Step {
            done: false,
            words: format!("Find a candidate: {} and a name", key(Command::Search)),
        },
        Step {
            done: false,
            words: format!("Schedule an interview: {}", key(Command::NewInterview)),
        },
    ]
}

/// How far setting up is, for the person who may go on with it.
fn setting_up(state: &State) -> Vec<Step> {
    let progress = state.cache.setup.latest().filter(|_| state.sets_up());
    let Some(progress) = progress.filter(|it| it.next.is_some()) else {
        return Vec::new();
    };
    let done = progress.steps.iter();
    let done = done.filter(|it| it.state == SetupState::Done).count();
    let all = progress.steps.len();
    let today = Places::on_screen(Context::Today);
    let key = state.keymap.key(Command::SetUp, &today);
    let key = key.map(|key| key.to_string()).unwrap_or_default();
    vec![Step {
        done: false,
        words: format!("Go on setting up, {done} of {all} done: {key}"),
    }]
}
