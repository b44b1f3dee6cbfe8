//! Owns who a connection is of, and who does something to it: ids alone, for records, logs and the
//! audit.

use std::collections::BTreeMap;
use std::fmt;

use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::AuditEntry;

/// Whose connection: a member of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Who {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member.
    pub member: MemberId,
}

impl Who {
    pub(crate) fn space(self) -> String {
        self.workspace.to_string()
    }

    pub(crate) fn id(self) -> String {
        self.member.to_string()
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (workspace, member) = text.split_once('/')?;
        Some(Self {
            workspace: workspace.parse().ok()?,
            member: member.parse().ok()?,
        })
    }
}

impl fmt::Display for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.workspace, self.member)
    }
}

/// Who does something, for the audit: ids, never names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The member or operator who calls; none: the daemon itself.
    pub actor: Option<String>,
    /// The member they act for, if another.
    pub acting_as: Option<String>,
    /// Through what: `cli`, `client`, `rpc`, `work`.
    pub source: String,
}

impl Actor {
    pub(crate) fn entry(&self, call: &str, who: Who, now: Instant) -> AuditEntry {
        AuditEntry {
            at: now.timestamp(),
            actor: self.actor.clone(),
            acting_as: self.acting_as.clone(),
            source: self.source.clone(),
            call: call.to_owned(),
            record: who.id(),
            fields: vec!["state".into()],
            values: BTreeMap::new(),
        }
    }
}
