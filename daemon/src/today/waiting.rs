//! Candidates who have been in a stage too long without an interview.

use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{Waiting, WaitingCandidate};

use crate::access::{RequestContext, Scope};
use crate::services::Services;

/// Stages that are shown.
const MOST: usize = 100;

/// Candidates of a stage that are named.
const NAMED: usize = 3;

/// The stages in which candidates of the caller's jobs wait too long, and how many wait in all.
pub(super) fn waiting(
    services: &Services,
    context: &RequestContext,
    days: u32,
    now: Instant,
) -> (Vec<Waiting>, u64) {
    let (index, ws) = (&services.index, context.workspace);
    let jobs = match context.scope() {
        Scope::All => None,
        Scope::Jobs(jobs, _) => Some(jobs),
        // Interviewers meet those they are invited to meet.
        Scope::Own(_) | Scope::Nothing => return (Vec::new(), 0),
    };
    let before = now.plus_minutes(-i64::from(days) * 24 * 60);
    let mut idle = index.waiting(ws, jobs.as_ref(), before, NAMED);
    let total = idle.iter().map(|it| it.count).sum();
    idle.sort_by_key(|it| (it.longest.first().map(|(_, _, since)| *since), it.stage));
    let shown = idle.into_iter().take(MOST).filter_map(|it| {
        let longest = it
            .longest
            .iter()
            .filter_map(|(application, candidate, since)| {
                Some(WaitingCandidate {
                    candidate: *candidate,
                    name: index.candidate(ws, *candidate)?.name,
                    application: *application,
                    since: *since,
                })
            });
        Some(Waiting {
            job: it.job,
            job_title: index.job(ws, it.job)?.record.title.clone(),
            stage: it.stage,
            stage_name: index.stage(ws, it.stage)?.record.name.clone(),
            candidates: it.count,
            since: it.longest.first()?.2,
            longest: longest.collect(),
        })
    });
    (shown.collect(), total)
}
