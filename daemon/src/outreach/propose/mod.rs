//! Proposing times: judged, held and asked to be emailed in one commit.

mod asked;
mod warnings;

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, OutreachId};
use greenroom_protocol::mail::{MailKind, Written as Letter};
use greenroom_protocol::outreach::{MOST_SLOTS, OutreachPropose, Proposed, SlotWarning};
use greenroom_protocol::time::Instant;

use self::asked::Asked;
use self::warnings::{named, over, warn, warn_about_mail};
use super::apply::{apply, write};
use super::step::Event;
use super::{clock, letter, list, view};
use crate::access::RequestContext;
use crate::failpoint::{Point, failpoint};
use crate::interviews::{self, Keyed, Time};
use crate::mail::Written;
use crate::outbox;
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{
    About, OPEN, OutreachKeyRecord, OutreachRecord, OutreachState, OutreachTerms, Purpose,
    SlotRecord, SlotStanding,
};
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::Tx;
use crate::store::engine::Limits;

/// How long an idempotency key counts.
const KEY_DAYS: i64 = 30;

enum Came {
    New(OutreachId, Vec<SlotWarning>),
    Repeated(OutreachId),
    WouldBe(
        OutreachId,
        Box<OutreachRecord>,
        Vec<SlotWarning>,
        Option<Letter>,
    ),
}

/// Proposes times to a candidate, or says whether that would work.
pub async fn propose(
    services: &Services,
    context: &RequestContext,
    request: OutreachPropose,
) -> Result<Proposed, Error> {
    let most = 1..=MOST_SLOTS;
    if !most.contains(&request.slots.len()) {
        let why = format!("Propose 1 to {MOST_SLOTS} times");
        return Err(Error::usage(why).field("slots"));
    }
    let key = key(context, &request)?;
    let request = in_stage(services, context, request)?;
    let id = OutreachId::new();
    let (came, _) = services
        .store
        .transact(|tx| {
            let (request, key) = (&request, key.as_ref());
            async move { within(services, context, &tx, id, request, key).await }
        })
        .await?;
    let (id, warnings, repeated) = match came {
        Came::New(id, warnings) => (id, warnings, false),
        Came::Repeated(id) => (id, Vec::new(), true),
        Came::WouldBe(id, record, warnings, letter) => {
            return Ok(Proposed {
                outreach: view::wire(services, context.workspace, id, 0, &record).await?,
                warnings,
                repeated: false,
                dry_run: true,
                letter,
            });
        }
    };
    failpoint(Point::TimesHeld);
    let outreach = list::one(services, context, id).await?;
    Ok(Proposed {
        outreach: outreach.ok_or_else(list::unknown)?,
        warnings,
        repeated,
        dry_run: false,
        letter: None,
    })
}

/// The request with the job of the application that is in the stage it names.
fn in_stage(
    services: &Services,
    context: &RequestContext,
    request: OutreachPropose,
) -> Result<OutreachPropose, Error> {
    let Some(text) = request.stage.as_deref() else {
        return Ok(request);
    };
    let (index, workspace) = (&services.index, context.workspace);
    let job = request.job.as_deref();
    let job = job.map(|text| index.find_job(workspace, text)).transpose();
    let job = job.map_err(|error| Error::from(error).field("job"))?;
    let stages = index.stages_named(workspace, job.as_slice(), text);
    let stages = stages.map_err(|error| Error::from(error).field("stage"))?;
    let entry = index.candidate_named(context, &request.candidate);
    let entry = entry.map_err(|error| Error::from(error).field("candidate"))?;
    let there = entry.applications.iter();
    let mut there = there.filter(|it| stages.contains(&it.stage) && !it.state.is_closed());
    match (there.next(), there.next()) {
        (Some(one), None) => Ok(OutreachPropose {
            job: Some(one.job.to_string()),
            ..request
        }),
        (None, _) => {
            let why = format!("{} is not in that stage", entry.name);
            Err(Error::usage(why).field("stage"))
        }
        (Some(_), Some(_)) => {
            let why = format!("{} is in several stages of that name", entry.name);
            Err(Error::usage(why)
                .field("stage")
                .hint("name the job too, with --job"))
        }
    }
}

/// The request's idempotency key, which belongs to the caller.
fn key(context: &RequestContext, request: &OutreachPropose) -> Result<Option<Keyed>, Error> {
    let Some(key) = request.idempotency_key.as_deref() else {
        return Ok(None);
    };
    let same = OutreachPropose {
        idempotency_key: None,
        dry_run: false,
        // Where the same words are sent from says nothing of what is asked.
        locale: None,
        ..request.clone()
    };
    interviews::keyed(key, &context.actor(), &same).map(Some)
}

async fn within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: OutreachId,
    request: &OutreachPropose,
    key: Option<&Keyed>,
) -> Result<Came, Error> {
    let (space, now) = (context.space(), services.clock.now());
    if let Some(key) = key
        && let Some(earlier) = used(tx, &space, key, now).await?
    {
        return Ok(Came::Repeated(earlier));
    }
    let before = tx.mark();
    let asked = Asked::of(services, context, request)?;
    let mut times = Vec::new();
    let mut warnings = Vec::new();
    for (n, slot) in (1..).zip(&request.slots) {
        if n == 1 {
            // Where a person was to see to the former times, these are let go first: they may be
            // among the new ones.
            let first = asked.application(services, context, tx, slot).await?;
            replace(services, context, tx, first).await?;
        }
        let time = asked.weighed(services, context, tx, slot).await;
        let time = time.map_err(|error| named(error, n, request.slots.len()))?;
        warn(&mut warnings, n, &time, &times)?;
        times.push(time);
    }
    let purpose = asked.purpose(tx, &space).await?;
    let record = record(context, &times, purpose, now)?;
    for ((n, slot), time) in (1..).zip(&record.slots).zip(&times) {
        debug_assert_eq!(slot.start, time.interview.start);
        interviews::hold(services, context, tx, (id, n, false), &time.interview).await?;
    }
    let by = context.me().map(|me| me.brief.id);
    let draft = letter::draft(MailKind::Proposal, (id, &record), by, None, now);
    let waiting = draft.clone().waiting(now);
    let email = outbox::post_for(tx, &space, draft, by, now)?;
    let candidate = tx
        .peek::<CandidateRecord>(&space, &record.candidate.to_string())
        .await?;
    let zone = candidate.as_ref().and_then(|it| it.zone.clone());
    let zone = zone.unwrap_or_else(|| record.terms.zone.clone());
    let record = OutreachRecord {
        email: Some(email),
        until: Some(clock::held(&record.purpose, waiting.not_before, &zone)),
        ..record
    };
    if let Some(candidate) = &candidate {
        warn_about_mail(services, context, tx, &candidate.email, &mut warnings).await?;
    }
    let application = record.application.to_string();
    if let Err(other) = tx
        .claim(&space, OPEN, &application, &id.to_string())
        .await?
    {
        return Err(is_open(&other));
    }
    write(tx, &space, id, &record).await?;
    if let Some(key) = key {
        let used = OutreachKeyRecord {
            outreach: id,
            arguments: key.arguments.clone(),
            at: now,
        };
        tx.put(&space, &key.id, &used)?;
    }
    let mut values = vec![("slots", record.slots.len().to_string())];
    values.extend(over(&warnings));
    context.audit(tx, now, id, &["state", "slots"], &values)?;
    if request.dry_run {
        let written = services.mail.author().write(tx, &space, &waiting).await?;
        let letter = match written {
            Written::Letter { letter, .. } => {
                Some(interviews::written(services, context, &letter)?)
            }
            Written::Unwanted(_) => None,
        };
        tx.back_to(before);
        return Ok(Came::WouldBe(id, Box::new(record), warnings, letter));
    }
    if !tx.has_room(Limits::NOTHING) {
        let why = "These are too many people and times for one proposal";
        return Err(Error::usage(why)
            .field("slots")
            .hint("propose fewer times, or times of the same week"));
    }
    Ok(Came::New(id, warnings))
}

/// The outreach this key made before; refused where the arguments were others.
async fn used(
    tx: &Tx,
    space: &str,
    key: &Keyed,
    now: Instant,
) -> Result<Option<OutreachId>, Error> {
    let used = tx.get::<OutreachKeyRecord>(space, &key.id).await?;
    let used = used.filter(|used| now.since(used.at).as_hours() <= KEY_DAYS * 24);
    match used {
        None => Ok(None),
        Some(used) if used.arguments == key.arguments => Ok(Some(used.outreach)),
        Some(_) => Err(
            Error::conflict("this idempotency key was used with other arguments")
                .field("idempotency_key")
                .hint("use a new key for a new proposal"),
        ),
    }
}

/// Ends the open outreach of an application where a person has to see to it, or the assistant has
/// sent nothing: this is what they do. One whose candidate has the times, or is about to, is in the
/// way.
async fn replace(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    application: ApplicationId,
) -> Result<(), Error> {
    let (space, now) = (context.space(), services.clock.now());
    let holder = tx.holder(&space, OPEN, &application.to_string()).await?;
    let Some(other) = holder else { return Ok(()) };
    let open = tx.get::<OutreachRecord>(&space, &other).await?;
    match (other.parse::<OutreachId>(), open) {
        (Ok(id), Some(record)) if record.state.gives_way() => {
            apply(tx, &space, (id, &record.touched()), Event::GaveWay, now).await?;
            context.audit(tx, now, id, &["state"], &[])?;
            Ok(())
        }
        (Ok(_), Some(_)) => Err(is_open(&other)),
        // Nothing is there to end.
        _ => Ok(tx.release(&space, OPEN, &application.to_string())?),
    }
}

fn is_open(other: &str) -> Error {
    Error::conflict(format!("Times are proposed already ({other})"))
        .field("candidate")
        .hint(format!(
            "choose for them with `greenroom outreach answer {other} N`, or end it with `greenroom outreach stop {other}`"
        ))
}

fn record(
    context: &RequestContext,
    times: &[Time],
    purpose: Purpose,
    now: Instant,
) -> Result<OutreachRecord, Error> {
    let Some(first) = times.first() else {
        return Err(Error::usage("Propose a time").field("slots"));
    };
    let Time {
        interview,
        by_panel,
        ..
    } = first;
    let slots = times.iter().map(|time| SlotRecord {
        start: time.interview.start,
        interviewers: time.interview.interviewers.clone(),
        state: SlotStanding::Held,
        shared: false,
    });
    let about = About {
        candidate: interview.candidate,
        application: interview.application,
        job: interview.job,
        stage: interview.stage,
    };
    let terms = terms(interview, *by_panel);
    let by = context.actor();
    Ok(OutreachRecord {
        slots: slots.collect(),
        purpose,
        ..OutreachRecord::new(about, by, OutreachState::Sending, terms, now)
    })
}

/// What is booked of an interview, whenever it is.
pub(super) fn terms(interview: &InterviewRecord, by_panel: bool) -> OutreachTerms {
    OutreachTerms {
        organizer: interview.organizer,
        kind: interview.meeting.kind,
        host: interview.host,
        host_zoom_id: interview.host_zoom_id.clone(),
        manual: interview.meeting.manual.clone(),
        zoom_notes: interview.zoom_notes,
        zone: interview.zone.clone(),
        minutes: interview.duration_minutes,
        by_panel,
    }
}
