//! Interviewers who do not reply to an invitation, or decline.
//!
//! Owns when one is reminded, when the organizer hears of it, who takes a decliner's place, and the
//! figures of how people reply. One piece of work for each interview: a reply, an invitation that
//! left and a time that has come wake it, and it looks at the interview as it is then. Invariants:
//! what was done is written in the commit that asks for its email, so each is done once however
//! often the daemon ends; who asked for a change is recorded, the daemon too; nobody is put in
//! somebody's place automatically near the interview, more than three times, or after a person
//! undid it. Must not judge a time itself, nor change an interview but through [`super::change`].

mod due;
mod notice;
mod remind;
mod replace;
mod report;
mod step;
mod timing;

pub use due::{Replies, watch_replies_anew};
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
pub use remind::remind;
pub use replace::replace;
pub use report::report;

pub(super) use self::notice::letter;
pub(super) use self::remind::undone as reminder_undone;
pub(super) use self::step::is_with_the_organizer;
use crate::outbox::record::MessageRecord;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Answer, Asked, Invitation, Peer, Told};
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// The kind of the work that sees to the replies to an interview's invitations, or has those of a
/// workspace looked at.
pub const REPLY_WORK: &str = "reply";

/// Has the replies to an interview's invitations looked at.
pub(super) fn look(tx: &Tx, space: &str, id: InterviewId, now: Instant) -> Result<(), StoreError> {
    WorkRecord::ask(tx, space, REPLY_WORK, &id.to_string(), now)
}

/// Notes that an email to an interviewer left: an invitation asks them about a time, a cancellation
/// ends that. `fresh`: they knew of nothing before. Says whether the replies are to be looked at.
pub(super) fn left(
    invitation: &mut Invitation,
    guest: Peer,
    mail: &MessageRecord,
    fresh: bool,
    now: Instant,
) -> bool {
    let Peer::Member(member) = guest else {
        return false;
    };
    let told = match mail.kind {
        MailKind::Invitation => Told::from_memo(mail.memo.as_deref()),
        MailKind::Cancellation => None,
        _ => return false,
    };
    let is_about = |asked: &Asked, told: &Told| {
        asked.start == told.start && asked.duration_minutes == told.duration_minutes
    };
    if let Some(open) = invitation.open_mut(member) {
        // An update of the same time asks nothing new.
        if told
            .as_ref()
            .is_some_and(|told| !fresh && is_about(open, told))
        {
            return false;
        }
        open.ended_at = Some(now);
    }
    let Some(told) = told else {
        return false;
    };
    invitation.ask(Asked::new(member, told.start, told.duration_minutes, now));
    true
}

/// Notes that something came from somebody who was asked.
pub(super) fn heard(invitation: &mut Invitation, guest: Peer, now: Instant) {
    let Peer::Member(member) = guest else {
        return;
    };
    let answer = invitation.of(guest).map(|it| it.answer);
    if let Some(open) = invitation.open_mut(member) {
        open.answered_at = open.answered_at.or(Some(now));
        // Who accepts after all may decline anew.
        if answer != Some(Answer::Declined) {
            open.decline = None;
        }
    }
}

/// Since when an interviewer has been asked without any reply, where that is so.
pub(super) fn silent_since(interview: &InterviewRecord, member: MemberId) -> Option<&Asked> {
    let invitee = interview.invitation.of(Peer::Member(member))?;
    let silent = invitee.answer_to(&Told::by(interview)) == Answer::None;
    let asked = interview.invitation.open(member)?;
    let is_now = asked.start == interview.start && asked.answered_at.is_none();
    (silent && is_now && !invitee.dismissed && invitee.unreached.is_none()).then_some(asked)
}

/// Why an interviewer needs no reminder that they have not replied any more.
pub(super) fn needless(
    interview: &InterviewRecord,
    guest: Peer,
    now: Instant,
) -> Option<&'static str> {
    let Peer::Member(member) = guest else {
        return Some("it is for nobody of this interview");
    };
    match silent_since(interview, member) {
        _ if now >= interview.start => Some("the interview has begun"),
        None => Some("they have replied, or the interview has changed"),
        Some(_) => None,
    }
}
