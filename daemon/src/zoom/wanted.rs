//! ★ Owns what is sent to Zoom about a meeting, with every setting said explicitly: what the API
//! makes inherits only some of its host's settings (README, "Meetings").

use greenroom_protocol::time::Instant;
use serde::Serialize;

use super::zone;

/// Zoom's limits for texts, in characters.
const TOPIC_CHARS: usize = 200;
const AGENDA_CHARS: usize = 2000;

/// Zoom's type of a meeting that happens once, at a set time.
const SCHEDULED: u32 = 2;

/// A meeting that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingPlan {
    /// What it is about; cut at 200 characters.
    pub topic: String,
    /// When it begins.
    pub start: Instant,
    /// The IANA zone it is shown in.
    pub zone: String,
    /// How long, in minutes, 1 to 1440.
    pub minutes: u32,
    /// What it is found by again: stands first in the agenda.
    pub mark: String,
    /// The rest of the agenda; cut at 2000 characters with the mark.
    pub agenda: String,
    /// The passcode; see [`super::passcode::strong`].
    pub passcode: String,
    /// Whether Zoom is to write a summary of it.
    pub notes: bool,
}

/// The body of a create. Field names are Zoom's.
#[derive(Serialize)]
pub(super) struct Create<'a> {
    topic: String,
    #[serde(rename = "type")]
    kind: u32,
    start_time: Instant,
    timezone: &'a str,
    duration: u32,
    agenda: String,
    password: &'a str,
    default_password: bool,
    settings: Settings,
}

#[derive(Serialize)]
struct Settings {
    join_before_host: bool,
    jbh_time: u32,
    waiting_room: bool,
    use_pmi: bool,
    approval_type: u32,
    meeting_authentication: bool,
    email_notification: bool,
    alternative_hosts_email_notification: bool,
    auto_recording: &'static str,
    auto_start_meeting_summary: bool,
}

/// The one setting that every update says: people read in their invitation
/// whether Zoom writes a summary.
#[derive(Serialize)]
struct Notes {
    auto_start_meeting_summary: bool,
}

/// What an update says of the settings.
#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    All(Settings),
    Notes(Notes),
}

/// The body of an update. Field names are Zoom's.
#[derive(Serialize)]
pub(super) struct Update<'a> {
    topic: String,
    /// Said only where somebody changed it.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<u32>,
    start_time: Instant,
    timezone: &'a str,
    duration: u32,
    agenda: String,
    /// All of them only where somebody changed them: what a host set on purpose stays.
    settings: Said,
}

impl Settings {
    /// What an interview needs: people get in with the link alone, before the host too.
    const fn ours(notes: bool) -> Self {
        Self {
            join_before_host: true,
            jbh_time: 0,
            waiting_room: false,
            use_pmi: false,
            approval_type: 2,
            meeting_authentication: false,
            email_notification: false,
            alternative_hosts_email_notification: false,
            auto_recording: "none",
            // Left out, it would be as the host's own settings say (README, "Meetings").
            auto_start_meeting_summary: notes,
        }
    }
}

impl<'a> From<&'a MeetingPlan> for Create<'a> {
    fn from(plan: &'a MeetingPlan) -> Self {
        Self {
            topic: topic(plan),
            kind: SCHEDULED,
            start_time: plan.start,
            timezone: zone::zooms(&plan.zone, plan.start),
            duration: plan.minutes,
            agenda: agenda(plan),
            password: &plan.passcode,
            default_password: false,
            settings: Settings::ours(plan.notes),
        }
    }
}

impl<'a> Update<'a> {
    /// How a meeting is to be now; with its settings where those are to change too.
    pub(super) fn of(plan: &'a MeetingPlan, settings: bool) -> Self {
        Self {
            topic: topic(plan),
            kind: settings.then_some(SCHEDULED),
            start_time: plan.start,
            timezone: zone::zooms(&plan.zone, plan.start),
            duration: plan.minutes,
            agenda: agenda(plan),
            settings: match settings {
                true => Said::All(Settings::ours(plan.notes)),
                false => Said::Notes(Notes {
                    auto_start_meeting_summary: plan.notes,
                }),
            },
        }
    }
}

fn topic(plan: &MeetingPlan) -> String {
    let words = plan.topic.chars().filter(|it| !it.is_control());
    words.take(TOPIC_CHARS).collect()
}

fn agenda(plan: &MeetingPlan) -> String {
    let text = format!("{}\n{}", plan.mark, plan.agenda);
    text.trim_end().chars().take(AGENDA_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> MeetingPlan {
        MeetingPlan {
            topic: "Interview\u{1b}[2J with Zoë".into(),
            start: Instant::from_second(1_800_014_400),
            zone: "Europe/Berlin".into(),
            minutes: 45,
            mark: "int_x".into(),
            agenda: "é".repeat(3000),
            passcode: "aB3-eF6@hJ".into(),
            notes: false,
        }
    }

    #[test]
    fn the_request_says_every_setting_that_matters() {
        let body = serde_json::to_value(Create::from(&plan())).unwrap();
        assert_eq!(body["topic"], "Interview[2J with Zoë");
        assert_eq!(body["type"], 2);
        assert_eq!(body["start_time"], "2027-01-15T12:00:00Z");
        assert_eq!(body["timezone"], "Europe/Berlin");
        assert_eq!(body["settings"]["waiting_room"], false);
        assert_eq!(body["settings"]["join_before_host"], true);
        assert_eq!(body["settings"]["use_pmi"], false);
        assert_eq!(body["settings"]["auto_start_meeting_summary"], false);
        let agenda = body["agenda"].as_str().unwrap();
        assert!(agenda.starts_with("int_x\né"));
        assert_eq!(agenda.chars().count(), AGENDA_CHARS);
    }

    #[test]
    fn an_update_says_of_the_settings_only_the_notes_unless_all_are_wanted() {
        let plan = MeetingPlan {
            notes: true,
            ..plan()
        };
        let settings = |all| {
            let body = serde_json::to_value(Update::of(&plan, all)).unwrap();
            body["settings"].clone()
        };
        let notes = serde_json::json!({"auto_start_meeting_summary": true});
        assert_eq!(settings(false), notes);
        assert_eq!(settings(true)["auto_start_meeting_summary"], true);
        assert_eq!(settings(true)["waiting_room"], false);
    }
}
