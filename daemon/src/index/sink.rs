//! Owns how a stored row becomes a row of the index. A record that cannot be decoded is left out,
//! and named; a week of a calendar is then taken as a whole, never free.

use std::str::FromStr;
use std::sync::Arc;

use greenroom_protocol::id::{
    ApplicationId, CandidateId, InterviewId, JobId, MemberId, OutreachId, StageId, TurnId,
    WorkspaceId,
};

use super::{Index, Phase, Space, State};
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord, DaysOffRecord};
use crate::records::calendar::{CalendarRecord, OwnersWeek};
use crate::records::feed::{BusyRecord, FeedPlace, FeedRecord, FeedWeek, ReadRecord};
use crate::records::insight::NewInsightRecord;
use crate::records::interview::InterviewRecord;
use crate::records::outreach::OutreachRecord;
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord, StageRecord};
use crate::records::turn::TurnPlace;
use crate::records::workspace::{LinkRecord, MemberRecord, UnixUser, WorkspaceRecord};
use crate::schedule::busy::{self, Interval, TakenBy};
use crate::store::engine::Versioned;
use crate::store::follow::Sink;
use crate::store::key::Key;
use crate::store::table::decode;
use crate::store::{GLOBAL, Record, Revision, StoreError};

/// The side of an index that the store feeds.
pub(super) struct Feed(pub(super) Index);

impl Sink for Feed {
    fn wants(&self, key: &Key) -> bool {
        !matches!(Change::read(key, None), Ok(None))
    }

    fn apply(&self, key: &Key, row: Option<&Versioned>) {
        // Decoding is the long part; readers need not wait for it.
        let read = Change::read(key, row);
        let mut state = self.0.write();
        match read {
            Ok(Some(change)) => {
                state.unreadable.remove(key.as_str());
                state.apply(change);
            }
            Ok(None) => {}
            Err(cause) => {
                tracing::warn!(%key, %cause, "left out of lists: a record that cannot be read");
                state.unreadable.insert(key.as_str().to_owned());
                if let Ok(Some(absent)) = Change::read(key, None) {
                    state.apply(absent.unread());
                }
            }
        }
    }

    fn ready(&self, _at: Revision) {
        let mut state = self.0.write();
        state.filled = true;
        for space in state.spaces.values_mut() {
            space.candidates.arrange();
        }
        drop(state);
        self.0.phase.send_replace(Phase::Ready);
    }
}

/// An id, and what is stored under it now with its revision.
struct New<Id, R>(Id, Option<(u64, R)>);

#[expect(
    clippy::large_enum_variant,
    reason = "lives on the stack for one call; a box would be an allocation a scanned row"
)]
enum Change {
    Workspace(New<WorkspaceId, WorkspaceRecord>),
    Link(New<UnixUser, LinkRecord>),
    Within(WorkspaceId, Within),
}

#[expect(
    clippy::large_enum_variant,
    reason = "one at a time, and its record is moved into the index"
)]
enum Within {
    Member(New<MemberId, MemberRecord>),
    Job(New<JobId, JobRecord>),
    Stage(New<StageId, StageRecord>),
    Candidate(New<CandidateId, CandidateRecord>),
    Application(New<ApplicationId, ApplicationRecord>),
    Interview(New<InterviewId, InterviewRecord>),
    NewInsight(New<InterviewId, NewInsightRecord>),
    Turn(New<TurnId, TurnPlace>),
    Outreach(New<OutreachId, OutreachRecord>),
    Calendar(OwnersWeek, Option<Arc<[Interval]>>),
    Availability(New<MemberId, AvailabilityRecord>),
    CalendarHours(New<MemberId, CalendarHoursRecord>),
    DaysOff(New<String, DaysOffRecord>),
    Feed(New<FeedPlace, FeedRecord>),
    FeedRead(New<FeedPlace, ReadRecord>),
    FeedWeek(FeedWeek, Option<Arc<[Interval]>>),
}

#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("its key names no record of its table")]
    Name,
    #[error(transparent)]
    Record(#[from] StoreError),
}

impl Change {
    /// What `row` is to the index; `None` for tables it does not keep.
    fn read(key: &Key, row: Option<&Versioned>) -> Result<Option<Self>, Unreadable> {
        if key.space() == GLOBAL {
            return Ok(match key.table() {
                WorkspaceRecord::TABLE => Some(Self::Workspace(new(key, row)?)),
                LinkRecord::TABLE => Some(Self::Link(new(key, row)?)),
                _ => None,
            });
        }
        let within = match key.table() {
            MemberRecord::TABLE => Within::Member(new(key, row)?),
            JobRecord::TABLE => Within::Job(new(key, row)?),
            StageRecord::TABLE => Within::Stage(new(key, row)?),
            CandidateRecord::TABLE => Within::Candidate(new(key, row)?),
            ApplicationRecord::TABLE => Within::Application(new(key, row)?),
            InterviewRecord::TABLE => Within::Interview(new(key, row)?),
            NewInsightRecord::TABLE => Within::NewInsight(new(key, row)?),
            TurnPlace::TABLE => Within::Turn(new(key, row)?),
            OutreachRecord::TABLE => Within::Outreach(new(key, row)?),
            CalendarRecord::TABLE => {
                let New(week, record): New<_, CalendarRecord> = new(key, row)?;
                Within::Calendar(week, record.map(|(_, record)| record.intervals()))
            }
            AvailabilityRecord::TABLE => Within::Availability(new(key, row)?),
            CalendarHoursRecord::TABLE => Within::CalendarHours(new(key, row)?),
            DaysOffRecord::TABLE => Within::DaysOff(new(key, row)?),
            FeedRecord::TABLE => Within::Feed(new(key, row)?),
            ReadRecord::TABLE => Within::FeedRead(new(key, row)?),
            BusyRecord::TABLE => {
                let New(week, record): New<_, BusyRecord> = new(key, row)?;
                Within::FeedWeek(week, record.map(|(_, record)| record.intervals()))
            }
            _ => return Ok(None),
        };
        let ws = key.space().parse().map_err(|_| Unreadable::Name)?;
        Ok(Some(Self::Within(ws, within)))
    }
}

impl Change {
    /// What stands in the place of an absent row whose record is there and cannot be read.
    fn unread(self) -> Self {
        match self {
            Self::Within(ws, Within::Calendar(week, None)) => {
                let taken = [busy::unread(week.week)].into();
                Self::Within(ws, Within::Calendar(week, Some(taken)))
            }
            Self::Within(ws, Within::FeedWeek(week, None)) => {
                let taken = Interval {
                    taken_by: TakenBy::Elsewhere,
                    ..busy::unread(week.week)
                };
                Self::Within(ws, Within::FeedWeek(week, Some([taken].into())))
            }
            absent => absent,
        }
    }
}

fn new<Id: FromStr, R: Record>(
    key: &Key,
    row: Option<&Versioned>,
) -> Result<New<Id, R>, Unreadable> {
    let id = key.id().parse().map_err(|_| Unreadable::Name)?;
    let record = row.map(|row| Ok::<_, StoreError>((row.revision.0, decode(key, row)?)));
    Ok(New(id, record.transpose()?))
}

impl State {
    fn apply(&mut self, change: Change) {
        let (ws, within) = match change {
            Change::Workspace(New(id, record)) => return self.workspaces.set(id, record),
            Change::Link(New(user, record)) => return self.links.set(user, record),
            Change::Within(ws, within) => (ws, within),
        };
        let filled = self.filled;
        let space = self.spaces.entry(ws).or_insert_with(|| {
            let mut space = Space::default();
            if filled {
                space.candidates.arrange();
            }
            space
        });
        match within {
            Within::Member(New(id, record)) => space.members.set(id, record),
            Within::Job(New(id, record)) => space.jobs.set(id, record),
            Within::Stage(New(id, record)) => space.stages.set(id, record),
            Within::Candidate(New(id, record)) => space.candidates.set(id, record),
            Within::Application(New(id, record)) => space.set_application(id, record),
            Within::Interview(New(id, record)) => space.set_interview(id, record),
            Within::NewInsight(New(id, record)) => space.news.set_insight(id, record),
            Within::Turn(New(id, record)) => space.news.set_turn(id, record),
            Within::Outreach(New(id, record)) => space.set_outreach(id, record),
            Within::Calendar(week, taken) => space.calendars.set(week, taken),
            Within::Availability(New(id, record)) => space.availability.members.set(id, record),
            Within::CalendarHours(New(id, record)) => {
                space.availability.calendars.set(id, record);
            }
            Within::DaysOff(New(id, record)) => space.availability.set_days_off(id, record),
            Within::Feed(New(place, record)) => {
                let feed = record.map(|(_, record)| record);
                space.elsewhere.set_feed(place, feed);
            }
            Within::FeedRead(New(place, record)) => {
                let read = record.map(|(_, record)| record);
                space.elsewhere.set_read(place, read);
            }
            Within::FeedWeek(week, spans) => space.elsewhere.set_week(week, spans),
        }
    }
}
