//! Received emails that nobody has read, for those who should.
//!
//! An email about an interview is for the person responsible for that; one a candidate writes of
//! their own accord for those who organize an upcoming interview with them, and where nobody does,
//! for everyone who works with the candidate.

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, MemberId};
use greenroom_protocol::interview::AttendeeState;
use greenroom_protocol::received::{ReceivedMail, SetAside};
use greenroom_protocol::reply::{ActKind, IntentKind};
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

/// Emails whose text is read, the newest.
const MOST_READ: usize = 100;

/// Unread emails the member should read.
pub(super) async fn needs(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    clock: &Clock,
) -> Result<Vec<NeedsMe>, Error> {
    let unread = services.index.unread(context.workspace).into_iter();
    let mine = unread.filter(|(_, place)| {
        is_for(services, context, me, place, clock) && received::may_see(services, context, place)
    });
    let (space, mut needs) = (context.space(), Vec::new());
    for (id, place) in mine.take(MOST_READ) {
        let Some((owner, turn)) = shelf::find(&services.store, &space, id).await? else {
            continue;
        };
        let mail = received::wire(services, context, id, owner, &turn).await?;
        // What confirms or thanks can wait.
        let made = Made::of(&turn);
        needs.push(need(services, context, &place, (mail, made), clock));
    }
    Ok(needs)
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
    (mail, made): (ReceivedMail, Made),
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
    let about = mail.interview.or(booked).and_then(|id| {
        let plan = services.index.planned(context.workspace, id)?;
        (plan.end > clock.now).then_some(plan)
    });
    let due = about.map(|plan| plan.start);
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
