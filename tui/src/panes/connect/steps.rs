//! The steps of connecting Zoom: port, address, browser, answer, done.
//!
//! Owns the order of the steps on this side. Whoever brings the redirect (the port, a paste, the
//! sandbox), it is handed to the daemon once and forgotten here.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectCancel, ConnectStart, Connection, ConnectionState,
};

use crate::app::perform::open as open_form;
use crate::app::reason;
use crate::app::update::call;
use crate::callback::{Redirect, expected_state, read_redirect};
use crate::forms::Kind;
use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::connect::{Connect, Phase, ZoomPage};
use crate::panes::settings::Row;
use crate::state::event::{Action, Task};
use crate::state::queries::ZOOM_TEST_SINCE;
use crate::state::work::Purpose;
use crate::state::{Screen, State};
use crate::wording::zoom::{self, my_zoom};

/// Whose Zoom the connect key is about here: the one that is shown and hosts nothing now, or is
/// selected in the settings; else the person's own.
pub(crate) fn subject(state: &State) -> Option<MemberId> {
    let selected = match state.settings.selected(state) {
        Some(Row::Member(id)) if state.layer().is_none() && state.screen == Screen::Settings => {
            return Some(id);
        }
        _ => state.host_shown(),
    };
    let reachable =
        |id: &MemberId| zoom::stuck(state, *id).is_some() && zoom::may_connect(state, *id);
    selected.filter(reachable).or_else(|| own(state))
}

/// Whose Zoom is disconnected: the member's selected in the settings, else the person's own.
pub(crate) fn subject_of_disconnect(state: &State) -> Option<MemberId> {
    match state.settings.selected(state) {
        Some(Row::Member(id)) if state.screen == Screen::Settings => Some(id),
        _ => own(state),
    }
}

/// Whose Zoom is tested: of the test that is shown, else as for a disconnect.
pub(crate) fn subject_of_test(state: &State) -> Option<MemberId> {
    match state.layer() {
        Some(Layer::ZoomTest(report)) => Some(report.member),
        _ => subject_of_disconnect(state),
    }
}

fn own(state: &State) -> Option<MemberId> {
    let caller = state.link.hello()?.caller.as_ref()?;
    Some(caller.member.id)
}

/// Shows the permissions.
pub(crate) fn open(state: &mut State) -> Vec<Action> {
    let whose = subject(state)
        .and_then(|id| state.mirror.member(id))
        .filter(|member| !member.you);
    let whose = whose.map(|member| MemberBrief {
        id: member.id,
        name: member.name.clone(),
        email: member.email.clone(),
    });
    let connect = Connect::new(whose);
    state.layers.push(Layer::Connect(Box::new(connect)));
    Vec::new()
}

/// Commands of the layer; nothing when it leaves them to others.
pub(crate) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let sandbox = reason::sandbox(state).is_some();
    let connect = layer(state)?;
    match (&connect.phase, command) {
        (Phase::Permissions | Phase::Failed(_), Command::Enter) => Some(listen(state)),
        (Phase::Waiting(_), Command::NextField | Command::PreviousField) => {
            connect.pasting = !connect.pasting;
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::Enter) if connect.pasting => {
            let pasted = connect.paste.value().to_owned();
            Some(take_pasted(state, &pasted))
        }
        (Phase::Waiting(_), Command::Back) if connect.pasting => {
            connect.pasting = false;
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::Back) if connect.page.is_some() => {
            connect.page = None;
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::AskAdmin) => {
            let whose = connect.whose.as_ref();
            let subject = whose.map(|member| member.id.to_string());
            open_form(state, Kind::Approval, subject.unwrap_or_default());
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::PagePrivate) => {
            connect.page = Some(ZoomPage::Private);
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::PageInvalid) => {
            connect.page = Some(ZoomPage::Invalid);
            Some(Vec::new())
        }
        (Phase::Waiting(attempt), Command::CopyAddress) => {
            let url = attempt.authorize_url.clone();
            Some(vec![begin(
                state,
                Purpose::Copy("Zoom's address".into()),
                Task::Copy(url),
            )])
        }
        (Phase::Waiting(attempt), Command::OpenBrowser) => {
            let url = attempt.authorize_url.clone();
            Some(vec![begin(state, Purpose::Browse, Task::Browse(url))])
        }
        (Phase::Waiting(attempt), Command::SandboxAnswer) if sandbox => {
            let (url, user) = (
                attempt.authorize_url.clone(),
                attempt.expected_zoom_user.clone(),
            );
            Some(vec![begin(
                state,
                Purpose::Sandbox,
                Task::SandboxAnswer(url, user),
            )])
        }
        _ => None,
    }
}

/// A paste goes to the field, and is taken at once when it is Zoom's answer.
pub(crate) fn pasted(state: &mut State, pasted: &str) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    if !matches!(connect.phase, Phase::Waiting(_)) {
        return Vec::new();
    }
    connect.pasting = true;
    connect.paste.insert(pasted);
    let whole = connect.paste.value().to_owned();
    take_pasted(state, &whole)
}

fn take_pasted(state: &mut State, pasted: &str) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    let expected = connect
        .attempt()
        .and_then(|attempt| expected_state(&attempt.authorize_url));
    let refused = match read_redirect(pasted) {
        Ok(redirect) if expected.is_none_or(|state| redirect.is_for(&state)) => {
            return came_back(state, redirect);
        }
        Ok(_) => {
            "read the pasted address: it answers another attempt; open the address above".to_owned()
        }
        Err(error) => error.to_string(),
    };
    connect.refused = Some(refused);
    Vec::new()
}

fn listen(state: &mut State) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    *connect = Connect {
        phase: Phase::Starting,
        ..connect.again()
    };
    vec![begin(state, Purpose::Listen, Task::Listen)]
}

/// The port is open: ask the daemon for Zoom's address.
pub(crate) fn listening(state: &mut State, redirect_uri: String) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        return vec![Action::StopListening];
    };
    let start = ConnectStart {
        member: connect.whose.as_ref().map(|member| member.id.to_string()),
        redirect_uri,
    };
    let ticket = state.work.begin(Purpose::Start, state.now);
    vec![call(ticket, Q::ZoomConnectStart { start })]
}

/// The address is there: the browser has the word.
pub(crate) fn started(state: &mut State, attempt: ConnectAttempt) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        // Left meanwhile: the attempt must not stay open.
        return vec![Action::StopListening, cancel(state, &attempt)];
    };
    let url = attempt.authorize_url.clone();
    connect.phase = Phase::Waiting(attempt);
    // In the person's own browser somebody else's Zoom would not be signed in to.
    let own = connect.whose.is_none();
    let mut actions = vec![begin(state, Purpose::Await, Task::Await(url.clone()))];
    if own {
        actions.push(begin(state, Purpose::Browse, Task::Browse(url)));
    }
    actions
}

/// Zoom's answer is here: the daemon finishes.
pub(crate) fn came_back(state: &mut State, redirect: Redirect) -> Vec<Action> {
    let protocol = state.link.hello().map_or(0, |hello| hello.protocol);
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    let Phase::Waiting(attempt) = &connect.phase else {
        return Vec::new();
    };
    let finish = redirect.finish(attempt.attempt, protocol);
    connect.phase = Phase::Finishing(attempt.clone());
    connect.paste.set("");
    let ticket = state.work.begin(Purpose::Finish, state.now);
    vec![
        Action::StopListening,
        call(ticket, Q::ZoomConnectFinish { finish }),
    ]
}

/// Connected: the layer goes, and what lay under it goes on.
pub(crate) fn finished(state: &mut State, connection: &Connection) {
    // Nobody needs to be asked any more.
    state.layers.retain(|layer| match layer {
        Layer::Connect(_) => false,
        Layer::Form(form) => form.kind() != Kind::Approval,
        _ => true,
    });
    let user = zoom::user(connection);
    let own = my_zoom(state).is_none_or(|mine| mine.member.id == connection.member.id);
    let words = match own {
        true => format!("Zoom is connected: {user}"),
        false => format!("{}'s Zoom is connected: {user}", connection.member.name),
    };
    let key = state.keymap.key(Command::TestZoom, &state.places());
    let can_test = state
        .link
        .hello()
        .is_some_and(|hello| hello.protocol >= ZOOM_TEST_SINCE);
    let key = key.filter(|_| own && can_test);
    let way = key.map_or_else(String::new, |key| format!(" · {key} to test it"));
    state.work.say(words + &way, true, state.now);
}

/// A step failed: said where it happened.
pub(crate) fn failed(state: &mut State, error: Error) -> Vec<Action> {
    match layer(state) {
        Some(connect) => connect.phase = Phase::Failed(error),
        None => state.layers.push(Layer::Failure(error)),
    }
    vec![Action::StopListening]
}

/// The sandbox showed a page of its own, as Zoom does: what that means stays until something else
/// is done about it.
pub(crate) fn page_shown(state: &mut State, message: String) {
    if let Some(connect) = layer(state) {
        connect.refused = Some(
            "Zoom showed a page of its own. 403: an admin must approve the app first (a), or it is private (p)."
                .to_owned(),
        );
    }
    state.work.say(message, false, state.now);
}

/// A Zoom admin was asked: the browser stands at a page that leads nowhere, and nothing waits for
/// it.
pub(crate) fn asked_admin(state: &mut State) -> Vec<Action> {
    let at = state
        .layers
        .iter()
        .position(|layer| matches!(layer, Layer::Connect(_)));
    match at.map(|at| state.layers.remove(at)) {
        Some(Layer::Connect(connect)) => end(state, &connect),
        _ => Vec::new(),
    }
}

/// The layer was left: nothing stays open.
pub(crate) fn left(state: &mut State, connect: &Connect) -> Vec<Action> {
    if matches!(connect.phase, Phase::Waiting(_)) {
        let words = "connecting Zoom was cancelled";
        state.work.say(words, false, state.now);
    }
    end(state, connect)
}

fn end(state: &mut State, connect: &Connect) -> Vec<Action> {
    let mut actions = vec![Action::StopListening];
    if let Phase::Waiting(attempt) = &connect.phase {
        actions.push(cancel(state, attempt));
    }
    actions
}

/// An attempt that was replaced or ended elsewhere is not waited for. What is known of the
/// connection may be older than the attempt, so only one that was seen in it can be missed there.
pub(crate) fn followed(state: &mut State) -> Vec<Action> {
    let connections = state.mirror.connections.latest();
    let known = |member| {
        connections?
            .iter()
            .find(|it| it.member.id == member)
            .cloned()
    };
    let waiting = state.layers.iter().rev().find_map(|layer| match layer {
        Layer::Connect(connect) => connect.waits_for(),
        _ => None,
    });
    let Some((attempt, member)) = waiting else {
        return Vec::new();
    };
    let Some(connection) = known(member) else {
        return Vec::new();
    };
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    if connection.attempt == Some(attempt) {
        connect.seen = true;
        return Vec::new();
    }
    if !connect.seen {
        return Vec::new();
    }
    if connection.attempt.is_none() && connection.state == ConnectionState::Connected {
        finished(state, &connection);
        return vec![Action::StopListening];
    }
    let name = &connection.member.name;
    let error = match (connection.attempt, &connection.reason) {
        (Some(_), _) => Error::conflict(format!(
            "another attempt to connect the Zoom of {name} replaced this one"
        )),
        (None, Some(reason)) => Error::failed(format!("connect Zoom: {reason}")),
        (None, None) => Error::conflict("this attempt to connect was ended elsewhere"),
    };
    failed(state, error.hint("Finish the other one, or try again."))
}

/// An attempt that is over says so by itself.
pub(crate) fn tick(state: &mut State) -> Vec<Action> {
    let now = state.now;
    let over = layer(state).and_then(|connect| match &connect.phase {
        Phase::Waiting(attempt) if attempt.expires_at.timestamp() <= now => Some(attempt.clone()),
        _ => None,
    });
    let Some(attempt) = over else {
        return Vec::new();
    };
    let error = Error::failed("connect Zoom: no answer came within ten minutes").hint(
        "Try again; where Zoom shows a page of its own, an admin of your Zoom must act first.",
    );
    let mut actions = failed(state, error);
    actions.push(cancel(state, &attempt));
    actions
}

fn cancel(state: &mut State, attempt: &ConnectAttempt) -> Action {
    let ticket = state.work.begin(Purpose::Stop, state.now);
    let cancel = ConnectCancel {
        attempt: attempt.attempt,
    };
    call(ticket, Q::ZoomConnectCancel { cancel })
}

fn begin(state: &mut State, purpose: Purpose, task: Task) -> Action {
    Action::Do(state.work.begin(purpose, state.now), task)
}

fn layer(state: &mut State) -> Option<&mut Connect> {
    state.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Connect(connect) => Some(connect.as_mut()),
        _ => None,
    })
}
