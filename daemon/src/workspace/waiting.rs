//! Those who wait for a Zoom admin to approve the app: what the admin replies reaches all of them,
//! after a working day they are asked to try, and the others hear of the first connect that works.
//!
//! Invariants: Zoom announces no approval, so nothing but a connect that works is called one; a
//! reply is shown and passed on, and decides nothing. An email that has become needless, because
//! its reader connected meanwhile, does not leave.

use futures::future::BoxFuture;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::AdminReply;
use jiff::Zoned;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::admin_reply::{self, Quoted};
use crate::access::RequestContext;
use crate::clock::Clock;
use crate::grants;
use crate::mail::Written;
use crate::mail::inbound::read::Incoming;
use crate::mail::inbound::{Owner, Thread};
use crate::mail::message::{Says, greeting};
use crate::mail::reader::to_member;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{self, Draft};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{APPROVED_WORK, ConnectionRecord, TERMS};

/// The kind of the work that asks somebody to try, a working day after the request.
pub const TRY_WORK: &str = "approval-try";

/// Earliest and latest hour of a day at which somebody is asked to try.
const HOURS: std::ops::RangeInclusive<i8> = 9..=17;

/// Hears what is written in answer to the request to a Zoom admin.
pub struct Replies {
    /// What time it is.
    pub clock: Clock,
}

impl Replies {
    /// Keeps a reply to an email about this member's connection. Whether it found its place.
    pub async fn hear(
        &self,
        tx: &Tx,
        workspace: WorkspaceId,
        member: MemberId,
        mail: &MessageRecord,
        incoming: &Incoming,
    ) -> Result<bool, StoreError> {
        if mail.kind != MailKind::ApprovalRequest {
            return Ok(false);
        }
        let (space, now) = (&workspace.to_string(), self.clock.now());
        let place = (Owner::Zoom, Thread::Approval(member));
        let Some(id) = admin_reply::keep(tx, space, place, incoming, now).await? else {
            return Ok(true);
        };
        let connection = tx
            .get::<ConnectionRecord>(space, &member.to_string())
            .await?;
        let Some(client_id) = connection.as_ref().and_then(awaited) else {
            return Ok(true);
        };
        let waiting = grants::waiting(&TERMS, tx, workspace, client_id).await?;
        for waiting in waiting.into_iter().filter_map(grants::Owner::member) {
            let memo = Some(id.to_string());
            post(tx, space, waiting, MailKind::ApprovalReply, memo, now)?;
        }
        Ok(true)
    }
}

fn post(
    tx: &Tx,
    space: &str,
    member: MemberId,
    kind: MailKind,
    memo: Option<String>,
    now: Instant,
) -> Result<(), StoreError> {
    let draft = Draft {
        kind,
        to: Recipient::Member(member),
        about: About::Connection(member),
        not_before: now,
        follows: None,
        memo,
    };
    outbox::post(tx, space, draft, now).map(drop)
}

/// Sets the timer that asks a member to try.
pub(super) fn ask_later(
    tx: &Tx,
    space: &str,
    member: MemberId,
    zone: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let due = a_working_day_after(now, zone);
    WorkRecord::timer(tx, space, TRY_WORK, &member.to_string(), due)
}

/// The same time on the next working day, within working hours; what is asked on a weekend counts
/// from Monday.
pub(super) fn a_working_day_after(at: Instant, zone: &str) -> Instant {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let asked = at.timestamp().to_zoned(zone);
    let days = match asked.weekday() {
        Weekday::Friday => 3,
        Weekday::Saturday => 3,
        Weekday::Sunday => 2,
        _ => 1,
    };
    let hour = match asked.weekday() {
        Weekday::Saturday | Weekday::Sunday => *HOURS.start(),
        _ => asked.hour().clamp(*HOURS.start(), *HOURS.end()),
    };
    let kept = asked.hour() == hour;
    let due = asked.checked_add(jiff::Span::new().days(days));
    let due = due.and_then(|due| {
        let minute = if kept { due.minute() } else { 0 };
        due.with().hour(hour).minute(minute).build()
    });
    // Only at the end of time is there no next day.
    due.map_or(at, |due: Zoned| due.timestamp().into())
}

/// Writes to those who wait when it is time to try, or when a colleague's connect has worked.
pub struct Waiters(pub Services);

impl Worker for Waiters {
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
                let Some(member) = key.parse::<MemberId>().ok() else {
                    return Ok(());
                };
                let connection = tx.get::<ConnectionRecord>(space, key).await?;
                let connection = connection.unwrap_or_default();
                let kind = match work.kind.as_str() {
                    APPROVED_WORK if connection.is_approved() => MailKind::ApprovalGiven,
                    TRY_WORK if awaited(&connection).is_some() => MailKind::ApprovalTry,
                    _ => return Ok(()),
                };
                post(&tx, space, member, kind, None, services.clock.now())
            });
            done.await.map(drop)
        })
    }
}

/// Whether a member waits for an approval.
pub(super) async fn waits(tx: &Tx, space: &str, member: MemberId) -> Result<bool, StoreError> {
    let key = member.to_string();
    let connection = tx.peek::<ConnectionRecord>(space, &key).await?;
    Ok(connection.is_some_and(|it| awaited(&it).is_some()))
}

/// The app whose approval is waited for.
fn awaited(connection: &ConnectionRecord) -> Option<&str> {
    let approval = connection.approval.as_ref()?;
    let waits = approval.given_at.is_none() && !connection.is_connected();
    waits.then_some(approval.client_id.as_str())
}

/// An email to somebody who waits, as it would be written now.
pub(super) async fn letter(
    tx: &Tx,
    space: &str,
    mail: &MessageRecord,
    member: &MemberRecord,
    workspace: &WorkspaceRecord,
    connection: &ConnectionRecord,
) -> Result<Written, StoreError> {
    let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
    let hello = greeting(&member.name);
    let company = &workspace.name;
    let (subject, text) = match mail.kind {
        MailKind::ApprovalGiven if !connection.is_approved() => {
            return unwanted("Zoom is connected, or the approval is not waited for any more");
        }
        MailKind::ApprovalGiven => (
            format!("You can connect Zoom now ({company})"),
            format!(
                "{hello}\n\nA colleague could connect Zoom to Greenroom, so your Zoom account has approved the app.\n\n{TRY}"
            ),
        ),
        _ if awaited(connection).is_none() => {
            return unwanted("the approval is not waited for any more");
        }
        MailKind::ApprovalTry => (
            format!("Please try connecting Zoom again ({company})"),
            format!(
                "{hello}\n\nYour Zoom admin was asked a working day ago to approve Greenroom. Zoom does not announce approvals, so \
                 please try now.\n\n{TRY}\nIf Zoom still asks for approval, remind your admin. This sends the request again:\n\n    \
                 greenroom zoom request-approval\n"
            ),
        ),
        MailKind::ApprovalReply => {
            let Some(reply) = admin_reply::quoted(tx, space, mail).await? else {
                return unwanted("the reply is not kept any more");
            };
            let Quoted { from, lines } = reply;
            (
                format!("Reply from your Zoom admin ({company})"),
                format!(
                    "{hello}\n\n{from} replied to the request to approve Greenroom for Zoom:\n\n{lines}\nIf it says that the app is \
                     approved, try connecting.\n\n{TRY}"
                ),
            )
        }
        _ => return unwanted("it is about no connection"),
    };
    Ok(Written::Letter {
        letter: Box::new(to_member(member, Says::Text { subject, text })),
        memo: None,
    })
}

/// How to connect, at the end of each email.
const TRY: &str = "Connect in Settings, Connected Apps, or with:\n\n    greenroom zoom connect\n";

/// The newest reply to the request that a member waits on, for those who may read it: the member,
/// recruiters and admins.
pub(super) async fn reply(
    services: &Services,
    context: &RequestContext,
    member: MemberId,
    connection: &ConnectionRecord,
) -> Result<Option<AdminReply>, StoreError> {
    let own = context.me().is_some_and(|me| me.brief.id == member);
    let Some(approval) = &connection.approval else {
        return Ok(None);
    };
    if awaited(connection).is_none() || !(own || context.is_staff() || context.is_admin()) {
        return Ok(None);
    }
    let (store, space) = (&services.store, &context.space());
    admin_reply::newest(store, space, Owner::Zoom, approval.asked_at).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().expect("a moment").into()
    }

    #[test]
    fn a_working_day_passes_over_weekends_and_nights() {
        for (asked, due) in [
            ("2026-11-30T09:30:00Z", "2026-12-01T09:30:00Z"),
            ("2026-12-03T22:10:00Z", "2026-12-04T17:00:00Z"),
            ("2026-12-04T16:00:00Z", "2026-12-07T16:00:00Z"),
            ("2026-12-05T12:00:00Z", "2026-12-08T09:00:00Z"),
            ("2026-12-06T12:00:00Z", "2026-12-08T09:00:00Z"),
            ("2026-12-01T03:20:00Z", "2026-12-02T09:00:00Z"),
        ] {
            assert_eq!(a_working_day_after(at(asked), "UTC"), at(due), "{asked}");
        }
        // Friday evening in Tokyo is Friday noon in UTC.
        let tokyo = a_working_day_after(at("2026-12-04T12:00:00Z"), "Asia/Tokyo");
        assert_eq!(tokyo, at("2026-12-07T08:00:00Z"));
    }
}
