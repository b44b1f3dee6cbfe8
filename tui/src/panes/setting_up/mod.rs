//! Setting up step by step: which steps are done, and the form of the one that is selected.
//!
//! Owns the list of steps, skipping one, and when it opens on its own: once where a workspace has
//! just begun. What a step is and whether it is done is the daemon's to say; its form is any form.
//! Invariant: a form that is closed leads back here, and the step that is open next is selected
//! unless the person selected another.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::availability::{MemberHours, MemberHoursSet};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::setting_up::{AppKind, SetupItem, SetupSkip, SetupState, SetupStep};
use ratatui::layout::Rect;

use crate::forms::{self, Form, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::failure::fail;
use crate::panes::screens::go;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::{Need, SETTING_UP_SINCE};
use crate::state::subject::{Hint, Subject, Then};
use crate::state::work::{Errand, answer};
use crate::state::{Screen, State};
use crate::widgets::Canvas;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::SkipStep, Command::EmailSteps, Command::TakeHours],
    views: &[Command::SetUp],
    disabled_reason,
    dispatch: |state, command| match command {
        Command::SkipStep => skip(state),
        Command::EmailSteps => email_steps(state),
        Command::TakeHours => take_hours(state),
        _ => {
            open(state, None);
            Vec::new()
        }
    },
    hint: |state, command| match command {
        Command::SkipStep if is_skipped(state) => Hint::Words("don't skip"),
        // Possible at any time, and worth a hint while something is open.
        Command::SetUp if !is_open(state) => Hint::Hidden,
        _ => Hint::Usual,
    },
    on_answer,
    after_event: welcome,
    ..Subject::NONE
};

/// Why an operator has no hours.
const NO_MEMBER: &str = "you are no member of this workspace";

/// The steps.
#[derive(Debug, Default)]
pub(crate) struct SettingUp {
    /// The step that the person selected; `None`: the one that is open next.
    selected: Option<SetupStep>,
}

/// Shows the steps, this one selected.
pub(crate) fn open(state: &mut State, selected: Option<SetupStep>) {
    match state.panes.find_mut::<SettingUp>(|_| true) {
        Some(there) => there.selected = selected,
        None => state.panes.push(SettingUp { selected }),
    }
}

/// Leads to the step at which an app is made, with its form.
pub(crate) fn open_app(state: &mut State) {
    open(state, Some(SetupStep::ZoomApp));
    forms::open(state, Kind::ZoomApp, String::new());
}

/// Whether nobody can connect Zoom before the person has set the app up.
pub(crate) fn lacks_app(state: &State) -> bool {
    let progress = state.cache.setup.latest();
    let app = progress.and_then(|it| item(&it.steps, SetupStep::ZoomApp));
    state.sets_up() && app.is_some_and(|it| it.state != SetupState::Done)
}

fn item(steps: &[SetupItem], step: SetupStep) -> Option<&SetupItem> {
    steps.iter().find(|it| it.step == step)
}

impl SettingUp {
    /// The step that has the mark; `None` once everything is done and none was selected.
    fn step(&self, state: &State) -> Option<SetupStep> {
        let progress = state.cache.setup.latest()?;
        self.selected.or(progress.next)
    }

    fn item<'a>(&self, state: &'a State) -> Option<&'a SetupItem> {
        let progress = state.cache.setup.latest()?;
        item(&progress.steps, self.step(state)?)
    }
}

/// The steps below help and forms, where they are open.
fn shown(state: &State) -> Option<&SettingUp> {
    state.panes.find::<SettingUp>()
}

fn is_skipped(state: &State) -> bool {
    let item = shown(state).and_then(|pane| pane.item(state));
    item.is_some_and(|it| it.state == SetupState::Skipped)
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    if command == Command::SetUp {
        let hello = state.link.hello();
        return match hello.map_or(0, |hello| hello.protocol) {
            ..SETTING_UP_SINCE => Some("the daemon is too old; update it"),
            _ if !state.sets_up() => Some("only an admin can set up"),
            _ if state.panes.top_as::<SettingUp>().is_some() => Some("already here"),
            _ => None,
        };
    }
    let Some(item) = shown(state).and_then(|pane| pane.item(state)) else {
        return Some("select a step first");
    };
    match (command, item.step, item.state) {
        (Command::SkipStep, SetupStep::Workspace, _) => Some("the workspace can't be skipped"),
        (Command::SkipStep, _, SetupState::Done) => Some("it is done"),
        (Command::EmailSteps, SetupStep::ZoomApp, _) if is_emailing(state) => Some("already here"),
        (Command::EmailSteps, step, _) if step != SetupStep::ZoomApp => {
            Some("nobody else is needed for this step")
        }
        (Command::TakeHours, SetupStep::Hours, _) => assumed(state).err(),
        (Command::TakeHours, ..) => Some("select the working hours first"),
        _ => None,
    }
}

fn is_emailing(state: &State) -> bool {
    let top = state.panes.top_as::<Form>();
    top.is_some_and(|form| form.kind() == Kind::AppSteps)
}

/// What Enter opens on a step.
fn form_of(step: SetupStep) -> Kind {
    match step {
        SetupStep::Workspace => Kind::WorkspaceEdit,
        SetupStep::ZoomApp => Kind::ZoomApp,
        SetupStep::Email => Kind::Mail,
        SetupStep::Job => Kind::Job,
        SetupStep::Candidates => Kind::Import,
        SetupStep::Hours => Kind::Hours,
    }
}

impl Pane for SettingUp {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::SettingUp)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![
            Need::SetupProgress(()),
            Need::Connections(()),
            Need::MailSettings(()),
            Need::AppGuide(AppKind::Zoom),
        ];
        needs.extend(state.cache.me().map(|me| Need::MemberHours(me.id)));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| match command {
            Command::Enter => Some(enter(state)),
            _ => walk(state, command).then(Vec::new),
        }
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        let settings = &state.cache.mail_settings;
        let knows_email = settings.latest().is_some() || settings.failure().is_some();
        if command != Command::Enter {
            return None;
        }
        match self.step(state) {
            _ if state.cache.setup.latest().is_none() => Some("still loading"),
            Some(SetupStep::Email) if !knows_email => Some("still loading"),
            Some(SetupStep::Hours) if state.cache.me().is_none() => Some(NO_MEMBER),
            _ => None,
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        if command != Command::Enter {
            return None;
        }
        Some(Hint::Words(match self.item(state) {
            None => "go to candidates",
            Some(item) if item.state == SetupState::Done => match item.step {
                SetupStep::Job => "add another",
                SetupStep::Candidates => "import more",
                _ => "change",
            },
            Some(item) => match item.step {
                SetupStep::Job => "create a job",
                SetupStep::Candidates => "import",
                _ => "set up",
            },
        }))
    }

    fn hints_at_connect(&self, state: &State) -> ConnectHint {
        match lacks_app(state) {
            true => ConnectHint::Never,
            false => ConnectHint::Stuck,
        }
    }
}

fn enter(state: &mut State) -> Vec<Action> {
    let step = shown(state).and_then(|pane| pane.step(state));
    let Some(step) = step else {
        return go(state, Screen::Candidates);
    };
    let subject = match step {
        SetupStep::Hours => state.cache.me().map(|me| me.id.to_string()),
        _ => Some(String::new()),
    };
    if let Some(subject) = subject {
        forms::open(state, form_of(step), subject);
    }
    Vec::new()
}

/// One's own hours while they are assumed, or why they can't be taken.
fn assumed(state: &State) -> Result<&MemberHours, &'static str> {
    let me = state.cache.me().ok_or(NO_MEMBER)?;
    let hours = state.cache.hours.get(&me.id).ok_or("still loading")?;
    match hours.assumed {
        true => Ok(hours),
        false => Err("your hours are set"),
    }
}

/// Sets one's own hours as they are assumed.
fn take_hours(state: &mut State) -> Vec<Action> {
    let Ok(hours) = assumed(state) else {
        return Vec::new();
    };
    if state.work.is_under_way_about("hours", hours.member.id) {
        return Vec::new();
    }
    let id = hours.member.id;
    let set = MemberHoursSet {
        member: Some(id.to_string()),
        hours: Edit::Set(hours.hours.clone()),
        expected_revision: Some(hours.revision),
        ..MemberHoursSet::default()
    };
    let errand = Errand::call("hours", hours_taken).about(id).changes();
    vec![state.call(errand, Q::MemberHoursSet { set })]
}

fn hours_taken(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, MemberHoursSet) {
        Err(error) => return fail(state, error),
        Ok(hours) => {
            let words = format!("Hours of {} saved", hours.member.name);
            state.toast(words, true);
        }
    }
    Vec::new()
}

/// Moves the mark; false when the command does not.
fn walk(state: &mut State, command: Command) -> bool {
    let all = SetupStep::ALL;
    let here = shown(state).and_then(|pane| pane.step(state));
    let here = here.and_then(|step| all.iter().position(|it| *it == step));
    let last = all.len() - 1;
    let to = match (command, here) {
        (Command::Up, Some(at)) => at.saturating_sub(1),
        (Command::Down, Some(at)) => (at + 1).min(last),
        (Command::Up | Command::Last, _) => last,
        (Command::Down | Command::First, _) => 0,
        _ => return false,
    };
    if let Some(pane) = state.panes.find_mut::<SettingUp>(|_| true) {
        pane.selected = Some(all[to]);
    }
    true
}

/// Does without the step, or no longer; the form of it is put aside.
fn skip(state: &mut State) -> Vec<Action> {
    let undo = is_skipped(state);
    let Some(step) = shown(state).and_then(|pane| pane.step(state)) else {
        return Vec::new();
    };
    if state.work.is_under_way_about("skip", step) {
        return Vec::new();
    }
    let mut actions = Vec::new();
    if let Some(form) = state.panes.pop_as::<Form>() {
        actions.extend(form.close(state));
    }
    if let Some(pane) = state.panes.find_mut::<SettingUp>(|_| true) {
        pane.selected = undo.then_some(step);
    }
    let skip = SetupSkip { step, undo };
    let errand = Errand::call("skip", skipped).about(step).changes();
    actions.push(state.call(errand, Q::SetupSkip { skip }));
    actions
}

fn skipped(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, SetupSkip) {
        Err(error) => return fail(state, error),
        Ok(progress) => state.cache.setup.learn((), progress),
    }
    Vec::new()
}

/// Asks who else makes the app, to email them the steps.
fn email_steps(state: &mut State) -> Vec<Action> {
    forms::open(state, Kind::AppSteps, AppKind::Zoom.word().to_owned());
    Vec::new()
}

/// Whether a step is open.
fn is_open(state: &State) -> bool {
    let progress = state.cache.setup.latest();
    progress.is_some_and(|it| it.next.is_some())
}

/// Opens on its own where a workspace has just begun, outside the demo: once, as soon as both are
/// known.
fn welcome(state: &mut State) -> Vec<Action> {
    let known = state.cache.status.latest().zip(state.cache.setup.latest());
    let Some((status, progress)) = known.filter(|_| !state.welcomed) else {
        return Vec::new();
    };
    let job = item(&progress.steps, SetupStep::Job);
    let begins = job.is_some_and(|it| it.state == SetupState::Open);
    let opens = begins && status.sandbox.is_none() && state.panes.is_empty();
    state.welcomed = true;
    if opens {
        open(state, None);
    }
    Vec::new()
}

/// Lets the mark go on from a step that was done.
fn on_answer(state: &State, need: &Need) -> Option<Then> {
    if !matches!(need, Need::SetupProgress(())) {
        return None;
    }
    let before = state.cache.setup.latest().cloned();
    Some(Box::new(move |state| {
        let Some((before, now)) = before.zip(state.cache.setup.latest()) else {
            return Vec::new();
        };
        let is = |steps: &[SetupItem], step, wanted| {
            item(steps, step).is_some_and(|it| it.state == wanted)
        };
        let done: Vec<SetupStep> = now
            .steps
            .iter()
            .filter(|it| it.state == SetupState::Done)
            .filter(|it| !is(&before.steps, it.step, SetupState::Done))
            .map(|it| it.step)
            .collect();
        if let Some(pane) = state.panes.find_mut::<SettingUp>(|_| true) {
            pane.selected.take_if(|step| done.contains(step));
        }
        Vec::new()
    }))
}
