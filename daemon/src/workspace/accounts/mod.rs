//! Accounts at Google and Microsoft: connecting and disconnecting them, for oneself, or, as an
//! admin, for somebody else and for the workspace itself; asking an administrator there to approve
//! the app; and the emails about both.
//!
//! Joins what the two rooms know of a connection with whose it is. Must not hold a rule about
//! tokens, nor about what an account is used for.

mod app;
mod approval;
mod author;
mod connect;
mod letter;
mod notice;
mod reply;
mod view;

use greenroom_protocol::Error;
use greenroom_protocol::account::{AccountOwner, AccountProvider};

pub(super) use self::app::edit as edit_apps;
pub use self::approval::request;
pub use self::author::AccountNotices;
pub use self::connect::{cancel, disconnect, finish, get, list, of_member, start};
pub use self::notice::{BrokenAccounts, TRY_WORK, WaitingAccounts};
pub use self::reply::{AccountReplies, PassedOn, REPLY_WORK};
pub use self::view::standing_of_workspace;
use super::admin_reply;
use super::connect::subject;
use crate::access::RequestContext;
use crate::grants::{ConnectionId, Owner, Terms};
use crate::services::Services;
use crate::{google, microsoft};

/// What the provider is.
pub(super) fn terms(provider: AccountProvider) -> &'static Terms {
    match provider {
        AccountProvider::Google => &google::TERMS,
        AccountProvider::Microsoft => &microsoft::TERMS,
    }
}

/// Whose account at which provider.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub(super) provider: AccountProvider,
    pub(super) who: ConnectionId,
    pub(super) owner: AccountOwner,
}

impl Target {
    /// Whose account a request means: the caller's where it names nobody.
    fn of(
        services: &Services,
        context: &RequestContext,
        provider: AccountProvider,
        member: Option<&str>,
        for_workspace: bool,
    ) -> Result<Self, Error> {
        let named = member.is_some_and(|text| !text.trim().is_empty());
        if for_workspace && named {
            let why = "Name a member or the workspace, not both";
            return Err(Error::usage(why).field("member"));
        }
        let owner = match for_workspace {
            true => Owner::Workspace,
            false => Owner::Member(subject(services, context, member)?),
        };
        let workspace = context.workspace;
        Self::at(services, provider, ConnectionId { workspace, owner })
    }

    /// The account of this connection.
    fn at(
        services: &Services,
        provider: AccountProvider,
        who: ConnectionId,
    ) -> Result<Self, Error> {
        let owner = match who.owner {
            Owner::Workspace => AccountOwner::Workspace,
            Owner::Member(id) => {
                let row = services.index.member(who.workspace, id);
                let row = row.ok_or_else(|| Error::not_found("the member is gone"))?;
                AccountOwner::Member(row.record.brief(id))
            }
        };
        Ok(Self {
            provider,
            who,
            owner,
        })
    }

    /// Refuses unless the caller may change it: their own, or as an admin.
    fn may_change(&self, context: &RequestContext, what: &str) -> Result<(), Error> {
        let what = format!("{what} {}", self.provider.name());
        match self.who.owner {
            Owner::Member(member) => context.own_or_admin(member, &what),
            Owner::Workspace if context.is_admin() => Ok(()),
            Owner::Workspace => Err(Error::denied(format!(
                "not permitted: only an admin may {what} for the workspace"
            ))),
        }
    }

    /// The address that must sign in; `None`: any.
    fn expected_email(&self) -> Option<&str> {
        match &self.owner {
            AccountOwner::Workspace => None,
            AccountOwner::Member(member) => Some(&member.email),
        }
    }
}
