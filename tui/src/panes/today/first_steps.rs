//! The first steps in a sandbox: connect, pick somebody, schedule; ticked off as they happen, and
//! gone once an interview is on the person's own Zoom.

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
    let Some(me) = state.cache.me().filter(|_| state.sandbox().is_some()) else {
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
