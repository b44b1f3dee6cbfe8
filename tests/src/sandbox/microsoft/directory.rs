//! Owns who exists at Microsoft: tenants, accounts, and registered apps.

use serde::{Deserialize, Serialize};

use super::scopes::Scope;

/// What users of a tenant may consent to without an admin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserConsent {
    /// Everything.
    #[default]
    Everything,
    /// What the policy that Microsoft manages leaves: no mail, no calendars. AADSTS90094.
    Managed,
    /// Nothing. AADSTS90094.
    Nothing,
    /// Nothing to this app, which Microsoft thinks risky. AADSTS900941.
    Risky,
}

/// A tenant: one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id, a UUID.
    pub id: String,
    /// Its domain; in paths as good as the id.
    pub domain: String,
    /// What refusals call it.
    pub name: String,
    /// What users may consent to.
    #[serde(default)]
    pub consent: UserConsent,
    /// SMTP with a login is on for the whole tenant.
    #[serde(default = "yes")]
    pub smtp: bool,
}

/// What keeps an account from new tokens while it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A policy of conditional access. AADSTS53003.
    ConditionalAccess,
    /// The account is disabled. AADSTS50057.
    Disabled,
}

/// When somebody works, as their mailbox settings say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// Days in lower case, in English.
    pub days: Vec<String>,
    /// `09:00`.
    pub start: String,
    /// `17:00`.
    pub end: String,
    /// A name of Windows's, such as `W. Europe Standard Time`.
    pub zone: String,
}

impl Default for WorkingHours {
    /// As a new mailbox has them.
    fn default() -> Self {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
        Self {
            days: days.map(str::to_owned).to_vec(),
            start: "08:00".to_owned(),
            end: "17:00".to_owned(),
            zone: "Pacific Standard Time".to_owned(),
        }
    }
}

/// Someone with a work account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The user principal name, which is the address too; in lower case once added.
    pub email: String,
    /// Their name; made of the address where it is empty.
    #[serde(default)]
    pub name: String,
    /// Their object id, a UUID; made where it is empty.
    #[serde(default)]
    pub oid: String,
    /// The id or the domain of their tenant.
    pub tenant: String,
    /// They may consent for the whole tenant.
    #[serde(default)]
    pub admin: bool,
    /// They have a mailbox and a calendar at Exchange Online.
    #[serde(default = "yes")]
    pub mailbox: bool,
    /// SMTP with a login is on or off for this mailbox, whatever the tenant says.
    #[serde(default)]
    pub smtp: Option<bool>,
    /// Other addresses they may send from: aliases, and mailboxes an admin shared.
    #[serde(default)]
    pub send_as: Vec<String>,
    /// Colleagues do not see when they are busy.
    #[serde(default)]
    pub hides_calendar: bool,
    /// When they work; `None` is as a new mailbox has it.
    #[serde(default)]
    pub working_hours: Option<WorkingHours>,
    /// What keeps them from new tokens now.
    #[serde(default)]
    pub block: Option<Block>,
}

impl Account {
    /// Someone of the tenant of their address.
    #[must_use]
    pub fn new(email: &str) -> Self {
        let email = email.to_lowercase();
        let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_owned());
        Self {
            tenant: domain.unwrap_or_default(),
            email,
            name: String::new(),
            oid: String::new(),
            admin: false,
            mailbox: true,
            smtp: None,
            send_as: Vec::new(),
            hides_calendar: false,
            working_hours: None,
            block: None,
        }
    }

    /// The same as an admin.
    #[must_use]
    pub fn admin(self) -> Self {
        Self {
            admin: true,
            ..self
        }
    }
}

/// Whose accounts an app takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Those of the tenant it is registered in.
    SingleTenant,
    /// Those of any tenant.
    MultiTenant,
}

/// A registered app: a public client for mobile and desktop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct App {
    /// Its client id, a UUID.
    pub client_id: String,
    /// Its name on the consent page.
    pub name: String,
    /// The id of the tenant it is registered in.
    pub tenant: String,
    /// Whose accounts it takes.
    pub audience: Audience,
    /// Its redirect addresses. The port of one for `localhost` is ignored, that of no other.
    pub redirects: Vec<String>,
    /// Its API permissions: what an admin consents to for all.
    pub permissions: Vec<Scope>,
}

fn yes() -> bool {
    true
}
