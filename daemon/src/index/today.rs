//! What is asked about somebody's day: the interviews they have to do with, what is new to them, and
//! who waits. Answers from ordered copies; none of it walks through everything that is stored.

use std::collections::HashSet;

use greenroom_protocol::id::{
    CandidateId, InterviewId, JobId, MemberId, StageId, TurnId, WorkspaceId,
};
use greenroom_protocol::time::Instant;

use super::Index;
use super::idle::Idle;
use super::timeline::Planned;
use crate::records::insight::NewInsightRecord;
use crate::records::pipeline::JobRecord;
use crate::records::turn::TurnPlace;

/// A planned or confirmed interview that a member has to do with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mine {
    /// The interview.
    pub id: InterviewId,
    /// Its job.
    pub job: JobId,
    /// When it starts.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Who organizes it.
    pub organizer: MemberId,
    /// Whether the member organizes it or takes part, and not only hosts.
    pub takes_part: bool,
    /// Whose Zoom hosts it, where it has a meeting that we make.
    pub host: Option<MemberId>,
    /// Whether somebody may have to see to it.
    pub open: bool,
}

impl Mine {
    fn of(id: InterviewId, planned: &Planned, member: MemberId) -> Self {
        Self {
            id,
            job: planned.job,
            start: planned.start,
            end: planned.start.plus_minutes(planned.minutes.into()),
            organizer: planned.organizer,
            takes_part: planned.takes_part(member),
            host: planned.host.filter(|_| planned.zoom),
            open: planned.open,
        }
    }
}

impl Index {
    /// The planned and confirmed interviews that `member` organizes, takes part in or hosts and that
    /// start at or after `from`, by start.
    #[must_use]
    pub fn of_person(&self, ws: WorkspaceId, member: MemberId, from: Instant) -> Vec<Mine> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let theirs = space.interviews.of_person(member, from);
        let planned = theirs.filter(|(_, planned)| planned.is_planned());
        planned
            .map(|(id, planned)| Mine::of(id, planned, member))
            .collect()
    }

    /// Everyone who organizes an interview, members or not.
    #[must_use]
    pub fn organizers(&self, ws: WorkspaceId) -> Vec<MemberId> {
        let state = self.read();
        let all = |space: &super::Space| space.interviews.organizers().collect();
        state.space(ws).map(all).unwrap_or_default()
    }

    /// Who organizes an interview, and for which job.
    #[must_use]
    pub fn organizer_of(&self, ws: WorkspaceId, id: InterviewId) -> Option<(MemberId, JobId)> {
        let state = self.read();
        let planned = state.space(ws)?.interviews.get(id)?;
        Some((planned.organizer, planned.job))
    }

    /// An interview that is planned or confirmed.
    #[must_use]
    pub fn planned(&self, ws: WorkspaceId, id: InterviewId) -> Option<Mine> {
        let state = self.read();
        let planned = state.space(ws)?.interviews.get(id)?;
        let is_planned = planned.is_planned();
        is_planned.then(|| Mine::of(id, planned, planned.organizer))
    }

    /// Who organizes the interviews of a candidate that are planned or confirmed and start at or
    /// after `from`, each with its job.
    #[must_use]
    pub fn organizers_for(
        &self,
        ws: WorkspaceId,
        candidate: CandidateId,
        from: Instant,
    ) -> HashSet<(MemberId, JobId)> {
        let state = self.read();
        let Some(interviews) = state.space(ws).map(|space| &space.interviews) else {
            return HashSet::new();
        };
        let planned = interviews
            .of(candidate)
            .filter_map(|id| interviews.get(id))
            .filter(|planned| planned.is_planned() && planned.start >= from);
        planned
            .map(|planned| (planned.organizer, planned.job))
            .collect()
    }

    /// Received emails that nobody has read, newest first.
    #[must_use]
    pub fn unread(&self, ws: WorkspaceId) -> Vec<(TurnId, TurnPlace)> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let unread = space.news.unread.iter().rev();
        unread.map(|(id, place)| (*id, *place)).collect()
    }

    /// The summaries and notes that came since `from` and `member` has not opened, newest first.
    #[must_use]
    pub fn new_insights(
        &self,
        ws: WorkspaceId,
        member: MemberId,
        from: Instant,
    ) -> Vec<(InterviewId, NewInsightRecord)> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let new = space.news.of(member, from);
        new.map(|(id, record)| (id, record.clone())).collect()
    }

    /// The stages of open jobs, but for the last of each, in which applications have waited without
    /// an interview since before `moment`; of all jobs or of `jobs`, at most `most` of each by name.
    #[must_use]
    pub fn waiting(
        &self,
        ws: WorkspaceId,
        jobs: Option<&HashSet<JobId>>,
        moment: Instant,
        most: usize,
    ) -> Vec<Idle> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let counts = |job: JobId, stage: StageId| {
            let asked = jobs.is_none_or(|jobs| jobs.contains(&job));
            let record = space.jobs.get(job).map(|row| &row.record);
            // Who came to the end of the pipeline waits for nothing.
            let on_the_way = |it: &JobRecord| {
                it.open && it.stages.contains(&stage) && it.stages.last() != Some(&stage)
            };
            asked && record.is_some_and(|it| on_the_way(it))
        };
        space.idle(moment, most, counts)
    }
}
