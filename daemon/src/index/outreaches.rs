//! Owns where outreaches stand, in the order lists show them: those that need a person first, then
//! the open ones by age, then those that ended, newest first. Also whose time each holds, so that a
//! change of theirs finds it.

use std::collections::{BTreeSet, HashMap};

use greenroom_protocol::id::{
    ApplicationId, CandidateId, Ending, JobId, MemberId, OutreachId, WorkspaceId,
};
use greenroom_protocol::time::Instant;

use super::{Index, Space};
use crate::records::outreach::{OutreachRecord, OutreachState};

/// An outreach, as far as lists know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutreachPlace {
    /// To whom.
    pub candidate: CandidateId,
    /// For which application.
    pub application: ApplicationId,
    /// For which job.
    pub job: JobId,
    /// Who invites.
    pub organizer: MemberId,
    /// How it stands.
    pub state: OutreachState,
    /// How many times were proposed.
    pub slots: usize,
    /// Whether something may still come of it.
    pub open: bool,
    /// Whether a person has to see to it.
    pub needs_person: bool,
    /// Since when it stands so.
    pub since: Instant,
    /// Everybody whose time it holds, or without whom it can't be booked; of those that ended
    /// nobody.
    members: Vec<MemberId>,
}

/// The place of an outreach in lists.
pub type OutreachOrder = (u8, i64, OutreachId);

impl OutreachPlace {
    fn of(record: &OutreachRecord) -> Self {
        let open = record.is_open();
        Self {
            candidate: record.candidate,
            application: record.application,
            job: record.job,
            organizer: record.terms.organizer,
            state: record.state,
            slots: record.slots.len(),
            open,
            needs_person: record.needs_person(),
            since: record.since,
            members: match open {
                true => record.members(),
                false => Vec::new(),
            },
        }
    }

    fn order(&self, id: OutreachId) -> OutreachOrder {
        let second = self.since.second();
        match (self.needs_person, self.open) {
            (true, _) => (0, second, id),
            (false, true) => (1, second, id),
            (false, false) => (2, second.saturating_neg(), id),
        }
    }
}

/// The outreaches of a workspace.
#[derive(Default)]
pub(super) struct Outreaches {
    places: HashMap<OutreachId, OutreachPlace>,
    ordered: BTreeSet<OutreachOrder>,
    by_candidate: BTreeSet<(CandidateId, OutreachId)>,
    /// The open one of each application.
    of_application: HashMap<ApplicationId, OutreachId>,
}

impl Outreaches {
    pub(super) fn set(&mut self, id: OutreachId, row: Option<(u64, OutreachRecord)>) {
        if let Some(before) = self.places.remove(&id) {
            self.ordered.remove(&before.order(id));
            self.by_candidate.remove(&(before.candidate, id));
            if self.of_application.get(&before.application) == Some(&id) {
                self.of_application.remove(&before.application);
            }
        }
        let Some((_, record)) = row else { return };
        let place = OutreachPlace::of(&record);
        self.ordered.insert(place.order(id));
        self.by_candidate.insert((place.candidate, id));
        if place.open {
            self.of_application.insert(place.application, id);
        }
        self.places.insert(id, place);
    }

    /// The open ones, those that need a person first.
    fn open(&self) -> impl Iterator<Item = (OutreachId, &OutreachPlace)> {
        let all = self.ordered.iter();
        let placed = all.filter_map(|(_, _, id)| Some((*id, self.places.get(id)?)));
        placed.take_while(|(_, place)| place.open)
    }
}

impl Index {
    /// Where an outreach stands.
    #[must_use]
    pub fn outreach(&self, ws: WorkspaceId, id: OutreachId) -> Option<OutreachPlace> {
        self.read().space(ws)?.outreaches.places.get(&id).cloned()
    }

    /// Those for which `shown` holds, in the order of lists, each with its place in it. `past`: also
    /// those that ended.
    pub fn outreaches(
        &self,
        ws: WorkspaceId,
        past: bool,
        shown: impl Fn(&OutreachPlace) -> bool,
    ) -> Vec<OutreachOrder> {
        let state = self.read();
        let Some(outreaches) = state.space(ws).map(|space| &space.outreaches) else {
            return Vec::new();
        };
        let wanted = |order: &&OutreachOrder| {
            let place = outreaches.places.get(&order.2);
            place.is_some_and(|place| (past || place.open) && shown(place))
        };
        match past {
            true => outreaches.ordered.iter().filter(wanted).copied().collect(),
            false => {
                let open = outreaches
                    .ordered
                    .range(..(2, i64::MIN, OutreachId::NOBODY));
                open.filter(wanted).copied().collect()
            }
        }
    }

    /// Those that are open and for which `concerns` holds.
    pub fn open_outreaches(
        &self,
        ws: WorkspaceId,
        concerns: impl Fn(&OutreachPlace) -> bool,
    ) -> Vec<OutreachId> {
        let state = self.read();
        let Some(outreaches) = state.space(ws).map(|space| &space.outreaches) else {
            return Vec::new();
        };
        let open = outreaches.open().filter(|(_, place)| concerns(place));
        open.map(|(id, _)| id).collect()
    }

    /// The open outreach of an application.
    #[must_use]
    pub fn open_outreach_of(
        &self,
        ws: WorkspaceId,
        application: ApplicationId,
    ) -> Option<(OutreachId, OutreachPlace)> {
        let state = self.read();
        let outreaches = &state.space(ws)?.outreaches;
        let id = *outreaches.of_application.get(&application)?;
        Some((id, outreaches.places.get(&id)?.clone()))
    }

    /// Those that are open and hold a member's time, or can't be booked without them.
    #[must_use]
    pub fn open_outreaches_with(&self, ws: WorkspaceId, member: MemberId) -> Vec<OutreachId> {
        self.open_outreaches(ws, |place| place.members.contains(&member))
    }

    /// Every outreach to a candidate, newest first.
    #[must_use]
    pub fn outreaches_to(&self, ws: WorkspaceId, candidate: CandidateId) -> Vec<OutreachId> {
        let state = self.read();
        let Some(outreaches) = state.space(ws).map(|space| &space.outreaches) else {
            return Vec::new();
        };
        let from = (candidate, OutreachId::NOBODY);
        let theirs = outreaches.by_candidate.range(from..);
        let theirs = theirs.take_while(|(whose, _)| *whose == candidate);
        let mut ids: Vec<_> = theirs.map(|(_, id)| *id).collect();
        ids.reverse();
        ids
    }

    /// Those for which `seen` holds and whose id ends so.
    pub fn outreaches_ending(
        &self,
        ws: WorkspaceId,
        ending: Ending,
        seen: impl Fn(&OutreachPlace) -> bool,
    ) -> Vec<OutreachId> {
        let state = self.read();
        let places = |space: &Space| {
            let all = space.outreaches.places.iter();
            let found = all.filter(|(id, place)| id.ends_with(ending) && seen(place));
            found.map(|(id, _)| *id).collect()
        };
        state.space(ws).map(places).unwrap_or_default()
    }
}
