//! A zone's clock, asked moment by moment.
//!
//! Must not know how the engine turns hours into moments: where a clock shows something twice or
//! not at all is found by looking at it.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

const DAY: i64 = 24 * 3600;

/// A clock around a moment.
pub(super) struct Clock {
    zone: TimeZone,
    /// Every offset from UTC that it has in the weeks around.
    offsets: Vec<i64>,
}

/// Which end of a window.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    Opening,
    Closing,
}

impl Clock {
    pub(super) fn new(iana: &str, around: i64) -> Self {
        let zone = TimeZone::get(iana).unwrap();
        let hours = (-20 * 24..20 * 24).map(|hour| around + hour * 3600);
        let offset = |at| {
            let at = Timestamp::from_second(at).unwrap();
            i64::from(zone.to_offset(at).seconds())
        };
        let mut offsets: Vec<i64> = hours.map(offset).collect();
        offsets.sort_unstable();
        offsets.dedup();
        Self { zone, offsets }
    }

    /// What it shows, in seconds since it showed the first of 1970.
    pub(super) fn shows(&self, at: i64) -> i64 {
        let local = Timestamp::from_second(at).unwrap();
        let local = local.to_zoned(self.zone.clone()).datetime();
        let days = date(1970, 1, 1).until(local.date()).unwrap().get_days();
        let (hour, minute) = (i64::from(local.hour()), i64::from(local.minute()));
        i64::from(days) * DAY + hour * 3600 + minute * 60 + i64::from(local.second())
    }

    /// The local day, counted from 1970-01-01.
    pub(super) fn day(&self, at: i64) -> i64 {
        self.shows(at).div_euclid(DAY)
    }

    /// The minute of the local day, where no second has passed since.
    pub(super) fn whole_minute(&self, at: i64) -> Option<i64> {
        let second = self.shows(at).rem_euclid(DAY);
        (second % 60 == 0).then_some(second / 60)
    }

    /// When it shows a minute of a day: the earlier moment for what opens, the later for what
    /// closes, and the first after it where it leaps over that minute.
    pub(super) fn moment(&self, day: i64, minute: u16, edge: Edge) -> i64 {
        let wanted = day * DAY + i64::from(minute) * 60;
        let at = self.offsets.iter().map(|offset| wanted - offset);
        let at: Vec<i64> = at.filter(|at| self.shows(*at) == wanted).collect();
        let found = match edge {
            Edge::Opening => at.iter().min(),
            Edge::Closing => at.iter().max(),
        };
        let after = || {
            let (least, most) = (self.offsets.first().unwrap(), self.offsets.last().unwrap());
            let mut minutes = (wanted - most..=wanted - least).step_by(60);
            minutes.find(|at| self.shows(*at) >= wanted).unwrap()
        };
        found.copied().unwrap_or_else(after)
    }
}

/// A day as a date.
pub(super) fn calendar(day: i64) -> Date {
    date(1970, 1, 1).checked_add(day.days()).unwrap()
}

/// 1 Monday to 7 Sunday.
pub(super) fn weekday(day: i64) -> u8 {
    calendar(day)
        .weekday()
        .to_monday_one_offset()
        .unsigned_abs()
}

/// The ISO week of a day, by its year and number.
pub(super) fn week(day: i64) -> (i16, i8) {
    let week = calendar(day).iso_week_date();
    (week.year(), week.week())
}
