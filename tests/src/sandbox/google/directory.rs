//! Owns who exists at Google: domains of Workspace, accounts, and projects with their clients.

use serde::{Deserialize, Serialize};

/// What the admins of a domain let an app do (Admin console, API controls).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppAccess {
    /// Everything a user consents to.
    #[default]
    Trusted,
    /// Signing in only: scopes of Gmail and Calendar are refused.
    Limited,
    /// Nothing.
    Blocked,
}

/// A Workspace domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// Its name, such as `acme.example`.
    pub name: String,
    /// What apps may do.
    #[serde(default)]
    pub access: AppAccess,
    /// IMAP and SMTP are on.
    #[serde(default = "yes")]
    pub mail: bool,
}

impl Domain {
    /// A domain that trusts apps.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            access: AppAccess::Trusted,
            mail: true,
        }
    }

    /// The same, where apps may do this.
    #[must_use]
    pub fn letting(self, access: AppAccess) -> Self {
        Self { access, ..self }
    }
}

/// Someone with a Google login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The address; in lower case once added.
    pub email: String,
    /// Their name; made of the address where it is empty.
    #[serde(default)]
    pub name: String,
    /// Google's number of them, which stays when the address changes; made where it is empty.
    #[serde(default)]
    pub sub: String,
    /// The Workspace domain, `None` for a private account.
    #[serde(default)]
    pub domain: Option<String>,
    /// The boxes left ticked on the consent page; `None` is all of them.
    #[serde(default)]
    pub only_scopes: Option<Vec<String>>,
    /// They allow for so many days only (Google offers 30 and 180).
    #[serde(default)]
    pub days: Option<u16>,
    /// The service is not switched on for them: `app_not_configured_for_user`.
    #[serde(default)]
    pub not_configured: bool,
    /// IMAP and SMTP are on.
    #[serde(default = "yes")]
    pub mail: bool,
    /// Colleagues do not see when they are busy.
    #[serde(default)]
    pub hides_calendar: bool,
    /// Other addresses they may send from, in lower case.
    #[serde(default)]
    pub aliases: Vec<String>,
}

impl Account {
    /// Someone of the Workspace of their address.
    #[must_use]
    pub fn new(email: &str) -> Self {
        let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_owned());
        Self {
            domain,
            ..Self::private(email)
        }
    }

    /// Someone without a Workspace.
    #[must_use]
    pub fn private(email: &str) -> Self {
        Self {
            email: email.to_lowercase(),
            name: String::new(),
            sub: String::new(),
            domain: None,
            only_scopes: None,
            days: None,
            not_configured: false,
            mail: true,
            hides_calendar: false,
            aliases: Vec::new(),
        }
    }

    /// The same, leaving only these boxes ticked.
    #[must_use]
    pub fn granting_only(mut self, scopes: &[&str]) -> Self {
        self.only_scopes = Some(scopes.iter().map(|scope| (*scope).to_owned()).collect());
        self
    }

    /// The same, allowing for so many days only.
    #[must_use]
    pub fn for_days(self, days: u16) -> Self {
        Self {
            days: Some(days),
            ..self
        }
    }
}

/// Who may use a project's apps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserType {
    /// Accounts of the organization the project belongs to.
    Internal {
        /// Its domain.
        domain: String,
    },
    /// Everybody.
    External,
}

/// How far an external app is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publishing {
    /// For these accounts only, and for seven days at a time.
    Testing {
        /// Their addresses.
        users: Vec<String>,
    },
    /// For everybody.
    Production,
}

/// A client of type Desktop app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret, which is none: it is in every copy of the app.
    pub secret: String,
}

/// A project of the Cloud console. A user's consent is given to it, not to one of its clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its name on the consent page.
    pub name: String,
    /// Its number.
    pub number: u64,
    /// Who may use it.
    pub user_type: UserType,
    /// How far it is published.
    pub publishing: Publishing,
    /// Its clients.
    pub clients: Vec<Client>,
    /// The Calendar API is enabled.
    pub calendar_api: bool,
    /// The Gmail API is enabled.
    pub gmail_api: bool,
}

fn yes() -> bool {
    true
}
