//! The starts that may be offered.
//!
//! Invariant: a start is on the grid where its second is 0 and its local minute of the day is a
//! multiple of the step, by the clock of the grid's zone: none in a gap, both in a fold.

use super::civil::{Civil, DAY};
use super::ranges::Seconds;

/// The starts of `span` on the grid, in order.
pub fn starts(civil: &Civil, step: u32, span: &Seconds) -> impl Iterator<Item = i64> {
    let step = i64::from(step.max(1)) * 60;
    civil.parts(span).flat_map(move |(part, offset)| {
        let late = (part.start + offset).rem_euclid(step);
        let first = match late {
            0 => part.start,
            _ => part.start + step - late,
        };
        let room = usize::try_from(step).unwrap_or(1);
        (first..part.end).step_by(room)
    })
}

/// Whether a start is on the grid.
#[must_use]
pub fn is_on(civil: &Civil, step: u32, start: i64) -> bool {
    let step = i64::from(step.max(1)) * 60;
    civil.second_of_day(start).rem_euclid(DAY) % step == 0
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::pipeline::STEPS;
    use jiff::tz::TimeZone;
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    /// Minute by minute, by the clock of the zone.
    fn by_the_clock(zone: &TimeZone, step: u32, span: &Seconds) -> Vec<i64> {
        let minutes = (span.start.div_euclid(60) - 1)..(span.end.div_euclid(60) + 2);
        let seconds = minutes.map(|minute| minute * 60);
        let on = |second: &i64| {
            let local = Timestamp::from_second(*second)
                .unwrap()
                .to_zoned(zone.clone());
            let minute = u32::from(local.hour().unsigned_abs()) * 60
                + u32::from(local.minute().unsigned_abs());
            local.second() == 0 && minute.is_multiple_of(step)
        };
        seconds.filter(|it| span.contains(it)).filter(on).collect()
    }

    #[test]
    fn the_grid_is_that_of_the_clock_through_every_change() {
        let days = SignedDuration::from_hours(72).as_secs();
        for (zone, around) in [
            ("Europe/Berlin", "2026-10-25T00:00:00Z"),
            ("Europe/Berlin", "2027-03-28T00:00:00Z"),
            ("Australia/Lord_Howe", "2026-10-03T00:00:00Z"),
            ("Australia/Lord_Howe", "2027-04-03T00:00:00Z"),
            ("Asia/Kathmandu", "2026-12-01T00:00:00Z"),
            ("America/Santiago", "2027-04-03T12:00:00Z"),
            ("Pacific/Apia", "2011-12-29T00:00:00Z"),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let from = around.parse::<Timestamp>().unwrap().as_second() - 7;
            let span = from..from + days;
            let civil = Civil::of(&zone, &span);
            for step in STEPS {
                let found: Vec<_> = starts(&civil, step, &span).collect();
                assert_eq!(found, by_the_clock(&zone, step, &span), "{zone:?} {step}");
                assert!(found.iter().all(|it| is_on(&civil, step, *it)));
                assert!(!is_on(&civil, step, found[0] + 60));
            }
        }
    }
}
