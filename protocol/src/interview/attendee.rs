//! Who is invited to an interview, and what they answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{MailId, MemberId};
use crate::time::Instant;

/// What somebody is in an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendeeRole {
    /// The candidate.
    Candidate,
    /// Somebody who takes part for the company.
    Interviewer,
}

/// How far somebody's invitation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendeeState {
    /// The invitation has not left.
    Waiting,
    /// They have it and have not answered.
    Invited,
    /// They come.
    Accepted,
    /// They do not.
    Declined,
    /// Perhaps.
    Tentative,
    /// Mail does not reach them; the reason says why.
    Unreached,
    /// An email that they are no longer part of it has gone out, or is about to.
    Dismissed,
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attendee {
    /// What they are in it.
    pub role: AttendeeRole,
    /// Their name.
    pub name: String,
    /// Their address: where the newest letter went, else where it will go.
    pub email: String,
    /// How far their invitation is.
    pub state: AttendeeState,
    /// When the newest invitation left.
    pub invited_at: Option<Instant>,
    /// When they answered, by their calendar.
    pub answered_at: Option<Instant>,
    /// Why mail does not reach them.
    pub reason: Option<String>,
    /// The newest letter to them.
    pub mail: MailId,
    /// What they wrote with their answer: untrusted text, one plain line.
    #[serde(default)]
    pub note: Option<String>,
    /// The member, where it is an interviewer.
    #[serde(default)]
    pub member: Option<MemberId>,
    /// Since when an interviewer has been asked about this time without any reply.
    #[serde(default)]
    pub silent_since: Option<Instant>,
    /// When they were last reminded to reply.
    #[serde(default)]
    pub reminded_at: Option<Instant>,
    /// The email of that, where a person asked for it: `mail_undo` undoes it until it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<MailId>,
    /// The organizer was notified: they have not replied for long, or they declined and nobody
    /// took their place.
    #[serde(default)]
    pub to_organizer: bool,
}

/// Somebody asks for another time. Nothing is done about it but to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RescheduleAsk {
    /// Their name.
    pub name: String,
    /// When it came.
    pub at: Instant,
    /// The start they propose.
    pub start: Option<Instant>,
    /// How long, in minutes, where they propose another length.
    pub duration_minutes: Option<u32>,
    /// What they say about it.
    pub comment: Option<String>,
}
