//! Of each number, whether it is an hour, a day of the month, or neither.
//!
//! Owns what the pieces before and after a number make of it. Invariant: it looks a bounded number
//! of pieces ahead and back. Must not put anything together.

use crate::schedule::reading::clocks;
use crate::schedule::reading::said::{Clock, DateSaid, Day, Frame, Link, Number, Piece, Said};
use crate::schedule::reading::settle;

use super::share::is_bare_weekday;

/// How far ahead the neighbours of a number are looked at.
const LOOK_AHEAD: usize = 16;

/// Says of each number whether it is an hour, a day of the month, or neither.
pub(super) fn decide_numbers(run: &mut [Piece], alone: bool, frame: &Frame) {
    for at in 0..run.len() {
        let said = match run[at].said {
            Said::Number(number) => decide(run, at, number, alone),
            Said::Clock(clock) if clock.or_date.is_some() => decide_dotted(run, at, clock, frame),
            _ => continue,
        };
        run[at].said = said;
    }
}

fn hour(number: Number, doubtful: bool) -> Said {
    let leading = number.digits == 2 && number.value < 10;
    let most = if number.spelled { 12 } else { 24 };
    if number.ordinal || number.value > most {
        return Said::Break;
    }
    let Ok(hour) = i32::try_from(number.value) else {
        return Said::Break;
    };
    let mut clock = clocks::of_hour(hour, 0, leading);
    clock.number = i8::try_from(number.value)
        .ok()
        .filter(|it| doubtful && *it > 0 && !leading);
    Said::Clock(clock)
}

fn day_of_month(number: Number) -> Said {
    let Some(day) = i8::try_from(number.value)
        .ok()
        .filter(|it| (1..=31).contains(it))
    else {
        return Said::Break;
    };
    Said::Day(Day {
        date: Some(DateSaid::OfMonth(day)),
        weak: true,
        ..Day::default()
    })
}

/// Links that hold a list or a range together.
pub(super) fn lists(link: Link) -> bool {
    matches!(
        link,
        Link::Comma
            | Link::Or
            | Link::And
            | Link::Slash
            | Link::Dash
            | Link::To
            | Link::The
            | Link::Soft
            | Link::Until
    )
}

fn decide(run: &[Piece], at: usize, number: Number, alone: bool) -> Said {
    let before: Vec<&Said> = run[..at]
        .iter()
        .rev()
        .take(LOOK_AHEAD)
        .map(|it| &it.said)
        .collect();
    let link = before.iter().find_map(|it| match it {
        Said::Link(Link::The | Link::Around | Link::Soft | Link::Bracket) => None,
        other => Some(*other),
    });
    // "12 and 13 December", "1st, 2nd or 3rd of December"
    let ahead = &run[at + 1..run.len().min(at + 1 + LOOK_AHEAD)];
    if leads_to_month(ahead) && !matches!(link, Some(Said::Link(Link::At))) {
        return day_of_month(number);
    }
    if number.ordinal {
        return day_of_month(number);
    }
    let last_entry = before
        .iter()
        .find(|it| !matches!(it, Said::Link(_) | Said::Zone(..)))
        .copied();
    let around = matches!(before.first(), Some(Said::Link(Link::Around)));
    let at_link = matches!(link, Some(Said::Link(Link::At))) || (around && !number.ordinal);
    if at_link {
        return hour(number, false);
    }
    let listed = matches!(link, Some(Said::Link(it)) if lists(*it));
    match last_entry {
        Some(Said::Clock(_)) if listed => return hour(number, false),
        Some(Said::Day(day)) if listed && in_month(day) && !leads_to_clock(ahead) => {
            return day_of_month(number);
        }
        Some(Said::Day(day)) if !number.spelled && !in_month(day) => {
            let doubtful = !leads_to_clock(ahead) && ahead.is_empty();
            let next_is_clock = ahead
                .iter()
                .find(|it| !matches!(it.said, Said::Link(Link::At | Link::Comma | Link::Bracket)))
                .is_some_and(|it| matches!(it.said, Said::Clock(_) | Said::Number(_)))
                && !matches!(ahead.first().map(|it| &it.said), Some(Said::Link(it)) if lists(*it) && *it != Link::Comma);
            // "Tue 1 10:30", "Tue 8 at 10": the clock stands behind it.
            if next_is_clock && day.weekday.is_some() && !leads_to_list_of_clocks(ahead) {
                return day_of_month(number);
            }
            return hour(number, doubtful || day.weekday.is_some());
        }
        Some(Said::Day(_))
            if matches!(
                link,
                Some(Said::Day(_) | Said::Link(Link::Comma | Link::Colon))
            ) && !number.spelled =>
        {
            return hour(number, false);
        }
        Some(Said::Span(_)) if matches!(link, Some(Said::Span(_))) => return Said::Break,
        _ => {}
    }
    let relation = matches!(
        link,
        Some(Said::Link(
            Link::From | Link::After | Link::Before | Link::Until | Link::By | Link::Between
        ))
    );
    let ranged = matches!(
        ahead.first().map(|it| &it.said),
        Some(Said::Link(Link::Dash | Link::To | Link::Until | Link::And))
    ) && matches!(
        ahead.get(1).map(|it| &it.said),
        Some(Said::Number(_) | Said::Clock(_))
    );
    if matches!(link, Some(Said::Link(Link::From | Link::Between))) && ranged {
        return hour(number, false);
    }
    if relation && !matches!(link, Some(Said::Link(Link::From | Link::Between))) && !number.spelled
    {
        return hour(number, false);
    }
    if relation && number.spelled && ahead.is_empty() {
        return hour(number, false);
    }
    let dashed = run.iter().all(|it| {
        matches!(
            it.said,
            Said::Number(_) | Said::Clock(_) | Said::Link(Link::Dash | Link::Line)
        )
    });
    let to_something = matches!(
        ahead.first().map(|it| &it.said),
        Some(Said::Link(Link::To | Link::Dash))
    );
    if matches!(link, Some(Said::Link(Link::From))) && !number.spelled && !to_something {
        return hour(number, false);
    }
    // "3–4pm", "3 or 4pm", "10 in the morning", "10 CET", "10 on Tuesday", "10 tomorrow"
    if leads_to_part_or_day(ahead, number) {
        return hour(number, false);
    }
    if let Some(clock) = clock_ahead(ahead) {
        let said = hour(number, false);
        return match said {
            Said::Clock(hour) => Said::Clock(Clock {
                weak: clock.weak,
                ..hour
            }),
            other => other,
        };
    }
    if run.len() > LOOK_AHEAD {
        return Said::Break;
    }
    let two = run
        .iter()
        .filter(|it| matches!(it.said, Said::Number(_) | Said::Clock(_)))
        .count()
        == 2;
    let whole = !run.iter().any(|it| matches!(it.said, Said::Break));
    // "9 to 5" are hours; "1-2" can be anything.
    if alone && whole && ranged && !dashed && two && ends_within_a_day(ahead) {
        return hour(number, false);
    }
    Said::Break
}

/// Whether a day says its month, so that a number listed after it is of the same month.
fn in_month(day: &Day) -> bool {
    matches!(
        day.date,
        Some(
            DateSaid::MonthDay(..)
                | DateSaid::Full(_)
                | DateSaid::OfMonth(_)
                | DateSaid::DayMonth(..)
        )
    )
}

fn leads_to_month(ahead: &[Piece]) -> bool {
    let mut linked = false;
    for piece in ahead {
        match &piece.said {
            Said::Link(link) if lists(*link) => linked = true,
            Said::Number(_) if linked => linked = false,
            // "Monday 7 or Tuesday 8 December"
            Said::Day(day) if linked && is_bare_weekday(day) => {}
            Said::Day(day) => {
                return linked
                    && day.weekday.is_none()
                    && matches!(day.date, Some(DateSaid::MonthDay(..) | DateSaid::Full(_)))
                    && !day.iso;
            }
            _ => return false,
        }
    }
    false
}

/// Whether the number that a range goes to can be an hour.
fn ends_within_a_day(ahead: &[Piece]) -> bool {
    ahead.iter().all(|it| match it.said {
        Said::Number(number) => number.value <= 24,
        _ => true,
    })
}

fn leads_to_clock(ahead: &[Piece]) -> bool {
    clock_ahead(ahead).is_some()
}

/// The clock that a list of numbers ends in, which says what they are.
fn clock_ahead(ahead: &[Piece]) -> Option<Clock> {
    let mut linked = false;
    for piece in ahead {
        match &piece.said {
            Said::Link(Link::At | Link::Around) => {}
            Said::Link(link) if lists(*link) => linked = true,
            Said::Number(number) if linked && !number.ordinal => linked = false,
            Said::Clock(clock) => return Some(*clock).filter(|_| linked),
            _ => return None,
        }
    }
    None
}

/// "Tue 10, 11:30 or 14:00": the clocks go on with the list that the number began.
fn leads_to_list_of_clocks(ahead: &[Piece]) -> bool {
    let comma = matches!(
        ahead.first().map(|it| &it.said),
        Some(Said::Link(Link::Comma))
    );
    comma && leads_to_clock(ahead)
}

fn leads_to_part_or_day(ahead: &[Piece], number: Number) -> bool {
    let mut between = 0;
    for piece in ahead {
        match &piece.said {
            Said::Part(_) => return true,
            Said::Zone(..) => return true,
            Said::Day(day) => {
                let known = day.weekday.is_some() || day.fixed.is_some();
                return known && !number.spelled && between < 3;
            }
            Said::Link(Link::In | Link::The | Link::On | Link::At | Link::Bracket) => between += 1,
            Said::Link(Link::Or | Link::And | Link::Comma) => between = 0,
            Said::Number(_) => {}
            _ => return false,
        }
    }
    false
}

/// A dotted pair is a date where "on" stands before it or a clock behind it.
fn decide_dotted(run: &[Piece], at: usize, clock: Clock, frame: &Frame) -> Said {
    let clock_only = Said::Clock(Clock {
        or_date: None,
        weak: clock.weak,
        ..clock
    });
    let Some(date) = clock.or_date else {
        return clock_only;
    };
    let day = Said::Day(Day {
        date: Some(date),
        ..Day::default()
    });
    let before = at.checked_sub(1).map(|it| &run[it].said);
    let after = run[at + 1..].iter().find(|it| {
        !matches!(
            it.said,
            Said::Link(Link::At | Link::Comma | Link::Bracket | Link::From | Link::Between)
        )
    });
    let then_clock = after.is_some_and(|it| matches!(it.said, Said::Clock(_)))
        && !matches!(
            run.get(at + 1).map(|it| &it.said),
            Some(Said::Link(Link::Dash | Link::To | Link::Or))
        );
    match before {
        Some(Said::Link(Link::On | Link::The)) => day,
        Some(Said::Link(
            Link::At
            | Link::Around
            | Link::To
            | Link::Dash
            | Link::Until
            | Link::After
            | Link::Before,
        )) => clock_only,
        Some(Said::Day(said)) => {
            let this = Day {
                weekday: said.weekday,
                which: said.which,
                date: Some(date),
                ..Day::default()
            };
            let agrees = said.weekday.is_some()
                && settle::date_of(&this, frame)
                    .is_some_and(|(found, _)| Some(found.weekday()) == said.weekday);
            if agrees && then_clock {
                day
            } else {
                Said::Clock(Clock {
                    or_date: None,
                    weak: false,
                    ..clock
                })
            }
        }
        _ if then_clock => day,
        Some(Said::Clock(_) | Said::Number(_)) => clock_only,
        _ => Said::Clock(clock),
    }
}
