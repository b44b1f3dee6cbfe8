//! How long a meeting is to be, and by how much it is to move.
//!
//! Owns the words for a length of time. Must not read when something is: "in 45 minutes" is no
//! length.

use std::ops::Range;

use super::tokens::Token;

/// A length, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Length {
    pub tokens: Range<usize>,
    pub minutes: u32,
    /// It is by how much something moves: later, or earlier if negative.
    pub shift: Option<i32>,
}

/// Words before a length that make it a time.
const NO_LENGTH: [&str; 12] = [
    "in", "within", "next", "after", "last", "past", "every", "before", "coming", "under", "until",
    "from",
];

/// All lengths, in the order of the text.
pub(super) fn find(tokens: &[Token]) -> Vec<Length> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match length(tokens, at) {
            Some((minutes, words)) if !is_a_time(tokens, at) => {
                let mut end = at + words;
                let shift = shift(tokens, at, &mut end, minutes);
                all.push(Length {
                    tokens: at..end,
                    minutes,
                    shift,
                });
                at = end;
            }
            Some((_, words)) => at += words,
            None => at += 1,
        }
    }
    all
}

fn low(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |it| it.low.as_str())
}

fn is_a_time(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |it| low(tokens, it));
    let further = at.checked_sub(2).map_or("", |it| low(tokens, it));
    let soft = matches!(before, "the" | "about" | "around" | "another");
    NO_LENGTH.contains(&before) || (soft && NO_LENGTH.contains(&further))
}

/// By how much something moves, where that is what a length says.
fn shift(tokens: &[Token], at: usize, end: &mut usize, minutes: u32) -> Option<i32> {
    let minutes = i32::try_from(minutes).ok()?;
    match low(tokens, *end) {
        "later" => {
            *end += 1;
            return Some(minutes);
        }
        "earlier" | "sooner" => {
            *end += 1;
            return Some(-minutes);
        }
        _ => {}
    }
    let by = at.checked_sub(1).is_some_and(|it| low(tokens, it) == "by");
    if !by {
        return None;
    }
    let back = tokens[..at]
        .iter()
        .rev()
        .find_map(|it| match it.low.as_str() {
            "forward" | "up" | "ahead" | "earlier" | "sooner" => Some(-minutes),
            "back" | "later" | "delay" | "postpone" | "push" => Some(minutes),
            _ => None,
        });
    Some(back.unwrap_or(minutes))
}

/// The length at a place in minutes, and how many words it has.
fn length(tokens: &[Token], at: usize) -> Option<(u32, usize)> {
    let dash = |at: usize| usize::from(low(tokens, at) == "-");
    if let Some(minutes) = glued(low(tokens, at)) {
        return Some((minutes, 1));
    }
    let word = low(tokens, at);
    let next = low(tokens, at + 1);
    match (word, next, low(tokens, at + 2)) {
        ("three", "quarters", "of") => return Some((45, 5)),
        ("a", "quarter", "of") if low(tokens, at + 4) == "hour" => return Some((15, 5)),
        ("quarter", "of", "an") if low(tokens, at + 3) == "hour" => return Some((15, 4)),
        ("half", "an", "hour") | ("a", "half", "hour") => return Some((30, 3)),
        ("half", "-", "hour") => return Some((30, 3)),
        ("half", "hour", _) => return Some((30, 2)),
        ("quarter", "hour", _) => return Some((15, 2)),
        ("a" | "an" | "one" | "1" | "full", "hour" | "hr", "and")
            if matches!(low(tokens, at + 4), "half" | "quarter") =>
        {
            let more = if low(tokens, at + 4) == "half" {
                30
            } else {
                15
            };
            return Some((60 + more, 5));
        }
        ("an" | "full", "hour", _) => return Some((60, 2)),
        ("a", "full", "hour") => return Some((60, 3)),
        ("hour", "-", "long") => return Some((60, 3)),
        ("hour", "long", _) => return Some((60, 2)),
        ("one" | "two" | "1" | "2", "and", "a")
            if low(tokens, at + 3) == "half" && low(tokens, at + 4).starts_with("hour") =>
        {
            let hours = if matches!(word, "one" | "1") { 1 } else { 2 };
            return Some((hours * 60 + 30, 5));
        }
        _ => {}
    }
    let (number, words) = number(tokens, at)?;
    let unit_at = at + words + dash(at + words);
    let factor = match low(tokens, unit_at) {
        "minute" | "minutes" | "min" | "mins" | "minutes'" | "minuts" | "minute's" => 1.0,
        "hour" | "hours" | "hr" | "hrs" | "h" | "hours'" => 60.0,
        _ => return None,
    };
    let mut minutes = minutes(number * factor)?;
    let mut end = unit_at + 1;
    // "1 hour 30 minutes", "one hour and 15 min".
    if factor > 1.0 {
        let joined = end + usize::from(low(tokens, end) == "and");
        let more = self::number(tokens, joined);
        if let Some((more, words)) = more
            && matches!(
                low(tokens, joined + words),
                "minutes" | "min" | "mins" | "m"
            )
        {
            minutes += self::minutes(more)?;
            end = joined + words + 1;
        }
    }
    Some((minutes, end - at))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be between one minute and a day"
)]
fn minutes(number: f64) -> Option<u32> {
    ((1.0..=1440.0).contains(&number)).then(|| number.round() as u32)
}

/// `45min`, `1h`, `1h30`, `90m`.
fn glued(word: &str) -> Option<u32> {
    let digits = word.find(|it: char| !it.is_ascii_digit() && it != '.')?;
    let (number, unit) = word.split_at(digits);
    let number: f64 = number.parse().ok()?;
    match unit {
        "m" | "min" | "mins" | "minutes" | "minute" => minutes(number),
        "h" | "hr" | "hrs" | "hour" | "hours" => minutes(number * 60.0).filter(|it| *it <= 480),
        _ => {
            let more: f64 = unit
                .strip_prefix('h')?
                .trim_end_matches(['m', 'i', 'n'])
                .parse()
                .ok()?;
            // "10h30" is a clock's time.
            (number <= 4.0 && more < 60.0)
                .then(|| minutes(number * 60.0 + more))
                .flatten()
        }
    }
}

/// A number at a place, and how many words it has.
fn number(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = low(tokens, at);
    if word.starts_with(|it: char| it.is_ascii_digit()) {
        return word.replace(',', ".").parse().ok().map(|it| (it, 1));
    }
    let tens = |word: &str| {
        Some(match word {
            "twenty" => 20.0,
            "thirty" => 30.0,
            "forty" | "fourty" => 40.0,
            "fifty" => 50.0,
            "sixty" => 60.0,
            "seventy" => 70.0,
            "eighty" => 80.0,
            "ninety" => 90.0,
            _ => return None,
        })
    };
    let ones = |word: &str| {
        Some(match word {
            "one" => 1.0,
            "two" => 2.0,
            "three" => 3.0,
            "five" => 5.0,
            "ten" => 10.0,
            "fifteen" => 15.0,
            _ => return None,
        })
    };
    if let Some(tens) = tens(word) {
        let after = at + 1 + usize::from(low(tokens, at + 1) == "-");
        return match ones(low(tokens, after)).filter(|it| *it < 10.0) {
            Some(ones) => Some((tens + ones, after + 1 - at)),
            None => Some((tens, 1)),
        };
    }
    ones(word).map(|it| (it, 1))
}
