//! Times of the clock and parts of the day.
//!
//! Owns how an hour is written. Invariant: each reader looks at a bounded number of tokens. Must
//! not choose between morning and afternoon; that is `settle`.

use super::days;
use super::said::{Clock, Frame, Half, Part, PartName, Said};
use super::tokens::Tokens;
use super::words;

type Found<T> = Option<(T, usize)>;

/// The clock or the part of a day written at `at`.
pub(super) fn clock(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Said> {
    named(tokens, at)
        .or_else(|| past_or_to(tokens, at))
        .or_else(|| figures(tokens, at, frame))
        .or_else(|| spelled(tokens, at))
        .map(|(clock, to)| (Said::Clock(clock), ish(tokens, to)))
        .or_else(|| part(tokens, at).map(|(part, to)| (Said::Part(part), to)))
}

fn made(minute: i32, half: Half) -> Clock {
    Clock {
        minute,
        half,
        weak: false,
        or_date: None,
        number: None,
        or_year: false,
    }
}

/// An hour and minute whose half of the day is known only where the hour says it.
pub(super) fn of_hour(hour: i32, minute: i32, exact: bool) -> Clock {
    let half = match hour {
        1..=12 if !exact => Half::Unknown,
        _ => Half::Known,
    };
    made(hour * 60 + minute, half)
}

/// With am or pm said.
pub(super) fn of_half(hour: i32, minute: i32, pm: bool) -> Option<Clock> {
    let half = match (hour, pm) {
        (12, true) if minute == 0 => Half::TwelvePm,
        (12, false) if minute == 0 => Half::TwelveAm,
        _ => Half::Known,
    };
    let hour = match (hour, pm) {
        (0..=11, true) => hour + 12,
        (12, false) => 0,
        (0..=12, _) => hour,
        // "14:00 pm"
        (13..=23, true) => hour,
        _ => return None,
    };
    Some(made(hour * 60 + minute, half))
}

/// `10ish`, `10-ish`, `10 or so`, `10 sharp`.
fn ish(tokens: &Tokens<'_>, at: usize) -> usize {
    let dashed = tokens.dash(at) && tokens.tight(at) && tokens.is(at + 1, "ish");
    match tokens.low(at) {
        "ish" | "sharp" => at + 1,
        _ if dashed => at + 2,
        "or" if tokens.is(at + 1, "so") => at + 2,
        "on" if tokens.is(at + 1, "the") && tokens.is(at + 2, "dot") => at + 3,
        _ => at,
    }
}

/// am or pm, and whether it is pm: `am`, `a.m.`, `p`.
pub(super) fn meridiem(tokens: &Tokens<'_>, at: usize) -> Found<bool> {
    match tokens.low(at) {
        "am" => Some((false, at + 1)),
        "pm" => Some((true, at + 1)),
        half @ ("a" | "p") => {
            let dotted = tokens.is(at + 1, ".") && tokens.tight(at + 1) && tokens.is(at + 2, "m");
            if dotted {
                let dot = tokens.is(at + 3, ".") && tokens.tight(at + 3);
                return Some((half == "p", at + 3 + usize::from(dot)));
            }
            let spaced = tokens.is(at + 1, "m") && tokens.is(at + 2, ".");
            if spaced {
                return Some((half == "p", at + 3));
            }
            let alone = tokens.tight(at) && !tokens.tight(at + 1) || tokens.dash(at + 1);
            (tokens.tight(at) && alone).then_some((half == "p", at + 1))
        }
        _ => None,
    }
}

/// `noon`, `midday`, `midnight`, `12 noon`.
fn named(tokens: &Tokens<'_>, at: usize) -> Found<Clock> {
    let twelve = tokens.number(at).is_some_and(|it| it.value == 12);
    let next = if twelve || tokens.is(at, "twelve") {
        at + 1
    } else {
        at
    };
    match tokens.word(next) {
        "noon" | "midday" | "noontime" => Some((made(12 * 60, Half::Known), next + 1)),
        "midnight" => Some((made(24 * 60, Half::Midnight), next + 1)),
        _ => None,
    }
}

/// An hour in figures or words, and where it ends.
fn hour(tokens: &Tokens<'_>, at: usize) -> Found<i32> {
    let value = match tokens.number(at) {
        Some(number) if number.digits <= 2 => number.value,
        Some(_) => return None,
        None => words::number(tokens.word(at))?,
    };
    let hour = i32::try_from(value).ok()?;
    (0..=24).contains(&hour).then_some((hour, at + 1))
}

/// `half past ten`, `quarter to 4`, `10 past three`, `20 to 5`, `half ten`.
fn past_or_to(tokens: &Tokens<'_>, at: usize) -> Found<Clock> {
    let mut next = at;
    if tokens.is(next, "a") && tokens.is(next + 1, "quarter") {
        next += 1;
    }
    let before = tokens.word(at.wrapping_sub(1));
    let (minutes, in_words) = match tokens.word(next) {
        "half" => (30, true),
        "quarter" => (15, true),
        word => match tokens.number(next) {
            Some(number) if number.digits <= 2 => (i32::try_from(number.value).ok()?, false),
            Some(_) => return None,
            None => (i32::try_from(words::number(word)?).ok()?, true),
        },
    };
    next += 1;
    if words::number(tokens.word(next)).is_some_and(|it| it < 10) && minutes == 20 && in_words {
        return None;
    }
    let unit = matches!(tokens.low(next), "minutes" | "min" | "mins" | "minute");
    next += usize::from(unit);
    let fraction = matches!(minutes, 15 | 30) && in_words && tokens.number(at).is_none();
    let past = match tokens.word(next) {
        "past" => true,
        "after" if fraction || unit || matches!(minutes, 5 | 10 | 20) => true,
        "to" | "til" | "till" | "before" | "of" => false,
        _ => {
            // "half ten" is British for half past ten.
            let half = tokens.is(next - 1, "half") && !unit;
            let (hour, to) =
                hour(tokens, next).filter(|(hour, _)| half && (1..=12).contains(hour))?;
            if words::unit(tokens.low(to)).is_some() || words::counts_things(tokens.word(to)) {
                return None;
            }
            return finish(tokens, hour, 30, to);
        }
    };
    next += 1;
    let whole = match tokens.word(next) {
        "noon" | "midday" => Some((12, Half::Known, next + 1)),
        "midnight" => Some((24, Half::Known, next + 1)),
        _ => None,
    };
    if !(1..60).contains(&minutes) {
        return None;
    }
    let signed = if past { minutes } else { -minutes };
    if let Some((hour, half, to)) = whole {
        if !past && minutes <= 12 && !in_words && !unit && before != "at" {
            // "10 to noon" is a range.
            return None;
        }
        return Some((made(hour * 60 + signed, half), to));
    }
    let (found, to) = hour(tokens, next).filter(|(hour, _)| (1..=12).contains(hour))?;
    if !past {
        // "9 to 5" and "ten to four" are ranges unless minutes are meant: `quarter to 4`, `20 to 5`.
        let minutes_meant = fraction
            || unit
            || (minutes > 12 && minutes % 5 == 0)
            || (in_words && minutes == 5 && !matches!(before, "from" | "between"));
        if !minutes_meant || (tokens.is(next - 1, "of") && !fraction) {
            return None;
        }
    }
    if tokens.is(to, ":") && tokens.tight(to) {
        return None;
    }
    finish(tokens, found, signed, to)
}

/// So many minutes from an hour, with am or pm where they follow.
fn finish(tokens: &Tokens<'_>, hour: i32, minutes: i32, to: usize) -> Found<Clock> {
    let to = match tokens.word(to) {
        "o'clock" | "o’clock" | "oclock" => to + 1,
        _ => to,
    };
    if let Some((pm, end)) = meridiem(tokens, to) {
        let clock = of_half(hour, 0, pm)?;
        return Some((
            made((clock.minute + minutes).rem_euclid(24 * 60), Half::Known),
            end,
        ));
    }
    // By the clock of twelve hours: quarter to one is 12:45.
    let minute = hour % 12 * 60 + minutes;
    let minute = minute.rem_euclid(12 * 60);
    let minute = if minute < 60 {
        minute + 12 * 60
    } else {
        minute
    };
    Some((made(minute, Half::Unknown), to))
}

/// `ten thirty`, `nine o'clock`, `three pm`, `ten-ish`.
fn spelled(tokens: &Tokens<'_>, at: usize) -> Found<Clock> {
    if tokens.number(at).is_some() {
        return None;
    }
    let (hour, next) = hour(tokens, at).filter(|(hour, _)| (1..=12).contains(hour))?;
    if let Some((pm, to)) = meridiem(tokens, next) {
        return Some((of_half(hour, 0, pm)?, to));
    }
    if matches!(tokens.word(next), "o'clock" | "o’clock" | "oclock") {
        return with_half(tokens, hour, 0, false, next + 1);
    }
    if ish(tokens, next) > next && !tokens.is(next, "or") {
        return Some((of_hour(hour, 0, false), next));
    }
    let dash = usize::from(tokens.dash(next) && tokens.tight(next));
    let next = next + dash;
    let (minute, to) = match tokens.word(next) {
        "oh" | "o" => (
            words::number(tokens.word(next + 1)).filter(|it| *it < 10)?,
            next + 2,
        ),
        word => {
            let tens = words::number(word).filter(|it| (10..60).contains(it))?;
            let after = next + 1 + usize::from(tokens.dash(next + 1) && tokens.tight(next + 1));
            match words::number(tokens.word(after)).filter(|it| *it < 10 && tens >= 20) {
                Some(ones) if tens % 10 == 0 => (tens + ones, after + 1),
                _ => (tens, next + 1),
            }
        }
    };
    if words::unit(tokens.low(to)).is_some() || words::counts_things(tokens.word(to)) {
        return None;
    }
    with_half(tokens, hour, i32::try_from(minute).ok()?, false, to)
}

fn with_half(tokens: &Tokens<'_>, hour: i32, minute: i32, exact: bool, to: usize) -> Found<Clock> {
    match meridiem(tokens, to) {
        Some((pm, end)) => Some((of_half(hour, minute, pm)?, end)),
        None => Some((of_hour(hour, minute, exact), to)),
    }
}

/// `10:30`, `10.30`, `10h30`, `3pm`, `1400`, `14:00h`, `10 o'clock`, `14h`.
fn figures(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Found<Clock> {
    let number = tokens.number(at)?;
    let touches = at > 0
        && tokens.tight(at)
        && (matches!(tokens.low(at - 1), "." | ":" | "+")
            || (tokens.is(at - 1, ",") && tokens.number(at.wrapping_sub(2)).is_some()));
    if touches {
        return None;
    }
    if words::names_a_thing(tokens.word(at.wrapping_sub(1))) {
        return None;
    }
    if number.digits > 2 {
        return compact(tokens, at, number);
    }
    let hour = i32::try_from(number.value).ok()?;
    let leading = number.digits == 2 && hour < 10;
    if let Some((minute, to)) = minutes(tokens, at + 1, ":") {
        if hour > 24 || (tokens.is(to, ":") && tokens.tight(to)) {
            return None;
        }
        let (exact, to) = hours_mark(tokens, to);
        return valid(with_half(tokens, hour, minute, exact || leading, to)?);
    }
    if let Some((minute, to)) = minutes(tokens, at + 1, "h") {
        let clock = valid(with_half(tokens, hour, minute, hour > 6 || leading, to)?)?;
        // "2h30" is how long, unless something says when.
        let (mut clock, to) = clock;
        clock.weak = hour < 7 && !leading;
        return Some((clock, to));
    }
    if let Some(found) = meridiem(tokens, at + 1) {
        let (pm, to) = found;
        let clock = of_half(hour, 0, pm).filter(|_| hour <= 12)?;
        return Some((clock, to));
    }
    if matches!(
        tokens.word(at + 1),
        "o'clock" | "o’clock" | "oclock" | "uhr"
    ) {
        let exact = tokens.is(at + 1, "uhr");
        return valid(with_half(tokens, hour, 0, exact, at + 2)?);
    }
    if ish(tokens, at + 1) > at + 1 && !tokens.is(at + 1, "on") && !tokens.is(at + 1, "or") {
        let to = ish(tokens, at + 1);
        if (1..=24).contains(&hour) {
            return with_half(tokens, hour, 0, leading, to);
        }
    }
    if tokens.is(at + 1, "h") && tokens.tight(at + 1) && (7..=24).contains(&hour) {
        let clock = Clock {
            weak: true,
            ..of_hour(hour, 0, true)
        };
        return Some((clock, at + 2));
    }
    if let Some((minute, to)) = spaced_minutes(tokens, at) {
        return valid(with_half(tokens, hour, minute, leading, to)?);
    }
    dotted(tokens, at, hour, leading, frame)
}

/// "at 4 15"
fn spaced_minutes(tokens: &Tokens<'_>, at: usize) -> Found<i32> {
    let said = matches!(tokens.low(at.wrapping_sub(1)), "at" | "@");
    let minute = tokens
        .number(at + 1)
        .filter(|it| said && it.digits == 2 && (10..60).contains(&it.value) && it.value % 5 == 0)?;
    let goes_on = tokens.tight(at + 1)
        || (tokens.tight(at + 2)
            && tokens
                .get(at + 2)
                .is_some_and(|it| !matches!(it.low, "." | "," | "?")))
        || words::counts_things(tokens.word(at + 2))
        || words::month(tokens.word(at + 2)).is_some();
    (!goes_on).then_some((i32::try_from(minute.value).ok()?, at + 2))
}

fn valid(found: (Clock, usize)) -> Found<Clock> {
    let (clock, _) = found;
    (0..=24 * 60).contains(&clock.minute).then_some(found)
}

/// Two digits of minutes after a mark, and seconds, which are passed over.
fn minutes(tokens: &Tokens<'_>, at: usize, mark: &str) -> Found<i32> {
    if !(tokens.is(at, mark) && tokens.tight(at) && tokens.tight(at + 1)) {
        return None;
    }
    let minute = tokens
        .number(at + 1)
        .filter(|it| it.digits == 2 && it.value < 60)?;
    let mut to = at + 2;
    let second = tokens
        .number(to + 1)
        .is_some_and(|it| it.digits == 2 && it.value < 61);
    if mark == ":" && tokens.is(to, ":") && tokens.tight(to) && tokens.tight(to + 1) && second {
        to += 2;
        if tokens.is(to, ".")
            && tokens.tight(to)
            && tokens.tight(to + 1)
            && tokens.number(to + 1).is_some()
        {
            to += 2;
        }
    }
    Some((i32::try_from(minute.value).ok()?, to))
}

/// `h`, `hrs`, `Uhr` after minutes: the clock has 24 hours.
fn hours_mark(tokens: &Tokens<'_>, at: usize) -> (bool, usize) {
    match tokens.low(at) {
        "h" if tokens.tight(at) || !tokens.tight(at + 1) => (true, at + 1),
        "hrs" | "hr" | "hours" | "uhr" => (true, at + 1),
        _ => (false, at),
    }
}

/// `10.30`, which can be a date too where no day says otherwise.
fn dotted(tokens: &Tokens<'_>, at: usize, hour: i32, leading: bool, frame: &Frame) -> Found<Clock> {
    if !(tokens.is(at + 1, ".") && tokens.tight(at + 1) && tokens.tight(at + 2)) {
        return None;
    }
    let second = tokens.number(at + 2).filter(|it| it.digits <= 2)?;
    if tokens.is(at + 3, ".")
        && tokens.tight(at + 3)
        && tokens.number(at + 4).is_some()
        && tokens.tight(at + 4)
    {
        return None;
    }
    let minute = i32::try_from(second.value).ok()?;
    let (half, to) = match meridiem(tokens, at + 3) {
        Some((pm, to)) => (Some(pm), to),
        None => (None, at + 3),
    };
    let clock_shape = second.digits == 2 && minute < 60 && hour <= 24;
    if let Some(pm) = half {
        return clock_shape
            .then(|| of_half(hour, minute, pm))
            .flatten()
            .map(|it| (it, to));
    }
    let (marked, to) = hours_mark(tokens, to);
    let counted = words::unit(tokens.low(to)).is_some() || words::counts_things(tokens.word(to));
    if counted && !marked {
        return None;
    }
    if marked && clock_shape {
        return Some((of_hour(hour, minute, true), to));
    }
    let date = i8::try_from(hour)
        .ok()
        .zip(i8::try_from(minute).ok())
        .and_then(|(first, second)| days::dotted(first, second, frame));
    if !clock_shape {
        return None;
    }
    let clock = Clock {
        weak: true,
        or_date: date,
        ..of_hour(hour, minute, leading)
    };
    valid((clock, to))
}

/// `1400`, `930`, `0930`, `1400 hrs`, `930am`.
fn compact(tokens: &Tokens<'_>, at: usize, number: super::tokens::Number) -> Found<Clock> {
    if number.digits > 4 {
        return None;
    }
    let value = i32::try_from(number.value).ok()?;
    let (hour, minute) = (value / 100, value % 100);
    if hour > 24 || minute > 59 {
        return None;
    }
    if let Some((pm, to)) = meridiem(tokens, at + 1) {
        return Some((of_half(hour, minute, pm).filter(|_| hour <= 12)?, to));
    }
    let (marked, to) = hours_mark(tokens, at + 1);
    if marked && (tokens.is(at + 1, "h") || number.digits == 4) {
        return valid((of_hour(hour, minute, true), to));
    }
    if minute % 5 != 0 || hour == 0 && number.digits == 3 {
        return None;
    }
    let exact = hour > 12 || (number.digits == 4 && hour < 10);
    let clock = Clock {
        weak: true,
        or_year: number.digits == 4 && (1900..=2099).contains(&value),
        ..of_hour(hour, minute, exact)
    };
    valid((clock, at + 1))
}

fn span(name: PartName, from: i32, to: i32) -> Part {
    Part {
        name,
        from: from * 60,
        to: to * 60,
        day: None,
        weak: true,
        each: false,
    }
}

fn part_named(low: &str) -> Option<Part> {
    Some(match low {
        "morning" | "mornin" => span(PartName::Morning, 8, 12),
        "afternoon" | "arvo" => span(PartName::Afternoon, 12, 18),
        "evening" | "eve" => span(PartName::Evening, 18, 22),
        "night" => span(PartName::Night, 18, 24),
        "lunch" | "lunchtime" => span(PartName::Lunch, 12, 14),
        "eod" | "cob" | "eob" => span(PartName::EndOfDay, 17, 18),
        _ => return None,
    })
}

/// `mornings`, but not "two mornings".
fn each_part(tokens: &Tokens<'_>, at: usize) -> Option<Part> {
    let one = match tokens.word(at) {
        "mornings" => "morning",
        "afternoons" => "afternoon",
        "evenings" => "evening",
        "nights" => "night",
        _ => return None,
    };
    let before = at.wrapping_sub(1);
    let counted = tokens.number(before).is_some()
        || words::number(tokens.word(before)).is_some()
        || matches!(
            tokens.word(before),
            "few" | "several" | "some" | "many" | "most" | "all" | "both"
        );
    let part = part_named(one).filter(|_| !counted)?;
    Some(Part { each: true, ..part })
}

/// `morning`, `early afternoon`, `this evening`, `tonight`, `end of day`, `first thing`.
fn part(tokens: &Tokens<'_>, at: usize) -> Found<Part> {
    let low = tokens.word(at);
    let with_day = |part: Part, day: i32, to: usize| {
        Some((
            Part {
                day: Some(day),
                weak: false,
                ..part
            },
            to,
        ))
    };
    match (low, tokens.word(at + 1)) {
        ("tonight" | "tonite" | "2nite", _) => {
            return with_day(span(PartName::Night, 18, 24), 0, at + 1);
        }
        ("this", "morning" | "afternoon" | "evening" | "lunchtime") => {
            return with_day(part_named(tokens.word(at + 1))?, 0, at + 2);
        }
        ("last", "night") => return with_day(span(PartName::Night, 18, 24), -1, at + 2),
        ("later", "today") => return None,
        ("good", "morning" | "afternoon" | "evening" | "night") => return None,
        ("first", "thing") => {
            let mut to = at + 2;
            if tokens.is(to, "in") && tokens.is(to + 1, "the") && tokens.is(to + 2, "morning") {
                to += 3;
            }
            return Some((span(PartName::Morning, 8, 10), to));
        }
        ("close", "of") if matches!(tokens.word(at + 2), "business" | "play") => {
            return Some((span(PartName::EndOfDay, 17, 18), at + 3));
        }
        ("end", "of") => {
            let next = if tokens.is(at + 2, "the") {
                at + 3
            } else {
                at + 2
            };
            let business = matches!(tokens.word(next), "business" | "working" | "work");
            let to = if business && tokens.is(next + 1, "day") {
                next + 1
            } else {
                next
            };
            let day = matches!(tokens.word(to), "day" | "business");
            return day.then(|| (span(PartName::EndOfDay, 17, 18), to + 1));
        }
        _ => {}
    }
    if let Some(part) = each_part(tokens, at) {
        return Some((part, at + 1));
    }
    let (shade, next) = match low {
        "early" | "late" | "mid" => (low, at + 1 + usize::from(tokens.dash(at + 1))),
        _ => ("", at),
    };
    let next = match (shade, tokens.word(next), tokens.word(next + 1)) {
        ("early" | "late", "in" | "on", "the") => next + 2,
        ("early" | "late", "this", _) => next + 1,
        _ => next,
    };
    let part = part_named(tokens.word(next))?;
    if matches!(
        tokens.word(next.wrapping_sub(1)),
        "good" | "happy" | "lovely" | "nice"
    ) {
        return None;
    }
    let (from, to) = match (part.name, shade) {
        (PartName::Morning, "early") => (7, 9),
        (PartName::Morning, "mid") => (9, 11),
        (PartName::Morning, "late") => (10, 12),
        (PartName::Afternoon, "early") => (12, 14),
        (PartName::Afternoon, "mid") => (14, 16),
        (PartName::Afternoon, "late") => (16, 18),
        (PartName::Evening, "early") => (18, 20),
        (PartName::Evening, "late") => (20, 22),
        (PartName::Night, "late") => (21, 24),
        (_, "") => return Some((part, next + 1)),
        _ => return None,
    };
    let today = tokens.is(next.wrapping_sub(1), "this");
    let day = today.then_some(0);
    Some((
        Part {
            day,
            weak: !today,
            ..span(part.name, from, to)
        },
        next + 1,
    ))
}

/// A part of the day by `am` and `pm` after a day: `Tuesday pm`.
pub(super) fn half_day(tokens: &Tokens<'_>, at: usize) -> Found<Part> {
    let (pm, to) = meridiem(tokens, at).filter(|_| !tokens.tight(at))?;
    let part = match pm {
        true => span(PartName::Afternoon, 12, 18),
        false => span(PartName::Morning, 8, 12),
    };
    Some((part, to))
}
