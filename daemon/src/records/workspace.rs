//! What is stored of workspaces, members and the Unix users linked to them.
//!
//! Workspaces and links live in the global space, members in their workspace's.

use greenroom_protocol::id::{JobId, MemberId, WorkspaceId};
use greenroom_protocol::interview::Host;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{AccountPlan, MemberBrief, Role};
use greenroom_protocol::zoom::Standing;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// One company account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkspaceRecord {
    /// Its name.
    pub name: String,
    /// The client id of its own Zoom app; `None`: the daemon's default one. The secret is the
    /// vault's.
    pub zoom_client_id: Option<String>,
    /// Whether the vault keeps a client secret for that app.
    pub zoom_confidential: bool,
    /// What kind of Zoom account it has.
    pub plan: AccountPlan,
    /// The address of the Zoom admin who approves apps.
    #[serde(default)]
    pub zoom_admin: Option<String>,
    /// How long before an interview people are reminded of it, in minutes, longest first.
    #[serde(default = "usual_reminders")]
    pub reminders: Vec<u32>,
    /// When it was made.
    pub created_at: Instant,
}

/// A day and an hour before, where nobody says otherwise.
pub(crate) fn usual_reminders() -> Vec<u32> {
    vec![24 * 60, 60]
}

impl Record for WorkspaceRecord {
    const TABLE: &'static str = "workspace";
    const SCHEMA: u32 = 1;
}

/// A person of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// Their name.
    pub name: String,
    /// Their address, unique in the workspace.
    pub email: String,
    /// The address of their Zoom user, where it is another one.
    pub zoom_email: Option<String>,
    /// Their IANA time zone.
    pub zone: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The jobs they are hiring manager of.
    pub hiring_jobs: Vec<JobId>,
    /// The Unix user linked to them.
    pub unix_uid: Option<u32>,
    /// Whether colleagues may schedule on their Zoom.
    pub shared: bool,
    /// When they were added.
    pub created_at: Instant,
}

impl Record for MemberRecord {
    const TABLE: &'static str = "member";
    const SCHEMA: u32 = 1;
}

impl MemberRecord {
    /// The address their Zoom user must have.
    pub fn zoom_address(&self) -> &str {
        self.zoom_email.as_deref().unwrap_or(&self.email)
    }

    /// The member as the host of a meeting.
    pub fn host(&self, id: MemberId, connection: Standing) -> Host {
        Host {
            id,
            name: self.name.clone(),
            zoom_email: self.zoom_address().to_owned(),
            connection: Some(connection),
        }
    }

    /// The member in a word.
    pub fn brief(&self, id: MemberId) -> MemberBrief {
        MemberBrief {
            id,
            name: self.name.clone(),
            email: self.email.clone(),
        }
    }
}

/// Who a Unix user of this machine is: at most one member of each workspace. Its id is the user's
/// number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkRecord {
    /// The members, oldest link first.
    pub members: Vec<(WorkspaceId, MemberId)>,
    /// The workspace to work in when none is named.
    pub usual: Option<WorkspaceId>,
}

impl Record for LinkRecord {
    const TABLE: &'static str = "link";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_from_before_has_no_zoom_admin_and_the_usual_reminders() {
        let stored = r#"{"name":"Acme","zoom_client_id":null,"zoom_confidential":false,"plan":"business","created_at":"2026-11-30T09:00:00Z"}"#;
        let record: WorkspaceRecord = serde_json::from_str(stored).unwrap();
        assert_eq!((record.name.as_str(), record.zoom_admin), ("Acme", None));
        assert_eq!(record.reminders, [1440, 60]);
    }
}
