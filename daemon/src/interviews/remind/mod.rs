//! Reminders: worked out from the interview as it is when its time comes.
//!
//! Owns when people are reminded, and of what they were. One timer for each confirmed interview
//! wakes a worker when the workspace's next reminder of it is due; the worker reads interview and
//! settings as they are then. Invariants: which reminder was asked for is written in the commit
//! that puts its letters on the outbox, so each is asked for once, however often the daemon ends; a
//! message that waited while the interview was moved or cancelled never leaves (see `author`).
//! Reminders go to those who know how it stands: someone who had an email a moment ago needs none,
//! and someone whose email is yet to leave gets that one.

mod anew;
mod due;
mod timing;

pub use anew::{remind_anew, see_to_reminders};
pub use due::Reminders;
use greenroom_protocol::drift::DriftKind;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::invite::guests;
use crate::outbox::record::MessageRecord;
use crate::records::interview::{DriftRecord, InterviewRecord};
use crate::records::invitation::{Answer, Invitee, Peer, Reminded, Told};
use crate::records::workspace::WorkspaceRecord;
use crate::store::{GLOBAL, StoreError, Tx};
use crate::work::WorkRecord;

/// The kind of the work that reminds of an interview, or sees to the timers of a workspace.
pub const REMIND_WORK: &str = "remind";

/// Minutes before a reminder within which nobody is reminded who has just had an email.
const FRESH_MINUTES: i64 = 15;

/// Sets the timer in the commit that changes an interview. The caller writes the interview.
pub(super) async fn follow(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    interview: &InterviewRecord,
    now: Instant,
) -> Result<(), StoreError> {
    let id = id.to_string();
    let key = WorkRecord::id(REMIND_WORK, &id);
    let set = tx.get::<WorkRecord>(space, &key).await?;
    let next = match interview.status {
        InterviewStatus::Confirmed => {
            let minutes = settings(tx, space).await?;
            // One that is due is about to be looked at.
            let due = set.as_ref().map(|set| set.due).filter(|due| *due <= now);
            due.or(timing::next(interview.start, &minutes, now))
        }
        _ => None,
    };
    match (next, set) {
        (None, None) => Ok(()),
        (Some(due), Some(set)) if set.due == due => Ok(()),
        (None, Some(_)) => WorkRecord::done(tx, space, REMIND_WORK, &id),
        (Some(due), _) => WorkRecord::timer(tx, space, REMIND_WORK, &id, due),
    }
}

/// When people are reminded here, in minutes before. Expected to stay so: a setting that changes
/// meanwhile counts.
async fn settings(tx: &Tx, space: &str) -> Result<Vec<u32>, StoreError> {
    let workspace = tx.get::<WorkspaceRecord>(GLOBAL, space).await?;
    Ok(workspace.map(|it| it.reminders).unwrap_or_default())
}

/// Who is to get this reminder.
fn readers(interview: &InterviewRecord, reminder: &Reminded) -> Vec<Invitee> {
    let earlier = interview.invitation.reminded.as_ref();
    if !may_be_joined(interview) || earlier.is_some_and(|earlier| earlier.covers(reminder)) {
        return Vec::new();
    }
    let wanted = guests(interview);
    let now = Told::by(interview);
    let told_before = reminder.at().plus_minutes(-FRESH_MINUTES);
    let needs = |it: &&Invitee| {
        wanted.contains(&it.guest)
            && it.knows(&now)
            && it.invited_at.is_some_and(|at| at <= told_before)
            && may_be_reminded(it, &now)
    };
    let invitees = interview.invitation.invitees.iter();
    invitees.filter(needs).cloned().collect()
}

/// Whether people can join, as far as is known: a link that a check found dead reminds nobody.
fn may_be_joined(interview: &InterviewRecord) -> bool {
    let gone = |drift: &DriftRecord| drift.kind == DriftKind::Deleted;
    interview.stands() && !interview.drift.as_ref().is_some_and(gone)
}

/// Whether somebody comes, or may, and is reached.
fn may_be_reminded(invitee: &Invitee, now: &Told) -> bool {
    !invitee.dismissed && invitee.unreached.is_none() && invitee.answer_to(now) != Answer::Declined
}

/// Why a reminder that waits should not leave any more.
pub(super) fn needless(
    interview: &InterviewRecord,
    guest: Peer,
    mail: &MessageRecord,
    now: Instant,
) -> Option<&'static str> {
    let reminder = Reminded::from_memo(mail.memo.as_deref());
    let invitee = interview.invitation.of(guest);
    if now >= interview.start {
        return Some("the interview has begun");
    }
    if reminder
        .as_ref()
        .is_none_or(|it| it.start != interview.start)
    {
        return Some("the interview was moved");
    }
    if !may_be_joined(interview) {
        return Some("the meeting is gone at Zoom");
    }
    if reminder != interview.invitation.reminded {
        return Some("a later reminder was asked for");
    }
    match invitee.is_some_and(|it| may_be_reminded(it, &Told::by(interview))) {
        true => None,
        false => Some("this person declined, or email to them bounced"),
    }
}
