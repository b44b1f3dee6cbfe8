//! Everybody's busy times, as records that bookings expect and rewrite.
//!
//! Invariant: an interval stands in every week it touches, of every owner it concerns, from the
//! commit that plans the interview to the one that frees the time. Whoever reads a week in a
//! transaction expects it, so two overlapping plans cannot both be committed. Only this room writes
//! these records.

use greenroom_protocol::id::{CandidateId, InterviewId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::schedule::busy::{Interval, weeks};
use crate::store::{Record, Store, StoreError, Tx};

/// The busy times of one owner in one UTC week; its id is the owner and the week. Every booking
/// expects and rewrites the weeks it touches, so two that overlap cannot both be committed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CalendarRecord {
    /// Busy times, by start.
    pub busy: Vec<Interval>,
}

impl Record for CalendarRecord {
    const TABLE: &'static str = "cal";
    const SCHEMA: u32 = 1;
}

/// Whose time it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// An interviewer's.
    Member(MemberId),
    /// A candidate's.
    Candidate(CandidateId),
    /// A Zoom user's, by Zoom's id of them: their calendar outlives a connection.
    Zoom(String),
}

impl Owner {
    fn record(&self, week: i64) -> String {
        format!("{}{week:06}", self.start())
    }

    /// What the ids of all weeks of this owner begin with.
    pub fn start(&self) -> String {
        match self {
            Self::Member(id) => format!("{id}/"),
            Self::Candidate(id) => format!("{id}/"),
            Self::Zoom(id) => format!("zoom.{id}/"),
        }
    }
}

/// The owner's busy times in the weeks between two moments; the commit expects that they stay so.
pub async fn read(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    start: Instant,
    end: Instant,
) -> Result<Vec<Interval>, StoreError> {
    let mut busy = Vec::new();
    for week in weeks(start, end) {
        let record = tx.get::<CalendarRecord>(space, &owner.record(week)).await?;
        merge(&mut busy, record);
    }
    Ok(busy)
}

/// The owner's busy times between two moments, for showing.
pub async fn show(
    store: &Store,
    space: &str,
    owner: &Owner,
    start: Instant,
    end: Instant,
) -> Result<Vec<Interval>, StoreError> {
    let mut busy = Vec::new();
    for week in weeks(start, end) {
        let stored = store
            .get::<CalendarRecord>(space, &owner.record(week))
            .await?;
        merge(&mut busy, stored.map(|stored| stored.record));
    }
    busy.retain(|it| it.start < end && start < it.end);
    Ok(busy)
}

/// Over a week's end an interval stands in two records.
fn merge(busy: &mut Vec<Interval>, record: Option<CalendarRecord>) {
    let known: Vec<_> = busy.iter().map(|it| it.interview).collect();
    let new = record.unwrap_or_default().busy;
    busy.extend(new.into_iter().filter(|it| !known.contains(&it.interview)));
}

/// Takes the time; in place of what the same interview took in these weeks before.
pub async fn take(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    interval: Interval,
) -> Result<(), StoreError> {
    for week in weeks(interval.start, interval.end) {
        let id = owner.record(week);
        let mut record = tx
            .get::<CalendarRecord>(space, &id)
            .await?
            .unwrap_or_default();
        record.busy.retain(|it| it.interview != interval.interview);
        let place = record.busy.partition_point(|it| it.start <= interval.start);
        record.busy.insert(place, interval);
        tx.put(space, &id, &record)?;
    }
    Ok(())
}

/// Gives the time back.
pub async fn free(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    interview: InterviewId,
    start: Instant,
    end: Instant,
) -> Result<(), StoreError> {
    for week in weeks(start, end) {
        let id = owner.record(week);
        let Some(mut record) = tx.get::<CalendarRecord>(space, &id).await? else {
            continue;
        };
        record.busy.retain(|it| it.interview != interview);
        match record.busy.is_empty() {
            true => tx.delete::<CalendarRecord>(space, &id)?,
            false => tx.put(space, &id, &record)?,
        }
    }
    Ok(())
}
