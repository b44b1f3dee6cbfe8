//! Owns what the index keeps of each interview, and the interviews by their start, by candidate, and
//! by each member who has to do with them. Invariant: every interview stands in each of these orders,
//! once for everyone it names. It answers nothing
//! itself: see `interviews`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, JobId, MemberId, StageId};
use greenroom_protocol::interview::{InterviewStatus, MeetingType};
use greenroom_protocol::time::Instant;

use crate::records::interview::InterviewRecord;

/// What lists are chosen by.
pub(super) struct Planned {
    pub(super) candidate: CandidateId,
    pub(super) start: Instant,
    pub(super) status: InterviewStatus,
    pub(super) job: JobId,
    pub(super) application: ApplicationId,
    /// The application's stage when it was planned.
    pub(super) stage: StageId,
    pub(super) zoom: bool,
    pub(super) host: Option<MemberId>,
    pub(super) organizer: MemberId,
    pub(super) interviewers: Box<[MemberId]>,
    pub(super) minutes: u32,
    /// Whether somebody may have to see to it.
    pub(super) open: bool,
}

impl Planned {
    /// Who organizes, takes part or hosts.
    fn people(&self) -> BTreeSet<MemberId> {
        let named = self.interviewers.iter().copied().chain(self.host);
        named.chain([self.organizer]).collect()
    }

    pub(super) fn takes_part(&self, member: MemberId) -> bool {
        self.organizer == member || self.interviewers.contains(&member)
    }

    /// Whether it takes people's time.
    pub(super) fn is_planned(&self) -> bool {
        matches!(
            self.status,
            InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed
        )
    }
}

/// The interviews of a workspace.
#[derive(Default)]
pub(super) struct Timeline {
    pub(super) interviews: HashMap<InterviewId, Planned>,
    by_start: BTreeMap<Instant, BTreeSet<InterviewId>>,
    by_candidate: BTreeMap<CandidateId, BTreeSet<(Instant, InterviewId)>>,
    by_person: BTreeSet<(MemberId, Instant, InterviewId)>,
    /// How many interviews somebody organizes.
    organizers: BTreeMap<MemberId, u32>,
    /// Those whose meeting at Zoom is known to differ.
    pub(super) drifted: BTreeSet<(Instant, InterviewId)>,
}

impl Timeline {
    pub(super) fn set(&mut self, id: InterviewId, row: Option<(u64, InterviewRecord)>) {
        self.remove(id);
        let Some((_, record)) = row else {
            return;
        };
        let at = (record.start, id);
        self.by_start.entry(record.start).or_default().insert(id);
        self.by_candidate
            .entry(record.candidate)
            .or_default()
            .insert(at);
        if record.drift.is_some() {
            self.drifted.insert(at);
        }
        let open = record.may_need_someone();
        let planned = Planned {
            candidate: record.candidate,
            start: record.start,
            status: record.status,
            job: record.job,
            application: record.application,
            stage: record.stage,
            zoom: record.meeting.kind == MeetingType::Zoom,
            host: record.host,
            organizer: record.organizer,
            interviewers: record.interviewers.into(),
            minutes: record.duration_minutes,
            open,
        };
        let people = planned.people().into_iter();
        self.by_person
            .extend(people.map(|member| (member, planned.start, id)));
        *self.organizers.entry(planned.organizer).or_default() += 1;
        self.interviews.insert(id, planned);
    }

    fn remove(&mut self, id: InterviewId) {
        let Some(before) = self.interviews.remove(&id) else {
            return;
        };
        let at = (before.start, id);
        self.drifted.remove(&at);
        drop_from(&mut self.by_start, &before.start, &id);
        drop_from(&mut self.by_candidate, &before.candidate, &at);
        for member in before.people() {
            self.by_person.remove(&(member, before.start, id));
        }
        if let Some(count) = self.organizers.get_mut(&before.organizer) {
            *count -= 1;
            if *count == 0 {
                self.organizers.remove(&before.organizer);
            }
        }
    }

    /// Those that `member` organizes, takes part in or hosts and that start at or after `from`, by
    /// start.
    pub(super) fn of_person(
        &self,
        member: MemberId,
        from: Instant,
    ) -> impl Iterator<Item = (InterviewId, &Planned)> {
        let first = (member, from, InterviewId::NOBODY);
        let theirs = self.by_person.range(first..);
        let theirs = theirs.take_while(move |(whose, _, _)| *whose == member);
        theirs.filter_map(|(_, _, id)| Some((*id, self.interviews.get(id)?)))
    }

    /// Everyone who organizes an interview.
    pub(super) fn organizers(&self) -> impl Iterator<Item = MemberId> {
        self.organizers.keys().copied()
    }

    pub(super) fn get(&self, id: InterviewId) -> Option<&Planned> {
        self.interviews.get(&id)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = InterviewId> {
        self.interviews.keys().copied()
    }

    /// A candidate's, by start.
    pub(super) fn of(
        &self,
        candidate: CandidateId,
    ) -> impl DoubleEndedIterator<Item = InterviewId> {
        let interviews = self.by_candidate.get(&candidate).into_iter().flatten();
        interviews.map(|(_, id)| *id)
    }

    /// Those starting at or after `from`, by start.
    pub(super) fn since(
        &self,
        from: Instant,
    ) -> impl Iterator<Item = (Instant, InterviewId, &Planned)> {
        let since = self.by_start.range(from..);
        let since = since.flat_map(|(start, ids)| ids.iter().map(|id| (*start, *id)));
        since.filter_map(|(start, id)| Some((start, id, self.interviews.get(&id)?)))
    }
}

/// Takes `value` from the set under `key`, and the set with its last value.
fn drop_from<K: Ord, V: Ord>(sets: &mut BTreeMap<K, BTreeSet<V>>, key: &K, value: &V) {
    let Some(set) = sets.get_mut(key) else {
        return;
    };
    set.remove(value);
    if set.is_empty() {
        sets.remove(key);
    }
}
