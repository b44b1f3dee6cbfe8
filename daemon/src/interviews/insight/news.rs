//! For whom a summary or notes are new, until they open them: the organizer, the interviewers, and
//! the hiring managers of the job.
//!
//! Invariant: somebody's opening it changes nothing of what is kept, and nothing for anyone else.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, JobId, MemberId};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Reference, Role};

use crate::access::RequestContext;
use crate::index::Index;
use crate::interviews::list::{sees, visible};
use crate::records::insight::NewInsightRecord;
use crate::records::interview::InterviewRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Notes, in the same commit, that a summary is new to everyone concerned, or that the notes somebody
/// wrote are new to the others.
pub(super) async fn announce(
    tx: &Tx,
    space: &str,
    id: &str,
    members: &[MemberId],
    notes_by: Option<MemberId>,
    at: Instant,
) -> Result<(), StoreError> {
    let before = tx.get::<NewInsightRecord>(space, id).await?;
    let mut members: Vec<_> = members
        .iter()
        .copied()
        .filter(|member| Some(*member) != notes_by)
        .collect();
    // Who has not opened the earlier part has not opened this one.
    members.extend(before.into_iter().flat_map(|it| it.members));
    members.retain(|member| Some(*member) != notes_by);
    members.sort_unstable();
    members.dedup();
    if members.is_empty() {
        return Ok(());
    }
    let new = NewInsightRecord {
        at,
        notes_by,
        members,
    };
    tx.put(space, id, &new)
}

/// Everyone whom what comes after an interview concerns.
pub(super) fn concerned(index: &Index, space: &str, interview: &InterviewRecord) -> Vec<MemberId> {
    let manages = |roles: &[Role], jobs: &[JobId]| {
        roles.contains(&Role::HiringManager) && jobs.contains(&interview.job)
    };
    let members = space.parse().map(|ws| index.members(ws));
    let members = members.unwrap_or_default().into_iter();
    let takes_part = |id: &MemberId| {
        let organizes = interview.organizer == *id;
        organizes || interview.interviewers.contains(id)
    };
    let concerned = members
        .filter(|row| takes_part(&row.id) || manages(&row.record.roles, &row.record.hiring_jobs));
    concerned.map(|row| row.id).collect()
}

/// Notes that the caller has opened the summary and notes of an interview. Once more changes
/// nothing.
///
/// # Errors
/// `not-found` where there is no such interview among those the caller works with.
pub async fn seen(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<(), Error> {
    let me = context.member()?.brief.id;
    let visible = visible(context.scope());
    let index = &services.index;
    let id: InterviewId =
        index.find_interview(context.workspace, &reference.reference, &visible)?;
    if !sees(services, context, id) {
        return Err(Error::not_found("the interview is gone"));
    }
    let (space, key) = (&context.space(), &id.to_string());
    let noted = services.store.transact(|tx| async move {
        let Some(mut new) = tx.get::<NewInsightRecord>(space, key).await? else {
            return Ok(());
        };
        if reference.dry_run || !new.members.contains(&me) {
            return Ok(());
        }
        new.members.retain(|member| *member != me);
        match new.members.is_empty() {
            true => tx.delete::<NewInsightRecord>(space, key),
            false => tx.put(space, key, &new),
        }
    });
    noted.await.map_err(Error::from).map(drop)
}
