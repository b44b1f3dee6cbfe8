//! When emails about accounts are asked for: to those who must connect one again, to the
//! administrator who is to approve the app, and to those who wait for that.
//!
//! Invariant: the workspace's own account is the affair of its admins, all of them. What the emails
//! say is their author's.

use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{MailId, MemberId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;

use super::terms;
use crate::grants::{ConnectionId, ConnectionRecord, Link, Owner};
use crate::outbox::record::{About, MessageState, Recipient};
use crate::outbox::{self, Draft, UNDO_SECONDS};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::workspace::notice::NoticeRecord;

/// The kind of the work that asks somebody to try, a working day after the request.
pub const TRY_WORK: &str = "account-approval-try";

/// Sets the timer that asks to try; `key`: the connection's.
pub(super) fn ask_later(tx: &Tx, space: &str, key: &str, due: Instant) -> Result<(), StoreError> {
    WorkRecord::timer(tx, space, TRY_WORK, key, due)
}

/// Noted with a request where nobody waited for an approval before it: undone, nobody does.
pub(super) const FIRST: &str = "first";

/// Asks an administrator by email, unless such an email is on its way already. `first`: nobody
/// waited for this approval before. `asked_by` can undo it until it leaves.
pub(super) async fn ask_admin(
    tx: &Tx,
    (provider, who, first): (AccountProvider, ConnectionId, bool),
    admin: &str,
    asked_by: Option<MemberId>,
    now: Instant,
) -> Result<Option<MailId>, StoreError> {
    let (space, key) = (&who.workspace.to_string(), &who.key(terms(provider)));
    let notice = tx.get::<NoticeRecord>(space, key).await?;
    let mut notice = notice.unwrap_or_default();
    if let Some(earlier) = notice.approval
        && let Some(mail) = outbox::find(tx, space, earlier).await?
        && mail.state == MessageState::Waiting
        && mail.to == Recipient::Address(admin.to_owned())
    {
        return Ok(None);
    }
    let draft = Draft {
        kind: MailKind::ApprovalRequest,
        to: Recipient::Address(admin.to_owned()),
        about: About::Account(provider, who.owner),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows: None,
        memo: first.then(|| FIRST.to_owned()),
    };
    notice.approval = Some(outbox::post_for(tx, space, draft, asked_by, now)?);
    tx.put(space, key, &notice)?;
    Ok(notice.approval)
}

/// Whether the approval for a connection is waited for.
pub(super) async fn waits(
    tx: &Tx,
    provider: AccountProvider,
    who: ConnectionId,
) -> Result<bool, StoreError> {
    let (space, key) = (&who.workspace.to_string(), &who.key(terms(provider)));
    let connection = tx.peek::<ConnectionRecord>(space, key).await?;
    Ok(connection.is_some_and(|it| is_awaited(&it)))
}

/// Whose connection at which provider a key names.
fn of_key(space: &str, key: &str) -> Option<(AccountProvider, ConnectionId)> {
    let workspace = space.parse::<WorkspaceId>().ok()?;
    AccountProvider::ALL.into_iter().find_map(|provider| {
        let owner = terms(provider).name_in(key)?.parse().ok()?;
        Some((provider, ConnectionId { workspace, owner }))
    })
}

/// Who reads about an account: its member, or the workspace's admins.
fn readers(services: &Services, who: ConnectionId) -> Vec<MemberId> {
    match who.owner {
        Owner::Member(member) => vec![member],
        Owner::Workspace => {
            let members = services.index.members(who.workspace).into_iter();
            let admins = members.filter(|row| row.record.roles.contains(&Role::Admin));
            admins.map(|row| row.id).collect()
        }
    }
}

/// Asks for an email to everyone who reads about an account. `memo`: what its author wants to know
/// again.
pub(super) fn post_all(
    services: &Services,
    tx: &Tx,
    (provider, who): (AccountProvider, ConnectionId),
    kind: MailKind,
    memo: Option<String>,
) -> Result<(), StoreError> {
    let (space, now) = (who.workspace.to_string(), services.clock.now());
    for reader in readers(services, who) {
        let draft = Draft {
            kind,
            to: Recipient::Member(reader),
            about: About::Account(provider, who.owner),
            not_before: now,
            follows: None,
            memo: memo.clone(),
        };
        outbox::post(tx, &space, draft, now)?;
    }
    Ok(())
}

/// Has an email written to a member who must connect an account again. Of the workspace's own its
/// admins hear by an alarm, when it begins and when it is over.
pub struct BrokenAccounts(pub Services);

impl Worker for BrokenAccounts {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            let done = services.store.transact(|tx| async move {
                let key = work.record.as_str();
                WorkRecord::done(&tx, space, &work.kind, key)?;
                let known = of_key(space, key);
                let Some((provider, who)) = known.filter(|(_, who)| who.member().is_some()) else {
                    return Ok(());
                };
                let connection = tx.get::<ConnectionRecord>(space, key).await?;
                if !connection.is_some_and(|it| is_broken(&it)) {
                    return Ok(());
                }
                let kind = MailKind::ConnectionNotice;
                post_all(services, &tx, (provider, who), kind, None)
            });
            done.await.map(drop)
        })
    }
}

/// Writes to those who wait for an approval when it is time to try, or when a colleague's connect
/// has worked.
pub struct WaitingAccounts(pub Services);

impl Worker for WaitingAccounts {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            let done = services.store.transact(|tx| async move {
                let key = work.record.as_str();
                WorkRecord::done(&tx, space, &work.kind, key)?;
                let Some((provider, who)) = of_key(space, key) else {
                    return Ok(());
                };
                let connection = tx.get::<ConnectionRecord>(space, key).await?;
                let connection = connection.unwrap_or_default();
                let kind = match work.kind.as_str() {
                    TRY_WORK if is_awaited(&connection) => MailKind::ApprovalTry,
                    TRY_WORK => return Ok(()),
                    _ if connection.is_approved() => MailKind::ApprovalGiven,
                    _ => return Ok(()),
                };
                post_all(services, &tx, (provider, who), kind, None)
            });
            done.await.map(drop)
        })
    }
}

pub(super) fn is_broken(connection: &ConnectionRecord) -> bool {
    matches!(connection.link, Link::ReconnectRequired { .. })
}

/// Whether an approval is waited for.
pub(super) fn is_awaited(connection: &ConnectionRecord) -> bool {
    let approval = connection.approval.as_ref();
    approval.is_some_and(|it| it.given_at.is_none()) && !connection.is_connected()
}
