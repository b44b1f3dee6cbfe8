//! Owns whose a connection is: ids alone, for records, logs and the audit. Of which provider it is,
//! the room knows that is asked.

use std::fmt;

use greenroom_protocol::id::{MemberId, WorkspaceId};
use serde::{Deserialize, Serialize};

use super::terms::Terms;

/// Whose connection: a member of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnectionId {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member.
    pub member: MemberId,
}

impl ConnectionId {
    pub(crate) fn space(self) -> String {
        self.workspace.to_string()
    }

    /// Under which the connection to a provider is kept, in the workspace's space.
    #[must_use]
    pub fn key(self, terms: &Terms) -> String {
        terms.key(&self.member.to_string()).into_owned()
    }

    /// Whose connection to this provider is kept under `key`; `None`: it is another provider's.
    pub(crate) fn of_key(terms: &Terms, space: &str, key: &str) -> Option<Self> {
        Some(Self {
            workspace: space.parse().ok()?,
            member: terms.name_in(key)?.parse().ok()?,
        })
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (workspace, member) = text.split_once('/')?;
        Some(Self {
            workspace: workspace.parse().ok()?,
            member: member.parse().ok()?,
        })
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.workspace, self.member)
    }
}
