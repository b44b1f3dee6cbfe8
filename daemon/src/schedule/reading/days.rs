//! Weekdays, dates and days counted from today.
//!
//! Owns how a day is written. Invariant: each reader looks at a bounded number of tokens and either
//! says what stands there and where it ends, or `None`. Must not decide which date a weekday is;
//! that is `settle`.

use jiff::civil::{Date, Weekday};

use super::amounts;
use super::said::{
    DateSaid, Day, Frame, Number, Order, Said, Shift, SpanUnit, Which, monday, plus_days,
};
use super::spans;
use super::tokens::{Gap, Token, Tokens};
use super::words;

type Found<T> = Option<(T, usize)>;

/// The day written at `at`.
pub(super) fn day(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Said> {
    numeric(tokens, at, frame)
        .or_else(|| named_date(tokens, at, frame))
        .or_else(|| nth_weekday(tokens, at, frame))
        .or_else(|| relative(tokens, at, frame))
        .or_else(|| counted(tokens, at, frame))
        .or_else(|| holiday(tokens, at, frame))
        .or_else(|| weekday(tokens, at, frame))
        .map(|(day, to)| (Said::Day(day), to))
}

fn dated(date: DateSaid) -> Day {
    Day {
        date: Some(date),
        ..Day::default()
    }
}

fn fixed(day: Date, rule: &'static str) -> Day {
    Day {
        fixed: Some((day, rule)),
        ..Day::default()
    }
}

/// A year as two or four digits.
fn year(number: super::tokens::Number) -> Option<i16> {
    let value = i16::try_from(number.value).ok()?;
    match number.digits {
        2 => Some(2000 + value),
        4 if (1900..=2199).contains(&value) => Some(value),
        _ => None,
    }
}

fn small(tokens: &Tokens<'_>, at: usize) -> Option<i8> {
    let number = tokens.number(at).filter(|it| it.digits <= 2)?;
    i8::try_from(number.value).ok()
}

fn valid(month: i8, day: i8, year: Option<i16>) -> bool {
    // 2028 has a 29 February.
    Date::new(year.unwrap_or(2028), month, day).is_ok()
}

/// `2026-12-01`, `12/3`, `12/3/26`, `2.12.`, `2.12.2026`, `12-03-2026`, `20261201`.
fn numeric(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    let first = tokens.number(at)?;
    let colon = usize::from(tokens.is(at.wrapping_sub(1), ":"));
    if matches!(
        tokens.word(at.wrapping_sub(1 + colon)),
        "version" | "release" | "build" | "python"
    ) {
        return None;
    }
    // A number that another one touches is not its own.
    if at > 0 && tokens.tight(at) && matches!(tokens.low(at - 1), "/" | "." | ":" | "," | "+") {
        let list = tokens.number(at.wrapping_sub(2)).is_none();
        if !list {
            return None;
        }
    }
    if first.digits == 8 {
        let (value, rest) = (first.value / 10_000, first.value % 10_000);
        let date = Date::new(
            i16::try_from(value).ok()?,
            i8::try_from(rest / 100).ok()?,
            i8::try_from(rest % 100).ok()?,
        );
        let date = date.ok().filter(|it| (2000..2100).contains(&it.year()))?;
        return Some((dated(DateSaid::Full(date)), at + 1));
    }
    let mark = tokens.low(at + 1);
    if !tokens.tight(at + 1) {
        return None;
    }
    let mark = match mark {
        "/" | "." => mark,
        _ if tokens.dash(at + 1) => "-",
        _ => return None,
    };
    let second = small(tokens, at + 2)?;
    let same = |place: usize| {
        tokens.tight(place) && (tokens.is(place, mark) || (mark == "-" && tokens.dash(place)))
    };
    let spaced = mark == "." && !tokens.tight(at + 2);
    if first.digits == 4 && tokens.tight(at + 2) && same(at + 3) && tokens.tight(at + 4) {
        let (year, day) = (i16::try_from(first.value).ok()?, small(tokens, at + 4)?);
        let date = Date::new(year, second, day).ok()?;
        let day = Day {
            iso: mark == "-",
            ..dated(DateSaid::Full(date))
        };
        return Some((day, at + 5));
    }
    let first = small(tokens, at).filter(|it| *it > 0)?;
    let third = same(at + 3)
        .then(|| {
            tokens
                .number(at + 4)
                .filter(|_| tokens.tight(at + 4) || spaced)
        })
        .flatten();
    if let Some(year) = third.and_then(year) {
        if tokens.tight(at + 5) && matches!(tokens.low(at + 5), "/" | ":") {
            return None;
        }
        let fits = valid(first, second, Some(year)) || valid(second, first, Some(year));
        return fits.then(|| (dated(DateSaid::Numeric(first, second, Some(year))), at + 5));
    }
    match mark {
        "." if same(at + 3) && third.is_none() && valid(second, first, None) => {
            let clock_before = at > 0 && matches!(tokens.word(at - 1), "at" | "till" | "until");
            let ends = tokens.gap(at + 4) == Gap::Line || tokens.len() <= at + 4;
            if clock_before || (spaced && ends) {
                return None;
            }
            Some((dated(DateSaid::DayMonth(first, second, None)), at + 4))
        }
        "/" if tokens.tight(at + 2) && !same(at + 3) => {
            slashed(tokens, at, first, second, frame).map(|day| (day, at + 3))
        }
        _ => None,
    }
}

/// `12/3`, unless it is a fraction, a rating or a list of days.
fn slashed(tokens: &Tokens<'_>, at: usize, first: i8, second: i8, frame: &Frame) -> Option<Day> {
    let fits = valid(first, second, None) || valid(second, first, None);
    let before = tokens.word(at.wrapping_sub(1));
    let after = tokens.word(at + 3);
    if !fits
        || words::month(after).is_some()
        || after == "of" && words::month(tokens.word(at + 4)).is_some()
    {
        return None;
    }
    if (first, second) == (24, 7) || (first, second) == (7, 24) {
        return None;
    }
    if words::names_a_thing(before)
        || matches!(
            after,
            "stars" | "star" | "rating" | "score" | "points" | "of" | "people" | "split"
        )
        || matches!(
            before,
            "a" | "perfect" | "solid" | "about" | "done" | "passed"
        )
        || tokens.low(at + 3) == "%"
    {
        return None;
    }
    if words::counts_things(after) && !after.is_empty() {
        return None;
    }
    if (first, second) == (1, 1)
        && matches!(after, "meeting" | "with" | "call" | "session" | "chat")
    {
        return None;
    }
    let _ = frame;
    Some(Day {
        weak: true,
        ..dated(DateSaid::Numeric(first, second, None))
    })
}

/// A day of the month, in digits or words, and where it ends: `3`, `3rd`, `third`, `twenty-first`.
fn day_number(tokens: &Tokens<'_>, at: usize) -> Found<(i8, bool)> {
    if let Some(value) = small(tokens, at) {
        let suffix =
            tokens.tight(at + 1) && matches!(tokens.low(at + 1), "st" | "nd" | "rd" | "th");
        let to = if suffix { at + 2 } else { at + 1 };
        return (1..=31).contains(&value).then_some(((value, suffix), to));
    }
    let word = tokens.word(at);
    if let Some(value) = words::ordinal(word) {
        return Some(((i8::try_from(value).ok()?, true), at + 1));
    }
    let tens = match word {
        "twenty" => 20,
        "thirty" => 30,
        _ => return None,
    };
    let next = if tokens.dash(at + 1) { at + 2 } else { at + 1 };
    let ones = words::ordinal(tokens.word(next)).filter(|it| *it < 10)?;
    let value = i8::try_from(tens + ones).ok()?;
    Some(((value, true), next + 1))
}

/// An ordinal alone: `3rd`, `third`, `twenty-first`.
pub(super) fn ordinal(tokens: &Tokens<'_>, at: usize) -> Found<Number> {
    let ((value, ordinal), to) = day_number(tokens, at)?;
    let spelled = tokens.number(at).is_none();
    let number = Number {
        value: u32::try_from(value).ok()?,
        digits: 0,
        ordinal: true,
        spelled,
    };
    ordinal.then_some((number, to))
}

/// The year that follows a day and a month, if one does: `, 2026`, `2026`, `'26`.
fn year_after(tokens: &Tokens<'_>, at: usize) -> (Option<i16>, usize) {
    let place = match tokens.low(at) {
        "," => at + 1,
        _ if tokens.dash(at) && tokens.tight(at) => at + 1,
        "'" | "’" => {
            let short = tokens.number(at + 1).filter(|it| it.digits == 2);
            return match short.and_then(year) {
                Some(found) => (Some(found), at + 2),
                None => (None, at),
            };
        }
        _ => at,
    };
    let clock = tokens.tight(place + 1) && tokens.is(place + 1, ":");
    match tokens.number(place).filter(|it| it.digits == 4 && !clock) {
        Some(number) => match year(number) {
            Some(found) => (Some(found), place + 1),
            None => (None, at),
        },
        None => (None, at),
    }
}

fn month_day(month: i8, day: i8, year: Option<i16>) -> Option<DateSaid> {
    match year {
        Some(year) => Date::new(year, month, day).ok().map(DateSaid::Full),
        None => valid(month, day, None).then_some(DateSaid::MonthDay(month, day)),
    }
}

/// Whether the number that ends before `at` is a clock's: `10:30`, `10am`, `10h`.
fn is_clock(tokens: &Tokens<'_>, at: usize) -> bool {
    let tight = tokens.tight(at);
    (tight && matches!(tokens.low(at), ":" | "h" | "a" | "p")) || {
        let low = tokens.low(at);
        matches!(low, "am" | "pm" | "o'clock" | "o’clock")
            || (matches!(low, "a" | "p") && tokens.is(at + 1, "."))
    }
}

/// `3 December`, `3rd of December 2026`, `the third of december`, `December 3rd, 2026`, `dec 3`.
fn named_date(tokens: &Tokens<'_>, at: usize, _: &Frame) -> Found<Day> {
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    if let Some(month) = words::month(tokens.word(at)) {
        let dot = usize::from(tokens.is(at + 1, ".") && tokens.tight(at + 1));
        let mut next = at + 1 + dot;
        if tokens.dash(next) && tokens.tight(next) || tokens.is(next, "the") {
            next += 1;
        }
        let ((day, ordinal), to) = day_number(tokens, next)?;
        let follows = tokens.word(to);
        if is_clock(tokens, to)
            || (!ordinal && words::counts_things(follows) && words::unit(follows).is_none())
            || (tokens.tight(to) && tokens.is(to, "/"))
        {
            return None;
        }
        let (year, to) = year_after(tokens, to);
        return Some((dated(month_day(month, day, year)?), to));
    }
    let ((day, ordinal), to) = day_number(tokens, at)?;
    let mut next = to;
    // "1. December 8" is the first of a list.
    if tokens.is(next, ".")
        && enumerates(tokens, at)
        && tokens.number(next + 2).is_some_and(|it| it.digits <= 2)
        && !is_clock(tokens, next + 3)
    {
        return None;
    }
    let dashed = tokens.dash(next) && tokens.tight(next) && tokens.tight(next + 1);
    if tokens.is(next, "of") || dashed || (tokens.is(next, ".") && tokens.tight(next)) {
        next += 1;
    }
    if tokens.is(next, "the") || tokens.is(next, ",") && ordinal {
        next += 1;
    }
    let word = tokens.word(next);
    let month = words::month(word)?;
    let verb = !ordinal && next == to && word == "may" && tokens.low(next) == "may";
    if verb
        && matches!(
            tokens.word(at.wrapping_sub(1)),
            "at" | "option" | "or" | "and"
        )
    {
        return None;
    }
    let dot = usize::from(tokens.is(next + 1, ".") && tokens.tight(next + 1) && word.len() <= 4);
    let dot = if tokens.len() == next + 2 { 0 } else { dot };
    let (year, to) = year_after(tokens, next + 1 + dot);
    Some((dated(month_day(month, day, year)?), to))
}

/// Whether the number there numbers a line: `1)`, `2.`.
pub(super) fn enumerates(tokens: &Tokens<'_>, at: usize) -> bool {
    let begins = at == 0 || tokens.gap(at) == Gap::Line || tokens.is(at - 1, "(");
    let mark = matches!(tokens.low(at + 1), ")" | ".") && tokens.tight(at + 1);
    begins && mark && !tokens.tight(at + 2) && tokens.get(at + 2).is_some()
}

/// `first Tuesday of October`, `last Friday of the month`, `last day of January`.
fn nth_weekday(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    let (nth, next) = match tokens.word(at) {
        "last" => (-1, at + 1),
        _ => {
            let ((nth, ordinal), to) = day_number(tokens, at)?;
            (ordinal && nth <= 5).then_some((nth, to))?
        }
    };
    let weekday = words::weekday(tokens.word(next));
    if weekday.is_none() && tokens.word(next) != "day" {
        return None;
    }
    if !matches!(tokens.word(next + 1), "of" | "in") {
        return None;
    }
    let (span, to) = spans::month_or_week(tokens, next + 2, frame)?;
    let day = match (weekday, span.unit) {
        (Some(weekday), SpanUnit::Month) => {
            let month = span.from;
            month.nth_weekday_of_month(nth, weekday).ok()?
        }
        (None, _) if nth == -1 => plus_days(span.to, -1)?,
        (None, _) => plus_days(span.from, i32::from(nth) - 1)?,
        _ => return None,
    };
    Some((fixed(day, "date"), to))
}

/// `today`, `tomorrow`, `the day after tomorrow`.
fn relative(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    let start = if tokens.is(at, "the") { at + 1 } else { at };
    if tokens.is(start, "day") && matches!(tokens.low(start + 1), "after" | "before") {
        let step = if tokens.is(start + 1, "after") { 1 } else { -1 };
        let ends = tokens
            .get(start + 2)
            .is_none_or(|it| matches!(it.low, "." | "," | "?" | "!" | ")" | "at"));
        if step == 1 && start > at && ends {
            let day = Day {
                shift: Some(Shift::Days(1)),
                which: Which::AfterThat,
                ..Day::default()
            };
            return Some((day, start + 2));
        }
        let (mut base, to) = anchor(tokens, start + 2, frame)?;
        base.shift = Some(Shift::Days(step));
        return Some((base, to));
    }
    let days = today_or_tomorrow(tokens.word(at))?;
    Some((fixed(plus_days(frame.today, days)?, "relative-day"), at + 1))
}

fn today_or_tomorrow(word: &str) -> Option<i32> {
    Some(match word {
        "today" | "tdy" | "2day" => 0,
        "tomorrow" | "tomorow" | "tommorow" | "tommorrow" | "tmrw" | "tmr" | "tmw" | "tomo"
        | "tmrrw" => 1,
        "overmorrow" => 2,
        "yesterday" => -1,
        _ => return None,
    })
}

/// A day that others are counted from; it has no shift of its own.
fn anchor(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    if tokens.is(at, "now") {
        return Some((fixed(frame.today, "relative-day"), at + 1));
    }
    if let Some(days) = today_or_tomorrow(tokens.word(at)) {
        return Some((fixed(plus_days(frame.today, days)?, "relative-day"), at + 1));
    }
    numeric(tokens, at, frame)
        .or_else(|| named_date(tokens, at, frame))
        .or_else(|| holiday(tokens, at, frame))
        .or_else(|| plain_weekday(tokens, at))
}

/// `in three days`, `two weeks ago`, `a week from Monday`, `3 days before Christmas`,
/// `a week on Tuesday`.
fn counted(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    if matches!(tokens.word(at), "in" | "within") && !tokens.is(at, "within") {
        let (amount, to) = amounts::amount(tokens, at + 1)?;
        let shift = amount.shift()?;
        let mut to = to;
        if tokens.word(to) == "time" || tokens.is(to, "time") {
            to += 1;
        }
        if matches!(tokens.low(to), "'" | "’") && tokens.is(to + 1, "time") {
            to += 2;
        }
        if tokens.is(to, "of") {
            return None;
        }
        let day = shift.from(frame.today)?;
        return Some((fixed(day, "counted-from-today"), to));
    }
    let (amount, to) = amounts::amount(tokens, at)?;
    let shift = amount.shift()?;
    match tokens.low(to) {
        "ago" => Some((fixed(shift.negative().from(frame.today)?, "ago"), to + 1)),
        "hence" => Some((
            fixed(shift.from(frame.today)?, "counted-from-today"),
            to + 1,
        )),
        "from" | "after" | "on" | "before" | "prior" => {
            let back = matches!(tokens.low(to), "before" | "prior");
            let next = if tokens.is(to, "prior") {
                to + 2
            } else {
                to + 1
            };
            let (mut base, end) = anchor(tokens, next, frame)?;
            if tokens.is(to, "on") && (base.weekday.is_none() || amount.days() != Some(7)) {
                return None;
            }
            base.shift = Some(if back { shift.negative() } else { shift });
            base.weak = false;
            Some((base, end))
        }
        // "a week Monday"
        _ if amount.days() == Some(7) && matches!(tokens.low(at), "a" | "one") => {
            let (mut base, end) = plain_weekday(tokens, to)?;
            base.shift = Some(shift);
            base.weak = false;
            Some((base, end))
        }
        _ => None,
    }
}

fn plain_weekday(tokens: &Tokens<'_>, at: usize) -> Found<Day> {
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    let (which, at) = match tokens.low(at) {
        "next" => (Which::Next, at + 1),
        "this" => (Which::This, at + 1),
        _ => (Which::Bare, at),
    };
    let low = tokens.word(at);
    let weekday = words::weekday(low)?;
    let day = Day {
        weekday: Some(weekday),
        which,
        weak: words::weak_weekday(low) && which == Which::Bare,
        ..Day::default()
    };
    Some((day, at + 1 + usize::from(abbreviation_dot(tokens, at))))
}

/// `Tue.`: the dot of an abbreviation, where the sentence goes on as none begins.
fn abbreviation_dot(tokens: &Tokens<'_>, at: usize) -> bool {
    let small = |it: &Token<'_>| it.text.starts_with(char::is_lowercase) || it.low == ",";
    let goes_on = tokens.number(at + 2).is_some()
        || words::month(tokens.word(at + 2)).is_some()
        || tokens
            .get(at + 2)
            .is_some_and(|it| it.gap != Gap::Line && small(it));
    tokens.low(at).len() <= 5 && dotted_word(tokens, at) && goes_on
}

fn dotted_word(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(at + 1, ".") && tokens.tight(at + 1)
}

/// `thu`, `next tuesday`, `this coming friday`, `tuesday week`, `friday after next`.
fn weekday(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    let mut next = at;
    if tokens.is(next, "the") {
        next += 1;
    }
    let which = match tokens.low(next) {
        "this" => Which::This,
        "next" | "nxt" => Which::Next,
        "last" | "past" | "previous" => Which::Last,
        "coming" | "upcoming" | "following" => Which::Bare,
        _ => Which::AfterThat,
    };
    let said = which != Which::AfterThat;
    let mut which = if said { which } else { Which::Bare };
    next += usize::from(said);
    if which == Which::This && matches!(tokens.low(next), "coming" | "upcoming") {
        which = Which::Bare;
        next += 1;
    }
    let low = tokens.word(next);
    if let Some(weekday) = words::each_weekday(low).filter(|_| !said) {
        let day = Day {
            weekday: Some(weekday),
            which: Which::Each,
            weak: true,
            ..Day::default()
        };
        return Some((day, next + 1));
    }
    let weekday = words::weekday(low)?;
    let mut to = next + 1 + usize::from(abbreviation_dot(tokens, next));
    let mut weak = words::weak_weekday(low) && !said;
    if tokens.is(to, "week") && !matches!(tokens.low(to + 1), "of" | "is" | "was") {
        which = Which::Later(1);
        weak = false;
        to += 1;
    } else if tokens.is(to, "fortnight") {
        which = Which::Later(2);
        weak = false;
        to += 1;
    } else if tokens.is(to, "after") {
        return Some(after(tokens, at, to, weekday, frame))
            .flatten()
            .or_else(|| {
                let day = Day {
                    weekday: Some(weekday),
                    which,
                    weak,
                    ..Day::default()
                };
                Some((day, to))
            });
    } else if tokens.is(to, "in") {
        // "Monday in two weeks"
        if let Some((amount, end)) = amounts::amount(tokens, to + 1)
            && let Some(days) = amount.days().filter(|days| days % 7 == 0)
        {
            let base = frame.today;
            let week = plus_days(monday(base)?, days)?;
            let day = plus_days(week, i32::from(weekday.to_monday_zero_offset()))?;
            return Some((fixed(day, "weekday-counted"), end));
        }
    }
    // An abbreviation's neighbours decide; "Sat" with a capital within a sentence is a day.
    let abbreviated = low == "mon" && dotted_word(tokens, next);
    if weak && (abbreviated || capital_inside(tokens, next)) {
        weak = false;
    }
    let day = Day {
        weekday: Some(weekday),
        which,
        weak,
        ..Day::default()
    };
    Some((day, to))
}

/// `friday after next`, `the Friday after Christmas`, `the Wednesday after`.
fn after(tokens: &Tokens<'_>, at: usize, to: usize, weekday: Weekday, frame: &Frame) -> Found<Day> {
    let which = |which, to| {
        let day = Day {
            weekday: Some(weekday),
            which,
            ..Day::default()
        };
        Some((day, to))
    };
    if tokens.is(to + 1, "next") && tokens.low(to + 2) != "week" {
        return which(Which::Later(1), to + 2);
    }
    if tokens.number(to + 1).is_none() || tokens.number(to + 1).is_some_and(|it| it.digits == 4) {
        let base = numeric(tokens, to + 1, frame)
            .or_else(|| named_date(tokens, to + 1, frame))
            .or_else(|| holiday(tokens, to + 1, frame));
        if let Some((base, end)) = base {
            let (first, _) = super::settle::date_of(&base, frame)?;
            let ahead = i32::from(first.weekday().until(weekday));
            let ahead = if ahead == 0 { 7 } else { ahead };
            return Some((fixed(plus_days(first, ahead)?, "weekday-after"), end));
        }
    }
    let ends = tokens.get(to + 1).is_none()
        || matches!(tokens.low(to + 1), "at" | "that" | "," | "." | "?" | "!");
    if tokens.is(at, "the")
        && ends
        && tokens
            .number(to + 2)
            .is_none_or(|_| tokens.is(to + 1, "at"))
    {
        let end = if tokens.is(to + 1, "that") {
            to + 2
        } else {
            to + 1
        };
        return which(Which::AfterThat, end);
    }
    None
}

/// Whether a word has a capital that no sentence begins with.
fn capital_inside(tokens: &Tokens<'_>, at: usize) -> bool {
    let capital = tokens
        .get(at)
        .is_some_and(|it| it.text.starts_with(char::is_uppercase));
    let inside = at > 0 && !matches!(tokens.low(at - 1), "." | "!" | "?" | "" | ":" | "\"");
    let next = tokens.get(at + 1);
    // "Mon Ami", "Sun Microsystems"
    let name = next.is_some_and(|it| {
        it.text.starts_with(char::is_uppercase)
            && words::month(it.low).is_none()
            && words::weekday(it.low).is_none()
    });
    capital && inside && !name
}

fn holiday(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Day> {
    let before = (
        tokens.word(at.wrapping_sub(2)),
        tokens.word(at.wrapping_sub(1)),
    );
    let since_christmas = matches!(
        before,
        ("christmas" | "xmas" | "day", "and" | "to" | "until")
    );
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    let (first, second, third) = (tokens.word(at), tokens.word(at + 1), tokens.word(at + 2));
    let day = |month, day, to| Some((dated(DateSaid::MonthDay(month, day)), to));
    match (first, second) {
        ("christmas" | "xmas", "eve") => day(12, 24, at + 2),
        ("christmas" | "xmas", "day") => day(12, 25, at + 2),
        ("christmas" | "xmas", "party" | "break" | "holidays" | "card" | "market") => None,
        ("christmas" | "xmas", _) => day(12, 25, at + 1),
        ("boxing", "day") => day(12, 26, at + 2),
        ("new", "year") if third == "eve" => day(12, 31, at + 3),
        ("new", "years") if third == "eve" => day(12, 31, at + 3),
        ("new", "year" | "years") if third == "day" => day(1, 1, at + 3),
        ("new", "year" | "years") if since_christmas => day(1, 1, at + 2),
        ("nye", _) => day(12, 31, at + 1),
        ("halloween", _) => day(10, 31, at + 1),
        ("valentine" | "valentines", "day") => day(2, 14, at + 2),
        ("independence", "day") => day(7, 4, at + 2),
        ("thanksgiving", _) => moving(
            frame,
            (11, 4, Weekday::Thursday, 0),
            at + 1 + usize::from(second == "day"),
        ),
        ("black", "friday") => moving(frame, (11, 4, Weekday::Thursday, 1), at + 2),
        ("cyber", "monday") => moving(frame, (11, 4, Weekday::Thursday, 4), at + 2),
        ("labor" | "labour", "day") => moving(frame, (9, 1, Weekday::Monday, 0), at + 2),
        ("memorial", "day") => moving(frame, (5, -1, Weekday::Monday, 0), at + 2),
        ("mlk", "day") => moving(frame, (1, 3, Weekday::Monday, 0), at + 2),
        ("presidents" | "presidents'" | "president", "day") => {
            moving(frame, (2, 3, Weekday::Monday, 0), at + 2)
        }
        ("mother" | "mothers", "day") => moving(frame, (5, 2, Weekday::Sunday, 0), at + 2),
        ("father" | "fathers", "day") => moving(frame, (6, 3, Weekday::Sunday, 0), at + 2),
        _ => None,
    }
}

/// A holiday on a weekday of a month (the last one: -1), so many days later; the next one.
fn moving(
    frame: &Frame,
    (month, nth, weekday, later): (i8, i8, Weekday, i32),
    to: usize,
) -> Found<Day> {
    let of = |year| {
        let day = Date::new(year, month, 1)
            .ok()?
            .nth_weekday_of_month(nth, weekday)
            .ok()?;
        plus_days(day, later)
    };
    let this = of(frame.today.year())?;
    let found = if this < frame.today {
        of(frame.today.year() + 1)?
    } else {
        this
    };
    Some((fixed(found, "holiday"), to))
}

/// How a dotted pair of numbers reads as a date, if it can be one.
pub(super) fn dotted(first: i8, second: i8, frame: &Frame) -> Option<DateSaid> {
    let fits = match frame.order {
        Order::MonthFirst => valid(first, second, None) || valid(second, first, None),
        _ => valid(second, first, None) || valid(first, second, None),
    };
    fits.then_some(DateSaid::Numeric(first, second, None))
}
