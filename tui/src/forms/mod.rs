//! Forms: sheets of fields that become one call.
//!
//! Owns what every form has (its title, its fields, its button, the revision it changes, why it was
//! refused) and the drafts. A form is one file: a type that implements [`FormType`], with keys of
//! its own for its fields, and one line in [`kind`]. Invariant: nothing typed is lost: a form that
//! is closed keeps its sheet under (form, subject) until it was sent with success. Sends nothing
//! itself, and knows no screen.

mod draw;
mod fill;
mod interview;
mod kind;
mod none_works;
mod pipeline;
pub(crate) mod sheet;
mod workspace;

use std::fmt;
use std::path::PathBuf;

use greenroom_protocol::Error;
use greenroom_protocol::id::MailId;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId};
use greenroom_protocol::interview::Outcome;
use greenroom_protocol::mail_settings::MailSettings;
use greenroom_protocol::outreach::{OutreachPropose, OutreachStart};
use greenroom_protocol::pipeline::{ManyOutcome, StateAction};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::setting_up::AppKind;
pub(crate) use interview::line;
pub(crate) use kind::{Form, FormKey, Kind};
use ratatui::layout::{Position, Rect};
use sheet::{Fields, Sheet};
pub(crate) use workspace::account_app::ThenConnect;
pub(crate) use workspace::approval::{Delivery, OF_WORKSPACE, whose_approval};
pub(crate) use workspace::calendar::subject as calendar_subject;

use crate::keys::Command;
use crate::state::State;
use crate::state::selected::Wanted;
use crate::state::undo::Undo;
use crate::widgets::Canvas;

/// One form: its fields, what fills and checks them, what it sends, and what an answer does. A
/// value holds what the form knows beside its fields.
pub(crate) trait FormType: fmt::Debug + Sized {
    /// The keys of its fields.
    type Name: Copy + PartialEq + fmt::Debug;

    /// What happens while it is sent, as in "saving".
    const DOING: &'static str;

    /// Whether it changes a stored record, so that nothing changed is nothing to save.
    const EDITS: bool = false;

    /// What Esc does to it.
    const LEAVE: Leave = Leave::KeepsDraft;

    /// The form as it opens where there is no draft. `subject` is the id of what it is about, empty
    /// where it is about nothing yet.
    fn open(state: &State, subject: &str) -> Frame<Self>;

    /// Brings options and remarks up to date with what is known and with each other.
    fn refresh(_form: &mut Frame<Self>, _state: &State) {}

    /// What it sends; `None` when a field is wrong, which is said beside the field.
    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send>;

    /// What the daemon's answer to that comes to.
    ///
    /// # Errors
    ///
    /// Why it was refused.
    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error>;

    /// The field that a field of the request is filled from.
    fn name(_of_request: &str) -> Option<Self::Name> {
        None
    }

    /// Says why it was refused, beside the field that is wrong where the daemon names one.
    fn refuse(form: &mut Frame<Self>, name: Option<Self::Name>, error: Error) {
        form.blame(name, error);
    }

    /// What must be known of what it is about.
    fn about(_form: &Frame<Self>) -> About {
        About::default()
    }

    /// What to ask the daemon while it is filled in: each question once.
    fn asks(_form: &mut Frame<Self>, _state: &State) -> Vec<(Ask, Q)> {
        Vec::new()
    }

    /// The answer to the newest question of its kind.
    fn told(_form: &mut Frame<Self>, _ask: Ask, _reply: Result<R, Error>) {}

    /// Whether what it would send is not known before a question is answered.
    fn waits(_form: &Frame<Self>) -> bool {
        false
    }

    /// What it has from the daemon is out of date.
    fn invalidate(&mut self) {}

    /// Asks how the emails would read that sending it causes; `None` where that cannot be asked.
    fn preview(_form: &Frame<Self>, _state: &State) -> Option<Q> {
        None
    }

    /// Whether it schedules a Zoom meeting of which the details could be entered manually.
    fn can_be_manual(_form: &Frame<Self>) -> bool {
        false
    }

    /// Lets the details of its Zoom meeting be entered manually.
    fn enter_manually(_form: &mut Frame<Self>, _state: &State) {}

    /// Rows that its fields take at ease above a calendar, which is as large as the window leaves
    /// room for and stays where it is. `None`: it has no calendar.
    const OVER_CALENDAR: Option<u16> = None;

    /// Moves in the calendar; false when the command does not.
    fn walk(_form: &mut Frame<Self>, _state: &State, _command: Command) -> bool {
        false
    }

    /// Takes a click on the calendar; false where none was hit.
    fn click(_form: &mut Frame<Self>, _state: &State, _at: Position) -> bool {
        false
    }

    /// How many times are marked in its calendar to be proposed; `None`: it proposes none.
    fn marked(_form: &Frame<Self>) -> Option<usize> {
        None
    }

    /// Whether the time that stands in it is marked.
    fn is_marked(_form: &Frame<Self>) -> bool {
        false
    }

    /// What is proposed: the marked times, as everything else stands in it.
    fn proposal(_form: &Frame<Self>, _state: &State) -> Option<OutreachPropose> {
        None
    }

    /// Draws which times are marked, in the row over the calendar; false where nothing is.
    fn draw_marked(
        _form: &Frame<Self>,
        _state: &State,
        _canvas: &mut Canvas<'_>,
        _line: Rect,
    ) -> bool {
        false
    }

    /// Whether something is shown beside its fields, or in their place where that has no room.
    fn has_aside(&self) -> bool {
        false
    }

    /// Draws that.
    fn draw_aside(_form: &Frame<Self>, _state: &State, _canvas: &mut Canvas<'_>, _area: Rect) {}

    /// Scrolls what stands under the fields; false when the command does not.
    fn scroll(&mut self, _command: Command) -> bool {
        false
    }

    /// Rows under the fields that it always has, whatever the fields take; none in a window that is
    /// too low for both.
    const KEEPS_BELOW: u16 = 0;

    /// Rows of what stands under the fields, where it is `cells` wide.
    fn rows_below(&self, _cells: usize) -> u16 {
        0
    }

    /// Draws what stands under the fields.
    fn draw_below(_form: &Frame<Self>, _state: &State, _canvas: &mut Canvas<'_>, _area: Rect) {}
}

/// What Esc does to a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// It closes, and opens again as it was left.
    KeepsDraft,
    /// The same, where what stays as it is matters more: the interview that would be cancelled.
    ChangesNothing,
    /// There is nothing to go back to.
    Never,
}

impl Leave {
    /// What Esc does, in the bottom line and beside the button.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::KeepsDraft => "close (draft kept)",
            Self::ChangesNothing => "don't change",
            Self::Never => "",
        }
    }
}

/// What a form becomes when its button is pressed.
#[derive(Debug)]
pub(crate) enum Send {
    Call(Box<Q>),
    /// A file must be read first; [`Frame<Import>::load`] takes what it holds.
    ReadFile(PathBuf),
    /// The same of a calendar, for [`Frame<Calendar>::load`].
    ReadCalendar(PathBuf),
    /// What it sends is not known yet: it is sent once the daemon has said, unless something is
    /// edited before.
    Later,
    /// The list of candidates is filtered: nothing is sent.
    Filter(Box<Wanted>),
}

/// What the answer to a form comes to.
#[derive(Debug)]
pub(crate) enum Answered {
    /// It is done: the form closes, and this is said.
    Done(String),
    /// As [`Self::Done`], and from now on it can be undone.
    Undoable(String, Undo),
    /// As [`Self::Done`], and from now on the connection is the new workspace's.
    SetUp(String),
    /// As [`Self::Done`], and the list of workspaces is old: changes tell of this one only.
    WorkspaceAdded(String),
    Booked(Box<Outcome>),
    Changed(Box<Outcome>),
    /// How applications stand was changed; what became of each.
    States(Box<ManyOutcome>, StateAction),
    /// Candidates were emailed; what became of each.
    Emailed(Box<ManyOutcome>),
    /// A Zoom admin is asked; by this email, where there is one.
    Asked(Delivery, Option<MailId>),
    /// An email is the person's to send.
    Handed(Delivery),
    /// The workspace's email is set up: it is tested, once an account that it needs is connected.
    MailSaved(Box<MailSettings>),
    /// An app at Google or Microsoft is saved, this is said, and its account is connected next.
    AppSaved(String, Option<ThenConnect>),
    /// A view was saved: the list shows it, and this is said.
    Saved(Box<Wanted>, String),
    /// The next page is to be sent.
    NextPage,
    /// Nothing was written: the form shows what would be.
    Tried,
    /// As [`Self::Done`], and the assistant begins with these.
    Begins(String, Box<OutreachStart>),
    /// It is done, this is said, and the form goes on.
    Goes(String),
}

/// What a form asks the daemon while it is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// How an interview is judged as it stands in the form.
    Judge,
    /// Who is busy in the week around it.
    Busy,
    /// The request to a Zoom admin as they will read it.
    Request,
    /// The time that a text names.
    Time,
    /// A time that works for everyone: the best, the first or the next.
    Seek,
    /// The times that work in the weeks around it.
    Free,
    /// Why the time that stands there does or does not work.
    Why,
    /// Which email system an address has.
    Discover,
    /// Whether a marked time may be proposed.
    Mark,
}

/// A question that a form asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    ask: Ask,
    /// Counts the questions of a form: only the newest of a kind is answered.
    number: u64,
}

/// What a form is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    /// Every candidate is needed, to choose one from.
    pub(crate) everyone: bool,
    pub(crate) candidate: Option<CandidateId>,
    /// The interview it changes.
    pub(crate) interview: Option<InterviewId>,
    /// The member whose Zoom hosts.
    pub(crate) host: Option<MemberId>,
    /// The app it says how to make.
    pub(crate) app: Option<AppKind>,
    /// The member whose hours it changes.
    pub(crate) hours: Option<MemberId>,
    /// The lists of days off are needed.
    pub(crate) days_off: bool,
    /// It changes the workspace's email.
    pub(crate) mail: bool,
}

/// A form of one type: what all have, around what is its own.
#[derive(Debug)]
pub(crate) struct Frame<F: FormType> {
    /// The id of what it is about; empty when it is about nothing yet.
    subject: String,
    title: String,
    sheet: Sheet<F::Name>,
    button: &'static str,
    /// How many get what the button sends, where that is several.
    count: Option<usize>,
    /// The revision of what is changed, as it was when the form was opened: what somebody else
    /// saved since is not overwritten.
    revision: Option<u64>,
    /// Why it was refused, where no field is to blame.
    failure: Option<Error>,
    /// The newest question of each kind.
    asked: Vec<Question>,
    /// It is to be sent as soon as what it sends is known.
    sends_later: bool,
    own: F,
}

impl<F: FormType> Frame<F> {
    fn new(
        subject: &str,
        title: impl Into<String>,
        button: &'static str,
        sheet: Sheet<F::Name>,
        own: F,
    ) -> Self {
        Self {
            subject: subject.to_owned(),
            title: title.into(),
            sheet,
            button,
            count: None,
            revision: None,
            failure: None,
            asked: Vec::new(),
            sends_later: false,
            own,
        }
    }

    /// A new question of a kind: an answer to an older one is not taken any more.
    fn number(&mut self, ask: Ask) -> Question {
        let last = self.asked.iter().map(|it| it.number).max();
        let number = last.map_or(0, |last| last + 1);
        let question = Question { ask, number };
        self.asked.retain(|it| it.ask != ask);
        self.asked.push(question);
        question
    }

    /// Says why it was refused: beside the field, where it is shown, else under the fields.
    fn blame(&mut self, name: Option<F::Name>, error: Error) {
        match name.filter(|name| self.sheet.is_shown(*name)) {
            Some(name) => {
                self.sheet.refuse(name, &error.message);
                self.sheet.focus_error();
            }
            None => self.failure = Some(error),
        }
    }
}

/// What can be done with a form without knowing which one it is.
pub(crate) trait AnyForm {
    fn subject(&self) -> &str;
    fn fields(&self) -> &Fields;
    fn fields_mut(&mut self) -> &mut Fields;
    fn button(&self) -> &'static str;
    fn leave(&self) -> Leave;
    /// Whether sending it would change nothing.
    fn changes_nothing(&self) -> bool;
    fn about(&self) -> About;
    fn refresh(&mut self, state: &State);
    fn invalidate(&mut self);
    fn send(&mut self, state: &State) -> Option<Send>;
    fn answered(&mut self, reply: R) -> Result<Answered, Error>;
    fn refuse(&mut self, error: Error);
    fn asks(&mut self, state: &State) -> Vec<(Question, Q)>;
    /// Takes an answer; true when it is what sending it was waiting for.
    fn told(&mut self, question: Question, reply: Result<R, Error>) -> bool;
    /// Something is edited: it is no longer sent automatically.
    fn edited(&mut self);
    fn has_calendar(&self) -> bool;
    fn has_aside(&self) -> bool;
    fn marked(&self) -> Option<usize>;
    fn is_marked(&self) -> bool;
    fn proposal(&self, state: &State) -> Option<OutreachPropose>;
    fn walk(&mut self, state: &State, command: Command) -> bool;
    fn click(&mut self, state: &State, at: Position) -> bool;
    fn preview(&self, state: &State) -> Option<Q>;
    fn can_be_manual(&self) -> bool;
    fn enter_manually(&mut self, state: &State);
    fn scroll(&mut self, command: Command) -> bool;
    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect);
}

impl<F: FormType> AnyForm for Frame<F> {
    fn subject(&self) -> &str {
        &self.subject
    }

    fn fields(&self) -> &Fields {
        &self.sheet
    }

    fn fields_mut(&mut self) -> &mut Fields {
        &mut self.sheet
    }

    fn button(&self) -> &'static str {
        self.button
    }

    fn leave(&self) -> Leave {
        F::LEAVE
    }

    fn changes_nothing(&self) -> bool {
        F::EDITS && !self.sheet.is_changed_at_all()
    }

    fn about(&self) -> About {
        F::about(self)
    }

    fn refresh(&mut self, state: &State) {
        F::refresh(self, state);
    }

    fn invalidate(&mut self) {
        self.own.invalidate();
    }

    fn send(&mut self, state: &State) -> Option<Send> {
        self.failure = None;
        let send = F::send(self, state);
        self.sends_later = matches!(send, Some(Send::Later));
        if send.is_none() {
            self.sheet.focus_error();
        }
        send
    }

    fn answered(&mut self, reply: R) -> Result<Answered, Error> {
        F::answered(self, reply)
    }

    fn refuse(&mut self, error: Error) {
        let name = error.field.as_deref().and_then(F::name);
        F::refuse(self, name, error);
    }

    fn asks(&mut self, state: &State) -> Vec<(Question, Q)> {
        let asks = F::asks(self, state);
        let asks = asks.into_iter();
        asks.map(|(ask, request)| (self.number(ask), request))
            .collect()
    }

    fn told(&mut self, question: Question, reply: Result<R, Error>) -> bool {
        if !self.asked.contains(&question) {
            return false;
        }
        // Nothing is sent long after the person pressed the button.
        self.sends_later &= reply.is_ok();
        F::told(self, question.ask, reply);
        let sends = self.sends_later && !F::waits(self);
        self.sends_later &= !sends;
        sends
    }

    fn edited(&mut self) {
        self.sends_later = false;
    }

    fn has_calendar(&self) -> bool {
        F::OVER_CALENDAR.is_some()
    }

    fn has_aside(&self) -> bool {
        self.own.has_aside()
    }

    fn marked(&self) -> Option<usize> {
        F::marked(self)
    }

    fn is_marked(&self) -> bool {
        F::is_marked(self)
    }

    fn proposal(&self, state: &State) -> Option<OutreachPropose> {
        F::proposal(self, state)
    }

    fn walk(&mut self, state: &State, command: Command) -> bool {
        F::walk(self, state, command)
    }

    fn click(&mut self, state: &State, at: Position) -> bool {
        F::click(self, state, at)
    }

    fn preview(&self, state: &State) -> Option<Q> {
        F::preview(self, state)
    }

    fn can_be_manual(&self) -> bool {
        F::can_be_manual(self)
    }

    fn enter_manually(&mut self, state: &State) {
        self.failure = None;
        F::enter_manually(self, state);
    }

    fn scroll(&mut self, command: Command) -> bool {
        self.own.scroll(command)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, state, canvas, area);
    }
}

impl Form {
    /// A form as it opens: a draft where there is one.
    pub(crate) fn open(state: &mut State, key: FormKey) -> Box<Self> {
        let draft = state.panes.bring_back::<Self>(|form| form.key() == key);
        let mut form = draft.unwrap_or_else(|| Box::new(Self::fresh(state, &key)));
        form.fields_mut().rewind();
        form.invalidate();
        form.refresh(state);
        form
    }
}

/// Opens a form over what is there.
pub(crate) fn open(state: &mut State, kind: Kind, subject: String) {
    let form = Form::open(state, FormKey { kind, subject });
    state.panes.push(*form);
}

/// The answer is to another call.
fn unexpected() -> Error {
    Error::failed("The daemon sent an answer to something else.")
}
