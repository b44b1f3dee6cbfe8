//! When an interview is: the fields of every form that schedules, and what is said beside the time.

use jiff::Zoned;
use jiff::tz::TimeZone;

use crate::forms::fill::{line, zones};
use crate::forms::sheet::{Entry, Field, Sheet, time_cells};
use crate::state::State;
use crate::widgets::{TimeInput, text, times};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    When,
    Duration,
    Zone,
}

/// What can stand for these fields in a form that has more.
pub(crate) trait Key: Copy + PartialEq + From<Name> {}

impl<N: Copy + PartialEq + From<Name>> Key for N {}

/// The fields; without a time yet where one is to be suggested.
pub(crate) fn fields<N: From<Name>>(
    state: &State,
    time: Option<Zoned>,
    minutes: &str,
) -> [(N, Field); 3] {
    let zone = state.zone();
    let year = times::at(state.now, &zone).year();
    let name = zone.iana_name().unwrap_or("UTC");
    let when = Field::new("When", Entry::Time(TimeInput::new(time, year)));
    [
        (Name::When.into(), when.reserving(2)),
        (Name::Duration.into(), line("Duration", minutes).unit("min")),
        (
            Name::Zone.into(),
            Field::new("Time zone", zones(Some(name))),
        ),
    ]
}

/// The time that stands in a form, where it is known.
pub(crate) fn time<N: Key>(sheet: &Sheet<N>) -> Option<&Zoned> {
    sheet.time(Name::When.into())?.time()
}

/// The zone that times are written in.
pub(crate) fn zone<N: Key>(sheet: &Sheet<N>, state: &State) -> TimeZone {
    let zone = TimeZone::get(sheet.chosen(Name::Zone.into()));
    zone.unwrap_or_else(|_| state.zone())
}

/// How long it takes, in minutes, where that can be read.
pub(crate) fn minutes<N: Key>(sheet: &Sheet<N>) -> Option<u32> {
    let typed = sheet.text(Name::Duration.into()).parse().ok();
    typed.filter(|minutes| (1..=1440).contains(minutes))
}

/// Rows that remarks on the time have, in a window of that many rows.
pub(super) fn reserved(rows: u16) -> u16 {
    match rows {
        ..30 => 2,
        30..45 => 3,
        _ => 4,
    }
}

/// What is said beside a time: all of it, and what the clock shows where the candidate is. What has
/// no room in `cells` comes second.
pub(super) fn echo(
    time: &Zoned,
    minutes: u32,
    there: Option<&str>,
    this_year: i16,
    cells: usize,
) -> (String, Option<String>) {
    let end = time.checked_add(jiff::SignedDuration::from_mins(minutes.into()));
    let end = end.unwrap_or_else(|_| time.clone());
    let name = times::weekday(time.date().weekday());
    let day = times::short_day(time.date());
    let clocks = format!("{}–{}", times::clock(time), times::clock(&end));
    let long = format!("{name} {day} {} {clocks}", time.year());
    let short = match time.year() == this_year {
        true => format!("{name} {day} {clocks}"),
        false => long.clone(),
    };
    let there = there.and_then(|there| clock_there(time, there));
    let behind = there.as_ref().map(|there| format!(", {there}"));
    let behind = behind.unwrap_or_default();
    for said in [&long, &short] {
        let whole = format!("{said}{behind}");
        if text::width(&whole) <= cells {
            return (whole, None);
        }
    }
    match text::width(&short) <= cells {
        true => (short, there),
        false => (String::new(), Some(format!("{short}{behind}"))),
    }
}

/// The cells that are left beside the text of the time field, where its entry has that many.
pub(super) fn cells_beside(entry: u16) -> usize {
    usize::from(entry.saturating_sub(time_cells(entry) + 1))
}

/// The clock in another zone; `None`: it is the same there.
pub(super) fn clock_there(time: &Zoned, there: &str) -> Option<String> {
    let other = time.with_time_zone(TimeZone::get(there).ok()?);
    if other.offset() == time.offset() {
        return None;
    }
    let day = match other.date() == time.date() {
        true => String::new(),
        false => format!("{} ", times::weekday(other.date().weekday())),
    };
    Some(format!(
        "{day}{} in {}",
        times::clock(&other),
        times::city(there)
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_time_is_said_in_full_where_there_is_room() {
        let time = date(2026, 12, 3)
            .at(14, 0, 0, 0)
            .in_tz("Europe/Berlin")
            .unwrap();
        let said = |cells, there| echo(&time, 45, there, 2026, cells);
        let kolkata = Some("Asia/Kolkata");
        assert_eq!(
            said(60, kolkata).0,
            "Thu 3 Dec 2026 14:00–14:45, 18:30 in Kolkata"
        );
        assert_eq!(
            said(41, kolkata).0,
            "Thu 3 Dec 14:00–14:45, 18:30 in Kolkata"
        );
        let (said_here, said_there) = said(30, kolkata);
        assert_eq!(said_here, "Thu 3 Dec 14:00–14:45");
        assert_eq!(said_there.as_deref(), Some("18:30 in Kolkata"));
        let (beside, under) = said(8, kolkata);
        assert_eq!(beside, "");
        assert_eq!(
            under.as_deref(),
            Some("Thu 3 Dec 14:00–14:45, 18:30 in Kolkata")
        );
        assert_eq!(
            said(60, Some("Europe/Paris")).0,
            "Thu 3 Dec 2026 14:00–14:45"
        );
        let next = echo(&time, 45, Some("Pacific/Auckland"), 2026, 60);
        assert!(next.0.ends_with(", Fri 02:00 in Auckland"), "{}", next.0);
    }
}
