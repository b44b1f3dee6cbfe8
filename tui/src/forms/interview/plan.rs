//! How the time of an interview is judged while a form is filled in, and who is busy around it.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, InterviewId};
use greenroom_protocol::interview::{
    InterviewEdit, InterviewNew, InterviewReschedule, PanelProposal,
};
use greenroom_protocol::schedule::{BusyLane, BusyQuery, Verdict};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::Span as Length;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::joining::Joining;
use super::prefill::Prefill;
use super::{edit, new, reschedule};
use crate::forms::sheet::{Note, Sheet};
use crate::forms::{Extra, Form, Name};
use crate::state::State;
use crate::widgets::times;

/// What is known about the time that stands in the form.
#[derive(Debug)]
pub(crate) struct Plan {
    of: Of,
    judged: Option<Question>,
    verdict: Option<Result<Verdict, Error>>,
    asked: Option<BusyQuery>,
    lanes: Vec<BusyLane>,
    /// Who the panel comes to at this time, and of which application's stage.
    panel: Option<(ApplicationId, PanelProposal)>,
}

/// What is planned.
#[derive(Debug)]
enum Of {
    /// A new interview.
    New {
        /// Made with the form, so that sending it twice books once.
        key: String,
        /// What the fields began with.
        prefill: Prefill,
    },
    /// Another time for this one, whose own time is not in its way.
    Change(Option<InterviewId>),
    /// Other people, or another way to join, for one that was so.
    Edit(Option<InterviewId>, Joining),
}

/// Whose time an interview would take, by reference.
pub(super) struct Party {
    pub(super) members: Vec<String>,
    pub(super) candidate: Option<String>,
    pub(super) host: Option<String>,
}

/// A dry run: the call that is judged.
#[derive(Clone, Debug, PartialEq)]
enum Question {
    New(InterviewNew),
    Reschedule(InterviewReschedule),
    Edit(InterviewEdit),
}

impl Question {
    /// The call as the form stands, to be judged only.
    fn of(form: &Form, state: &State) -> Option<Self> {
        let Extra::Plan(plan) = &form.extra else {
            return None;
        };
        Some(match &plan.of {
            Of::New { .. } => {
                let mut interview = new::filled(form, state)?;
                interview.dry_run = true;
                Self::New(interview)
            }
            Of::Change(_) => {
                let mut interview = reschedule::filled(form, state)?;
                interview.interview.dry_run = true;
                // Why it is moved does not decide whether it can be.
                interview.reason = None;
                Self::Reschedule(interview)
            }
            Of::Edit(..) => {
                let mut interview = edit::filled(form, state)?;
                interview.interview.dry_run = true;
                Self::Edit(interview)
            }
        })
    }
}

impl From<Question> for Q {
    fn from(question: Question) -> Self {
        match question {
            Question::New(interview) => Self::InterviewNew { interview },
            Question::Reschedule(interview) => Self::InterviewReschedule { interview },
            Question::Edit(interview) => Self::InterviewEdit { interview },
        }
    }
}

impl Plan {
    pub(super) fn of_new(prefill: Prefill) -> Self {
        let key = InterviewId::new().to_string();
        Self::new(Of::New { key, prefill })
    }

    pub(super) fn of_change(interview: Option<InterviewId>) -> Self {
        Self::new(Of::Change(interview))
    }

    pub(super) fn of_edit(interview: Option<InterviewId>, before: Joining) -> Self {
        Self::new(Of::Edit(interview, before))
    }

    fn new(of: Of) -> Self {
        Self {
            of,
            judged: None,
            verdict: None,
            asked: None,
            lanes: Vec::new(),
            panel: None,
        }
    }

    /// The idempotency key of a new interview.
    pub(super) fn key(&self) -> Option<&str> {
        match &self.of {
            Of::New { key, .. } => Some(key),
            _ => None,
        }
    }

    /// What the fields of a new interview began with.
    pub(super) fn prefill(&mut self) -> Option<&mut Prefill> {
        match &mut self.of {
            Of::New { prefill, .. } => Some(prefill),
            _ => None,
        }
    }

    /// How the interview is where this person changed nothing.
    pub(super) fn before(&self) -> Option<&Joining> {
        match &self.of {
            Of::Edit(_, before) => Some(before),
            _ => None,
        }
    }

    /// The same, to follow what others change.
    pub(super) fn before_mut(&mut self) -> Option<&mut Joining> {
        match &mut self.of {
            Of::Edit(_, before) => Some(before),
            _ => None,
        }
    }

    /// Rows that the week takes.
    pub(in super::super) fn height(&self) -> u16 {
        match &self.of {
            Of::New { .. } | Of::Change(_) => 9,
            Of::Edit(..) => 0,
        }
    }

    /// The dry run to ask for, when the form says something new.
    pub(crate) fn to_judge(form: &mut Form, state: &State) -> Option<Q> {
        let question = Question::of(form, state);
        let Extra::Plan(plan) = &mut form.extra else {
            return None;
        };
        let Some(question) = question else {
            // Nothing stands there that could be judged; what was said of something else is over.
            plan.verdict = None;
            plan.judged = None;
            return None;
        };
        if plan.judged.as_ref() == Some(&question) {
            return None;
        }
        plan.judged = Some(question.clone());
        Some(question.into())
    }

    /// The busy times to ask for, when other people or another week stand in the form.
    pub(crate) fn to_see(form: &mut Form, state: &State) -> Option<BusyQuery> {
        let Extra::Plan(plan) = &form.extra else {
            return None;
        };
        let party = match &plan.of {
            Of::New { .. } => new::party(form),
            Of::Change(_) => reschedule::party(form, state)?,
            Of::Edit(..) => return None,
        };
        let zone = zone(&form.sheet, state);
        let monday = times::monday(form.sheet.moment(Name::When)?.date());
        let begin = |date: Date| {
            date.to_zoned(zone.clone())
                .ok()
                .map(|midnight| midnight.timestamp())
        };
        let next = monday.checked_add(Length::new().days(7)).ok()?;
        let query = BusyQuery {
            members: party.members,
            candidate: party.candidate,
            zoom_user: party.host,
            from: begin(monday)?.into(),
            to: begin(next)?.into(),
        };
        let Extra::Plan(plan) = &mut form.extra else {
            return None;
        };
        if plan.asked.as_ref() == Some(&query) {
            return None;
        }
        plan.asked = Some(query.clone());
        Some(query)
    }

    /// Takes how the time was judged; of an older question it is dropped before this.
    pub(crate) fn take_verdict(&mut self, verdict: Result<Verdict, Error>) {
        self.verdict = Some(verdict);
    }

    /// Takes who the stage's panel comes to.
    pub(crate) fn take_panel(&mut self, of: ApplicationId, panel: Option<PanelProposal>) {
        self.panel = panel.map(|panel| (of, panel));
    }

    /// Who the panel of an application's stage comes to, once the daemon has said.
    pub(super) fn panel(&self, of: Option<ApplicationId>) -> Option<&PanelProposal> {
        let (known, panel) = self.panel.as_ref()?;
        (Some(*known) == of).then_some(panel)
    }

    pub(crate) fn take_lanes(&mut self, lanes: Vec<BusyLane>) {
        self.lanes = lanes;
    }

    /// Something changed at the daemon: judge again.
    pub(in super::super) fn spoil(&mut self) {
        self.judged = None;
        self.asked = None;
    }

    /// What to say beside the time.
    pub(super) fn notes(&self) -> Vec<Note> {
        match &self.verdict {
            None => Vec::new(),
            Some(Err(error)) if error.field.as_deref() == Some("start") => {
                vec![Note::Error(error.message.clone())]
            }
            // The rest is said when it is sent: half a form is no mistake.
            Some(Err(_)) => Vec::new(),
            Some(Ok(verdict)) => {
                let blocks = verdict
                    .blocks
                    .iter()
                    .map(|it| Note::Error(it.message.clone()));
                let advises = verdict
                    .advises
                    .iter()
                    .map(|it| Note::Advice(it.message.clone()));
                blocks.chain(advises).collect()
            }
        }
    }

    /// Who is busy in the week around the time.
    pub(super) fn lanes(&self) -> &[BusyLane] {
        &self.lanes
    }

    /// The interview that is moved: its own time is not in its way.
    pub(super) fn own(&self) -> Option<InterviewId> {
        match &self.of {
            Of::New { .. } => None,
            Of::Change(id) | Of::Edit(id, _) => *id,
        }
    }
}

/// The zone that stands in a form.
pub(super) fn zone(sheet: &Sheet<Name>, state: &State) -> TimeZone {
    TimeZone::get(sheet.chosen(Name::Zone)).unwrap_or_else(|_| state.zone())
}
