//! Owns the candidate list: which rows, in which order, how many. Every word must occur in name,
//! address, job title or stage name; rows where every word begins one come first, then by name,
//! then by id. The count is exact. Where such rows do not fill a page, and a search asks for it,
//! those follow in which some word has one typing error or stands for initials, unless an address
//! is found as it is written; where there are none either, the nearest.

mod cursor;
mod filter;
mod highlights;
mod near;
mod rank;
mod run;

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::Arc;

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId, WorkspaceId};
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::time::Instant;

pub use self::cursor::BadCursor;
use self::cursor::Cursor;
pub use self::filter::{Filter, States};
pub use self::highlights::Highlights;
use super::applications::{Application, Place};
use super::candidates::Person;
use super::{Applications, Index, Row, Space};

/// Which candidates, in which order.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// What was typed; empty: everybody.
    pub text: &'a str,
    /// Whether what nearly matches is looked for too.
    pub fuzzy: bool,
    /// Only these.
    pub filter: Filter,
    /// What the list is sorted by.
    pub sort: Sort,
    /// The other way round.
    pub reverse: bool,
    /// Only those the caller may see.
    pub visible: &'a Visible,
    /// The applications the caller works with: others are not filtered, sorted or shown by.
    pub applications: &'a Applications,
}

impl<'a> Search<'a> {
    /// Exactly `text` among those who are visible, by name.
    #[must_use]
    pub fn new(text: &'a str, visible: &'a Visible) -> Self {
        Self {
            text,
            fuzzy: false,
            filter: Filter::default(),
            sort: Sort::Name,
            reverse: false,
            visible,
            applications: &Applications::All,
        }
    }
}

/// What the list of candidates is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Their names; of a search, those first where every word begins a word.
    Name,
    /// Where the application shown stands: first stages first, and who has none last.
    Stage,
    /// Since when it stands there, the longest first, and who has none last.
    Since,
    /// When they were added, the newest first.
    Added,
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
    pub rows: Vec<FoundRow>,
    /// How many rows the whole list has.
    pub total: u64,
    /// How many of them only nearly match; they come last.
    pub near: u64,
    /// Whether nothing matches even nearly, and these are the nearest.
    pub nearest: bool,
    /// Where the next page begins; nothing when this was the last.
    pub next: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// The candidate.
    pub candidate: CandidateEntry,
    /// The newest of their applications that the filter is about and the caller works with.
    pub shown: Option<ApplicationId>,
    /// Whether they match only nearly.
    pub near: bool,
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

impl Index {
    /// At most `limit` (at least one) candidates from `after`, the last page's `next`, on, and how
    /// many there are in all.
    ///
    /// # Errors
    /// `after` is not where a page of a list in this order ended.
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
        state.space(ws).map_or_else(|| Ok(Found::default()), found)
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
        let count = |space: &super::Space| space.candidates.count() as u64;
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

    /// The candidates whose every application has been rejected or withdrawn since before `before`,
    /// those for the longest time first, and since when; at most `most`, from the `skip`-th on, and
    /// how many there are.
    #[must_use]
    pub fn turned_down_before(
        &self,
        ws: WorkspaceId,
        before: Instant,
        skip: usize,
        most: usize,
    ) -> (Vec<(Instant, CandidateId)>, u64) {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return (Vec::new(), 0);
        };
        let applications = space.candidates.applications();
        let all = applications.turned_down();
        let all = all.take_while(|(at, _)| *at < before);
        // Somebody counts by the last of their applications that was turned down.
        let whole = all.filter_map(|(at, id)| {
            let candidate = applications.candidate(id)?;
            let last = applications.wholly_turned_down(candidate)?;
            (last == (at, id)).then_some((at, candidate))
        });
        let (mut found, mut total) = (Vec::new(), 0);
        for (place, one) in whole.enumerate() {
            total += 1;
            if place >= skip && found.len() < most {
                found.push(one);
            }
        }
        (found, total)
    }

    /// Since when every application of a candidate is rejected or withdrawn; `None` where one is
    /// not, or there is none.
    #[must_use]
    pub fn turned_down_since(&self, ws: WorkspaceId, candidate: CandidateId) -> Option<Instant> {
        let state = self.read();
        let applications = state.space(ws)?.candidates.applications();
        applications.wholly_turned_down(candidate).map(|(at, _)| at)
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
            zone: person
                .zone
                .and_then(|zone| self.candidates.zones().name(zone))
                .map(str::to_owned),
            revision: person.revision,
            applications: applications.of(person.id).iter().map(shown).collect(),
        }
    }
}
