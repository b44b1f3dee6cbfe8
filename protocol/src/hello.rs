//! The first call of every connection. What is in it never changes; a field that is added is ignored by
//! older daemons, so it may only say what they can do without.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::workspace::{MemberBrief, Role, WorkspaceBrief};

/// Who is calling, and for whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientHello {
    /// The caller's [`crate::PROTOCOL`].
    pub protocol: u32,
    /// The caller's version, for people.
    pub build: String,
    /// The workspace to work in, by name or id; nothing for the caller's usual one.
    #[serde(default)]
    pub workspace: Option<String>,
    /// The member to act for (address, name or id): admins and the operator only, and audited as
    /// both.
    #[serde(default, rename = "as")]
    pub acting_as: Option<String>,
    /// The program behind `greenroom mcp`, as it names itself: at most [`LONGEST_MCP_NAME`]
    /// characters are kept. The audit names it as `mcp:NAME` in the place of `socket`; it gives no
    /// right. `None`: the caller is no such program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcp: Option<String>,
}

/// The most characters of the name of an MCP client that are kept.
pub const LONGEST_MCP_NAME: usize = 60;

/// What the connection is bound to from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServerHello {
    /// The daemon's [`crate::PROTOCOL`].
    pub protocol: u32,
    /// The daemon's version, for people.
    pub build: String,
    /// The identity of the store: another one means that every revision known before is void.
    pub store: String,
    /// The newest revision.
    pub revision: u64,
    /// The workspace, if the caller has one.
    pub workspace: Option<WorkspaceBrief>,
    /// The member the caller is, if their Unix user is linked to one.
    pub caller: Option<Caller>,
    /// Whether the caller may set up, link, look after and stop this daemon.
    pub operator: bool,
}

/// A caller who is a member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Caller {
    /// The member.
    pub member: MemberBrief,
    /// Their roles.
    pub roles: Vec<Role>,
}
