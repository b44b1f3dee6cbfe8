//! How the daemon is: what `status` and `doctor` show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::AccountProvider;
use crate::assistant_switch::AssistantPaused;
use crate::hello::Caller;
use crate::id::StageId;
use crate::template::TemplateName;
use crate::time::Instant;
use crate::workspace::WorkspaceBrief;
use crate::zoom::Connection;

/// The daemon, the caller, and what waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// The daemon's protocol number.
    pub protocol: u32,
    /// The daemon's version.
    pub build: String,
    /// Its process id.
    pub pid: u32,
    /// Since when it runs.
    pub started_at: Instant,
    /// Whether everything is answered: the index is built, and changes can be saved.
    pub ready: bool,
    /// What is wrong with the data, where it is damaged: then nothing but `hello`, `status`,
    /// `doctor` and a restore is answered.
    #[serde(default)]
    pub damage: Option<String>,
    /// What an admin is needed for; empty: nothing.
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// The identity of the store.
    pub store: String,
    /// The newest revision.
    pub revision: u64,
    /// Zoom's address when it is not the real Zoom.
    pub sandbox: Option<String>,
    /// What stands in for Google or Microsoft, where that is so.
    #[serde(default)]
    pub account_sandboxes: Vec<AccountSandbox>,
    /// How mail leaves.
    pub mail: MailStatus,
    /// The workspace, if the caller has one.
    pub workspace: Option<WorkspaceBrief>,
    /// The member the caller is.
    pub caller: Option<Caller>,
    /// Whether the caller looks after this daemon.
    pub operator: bool,
    /// The caller's own connection.
    pub connection: Option<Connection>,
    /// How many connections of the workspace stand how.
    pub connections: ConnectionCounts,
    /// How many accounts of the workspace at Google and Microsoft stand how, its own with them.
    #[serde(default)]
    pub accounts: ConnectionCounts,
    /// Work that waits, soonest first, at most fifty.
    pub work: Vec<WorkItem>,
    /// All the work that waits.
    pub work_waiting: u64,
    /// The daemon's own backups; shown to members and the operator.
    #[serde(default)]
    pub backup: Option<BackupStatus>,
    /// Which rejected candidates are to be erased; `None`: nobody is announced. Shown to admins and
    /// the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<RetentionStatus>,
    /// The workspace's own words that this version reads as no template: the built-in ones are
    /// used. Shown to admins and the operator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flawed_templates: Vec<FlawedTemplate>,
    /// Where the assistant is paused: the workspace, then open jobs by title. Shown to members, of
    /// jobs to those who hire for them, and to the operator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<AssistantPaused>,
}

/// The rejected candidates who are announced to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RetentionStatus {
    /// How many.
    pub candidates: u64,
    /// The first of them is erased in the night after this.
    pub first: Instant,
}

/// Words of a workspace that are no template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FlawedTemplate {
    /// Of which email.
    pub name: TemplateName,
    /// Of which stage; `None`: of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageId>,
    /// Why they are not used.
    pub why: String,
}

/// A sandbox in place of Google or Microsoft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountSandbox {
    /// In place of which.
    pub provider: AccountProvider,
    /// Its address.
    pub address: String,
}

/// The daemon's own backups, one a night.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupStatus {
    /// When the last one was made.
    pub last: Option<Instant>,
    /// Its length.
    pub bytes: Option<u64>,
    /// How many are kept; 0: none are made.
    pub keep: u32,
    /// Where they are, on the daemon's machine.
    pub directory: String,
    /// Why the last try failed.
    pub problem: Option<String>,
}

/// How mail leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailStatus {
    /// `maildir`, `smtp`, or the demo's `sandbox`; `none` from builds that sent no mail.
    pub transport: String,
    /// Whether anybody receives it.
    pub delivers: bool,
    /// What to know about it.
    pub note: String,
    /// Messages of the workspace that wait.
    #[serde(default)]
    pub waiting: u64,
    /// Messages of the workspace that were refused.
    #[serde(default)]
    pub refused: u64,
    /// Messages of the workspace that are held until a person says whether they are sent again.
    #[serde(default)]
    pub held: u64,
    /// Where answers are read.
    #[serde(default)]
    pub answers: String,
    /// Why they cannot be read at the moment.
    #[serde(default)]
    pub answers_error: Option<String>,
    /// Emails of the last 14 days that were skipped because they could not be read, newest first.
    /// For admins and the operator.
    #[serde(default)]
    pub skipped: Vec<SkippedEmail>,
}

/// An email that was skipped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SkippedEmail {
    /// Which one: its file in the inbox, or its number in the mailbox.
    pub email: String,
    /// When it was skipped.
    pub at: Instant,
    /// Why.
    pub why: String,
}

/// Connections of a workspace by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectionCounts {
    /// Healthy.
    pub connected: u32,
    /// Trying again.
    pub retrying: u32,
    /// To be connected again.
    pub reconnect_required: u32,
    /// Waiting for a Zoom admin to approve the app.
    #[serde(default)]
    pub pre_approval_requested: u32,
    /// Everybody else.
    pub disconnected: u32,
}

/// A piece of work that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkItem {
    /// What it is: `meeting`.
    pub kind: String,
    /// The record it is for.
    pub record: String,
    /// When it is tried next.
    pub due: Instant,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is not done.
    pub last_error: Option<String>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckResult {
    /// As it should be.
    Ok,
    /// Works, but worth knowing.
    Warning,
    /// Wrong.
    Wrong,
}

/// One check of `doctor`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// How it went.
    pub result: CheckResult,
    /// What was found.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

/// Something that does not work, and that somebody who looks after the machine must see to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// What a script branches on: `damage`, `writing`, `disk`, `mailbox`, `google-account`,
    /// `microsoft-account`, `calendars` or `backup`; later versions may add some.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Why, in the words of what failed; shown to members and the operator.
    pub detail: Option<String>,
    /// Since when, where that is known.
    pub since: Option<Instant>,
}

/// The problems this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// What is stored is not what was written.
    Damage,
    /// A write failed, and none is taken any more.
    Writing,
    /// There is little room left.
    Disk,
    /// Replies cannot be read.
    Mailbox,
    /// The workspace's Google account must be connected again.
    GoogleAccount,
    /// The workspace's Microsoft account must be connected again.
    MicrosoftAccount,
    /// Calendars that others keep of members cannot be read.
    Calendars,
    /// The nightly backup failed.
    Backup,
}

impl ProblemKind {
    /// Every one, the worst first.
    pub const ALL: &[Self] = &[
        Self::Damage,
        Self::Writing,
        Self::Disk,
        Self::Mailbox,
        Self::GoogleAccount,
        Self::MicrosoftAccount,
        Self::Calendars,
        Self::Backup,
    ];

    /// What a script branches on.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::Writing => "writing",
            Self::Disk => "disk",
            Self::Mailbox => "mailbox",
            Self::GoogleAccount => "google-account",
            Self::MicrosoftAccount => "microsoft-account",
            Self::Calendars => "calendars",
            Self::Backup => "backup",
        }
    }

    /// What is wrong.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Damage => "The data is damaged",
            Self::Writing => "Changes can't be saved",
            Self::Disk => "The disk is almost full",
            Self::Mailbox => "Replies to our emails can't be read",
            Self::GoogleAccount => "The workspace's Google account must be reconnected",
            Self::MicrosoftAccount => "The workspace's Microsoft account must be reconnected",
            Self::Calendars => "Calendars of members can't be read",
            Self::Backup => "The nightly backup failed",
        }
    }

    /// What to do.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Damage => {
                "restore a backup with greenroom restore FILE, as the daemon's user or root"
            }
            Self::Writing => {
                "check the disk and the system's log; the daemon restarts itself, and if it happens again, restore a backup to a sound disk"
            }
            Self::Disk => "free some space on the disk that holds Greenroom's data",
            Self::Mailbox => {
                "check [mail.imap] in the configuration, then run greenroom doctor; nothing in the mailbox is lost"
            }
            Self::GoogleAccount => "run greenroom google connect --for-workspace",
            Self::MicrosoftAccount => "run greenroom microsoft connect --for-workspace",
            Self::Calendars => {
                "see whose with greenroom doctor; until then what they said last counts, and is named as old"
            }
            Self::Backup => "see the daemon's log; the backup is tried again every hour",
        }
    }

    /// The problem, as it is reported.
    pub fn problem(self, since: Option<Instant>, detail: Option<String>) -> Problem {
        Problem {
            code: self.code().to_owned(),
            message: self.message().to_owned(),
            hint: self.hint().to_owned(),
            detail,
            since,
        }
    }
}
