//! Confirming and cancelling.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{InterviewStatus, Outcome};
use greenroom_protocol::schedule::{Finding, FindingCode, Verdict};
use greenroom_protocol::workspace::Reference;

use super::book::{ask_zoom, no_mail, refuse_blocked, take_time};
use super::calendar;
use super::judge;
use super::list::visible;
use super::make::KIND;
use super::record::{InterviewRecord, ZoomMeeting};
use super::{settle, view};
use crate::access::Asking;
use crate::current::current as record;
use crate::rooms::Rooms;
use crate::store::Tx;
use crate::work::WorkRecord;
use crate::zoom::{ConnectionRecord, Link};

/// The scope without which Zoom deletes nothing.
const DELETE_SCOPE: &str = "meeting:delete:meeting";

/// Confirms an interview; for one whose meeting could not be made, asks Zoom again. Confirming twice changes nothing.
pub async fn confirm(rooms: &Rooms, asking: &Asking, request: Reference) -> Result<Outcome, Error> {
    let id = rooms.index.find_interview(
        asking.workspace,
        &request.reference,
        &visible(asking.scope()),
    )?;
    let ((verdict, interview), _) = rooms
        .store
        .transact(|tx| {
            let request = &request;
            async move {
                let mut interview = current(asking, &tx, id, request).await?;
                let again = match (interview.status, &interview.meeting.zoom) {
                    (InterviewStatus::ToBeConfirmed, _) => false,
                    (InterviewStatus::Confirmed, ZoomMeeting::Failed) => true,
                    (InterviewStatus::Confirmed, _) => return Ok((Verdict::default(), interview)),
                    (status, _) => return Err(over(status)),
                };
                let judged = judge::judged(rooms, asking, &tx, id, &interview).await?;
                if request.dry_run {
                    return Ok((judged.verdict, interview));
                }
                if !again {
                    refuse_blocked(&judged.verdict)?;
                }
                interview.status = InterviewStatus::Confirmed;
                interview.host_zoom_id = judged.host_zoom_id;
                // A stray that may be at Zoom is still there when the meeting is asked for again.
                interview
                    .warnings
                    .retain(|it| it.code == FindingCode::PossibleOrphan);
                interview
                    .warnings
                    .extend(judged.verdict.advises.iter().cloned());
                interview.warnings.push(no_mail());
                interview.meeting.reason = None;
                if interview.host.is_some() {
                    settle::wanted(&mut interview);
                }
                let space = asking.space();
                take_time(&tx, &space, id, &interview).await?;
                tx.put(&space, &id.to_string(), &interview)?;
                ask_zoom(rooms, &tx, &space, id, &interview)?;
                asking.audit(&tx, rooms.clock.now(), id, &["status", "meeting"], &[])?;
                Ok((judged.verdict, interview))
            }
        })
        .await?;
    outcome(rooms, asking, id, interview, verdict, request.dry_run).await
}

/// Cancels an interview: gives everybody their time back and has Zoom delete the meeting. Cancelling twice changes
/// nothing.
pub async fn cancel(rooms: &Rooms, asking: &Asking, request: Reference) -> Result<Outcome, Error> {
    let id = rooms.index.find_interview(
        asking.workspace,
        &request.reference,
        &visible(asking.scope()),
    )?;
    let (interview, _) = rooms
        .store
        .transact(|tx| {
            let request = &request;
            async move {
                let mut interview = current(asking, &tx, id, request).await?;
                match interview.status {
                    InterviewStatus::Cancelled => return Ok(interview),
                    status if !interview.takes_time() => return Err(over(status)),
                    _ => {}
                }
                let may_delete = may_delete(asking, &tx, &interview).await?;
                interview.status = InterviewStatus::Cancelled;
                let work = settle::unwanted(&mut interview, may_delete);
                if let (ZoomMeeting::Stays { .. }, Some(why)) =
                    (&interview.meeting.zoom, &interview.meeting.reason)
                {
                    interview.warnings.push(Finding {
                        code: FindingCode::MeetingStays,
                        message: why.clone(),
                        interview: None,
                    });
                }
                if request.dry_run {
                    return Ok(interview);
                }
                let space = asking.space();
                for owner in judge::owners(&interview) {
                    calendar::free(&tx, &space, &owner, id, interview.start, interview.end())
                        .await?;
                }
                tx.put(&space, &id.to_string(), &interview)?;
                match work {
                    true => WorkRecord::ask(&tx, &space, KIND, &id.to_string(), rooms.clock.now())?,
                    false => WorkRecord::done(&tx, &space, KIND, &id.to_string())?,
                }
                asking.audit(&tx, rooms.clock.now(), id, &["status", "meeting"], &[])?;
                Ok::<_, Error>(interview)
            }
        })
        .await?;
    outcome(
        rooms,
        asking,
        id,
        interview,
        Verdict::default(),
        request.dry_run,
    )
    .await
}

/// The interview as it stands, where the caller may change it and expects it so.
async fn current(
    asking: &Asking,
    tx: &Tx,
    id: InterviewId,
    request: &Reference,
) -> Result<InterviewRecord, Error> {
    let (space, key) = (asking.space(), id.to_string());
    let interview: InterviewRecord =
        record(tx, &space, &key, request.expected_revision, "interview").await?;
    asking.hires_for(interview.job)?;
    Ok(interview)
}

fn over(status: InterviewStatus) -> Error {
    let how = match status {
        InterviewStatus::Cancelled => "it is cancelled",
        InterviewStatus::NoShow | InterviewStatus::Completed => "it is over",
        InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed => "it stands",
    };
    Error::conflict(format!("change the interview: {how}")).hint("plan a new one")
}

/// Whether Zoom can be asked to delete the meeting, or what to tell the person instead.
async fn may_delete(
    asking: &Asking,
    tx: &Tx,
    interview: &InterviewRecord,
) -> Result<Result<(), String>, Error> {
    let Some(host) = interview.host else {
        return Ok(Ok(()));
    };
    let connection = tx
        .get::<ConnectionRecord>(&asking.space(), &host.to_string())
        .await?
        .unwrap_or_default();
    let why = match connection.link {
        Link::Connected { grant } | Link::Retrying { grant, .. } if grant.allows(DELETE_SCOPE) => {
            return Ok(Ok(()));
        }
        Link::Connected { .. } | Link::Retrying { .. } => {
            "the permission to delete meetings was not granted"
        }
        _ => "Zoom is not connected any more",
    };
    Ok(Err(format!(
        "the meeting stays at Zoom, because {why}; delete it there"
    )))
}

async fn outcome(
    rooms: &Rooms,
    asking: &Asking,
    id: InterviewId,
    interview: InterviewRecord,
    verdict: Verdict,
    dry_run: bool,
) -> Result<Outcome, Error> {
    let interview = match dry_run {
        true => view::wire(rooms, asking.workspace, id, 0, &interview).await?,
        false => view::one(rooms, asking.workspace, id).await?,
    };
    Ok(Outcome {
        interview,
        verdict,
        repeated: false,
        dry_run,
    })
}
