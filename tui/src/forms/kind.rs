//! The kinds of forms, and by what a draft is kept.

/// What a form makes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Setup,
    Workspace,
    ZoomApp,
    Candidate,
    CandidateEdit,
    Job,
    Stage,
    StageSettings,
    Member,
    MemberEdit,
    Import,
    Interview,
    Reschedule,
    InterviewEdit,
    Cancel,
    NoShow,
    Approval,
}

impl Kind {
    /// What happens while it is sent.
    pub(crate) fn doing(self) -> &'static str {
        match self {
            Self::Setup => "setting up",
            Self::Workspace => "adding the workspace",
            Self::Candidate => "adding the candidate",
            Self::CandidateEdit | Self::MemberEdit | Self::ZoomApp | Self::InterviewEdit => {
                "saving"
            }
            Self::Job => "opening the job",
            Self::Stage => "adding the stage",
            Self::StageSettings => "saving the stage",
            Self::Member => "adding the member",
            Self::Import => "importing",
            Self::Interview => "booking",
            Self::Reschedule => "moving the interview",
            Self::Cancel => "cancelling",
            Self::NoShow => "marking",
            Self::Approval => "asking for approval",
        }
    }

    /// Whether it changes an interview that is planned.
    pub(crate) fn changes_an_interview(self) -> bool {
        matches!(
            self,
            Self::Reschedule | Self::InterviewEdit | Self::Cancel | Self::NoShow
        )
    }

    /// Whether it changes a stored record, so that nothing changed is nothing to save.
    pub(crate) fn edits_a_record(self) -> bool {
        matches!(
            self,
            Self::CandidateEdit | Self::MemberEdit | Self::ZoomApp | Self::StageSettings
        )
    }

    /// Whether there is somewhere to go back to.
    pub(crate) fn can_be_left(self) -> bool {
        self != Self::Setup
    }
}

/// A form and what it is about: drafts are kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FormKey {
    pub(crate) kind: Kind,
    /// The id of what the form is about; empty when it is about nothing yet.
    pub(crate) subject: String,
}
