//! Owns who exists at Zoom: accounts with their rules, users, and the app that asks for access.
//!
//! Plain values. What follows from them (who may consent, what a meeting becomes) is decided
//! elsewhere.

use serde::{Deserialize, Serialize};

use super::meeting::PasscodeRules;

/// Every scope of a user-managed app that the sandbox knows, with what its consent page says.
pub const SCOPES: [(&str, &str); 10] = [
    ("meeting:read:meeting", "View a meeting"),
    ("meeting:write:meeting", "Create a meeting for a user"),
    ("meeting:update:meeting", "Update a meeting"),
    ("meeting:delete:meeting", "Delete a meeting"),
    ("user:read:user", "View a user"),
    ("meeting:read:summary", "View a meeting's summary"),
    ("meeting:read:list_meetings", "View a user's meetings"),
    (
        "meeting:read:list_past_instances",
        "View a past meeting's instances",
    ),
    ("user:read:settings", "View a user's settings"),
    ("meeting:update:status", "Update a meeting's status"),
];

/// What an account pays for; it sets the rate limits and what its meetings may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// No payment: the lowest limits, and a passcode on every meeting.
    Free,
    /// Pro.
    Pro,
    /// Business and above.
    Business,
}

/// Whether new meetings get a passcode when none was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passcodes {
    /// Never on its own.
    Off,
    /// Unless the request says `default_password: false`.
    #[default]
    ByDefault,
    /// Always; the request cannot prevent it.
    Locked,
}

/// Settings that the account's admin locked: whatever is asked for, they are so (mod_zoom 281).
/// `None`: not locked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Locked {
    /// People wait until they are let in.
    pub waiting_room: Option<bool>,
    /// People may enter before the host.
    pub join_before_host: Option<bool>,
    /// How many minutes before: 0 (any), 5, 10 or 15.
    pub jbh_time: Option<u16>,
    /// Only signed-in users may enter.
    pub meeting_authentication: Option<bool>,
    /// `local`, `cloud` or `none`.
    pub auto_recording: Option<String>,
    /// The AI Companion's summary starts on its own.
    pub auto_start_meeting_summary: Option<bool>,
}

/// A Zoom account: the company, or one person's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What it pays for.
    pub plan: Plan,
    /// An admin has to approve an app before anyone can authorize it.
    #[serde(default)]
    pub needs_approval: bool,
    /// The admin locked the waiting room on: whatever is asked for, it is on.
    #[serde(default)]
    pub force_waiting_room: bool,
    /// Passcodes on new meetings.
    #[serde(default)]
    pub passcodes: Passcodes,
    /// Settings the admin locked.
    #[serde(default)]
    pub locked: Locked,
    /// What passcodes must be like.
    #[serde(default)]
    pub passcode_rules: PasscodeRules,
}

impl Account {
    /// An account without rules of its own.
    pub fn new(id: impl Into<String>, plan: Plan) -> Self {
        let passcodes = match plan {
            Plan::Free => Passcodes::Locked,
            Plan::Pro | Plan::Business => Passcodes::ByDefault,
        };
        Self {
            id: id.into(),
            plan,
            needs_approval: false,
            force_waiting_room: false,
            locked: Locked::default(),
            passcodes,
            passcode_rules: PasscodeRules::default(),
        }
    }
}

/// A user's licence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// Type 1: meetings end after 40 minutes.
    Basic,
    /// Type 2.
    #[default]
    Licensed,
}

impl Licence {
    /// The number Zoom writes for it.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Basic => 1,
            Self::Licensed => 2,
        }
    }
}

/// Someone with a Zoom login.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// The address they sign in with, in lower case.
    pub email: String,
    /// Zoom's id; made up when empty.
    #[serde(default)]
    pub id: String,
    /// The account they belong to.
    #[serde(default = "home_account")]
    pub account: String,
    /// Shown to others; made from the address when empty.
    #[serde(default)]
    pub display_name: String,
    /// Their licence.
    #[serde(default)]
    pub licence: Licence,
    /// Their IANA zone.
    #[serde(default = "utc")]
    pub timezone: String,
    /// The only scopes a consent of theirs grants; `None` is whatever the app asks for.
    #[serde(default)]
    pub only_scopes: Option<Vec<String>>,
    /// False: Zoom answers 3161 when a meeting is made for them.
    #[serde(default = "yes")]
    pub may_host: bool,
    /// Their setting: the AI Companion may write summaries. Only a licensed user of an account
    /// that pays has it, and an admin may have locked it.
    #[serde(default = "yes")]
    pub summaries: bool,
    /// Their setting: summaries start on their own in meetings that do not say otherwise.
    #[serde(default)]
    pub auto_summaries: bool,
}

impl User {
    /// A licensed user of the account `acme`, their name made from the address.
    pub fn new(email: &str) -> Self {
        Self {
            email: email.to_lowercase(),
            id: String::new(),
            account: home_account(),
            display_name: String::new(),
            licence: Licence::default(),
            timezone: utc(),
            only_scopes: None,
            may_host: true,
            summaries: true,
            auto_summaries: false,
        }
    }

    /// The same user with this licence.
    #[must_use]
    pub fn licensed_as(self, licence: Licence) -> Self {
        Self { licence, ..self }
    }

    /// The same user in another account.
    #[must_use]
    pub fn of_account(self, account: &str) -> Self {
        Self {
            account: account.to_owned(),
            ..self
        }
    }

    /// The same user, whose consents grant only these.
    #[must_use]
    pub fn granting_only(self, scopes: &[&str]) -> Self {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Self {
            only_scopes: Some(scopes),
            ..self
        }
    }

    /// Whether the AI Companion may write summaries of their meetings: in the plan, turned on, and
    /// not locked off.
    pub(super) fn may_have_summaries(&self, account: &Account) -> bool {
        let in_plan = self.licence == Licence::Licensed && account.plan != Plan::Free;
        let locked = account.locked.auto_start_meeting_summary;
        in_plan && locked != Some(false) && (self.summaries || locked == Some(true))
    }
}

/// Who may authorize an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Users of the developer's own account, no one else.
    Private {
        /// That account's id.
        account: String,
    },
    /// Anyone with a Zoom login.
    Published,
}

/// One Marketplace app with its two client ids.
#[derive(Clone)]
pub struct App {
    /// Its name on the consent page.
    pub name: String,
    /// The id without a secret, for PKCE.
    pub public_client_id: String,
    /// The id that goes with the secret.
    pub client_id: String,
    /// The secret.
    pub client_secret: String,
    /// Registered redirect addresses. The port of a 127.0.0.1 address is ignored.
    pub redirects: Vec<String>,
    /// The scopes it asks for.
    pub scopes: Vec<String>,
    /// Who may authorize it.
    pub distribution: Distribution,
}

fn home_account() -> String {
    "acme".to_owned()
}

fn utc() -> String {
    "UTC".to_owned()
}

fn yes() -> bool {
    true
}
