//! Owns a meeting as Zoom has it, and its shapes on the wire.
//!
//! Pure: values in, values out. What a request turns into is decided in `rules`, what is refused in
//! `draft`, after the account's `passcode` rules and Zoom's list of `zones`.

mod draft;
mod passcode;
mod rules;
mod zones;

pub(super) use draft::{Account as AccountRules, Draft, FieldError};
use jiff::{SignedDuration, Timestamp};
pub use passcode::PasscodeRules;
pub(super) use rules::{Policy, Rules};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::clock::{later, written};

/// The list shows no more of an agenda than this, in characters.
const LISTED_AGENDA: usize = 250;
/// A one-off id dies this long after the meeting's end.
const ID_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A meeting's settings, as far as interviews touch them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The host's camera is on at the start.
    pub host_video: bool,
    /// Everyone's camera is on at the start.
    pub participant_video: bool,
    /// Everyone enters muted.
    pub mute_upon_entry: bool,
    /// People may enter before the host. Never together with the waiting room.
    pub join_before_host: bool,
    /// How many minutes before: 0 (any), 5, 10 or 15.
    pub jbh_time: u16,
    /// People wait until they are let in.
    pub waiting_room: bool,
    /// Only signed-in users may enter.
    pub meeting_authentication: bool,
    /// 2: no registration.
    pub approval_type: u8,
    /// `local`, `cloud` or `none`.
    pub auto_recording: String,
    /// Hosts besides the host, addresses separated by `;`.
    pub alternative_hosts: String,
    /// Zoom mails hosts and schedulers.
    pub email_notification: bool,
    /// The host's personal id. The sandbox never gives one.
    pub use_pmi: bool,
    /// Hidden from the host's calendar.
    pub private_meeting: bool,
    /// `enhanced_encryption` or `e2ee`.
    pub encryption_type: String,
    /// The AI Companion's summary starts on its own.
    pub auto_start_meeting_summary: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host_video: false,
            participant_video: false,
            mute_upon_entry: false,
            join_before_host: false,
            jbh_time: 0,
            waiting_room: false,
            meeting_authentication: false,
            approval_type: 2,
            auto_recording: "none".to_owned(),
            alternative_hosts: String::new(),
            email_notification: true,
            use_pmi: false,
            private_meeting: false,
            encryption_type: "enhanced_encryption".to_owned(),
            auto_start_meeting_summary: false,
        }
    }
}

/// A meeting as Zoom has it.
#[derive(Debug, Clone, Serialize)]
pub struct Meeting {
    /// Ten or eleven digits.
    pub id: u64,
    /// Base64 with padding; may begin with `/`.
    pub uuid: String,
    /// The host's Zoom id.
    pub host_id: String,
    /// The host's address.
    pub host_email: String,
    /// The title.
    pub topic: String,
    /// 1 instant, 2 scheduled, 3 and 8 recurring, 10 share only.
    #[serde(rename = "type")]
    pub kind: u8,
    /// The beginning.
    pub start_time: Timestamp,
    /// Minutes.
    pub duration: i64,
    /// IANA zone.
    pub timezone: String,
    /// The description.
    pub agenda: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The passcode; empty is none.
    pub password: String,
    /// What stands for the passcode in links.
    pub encrypted_password: String,
    /// People are in it right now.
    pub started: bool,
    /// The settings after Zoom's own rules.
    pub settings: Settings,
    /// The AI Companion's summary of the coming instance, Markdown, once there is one.
    pub summary: Option<String>,
    /// When it is held, where it is recurring at fixed times.
    pub occurrences: Vec<Timestamp>,
    /// Every time somebody opened the room and it ended again, the first one first.
    pub instances: Vec<Instance>,
}

/// One past instance of a meeting: the room was opened, and ended.
#[derive(Debug, Clone, Serialize)]
pub struct Instance {
    /// Its own UUID; may begin with `/`.
    pub uuid: String,
    /// When the room was opened.
    pub start_time: Timestamp,
    /// The AI Companion's summary of it.
    pub summary: Option<String>,
}

impl Meeting {
    /// Whether its id still means anything.
    pub(super) fn is_known_at(&self, now: Timestamp) -> bool {
        now < later(self.ends(), ID_LIFETIME)
    }

    /// The planned end.
    pub(super) fn ends(&self) -> Timestamp {
        later(self.start_time, SignedDuration::from_mins(self.duration))
    }

    /// The address people join by.
    pub(super) fn join_url(&self, base: &str) -> String {
        if self.password.is_empty() {
            return format!("{base}/j/{}", self.id);
        }
        format!("{base}/j/{}?pwd={}.1", self.id, self.encrypted_password)
    }

    /// The answer to create and get. `host_key` lets its holder start the meeting as host.
    pub(super) fn whole(&self, base: &str, host_key: &str) -> Value {
        let mut body = json!({
            "uuid": self.uuid,
            "id": self.id,
            "host_id": self.host_id,
            "host_email": self.host_email,
            "assistant_id": "",
            "topic": self.topic,
            "type": self.kind,
            "status": if self.started { "started" } else { "waiting" },
            "start_time": written(self.start_time),
            "duration": self.duration,
            "timezone": self.timezone,
            "agenda": self.agenda,
            "created_at": written(self.created_at),
            "start_url": format!("{base}/s/{}?zak={host_key}", self.id),
            "join_url": self.join_url(base),
            "pre_schedule": false,
            "creation_source": "open_api",
            "settings": self.settings,
        });
        // What has no fixed time is sent without one (ZoomNet 223).
        if matches!(self.kind, 3 | 8) {
            if let Some(body) = body.as_object_mut() {
                body.remove("start_time");
            }
            body["recurrence"] = json!({ "type": 2, "repeat_interval": 1 });
        }
        if self.kind == 3 {
            body["duration"] = json!(0);
        }
        if self.kind == 8 {
            let occurrences = self.occurrences.iter().map(|start| {
                json!({
                    "occurrence_id": start.as_millisecond().to_string(),
                    "start_time": written(*start),
                    "duration": self.duration,
                    "status": "available",
                })
            });
            body["occurrences"] = occurrences.collect();
        }
        if !self.password.is_empty() {
            body["password"] = json!(self.password);
            body["h323_password"] = json!(self.password);
            body["pstn_password"] = json!(self.password);
            body["encrypted_password"] = json!(self.encrypted_password);
        }
        body
    }

    /// Its row in a list: no passcode, no start address, the agenda cut.
    pub(super) fn row(&self, base: &str) -> Value {
        json!({
            "uuid": self.uuid,
            "id": self.id,
            "host_id": self.host_id,
            "topic": self.topic,
            "type": self.kind,
            "start_time": written(self.start_time),
            "duration": self.duration,
            "timezone": self.timezone,
            "agenda": self.agenda.chars().take(LISTED_AGENDA).collect::<String>(),
            "created_at": written(self.created_at),
            "join_url": format!("{base}/j/{}", self.id),
        })
    }
}
