//! Received emails that nobody has read, for those who should.
//!
//! An email about an interview is for the person responsible for that; one a candidate writes of
//! their own accord for those who organize an upcoming interview with them, and where nobody does,
//! for everyone who works with the candidate. Invariant: each of them is counted; the text is read of
//! those that can stand among what is shown (`chosen` ★).
//!
//! ★ pure

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, MemberId, TurnId};
use greenroom_protocol::interview::AttendeeState;
use greenroom_protocol::received::{ReceivedMail, SetAside};
use greenroom_protocol::reply::{ActKind, IntentKind};
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use super::interview::word;
use super::is_urgent;
use super::mine::answers_for;
use super::words::Clock;
use crate::access::{RequestContext, Scope};
use crate::mail::inbound::{TurnRecord, shelf};
use crate::received;
use crate::records::turn::{Owner, Thread, TurnPlace};
use crate::services::Services;

/// Emails whose text is read, of those that are not about an interview within a day: as many as are
/// shown of everything.
const MOST_READ: usize = 100;

/// The same of those about an interview within a day. What confirms or thanks is none, which only
/// its text says, so more are read than are shown.
const MOST_URGENT: usize = 500;

/// Unread emails the member should read, the first of them, and how many more there are.
pub(super) async fn needs(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    clock: &Clock,
) -> Result<(Vec<NeedsMe>, u64), Error> {
    let unread = services.index.unread(context.workspace).into_iter();
    let mine = unread.filter(|(_, place)| {
        is_for(services, context, me, place, clock) && received::may_see(services, context, place)
    });
    let mine = mine.map(|(id, place)| Email {
        id,
        place,
        due: due(services, context, place.thread, clock),
    });
    let mine: Vec<Email> = mine.collect();
    let total = mine.len();
    let chosen = chosen(mine, clock.now);
    let more = (total - chosen.len()) as u64;
    let (space, mut needs) = (context.space(), Vec::new());
    for Email { id, place, due } in chosen {
        let Some((owner, turn)) = shelf::find(&services.store, &space, id).await? else {
            continue;
        };
        let mail = received::wire(services, context, id, owner, &turn).await?;
        // What confirms or thanks can wait.
        let made = Made::of(&turn);
        needs.push(need(services, context, &place, (mail, made, due), clock));
    }
    Ok((needs, more))
}

/// An unread email: where it is filed, and when the interview to come starts that it is about.
#[derive(Debug, Clone, Copy)]
struct Email {
    id: TurnId,
    place: TurnPlace,
    due: Option<Instant>,
}

/// Those whose text is read: in the order they are shown in, and the oldest, by which people see how
/// long somebody waits for an answer.
fn chosen(mine: Vec<Email>, now: Instant) -> Vec<Email> {
    let oldest = mine.iter().min_by_key(|it| it.id).copied();
    let is_urgent = |it: &Email| it.due.is_some_and(|due| is_urgent(due, now));
    let (mut chosen, mut others): (Vec<Email>, Vec<Email>) = mine.into_iter().partition(is_urgent);
    // Who writes about no interview waits since they wrote, and ids are made in the order of time.
    let order = |it: &Email| (it.due, it.id);
    chosen.sort_by_key(order);
    others.sort_by_key(order);
    chosen.truncate(MOST_URGENT);
    others.truncate(MOST_READ);
    chosen.append(&mut others);
    let left_out = |oldest: &Email| chosen.iter().all(|it| it.id != oldest.id);
    let oldest = oldest.filter(left_out);
    chosen.extend(oldest);
    chosen
}

/// When the interview starts that an email is about, where that is not over.
fn due(
    services: &Services,
    context: &RequestContext,
    thread: Thread,
    clock: &Clock,
) -> Option<Instant> {
    let (index, ws) = (&services.index, context.workspace);
    let id = match thread {
        Thread::Interview(id) => id,
        Thread::Outreach(id) => index.outreach(ws, id)?.interview?,
        _ => return None,
    };
    let plan = index.planned(ws, id)?;
    (plan.end > clock.now).then_some(plan.start)
}

/// What was made of an email, as far as it changes what is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// It confirms what is booked, or says thanks: it can wait.
    Settled,
    /// It calls off what is booked.
    Cancels,
    /// A person reads it.
    Other,
}

impl Made {
    fn of(turn: &TurnRecord) -> Self {
        let Some(made) = &turn.understood else {
            return Self::Other;
        };
        let cancels = |it: &(IntentKind, String)| it.0 == IntentKind::Cancel;
        match made.act {
            Some(ActKind::None) => Self::Settled,
            _ if made.intents.iter().any(cancels) => Self::Cancels,
            _ => Self::Other,
        }
    }
}

fn is_for(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    place: &TurnPlace,
    clock: &Clock,
) -> bool {
    let (index, ws) = (&services.index, context.workspace);
    let hires = |job| context.hires_for(job).is_ok();
    let answers = |organizer: MemberId, job: JobId| answers_for(index, ws, organizer, job);
    match (place.owner, place.thread) {
        // While a person is to see to it, it is that which needs them.
        (_, Thread::Outreach(id)) => match index.outreach(ws, id) {
            Some(place) if place.needs_person => false,
            Some(place) if answers(place.organizer, place.job) => place.organizer == me,
            Some(place) => hires(place.job),
            None => false,
        },
        (_, Thread::Interview(id)) => match index.organizer_of(ws, id) {
            Some((organizer, job)) if answers(organizer, job) => organizer == me,
            Some((_, job)) => hires(job),
            None => false,
        },
        (Owner::Candidate(id), _) => {
            let organizers = index.organizers_for(ws, id, clock.now);
            let mut responsible = organizers.into_iter();
            let mut anybody = false;
            let mine = responsible.any(|(organizer, job)| {
                let answers = answers(organizer, job);
                anybody |= answers;
                answers && organizer == me
            });
            let works_with = matches!(context.scope(), Scope::All | Scope::Jobs(..));
            mine || !anybody && works_with
        }
        // Who may see it, may answer it.
        (Owner::Zoom | Owner::Account(_), _) => true,
    }
}

fn need(
    services: &Services,
    context: &RequestContext,
    place: &TurnPlace,
    (mail, made, due): (ReceivedMail, Made, Option<Instant>),
    clock: &Clock,
) -> NeedsMe {
    let (kind, message) = match (&mail.set_aside, place.owner) {
        (Some(aside), _) => (NeedKind::OtherAddress, replied(&mail, aside, clock)),
        (None, Owner::Zoom) => (
            NeedKind::ApprovalReply,
            format!("replied about the Zoom app: {}", quoted(&mail)),
        ),
        (None, Owner::Account(provider)) => (
            NeedKind::ApprovalReply,
            format!(
                "replied about the {} app: {}",
                provider.name(),
                quoted(&mail)
            ),
        ),
        (None, Owner::Candidate(_)) => (NeedKind::WroteEmail, format!("writes: {}", quoted(&mail))),
    };
    let booked = mail.outreach.and_then(|id| {
        let place = services.index.outreach(context.workspace, id)?;
        place.interview
    });
    NeedsMe {
        key: format!("{}:{}", word(kind), mail.id),
        kind,
        action: match (made, due) {
            (Made::Cancels, Some(_)) => NeedAction::Cancel,
            _ => NeedAction::Read,
        },
        urgent: due.is_some_and(|due| is_urgent(due, clock.now)) && made != Made::Settled,
        since: mail.at,
        due,
        who: mail.name,
        message,
        candidate: mail.candidate,
        application: None,
        interview: mail.interview.or(booked),
        email: Some(mail.id),
        member: None,
        account: None,
        outreach: mail.outreach,
        proposed: mail.set_aside.and_then(|aside| aside.start),
        interviews: None,
    }
}

fn quoted(mail: &ReceivedMail) -> String {
    let words = match mail.beginning.is_empty() {
        true => &mail.subject,
        false => &mail.beginning,
    };
    format!("“{words}”")
}

/// What somebody replied from an address that is not theirs.
fn replied(mail: &ReceivedMail, aside: &SetAside, clock: &Clock) -> String {
    let whom = aside.attendee.as_deref();
    let whom = whom.map(|name| format!(" for {name}")).unwrap_or_default();
    let what = match (aside.answer, aside.start) {
        (_, Some(start)) => format!("proposes {}", clock.moment(start)),
        (Some(AttendeeState::Accepted), None) => "accepted".to_owned(),
        (Some(AttendeeState::Declined), None) => "declined".to_owned(),
        (Some(AttendeeState::Tentative), None) => "tentative".to_owned(),
        _ => quoted(mail),
    };
    format!("replied{whom} from another address, {}: {what}", mail.from)
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::CandidateId;

    use super::*;

    #[test]
    fn of_many_emails_those_are_read_that_can_be_shown_and_the_oldest() {
        let now = Instant::from_second(1_796_000_000);
        let place = TurnPlace {
            owner: Owner::Candidate(CandidateId::new()),
            thread: Thread::None,
            unread: true,
        };
        let ids: Vec<TurnId> = (0..800).map(|_| TurnId::new()).collect();
        let email = |at: usize, due: Option<i64>| Email {
            id: ids[at],
            place,
            due: due.map(|minutes| now.plus_minutes(minutes)),
        };
        // The oldest is about an interview next week, the newest about one in an hour; between them
        // are many that nobody waits for as urgently.
        let mut mine = vec![email(0, Some(7 * 24 * 60))];
        mine.extend((1..700).map(|at| email(at, None)));
        mine.push(email(700, Some(60)));
        mine.reverse();
        let read = chosen(mine.clone(), now);
        assert_eq!(read.len(), 1 + MOST_READ + 1);
        assert_eq!(read[0].id, ids[700], "urgent, though it is the newest");
        assert_eq!(read[1].id, ids[1], "then who has waited longest");
        assert_eq!(read.last().unwrap().id, ids[0]);
        // Few are all read, each once.
        mine.truncate(5);
        assert_eq!(chosen(mine, now).len(), 5);
    }
}
