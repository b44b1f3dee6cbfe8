//! Owns the calls about meetings, with every setting said explicitly: what the API makes inherits
//! only some of its host's settings (zoom-api §3.3).
//!
//! `start_url` lets anyone who has it in as the host. There is no field for it anywhere here.
//! Nothing repeats a create: the caller decides what a lost answer means.

use greenroom_protocol::interview::INTERVIEW_MINUTES;
use greenroom_protocol::text::printable;
use greenroom_protocol::time::Instant;
use reqwest::Method;
use serde::{Deserialize, Deserializer, Serialize};

use super::inner::Inner;
use crate::grants::ConnectionId;
use crate::zoom::api::{self, Call};
use crate::zoom::outcome::Outcome;
use crate::zoom::zone;

/// Rows of one page of a list; Zoom's most.
const PAGE: &str = "300";

/// Pages of one search; more upcoming meetings than any host has.
const MOST_PAGES: usize = 20;

/// Zoom's limits for texts, in characters.
const TOPIC_CHARS: usize = 200;
const AGENDA_CHARS: usize = 2000;

/// Zoom's type of a meeting that happens once, at a set time.
const SCHEDULED: u32 = 2;

/// What is kept of a text of a meeting, in characters.
const LONGEST_TEXT: usize = 2000;

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
}

/// A meeting as Zoom tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ZoomMeeting {
    /// Zoom's number for it.
    pub id: u64,
    /// Zoom's identifier of this instance.
    #[serde(default, deserialize_with = "told")]
    pub uuid: String,
    /// What it is about.
    #[serde(default, deserialize_with = "told")]
    pub topic: String,
    /// 2: once, at a time.
    #[serde(default, rename = "type")]
    pub kind: u32,
    /// When it begins, where Zoom says so: a recurring meeting without a fixed time has no time.
    #[serde(default, deserialize_with = "moment")]
    pub start_time: Option<Instant>,
    /// How long, in minutes, where Zoom says a length that a meeting can have.
    #[serde(default, deserialize_with = "minutes")]
    pub duration: Option<u32>,
    /// When the occurrences of a recurring meeting with fixed times start.
    #[serde(default)]
    pub occurrences: Vec<Occurrence>,
    /// The zone it is shown in.
    #[serde(default, deserialize_with = "told_if_any")]
    pub timezone: Option<String>,
    /// The agenda; in lists only its beginning.
    #[serde(default)]
    pub agenda: String,
    /// When it was made.
    pub created_at: Option<Instant>,
    /// The link to join.
    #[serde(default, deserialize_with = "told")]
    pub join_url: String,
    /// The passcode; not in lists.
    #[serde(default, deserialize_with = "told_if_any")]
    pub password: Option<String>,
    /// Settings; not in lists.
    pub settings: Option<MeetingSettings>,
}

/// One time of a recurring meeting.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Occurrence {
    /// When it begins.
    #[serde(default, deserialize_with = "moment")]
    pub start_time: Option<Instant>,
    /// `available`, or `deleted`.
    #[serde(default, deserialize_with = "told")]
    pub status: String,
}

impl ZoomMeeting {
    /// Whether it is what we make: once, at a fixed time. Zoom's other types are 1 instant, 3
    /// recurring without a fixed time, 4 the host's personal room, 8 recurring at fixed times,
    /// 10 screen share only (Zoom's Meetings API). One that Zoom does not tell is not judged.
    #[must_use]
    pub fn is_scheduled(&self) -> bool {
        matches!(self.kind, 0 | 2)
    }
}

/// A moment, where there is one that can be read: Zoom leaves it out, or empty, where a meeting has
/// none.
fn moment<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Instant>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(input)?;
    let moment = |value: serde_json::Value| value.as_str()?.parse::<jiff::Timestamp>().ok();
    Ok(value.and_then(moment).map(Instant::from))
}

/// A length that a meeting can have; 0, which recurring meetings are sent with, is none.
fn minutes<'de, D: Deserializer<'de>>(input: D) -> Result<Option<u32>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(input)?;
    let minutes = value.and_then(|value| u32::try_from(value.as_u64()?).ok());
    Ok(minutes.filter(|minutes| INTERVIEW_MINUTES.contains(minutes)))
}

/// A text that people are shown; Zoom's are within a few hundred characters.
fn told<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    Ok(printable(&String::deserialize(input)?, LONGEST_TEXT))
}

fn told_if_any<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(input)?;
    Ok(text.map(|text| printable(&text, LONGEST_TEXT)))
}

/// The settings that matter to a candidate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MeetingSettings {
    /// People may join before the host.
    pub join_before_host: Option<bool>,
    /// People wait until they are let in.
    pub waiting_room: Option<bool>,
    /// It is the host's personal room.
    pub use_pmi: Option<bool>,
    /// 2: nobody has to register.
    pub approval_type: Option<u32>,
    /// Only people signed in at Zoom.
    pub meeting_authentication: Option<bool>,
    /// How many minutes before the start people may join before the host; 0: at any time.
    pub jbh_time: Option<u32>,
    /// `local`, `cloud` or `none`.
    #[serde(deserialize_with = "told_if_any")]
    pub auto_recording: Option<String>,
    /// The AI Companion's summary starts without the host.
    pub auto_start_meeting_summary: Option<bool>,
}

/// Makes a meeting.
pub(crate) async fn create(
    inner: &Inner,
    who: ConnectionId,
    plan: &MeetingPlan,
) -> Outcome<ZoomMeeting> {
    let body = Create::from(plan);
    api::call(
        inner,
        who,
        &Call::with_body(Method::POST, &["users", "me", "meetings"], &body),
    )
    .await
}

/// Tells Zoom how a meeting is to be now: what it is about, when and how long. Link and passcode
/// stay. Zoom ignores a start that has passed without a word (zoom-api §3.5), so it is read back
/// afterwards.
pub(crate) async fn update(
    inner: &Inner,
    who: ConnectionId,
    id: u64,
    plan: &MeetingPlan,
    settings: bool,
) -> Outcome<()> {
    let body = Update {
        topic: topic(plan),
        kind: settings.then_some(SCHEDULED),
        start_time: plan.start,
        timezone: zone::zooms(&plan.zone, plan.start),
        duration: plan.minutes,
        agenda: agenda(plan),
        settings: settings.then(Settings::ours),
    };
    let path = ["meetings", &id.to_string()];
    api::call(inner, who, &Call::with_body(Method::PATCH, &path, &body)).await
}

/// Reads a meeting.
pub(crate) async fn get(inner: &Inner, who: ConnectionId, id: u64) -> Outcome<ZoomMeeting> {
    api::call(
        inner,
        who,
        &Call::new(Method::GET, &["meetings", &id.to_string()]),
    )
    .await
}

/// Deletes a meeting. Zoom mails nobody about it.
pub(crate) async fn delete(inner: &Inner, who: ConnectionId, id: u64) -> Outcome<()> {
    let query = [
        ("schedule_for_reminder", "false"),
        ("cancel_meeting_reminder", "false"),
    ];
    let path = ["meetings", &id.to_string()];
    api::call(inner, who, &Call::new(Method::DELETE, &path).query(&query)).await
}

/// Reads the AI Companion's summary of one instance of a meeting. Zoom wants a uuid that begins
/// with a slash, or has two in a row, encoded twice (zoom-api §3.9).
pub(crate) async fn summary(inner: &Inner, who: ConnectionId, uuid: &str) -> Outcome<String> {
    let segment = match uuid.starts_with('/') || uuid.contains("//") {
        true => url::form_urlencoded::byte_serialize(uuid.as_bytes()).collect(),
        false => uuid.to_owned(),
    };
    let path = ["meetings", segment.as_str(), "meeting_summary"];
    let answer: Outcome<Summary> = api::call(inner, who, &Call::new(Method::GET, &path)).await;
    answer.map(|summary| summary.summary_content)
}

/// Past instances of one meeting that are read; more than any interview has.
const MOST_INSTANCES: usize = 50;

/// The past instances of a meeting: each time its room was opened and ended. Each has a uuid of its
/// own, and a summary of its own. Needs the optional scope.
pub(crate) async fn instances(
    inner: &Inner,
    who: ConnectionId,
    id: u64,
) -> Outcome<Vec<PastInstance>> {
    let path = ["past_meetings", &id.to_string(), "instances"];
    let answer: Outcome<Instances> = api::call(inner, who, &Call::new(Method::GET, &path)).await;
    answer.map(|answer| {
        let mut found = answer.meetings;
        found.retain(|instance| !instance.uuid.is_empty());
        found.truncate(MOST_INSTANCES);
        found
    })
}

/// One time the room of a meeting was opened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PastInstance {
    /// Zoom's identifier of it.
    #[serde(default, deserialize_with = "told")]
    pub uuid: String,
    /// When it was opened.
    #[serde(default, deserialize_with = "moment")]
    pub start_time: Option<Instant>,
}

#[derive(Deserialize)]
struct Instances {
    #[serde(default)]
    meetings: Vec<PastInstance>,
}

#[derive(Deserialize)]
struct Summary {
    #[serde(default)]
    summary_content: String,
}

/// The host's meetings to come that carry `mark`, the one made first in front. Needs the list
/// scope.
pub(crate) async fn marked(
    inner: &Inner,
    who: ConnectionId,
    mark: &str,
) -> Outcome<Vec<ZoomMeeting>> {
    let (mut found, mut next) = (Vec::new(), String::new());
    for _ in 0..MOST_PAGES {
        // "scheduled" rather than "upcoming": a search must also find one whose time has just
        // passed.
        let mut query = vec![("type", "scheduled"), ("page_size", PAGE)];
        if !next.is_empty() {
            query.push(("next_page_token", &next));
        }
        let path = ["users", "me", "meetings"];
        let page: Outcome<ListPage> =
            api::call(inner, who, &Call::new(Method::GET, &path).query(&query)).await;
        let page = match page {
            Outcome::Done(page) => page,
            other => return other.map(|_| Vec::new()),
        };
        found.extend(
            page.meetings
                .into_iter()
                .filter(|meeting| meeting.agenda.starts_with(mark)),
        );
        if page.next_page_token.is_empty() {
            found.sort_by_key(|meeting| (meeting.created_at, meeting.id));
            return Outcome::Done(found);
        }
        next = page.next_page_token;
    }
    Outcome::Lost("Zoom's list of meetings did not end".into())
}

#[derive(Deserialize)]
struct ListPage {
    #[serde(default)]
    next_page_token: String,
    #[serde(default)]
    meetings: Vec<ZoomMeeting>,
}

/// The body of a create. Field names are Zoom's.
#[derive(Serialize)]
struct Create<'a> {
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
}

/// The body of an update. Field names are Zoom's.
#[derive(Serialize)]
struct Update<'a> {
    topic: String,
    /// Said only where somebody changed it.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<u32>,
    start_time: Instant,
    timezone: &'a str,
    duration: u32,
    agenda: String,
    /// Said only where somebody changed them: what a host set on purpose stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<Settings>,
}

impl Settings {
    /// What an interview needs: people get in with the link alone, before the host too.
    const fn ours() -> Self {
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
            settings: Settings::ours(),
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
        let agenda = body["agenda"].as_str().unwrap();
        assert!(agenda.starts_with("int_x\né"));
        assert_eq!(agenda.chars().count(), AGENDA_CHARS);
    }

    #[test]
    fn nothing_of_a_start_url_is_kept() {
        let body = r#"{"id":92674392836,"start_url":"https://zoom.example/s/1?zak=k","join_url":"j",
            "start_time":"2026-12-01T09:00:00Z","password":"p","settings":{"waiting_room":true}}"#;
        let meeting: ZoomMeeting = serde_json::from_str(body).unwrap();
        assert_eq!(meeting.id, 92_674_392_836);
        assert!(!format!("{meeting:?}").contains("zak"));
    }

    #[test]
    fn a_meetings_texts_steer_no_terminal() {
        let body = r#"{"id":1,"uuid":"a\u0000=","join_url":"https://zoom.example/j/1\u001b]52;","password":"p\n1"}"#;
        let meeting: ZoomMeeting = serde_json::from_str(body).unwrap();
        assert_eq!(meeting.uuid, "a=");
        assert_eq!(meeting.join_url, "https://zoom.example/j/1]52;");
        assert_eq!(meeting.password.as_deref(), Some("p1"));
    }
}
