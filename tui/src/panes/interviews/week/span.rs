//! Where a time lies on a calendar of days and hours. Pure.
//!
//! Invariant: an hour of the clock has the same row on every day, so a day of 23 or 25 hours shifts
//! nothing: where the clock goes back two times share a row, where it goes forward a row stays
//! empty.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::widgets::times;

/// Minutes of a day on the clock.
const DAY: u16 = 24 * 60;

/// The part of an interview that lies on one day, in minutes of that day's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) date: Date,
    pub(crate) start: u16,
    pub(crate) end: u16,
}

/// The days an interview touches: one, or two around midnight.
pub(crate) fn pieces(start: Timestamp, minutes: u32, zone: &TimeZone) -> Vec<Piece> {
    let length = SignedDuration::from_mins(minutes.max(1).into());
    let end = start.checked_add(length).unwrap_or(start);
    let (first, last) = (times::at(start, zone), times::at(end, zone));
    let one = |date, start, end| Piece { date, start, end };
    if first.date() == last.date() {
        let (from, to) = (minute(first.time()), minute(last.time()));
        // The clock went back meanwhile: as long as it really takes.
        let to = if to > from {
            to
        } else {
            from.saturating_add(u16::try_from(minutes.max(1)).unwrap_or(DAY))
        };
        return vec![one(first.date(), from, to.min(DAY))];
    }
    let mut pieces = vec![one(first.date(), minute(first.time()), DAY)];
    if minute(last.time()) > 0 {
        pieces.push(one(last.date(), 0, minute(last.time())));
    }
    pieces
}

/// The minute of the day on the clock.
pub(crate) fn minute(time: Time) -> u16 {
    u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).unwrap_or(0)
}

/// How minutes of the day become rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    from: u16,
    to: u16,
    rows: u16,
}

impl Scale {
    /// Shows the hours from `from` up to `to`: each in as many whole rows as there is room for, or
    /// several in one row.
    pub(crate) fn new((from, to): (u16, u16), rows: u16) -> Self {
        let hours = (to - from).max(1);
        let rows = match rows / hours {
            0 => rows.max(1),
            each => each * hours,
        };
        Self {
            from: from * 60,
            to: (from + hours) * 60,
            rows,
        }
    }

    /// The rows it takes.
    pub(crate) fn rows(self) -> u16 {
        self.rows
    }

    /// The row of a minute of the day, from the top of the calendar.
    pub(crate) fn row(self, minute: u16) -> u16 {
        let passed = u32::from(minute.saturating_sub(self.from)) * u32::from(self.rows);
        let row = passed / u32::from(self.to - self.from);
        u16::try_from(row).unwrap_or(u16::MAX)
    }

    /// The first row of a stretch, and the first one after it.
    pub(crate) fn rows_of(self, start: u16, end: u16) -> (u16, u16) {
        let top = self.row(start);
        (top, self.row(end.saturating_sub(1)).max(top) + 1)
    }

    pub(crate) fn place(self, minute: u16) -> Place {
        match minute {
            before if before < self.from => Place::Above,
            after if after >= self.to => Place::Below,
            minute => Place::Row(self.row(minute)),
        }
    }
}

/// Where a minute is, seen from the hours that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Above,
    Row(u16),
    Below,
}

/// The hours a calendar shows: working hours, and more where interviews lie outside.
pub(crate) fn hours(pieces: impl Iterator<Item = (u16, u16)>) -> (u16, u16) {
    pieces.fold((8, 18), |(from, to), (start, end)| {
        (from.min(start / 60), to.max(end.div_ceil(60)).min(24))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(zone: &str, start: &str, minutes: u32) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        pieces(start.parse().unwrap(), minutes, &zone)
            .iter()
            .map(|it| format!("{} {}-{}", it.date, clock(it.start), clock(it.end)))
            .collect()
    }

    #[test]
    fn a_day_of_23_or_25_hours_shifts_nothing() {
        let ten = ["2026-03-29 10:00-10:45"];
        assert_eq!(on("Europe/Berlin", "2026-03-29T08:00:00Z", 45), ten);
        let ten = ["2026-10-25 10:00-10:45"];
        assert_eq!(on("Europe/Berlin", "2026-10-25T09:00:00Z", 45), ten);
        let ten = ["2026-11-01 10:00-10:45"];
        assert_eq!(on("America/New_York", "2026-11-01T15:00:00Z", 45), ten);
    }

    #[test]
    fn an_interview_across_the_change_keeps_its_clock() {
        // From 01:30 to 03:30 on the clock, an hour in truth.
        let forward = on("Europe/Berlin", "2026-03-29T00:30:00Z", 60);
        assert_eq!(forward, ["2026-03-29 01:30-03:30"]);
        // From 02:30 to 02:00 on the clock, half an hour in truth.
        let back = on("Europe/Berlin", "2026-10-25T00:30:00Z", 30);
        assert_eq!(back, ["2026-10-25 02:30-03:00"]);
        // Lord Howe's clock moves by half an hour.
        let half = on("Australia/Lord_Howe", "2026-04-04T14:45:00Z", 30);
        assert_eq!(half, ["2026-04-05 01:45-02:15"]);
    }

    #[test]
    fn an_interview_over_midnight_lies_on_both_days() {
        let both = on("Asia/Kolkata", "2026-12-01T18:15:00Z", 45);
        assert_eq!(both, ["2026-12-01 23:45-24:00", "2026-12-02 00:00-00:30"]);
        let until = on("UTC", "2026-12-01T23:15:00Z", 45);
        assert_eq!(until, ["2026-12-01 23:15-24:00"]);
    }

    #[test]
    fn hours_have_as_many_rows_as_there_is_room_for() {
        let roomy = Scale::new((8, 18), 43);
        assert_eq!(roomy.rows(), 40);
        assert_eq!((roomy.row(8 * 60), roomy.row(10 * 60 + 30)), (0, 10));
        assert_eq!(roomy.rows_of(600, 645), (8, 11));
        // A whole day where there are fewer rows than hours: nothing is cut off.
        let tight = Scale::new((0, 24), 12);
        assert_eq!((tight.row(0), tight.row(23 * 60 + 59)), (0, 11));
        assert_eq!(tight.rows_of(600, 645), (5, 6));
    }

    #[test]
    fn now_is_above_among_or_below_what_is_shown() {
        let scale = Scale::new((8, 18), 10);
        assert_eq!(scale.place(7 * 60 + 59), Place::Above);
        assert_eq!(scale.place(8 * 60), Place::Row(0));
        assert_eq!(scale.place(17 * 60 + 59), Place::Row(9));
        assert_eq!(scale.place(18 * 60), Place::Below);
    }

    #[test]
    fn the_hours_grow_with_what_lies_outside() {
        assert_eq!(hours([(600, 645)].into_iter()), (8, 18));
        assert_eq!(hours([(430, 475), (1080, 1081)].into_iter()), (7, 19));
        assert_eq!(hours([(1425, 1440)].into_iter()), (8, 24));
    }
}
