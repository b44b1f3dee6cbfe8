//! The screen of settings: connected apps, the team, the workspaces.
//!
//! One list of rows under headings. Owns what Enter does on a row.

mod accounts;
mod apps;
mod days_off;
mod draw;
mod team;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::account::{Account, AccountProvider};
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState;
use ratatui::layout::Rect;

pub(crate) use self::accounts::alone as account_alone;
use crate::forms::{self, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::connect::target::AccountTarget;
use crate::panes::failure::fail;
use crate::panes::{calendars, connect, interview, workspaces};
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::{HOURS_SINCE, Need};
use crate::state::selected::{Row, selectable};
use crate::state::subject::{Hint, Subject};
use crate::state::undo::asked_for_emails;
use crate::state::work::{Errand, answer};
use crate::state::{Screen, State};
use crate::widgets::Canvas;
use crate::wording::account;
use crate::wording::zoom::{self, my_zoom};

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::NewMember,
        Command::Remind,
        Command::EditApp,
        Command::Hours,
    ],
    views: &[Command::Calendars],
    disabled_reason: |state, command| match command {
        Command::Remind if interview::is_about_replies(state) => interview::cannot_remind(state),
        Command::Remind => cannot_remind(state),
        Command::EditApp => app_of(state).err(),
        Command::Hours => hours_of(state).err(),
        Command::Calendars => calendars_of(state).err(),
        _ => None,
    },
    dispatch: |state, command| match command {
        Command::Remind if interview::is_about_replies(state) => interview::remind(state),
        Command::Remind => remind(state),
        Command::EditApp => {
            if let Ok(provider) = app_of(state) {
                forms::open(state, Kind::AccountApp, provider.word().to_owned());
            }
            Vec::new()
        }
        Command::Hours => {
            if let Ok(member) = hours_of(state) {
                forms::open(state, Kind::Hours, member.to_string());
            }
            Vec::new()
        }
        Command::Calendars => {
            if let Ok(member) = calendars_of(state) {
                calendars::open(state, member);
            }
            Vec::new()
        }
        _ => {
            forms::open(state, Kind::Member, String::new());
            Vec::new()
        }
    },
    ..Subject::NONE
};

/// The screen.
#[derive(Debug)]
pub(crate) struct Settings;

impl Pane for Settings {
    fn places(&self, _: &State) -> Places {
        Places::on_screen(Context::Settings)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Connections(()), Need::Accounts(()), Need::DaysOff(())];
        needs.extend(state.sets_up().then_some(Need::MailSettings(())));
        needs.extend(state.is_staff().then_some(Need::Drift(())));
        needs.extend(state.sets_up().then_some(Need::SetupProgress(())));
        if let Some(Row::Member(id)) = state.settings.selected(state) {
            let sees = calendars::cannot_see(state, id).is_none();
            needs.extend(sees.then_some(Need::Feeds(id)));
        }
        needs
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter => on_enter(state).err(),
            Command::Back => Some("already at the top level"),
            _ => None,
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        match (command, on_enter(state)) {
            (Command::Enter, Ok(enter)) => Some(Hint::Words(enter.words())),
            // One key is enough of a hint where Enter does the same.
            (Command::Disconnect, Ok(OnEnter::Disconnect)) => Some(Hint::Hidden),
            // These are about Zoom, which is not what is selected.
            (Command::Disconnect | Command::TestZoom, _) if is_on_account(state) => {
                Some(Hint::Hidden)
            }
            _ => None,
        }
    }

    fn hints_at_connect(&self, state: &State) -> ConnectHint {
        match on_enter(state) {
            Ok(OnEnter::Connect) => ConnectHint::Never,
            _ => ConnectHint::Always,
        }
    }
}

/// What Enter does on a row.
enum OnEnter {
    Connect,
    Disconnect,
    Use(WorkspaceId),
    Edit(MemberId),
    ZoomApp,
    ConnectAccount(AccountTarget),
    /// Connecting begins with the app, of which there is none.
    SetUpAccount(AccountTarget),
    DisconnectAccount(Box<Account>),
    Mail,
    Workspace,
    /// A list of days off by its id; without one, another is added.
    DaysOff(String),
}

impl OnEnter {
    fn words(&self) -> &'static str {
        match self {
            Self::Connect | Self::ConnectAccount(_) => "connect",
            Self::SetUpAccount(_) => "set up",
            Self::Disconnect | Self::DisconnectAccount(_) => "disconnect",
            Self::Use(_) => "switch",
            Self::DaysOff(id) if id.is_empty() => "add",
            Self::Mail => "set up email",
            Self::DaysOff(_) | Self::Edit(_) | Self::ZoomApp | Self::Workspace => "change",
        }
    }
}

/// What Enter would do on the selected row, or why it does nothing.
fn on_enter(state: &State) -> Result<OnEnter, &'static str> {
    let possible = |command| state.disabled_reason(command).map_or(Ok(()), Err);
    match state.settings.selected(state) {
        Some(Row::Zoom) => {
            let works = [ConnectionState::Connected, ConnectionState::Retrying];
            match my_zoom(state).is_some_and(|zoom| works.contains(&zoom.state)) {
                true => possible(Command::Disconnect).map(|()| OnEnter::Disconnect),
                false => possible(Command::Connect).map(|()| OnEnter::Connect),
            }
        }
        Some(Row::Workspace(_, true)) => Ok(OnEnter::Workspace),
        Some(Row::Workspace(id, false)) => possible(Command::Workspaces).map(|()| OnEnter::Use(id)),
        // What is not known yet must not be saved as empty.
        Some(Row::ZoomApp) if state.cache.workspaces.latest().is_none() => {
            Err("the workspace is still loading")
        }
        Some(Row::ZoomApp) => Ok(OnEnter::ZoomApp),
        Some(Row::Account(provider, for_workspace)) => on_account(state, provider, for_workspace),
        Some(Row::Mail) if !state.sets_up() => Err("only an admin can set up email"),
        Some(Row::Mail) if state.cache.mail_settings.latest().is_none() => {
            Err("the email settings are still loading")
        }
        Some(Row::Mail) => Ok(OnEnter::Mail),
        Some(Row::Member(id)) => Ok(OnEnter::Edit(id)),
        Some(Row::DaysOff(_)) if !state.sets_up() => Err("only an admin can change days off"),
        Some(Row::DaysOff(id)) => Ok(OnEnter::DaysOff(id)),
        Some(Row::NewDaysOff) => Ok(OnEnter::DaysOff(String::new())),
        None => Err("nothing selected"),
    }
}

fn is_on_account(state: &State) -> bool {
    matches!(state.settings.selected(state), Some(Row::Account(..)))
}

/// The provider whose app is selected, or why it cannot be changed.
fn app_of(state: &State) -> Result<AccountProvider, &'static str> {
    match state.settings.selected(state) {
        Some(Row::Account(provider, _)) if state.sets_up() => Ok(provider),
        Some(Row::Account(..)) => Err("only an admin can change the app"),
        _ => Err("select Google or Microsoft first"),
    }
}

/// Whose hours are set: the member's who is selected, else one's own; or why they can't be.
fn hours_of(state: &State) -> Result<MemberId, &'static str> {
    if state
        .link
        .hello()
        .is_some_and(|it| it.protocol < HOURS_SINCE)
    {
        return Err("the daemon is too old; update it");
    }
    if let Some(Row::Member(id)) = state.settings.selected(state) {
        return match state.is_me(id) || state.sets_up() {
            true => Ok(id),
            false => Err("only an admin can set the hours of others"),
        };
    }
    let me = state.cache.me().map(|me| me.id);
    me.ok_or("select a member first")
}

/// Whose calendars are shown: the member's who is selected, else one's own; or why they can't be.
fn calendars_of(state: &State) -> Result<MemberId, &'static str> {
    let selected = match state.settings.selected(state) {
        Some(Row::Member(id)) => Some(id),
        _ => state.cache.me().map(|me| me.id),
    };
    let member = selected.ok_or("select a member first")?;
    calendars::cannot_see(state, member).map_or(Ok(member), Err)
}

/// What Enter does on an account.
fn on_account(
    state: &State,
    provider: AccountProvider,
    for_workspace: bool,
) -> Result<OnEnter, &'static str> {
    if !state.link.is_up() {
        return Err("The daemon can't be reached");
    }
    let account = account::find(state, provider, for_workspace);
    let account = account.ok_or("the account is still loading")?;
    if matches!(
        account.state,
        ConnectionState::Connected | ConnectionState::Retrying
    ) {
        return Ok(OnEnter::DisconnectAccount(Box::new(account.clone())));
    }
    if !account.app && !state.sets_up() {
        return Err("an admin sets up its app first");
    }
    let target = AccountTarget {
        provider,
        for_workspace,
        email: None,
    };
    Ok(match account.app {
        true => OnEnter::ConnectAccount(target),
        false => OnEnter::SetUpAccount(target),
    })
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command == Command::Enter {
        return Some(enter(state));
    }
    let len = selectable(state).len();
    state.settings.go(command, len).then(Vec::new)
}

fn enter(state: &mut State) -> Vec<Action> {
    match on_enter(state) {
        Err(_) => {}
        Ok(OnEnter::Connect) => connect::open(state),
        Ok(OnEnter::Disconnect) => connect::ask_to_disconnect(state),
        Ok(OnEnter::Use(id)) => return workspaces::use_workspace(state, &id.to_string()),
        Ok(OnEnter::ConnectAccount(account) | OnEnter::SetUpAccount(account)) => {
            connect::open_account(state, account)
        }
        Ok(OnEnter::DisconnectAccount(account)) => {
            return connect::ask_to_disconnect_account(state, &account);
        }
        Ok(OnEnter::Mail) => forms::open(state, Kind::Mail, String::new()),
        Ok(OnEnter::ZoomApp) => forms::open(state, Kind::ZoomApp, String::new()),
        Ok(OnEnter::DaysOff(id)) => forms::open(state, Kind::DaysOff, id),
        Ok(OnEnter::Workspace) => forms::open(state, Kind::WorkspaceEdit, String::new()),
        Ok(OnEnter::Edit(id)) => forms::open(state, Kind::MemberEdit, id.to_string()),
    }
    Vec::new()
}

/// The colleague who is selected: in the team, or as whose Zoom needs somebody.
fn colleague(state: &State) -> Option<MemberId> {
    if state.screen == Screen::Today {
        return state.today.selected(state)?.member();
    }
    match state.settings.selected(state)? {
        Row::Member(id) => Some(id),
        _ => None,
    }
}

fn cannot_remind(state: &State) -> Option<&'static str> {
    let Some(member) = colleague(state) else {
        return Some("select a colleague first");
    };
    if state.is_me(member) {
        return Some("that's you: connect it yourself");
    }
    if !state.hires() {
        return Some("only the hiring team can");
    }
    let broken = zoom::stands(state, member) == Some(ConnectionState::ReconnectRequired);
    (!broken).then_some("their Zoom doesn't need reconnecting")
}

/// Has an email sent to the colleague who is selected.
fn remind(state: &mut State) -> Vec<Action> {
    let Some(id) = colleague(state) else {
        return Vec::new();
    };
    if state.work.is_under_way_about("remind", id) {
        return Vec::new();
    }
    let name = state.cache.member(id).map(|member| member.name.clone());
    let name = name.unwrap_or_default();
    let words = format!("emailing {name}…");
    let errand = Errand::call("remind", move |state, reply| reminded(state, &name, reply));
    let errand = errand.about(id).says(words).changes();
    let member = Reference::to(id.to_string());
    vec![state.call(errand, Q::ZoomTell { member })]
}

fn reminded(state: &mut State, name: &str, reply: Result<R, Error>) -> Vec<Action> {
    let told = match answer!(reply, ZoomTell) {
        Err(error) => return fail(state, error),
        Ok(told) => told,
    };
    let mail = told.mail.filter(|_| !told.repeated);
    let undo = asked_for_emails(state, name, mail.into_iter().collect());
    let wait = told.not_before.second() - state.now.as_second();
    let words = match (told.delivers, told.repeated) {
        (false, _) => format!("Email isn't set up: tell {name} yourself"),
        (true, true) => format!("An email to {name} is already on its way"),
        (true, false) if wait > 0 => format!("Reminder to {name} goes out in {wait} s{undo}"),
        (true, false) => format!("Reminder emailed to {name}"),
    };
    state.toast(words, told.delivers);
    Vec::new()
}
