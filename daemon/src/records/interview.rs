//! What is stored of interviews: the plan, how people join, and how far Zoom is.

use greenroom_protocol::drift::DriftKind;
use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, JobId, MemberId, StageId};
use greenroom_protocol::interview::{ChangeKind, InterviewStatus, MeetingState, MeetingType};
use greenroom_protocol::schedule::{Finding, FindingCode, FindingWho};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::invitation::{Answer, Asked, Invitation, Invitee};
use super::terms::{Absent, ChangeRecord};
use crate::schedule::ranges::{Seconds, merged};
use crate::store::Actor;
use crate::store::Record;

/// How long Zoom may take until it finds everywhere what it has just made or changed, in seconds.
const SETTLING_SECONDS: i64 = 15;

/// How long others' calendars may show an interview where it was, in seconds: a day.
const RECENT: i64 = 24 * 60 * 60;

/// Instances of an interview's meetings that are remembered.
const MOST_UUIDS: usize = 10;

/// A planned talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InterviewRecord {
    /// With whom.
    pub candidate: CandidateId,
    /// For which application.
    pub application: ApplicationId,
    /// For which job.
    pub job: JobId,
    /// The application's stage when it was planned.
    pub stage: StageId,
    /// Who invites.
    pub organizer: MemberId,
    /// Whose Zoom hosts, for a Zoom meeting we make.
    pub host: Option<MemberId>,
    /// Zoom's id of the host, in whose calendar it stands.
    pub host_zoom_id: Option<String>,
    /// Who takes part.
    pub interviewers: Vec<MemberId>,
    /// When it begins.
    pub start: Instant,
    /// The IANA zone it was planned in.
    pub zone: String,
    /// That zone's offset at the start as assumed when it was planned.
    pub offset: String,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// How it stands.
    pub status: InterviewStatus,
    /// How people join.
    pub meeting: MeetingRecord,
    /// What to bear in mind.
    pub warnings: Vec<Finding>,
    /// When it was planned.
    pub created_at: Instant,
    /// By whom.
    #[serde(default)]
    pub created_by: Actor,
    /// Who did not come.
    #[serde(default)]
    pub absent: Absent,
    /// How many changes people made.
    #[serde(default)]
    pub change: u32,
    /// The latest of them, oldest first.
    #[serde(default)]
    pub changes: Vec<ChangeRecord>,
    /// How the meeting at Zoom differs, as the last check found it.
    #[serde(default)]
    pub drift: Option<DriftRecord>,
    /// Zoom's identifiers of every instance of its meetings that was seen, latest last.
    #[serde(default)]
    pub uuids: Vec<String>,
    /// Meetings of hosts it no longer has, until they are gone.
    #[serde(default)]
    pub left: Vec<Left>,
    /// Who was invited, and what they answered.
    #[serde(default)]
    pub invitation: Invitation,
    /// Whether Zoom is asked to write a summary of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zoom_notes: bool,
}

/// How a meeting at Zoom differs from its booking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftRecord {
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
}

/// A meeting that a change left behind at a former host's Zoom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Whose Zoom.
    pub host: MemberId,
    /// How far Zoom is.
    pub zoom: ZoomMeeting,
    /// Why it is not further.
    pub reason: Option<String>,
}

impl Record for InterviewRecord {
    const TABLE: &'static str = "interview";
    const SCHEMA: u32 = 1;
}

impl InterviewRecord {
    /// When it ends.
    pub fn end(&self) -> Instant {
        self.start.plus_minutes(self.duration_minutes.into())
    }

    /// Whether somebody may have to see to it before it starts: what exactly, and who, is worked out
    /// from the whole record.
    pub fn may_need_someone(&self) -> bool {
        use InterviewStatus::{Confirmed, ToBeConfirmed};
        let refused = |it: &Finding| it.code == FindingCode::MailRefused;
        let missed = |it: &Invitee| {
            let declined = it.answer == Answer::Declined;
            !it.dismissed && (declined || it.unreached.is_some())
        };
        let silent = |it: &Asked| {
            let unanswered = it.ended_at.is_none() && it.answered_at.is_none();
            unanswered && it.notified_at.is_some()
        };
        match (self.status, self.meeting.zoom.state()) {
            (ToBeConfirmed, _) | (Confirmed, MeetingState::Failed | MeetingState::Gone) => true,
            (Confirmed, _) => {
                let invitation = &self.invitation;
                self.drift.is_some()
                    || !invitation.asks.is_empty()
                    || invitation.invitees.iter().any(missed)
                    || invitation.asked.iter().any(silent)
                    || self.warnings.iter().any(refused)
            }
            _ => false,
        }
    }

    /// Keeps a meeting's identifier, by which a summary is found.
    pub fn see(&mut self, uuid: &str) {
        if uuid.is_empty() || self.uuids.iter().any(|seen| seen == uuid) {
            return;
        }
        self.uuids.push(uuid.to_owned());
        let surplus = self.uuids.len().saturating_sub(MOST_UUIDS);
        self.uuids.drain(..surplus);
    }

    /// Zoom's numbers of every meeting of it that is known.
    pub fn known_meetings(&self) -> impl Iterator<Item = u64> {
        let left = self.left.iter().map(|left| &left.zoom);
        std::iter::once(&self.meeting.zoom)
            .chain(left)
            .filter_map(|zoom| zoom.meeting().map(|meeting| meeting.id))
    }

    /// Whether Zoom writes a summary of it, as far as is known: what Zoom made of a meeting counts
    /// more than what was asked for.
    pub fn zoom_writes_notes(&self) -> bool {
        let made = match &self.meeting.manual {
            None => self.meeting.zoom.meeting(),
            Some(_) => return false,
        };
        made.and_then(|it| it.writes_notes)
            .unwrap_or(self.host.is_some() && self.zoom_notes)
    }

    /// Whether it takes people's time.
    pub fn takes_time(&self) -> bool {
        matches!(
            self.status,
            InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed
        )
    }

    /// Whether the booking itself was undone, as if it had never been.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        let undone = self.changes.last().map(|it| it.kind) == Some(ChangeKind::Undone);
        self.status == InterviewStatus::Cancelled && self.change == 1 && undone
    }

    /// When it is, and when it was within the day before `now`: calendars of others may still show
    /// either. In seconds, in order and apart.
    #[must_use]
    pub fn recent_times(&self, now: Instant) -> Vec<Seconds> {
        let present = self.terms();
        let is_recent = |it: &&ChangeRecord| now.second() - it.at.second() <= RECENT;
        let former = self.changes.iter().filter(is_recent).map(|it| &it.before);
        let taken = former.chain([&present]).filter(|it| it.occupies());
        let times = taken.map(|it| {
            let end = it.start.plus_minutes(it.duration_minutes.into());
            it.start.second()..end.second()
        });
        merged(times.collect())
    }

    /// Adds what to bear in mind, once.
    pub fn warn(&mut self, code: FindingCode, message: &str) {
        warn(&mut self.warnings, Finding::new(code, message));
    }

    /// Adds what to bear in mind about somebody, once.
    pub fn warn_of(&mut self, who: FindingWho, code: FindingCode, message: &str) {
        let finding = Finding {
            who: Some(who),
            ..Finding::new(code, message)
        };
        warn(&mut self.warnings, finding);
    }

    /// Adds the advice of a verdict, once each. As a warning it outlasts the question that was
    /// asked, so it has no class.
    pub fn advise(&mut self, advice: &[Finding]) {
        for finding in advice {
            let warning = Finding {
                class: None,
                outreach: None,
                ..finding.clone()
            };
            warn(&mut self.warnings, warning);
        }
    }

    /// Whether it is confirmed and people know how to join: before that nobody is invited.
    pub fn stands(&self) -> bool {
        let joinable =
            self.meeting.manual.is_some() || matches!(self.meeting.zoom, ZoomMeeting::Ready { .. });
        self.status == InterviewStatus::Confirmed && joinable
    }
}

/// Adds a warning, unless it is there.
pub(crate) fn warn(warnings: &mut Vec<Finding>, warning: Finding) {
    if !warnings.iter().any(|it| it.says_the_same(&warning)) {
        warnings.push(warning);
    }
}

/// How people join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeetingRecord {
    /// By what.
    pub kind: MeetingType,
    /// Typed by a person; nothing for a Zoom meeting we make.
    pub manual: Option<ManualDetails>,
    /// How far Zoom is.
    pub zoom: ZoomMeeting,
    /// Why it is not further.
    pub reason: Option<String>,
    /// When a restore took the record back to before a meeting may have been made: it is looked
    /// for before one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Instant>,
}

/// Details typed by a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ManualDetails {
    /// The link.
    pub url: Option<String>,
    /// The meeting's number.
    pub meeting_id: Option<String>,
    /// The passcode.
    pub passcode: Option<String>,
    /// The telephone number or the place.
    pub details: Option<String>,
}

/// A meeting at Zoom. There is no field for `start_url`: it lets anyone who has it in as the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeMeeting {
    /// Zoom's number for it.
    pub id: u64,
    /// Zoom's identifier of this instance.
    pub uuid: String,
    /// The link to join.
    pub join_url: String,
    /// The passcode.
    pub passcode: Option<String>,
    /// When Zoom made or changed it last, by our clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Instant>,
    /// Whether Zoom writes a summary of it, as it said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes_notes: Option<bool>,
}

impl MadeMeeting {
    /// Until when it says nothing that Zoom does not find this meeting: what was made or changed a
    /// moment ago is not known everywhere at Zoom yet. `None` where that time is over.
    pub fn settles_at(&self, now: Instant) -> Option<Instant> {
        let settled = self.told_at?.plus_seconds(SETTLING_SECONDS);
        (settled > now && self.told_at? <= now).then_some(settled)
    }
}

/// What a person can do about a meeting that Zoom refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayOut {
    /// Ask again.
    #[default]
    Again,
    /// Connect Zoom again, with the permission that is missing.
    Reconnect,
    /// Another host: Zoom does not let this one have meetings.
    AnotherHost,
    /// Something else in what is asked for: Zoom takes no such meeting.
    AnotherMeeting,
}

/// How far Zoom is with an interview's meeting. See `settle` for the steps between.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "kebab-case")]
pub enum ZoomMeeting {
    /// None is wanted.
    #[default]
    None,
    /// To be made.
    Wanted,
    /// Zoom was asked, and its answer is not known yet.
    Asked {
        /// When, durable before the request.
        at: Instant,
    },
    /// Made, not yet read back.
    Made {
        /// The meeting.
        meeting: MadeMeeting,
    },
    /// Made and read back.
    Ready {
        /// The meeting.
        meeting: MadeMeeting,
    },
    /// There, but without our latest change.
    Outdated {
        /// The meeting.
        meeting: MadeMeeting,
        /// Its settings too, which somebody changed there.
        #[serde(default)]
        settings: bool,
    },
    /// Zoom refused.
    Failed {
        /// What can be done.
        #[serde(default)]
        way_out: WayOut,
    },
    /// To be deleted.
    Unwanted {
        /// The meeting.
        meeting: MadeMeeting,
    },
    /// Not wanted, and we may not delete it.
    Stays {
        /// The meeting.
        meeting: MadeMeeting,
    },
    /// Deleted.
    Gone,
}

impl ZoomMeeting {
    /// The meeting, where one is known.
    pub fn meeting(&self) -> Option<&MadeMeeting> {
        match self {
            Self::Made { meeting }
            | Self::Ready { meeting }
            | Self::Outdated { meeting, .. }
            | Self::Unwanted { meeting }
            | Self::Stays { meeting } => Some(meeting),
            _ => None,
        }
    }

    /// What the person sees of it.
    pub fn state(&self) -> MeetingState {
        match self {
            Self::None => MeetingState::None,
            Self::Wanted
            | Self::Asked { .. }
            | Self::Made { .. }
            | Self::Outdated { .. }
            | Self::Unwanted { .. } => MeetingState::Pending,
            Self::Ready { .. } | Self::Stays { .. } => MeetingState::Ready,
            Self::Failed { .. } => MeetingState::Failed,
            Self::Gone => MeetingState::Gone,
        }
    }
}

/// What an idempotency key of a member was used for. Kept thirty days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// The interview it made.
    pub interview: InterviewId,
    /// A digest of the arguments.
    pub arguments: String,
    /// When it was used.
    pub at: Instant,
}

impl Record for IdempotencyRecord {
    const TABLE: &'static str = "idempotency";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_stored_by_an_earlier_version_is_read() {
        let failed: ZoomMeeting = serde_json::from_str(r#"{"phase":"failed"}"#).unwrap();
        let way_out = WayOut::Again;
        assert_eq!(failed, ZoomMeeting::Failed { way_out });
        let ready =
            r#"{"phase":"ready","meeting":{"id":1,"uuid":"u","join_url":"j","passcode":null}}"#;
        let ready: ZoomMeeting = serde_json::from_str(ready).unwrap();
        let meeting = ready.meeting().unwrap();
        assert_eq!(
            meeting.told_at, None,
            "what Zoom does not find of it is gone"
        );
        assert_eq!(meeting.writes_notes, None);
    }
}
