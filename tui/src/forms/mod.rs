//! The forms there are, and what each one becomes.
//!
//! Owns the way from a filled sheet to a call, and the drafts. Invariant: nothing typed is lost: a
//! form that is closed keeps its sheet under (form, subject) until it was sent with success.

mod draw;
mod fill;
mod interview;
mod kind;
mod name;
mod pipeline;
pub(crate) mod sheet;
mod workspace;

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
pub(crate) use interview::Plan;
pub(crate) use kind::{FormKey, Kind};
pub(crate) use name::Name;
use name::named;
use pipeline::import::Import;
pub(crate) use pipeline::import::{Next, file as file_to_read, nothing_in};
use ratatui::style::Style;
pub(crate) use workspace::approval::{Delivery, Letter, copy_of, delivery, emailed};

use crate::state::State;
use pipeline::{candidate, candidate_edit, import, job, stage, stage_settings};
use sheet::Sheet;
use workspace::{approval, member, new, setup, zoom_app};

/// What a form holds beside its fields.
#[derive(Debug)]
pub(crate) enum Extra {
    None,
    /// How the time of an interview is judged.
    Plan(Box<Plan>),
    /// What will happen.
    Words(Vec<(String, Style)>),
    /// What a file says.
    Import(Import),
    /// What a Zoom admin will read.
    Letter(Box<Letter>),
}

/// A form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) key: FormKey,
    pub(crate) title: String,
    pub(crate) sheet: Sheet<Name>,
    pub(crate) button: &'static str,
    /// The revision of what is changed, as it was when the form was opened: what somebody else
    /// saved since is not overwritten.
    revision: Option<u64>,
    /// Why it was refused, where no field is to blame.
    pub(crate) failure: Option<Error>,
    pub(crate) extra: Extra,
}

/// Forms that were left with something in them.
pub(crate) type Drafts = HashMap<FormKey, Box<Form>>;

impl Form {
    fn new(
        key: FormKey,
        title: impl Into<String>,
        button: &'static str,
        sheet: Sheet<Name>,
    ) -> Self {
        let title = title.into();
        Self {
            key,
            title,
            sheet,
            button,
            revision: None,
            failure: None,
            extra: Extra::None,
        }
    }

    /// A form as it opens: a draft where there is one.
    pub(crate) fn open(state: &mut State, key: FormKey) -> Box<Self> {
        let draft = state.drafts.remove(&key);
        let mut form = draft.unwrap_or_else(|| Box::new(Self::fresh(state, key)));
        form.sheet.rewind();
        form.spoil();
        form.refresh(state);
        form
    }

    /// What it was told by the daemon is old.
    pub(crate) fn spoil(&mut self) {
        match &mut self.extra {
            Extra::Plan(plan) => plan.spoil(),
            Extra::Letter(letter) => letter.spoil(),
            Extra::Import(_) | Extra::Words(_) | Extra::None => {}
        }
    }

    fn fresh(state: &State, key: FormKey) -> Self {
        match key.kind {
            Kind::Setup => setup::form(state, key),
            Kind::Workspace => new::form(key),
            Kind::ZoomApp => zoom_app::form(state, key),
            Kind::Candidate => candidate::form(state, key),
            Kind::CandidateEdit => candidate_edit::form(state, key),
            Kind::Job => job::form(key),
            Kind::Stage => stage::form(state, key),
            Kind::StageSettings => stage_settings::form(state, key),
            Kind::Member => member::form(state, key),
            Kind::MemberEdit => member::edit_form(state, key),
            Kind::Import => import::form(key),
            Kind::Interview => interview::new::form(state, key),
            Kind::Reschedule => interview::reschedule::form(state, key),
            Kind::InterviewEdit => interview::edit::form(state, key),
            Kind::Cancel => interview::cancel::form(key),
            Kind::NoShow => interview::no_show::form(state, key),
            Kind::Approval => approval::form(state, key),
        }
    }

    /// Brings options and remarks up to date with the mirror and with each other.
    pub(crate) fn refresh(&mut self, state: &State) {
        match self.key.kind {
            Kind::Candidate => candidate::refresh(self, state),
            Kind::StageSettings => stage_settings::refresh(self, state),
            Kind::Member | Kind::MemberEdit => member::refresh(self, state),
            Kind::Interview => interview::new::refresh(self, state),
            Kind::Reschedule => interview::reschedule::refresh(self, state),
            Kind::InterviewEdit => interview::edit::refresh(self, state),
            Kind::Cancel => interview::cancel::refresh(self, state),
            Kind::NoShow => interview::no_show::refresh(self, state),
            Kind::Import => import::refresh(self),
            Kind::Approval => approval::refresh(self, state),
            Kind::CandidateEdit => candidate_edit::refresh(self, state),
            Kind::Setup | Kind::Workspace | Kind::ZoomApp | Kind::Job | Kind::Stage => {}
        }
    }

    /// The call it becomes; nothing when a field is wrong, which is said beside it.
    pub(crate) fn request(&mut self, state: &State) -> Option<Q> {
        self.failure = None;
        let request = match self.key.kind {
            Kind::Setup => setup::request(&mut self.sheet),
            Kind::Workspace => new::request(&mut self.sheet),
            Kind::ZoomApp => zoom_app::request(self, state),
            Kind::Candidate => candidate::request(&mut self.sheet),
            Kind::CandidateEdit => candidate_edit::request(self),
            Kind::Job => job::request(&mut self.sheet),
            Kind::Stage => stage::request(&mut self.sheet, &self.key.subject),
            Kind::StageSettings => stage_settings::request(self, state),
            Kind::Member => member::request(&mut self.sheet),
            Kind::MemberEdit => member::edit_request(self),
            Kind::Import => import::request(self),
            Kind::Interview => interview::new::request(self, state),
            Kind::Reschedule => interview::reschedule::request(self, state),
            Kind::InterviewEdit => interview::edit::request(self, state),
            Kind::Cancel => interview::cancel::request(self, state),
            Kind::NoShow => interview::no_show::request(self, state),
            Kind::Approval => approval::request(self),
        };
        if request.is_none() {
            self.sheet.focus_error();
        }
        request
    }

    /// What was done, from the daemon's answer.
    pub(crate) fn outcome(&self, reply: R) -> Result<String, Error> {
        match reply {
            R::Setup(done) => done.map(|done| format!("{} is set up", done.workspace.name)),
            R::CandidateAdd(done) => done.map(|it| format!("{} is added", it.name)),
            R::WorkspaceAdd(done) => {
                done.map(|it| format!("{} is added: go there from the workspaces", it.name))
            }
            R::WorkspaceEdit(done) => done.map(|_| "the Zoom app is saved".to_owned()),
            R::CandidateEdit(done) => done.map(|it| format!("{} is saved", it.name)),
            R::MemberEdit(done) => done.map(|it| format!("{} is saved", it.name)),
            R::JobAdd(done) => done.map(|job| format!("{} is open", job.title)),
            R::StageAdd(done) => done.map(|stage| format!("{} is added", stage.name)),
            R::StageConfigure(done) => done.map(|stage| format!("{} is saved", stage.name)),
            R::MemberAdd(done) => done.map(|member| format!("{} is added", member.name)),
            // A booking that was made was announced with its undo, before this.
            R::InterviewNew(Err(refused)) => Err(refused),
            _ => Err(Error::failed(
                "read the daemon's answer: it answers something else",
            )),
        }
    }

    /// Says why it was refused: beside the field that is wrong, where the daemon names one.
    pub(crate) fn refuse(&mut self, error: Error) {
        let field = error
            .field
            .as_deref()
            .and_then(|field| named(field, self.key.kind));
        if let (Some(Name::When), Extra::Plan(plan)) = (field, &mut self.extra) {
            return plan.take_verdict(Err(error));
        }
        match field {
            // What is said beside the host is worked out anew all the time, with the keys of this
            // form.
            Some(Name::Host) => {
                self.failure = Some(Error {
                    hint: None,
                    ..error
                })
            }
            Some(name) if self.sheet.field(name).is_some_and(|field| field.shown) => {
                self.sheet.refuse(name, &error.message);
                self.sheet.focus_error();
            }
            _ => self.failure = Some(error),
        }
    }

    /// The member whose Zoom it plans with.
    pub(crate) fn host(&self) -> Option<MemberId> {
        let host = self.sheet.field(Name::Host).filter(|field| field.shown)?;
        self.sheet.chosen(host.name).parse().ok()
    }

    /// Whether it plans a Zoom meeting of which the details could be given by hand.
    pub(crate) fn takes_details_by_hand(&self) -> bool {
        matches!(self.key.kind, Kind::Interview | Kind::InterviewEdit)
            && interview::makes_a_meeting(&self.sheet)
    }

    /// Lets the details of its Zoom meeting be given by hand.
    pub(crate) fn type_by_hand(&mut self, state: &State) {
        interview::type_by_hand(&mut self.sheet);
        self.failure = None;
        self.refresh(state);
        self.sheet.focus(Name::Link);
    }

    /// Whether everybody is needed, to choose a candidate from.
    pub(crate) fn wants_everyone(&self) -> bool {
        self.sheet
            .field(Name::Candidate)
            .is_some_and(|field| field.shown)
    }

    /// The interview a form changes.
    pub(crate) fn interview(&self) -> Option<InterviewId> {
        let changes = self.key.kind.changes_an_interview();
        self.key.subject.parse().ok().filter(|_| changes)
    }

    /// The candidate a form is about.
    pub(crate) fn candidate(&self) -> Option<CandidateId> {
        match self.key.kind {
            Kind::Interview if self.key.subject.is_empty() => {
                self.sheet.chosen(Name::Candidate).parse().ok()
            }
            Kind::Interview | Kind::CandidateEdit => self.key.subject.parse().ok(),
            _ => None,
        }
    }
}
