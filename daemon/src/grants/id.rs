//! Owns whose a connection is: ids alone, for records, logs and the audit. Of which provider it is,
//! the room knows that is asked.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::id::{MemberId, WorkspaceId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::terms::{Audience, Terms};

/// The word for [`Owner::Workspace`] in records and keys, where a member's id stands otherwise.
const WORKSPACE: &str = "workspace";

/// Whose connection, within a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The workspace's own, such as the one of the mailbox it sends from.
    Workspace,
    /// A member's.
    Member(MemberId),
}

impl Owner {
    /// The member, where it is one's.
    #[must_use]
    pub const fn member(self) -> Option<MemberId> {
        match self {
            Self::Workspace => None,
            Self::Member(member) => Some(member),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workspace => out.write_str(WORKSPACE),
            Self::Member(member) => member.fmt(out),
        }
    }
}

/// A text that names no owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a member's id nor the word for the workspace")]
pub struct NoOwner;

impl FromStr for Owner {
    type Err = NoOwner;

    fn from_str(text: &str) -> Result<Self, NoOwner> {
        match text {
            WORKSPACE => Ok(Self::Workspace),
            id => id.parse().map(Self::Member).map_err(|_| NoOwner),
        }
    }
}

impl Serialize for Owner {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(input)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whose connection: a member's of a workspace, or that workspace's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Whose within it.
    pub owner: Owner,
}

impl ConnectionId {
    /// A member's.
    #[must_use]
    pub const fn of_member(workspace: WorkspaceId, member: MemberId) -> Self {
        Self {
            workspace,
            owner: Owner::Member(member),
        }
    }

    /// The workspace's own.
    #[must_use]
    pub const fn of_workspace(workspace: WorkspaceId) -> Self {
        Self {
            workspace,
            owner: Owner::Workspace,
        }
    }

    /// The member, where it is one's.
    #[must_use]
    pub const fn member(self) -> Option<MemberId> {
        self.owner.member()
    }

    /// Its keys for this audience.
    #[must_use]
    pub const fn to(self, audience: Audience) -> KeysFor {
        KeysFor {
            who: self,
            audience,
        }
    }

    /// The record an audit entry names: the member, or the workspace.
    #[must_use]
    pub fn audited(self) -> String {
        match self.owner {
            Owner::Workspace => self.space(),
            Owner::Member(member) => member.to_string(),
        }
    }

    pub(crate) fn space(self) -> String {
        self.workspace.to_string()
    }

    /// Under which the connection to a provider is kept, in the workspace's space.
    #[must_use]
    pub fn key(self, terms: &Terms) -> String {
        terms.key(&self.owner.to_string()).into_owned()
    }

    /// Whose connection to this provider is kept under `key`; `None`: it is another provider's.
    pub(crate) fn of_key(terms: &Terms, space: &str, key: &str) -> Option<Self> {
        Some(Self {
            workspace: space.parse().ok()?,
            owner: terms.name_in(key)?.parse().ok()?,
        })
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (workspace, owner) = text.split_once('/')?;
        Some(Self {
            workspace: workspace.parse().ok()?,
            owner: owner.parse().ok()?,
        })
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.workspace, self.owner)
    }
}

/// Whose keys are wanted, and what for. A connection alone is its [`Audience::MAIN`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeysFor {
    /// Whose.
    pub who: ConnectionId,
    /// What is called with them.
    pub audience: Audience,
}

impl From<ConnectionId> for KeysFor {
    fn from(who: ConnectionId) -> Self {
        who.to(Audience::MAIN)
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::tests::EXAMPLE;
    use super::*;

    #[test]
    fn a_connection_of_every_owner_is_found_by_its_key() {
        let workspace = WorkspaceId::new();
        for who in [
            ConnectionId::of_workspace(workspace),
            ConnectionId::of_member(workspace, MemberId::new()),
        ] {
            let key = who.key(&EXAMPLE);
            let space = who.space();
            assert_eq!(ConnectionId::of_key(&EXAMPLE, &space, &key), Some(who));
            assert_eq!(ConnectionId::parse(&who.to_string()), Some(who));
            let stored = serde_json::to_value(who.owner).unwrap();
            assert_eq!(stored, who.owner.to_string());
            assert_eq!(serde_json::from_value::<Owner>(stored).unwrap(), who.owner);
        }
        assert!(serde_json::from_str::<Owner>(r#""somebody""#).is_err());
    }

    /// Records of versions before 0.3.0 name a member by the bare id.
    #[test]
    fn an_older_record_names_its_member() {
        let member = MemberId::new();
        let stored = serde_json::to_string(&member).unwrap();
        let owner: Owner = serde_json::from_str(&stored).unwrap();
        assert_eq!(owner.member(), Some(member));
    }
}
