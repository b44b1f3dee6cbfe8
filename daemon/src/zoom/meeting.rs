//! ★ Owns a meeting as Zoom tells it (README, "Meetings").
//!
//! `start_url` lets its holder in as the host. There is no field for it anywhere here.

use greenroom_protocol::interview::INTERVIEW_MINUTES;
use greenroom_protocol::text::printable;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Deserializer};

/// What is kept of a text of a meeting, in characters.
const LONGEST_TEXT: usize = 2000;

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

#[cfg(test)]
mod tests {
    use super::*;

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
