//! The steps of a connect: port, address, browser, answer, done.
//!
//! Owns the order of the steps on this side. However the redirect comes (the port, a paste, the
//! sandbox), it is handed to the daemon once and forgotten here.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::ConnectionState;

use super::target::{AccountTarget, Attempt, Connected, Target};
use super::{Connect, Phase, ZoomPage};
use crate::callback::{Redirect, expected_state, read_redirect};
use crate::forms::{self, Form, Kind};
use crate::keys::Command;
use crate::panes::desktop::{browse, copy};
use crate::panes::failure::Failure;
use crate::panes::mail_test;
use crate::panes::setting_up;
use crate::state::event::{Action, Done, Task};
use crate::state::queries::ZOOM_TEST_SINCE;
use crate::state::selected::Row;
use crate::state::work::{Errand, unexpected};
use crate::state::{Screen, State};
use crate::wording::zoom;

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
    state.panes.push(Connect::new(Target::Zoom(whose)));
}

/// The same for an account at Google or Microsoft.
pub(crate) fn open_account(state: &mut State, account: AccountTarget) {
    let app = account.account(state).map(|it| it.app);
    if app == Some(false) && state.sets_up() {
        return forms::open(state, Kind::AccountApp, account.then().subject());
    }
    show_permissions(state, account);
}

/// The same where the app is known to be there.
pub(crate) fn show_permissions(state: &mut State, account: AccountTarget) {
    state.panes.push(Connect::new(Target::Account(account)));
}

/// Commands of the pane; `None` when it leaves them to others.
pub(super) fn dispatch(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let sandbox = has_sandbox(state);
    let connect = under_way(state)?;
    match (&connect.phase, command) {
        (Phase::Permissions | Phase::Failed(_), Command::Enter) => Some(listen(state)),
        (Phase::Waiting(_), Command::ShowQr) => {
            connect.shows_qr = !connect.shows_qr;
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::Back) if connect.shows_qr => {
            connect.shows_qr = false;
            Some(Vec::new())
        }
        (Phase::Waiting(_), Command::NextField | Command::PreviousField) => {
            connect.shows_qr = false;
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
            let subject = connect.target.approval_subject();
            forms::open(state, Kind::Approval, subject);
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
            let what = format!("{}'s address", connect.target.name());
            Some(vec![copy(state, what, url)])
        }
        (Phase::Waiting(attempt), Command::OpenBrowser) => {
            let url = attempt.authorize_url.clone();
            Some(vec![browse(state, url)])
        }
        (Phase::Waiting(attempt), Command::SandboxAnswer) if sandbox => {
            let user = attempt.user.clone().unwrap_or_default();
            let task = Task::SandboxAnswer(attempt.authorize_url.clone(), user);
            let errand = Errand::task("sandbox", sandbox_answered);
            Some(vec![
                state.begin(errand.says("approving in the sandbox…"), task),
            ])
        }
        _ => None,
    }
}

/// Whether a sandbox stands in for the provider.
pub(super) fn has_sandbox(state: &State) -> bool {
    let connect = state.panes.find::<Connect>();
    match connect.map(|connect| &connect.target) {
        Some(Target::Account(account)) => {
            let status = state.cache.status.latest();
            let mut all = status.into_iter().flat_map(|it| &it.account_sandboxes);
            all.any(|it| it.provider == account.provider)
        }
        _ => state.sandbox().is_some(),
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
    connect.shows_qr = false;
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
    let loopback = connect.target.loopback();
    *connect = Connect {
        phase: Phase::Starting,
        ..connect.again()
    };
    let errand = Errand::task("listen", |state, done| match done {
        Ok(Done::Listening(redirect_uri)) => listening(state, redirect_uri),
        Ok(_) => failed(state, unexpected()),
        Err(error) => failed(state, error),
    });
    let errand = errand.says("getting the address…");
    vec![state.begin(errand, Task::Listen(loopback))]
}

/// The port is open: ask the daemon for the address.
fn listening(state: &mut State, redirect_uri: String) -> Vec<Action> {
    let Some(connect) = under_way(state) else {
        return vec![Action::StopListening];
    };
    let target = connect.target.clone();
    let start = target.start(redirect_uri);
    let errand = Errand::call("start", move |state, reply| match target.started(reply) {
        Ok(attempt) => started(state, &target, attempt),
        Err(error) if is_without_app(&error) && state.sets_up() => without_app(state),
        Err(error) => failed(state, error),
    });
    let errand = errand.says("getting the address…");
    vec![state.call(errand, start)]
}

/// Whether there is no app to connect with.
fn is_without_app(error: &Error) -> bool {
    let field = error.field.as_deref();
    field.is_some_and(|field| field.ends_with("_client_id"))
}

/// There is no app to connect with: here is how one is made.
fn without_app(state: &mut State) -> Vec<Action> {
    let connect = state.panes.remove::<Connect>(|_| true);
    match connect.map(|connect| connect.target) {
        Some(Target::Account(account)) => {
            forms::open(state, Kind::AccountApp, account.then().subject());
        }
        _ => setting_up::open_app(state),
    }
    vec![Action::StopListening]
}

/// The address is there: the browser is waited for.
fn started(state: &mut State, target: &Target, attempt: Attempt) -> Vec<Action> {
    let Some(connect) = under_way(state) else {
        // Left meanwhile: the attempt must not stay open.
        return vec![Action::StopListening, cancel(state, target, &attempt)];
    };
    let url = attempt.authorize_url.clone();
    connect.phase = Phase::Waiting(attempt);
    // In the person's own browser somebody else's Zoom would not be signed in to.
    let own = connect.target.whose().is_none();
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
    let target = connect.target.clone();
    let finish = target.finish(redirect, attempt.id, protocol);
    connect.phase = Phase::Finishing(attempt.clone());
    connect.paste.set("");
    let errand = Errand::call("finish", move |state, reply| match target.finished(reply) {
        Ok(connected) => finished(state, &connected),
        Err(error) => failed(state, error),
    });
    let errand = errand.says("finishing…").changes();
    vec![Action::StopListening, state.call(errand, finish)]
}

/// Connected: the pane goes, and what lay under it goes on.
fn finished(state: &mut State, connected: &Connected) -> Vec<Action> {
    state.panes.remove::<Connect>(|_| true);
    // Nobody needs to be asked any more.
    let asks = |form: &Form| form.kind() == Kind::Approval;
    state.panes.remove::<Form>(asks);
    state.cache.accounts.invalidate();
    let words = connected.words(state);
    let key = state.keymap.key(Command::TestZoom, &state.places());
    let can_test = state
        .link
        .hello()
        .is_some_and(|hello| hello.protocol >= ZOOM_TEST_SINCE);
    let key = key.filter(|_| connected.is_own_zoom(state) && can_test);
    let way = key.map_or_else(String::new, |key| format!(" · {key} to test it"));
    state.toast(words + &way, true);
    match connected.is_for_email(state) {
        true => mail_test::start(state),
        false => Vec::new(),
    }
}

/// A step failed: said where it happened.
fn failed(state: &mut State, error: Error) -> Vec<Action> {
    match under_way(state) {
        Some(connect) => connect.phase = Phase::Failed(error),
        None => state.panes.push(Failure(error)),
    }
    vec![Action::StopListening]
}

/// The sandbox showed a page of its own, as its provider does: what that means stays until something else
/// is done about it.
fn page_shown(state: &mut State, message: String) {
    if let Some(connect) = under_way(state) {
        let name = connect.target.name();
        connect.refused = Some(format!(
            "Stuck on a {name} page? An admin must approve the app first (a), or the app is private (p)."
        ));
    }
    state.toast(message, false);
}

/// The sandbox answered as its provider does: with a redirect, or with a page of its own.
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
        let words = format!("Connecting {} cancelled", connect.target.name());
        state.toast(words, false);
    }
    end(state, connect)
}

fn end(state: &mut State, connect: &Connect) -> Vec<Action> {
    let mut actions = vec![Action::StopListening];
    if let Phase::Waiting(attempt) = &connect.phase {
        actions.push(cancel(state, &connect.target, attempt));
    }
    actions
}

/// An attempt that was replaced or ended elsewhere is not waited for. What is known of the
/// connection may be older than the attempt, so only one that was seen in it can be missed there.
pub(super) fn follow(state: &mut State) -> Vec<Action> {
    let waiting = state.panes.find::<Connect>();
    let waiting = waiting.and_then(|it| Some((&it.target, it.waits_for()?)));
    let Some((target, attempt)) = waiting else {
        return Vec::new();
    };
    let (name, id) = (target.name(), attempt.id);
    let Some(standing) = target.standing(state, attempt) else {
        return Vec::new();
    };
    let Some(connect) = under_way(state) else {
        return Vec::new();
    };
    if standing.attempt == Some(id) {
        connect.seen = true;
        return Vec::new();
    }
    if !connect.seen {
        return Vec::new();
    }
    let whose = &standing.whose;
    let error = match (standing.attempt, standing.connected, &standing.reason) {
        (None, Some(connected), _) => {
            let mut actions = finished(state, &connected);
            actions.push(Action::StopListening);
            return actions;
        }
        (Some(_), ..) => Error::conflict(format!(
            "Another attempt to connect {whose} replaced this one"
        )),
        (None, None, Some(reason)) => Error::failed(format!("Couldn't connect {name}: {reason}")),
        (None, None, None) => Error::conflict("This attempt was ended elsewhere"),
    };
    failed(state, error.hint("Finish the other one, or try again."))
}

/// An attempt that is over says so.
pub(super) fn tick(state: &mut State) -> Vec<Action> {
    let now = state.now;
    let over = under_way(state).and_then(|connect| match &connect.phase {
        Phase::Waiting(attempt) if attempt.expires_at.timestamp() <= now => {
            Some((connect.target.clone(), attempt.clone()))
        }
        _ => None,
    });
    let Some((target, attempt)) = over else {
        return Vec::new();
    };
    let name = target.name();
    let error = Error::failed(format!("{name} didn't respond within ten minutes.")).hint(format!(
        "Try again. If you were stuck on a {name} page, your {name} admin must act first."
    ));
    let mut actions = failed(state, error);
    actions.push(cancel(state, &target, &attempt));
    actions
}

fn cancel(state: &mut State, target: &Target, attempt: &Attempt) -> Action {
    let errand = Errand::call("stop", |_, _| Vec::new());
    state.call(errand, target.cancel(attempt.id))
}

fn under_way(state: &mut State) -> Option<&mut Connect> {
    state.panes.find_mut::<Connect>(|_| true)
}
