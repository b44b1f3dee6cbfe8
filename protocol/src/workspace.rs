//! Workspaces, their members and the roles that decide who may do what.
//!
//! Wherever a request names a record by text (a *reference*), it may be an id, a unique ending of
//! six or more characters of one, an address or a name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::assistant_switch::{AssistantSwitch, AssistantSwitchSet};
use crate::id::{JobId, MemberId, WorkspaceId};
use crate::secret::Opaque;
use crate::zoom::ConnectionState;

/// What a member may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Looks after the workspace: members, Zoom app, settings.
    Admin,
    /// Works with every candidate and books on every shared Zoom.
    Recruiter,
    /// Works with the candidates of named jobs.
    HiringManager,
    /// Takes part in interviews and sees their own.
    Interviewer,
}

/// What kind of Zoom account the workspace says it has; Zoom does not tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountPlan {
    /// Not said: one meeting at a time for every host.
    #[default]
    Unknown,
    /// Business, Education or Enterprise: two at a time for licensed hosts.
    Business,
}

/// A workspace, in a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkspaceBrief {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
}

/// One company account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Workspace {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// The client id of its own Zoom app; `None`: the daemon's default one.
    pub zoom_client_id: Option<String>,
    /// Whether a client secret is kept for that app.
    pub zoom_confidential: bool,
    /// What kind of Zoom account it has.
    pub plan: AccountPlan,
    /// The address of the Zoom admin who approves apps, as it was given last.
    #[serde(default)]
    pub zoom_admin: Option<String>,
    /// How long before an interview people are reminded of it, in minutes, longest first; empty:
    /// never.
    #[serde(default)]
    pub reminders: Vec<u32>,
    /// After how many hours an interviewer who has not replied is reminded; 0: never. Hours of
    /// their weekends do not count.
    #[serde(default)]
    pub no_reply_reminder_hours: u32,
    /// For how many months rejected and withdrawn candidates are kept; `None`: for ever.
    #[serde(default)]
    pub keep_rejected: Option<u32>,
    /// The client id of its own Google app; `None`: the daemon's default one.
    #[serde(default)]
    pub google_client_id: Option<String>,
    /// Whether a client secret is kept for that app.
    #[serde(default)]
    pub google_confidential: bool,
    /// The client id of its own Microsoft app; `None`: the daemon's default one.
    #[serde(default)]
    pub microsoft_client_id: Option<String>,
    /// The directory that app is registered in: its id or one of its domains.
    #[serde(default)]
    pub microsoft_tenant: Option<String>,
    /// The address of the Google or Microsoft admin who approves apps, as it was given last.
    #[serde(default)]
    pub account_admin: Option<String>,
    /// Its IANA zone: of the stages that have none of their own, and of candidates whose zone is not
    /// known. Where nobody has set one, that of its first member. Empty from an earlier version.
    #[serde(default)]
    pub zone: String,
    /// Whether the assistant acts.
    #[serde(default)]
    pub assistant: AssistantSwitch,
    /// Seconds between the moment a candidate enters a stage with AI scheduling and the moment the
    /// assistant acts, in which the move can be undone.
    #[serde(default)]
    pub entry_undo_seconds: u32,
    /// Whether the assistant may propose one time to two candidates.
    #[serde(default)]
    pub share_slots: ShareSlots,
    /// Whether this connection works in it.
    pub current: bool,
    /// The record's revision.
    pub revision: u64,
}

/// A new workspace, or a change of one; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkspaceEdit {
    /// Which one, by reference; ignored when adding.
    #[serde(default)]
    pub workspace: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its own Zoom app; an empty text goes back to the daemon's.
    #[serde(default)]
    pub zoom_client_id: Option<String>,
    /// The app's secret, for a confidential client; an empty text forgets it.
    #[serde(default)]
    pub zoom_client_secret: Option<Opaque>,
    /// What kind of Zoom account it has.
    #[serde(default)]
    pub plan: Option<AccountPlan>,
    /// The address of the Zoom admin who approves apps; an empty text forgets it.
    #[serde(default)]
    pub zoom_admin: Option<String>,
    /// How long before an interview people are reminded of it, in minutes, 5 to 20160, at most
    /// five times; empty: never.
    #[serde(default)]
    pub reminders: Option<Vec<u32>>,
    /// After how many hours an interviewer who has not replied is reminded, 1 to 336; 0: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_reply_reminder_hours: Option<u32>,
    /// For how many months rejected and withdrawn candidates are kept, 1 to 120; 0: for ever.
    #[serde(default)]
    pub keep_rejected: Option<u32>,
    /// Its own Google app, a client of type Desktop app; an empty text goes back to the daemon's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google_client_id: Option<String>,
    /// That app's secret; an empty text forgets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google_client_secret: Option<Opaque>,
    /// Its own Microsoft app, a public client; an empty text goes back to the daemon's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_client_id: Option<String>,
    /// The directory that app is registered in: its id or one of its domains. Needed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_tenant: Option<String>,
    /// The address of the Google or Microsoft admin who approves apps; an empty text forgets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_admin: Option<String>,
    /// Its IANA zone; an empty text: that of its first member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Turns the assistant on, or pauses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assistant: Option<AssistantSwitchSet>,
    /// Seconds in which a move into a stage with AI scheduling can be undone before the assistant
    /// acts, 0 to 86400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_undo_seconds: Option<u32>,
    /// Whether the assistant may propose one time to two candidates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_slots: Option<ShareSlots>,
}

/// Whether the assistant may propose one time to two candidates, of whom the first to answer gets it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShareSlots {
    /// Where there are fewer than four free times for each candidate who waits; their emails say so.
    #[default]
    WhenScarce,
    /// Never: candidates get two times each where there are few.
    Never,
}

/// The first workspace, and the caller as its first member with every role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Setup {
    /// The workspace's name.
    pub workspace: String,
    /// The caller's name.
    pub name: String,
    /// The caller's address.
    pub email: String,
    /// The caller's IANA time zone, which is the workspace's, too.
    pub zone: String,
    /// The workspace's Zoom app; `None`: the daemon's default one.
    #[serde(default)]
    pub zoom_client_id: Option<String>,
    /// The app's secret, for a confidential client.
    #[serde(default)]
    pub zoom_client_secret: Option<Opaque>,
}

/// What `setup` made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetupDone {
    /// The workspace.
    pub workspace: WorkspaceBrief,
    /// Its first member.
    pub member: Member,
}

/// A member, in a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberBrief {
    /// The member.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// A person of a workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    /// The member.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The address of their Zoom user, where it is another one.
    pub zoom_email: Option<String>,
    /// Their IANA time zone.
    pub zone: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// The jobs they are hiring manager of.
    pub hiring_jobs: Vec<JobId>,
    /// The Unix user on this machine, if one is linked.
    pub unix_uid: Option<u32>,
    /// Their Zoom connection's state.
    pub zoom: ConnectionState,
    /// Whether colleagues may schedule on their Zoom.
    pub shared: bool,
    /// Nobody has set their hours: Monday to Friday, 09:00 to 17:00, is assumed.
    #[serde(default)]
    pub hours_assumed: bool,
    /// Whether this is the caller.
    pub you: bool,
    /// What to bear in mind, a sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The record's revision.
    pub revision: u64,
}

/// A new member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberAdd {
    /// Their name.
    pub name: String,
    /// Their address, unique in the workspace.
    pub email: String,
    /// The address of their Zoom user, where it is another one.
    #[serde(default)]
    pub zoom_email: Option<String>,
    /// Their IANA time zone; `None`: the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// What they may do; empty: interviewer.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// The jobs they are hiring manager of, by reference.
    #[serde(default)]
    pub hiring_jobs: Vec<String>,
}

/// A change of a member; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberEdit {
    /// Who, by reference.
    pub member: String,
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// The address of their Zoom user; an empty text: the same as their address.
    #[serde(default)]
    pub zoom_email: Option<String>,
    /// Their IANA time zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// What they may do.
    #[serde(default)]
    pub roles: Option<Vec<Role>>,
    /// The jobs they are hiring manager of, by reference.
    #[serde(default)]
    pub hiring_jobs: Option<Vec<String>>,
    /// Whether colleagues may schedule on their Zoom.
    #[serde(default)]
    pub shared: Option<bool>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

/// Links a Unix user of the daemon's machine to a member, or takes the link away. The user is given
/// by number or by name; to take a link away, neither is needed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberLink {
    /// Who, by reference.
    pub member: String,
    /// The Unix user's number.
    #[serde(default)]
    pub uid: Option<u32>,
    /// The Unix user's name, as the daemon's machine knows it.
    #[serde(default)]
    pub user: Option<String>,
}

/// One record, by reference, for calls that need nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reference {
    /// Its id, a unique ending of it, its address or its name.
    pub reference: String,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

impl Reference {
    /// A record, whatever its revision.
    pub fn to(reference: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            expected_revision: None,
            dry_run: false,
        }
    }
}
