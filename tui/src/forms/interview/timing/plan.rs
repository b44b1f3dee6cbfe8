//! How an interview is judged while a form is filled in, who is busy around it, and why a time does
//! or does not work.
//!
//! Owns what was asked and answered last, so that the same question is asked once. Invariant: a
//! verdict is about what stands in the form. `C` is the call that is judged, as a dry run.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, InterviewId};
use greenroom_protocol::interview::PanelProposal;
use greenroom_protocol::schedule::{
    BusyLane, BusyQuery, ExplainQuery, Explained, Planned, Verdict,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use jiff::Span as Length;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::forms::Ask;
use crate::forms::sheet::Note;

/// What is known about the time that stands in the form.
#[derive(Debug)]
pub(crate) struct Plan<C> {
    /// The interview that is changed: its own time is not in its way.
    own: Option<InterviewId>,
    judged: Option<C>,
    verdict: Option<Result<Verdict, Error>>,
    asked: Option<BusyQuery>,
    lanes: Vec<BusyLane>,
    /// Who the panel comes to at this time, and of which application's stage.
    panel: Option<(ApplicationId, PanelProposal)>,
    questioned: Option<ExplainQuery>,
    explained: Option<Result<Explained, Error>>,
}

impl<C: Clone + PartialEq> Plan<C> {
    /// For an interview that is changed; `None`: for a new one.
    pub(crate) fn of(own: Option<InterviewId>) -> Self {
        Self {
            own,
            judged: None,
            verdict: None,
            asked: None,
            lanes: Vec::new(),
            panel: None,
            questioned: None,
            explained: None,
        }
    }

    /// The dry run to ask for, when the form says something new; `call` is `None` where nothing
    /// stands there that could be judged.
    pub(crate) fn ask_to_judge(&mut self, call: Option<C>, ask: fn(C) -> Q) -> Option<(Ask, Q)> {
        if call.is_none() {
            // What was said of something else is over.
            self.verdict = None;
        }
        if call == self.judged {
            return None;
        }
        self.judged = call.clone();
        Some((Ask::Judge, ask(call?)))
    }

    /// The busy times to ask for, when other people or another week stand in the form.
    pub(super) fn ask_to_see(
        &mut self,
        planned: &Planned,
        monday: Date,
        zone: &TimeZone,
    ) -> Option<(Ask, Q)> {
        let next = monday.checked_add(Length::new().days(7)).ok()?;
        let begin = |date: Date| {
            let midnight = date.to_zoned(zone.clone()).ok()?;
            Some(midnight.timestamp().into())
        };
        let query = BusyQuery {
            members: planned.with.clone(),
            candidate: planned.candidate.clone(),
            zoom_user: planned.zoom_user.clone(),
            job: planned.job.clone(),
            interview: planned.interview.clone(),
            from: begin(monday)?,
            to: begin(next)?,
        };
        if self.asked.as_ref() == Some(&query) {
            return None;
        }
        self.asked = Some(query.clone());
        Some((Ask::Busy, Q::Busy { query }))
    }

    /// The reasons to ask for; `None`: nobody wants to see them.
    pub(super) fn ask_why(&mut self, query: Option<ExplainQuery>) -> Option<(Ask, Q)> {
        if self.questioned == query {
            return None;
        }
        self.questioned = query.clone();
        self.explained = None;
        Some((Ask::Why, Q::Explain { query: query? }))
    }

    /// Takes the answer to one of them; of an older question it is dropped before this.
    pub(crate) fn take(&mut self, reply: Result<R, Error>) {
        match reply {
            Ok(
                R::InterviewNew(outcome)
                | R::InterviewReschedule(outcome)
                | R::InterviewEdit(outcome),
            ) => {
                if let Ok(outcome) = &outcome {
                    let of = outcome.interview.application;
                    self.panel = outcome.panel.clone().map(|panel| (of, panel));
                }
                self.verdict = Some(outcome.map(|outcome| outcome.verdict));
            }
            Ok(R::Busy(Ok(lanes))) => self.lanes = lanes,
            Ok(R::Explain(explained)) => self.explained = Some(explained),
            _ => {}
        }
    }

    /// Something changed at the daemon: judge again.
    pub(crate) fn invalidate(&mut self) {
        self.judged = None;
        self.asked = None;
        self.questioned = None;
    }

    /// What to say beside the time; while the daemon is away, as what was known last.
    pub(crate) fn notes(&self, is_up: bool) -> Vec<Note> {
        let said = |message: &str| match is_up {
            true => message.to_owned(),
            false => format!("last known: {message}"),
        };
        match &self.verdict {
            Some(Err(error)) if error.field.as_deref() == Some("start") => {
                vec![Note::Error(said(&error.message))]
            }
            // The rest is said when it is sent: half a form is no mistake.
            None | Some(Err(_)) => Vec::new(),
            Some(Ok(verdict)) => {
                let blocks = verdict.blocks.iter();
                let blocks = blocks.map(|it| Note::Error(said(&it.message)));
                let advises = verdict.advises.iter();
                let advises = advises.map(|it| Note::Advice(said(&it.message)));
                blocks.chain(advises).collect()
            }
        }
    }
}

impl<C> Plan<C> {
    /// Who the panel of an application's stage comes to, once the daemon has said.
    pub(crate) fn panel(&self, of: Option<ApplicationId>) -> Option<&PanelProposal> {
        let (known, panel) = self.panel.as_ref()?;
        (Some(*known) == of).then_some(panel)
    }

    /// Who is busy in the week around the time.
    pub(crate) fn lanes(&self) -> &[BusyLane] {
        &self.lanes
    }

    /// Why the time that stands there does or does not work, once the daemon has said.
    pub(crate) fn explained(&self) -> Option<&Result<Explained, Error>> {
        self.explained.as_ref()
    }

    /// The interview that is moved: its own time is not in its way.
    pub(crate) fn own(&self) -> Option<InterviewId> {
        self.own
    }
}
