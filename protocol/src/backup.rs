//! Everything that is stored, in one sealed file: taken in parts, and put back in parts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// A backup that was made and read back, to be fetched within an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Backup {
    /// What to fetch it by.
    pub id: String,
    /// When it was begun.
    pub made_at: Instant,
    /// The identity of the store.
    pub store: String,
    /// The revision it is exact as of.
    pub revision: u64,
    /// The rows in it; one that changed meanwhile is in it twice.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// The id of the vault key it is sealed with.
    pub key: String,
}

/// A part of a backup, from an offset on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupRead {
    /// Which.
    pub id: String,
    /// From which byte on.
    pub offset: u64,
}

/// As many bytes as fit into a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupPart {
    /// The bytes, in base64.
    pub data: String,
}

/// A backup that was fetched, or was handed in and is not wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BackupForget {
    /// Which.
    pub id: String,
}

/// Begins to hand in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestoreBegin {
    /// Its length.
    pub bytes: u64,
}

/// Where a backup is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestoreSlot {
    /// What to hand it in by.
    pub id: String,
}

/// The next part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestorePart {
    /// Of which.
    pub id: String,
    /// Where it belongs: where the last one ended.
    pub offset: u64,
    /// The bytes, in base64.
    pub data: String,
}

/// All of it is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RestoreFinish {
    /// Which.
    pub id: String,
    /// Only opens it, and says what is in it.
    #[serde(default)]
    pub dry_run: bool,
    /// Keep people linked: the daemon's machine has the same Unix users as the one the backup is
    /// from. Only a daemon of protocol [`RestoreFinish::SAME_PEOPLE_SINCE`] knows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_people: bool,
}

impl RestoreFinish {
    /// The first protocol with `same_people`.
    pub const SAME_PEOPLE_SINCE: u32 = 3;
}

/// A backup that was opened whole and, unless that was all, restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Restored {
    /// When it was begun.
    pub made_at: Instant,
    /// The version that made it.
    pub build: String,
    /// The identity of the store it is a copy of.
    pub store: String,
    /// The revision it is exact as of.
    pub revision: u64,
    /// The rows in it.
    pub rows: u64,
    /// The identity of the store made from it; the daemon begins anew with that one at once.
    pub replaced_by: Option<String>,
    /// Where the former store is kept, on the daemon's machine.
    pub set_aside: Option<String>,
    /// Meetings that are looked for or read back at Zoom.
    pub meetings: u64,
    /// Connections that are renewed, to find out whether their keys still work.
    pub connections: u64,
    /// Messages that may have left since the backup, and are held until a person says.
    #[serde(default)]
    pub letters: u64,
    /// Nothing was changed.
    #[serde(default)]
    pub dry_run: bool,
}
