//! What may stand in the words of an email, and in which.

use std::fmt;

use greenroom_protocol::template::{TemplateName, TemplateVariable};

/// Something that an email names, written `{{name}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// `greeting`
    Greeting,
    /// `first_name`
    FirstName,
    /// `candidate`
    Candidate,
    /// `interviewer`
    Interviewer,
    /// `job`
    Job,
    /// `stage`
    Stage,
    /// `workspace`
    Workspace,
    /// `organizer`
    Organizer,
    /// `sender`
    Sender,
    /// `when`
    When,
    /// `when_short`
    WhenShort,
    /// `duration`
    Duration,
    /// `interviewers`
    Interviewers,
    /// `join`
    Join,
    /// `reason`
    Reason,
    /// `until`
    Until,
    /// `question`
    Question,
    /// `slots`
    Slots,
    /// `details`
    Details,
}

use Variable::{
    Candidate, Details, Duration, FirstName, Greeting, Interviewer, Interviewers, Job, Join,
    Organizer, Question, Reason, Sender, Slots, Stage, Until, When, WhenShort, Workspace,
};

const INTERVIEW: &[Variable] = &[
    Greeting,
    FirstName,
    Candidate,
    Job,
    Workspace,
    Organizer,
    When,
    WhenShort,
    Duration,
    Interviewers,
    Join,
    Details,
];

const UPDATE: &[Variable] = &[
    Greeting,
    FirstName,
    Candidate,
    Job,
    Workspace,
    Organizer,
    When,
    WhenShort,
    Duration,
    Interviewers,
    Join,
    Reason,
    Details,
];

const CANCELLATION: &[Variable] = &[
    Greeting, FirstName, Candidate, Job, Workspace, Organizer, When, WhenShort, Duration, Reason,
    Details,
];

const NO_REPLY: &[Variable] = &[
    Greeting,
    FirstName,
    Interviewer,
    Candidate,
    Job,
    Stage,
    Workspace,
    Organizer,
    When,
    WhenShort,
    Duration,
    Details,
];

const APPLICATION: &[Variable] = &[
    Greeting, FirstName, Candidate, Job, Workspace, Organizer, Details,
];

const PROPOSAL: &[Variable] = &[
    Greeting, FirstName, Candidate, Job, Workspace, Organizer, Sender, Duration, Until, Slots,
    Details,
];

const ASK: &[Variable] = &[
    Greeting, FirstName, Candidate, Job, Workspace, Organizer, Sender, Duration, Question, Slots,
    Details,
];

const HANDOVER: &[Variable] = &[
    Greeting, FirstName, Candidate, Job, Workspace, Organizer, Sender, Details,
];

impl Variable {
    /// What an email may name, in the order lists show it.
    #[must_use]
    pub fn of(name: TemplateName) -> &'static [Self] {
        match name {
            TemplateName::Invitation | TemplateName::Reminder => INTERVIEW,
            TemplateName::Update => UPDATE,
            TemplateName::Cancellation => CANCELLATION,
            TemplateName::NoReplyReminder => NO_REPLY,
            TemplateName::Rejected | TemplateName::Withdrawn | TemplateName::OnHold => APPLICATION,
            TemplateName::Proposal
            | TemplateName::Nudge
            | TemplateName::Fresh
            | TemplateName::Gone => PROPOSAL,
            TemplateName::Ask => ASK,
            TemplateName::Handover => HANDOVER,
        }
    }

    /// Its name between braces.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Greeting => "greeting",
            FirstName => "first_name",
            Candidate => "candidate",
            Interviewer => "interviewer",
            Job => "job",
            Stage => "stage",
            Workspace => "workspace",
            Organizer => "organizer",
            Sender => "sender",
            When => "when",
            WhenShort => "when_short",
            Duration => "duration",
            Interviewers => "interviewers",
            Join => "join",
            Reason => "reason",
            Until => "until",
            Question => "question",
            Slots => "slots",
            Details => "details",
        }
    }

    /// What stands in its place.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Greeting => "“Hello Priya,”",
            FirstName => "the reader's first name, as they are addressed",
            Candidate => "the candidate's name",
            Interviewer => "the interviewer's name",
            Job => "the job's title",
            Stage => "the stage's name",
            Workspace => "the company's name",
            Organizer => "the organizer's name",
            Sender => "who writes: the assistant or a person",
            When => "day and time for the reader, with the zone",
            WhenShort => "day and time, short, as subjects have it",
            Duration => "how long the interview takes, such as 45 minutes",
            Interviewers => "the interviewers' names",
            Join => "the link, phone number or place",
            Reason => "the reason given, as a sentence; empty where there is none",
            Until => "until when the times are kept; empty where they are not",
            Question => "the question, as a sentence",
            Slots => "the times to choose from, numbered, one a line",
            Details => {
                "when, with whom, how to join, how to reply and who is writing; it is added at the end where the text does not have it"
            }
        }
    }

    /// Whether it is several lines.
    #[must_use]
    pub fn is_block(self) -> bool {
        matches!(self, Slots | Details)
    }

    /// Whether an email is of no use without it.
    #[must_use]
    pub fn is_required(self, name: TemplateName) -> bool {
        match name {
            TemplateName::Proposal | TemplateName::Fresh | TemplateName::Gone => self == Slots,
            TemplateName::Ask => self == Question,
            _ => false,
        }
    }

    /// As callers see it, in this email.
    #[must_use]
    pub fn shown(self, name: TemplateName) -> TemplateVariable {
        TemplateVariable {
            name: self.code().to_owned(),
            meaning: self.meaning().to_owned(),
            block: self.is_block(),
            required: self.is_required(name),
        }
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}
