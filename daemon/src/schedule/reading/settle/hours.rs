//! Which minutes of a day a clock or a part of it can be.
//!
//! Owns what an hour without am or pm means, and what one end of a range says of the other. Must
//! not know of dates or zones.

use crate::schedule::reading::combine::{DayTime, Relation, TimeSaid};
use crate::schedule::reading::said::{Clock, Half, Part, PartName};

/// Minutes since midnight from and to, with the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Minutes {
    pub(super) from: i32,
    pub(super) to: Option<i32>,
    pub(super) rule: &'static str,
}

/// The two times of an hour by the clock of twelve.
fn both(clock: &Clock) -> (i32, i32) {
    let base = clock.minute % 720;
    (base, base + 720)
}

fn known(clock: &Clock) -> bool {
    clock.half != Half::Unknown
}

/// What a clock can mean, the primary first.
fn clock(clock: &Clock, hint: Option<&Part>) -> Vec<(i32, &'static str)> {
    let minute = clock.minute;
    match clock.half {
        Half::Known => vec![(minute, "clock")],
        Half::TwelveAm => vec![(0, "twelve-am"), (720, "twelve-pm")],
        Half::TwelvePm => vec![(720, "twelve-pm"), (0, "twelve-am")],
        Half::Midnight => vec![(1440, "midnight-ends-day"), (0, "midnight-begins-day")],
        Half::Unknown => {
            let (am, pm) = both(clock);
            if let Some(part) = hint {
                return vec![(in_part(am, pm, part.name), "part-of-day")];
            }
            // 7 to 11 in the morning, 12 at noon, 1 to 6 in the afternoon.
            let morning = (7 * 60..12 * 60).contains(&am);
            match morning {
                true => vec![(am, BARE), (pm, "twelve-hours-later")],
                false => vec![(pm, BARE), (am, "twelve-hours-earlier")],
            }
        }
    }
}

/// The rule that the interface promises for an hour without am or pm.
const BARE: &str = "bare-hour-in-work-hours";

fn in_part(am: i32, pm: i32, part: PartName) -> i32 {
    match part {
        PartName::Morning => am,
        PartName::Afternoon | PartName::EndOfDay => pm,
        PartName::Evening => pm,
        PartName::Lunch if am >= 10 * 60 => am,
        PartName::Lunch => pm,
        // Half past twelve and two at night are after midnight.
        PartName::Night if am < 5 * 60 => am + 1440,
        PartName::Night => pm,
    }
}

/// What a time of the day can mean, the primary first.
pub(super) fn minutes(time: &DayTime) -> Vec<Minutes> {
    let whole = |from, to, rule| vec![Minutes { from, to, rule }];
    let hint = time.hint.as_ref();
    let (start, end) = match (&time.start, &time.end) {
        (TimeSaid::Part(part), None) => {
            return match time.relation {
                Relation::After => whole(part.to, None, "after"),
                Relation::From => whole(part.from, None, "from"),
                Relation::Before => whole(0, Some(part.from), "before"),
                Relation::Until if part.name == PartName::EndOfDay => {
                    whole(0, Some(part.to), "until")
                }
                Relation::Until => whole(0, Some(part.from), "until"),
                _ => whole(part.from, Some(part.to), "part-of-day"),
            };
        }
        (TimeSaid::Part(from), Some(TimeSaid::Part(to))) => {
            return whole(from.from, Some(to.to.max(from.to)), "part-of-day");
        }
        (TimeSaid::Part(from), Some(TimeSaid::Clock(to))) => {
            let to = clock(to, None).first().map_or(from.to, |it| it.0);
            return whole(from.from, Some(to), "part-of-day");
        }
        (TimeSaid::Clock(from), Some(TimeSaid::Part(to))) => {
            let from = clock(from, hint).first().map_or(0, |it| it.0);
            return whole(from, Some(to.to), "part-of-day");
        }
        (TimeSaid::Clock(start), None) => (start, None),
        (TimeSaid::Clock(start), Some(TimeSaid::Clock(end))) => (start, Some(end)),
    };
    let Some(end) = end else {
        // "Thursday morning before 11" opens with the morning.
        let opens = |minute: i32| {
            let part = hint.map(|part| part.from);
            part.filter(|from| *from <= minute).unwrap_or(0)
        };
        let at = |(minute, rule): (i32, &'static str)| match time.relation {
            Relation::Before => Minutes {
                from: opens(minute),
                to: Some(minute),
                rule: other_than(rule, "before"),
            },
            Relation::Until => Minutes {
                from: opens(minute),
                to: Some(minute),
                rule: other_than(rule, "until"),
            },
            Relation::After => Minutes {
                from: minute,
                to: None,
                rule: other_than(rule, "after"),
            },
            Relation::From => Minutes {
                from: minute,
                to: None,
                rule: other_than(rule, "from"),
            },
            _ => Minutes {
                from: minute,
                to: None,
                rule,
            },
        };
        return clock(start, hint).into_iter().map(at).collect();
    };
    if time.end_day.is_some() {
        let from = clock(start, hint).into_iter().next();
        let to = clock(end, hint).into_iter().next();
        return from
            .zip(to)
            .map(|((from, rule), (to, _))| Minutes {
                from,
                to: Some(to),
                rule,
            })
            .into_iter()
            .collect();
    }
    range(start, end, hint)
}

fn other_than(rule: &'static str, relation: &'static str) -> &'static str {
    if rule == "clock" { relation } else { rule }
}

/// From one clock to another: what one does not say of its half of the day, the other does.
fn range(start: &Clock, end: &Clock, hint: Option<&Part>) -> Vec<Minutes> {
    let first = |it: &Clock| clock(it, hint).first().map_or(0, |it| it.0);
    let next_day = |from: i32, to: i32| if to <= from { to + 1440 } else { to };
    let soonest = |from: i32, end: &Clock| {
        let (am, pm) = both(end);
        let after = [am, pm, am + 1440, pm + 1440];
        after.into_iter().find(|it| *it > from).unwrap_or(from)
    };
    let made = |from, to, rule| Minutes {
        from,
        to: Some(to),
        rule,
    };
    match (known(start), known(end)) {
        (true, true) => {
            let (from, to) = (first(start), first(end));
            let to = if end.half == Half::TwelveAm {
                1440
            } else {
                next_day(from, to)
            };
            vec![made(from, to, "clock-range")]
        }
        (true, false) => {
            let from = first(start);
            vec![made(from, soonest(from, end), "clock-range")]
        }
        (false, true) => {
            let to = if end.half == Half::TwelveAm {
                1440
            } else {
                first(end)
            };
            let (am, pm) = both(start);
            let from = [pm, am].into_iter().find(|it| *it < to);
            match from {
                Some(from) => vec![made(from, to, "clock-range")],
                None => vec![made(
                    first(start),
                    next_day(first(start), to),
                    "clock-range",
                )],
            }
        }
        (false, false) => {
            let options = clock(start, hint).into_iter();
            options
                .map(|(from, rule)| made(from, soonest(from, end), rule))
                .collect()
        }
    }
}
