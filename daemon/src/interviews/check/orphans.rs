//! Meetings of ours at Zoom that no booking needs: found by the mark in their agenda, deleted when
//! a person says so.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::drift::{Orphan, OrphanDelete};
use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::record::OrphanRecord;
use super::{ORPHAN_WORK, setback};
use crate::access::RequestContext;
use crate::interviews::view::member;
use crate::records::interview::{InterviewRecord, ZoomMeeting};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{self, ConnectionId, Outcome, RefusalReason};

/// How every mark of ours begins.
pub(super) const MARK: &str = "[int_";

/// Rows of one page.
const PAGE: usize = 500;

/// The strays of a workspace, by host.
pub(super) async fn all(
    services: &Services,
    space: &str,
) -> Result<Vec<(String, OrphanRecord)>, StoreError> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = services
            .store
            .scan::<OrphanRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        found.extend(page.rows.into_iter().map(|(id, row)| (id, row.record)));
        if !page.more {
            return Ok(found);
        }
    }
}

/// Notes which of the meetings listed at a host no booking needs, and forgets those that are gone.
pub(super) async fn note(
    services: &Services,
    space: &str,
    host: MemberId,
    listed: &[zoom::ZoomMeeting],
) -> Result<(), StoreError> {
    let now = services.clock.now();
    for meeting in listed {
        let interview = made_for(&meeting.agenda);
        let stray = &OrphanRecord {
            host,
            meeting: meeting.id,
            interview,
            start: meeting.start_time,
            found_at: now,
            deleting: false,
            reason: None,
        };
        let noted = services.store.transact(|tx| async move {
            let key = OrphanRecord::id(host, stray.meeting);
            let known = tx.get::<OrphanRecord>(space, &key).await?;
            match is_needed(&tx, space, stray).await? {
                true if known.is_some() => tx.delete::<OrphanRecord>(space, &key),
                false if known.is_none() => tx.put(space, &key, stray),
                _ => Ok(()),
            }
        });
        noted.await?;
    }
    for (key, stray) in all(services, space).await? {
        let there = listed.iter().any(|meeting| meeting.id == stray.meeting);
        if stray.host != host || there {
            continue;
        }
        let key = &key;
        let gone = services
            .store
            .transact(|tx| async move { forget(&tx, space, key) });
        gone.await?;
    }
    Ok(())
}

/// The interview that a mark names.
fn made_for(agenda: &str) -> Option<InterviewId> {
    let (mark, _) = agenda.strip_prefix('[')?.split_once(']')?;
    mark.parse().ok()
}

/// Whether a booking has this meeting, or may have it once an answer is known.
async fn is_needed(tx: &Tx, space: &str, stray: &OrphanRecord) -> Result<bool, StoreError> {
    let Some(id) = stray.interview else {
        return Ok(false);
    };
    let Some(interview) = tx.get::<InterviewRecord>(space, &id.to_string()).await? else {
        return Ok(false);
    };
    let phases = || {
        let left = interview.left.iter().map(|left| &left.zoom);
        std::iter::once(&interview.meeting.zoom).chain(left)
    };
    let open = phases().any(|zoom| {
        matches!(
            zoom,
            ZoomMeeting::Asked { .. } | ZoomMeeting::Unwanted { .. }
        )
    });
    // One that stays at Zoom after a cancellation is nobody's any more.
    let stays = |zoom: &ZoomMeeting| matches!(zoom, ZoomMeeting::Stays { .. });
    let ours = phases()
        .filter(|zoom| !stays(zoom))
        .filter_map(ZoomMeeting::meeting)
        .any(|meeting| meeting.id == stray.meeting);
    Ok(open || ours)
}

fn forget(tx: &Tx, space: &str, key: &str) -> Result<(), StoreError> {
    tx.delete::<OrphanRecord>(space, key)?;
    WorkRecord::done(tx, space, ORPHAN_WORK, key)
}

/// A stray as the contract shows it.
pub(super) fn wire(
    services: &Services,
    workspace: WorkspaceId,
    id: String,
    stray: OrphanRecord,
) -> Orphan {
    Orphan {
        id,
        host: member(services, workspace, stray.host),
        meeting_id: stray.meeting.to_string(),
        start: stray.start,
        interview: stray.interview,
        found_at: stray.found_at,
        deleting: stray.deleting,
        reason: stray.reason,
    }
}

/// Has a stray deleted at Zoom.
pub async fn delete(
    services: &Services,
    context: &RequestContext,
    request: OrphanDelete,
) -> Result<Orphan, Error> {
    let (space, key) = (&context.space(), &request.orphan);
    let dry_run = request.dry_run;
    let (stray, _) = services
        .store
        .transact(|tx| async move {
            let found = tx.get::<OrphanRecord>(space, key).await?;
            let mut stray = found.ok_or_else(|| {
                Error::not_found("there is no such stray meeting")
                    .hint("look with `greenroom interview check`")
            })?;
            if dry_run {
                return Ok(stray);
            }
            let now = services.clock.now();
            stray.deleting = true;
            stray.reason = None;
            tx.put(space, key, &stray)?;
            WorkRecord::ask(&tx, space, ORPHAN_WORK, key, now)?;
            let meeting = [("meeting", stray.meeting.to_string())];
            context.audit(&tx, now, stray.host, &["orphan"], &meeting)?;
            Ok::<_, Error>(stray)
        })
        .await?;
    Ok(wire(services, context.workspace, request.orphan, stray))
}

/// The worker that deletes strays.
pub struct Orphans(pub Services);

impl Worker for Orphans {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let stored = self
                .0
                .store
                .get::<OrphanRecord>(space, &work.record)
                .await?;
            let (Some(stored), Ok(workspace)) = (stored, space.parse()) else {
                return self.record(space, &work.record, None, None).await;
            };
            let stray = stored.record;
            let who = ConnectionId::of_member(workspace, stray.host);
            let (until, why) = match self.0.zoom.delete_meeting(who, stray.meeting).await {
                Outcome::Done(()) => (None, None),
                Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                    (None, None)
                }
                other => {
                    let (until, why) = setback(other, self.0.clock.now(), work.attempts);
                    (until, Some(why))
                }
            };
            self.record(space, &work.record, until, why).await
        })
    }
}

impl Orphans {
    /// Commits an outcome: gone where nothing is said against it, else kept with why, and tried
    /// again where that may help.
    async fn record(
        &self,
        space: &str,
        key: &str,
        until: Option<Instant>,
        why: Option<String>,
    ) -> Result<(), StoreError> {
        let why = &why;
        let recorded = self.0.store.transact(|tx| async move {
            let stray = tx.get::<OrphanRecord>(space, key).await?;
            let (Some(mut stray), Some(why)) = (stray, why) else {
                return forget(&tx, space, key);
            };
            stray.reason = Some(why.clone());
            stray.deleting = until.is_some();
            tx.put(space, key, &stray)?;
            match until {
                Some(until) => {
                    let why = Some(why.clone());
                    WorkRecord::later(&tx, space, ORPHAN_WORK, key, until, why).await
                }
                None => WorkRecord::done(&tx, space, ORPHAN_WORK, key),
            }
        });
        recorded.await.map(drop)
    }
}
