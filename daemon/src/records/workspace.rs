//! What is stored of workspaces, members and the Unix users linked to them.
//!
//! Workspaces and links live in the global space, members in their workspace's.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::id::{JobId, MemberId, WorkspaceId};
use greenroom_protocol::interview::Host;
use greenroom_protocol::setting_up::SetupStep;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{AccountPlan, MemberBrief, Role, ShareSlots};
use greenroom_protocol::zoom::Standing;
use serde::{Deserialize, Serialize};

use crate::records::switch::SwitchRecord;
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
    /// After how many hours of weekdays an interviewer who has not replied is reminded; 0: never.
    #[serde(default = "usual_no_reply_hours")]
    pub no_reply_hours: u32,
    /// For how many months rejected and withdrawn candidates are kept; `None`: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_rejected: Option<u32>,
    /// Steps of setting up that somebody decided to do without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup_skipped: Vec<SetupStep>,
    /// The client id of its own Google app; `None`: the daemon's default one. The secret is the
    /// vault's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google_client_id: Option<String>,
    /// Whether the vault keeps a client secret for that app.
    #[serde(default)]
    pub google_confidential: bool,
    /// The client id of its own Microsoft app; `None`: the daemon's default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_client_id: Option<String>,
    /// The directory that app is registered in: its id or one of its domains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_tenant: Option<String>,
    /// The address of the Google or Microsoft admin who approves apps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_admin: Option<String>,
    /// Its IANA zone; `None`: that of its first member, as in every workspace of before 0.3.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Whether the assistant acts.
    #[serde(default, skip_serializing_if = "SwitchRecord::is_on")]
    pub assistant: SwitchRecord,
    /// Seconds in which a move into a stage with AI scheduling can be undone before the assistant
    /// acts.
    #[serde(default = "usual_entry_undo")]
    pub entry_undo_seconds: u32,
    /// Whether the assistant may propose one time to two candidates.
    #[serde(default)]
    pub share_slots: ShareSlots,
    /// When it was made.
    pub created_at: Instant,
}

/// A day and an hour before, where nobody says otherwise.
pub(crate) fn usual_reminders() -> Vec<u32> {
    vec![24 * 60, 60]
}

/// A day, where nobody says otherwise.
pub(crate) fn usual_no_reply_hours() -> u32 {
    24
}

/// Two minutes, where nobody says otherwise: long enough to see a slip and press undo.
pub(crate) fn usual_entry_undo() -> u32 {
    120
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
    /// The Unix user linked to them, on the machine where they were linked last.
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

/// A machine, by the id beside its store; shown as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Machine(u128);

impl Machine {
    /// One of which nothing is known. No machine has this id.
    pub const UNKNOWN: Self = Self(0);
}

impl fmt::Display for Machine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", self.0)
    }
}

impl FromStr for Machine {
    type Err = NoUnixUser;

    fn from_str(text: &str) -> Result<Self, NoUnixUser> {
        let id = u128::from_str_radix(text, 16).map(Self);
        // One machine has one spelling, or a record would be found under one and not the other.
        id.ok()
            .filter(|id| id.to_string() == text)
            .ok_or(NoUnixUser)
    }
}

/// A Unix user: a number means one person on one machine only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixUser {
    /// On which machine; `None` in links of versions before 0.3.0.
    pub machine: Option<Machine>,
    /// The user's number there.
    pub uid: u32,
}

impl fmt::Display for UnixUser {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.machine {
            None => write!(out, "{}", self.uid),
            Some(machine) => write!(out, "{machine}/{}", self.uid),
        }
    }
}

impl FromStr for UnixUser {
    type Err = NoUnixUser;

    fn from_str(id: &str) -> Result<Self, NoUnixUser> {
        let (machine, uid) = match id.split_once('/') {
            Some((machine, uid)) => (Some(machine.parse()?), uid),
            None => (None, id),
        };
        let uid = uid.parse().map_err(|_| NoUnixUser)?;
        Ok(Self { machine, uid })
    }
}

/// A text is no machine's id, or no number of a user there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a Unix user of a machine")]
pub struct NoUnixUser;

/// Who a Unix user is: at most one member of each workspace. Its id is the [`UnixUser`].
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
    fn a_unix_user_is_of_one_machine_or_from_before_machines_were_told_apart() {
        let here: Machine = "0123456789abcdef0123456789abcdef".parse().unwrap();
        for (id, machine, uid) in [
            ("1000", None, 1000),
            ("0123456789abcdef0123456789abcdef/0", Some(here), 0),
        ] {
            let user: UnixUser = id.parse().unwrap();
            assert_eq!(user, UnixUser { machine, uid });
            assert_eq!(user.to_string(), id);
        }
        for wrong in ["", "dana", "m/1000", "1/1000", "+1/1000"] {
            assert!(wrong.parse::<UnixUser>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_workspace_from_before_has_no_zoom_admin_and_the_usual_reminders() {
        let stored = r#"{"name":"Acme","zoom_client_id":null,"zoom_confidential":false,"plan":"business","created_at":"2026-11-30T09:00:00Z"}"#;
        let record: WorkspaceRecord = serde_json::from_str(stored).unwrap();
        assert_eq!((record.name.as_str(), record.zoom_admin), ("Acme", None));
        assert_eq!(record.reminders, [1440, 60]);
        assert_eq!(record.no_reply_hours, 24);
        assert_eq!(record.setup_skipped, []);
        let apps = (&record.google_client_id, &record.microsoft_client_id);
        assert_eq!((apps, record.microsoft_tenant), ((&None, &None), None));
        assert!(!record.google_confidential && record.account_admin.is_none());
        assert_eq!(record.zone, None);
        assert!(record.assistant.is_on());
        assert_eq!(record.entry_undo_seconds, 120);
        assert_eq!(record.share_slots, ShareSlots::WhenScarce);
    }
}
