//! Bookings compared with Zoom: what differs there, and how that is fixed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::InterviewId;
use crate::interview::Interview;
use crate::time::Instant;
use crate::workspace::{MemberBrief, Reference};

/// What became of a meeting at Zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// Somebody deleted it there.
    Deleted,
    /// Somebody moved it there.
    Moved,
    /// It was never told of a change made here.
    Outdated,
    /// Somebody changed its settings there.
    Changed,
    /// Somebody made another kind of meeting of it there, such as a recurring one.
    OtherType,
}

/// How a drift is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// Makes another meeting; everybody gets its link.
    Recreate,
    /// Takes Zoom's time; everyone is emailed.
    Adopt,
    /// Gives the meeting the time and settings of the booking.
    Restore,
    /// Leaves it as it is there, and says so no more.
    Accept,
}

/// How a meeting at Zoom differs from its booking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drift {
    /// What became of it.
    pub kind: DriftKind,
    /// When that was found.
    pub found_at: Instant,
    /// When Zoom starts it, if that differs.
    pub start: Option<Instant>,
    /// How long Zoom plans it, in minutes, if that differs.
    pub duration_minutes: Option<u32>,
    /// What differs, a sentence each.
    pub messages: Vec<String>,
    /// How it can be mended.
    pub repairs: Vec<Repair>,
}

/// Whose meetings are compared with Zoom; `None`: every host's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckQuery {
    /// The host, by reference.
    #[serde(default)]
    pub host: Option<String>,
}

/// How far the check of a host is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HostCheck {
    /// Whose Zoom.
    pub host: MemberBrief,
    /// A check is asked for and not done.
    pub running: bool,
    /// When the last one was done.
    pub checked_at: Option<Instant>,
    /// How many meetings it looked at.
    pub meetings: u32,
    /// Whether unused meetings could be looked for: that needs the permission to see the list of
    /// meetings.
    pub strays_looked_for: bool,
    /// Why it is not done, or not all of it. `None` and a time in `checked_at`: every meeting was
    /// looked at.
    pub reason: Option<String>,
}

impl HostCheck {
    /// Whether every meeting of this host was looked at, lately enough to count.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.running && self.reason.is_none() && self.checked_at.is_some()
    }
}

/// An upcoming interview whose meeting could not be compared with Zoom: nothing is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unchecked {
    /// Which interview.
    pub interview: InterviewId,
    /// With whom, by name.
    pub candidate: String,
    /// When it starts.
    pub start: Instant,
    /// The IANA zone it was scheduled in.
    pub zone: String,
    /// Whose Zoom hosts it.
    pub host: MemberBrief,
    /// Why its meeting was not looked at.
    pub reason: String,
}

/// A meeting of ours at Zoom that no booking needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Orphan {
    /// What it is deleted by.
    pub id: String,
    /// At whose Zoom.
    pub host: MemberBrief,
    /// Zoom's number for it, as text.
    pub meeting_id: String,
    /// When it begins.
    pub start: Option<Instant>,
    /// The interview it was made for, where it is known here.
    pub interview: Option<InterviewId>,
    /// When it was found.
    pub found_at: Instant,
    /// It is being deleted.
    pub deleting: bool,
    /// Why it could not be.
    pub reason: Option<String>,
}

/// What differs between the bookings and Zoom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DriftReport {
    /// The hosts of upcoming interviews, and everyone whose Zoom is connected.
    pub hosts: Vec<HostCheck>,
    /// Interviews whose meeting differs, by start.
    pub interviews: Vec<Interview>,
    /// Meetings that no booking needs.
    pub orphans: Vec<Orphan>,
    /// Upcoming interviews whose meeting could not be looked at, by start.
    #[serde(default)]
    pub unchecked: Vec<Unchecked>,
}

impl DriftReport {
    /// Whether a check is still going on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.hosts.iter().any(|host| host.running)
    }

    /// Whether everything was looked at. Only then does an empty list of differences mean that all
    /// is as booked.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unchecked.is_empty() && self.hosts.iter().all(HostCheck::is_complete)
    }
}

/// Mends a drift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewRepair {
    /// Of which interview.
    #[serde(flatten)]
    pub interview: Reference,
    /// How.
    pub repair: Repair,
}

/// Deletes a meeting that no booking needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrphanDelete {
    /// Its [`Orphan::id`].
    pub orphan: String,
    /// Only says which it would be.
    #[serde(default)]
    pub dry_run: bool,
}
