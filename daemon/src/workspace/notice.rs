//! Letters about Zoom: to the member whose connection must be made anew, and to the Zoom admin who
//! is to approve the app.
//!
//! Invariant: a letter that has become needless, because somebody connected meanwhile, does not
//! leave.

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::waiting;
use crate::clock::Clock;
use crate::grants;
use crate::mail::message::{BrokenConnection, Letter, Person, Says};
use crate::mail::reader::{FROM_NAME, Reader};
use crate::mail::{Author, Written};
use crate::outbox::Settled;
use crate::outbox::record::{About, MessageRecord, MessageState, Recipient};
use crate::outbox::{self, Draft, UNDO_SECONDS};
use crate::services::Services;
use crate::store::{Record, StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{self, BROKEN_WORK, ConnectionId, ConnectionRecord, Link, Petition};

/// The newest letters about a connection, so that none is sent twice. Its id is the connection's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct NoticeRecord {
    /// To the admin who approves the app.
    pub(super) approval: Option<MailId>,
    /// To the member, who must connect again.
    #[serde(default)]
    broken: Option<MailId>,
}

impl Record for NoticeRecord {
    const TABLE: &'static str = "notice";
    const SCHEMA: u32 = 1;
}

/// Noted with a request where nobody waited for an approval before it: undone, nobody does.
const FIRST: &str = "first";

/// Asks a Zoom admin by mail, unless a letter is on its way already. `first`: the member did not
/// wait for an approval before.
pub(super) async fn ask_admin(
    tx: &Tx,
    space: &str,
    (member, first): (MemberId, bool),
    admin: &str,
    asked_by: Option<MemberId>,
    now: Instant,
) -> Result<Option<MailId>, StoreError> {
    let key = member.to_string();
    let mut notice = tx
        .get::<NoticeRecord>(space, &key)
        .await?
        .unwrap_or_default();
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
        about: About::Connection(member),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows: None,
        memo: first.then(|| FIRST.to_owned()),
    };
    notice.approval = Some(outbox::post_for(tx, space, draft, asked_by, now)?);
    tx.put(space, &key, &notice)?;
    Ok(notice.approval)
}

/// Whether a member has to connect again, and so may be emailed.
pub(super) async fn must_connect(
    tx: &Tx,
    space: &str,
    member: MemberId,
) -> Result<bool, StoreError> {
    let key = member.to_string();
    let connection = tx.get::<ConnectionRecord>(space, &key).await?;
    Ok(connection.is_some_and(|it| is_broken(&it)))
}

/// The newest letter that tells a member so.
pub(super) async fn newest(
    tx: &Tx,
    space: &str,
    member: MemberId,
) -> Result<Option<(MailId, MessageRecord)>, StoreError> {
    let notice = tx.get::<NoticeRecord>(space, &member.to_string()).await?;
    let Some(id) = notice.and_then(|notice| notice.broken) else {
        return Ok(None);
    };
    let mail = outbox::find(tx, space, id).await?;
    Ok(mail.map(|mail| (id, mail)))
}

/// Tells a member by mail that they have to connect again. `asked_by`: a colleague wants it.
pub(super) async fn tell_member(
    tx: &Tx,
    space: &str,
    member: MemberId,
    asked_by: Option<MemberId>,
    now: Instant,
) -> Result<MailId, StoreError> {
    let key = member.to_string();
    let notice = tx.get::<NoticeRecord>(space, &key).await?;
    let draft = Draft {
        kind: MailKind::ConnectionNotice,
        to: Recipient::Member(member),
        about: About::Connection(member),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows: None,
        memo: None,
    };
    let letter = outbox::post_for(tx, space, draft, asked_by, now)?;
    let notice = NoticeRecord {
        broken: Some(letter),
        ..notice.unwrap_or_default()
    };
    tx.put(space, &key, &notice)?;
    Ok(letter)
}

/// Has an email written to the member who must connect again.
pub struct Broken(pub Services);

impl Worker for Broken {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            let done = services.store.transact(|tx| async move {
                let key = work.record.as_str();
                WorkRecord::done(&tx, space, BROKEN_WORK, key)?;
                let Some(member) = key.parse().ok() else {
                    return Ok(());
                };
                if must_connect(&tx, space, member).await? {
                    tell_member(&tx, space, member, None, services.clock.now()).await?;
                }
                Ok(())
            });
            done.await.map(drop)
        })
    }
}

/// The author of letters about connections.
pub struct Notices {
    /// What time it is.
    pub clock: Clock,
    /// Where a Zoom admin approves apps.
    pub marketplace_url: String,
}

impl Notices {
    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        member: MemberId,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let key = member.to_string();
        let connection = tx
            .get::<ConnectionRecord>(space, &key)
            .await?
            .unwrap_or_default();
        // Also of a request to somebody else: it is about this member.
        let reader = match Reader::find(tx, space, member).await? {
            Ok(reader) => reader,
            Err(why) => return unwanted(why),
        };
        let (person, workspace) = (&reader.member, &reader.workspace);
        let (to, says) = match (mail.kind, &mail.to) {
            (MailKind::ConnectionNotice, _) => {
                let reason = connection
                    .reason(&zoom::TERMS)
                    .filter(|_| is_broken(&connection));
                let Some(reason) = reason else {
                    return unwanted("Zoom works again, or was disconnected");
                };
                let says = Says::Broken(BrokenConnection {
                    member: person.name.clone(),
                    workspace: workspace.name.clone(),
                    zoom_email: person.zoom_address().to_owned(),
                    reason: reason.text(&zoom::WORDS),
                });
                (named(&person.name, &person.email), says)
            }
            (MailKind::ApprovalRequest, Recipient::Address(admin)) => {
                let awaited = connection.approval.filter(|it| it.given_at.is_none());
                let Some(approval) = awaited else {
                    return unwanted("the approval is not waited for any more");
                };
                let petition = zoom::Letter::to_the_admin(&Petition {
                    member: &person.name,
                    email: &person.email,
                    workspace: &workspace.name,
                    client_id: &approval.client_id,
                    link: &self.marketplace_url,
                });
                let says = Says::Text {
                    subject: petition.subject,
                    text: petition.text,
                };
                (named("", admin), says)
            }
            _ => return waiting::letter(tx, space, mail, person, workspace, &connection).await,
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
}

impl Author for Notices {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Connection(member) => self.letter(tx, space, member, mail).await,
                About::Interview(_)
                | About::Account(..)
                | About::Problem(_)
                | About::Application(_)
                | About::Outreach(_)
                | About::Retention
                | About::App(_) => Ok(Written::Unwanted("it is about no connection".into())),
            }
        })
    }

    /// A connection shows on its own how it stands: nothing is noted of the emails about it. But
    /// where the request never left with which somebody began to wait for an approval, they wait
    /// for none.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        _: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let began = mail.kind == MailKind::ApprovalRequest
                && mail.memo.as_deref() == Some(FIRST)
                && outcome == Settled::Dropped;
            let (About::Connection(member), Ok(workspace)) = (&mail.about, space.parse()) else {
                return Ok(());
            };
            let who = ConnectionId::of_member(workspace, *member);
            match began {
                true => grants::recall(&zoom::TERMS, tx, who, self.clock.now()).await,
                false => Ok(()),
            }
        })
    }
}

fn is_broken(connection: &ConnectionRecord) -> bool {
    matches!(connection.link, Link::ReconnectRequired { .. })
}

fn named(name: &str, address: &str) -> Person {
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}
