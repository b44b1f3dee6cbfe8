//! Owns what the index keeps of each interview, and the interviews by their start and by
//! candidate. Invariant: every interview stands once in each of these orders. It answers nothing
//! itself: see `interviews`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, JobId, MemberId};
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
    pub(super) zoom: bool,
    pub(super) host: Option<MemberId>,
    pub(super) organizer: MemberId,
    pub(super) interviewers: Box<[MemberId]>,
    pub(super) minutes: u32,
}

impl Planned {
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
        let planned = Planned {
            candidate: record.candidate,
            start: record.start,
            status: record.status,
            job: record.job,
            application: record.application,
            zoom: record.meeting.kind == MeetingType::Zoom,
            host: record.host,
            organizer: record.organizer,
            interviewers: record.interviewers.into(),
            minutes: record.duration_minutes,
        };
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
