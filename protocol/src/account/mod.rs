//! Accounts at Google and Microsoft: whose grant there is, what it may be used for, and how one is
//! made. Tokens have no type here, by design.
//!
//! An account belongs to a member or to the workspace itself, such as `interviews@acme.example`.
//! For sending email and for reading calendars the workspace's goes before a member's.

mod permission;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::permission::{GOOGLE_PERMISSIONS, MICROSOFT_PERMISSIONS, Permission};
use crate::id::{AttemptId, MailId};
use crate::secret::Opaque;
use crate::time::Instant;
use crate::workspace::MemberBrief;
use crate::zoom::{AdminReply, AppApproval, ConnectionState};

/// Who gives the account.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum AccountProvider {
    /// Google Workspace.
    Google,
    /// Microsoft 365.
    Microsoft,
}

impl AccountProvider {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Google, Self::Microsoft];

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
        }
    }

    /// Its word in commands, `google` or `microsoft`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    /// What is asked for, with its reasons.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Google => &GOOGLE_PERMISSIONS,
            Self::Microsoft => &MICROSOFT_PERMISSIONS,
        }
    }
}

/// What an account is used for. Permissions are asked for by purpose, and a person may give some
/// and not others.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Sending the workspace's email, and reading what is replied.
    Mail,
    /// Reading when people are busy, never what they do.
    FreeBusy,
}

impl Purpose {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Mail, Self::FreeBusy];

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "email",
            Self::FreeBusy => "busy times",
        }
    }
}

/// Whose account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountOwner {
    /// The workspace itself.
    Workspace,
    /// A member.
    Member(MemberBrief),
}

/// Whose account is meant. Both empty: the caller's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountQuery {
    /// Where.
    pub provider: AccountProvider,
    /// A member, by reference.
    #[serde(default)]
    pub member: Option<String>,
    /// The workspace's own; not together with `member`.
    #[serde(default)]
    pub for_workspace: bool,
}

/// Which accounts are listed; `None`: at both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountListQuery {
    /// Where.
    #[serde(default)]
    pub provider: Option<AccountProvider>,
}

/// One account, and how its connection stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Where.
    pub provider: AccountProvider,
    /// Whose.
    pub owner: AccountOwner,
    /// How it stands.
    pub state: ConnectionState,
    /// Why it stands so, where that is not obvious.
    pub reason: Option<String>,
    /// The reason for programs: one short word that stays, such as `password-changed`.
    pub reason_code: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// An administrator's approval of the app, while it is waited for, and once it is given until
    /// the next connect.
    pub approval: Option<AppApproval>,
    /// The administrator's newest reply to the request, while the approval is waited for: for the
    /// member whose account it is, recruiters and admins.
    #[serde(default)]
    pub admin_reply: Option<AdminReply>,
    /// The user there, when there is one.
    pub user: Option<AccountUser>,
    /// What was granted, as purposes. Empty: nothing but who it is.
    pub purposes: Vec<Purpose>,
    /// What was granted, by the provider's names.
    pub scopes: Vec<String>,
    /// What was asked for and not granted.
    pub missing_scopes: Vec<String>,
    /// When the access token ends; it is renewed long before.
    pub expires_at: Option<Instant>,
    /// The last renewal that worked.
    pub last_refresh: Option<Instant>,
    /// Since when it is in this state.
    pub since: Option<Instant>,
    /// The app it was made with.
    pub client_id: Option<String>,
    /// Whether the workspace has an app there: without one nobody can connect.
    pub app: bool,
    /// The attempt to connect that waits for its browser, or whose answer is being handed in.
    pub attempt: Option<AttemptId>,
    /// The record's revision, 0 where there is none yet.
    pub revision: u64,
}

/// The user behind an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountUser {
    /// Their name there; empty where it is not told.
    pub name: String,
    /// Their address there.
    pub email: String,
    /// Google's domain or Microsoft's tenant id, where there is one: a personal account has none.
    pub organization: Option<String>,
}

/// Starts a connect: the daemon keeps verifier and state, the client keeps the loopback port.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountConnectStart {
    /// Where.
    pub provider: AccountProvider,
    /// For whom, by reference; `None`: the caller. Admins may start it for others.
    #[serde(default)]
    pub member: Option<String>,
    /// For the workspace itself, by an admin; not together with `member`.
    #[serde(default)]
    pub for_workspace: bool,
    /// The address that must sign in; for the workspace's own. `None`: any user. A
    /// member's is their own address.
    #[serde(default)]
    pub email: Option<String>,
    /// What for; empty: everything. What was granted before is asked for again.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    /// Where the browser comes back to: `http://127.0.0.1:PORT/callback` for Google,
    /// `http://localhost:PORT/callback` for Microsoft.
    pub redirect_uri: String,
}

/// An attempt under way. It lives ten minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountAttempt {
    /// The attempt.
    pub attempt: AttemptId,
    /// Where.
    pub provider: AccountProvider,
    /// For whom.
    pub owner: AccountOwner,
    /// What to open in the browser.
    pub authorize_url: String,
    /// Where the browser comes back to.
    pub redirect_uri: String,
    /// The address that must sign in; `None`: any.
    pub expected_email: Option<String>,
    /// What is asked for.
    pub purposes: Vec<Purpose>,
    /// When it expires.
    pub expires_at: Instant,
}

/// What came back to the loopback port, or was pasted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountConnectFinish {
    /// Where.
    pub provider: AccountProvider,
    /// The attempt.
    pub attempt: AttemptId,
    /// The `state` of the redirect. The attempt's id stands before its first dot.
    pub state: Opaque,
    /// The `code` of the redirect, when it was granted.
    #[serde(default)]
    pub code: Option<Opaque>,
    /// The `error` of the redirect, when it was not.
    #[serde(default)]
    pub error: Option<String>,
    /// The `error_description` of the redirect.
    #[serde(default)]
    pub error_description: Option<String>,
}

/// Ends an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountConnectCancel {
    /// Where.
    pub provider: AccountProvider,
    /// The attempt.
    pub attempt: AttemptId,
}

/// Ends an account's connection. Whose: as in [`AccountQuery`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountDisconnect {
    /// Where.
    pub provider: AccountProvider,
    /// A member, by reference.
    #[serde(default)]
    pub member: Option<String>,
    /// The workspace's own; not together with `member`.
    #[serde(default)]
    pub for_workspace: bool,
    /// Refused where the connection has changed since this revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only says what it would do.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a disconnect did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountDisconnected {
    /// Where.
    pub provider: AccountProvider,
    /// Whose.
    pub owner: AccountOwner,
    /// Whether the provider confirmed that the grant is gone there.
    pub revoked: bool,
    /// What stops working: the workspace's email, or the busy times that were read with it. A
    /// sentence each.
    pub loses: Vec<String>,
    /// What to do where the provider did not confirm, or cannot be asked.
    pub hint: Option<String>,
    /// Nothing was done.
    pub dry_run: bool,
}

/// Asks an administrator at the provider to approve the app, and keeps that it was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountApprovalAsk {
    /// Where.
    pub provider: AccountProvider,
    /// For whom, by reference; `None`: the caller. Admins may ask for others.
    #[serde(default)]
    pub member: Option<String>,
    /// For the workspace's own; not together with `member`.
    #[serde(default)]
    pub for_workspace: bool,
    /// The administrator's address, which the workspace remembers; `None`: the remembered one.
    #[serde(default)]
    pub admin: Option<String>,
    /// Only shows the request.
    #[serde(default)]
    pub dry_run: bool,
}

/// A request to an administrator: what it says, and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccountApprovalRequest {
    /// The account that waits now.
    pub account: Account,
    /// The administrator's address, if one is known.
    pub admin: Option<String>,
    /// The app's client id.
    pub client_id: String,
    /// Where the administrator approves it.
    pub link: String,
    /// The request's subject line.
    pub subject: String,
    /// The request itself, to be copied or sent.
    pub text: String,
    /// Whether it was emailed; else somebody has to send it.
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
