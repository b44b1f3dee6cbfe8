//! Weeks, months and other spans of days: `next week`, `end of January`, `Q1`, `the week of 7 Dec`.
//!
//! Owns which days a span covers. Invariant: a span ends after it begins. Must not know of clocks.

use jiff::ToSpan;
use jiff::civil::Date;

use super::amounts::{self, Amount};
use super::days;
use super::said::{Frame, Said, Span, SpanUnit, monday, plus_days};
use super::settle;
use super::tokens::Tokens;
use super::words;

type Found<T> = Option<(T, usize)>;

/// The span written at `at`.
pub(super) fn span(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Said> {
    part_of(tokens, at, frame)
        .or_else(|| base(tokens, at, frame))
        .map(|(span, to)| (Said::Span(span), to))
}

fn of(from: Date, to: Date, unit: SpanUnit, rule: &'static str) -> Span {
    Span {
        from,
        to,
        unit,
        rule,
        other: None,
        weak: false,
    }
}

/// A week or a month: what a weekday or a day of the month can be of.
pub(super) fn month_or_week(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    base(tokens, at, frame).or_else(|| the(tokens, at, frame))
}

/// `the week`, `the month`, `month`: only with something before it, as in "end of the month".
fn the(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    unit_span(tokens.word(at), 0, frame).map(|span| (span, at + 1))
}

/// So many weeks, months, quarters or years from the present one.
fn unit_span(word: &str, ahead: i32, frame: &Frame) -> Option<Span> {
    let today = frame.today;
    let first = today.first_of_month();
    match word {
        "week" | "wk" => {
            let from = plus_days(monday(today)?, ahead * 7)?;
            Some(of(from, plus_days(from, 7)?, SpanUnit::Week, "week"))
        }
        "weekend" => {
            let from = plus_days(monday(today)?, ahead * 7 + 5)?;
            Some(of(from, plus_days(from, 2)?, SpanUnit::Weekend, "weekend"))
        }
        "month" => month_span(first.checked_add(ahead.months()).ok()?),
        "quarter" => {
            let into = i32::from((today.month() - 1) % 3);
            let from = first.checked_add((ahead * 3 - into).months()).ok()?;
            Some(of(
                from,
                from.checked_add(3.months()).ok()?,
                SpanUnit::Longer,
                "quarter",
            ))
        }
        "year" => {
            let from = Date::new(today.year(), 1, 1).ok()?;
            let from = from.checked_add(ahead.years()).ok()?;
            Some(of(
                from,
                from.checked_add(1.year()).ok()?,
                SpanUnit::Longer,
                "year",
            ))
        }
        _ => None,
    }
}

fn month_span(first: Date) -> Option<Span> {
    let to = first.checked_add(1.month()).ok()?;
    Some(of(first, to, SpanUnit::Month, "month"))
}

fn base(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    let start = if tokens.is(at, "the") { at + 1 } else { at };
    if let Some(found) = special(tokens, start, frame) {
        return Some(found);
    }
    let low = tokens.low(start);
    let ahead = match low {
        "this" | "current" => 0,
        "next" | "coming" | "following" | "upcoming" | "nxt" => 1,
        "last" | "past" | "previous" => -1,
        _ => return bare(tokens, start, start > at, frame),
    };
    let mut next = start + 1;
    if ahead == 0 && matches!(tokens.low(next), "coming" | "upcoming") {
        next += 1;
    }
    let word = tokens.word(next);
    if let Some(mut span) = unit_span(word, ahead, frame) {
        let sunday = frame.today.weekday().to_monday_zero_offset() == 6;
        if span.unit == SpanUnit::Week && ahead == 1 && sunday {
            span.other = Some((plus_days(span.from, 7)?, plus_days(span.to, 7)?));
        }
        if span.unit == SpanUnit::Weekend && ahead == 1 {
            span.other = Some((plus_days(span.from, -7)?, plus_days(span.to, -7)?));
        }
        return Some((span, next + 1));
    }
    if let Some(month) = words::month(word) {
        let year = frame.today.year();
        let now = frame.today.month();
        let year = match ahead {
            0 => year,
            1 if month > now => year,
            1 => year + 1,
            _ if month < now => year,
            _ => year - 1,
        };
        return Some((month_span(Date::new(year, month, 1).ok()?)?, next + 1));
    }
    // "the next 3 days", "the coming two weeks"
    let (amount, to) = amounts::amount(tokens, next)?;
    let shift = match amount {
        Amount::Seconds(_) => return None,
        other => other.shift()?,
    };
    let today = frame.today;
    let span = match ahead {
        -1 => of(
            shift.negative().from(today)?,
            today,
            SpanUnit::Days,
            "span-of-days",
        ),
        _ => of(
            today,
            plus_days(shift.from(today)?, 1)?,
            SpanUnit::Days,
            "span-of-days",
        ),
    };
    (tokens.number(next).is_some() || !matches!(tokens.low(next), "a" | "an")).then_some((span, to))
}

/// `week after next`, `week of 7 December`, `w/c 7 Dec`, `Q1 2027`, `calendar week 50`.
fn special(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    let (first, second) = (tokens.low(at), tokens.low(at + 1));
    if first == "week" || first == "month" {
        if second == "after" && tokens.is(at + 2, "next") {
            return unit_span(first, 2, frame).map(|span| (span, at + 3));
        }
        if first == "week" && matches!(second, "of" | "commencing" | "beginning" | "starting") {
            return week_of(tokens, at + 2, frame);
        }
    }
    if let Some(found) = nth_part(tokens, at, frame) {
        return Some(found);
    }
    if first == "w" && second == "/" && matches!(tokens.low(at + 2), "c" | "o" | "b") {
        return week_of(tokens, at + 3, frame);
    }
    if first == "wc" {
        return week_of(tokens, at + 1, frame);
    }
    let number = |place: usize| tokens.number(place).filter(|it| it.digits <= 2);
    if first == "q"
        && tokens.tight(at + 1)
        && let Some(quarter) = number(at + 1).filter(|it| (1..=4).contains(&it.value))
    {
        let nth = i32::try_from(quarter.value).ok()?;
        let (year, to) = year_at(tokens, at + 2);
        return Some((self::quarter(nth, year, frame)?, to));
    }
    let at = match (first, second) {
        ("kw" | "cw", _) => at + 1,
        ("calendar", "week") => at + 2,
        _ => return None,
    };
    let week = number(at).filter(|it| (1..=53).contains(&it.value))?;
    let week = i8::try_from(week.value).ok()?;
    let of_year = |year| {
        let date = jiff::civil::ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday).ok()?;
        let from = date.date();
        Some(of(from, plus_days(from, 7)?, SpanUnit::Week, "week"))
    };
    let this = of_year(frame.today.year())?;
    let found = if this.to <= frame.today {
        of_year(frame.today.year() + 1)?
    } else {
        this
    };
    Some((found, at + 1))
}

/// `first week of January`, `last week of the month`, `third quarter of 2027`.
fn nth_part(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    let (nth, next) = match tokens.low(at) {
        "last" => (-1, at + 1),
        _ => {
            let (number, to) = days::ordinal(tokens, at)?;
            (i32::try_from(number.value).ok()?, to)
        }
    };
    match tokens.word(next) {
        "quarter" | "qtr" if (1..=4).contains(&nth) => {
            let (year, to) = year_at(tokens, next + 1);
            Some((quarter(nth, year, frame)?, to))
        }
        "week" if matches!(tokens.low(next + 1), "of" | "in") && nth <= 5 => {
            let (month, to) = month_or_week(tokens, next + 2, frame)?;
            if month.unit != SpanUnit::Month {
                return None;
            }
            // Whole weeks of the month, from Monday.
            let first = match month.from.weekday().to_monday_zero_offset() {
                0 => month.from,
                into => plus_days(month.from, 7 - i32::from(into))?,
            };
            let from = match nth {
                -1 => plus_days(monday(month.to)?, -7)?,
                nth => plus_days(first, (nth - 1) * 7)?,
            };
            let inside = from >= month.from && from < month.to;
            let span = of(from, plus_days(from, 7)?, SpanUnit::Week, "week-of-month");
            inside.then_some((span, to))
        }
        _ => None,
    }
}

/// A quarter of a year; without a year the one that is not over.
fn quarter(nth: i32, year: Option<i16>, frame: &Frame) -> Option<Span> {
    let month = i8::try_from((nth - 1) * 3 + 1).ok()?;
    let span = |year| {
        let from = Date::new(year, month, 1).ok()?;
        let to = from.checked_add(3.months()).ok()?;
        Some(of(from, to, SpanUnit::Longer, "quarter"))
    };
    if let Some(year) = year {
        return span(year);
    }
    let this = span(frame.today.year())?;
    if this.to <= frame.today {
        return span(frame.today.year() + 1);
    }
    Some(this)
}

fn week_of(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    let at = if tokens.is(at, "the") && tokens.number(at + 1).is_none() {
        at + 1
    } else {
        at
    };
    let (said, to) = days::day(tokens, at, frame).or_else(|| {
        let (number, to) = days::ordinal(tokens, at + usize::from(tokens.is(at, "the")))?;
        let day = super::said::Day {
            date: Some(super::said::DateSaid::OfMonth(
                i8::try_from(number.value).ok()?,
            )),
            ..Default::default()
        };
        Some((Said::Day(day), to))
    })?;
    let Said::Day(day) = said else { return None };
    let (date, _) = settle::date_of(&day, frame)?;
    let from = monday(date)?;
    Some((of(from, plus_days(from, 7)?, SpanUnit::Week, "week-of"), to))
}

/// A year of four digits, where one stands.
fn year_at(tokens: &Tokens<'_>, at: usize) -> (Option<i16>, usize) {
    let place = if matches!(tokens.low(at), "of" | "," | "/") {
        at + 1
    } else {
        at
    };
    let clock = tokens.tight(place + 1) && tokens.is(place + 1, ":");
    let year = tokens
        .number(place)
        .filter(|it| it.digits == 4 && (1900..2200).contains(&it.value) && !clock)
        .and_then(|it| i16::try_from(it.value).ok());
    (year, if year.is_some() { place + 1 } else { at })
}

/// A month by its name, with or without a year; `the weekend`.
fn bare(tokens: &Tokens<'_>, at: usize, the: bool, frame: &Frame) -> Found<Span> {
    let word = tokens.word(at);
    if word == "weekend"
        && (the || matches!(tokens.word(at.wrapping_sub(1)), "at" | "over" | "the"))
    {
        return unit_span("weekend", 0, frame).map(|span| (span, at + 1));
    }
    let month = words::month(word)?;
    if word == "march" && matches!(tokens.word(at + 1), "on" | "in" | "with" | "to") {
        return None;
    }
    let (year, to) = year_at(tokens, at + 1);
    let first = match year {
        Some(year) => Date::new(year, month, 1).ok()?,
        None => {
            let this = Date::new(frame.today.year(), month, 1).ok()?;
            let over = month < frame.today.month();
            if over {
                Date::new(frame.today.year() + 1, month, 1).ok()?
            } else {
                this
            }
        }
    };
    let before = tokens.word(at.wrapping_sub(1));
    let named = matches!(
        before,
        "in" | "of"
            | "by"
            | "until"
            | "till"
            | "since"
            | "from"
            | "during"
            | "before"
            | "after"
            | "early"
            | "late"
            | "mid"
            | "end"
            | "through"
            | "to"
    );
    let verb = matches!(word, "may" | "march" | "mar" | "jan")
        && tokens.get(at)?.text.starts_with(char::is_lowercase);
    let mut span = month_span(first)?;
    span.weak = year.is_none()
        && (!named || (verb && !matches!(before, "in" | "of" | "early" | "late" | "mid")));
    Some((span, to))
}

/// `end of next week`, `early January`, `mid-March`, `later this week`, `EOM`.
fn part_of(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Span> {
    let start = if tokens.is(at, "the") { at + 1 } else { at };
    let third = |span: Span, which: i32| thirds(span, which);
    match tokens.low(start) {
        "eow" => return Some((third(unit_span("week", 0, frame)?, 2)?, start + 1)),
        "eom" => return Some((third(unit_span("month", 0, frame)?, 2)?, start + 1)),
        "eoy" => return Some((third(unit_span("year", 0, frame)?, 2)?, start + 1)),
        _ => {}
    }
    let low = tokens.low(start);
    let (which, bare) = match low {
        "early" => (0, true),
        "beginning" | "start" => (0, false),
        "mid" => (1, true),
        "middle" => (1, false),
        "late" => (2, true),
        "end" => (2, false),
        "later" | "rest" | "remainder" => (3, low == "later"),
        _ => return None,
    };
    let mut next = start + 1;
    if tokens.dash(next) && bare {
        next += 1;
    }
    let of = tokens.is(next, "of");
    if of || tokens.is(next, "in") {
        next += 1;
    } else if !bare
        && words::month(tokens.word(next)).is_none()
        && !matches!(tokens.low(next), "next" | "this")
    {
        return None;
    }
    let (span, to) =
        base(tokens, next, frame).or_else(|| the(tokens, next, frame).filter(|_| of))?;
    if which == 3 {
        let tomorrow = plus_days(frame.today, 1)?;
        let mut span = span;
        if span.from < tomorrow && tomorrow < span.to {
            span.from = tomorrow;
        }
        span.rule = "rest-of-span";
        return Some((span, to));
    }
    Some((thirds(span, which)?, to))
}

/// The beginning, middle or end of a span. Of a week: Monday and Tuesday, Tuesday to Thursday,
/// Thursday and Friday.
fn thirds(span: Span, which: i32) -> Option<Span> {
    let length = span.from.until(span.to).ok()?.get_days();
    let length = match span.unit {
        SpanUnit::Week => 7,
        _ if length > 0 => length,
        _ => i32::try_from(span.to.duration_since(span.from).as_hours() / 24).ok()?,
    };
    let (from, to) = match (span.unit, which) {
        (SpanUnit::Week, 0) => (0, 2),
        (SpanUnit::Week, 1) => (1, 4),
        (SpanUnit::Week, _) => (3, 5),
        (SpanUnit::Month, 0) => (0, 10),
        (SpanUnit::Month, 1) => (10, 20),
        (SpanUnit::Month, _) => (20, length),
        (_, 0) => (0, length / 3),
        (_, 1) => (length / 3, length * 2 / 3),
        _ => (length * 2 / 3, length),
    };
    let other = match span.other {
        Some((first, _)) => Some((plus_days(first, from)?, plus_days(first, to)?)),
        None => None,
    };
    Some(Span {
        from: plus_days(span.from, from)?,
        to: plus_days(span.from, to)?,
        rule: "part-of-span",
        other,
        weak: false,
        ..span
    })
}
