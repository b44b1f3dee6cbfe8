//! Zoom connections as others see them. Tokens have no type here, by design.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{AttemptId, MailId, MemberId, TurnId};
use crate::secret::Opaque;
use crate::time::Instant;
use crate::workspace::MemberBrief;

/// The state of one member's link to their Zoom user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    /// Never connected, or disconnected.
    #[default]
    Disconnected,
    /// A browser is open at Zoom's consent page.
    Authorizing,
    /// A Zoom admin was asked to approve the app.
    PreApprovalRequested,
    /// Healthy.
    Connected,
    /// Zoom cannot be reached for now; nothing to do.
    Retrying,
    /// The grant is gone: connect again.
    ReconnectRequired,
}

/// A permission Greenroom asks of Zoom, with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    /// Zoom's granular scope.
    pub scope: &'static str,
    /// Zoom's classic scope, which old tokens carry until the next consent.
    pub classic: &'static str,
    /// The permission in Zoom's words for people.
    pub title: &'static str,
    /// Why it is asked for.
    pub reason: &'static str,
    /// Whether everything but the named thing works without it.
    pub optional: bool,
}

/// Every permission Greenroom asks for: four it needs, five optional. Source of the scope names:
/// Zoom's API specifications of Meetings and Users.
pub const PERMISSIONS: [Permission; 9] = [
    Permission {
        scope: "meeting:read:meeting",
        classic: "meeting:read",
        title: "View a meeting",
        reason: "to check that our meetings exist, and their details",
        optional: false,
    },
    Permission {
        scope: "meeting:write:meeting",
        classic: "meeting:write",
        title: "Create a meeting for a user",
        reason: "to create the meeting when you host",
        optional: false,
    },
    Permission {
        scope: "user:read:user",
        classic: "user:read",
        title: "View a user",
        reason: "to verify which Zoom user is connected",
        optional: false,
    },
    Permission {
        scope: "meeting:read:summary",
        classic: "meeting_summary:read",
        title: "View a meeting's summary",
        reason: "for interview insights",
        optional: false,
    },
    Permission {
        scope: "meeting:update:meeting",
        classic: "meeting:write",
        title: "Update a meeting",
        reason: "to reschedule an interview and keep its link",
        optional: true,
    },
    Permission {
        scope: "meeting:delete:meeting",
        classic: "meeting:write",
        title: "Delete a meeting",
        reason: "to delete the meeting when an interview is cancelled",
        optional: true,
    },
    Permission {
        scope: "meeting:read:list_meetings",
        classic: "meeting:read",
        title: "See the list of your meetings",
        reason: "to find meetings after a lost reply, and leftovers",
        optional: true,
    },
    Permission {
        scope: "meeting:read:list_past_instances",
        classic: "meeting:read",
        title: "View past meeting instances",
        reason: "to find the summary if the room was opened twice",
        optional: true,
    },
    Permission {
        scope: "user:read:settings",
        classic: "user:read",
        title: "View a user's settings",
        reason: "to say before booking whether Zoom can write notes",
        optional: true,
    },
];

/// Also said wherever the permissions are listed.
pub const SHARED_NOTE: &str = "Colleagues can host interviews on your Zoom account.";

/// A Zoom user's plan, as far as Zoom tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZoomPlan {
    /// Basic: every meeting ends at 40 minutes, one at a time.
    Basic,
    /// Licensed.
    Licensed,
}

/// The Zoom user behind a connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoomUser {
    /// Their name at Zoom.
    pub name: String,
    /// Their address at Zoom.
    pub email: String,
    /// Their plan.
    pub plan: ZoomPlan,
}

/// One member's link to their Zoom user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Connection {
    /// Whose.
    pub member: MemberBrief,
    /// How it stands.
    pub state: ConnectionState,
    /// Why it stands so, where that is not obvious.
    pub reason: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The reason for programs: one short word that stays, such as `answer-lost`.
    #[serde(default)]
    pub reason_code: Option<String>,
    /// A Zoom admin's approval of the app, while it is waited for, and once it is given until the
    /// next connect.
    #[serde(default)]
    pub approval: Option<AppApproval>,
    /// What the Zoom admin replied last, while the approval is waited for.
    #[serde(default)]
    pub admin_reply: Option<AdminReply>,
    /// The Zoom user, when there is one.
    pub zoom_user: Option<ZoomUser>,
    /// What was granted.
    pub scopes: Vec<String>,
    /// Scopes we asked for that were not granted.
    pub missing_scopes: Vec<String>,
    /// When the access token ends; it is refreshed long before.
    pub expires_at: Option<Instant>,
    /// The last refresh that worked.
    pub last_refresh: Option<Instant>,
    /// Since when it is in this state.
    pub since: Option<Instant>,
    /// The Zoom app it was made with.
    pub client_id: Option<String>,
    /// Whether colleagues may schedule on it.
    pub shared: bool,
    /// Interviews to come whose meeting is on it.
    pub booked: u32,
    /// How many meetings its Zoom user can have at once.
    #[serde(default)]
    pub meetings_at_once: Option<u32>,
    /// How many of a day's changes its Zoom user took today.
    #[serde(default)]
    pub calls_today: Option<CallsToday>,
    /// The attempt to connect that waits for its browser, or whose answer is being handed in.
    #[serde(default)]
    pub attempt: Option<AttemptId>,
    /// The record's revision, 0 where there is none yet.
    pub revision: u64,
}

/// Meetings made and changed for a Zoom user since 00:00 UTC. Zoom counts for all apps together and
/// tells nobody, so this is the least it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallsToday {
    /// How many left from here.
    pub sent: u32,
    /// How many Zoom takes a day.
    pub most: u32,
}

impl CallsToday {
    /// Whether it is time to say so: four of five are gone.
    #[must_use]
    pub const fn few_left(&self) -> bool {
        self.sent.saturating_mul(5) >= self.most.saturating_mul(4)
    }
}

/// Somebody was emailed that their Zoom must be connected again, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// Who.
    pub member: MemberBrief,
    /// The letter; nothing in a dry run.
    pub mail: Option<MailId>,
    /// It leaves not before.
    pub not_before: Instant,
    /// It was on its way already: there is no second one.
    pub repeated: bool,
    /// Whether anybody receives it.
    pub delivers: bool,
    /// What to know about it.
    pub note: Option<String>,
    /// Nothing was done.
    pub dry_run: bool,
}

/// How a connection stands, for what depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// How it stands.
    pub state: ConnectionState,
    /// Why it stands so, where that is not obvious.
    pub reason: Option<String>,
    /// The reason for programs.
    pub reason_code: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
}

impl ConnectionState {
    /// Whether meetings can be made with a connection in this state, at once or by being tried
    /// again.
    #[must_use]
    pub const fn serves(self) -> bool {
        matches!(self, Self::Connected | Self::Retrying)
    }
}

/// A Zoom admin's approval of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppApproval {
    /// Since when it is waited for.
    pub requested_at: Instant,
    /// When somebody of the workspace could connect with the app: now this member can, too.
    pub approved_at: Option<Instant>,
}

/// What a Zoom admin replied to the request; it decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdminReply {
    /// The email, as `mail_received_get` has it.
    pub id: TurnId,
    /// The address it came from.
    pub from: String,
    /// When it came.
    pub at: Instant,
    /// What it says: other people's text, plain, at most 20 kB.
    pub text: String,
    /// A machine wrote it, such as a ticket system.
    pub automatic: bool,
}

/// Asks a Zoom admin to approve the app, and keeps that it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApprovalAsk {
    /// For whom, by reference; `None`: the caller. Admins may ask for others.
    #[serde(default)]
    pub member: Option<String>,
    /// The Zoom admin's address, which the workspace remembers; `None`: the remembered one.
    #[serde(default)]
    pub admin: Option<String>,
    /// Only shows the request.
    #[serde(default)]
    pub dry_run: bool,
}

/// A permission, as a request names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScopeReason {
    /// Zoom's granular scope.
    pub scope: String,
    /// The permission in Zoom's words for people.
    pub title: String,
    /// Why it is asked for.
    pub reason: String,
    /// Whether everything but the named thing works without it.
    pub optional: bool,
}

/// A request to a Zoom admin: what it says, and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApprovalRequest {
    /// The connection that waits now.
    pub connection: Connection,
    /// The Zoom admin's address, if one is known.
    pub admin: Option<String>,
    /// The app's name.
    pub app: String,
    /// The app's client id.
    pub client_id: String,
    /// Where the admin approves it.
    pub link: String,
    /// What it asks of Zoom.
    pub scopes: Vec<ScopeReason>,
    /// The request's subject line.
    pub subject: String,
    /// The request itself, to be copied or sent.
    pub text: String,
    /// Whether it was mailed; else somebody has to send it.
    pub sent: bool,
    /// The email, where this call asked for it: `mail_undo` undoes the request until it leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailId>,
    /// When that leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Instant>,
    /// Nothing was kept.
    pub dry_run: bool,
}

/// Whose connection; `None`: the caller's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectionQuery {
    /// The member, by reference.
    #[serde(default)]
    pub member: Option<String>,
}

/// Starts a connect: the daemon keeps verifier and state, the client keeps the loopback port.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectStart {
    /// For whom, by reference; `None`: the caller. Admins may start it for others.
    #[serde(default)]
    pub member: Option<String>,
    /// Where the browser comes back to: `http://127.0.0.1:PORT/callback`.
    pub redirect_uri: String,
}

/// An attempt under way. It lives ten minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectAttempt {
    /// The attempt.
    pub attempt: AttemptId,
    /// For whom.
    pub member: MemberBrief,
    /// What to open in the browser.
    pub authorize_url: String,
    /// Where the browser comes back to.
    pub redirect_uri: String,
    /// The Zoom user the answer must be for.
    pub expected_zoom_user: String,
    /// When it expires.
    pub expires_at: Instant,
}

/// What came back to the loopback port, or was pasted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectFinish {
    /// The attempt.
    pub attempt: AttemptId,
    /// The `state` of the redirect. The attempt's id stands before its first dot.
    pub state: Opaque,
    /// The `code` of the redirect, when Zoom granted.
    #[serde(default)]
    pub code: Option<Opaque>,
    /// The `error` of the redirect, when it did not.
    #[serde(default)]
    pub error: Option<String>,
    /// The `error_description` of the redirect. Only for a daemon of protocol 2 or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// Ends an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectCancel {
    /// The attempt.
    pub attempt: AttemptId,
}

/// What a disconnect did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Disconnected {
    /// Whose.
    pub member: MemberId,
    /// Whether Zoom confirmed that the grant is gone there.
    pub revoked: bool,
    /// Booked meetings to come that keep their links.
    pub booked: u32,
    /// What to do where Zoom did not confirm.
    pub hint: Option<String>,
    /// Nothing was done.
    pub dry_run: bool,
}
