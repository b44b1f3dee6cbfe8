//! ★ What there is to do about the replies to an interview's invitations. Pure.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{ChangeKind, InterviewStatus};
use greenroom_protocol::time::Instant;

use super::silent_since;
use super::timing::{Next, Silence};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Answer, Peer, Told};
use crate::store::Actor;

/// How far ahead a decline must come for somebody else to take the place automatically, in minutes.
const EARLY: i64 = 48 * 60;

/// How often that is done in one interview: a decline after that is a matter for a person.
const MOST_REPLACED: usize = 3;

/// What is to be done about an interviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// They have not replied: ask them again.
    Remind(MemberId),
    /// They have not replied to that either: tell the organizer.
    Notify(MemberId),
    /// They declined, and nothing was done about it yet.
    Decline(MemberId),
}

/// What is to be done now, and when to look again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Steps {
    pub now: Vec<Step>,
    pub next: Option<Instant>,
}

/// What there is to do, where an interviewer is reminded after so many `hours`; 0: never. The
/// organizer knows of the interview without an invitation, so that they do not reply is nothing.
pub(super) fn steps(
    interview: &InterviewRecord,
    hours: u32,
    zone: impl Fn(MemberId) -> String,
    now: Instant,
) -> Steps {
    let mut steps = Steps::default();
    let confirmed = interview.status == InterviewStatus::Confirmed;
    if !confirmed || now >= interview.start {
        return steps;
    }
    for member in &interview.interviewers {
        if is_new_decline(interview, *member) {
            steps.now.push(Step::Decline(*member));
            continue;
        }
        let silent = silent_since(interview, *member).filter(|it| it.notified_at.is_none());
        let Some(asked) = silent.filter(|_| hours > 0 && *member != interview.organizer) else {
            continue;
        };
        let silence = Silence {
            start: interview.start,
            asked_at: asked.at,
            reminded_at: asked.reminded_at,
            hours,
            zone: &zone(*member),
        };
        match silence.next(now) {
            Next::Remind => steps.now.push(Step::Remind(*member)),
            Next::Notify => steps.now.push(Step::Notify(*member)),
            Next::Wait(due) => steps.next = Some(steps.next.map_or(due, |next| next.min(due))),
            Next::Nothing => {}
        }
    }
    steps
}

/// Whether they decline the time the interview has, and nothing was done about it yet.
pub(super) fn is_new_decline(interview: &InterviewRecord, member: MemberId) -> bool {
    let open = interview.invitation.open(member);
    declines(interview, member) && open.is_some_and(|it| it.decline.is_none())
}

/// Whether they take part, and decline the time the interview has.
fn declines(interview: &InterviewRecord, member: MemberId) -> bool {
    let invitee = interview.invitation.of(Peer::Member(member));
    let answer = invitee.filter(|it| !it.dismissed);
    let answer = answer.map(|it| it.answer_to(&Told::by(interview)));
    interview.interviewers.contains(&member) && answer == Some(Answer::Declined)
}

/// Whether the organizer was notified of an interviewer, who neither replied nor was replaced
/// since.
pub(in crate::interviews) fn is_with_the_organizer(
    interview: &InterviewRecord,
    member: MemberId,
) -> bool {
    let Some(open) = interview.invitation.open(member) else {
        return false;
    };
    let silent = silent_since(interview, member).is_some() && open.notified_at.is_some();
    silent || declines(interview, member) && open.decline.is_some()
}

/// Whether somebody may take a decliner's place without a person: early enough, and not too often.
pub(super) fn may_be_automatic(interview: &InterviewRecord, now: Instant) -> bool {
    let replaced =
        |by: &Actor, kind: ChangeKind| *by == Actor::Daemon && kind == ChangeKind::Edited;
    let changes = interview.changes.iter();
    let replaced = changes.filter(|it| replaced(&it.by, it.kind)).count();
    interview.start > now.plus_minutes(EARLY) && replaced < MOST_REPLACED
}

/// Everybody who declined this interview at some time, or does now.
pub(super) fn decliners(interview: &InterviewRecord) -> Vec<MemberId> {
    let asked = interview.invitation.asked.iter();
    let before = asked.filter(|it| it.decline.is_some()).map(|it| it.member);
    let now = interview.interviewers.iter().copied();
    before
        .chain(now.filter(|it| declines(interview, *it)))
        .collect()
}

#[cfg(test)]
mod tests;
