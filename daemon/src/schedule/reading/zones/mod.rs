//! Zones as people name them: `CET`, `UTC+2`, `London time`, `in Kolkata`, `their time`.
//!
//! Owns the names of zones and which of several a country means. Invariant: an abbreviation that
//! several countries use is read only by the country of the person concerned, else in none. Must
//! not ask what time it is anywhere; that is `settle`.

mod names;
mod order;
mod readings;

use jiff::tz::TimeZone;

use self::names::{SHARED, SHORT, cities, doubtful};
pub(super) use self::order::order;
pub(super) use self::readings::readings;
use super::said::Place;
use super::tokens::{Kind, Tokens};

/// A zone as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ZoneSaid {
    /// By a place: its IANA name.
    Named(String),
    /// By an abbreviation, in lower case.
    Short(String),
    /// By its distance from UTC, in seconds.
    Offset(i32),
    Mine,
    Theirs,
}

/// One way to read a zone.
#[derive(Debug, Clone)]
pub(super) struct ZoneReading {
    pub place: Place,
    /// For an abbreviation: the offset it literally means, in seconds.
    pub literal: Option<i32>,
}

/// The zone written at `at`, and where it ends. `follows`: a clock stands before it.
pub(super) fn zone(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    offset(tokens, at, follows)
        .or_else(|| whose(tokens, at))
        .or_else(|| short(tokens, at, follows))
        .or_else(|| region(tokens, at, follows))
        .or_else(|| iana(tokens, at))
        .or_else(|| city(tokens, at, follows))
}

/// `UTC+2`, `GMT-5:30`, `+05:30`, `Z`, `UTC`.
fn offset(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let low = tokens.low(at);
    if low == "z" && follows && tokens.tight(at) {
        return Some((ZoneSaid::Offset(0), at + 1));
    }
    let named = matches!(low, "utc" | "gmt");
    let sign_at = if named { at + 1 } else { at };
    let sign = match tokens.low(sign_at) {
        "+" => 1,
        _ if tokens.dash(sign_at) && tokens.tight(sign_at + 1) => -1,
        _ => 0,
    };
    // Without a name, only straight after a clock: `10:00+05:30`, `10:00 +0530`. "9:00-10:00" is a
    // range, except after a date of ISO 8601.
    let four = tokens.number(sign_at + 1).is_some_and(|it| it.digits == 4);
    let minus = (four && !tokens.tight(sign_at)) || after_iso(tokens, sign_at);
    let allowed = named || (follows && tokens.tight(sign_at + 1) && (sign == 1 || minus));
    if sign != 0
        && allowed
        && let Some((seconds, to)) = distance(tokens, sign_at + 1, named)
    {
        return Some((ZoneSaid::Offset(sign * seconds), to));
    }
    match low {
        "utc" => Some((ZoneSaid::Offset(0), at + 1)),
        "gmt" => Some((ZoneSaid::Short("gmt".to_owned()), at + 1)),
        "zulu" if follows => Some((ZoneSaid::Offset(0), at + 1)),
        _ => None,
    }
}

/// Whether a date and a clock of ISO 8601 stand before `at`.
fn after_iso(tokens: &Tokens<'_>, at: usize) -> bool {
    (8..=11).any(|back| {
        at.checked_sub(back).is_some_and(|year| {
            tokens.number(year).is_some_and(|it| it.digits == 4) && tokens.is(year + 1, "-")
        })
    })
}

/// `2`, `02`, `5:30`, `0530`, in seconds.
fn distance(tokens: &Tokens<'_>, at: usize, named: bool) -> Option<(i32, usize)> {
    let number = tokens.number(at)?;
    let value = i32::try_from(number.value).ok()?;
    let (hours, minutes, to) = match number.digits {
        1 | 2 => {
            let minutes = tokens.number(at + 2).filter(|it| {
                tokens.is(at + 1, ":") && tokens.tight(at + 1) && it.digits == 2 && it.value < 60
            });
            match minutes {
                Some(minutes) => (value, i32::try_from(minutes.value).ok()?, at + 3),
                None if named => (value, 0, at + 1),
                None => return None,
            }
        }
        3 | 4 => (value / 100, value % 100, at + 1),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some((hours * 3600 + minutes * 60, to))
}

/// `my time`, `their time`, `your local time`, `candidate's time`.
fn whose(tokens: &Tokens<'_>, at: usize) -> Option<(ZoneSaid, usize)> {
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    let mut next = at + 1;
    let said = match tokens.low(at) {
        "my" | "our" => ZoneSaid::Mine,
        "their" | "your" | "his" | "her" => ZoneSaid::Theirs,
        "candidate's" | "candidate’s" | "candidates" | "candidate" => ZoneSaid::Theirs,
        "local" if tokens.is(at + 1, "time") => return Some((ZoneSaid::Mine, at + 2)),
        "for" if tokens.is(at + 1, "me") || tokens.is(at + 1, "us") => {
            return Some((ZoneSaid::Mine, at + 2));
        }
        "for" if matches!(tokens.low(at + 1), "them" | "you" | "him" | "her") => {
            return Some((ZoneSaid::Theirs, at + 2));
        }
        _ => return None,
    };
    if tokens.is(next, "local") {
        next += 1;
    }
    match tokens.low(next) {
        "time" if matches!(tokens.low(next + 1), "zone") => Some((said, next + 2)),
        "time" | "times" | "timezone" | "tz" | "clock" => Some((said, next + 1)),
        "end" if tokens.is(at.wrapping_sub(1), "on") => Some((said, next + 1)),
        _ => None,
    }
}
fn short(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let token = tokens.get(at).filter(|it| it.kind == Kind::Word)?;
    let low = token.low;
    let known = SHORT.iter().any(|row| row.0 == low) || SHARED.iter().any(|row| row.0 == low);
    if !known {
        return None;
    }
    let capital = token.text.chars().all(char::is_uppercase);
    let time = tokens.is(at + 1, "time");
    let stands = match (doubtful(low), follows) {
        (true, true) => {
            capital || matches!(low, "pt" | "et" | "ct" | "bst" | "ast" | "mst") || time
        }
        (true, false) => {
            capital
                && low.len() > 2
                && !matches!(low, "eat" | "cat" | "wat" | "met" | "art" | "wet")
        }
        (false, true) => true,
        (false, false) => capital,
    };
    stands.then(|| (ZoneSaid::Short(low.to_owned()), at + 1 + usize::from(time)))
}

/// `Eastern`, `Pacific time`, `Central European Time`.
fn region(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let named = |name: &str, to| Some((ZoneSaid::Named(name.to_owned()), to));
    let us = tokens.is(at, "us") && tokens.low(at + 1) != "time";
    let at = if us { at + 1 } else { at };
    let mut to = at + 1;
    if tokens.is(at, "central") && tokens.is(to, "european") {
        to += 1;
        while matches!(tokens.low(to), "standard" | "summer" | "time") {
            to += 1;
        }
        return named("Europe/Berlin", to);
    }
    let name = match tokens.low(at) {
        "eastern" => "America/New_York",
        "central" => "America/Chicago",
        "mountain" => "America/Denver",
        "pacific" => "America/Los_Angeles",
        _ => return None,
    };
    while matches!(tokens.low(to), "standard" | "daylight") {
        to += 1;
    }
    let time = tokens.is(to, "time");
    (time || follows).then_some(())?;
    named(name, to + usize::from(time))
}

/// `Europe/Berlin`, `America/Argentina/Buenos_Aires`, `Etc/GMT-2`.
fn iana(tokens: &Tokens<'_>, at: usize) -> Option<(ZoneSaid, usize)> {
    let token = tokens.get(at)?;
    if !matches!(
        token.low,
        "europe"
            | "america"
            | "asia"
            | "africa"
            | "australia"
            | "pacific"
            | "atlantic"
            | "indian"
            | "us"
            | "etc"
            | "antarctica"
            | "arctic"
            | "canada"
            | "brazil"
    ) || !tokens.is(at + 1, "/")
    {
        return None;
    }
    let rest = tokens.text.get(token.start..)?;
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '_' | '-' | '+');
    let length = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
    let name = rest.get(..length)?;
    let end = token.start + length;
    let known = TimeZone::get(name).ok()?;
    let name = known.iana_name()?.to_owned();
    let mut to = at;
    while tokens.get(to).is_some_and(|it| it.start < end) {
        to += 1;
    }
    Some((
        ZoneSaid::Named(name),
        to + usize::from(tokens.is(to, "time")),
    ))
}
/// `London`, `in Kolkata`, `Berlin time`, `New York`: after a clock, or before "time".
fn city(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let within = follows && tokens.is(at, "in");
    let at = if within { at + 1 } else { at };
    let first = tokens.get(at).filter(|it| it.kind == Kind::Word)?;
    for words in (1..=3).rev() {
        let to = at + words;
        let Some(last) = tokens.get(to - 1).filter(|it| it.kind == Kind::Word) else {
            continue;
        };
        let name = tokens.text.get(first.start..last.end)?.to_lowercase();
        let Some(zone) = cities().get(name.as_str()) else {
            continue;
        };
        let time = tokens.is(to, "time");
        let capital = first.text.starts_with(char::is_uppercase);
        let lower_fine = name.len() > 3;
        if time || (follows && (capital || lower_fine)) {
            return Some((ZoneSaid::Named(zone.clone()), to + usize::from(time)));
        }
    }
    None
}
