//! Moving among interviews by arrows: up and down in time, left and right to what lies beside, then
//! to another day. Pure.

use std::collections::BTreeSet;

use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::Interview;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::week;
use crate::keys::Command;
use crate::state::State;
use crate::state::selected::Form;
use crate::widgets::times;

/// Where an interview lies, as far as moving goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    date: Date,
    /// Minutes of the day.
    start: u16,
    /// Its column within the day.
    column: u16,
    /// Up to where interviews lie beside it, as seconds; a day by people has all of its day beside
    /// it.
    beside: (i64, i64),
}

/// The places of a week's interviews, in their order.
pub(crate) fn places(
    shown: &[&Interview],
    form: Form,
    state: &State,
    zone: &TimeZone,
) -> Vec<Place> {
    let columns = match form {
        Form::Week => week::lanes_of(shown, zone, state),
        Form::People => columns_of_people(shown, state),
        Form::Days => vec![0; shown.len()],
    };
    let place = |(interview, column): (&&Interview, u16)| {
        let start = times::at(interview.start.timestamp(), zone);
        let from = interview.start.second();
        Place {
            date: start.date(),
            start: week::span::minute(start.time()),
            column,
            beside: match form {
                Form::People => (i64::MIN, i64::MAX),
                _ => (from, from + 60 * i64::from(interview.duration_minutes)),
            },
        }
    };
    shown.iter().zip(columns).map(place).collect()
}

/// The column of the first of its people, in the order of a day by people.
fn columns_of_people(shown: &[&Interview], state: &State) -> Vec<u16> {
    let key = |it: &greenroom_protocol::workspace::MemberBrief| -> (bool, String, MemberId) {
        (!state.is_me(it.id), it.name.clone(), it.id)
    };
    let people = shown.iter().flat_map(|it| &it.interviewers).map(key);
    let people: BTreeSet<_> = people.collect();
    let first = |interview: &&Interview| {
        let mine = interview.interviewers.iter().map(key).min()?;
        people.iter().position(|it| *it == mine)
    };
    let column = |interview| u16::try_from(first(interview).unwrap_or(0)).unwrap_or(u16::MAX);
    shown.iter().map(column).collect()
}

/// The place a command leads to from `now`; nothing where it moves nothing.
pub(crate) fn step(places: &[Place], now: usize, command: Command) -> Option<usize> {
    let last = places.len().checked_sub(1)?;
    Some(match command {
        Command::Up => now.saturating_sub(1),
        Command::Down => (now + 1).min(last),
        Command::First => 0,
        Command::Last => last,
        Command::Left | Command::PageUp => sideways(places, now, command).unwrap_or(now),
        Command::Right | Command::PageDown => sideways(places, now, command).unwrap_or(now),
        _ => return None,
    })
}

/// The nearest one beside it in that direction, else on the nearest day; a page goes to another day
/// at once.
fn sideways(places: &[Place], now: usize, command: Command) -> Option<usize> {
    let here = places.get(now)?;
    let right = matches!(command, Command::Right | Command::PageDown);
    let pages = matches!(command, Command::PageUp | Command::PageDown);
    let all = || places.iter().enumerate();
    let apart = |it: &Place| it.start.abs_diff(here.start);
    let beside = all().filter(|(_, it)| {
        let further = match right {
            true => it.column > here.column,
            false => it.column < here.column,
        };
        let level = it.beside.0 < here.beside.1 && here.beside.0 < it.beside.1;
        it.date == here.date && further && level
    });
    let beside = beside
        .min_by_key(|(_, it)| (it.column.abs_diff(here.column), apart(it)))
        .filter(|_| !pages);
    if let Some((at, _)) = beside {
        return Some(at);
    }
    let days = all().map(|(_, it)| it.date);
    let day = match right {
        true => days.filter(|date| *date > here.date).min(),
        false => days.filter(|date| *date < here.date).max(),
    }?;
    let there = all().filter(|(_, it)| it.date == day);
    there.min_by_key(|(_, it)| apart(it)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Day of December, hour, column; each takes an hour.
    fn at((day, hour, column): (i8, u16, u16)) -> Place {
        let from = i64::from(day) * 24 * 3600 + i64::from(hour) * 3600;
        Place {
            date: Date::constant(2026, 12, day),
            start: hour * 60,
            column,
            beside: (from, from + 3600),
        }
    }

    #[test]
    fn arrows_lead_where_they_point() {
        let places: Vec<_> = [
            (1, 10, 0),
            (1, 14, 0),
            (2, 9, 0),
            (2, 13, 0),
            (2, 13, 1),
            (4, 10, 0),
        ]
        .map(at)
        .into();
        use Command::{Down, First, Last, Left, PageDown, Right, Up};
        for (from, command, to) in [
            (0, Down, 1),
            (1, Down, 2),
            (5, Down, 5),
            (0, Up, 0),
            // The one nearest in time on the day that has some.
            (0, Right, 2),
            (1, Right, 3),
            (5, Left, 2),
            // What lies beside comes before another day.
            (3, Right, 4),
            (4, Left, 3),
            (4, Right, 5),
            (3, PageDown, 5),
            (0, Left, 0),
            (5, Right, 5),
            (3, First, 0),
            (3, Last, 5),
        ] {
            assert_eq!(step(&places, from, command), Some(to), "{from} {command:?}");
        }
        assert_eq!(step(&[], 0, Down), None);
        assert_eq!(step(&places, 0, Command::Enter), None);
    }
}
