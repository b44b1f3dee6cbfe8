//! Hours and days of the week that a request states without a date: "mornings", "weekdays",
//! "Tuesdays".
//!
//! Must not read what has a date; that is [`crate::schedule::reading`]'s.

use greenroom_protocol::conversation::StatedWhen;

use super::tokens::{Token, longest};

/// A part of a day in minutes since midnight.
fn part(low: &str) -> Option<(u16, u16)> {
    Some(match low {
        "morning" | "mornings" | "mornin" => (0, 720),
        "afternoon" | "afternoons" => (720, 1080),
        "evening" | "evenings" => (1080, 1320),
        "lunchtime" | "lunchtimes" | "lunch" | "noon" | "midday" => (720, 840),
        _ => return None,
    })
}

fn day(low: &str) -> Option<u8> {
    let names = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let low = low.strip_suffix('s').unwrap_or(low);
    let at = names.iter().position(|it| *it == low)?;
    u8::try_from(at + 1).ok()
}

/// What is said at a place of every day or week, and in how many words.
pub(super) fn hours(tokens: &[Token], at: usize) -> Option<(StatedWhen, usize)> {
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    let whole = |days: Vec<u8>, words| {
        let (from, until) = (0, 1440);
        Some((StatedWhen::Hours { days, from, until }, words))
    };
    let work_days = [
        "weekdays",
        "weekday",
        "working days",
        "workdays",
        "week days",
        "workday",
    ];
    if let Some(words) = longest(tokens, at, &work_days) {
        return whole(vec![1, 2, 3, 4, 5], words);
    }
    if matches!(low(at), "weekends" | "weekend") {
        return whole(vec![6, 7], 1);
    }
    let ahead = match low(at) {
        "early" | "late" | "mid" => 1 + usize::from(low(at + 1) == "-"),
        _ => 0,
    };
    if let Some((from, until)) = part(low(at + ahead)) {
        // "early afternoon" begins with it, "late morning" ends it.
        let half = (from.max(480) + until) / 2;
        let (from, until) = match low(at) {
            "early" => (from, half + 60),
            "late" => (half, until),
            _ => (from, until),
        };
        let days = Vec::new();
        return Some((StatedWhen::Hours { days, from, until }, ahead + 1));
    }
    let office = [
        "office hours",
        "business hours",
        "working hours",
        "work hours",
    ];
    if let Some(words) = longest(tokens, at, &office) {
        let (days, from, until) = (Vec::new(), 540, 1020);
        return Some((StatedWhen::Hours { days, from, until }, words));
    }
    let day = day(low(at))?;
    let (part, words) = match part(low(at + 1)) {
        Some(part) => (part, 2),
        None => ((0, 1440), 1),
    };
    let (from, until) = part;
    let days = vec![day];
    Some((StatedWhen::Hours { days, from, until }, words))
}
