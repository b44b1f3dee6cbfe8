//! The words of emails: a workspace's own in place of the built-in ones, for all its stages or one.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{JobId, StageId};
use crate::mail::Written;
use crate::time::Instant;

/// Characters a subject may have.
pub const MOST_SUBJECT: usize = 200;

/// Bytes a text may have.
pub const MOST_TEXT: usize = 8 * 1024;

/// Which email.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateName {
    /// A candidate is invited to an interview.
    #[default]
    Invitation,
    /// An interview that a candidate was invited to has changed.
    Update,
    /// A candidate's interview is cancelled.
    Cancellation,
    /// A candidate's interview starts soon.
    Reminder,
    /// An interviewer has not replied to an invitation.
    NoReplyReminder,
    /// A candidate is rejected.
    Rejected,
    /// A candidate has withdrawn.
    Withdrawn,
    /// A candidate's application is on hold.
    OnHold,
    /// Times are sent to a candidate for the first time.
    Proposal,
    /// A candidate has not replied to a proposal.
    Nudge,
    /// Other times are sent to a candidate.
    Fresh,
    /// A candidate is asked what their reply meant.
    Ask,
    /// The times a candidate was sent are no longer free, and others are.
    Gone,
    /// A person takes over from the assistant.
    Handover,
}

impl TemplateName {
    /// Every one, in the order lists show them.
    pub const ALL: [Self; 14] = [
        Self::Invitation,
        Self::Update,
        Self::Cancellation,
        Self::Reminder,
        Self::NoReplyReminder,
        Self::Rejected,
        Self::Withdrawn,
        Self::OnHold,
        Self::Proposal,
        Self::Nudge,
        Self::Fresh,
        Self::Ask,
        Self::Gone,
        Self::Handover,
    ];

    /// As it is written everywhere.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Update => "update",
            Self::Cancellation => "cancellation",
            Self::Reminder => "reminder",
            Self::NoReplyReminder => "no-reply-reminder",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::OnHold => "on-hold",
            Self::Proposal => "proposal",
            Self::Nudge => "nudge",
            Self::Fresh => "fresh",
            Self::Ask => "ask",
            Self::Gone => "gone",
            Self::Handover => "handover",
        }
    }

    /// Who gets it and when.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Invitation => "The candidate is invited to an interview",
            Self::Update => "The candidate's interview has changed",
            Self::Cancellation => "The candidate's interview is cancelled",
            Self::Reminder => "The candidate's interview starts soon",
            Self::NoReplyReminder => "An interviewer has not replied to an invitation",
            Self::Rejected => "The candidate is rejected",
            Self::Withdrawn => "The candidate has withdrawn",
            Self::OnHold => "The candidate's application is on hold",
            Self::Proposal => "Times are sent to the candidate",
            Self::Nudge => "The candidate has not replied to the times sent",
            Self::Fresh => "Other times are sent to the candidate",
            Self::Ask => "The candidate is asked what their reply meant",
            Self::Gone => "The times sent are no longer free",
            Self::Handover => "A person takes over from the assistant",
        }
    }
}

impl fmt::Display for TemplateName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

impl FromStr for TemplateName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.code() == text);
        found.ok_or_else(|| {
            let all: Vec<_> = Self::ALL.iter().map(|it| it.code()).collect();
            format!("there is no template {text}; there are: {}", all.join(", "))
        })
    }
}

/// Whose words an email has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateSource {
    /// Greenroom's.
    #[default]
    BuiltIn,
    /// The workspace's, for every stage without words of its own.
    Workspace,
    /// The stage's.
    Stage,
}

/// A stage that has words of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateStage {
    /// The stage.
    pub id: StageId,
    /// Its name.
    pub name: String,
    /// Its job.
    pub job: JobId,
    /// The job's title.
    pub job_title: String,
}

/// A variable of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateVariable {
    /// Its name, written `{{name}}`.
    pub name: String,
    /// What stands in its place.
    pub meaning: String,
    /// Whether it is several lines, and stands on a line of its own in the text.
    pub block: bool,
    /// Whether the text must have it.
    pub required: bool,
}

/// One template in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateBrief {
    /// Which email.
    pub name: TemplateName,
    /// For which stage; `None`: for every stage without words of its own.
    pub stage: Option<TemplateStage>,
    /// Who gets it and when.
    pub purpose: String,
    /// The subject, with its variables.
    pub subject: String,
    /// Whose words they are.
    pub source: TemplateSource,
    /// Why the stored words are not used and the built-in ones are.
    pub problem: Option<String>,
    /// The record's revision; 0: nothing is stored.
    pub revision: u64,
}

/// A template, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Template {
    /// Which email.
    pub name: TemplateName,
    /// For which stage it was asked; `None`: for every stage without words of its own.
    pub stage: Option<TemplateStage>,
    /// Who gets it and when.
    pub purpose: String,
    /// The subject, with its variables.
    pub subject: String,
    /// The text, with its variables.
    pub text: String,
    /// Whose words they are.
    pub source: TemplateSource,
    /// What may stand in it, and in no other place.
    pub variables: Vec<TemplateVariable>,
    /// Why the stored words are not used and the built-in ones are.
    pub problem: Option<String>,
    /// The revision of the stored words; 0: nothing is stored for this stage, or for the
    /// workspace.
    pub revision: u64,
    /// When the stored words were changed last.
    pub changed_at: Option<Instant>,
}

/// Which templates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateListQuery {
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Which template.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateQuery {
    /// Which email.
    pub name: TemplateName,
    /// The stage, by reference; `None`: for every stage without words of its own.
    #[serde(default)]
    pub stage: Option<String>,
    /// The stage's job, by reference; needed where several have a stage of that name.
    #[serde(default)]
    pub job: Option<String>,
}

/// Other words for an email; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplateEdit {
    /// Which template.
    pub template: TemplateQuery,
    /// The subject: one line of at most 200 characters.
    #[serde(default)]
    pub subject: Option<String>,
    /// The text: at most 8 KiB.
    #[serde(default)]
    pub text: Option<String>,
    /// Forgets the stored words: a stage has the workspace's again, the workspace the built-in
    /// ones.
    #[serde(default)]
    pub reset: bool,
    /// Refused when the record has another revision; 0: when one is stored.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only checks.
    #[serde(default)]
    pub dry_run: bool,
}

/// Asks how an email would read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplatePreview {
    /// Which template.
    pub template: TemplateQuery,
    /// A subject that is not saved yet.
    #[serde(default)]
    pub subject: Option<String>,
    /// A text that is not saved yet.
    #[serde(default)]
    pub text: Option<String>,
    /// For this candidate, by reference, and their next interview; `None`: for an example.
    #[serde(default)]
    pub candidate: Option<String>,
}

/// How an email would read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TemplatePreviewed {
    /// The email.
    pub letter: Written,
    /// Whose words they are; words that are not saved yet have the source they would have.
    pub source: TemplateSource,
    /// What of it is made up, because there is no such interview or proposal: `None`, nothing.
    pub example: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_as_it_is_written() {
        for name in TemplateName::ALL {
            assert_eq!(name.code().parse(), Ok(name));
            let written = serde_json::to_value(name).unwrap();
            assert_eq!(written, name.code());
        }
        assert!("invite".parse::<TemplateName>().is_err());
    }
}
