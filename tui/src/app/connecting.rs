//! The steps of connecting Zoom: port, address, browser, answer, done.
//!
//! Owns the order of the steps on this side. Whoever brings the redirect (the port, a paste, the
//! sandbox), it is handed to the daemon once and forgotten here.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::{ConnectAttempt, ConnectCancel, ConnectStart, Connection};

use super::event::{Action, Task};
use super::reason;
use super::state::State;
use super::update::call;
use super::work::Purpose;
use crate::callback::{Redirect, read_redirect};
use crate::keys::Command;
use crate::layers::Layer;
use crate::layers::connect::{Connect, Phase};
use crate::screens::wording;

/// Shows the permissions.
pub(super) fn open(state: &mut State) -> Vec<Action> {
    state.layers.push(Layer::Connect(Box::new(Connect::new())));
    Vec::new()
}

/// Commands of the layer; nothing when it leaves them to others.
pub(super) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
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
        (Phase::Waiting(attempt), Command::CopyAddress) => {
            let url = attempt.authorize_url.clone();
            Some(vec![begin(
                state,
                Purpose::Copy("Zoom's address"),
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
pub(super) fn pasted(state: &mut State, pasted: &str) -> Vec<Action> {
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
    match read_redirect(pasted) {
        Ok(redirect) => came_back(state, redirect),
        Err(error) => {
            if let Some(connect) = layer(state) {
                connect.refused = Some(error.to_string());
            }
            Vec::new()
        }
    }
}

fn listen(state: &mut State) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    *connect = Connect {
        phase: Phase::Starting,
        ..Connect::new()
    };
    vec![begin(state, Purpose::Listen, Task::Listen)]
}

/// The port is open: ask the daemon for Zoom's address.
pub(super) fn listening(state: &mut State, redirect_uri: String) -> Vec<Action> {
    if layer(state).is_none() {
        return vec![Action::StopListening];
    }
    let ticket = state.work.begin(Purpose::Start, state.now);
    let start = ConnectStart {
        member: None,
        redirect_uri,
    };
    vec![call(ticket, Q::ZoomConnectStart { start })]
}

/// The address is there: the browser has the word.
pub(super) fn started(state: &mut State, attempt: ConnectAttempt) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        // Left meanwhile: the attempt must not stay open.
        return vec![Action::StopListening, cancel(state, &attempt)];
    };
    let url = attempt.authorize_url.clone();
    connect.phase = Phase::Waiting(attempt);
    vec![
        begin(state, Purpose::Await, Task::Await(url.clone())),
        begin(state, Purpose::Browse, Task::Browse(url)),
    ]
}

/// Zoom's answer is here: the daemon finishes.
pub(super) fn came_back(state: &mut State, redirect: Redirect) -> Vec<Action> {
    let Some(connect) = layer(state) else {
        return Vec::new();
    };
    let Phase::Waiting(attempt) = &connect.phase else {
        return Vec::new();
    };
    let finish = redirect.finish(attempt.attempt);
    connect.phase = Phase::Finishing(attempt.clone());
    connect.paste.set("");
    let ticket = state.work.begin(Purpose::Finish, state.now);
    vec![
        Action::StopListening,
        call(ticket, Q::ZoomConnectFinish { finish }),
    ]
}

/// Connected: the layer goes, and what lay under it goes on.
pub(super) fn finished(state: &mut State, connection: &Connection) {
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::Connect(_)));
    let user = wording::zoom_user(connection);
    state
        .work
        .say(format!("Zoom is connected: {user}"), true, state.now);
}

/// A step failed: said where it happened.
pub(super) fn failed(state: &mut State, error: Error) -> Vec<Action> {
    match layer(state) {
        Some(connect) => connect.phase = Phase::Failed(error),
        None => state.layers.push(Layer::Failure(error)),
    }
    vec![Action::StopListening]
}

/// The layer was left: nothing stays open.
pub(super) fn left(state: &mut State, connect: &Connect) -> Vec<Action> {
    let mut actions = vec![Action::StopListening];
    if let Phase::Waiting(attempt) = &connect.phase {
        actions.push(cancel(state, attempt));
        state
            .work
            .say("connecting Zoom was cancelled", false, state.now);
    }
    actions
}

/// An attempt that is over says so by itself.
pub(super) fn tick(state: &mut State) -> Vec<Action> {
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
