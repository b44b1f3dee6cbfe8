//! The closed set of forms: one line each.
//!
//! Owns the way from a kind to its type, and back from a form on the screen to what all of them
//! can do. A form that is added here is opened, drawn, kept as a draft, and typed into by the tests.

use std::ops::{Deref, DerefMut};

use super::interview::cancel::Cancel;
use super::interview::edit::InterviewEdit;
use super::interview::new::NewInterview;
use super::interview::no_show::NoShow;
use super::interview::reschedule::Reschedule;
use super::pipeline::candidate::NewCandidate;
use super::pipeline::candidate_edit::CandidateEdit;
use super::pipeline::draft::Draft;
use super::pipeline::email::Email;
use super::pipeline::filter::Filter;
use super::pipeline::import::Import;
use super::pipeline::job::NewJob;
use super::pipeline::notes::Notes;
use super::pipeline::stage::NewStage;
use super::pipeline::stage_settings::StageSettings;
use super::pipeline::state_change::StateChange;
use super::workspace::account_app::AccountApp;
use super::workspace::app_steps::AppSteps;
use super::workspace::approval::Approval;
use super::workspace::calendar::Calendar;
use super::workspace::days_off::DaysOff;
use super::workspace::edit::WorkspaceEdit;
use super::workspace::hours::Hours;
use super::workspace::mail::Mail;
use super::workspace::member::NewMember;
use super::workspace::member_edit::MemberEdit;
use super::workspace::new::NewWorkspace;
use super::workspace::setup::Setup;
use super::workspace::zoom_app::ZoomApp;
use super::{AnyForm, FormType, Frame};
use crate::state::State;

macro_rules! forms {
    ($($kind:ident: $form:ty),+ $(,)?) => {
        /// What a form makes or changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Kind {
            $($kind),+
        }

        impl Kind {
            /// Every kind there is.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$kind),+];

            /// What happens while it is sent.
            pub(crate) fn doing(self) -> &'static str {
                match self {
                    $(Self::$kind => <$form>::DOING),+
                }
            }
        }

        /// A form on the screen, or put aside as a draft.
        #[derive(Debug)]
        pub(crate) enum Form {
            $($kind(Box<Frame<$form>>)),+
        }

        impl Form {
            /// A form as nobody has filled it in yet.
            pub(super) fn fresh(state: &State, key: &FormKey) -> Self {
                match key.kind {
                    $(Kind::$kind => Self::$kind(Box::new(<$form>::open(state, &key.subject)))),+
                }
            }

            pub(crate) fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind),+
                }
            }
        }

        impl Deref for Form {
            type Target = dyn AnyForm;

            fn deref(&self) -> &Self::Target {
                match self {
                    $(Self::$kind(form) => form.as_ref()),+
                }
            }
        }

        impl DerefMut for Form {
            fn deref_mut(&mut self) -> &mut Self::Target {
                match self {
                    $(Self::$kind(form) => form.as_mut()),+
                }
            }
        }
    };
}

forms! {
    Setup: Setup,
    Workspace: NewWorkspace,
    WorkspaceEdit: WorkspaceEdit,
    ZoomApp: ZoomApp,
    AccountApp: AccountApp,
    Mail: Mail,
    Member: NewMember,
    MemberEdit: MemberEdit,
    Hours: Hours,
    DaysOff: DaysOff,
    Calendar: Calendar,
    Approval: Approval,
    AppSteps: AppSteps,
    Job: NewJob,
    Stage: NewStage,
    StageSettings: StageSettings,
    Candidate: NewCandidate,
    CandidateEdit: CandidateEdit,
    Notes: Notes,
    StateChange: StateChange,
    Draft: Draft,
    Email: Email,
    Filter: Filter,
    Import: Import,
    Interview: NewInterview,
    Reschedule: Reschedule,
    InterviewEdit: InterviewEdit,
    Cancel: Cancel,
    NoShow: NoShow,
}

impl Form {
    /// What its draft is kept by.
    pub(crate) fn key(&self) -> FormKey {
        FormKey {
            kind: self.kind(),
            subject: self.subject().to_owned(),
        }
    }
}

/// A form and what it is about: drafts are kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FormKey {
    pub(crate) kind: Kind,
    /// The id of what the form is about; empty when it is about nothing yet.
    pub(crate) subject: String,
}
