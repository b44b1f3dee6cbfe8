//! Owns when people say they are free: every member's hours and the workspace's days off, whole.
//! Invariant: a row is never changed in place. It decides nothing: what goes before what on a day is
//! for [`crate::schedule::hours`].

use std::collections::BTreeMap;
use std::sync::Arc;

use greenroom_protocol::date::Date;
use greenroom_protocol::id::{MemberId, WorkspaceId};

use super::Index;
use super::directory::{Row, Table};
use super::fold::fold;
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord, DaysOffRecord};

/// What a workspace has of it.
#[derive(Default)]
pub(super) struct Availability {
    pub(super) members: Table<MemberId, AvailabilityRecord>,
    pub(super) calendars: Table<MemberId, CalendarHoursRecord>,
    days_off: BTreeMap<String, DaysOffRow>,
}

/// A list of days off, as the index knows it.
#[derive(Debug, Clone)]
pub struct DaysOffRow {
    /// Its id.
    pub id: String,
    /// The commit that wrote it.
    pub revision: u64,
    /// The list.
    pub record: Arc<DaysOffRecord>,
}

impl Availability {
    pub(super) fn set_days_off(&mut self, id: String, row: Option<(u64, DaysOffRecord)>) {
        let Some((revision, record)) = row else {
            self.days_off.remove(&id);
            return;
        };
        let record = Arc::new(record);
        let row = DaysOffRow {
            id: id.clone(),
            revision,
            record,
        };
        self.days_off.insert(id, row);
    }
}

impl Index {
    /// A member's hours; `None`: nothing is set.
    #[must_use]
    pub fn availability(
        &self,
        ws: WorkspaceId,
        member: MemberId,
    ) -> Option<Row<MemberId, AvailabilityRecord>> {
        let state = self.read();
        state.space(ws)?.availability.members.get(member).cloned()
    }

    /// When a member works by a calendar that others keep; `None`: none says it.
    #[must_use]
    pub fn calendar_hours(
        &self,
        ws: WorkspaceId,
        member: MemberId,
    ) -> Option<Row<MemberId, CalendarHoursRecord>> {
        let state = self.read();
        state.space(ws)?.availability.calendars.get(member).cloned()
    }

    /// Whether anybody, or a calendar of theirs, says when a member works.
    #[must_use]
    pub fn knows_hours(&self, ws: WorkspaceId, member: MemberId) -> bool {
        let own = self.availability(ws, member);
        own.is_some_and(|row| row.record.hours.is_some())
            || self.calendar_hours(ws, member).is_some()
    }

    /// The lists of days off, by name.
    #[must_use]
    pub fn days_off(&self, ws: WorkspaceId) -> Vec<DaysOffRow> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let mut rows: Vec<_> = space.availability.days_off.values().cloned().collect();
        rows.sort_by_cached_key(|row| (fold(&row.record.name), row.id.clone()));
        rows
    }

    /// The days off that count for a member, from one date to another, both of them too: each with
    /// what it is. Where several lists have a day, the first by its id says what it is.
    #[must_use]
    pub fn days_off_for(
        &self,
        ws: WorkspaceId,
        member: MemberId,
        (first, last): (Date, Date),
    ) -> BTreeMap<Date, String> {
        let mut found = BTreeMap::new();
        let state = self.read();
        let lists = state.space(ws).into_iter();
        let lists = lists.flat_map(|space| space.availability.days_off.values());
        if last < first {
            return found;
        }
        for list in lists.filter(|it| it.record.is_for(member)) {
            for (date, label) in list.record.days.range(first..=last) {
                let label = label.as_ref().unwrap_or(&list.record.name);
                found.entry(*date).or_insert_with(|| label.clone());
            }
        }
        found
    }
}
