//! Owns which candidates a list is about, whatever is searched in it: their applications' jobs,
//! stages and states, how long they have been there, whether an interview is coming, their time zones. All of
//! what is said of applications is true of one and the same application, which the caller works
//! with; the newest such is the one a row shows. Places and zones are answered for a whole chunk;
//! what differs from one application to the next is looked at only in entries that match so far.

use std::collections::HashSet;

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId};
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::time::Instant;

use super::{Search, Visible};
use crate::index::applications::Place;
use crate::index::bits::Bits;
use crate::index::chunk::Chunk;
use crate::index::scan::{Applied, Scan, seconds};
use crate::index::{Applications, Space};

/// Which states an application may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum States {
    /// Any.
    #[default]
    Any,
    /// Active; or the candidate applied for nothing, where nothing else is asked of applications.
    Current,
    /// One of these.
    Some(Vec<ApplicationState>),
}

impl States {
    /// Whether an application may be in this state.
    #[must_use]
    pub fn contain(&self, state: ApplicationState) -> bool {
        match self {
            Self::Any => true,
            Self::Current => state == ApplicationState::Active,
            Self::Some(states) => states.contains(&state),
        }
    }
}

/// Which candidates; the default is everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those with an application for one of these; empty: any.
    pub jobs: Vec<JobId>,
    /// Only those with an application in one of these; empty: any.
    pub stages: Vec<StageId>,
    /// Only those with an application in such a state.
    pub states: States,
    /// Only those that have been in their stage since before this.
    pub since_before: Option<Instant>,
    /// Only those without an interview that is still to come at this time.
    pub without_interview_from: Option<Instant>,
    /// Only those in one of these time zones, as a person names them; empty: any.
    pub zones: Vec<String>,
}

impl Filter {
    /// Whether who applied for nothing is not meant.
    fn wants_an_application(&self) -> bool {
        !self.jobs.is_empty()
            || !self.stages.is_empty()
            || self.since_before.is_some()
            || self.without_interview_from.is_some()
            || matches!(self.states, States::Some(_))
    }

    fn wants(&self, place: &Place) -> bool {
        (self.jobs.is_empty() || self.jobs.contains(&place.job))
            && (self.stages.is_empty() || self.stages.contains(&place.stage))
            && self.states.contain(place.state)
    }
}

/// Those with an application in one of some places, and those who are named, chunk by chunk.
struct Among {
    places: Vec<bool>,
    named: Vec<Bits>,
}

impl Among {
    fn of(&self, at: usize, scan: &Scan) -> Bits {
        let mut found = scan.in_places(&self.places);
        found |= self.named.get(at).copied().unwrap_or_default();
        found
    }
}

/// What has to be looked at in each application.
struct Closer {
    /// It has been there since before this, in seconds; `None`: it may be new.
    before: Option<u32>,
    /// It is none of these.
    busy: HashSet<ApplicationId>,
    /// Whose they are, chunk by chunk.
    busy_entries: Vec<Bits>,
}

/// A filter, ready for every chunk.
pub(super) struct Ready<'a> {
    space: &'a Space,
    /// Whom the caller sees; `None`: everybody.
    visible: Option<Among>,
    /// Who has an application that the filter is about; `None`: it is about none.
    applied: Option<Among>,
    /// Whether who applied for nothing passes too.
    without: bool,
    zones: Option<Vec<bool>>,
    /// By place: whether an application there counts.
    wanted: Vec<bool>,
    /// By place: whether the caller works with all applications there.
    seen: Vec<bool>,
    /// The applications elsewhere that the caller works with.
    met: Option<&'a HashSet<ApplicationId>>,
    closer: Option<Closer>,
}

impl<'a> Ready<'a> {
    pub(super) fn new(space: &'a Space, search: &Search<'a>) -> Self {
        let filter = &search.filter;
        let places = space.candidates.applications().places();
        let each = |is: &dyn Fn(&Place) -> bool| places.iter().map(is).collect::<Vec<_>>();
        let (seen, met) = match search.applications {
            Applications::All => (vec![true; places.len()], None),
            Applications::Some { jobs, met } => {
                (each(&|place| jobs.contains(&place.job)), Some(met))
            }
        };
        let wanted = each(&|place| filter.wants(place));
        let narrowed = filter.wants_an_application();
        let filtered = narrowed || filter.states != States::Any;
        let applied = filtered.then(|| Among {
            places: wanted.iter().zip(&seen).map(|(a, b)| *a && *b).collect(),
            named: match met {
                Some(met) => named(
                    space,
                    met.iter().filter_map(|id| owner(space, *id, &wanted)),
                ),
                None => Vec::new(),
            },
        });
        let visible = (*search.visible != Visible::All).then(|| Among {
            places: each(&|place| {
                let jobs = search.visible.jobs();
                jobs.is_some_and(|jobs| jobs.contains(&place.job))
            }),
            named: match search.visible.named() {
                Some(ids) => named(space, ids.iter().copied()),
                None => Vec::new(),
            },
        });
        let zones =
            (!filter.zones.is_empty()).then(|| space.candidates.zones().wanted(&filter.zones));
        Self {
            space,
            visible,
            applied,
            without: !narrowed,
            zones,
            wanted,
            seen,
            met,
            closer: Closer::new(space, filter),
        }
    }

    /// Whether it lets everybody through.
    pub(super) fn is_open(&self) -> bool {
        self.visible.is_none() && self.applied.is_none() && self.zones.is_none()
    }

    /// Whom it lets through of a chunk, but for what [`Ready::closer`] looks at.
    pub(super) fn whom(&self, at: usize, everybody: Bits, scan: &Scan) -> Bits {
        let mut whom = everybody;
        if let Some(visible) = &self.visible {
            whom &= visible.of(at, scan);
        }
        if let Some(applied) = &self.applied {
            let mut passing = applied.of(at, scan);
            if self.without {
                passing |= everybody.without(scan.in_any_place());
            }
            whom &= passing;
        }
        if let Some(zones) = &self.zones {
            whom &= scan.in_zones(zones);
        }
        whom
    }

    /// Those of `within` whom a closer look lets through too.
    pub(super) fn closer(&self, at: usize, chunk: &Chunk, scan: &Scan, within: Bits) -> Bits {
        if self.closer.is_none() {
            return within;
        }
        let passes = |entry: &usize| self.shown(at, chunk, scan, *entry).is_some();
        within.iter().filter(passes).collect()
    }

    /// The application that an entry's row shows: its number among theirs, and where it stands.
    pub(super) fn shown(
        &self,
        at: usize,
        chunk: &Chunk,
        scan: &Scan,
        entry: usize,
    ) -> Option<(usize, Applied)> {
        let all = scan.applied(entry).iter().copied().enumerate();
        let mut counting = all.filter(|(number, one)| {
            self.wanted[one.place as usize]
                && (self.seen[one.place as usize] || self.has_met(chunk, entry, *number))
        });
        let Some(closer) = &self.closer else {
            return counting.next();
        };
        let busy = closer
            .busy_entries
            .get(at)
            .is_some_and(|bits| bits.contains(entry));
        counting.find(|(number, one)| {
            closer.before.is_none_or(|before| one.since < before)
                && !(busy && closer.busy.contains(&self.id(chunk, entry, *number)))
        })
    }

    fn has_met(&self, chunk: &Chunk, entry: usize, number: usize) -> bool {
        self.met
            .is_some_and(|met| met.contains(&self.id(chunk, entry, number)))
    }

    fn id(&self, chunk: &Chunk, entry: usize, number: usize) -> ApplicationId {
        let candidate = chunk.people()[entry].id;
        self.space.candidates.applications().of(candidate)[number].id
    }
}

impl Closer {
    fn new(space: &Space, filter: &Filter) -> Option<Self> {
        if filter.since_before.is_none() && filter.without_interview_from.is_none() {
            return None;
        }
        let mut busy = HashSet::new();
        let mut whose = Vec::new();
        if let Some(now) = filter.without_interview_from {
            for (_, _, planned) in space.interviews.since(now) {
                if planned.is_planned() {
                    busy.insert(planned.application);
                    whose.push(planned.candidate);
                }
            }
        }
        Some(Self {
            before: filter.since_before.map(seconds),
            busy,
            busy_entries: named(space, whose.into_iter()),
        })
    }
}

/// Whose an application is, if it is in a place that is wanted.
fn owner(space: &Space, id: ApplicationId, wanted: &[bool]) -> Option<CandidateId> {
    let applications = space.candidates.applications();
    let candidate = applications.candidate(id)?;
    let one = applications.of(candidate).iter().find(|one| one.id == id)?;
    wanted[one.place as usize].then_some(candidate)
}

/// Where those are who are named, chunk by chunk.
fn named(space: &Space, ids: impl Iterator<Item = CandidateId>) -> Vec<Bits> {
    let mut chunks = vec![Bits::default(); space.candidates.chunks().len()];
    let people = ids.filter_map(|id| space.candidates.get(id));
    for (chunk, place) in people.filter_map(|person| space.candidates.find(person)) {
        chunks[chunk].insert(place);
    }
    chunks
}
