//! The hours and nights of those who are asked about, by their clocks.
//!
//! Owns how far around an interview is looked, and which hours hold for whom. Nobody can set their
//! hours yet, so an interviewer's are assumed.

use std::collections::HashMap;
use std::sync::Arc;

use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::schedule::LaneKind;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use crate::records::pipeline::StagePlan;
use crate::records::workspace::MemberRecord;
use crate::schedule::busy::{Buffer, Busy, MOST_BUFFER};
use crate::schedule::hours::{self, Hours};
use crate::schedule::predicate::{Limits, Nights, Party, Place, WorkDays};
use crate::schedule::ranges::Seconds;

/// Minutes around an interview in which whole local days lie, whatever the zone.
pub(super) const WHOLE_DAYS: i64 = 2 * 24 * 60;

/// The minutes around an interview that decide about it.
pub(in crate::interviews) fn looked_around(plan: &StagePlan) -> i64 {
    match plan.daily_cap {
        0 => MOST_BUFFER.into(),
        _ => WHOLE_DAYS,
    }
}

/// What is to stay free around a stage's interviews, for each interviewer.
pub(in crate::interviews) fn buffer(plan: &StagePlan) -> Buffer {
    Buffer {
        before: plan.buffer_before_minutes.min(MOST_BUFFER),
        after: plan.buffer_after_minutes.min(MOST_BUFFER),
    }
}

/// The hours of everybody over a while: of each zone only once.
pub(in crate::interviews) struct Clocks<'a> {
    plan: &'a StagePlan,
    span: Seconds,
    known: HashMap<String, WorkDays>,
}

impl<'a> Clocks<'a> {
    pub(in crate::interviews) fn new(plan: &'a StagePlan, start: Instant, end: Instant) -> Self {
        Self {
            plan,
            span: start.second()..end.second(),
            known: HashMap::new(),
        }
    }

    /// The working days of an interviewer in a zone.
    pub(super) fn work_days(&mut self, zone: &str) -> WorkDays {
        let (plan, span) = (self.plan, &self.span);
        let make = || {
            let place = Place::of(zone).unwrap_or_else(|| Place {
                zone: TimeZone::UTC,
                name: "UTC".to_owned(),
            });
            let open = |windows: &[Window]| -> Arc<[Seconds]> {
                hours::local(windows, &place.zone, span).into()
            };
            let windows = &plan.windows;
            WorkDays {
                hours: Hours {
                    open: open(&[hours::assumed()]),
                    assumed: true,
                },
                windows: (!windows.is_empty()).then(|| open(windows)),
                buffer: buffer(plan),
                most_a_day: plan.daily_cap,
                place,
            }
        };
        self.known
            .entry(zone.to_owned())
            .or_insert_with(make)
            .clone()
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
            limits: Limits::WorkDays(self.work_days(&record.zone)),
        }
    }

    /// The nights of a candidate; of one whose zone is not known nobody knows when it is night.
    pub(super) fn nights(&self, zone: Option<&str>) -> Limits {
        let Some(place) = zone.and_then(Place::of) else {
            return Limits::None;
        };
        Limits::Nights(Nights {
            nights: hours::nights(&place.zone, &self.span).into(),
            place,
        })
    }
}
