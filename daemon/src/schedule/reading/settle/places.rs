//! A local time in its zone.
//!
//! Owns what a time means that the clocks leave out or repeat when they change.

use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::schedule::reading::said::plus_days;

/// The first moment of a day.
pub(in crate::schedule::reading) fn midnight(date: Date, zone: &TimeZone) -> Option<Instant> {
    let start = date.to_zoned(zone.clone()).ok()?;
    Some(Instant::from(start.timestamp()))
}

/// A local time in a zone.
pub(super) enum Local {
    One(Instant),
    /// The clocks go forward over it, or back: what it could mean, and the name of that.
    Two(Instant, Instant, &'static str),
    None,
}

pub(super) fn local(date: Date, minute: i32, zone: &TimeZone) -> Local {
    let days = minute.div_euclid(1440);
    let minute = minute.rem_euclid(1440);
    let (Ok(hour), Ok(past)) = (i8::try_from(minute / 60), i8::try_from(minute % 60)) else {
        return Local::None;
    };
    let Some(date) = plus_days(date, days) else {
        return Local::None;
    };
    let time = date.at(hour, past, 0, 0);
    let moment = |offset: Offset| offset.to_timestamp(time).ok().map(Instant::from);
    let two = |before, after, why| match (moment(before), moment(after)) {
        (Some(first), Some(second)) => Local::Two(first.min(second), first.max(second), why),
        _ => Local::None,
    };
    match zone.to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset } => moment(offset).map_or(Local::None, Local::One),
        AmbiguousOffset::Gap { before, after } => two(before, after, "clocks-go-forward"),
        AmbiguousOffset::Fold { before, after } => two(before, after, "clocks-go-back"),
    }
}

/// The moment, the earlier one where the clocks change.
pub(super) fn plain(date: Date, minute: i32, zone: &TimeZone) -> Option<Instant> {
    match local(date, minute, zone) {
        Local::One(moment) | Local::Two(moment, ..) => Some(moment),
        Local::None => None,
    }
}
