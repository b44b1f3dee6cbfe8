//! How far an outreach is, and why.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::outreach::{OutreachState as State, OutreachWhy as Why};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

/// How far an outreach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum OutreachState {
    /// The candidate entered the stage, which can still be undone.
    Settling {
        /// When the assistant chooses times.
        until: Instant,
    },
    /// The assistant has nothing to propose: it stands in its stage's line.
    Waiting {
        /// For what.
        what: WaitsFor,
    },
    /// The assistant has chosen times; a person is to approve the email. Nothing is held.
    Draft,
    /// The email is in the outbox.
    Sending,
    /// It left, and the candidate chooses.
    Proposed,
    /// A time is booked.
    Booked,
    /// A person has to see to it.
    Person {
        /// Why.
        why: NeedsPerson,
    },
    /// A person has taken over: the assistant is silent.
    Taken {
        /// Who; `None`: they act for no member.
        by: Option<MemberId>,
    },
    /// It ended.
    Over {
        /// How.
        how: Ended,
    },
    /// What a later version wrote; this one leaves it alone.
    #[serde(other)]
    Unknown,
}

/// Why a person has to see to an outreach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedsPerson {
    /// The candidate wrote.
    Answered,
    /// Nobody answered as long as the times were held.
    Expired,
    /// The address takes no email.
    Address,
    /// The email did not leave.
    Email,
    /// None of the times is left.
    Gone,
    /// What was answered since the backup is not known.
    Restored,
    /// The assistant was paused, or the stage no longer has it, while the candidate had the times.
    Paused,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

/// How an outreach ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It is completed.
    Done,
    /// The application went elsewhere.
    Left,
    /// The candidate withdrew.
    Withdrew,
    /// Somebody stopped it.
    Stopped,
    /// The interview that was to be moved, or was booked, was cancelled.
    Cancelled,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

/// What the assistant waits for before it proposes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitsFor {
    /// Times that are free for everyone, and its turn.
    Time,
    /// A day of the candidate's on which the assistant may begin an email.
    Quiet,
    /// The connection of the Zoom account that hosts.
    Zoom,
    /// A way for email to leave.
    Email,
    /// That the assistant is turned on again.
    Switch,
    /// Settings of the stage by which an interview can be.
    Plan,
    /// An address of the candidate's that takes email.
    Address,
    /// The candidate, who is away: see [`super::Assisted::away`].
    Away,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

impl OutreachState {
    /// The same as callers see it.
    #[must_use]
    pub fn shown(self) -> State {
        match self {
            Self::Settling { .. } => State::Settling,
            Self::Waiting { .. } => State::Waiting,
            Self::Draft => State::Draft,
            Self::Taken { .. } => State::Taken,
            Self::Sending => State::Sending,
            Self::Proposed => State::Proposed,
            Self::Booked => State::Booked,
            Self::Person { .. } => State::Person,
            Self::Over { .. } => State::Over,
            Self::Unknown => State::Other,
        }
    }

    /// What it waits for, why it needs a person, or how it ended, as callers see it.
    #[must_use]
    pub fn why(self) -> Option<Why> {
        Some(match self {
            Self::Person { why } => match why {
                NeedsPerson::Answered => Why::Answered,
                NeedsPerson::Expired => Why::Expired,
                NeedsPerson::Address => Why::Address,
                NeedsPerson::Email => Why::Email,
                NeedsPerson::Gone => Why::Gone,
                NeedsPerson::Restored => Why::Restored,
                NeedsPerson::Paused => Why::Paused,
                NeedsPerson::Unknown => Why::Other,
            },
            Self::Waiting { what } => match what {
                WaitsFor::Time => Why::Time,
                WaitsFor::Quiet => Why::Quiet,
                WaitsFor::Zoom => Why::Zoom,
                WaitsFor::Email => Why::Email,
                WaitsFor::Switch => Why::Switch,
                WaitsFor::Plan => Why::Plan,
                WaitsFor::Address => Why::Address,
                WaitsFor::Away => Why::Away,
                WaitsFor::Unknown => Why::Other,
            },
            Self::Over { how } => match how {
                Ended::Done => Why::Done,
                Ended::Left => Why::Left,
                Ended::Withdrew => Why::Withdrew,
                Ended::Stopped => Why::Stopped,
                Ended::Cancelled => Why::Cancelled,
                Ended::Unknown => Why::Other,
            },
            _ => return None,
        })
    }

    /// Whether something may still come of it.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::Settling { .. }
            | Self::Waiting { .. }
            | Self::Draft
            | Self::Sending
            | Self::Proposed
            | Self::Person { .. }
            | Self::Taken { .. } => true,
            Self::Booked | Self::Over { .. } => false,
            // The version that wrote it has to end it.
            Self::Unknown => true,
        }
    }

    /// Whether it stands in the line of its stage: who is away does not.
    #[must_use]
    pub fn is_in_line(self) -> bool {
        let away = WaitsFor::Away;
        matches!(self, Self::Waiting { what } if what != away)
    }

    /// Whether a person has to see to it: an address has to be corrected, too.
    #[must_use]
    pub fn needs_person(self) -> bool {
        let address = WaitsFor::Address;
        matches!(self, Self::Person { .. }) || self == Self::Waiting { what: address }
    }

    /// Whether a person who proposes times themselves may do so in its place: the candidate has none
    /// and is about to get none.
    #[must_use]
    pub fn gives_way(self) -> bool {
        matches!(
            self,
            Self::Settling { .. }
                | Self::Waiting { .. }
                | Self::Draft
                | Self::Person { .. }
                | Self::Taken { .. }
        )
    }
}
