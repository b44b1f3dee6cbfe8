//! Owns the body of a create or update call: reading it, and the complaints Zoom has about its
//! fields.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::passcode::PasscodeRules;
use super::zones::ZONES;

/// A field Zoom does not accept, as its answer names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::sandbox::zoom) struct FieldError {
    field: &'static str,
    message: String,
}

/// A request to create or change a meeting. Nothing is required.
#[derive(Debug, Default, Deserialize)]
pub(in crate::sandbox::zoom) struct Draft {
    pub(super) topic: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<u8>,
    start_time: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) duration: Option<i64>,
    pub(super) agenda: Option<String>,
    pub(super) password: Option<String>,
    pub(super) default_password: Option<bool>,
    pub(in crate::sandbox::zoom) schedule_for: Option<String>,
    #[serde(default)]
    pub(super) settings: SettingsDraft,
}

/// The settings a request names; the others stay as they are.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SettingsDraft {
    pub(super) host_video: Option<bool>,
    pub(super) participant_video: Option<bool>,
    pub(super) mute_upon_entry: Option<bool>,
    pub(super) join_before_host: Option<bool>,
    pub(super) jbh_time: Option<u16>,
    pub(super) waiting_room: Option<bool>,
    pub(super) meeting_authentication: Option<bool>,
    pub(super) approval_type: Option<u8>,
    pub(super) auto_recording: Option<String>,
    pub(super) alternative_hosts: Option<String>,
    pub(super) email_notification: Option<bool>,
    pub(super) private_meeting: Option<bool>,
    pub(super) encryption_type: Option<String>,
    pub(super) auto_start_meeting_summary: Option<bool>,
}

/// What a host's account says about a request.
pub(in crate::sandbox::zoom) struct Account<'a> {
    /// The host's zone.
    pub(in crate::sandbox::zoom) zone: &'a str,
    pub(in crate::sandbox::zoom) passcodes: &'a PasscodeRules,
    /// Addresses of those who may be alternative hosts.
    pub(in crate::sandbox::zoom) colleagues: Vec<String>,
}

impl Draft {
    /// What Zoom would complain about; empty is good.
    pub(in crate::sandbox::zoom) fn complaints(&self, account: &Account<'_>) -> Vec<FieldError> {
        let settings = &self.settings;
        let longer = |text: &Option<String>, limit| {
            text.as_ref()
                .is_some_and(|text| text.chars().count() > limit)
        };
        let unlisted = |value: &Option<String>, listed: &[&str]| {
            value
                .as_ref()
                .is_some_and(|value| !listed.contains(&value.as_str()))
        };
        let zone = self.timezone.as_deref().unwrap_or(account.zone);
        let checks = [
            ("topic", longer(&self.topic, 200)),
            ("agenda", longer(&self.agenda, 2000)),
            (
                "type",
                self.kind
                    .is_some_and(|kind| ![1, 2, 3, 8, 10].contains(&kind)),
            ),
            (
                "duration",
                self.duration
                    .is_some_and(|minutes| !(1..=1440).contains(&minutes)),
            ),
            (
                "timezone",
                self.timezone
                    .as_deref()
                    .is_some_and(|zone| !ZONES.contains(&zone)),
            ),
            (
                "start_time",
                self.start_time.is_some() && self.start(zone).is_none(),
            ),
            (
                "settings.jbh_time",
                settings
                    .jbh_time
                    .is_some_and(|minutes| ![0, 5, 10, 15].contains(&minutes)),
            ),
            (
                "settings.auto_recording",
                unlisted(&settings.auto_recording, &["local", "cloud", "none"]),
            ),
            (
                "settings.encryption_type",
                unlisted(&settings.encryption_type, &["enhanced_encryption", "e2ee"]),
            ),
            (
                "settings.approval_type",
                settings.approval_type.is_some_and(|kind| kind > 2),
            ),
        ];
        let wrong = checks.into_iter().filter(|(_, wrong)| *wrong);
        let wrong = wrong.map(|(field, _)| FieldError::on(field));
        wrong
            .chain(self.passcode_complaint(account))
            .chain(self.stranger(account))
            .collect()
    }

    /// An empty passcode is none.
    fn passcode_complaint(&self, account: &Account<'_>) -> Option<FieldError> {
        let code = self.password.as_deref().filter(|code| !code.is_empty())?;
        let message = account.passcodes.complaint(code)?;
        Some(FieldError {
            field: "password",
            message,
        })
    }

    /// An alternative host who is none of the account.
    fn stranger(&self, account: &Account<'_>) -> Option<FieldError> {
        let named = self.settings.alternative_hosts.as_deref()?;
        let mut named = named
            .split([';', ','])
            .map(|name| name.trim().to_lowercase());
        let stranger = named.find(|name| !name.is_empty() && !account.colleagues.contains(name))?;
        Some(FieldError {
            field: "settings.alternative_hosts",
            message: format!("User does not exist or is not an alternative host: {stranger}."),
        })
    }

    /// The beginning asked for: `…Z` is UTC, without it the digits are local in the zone.
    pub(super) fn start(&self, zone: &str) -> Option<Timestamp> {
        let text = self.start_time.as_deref()?;
        if text.ends_with('Z') {
            return text.parse().ok();
        }
        let local = DateTime::strptime("%Y-%m-%dT%H:%M:%S", text).ok()?;
        let zone = TimeZone::get(self.timezone.as_deref().unwrap_or(zone)).ok()?;
        Some(local.to_zoned(zone).ok()?.timestamp())
    }
}

impl FieldError {
    fn on(field: &'static str) -> Self {
        let name = field.rsplit('.').next().unwrap_or(field);
        Self {
            field,
            message: format!("Invalid parameter: {name}."),
        }
    }
}
