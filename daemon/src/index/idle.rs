//! Owns which applications wait in a stage without an interview, by stage and since when: a count of
//! those before any moment costs as much as the days and not as the applications.
//!
//! An application is *idle* while it is active and no interview was planned in the stage it is in; a
//! cancelled one is none. It is *unstarted* while no outreach of it is open either. Invariant: each
//! [`Lines`] holds exactly those, and [`Space::settle`] is the one place that decides it, after every
//! change of an application, of an interview or of an outreach.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use greenroom_protocol::id::{
    ApplicationId, CandidateId, InterviewId, JobId, StageId, WorkspaceId,
};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::time::Instant;

use super::timeline::Planned;
use super::{Index, Space};
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::ApplicationRecord;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// Those who wait in a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle {
    /// The job.
    pub job: JobId,
    /// The stage.
    pub stage: StageId,
    /// How many.
    pub count: u64,
    /// The first of them, longest wait first.
    pub longest: Vec<(ApplicationId, CandidateId, Instant)>,
}

/// Where an application waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    job: JobId,
    stage: StageId,
    since: Instant,
    state: ApplicationState,
}

/// The idle applications of a workspace, a line a stage.
#[derive(Default)]
pub(super) struct Lines(HashMap<(JobId, StageId), Line>);

/// Those of one stage, longest wait first.
#[derive(Default)]
struct Line {
    applications: BTreeSet<(Instant, ApplicationId)>,
    /// How many came on each day since the epoch, in UTC.
    days: BTreeMap<i64, u64>,
}

fn day(at: Instant) -> i64 {
    at.second().div_euclid(SECONDS_A_DAY)
}

impl Line {
    fn add(&mut self, since: Instant, id: ApplicationId) {
        if self.applications.insert((since, id)) {
            *self.days.entry(day(since)).or_default() += 1;
        }
    }

    fn remove(&mut self, since: Instant, id: ApplicationId) {
        if !self.applications.remove(&(since, id)) {
            return;
        }
        let Some(count) = self.days.get_mut(&day(since)) else {
            return;
        };
        *count -= 1;
        if *count == 0 {
            self.days.remove(&day(since));
        }
    }

    /// How many came before `moment`: whole days are counted, the last one is looked through.
    fn before(&self, moment: Instant) -> u64 {
        let last = day(moment);
        let whole: u64 = self.days.range(..last).map(|(_, count)| count).sum();
        let begin = Instant::from_second(last.saturating_mul(SECONDS_A_DAY));
        let least = |at| (at, ApplicationId::NOBODY);
        let rest = self.applications.range(least(begin)..least(moment));
        whole + rest.count() as u64
    }
}

impl Lines {
    fn add(&mut self, spot: Spot, id: ApplicationId) {
        let line = self.0.entry((spot.job, spot.stage)).or_default();
        line.add(spot.since, id);
    }

    fn remove(&mut self, spot: Spot, id: ApplicationId) {
        let place = (spot.job, spot.stage);
        let Some(line) = self.0.get_mut(&place) else {
            return;
        };
        line.remove(spot.since, id);
        if line.applications.is_empty() {
            self.0.remove(&place);
        }
    }
}

impl Space {
    pub(super) fn set_application(
        &mut self,
        id: ApplicationId,
        row: Option<(u64, ApplicationRecord)>,
    ) {
        if let Some(before) = self.spot(id) {
            self.idle.remove(before, id);
            self.unstarted.remove(before, id);
        }
        self.candidates.set_application(id, row);
        self.settle(id);
    }

    pub(super) fn set_interview(&mut self, id: InterviewId, row: Option<(u64, InterviewRecord)>) {
        let application = |space: &Self| Some(space.interviews.get(id)?.application);
        let before = application(self);
        self.interviews.set(id, row);
        let now = application(self);
        if let Some(now) = now {
            self.settle(now);
        }
        if let Some(before) = before.filter(|before| Some(*before) != now) {
            self.settle(before);
        }
    }

    /// Puts an application in its line, or takes it out of it.
    pub(super) fn settle(&mut self, id: ApplicationId) {
        let Some(spot) = self.spot(id) else {
            return;
        };
        let active = spot.state == ApplicationState::Active;
        let is_idle = active && !self.has_interview(id, spot.stage);
        match is_idle {
            true => self.idle.add(spot, id),
            false => self.idle.remove(spot, id),
        }
        match is_idle && !self.outreaches.is_open(id) {
            true => self.unstarted.add(spot, id),
            false => self.unstarted.remove(spot, id),
        }
    }

    fn spot(&self, id: ApplicationId) -> Option<Spot> {
        let applications = self.candidates.applications();
        let one = applications.get(id)?;
        let place = applications.places()[one.place as usize];
        Some(Spot {
            job: place.job,
            stage: place.stage,
            since: one.since,
            state: place.state,
        })
    }

    /// Whether an interview was planned in this stage of the application.
    fn has_interview(&self, id: ApplicationId, stage: StageId) -> bool {
        let Some(candidate) = self.candidates.applications().candidate(id) else {
            return false;
        };
        let counts = |planned: &Planned| {
            let here = planned.application == id && planned.stage == stage;
            here && planned.status != InterviewStatus::Cancelled
        };
        let mut interviews = self.interviews.of(candidate);
        interviews.any(|it| self.interviews.get(it).is_some_and(counts))
    }

    /// Who is in a stage with nobody in touch, longest first: how many, and at most so many of them.
    fn unstarted(
        &self,
        job: JobId,
        stage: StageId,
        most: usize,
    ) -> (u64, Vec<(ApplicationId, CandidateId)>) {
        let Some(line) = self.unstarted.0.get(&(job, stage)) else {
            return (0, Vec::new());
        };
        let applications = self.candidates.applications();
        let first = line.applications.iter().take(most);
        let first = first.filter_map(|(_, id)| Some((*id, applications.candidate(*id)?)));
        (line.applications.len() as u64, first.collect())
    }

    /// Who has waited since before `moment`, a row for each stage that `wanted` names; at most `most`
    /// of each by name.
    pub(super) fn idle(
        &self,
        moment: Instant,
        most: usize,
        wanted: impl Fn(JobId, StageId) -> bool,
    ) -> Vec<Idle> {
        let applications = self.candidates.applications();
        let lines = self.idle.0.iter();
        let lines = lines.filter(|((job, stage), _)| wanted(*job, *stage));
        let rows = lines.filter_map(|((job, stage), line)| {
            let count = line.before(moment);
            let first = line.applications.iter().take(most);
            let first = first.take_while(|(since, _)| *since < moment);
            let longest = first.filter_map(|(since, id)| {
                let candidate = applications.candidate(*id)?;
                Some((*id, candidate, *since))
            });
            (count > 0).then(|| Idle {
                job: *job,
                stage: *stage,
                count,
                longest: longest.collect(),
            })
        });
        rows.collect()
    }
}

impl Index {
    /// Who is in a stage, has no interview and with whom nobody is in touch, longest first: how many,
    /// and at most so many of them.
    #[must_use]
    pub fn not_started(
        &self,
        ws: WorkspaceId,
        stage: StageId,
        most: usize,
    ) -> (u64, Vec<(ApplicationId, CandidateId)>) {
        let Some(job) = self.stage(ws, stage).map(|row| row.record.job) else {
            return (0, Vec::new());
        };
        let state = self.read();
        let found = state
            .space(ws)
            .map(|space| space.unstarted(job, stage, most));
        found.unwrap_or_default()
    }
}
