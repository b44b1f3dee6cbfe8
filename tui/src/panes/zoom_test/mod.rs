//! Testing a Zoom connection: beginning a test, and its report.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::zoom::ConnectionState;

use self::draw::ZoomTest;
use crate::keys::Command;
use crate::panes::connect;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::queries::{ZOOM_TEST_SINCE, test_of};
use crate::state::subject::Subject;
use crate::state::work::{Errand, answer};
use crate::wording::zoom;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::TestZoom],
    disabled_reason: |state, _| disabled_reason(state),
    dispatch: |state, _| start(state),
    ..Subject::NONE
};

/// Whose Zoom is tested: of the test that is shown, else as for a disconnect.
fn subject(state: &State) -> Option<MemberId> {
    match state.panes.below_help_as::<ZoomTest>() {
        Some(report) => Some(report.member),
        None => connect::subject_of_disconnect(state),
    }
}

/// Whether a test of this member's Zoom is being started.
fn begins(state: &State, member: MemberId) -> bool {
    state.work.is_under_way_about("test-zoom", member)
}

fn disabled_reason(state: &State) -> Option<&'static str> {
    let hello = state.link.hello();
    if hello.is_some_and(|hello| hello.protocol < ZOOM_TEST_SINCE) {
        return Some("the daemon is too old; update it");
    }
    let Some(member) = subject(state) else {
        return Some("you are not a member of this workspace");
    };
    if !zoom::may_connect(state, member) {
        return Some("only that member or an admin can test it");
    }
    let shown = state.panes.below_help_as::<ZoomTest>().is_some();
    let test = state.cache.zoom_test.get(&member);
    // Elsewhere the key shows the test that is under way.
    if begins(state, member) || (shown && test.is_some_and(|test| test.running)) {
        return Some("the test is still running");
    }
    match zoom::stands(state, member) {
        Some(ConnectionState::Connected | ConnectionState::Retrying) => None,
        Some(ConnectionState::ReconnectRequired) => Some("reconnect Zoom first"),
        Some(_) => Some("connect Zoom first"),
        None => Some("Zoom's status is still loading"),
    }
}

/// Starts the test and shows it. The daemon does not start a second one beside one that is under
/// way.
fn start(state: &mut State) -> Vec<Action> {
    let Some(member) = subject(state) else {
        return Vec::new();
    };
    // One report at a time, and a new one is read from its top.
    state.panes.remove::<ZoomTest>(|_| true);
    state.panes.push(ZoomTest::new(member));
    let errand = Errand::call("test-zoom", move |state, reply| {
        started(state, member, reply)
    });
    let errand = errand.about(member).says("starting the test…").changes();
    let query = test_of(member);
    vec![state.call(errand, Q::ZoomTest { query })]
}

/// A test began, and its report shows how far it is; one that did not begin has nothing to show
/// there.
fn started(state: &mut State, member: MemberId, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, ZoomTest) {
        Ok(test) => state.cache.zoom_test.learn(member, test),
        Err(error) => {
            state.panes.remove::<ZoomTest>(|it| it.member == member);
            return fail(state, error);
        }
    }
    Vec::new()
}
