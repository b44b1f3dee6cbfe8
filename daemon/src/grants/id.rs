//! Owns who a connection is of: ids alone, for records and logs.

use std::fmt;

use greenroom_protocol::id::{MemberId, WorkspaceId};
use serde::{Deserialize, Serialize};

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
