//! Owns the candidate list: which rows, in which order, how many. Every word must occur in name, address, job title
//! or stage name; rows where every word begins one come first, then by name, then by id. The count is exact.

use std::{collections::HashSet, fmt, str::FromStr, sync::Arc};

use greenroom_protocol::{
    id::{ApplicationId, CandidateId, JobId, StageId, WorkspaceId},
    time::Instant,
};

use super::{
    Index, Row, Space,
    applications::Place,
    bits::Bits,
    candidates::Person,
    chunk::{Chunk, Order},
    fold::fold,
    word::{Hits, Word},
};

/// Words beyond these are not looked for: nobody types so many, and each costs time.
const MOST_WORDS: usize = 16;

/// Which candidates.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// What was typed; empty: everybody.
    pub text: &'a str,
    /// Only those who applied for this job.
    pub job: Option<JobId>,
    /// Only those in this stage.
    pub stage: Option<StageId>,
    /// Only those the caller may see.
    pub visible: &'a Visible,
}

/// Whom a caller may see; decided by whoever asks. It says which candidates, not which of their applications.
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
#[error("go on with a list: the cursor is not one that a page ended with; begin again without it")]
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
    /// At most `limit` (at least one) candidates from `after`, the last page's `next`, on, and how many there are in all.
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

    /// How many applications are in `stage`.
    #[must_use]
    pub fn applications_in_stage(&self, ws: WorkspaceId, stage: StageId) -> u32 {
        self.count(ws, |place| place.stage == stage)
    }

    /// How many applications there are for `job`.
    #[must_use]
    pub fn applications_in_job(&self, ws: WorkspaceId, job: JobId) -> u32 {
        self.count(ws, |place| place.job == job)
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
        let shown = |one: &super::applications::Application| {
            let place = applications.places()[one.place as usize];
            EntryApplication {
                id: one.id,
                job: place.job,
                stage: place.stage,
                since: one.since,
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

    fn search(&self, search: &Search<'_>, after: Option<&Cursor>, limit: usize) -> Found {
        let query = Query::new(self, search);
        let chunks = self.candidates.chunks().iter().enumerate();
        let hits: Vec<_> = chunks.map(|(at, chunk)| query.run(at, chunk)).collect();
        let total = hits.iter().map(|hits| hits.all.count()).sum();
        let mut page = self.page(&hits, after, limit + 1);
        let more = page.len() > limit;
        page.truncate(limit);
        let next = page.last().filter(|_| more).map(|(class, person)| Cursor {
            class: *class,
            order: person.order(),
        });
        Found {
            rows: page.iter().map(|(_, person)| self.entry(person)).collect(),
            total,
            next: next.map(|cursor| cursor.to_string()),
        }
    }

    /// The first `limit` hits from `after` on.
    fn page(&self, hits: &[Hits], after: Option<&Cursor>, limit: usize) -> Vec<(Class, &Person)> {
        let mut page = Vec::new();
        for class in [Class::Begins, Class::Inside] {
            let from = match after {
                Some(after) if class < after.class => continue,
                Some(after) if class == after.class => Some(&after.order),
                _ => None,
            };
            let (first, place) = from.map_or((0, 0), |order| self.candidates.seek(order));
            let chunks = self
                .candidates
                .chunks()
                .iter()
                .zip(hits)
                .enumerate()
                .skip(first);
            let people = chunks.flat_map(|(at, (chunk, hits))| {
                let bits = match class {
                    Class::Begins => hits.begins,
                    Class::Inside => hits.all.without(hits.begins),
                };
                let places = bits.from(if at == first { place } else { 0 });
                places.map(|place| &*chunk.people()[place])
            });
            // The row the last page ended with may still be there.
            let people = people.filter(|person| from.is_none_or(|order| person.id != order.id));
            page.extend(
                people
                    .take(limit - page.len())
                    .map(|person| (class, person)),
            );
        }
        page
    }
}

/// A search, made ready to run over every chunk.
struct Query<'a> {
    space: &'a Space,
    words: Vec<Word>,
    /// The places that the filters let through; nothing: no filter on places.
    filter: Option<Vec<bool>>,
    /// Who is visible: the places, and, chunk by chunk, those named; nothing: all.
    visible: Option<(Vec<bool>, Vec<Bits>)>,
}

impl<'a> Query<'a> {
    fn new(space: &'a Space, search: &Search<'_>) -> Self {
        let places = space.candidates.applications().places();
        let wanted =
            |wanted: &dyn Fn(&Place) -> bool| places.iter().map(wanted).collect::<Vec<_>>();
        let filtered = search.job.is_some() || search.stage.is_some();
        let filter = |place: &Place| {
            search.job.is_none_or(|job| place.job == job)
                && search.stage.is_none_or(|stage| place.stage == stage)
        };
        let visible = (*search.visible != Visible::All).then(|| {
            let jobs = search.visible.jobs();
            let of_jobs = wanted(&|place| jobs.is_some_and(|jobs| jobs.contains(&place.job)));
            (of_jobs, named(space, search.visible))
        });
        Self {
            space,
            words: words(space, search.text),
            filter: filtered.then(|| wanted(&filter)),
            visible,
        }
    }

    fn run(&self, at: usize, chunk: &Chunk) -> Hits {
        let everybody = Bits::first(chunk.people().len());
        let mut hits = Hits {
            all: everybody,
            begins: everybody,
        };
        if self.words.is_empty() && self.filter.is_none() && self.visible.is_none() {
            return hits;
        }
        let candidates = &self.space.candidates;
        let scan = chunk.scan(candidates.applications(), candidates.domains());
        if let Some(filter) = &self.filter {
            hits.all &= scan.in_places(filter);
        }
        if let Some((jobs, named)) = &self.visible {
            let mut visible = scan.in_places(jobs);
            visible |= named.get(at).copied().unwrap_or_default();
            hits.all &= visible;
        }
        for word in &self.words {
            if hits.all.is_empty() {
                return Hits::default();
            }
            let found = scan.find(word, hits.all);
            hits.all = found.all;
            hits.begins &= found.begins;
        }
        hits.begins &= hits.all;
        hits
    }
}

/// Where those are whom `visible` names, chunk by chunk.
fn named(space: &Space, visible: &Visible) -> Vec<Bits> {
    let Some(named) = visible.named() else {
        return Vec::new();
    };
    let mut chunks = vec![Bits::default(); space.candidates.chunks().len()];
    let people = named.iter().filter_map(|id| space.candidates.get(*id));
    for (chunk, place) in people.filter_map(|person| space.candidates.find(person)) {
        chunks[chunk].insert(place);
    }
    chunks
}

/// The words of `text`, those first that are quick to look for or leave few.
fn words(space: &Space, text: &str) -> Vec<Word> {
    let folded = fold(text);
    let mut words: Vec<_> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| (word.len() > 2, std::cmp::Reverse(word.len())));
    words.dedup();
    words.truncate(MOST_WORDS);
    if words.is_empty() {
        return Vec::new();
    }
    let title = |place: &Place| {
        let job = space.jobs.get(place.job).map(|row| fold(&row.record.title));
        let stage = space
            .stages
            .get(place.stage)
            .map(|row| fold(&row.record.name));
        (job.unwrap_or_default(), stage.unwrap_or_default())
    };
    let places: Vec<_> = space
        .candidates
        .applications()
        .places()
        .iter()
        .map(title)
        .collect();
    let domains = space.candidates.domains();
    let word = |word| Word::new(word, &places, domains);
    words.into_iter().map(word).collect()
}
