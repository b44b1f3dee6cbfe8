//! When an interview is: the fields of every form that schedules.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::forms::fill::{line, zones};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::state::State;
use crate::widgets::{Moment, times};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    When,
    Duration,
    Zone,
}

/// The time that stands in a form.
pub(super) struct Chosen {
    pub(super) at: DateTime,
    pub(super) zone: TimeZone,
    pub(super) minutes: i64,
}

pub(super) fn fields<N: From<Name>>(at: DateTime, minutes: &str, zone: &str) -> [(N, Field); 3] {
    [
        (
            Name::When.into(),
            Field::new("When", Entry::Moment(Moment::new(at))),
        ),
        (Name::Duration.into(), line("Duration", minutes).unit("min")),
        (
            Name::Zone.into(),
            Field::new("Time zone", zones(Some(zone))),
        ),
    ]
}

pub(super) fn chosen<N: Copy + PartialEq + From<Name>>(
    sheet: &Sheet<N>,
    state: &State,
) -> Option<Chosen> {
    let zone = TimeZone::get(sheet.chosen(Name::Zone.into()));
    Some(Chosen {
        at: sheet.moment(Name::When.into())?,
        zone: zone.unwrap_or_else(|_| state.zone()),
        minutes: sheet.text(Name::Duration.into()).parse().unwrap_or(45),
    })
}

/// Says beside the time what the clock shows where the candidate is.
pub(super) fn say_there<N: Copy + PartialEq + From<Name>>(
    sheet: &mut Sheet<N>,
    there: Option<&str>,
) {
    let aside = clock_there(sheet, there);
    if let Some(field) = sheet.field_mut(Name::When.into()) {
        field.aside = aside;
    }
}

/// The clock where the candidate is; `None`: it is the same there.
fn clock_there<N: Copy + PartialEq + From<Name>>(
    sheet: &Sheet<N>,
    there: Option<&str>,
) -> Option<String> {
    let zone = TimeZone::get(sheet.chosen(Name::Zone.into())).ok()?;
    let start = sheet.moment(Name::When.into())?.to_zoned(zone).ok()?;
    let there = there?;
    let time = start.with_time_zone(TimeZone::get(there).ok()?);
    if time.offset() == start.offset() {
        return None;
    }
    let day = match time.date() == start.date() {
        true => String::new(),
        false => format!("{} ", times::weekday(time.weekday())),
    };
    let (clock, city) = (times::clock(&time), times::city(there));
    Some(format!("{day}{clock} in {city}"))
}
