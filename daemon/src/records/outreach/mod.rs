//! An outreach: times that are proposed to a candidate by a person or the assistant, and how far
//! that is.
//!
//! Invariants: everything in it is a reference or a time, but for a line that a person added to an
//! email; it is erased with the candidate;
//! at most 8 KiB with the longest details in plain letters; a state or a reason that a later version
//! wrote reads as one that this version leaves alone. At most one outreach of an application is
//! open, which the claim [`OPEN`] says.

mod answered;
mod assisted;
mod earlier;
mod edits;
mod effort;
mod handed;
mod newest;
mod purpose;
mod shadow;
mod state;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, InterviewId, JobId, MailId, MemberId, OutreachId, StageId, TurnId,
};
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

pub use self::answered::{Prepared, PreparedWhy, Wanted, WantedSpan};
pub use self::assisted::{Assisted, Begun, Lately, Round};
pub use self::earlier::EarlierRound;
pub use self::edits::DraftEdits;
pub use self::effort::Effort;
pub use self::handed::Handed;
pub use self::newest::Newest;
pub use self::purpose::{Moving, Purpose};
pub use self::shadow::{Acted, Did, Shadow, Would};
pub use self::state::{Ended, NeedsPerson, OutreachState, WaitsFor};
use crate::records::calendar::Owner;
use crate::records::interview::ManualDetails;
use crate::store::{Actor, Record};

/// What [`crate::store::Tx::claim`] knows an application's open outreach by.
pub const OPEN: &str = "open-outreach";

/// What [`crate::store::Tx::claim`] knows an entry into a stage by: the assistant begins with each
/// at most once.
pub const ENTRY: &str = "entry";

/// The entry of this number of an application, as it is claimed.
#[must_use]
pub fn entry_of(application: ApplicationId, entry: u32) -> String {
    format!("{application}/{entry}")
}

/// An outreach to a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutreachRecord {
    /// To whom.
    pub candidate: CandidateId,
    /// For which application.
    pub application: ApplicationId,
    /// For which job.
    pub job: JobId,
    /// The stage the application was in.
    pub stage: StageId,
    /// Who started it.
    pub started_by: Actor,
    /// When.
    pub created_at: Instant,
    /// How far it is.
    pub state: OutreachState,
    /// Since when.
    pub since: Instant,
    /// What is booked at the time that is chosen.
    pub terms: OutreachTerms,
    /// The times, by their number; the first is 1.
    pub slots: Vec<SlotRecord>,
    /// The email with the times.
    #[serde(default)]
    pub email: Option<MailId>,
    /// When it left.
    #[serde(default)]
    pub sent_at: Option<Instant>,
    /// Until when the times are held.
    #[serde(default)]
    pub until: Option<Instant>,
    /// What was booked.
    #[serde(default)]
    pub interview: Option<InterviewId>,
    /// The newest email in which a person answered.
    #[serde(default)]
    pub answer: Option<TurnId>,
    /// Emails that came in about it, automatic ones too.
    #[serde(default)]
    pub heard: u32,
    /// The candidate's address was changed since, and a person has heard of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub readdressed: bool,
    /// What the candidate says of the times that would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
    /// What was prepared for a person who sees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepared: Option<Prepared>,
    /// What the assistant goes by; `None`: a person proposes the times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assisted: Option<Assisted>,
    /// What becomes of the time that is chosen.
    #[serde(default, skip_serializing_if = "Purpose::is_book")]
    pub purpose: Purpose,
    /// What a person changed of the email that is to be sent next, or was sent last.
    #[serde(default, skip_serializing_if = "DraftEdits::is_nothing")]
    pub edits: DraftEdits,
    /// What it took.
    #[serde(default, skip_serializing_if = "Effort::is_nothing")]
    pub effort: Effort,
    /// Times that were sent before the present ones, the oldest first; the last few rounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierRound>,
    /// Who was emailed that a person has to see to it, since it stands so.
    #[serde(default, skip_serializing_if = "Handed::is_nobody")]
    pub handed: Handed,
}

/// Whom an outreach is to, and what about.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// To whom.
    pub candidate: CandidateId,
    /// For which application.
    pub application: ApplicationId,
    /// For which job.
    pub job: JobId,
    /// The stage the application is in.
    pub stage: StageId,
}

impl OutreachRecord {
    /// One that begins in this state: nothing is chosen, sent or answered, and a person proposes the
    /// times of a new interview.
    #[must_use]
    pub fn new(
        about: About,
        started_by: Actor,
        state: OutreachState,
        terms: OutreachTerms,
        now: Instant,
    ) -> Self {
        Self {
            candidate: about.candidate,
            application: about.application,
            job: about.job,
            stage: about.stage,
            started_by,
            created_at: now,
            state,
            since: now,
            terms,
            slots: Vec::new(),
            email: None,
            sent_at: None,
            until: None,
            interview: None,
            answer: None,
            heard: 0,
            readdressed: false,
            wanted: None,
            prepared: None,
            assisted: None,
            purpose: Purpose::Book,
            edits: DraftEdits::default(),
            effort: Effort::default(),
            earlier: Vec::new(),
            handed: Handed::Nobody,
        }
    }
}

/// What is booked, whichever time is chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutreachTerms {
    /// Who invites.
    pub organizer: MemberId,
    /// How people join.
    pub kind: MeetingType,
    /// Whose Zoom hosts.
    #[serde(default)]
    pub host: Option<MemberId>,
    /// Zoom's id of the host, whose time is held too.
    #[serde(default)]
    pub host_zoom_id: Option<String>,
    /// Details typed by a person.
    #[serde(default)]
    pub manual: Option<ManualDetails>,
    /// Whether Zoom is to write a summary.
    #[serde(default)]
    pub zoom_notes: bool,
    /// The IANA zone it is scheduled in.
    pub zone: String,
    /// How long, in minutes.
    pub minutes: u32,
    /// The interviewers were chosen by the stage's panel: where they are not free any more, it
    /// chooses anew.
    #[serde(default)]
    pub by_panel: bool,
}

/// A time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotRecord {
    /// When it begins.
    pub start: Instant,
    /// Who would interview then.
    pub interviewers: Vec<MemberId>,
    /// How it stands.
    pub state: SlotStanding,
    /// Whether one other candidate may be proposed it too, as the email says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}

/// How a time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotStanding {
    /// It stands in everybody's calendar.
    Held,
    /// It was booked for the candidate.
    Booked,
    /// Something else was booked over it.
    Taken,
    /// It has passed.
    Past,
    /// It was let go.
    Released,
    /// It stands in an email that is not approved, and in nobody's calendar.
    Drafted,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

impl Record for OutreachRecord {
    const TABLE: &'static str = "outreach";
    const SCHEMA: u32 = 1;
}

impl OutreachRecord {
    /// Whether something may still come of it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state.is_open()
    }

    /// Whether a person has to see to it.
    #[must_use]
    pub fn needs_person(&self) -> bool {
        self.state.needs_person()
    }

    /// Whether the assistant arranges it.
    #[must_use]
    pub fn is_assisted(&self) -> bool {
        self.assisted.is_some()
    }

    /// Whether the assistant only watches what people do about answers.
    #[must_use]
    pub fn watches(&self) -> bool {
        let approval = self.assisted.map(|it| it.approval);
        approval == Some(Approval::Shadow)
    }

    /// Who acts where nobody calls: the assistant for an outreach of its own, else the daemon.
    #[must_use]
    pub fn acts(&self, id: OutreachId) -> Actor {
        match self.is_assisted() {
            true => Actor::Assistant {
                job: self.job,
                thread: id.to_string(),
            },
            false => Actor::Daemon,
        }
    }

    /// The same, where a person does something about it.
    #[must_use]
    pub fn touched(&self) -> Self {
        let mut touched = self.clone();
        touched.effort.touched = true;
        touched
    }

    /// The times of an email that is not approved, each with its number.
    pub fn drafted(&self) -> impl Iterator<Item = (u8, &SlotRecord)> {
        let numbered = (1..).zip(&self.slots);
        numbered.filter(|(_, slot)| slot.state == SlotStanding::Drafted)
    }

    /// The times that are held, each with its number.
    pub fn held(&self) -> impl Iterator<Item = (u8, &SlotRecord)> {
        let numbered = (1..).zip(&self.slots);
        numbered.filter(|(_, slot)| slot.state == SlotStanding::Held)
    }

    /// The time of this number.
    #[must_use]
    pub fn slot(&self, n: u8) -> Option<&SlotRecord> {
        self.slots.get(usize::from(n).checked_sub(1)?)
    }

    /// When a time ends.
    #[must_use]
    pub fn end(&self, slot: &SlotRecord) -> Instant {
        slot.start.plus_minutes(self.terms.minutes.into())
    }

    /// In whose calendars a time stands.
    #[must_use]
    pub fn owners(&self, slot: &SlotRecord) -> Vec<Owner> {
        let members = slot.interviewers.iter().copied().map(Owner::Member);
        let host = self.terms.host_zoom_id.clone().map(Owner::Zoom);
        members
            .chain([Owner::Candidate(self.candidate)])
            .chain(host)
            .collect()
    }

    /// Everybody whose time it holds, or without whom it can't be booked.
    #[must_use]
    pub fn members(&self) -> Vec<MemberId> {
        let interviewers = self.held().flat_map(|(_, slot)| &slot.interviewers);
        let mut members: Vec<_> = interviewers.copied().collect();
        members.push(self.terms.organizer);
        members.extend(self.terms.host);
        members.sort_unstable();
        members.dedup();
        members
    }
}

/// What an idempotency key was used for. Its id is the caller's and a digest of the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutreachKeyRecord {
    /// What it made.
    pub outreach: OutreachId,
    /// A digest of the arguments.
    pub arguments: String,
    /// When.
    pub at: Instant,
}

impl Record for OutreachKeyRecord {
    const TABLE: &'static str = "outreach-key";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: &str = r#"{"candidate":"can_01kf00000074080000000000r1","application":"app_01kf00000074080000000000r1",
        "job":"job_01kf00000074080000000000r1","stage":"stg_01kf00000074080000000000r1","started_by":null,
        "created_at":"2026-11-30T09:00:00Z","state":{"is":"proposed"},"since":"2026-11-30T09:00:00Z",
        "terms":{"organizer":"mem_01kf00000074080000000000r1","kind":"phone","zone":"UTC","minutes":45},
        "slots":[{"start":"2026-12-01T10:00:00Z","interviewers":["mem_01kf00000074080000000000r1"],"state":"held"}]}"#;

    #[test]
    fn an_outreach_without_later_fields_reads_back() {
        let read: OutreachRecord = serde_json::from_str(STORED).expect("a record");
        assert_eq!((read.email, read.sent_at, read.until), (None, None, None));
        assert_eq!((read.interview, read.answer, read.heard), (None, None, 0));
        assert_eq!(read.terms.host_zoom_id, None);
        assert!(read.is_open() && !read.needs_person() && !read.terms.by_panel);
        assert!(!read.readdressed && read.purpose.is_book());
        assert_eq!(
            (&read.assisted, &read.wanted, &read.prepared),
            (&None, &None, &None)
        );
        assert_eq!(read.effort, Effort::default());
        assert_eq!(read.edits, DraftEdits::default());
        assert_eq!((read.earlier.len(), read.handed), (0, Handed::Nobody));
        assert_eq!(read.held().count(), 1);
        assert!(!read.slots[0].shared);
        assert_eq!(read.slot(1), read.slots.first());
        assert_eq!((read.slot(0), read.slot(2)), (None, None));
    }

    #[test]
    fn what_a_later_version_wrote_is_left_alone() {
        for (later, expected) in [
            (r#"{"is":"asked","turn":5}"#, OutreachState::Unknown),
            (
                r#"{"is":"waiting","what":"weather"}"#,
                OutreachState::Waiting {
                    what: WaitsFor::Unknown,
                },
            ),
            (
                r#"{"is":"person","why":"lost"}"#,
                OutreachState::Person {
                    why: NeedsPerson::Unknown,
                },
            ),
        ] {
            let stored = STORED.replace(r#"{"is":"proposed"}"#, later);
            let read: OutreachRecord = serde_json::from_str(&stored).expect("a record");
            assert_eq!(read.state, expected);
            assert!(read.is_open());
        }
        let stored = STORED.replace(r#""held""#, r#""shared""#);
        let read: OutreachRecord = serde_json::from_str(&stored).expect("a record");
        assert_eq!(read.held().count(), 0);
    }

    #[test]
    fn the_largest_outreach_is_within_its_bounds() {
        let mut largest: OutreachRecord = serde_json::from_str(STORED).expect("a record");
        let slot = SlotRecord {
            start: largest.since,
            interviewers: (0..20).map(|_| MemberId::new()).collect(),
            state: SlotStanding::Released,
            shared: true,
        };
        largest.slots = vec![slot; greenroom_protocol::outreach::MOST_SLOTS];
        let is_within = |record: &OutreachRecord| {
            let written = serde_json::to_string(record).expect("written");
            assert!(written.len() < 8 * 1024, "{} bytes", written.len());
        };
        // The longest link and lines that are taken; letters that weigh more make it larger.
        let line = Some("x".repeat(500));
        let mut by_a_person = largest.clone();
        by_a_person.terms.manual = Some(ManualDetails {
            url: Some("x".repeat(2000)),
            meeting_id: line.clone(),
            passcode: line.clone(),
            details: line.clone(),
        });
        is_within(&by_a_person);
        // What the assistant drafts is by Zoom alone, and nobody edits what a person proposes.
        largest.edits.without = vec![largest.since; 16];
        largest.edits.with = vec![largest.since; greenroom_protocol::outreach::MOST_SLOTS];
        largest.edits.line = line;
        let round = EarlierRound {
            emails: vec![MailId::new(); EarlierRound::MOST_EMAILS],
            starts: vec![largest.since; greenroom_protocol::outreach::MOST_SLOTS],
        };
        largest.earlier = vec![round; EarlierRound::MOST];
        is_within(&largest);
    }
}
