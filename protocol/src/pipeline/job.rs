//! Jobs, their stages, and how the interviews of a stage are planned.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StageProblem;
use crate::assistant_switch::{AssistantSwitch, AssistantSwitchSet};
use crate::edit::Edit;
use crate::id::{JobId, MemberId, StageId};
use crate::interview::Host;
use crate::outreach::ShadowFigures;

/// An opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// Its title.
    pub title: String,
    /// Whether candidates may still be added and moved.
    pub open: bool,
    /// Its pipeline, in order.
    pub stages: Vec<Stage>,
    /// Applications in it.
    pub candidates: u32,
    /// Whether the assistant acts for its candidates; the workspace's switch counts too.
    #[serde(default)]
    pub assistant: AssistantSwitch,
    /// The record's revision.
    pub revision: u64,
}

/// A new job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobAdd {
    /// Its title.
    pub title: String,
    /// Its stages in order; empty: Applied, Phone screen, Onsite, Decision, Hired.
    #[serde(default)]
    pub stages: Vec<String>,
}

/// A change of a job; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobEdit {
    /// Which, by reference.
    pub job: String,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Closes it, or opens it again.
    #[serde(default)]
    pub open: Option<bool>,
    /// Turns the assistant on for its candidates, or pauses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistant: Option<AssistantSwitchSet>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

/// One step of a job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// The stage.
    pub id: StageId,
    /// Its job.
    pub job: JobId,
    /// Its name.
    pub name: String,
    /// Its place, from 0.
    pub position: u32,
    /// How its interviews are planned.
    pub interview: StageInterview,
    /// Whose Zoom hosts its interviews, where the plan names someone, and its connection.
    #[serde(default)]
    pub host: Option<Host>,
    /// Applications in it.
    pub candidates: u32,
    /// Those of them whom nobody has written to and who have no interview: the assistant can begin
    /// with them, where it arranges the stage's interviews.
    #[serde(default)]
    pub not_started: u32,
    /// What is wrong with it, if anything: a Zoom user that must be reconnected, say.
    pub warnings: Vec<String>,
    /// What its guidance was read as; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<GuidanceRead>,
    /// How what the assistant would have done compares with what people did; absent where nothing was
    /// compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shadow: Option<ShadowFigures>,
    /// Why the assistant can't act in it; empty: it can, or AI scheduling is off.
    #[serde(default)]
    pub problems: Vec<StageProblem>,
    /// The record's revision.
    pub revision: u64,
}

/// What a stage's guidance was read as when it was saved: it orders the times that the assistant
/// proposes, or leaves some out, and does nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuidanceRead {
    /// The preferences, each in a few words.
    pub chips: Vec<String>,
    /// Sentences that were not read: they are a note for people only.
    pub notes: Vec<String>,
}

/// How the assistant's proposals are sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// Automatically.
    Auto,
    /// Once a person has approved.
    #[default]
    Draft,
    /// Never: a person acts, and what the assistant would have done is noted.
    Shadow,
}

/// How many of a group of interviewers must take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PanelRule {
    /// Every one.
    AllOf,
    /// One of them.
    AnyOf,
    /// Those who can.
    Optional,
}

/// A group of interviewers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PanelGroup {
    /// How many of them.
    pub rule: PanelRule,
    /// Who.
    pub members: Vec<MemberId>,
}

/// A stretch of the week, in each interviewer's own zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// Days of the week, 1 Monday to 7 Sunday.
    pub days: Vec<u8>,
    /// First minute of the day, 0 to 1439.
    pub from_minute: u16,
    /// The minute it ends before, 1 to 1440.
    pub to_minute: u16,
}

/// Minutes between two starts that are offered: what divides an hour, so that every day has the same
/// starts.
pub const STEPS: [u32; 6] = [5, 10, 15, 20, 30, 60];

/// Minutes between two starts, where a stage does not say otherwise.
pub const USUAL_STEP: u32 = 15;

/// When a candidate is not asked to interview, by their own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Night {
    /// Any hour may be offered.
    Off,
    /// Nothing is offered within these hours.
    Hours(NightHours),
}

/// Hours of a night: over midnight where they end earlier in the day than they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NightHours {
    /// First minute, 0 to 1439.
    pub from_minute: u16,
    /// The minute they end before, 0 to 1439; not the first one.
    pub to_minute: u16,
}

impl Default for Night {
    /// From 21:00 to 07:00.
    fn default() -> Self {
        Self::Hours(NightHours {
            from_minute: 21 * 60,
            to_minute: 7 * 60,
        })
    }
}

/// A stage's saved plan. A setting added to it is optional here, so that a plan from an earlier
/// version, which does not have it, differs from one that clears it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageInterview {
    /// Whether the assistant arranges these interviews.
    pub ai: bool,
    /// Whose Zoom hosts them; `None`: the organizer's.
    pub zoom_user: Option<MemberId>,
    /// Minutes, 5 to 480.
    pub duration_minutes: u32,
    /// Who takes part.
    pub panel: Vec<PanelGroup>,
    /// When; empty: the interviewers' working hours.
    pub windows: Vec<Window>,
    /// Minutes kept free before.
    pub buffer_before_minutes: u32,
    /// Minutes kept free after.
    pub buffer_after_minutes: u32,
    /// Least minutes between now and the start.
    pub notice_minutes: u32,
    /// Days ahead, at most.
    pub horizon_days: u32,
    /// Interviews an interviewer may have a day; 0: no limit.
    pub daily_cap: u32,
    /// How the assistant's proposals are sent.
    pub approval: Approval,
    /// What the assistant should bear in mind.
    pub guidance: String,
    /// Whether Zoom is asked to write summaries of them, unless a booking says otherwise; absent
    /// where the daemon knows no such setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom_notes: Option<bool>,
    /// The IANA zone by whose clock starts are offered every few minutes, and by whose dates days
    /// ahead count; `None`: the workspace's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Minutes between two starts that are offered, one of [`STEPS`]; absent where the daemon knows
    /// no such setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_minutes: Option<u32>,
    /// Interviews an interviewer may have a week (Monday to Sunday); 0: no limit; absent where the
    /// daemon knows no such setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekly_cap: Option<u32>,
    /// When candidates are not asked to interview; absent where the daemon knows no such setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub night: Option<Night>,
    /// Who invites to the interviews that the assistant arranges; `None`: the Zoom user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<MemberId>,
    /// Whether somebody has chosen how emails are sent, without which AI scheduling can't be turned
    /// on; absent where the daemon does not ask. A request that names `approval` chooses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_chosen: Option<bool>,
}

impl Default for StageInterview {
    fn default() -> Self {
        Self {
            ai: false,
            zoom_user: None,
            duration_minutes: 45,
            panel: Vec::new(),
            windows: Vec::new(),
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            notice_minutes: 24 * 60,
            horizon_days: 14,
            daily_cap: 0,
            approval: Approval::Draft,
            guidance: String::new(),
            zoom_notes: None,
            zone: None,
            step_minutes: None,
            weekly_cap: None,
            night: None,
            organizer: None,
            approval_chosen: None,
        }
    }
}

/// A change of a stage's plan: what is absent stays, `null` clears. A setting added by a later
/// version is not lost when an earlier client changes others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StageInterviewChange {
    /// Whether the assistant arranges these interviews.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub ai: Edit<bool>,
    /// Whose Zoom hosts them; cleared: the organizer's.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub zoom_user: Edit<MemberId>,
    /// Minutes, 5 to 480.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub duration_minutes: Edit<u32>,
    /// Who takes part: all groups.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub panel: Edit<Vec<PanelGroup>>,
    /// When: all windows; cleared or empty: the interviewers' working hours.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub windows: Edit<Vec<Window>>,
    /// Minutes kept free before, at most 240.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub buffer_before_minutes: Edit<u32>,
    /// Minutes kept free after, at most 240.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub buffer_after_minutes: Edit<u32>,
    /// Least minutes between now and the start, at most 86400 (60 days).
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub notice_minutes: Edit<u32>,
    /// Days ahead, 1 to 365.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub horizon_days: Edit<u32>,
    /// Interviews an interviewer may have a day; 0: no limit.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub daily_cap: Edit<u32>,
    /// How the assistant's proposals are sent; cleared: nobody has chosen.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub approval: Edit<Approval>,
    /// What the assistant should bear in mind.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub guidance: Edit<String>,
    /// Whether Zoom is asked to write summaries of them.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub zoom_notes: Edit<bool>,
    /// The IANA zone of the starts; cleared: the workspace's.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub zone: Edit<String>,
    /// Minutes between two starts that are offered: 5, 10, 15, 20, 30 or 60.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub step_minutes: Edit<u32>,
    /// Interviews an interviewer may have a week; 0: no limit.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub weekly_cap: Edit<u32>,
    /// When candidates are not asked to interview; cleared: from 21:00 to 07:00.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub night: Edit<Night>,
    /// Who invites to the interviews that the assistant arranges; cleared: the Zoom user.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub organizer: Edit<MemberId>,
}

impl StageInterviewChange {
    /// The protocol from which on daemons take one.
    pub const SINCE: u32 = 3;
}

impl From<StageInterview> for StageInterviewChange {
    /// The plan whole, which is every setting there was in protocol 1: each is set. A setting that
    /// came later is [`Edit::Keep`] where the plan does not say it.
    fn from(plan: StageInterview) -> Self {
        let StageInterview {
            ai,
            zoom_user,
            duration_minutes,
            panel,
            windows,
            buffer_before_minutes,
            buffer_after_minutes,
            notice_minutes,
            horizon_days,
            daily_cap,
            approval,
            guidance,
            zoom_notes,
            zone,
            step_minutes,
            weekly_cap,
            night,
            organizer,
            approval_chosen: _,
        } = plan;
        Self {
            ai: Edit::Set(ai),
            zoom_user: zoom_user.into(),
            duration_minutes: Edit::Set(duration_minutes),
            panel: Edit::Set(panel),
            windows: Edit::Set(windows),
            buffer_before_minutes: Edit::Set(buffer_before_minutes),
            buffer_after_minutes: Edit::Set(buffer_after_minutes),
            notice_minutes: Edit::Set(notice_minutes),
            horizon_days: Edit::Set(horizon_days),
            daily_cap: Edit::Set(daily_cap),
            approval: Edit::Set(approval),
            guidance: Edit::Set(guidance),
            zoom_notes: zoom_notes.map_or(Edit::Keep, Edit::Set),
            zone: zone.map_or(Edit::Keep, Edit::Set),
            step_minutes: step_minutes.map_or(Edit::Keep, Edit::Set),
            weekly_cap: weekly_cap.map_or(Edit::Keep, Edit::Set),
            night: night.map_or(Edit::Keep, Edit::Set),
            organizer: organizer.map_or(Edit::Keep, Edit::Set),
        }
    }
}

/// A new stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageAdd {
    /// Its job, by reference.
    pub job: String,
    /// Its name.
    pub name: String,
    /// Its place, from 0; `None`: last.
    #[serde(default)]
    pub position: Option<u32>,
}

/// A change of a stage's name or plan; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageConfigure {
    /// Its job, by reference; not needed when the stage is an id.
    #[serde(default)]
    pub job: Option<String>,
    /// Which, by reference.
    pub stage: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its plan, whole, as protocol 1 had it: settings that came later stay. Not together with
    /// `change`.
    #[serde(default)]
    pub interview: Option<StageInterview>,
    /// What changes of its plan. Only for a daemon of protocol 3 or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<StageInterviewChange>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}
