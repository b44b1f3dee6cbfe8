//! A person has an interviewer reminded who has not replied. Until the email leaves they can undo
//! that, and the interviewer counts as not reminded by them.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::{Interview, InterviewRemind};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;

use super::silent_since;
use crate::access::RequestContext;
use crate::current::current as record;
use crate::interviews::list::visible;
use crate::interviews::{plan, view};
use crate::outbox::record::{About, MessageRecord};
use crate::outbox::{self, Draft, UNDO_SECONDS};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitation, Peer};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// The least time between two reminders of one person, in minutes.
const QUIET_MINUTES: i64 = 60;

/// Reminds an interviewer who has not replied, at once.
pub async fn remind(
    services: &Services,
    context: &RequestContext,
    request: InterviewRemind,
) -> Result<Interview, Error> {
    let (index, workspace, now) = (&services.index, context.workspace, services.clock.now());
    let reference = &request.interview;
    let seen = visible(context.scope());
    let id = index.find_interview(workspace, &reference.reference, &seen)?;
    let member = plan::member(services, context, &request.to, "to")?;
    services
        .store
        .transact(|tx| async move {
            let (space, key) = (context.space(), id.to_string());
            let expected = reference.expected_revision;
            let mut interview: InterviewRecord =
                record(&tx, &space, &key, expected, "interview").await?;
            context.hires_for(interview.job)?;
            if !interview.interviewers.contains(&member) {
                let why = "They are not an interviewer of this interview";
                return Err(Error::usage(why).field("to"));
            }
            let asked = silent_since(&interview, member).filter(|_| interview.stands());
            let Some(asked) = asked.filter(|_| now < interview.start) else {
                let why = "There is no invitation that they have not replied to";
                return Err(Error::conflict(why).field("to"));
            };
            let quiet = |at: Instant| at.plus_minutes(QUIET_MINUTES) > now;
            if asked.reminded_at.is_some_and(quiet) {
                let why = "They were reminded less than an hour ago";
                return Err(Error::conflict(why).field("to"));
            }
            if reference.dry_run {
                return Ok(());
            }
            let by = context.me().map(|me| me.brief.id);
            by_hand(&tx, &space, (id, &mut interview), (member, by), now)?;
            tx.put(&space, &key, &interview)?;
            super::look(&tx, &space, id, now)?;
            context.audit(&tx, now, id, &["attendees"], &[])?;
            Ok::<_, Error>(())
        })
        .await?;
    view::one(services, workspace, id).await
}

/// Asks for the email, and notes it. The caller writes the interview.
pub(super) fn post(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    interview: &mut InterviewRecord,
    guest: Peer,
    now: Instant,
) -> Result<(), StoreError> {
    outbox::post(tx, space, draft(id, interview, guest, now), now)?;
    if let Peer::Member(member) = guest
        && let Some(open) = interview.invitation.open_mut(member)
    {
        open.reminded_at = Some(now);
    }
    Ok(())
}

/// The same by a person, `by`: it leaves when the time to undo is over, and keeps when they were
/// reminded before.
fn by_hand(
    tx: &Tx,
    space: &str,
    (id, interview): (InterviewId, &mut InterviewRecord),
    (member, by): (MemberId, Option<MemberId>),
    now: Instant,
) -> Result<(), StoreError> {
    let before = interview.invitation.open(member);
    let before = before.and_then(|open| open.reminded_at);
    let draft = Draft {
        not_before: now.plus_seconds(UNDO_SECONDS),
        memo: serde_json::to_string(&before).ok(),
        ..draft(id, interview, Peer::Member(member), now)
    };
    let mail = outbox::post_for(tx, space, draft, by, now)?;
    if let Some(open) = interview.invitation.open_mut(member) {
        open.reminded_at = Some(now);
        open.reminder = by.map(|_| mail);
    }
    Ok(())
}

/// A reminder that a person asked for was undone, `mail`: they were reminded when they were before.
pub(in crate::interviews) fn undone(
    invitation: &mut Invitation,
    guest: Peer,
    mail: &MessageRecord,
) {
    let Peer::Member(member) = guest else {
        return;
    };
    let memo = mail.memo.as_deref().unwrap_or_default();
    let before: Option<Instant> = serde_json::from_str(memo).unwrap_or_default();
    if let Some(open) = invitation.open_mut(member)
        && open.reminded_at == Some(mail.created_at)
    {
        open.reminded_at = before;
        open.reminder = None;
    }
}

fn draft(id: InterviewId, interview: &InterviewRecord, guest: Peer, now: Instant) -> Draft {
    Draft {
        kind: MailKind::NoReplyReminder,
        to: guest.recipient(),
        about: About::Interview(id),
        not_before: now,
        follows: interview.invitation.of(guest).and_then(|it| it.first),
        memo: None,
    }
}
