//! What the assistant's scheduling came to, in figures.
//!
//! Owns what is counted, and of what. Invariants: a caller reads of the jobs they hire for alone; a
//! report reads a bounded number of records, the newest, and says where there were more; an outreach
//! that a person began counts nowhere.

use std::collections::BTreeMap;

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, StageId};
use greenroom_protocol::interview::ChangeKind;
use greenroom_protocol::outreach::{
    SchedulingFigures, SchedulingQuery, SchedulingReport, StageScheduling,
};
use greenroom_protocol::time::Instant;

use crate::access::RequestContext;
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{OutreachRecord, OutreachState};
use crate::services::Services;

/// Days that are looked back where nobody says.
const USUAL_DAYS: i64 = 90;

/// Outreaches that one report counts, about 25 µs each.
const MOST: usize = 10_000;

/// What the assistant's scheduling came to, for each stage and in all.
pub async fn report(
    services: &Services,
    context: &RequestContext,
    query: SchedulingQuery,
) -> Result<SchedulingReport, Error> {
    let (index, until) = (&services.index, services.clock.now());
    let since = query.since;
    let since = since.unwrap_or_else(|| until.plus_minutes(-USUAL_DAYS * 24 * 60));
    if since >= until {
        return Err(Error::usage("Choose a start in the past").field("since"));
    }
    let job = query.job.as_deref().map(|text| {
        let found = index.find_job(context.workspace, text);
        found.map_err(|error| Error::from(error).field("job"))
    });
    let job = job.transpose()?;
    let counts = |of: JobId| job.is_none_or(|it| it == of) && context.hires_for(of).is_ok();
    let mut ids = index.outreaches_since(context.workspace, since, MOST + 1, |place| {
        counts(place.job)
    });
    let cut = ids.len() > MOST;
    ids.truncate(MOST);
    let mut total = Tally::default();
    let mut stages = BTreeMap::<(JobId, StageId), Tally>::new();
    let space = context.space();
    for id in ids {
        let stored = services
            .store
            .get::<OutreachRecord>(&space, &id.to_string())
            .await?;
        let Some(record) = stored
            .map(|it| it.record)
            .filter(OutreachRecord::is_assisted)
        else {
            continue;
        };
        let booked = match record.interview {
            Some(id) => {
                let key = id.to_string();
                let interview = services.store.get::<InterviewRecord>(&space, &key).await?;
                interview.map(|it| Booked::of(&record, &it.record))
            }
            None => None,
        };
        total.add(&record, booked);
        let stage = stages.entry((record.job, record.stage)).or_default();
        stage.add(&record, booked);
    }
    let mut stages: Vec<_> = stages
        .into_iter()
        .map(|((job, stage), tally)| shown(services, context, (job, stage), tally))
        .collect();
    stages.sort_by(|(one, a), (other, b)| {
        (a.job_title.to_lowercase(), a.job, one).cmp(&(b.job_title.to_lowercase(), b.job, other))
    });
    Ok(SchedulingReport {
        since,
        until,
        total: total.shown(),
        stages: stages.into_iter().map(|(_, stage)| stage).collect(),
        cut,
    })
}

/// The figures of a stage, and its place in its job; one that is gone comes last.
fn shown(
    services: &Services,
    context: &RequestContext,
    (job, stage): (JobId, StageId),
    tally: Tally,
) -> (usize, StageScheduling) {
    let (index, workspace) = (&services.index, context.workspace);
    let gone = || "(removed)".to_owned();
    let all = index.stages_of(workspace, job);
    let place = all.iter().position(|row| row.id == stage);
    let title = index.job(workspace, job);
    let name = index.stage(workspace, stage);
    let shown = StageScheduling {
        job,
        job_title: title.map_or_else(gone, |row| row.record.title.clone()),
        stage,
        stage_name: name.map_or_else(gone, |row| row.record.name.clone()),
        figures: tally.shown(),
    };
    (place.unwrap_or(usize::MAX), shown)
}

/// What is counted of an interview that was booked.
#[derive(Debug, Clone, Copy)]
struct Booked {
    /// Seconds from the beginning of the outreach.
    after: i64,
    /// How often it was moved.
    moved: u32,
}

impl Booked {
    fn of(record: &OutreachRecord, interview: &InterviewRecord) -> Self {
        let changes = interview.changes.iter();
        let moved = changes
            .filter(|it| it.kind == ChangeKind::Rescheduled)
            .count();
        Self {
            after: seconds(record.created_at, interview.created_at),
            moved: u32::try_from(moved).unwrap_or(u32::MAX),
        }
    }
}

fn seconds(from: Instant, to: Instant) -> i64 {
    to.since(from).as_secs().max(0)
}

/// What is counted.
#[derive(Debug, Default)]
struct Tally {
    figures: SchedulingFigures,
    /// Seconds until each booking.
    until_booked: Vec<i64>,
    /// Emails of those that are booked.
    emails: u32,
    /// Those that are booked or were touched.
    decided: u32,
}

impl Tally {
    fn add(&mut self, record: &OutreachRecord, booked: Option<Booked>) {
        let (figures, effort) = (&mut self.figures, record.effort);
        let is_booked = record.state == OutreachState::Booked;
        figures.started += 1;
        figures.touched += u32::from(effort.touched);
        figures.undone += u32::from(effort.undone);
        let shadow = record.assisted.map(|it| it.shadow).unwrap_or_default();
        figures.shadow = figures.shadow.and(shadow.shown());
        self.decided += u32::from(is_booked || effort.touched);
        match record.state {
            OutreachState::Booked => {
                figures.booked += 1;
                self.emails += u32::from(effort.emails);
            }
            OutreachState::Over { .. } => figures.ended += 1,
            OutreachState::Draft | OutreachState::Person { .. } | OutreachState::Taken { .. } => {
                figures.needs_person += 1;
            }
            _ => figures.waiting += 1,
        }
        if let Some(booked) = booked {
            figures.reschedules += booked.moved;
            self.until_booked.extend(is_booked.then_some(booked.after));
        }
    }

    fn shown(mut self) -> SchedulingFigures {
        self.until_booked.sort_unstable();
        let seconds = self.until_booked.len().checked_sub(1);
        let seconds = seconds.and_then(|last| self.until_booked.get(last / 2));
        let of = |part: u32, whole: u32| (whole > 0).then(|| f64::from(part) / f64::from(whole));
        let touched = of(self.figures.touched, self.decided);
        SchedulingFigures {
            median_hours: seconds.map(|it| hours(*it)),
            emails_per_booking: of(self.emails, self.figures.booked),
            touched_percent: touched.map(|it| it * 100.0),
            ..self.figures
        }
    }
}

/// In hours, to a hundredth of one.
fn hours(seconds: i64) -> f64 {
    let hundredths = i32::try_from(seconds / 36).unwrap_or(i32::MAX);
    f64::from(hundredths) / 100.0
}
