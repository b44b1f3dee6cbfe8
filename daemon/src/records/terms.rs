//! What people decide about an interview, apart from what becomes of it at Zoom.
//!
//! Invariant: a change is recorded as the terms before it, so undoing it is a change to those,
//! judged like any other. Plain values: nothing here reads or writes a store.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{ChangeKind, InterviewStatus, MeetingType, Side};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::interview::{InterviewRecord, ManualDetails};
use crate::store::Actor;

/// How many changes are kept; an older one is part of the record, but no longer shown on its own.
pub const MOST_CHANGES: usize = 20;

/// Everything that people decide about an interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// How it stands.
    pub status: InterviewStatus,
    /// When it begins.
    pub start: Instant,
    /// The IANA zone it was planned in.
    pub zone: String,
    /// That zone's offset at the start as assumed when it was planned.
    pub offset: String,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// Who invites.
    pub organizer: MemberId,
    /// Who takes part.
    pub interviewers: Vec<MemberId>,
    /// Whose Zoom hosts, for a Zoom meeting we make.
    pub host: Option<MemberId>,
    /// How people join.
    pub kind: MeetingType,
    /// Details typed by a person.
    pub manual: Option<ManualDetails>,
    /// Who did not come.
    #[serde(default)]
    pub absent: Absent,
    /// Whether Zoom is asked to write a summary of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zoom_notes: bool,
}

/// Who did not come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    /// The candidate.
    pub candidate: bool,
    /// Interviewers.
    pub members: Vec<MemberId>,
}

/// A change that somebody made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// Its number, from 1.
    pub number: u32,
    /// When.
    pub at: Instant,
    /// By whom.
    #[serde(default)]
    pub by: Actor,
    /// Of what kind.
    pub kind: ChangeKind,
    /// Who requested it.
    pub side: Side,
    /// Why.
    pub reason: Option<String>,
    /// The terms before it.
    pub before: Terms,
}

impl Terms {
    /// Whether it stands in people's calendars. What is over stays there: the time was taken.
    pub fn occupies(&self) -> bool {
        self.status != InterviewStatus::Cancelled
    }

    /// Whether a meeting of ours should be at Zoom.
    pub fn wants_zoom(&self) -> bool {
        self.host.is_some()
            && !matches!(
                self.status,
                InterviewStatus::Cancelled | InterviewStatus::ToBeConfirmed
            )
    }

    /// Whether the same people's same time is taken.
    pub fn same_time(&self, other: &Self) -> bool {
        self.start == other.start
            && self.duration_minutes == other.duration_minutes
            && self.interviewers == other.interviewers
            && self.host == other.host
    }

    /// The fields that differ, as the audit names them.
    pub fn fields_changed(&self, other: &Self) -> Vec<&'static str> {
        [
            ("status", self.status != other.status),
            ("start", self.start != other.start),
            ("zone", self.zone != other.zone),
            ("duration", self.duration_minutes != other.duration_minutes),
            ("organizer", self.organizer != other.organizer),
            ("interviewers", self.interviewers != other.interviewers),
            ("host", self.host != other.host),
            (
                "meeting",
                self.kind != other.kind || self.manual != other.manual,
            ),
            ("absent", self.absent != other.absent),
            ("zoom_notes", self.zoom_notes != other.zoom_notes),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect()
    }
}

impl InterviewRecord {
    /// What people decided.
    pub fn terms(&self) -> Terms {
        Terms {
            status: self.status,
            start: self.start,
            zone: self.zone.clone(),
            offset: self.offset.clone(),
            duration_minutes: self.duration_minutes,
            organizer: self.organizer,
            interviewers: self.interviewers.clone(),
            host: self.host,
            kind: self.meeting.kind,
            manual: self.meeting.manual.clone(),
            absent: self.absent.clone(),
            zoom_notes: self.zoom_notes,
        }
    }

    /// The same interview under other terms.
    pub fn under(&self, terms: &Terms) -> Self {
        let mut interview = self.clone();
        let Terms {
            status,
            start,
            zone,
            offset,
            duration_minutes,
            organizer,
            interviewers,
            host,
            kind,
            manual,
            absent,
            zoom_notes,
        } = terms.clone();
        interview.status = status;
        interview.start = start;
        interview.zone = zone;
        interview.offset = offset;
        interview.duration_minutes = duration_minutes;
        interview.organizer = organizer;
        interview.interviewers = interviewers;
        interview.host = host;
        interview.meeting.kind = kind;
        interview.meeting.manual = manual;
        interview.absent = absent;
        interview.zoom_notes = zoom_notes;
        interview
    }

    /// Notes a change that has been made.
    pub fn note(&mut self, change: Noted, before: Terms) {
        self.change += 1;
        self.changes.push(ChangeRecord {
            number: self.change,
            at: change.at,
            by: change.by,
            kind: change.kind,
            side: change.side,
            reason: change.reason,
            before,
        });
        let surplus = self.changes.len().saturating_sub(MOST_CHANGES);
        self.changes.drain(..surplus);
    }
}

/// What is to be noted of a change.
pub struct Noted {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Actor,
    /// Of what kind.
    pub kind: ChangeKind,
    /// Who requested it.
    pub side: Side,
    /// Why.
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As 0.2.0 stored it.
    const CHANGE: &str = r#"{
        "number": 1, "at": "2026-11-30T09:00:00Z", "by": BY, "kind": "rescheduled", "side": "us",
        "reason": null,
        "before": {
            "status": "confirmed", "start": "2026-12-01T10:00:00Z", "zone": "Europe/Berlin",
            "offset": "+01:00", "duration_minutes": 45,
            "organizer": "mem_01kf00000074080000000000r1", "interviewers": [], "host": null,
            "kind": "zoom", "manual": null
        }
    }"#;

    #[test]
    fn a_change_stored_by_an_earlier_version_names_the_member_or_the_operator() {
        let by = |stored: &str| -> Actor {
            let stored = CHANGE.replace("BY", stored);
            let read = serde_json::from_str::<ChangeRecord>(&stored).unwrap();
            assert!(!read.before.zoom_notes);
            read.by
        };
        let member = "mem_01kf00000074080000000000r1";
        assert_eq!(
            by(&format!("\"{member}\"")),
            Actor::Person(member.parse().unwrap())
        );
        assert_eq!(by("null"), Actor::Operator);
    }
}
