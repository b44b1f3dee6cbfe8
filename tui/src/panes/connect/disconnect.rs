//! Disconnecting a Zoom.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_protocol::{Error, ErrorKind};

use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::event::Action;
use crate::state::selected::Row;
use crate::state::work::{Errand, answer};
use crate::state::{Screen, State};
use crate::wording::zoom::{self, my_zoom};

/// Whose Zoom is disconnected: the member's selected in the settings, else the person's own.
pub(crate) fn subject(state: &State) -> Option<MemberId> {
    match state.settings.selected(state) {
        Some(Row::Member(id)) if state.screen == Screen::Settings => Some(id),
        _ => super::steps::own(state),
    }
}

pub(super) fn disabled_reason(state: &State) -> Option<&'static str> {
    let selected = state.settings.selected(state);
    if state.screen == Screen::Settings && matches!(selected, Some(Row::Account(..))) {
        return Some("This disconnects Zoom; Enter disconnects the selected account");
    }
    let Some(member) = subject(state) else {
        return Some("you are not a member of this workspace");
    };
    if !zoom::may_connect(state, member) {
        return Some("only that member or an admin can disconnect it");
    }
    let has_grant = [
        ConnectionState::Connected,
        ConnectionState::Retrying,
        ConnectionState::ReconnectRequired,
    ];
    let stands = zoom::stands(state, member);
    (!stands.is_some_and(|stands| has_grant.contains(&stands))).then_some("not connected")
}

/// Asks whether really.
pub(crate) fn ask(state: &mut State) {
    let Some(zoom) = subject(state).and_then(|id| zoom::connection_of(state, id)) else {
        return;
    };
    let own = my_zoom(state).is_some_and(|mine| mine.member.id == zoom.member.id);
    let booked = match zoom.booked {
        0 => "No upcoming meetings use it.".to_owned(),
        1 => "1 booked meeting keeps its link.".to_owned(),
        many => format!("{many} booked meetings keep their links."),
    };
    let title = match own {
        true => "Disconnect Zoom".to_owned(),
        false => format!("Disconnect {}'s Zoom", zoom.member.name),
    };
    let lines = vec![
        zoom::user(zoom),
        format!("Access is revoked and all keys are deleted. {booked}"),
        "Reconnect to schedule on it again.".into(),
    ];
    let member = zoom.member.id;
    let act = move |state: &mut State| disconnect(state, member);
    let confirm = Confirm::new(title, lines, "Confirm Disconnect", act);
    state.panes.push(confirm);
}

fn disconnect(state: &mut State, member: MemberId) -> Vec<Action> {
    let member = Reference::to(member.to_string());
    let errand = Errand::call("disconnect", disconnected).says("disconnecting…");
    vec![state.call(errand.changes(), Q::ZoomDisconnect { member })]
}

fn disconnected(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    let done = match answer!(reply, ZoomDisconnect) {
        Err(error) => return fail(state, error),
        Ok(done) => done,
    };
    if done.revoked {
        state.toast("Zoom disconnected and access revoked", true);
        return Vec::new();
    }
    let error = Error::new(
        ErrorKind::Upstream,
        "The keys are deleted here, but Zoom did not confirm that access is revoked.",
    );
    let error = match done.hint {
        Some(hint) => error.hint(hint),
        None => error,
    };
    fail(state, error)
}
