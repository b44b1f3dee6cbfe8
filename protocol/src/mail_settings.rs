//! A workspace's email: how it leaves, where replies are read, which system that is, and a test of
//! both. Passwords go in and never come out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::AccountProvider;
use crate::secret::Opaque;
use crate::status::CheckResult;
use crate::time::Instant;

/// Who decided how a workspace's email leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailSource {
    /// The workspace itself.
    Workspace,
    /// `[mail]` of the daemon's configuration, the default for workspaces that have none.
    Configuration,
    /// Nobody: emails are written to a folder and nobody receives them.
    Nobody,
}

/// How emails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailTransport {
    /// To files that nobody receives.
    Maildir,
    /// To files that the demo's people read.
    Sandbox,
    /// By SMTP.
    Smtp,
    /// By Microsoft Graph.
    Graph,
}

/// How a connection to a mail server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said that matters.
    Starttls,
    /// None; on this machine only.
    Plain,
}

/// How one logs in at a mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailLogIn {
    /// Not at all.
    None,
    /// With a password, which the vault keeps, or the configuration names.
    Password,
    /// With a connected Google or Microsoft account.
    Account(AccountProvider),
    /// With a token that a command of the configuration prints.
    Command,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port, 1 to 65535.
    pub port: u16,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// Who logs in; `None`: nobody has to.
    pub user: Option<String>,
}

/// A workspace's email as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailSettings {
    /// Who decided it.
    pub source: MailSource,
    /// Which system it was set up for, where that was said.
    pub system: Option<MailSystem>,
    /// How emails leave.
    pub transport: MailTransport,
    /// The address invitations come from and replies return to; `None`: there is none.
    pub from: Option<String>,
    /// The account it logs in with: `google:ADDRESS` or `microsoft:ADDRESS`.
    pub account: Option<String>,
    /// Where emails are handed over.
    pub smtp: Option<MailServer>,
    /// How one logs in there.
    pub smtp_log_in: MailLogIn,
    /// Where replies are read; `None`: from files, or by Graph.
    pub imap: Option<MailServer>,
    /// How one logs in there.
    pub imap_log_in: MailLogIn,
    /// The folder replies are read from.
    pub folder: String,
    /// Whether anybody receives emails.
    pub delivers: bool,
    /// What everybody must know about it.
    pub warning: Option<String>,
    /// How replies are read, for people.
    pub replies: String,
    /// Why replies cannot be read now.
    pub replies_error: Option<String>,
    /// The record's revision, 0 where the workspace has none of its own.
    pub revision: u64,
}

/// Sets up a workspace's email; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailConfigure {
    /// Goes back to the daemon's configuration; nothing else may be given with it.
    #[serde(default)]
    pub reset: bool,
    /// Which system.
    #[serde(default)]
    pub system: Option<MailSystem>,
    /// How emails leave.
    #[serde(default)]
    pub transport: Option<MailTransport>,
    /// The address invitations come from and replies return to.
    #[serde(default)]
    pub from: Option<String>,
    /// The account to log in with, `google:ADDRESS` or `microsoft:ADDRESS`; an empty text: none.
    #[serde(default)]
    pub account: Option<String>,
    /// Where emails are handed over.
    #[serde(default)]
    pub smtp: Option<MailServer>,
    /// The password there; an empty text forgets it.
    #[serde(default)]
    pub smtp_password: Option<Opaque>,
    /// Where replies are read.
    #[serde(default)]
    pub imap: Option<MailServer>,
    /// The password there; an empty text forgets it; absent beside a new `smtp_password`: the same.
    #[serde(default)]
    pub imap_password: Option<Opaque>,
    /// The folder replies are read from; an empty text: the inbox.
    #[serde(default)]
    pub folder: Option<String>,
    /// Refused where the settings have changed since this revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only checks it and says what it would be.
    #[serde(default)]
    pub dry_run: bool,
}

/// A mail system people know by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailSystem {
    /// Google Workspace.
    Google,
    /// Microsoft 365.
    Microsoft,
    /// Exchange on the company's own machines.
    Exchange,
    /// Fastmail.
    Fastmail,
    /// iCloud.
    Icloud,
    /// Zoho.
    Zoho,
    /// Any other, by SMTP and IMAP.
    Other,
}

/// Which mail system an address has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailDiscover {
    /// The address invitations are to come from.
    pub address: String,
    /// What the person says it is; `None`: it is looked for.
    #[serde(default)]
    pub system: Option<MailSystem>,
}

/// What is known of an address's mail system, and how to set it up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailDiscovered {
    /// Which it is; `None`: it could not be found out, so the person is asked.
    pub system: Option<MailSystem>,
    /// How that was found, for people, such as "its MX is aspmx.l.google.com".
    pub because: Option<String>,
    /// How emails leave there.
    pub transport: MailTransport,
    /// Where emails are handed over.
    pub smtp: Option<MailServer>,
    /// Where replies are read.
    pub imap: Option<MailServer>,
    /// How one logs in.
    pub log_in: MailLogIn,
    /// What the administrator there must allow first, a step each.
    pub admin_steps: Vec<String>,
    /// What the person must do first, such as making an app password; a step each.
    pub own_steps: Vec<String>,
}

/// What a test of email tries, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailTestStep {
    /// Logging in where emails are handed over.
    LogIn,
    /// Handing over a test email to the workspace's own address.
    Send,
    /// Logging in where replies are read.
    LogInToRead,
    /// Reading the test email back.
    Read,
}

/// How one step went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailTestResult {
    /// Which step.
    pub step: MailTestStep,
    /// How it went.
    pub result: CheckResult,
    /// What was found, in a sentence.
    pub message: String,
    /// What to do about it: by whom, and which switch.
    pub hint: Option<String>,
}

/// Starts a test of the workspace's email, or shows the latest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailTestQuery {
    /// Begins one; else the latest is shown.
    #[serde(default)]
    pub start: bool,
    /// Only says what would be tried.
    #[serde(default)]
    pub dry_run: bool,
}

/// A test of email, or how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailTest {
    /// It is under way.
    pub running: bool,
    /// When it began. `None`: there never was one.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// The worst result of its steps, once it is over.
    pub result: Option<CheckResult>,
    /// What was tried so far.
    pub steps: Vec<MailTestResult>,
}
