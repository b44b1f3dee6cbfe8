//! The hours and nights of those who are asked about, by their clocks.
//!
//! Owns how far around an interview is looked for whom, and which hours, buffers and limits hold for
//! whom: the member's own, tightened by the stage's. Where a member has set none, those of their
//! calendar hold, by its clock, else the usual hours are assumed. They are taken from the index for
//! every question: no booking expects that they stay so.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::pipeline::{Night, Window};
use greenroom_protocol::schedule::LaneKind;
use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::index::Index;
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord};
use crate::records::pipeline::StagePlan;
use crate::records::workspace::MemberRecord;
use crate::schedule::busy::{Buffer, Busy, MOST_BUFFER};
use crate::schedule::hours::{self, Hours, Said, Special};
use crate::schedule::predicate::{Limits, Nights, Party, Place, WorkDays};
use crate::schedule::ranges::Seconds;

/// Minutes around an interview in which whole local days lie, whatever the zone.
pub(super) const WHOLE_DAYS: i64 = 2 * 24 * 60;

/// Minutes around an interview in which its whole local week lies, whatever the zone.
const WHOLE_WEEK: i64 = 9 * 24 * 60;

/// The hours of everybody over a while, for interviews that a stage plans so.
pub(in crate::interviews) struct Clocks<'a> {
    index: &'a Index,
    workspace: WorkspaceId,
    plan: &'a StagePlan,
    span: Seconds,
    zones: HashMap<String, Zone>,
}

/// What is the same for everybody in a zone.
struct Zone {
    place: Place,
    windows: Option<Arc<[Seconds]>>,
    /// The hours of who has set none.
    assumed: Option<Hours>,
}

impl<'a> Clocks<'a> {
    pub(in crate::interviews) fn new(
        index: &'a Index,
        workspace: WorkspaceId,
        plan: &'a StagePlan,
        (start, end): (Instant, Instant),
    ) -> Self {
        Self {
            index,
            workspace,
            plan,
            span: start.second()..end.second(),
            zones: HashMap::new(),
        }
    }

    /// The minutes around an interview in which a member's taken time decides about it.
    pub(in crate::interviews) fn looked_around(&self, member: MemberId) -> i64 {
        let own = self.own(member).record;
        let (a_day, a_week) = most(self.plan, &own);
        match (a_day, a_week) {
            (0, 0) => MOST_BUFFER.into(),
            (_, 0) => WHOLE_DAYS,
            _ => WHOLE_WEEK,
        }
    }

    fn own(&self, member: MemberId) -> Own {
        Own::of(self.index, self.workspace, member)
    }

    /// The working days of an interviewer in a zone.
    pub(super) fn work_days(&mut self, member: MemberId, zone: &str) -> WorkDays {
        let own = self.own(member);
        let zone = own.zone(zone);
        let (most_a_day, most_a_week) = most(self.plan, &own.record);
        let (plan, span) = (self.plan, &self.span);
        let make = || {
            let place = place(zone);
            let windows = &plan.windows;
            let open = || hours::local(windows, &place.zone, span).into();
            Zone {
                windows: (!windows.is_empty()).then(open),
                assumed: None,
                place,
            }
        };
        let known = self.zones.entry(zone.to_owned()).or_insert_with(make);
        let special = special(self.index, self.workspace, member, &own.record, known, span);
        let hours = match (own.said(), special.is_empty()) {
            (Said::Assumed, true) => {
                let usual = || week_of(&own, &special, &known.place.zone, span);
                known.assumed.get_or_insert_with(usual).clone()
            }
            _ => week_of(&own, &special, &known.place.zone, span),
        };
        WorkDays {
            hours,
            windows: known.windows.clone(),
            buffer: of_both(plan, &own.record),
            most_a_day,
            most_a_week,
            place: known.place.clone(),
        }
    }

    /// A member who may interview.
    pub(in crate::interviews) fn interviewer(
        &mut self,
        id: MemberId,
        record: &MemberRecord,
        busy: Busy,
    ) -> Party {
        Party {
            kind: LaneKind::Member,
            id: id.to_string(),
            name: record.name.clone(),
            capacity: 1,
            busy,
            limits: Limits::WorkDays(self.work_days(id, &record.zone)),
        }
    }

    /// The nights of a candidate; of one whose zone is not known nobody knows when it is night.
    pub(super) fn nights(&self, zone: Option<&str>) -> Limits {
        let (Some(place), Night::Hours(hours)) = (zone.and_then(Place::of), self.plan.night) else {
            return Limits::None;
        };
        Limits::Nights(Nights {
            nights: hours::nights(hours, &place.zone, &self.span).into(),
            hours,
            place,
        })
    }
}

/// The zone of a stage's grid of starts, by its IANA name: the stage's own, else the workspace's.
pub(in crate::interviews) fn grid_zone(
    index: &Index,
    workspace: WorkspaceId,
    plan: &StagePlan,
) -> String {
    let own = plan.zone.clone();
    own.unwrap_or_else(|| index.zone_of(workspace))
}

/// The same as a zone.
pub(in crate::interviews) fn grid(
    index: &Index,
    workspace: WorkspaceId,
    plan: &StagePlan,
) -> TimeZone {
    place(&grid_zone(index, workspace, plan)).zone
}

/// What is to stay free around a stage's interviews for one of the interviewers.
pub(in crate::interviews) fn buffer(
    index: &Index,
    workspace: WorkspaceId,
    plan: &StagePlan,
    member: MemberId,
) -> Buffer {
    let row = index.availability(workspace, member);
    of_both(plan, &row.map(|row| row.record).unwrap_or_default())
}

/// A member's hours over a while, in their zone.
pub(in crate::interviews) fn working_hours(
    index: &Index,
    workspace: WorkspaceId,
    (member, zone): (MemberId, &str),
    span: &Seconds,
) -> Hours {
    let own = Own::of(index, workspace, member);
    let zone = Zone {
        place: place(own.zone(zone)),
        windows: None,
        assumed: None,
    };
    let special = special(index, workspace, member, &own.record, &zone, span);
    week_of(&own, &special, &zone.place.zone, span)
}

/// A zone by its name; one that is not known here is taken for UTC.
fn place(zone: &str) -> Place {
    Place::of(zone).unwrap_or_else(|| Place {
        zone: TimeZone::UTC,
        name: "UTC".to_owned(),
    })
}

/// The more of what the stage and the member want.
fn of_both(plan: &StagePlan, own: &AvailabilityRecord) -> Buffer {
    let both = |stage: u32, own: u32| stage.max(own).min(MOST_BUFFER);
    Buffer {
        before: both(plan.buffer_before_minutes, own.buffer_before),
        after: both(plan.buffer_after_minutes, own.buffer_after),
    }
}

/// Interviews a day and a week at most: the tighter of what the stage and the member say.
fn most(plan: &StagePlan, own: &AvailabilityRecord) -> (u32, u32) {
    let tighter = |one: u32, other: u32| match (one, other) {
        (0, only) | (only, 0) => only,
        (one, other) => one.min(other),
    };
    let a_day = tighter(plan.daily_cap, own.cap_day);
    (a_day, tighter(plan.weekly_cap, own.cap_week))
}

/// What is known of a member's hours.
struct Own {
    record: Arc<AvailabilityRecord>,
    /// Those of their calendar, where nobody has set the week.
    calendar: Option<Arc<CalendarHoursRecord>>,
}

impl Own {
    fn of(index: &Index, workspace: WorkspaceId, member: MemberId) -> Self {
        let row = index.availability(workspace, member);
        Self {
            record: row.map(|row| row.record).unwrap_or_default(),
            calendar: index
                .calendar_hours(workspace, member)
                .map(|row| row.record),
        }
    }

    fn said(&self) -> Said {
        match (&self.record.hours, &self.calendar) {
            (Some(_), _) => Said::Set,
            (None, Some(_)) => Said::Calendar,
            (None, None) => Said::Assumed,
        }
    }

    /// By whose clock they work; `usual` is the member's.
    fn zone<'a>(&'a self, usual: &'a str) -> &'a str {
        match (self.said(), &self.calendar) {
            (Said::Calendar, Some(calendar)) => &calendar.working.zone,
            _ => usual,
        }
    }
}

fn week_of(own: &Own, special: &BTreeMap<Date, Special>, zone: &TimeZone, span: &Seconds) -> Hours {
    let usual = [hours::assumed()];
    let weekly: &[Window] = match (&own.record.hours, &own.calendar) {
        (Some(set), _) => set,
        (None, Some(calendar)) => &calendar.working.hours,
        (None, None) => &usual,
    };
    hours::working(weekly, special, own.said(), zone, span)
}

/// The dates near `span` that are unlike the week: what the member set for one goes before a day off.
fn special(
    index: &Index,
    workspace: WorkspaceId,
    member: MemberId,
    own: &AvailabilityRecord,
    zone: &Zone,
    span: &Seconds,
) -> BTreeMap<Date, Special> {
    let mut dates = hours::dates(&zone.place.zone, span);
    let Some(first) = dates.next() else {
        return BTreeMap::new();
    };
    let last = dates.last().unwrap_or(first);
    let near = (first.into(), last.into());
    let off = index.days_off_for(workspace, member, near).into_iter();
    let off = off.map(|(date, label)| (date.civil(), Special::Off(label.into())));
    let mut special: BTreeMap<Date, Special> = off.collect();
    let set = own.overrides.range(near.0..=near.1);
    special.extend(set.map(|(date, hours)| (date.civil(), Special::Hours(hours.clone()))));
    special
}
