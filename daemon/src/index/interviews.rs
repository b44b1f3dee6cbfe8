//! Owns which interviews a list shows, and what is asked about interviews by their start, by
//! candidate and by whose Zoom hosts. Answers with ids and counts; the records themselves are the
//! store's.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, InterviewId, JobId, MemberId, WorkspaceId,
};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::timeline::{Planned, Timeline};
use super::{BadCursor, Index};

/// Which interviews. The default shows none: the caller says what is visible.
#[derive(Debug, Clone, Default)]
pub struct InterviewFilter {
    /// Starting at or after.
    pub from: Option<Instant>,
    /// Starting before.
    pub to: Option<Instant>,
    /// Only this candidate's.
    pub candidate: Option<CandidateId>,
    /// Only those this member takes part in: invites or interviews.
    pub member: Option<MemberId>,
    /// Only those that stand so; empty: all.
    pub status: Vec<InterviewStatus>,
    /// Only those the caller may see.
    pub visible: VisibleInterviews,
}

/// Which interviews somebody may see; decided by the caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum VisibleInterviews {
    /// All.
    All,
    /// Those for these jobs, and those this member takes part in, if one is named.
    JobsOr(HashSet<JobId>, Option<MemberId>),
    /// Those this member takes part in.
    Of(MemberId),
    /// None.
    #[default]
    None,
}

impl VisibleInterviews {
    pub(super) fn shows(&self, planned: &Planned) -> bool {
        match self {
            Self::All => true,
            Self::JobsOr(jobs, member) => {
                jobs.contains(&planned.job) || member.is_some_and(|it| planned.takes_part(it))
            }
            Self::Of(member) => planned.takes_part(*member),
            Self::None => false,
        }
    }
}

/// An interview as fairness counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// When it starts.
    pub start: Instant,
    /// How long, in minutes.
    pub minutes: u32,
    /// Who interviews.
    pub interviewers: Vec<MemberId>,
}

/// A page of interviews, by start, then id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interviews {
    /// The interviews.
    pub ids: Vec<InterviewId>,
    /// How many the whole list has.
    pub total: u64,
    /// Where the next page begins; `None` when this was the last.
    pub next: Option<String>,
}

impl InterviewFilter {
    /// A page of what it lets through.
    fn list(&self, timeline: &Timeline, after: Option<&Place>, limit: usize) -> Interviews {
        let mut page = Interviews::default();
        let mut last = None;
        for (start, id, planned) in
            timeline.since(self.from.unwrap_or(Instant::from_second(i64::MIN)))
        {
            if self.to.is_some_and(|to| start >= to) {
                break;
            }
            if !self.lets_through(planned) {
                continue;
            }
            page.total += 1;
            let place = Place { start, id };
            if after.is_some_and(|after| place <= *after) {
                continue;
            }
            if page.ids.len() < limit {
                page.ids.push(id);
                last = Some(place);
            } else if page.next.is_none() {
                page.next = last.map(|place| place.to_string());
            }
        }
        page
    }

    fn covers(&self, start: Instant) -> bool {
        self.from.is_none_or(|from| start >= from) && self.to.is_none_or(|to| start < to)
    }

    fn lets_through(&self, planned: &Planned) -> bool {
        self.candidate
            .is_none_or(|candidate| planned.candidate == candidate)
            && self.member.is_none_or(|member| planned.takes_part(member))
            && (self.status.is_empty() || self.status.contains(&planned.status))
            && self.visible.shows(planned)
    }
}

/// Where a page of interviews ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    start: Instant,
    id: InterviewId,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.start.second(), self.id)
    }
}

impl FromStr for Place {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (start, id) = text.split_once('.').ok_or(BadCursor)?;
        Ok(Self {
            start: Instant::from_second(start.parse().map_err(|_| BadCursor)?),
            id: id.parse().map_err(|_| BadCursor)?,
        })
    }
}

impl Index {
    /// At most `limit` (at least one) interviews from `after`, the last page's `next`, on.
    pub fn interviews(
        &self,
        ws: WorkspaceId,
        filter: &InterviewFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Interviews, BadCursor> {
        let after = after.map(Place::from_str).transpose()?;
        let state = self.read();
        let list =
            |space: &super::Space| filter.list(&space.interviews, after.as_ref(), limit.max(1));
        Ok(state.space(ws).map(list).unwrap_or_default())
    }

    /// The interviews of a job starting at or after `from` and before `to`, cancelled ones left
    /// out.
    #[must_use]
    pub fn counted(&self, ws: WorkspaceId, job: JobId, from: Instant, to: Instant) -> Vec<Counted> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let near = space.interviews.since(from);
        let near = near.take_while(|(start, _, _)| *start < to);
        let counts = |it: &&Planned| it.job == job && it.status != InterviewStatus::Cancelled;
        near.map(|(_, _, planned)| planned)
            .filter(counts)
            .map(|planned| Counted {
                start: planned.start,
                minutes: planned.minutes,
                interviewers: planned.interviewers.to_vec(),
            })
            .collect()
    }

    /// Whether `filter` lets the interview `id` through; an unknown one it does not.
    #[must_use]
    pub fn shows(&self, ws: WorkspaceId, id: InterviewId, filter: &InterviewFilter) -> bool {
        let state = self.read();
        let planned = state.space(ws).and_then(|space| space.interviews.get(id));
        planned.is_some_and(|planned| filter.covers(planned.start) && filter.lets_through(planned))
    }

    /// A candidate's interviews, latest start first.
    #[must_use]
    pub fn interviews_of_candidate(
        &self,
        ws: WorkspaceId,
        candidate: CandidateId,
    ) -> Vec<InterviewId> {
        let state = self.read();
        let of = |space: &super::Space| space.interviews.of(candidate).rev().collect();
        state.space(ws).map(of).unwrap_or_default()
    }

    /// A candidate's next interview that is planned or confirmed and starts at or after `now`.
    #[must_use]
    pub fn next_interview(
        &self,
        ws: WorkspaceId,
        candidate: CandidateId,
        now: Instant,
    ) -> Option<InterviewId> {
        let state = self.read();
        let interviews = &state.space(ws)?.interviews;
        interviews.of(candidate).find(|id| {
            let planned = interviews.get(*id);
            planned.is_some_and(|planned| planned.is_planned() && planned.start >= now)
        })
    }

    /// An application's interviews that are planned or confirmed and start after `now`, by start.
    #[must_use]
    pub fn upcoming_of_application(
        &self,
        ws: WorkspaceId,
        application: ApplicationId,
        now: Instant,
    ) -> Vec<InterviewId> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let candidate = space.candidates.applications().candidate(application);
        let theirs = candidate.into_iter().flat_map(|id| space.interviews.of(id));
        let to_come = |id: &InterviewId| {
            let planned = space.interviews.get(*id);
            planned.is_some_and(|it| {
                it.application == application && it.is_planned() && it.start > now
            })
        };
        theirs.filter(to_come).collect()
    }

    /// How many confirmed interviews starting at or after `now` are hosted on `member`'s Zoom.
    #[must_use]
    pub fn upcoming_on_host(&self, ws: WorkspaceId, member: MemberId, now: Instant) -> u32 {
        self.upcoming(ws, now, |planned| {
            let confirmed = planned.status == InterviewStatus::Confirmed;
            confirmed && planned.zoom && planned.host == Some(member)
        })
    }

    /// Whose Zoom hosts an interview.
    #[must_use]
    pub fn host_of(&self, ws: WorkspaceId, id: InterviewId) -> Option<MemberId> {
        self.read().space(ws)?.interviews.get(id)?.host
    }

    /// Whose Zoom hosts a planned or confirmed interview that starts at or after `from` and before
    /// `to`, in all workspaces.
    #[must_use]
    pub fn hosts_between(&self, from: Instant, to: Instant) -> HashSet<(WorkspaceId, MemberId)> {
        let state = self.read();
        let mut hosts = HashSet::new();
        for (ws, space) in &state.spaces {
            let soon = space.interviews.since(from);
            let soon = soon.take_while(|(start, _, _)| *start < to);
            let soon = soon.filter(|(_, _, planned)| planned.zoom && planned.is_planned());
            hosts.extend(soon.filter_map(|(_, _, planned)| Some((*ws, planned.host?))));
        }
        hosts
    }

    /// The interviews whose meeting at Zoom is known to differ, by start.
    #[must_use]
    pub fn drifted(&self, ws: WorkspaceId) -> Vec<InterviewId> {
        let state = self.read();
        let of = |space: &super::Space| {
            let drifted = space.interviews.drifted.iter();
            drifted.map(|(_, id)| *id).collect()
        };
        state.space(ws).map(of).unwrap_or_default()
    }

    /// The confirmed interviews starting at or after `now` that are hosted on `member`'s Zoom, by
    /// id.
    #[must_use]
    pub fn coming_on_host(
        &self,
        ws: WorkspaceId,
        member: MemberId,
        now: Instant,
    ) -> BTreeSet<InterviewId> {
        let hosted = |planned: &Planned| {
            planned.status == InterviewStatus::Confirmed && planned.host == Some(member)
        };
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return BTreeSet::new();
        };
        let upcoming = space.interviews.since(now);
        let found = upcoming.filter(|(_, _, planned)| hosted(planned));
        found.map(|(_, id, _)| id).collect()
    }

    /// The hosts of confirmed interviews starting at or after `now`.
    #[must_use]
    pub fn hosts_to_come(&self, ws: WorkspaceId, now: Instant) -> BTreeSet<MemberId> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return BTreeSet::new();
        };
        let confirmed = |planned: &Planned| planned.status == InterviewStatus::Confirmed;
        let upcoming = space.interviews.since(now);
        let hosts = upcoming.filter(|(_, _, planned)| confirmed(planned));
        hosts.filter_map(|(_, _, planned)| planned.host).collect()
    }

    /// The confirmed interviews starting at or after `now`, and when, by start.
    #[must_use]
    pub fn confirmed_since(&self, ws: WorkspaceId, now: Instant) -> Vec<(InterviewId, Instant)> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let confirmed = |planned: &Planned| planned.status == InterviewStatus::Confirmed;
        let upcoming = space.interviews.since(now);
        let found = upcoming.filter(|(_, _, planned)| confirmed(planned));
        found.map(|(start, id, _)| (id, start)).collect()
    }

    /// How many planned or confirmed interviews starting at or after `now` need `member`: take part
    /// in or host.
    #[must_use]
    pub fn upcoming_of_member(&self, ws: WorkspaceId, member: MemberId, now: Instant) -> u32 {
        self.upcoming(ws, now, |planned| {
            planned.is_planned() && (planned.takes_part(member) || planned.host == Some(member))
        })
    }

    fn upcoming(&self, ws: WorkspaceId, now: Instant, counts: impl Fn(&Planned) -> bool) -> u32 {
        let state = self.read();
        let count = |space: &super::Space| {
            let upcoming = space.interviews.since(now);
            upcoming.filter(|(_, _, planned)| counts(planned)).count() as u32
        };
        state.space(ws).map_or(0, count)
    }

    /// The applications of interviews `member` takes part in, whatever became of those: of one
    /// candidate, or of all.
    #[must_use]
    pub fn applications_of_member(
        &self,
        ws: WorkspaceId,
        member: MemberId,
        candidate: Option<CandidateId>,
    ) -> HashSet<ApplicationId> {
        let state = self.read();
        let Some(timeline) = state.space(ws).map(|space| &space.interviews) else {
            return HashSet::new();
        };
        let applications = |planned: &Planned| {
            let met = planned.takes_part(member);
            met.then_some(planned.application)
        };
        match candidate {
            Some(candidate) => {
                let of = timeline.of(candidate);
                of.filter_map(|id| applications(timeline.get(id)?))
                    .collect()
            }
            None => timeline
                .interviews
                .values()
                .filter_map(applications)
                .collect(),
        }
    }

    /// The candidates of interviews `member` takes part in, whatever became of those.
    #[must_use]
    pub fn candidates_of_member(&self, ws: WorkspaceId, member: MemberId) -> HashSet<CandidateId> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return HashSet::new();
        };
        let interviews = space.interviews.interviews.values();
        let met = interviews.filter(|planned| planned.takes_part(member));
        met.map(|planned| planned.candidate).collect()
    }
}
