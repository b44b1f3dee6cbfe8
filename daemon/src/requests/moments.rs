//! What a request says of days and hours, found in its text.
//!
//! Owns how the times of [`crate::schedule::reading`] become stretches that a meeting can be held
//! in. Must not decide for whom a time is said, or whether it is wished or ruled out.

use std::ops::Range;

use greenroom_protocol::conversation::{Doubtful, StatedWhen};
use greenroom_protocol::schedule::{Grain, TimeFound};
use greenroom_protocol::time::Instant;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use super::recurring;
use super::tokens::{Token, says};
use super::words;
use crate::schedule::reading::{self, Frame, Marked};

/// Which side of a time is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// It is a start, or a whole stretch.
    Whole,
    /// From then on.
    From,
    /// Until then.
    Until,
}

/// A time of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub tokens: Range<usize>,
    pub words: String,
    pub when: StatedWhen,
    /// The same, whichever side is open: "Wednesday" of "until Wednesday".
    pub base: StatedWhen,
    /// The same without the day, where its words name none.
    pub hours: Option<StatedWhen>,
    /// A week, a month or longer, which a day in it makes exact.
    pub wide: bool,
    /// Which side is open, as it was said.
    pub side: Side,
}

/// All times, in the order of the text, and those that mean several things.
pub(super) struct Moments {
    pub all: Vec<Moment>,
    pub doubtful: Vec<(Range<usize>, Doubtful)>,
}

/// So far a stretch without an end reaches: as far as a search does.
const FAR: i64 = 62 * 24 * 60;

/// What is put in place of words, of the same length, so that places stay.
const SAME: [(&str, &str); 20] = [
    ("before the end of", "by"),
    ("by the end of", "by"),
    ("in the next", "the next"),
    ("within the next", "the next"),
    ("over the next", "the next"),
    ("during the next", "the next"),
    ("not until", "from"),
    ("not till", "from"),
    ("no later than", "by"),
    ("not later than", "by"),
    ("no earlier than", "after"),
    ("not earlier than", "after"),
    ("earlier than", "before"),
    ("later than", "after"),
    ("any time after", "after"),
    ("anytime after", "after"),
    ("any time before", "before"),
    ("anytime before", "before"),
    ("starting at", "from"),
    ("starting from", "from"),
];

/// What is passed over as times are read: a name parts them, a length does not.
pub(super) struct Blank<'a> {
    pub names: &'a [Range<usize>],
    pub lengths: &'a [Range<usize>],
}

/// The times of a text in which `blank` is passed over and no time goes over `breaks`.
pub(super) fn find(
    text: &str,
    tokens: &[Token],
    (blank, breaks): (&Blank<'_>, &[usize]),
    (frame, zone): (&Frame, &TimeZone),
) -> Moments {
    let low = prepared(text, tokens, blank, breaks);
    let places = reading::places(&low, frame);
    let mut all = Vec::new();
    for marked in &places.times {
        let Some(at) = over(tokens, &marked.at) else {
            continue;
        };
        let mut at = at;
        let after_wide = all.last().is_some_and(|it: &Moment| it.wide);
        let moment = moment(tokens, &mut at, (marked, after_wide), zone);
        all.push(Moment {
            words: text[tokens[at.start].at.start..tokens[at.end - 1].at.end].to_owned(),
            tokens: at,
            ..moment
        });
    }
    let doubtful = places.ambiguous.into_iter().filter_map(|(it, at)| {
        let at = over(tokens, &at)?;
        let words = text[tokens[at.start].at.start..tokens[at.end - 1].at.end].to_owned();
        let (readings, why) = (it.readings, it.why);
        Some((
            at,
            Doubtful {
                words,
                readings,
                why,
            },
        ))
    });
    let doubtful: Vec<_> = doubtful.collect();
    let mut taken: Vec<Range<usize>> = blank.names.iter().chain(blank.lengths).cloned().collect();
    taken.extend(all.iter().map(|it: &Moment| it.tokens.clone()));
    taken.extend(doubtful.iter().map(|(at, _)| at.clone()));
    let mut at = 0;
    while at < tokens.len() {
        let is_taken = taken.iter().any(|it| it.contains(&at));
        match recurring::hours(tokens, at).filter(|_| !is_taken) {
            Some((when, words)) => {
                let tokens_of = at..at + words;
                at += words;
                all.push(Moment {
                    words: text[tokens[tokens_of.start].at.start..tokens[at - 1].at.end].to_owned(),
                    tokens: tokens_of,
                    base: when.clone(),
                    when,
                    hours: None,
                    wide: false,
                    side: Side::Whole,
                });
            }
            None => at += 1,
        }
    }
    all.sort_by_key(|it| it.tokens.start);
    Moments { all, doubtful }
}

/// The text as it is read for times: names and lengths are spaces, some words others.
fn prepared(text: &str, tokens: &[Token], blank: &Blank<'_>, breaks: &[usize]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut put = |at: Range<usize>, word: &str| {
        bytes[at.clone()].fill(b' ');
        bytes[at.start..at.start + word.len()].copy_from_slice(word.as_bytes());
    };
    for (ranges, word) in [(blank.names, "x"), (blank.lengths, "")] {
        for range in ranges {
            for token in &tokens[range.clone()] {
                put(token.at.clone(), word);
            }
        }
    }
    for at in breaks {
        let to_clock = low(tokens, *at) == "to"
            && low(tokens, at + 1).starts_with(|it: char| it.is_ascii_digit());
        put(tokens[*at].at.clone(), if to_clock { "at" } else { "x" });
    }
    // What is said of times stands between them: no time goes over it.
    for token in tokens {
        let low = token.low.as_str();
        if words::RATHER.contains(&low) || words::NOT.contains(&low) {
            put(token.at.clone(), "x");
        }
    }
    let mut at = 0;
    while at < tokens.len() {
        let same = SAME.iter().find(|(words, _)| says(tokens, at, words));
        match same {
            Some((words, word)) => {
                let count = words.split(' ').count();
                // What is denied begins a time of its own.
                let from = usize::from(matches!(tokens[at].low.as_str(), "no" | "not"));
                put(tokens[at].at.clone(), "x");
                let end = tokens[at + count - 1].at.end;
                put(tokens[at + from].at.start..end, word);
                at += count;
            }
            None => at += 1,
        }
    }
    // Only whole characters were overwritten.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The tokens that bytes of the text are.
fn over(tokens: &[Token], at: &Range<usize>) -> Option<Range<usize>> {
    let from = tokens.iter().position(|it| it.at.end > at.start)?;
    let to = tokens.iter().rposition(|it| it.at.start < at.end)? + 1;
    (from < to).then_some(from..to)
}

fn low(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |it| it.low.as_str())
}

/// Which side is open: by the words before and after a time.
fn side(tokens: &[Token], at: &mut Range<usize>, time: &TimeFound, window: bool) -> Side {
    for (words, side) in [
        ("at the earliest", Side::From),
        ("at earliest", Side::From),
        ("or later", Side::From),
        ("onwards", Side::From),
        ("onward", Side::From),
        ("at the latest", Side::Until),
        ("at latest", Side::Until),
        ("or earlier", Side::Until),
    ] {
        if says(tokens, at.end, words) {
            at.end += words.split(' ').count();
            return side;
        }
        let inside = at.clone().any(|it| says(tokens, it, words));
        if inside {
            return side;
        }
    }
    let is_within = time.end.is_some() && window;
    let first = low(tokens, at.start);
    let before = at.start.checked_sub(1).map_or("", |it| low(tokens, it));
    if matches!(first, "until" | "till") && before == "not" {
        return Side::From;
    }
    let relation = |word: &str| match word {
        "before" | "until" | "till" | "til" | "by" => Some(Side::Until),
        "earlier" | "than" => None,
        "after" | "since" => Some(Side::From),
        "from" | "starting" if time.end.is_none() => Some(Side::From),
        _ => None,
    };
    let said = relation(first).or_else(|| match window {
        true => relation(before).or_else(|| {
            // "no later than 4", which was read as "by 4".
            let than = before == "than"
                || first == "no"
                || first == "not"
                || low(tokens, at.start + 1) == "than";
            let later = at.start.saturating_sub(3)..at.end;
            than.then(|| {
                later.clone().find_map(|it| match low(tokens, it) {
                    "later" => Some(Side::Until),
                    "earlier" => Some(Side::From),
                    _ => None,
                })
            })
            .flatten()
        }),
        false => None,
    });
    match said {
        Some(side) => side,
        None if window && !is_within => Side::From,
        None => Side::Whole,
    }
}

fn moment(
    tokens: &[Token],
    at: &mut Range<usize>,
    (marked, after_wide): (&Marked, bool),
    zone: &TimeZone,
) -> Moment {
    let time = &marked.time;
    let side = side(tokens, at, time, marked.window);
    let words = at.clone().map(|it| low(tokens, it));
    let each = words.clone().find_map(|word| {
        let day = recurring_day(word)?;
        word.ends_with('s').then_some(day)
    });
    // "Friday afternoons" are those of each Friday.
    let parts = ["mornings", "afternoons", "evenings", "lunchtimes"];
    let each_part = words.clone().any(|it| parts.contains(&it));
    let each = each.or_else(|| {
        let mut days = words.clone().filter_map(recurring_day);
        days.next().filter(|_| each_part)
    });
    let local = |instant: Instant| instant.timestamp().to_zoned(zone.clone());
    let minute = |instant: Instant| {
        let local = local(instant);
        u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute())).unwrap_or_default()
    };
    let end_minute = |instant: Instant| match minute(instant) {
        0 => 1440,
        minute => minute,
    };
    let carried = marked.day == "day-said-before";
    let no_day = carried || marked.day == "clock-next";
    let mut hours = None;
    if (no_day || each.is_some()) && matches!(time.grain, Grain::Minute | Grain::Part) {
        let days: Vec<u8> = each.into_iter().collect();
        let (from, until) = match (side, time.end) {
            (Side::Until, end) => (0, end_minute(end.unwrap_or(time.start))),
            (Side::From, _) => (minute(time.start), 1440),
            (Side::Whole, Some(end)) => (minute(time.start), end_minute(end)),
            (Side::Whole, _) => (minute(time.start), minute(time.start)),
        };
        let when = StatedWhen::Hours { days, from, until };
        // "Tuesday at 10 or at 14": the day is that of the time before.
        let stretch = marked.window || time.end.is_some() || time.grain == Grain::Part;
        if !carried || after_wide || stretch || each.is_some() {
            return self::of(when, false, side);
        }
        hours = Some(when);
    }
    if let (Some(day), Grain::Day) = (each, time.grain) {
        let (days, from, until) = (vec![day], 0, 1440);
        return self::of(StatedWhen::Hours { days, from, until }, false, side);
    }
    let midnight = |instant: Instant, days: i64| {
        let date = local(instant).date().checked_add(days.days()).ok()?;
        Some(date.to_zoned(zone.clone()).ok()?.timestamp().into())
    };
    let far = time.start.plus_minutes(FAR);
    let next = |instant| midnight(instant, 1).unwrap_or(far);
    let wide = time.grain == Grain::Longer;
    let when = match (time.grain, side, time.end) {
        (Grain::Minute, Side::Whole, Some(end)) => StatedWhen::Between {
            start: time.start,
            end,
        },
        (Grain::Minute, Side::Whole, _) => StatedWhen::At { start: time.start },
        (Grain::Minute | Grain::Part, Side::From, _) => StatedWhen::Between {
            start: time.start,
            end: next(time.start),
        },
        (Grain::Minute | Grain::Part, Side::Until, end) => {
            let end = end.unwrap_or(time.start);
            // "by Friday noon" is from now on, "before noon on Friday" is on Friday.
            let next = low(tokens, at.start + 1);
            let by_day = tokens[at.start].low == "by"
                || words::is_weekday(next)
                || matches!(next, "tomorrow" | "next" | "the");
            let start = match by_day {
                true => end.plus_minutes(-FAR),
                false => midnight(end.plus_seconds(-1), 0).unwrap_or(time.start),
            };
            StatedWhen::Between { start, end }
        }
        (Grain::Day | Grain::Longer, Side::From, _) => StatedWhen::Between {
            start: time.start,
            end: far,
        },
        (Grain::Day | Grain::Longer, Side::Until, end) => {
            let includes = matches!(
                tokens[at.start].low.as_str(),
                "by" | "until" | "till" | "til"
            );
            let last = end.filter(|_| marked.window).unwrap_or(match includes {
                true => next(time.start),
                false => time.start,
            });
            StatedWhen::Between {
                start: time.start.plus_minutes(-FAR),
                end: last,
            }
        }
        (_, _, end) => StatedWhen::Between {
            start: time.start,
            end: end.unwrap_or_else(|| next(time.start)),
        },
    };
    let base = match (time.grain, time.end) {
        (Grain::Minute, _) => StatedWhen::At { start: time.start },
        (_, end) => StatedWhen::Between {
            start: time.start,
            end: end.unwrap_or_else(|| next(time.start)),
        },
    };
    Moment {
        hours,
        base,
        ..self::of(when, wide, side)
    }
}

/// A moment that has no place yet.
fn of(when: StatedWhen, wide: bool, side: Side) -> Moment {
    Moment {
        tokens: 0..0,
        words: String::new(),
        base: when.clone(),
        when,
        hours: None,
        wide,
        side,
    }
}

fn recurring_day(word: &str) -> Option<u8> {
    let tokens = super::tokens::tokens(word);
    match recurring::hours(&tokens, 0)? {
        (StatedWhen::Hours { days, .. }, _) if days.len() == 1 => days.first().copied(),
        _ => None,
    }
}
