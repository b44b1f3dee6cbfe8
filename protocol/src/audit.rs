//! The append-only log of everything that was changed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// Which entries, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditQuery {
    /// Only entries about this record.
    #[serde(default)]
    pub record: Option<String>,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    /// The entry.
    pub id: String,
    /// When.
    pub at: Instant,
    /// Who did it: a member's name, `operator` or `daemon`.
    pub actor: String,
    /// For whom, when it was done for another member.
    #[serde(default, rename = "as")]
    pub acting_as: Option<String>,
    /// Through what: `socket`, `mcp:NAME` (a program that calls over MCP, as it names itself),
    /// `worker`, `import`.
    pub source: String,
    /// The call.
    pub call: String,
    /// The record's id.
    pub record: String,
    /// The fields that changed.
    pub fields: Vec<String>,
    /// Values that are nobody's personal data.
    pub values: BTreeMap<String, String>,
}
