//! What came in, as callers see it: listed, read, and accepted where it replies from another
//! address.
//!
//! Invariant: an email about an interview is seen by those who see that interview; one about
//! nothing in particular by those who see all of the candidate. Reading marks it as read for
//! everybody.

mod accept;
mod thread;

pub use accept::accept;
use greenroom_protocol::id::{CandidateId, Ending, InterviewId, TurnId};
use greenroom_protocol::interview::{AttendeeRole, AttendeeState};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::received::{
    Received, ReceivedFrom, ReceivedMail, ReceivedQuery, SetAside, UnderstoodIntent,
};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
pub use thread::thread;

use crate::access::{RequestContext, Scope};
use crate::interviews;
use crate::mail::inbound::record::TurnPlace;
use crate::mail::inbound::{
    Aside, Owner, Speaker, Thread, TurnRecord, Understood, keep, parts, shelf,
};
use crate::mail::message::Answer;
use crate::outbox::record::Recipient;
use crate::outreach;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::StoreError;

/// How much of a text is shown in a list, in characters.
const BEGINNING: usize = 160;

/// A page of what came in, newest first.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: ReceivedQuery,
) -> Result<Page<ReceivedMail>, Error> {
    let candidate = query.candidate.as_deref();
    let candidate = candidate.map(|text| services.index.candidate_named(context, text));
    let candidate = candidate.transpose()?.map(|entry| entry.id);
    let interview = match &query.interview {
        Some(text) => Some(interviews::get(services, context, Reference::to(text)).await?),
        None => None,
    };
    let of = candidate.or(interview.as_ref().map(|it| it.candidate.id));
    let interview = interview.map(|it| it.id);
    let places = match of {
        Some(id) => {
            shelf::of_owner(&services.store, &context.space(), Owner::Candidate(id)).await?
        }
        None => shelf::all(&services.store, &context.space()).await?,
    };
    let wanted = |place: &TurnPlace| {
        interview.is_none_or(|id| place.thread == Thread::Interview(id))
            && (place.unread || !query.unread)
            && may_see(services, context, place)
    };
    let ids: Vec<TurnId> = places
        .into_iter()
        .filter(|(_, place)| wanted(place))
        .map(|(id, _)| id)
        .collect();
    let before = query.cursor.as_deref().map(str::parse::<TurnId>);
    let before = before.transpose().map_err(|_| {
        Error::new(ErrorKind::Usage, "the cursor is not one of this list").field("cursor")
    })?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    // Newest first, so the ids fall.
    let from = before.map_or(0, |before| ids.partition_point(|id| *id >= before));
    let rest = &ids[from..];
    let shown = &rest[..rest.len().min(limit)];
    let mut items = Vec::with_capacity(shown.len());
    for id in shown {
        // One that was erased meanwhile is no row.
        if let Some((owner, turn)) = shelf::find(&services.store, &context.space(), *id).await? {
            items.push(wire(services, context, *id, owner, &turn).await?);
        }
    }
    let more = shown.len() < rest.len();
    Ok(Page {
        items,
        total: ids.len() as u64,
        next: shown.last().filter(|_| more).map(ToString::to_string),
    })
}

/// One email with its text.
pub async fn get(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<Received, Error> {
    let id = resolve(services, context, &reference.reference).await?;
    let found = shelf::find(&services.store, &context.space(), id).await?;
    let (owner, turn) = found.ok_or_else(unknown)?;
    Ok(whole(services, context, id, owner, &turn).await?)
}

/// An email with its text, as the contract shows it.
pub(crate) async fn whole(
    services: &Services,
    context: &RequestContext,
    id: TurnId,
    owner: Owner,
    turn: &TurnRecord,
) -> Result<Received, StoreError> {
    let mail = wire(services, context, id, owner, turn).await?;
    let heard = turn.heard();
    let parts = parts(&heard.text);
    Ok(Received {
        mail,
        text: parts.new,
        quoted: Some(parts.repeated).filter(|it| !it.is_empty()),
        cut: heard.cut,
        files: heard.files.clone(),
        understood: turn.understood.as_ref().map(understood),
    })
}

fn understood(made: &Understood) -> greenroom_protocol::received::Understood {
    let intents = made.intents.iter().map(|(kind, words)| UnderstoodIntent {
        kind: *kind,
        words: words.clone(),
    });
    greenroom_protocol::received::Understood {
        intents: intents.collect(),
        act: made.act,
        n: made.n,
        why: made.why.clone(),
    }
}

/// Marks an email as read, for everybody.
pub async fn read(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<ReceivedMail, Error> {
    let id = resolve(services, context, &reference.reference).await?;
    let (space, now) = (&context.space(), services.clock.now());
    let ((owner, turn), _) = services
        .store
        .transact(|tx| async move {
            let found = keep::find(&tx, space, id).await?;
            let (owner, mut turn) = found.ok_or_else(unknown)?;
            if turn.read_at.is_some() || reference.dry_run {
                return Ok((owner, turn));
            }
            turn.read_at = Some(now);
            keep::put(&tx, space, owner, id, &turn)?;
            if let Thread::Interview(interview) = turn.thread
                && !keep::waits(&tx, space, owner, interview).await?
            {
                interviews::mail_is_read(&tx, space, interview).await?;
            }
            Ok::<_, Error>((owner, turn))
        })
        .await?;
    Ok(wire(services, context, id, owner, &turn).await?)
}

/// Whether there is an email of this id that the caller may see.
pub async fn sees(
    services: &Services,
    context: &RequestContext,
    id: &str,
) -> Result<bool, StoreError> {
    let place = services
        .store
        .get::<TurnPlace>(&context.space(), id)
        .await?;
    Ok(place.is_some_and(|it| may_see(services, context, &it.record)))
}

/// Whether the caller may see the email that stands there.
pub(crate) fn may_see(services: &Services, context: &RequestContext, place: &TurnPlace) -> bool {
    match (place.owner, place.thread) {
        (_, Thread::Interview(id)) => interviews::sees(services, context, id),
        (_, Thread::Outreach(id)) => outreach::sees(services, context, &id.to_string()),
        (Owner::Candidate(id), _) => sees_all_of(services, context, id),
        (Owner::Zoom | Owner::Account(_), _) => context.is_staff() || context.is_admin(),
    }
}

/// Whether the caller sees a candidate whole, and not only one of several applications.
fn sees_all_of(services: &Services, context: &RequestContext, id: CandidateId) -> bool {
    let applications = || services.index.applications_of(context.workspace, id);
    let hires = |jobs: &std::collections::HashSet<_>| {
        applications().into_iter().any(|id| {
            let row = services.index.application(context.workspace, id);
            row.is_some_and(|row| jobs.contains(&row.record.job))
        })
    };
    match context.scope() {
        Scope::All => true,
        Scope::Jobs(jobs, _) if hires(&jobs) => true,
        // What they write of their own accord may be about an application that is not the
        // interviewer's.
        Scope::Jobs(..) | Scope::Own(_) => {
            applications().len() < 2 && services.index.sees_candidate(context, id)
        }
        Scope::Nothing => false,
    }
}

/// The email a reference names: an id, or a unique ending of one.
pub(crate) async fn resolve(
    services: &Services,
    context: &RequestContext,
    reference: &str,
) -> Result<TurnId, Error> {
    if let Ok(id) = reference.parse::<TurnId>() {
        return match sees(services, context, reference).await? {
            true => Ok(id),
            false => Err(unknown()),
        };
    }
    let ending = Ending::parse(reference).ok_or_else(unknown)?;
    let places = shelf::all(&services.store, &context.space())
        .await?
        .into_iter();
    let found: Vec<_> = places
        .filter(|(id, place)| id.ends_with(ending) && may_see(services, context, place))
        .map(|(id, _)| id)
        .collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(unknown()),
        _ => {
            let mut refused = Error::not_found("several emails have an id that ends so");
            refused.matches = found.iter().map(ToString::to_string).collect();
            Err(refused)
        }
    }
}

pub(crate) fn unknown() -> Error {
    Error::not_found("there is no such email among those you may see")
        .hint("list them with: greenroom mail list --received")
}

/// An email as the contract shows it.
pub(crate) async fn wire(
    services: &Services,
    context: &RequestContext,
    id: TurnId,
    owner: Owner,
    turn: &TurnRecord,
) -> Result<ReceivedMail, StoreError> {
    let heard = turn.heard();
    let candidate = match owner {
        Owner::Candidate(id) => Some(id),
        Owner::Zoom | Owner::Account(_) => None,
    };
    let candidate_name = match candidate {
        Some(id) => name_of(services, context, &Recipient::Candidate(id)).await?,
        None => None,
    };
    let given = || heard.name.clone().unwrap_or_else(|| heard.from.clone());
    let (who, name) = match turn.who {
        Speaker::Candidate => (
            ReceivedFrom::Candidate,
            candidate_name.clone().unwrap_or_else(given),
        ),
        Speaker::Member(id) => {
            let name = name_of(services, context, &Recipient::Member(id)).await?;
            (ReceivedFrom::Member, name.unwrap_or_else(given))
        }
        Speaker::Other => (ReceivedFrom::Other, given()),
    };
    let set_aside = match &turn.aside {
        Some(aside) => Some(set_aside(services, context, aside).await?),
        None => None,
    };
    Ok(ReceivedMail {
        id,
        at: turn.at,
        written_at: heard.written_at,
        who,
        name,
        from: heard.from.clone(),
        candidate,
        candidate_name,
        interview: interview_of(turn.thread),
        outreach: match turn.thread {
            Thread::Outreach(id) => Some(id),
            _ => None,
        },
        subject: heard.subject.clone(),
        beginning: beginning(&heard.text),
        automatic: heard.automatic,
        unread: turn.is_unread(),
        set_aside,
    })
}

async fn set_aside(
    services: &Services,
    context: &RequestContext,
    aside: &Aside,
) -> Result<SetAside, StoreError> {
    let attendee = match &aside.guest {
        Some(guest) => name_of(services, context, guest).await?,
        None => None,
    };
    let role = aside.guest.as_ref().map(|guest| match guest {
        Recipient::Candidate(_) => AttendeeRole::Candidate,
        _ => AttendeeRole::Interviewer,
    });
    let answer = aside.answer.as_ref();
    Ok(SetAside {
        attendee,
        role,
        answer: answer.and_then(|it| match it.answer {
            Answer::Accepted => Some(AttendeeState::Accepted),
            Answer::Declined => Some(AttendeeState::Declined),
            Answer::Tentative => Some(AttendeeState::Tentative),
            Answer::NeedsAction => None,
        }),
        start: answer.and_then(|it| it.start),
        duration_minutes: answer.and_then(|it| it.duration_minutes),
        comment: answer.and_then(|it| it.comment.clone()),
    })
}

async fn name_of(
    services: &Services,
    context: &RequestContext,
    who: &Recipient,
) -> Result<Option<String>, StoreError> {
    Ok(match who {
        Recipient::Candidate(id) => {
            let (space, key) = (context.space(), id.to_string());
            let stored = services.store.get::<CandidateRecord>(&space, &key).await?;
            stored.map(|it| it.record.name)
        }
        Recipient::Member(id) => {
            let row = services.index.member(context.workspace, *id);
            row.map(|row| row.record.name.clone())
        }
        Recipient::Address(_) => None,
    })
}

fn interview_of(thread: Thread) -> Option<InterviewId> {
    match thread {
        Thread::Interview(id) => Some(id),
        Thread::None | Thread::Approval(_) | Thread::AccountApproval(_) | Thread::Outreach(_) => {
            None
        }
    }
}

/// How a text begins, on one line.
fn beginning(text: &str) -> String {
    let new = parts(text).new;
    let words = new.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.chars().count() > BEGINNING {
        true => words.chars().take(BEGINNING).chain(['…']).collect(),
        false => words,
    }
}
