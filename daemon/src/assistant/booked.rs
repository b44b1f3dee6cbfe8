//! What candidates write about interviews that are booked: read some seconds after it came in, with all
//! that came till then.
//!
//! Owns which conclusion an act of the reading is where an interview is booked, and what an email comes
//! to that can't wait (R17). Invariant: nothing is moved or cancelled here; whatever is not surely a
//! confirmation is asked once, prepared or a person's. Must not write records: `outreach` carries
//! conclusions out.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, WorkspaceId};
use greenroom_protocol::reply::{ActKind, IntentKind, ReplyAround, ReplyReading};
use greenroom_protocol::time::Instant;

use super::answers::{author, wanted};
use super::letter::{Arrival, heard};
use super::together::joined;
use crate::interviews::Urgent;
use crate::mail::inbound::{Letter, Understood};
use crate::outreach::{self, BookedConclusion, UnreadBooked};
use crate::replies::{decide, is_close};
use crate::services::Services;
use crate::store::StoreError;
use crate::work::{WorkRecord, Worker, backoff};

/// The worker of what candidates write.
pub struct Booked(pub Services);

impl Worker for Booked {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            let read = match (work.record.parse(), space.parse()) {
                (Ok(candidate), Ok(workspace)) => read(services, workspace, candidate).await,
                _ => Ok(None),
            };
            let next = match read {
                Ok(due) => due.map_or(Next::Done, Next::Waits),
                Err(error) => {
                    tracing::warn!(%space, candidate = work.record, %error, "an email could not be read");
                    Next::Again(backoff::next_try(services.clock.now(), work.attempts))
                }
            };
            let noted = services.store.transact(|tx| async move {
                let WorkRecord { kind, record, .. } = work;
                match next {
                    Next::Done => WorkRecord::done_if_unchanged(&tx, space, work).await,
                    // Set anew, it waits for nothing but the time.
                    Next::Waits(due) => WorkRecord::timer(&tx, space, kind, record, due),
                    Next::Again(due) => {
                        let why = "an email could not be read";
                        WorkRecord::later_if_unchanged(&tx, space, work, due, why).await
                    }
                }
            });
            noted.await.map(drop)
        })
    }
}

/// When it is looked again.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// When something comes in.
    Done,
    /// Then: something came in just now.
    Waits(Instant),
    /// Then: it failed.
    Again(Instant),
}

/// Reads what there is; when to look again, where something came in just now.
async fn read(
    services: &Services,
    workspace: WorkspaceId,
    candidate: CandidateId,
) -> Result<Option<Instant>, Error> {
    // What was booked or kept just now is seen too.
    services.store.settled().await?;
    let (found, due) = outreach::unread_booked(services, workspace, candidate).await?;
    for unread in found {
        let now = services.clock.now();
        let reading = tokio::task::spawn_blocking(move || {
            let concluded = concluded(&unread, now);
            (unread, concluded)
        });
        let (unread, (conclusion, urgent, understood)) = reading.await.map_err(|error| {
            tracing::error!(%error, "reading an email crashed");
            Error::failed("The email could not be read")
        })?;
        outreach::conclude_booked(services, &unread, &conclusion, urgent, &understood).await?;
    }
    Ok(due)
}

type Concluded = (BookedConclusion, Option<Urgent>, Understood);

/// What follows from all that came in, and what was understood of it.
fn concluded(unread: &UnreadBooked, now: Instant) -> Concluded {
    let close = is_close(&unread.booked, now);
    let unclear = || {
        let urgent = close.then_some(Urgent::Other);
        (BookedConclusion::Person, urgent, Understood::default())
    };
    let emails = &unread.emails;
    let letters: Vec<Letter> = emails.iter().map(|(_, it)| it.heard().into()).collect();
    let (Some(letter), Some((_, last))) = (joined(&letters), emails.last()) else {
        return unclear();
    };
    let around = ReplyAround {
        booked: Some(unread.booked),
        author: author(emails.iter().map(|(_, email)| email)),
        ..ReplyAround::default()
    };
    let arrival = Arrival {
        now: last.at,
        zone: &unread.zone,
        locale: None,
        proposal: None,
        thread: Some(&around),
        server: None,
    };
    let Ok(found) = heard(&letter, arrival) else {
        return unclear();
    };
    let act = decide(&found.reading, &found.around, last.at);
    let conclusion = match act.kind {
        ActKind::None => BookedConclusion::Nothing,
        ActKind::Ask => BookedConclusion::Ask,
        ActKind::Propose => BookedConclusion::Move(wanted(&found.reading)),
        ActKind::Book | ActKind::Person | ActKind::Wait => BookedConclusion::Person,
    };
    let urgent = (act.kind != ActKind::None && close).then(|| what(&found.reading));
    (conclusion, urgent, Understood::of(&found.reading, &act))
}

/// What an email comes to that can't wait.
fn what(reading: &ReplyReading) -> Urgent {
    let has = |kind: IntentKind| reading.intents.iter().any(|it| it.kind == kind);
    let absent = [
        IntentKind::Cancel,
        IntentKind::Reschedule,
        IntentKind::DeclineAll,
        IntentKind::Withdraw,
    ];
    match absent.into_iter().any(has) {
        true => Urgent::Absent,
        false if has(IntentKind::Late) => Urgent::Late,
        false => Urgent::Other,
    }
}
