//! When an interview can be: times as people write them, times that work, and why one does not.

mod reading;
mod slots;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::reading::{Ambiguous, Grain, Reading, TimeFound, TimeRead, TimesRead, Unread};
pub use self::slots::{
    ExplainQuery, Explained, FairShare, GroupExplained, GroupRule, NoneBecause, PersonExplained,
    Planned, Slot, SlotQuery, SlotReason, SlotReasonCode, Slots, Source, Wish,
};
use crate::id::{InterviewId, OutreachId};
use crate::time::Instant;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingCode {
    /// Blocks: the time is in the past.
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
    /// Advises: an email about the interview was refused.
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
    /// Advises: the application is on hold.
    ApplicationOnHold,
    /// Advises: a summary by Zoom is wanted, and the host's Zoom writes none.
    NoZoomNotes,
    /// Blocks: nobody of a group of the panel has time.
    NobodyOfGroup,
    /// Advises: outside the hours of the stage.
    OutsideWindows,
    /// Advises: too near another interview, by the minutes that are to stay free.
    Buffer,
    /// Advises: sooner than the notice of the stage.
    ShortNotice,
    /// Advises: further ahead than the horizon of the stage.
    BeyondHorizon,
    /// Advises: an interviewer has as many interviews that day as they should have.
    DayCap,
    /// Advises: it is night where the candidate is.
    CandidateNight,
    /// Advises: the time is kept for somebody else.
    Held,
    /// Advises: not one of the starts that are offered.
    OffStep,
    /// Advises: a calendar that others keep says that somebody is busy.
    BusyElsewhere,
    /// Advises: such a calendar is too old, or not known of that time.
    StaleCalendar,
    /// Advises: not when it was wished for.
    WishUnmet,
    /// Advises: a day off of somebody.
    DayOff,
    /// Advises: an interviewer has as many interviews that week as they should have.
    WeekCap,
    /// Two times of one proposal are close together, so that they suit the same people.
    CloseTogether,
}

/// What a finding means for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingClass {
    /// The time is refused.
    Block,
    /// Advice about this time: another one may not have it.
    Slot,
    /// Advice about how the interview is planned: it holds at any time.
    Plan,
}

/// Who a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingWho {
    /// As what: an interviewer, the candidate, or the member whose Zoom hosts.
    pub kind: LaneKind,
    /// The member's or the candidate's identifier, which is also a reference.
    pub id: String,
    /// As the message names them: a name, or an address. Absent where it does not, as in warnings
    /// about a candidate, which outlast the candidate's record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
    /// Who it is about; absent where it is about nobody in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<FindingWho>,
    /// When what it names ends: the interview in the way, or the day whose limit is nearly used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// What it means for the time that was asked about; absent in an interview's warnings, which
    /// outlast the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<FindingClass>,
    /// The outreach that holds the time, when the caller may know it; absent in warnings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outreach: Option<OutreachId>,
}

impl Finding {
    /// A finding about nobody in particular that answers no question, as warnings are.
    pub fn new(code: FindingCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            interview: None,
            who: None,
            until: None,
            class: None,
            outreach: None,
        }
    }

    /// Whether it says what `other` says of the same person, be it as a verdict or as a warning.
    /// What an earlier version stored does not say who it is about.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let same_person = match (&self.who, &other.who) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        self.code == other.code && self.message == other.message && same_person
    }
}

/// Whether a time works: blocks refuse it, advises are for a person to weigh. Each list names
/// everything that was found, in the order of the people and then of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Why it cannot be.
    pub blocks: Vec<Finding>,
    /// What to bear in mind.
    pub advises: Vec<Finding>,
}

/// The most reasons that one refusal names: as many as a person reads.
const MOST_REASONS: usize = 5;

impl Verdict {
    /// Why the time is refused, in one line; `None` where it is not.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        let more = self.blocks.len().saturating_sub(MOST_REASONS);
        let blocks = self.blocks.iter().take(MOST_REASONS);
        let mut reasons: Vec<_> = blocks.map(|it| it.message.clone()).collect();
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
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
    /// The candidate's job for which a time is looked for, by reference: the night is that of the
    /// stage they are in there, and slots that are held for them are left out. Without it nights are
    /// the usual ones, and nothing is left out. Only for a daemon of protocol 3 or later, as the
    /// next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The interview for which another time is looked for, by reference, in place of the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<String>,
    /// From.
    pub from: Instant,
    /// Up to; at most 62 days later.
    pub to: Instant,
}

/// Whose time a lane shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
    /// The member's or the candidate's identifier; a host's is the member's.
    #[serde(default)]
    pub id: String,
    /// Their name.
    pub name: String,
    /// Meetings at a time that are allowed: 1, or 2 for some Zoom hosts.
    pub capacity: u32,
    /// Busy times, in order.
    pub busy: Vec<BusyTime>,
    /// The IANA zone their hours are in, if known.
    #[serde(default)]
    pub zone: Option<String>,
    /// Their working hours between the two moments, in order; of a candidate, the hours that are not
    /// night. A Zoom host has none: its hours are those of nobody.
    #[serde(default)]
    pub open: Vec<Stretch>,
    /// Nobody has set these hours; they are assumed.
    #[serde(default)]
    pub hours_assumed: bool,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stretch {
    /// From.
    pub start: Instant,
    /// Up to.
    pub end: Instant,
}

/// What takes a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BusyWith {
    /// A confirmed interview.
    #[default]
    Interview,
    /// An interview that is to be confirmed.
    Unconfirmed,
    /// A slot that is kept for somebody.
    HeldSlot,
    /// Something Greenroom does not know.
    Elsewhere,
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
    /// What takes it.
    #[serde(default)]
    pub with: BusyWith,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_that_an_earlier_version_stored_is_read() {
        let stored = r#"{"code":"no-mail","message":"nobody receives it"}"#;
        let finding: Finding = serde_json::from_str(stored).expect("a finding");
        assert_eq!(
            finding,
            Finding::new(FindingCode::NoMail, "nobody receives it")
        );
        assert_eq!(serde_json::to_string(&finding).expect("JSON"), stored);
    }

    #[test]
    fn a_refusal_names_as_many_reasons_as_a_person_reads() {
        let refused = |count: usize| {
            let block = |at| Finding::new(FindingCode::PersonBusy, format!("reason {at}"));
            let blocks = (1..=count).map(block).collect();
            let advises = Vec::new();
            Verdict { blocks, advises }.refusal()
        };
        assert_eq!(refused(0), None);
        assert_eq!(refused(2).as_deref(), Some("reason 1; reason 2"));
        let many = refused(8).expect("a refusal");
        assert!(many.ends_with("reason 5; and 3 more"), "{many}");
    }
}
