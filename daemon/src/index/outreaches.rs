//! Owns where outreaches stand, in the order lists show them: those that need a person first, then
//! drafts to approve, the other open ones by age, and those that ended, newest first. Also whose time
//! each holds, so that a change of theirs finds it; which application has an open one; and who waits
//! for times in which stage, in the order they are served.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::ops::Bound;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, Ending, InterviewId, JobId, MemberId, OutreachId, StageId,
    WorkspaceId,
};
use greenroom_protocol::outreach::ShadowFigures;
use greenroom_protocol::time::Instant;

use super::{Index, Space};
use crate::records::outreach::{Assisted, OutreachRecord, OutreachState, Round, Shadow, Wanted};

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
    /// When a candidate who is away is written to again.
    pub away: Option<Instant>,
    /// Whether something may still come of it.
    pub open: bool,
    /// Whether a person has to see to it.
    pub needs_person: bool,
    /// Whether somebody is to approve its email.
    pub draft: bool,
    /// The interview that is moved to the time that is chosen.
    pub moves: Option<InterviewId>,
    /// What was booked of it.
    pub interview: Option<InterviewId>,
    /// Since when it stands so.
    pub since: Instant,
    /// When it was started.
    pub created_at: Instant,
    /// How what the assistant would have done compares with what people did, where it only watches.
    watched: (StageId, Shadow),
    /// Everybody whose time it holds, or without whom it can't be booked; of those that ended
    /// nobody.
    members: Vec<MemberId>,
    /// Where it waits for times, its place there, and a digest of what is wished.
    line: Option<(StageId, LineOrder, u64)>,
}

/// A place in the line of a stage: who was moved up by a person, newest first; then by what happened
/// to it before; then who was begun with first.
pub type LineOrder = (u8, i64, OutreachId);

/// One who waits for times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InLine {
    /// Their place.
    pub order: LineOrder,
    /// The candidate.
    pub candidate: CandidateId,
    /// The candidate's IANA zone, if it is known.
    pub zone: Option<String>,
    /// A digest of what the candidate said of times; 0: nothing.
    pub wishes: u64,
}

impl InLine {
    /// The outreach.
    #[must_use]
    pub fn id(&self) -> OutreachId {
        self.order.2
    }
}

fn line_order(id: OutreachId, record: &OutreachRecord, assisted: &Assisted) -> LineOrder {
    if let Some(moved) = assisted.moved_up {
        return (0, moved.second().saturating_neg(), id);
    }
    let rank = match assisted.round {
        Round::Gone => 1,
        Round::Wished => 2,
        Round::Fresh => 3,
        Round::First => 4,
    };
    (rank, record.created_at.second(), id)
}

/// The same of everybody who wishes the same.
fn digest(wanted: Option<&Wanted>) -> u64 {
    let Some(wanted) = wanted else {
        return 0;
    };
    let mut hasher = DefaultHasher::new();
    for span in &wanted.spans {
        (span.from.second(), span.to.second(), span.not).hash(&mut hasher);
    }
    hasher.finish() | 1
}

/// The place of an outreach in lists.
pub type OutreachOrder = (u8, i64, OutreachId);

impl OutreachPlace {
    fn of(id: OutreachId, record: &OutreachRecord) -> Self {
        let open = record.is_open();
        let waits = record.state.is_in_line();
        let line = record.assisted.filter(|_| waits).map(|assisted| {
            let order = line_order(id, record, &assisted);
            (record.stage, order, digest(record.wanted.as_ref()))
        });
        Self {
            candidate: record.candidate,
            application: record.application,
            job: record.job,
            organizer: record.terms.organizer,
            state: record.state,
            slots: record.slots.len(),
            away: record.assisted.and_then(|it| it.away).filter(|_| open),
            open,
            needs_person: record.needs_person(),
            draft: record.state == OutreachState::Draft,
            moves: record.purpose.moving().map(|it| it.interview),
            interview: record.interview,
            since: record.since,
            created_at: record.created_at,
            watched: (
                record.stage,
                record.assisted.map(|it| it.shadow).unwrap_or_default(),
            ),
            members: match open {
                true => record.members(),
                false => Vec::new(),
            },
            line,
        }
    }

    fn order(&self, id: OutreachId) -> OutreachOrder {
        let second = self.since.second();
        match (self.needs_person, self.draft, self.open) {
            (true, _, _) => (0, second, id),
            (_, true, _) => (1, second, id),
            (_, _, true) => (2, second, id),
            (_, _, false) => (ENDED, second.saturating_neg(), id),
        }
    }
}

/// The rank of those that ended.
const ENDED: u8 = 3;

/// Whether what was compared of an outreach counts from now on.
#[derive(Clone, Copy)]
enum Watched {
    Yes,
    No,
}

/// The outreaches of a workspace.
#[derive(Default)]
pub(super) struct Outreaches {
    places: HashMap<OutreachId, OutreachPlace>,
    ordered: BTreeSet<OutreachOrder>,
    by_candidate: BTreeSet<(CandidateId, OutreachId)>,
    /// The open one of an application.
    open_of: HashMap<ApplicationId, OutreachId>,
    lines: HashMap<StageId, BTreeMap<LineOrder, (CandidateId, u64)>>,
    /// By when they were started.
    by_age: BTreeSet<(i64, OutreachId)>,
    /// The sum of each stage, where anything was compared.
    watched: HashMap<StageId, ShadowFigures>,
}

impl Outreaches {
    /// Takes in what is stored now; returns the applications of which that may say something else.
    fn set(
        &mut self,
        id: OutreachId,
        row: Option<(u64, OutreachRecord)>,
    ) -> [Option<ApplicationId>; 2] {
        let before = self.places.remove(&id).map(|place| {
            self.ordered.remove(&place.order(id));
            self.by_candidate.remove(&(place.candidate, id));
            self.by_age.remove(&(place.created_at.second(), id));
            self.watch(&place, Watched::No);
            if self.open_of.get(&place.application) == Some(&id) {
                self.open_of.remove(&place.application);
            }
            self.leave(&place);
            place.application
        });
        let Some((_, record)) = row else {
            return [before, None];
        };
        let place = OutreachPlace::of(id, &record);
        let application = place.application;
        self.ordered.insert(place.order(id));
        self.by_candidate.insert((place.candidate, id));
        self.by_age.insert((place.created_at.second(), id));
        self.watch(&place, Watched::Yes);
        if place.open {
            self.open_of.insert(application, id);
        }
        if let Some((stage, order, wishes)) = place.line {
            let line = self.lines.entry(stage).or_default();
            line.insert(order, (place.candidate, wishes));
        }
        self.places.insert(id, place);
        [before, Some(application)]
    }

    fn leave(&mut self, place: &OutreachPlace) {
        let Some((stage, order, _)) = place.line else {
            return;
        };
        let Some(line) = self.lines.get_mut(&stage) else {
            return;
        };
        line.remove(&order);
        if line.is_empty() {
            self.lines.remove(&stage);
        }
    }

    fn watch(&mut self, place: &OutreachPlace, watched: Watched) {
        let (stage, shadow) = place.watched;
        if shadow.is_nothing() {
            return;
        }
        let sum = self.watched.entry(stage).or_default();
        let shadow = shadow.shown();
        *sum = match watched {
            Watched::Yes => sum.and(shadow),
            Watched::No => sum.without(shadow),
        };
    }

    /// Whether somebody is in touch with the candidate about this application.
    pub(super) fn is_open(&self, application: ApplicationId) -> bool {
        self.open_of.contains_key(&application)
    }

    /// The open ones, those that need a person first.
    fn open(&self) -> impl Iterator<Item = (OutreachId, &OutreachPlace)> {
        let all = self.ordered.iter();
        let placed = all.filter_map(|(_, _, id)| Some((*id, self.places.get(id)?)));
        placed.take_while(|(_, place)| place.open)
    }
}

impl Space {
    pub(super) fn set_outreach(&mut self, id: OutreachId, row: Option<(u64, OutreachRecord)>) {
        for application in self.outreaches.set(id, row).into_iter().flatten() {
            self.settle(application);
        }
    }
}

impl Index {
    /// Who waits for times in a stage behind that place, in the order they are served, at most so
    /// many.
    #[must_use]
    pub fn in_line(
        &self,
        ws: WorkspaceId,
        stage: StageId,
        after: Option<LineOrder>,
        most: usize,
    ) -> Vec<InLine> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let Some(line) = space.outreaches.lines.get(&stage) else {
            return Vec::new();
        };
        let behind = match after {
            Some(after) => (Bound::Excluded(after), Bound::Unbounded),
            None => (Bound::Unbounded, Bound::Unbounded),
        };
        let one = |(order, (candidate, wishes)): (&LineOrder, &(CandidateId, u64))| InLine {
            order: *order,
            candidate: *candidate,
            zone: space.candidates.zone(*candidate),
            wishes: *wishes,
        };
        line.range(behind).take(most).map(one).collect()
    }

    /// How many wait for times in a stage.
    #[must_use]
    pub fn waiting_in(&self, ws: WorkspaceId, stage: StageId) -> usize {
        let state = self.read();
        let lines = state.space(ws).map(|space| &space.outreaches.lines);
        lines
            .and_then(|lines| lines.get(&stage))
            .map_or(0, BTreeMap::len)
    }

    /// The stages in whose line a candidate waits for times.
    #[must_use]
    pub fn line_of(&self, ws: WorkspaceId, candidate: CandidateId) -> Vec<StageId> {
        let state = self.read();
        let Some(outreaches) = state.space(ws).map(|space| &space.outreaches) else {
            return Vec::new();
        };
        let from = (candidate, OutreachId::NOBODY);
        let theirs = outreaches.by_candidate.range(from..);
        let theirs = theirs.take_while(|(whose, _)| *whose == candidate);
        let places = theirs.filter_map(|(_, id)| outreaches.places.get(id)?.line);
        places.map(|(stage, ..)| stage).collect()
    }

    /// Stages of a workspace in which somebody waits for times.
    #[must_use]
    pub fn lines(&self, ws: WorkspaceId) -> Vec<StageId> {
        let state = self.read();
        let lines = state.space(ws).map(|space| &space.outreaches.lines);
        let stages = lines.into_iter().flat_map(HashMap::keys);
        stages.copied().collect()
    }

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
                    .range(..(ENDED, i64::MIN, OutreachId::NOBODY));
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
        let id = *outreaches.open_of.get(&application)?;
        Some((id, outreaches.places.get(&id)?.clone()))
    }

    /// Those that are open and hold a member's time, or can't be booked without them.
    #[must_use]
    pub fn open_outreaches_with(&self, ws: WorkspaceId, member: MemberId) -> Vec<OutreachId> {
        self.open_outreaches(ws, |place| place.members.contains(&member))
    }

    /// Those that were started since then and for which `shown` holds, the newest first, at most so
    /// many.
    pub fn outreaches_since(
        &self,
        ws: WorkspaceId,
        since: Instant,
        most: usize,
        shown: impl Fn(&OutreachPlace) -> bool,
    ) -> Vec<OutreachId> {
        let state = self.read();
        let Some(outreaches) = state.space(ws).map(|space| &space.outreaches) else {
            return Vec::new();
        };
        let from = (since.second(), OutreachId::NOBODY);
        let new = outreaches.by_age.range(from..).rev();
        let shown = new.filter(|(_, id)| outreaches.places.get(id).is_some_and(&shown));
        shown.map(|(_, id)| *id).take(most).collect()
    }

    /// How what the assistant would have done in a stage compares with what people did; `None`:
    /// nothing was compared.
    #[must_use]
    pub fn watched(&self, ws: WorkspaceId, stage: StageId) -> Option<ShadowFigures> {
        let state = self.read();
        let sum = state.space(ws)?.outreaches.watched.get(&stage).copied();
        sum.filter(|sum| sum.total() > 0)
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
