//! What is stored of jobs, stages, candidates and applications.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::{CandidateId, InterviewId, JobId, MailId, MemberId, StageId};
use greenroom_protocol::pipeline::{
    ApplicationState, Approval, GuidanceRead, Night, PanelGroup, StageEntry, StageInterview,
    StageInterviewChange, USUAL_STEP, Window,
};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::records::switch::SwitchRecord;
use crate::schedule::guidance::{self, Preference};
use crate::store::Record;

/// An opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRecord {
    /// Its title.
    pub title: String,
    /// Whether candidates may still be added and moved.
    pub open: bool,
    /// Its stages, in order.
    pub stages: Vec<StageId>,
    /// When it was opened.
    pub created_at: Instant,
    /// Whether the assistant acts for its candidates.
    #[serde(default, skip_serializing_if = "SwitchRecord::is_on")]
    pub assistant: SwitchRecord,
}

impl Record for JobRecord {
    const TABLE: &'static str = "job";
    const SCHEMA: u32 = 1;
}

/// One step of a job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// Its job.
    pub job: JobId,
    /// Its name.
    pub name: String,
    /// How its interviews are planned.
    #[serde(default)]
    pub interview: StagePlan,
}

impl Record for StageRecord {
    const TABLE: &'static str = "stage";
    const SCHEMA: u32 = 1;
}

/// How a stage's interviews are planned, as it is stored: the contract's [`StageInterview`] is how
/// it is shown. A setting that a stored plan does not have is that of a new stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StagePlan {
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
    /// Minutes kept free before, at most 240.
    pub buffer_before_minutes: u32,
    /// Minutes kept free after, at most 240.
    pub buffer_after_minutes: u32,
    /// Least minutes between now and the start, at most 60 days.
    pub notice_minutes: u32,
    /// Days ahead, 1 to 365.
    pub horizon_days: u32,
    /// Interviews an interviewer may have a day; 0: no limit.
    pub daily_cap: u32,
    /// How the assistant's proposals are sent.
    pub approval: Approval,
    /// What the assistant should bear in mind.
    pub guidance: String,
    /// What of that was read when it was saved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preferences: Vec<Preference>,
    /// Whether Zoom is asked to write summaries of them, unless a booking says otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub zoom_notes: bool,
    /// The IANA zone of the grid of starts; `None`: the workspace's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Minutes between two starts that are offered, one of [`greenroom_protocol::pipeline::STEPS`].
    #[serde(skip_serializing_if = "is_usual_step")]
    pub step_minutes: u32,
    /// Interviews an interviewer may have a week; 0: no limit.
    #[serde(skip_serializing_if = "is_no_limit")]
    pub weekly_cap: u32,
    /// When candidates are not asked to interview.
    #[serde(skip_serializing_if = "is_usual_night")]
    pub night: Night,
    /// Who invites to the interviews that the assistant arranges; `None`: the Zoom user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizer: Option<MemberId>,
    /// Whether somebody has chosen how emails are sent. A stage that has AI scheduling on from before
    /// anybody was asked keeps what it had.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approval_chosen: bool,
}

fn is_usual_step(minutes: &u32) -> bool {
    *minutes == USUAL_STEP
}

fn is_no_limit(most: &u32) -> bool {
    *most == 0
}

fn is_usual_night(night: &Night) -> bool {
    *night == Night::default()
}

impl Default for StagePlan {
    /// The plan of a new stage.
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
            preferences: Vec::new(),
            zoom_notes: false,
            zone: None,
            step_minutes: USUAL_STEP,
            weekly_cap: 0,
            night: Night::default(),
            organizer: None,
            approval_chosen: false,
        }
    }
}

impl StagePlan {
    /// Whether it is known how emails are sent: somebody has chosen, or it was not asked yet when AI
    /// scheduling was turned on.
    pub fn has_approval(&self) -> bool {
        self.approval_chosen || self.ai || self.approval != Approval::Draft
    }

    /// Who invites to the interviews that the assistant arranges; `None`: nobody can.
    pub fn organizes(&self) -> Option<MemberId> {
        self.organizer.or(self.zoom_user)
    }

    /// As the contract shows it.
    pub fn shown(&self) -> StageInterview {
        let Self {
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
            preferences: _,
            zoom_notes,
            zone,
            step_minutes,
            weekly_cap,
            night,
            organizer,
            approval_chosen: _,
        } = self.clone();
        StageInterview {
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
            zoom_notes: Some(zoom_notes),
            zone,
            step_minutes: Some(step_minutes),
            weekly_cap: Some(weekly_cap),
            night: Some(night),
            organizer,
            approval_chosen: Some(self.has_approval()),
        }
    }

    /// What its guidance was read as when it was saved; `None`: there is none. What was saved before
    /// any was read is a note.
    pub fn guidance_read(&self) -> Option<GuidanceRead> {
        if self.guidance.trim().is_empty() {
            return None;
        }
        let read = guidance::read(&self.guidance);
        let chips = self.preferences.iter().map(Preference::words);
        Some(GuidanceRead {
            chips: chips.collect(),
            notes: match read.preferences == self.preferences {
                true => read.notes,
                false => vec![self.guidance.clone()],
            },
        })
    }

    /// Makes a change. Nothing is judged here.
    pub fn apply(&mut self, change: StageInterviewChange) {
        let StageInterviewChange {
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
        } = change;
        let new = Self::default();
        // What was in force stays known when AI scheduling is turned off.
        self.approval_chosen = match approval {
            Edit::Set(_) => true,
            Edit::Keep => self.has_approval(),
            Edit::Clear => false,
        };
        match zoom_user {
            Edit::Keep => {}
            Edit::Clear => self.zoom_user = None,
            Edit::Set(member) => self.zoom_user = Some(member),
        }
        match organizer {
            Edit::Keep => {}
            Edit::Clear => self.organizer = None,
            Edit::Set(member) => self.organizer = Some(member),
        }
        match zone {
            Edit::Keep => {}
            Edit::Clear => self.zone = None,
            Edit::Set(zone) => self.zone = Some(zone),
        }
        ai.apply(&mut self.ai, new.ai);
        duration_minutes.apply(&mut self.duration_minutes, new.duration_minutes);
        panel.apply(&mut self.panel, new.panel);
        windows.apply(&mut self.windows, new.windows);
        buffer_before_minutes.apply(&mut self.buffer_before_minutes, new.buffer_before_minutes);
        buffer_after_minutes.apply(&mut self.buffer_after_minutes, new.buffer_after_minutes);
        notice_minutes.apply(&mut self.notice_minutes, new.notice_minutes);
        horizon_days.apply(&mut self.horizon_days, new.horizon_days);
        daily_cap.apply(&mut self.daily_cap, new.daily_cap);
        approval.apply(&mut self.approval, new.approval);
        if !guidance.is_keep() {
            guidance.apply(&mut self.guidance, new.guidance);
            self.preferences = guidance::read(&self.guidance).preferences;
        }
        zoom_notes.apply(&mut self.zoom_notes, new.zoom_notes);
        step_minutes.apply(&mut self.step_minutes, new.step_minutes);
        weekly_cap.apply(&mut self.weekly_cap, new.weekly_cap);
        night.apply(&mut self.night, new.night);
    }
}

/// A person who applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateRecord {
    /// Their name.
    pub name: String,
    /// Their address, unique in the workspace.
    pub email: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their IANA time zone, if known.
    pub zone: Option<String>,
    /// Where they came from.
    pub source: Option<String>,
    /// When they were added.
    pub added_at: Instant,
    /// Since when this is their address; `None`: since they were added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_since: Option<Instant>,
}

impl Record for CandidateRecord {
    const TABLE: &'static str = "candidate";
    const SCHEMA: u32 = 1;
}

/// A candidate's place in one job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationRecord {
    /// Who.
    pub candidate: CandidateId,
    /// For what.
    pub job: JobId,
    /// Where they are.
    pub stage: StageId,
    /// Since when.
    pub since: Instant,
    /// Where they were, oldest first, the present stage last.
    pub history: Vec<StageEntry>,
    /// How its state changed, oldest first, the present state last. Empty: it was always active, as
    /// all were before there were states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<StateNote>,
    /// The newest email that somebody wrote to the candidate about it, so that none is sent twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MailId>,
    /// How often it was moved: which entry into its present stage this is. The assistant begins at
    /// most once with each.
    #[serde(default, skip_serializing_if = "is_first")]
    pub entry: u32,
}

fn is_first(entry: &u32) -> bool {
    *entry == 0
}

/// A state an application entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateNote {
    /// The state.
    pub state: ApplicationState,
    /// When.
    pub at: Instant,
    /// The name of who changed it.
    pub by: String,
    /// Why; for colleagues only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The email to the candidate about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<MailId>,
    /// The interviews it cancelled, each with the number of that change, for an undo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancelled: Vec<(InterviewId, u32)>,
}

impl ApplicationRecord {
    /// How it stands.
    pub fn state(&self) -> ApplicationState {
        self.states
            .last()
            .map(|note| note.state)
            .unwrap_or_default()
    }

    /// Since when it is rejected or withdrawn; `None` where it is neither.
    pub fn turned_down_at(&self) -> Option<Instant> {
        let last = self.states.last()?;
        let turned_down = matches!(
            last.state,
            ApplicationState::Rejected | ApplicationState::Withdrawn
        );
        turned_down.then_some(last.at)
    }
}

impl Record for ApplicationRecord {
    const TABLE: &'static str = "application";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::pipeline::PanelRule;
    use serde_json::json;

    use super::*;

    /// What 0.1.0 and 0.2.0 stored of a stage.
    const STORED: &str = r#"{"job":"job_01jdwz2v00f0080g40r30e2031","name":"Onsite","interview":{
        "ai":true,"zoom_user":"mem_01jdwz2v00f0080g40r30e2032","duration_minutes":60,
        "panel":[{"rule":"any-of","members":["mem_01jdwz2v00f0080g40r30e2032"]}],
        "windows":[{"days":[1,2],"from_minute":540,"to_minute":720}],
        "buffer_before_minutes":5,"buffer_after_minutes":10,"notice_minutes":90,"horizon_days":21,
        "daily_cap":2,"approval":"auto","guidance":"Be kind."}}"#;

    /// What 0.1.0 and 0.2.0 stored of an application.
    const APPLICATION: &str = r#"{"candidate":"can_01jdwz2v00f0080g40r30e2031",
        "job":"job_01jdwz2v00f0080g40r30e2031","stage":"stg_01jdwz2v00f0080g40r30e2031",
        "since":"2026-11-30T09:00:00Z","history":[{"stage":"stg_01jdwz2v00f0080g40r30e2031",
        "stage_name":"Applied","at":"2026-11-30T09:00:00Z","by":"Dana Reyes"}]}"#;

    #[test]
    fn an_application_from_before_there_were_states_is_active_and_written_as_it_was() {
        let record: ApplicationRecord = serde_json::from_str(APPLICATION).unwrap();
        assert_eq!(record.state(), ApplicationState::Active);
        assert_eq!(record.turned_down_at(), None);
        assert_eq!(record.entry, 0);
        let written = serde_json::to_value(&record).unwrap();
        let stored: serde_json::Value = serde_json::from_str(APPLICATION).unwrap();
        assert_eq!(written, stored);
    }

    #[test]
    fn a_job_from_before_there_was_a_switch_has_the_assistant_on_and_is_written_as_it_was() {
        let stored = json!({"title": "Designer", "open": true, "stages": [],
            "created_at": "2026-11-30T09:00:00Z"});
        let record: JobRecord = serde_json::from_value(stored.clone()).unwrap();
        assert!(record.assistant.is_on());
        assert_eq!(serde_json::to_value(&record).unwrap(), stored);
    }

    fn stored() -> StageRecord {
        serde_json::from_str(STORED).unwrap()
    }

    #[test]
    fn a_stage_of_an_earlier_version_is_read_and_written_as_it_was() {
        let record = stored();
        let plan = &record.interview;
        assert_eq!((plan.duration_minutes, plan.daily_cap), (60, 2));
        assert_eq!(plan.panel[0].rule, PanelRule::AnyOf);
        let written = serde_json::to_value(&record).unwrap();
        assert_eq!(
            written,
            serde_json::from_str::<serde_json::Value>(STORED).unwrap()
        );
        // On the wire it is what protocol 1 shows, and what came later.
        let mut shown = serde_json::to_value(plan.shown()).unwrap();
        for (name, usual) in [
            ("zoom_notes", json!(false)),
            ("approval_chosen", json!(true)),
            ("step_minutes", json!(15)),
            ("weekly_cap", json!(0)),
            (
                "night",
                json!({"hours": {"from_minute": 21 * 60, "to_minute": 7 * 60}}),
            ),
        ] {
            let later = shown.as_object_mut().unwrap().remove(name);
            assert_eq!(later, Some(usual), "{name}");
        }
        assert_eq!(shown, written["interview"]);
    }

    #[test]
    fn what_differs_from_a_new_stage_is_stored_and_read_again() {
        let plan = StagePlan {
            zone: Some("Asia/Kathmandu".to_owned()),
            step_minutes: 20,
            weekly_cap: 3,
            night: Night::Off,
            ..StagePlan::default()
        };
        let written = serde_json::to_value(&plan).unwrap();
        let later = ["zone", "step_minutes", "weekly_cap", "night"].map(|name| &written[name]);
        assert_eq!(
            later,
            [
                &json!("Asia/Kathmandu"),
                &json!(20),
                &json!(3),
                &json!("off")
            ]
        );
        let read: StagePlan = serde_json::from_value(written).unwrap();
        assert_eq!(read, plan);
    }

    #[test]
    fn a_setting_that_is_not_stored_is_that_of_a_new_stage() {
        let mut without: serde_json::Value = serde_json::from_str(STORED).unwrap();
        let plan = without["interview"].as_object_mut().unwrap();
        let names: Vec<String> = plan.keys().cloned().collect();
        let new = serde_json::to_value(StagePlan::default()).unwrap();
        for name in names {
            let mut older = without.clone();
            older["interview"].as_object_mut().unwrap().remove(&name);
            let read: StageRecord = serde_json::from_value(older).unwrap();
            let read = serde_json::to_value(&read.interview).unwrap();
            assert_eq!(read[&name], new[&name], "{name}");
        }
    }

    #[test]
    fn a_change_touches_what_it_says_and_null_is_a_new_stages_setting() {
        let changed = |change: serde_json::Value| {
            let mut plan = stored().interview;
            plan.apply(serde_json::from_value(change).unwrap());
            plan
        };
        let same = StagePlan {
            approval_chosen: true,
            ..stored().interview
        };
        assert_eq!(changed(json!({})), same);
        // What was saved before guidance was read is a note, and is read once it is saved again.
        let note = vec!["Be kind".to_owned()];
        assert_eq!(same.guidance_read().unwrap().notes, note);
        let guided = changed(json!({"guidance": "No Fridays. Be kind."}));
        let read = guided.guidance_read().unwrap();
        assert_eq!(read.chips, ["never Fri · their clock"]);
        assert_eq!(read.notes, ["Be kind"]);
        let again: StagePlan =
            serde_json::from_str(&serde_json::to_string(&guided).unwrap()).unwrap();
        assert_eq!(again, guided);
        let expected = StagePlan {
            approval_chosen: true,
            daily_cap: 4,
            zoom_user: None,
            notice_minutes: 24 * 60,
            guidance: String::new(),
            ..stored().interview
        };
        let change = json!({
            "daily_cap": 4, "zoom_user": null, "notice_minutes": null, "guidance": null,
        });
        assert_eq!(changed(change), expected);
    }

    /// `StageConfigure.interview` goes on meaning all of protocol 1's settings.
    #[test]
    fn a_whole_plan_sets_every_setting_of_protocol_1() {
        let mut plan = stored().interview;
        let chosen = |plan: StagePlan| StagePlan {
            approval_chosen: true,
            ..plan
        };
        plan.apply(StageInterview::default().into());
        assert_eq!(plan, chosen(StagePlan::default()));
        plan.apply(stored().interview.shown().into());
        assert_eq!(plan, chosen(stored().interview));
    }

    /// 0.2.0 stored `draft` for every stage, whether anybody had thought of it or not.
    #[test]
    fn how_emails_are_sent_is_chosen_by_somebody_or_was_in_force_before_anybody_was_asked() {
        let read = |ai: bool, approval: &str| -> StagePlan {
            serde_json::from_value(json!({"ai": ai, "approval": approval})).unwrap()
        };
        assert!(!read(false, "draft").has_approval());
        assert!(read(true, "draft").has_approval());
        assert!(read(false, "auto").has_approval());
        let changed = |mut plan: StagePlan, change: serde_json::Value| {
            plan.apply(serde_json::from_value(change).unwrap());
            plan
        };
        let off = changed(read(true, "draft"), json!({"ai": false}));
        assert!(off.has_approval(), "what was in force stays known");
        assert!(changed(read(false, "draft"), json!({"approval": "draft"})).has_approval());
        assert!(!changed(off, json!({"approval": null})).has_approval());
        let plan = changed(read(false, "draft"), json!({"approval": "shadow"}));
        let written = serde_json::to_value(&plan).unwrap();
        assert_eq!(written["approval"], "shadow");
        assert_eq!(serde_json::from_value::<StagePlan>(written).unwrap(), plan);
    }

    #[test]
    fn who_invites_is_the_zoom_user_where_nobody_else_is_named() {
        let (mina, sam) = (MemberId::new(), MemberId::new());
        let mut plan = StagePlan::default();
        assert_eq!(plan.organizes(), None);
        plan.zoom_user = Some(mina);
        assert_eq!(plan.organizes(), Some(mina));
        let change = json!({"organizer": sam});
        plan.apply(serde_json::from_value(change).unwrap());
        assert_eq!(plan.organizes(), Some(sam));
        plan.apply(serde_json::from_value(json!({"organizer": null})).unwrap());
        assert_eq!(plan.organizes(), Some(mina));
    }
}
