//! What a person changes of an email that the assistant drafted: times left out or added, and a line
//! of theirs below the times.
//!
//! Invariants: a time that is added is judged as one of the assistant's; nothing is held or sent; what
//! was changed stays when times are chosen anew for the same email, and ends with it. The line is one
//! paragraph of plain text: it is no template, and nothing in it is substituted.

use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::OutreachId;
use greenroom_protocol::interview::{InterviewNew, InterviewReschedule};
use greenroom_protocol::outreach::{DraftEdit, MOST_SLOTS, OutreachEdit, OutreachEdited};
use greenroom_protocol::schedule::{FindingClass, Slot};

use super::apply::write;
use super::choose;
use super::list::{self, resolve};
use super::{letter, view};
use crate::access::RequestContext;
use crate::current::current;
use crate::input;
use crate::interviews;
use crate::mail::message::Letter;
use crate::records::outreach::{OutreachRecord, OutreachState, SlotRecord, SlotStanding};
use crate::services::Services;
use crate::store::Tx;

/// Changes a draft, or says how it would read.
pub async fn edit(
    services: &Services,
    context: &RequestContext,
    request: OutreachEdit,
) -> Result<OutreachEdited, Error> {
    let id = resolve(services, context, &request.outreach.reference)?;
    let ((next, letter), _) = services
        .store
        .transact(|tx| {
            let request = &request;
            async move { within(services, context, &tx, id, request).await }
        })
        .await?;
    let letter = letter.map(|letter| interviews::written(services, context, &letter));
    let outreach = match request.outreach.dry_run {
        true => view::wire(services, context.workspace, id, 0, &next).await?,
        false => {
            let outreach = list::one(services, context, id).await?;
            outreach.ok_or_else(list::unknown)?
        }
    };
    Ok(OutreachEdited {
        outreach,
        letter: letter.transpose()?,
        dry_run: request.outreach.dry_run,
    })
}

async fn within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: OutreachId,
    request: &OutreachEdit,
) -> Result<(OutreachRecord, Option<Letter>), Error> {
    let (space, now) = (context.space(), services.clock.now());
    let expected = request.outreach.expected_revision;
    let record: OutreachRecord = current(tx, &space, &id.to_string(), expected, "outreach").await?;
    context.hires_for(record.job)?;
    if record.state != OutreachState::Draft {
        let why = format!("There is no draft to change: {}", view::message(&record));
        return Err(Error::conflict(why));
    }
    let next = changed(services, context, tx, (id, &record), &request.edit).await?;
    let letter = letter::drafted(services, tx, &space, (id, &next)).await?;
    if !request.outreach.dry_run {
        write(tx, &space, id, &next).await?;
        let values = [("slots", next.slots.len().to_string())];
        context.audit(tx, now, id, &["slots", "text"], &values)?;
    }
    Ok((next, letter))
}

/// The draft after a change.
async fn changed(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (id, record): (OutreachId, &OutreachRecord),
    edit: &DraftEdit,
) -> Result<OutreachRecord, Error> {
    let mut next = record.touched();
    for n in &edit.without {
        let slot = record.drafted().find(|(at, _)| at == n);
        let (_, slot) = slot
            .ok_or_else(|| Error::usage(format!("The email has no time {n}")).field("without"))?;
        next.edits.leave_out(slot.start);
        next.slots.retain(|it| it.start != slot.start);
    }
    let assistant = choose::assistant(context.workspace, id, record);
    let theirs = || context.me().map(|me| me.zone.clone());
    let zone = edit.zone.clone().or_else(theirs);
    for text in &edit.add {
        let time = InterviewNew {
            zone: zone.clone(),
            locale: edit.locale.clone(),
            ..choose::booking(services, &assistant, record, text.clone())
        };
        let slot = added(services, &assistant, tx, record, &time).await?;
        if next.slots.iter().any(|it| it.start == slot.start) {
            return Err(Error::usage("The email has that time already").field("add"));
        }
        next.edits.add(slot.start);
        next.slots.push(slot);
    }
    if next.slots.is_empty() {
        return Err(Error::usage("No time is left to send")
            .field("without")
            .hint("discard it with `greenroom outreach discard`"));
    }
    if next.slots.len() > MOST_SLOTS {
        let why = format!("An email has at most {MOST_SLOTS} times");
        return Err(Error::usage(why)
            .field("add")
            .hint("leave one of the others out"));
    }
    if !edit.add.is_empty() {
        next.slots.sort_by_key(|it| it.start);
    }
    match &edit.text {
        Edit::Keep => {}
        Edit::Clear => next.edits.line = None,
        Edit::Set(text) => {
            let words: Vec<_> = text.split_whitespace().collect();
            next.edits.line = input::optional_line("text", Some(&words.join(" ")))?;
        }
    }
    Ok(next)
}

/// A time that a person adds, with whom it would be.
async fn added(
    services: &Services,
    assistant: &RequestContext,
    tx: &Tx,
    record: &OutreachRecord,
    request: &InterviewNew,
) -> Result<SlotRecord, Error> {
    let of_it = |error: Error| Error {
        message: format!("{}: {}", request.start, error.message),
        field: Some("add".to_owned()),
        ..error
    };
    let time = match record.purpose.moving() {
        None => interviews::weighed(services, assistant, tx, request, false).await,
        Some(moving) => {
            let to = InterviewReschedule {
                zone: request.zone.clone(),
                locale: request.locale.clone(),
                refuse_advice: true,
                ..choose::to(moving, request.start.clone(), false)
            };
            interviews::weigh_move(services, assistant, tx, moving.interview, &to).await
        }
    };
    let time = time.map_err(of_it)?;
    let mut advises = time.verdict.advises.iter();
    if let Some(advice) = advises.find(|it| it.class == Some(FindingClass::Slot)) {
        let refused = Error::conflict(advice.message.clone())
            .hint("propose the times yourself to have it all the same");
        return Err(of_it(refused));
    }
    Ok(SlotRecord {
        start: time.interview.start,
        interviewers: time.interview.interviewers,
        state: SlotStanding::Drafted,
        shared: false,
    })
}

/// Times to choose from as a person wants them for this email: theirs first, and none that they left
/// out.
pub(super) fn applied(record: &OutreachRecord, slots: Vec<Slot>) -> Vec<Slot> {
    let edits = &record.edits;
    let minutes = record.terms.minutes.into();
    let theirs = edits.with.iter().map(|start| {
        let found = slots.iter().find(|slot| slot.start == *start);
        found.cloned().unwrap_or_else(|| Slot {
            start: *start,
            end: start.plus_minutes(minutes),
            interviewers: Vec::new(),
            score: 0,
            why: Vec::new(),
        })
    });
    let mut wanted: Vec<Slot> = theirs.collect();
    let others = slots.into_iter();
    wanted.extend(
        others.filter(|slot| {
            !edits.with.contains(&slot.start) && !edits.without.contains(&slot.start)
        }),
    );
    wanted
}
