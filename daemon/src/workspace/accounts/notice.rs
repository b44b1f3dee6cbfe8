//! Emails about accounts: to those who must connect one again, to the administrator who is to
//! approve the app, and to those who wait for that.
//!
//! Invariants: an email that has become needless, because somebody connected meanwhile, does not
//! leave. The workspace's own account is the affair of its admins, all of them.

use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{MailId, MemberId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;

use super::letter::{self, Petition};
use super::terms;
use crate::clock::Clock;
use crate::grants::{ConnectionId, ConnectionRecord, Link, Owner, Words};
use crate::mail::message::{Letter, Person, Says, greeting};
use crate::mail::reader::FROM_NAME;
use crate::mail::{Author, Written};
use crate::outbox::record::{About, MessageRecord, MessageState, Recipient};
use crate::outbox::{self, Draft, Settled, UNDO_SECONDS};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::services::Services;
use crate::store::{GLOBAL, StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::workspace::notice::NoticeRecord;

/// The kind of the work that asks somebody to try, a working day after the request.
pub const TRY_WORK: &str = "account-approval-try";

/// Sets the timer that asks to try; `key`: the connection's.
pub(super) fn ask_later(tx: &Tx, space: &str, key: &str, due: Instant) -> Result<(), StoreError> {
    WorkRecord::timer(tx, space, TRY_WORK, key, due)
}

/// Asks an administrator by email, unless such an email is on its way already.
pub(super) async fn ask_admin(
    tx: &Tx,
    provider: AccountProvider,
    who: ConnectionId,
    admin: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let (space, key) = (&who.workspace.to_string(), &who.key(terms(provider)));
    let notice = tx.get::<NoticeRecord>(space, key).await?;
    let mut notice = notice.unwrap_or_default();
    if let Some(earlier) = notice.approval
        && let Some(mail) = outbox::find(tx, space, earlier).await?
        && mail.state == MessageState::Waiting
        && mail.to == Recipient::Address(admin.to_owned())
    {
        return Ok(());
    }
    let draft = Draft {
        kind: MailKind::ApprovalRequest,
        to: Recipient::Address(admin.to_owned()),
        about: About::Account(provider, who.owner),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows: None,
        memo: None,
    };
    notice.approval = Some(outbox::post(tx, space, draft, now)?);
    tx.put(space, key, &notice)
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

fn post(
    tx: &Tx,
    space: &str,
    reader: MemberId,
    about: About,
    kind: MailKind,
    now: Instant,
) -> Result<MailId, StoreError> {
    let draft = Draft {
        kind,
        to: Recipient::Member(reader),
        about,
        not_before: now,
        follows: None,
        memo: None,
    };
    outbox::post(tx, space, draft, now)
}

/// Has emails written to those who must connect an account again.
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
                let Some((provider, who)) = of_key(space, key) else {
                    return Ok(());
                };
                let connection = tx.get::<ConnectionRecord>(space, key).await?;
                if !connection.is_some_and(|it| is_broken(&it)) {
                    return Ok(());
                }
                for reader in readers(services, who) {
                    let about = About::Account(provider, who.owner);
                    let (kind, now) = (MailKind::ConnectionNotice, services.clock.now());
                    post(&tx, space, reader, about, kind, now)?;
                }
                Ok(())
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
                for reader in readers(services, who) {
                    let about = About::Account(provider, who.owner);
                    post(&tx, space, reader, about, kind, services.clock.now())?;
                }
                Ok(())
            });
            done.await.map(drop)
        })
    }
}

fn is_broken(connection: &ConnectionRecord) -> bool {
    matches!(connection.link, Link::ReconnectRequired { .. })
}

/// Whether an approval is waited for.
fn is_awaited(connection: &ConnectionRecord) -> bool {
    let approval = connection.approval.as_ref();
    approval.is_some_and(|it| it.given_at.is_none()) && !connection.is_connected()
}

/// The author of emails about accounts.
pub struct AccountNotices {
    /// What time it is.
    pub clock: Clock,
    /// Where Microsoft's sign-in is.
    pub login_url: String,
    /// The tenant of the daemon's default Microsoft app; empty: it has none.
    pub tenant: String,
}

/// What an email is written from.
struct Facts<'a> {
    provider: AccountProvider,
    owner: Owner,
    connection: &'a ConnectionRecord,
    workspace: &'a WorkspaceRecord,
}

impl AccountNotices {
    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        (provider, owner): (AccountProvider, Owner),
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let Ok(workspace) = space.parse::<WorkspaceId>() else {
            return unwanted("the workspace is gone");
        };
        let key = ConnectionId { workspace, owner }.key(terms(provider));
        let connection = tx.get::<ConnectionRecord>(space, &key).await?;
        let Some(workspace) = tx.peek::<WorkspaceRecord>(GLOBAL, space).await? else {
            return unwanted("the workspace is gone");
        };
        let facts = Facts {
            provider,
            owner,
            connection: &connection.unwrap_or_default(),
            workspace: &workspace,
        };
        let (to, says) = match &mail.to {
            Recipient::Member(reader) => {
                let reader = tx.peek::<MemberRecord>(space, &reader.to_string()).await?;
                let Some(reader) = reader else {
                    return unwanted("the member is gone");
                };
                match said(&facts, mail.kind, &reader) {
                    Ok(says) => (person(&reader.name, &reader.email), says),
                    Err(why) => return unwanted(why),
                }
            }
            Recipient::Address(admin) if mail.kind == MailKind::ApprovalRequest => {
                let by = match owner {
                    Owner::Workspace => workspace.name.clone(),
                    Owner::Member(id) => {
                        let member = tx.peek::<MemberRecord>(space, &id.to_string()).await?;
                        let Some(member) = member else {
                            return unwanted("the member is gone");
                        };
                        format!("{} <{}>", member.name, member.email)
                    }
                };
                match self.petition(&facts, &by) {
                    Some(says) => (person("", admin), says),
                    None => return unwanted("the approval is not waited for any more"),
                }
            }
            _ => return unwanted("it is not for a member"),
        };
        Ok(Written::Letter {
            letter: Box::new(Letter {
                to,
                from_name: FROM_NAME.to_owned(),
                says,
            }),
            memo: None,
        })
    }

    /// The request to an administrator, while it is waited for.
    fn petition(&self, facts: &Facts<'_>, by: &str) -> Option<Says> {
        let approval = facts.connection.approval.as_ref();
        let approval = approval.filter(|_| is_awaited(facts.connection))?;
        let tenant = facts.workspace.microsoft_tenant.as_deref();
        let tenant = tenant.unwrap_or(&self.tenant);
        let tenant = Some(tenant).filter(|tenant| !tenant.is_empty());
        let client_id = &approval.client_id;
        let link = letter::link(facts.provider, &self.login_url, tenant, client_id);
        let request = letter::request(&Petition {
            provider: facts.provider,
            by,
            workspace: &facts.workspace.name,
            client_id,
            link: &link,
        });
        Some(Says::Text {
            subject: request.subject,
            text: request.text,
        })
    }
}

/// What a member reads; why nothing, where it has become needless.
fn said(facts: &Facts<'_>, kind: MailKind, reader: &MemberRecord) -> Result<Says, &'static str> {
    let Facts {
        provider,
        owner,
        connection,
        workspace,
    } = *facts;
    let (hello, company) = (greeting(&reader.name), &workspace.name);
    let words = terms(provider).words;
    let name = words.name;
    let (whose, option) = match owner {
        Owner::Workspace => (format!("{company}'s {name} account"), " --for-workspace"),
        Owner::Member(_) => (format!("your {name} account"), ""),
    };
    let again = format!(
        "Connect in Settings, Connected Apps, or with:\n\n    greenroom {} connect{option}\n",
        provider.word()
    );
    let (subject, text) = match kind {
        MailKind::ConnectionNotice => {
            let (reason, hint) =
                broken(facts, words).ok_or("it works again, or was disconnected")?;
            (
                format!("{name} must be reconnected ({company})"),
                format!(
                    "{hello}\n\nGreenroom can no longer use {whose}.\n\nReason: {reason}\n{hint}\n{again}"
                ),
            )
        }
        MailKind::ApprovalGiven if connection.is_approved() => (
            format!("You can connect {name} now ({company})"),
            format!(
                "{hello}\n\nA colleague could connect {name} to Greenroom, so your {name} organization has approved \
                 the app.\n\n{again}"
            ),
        ),
        MailKind::ApprovalTry if is_awaited(connection) => (
            format!("Please try connecting {name} again ({company})"),
            format!(
                "{hello}\n\nYour {name} admin was asked a working day ago to approve Greenroom. {name} does not \
                 announce approvals, so please try now.\n\n{again}\nIf {name} still asks for approval, remind your \
                 admin. This sends the request again:\n\n    greenroom {} request-approval{option}\n",
                provider.word()
            ),
        ),
        _ => return Err("the approval is not waited for any more"),
    };
    Ok(Says::Text { subject, text })
}

/// Why an account is broken, and what to do besides connecting again, where there is more.
fn broken(facts: &Facts<'_>, words: &Words) -> Option<(String, String)> {
    let connection = Some(facts.connection).filter(|it| is_broken(it))?;
    let reason = connection.reason(terms(facts.provider))?;
    let hint = reason.hint(words).filter(|hint| hint != "reconnect");
    let hint = hint.map(|hint| format!("What to do: {hint}.\n"));
    Some((reason.text(words), hint.unwrap_or_default()))
}

fn person(name: &str, address: &str) -> Person {
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}

impl Author for AccountNotices {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Account(provider, owner) => {
                    self.letter(tx, space, (provider, owner), mail).await
                }
                _ => Ok(Written::Unwanted("it is about no account".into())),
            }
        })
    }

    /// An account shows on its own how it stands: nothing is noted of the emails about it.
    fn settled<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        _: MailId,
        _: &'a MessageRecord,
        _: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}
