//! How the daemon is: what `status` and `doctor` show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hello::Caller;
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
    /// Whether lists and search answer at once; else the index is still being built.
    pub ready: bool,
    /// What is wrong with the data, where it is damaged: then nothing but `hello`, `status`, `doctor` and a restore is answered.
    #[serde(default)]
    pub damage: Option<String>,
    /// The identity of the store.
    pub store: String,
    /// The newest revision.
    pub revision: u64,
    /// Zoom's address when it is not the real Zoom.
    pub sandbox: Option<String>,
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
    /// Work that waits, soonest first, at most fifty.
    pub work: Vec<WorkItem>,
    /// All the work that waits.
    pub work_waiting: u64,
    /// The daemon's own backups; members and the operator are told.
    #[serde(default)]
    pub backup: Option<BackupStatus>,
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
    /// Emails of the last 14 days that were skipped because they could not be read, newest first. For admins and the operator.
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
