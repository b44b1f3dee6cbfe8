//! The steps of connecting Zoom: port, address, browser, answer, done.
//!
//! Owns the order of the steps on this side. However the redirect comes (the port, a paste, the
//! sandbox), it is handed to the daemon once and forgotten here.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectCancel, ConnectStart, Connection, ConnectionState,
};

use super::{Connect, Phase, ZoomPage};
use crate::callback::{Redirect, expected_state, read_redirect};
use crate::forms::{self, Form, Kind};
use crate::keys::Command;
use crate::panes::desktop::{browse, copy};
use crate::panes::failure::Failure;
use crate::panes::setting_up;
use crate::state::event::{Action, Done, Task};
use crate::state::queries::ZOOM_TEST_SINCE;
use crate::state::selected::Row;
use crate::state::work::{Errand, answer, unexpected};
use crate::state::{Screen, State};
use crate::wording::zoom::{self, my_zoom};

/// Whose Zoom the connect key is about here: the one that is shown and hosts nothing now, or is
/// selected in the settings; else the person's own.
pub(crate) fn subject(state: &State) -> Option<MemberId> {
    let selected = match state.settings.selected(state) {
        Some(Row::Member(id))
            if state.panes.below_help().is_none() && state.screen == Screen::Settings =>
        {
            return Some(id);
        }
        _ => state.host_shown(),
    };
    let reachable =
        |id: &MemberId| zoom::stuck(state, *id).is_some() && zoom::may_connect(state, *id);
    selected.filter(reachable).or_else(|| own(state))
}

pub(super) fn own(state: &State) -> Option<MemberId> {
    let caller = state.link.hello()?.caller.as_ref()?;
    Some(caller.member.id)
}

pub(super) fn disabled_reason(state: &State) -> Option<&'static str> {
    if state.panes.find::<Connect>().is_some() {
        return Some("already connecting");
    }
    let Some(member) = subject(state) else {
        return Some("you are not a member of this workspace");
    };
    if !zoom::may_connect(state, member) {
        return Some("only that member or an admin can connect it");
    }
    let stands = zoom::stands(state, member)?;
    let lacks = zoom::connection_of(state, member).is_some_and(|it| !it.missing_scopes.is_empty());
    match stands {
        ConnectionState::Connected if lacks => None,
        ConnectionState::Connected => Some("already connected"),
        ConnectionState::Retrying => Some("connected, but Zoom can't be reached"),
        _ => None,
    }
}

/// Shows the permissions; where there is no app to connect with, the way to one.
pub(crate) fn open(state: &mut State) {
    if setting_up::lacks_app(state) {
        return setting_up::open_app(state);
    }
    let whose = subject(state)
        .and_then(|id| state.cache.member(id))
        .filter(|member| !member.you);
    let whose = whose.map(|member| MemberBrief {
        id: member.id,
        name: member.name.clone(),
        email: member.email.clone(),
    });
    state.panes.push(Connect::new(whose));
}

/// Commands of the pane; `None` when it leaves them to others.
pub(super) fn dispatch(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let sandbox = state.sandbox().is_some();
    let connect = under_way(state)?;
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
            forms::open(state, Kind::Approval, subject.unwrap_or_default());
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
            Some(vec![copy(state, "Zoom's address", url)])
        }
        (Phase::Waiting(attempt), Command::OpenBrowser) => {
            let url = attempt.authorize_url.clone();
            Some(vec![browse(state, url)])
        }
        (Phase::Waiting(attempt), Command::SandboxAnswer) if sandbox => {
            let user = attempt.expected_zoom_user.clone();
            let task = Task::SandboxAnswer(attempt.authorize_url.clone(), user);
            let errand = Errand::task("sandbox", sandbox_answered);
            Some(vec![
                state.begin(errand.says("approving in the sandbox…"), task),
            ])
        }
        _ => None,
    }
}

/// A paste goes to the field, and is taken at once when it is Zoom's answer.
pub(super) fn pasted(state: &mut State, pasted: &str) -> Vec<Action> {
    let Some(connect) = under_way(state) else {
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
    let Some(connect) = under_way(state) else {
        return Vec::new();
    };
    let expected = connect
        .attempt()
        .and_then(|attempt| expected_state(&attempt.authorize_url));
    let refused = match read_redirect(pasted) {
        Ok(redirect) if expected.is_none_or(|state| redirect.is_for(&state)) => {
            return came_back(state, redirect);
        }
        Ok(_) => "This address belongs to another attempt. Open the address above.".to_owned(),
        Err(error) => error.to_string(),
    };
    connect.refused = Some(refused);
    Vec::new()
}

fn listen(state: &mut State) -> Vec<Action> {
    let Some(connect) = under_way(state) else {
        return Vec::new();
    };
    *connect = Connect {
        phase: Phase::Starting,
        ..connect.again()
    };
    let errand = Errand::task("listen", |state, done| match done {
        Ok(Done::Listening(redirect_uri)) => listening(state, redirect_uri),
        Ok(_) => failed(state, unexpected()),
        Err(error) => failed(state, error),
    });
    let errand = errand.says("getting Zoom's address…");
    vec![state.begin(errand, Task::Listen)]
}

/// The port is open: ask the daemon for Zoom's address.
fn listening(state: &mut State, redirect_uri: String) -> Vec<Action> {
    let Some(connect) = under_way(state) else {
        return vec![Action::StopListening];
    };
    let start = ConnectStart {
        member: connect.whose.as_ref().map(|member| member.id.to_string()),
        redirect_uri,
    };
    let errand = Errand::call("start", |state, reply| {
        match answer!(reply, ZoomConnectStart) {
            Ok(attempt) => started(state, attempt),
            Err(error) if is_without_app(&error) && state.sets_up() => without_app(state),
            Err(error) => failed(state, error),
        }
    });
    let errand = errand.says("getting Zoom's address…");
    vec![state.call(errand, Q::ZoomConnectStart { start })]
}

/// Whether there is no app to connect with.
fn is_without_app(error: &Error) -> bool {
    error.field.as_deref() == Some("zoom_client_id")
}

/// There is no app to connect with: here is how one is made.
fn without_app(state: &mut State) -> Vec<Action> {
    state.panes.remove::<Connect>(|_| true);
    setting_up::open_app(state);
    vec![Action::StopListening]
}

/// The address is there: the browser is waited for.
fn started(state: &mut State, attempt: ConnectAttempt) -> Vec<Action> {
    let Some(connect) = under_way(state) else {
        // Left meanwhile: the attempt must not stay open.
        return vec![Action::StopListening, cancel(state, &attempt)];
    };
    let url = attempt.authorize_url.clone();
    connect.phase = Phase::Waiting(attempt);
    // In the person's own browser somebody else's Zoom would not be signed in to.
    let own = connect.whose.is_none();
    let errand = Errand::task("await", |state, done| match done {
        Ok(Done::CameBack(redirect)) => came_back(state, redirect),
        // A wait that ended because the connect was left.
        _ => Vec::new(),
    });
    let mut actions = vec![state.begin(errand, Task::Await(url.clone()))];
    if own {
        actions.push(browse(state, url));
    }
    actions
}

/// Zoom's answer is here: the daemon finishes.
fn came_back(state: &mut State, redirect: Redirect) -> Vec<Action> {
    let protocol = state.link.hello().map_or(0, |hello| hello.protocol);
    let Some(connect) = under_way(state) else {
        return Vec::new();
    };
    let Phase::Waiting(attempt) = &connect.phase else {
        return Vec::new();
    };
    let finish = redirect.finish(attempt.attempt, protocol);
    connect.phase = Phase::Finishing(attempt.clone());
    connect.paste.set("");
    let errand = Errand::call("finish", |state, reply| {
        match answer!(reply, ZoomConnectFinish) {
            Ok(connection) => {
                finished(state, &connection);
                Vec::new()
            }
            Err(error) => failed(state, error),
        }
    });
    let errand = errand.says("finishing…").changes();
    vec![
        Action::StopListening,
        state.call(errand, Q::ZoomConnectFinish { finish }),
    ]
}

/// Connected: the pane goes, and what lay under it goes on.
fn finished(state: &mut State, connection: &Connection) {
    state.panes.remove::<Connect>(|_| true);
    // Nobody needs to be asked any more.
    let asks = |form: &Form| form.kind() == Kind::Approval;
    state.panes.remove::<Form>(asks);
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
    state.toast(words + &way, true);
}

/// A step failed: said where it happened.
fn failed(state: &mut State, error: Error) -> Vec<Action> {
    match under_way(state) {
        Some(connect) => connect.phase = Phase::Failed(error),
        None => state.panes.push(Failure(error)),
    }
    vec![Action::StopListening]
}

/// The sandbox showed a page of its own, as Zoom does: what that means stays until something else
/// is done about it.
fn page_shown(state: &mut State, message: String) {
    if let Some(connect) = under_way(state) {
        connect.refused = Some(
            "Stuck on a Zoom page (403)? An admin must approve the app first (a), or the app is private (p)."
                .to_owned(),
        );
    }
    state.toast(message, false);
}

/// The sandbox answered as Zoom does: with a redirect, or with a page of its own.
fn sandbox_answered(state: &mut State, done: Result<Done, Error>) -> Vec<Action> {
    match done {
        Ok(Done::CameBack(redirect)) => return came_back(state, redirect),
        Ok(_) => return failed(state, unexpected()),
        Err(error) => page_shown(state, error.message),
    }
    Vec::new()
}

/// A Zoom admin was asked: the browser stands at a page that leads nowhere, and nothing waits for
/// it.
pub(crate) fn asked_admin(state: &mut State) -> Vec<Action> {
    match state.panes.remove::<Connect>(|_| true) {
        Some(connect) => end(state, &connect),
        None => Vec::new(),
    }
}

/// The connect was left: nothing stays open.
pub(super) fn left(state: &mut State, connect: &Connect) -> Vec<Action> {
    if matches!(connect.phase, Phase::Waiting(_)) {
        let words = "Connecting Zoom cancelled";
        state.toast(words, false);
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
pub(super) fn follow(state: &mut State) -> Vec<Action> {
    let connections = state.cache.connections.latest();
    let known = |member| {
        connections?
            .iter()
            .find(|it| it.member.id == member)
            .cloned()
    };
    let waiting = state.panes.find::<Connect>();
    let waiting = waiting.and_then(Connect::waits_for);
    let Some((attempt, member)) = waiting else {
        return Vec::new();
    };
    let Some(connection) = known(member) else {
        return Vec::new();
    };
    let Some(connect) = under_way(state) else {
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
            "Another attempt to connect {name}'s Zoom replaced this one"
        )),
        (None, Some(reason)) => Error::failed(format!("Couldn't connect Zoom: {reason}")),
        (None, None) => Error::conflict("This attempt was ended elsewhere"),
    };
    failed(state, error.hint("Finish the other one, or try again."))
}

/// An attempt that is over says so.
pub(super) fn tick(state: &mut State) -> Vec<Action> {
    let now = state.now;
    let over = under_way(state).and_then(|connect| match &connect.phase {
        Phase::Waiting(attempt) if attempt.expires_at.timestamp() <= now => Some(attempt.clone()),
        _ => None,
    });
    let Some(attempt) = over else {
        return Vec::new();
    };
    let error = Error::failed("Zoom didn't respond within ten minutes.")
        .hint("Try again. If you were stuck on a Zoom page, your Zoom admin must act first.");
    let mut actions = failed(state, error);
    actions.push(cancel(state, &attempt));
    actions
}

fn cancel(state: &mut State, attempt: &ConnectAttempt) -> Action {
    let cancel = ConnectCancel {
        attempt: attempt.attempt,
    };
    let errand = Errand::call("stop", |_, _| Vec::new());
    state.call(errand, Q::ZoomConnectCancel { cancel })
}

fn under_way(state: &mut State) -> Option<&mut Connect> {
    state.panes.find_mut::<Connect>(|_| true)
}
