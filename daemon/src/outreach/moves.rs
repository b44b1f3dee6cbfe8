//! Beginning to move a booked interview for a candidate who asked for another time.
//!
//! Owns when the assistant does that without a person: it arranged the interview, may act, and the
//! interview is further away than its notice. Invariants: the interview stays as it is until a time
//! is chosen; there is never a second one; one outreach of an application is open.

use greenroom_protocol::id::{InterviewId, OutreachId};
use greenroom_protocol::time::Instant;

use super::apply::write;
use super::{clock, propose};
use crate::interviews::{self, LINE_WORK};
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{
    About, Assisted, Moving, OPEN, OutreachRecord, OutreachState, Purpose, Round, WaitsFor, Wanted,
};
use crate::records::pipeline::StageRecord;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// Has the assistant look for other times; `None`: it can't, and a person moves the interview.
/// `by`: the outreach by which it was booked.
pub(super) async fn begin(
    tx: &Tx,
    space: &str,
    by: &OutreachRecord,
    (id, interview): (InterviewId, &InterviewRecord),
    wanted: Wanted,
    now: Instant,
) -> Result<Option<OutreachId>, StoreError> {
    let Some(assisted) = by.assisted else {
        return Ok(None);
    };
    let stage = by.stage.to_string();
    let Some(stage) = tx.get::<StageRecord>(space, &stage).await? else {
        return Ok(None);
    };
    let until = clock::movable_until(interview.start, stage.interview.notice_minutes);
    if until <= now {
        return Ok(None);
    }
    let outreach = OutreachId::new();
    let application = interview.application.to_string();
    let holder = outreach.to_string();
    if tx.claim(space, OPEN, &application, &holder).await?.is_err() {
        return Ok(None);
    }
    let first = wanted.first;
    let about = About {
        candidate: interview.candidate,
        application: interview.application,
        job: interview.job,
        stage: by.stage,
    };
    let state = OutreachState::Waiting {
        what: WaitsFor::Time,
    };
    let terms = propose::terms(interview, false);
    let record = OutreachRecord {
        wanted: Some(wanted),
        assisted: Some(Assisted {
            round: Round::Wished,
            ..Assisted::new(assisted.entry, stage.interview.approval)
        }),
        purpose: Purpose::Move(Moving {
            interview: id,
            start: interview.start,
            by: until,
        }),
        ..OutreachRecord::new(about, by.acts(outreach), state, terms, now)
    };
    write(tx, space, outreach, &record).await?;
    interviews::move_asked(tx, space, id, first, now).await?;
    WorkRecord::ask(tx, space, LINE_WORK, &by.stage.to_string(), now)?;
    Ok(Some(outreach))
}
