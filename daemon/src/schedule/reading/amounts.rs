//! How much time: `45 min`, `2h30`, `an hour and a half`, `three days`, `a couple of weeks`.
//!
//! Owns amounts of time in figures and words. Must not know what is counted from.

use super::said::Shift;
use super::tokens::Tokens;
use super::words::{self, Unit};

/// An amount, in the unit that its calendar needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    Seconds(i64),
    Days(i32),
    WorkingDays(i32),
    Months(i32),
}

impl Amount {
    /// As days of a calendar; `None` below a day.
    pub(super) fn shift(self) -> Option<Shift> {
        match self {
            Self::Seconds(_) => None,
            Self::Days(days) => Some(Shift::Days(days)),
            Self::WorkingDays(days) => Some(Shift::WorkingDays(days)),
            Self::Months(months) => Some(Shift::Months(months)),
        }
    }

    pub(super) fn days(self) -> Option<i32> {
        match self {
            Self::Days(days) => Some(days),
            _ => None,
        }
    }

    /// Seconds; `None` from a day on.
    pub(super) fn seconds(self) -> Option<i64> {
        match self {
            Self::Seconds(seconds) => Some(seconds),
            _ => None,
        }
    }
}

/// The amount written at `at`, and where it ends.
pub(super) fn amount(tokens: &Tokens<'_>, at: usize) -> Option<(Amount, usize)> {
    let mut next = at;
    while matches!(
        tokens.word(next),
        "about"
            | "around"
            | "approximately"
            | "roughly"
            | "another"
            | "exactly"
            | "approx"
            | "the"
            | "next"
    ) && next < at + 3
    {
        next += 1;
    }
    let (hundredths, next) = count(tokens, next)?;
    let next = next + usize::from(tokens.is(next, "more"));
    let (unit, mut to) = unit(tokens, next)?;
    let mut hundredths = hundredths;
    // "an hour and a half"
    if tokens.is(to, "and") && tokens.is(to + 1, "a") && tokens.is(to + 2, "half") {
        hundredths += 50;
        to += 3;
    }
    let amount = of(hundredths, unit)?;
    let Amount::Seconds(seconds) = amount else {
        return Some((amount, to));
    };
    if unit != Unit::Hour {
        return Some((amount, to));
    }
    // "1 hour and 30 minutes", "2h30", "2h 30m"
    let rest = if tokens.is(to, "and") { to + 1 } else { to };
    let minutes = tokens
        .number(rest)
        .filter(|it| it.value < 60 && it.digits == 2);
    let Some(minutes) = minutes else {
        return Some((amount, to));
    };
    let tight = tokens.tight(rest) && rest == to;
    match minute_unit(tokens, rest + 1) {
        Some(end) => Some((
            Amount::Seconds(seconds + i64::from(minutes.value) * 60),
            end,
        )),
        None if tight => Some((
            Amount::Seconds(seconds + i64::from(minutes.value) * 60),
            rest + 1,
        )),
        None => Some((amount, to)),
    }
}

fn minute_unit(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let low = tokens.low(at);
    let is = words::unit(low) == Some(Unit::Minute) || (low == "m" && tokens.tight(at));
    is.then_some(at + 1)
}

fn unit(tokens: &Tokens<'_>, at: usize) -> Option<(Unit, usize)> {
    let at = if tokens.dash(at) && tokens.tight(at) {
        at + 1
    } else {
        at
    };
    let low = tokens.low(at);
    if matches!(low, "business" | "working" | "work" | "week")
        && matches!(tokens.low(at + 1), "day" | "days")
    {
        return Some((Unit::WorkingDay, at + 2));
    }
    if low == "m" && tokens.tight(at) && !tokens.is(at + 1, ".") {
        return Some((Unit::Minute, at + 1));
    }
    if low == "d" && tokens.tight(at) {
        return Some((Unit::Day, at + 1));
    }
    let bare = low.trim_end_matches(['\'', '’']);
    let bare = bare
        .strip_suffix("'s")
        .or_else(|| bare.strip_suffix("’s"))
        .unwrap_or(bare);
    words::unit(bare).map(|unit| (unit, at + 1))
}

/// How many, in hundredths.
fn count(tokens: &Tokens<'_>, at: usize) -> Option<(i64, usize)> {
    if let Some(whole) = tokens.number(at) {
        if whole.digits > 3 {
            return None;
        }
        let value = i64::from(whole.value) * 100;
        let decimal = tokens.number(at + 2).filter(|_| {
            matches!(tokens.low(at + 1), "." | ",") && tokens.tight(at + 1) && tokens.tight(at + 2)
        });
        if let Some(decimal) = decimal.filter(|it| it.digits <= 2) {
            let scale = if decimal.digits == 1 { 10 } else { 1 };
            return Some((value + i64::from(decimal.value) * scale, at + 3));
        }
        return half_more(tokens, value, at + 1);
    }
    let (first, second) = (tokens.low(at), tokens.low(at + 1));
    match (first, second) {
        ("a", "couple") | ("a", "few") | ("the", "few") => {
            let of = usize::from(tokens.is(at + 2, "of"));
            let value = if second == "couple" { 200 } else { 300 };
            Some((value, at + 2 + of))
        }
        ("couple", _) => Some((200, at + 1 + usize::from(second == "of"))),
        ("few", _) => Some((300, at + 1)),
        ("half", "a" | "an") => Some((50, at + 2)),
        ("a", "half") => Some((50, at + 2)),
        ("half", _) if matches!(second, "hour" | "-") => Some((50, at + 1)),
        ("a", "quarter") if tokens.is(at + 2, "of") => Some((25, at + 4)),
        ("a" | "an", _) => Some((100, at + 1)),
        _ => {
            let tens = words::number(first)?;
            let dashed = tokens.dash(at + 1) && tokens.tight(at + 1);
            let next = at + 1 + usize::from(dashed);
            if tens >= 20
                && tens % 10 == 0
                && let Some(ones) = words::number(tokens.low(next)).filter(|it| *it < 10)
            {
                return Some((i64::from(tens + ones) * 100, next + 1));
            }
            half_more(tokens, i64::from(tens) * 100, at + 1)
        }
    }
}

/// "two and a half"
fn half_more(tokens: &Tokens<'_>, value: i64, at: usize) -> Option<(i64, usize)> {
    let half = tokens.is(at, "and") && tokens.is(at + 1, "a") && tokens.is(at + 2, "half");
    Some(if half {
        (value + 50, at + 3)
    } else {
        (value, at)
    })
}

fn of(hundredths: i64, unit: Unit) -> Option<Amount> {
    let seconds = |each: i64| Some(Amount::Seconds(hundredths * each / 100));
    let whole = || {
        let count = i32::try_from(hundredths / 100).ok()?;
        (hundredths % 100 == 0).then_some(count)
    };
    match unit {
        Unit::Second => seconds(1),
        Unit::Minute => seconds(60),
        Unit::Hour => seconds(3600),
        Unit::Day => whole().map(Amount::Days),
        Unit::WorkingDay => whole().map(Amount::WorkingDays),
        Unit::Week => whole().map(|count| Amount::Days(count * 7)),
        Unit::Fortnight => whole().map(|count| Amount::Days(count * 14)),
        Unit::Month => whole().map(Amount::Months),
        Unit::Quarter => whole().map(|count| Amount::Months(count * 3)),
        Unit::Year if hundredths == 50 => Some(Amount::Months(6)),
        Unit::Year => whole().map(|count| Amount::Months(count * 12)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_figures_and_words() {
        for (text, found) in [
            ("45 min", Some(Amount::Seconds(45 * 60))),
            ("45min", Some(Amount::Seconds(45 * 60))),
            ("45m", Some(Amount::Seconds(45 * 60))),
            ("90-minute", Some(Amount::Seconds(90 * 60))),
            ("an hour and a half", Some(Amount::Seconds(90 * 60))),
            ("1.5 hours", Some(Amount::Seconds(90 * 60))),
            ("2h30", Some(Amount::Seconds(150 * 60))),
            ("1 hour 15 minutes", Some(Amount::Seconds(75 * 60))),
            ("half an hour", Some(Amount::Seconds(30 * 60))),
            ("three days", Some(Amount::Days(3))),
            ("twenty-one days", Some(Amount::Days(21))),
            ("a couple of weeks", Some(Amount::Days(14))),
            ("2 working days", Some(Amount::WorkingDays(2))),
            ("a month", Some(Amount::Months(1))),
            ("half a week", None),
            ("3 engineers", None),
            ("a minute's", Some(Amount::Seconds(60))),
        ] {
            let low = text.to_ascii_lowercase();
            let tokens = Tokens::new(text, &low);
            assert_eq!(amount(&tokens, 0).map(|it| it.0), found, "{text}");
        }
    }
}
