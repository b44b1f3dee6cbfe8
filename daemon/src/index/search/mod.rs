//! Owns the candidate list: which rows, in which order, how many. Every word must occur in name,
//! address, job title or stage name; rows where every word begins one come first, then by name,
//! then by id. The count is exact.

mod run;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId, WorkspaceId};
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::time::Instant;

use super::applications::{Application, Place};
use super::candidates::Person;
use super::chunk::Order;
use super::{Index, Row, Space};

/// Which candidates.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// What was typed; empty: everybody.
    pub text: &'a str,
    /// Only those who applied for this job.
    pub job: Option<JobId>,
    /// Only those in this stage.
    pub stage: Option<StageId>,
    /// Only those with such an application, which is also the one of that job and stage.
    pub states: States<'a>,
    /// Only those the caller may see.
    pub visible: &'a Visible,
}

/// Which states an application may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum States<'a> {
    /// Any.
    #[default]
    Any,
    /// Active; or the candidate applied for nothing, where no job and no stage is asked for.
    Current,
    /// One of these.
    Some(&'a [ApplicationState]),
}

impl States<'_> {
    /// Whether it lets an application in this state through.
    pub fn contains(self, state: ApplicationState) -> bool {
        match self {
            Self::Any => true,
            Self::Current => state == ApplicationState::Active,
            Self::Some(states) => states.contains(&state),
        }
    }
}

/// Whom somebody may see; decided by the caller. It says which candidates, not which of their
/// applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visible {
    /// Everybody.
    All,
    /// Who applied for one of these jobs.
    Jobs(HashSet<JobId>),
    /// These alone.
    Only(HashSet<CandidateId>),
    /// Both of these.
    JobsOr(HashSet<JobId>, HashSet<CandidateId>),
}

impl Visible {
    fn jobs(&self) -> Option<&HashSet<JobId>> {
        match self {
            Self::Jobs(jobs) | Self::JobsOr(jobs, _) => Some(jobs),
            Self::All | Self::Only(_) => None,
        }
    }

    fn named(&self) -> Option<&HashSet<CandidateId>> {
        match self {
            Self::Only(named) | Self::JobsOr(_, named) => Some(named),
            Self::All | Self::Jobs(_) => None,
        }
    }
}

/// A page of the list.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The rows, in the list's order.
    pub rows: Vec<CandidateEntry>,
    /// How many rows the whole list has.
    pub total: u64,
    /// Where the next page begins; nothing when this was the last.
    pub next: Option<String>,
}

/// A candidate, as lists show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateEntry {
    /// The candidate.
    pub id: CandidateId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their IANA time zone, if known.
    pub zone: Option<String>,
    /// The commit that wrote the candidate.
    pub revision: u64,
    /// Their applications, newest first.
    pub applications: Vec<EntryApplication>,
}

/// A candidate's place in one job's pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryApplication {
    /// The application.
    pub id: ApplicationId,
    /// Its job.
    pub job: JobId,
    /// Where it is.
    pub stage: StageId,
    /// Since when.
    pub since: Instant,
    /// How it stands.
    pub state: ApplicationState,
    /// The commit that wrote it.
    pub revision: u64,
}

/// Where an application stands: what the index keeps of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whose it is.
    pub candidate: CandidateId,
    /// Its job.
    pub job: JobId,
    /// Where it is.
    pub stage: StageId,
    /// Since when.
    pub since: Instant,
    /// How it stands.
    pub state: ApplicationState,
}

/// Where a page of the candidate list ended. It stays good whatever changes in between.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cursor {
    class: Class,
    order: Order,
}

/// The two runs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Every word begins a word.
    Begins,
    /// The others.
    Inside,
}

/// The text is not a cursor this program gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The cursor is not one that a page ended with; start again without it")]
pub struct BadCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = match self.class {
            Class::Begins => 'b',
            Class::Inside => 'i',
        };
        write!(out, "{class}.{}.{}", self.order.id, self.order.name)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadCursor);
        let class = match part()? {
            "b" => Class::Begins,
            "i" => Class::Inside,
            _ => return Err(BadCursor),
        };
        let id = part()?.parse().map_err(|_| BadCursor)?;
        let name = part()?.to_owned();
        let order = Order { name, id };
        Ok(Self { class, order })
    }
}

impl Index {
    /// At most `limit` (at least one) candidates from `after`, the last page's `next`, on, and how
    /// many there are in all.
    pub fn search(
        &self,
        ws: WorkspaceId,
        search: &Search<'_>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Found, BadCursor> {
        let after = after.map(Cursor::from_str).transpose()?;
        let state = self.read();
        let found = |space: &Space| space.search(search, after.as_ref(), limit.max(1));
        Ok(state.space(ws).map(found).unwrap_or_default())
    }

    /// One candidate, as lists show them.
    #[must_use]
    pub fn candidate(&self, ws: WorkspaceId, id: CandidateId) -> Option<CandidateEntry> {
        let state = self.read();
        let space = state.space(ws)?;
        Some(space.entry(space.candidates.get(id)?))
    }

    /// A candidate's applications, newest first, also when their record is gone.
    #[must_use]
    pub fn applications_of(&self, ws: WorkspaceId, candidate: CandidateId) -> Vec<ApplicationId> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let applications = space.candidates.applications().of(candidate);
        applications.iter().map(|one| one.id).collect()
    }

    /// How many candidates there are.
    #[must_use]
    pub fn candidates(&self, ws: WorkspaceId) -> u64 {
        let state = self.read();
        let count = |space: &super::Space| space.candidates.everybody().count() as u64;
        state.space(ws).map_or(0, count)
    }

    /// Where one application stands.
    #[must_use]
    pub fn application(
        &self,
        ws: WorkspaceId,
        id: ApplicationId,
    ) -> Option<Row<ApplicationId, Standing>> {
        let state = self.read();
        let applications = state.space(ws)?.candidates.applications();
        let candidate = applications.candidate(id)?;
        let one = applications.of(candidate).iter().find(|one| one.id == id)?;
        let place = applications.places()[one.place as usize];
        let record = Arc::new(Standing {
            candidate,
            job: place.job,
            stage: place.stage,
            since: one.since,
            state: place.state,
        });
        Some(Row {
            id,
            revision: one.revision,
            record,
        })
    }

    /// Whether `visible` shows this candidate; an unknown one is not shown.
    #[must_use]
    pub fn visible_candidate(&self, ws: WorkspaceId, id: CandidateId, visible: &Visible) -> bool {
        let state = self.read();
        let known = |space: &&Space| space.candidates.get(id).is_some();
        state
            .space(ws)
            .filter(known)
            .is_some_and(|space| space.shows(id, visible))
    }

    /// How many active applications are in `stage`.
    #[must_use]
    pub fn applications_in_stage(&self, ws: WorkspaceId, stage: StageId) -> u32 {
        self.count(ws, |place| {
            place.stage == stage && place.state == ApplicationState::Active
        })
    }

    /// How many active applications there are for `job`.
    #[must_use]
    pub fn applications_in_job(&self, ws: WorkspaceId, job: JobId) -> u32 {
        self.count(ws, |place| {
            place.job == job && place.state == ApplicationState::Active
        })
    }

    /// At most `most` rejected and withdrawn applications that are so since before `before`, those
    /// for the longest time first, and since when.
    #[must_use]
    pub fn turned_down_before(
        &self,
        ws: WorkspaceId,
        before: Instant,
        most: usize,
    ) -> Vec<(Instant, ApplicationId)> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let all = space.candidates.applications().turned_down();
        all.take_while(|(at, _)| *at < before).take(most).collect()
    }

    fn count(&self, ws: WorkspaceId, wanted: impl Fn(&Place) -> bool) -> u32 {
        let state = self.read();
        let count = |space: &Space| space.candidates.applications().count(wanted);
        state.space(ws).map_or(0, count)
    }
}

impl Space {
    /// Whether `visible` shows the candidate `id`.
    pub(super) fn shows(&self, id: CandidateId, visible: &Visible) -> bool {
        if *visible == Visible::All {
            return true;
        }
        let applications = self.candidates.applications();
        let applied = |jobs: &HashSet<JobId>| {
            let places = applications.of(id).iter().map(|one| one.place as usize);
            places
                .into_iter()
                .any(|place| jobs.contains(&applications.places()[place].job))
        };
        visible.named().is_some_and(|named| named.contains(&id))
            || visible.jobs().is_some_and(applied)
    }

    pub(super) fn entry(&self, person: &Person) -> CandidateEntry {
        let applications = self.candidates.applications();
        let shown = |one: &Application| {
            let place = applications.places()[one.place as usize];
            EntryApplication {
                id: one.id,
                job: place.job,
                stage: place.stage,
                since: one.since,
                state: place.state,
                revision: one.revision,
            }
        };
        CandidateEntry {
            id: person.id,
            name: person.name.to_string(),
            email: person.email.to_string(),
            zone: person.zone.as_deref().map(str::to_owned),
            revision: person.revision,
            applications: applications.of(person.id).iter().map(shown).collect(),
        }
    }
}
