//! Writes what [`mod@super::step`] decides, with everything it has to do, in the caller's transaction.
//!
//! Invariant: the record, the calendars, the claim of the application, the email and the timer say
//! the same after every commit.

use greenroom_protocol::id::OutreachId;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;

use super::letter;
use super::reads::READ_WORK;
use super::step::{self, Effect, Event};
use super::view::word;
use crate::interviews::{self, LINE_WORK, OUTREACH_WORK};
use crate::outbox;
use crate::records::outreach::{OPEN, OutreachRecord, OutreachState, Purpose};
use crate::store::{Actor, AuditEntry, StoreError, Tx};
use crate::work::WorkRecord;

/// Why an email is called back.
const NOT_ANY_MORE: &str = "the times are no longer proposed";

/// Takes an event, and returns the outreach after it.
pub(super) async fn apply(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    event: Event,
    now: Instant,
) -> Result<OutreachRecord, StoreError> {
    let (mut next, effects) = step::step(record, event, now);
    let moved_up = |it: &OutreachRecord| it.assisted.and_then(|it| it.moved_up);
    let joins = !record.state.is_in_line() || moved_up(&next) != moved_up(record);
    if next.is_assisted() && next.state.is_in_line() && joins {
        // Who joins the line, or comes to its front, may be served at once. Everything else that
        // wakes it is heard by `wakes`.
        WorkRecord::ask(tx, space, LINE_WORK, &next.stage.to_string(), now)?;
    }
    for effect in effects {
        match effect {
            Effect::LetGo(n) => interviews::let_go(tx, space, id, &next, n).await?,
            Effect::Recall => {
                if let Some(email) = next.email {
                    outbox::call_back(tx, space, email, NOT_ANY_MORE, now).await?;
                }
            }
            Effect::Nudge => {
                let reminder = letter::reminder(tx, space, (id, &next), now)?;
                if let Some(assisted) = next.assisted.as_mut() {
                    assisted.reminder = Some(reminder);
                }
            }
            Effect::Withdraw => {
                let kind = MailKind::ProposalWithdrawn;
                let draft = letter::draft(kind, (id, &next), None, next.email, now);
                outbox::post(tx, space, draft, now)?;
            }
        }
    }
    if let (Purpose::Move(moving), OutreachState::Over { .. }) = (next.purpose, next.state) {
        interviews::move_settled(tx, space, moving.interview).await?;
    }
    write(tx, space, id, &next).await?;
    Ok(next)
}

/// Writes an outreach, with its claim and its timer.
pub(super) async fn write(
    tx: &Tx,
    space: &str,
    id: OutreachId,
    record: &OutreachRecord,
) -> Result<(), StoreError> {
    let (key, application) = (id.to_string(), record.application.to_string());
    tx.put(space, &key, record)?;
    if !record.is_open() {
        let holder = tx.holder(space, OPEN, &application).await?;
        if holder.as_deref() == Some(key.as_str()) {
            tx.release(space, OPEN, &application)?;
        }
    }
    match record.assisted.and_then(|it| it.reading) {
        Some(due) => WorkRecord::timer(tx, space, READ_WORK, &key, due)?,
        None if record.is_assisted() => WorkRecord::done(tx, space, READ_WORK, &key)?,
        None => {}
    }
    match step::due(record) {
        Some(due) => WorkRecord::timer(tx, space, OUTREACH_WORK, &key, due),
        None => WorkRecord::done(tx, space, OUTREACH_WORK, &key),
    }
}

/// The same where no person acts: the audit says through what it came, and how it stands then.
pub(super) async fn note(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    event: Event,
    now: Instant,
    source: &str,
) -> Result<OutreachRecord, StoreError> {
    let next = apply(tx, space, (id, record), event, now).await?;
    if next.state != record.state {
        let actor = Some(record.acts(id)).filter(|actor| *actor != Actor::Daemon);
        let entry = AuditEntry {
            at: now.timestamp(),
            actor: actor.map(|actor| actor.to_string()),
            acting_as: None,
            source: source.to_owned(),
            call: "outreach".to_owned(),
            record: id.to_string(),
            fields: vec!["state".to_owned()],
            values: [("state".to_owned(), word(next.state).to_owned())].into(),
        };
        tx.audit(space, &entry)?;
    }
    Ok(next)
}
