//! What a caller works with, and what a text names among it.
//!
//! Invariant: a candidate the caller may not see is neither found nor listed among several; of one
//! they see, applications that are none of their business are left out. Who may see what is
//! decided by [`RequestContext::scope`] alone.

use std::collections::HashSet;

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId};

use super::Unresolved;
use crate::access::{RequestContext, Scope};
use crate::index::{CandidateEntry, Index, Visible};

/// Which applications a caller works with: those for their jobs, and those they interview for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applications {
    /// All.
    All,
    /// Some.
    Some {
        /// Those for these jobs.
        jobs: HashSet<JobId>,
        /// Those they interview for.
        met: HashSet<ApplicationId>,
    },
}

impl Applications {
    /// Whether the caller works with application `id`, which is for `job`.
    pub fn shows(&self, id: ApplicationId, job: JobId) -> bool {
        match self {
            Self::All => true,
            Self::Some { jobs, met } => jobs.contains(&job) || met.contains(&id),
        }
    }

    /// The candidate, with those applications alone.
    pub fn narrow(&self, mut entry: CandidateEntry) -> CandidateEntry {
        entry.applications.retain(|it| self.shows(it.id, it.job));
        entry
    }
}

impl Index {
    /// Whose candidates the caller sees.
    pub fn visible_to(&self, context: &RequestContext) -> Visible {
        let met = |me| self.candidates_of_member(context.workspace, me);
        match context.scope() {
            Scope::All => Visible::All,
            Scope::Jobs(jobs, Some(me)) => Visible::JobsOr(jobs, met(me)),
            Scope::Jobs(jobs, None) => Visible::Jobs(jobs),
            Scope::Own(me) => Visible::Only(met(me)),
            Scope::Nothing => Visible::Only(HashSet::new()),
        }
    }

    /// Which applications the caller works with, of one candidate or of all.
    pub fn applications_for(
        &self,
        context: &RequestContext,
        candidate: Option<CandidateId>,
    ) -> Applications {
        let met = |me| self.applications_of_member(context.workspace, me, candidate);
        let (jobs, met) = match context.scope() {
            Scope::All => return Applications::All,
            Scope::Jobs(jobs, me) => (jobs, me.map(met).unwrap_or_default()),
            Scope::Own(me) => (HashSet::new(), met(me)),
            Scope::Nothing => (HashSet::new(), HashSet::new()),
        };
        Applications::Some { jobs, met }
    }

    /// The candidate a text names (or an application of theirs), among those the caller sees, with
    /// the applications the caller works with.
    ///
    /// # Errors
    /// The text names nobody the caller sees, or several.
    pub fn candidate_named(
        &self,
        context: &RequestContext,
        text: &str,
    ) -> Result<CandidateEntry, Unresolved> {
        let workspace = context.workspace;
        let named = self.application_named(context, text);
        let row = named.and_then(|id| self.application(workspace, id));
        let id = match row {
            Some(row) => row.record.candidate,
            None => self.find_candidate(workspace, text, &self.visible_to(context))?,
        };
        let entry = self.candidate(workspace, id);
        let entry = entry.ok_or_else(|| Unresolved::NotFound {
            what: "candidate",
            text: text.to_owned(),
        })?;
        Ok(self.applications_for(context, Some(id)).narrow(entry))
    }

    /// The one application a text identifies, among those the caller works with.
    pub fn application_named(&self, context: &RequestContext, text: &str) -> Option<ApplicationId> {
        let found = self.find_application(context.workspace, text, &self.visible_to(context));
        found.ok().filter(|id| self.sees_application(context, *id))
    }

    /// Whether the caller works with an application.
    pub fn sees_application(&self, context: &RequestContext, id: ApplicationId) -> bool {
        let row = self.application(context.workspace, id);
        row.is_some_and(|row| {
            let candidate = Some(row.record.candidate);
            self.applications_for(context, candidate)
                .shows(id, row.record.job)
        })
    }

    /// Whether the caller works with a candidate.
    pub fn sees_candidate(&self, context: &RequestContext, id: CandidateId) -> bool {
        self.visible_candidate(context.workspace, id, &self.visible_to(context))
    }
}
