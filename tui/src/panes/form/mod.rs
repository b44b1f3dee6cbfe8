//! Forms as panes: filling one in, sending it, and keeping it as a draft.
//!
//! What each form has in it and what it becomes is decided in [`crate::forms`]; here is what happens
//! around it. Invariant: nothing typed is lost.

mod proposing;
mod replies;
mod setup;

use crossterm::event::KeyEvent;
use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::ManyOutcome;
use greenroom_protocol::service::GreenroomResponse as R;
use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

pub(crate) use self::setup::ask_for_setup;
use crate::forms::sheet::{Did, Entry};
use crate::forms::{Form, Kind, Leave, Send};
use crate::keys::{Characters, Command, Context, Places};
use crate::panes::confirm::Confirm;
use crate::panes::desktop::{browse, copy};
use crate::panes::failure::fail;
use crate::panes::mail::Letters;
use crate::panes::templates::Templates;
use crate::state::State;
use crate::state::event::{Action, Task};
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::{Need, TEMPLATES_SINCE};
use crate::state::subject::{Hint, Subject};
use crate::state::work::{Errand, answer};
use crate::widgets::Canvas;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::PreviewEmail,
        Command::ProposeTimes,
        Command::NewProposal,
    ],
    views: &[
        Command::Manual,
        Command::WhoAndWhy,
        Command::FirstFree,
        Command::BestTime,
        Command::QuarterBefore,
        Command::QuarterAfter,
        Command::DayBefore,
        Command::DayAfter,
        Command::MarkTime,
        Command::CopyValue,
        Command::OpenValue,
    ],
    disabled_reason,
    dispatch: |state, command| match command {
        Command::Manual => enter_manually(state),
        Command::PreviewEmail if state.panes.top_as::<Confirm>().is_some() => {
            proposing::preview(state)
        }
        Command::PreviewEmail => preview(state),
        Command::ProposeTimes => proposing::propose(state),
        Command::NewProposal => proposing::open(state),
        Command::CopyValue => copy_value(state),
        Command::OpenValue => open_value(state),
        other => walk(state, other).unwrap_or_default(),
    },
    on_answer: setup::on_answer,
    after_event: bring_up_to_date,
    ..Subject::NONE
};

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let form = state.panes.find::<Form>();
    let has = |has: fn(&Form) -> bool| form.is_some_and(has);
    let (possible, why) = match command {
        Command::Manual => (
            has(|it| it.can_be_manual()),
            "no Zoom meeting would be created",
        ),
        Command::MarkTime | Command::ProposeTimes => {
            return proposing::disabled_reason(state, command);
        }
        Command::NewProposal => return state.disabled_reason(Command::NewInterview),
        Command::PreviewEmail if let Some(confirm) = state.panes.top_as::<Confirm>() => {
            (!confirm.letters().is_empty(), "no email to preview")
        }
        Command::PreviewEmail if has(has_emails) => {
            let hello = state.link.hello();
            let knows = hello.is_some_and(|hello| hello.protocol >= TEMPLATES_SINCE);
            (knows, "the daemon is too old for this")
        }
        Command::PreviewEmail => {
            let possible = form.is_some_and(|form| form.preview(state).is_some());
            (possible, "no email to preview yet")
        }
        Command::CopyValue => (
            has(|it| it.fields().copied().is_some()),
            "nothing to copy here",
        ),
        Command::OpenValue => {
            let opens = |form: &Form| form.fields().copied().is_some_and(|it| it.1.opens());
            (has(opens), "no address to open here")
        }
        _ => (has(|it| it.has_calendar()), "no time is being chosen"),
    };
    (!possible).then_some(why)
}

impl Pane for Form {
    fn places(&self, state: &State) -> Places {
        let mut places = vec![Context::Form, Context::Everywhere];
        let buttons = [Command::SkipStep, Command::EmailSteps];
        let mut buttons = buttons.into_iter();
        if self.fields().is_open() {
            places.insert(0, Context::Chooser);
        } else if self.fields().is_on_calendar() {
            places.insert(0, Context::Calendar);
        } else if self.fields().copied().is_some() {
            places.insert(0, Context::Copying);
        } else if self.fields().is_on_button()
            && buttons.any(|it| state.disabled_reason(it).is_none())
        {
            places.insert(0, Context::Buttons);
        }
        Places::new(places, Characters::Commands)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        (**self).draw(state, canvas, area);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        let about = self.about();
        let mut needs = vec![Need::Connections(())];
        needs.extend(about.everyone.then_some(Need::Everyone(())));
        needs.extend(about.candidate.map(Need::Candidate));
        needs.extend(about.interview.map(Need::Interview));
        needs.extend(about.app.map(Need::AppGuide));
        needs.extend(about.hours.map(Need::MemberHours));
        needs.extend(about.days_off.then_some(Need::DaysOff(())));
        needs.extend(about.mail.then_some(Need::MailSettings(())));
        needs.extend(about.mail.then_some(Need::Accounts(())));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        dispatch
    }

    fn disabled_reason(&self, _: &State, command: Command) -> Option<&'static str> {
        let stays = command == Command::Back && self.leave() == Leave::Never;
        stays.then_some("already at the top level")
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        Some(Hint::Words(match command {
            Command::Enter => on_enter(self),
            Command::Submit => self.button(),
            Command::Back if self.fields().is_open() => "close the list",
            Command::Back if self.fields().is_on_calendar() && self.has_aside() => {
                "hide who and why"
            }
            Command::WhoAndWhy if self.has_aside() => "hide who and why",
            Command::MarkTime if self.is_marked() => "unmark",
            Command::ProposeTimes => proposing::words(self.marked().unwrap_or(0)),
            Command::PreviewEmail if has_emails(self) => "emails",
            Command::PreviousWeek => "week before",
            Command::NextWeek => "week after",
            Command::Back => self.leave().words(),
            _ => return None,
        }))
    }

    /// While a list hangs open, only the list is the matter; email needs no Zoom.
    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        match self.fields().is_open() || self.about().mail {
            true => ConnectHint::Never,
            false => ConnectHint::Stuck,
        }
    }

    fn host(&self, _: &State) -> Option<MemberId> {
        self.about().host
    }

    fn key(&mut self, key: KeyEvent) -> bool {
        let took = self.fields_mut().key(key) != Did::Nothing;
        if took {
            self.edited();
        }
        took
    }

    fn click(&mut self, state: &State, at: Position) -> bool {
        let hit = (**self).click(state, at);
        if hit {
            self.edited();
        }
        hit
    }

    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        |state, pasted| {
            let now = state.now;
            if let Some(form) = state.panes.top_as_mut::<Self>() {
                form.edited();
                if form.fields_mut().paste(pasted) == Did::Nothing {
                    form.fields_mut().flash(now);
                }
            }
            Vec::new()
        }
    }

    /// Kept as a draft. One that there is nothing behind stays.
    fn close(self: Box<Self>, state: &mut State) -> Vec<Action> {
        match self.leave() {
            Leave::Never => state.panes.push(*self),
            _ => {
                stop_turns(state, &self);
                state.panes.put_aside(*self);
            }
        }
        Vec::new()
    }

    fn flash(&mut self, now: Timestamp) {
        self.fields_mut().flash(now);
    }

    fn flashes_until(&self) -> Option<Timestamp> {
        self.fields().flashes_until()
    }

    fn calm(&mut self, now: Timestamp) {
        self.fields_mut().calm(now);
    }

    fn invalidate(&mut self) {
        (**self).invalidate();
    }
}

/// Copies what stands in the field with the focus.
fn copy_value(state: &mut State) -> Vec<Action> {
    let copied = state.panes.top_as::<Form>();
    let copied = copied.and_then(|form| form.fields().copied());
    let Some((label, value)) = copied.map(|(label, it)| (label, it.value().to_owned())) else {
        return Vec::new();
    };
    let what = match label {
        "Open" => "Address",
        other => other,
    };
    vec![copy(state, what, value)]
}

/// Opens the address in the field with the focus.
fn open_value(state: &mut State) -> Vec<Action> {
    let copied = state.panes.top_as::<Form>();
    let copied = copied.and_then(|form| form.fields().copied());
    let Some(value) = copied.map(|(_, it)| it.value().to_owned()) else {
        return Vec::new();
    };
    vec![browse(state, value)]
}

/// Who is left of several that are scheduled in turn is not asked about any more, once the form of
/// one is closed; those who are booked stay so, and the others stay selected.
fn stop_turns(state: &mut State, form: &Form) {
    let turns = state
        .turns
        .as_ref()
        .filter(|_| form.kind() == Kind::Interview);
    let Some((at, all)) = turns.and_then(|turns| turns.place(form.subject())) else {
        return;
    };
    state.turns = None;
    state.toast(format!("Stopped: {} of {all} booked", at - 1), false);
}

/// What Enter does on the part of a form that has the focus.
fn on_enter(form: &Form) -> &'static str {
    let fields = form.fields();
    match (fields.keep(), fields.focused().map(|field| &field.entry)) {
        _ if fields.is_on_button() => form.button(),
        _ if fields.is_on_calendar() => "take this time",
        (Some((words, true)), _) => words,
        (_, Some(entry)) if entry.is_open() => "choose",
        (_, Some(Entry::Select(_) | Entry::MultiSelect(_))) => "open",
        (_, Some(Entry::Area(_))) => "new line",
        _ => "next",
    }
}

fn dispatch(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let form = state.panes.top_as::<Form>()?;
    if form.fields().is_on_calendar()
        && let Some(actions) = walk(state, command)
    {
        return Some(actions);
    }
    let form = state.panes.top_as_mut::<Form>()?;
    match form.fields_mut().command(command) {
        Did::Send => Some(send(state)),
        Did::Leave => Some(state.panes.pop()?.close(state)),
        Did::Moved | Did::Edited => Some(Vec::new()),
        Did::Nothing => form.scroll(command).then(Vec::new),
    }
}

/// Moves in the calendar of the top form; `None` when the command does not.
fn walk(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let mut form = state.panes.pop_as::<Form>()?;
    let walked = form.walk(state, command);
    if walked {
        form.edited();
    }
    state.panes.push(*form);
    walked.then(Vec::new)
}

/// Lets the interview's form take link, ID and passcode; a connect that lay over it is left.
fn enter_manually(state: &mut State) -> Vec<Action> {
    let mut actions = Vec::new();
    if state.panes.top_as::<Form>().is_none()
        && let Some(over) = state.panes.pop()
    {
        actions.extend(over.close(state));
    }
    if let Some(mut form) = state.panes.pop_as::<Form>() {
        form.enter_manually(state);
        state.panes.push(*form);
    }
    actions
}

/// Whether it is about something that has emails of its own: a stage.
fn has_emails(form: &Form) -> bool {
    form.kind() == Kind::StageSettings
}

/// Asks for the emails that the top form would cause; of a stage, shows those it has.
fn preview(state: &mut State) -> Vec<Action> {
    let form = state.panes.top_as::<Form>();
    if let Some(stage) = form.filter(|form| has_emails(form)) {
        let emails = Templates::of_stage(stage.subject());
        state.panes.push(emails);
        return Vec::new();
    }
    let Some(request) = form.and_then(|form| form.preview(state)) else {
        return Vec::new();
    };
    let errand = Errand::call("preview-email", previewed).says("writing the emails…");
    vec![state.call(errand, request)]
}

fn previewed(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    if let Ok(R::CandidateEmailMany(tried)) = reply {
        match tried {
            Err(error) => return fail(state, error),
            Ok(outcome) => return first_of_many(state, &outcome),
        }
    }
    match answer!(reply, InterviewNew) {
        Err(error) => return fail(state, error),
        Ok(outcome) if outcome.letters.is_empty() => {
            state.toast("No emails would be sent", false);
        }
        Ok(outcome) => {
            let meeting = &outcome.interview.meeting;
            let is_made = meeting.kind != MeetingType::Zoom || meeting.manual;
            let note = "The link is added once the meeting is created";
            let note = (!is_made).then(|| note.to_owned());
            state.panes.push(Letters::new(outcome.letters, note));
        }
    }
    Vec::new()
}

/// Shows the first of many emails, and how many candidates would get none.
fn first_of_many(state: &mut State, outcome: &ManyOutcome) -> Vec<Action> {
    let Some(letter) = outcome.preview.clone() else {
        let first = outcome.items.iter().find_map(|item| item.error.clone());
        return match first {
            Some(error) => fail(state, error),
            None => {
                state.toast("No emails would be sent", false);
                Vec::new()
            }
        };
    };
    let note = match (outcome.changed, outcome.failed) {
        (..=1, 0) => None,
        (many, 0) => Some(format!("The first of {many}")),
        (many, failed) => Some(format!("The first of {many}; {failed} would get none")),
    };
    state.panes.push(Letters::new(vec![letter], note));
    Vec::new()
}

/// Sends the top form, unless it is on its way.
fn send(state: &mut State) -> Vec<Action> {
    let Some(form) = state.panes.top_as::<Form>() else {
        return Vec::new();
    };
    if state.work.is_under_way_about("send", form.key()) {
        return Vec::new();
    }
    if !state.link.is_up() {
        state.toast("The daemon can't be reached. Your form is kept", false);
        return Vec::new();
    }
    let Some(mut form) = state.panes.pop_as::<Form>() else {
        return Vec::new();
    };
    if form.changes_nothing() {
        state.toast("Nothing changed", true);
        return Vec::new();
    }
    let sent = form.send(state);
    if let Some(Send::Filter(wanted)) = sent {
        state.candidates.show(*wanted);
        return Vec::new();
    }
    let action = sent.and_then(|sent| send_off(state, &form, sent));
    state.panes.push(*form);
    action.into_iter().collect()
}

fn send_off(state: &mut State, form: &Form, sent: Send) -> Option<Action> {
    let key = form.key();
    Some(match sent {
        Send::Later | Send::Filter(_) => return None,
        Send::Call(request) => {
            let about = key.clone();
            let errand = Errand::call("send", move |state, reply| {
                replies::sent(state, &key, reply)
            });
            let words = format!("{}…", form.kind().doing());
            state.call(errand.about(about).says(words).changes(), *request)
        }
        Send::ReadFile(path) => {
            let errand = Errand::task("read", move |state, done| {
                replies::file_read(state, &key, done)
            });
            state.begin(errand.says("reading the file…"), Task::ReadCsv(path))
        }
        Send::ReadCalendar(path) => {
            let errand = Errand::task("read", move |state, done| {
                replies::calendar_read(state, &key, done)
            });
            state.begin(errand.says("reading the file…"), Task::ReadCalendar(path))
        }
    })
}

/// Brings the top form up to date, and asks the daemon what it wants to know of what stands there
/// now.
fn bring_up_to_date(state: &mut State) -> Vec<Action> {
    let Some(mut form) = state.panes.pop_as::<Form>() else {
        return Vec::new();
    };
    form.refresh(state);
    let asks = match state.link.is_up() {
        true => form.asks(state),
        false => Vec::new(),
    };
    if !asks.is_empty() {
        // What is being asked may be said.
        form.refresh(state);
    }
    let key = form.key();
    state.panes.push(*form);
    let ask = |(question, request)| {
        let about = (key.clone(), question);
        let key = key.clone();
        let errand = Errand::call("ask", move |state, reply| {
            replies::told(state, &key, question, reply)
        });
        state.call(errand.about(about), request)
    };
    asks.into_iter().map(ask).collect()
}
