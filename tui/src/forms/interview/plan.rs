//! How an interview is judged while a form is filled in, and who is busy around it.
//!
//! Owns what was asked and answered last, so that the same question is asked once. Invariant: a
//! verdict is about what stands in the form. `C` is the call that is judged, as a dry run.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, InterviewId};
use greenroom_protocol::interview::PanelProposal;
use greenroom_protocol::schedule::{BusyLane, BusyQuery, Verdict};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use jiff::Span as Length;
use jiff::civil::Date;

use super::time::Chosen;
use crate::forms::Ask;
use crate::forms::sheet::Note;
use crate::widgets::times;

/// What is known about the time that stands in the form.
#[derive(Debug)]
pub(super) struct Plan<C> {
    /// The interview that is changed: its own time is not in its way.
    own: Option<InterviewId>,
    judged: Option<C>,
    verdict: Option<Result<Verdict, Error>>,
    asked: Option<BusyQuery>,
    lanes: Vec<BusyLane>,
    /// Who the panel comes to at this time, and of which application's stage.
    panel: Option<(ApplicationId, PanelProposal)>,
}

/// Whose time an interview would take, by reference.
#[derive(Default)]
pub(super) struct Party {
    pub(super) members: Vec<String>,
    pub(super) candidate: Option<String>,
    pub(super) host: Option<String>,
}

impl<C: Clone + PartialEq> Plan<C> {
    /// For an interview that is changed; `None`: for a new one.
    pub(super) fn of(own: Option<InterviewId>) -> Self {
        Self {
            own,
            judged: None,
            verdict: None,
            asked: None,
            lanes: Vec::new(),
            panel: None,
        }
    }

    /// The dry run to ask for, when the form says something new; `call` is `None` where nothing
    /// stands there that could be judged.
    pub(super) fn ask_to_judge(&mut self, call: Option<C>, ask: fn(C) -> Q) -> Option<(Ask, Q)> {
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
    pub(super) fn ask_to_see(&mut self, party: Party, chosen: Chosen) -> Option<(Ask, Q)> {
        let monday = times::monday(chosen.at.date());
        let next = monday.checked_add(Length::new().days(7)).ok()?;
        let begin = |date: Date| {
            let midnight = date.to_zoned(chosen.zone.clone()).ok()?;
            Some(midnight.timestamp().into())
        };
        let query = BusyQuery {
            members: party.members,
            candidate: party.candidate,
            zoom_user: party.host,
            from: begin(monday)?,
            to: begin(next)?,
        };
        if self.asked.as_ref() == Some(&query) {
            return None;
        }
        self.asked = Some(query.clone());
        Some((Ask::Busy, Q::Busy { query }))
    }

    /// Takes the answer to one of the two; of an older question it is dropped before this.
    pub(super) fn take(&mut self, reply: Result<R, Error>) {
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
            _ => {}
        }
    }

    /// Takes why the time was refused.
    pub(super) fn refuse(&mut self, error: Error) {
        self.verdict = Some(Err(error));
    }

    /// Something changed at the daemon: judge again.
    pub(super) fn invalidate(&mut self) {
        self.judged = None;
        self.asked = None;
    }

    /// What to say beside the time.
    pub(super) fn notes(&self) -> Vec<Note> {
        match &self.verdict {
            Some(Err(error)) if error.field.as_deref() == Some("start") => {
                vec![Note::Error(error.message.clone())]
            }
            // The rest is said when it is sent: half a form is no mistake.
            None | Some(Err(_)) => Vec::new(),
            Some(Ok(verdict)) => {
                let blocks = verdict.blocks.iter();
                let blocks = blocks.map(|it| Note::Error(it.message.clone()));
                let advises = verdict.advises.iter();
                let advises = advises.map(|it| Note::Advice(it.message.clone()));
                blocks.chain(advises).collect()
            }
        }
    }
}

impl<C> Plan<C> {
    /// Who the panel of an application's stage comes to, once the daemon has said.
    pub(super) fn panel(&self, of: Option<ApplicationId>) -> Option<&PanelProposal> {
        let (known, panel) = self.panel.as_ref()?;
        (Some(*known) == of).then_some(panel)
    }

    /// Who is busy in the week around the time.
    pub(super) fn lanes(&self) -> &[BusyLane] {
        &self.lanes
    }

    /// The interview that is moved: its own time is not in its way.
    pub(super) fn own(&self) -> Option<InterviewId> {
        self.own
    }
}
