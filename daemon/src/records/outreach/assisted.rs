//! What the assistant goes by where it arranges an interview.

use greenroom_protocol::id::{MailId, TurnId};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::{Acted, Newest, Shadow, Would};

/// An outreach of the assistant's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assisted {
    /// Which entry into the stage it is for: see
    /// [`crate::records::pipeline::ApplicationRecord::entry`].
    pub entry: u32,
    /// How its emails are sent, as the stage said when times were chosen last.
    pub approval: Approval,
    /// What the next times are to the candidate, or the present ones where there are any.
    #[serde(default)]
    pub round: Round,
    /// How often times were chosen.
    #[serde(default)]
    pub rounds: u32,
    /// Rounds that were held to their end without an answer.
    #[serde(default)]
    pub silent: u8,
    /// When a person handed it back, who knows to which address it writes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed_back: Option<Instant>,
    /// When the candidate is to be reminded of the present times; `None`: they were, or are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nudge_at: Option<Instant>,
    /// When the candidate was reminded of the present times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nudged: Option<Instant>,
    /// The email that reminded them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<MailId>,
    /// When what they answered is read, with all that comes till then; `None`: nothing is to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Instant>,
    /// The newest email that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_to: Option<TurnId>,
    /// How often other times were looked for because of what they answered.
    #[serde(default)]
    pub wished: u8,
    /// The email that asked them which time they mean, which happens once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<MailId>,
    /// When the newest answer of a person came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Instant>,
    /// When a person moved it to the front of the line, in which it stands since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_up: Option<Instant>,
    /// When the assistant began its last emails to the candidate, the newest first.
    #[serde(default, skip_serializing_if = "Begun::is_empty")]
    pub begun: Begun,
    /// The email that asked them whether the booked time is right, which happens once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<MailId>,
    /// What it would have done about what they answered last, where it only watches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub would: Option<Would>,
    /// How what it would have done compares with what people did.
    #[serde(default, skip_serializing_if = "Shadow::is_nothing")]
    pub shadow: Shadow,
    /// What a person did about what they answered last before it was read, where it only watches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acted: Option<Acted>,
    /// When the candidate, who is away, is written to again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Instant>,
    /// How often it waited for somebody who was away.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub aways: u8,
    /// When the last emails of this outreach came in, the newest first.
    #[serde(default, skip_serializing_if = "Lately::is_empty")]
    pub lately: Lately,
}

fn is_zero(count: &u8) -> bool {
    *count == 0
}

/// When the last emails about an outreach came in: as many as are read within an hour.
pub type Lately = Newest<10>;

/// When the assistant began its last emails to somebody: as many as it begins on one day of a
/// candidate's.
pub type Begun = Newest<3>;

impl Assisted {
    /// One that begins.
    #[must_use]
    pub fn new(entry: u32, approval: Approval) -> Self {
        Self {
            entry,
            approval,
            round: Round::First,
            rounds: 0,
            silent: 0,
            handed_back: None,
            nudge_at: None,
            nudged: None,
            reminder: None,
            reading: None,
            read_to: None,
            wished: 0,
            asked: None,
            answered_at: None,
            moved_up: None,
            begun: Begun::default(),
            confirm: None,
            would: None,
            shadow: Shadow::default(),
            acted: None,
            away: None,
            aways: 0,
            lately: Lately::default(),
        }
    }
}

/// What times are to a candidate, and so what the email says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Round {
    /// The former ones were taken by others. It goes ahead of everybody else in the line.
    Gone,
    /// Others, because the candidate wishes so.
    Wished,
    /// Others, because nobody answered the former.
    Fresh,
    /// The first ones.
    #[default]
    First,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outreach_without_later_fields_reads_back() {
        let read: Assisted = serde_json::from_str(r#"{"entry":2,"approval":"auto"}"#).unwrap();
        assert_eq!(read, Assisted::new(2, Approval::Auto));
    }
}
