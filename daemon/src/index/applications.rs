//! Owns who applied for what and where they stand. A job, a stage and a state together are a
//! *place*, known by a small number, so that filters and words about them are answered for a place
//! once, not for every candidate. Those turned down are also kept in the order of that, for what is
//! done after a time.

use std::collections::{BTreeSet, HashMap};

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId};
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::time::Instant;

use crate::records::pipeline::ApplicationRecord;

/// A job, one of its stages, and how those who are there stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) job: JobId,
    pub(super) stage: StageId,
    pub(super) state: ApplicationState,
    count: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Application {
    pub(super) id: ApplicationId,
    pub(super) place: u32,
    pub(super) since: Instant,
    pub(super) revision: u64,
}

/// All applications of a workspace, also those of candidates not (or no longer) there.
#[derive(Default)]
pub(super) struct Applications {
    of: HashMap<CandidateId, Vec<Application>>,
    candidates: HashMap<ApplicationId, CandidateId>,
    /// Never shrinks: there are at most five for every stage there ever was.
    places: Vec<Place>,
    numbers: HashMap<(JobId, StageId, ApplicationState), u32>,
    /// Rejected and withdrawn ones, by since when.
    turned_down: BTreeSet<(Instant, ApplicationId)>,
    /// The same by application, to find them in that order.
    turned_down_at: HashMap<ApplicationId, Instant>,
}

impl Applications {
    /// Takes in what is stored under `id` now; returns the candidates whom that changes.
    pub(super) fn set(
        &mut self,
        id: ApplicationId,
        row: Option<(u64, ApplicationRecord)>,
    ) -> [Option<CandidateId>; 2] {
        let before = self.remove(id);
        let Some((revision, record)) = row else {
            return [before, None];
        };
        let place = self.place(record.job, record.stage, record.state());
        self.places[place as usize].count += 1;
        if let Some(at) = record.turned_down_at() {
            self.turned_down.insert((at, id));
            self.turned_down_at.insert(id, at);
        }
        self.candidates.insert(id, record.candidate);
        let applications = self.of.entry(record.candidate).or_default();
        applications.push(Application {
            id,
            place,
            since: record.since,
            revision,
        });
        applications.sort_unstable_by_key(|one| std::cmp::Reverse((one.since, one.id)));
        applications.shrink_to_fit();
        [before, Some(record.candidate)]
    }

    fn remove(&mut self, id: ApplicationId) -> Option<CandidateId> {
        let candidate = self.candidates.remove(&id)?;
        let applications = self.of.get_mut(&candidate)?;
        let at = applications.iter().position(|one| one.id == id)?;
        let place = applications.remove(at).place;
        if applications.is_empty() {
            self.of.remove(&candidate);
        }
        self.places[place as usize].count -= 1;
        if let Some(at) = self.turned_down_at.remove(&id) {
            self.turned_down.remove(&(at, id));
        }
        Some(candidate)
    }

    fn place(&mut self, job: JobId, stage: StageId, state: ApplicationState) -> u32 {
        *self.numbers.entry((job, stage, state)).or_insert_with(|| {
            self.places.push(Place {
                job,
                stage,
                state,
                count: 0,
            });
            self.places.len() as u32 - 1
        })
    }

    /// Rejected and withdrawn ones, those for the longest time first.
    pub(super) fn turned_down(&self) -> impl Iterator<Item = (Instant, ApplicationId)> {
        self.turned_down.iter().copied()
    }

    /// The last of a candidate's applications that was turned down, and when, where all of them
    /// are.
    pub(super) fn wholly_turned_down(
        &self,
        candidate: CandidateId,
    ) -> Option<(Instant, ApplicationId)> {
        let own = self.of(candidate).iter();
        let each = own.map(|one| Some((*self.turned_down_at.get(&one.id)?, one.id)));
        each.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// One candidate's, newest first.
    pub(super) fn of(&self, candidate: CandidateId) -> &[Application] {
        self.of.get(&candidate).map_or(&[], Vec::as_slice)
    }

    /// One application.
    pub(super) fn get(&self, id: ApplicationId) -> Option<&Application> {
        let candidate = self.candidates.get(&id)?;
        self.of(*candidate).iter().find(|one| one.id == id)
    }

    /// Whose the application `id` is.
    pub(super) fn candidate(&self, id: ApplicationId) -> Option<CandidateId> {
        self.candidates.get(&id).copied()
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (ApplicationId, CandidateId)> {
        self.candidates
            .iter()
            .map(|(id, candidate)| (*id, *candidate))
    }

    /// How many applications are in the places that `wanted` names.
    pub(super) fn count(&self, wanted: impl Fn(&Place) -> bool) -> u32 {
        let wanted = self.places.iter().filter(|place| wanted(place));
        wanted.map(|place| place.count).sum()
    }
}
