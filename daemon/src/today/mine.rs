//! Which interviews are whose: a person's own, and, for those who look after everything, the ones
//! nobody else is responsible for.
//!
//! Responsible is the organizer, as long as they may change the interview. Where they left or lost
//! the role, it is every recruiter and admin, and the hiring managers of the job.

use greenroom_protocol::id::{JobId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;

use crate::access::{RequestContext, Scope};
use crate::index::{Index, Mine};
use crate::services::Services;

/// The longest interview, in minutes: one that began this long ago may still be on.
const LONGEST: i64 = 8 * 60;

/// What is planned, by start.
pub(super) struct Plans {
    me: MemberId,
    /// What the member has to do with.
    own: Vec<Mine>,
    /// Those of the above they are responsible for, and others nobody else is.
    responsible: Vec<Mine>,
}

pub(super) fn plans(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    now: Instant,
) -> Plans {
    let (index, ws) = (&services.index, context.workspace);
    let from = now.plus_minutes(-LONGEST);
    let mut own = index.of_person(ws, me, from);
    own.retain(|plan| plan.end > now);
    let mut responsible: Vec<Mine> = own
        .iter()
        .filter(|plan| plan.organizer == me && answers_for(index, ws, me, plan.job))
        .cloned()
        .collect();
    if may_act(context) {
        // Of members first: almost every organizer is one, and looks after all jobs.
        let strangers = index.organizers(ws).into_iter().filter(|it| *it != me);
        for organizer in strangers.filter(|it| !looks_after_all(index, ws, *it)) {
            let theirs = index.of_person(ws, organizer, from).into_iter();
            responsible.extend(theirs.filter(|plan| {
                let organized = plan.organizer == organizer && plan.end > now;
                organized
                    && !answers_for(index, ws, organizer, plan.job)
                    && context.hires_for(plan.job).is_ok()
            }));
        }
        responsible.sort_by_key(|plan| (plan.start, plan.id));
    }
    Plans {
        me,
        own,
        responsible,
    }
}

impl Plans {
    /// What the member organizes or takes part in, up to then.
    pub(super) fn next(&self, until: Instant) -> impl Iterator<Item = &Mine> {
        let theirs = self.own.iter().filter(|plan| plan.takes_part);
        theirs.take_while(move |plan| plan.start < until)
    }

    /// What somebody may have to see to, and it is for the member to do.
    pub(super) fn open(&self) -> impl Iterator<Item = &Mine> {
        self.responsible.iter().filter(|plan| plan.open)
    }

    /// Everything the member depends on, each once, by start.
    pub(super) fn all(&self) -> impl Iterator<Item = &Mine> {
        let others = self.responsible.iter();
        let others = others.filter(|plan| plan.organizer != self.me);
        let known = |plan: &&Mine| !self.own.iter().any(|own| own.id == plan.id);
        self.own.iter().chain(others.filter(known))
    }
}

/// Whether the caller may change interviews at all.
fn may_act(context: &RequestContext) -> bool {
    matches!(context.scope(), Scope::All | Scope::Jobs(..))
}

/// Whether somebody is responsible for what of this job they organize.
pub(super) fn answers_for(index: &Index, ws: WorkspaceId, member: MemberId, job: JobId) -> bool {
    let Some(row) = index.member(ws, member) else {
        return false;
    };
    let manages = row.record.roles.contains(&Role::HiringManager);
    is_staff(&row.record.roles) || manages && row.record.hiring_jobs.contains(&job)
}

fn looks_after_all(index: &Index, ws: WorkspaceId, member: MemberId) -> bool {
    let row = index.member(ws, member);
    row.is_some_and(|row| is_staff(&row.record.roles))
}

fn is_staff(roles: &[Role]) -> bool {
    roles.contains(&Role::Admin) || roles.contains(&Role::Recruiter)
}
