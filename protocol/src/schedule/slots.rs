//! Times that work, and why a time does or does not.
//!
//! Invariant: what `slots` offers is what `explain` finds nothing against, judged by one predicate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Finding, FindingCode, FindingWho};
use crate::interview::MeetingType;
use crate::pipeline::{GuidanceRead, StageInterviewChange, Window};
use crate::time::Instant;
use crate::workspace::MemberBrief;

/// What is to be scheduled, and with whom: what both `slots` and `explain` ask about. What is absent
/// is as a booking would take it: the stage's plan, else the caller.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Planned {
    /// With whom, by reference; may be absent where `interview` names one.
    #[serde(default)]
    pub candidate: Option<String>,
    /// For which job, by reference; `None`: the only open application's.
    #[serde(default)]
    pub job: Option<String>,
    /// As which stage plans, by reference; `None`: the one the candidate is in. Without a candidate
    /// the times are those that suit the stage's panel.
    #[serde(default)]
    pub stage: Option<String>,
    /// What would be changed of the stage's plan: nothing is saved, and it is refused where it could
    /// not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<StageInterviewChange>>,
    /// An interview that is judged again for another time: the time it holds is not in its way, and
    /// what else is absent is as booked.
    #[serde(default)]
    pub interview: Option<String>,
    /// How people join.
    #[serde(default, rename = "type")]
    pub kind: Option<MeetingType>,
    /// How long, in minutes, 1 to 1440.
    #[serde(default)]
    pub duration_minutes: Option<u32>,
    /// Who takes part, by reference; empty: the stage's panel, else the caller.
    #[serde(default)]
    pub with: Vec<String>,
    /// Whose Zoom hosts, by reference.
    #[serde(default)]
    pub zoom_user: Option<String>,
    /// The IANA zone that times are named in; `None`: the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// When the candidate can, or would rather have it; at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// Whether the stage's guidance counts, as it does where the assistant chooses; without a
    /// candidate it always does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guided: bool,
}

/// When somebody wishes an interview to be, by the candidate's clock where their zone is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wish {
    /// The hours; the whole interview lies in them.
    pub window: Window,
    /// Only then: no other time is offered. Otherwise other times are only less good. Where there
    /// are several, one of each sort is enough.
    #[serde(default)]
    pub must: bool,
}

/// Asks for times that work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlotQuery {
    /// What is to be scheduled.
    #[serde(flatten)]
    pub planned: Planned,
    /// Starting at or after; `None`: now.
    #[serde(default)]
    pub from: Option<Instant>,
    /// Starting before; at most 62 days after `from`. `None`: as far as the stage's horizon, else
    /// 14 days.
    #[serde(default)]
    pub to: Option<Instant>,
    /// Slots at most, 1 to 1000; `None`: 100.
    #[serde(default)]
    pub limit: Option<u32>,
    /// The best first, instead of the earliest.
    #[serde(default)]
    pub best: bool,
    /// Adds the counts by which "any of" chooses.
    #[serde(default)]
    pub fairness: bool,
}

/// Times that work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Slots {
    /// The slots.
    pub items: Vec<Slot>,
    /// Where there are none: what stands in the way most, the commonest first.
    #[serde(default)]
    pub none_because: Vec<NoneBecause>,
    /// The IANA zone that times are named in.
    #[serde(default)]
    pub zone: String,
    /// The IANA zone of the grid of starts: the stage's, else the workspace's.
    #[serde(default)]
    pub grid_zone: String,
    /// The candidate's IANA zone, if it is known.
    #[serde(default)]
    pub candidate_zone: Option<String>,
    /// The IANA zone that is taken for the candidate's where that is not known: the workspace's.
    /// Nights are not looked at then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed_candidate_zone: Option<String>,
    /// How long it took, in milliseconds.
    pub computed_ms: u32,
    /// Where it is known from who is busy, and how old that is.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// Whose working hours are assumed: nobody has set them.
    #[serde(default)]
    pub assumed_hours: Vec<FindingWho>,
    /// What to bear in mind whatever the time: of the host's plan and connection.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advises: Vec<Finding>,
    /// With `fairness`: how much each person of "any of" has had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fairness: Vec<FairShare>,
    /// What the stage's guidance was read as, where it counts and there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<GuidanceRead>,
}

/// A time that works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Slot {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Who would take part.
    pub interviewers: Vec<MemberBrief>,
    /// How good it is; higher is better.
    pub score: i32,
    /// What the score is made of, the weightiest first.
    pub why: Vec<SlotReason>,
}

/// What makes a slot better or worse than others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlotReason {
    /// What it is.
    pub code: SlotReasonCode,
    /// What it adds to the score; never 0.
    pub points: i32,
    /// How much of it there is, in the code's unit; absent where the code has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<u32>,
    /// Whom it is about, each once; empty: the time itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<FindingWho>,
}

/// What a slot is better or worse for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SlotReasonCode {
    /// It is so many working days after the first day that has a slot.
    Later,
    /// It is so many started hours outside 09:00 to 17:00, for the candidate.
    OutsideUsualHours,
    /// It is not when it was rather wished for.
    NotPreferred,
    /// Somebody who is optional has no time.
    OptionalBusy,
    /// It is over lunch, between 12:00 and 13:00.
    OverLunch,
    /// An interviewer has so many other interviews on that day.
    OtherInterviews,
    /// It is directly before or after another interview.
    NextToAnother,
    /// It leaves so many minutes between two interviews, too few to rest.
    ShortBreak,
    /// It leaves so many fewer stretches of 90 free minutes.
    SplitsFreeTime,
}

/// Why no time works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoneBecause {
    /// What stands in the way.
    pub code: FindingCode,
    /// Who it is about; absent where it is about nobody in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<FindingWho>,
    /// Of all the times that were looked at, the share it rules out, in percent.
    pub share: u32,
    /// The same as a sentence.
    pub message: String,
}

/// Where somebody's busy time is known from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Whose.
    pub who: FindingWho,
    /// The calendar's name; `None`: Greenroom's own bookings.
    #[serde(default)]
    pub feed: Option<String>,
    /// How long ago it was read, in seconds; 0 where it never was.
    pub age: u64,
    /// Why what it says is not to be relied on: it is too old, or was never read.
    #[serde(default)]
    pub stale: Option<String>,
}

/// How many interviews a person of "any of" has had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FairShare {
    /// Who.
    pub who: FindingWho,
    /// Interviews of this job in the last 28 days and the next 7.
    pub interviews: u32,
    /// Minutes of interviews in this week.
    pub minutes_this_week: u32,
}

/// Asks why a time does or does not work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainQuery {
    /// What is to be scheduled.
    #[serde(flatten)]
    pub planned: Planned,
    /// The time, as people write it.
    pub start: String,
    /// How the writer's country orders day and month; see `TimeRead`.
    #[serde(default)]
    pub locale: Option<String>,
}

/// Why a time does or does not work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explained {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// The IANA zone the time was read in.
    #[serde(default)]
    pub zone: String,
    /// The candidate's IANA zone, if it is known.
    #[serde(default)]
    pub candidate_zone: Option<String>,
    /// The IANA zone that is taken for the candidate's where that is not known: the workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed_candidate_zone: Option<String>,
    /// It is offered: nothing speaks against it.
    pub offered: bool,
    /// A person may book it: nothing blocks it.
    pub person_may: bool,
    /// Everything that was found; each has its class.
    pub findings: Vec<Finding>,
    /// For each group of the panel, who was chosen and what was found of each.
    #[serde(default)]
    pub groups: Vec<GroupExplained>,
    /// The nearest slot before it, within a week.
    #[serde(default)]
    pub earlier: Option<Instant>,
    /// The nearest slot after it, within a week.
    #[serde(default)]
    pub later: Option<Instant>,
    /// Where there is none before it: what stands in the way most from now on, the commonest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none_earlier: Vec<NoneBecause>,
    /// The same, where there is none after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none_later: Vec<NoneBecause>,
}

/// A group of the panel at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupExplained {
    /// How many of it take part: `all-of`, `any-of` or `optional`.
    pub rule: GroupRule,
    /// Who was chosen.
    pub chosen: Vec<FindingWho>,
    /// Everybody in it, with what was found of them.
    pub each: Vec<PersonExplained>,
}

/// How many of a group take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GroupRule {
    /// Everybody.
    AllOf,
    /// One of them.
    AnyOf,
    /// Who has time; the interview is held without them.
    Optional,
}

/// One person of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonExplained {
    /// Who.
    pub who: FindingWho,
    /// What was found of them.
    pub findings: Vec<Finding>,
}
