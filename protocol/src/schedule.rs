//! Whether a time works, and why not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::InterviewId;
use crate::time::Instant;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// Blocks: the start has passed.
    InThePast,
    /// Blocks: an interviewer has another interview then.
    PersonBusy,
    /// Blocks: the candidate has another interview then.
    CandidateBusy,
    /// Blocks: the Zoom host has as many meetings then as the plan allows.
    HostBusy,
    /// Advises: Zoom Basic ends every meeting at 40 minutes.
    BasicFortyMinutes,
    /// Advises: outside somebody's working day.
    OutsideHours,
    /// Advises: nobody receives the invitation.
    NoMail,
    /// Advises: what Zoom changed when the meeting was made.
    ZoomChanged,
    /// Advises: a meeting nobody needs may be left at Zoom.
    PossibleOrphan,
    /// Advises: the meeting stays at Zoom.
    MeetingStays,
    /// Advises: the Zoom connection needs a look.
    Connection,
    /// Advises: Zoom still shows how the meeting was before a change; the link works all the same.
    MeetingOutdated,
    /// Advises: the host's Zoom takes few more changes today.
    HostBudget,
    /// Advises: a letter about the interview was refused.
    MailRefused,
    /// Advises: mail did not reach somebody's address.
    AddressBounces,
    /// Advises: somebody asks for another time.
    RescheduleAsked,
    /// Advises: somebody answered in words, which a person has to read.
    AnsweredInWords,
    /// Advises: a reply came from an address that nobody was invited at; it does not count until a
    /// person accepts it.
    OtherAddress,
}

/// One reason for or against a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What it is about.
    pub code: FindingCode,
    /// The reason, for people.
    pub message: String,
    /// The interview in the way, when the caller may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<InterviewId>,
}

/// Whether a time works: blocks refuse it, advises are for a person to weigh.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Why it cannot be.
    pub blocks: Vec<Finding>,
    /// What to bear in mind.
    pub advises: Vec<Finding>,
}

/// Who is busy between two moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BusyQuery {
    /// Members, by reference.
    #[serde(default)]
    pub members: Vec<String>,
    /// A candidate, by reference.
    #[serde(default)]
    pub candidate: Option<String>,
    /// The member whose Zoom would host, by reference.
    #[serde(default)]
    pub zoom_user: Option<String>,
    /// From.
    pub from: Instant,
    /// Up to; at most 62 days later.
    pub to: Instant,
}

/// Whose time a lane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LaneKind {
    /// An interviewer's.
    Member,
    /// The candidate's.
    Candidate,
    /// The Zoom host's.
    Host,
}

/// One person's busy times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BusyLane {
    /// Whose time.
    pub kind: LaneKind,
    /// Their name.
    pub name: String,
    /// Meetings at a time that are allowed: 1, or 2 for some Zoom hosts.
    pub capacity: u32,
    /// Busy times, in order.
    pub busy: Vec<BusyTime>,
}

/// A stretch of time that is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BusyTime {
    /// From.
    pub start: Instant,
    /// Up to.
    pub end: Instant,
    /// The interview that takes it.
    pub interview: Option<InterviewId>,
}
