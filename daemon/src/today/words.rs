//! The moment a day is worked out at, and how times of it are written: near ones by day and clock,
//! others with their date, all in the zone of who reads them.

use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

/// How far `next` reaches at least, in minutes.
const AHEAD: i64 = 24 * 60;

/// Days from today within which a weekday says which one is meant.
const NEAR: i32 = 6;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Now, for somebody in a zone.
pub(super) struct Clock {
    pub(super) now: Instant,
    zone: TimeZone,
}

impl Clock {
    pub(super) fn new(now: Instant, zone: TimeZone) -> Self {
        Self { now, zone }
    }

    fn at(&self, moment: Instant) -> Zoned {
        moment.timestamp().to_zoned(self.zone.clone())
    }

    fn today(&self) -> Date {
        self.at(self.now).date()
    }

    /// The end of tomorrow, or a day from now if that is later.
    pub(super) fn until(&self) -> Instant {
        let least = self.now.plus_minutes(AHEAD);
        let after = self.today().checked_add(Span::new().days(2));
        let end = after.and_then(|date| date.to_zoned(self.zone.clone()));
        end.map_or(least, |end| Instant::from(end.timestamp()).max(least))
    }

    /// `today 16:00`, `tomorrow 09:30`, `Thu 16:00`, `Fri 11 Dec 16:00`.
    pub(super) fn moment(&self, moment: Instant) -> String {
        let at = self.at(moment);
        format!("{} {:02}:{:02}", self.day(&at), at.hour(), at.minute())
    }

    fn day(&self, at: &Zoned) -> String {
        let today = self.today();
        let away = at
            .date()
            .since(today)
            .map_or(i32::MAX, |away| away.get_days());
        let weekday = DAYS[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
        match away {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            2..=NEAR => weekday.to_owned(),
            _ => self.date(at),
        }
    }

    /// `Fri 27 Nov`, with the year where it is another.
    fn date(&self, at: &Zoned) -> String {
        let weekday = DAYS[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
        let month = MONTHS[usize::from((at.month() - 1).unsigned_abs())];
        let year = match at.year() == self.today().year() {
            true => String::new(),
            false => format!(" {}", at.year()),
        };
        format!("{weekday} {} {month}{year}", at.day())
    }

    /// The day of a moment that is over: `Fri 27 Nov`.
    pub(super) fn past_day(&self, moment: Instant) -> String {
        let at = self.at(moment);
        match at.date() == self.today() {
            true => "today".to_owned(),
            false => self.date(&at),
        }
    }

    /// How long ago in whole days, hours or minutes: `2 d`, `3 h`, `5 min`.
    pub(super) fn age(&self, since: Instant) -> String {
        let minutes = self.now.since(since).as_mins().max(0);
        match minutes {
            0..60 => format!("{minutes} min"),
            60..1_440 => format!("{} h", minutes / 60),
            _ => format!("{} d", minutes / 1_440),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Instant {
        Instant::from(text.parse::<jiff::Timestamp>().unwrap())
    }

    fn clock(now: &str, zone: &str) -> Clock {
        Clock::new(instant(now), TimeZone::get(zone).unwrap())
    }

    #[test]
    fn near_times_are_said_by_their_day_and_others_by_their_date() {
        let berlin = clock("2026-11-30T09:00:00Z", "Europe/Berlin");
        for (moment, words) in [
            ("2026-11-30T15:00:00Z", "today 16:00"),
            ("2026-11-30T22:59:00Z", "today 23:59"),
            ("2026-11-30T23:00:00Z", "tomorrow 00:00"),
            ("2026-12-03T15:00:00Z", "Thu 16:00"),
            ("2026-12-06T15:00:00Z", "Sun 16:00"),
            ("2026-12-07T15:00:00Z", "Mon 7 Dec 16:00"),
            ("2027-01-04T09:00:00Z", "Mon 4 Jan 2027 10:00"),
            ("2026-11-29T09:00:00Z", "Sun 29 Nov 10:00"),
        ] {
            assert_eq!(berlin.moment(instant(moment)), words, "{moment}");
        }
    }

    /// The day on which the clocks go back has 25 hours, and a day from now may be after its end.
    #[test]
    fn what_is_next_reaches_to_the_end_of_tomorrow_where_the_reader_is() {
        for (now, zone, until) in [
            (
                "2026-11-30T09:00:00Z",
                "Europe/Berlin",
                "2026-12-01T23:00:00Z",
            ),
            (
                "2026-11-30T09:00:00Z",
                "Asia/Kolkata",
                "2026-12-01T18:30:00Z",
            ),
            (
                "2026-10-24T08:00:00Z",
                "Europe/Berlin",
                "2026-10-25T23:00:00Z",
            ),
            (
                "2026-11-30T22:59:00Z",
                "Europe/Berlin",
                "2026-12-01T23:00:00Z",
            ),
        ] {
            assert_eq!(clock(now, zone).until(), instant(until), "{now} {zone}");
        }
    }
}
