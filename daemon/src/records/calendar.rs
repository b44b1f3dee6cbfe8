//! Everybody's busy times, as records that bookings expect and rewrite.
//!
//! Owns the stored shape of a week and the only ways to change one. Invariants: an interval stands
//! in every week it touches, of every owner it concerns, from the commit that takes the time to the
//! one that frees it; reading a week in a transaction expects it, so two overlapping bookings
//! cannot both be committed; and what a later version wrote into a week is kept as it is. Only this
//! room writes these records.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use greenroom_protocol::id::{CandidateId, InterviewId, MemberId, OutreachId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::schedule::busy::{Buffer, Busy, Holder, Interval, MOST_BUFFER, TakenBy, weeks};
use crate::store::{MigrateError, Record, StoreError, Tx};

/// The most intervals that a week of a member or a candidate takes.
///
/// The largest commit there is moves an interview of twenty people over a week's end: of 22 owners
/// it rewrites the weeks it leaves and those it goes to, at most four each, 88 records. A commit
/// holds 1 MiB, and besides them an interview of up to 60 KiB and its emails. With at most 96 bytes
/// an interval (a test holds 95 of them; the rest is kept for what availability adds), 84 full
/// weeks of people are 788 KiB and four of a host 113 KiB, which leaves 63 KiB for the emails. A
/// hundred is twenty a working day: nobody has as many.
pub const MOST_A_WEEK: usize = 100;

/// The most intervals that a week of a Zoom host takes: several people may book on one Zoom, two
/// meetings at a time, round the clock. An interview has one host, so this weighs little in a
/// commit.
pub const MOST_A_WEEK_ON_A_HOST: usize = 300;

/// Whose time it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// An interviewer's.
    Member(MemberId),
    /// A candidate's.
    Candidate(CandidateId),
    /// A Zoom user's, by Zoom's id of them: their calendar outlives a connection.
    Zoom(String),
}

impl Owner {
    /// What the ids of all weeks of this owner begin with.
    #[must_use]
    pub fn start(&self) -> String {
        format!("{self}/")
    }

    fn most_a_week(&self) -> usize {
        match self {
            Self::Member(_) | Self::Candidate(_) => MOST_A_WEEK,
            Self::Zoom(_) => MOST_A_WEEK_ON_A_HOST,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => id.fmt(out),
            Self::Candidate(id) => id.fmt(out),
            Self::Zoom(id) => write!(out, "zoom.{id}"),
        }
    }
}

/// One owner's UTC week, counted from the first Monday of 1970: the id of a calendar record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnersWeek {
    /// Whose.
    pub owner: Owner,
    /// Which.
    pub week: i64,
}

impl fmt::Display for OwnersWeek {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{:06}", self.owner, self.week)
    }
}

/// A text that names no week of an owner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an owner, a slash and the number of a week")]
pub struct NotAWeek;

impl FromStr for OwnersWeek {
    type Err = NotAWeek;

    fn from_str(text: &str) -> Result<Self, NotAWeek> {
        let (owner, week) = text.rsplit_once('/').ok_or(NotAWeek)?;
        let owner = match owner.strip_prefix("zoom.") {
            Some(id) => Owner::Zoom(id.to_owned()),
            None if owner.starts_with(MemberId::PREFIX) => {
                Owner::Member(owner.parse().map_err(|_| NotAWeek)?)
            }
            None => Owner::Candidate(owner.parse().map_err(|_| NotAWeek)?),
        };
        let week = week.parse().map_err(|_| NotAWeek)?;
        Ok(Self { owner, week })
    }
}

/// The busy times of one owner in one UTC week; its id is an [`OwnersWeek`]. Every booking expects
/// and rewrites the weeks it touches, so two that overlap cannot both be committed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CalendarRecord {
    /// Busy times, by start.
    #[serde(rename = "b")]
    taken: Vec<Taken>,
}

/// An interval as it is stored. Names are short and times are seconds since 1970, not text, for
/// what they weigh: see [`MOST_A_WEEK`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Taken {
    #[serde(rename = "s")]
    start: i64,
    #[serde(rename = "e")]
    end: i64,
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    interview: Option<InterviewId>,
    /// The interview is not confirmed.
    #[serde(rename = "p", default, skip_serializing_if = "is_false")]
    planned: bool,
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    held_by: Option<OutreachId>,
    /// The number of the held slot.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    n: Option<u8>,
    /// 1: one other proposal may have the slot too.
    #[serde(rename = "x", default, skip_serializing_if = "is_zero")]
    shared: u32,
    /// The minutes to stay free before and after it, as one number: see [`packed`]. Absent in what
    /// versions before 0.3.0 wrote, which is none.
    #[serde(rename = "k", default, skip_serializing_if = "is_zero")]
    kept_free: u32,
    /// What a later version wrote, and reads again.
    #[serde(flatten)]
    rest: Map<String, Value>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// More than the most minutes of one side.
const PACKED_SIDE: u32 = 256;

/// Both sides of a buffer in one number, for what it weighs.
fn packed(buffer: Buffer) -> u32 {
    buffer.before.min(MOST_BUFFER) * PACKED_SIDE + buffer.after.min(MOST_BUFFER)
}

/// What [`packed`] made, whatever a record holds.
fn unpacked(packed: u32) -> Buffer {
    Buffer {
        before: (packed / PACKED_SIDE).min(MOST_BUFFER),
        after: (packed % PACKED_SIDE).min(MOST_BUFFER),
    }
}

impl From<Interval> for Taken {
    fn from(interval: Interval) -> Self {
        let (interview, planned, held_by, n) = match interval.taken_by {
            TakenBy::Interview { id, planned } => (Some(id), planned, None, None),
            TakenBy::HeldSlot { outreach, n, .. } => (None, false, Some(outreach), Some(n)),
            TakenBy::Elsewhere | TakenBy::Unknown => (None, false, None, None),
        };
        let shared = matches!(interval.taken_by, TakenBy::HeldSlot { shared: true, .. });
        Self {
            shared: shared.into(),
            start: interval.start.second(),
            end: interval.end.second(),
            interview,
            planned,
            held_by,
            n,
            kept_free: packed(interval.kept_free),
            rest: Map::new(),
        }
    }
}

impl Taken {
    fn interval(&self) -> Interval {
        let taken_by = match (self.interview, self.held_by) {
            (Some(id), None) => TakenBy::Interview {
                id,
                planned: self.planned,
            },
            (None, Some(outreach)) => TakenBy::HeldSlot {
                outreach,
                n: self.n.unwrap_or_default(),
                shared: self.shared == 1,
            },
            _ => TakenBy::Unknown,
        };
        Interval {
            start: Instant::from_second(self.start),
            end: Instant::from_second(self.end),
            taken_by,
            kept_free: unpacked(self.kept_free),
        }
    }
}

/// A week as schema 1 had it: an interval was always an interview's.
#[derive(Deserialize)]
struct FirstShape {
    busy: Vec<FirstInterval>,
}

#[derive(Deserialize)]
struct FirstInterval {
    start: Instant,
    end: Instant,
    interview: InterviewId,
    #[serde(default)]
    hold: bool,
}

impl From<FirstShape> for CalendarRecord {
    fn from(first: FirstShape) -> Self {
        let interval = |it: FirstInterval| Interval {
            start: it.start,
            end: it.end,
            taken_by: TakenBy::Interview {
                id: it.interview,
                planned: it.hold,
            },
            kept_free: Buffer::default(),
        };
        let taken = first.busy.into_iter().map(interval).map(Taken::from);
        Self {
            taken: taken.collect(),
        }
    }
}

impl Record for CalendarRecord {
    const TABLE: &'static str = "cal";
    const SCHEMA: u32 = 2;

    fn migrate(from: u32, value: Value) -> Result<Value, MigrateError> {
        if from != 1 {
            return Err(MigrateError::Unknown { from });
        }
        let misfit = || MigrateError::Misfit {
            from,
            cause: "its `busy` is no list of intervals".into(),
        };
        let first: FirstShape = serde_json::from_value(value).map_err(|_| misfit())?;
        serde_json::to_value(Self::from(first)).map_err(|_| misfit())
    }
}

impl CalendarRecord {
    /// What the week holds, by start.
    #[must_use]
    pub fn intervals(&self) -> Arc<[Interval]> {
        self.taken.iter().map(Taken::interval).collect()
    }

    /// Adds an interval, in the place of what it replaces.
    fn take(&mut self, interval: Interval) {
        let replaced = |it: &Taken| interval.taken_by.replaces(it.interval().taken_by);
        self.taken.retain(|it| !replaced(it));
        let taken = Taken::from(interval);
        let place = self.taken.partition_point(|it| it.start <= taken.start);
        self.taken.insert(place, taken);
    }

    /// Removes one thing that took time.
    fn let_go(&mut self, taken_by: TakenBy) {
        self.taken.retain(|it| it.interval().taken_by != taken_by);
    }

    /// Removes what a holder took.
    fn free(&mut self, holder: Holder) {
        self.taken.retain(|it| !it.interval().is_held_by(holder));
    }
}

/// Why no time could be taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A week of this owner holds as much as it may.
    #[error("{owner} has {most} intervals that week already")]
    Full {
        /// Whose.
        owner: Owner,
        /// How many a week of theirs holds.
        most: usize,
    },
}

/// The owner's busy times in the weeks between two moments; the commit expects that they stay so.
///
/// # Errors
///
/// Where a week cannot be read.
pub async fn read(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    start: Instant,
    end: Instant,
) -> Result<Busy, StoreError> {
    let mut found = Vec::new();
    for week in weeks(start, end) {
        let record = tx.get::<CalendarRecord>(space, &id(owner, week)).await?;
        found.extend(record.map(|record| (week, record.intervals())));
    }
    Ok(Busy::of(found))
}

/// The owner's busy times in the weeks between two moments, and `minutes` around them. The commit
/// expects the weeks of the moments themselves to stay so: what is around decides nothing that is
/// refused, and each record that a commit expects is one less that it can.
///
/// # Errors
///
/// Where a week cannot be read.
pub async fn read_around(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    (start, end): (Instant, Instant),
    minutes: i64,
) -> Result<Busy, StoreError> {
    let own = weeks(start, end);
    let mut found = Vec::new();
    for week in weeks(start.plus_minutes(-minutes), end.plus_minutes(minutes)) {
        let id = id(owner, week);
        let record = match own.contains(&week) {
            true => tx.get::<CalendarRecord>(space, &id).await?,
            false => tx.peek::<CalendarRecord>(space, &id).await?,
        };
        found.extend(record.map(|record| (week, record.intervals())));
    }
    Ok(Busy::of(found))
}

/// The same, without expecting that it stays so.
///
/// # Errors
///
/// Where a week cannot be read.
pub async fn peek(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    start: Instant,
    end: Instant,
) -> Result<Busy, StoreError> {
    let mut found = Vec::new();
    for week in weeks(start, end) {
        let record = tx.peek::<CalendarRecord>(space, &id(owner, week)).await?;
        found.extend(record.map(|record| (week, record.intervals())));
    }
    Ok(Busy::of(found))
}

/// Takes the time; in place of what the same interview, or the same slot, took in these weeks
/// before.
///
/// # Errors
///
/// Where a week cannot be read or written, or holds as much as it may.
pub async fn take(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    interval: Interval,
) -> Result<(), TakeError> {
    for week in weeks(interval.start, interval.end) {
        let id = id(owner, week);
        let record = tx.get::<CalendarRecord>(space, &id).await?;
        let mut record = record.unwrap_or_default();
        let before = record.taken.len();
        record.take(interval);
        let most = owner.most_a_week();
        // What replaces something adds nothing, also to a week that an earlier version filled.
        if record.taken.len() > most.max(before) {
            let owner = owner.clone();
            return Err(TakeError::Full { owner, most });
        }
        tx.put(space, &id, &record)?;
    }
    Ok(())
}

/// Frees what a holder took in the weeks between two moments.
///
/// # Errors
///
/// Where a week cannot be read or written.
pub async fn free(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    holder: Holder,
    start: Instant,
    end: Instant,
) -> Result<(), StoreError> {
    for week in weeks(start, end) {
        let id = id(owner, week);
        let Some(mut record) = tx.get::<CalendarRecord>(space, &id).await? else {
            continue;
        };
        record.free(holder);
        match record.taken.is_empty() {
            true => tx.delete::<CalendarRecord>(space, &id)?,
            false => tx.put(space, &id, &record)?,
        }
    }
    Ok(())
}

/// Frees one slot of a proposal, in the weeks it touches; the others stay.
///
/// # Errors
///
/// Where a week cannot be read or written.
pub async fn let_go(
    tx: &Tx,
    space: &str,
    owner: &Owner,
    slot: TakenBy,
    start: Instant,
    end: Instant,
) -> Result<(), StoreError> {
    for week in weeks(start, end) {
        let id = id(owner, week);
        let Some(mut record) = tx.get::<CalendarRecord>(space, &id).await? else {
            continue;
        };
        let before = record.taken.len();
        record.let_go(slot);
        match record.taken.len() {
            0 => tx.delete::<CalendarRecord>(space, &id)?,
            left if left == before => {}
            _ => tx.put(space, &id, &record)?,
        }
    }
    Ok(())
}

fn id(owner: &Owner, week: i64) -> String {
    let owner = owner.clone();
    OwnersWeek { owner, week }.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::Revision;
    use crate::store::engine::Versioned;
    use crate::store::key::Key;
    use crate::store::table::{decode, encode};

    fn interview(start: i64, planned: bool) -> Interval {
        Interval {
            start: Instant::from_second(start),
            end: Instant::from_second(start + 2700),
            taken_by: TakenBy::Interview {
                id: InterviewId::new(),
                planned,
            },
            kept_free: Buffer::default(),
        }
    }

    fn with(intervals: &[Interval]) -> CalendarRecord {
        let mut record = CalendarRecord::default();
        for interval in intervals {
            record.take(*interval);
        }
        record
    }

    fn stored(schema: u32, json: &str) -> Result<CalendarRecord, StoreError> {
        let key = Key::new("wsp_1", CalendarRecord::TABLE, "zoom.u/002950").unwrap();
        let mut body = schema.to_be_bytes().to_vec();
        body.extend_from_slice(json.as_bytes());
        let revision = Revision(1);
        decode(&key, &Versioned { revision, body })
    }

    /// What 0.1.0 and 0.2.0 stored.
    #[test]
    fn a_week_of_the_first_shape_is_read_as_what_it_was() {
        let former = include_str!("../../tests/fixtures/store/cal.1.json");
        let intervals = stored(1, former).unwrap().intervals();
        let at = |text: &str| -> Instant { serde_json::from_value(text.into()).unwrap() };
        let by = |id: &str, planned| TakenBy::Interview {
            id: id.parse().unwrap(),
            planned,
        };
        let expected = [
            Interval {
                start: at("2030-06-03T08:00:00Z"),
                end: at("2030-06-03T08:45:00Z"),
                taken_by: by("int_01m8mk9pejezxa1vj91p6vz567", false),
                kept_free: Buffer::default(),
            },
            Interval {
                start: at("2030-06-04T08:00:00Z"),
                end: at("2030-06-04T08:45:00Z"),
                taken_by: by("int_01m8mk9phsejkb9kmw42k0cmzx", true),
                kept_free: Buffer::default(),
            },
        ];
        assert_eq!(*intervals, expected);
        for misfit in ["{}", r#"{"busy":[{"start":"x"}]}"#] {
            let refused = stored(1, misfit).unwrap_err().to_string();
            assert!(refused.contains("`busy` is no list"), "{refused}");
        }
        assert!(stored(3, former).is_err());
    }

    #[test]
    fn what_a_later_version_wrote_is_taken_time_and_is_kept_when_a_week_is_rewritten() {
        let json = r#"{"b":[{"s":0,"e":60,"r":"room_1"},{"s":120,"e":180,"i":"int_01m8mk9pejezxa1vj91p6vz567","a":10}]}"#;
        let mut record = stored(2, json).unwrap();
        assert_eq!(record.intervals()[0].taken_by, TakenBy::Unknown);
        let own = record.intervals()[1].taken_by.holder().unwrap();

        let added = interview(60, false);
        record.take(added);
        record.free(added.taken_by.holder().unwrap());
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
        record.free(own);
        let left = r#"{"b":[{"s":0,"e":60,"r":"room_1"}]}"#;
        assert_eq!(serde_json::to_string(&record).unwrap(), left);
    }

    #[test]
    fn what_is_kept_free_around_an_interview_is_stored_with_it() {
        for (before, after) in [(0, 0), (5, 0), (0, 240), (240, 240), (17, 99)] {
            let kept_free = Buffer { before, after };
            let interval = Interval {
                kept_free,
                ..interview(0, false)
            };
            let record = with(&[interval]);
            assert_eq!(*record.intervals(), [interval]);
            let written = serde_json::to_string(&record).unwrap();
            assert_eq!(written.contains(r#""k":"#), (before, after) != (0, 0));
        }
        let odd = r#"{"b":[{"s":0,"e":60,"i":"int_01m8mk9pejezxa1vj91p6vz567","k":4294967295}]}"#;
        let most = Buffer {
            before: MOST_BUFFER,
            after: MOST_BUFFER,
        };
        assert_eq!(stored(2, odd).unwrap().intervals()[0].kept_free, most);
    }

    #[test]
    fn an_interview_has_one_time_and_a_proposal_one_for_each_slot() {
        let first = interview(0, true);
        let moved = Interval {
            start: Instant::from_second(9000),
            end: Instant::from_second(9600),
            ..first
        };
        assert_eq!(*with(&[first, moved]).intervals(), [moved]);
        let outreach = OutreachId::new();
        let slot = |n: u8| Interval {
            taken_by: TakenBy::HeldSlot {
                outreach,
                n,
                shared: n % 2 == 1,
            },
            ..interview(i64::from(n) * 3600, false)
        };
        let slots: Vec<_> = (0..5).map(slot).collect();
        let mut record = with(&slots);
        assert_eq!(*record.intervals(), slots[..]);
        record.let_go(slots[1].taken_by);
        assert_eq!(record.intervals().len(), 4);
        assert!(!record.intervals().contains(&slots[1]));
        record.free(Holder::Outreach(outreach));
        assert_eq!(record, CalendarRecord::default());
    }

    /// Whether the largest commit stays within what every engine takes.
    #[test]
    fn full_weeks_of_everybody_fit_into_one_commit() {
        const COMMIT: usize = 1024 * 1024;
        const INTERVIEW: usize = 60 * 1024;
        const EMAILS: usize = 42 * 1024;
        const AN_INTERVAL: usize = 96;
        let key = Key::new("wsp_1", CalendarRecord::TABLE, "zoom.u/002950").unwrap();
        let outreach = OutreachId::new();
        let size = |taken_by| {
            let interval = Interval {
                taken_by,
                kept_free: Buffer {
                    before: MOST_BUFFER,
                    after: MOST_BUFFER,
                },
                ..interview(4_102_444_800, true)
            };
            let bytes = |count| {
                let taken = vec![Taken::from(interval); count];
                encode(&key, &CalendarRecord { taken }).unwrap().len()
            };
            bytes(2) - bytes(1)
        };
        let id = InterviewId::new();
        assert!(size(TakenBy::Interview { id, planned: true }) <= 95);
        let (n, shared) = (255, true);
        let held = TakenBy::HeldSlot {
            outreach,
            n,
            shared,
        };
        assert!(size(held) <= 95);
        let (people, hosts) = (21 * 4 * MOST_A_WEEK, 4 * MOST_A_WEEK_ON_A_HOST);
        let calendars = (people + hosts) * AN_INTERVAL;
        assert!(calendars + INTERVIEW + EMAILS <= COMMIT);
        let of_a_host = MOST_A_WEEK_ON_A_HOST * AN_INTERVAL;
        assert!(of_a_host <= crate::store::engine::MAX_VALUE_BYTES);
    }

    proptest! {
        #[test]
        fn the_id_of_a_week_reads_back(zoom in "[A-Za-z0-9_-]{1,30}", week in 0i64..1_000_000) {
            let owners = [
                Owner::Zoom(zoom),
                Owner::Member(MemberId::new()),
                Owner::Candidate(CandidateId::new()),
            ];
            for owner in owners {
                let week = OwnersWeek { owner, week };
                prop_assert!(week.to_string().starts_with(&week.owner.start()));
                prop_assert_eq!(week.to_string().parse(), Ok(week));
            }
        }

        #[test]
        fn any_text_is_a_week_or_none(text in ".{0,40}") {
            let _ = text.parse::<OwnersWeek>();
        }

        #[test]
        fn any_numbers_of_a_stored_week_are_read(start: i64, end: i64) {
            let json = format!(r#"{{"b":[{{"s":{start},"e":{end}}}]}}"#);
            prop_assert_eq!(stored(2, &json).unwrap().intervals().len(), 1);
        }
    }
}
