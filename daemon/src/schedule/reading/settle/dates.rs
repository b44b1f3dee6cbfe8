//! Which dates a day can be.
//!
//! Owns what a weekday, a date without a year and two numbers mean, the likelier first, and which
//! readings contradict each other. Must not know of clocks or zones.

use jiff::civil::{Date, Weekday};

use crate::schedule::reading::said::{
    DateSaid, Day, Frame, Order, Span, SpanUnit, Which, monday, plus_days,
};

/// Days that words can mean, with the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayReading {
    pub(super) first: Date,
    /// The day after the last one, where several were said.
    pub(super) end: Option<Date>,
    pub(super) rule: &'static str,
    pub(super) longer: bool,
}

const DIFFERS: &str = "weekday-differs";
const ORDER: &str = "day-or-month-first";

/// The day that comes first among the readings.
pub(in crate::schedule::reading) fn date_of(
    day: &Day,
    frame: &Frame,
) -> Option<(Date, &'static str)> {
    let readings = readings(day, frame, None).ok()?;
    readings.first().map(|it| (it.first, it.rule))
}

pub(super) fn one(first: Date, rule: &'static str) -> DayReading {
    DayReading {
        first,
        end: None,
        rule,
        longer: false,
    }
}

/// The readings of a day, the primary first, or why none is.
pub(super) fn readings(
    day: &Day,
    frame: &Frame,
    carried: Option<Date>,
) -> Result<Vec<DayReading>, (&'static str, Vec<DayReading>)> {
    let mut found = unshifted(day, frame, carried)?;
    if let Some(shift) = day.shift {
        for reading in &mut found {
            match shift.from(reading.first) {
                Some(date) => *reading = one(date, "counted-from-day"),
                None => return Err(("out-of-range", Vec::new())),
            }
        }
    }
    Ok(found)
}

fn unshifted(
    day: &Day,
    frame: &Frame,
    carried: Option<Date>,
) -> Result<Vec<DayReading>, (&'static str, Vec<DayReading>)> {
    let none = || ("out-of-range", Vec::new());
    let dates = match (day.date, day.fixed) {
        (Some(date), fixed) => {
            let (mut dates, equal) = dates(date, day, frame);
            if let Some((fixed, rule)) = fixed {
                let agrees = dates.iter().any(|it| it.first == fixed);
                if !agrees {
                    return Err(("dates-differ", Vec::new()));
                }
                dates = vec![one(fixed, rule)];
            }
            match day.weekday {
                Some(weekday) => {
                    dates.retain(|it| it.first.weekday() == weekday);
                    if dates.is_empty() {
                        return Err((DIFFERS, Vec::new()));
                    }
                    dates.truncate(1);
                }
                None => {
                    dates.retain(|it| it.rule != "past");
                    if equal && dates.len() > 1 {
                        return Err((ORDER, dates));
                    }
                }
            }
            dates
        }
        (None, Some((fixed, rule))) => {
            if day
                .weekday
                .is_some_and(|weekday| weekday != fixed.weekday())
            {
                return Err((DIFFERS, Vec::new()));
            }
            vec![one(fixed, rule)]
        }
        (None, None) => match (day.weekday, &day.within) {
            (Some(weekday), within) => {
                weekdays(weekday, day.which, within.as_ref(), frame, carried)
            }
            (None, Some(span)) => {
                let reading = |(first, end): (Date, Date), rule| DayReading {
                    first,
                    end: Some(end),
                    rule,
                    longer: true,
                };
                let mut all = vec![reading((span.from, span.to), span.rule)];
                all.extend(span.other.map(|it| reading(it, "week-after")));
                all
            }
            // "the day after": of what was said before.
            (None, None) => carried.map(|it| one(it, "day-after")).into_iter().collect(),
        },
    };
    if dates.is_empty() {
        Err(none())
    } else {
        Ok(dates)
    }
}

/// The dates that a written date can be, the likelier first, and whether two are as likely.
fn dates(said: DateSaid, day: &Day, frame: &Frame) -> (Vec<DayReading>, bool) {
    match said {
        DateSaid::Full(date) => (vec![one(date, "date")], false),
        DateSaid::MonthDay(month, day) => (yearless(month, day, frame, "date-next"), false),
        DateSaid::DayMonth(first, second, year) => {
            (with_year(second, first, year, frame, "day-first"), false)
        }
        DateSaid::OfMonth(number) => (of_month(number, day, frame), false),
        DateSaid::Numeric(first, second, year) => {
            let month_first = with_year(first, second, year, frame, "month-first");
            let day_first = with_year(second, first, year, frame, "day-first");
            let same = first == second;
            let both = !same && !month_first.is_empty() && !day_first.is_empty();
            let (mut all, rest) = match frame.order {
                Order::MonthFirst => (month_first, day_first),
                Order::DayFirst | Order::Both => (day_first, month_first),
            };
            if !same {
                all.extend(rest.into_iter().filter(|it| it.rule != "past"));
            }
            // What is past in one order stays behind the other order.
            all.sort_by_key(|it| it.rule == "past");
            (all, both && frame.order == Order::Both)
        }
    }
}

fn with_year(
    month: i8,
    day: i8,
    year: Option<i16>,
    frame: &Frame,
    rule: &'static str,
) -> Vec<DayReading> {
    match year {
        Some(year) => Date::new(year, month, day)
            .ok()
            .map(|it| one(it, rule))
            .into_iter()
            .collect(),
        None => yearless(month, day, frame, rule),
    }
}

/// How long ago a date without a year may be that its weekday says is past.
const RECENT_DAYS: i32 = 60;

/// Without a year: the next one from today on; the last one too, for a weekday that says so.
fn yearless(month: i8, day: i8, frame: &Frame, rule: &'static str) -> Vec<DayReading> {
    let year = frame.today.year();
    // A 29 February can be four years ahead, or eight around 2100.
    let next = (0..=8)
        .filter_map(|ahead| Date::new(year + ahead, month, day).ok())
        .find(|it| *it >= frame.today);
    let recent = plus_days(frame.today, -RECENT_DAYS);
    let past = Date::new(year, month, day)
        .ok()
        .filter(|it| *it < frame.today && recent.is_none_or(|recent| *it >= recent));
    let mut all: Vec<_> = next.map(|it| one(it, rule)).into_iter().collect();
    all.extend(past.map(|it| one(it, "past")));
    all
}

/// A day of the month without a month: in the month or week named, else the next one.
fn of_month(number: i8, day: &Day, frame: &Frame) -> Vec<DayReading> {
    let first = match &day.within {
        Some(span) if span.unit == SpanUnit::Month => {
            let date = Date::new(span.from.year(), span.from.month(), number);
            return date
                .ok()
                .map(|it| one(it, "day-of-month"))
                .into_iter()
                .collect();
        }
        Some(span) => span.from,
        None => frame.today,
    };
    let mut found = Vec::new();
    let mut month = first.first_of_month();
    for _ in 0..3 {
        if let Ok(date) = Date::new(month.year(), month.month(), number)
            && date >= first
            && (found.is_empty() || day.weekday.is_some())
        {
            found.push(one(date, "day-of-month"));
        }
        let Some(next) = plus_days(month, i32::from(month.days_in_month())) else {
            break;
        };
        month = next;
    }
    found
}

/// R2: which day a weekday is.
fn weekdays(
    weekday: Weekday,
    which: Which,
    within: Option<&Span>,
    frame: &Frame,
    carried: Option<Date>,
) -> Vec<DayReading> {
    let today = frame.today;
    let at = i32::from(weekday.to_monday_zero_offset());
    let in_week = |from: Date, weeks: i32| plus_days(monday(from)?, weeks * 7 + at);
    let ahead = i32::from(today.weekday().until(weekday));
    let after = |day: Date| {
        let ahead = i32::from(day.weekday().until(weekday));
        plus_days(day, if ahead == 0 { 7 } else { ahead })
    };
    let next = after(today);
    let mut all: Vec<DayReading> = Vec::new();
    let mut push = |date: Option<Date>, rule| all.extend(date.map(|date| one(date, rule)));
    if let Some(span) = within {
        match span.unit {
            SpanUnit::Week => {
                push(in_week(span.from, 0), "weekday-in-week");
                if let Some((other, _)) = span.other {
                    push(in_week(other, 0), "week-after");
                }
            }
            _ => {
                let first = plus_days(span.from, i32::from(span.from.weekday().until(weekday)));
                push(first, "weekday-in-span");
            }
        }
        return all;
    }
    match which {
        Which::Bare => {
            push(next, "weekday-next");
            if ahead == 0 {
                push(Some(today), "weekday-today");
            }
        }
        Which::Each => push(next, "weekday-next-of-each"),
        Which::This => {
            let this = in_week(today, 0).filter(|it| *it >= today);
            push(this.or(next), "weekday-this");
            if ahead == 0 {
                push(next, "weekday-next");
            }
        }
        Which::Next => {
            let of_next_week = in_week(today, 1);
            push(of_next_week, "weekday-of-next-week");
            let sooner = in_week(today, 0).filter(|it| *it > today);
            match sooner {
                Some(sooner) => push(Some(sooner), "weekday-next"),
                None => push(in_week(today, 2), "weekday-later"),
            }
        }
        Which::Last => {
            let back = i32::from(weekday.until(today.weekday()));
            let back = if back == 0 { 7 } else { back };
            push(plus_days(today, -back), "weekday-last");
        }
        Which::Later(weeks) => {
            push(
                next.and_then(|it| plus_days(it, weeks * 7)),
                "weekday-later",
            );
        }
        Which::AfterThat => match carried {
            Some(carried) => push(after(carried), "weekday-after"),
            None => push(in_week(today, 1), "weekday-of-next-week"),
        },
    }
    all
}
/// The last day of a range that begins on `first`.
pub(super) fn last_day(first: Date, until: &Day, frame: &Frame) -> Option<Date> {
    if let Some(weekday) = until.weekday
        && until.date.is_none()
        && until.fixed.is_none()
    {
        return plus_days(first, i32::from(first.weekday().until(weekday)));
    }
    let from = Frame {
        today: first,
        ..frame.clone()
    };
    let found = readings(until, &from, None).ok()?;
    let last = found.first()?;
    let last = match last.end {
        Some(end) => plus_days(end, -1)?,
        None => last.first,
    };
    (last >= first).then_some(last)
}
