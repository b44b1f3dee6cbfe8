//! What an administrator at Google or Microsoft replies to the request to approve the app: kept,
//! shown, and passed on to everyone who waits there.
//!
//! Invariant: a reply decides nothing; nothing but a connect that works is called an approval.

use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{TurnId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::zoom::AdminReply;

use super::notice::{self, is_awaited};
use super::{Target, admin_reply};
use crate::access::RequestContext;
use crate::clock::Clock;
use crate::grants::{ConnectionId, ConnectionRecord};
use crate::mail::inbound::read::Incoming;
use crate::mail::inbound::{Owner, Thread, keep};
use crate::outbox::record::MessageRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// The kind of the work that passes a reply on; its record is the reply.
pub const REPLY_WORK: &str = "account-reply";

/// Hears what is written in answer to the request to an administrator.
pub struct AccountReplies {
    /// What time it is.
    pub clock: Clock,
}

impl AccountReplies {
    /// Keeps a reply to an email about accounts there. Whether it found its place.
    pub async fn hear(
        &self,
        tx: &Tx,
        workspace: WorkspaceId,
        provider: AccountProvider,
        mail: &MessageRecord,
        incoming: &Incoming,
    ) -> Result<bool, StoreError> {
        if mail.kind != MailKind::ApprovalRequest {
            return Ok(false);
        }
        let (space, now) = (&workspace.to_string(), self.clock.now());
        let place = (Owner::Account(provider), Thread::AccountApproval(provider));
        let reply = admin_reply::keep(tx, space, place, incoming, now).await?;
        if let Some(id) = reply {
            // Who reads about the workspace's own account is known further up.
            WorkRecord::ask(tx, space, REPLY_WORK, &id.to_string(), now)?;
        }
        Ok(true)
    }
}

/// Has emails written that pass a reply on.
pub struct PassedOn(pub Services);

impl Worker for PassedOn {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            let done = services.store.transact(|tx| async move {
                WorkRecord::done(&tx, space, &work.kind, &work.record)?;
                let named = (space.parse().ok(), work.record.parse().ok());
                let (Some(workspace), Some(reply)) = named else {
                    return Ok(());
                };
                pass_on(services, &tx, workspace, reply).await
            });
            done.await.map(drop)
        })
    }
}

async fn pass_on(
    services: &Services,
    tx: &Tx,
    workspace: WorkspaceId,
    reply: TurnId,
) -> Result<(), StoreError> {
    let turn = keep::find(tx, &workspace.to_string(), reply).await?;
    let Some((Owner::Account(provider), _)) = turn else {
        return Ok(());
    };
    let all = services.accounts.grants(provider).statuses(workspace);
    for (owner, (connection, _)) in all.await? {
        if !is_awaited(&connection) {
            continue;
        }
        let who = ConnectionId { workspace, owner };
        let memo = Some(reply.to_string());
        notice::post_all(services, tx, (provider, who), MailKind::ApprovalReply, memo)?;
    }
    Ok(())
}

/// The newest reply to the request that an account waits on, for those who may read it: its member,
/// recruiters and admins.
pub(super) async fn shown(
    services: &Services,
    context: &RequestContext,
    target: &Target,
    connection: &ConnectionRecord,
) -> Result<Option<AdminReply>, StoreError> {
    let me = context.me().map(|me| me.brief.id);
    let own = me.is_some() && target.who.member() == me;
    let Some(approval) = connection
        .approval
        .as_ref()
        .filter(|_| is_awaited(connection))
    else {
        return Ok(None);
    };
    if !(own || context.is_staff() || context.is_admin()) {
        return Ok(None);
    }
    let owner = Owner::Account(target.provider);
    admin_reply::newest(&services.store, &context.space(), owner, approval.asked_at).await
}
