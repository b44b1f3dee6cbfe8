//! The grammar of guidance: sentences of times that are preferred, or that alone will do.
//!
//! A sentence is `how` (prefer, only, avoid, never) × `when` (days, part of the day, week of the
//! month) × `who` (candidates in places) × whose clock, in any order that people write it. One word
//! that is none of these, and the sentence is a note. English only.

use super::places::{CONTINENTS, COUNTRIES};
use super::{Clock, DAY, Does, Preference, Week};

/// Preferences that are read of one text, at most; what comes after is a note.
const MOST: usize = 12;

/// What a text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guidance {
    /// What was read.
    pub preferences: Vec<Preference>,
    /// Sentences that were not, as they stand.
    pub notes: Vec<String>,
}

/// Reads a text. Anything may stand in it.
#[must_use]
pub fn read(text: &str) -> Guidance {
    let mut guidance = Guidance::default();
    for sentence in sentences(text) {
        match preferences(sentence) {
            Some(read) if guidance.preferences.len() + read.len() <= MOST => {
                guidance.preferences.extend(read);
            }
            _ => guidance.notes.push(sentence.to_owned()),
        }
    }
    guidance
}

/// Sentences end with a line, or with a mark that no digit follows.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for (place, (at, letter)) in letters.iter().enumerate() {
        let next = letters.get(place + 1).map(|(_, letter)| *letter);
        let ends = match letter {
            '\n' | ';' | '!' | '?' => true,
            '.' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            parts.push(&text[from..*at]);
            from = at + letter.len_utf8();
        }
    }
    parts.push(&text[from..]);
    let bullets = |it: char| it.is_whitespace() || "-*•".contains(it);
    let parts = parts.into_iter().map(move |it| it.trim_matches(bullets));
    parts.filter(|it| !it.is_empty())
}

/// A sentence as one preference, or as several that commas, "and" or "but" join.
fn preferences(sentence: &str) -> Option<Vec<Preference>> {
    let words = words(sentence)?;
    if let Some(one) = preference(&words, None) {
        return Some(vec![one]);
    }
    let joins = |word: &Word| matches!(word.low.as_str(), "," | "and" | "but");
    let parts = words.split(joins).filter(|part| !part.is_empty());
    let mut read: Vec<Preference> = Vec::new();
    for part in parts {
        // "Prefer mornings in Asia and afternoons in Europe": the word is said once.
        let before = read.last().map(|it| it.does);
        let before = before.filter(|it| matches!(it, Does::Prefer | Does::Avoid));
        read.push(preference(part, before)?);
    }
    (read.len() > 1).then_some(read)
}

/// A word, and the same in lower case.
#[derive(Debug, Clone)]
struct Word {
    low: String,
    said: String,
}

/// `None`: more than a sentence of guidance has.
fn words(sentence: &str) -> Option<Vec<Word>> {
    const MOST_WORDS: usize = 60;
    let mut words = Vec::new();
    let apart = sentence.replace(',', " , ").replace(['(', ')', '"'], " ");
    for said in apart.split_whitespace() {
        let said = said.replace('’', "'");
        let said = said.trim_end_matches('.').trim_end_matches(':');
        // Both ends of a range, and "mon/wed".
        for (at, part) in said.split(['–', '-', '/']).enumerate() {
            if at > 0 {
                let joint = if said.contains('/') { "or" } else { "to" };
                words.push(Word {
                    low: joint.to_owned(),
                    said: joint.to_owned(),
                });
            }
            if part.is_empty() {
                return None;
            }
            words.push(Word {
                low: part.to_lowercase(),
                said: part.to_owned(),
            });
        }
    }
    (!words.is_empty() && words.len() <= MOST_WORDS).then_some(words)
}

/// What was read so far.
#[derive(Default)]
struct Draft {
    soft: bool,
    hard: bool,
    not: u8,
    days: Vec<u8>,
    minutes: Option<(u16, u16)>,
    week: Option<Week>,
    places: Vec<String>,
    clock: Option<Clock>,
    /// The kind of the last item, and whether something joins it with the next.
    last: Option<Kind>,
    joined: bool,
    /// Whether it says when already.
    timed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Days,
    Minutes,
    Week,
    Place,
}

impl Draft {
    /// Takes an item; false where it can't stand there: "mornings and Fridays" is two things.
    fn item(&mut self, kind: Kind) -> bool {
        let fits = !self.joined || self.last == Some(kind);
        let is_place = kind == Kind::Place;
        let after_place = self.last == Some(Kind::Place);
        // What follows the places, or other places after the times, is another preference.
        let ends = match is_place {
            true => !after_place && self.places.len() > 1,
            false => after_place && self.timed,
        };
        self.timed |= !is_place;
        self.joined = false;
        self.last = Some(kind);
        fits && !ends
    }
}

/// Words that say nothing by themselves.
const NEUTRAL: &[&str] = &[
    "please",
    "interview",
    "interviews",
    "call",
    "calls",
    "schedule",
    "scheduling",
    "book",
    "offer",
    "propose",
    "choose",
    "times",
    "slots",
    "slot",
    "the",
    "a",
    "an",
    "on",
    "in",
    "at",
    "of",
    "for",
    "from",
    "with",
    "candidates",
    "candidate",
    "people",
    "applicants",
    "who",
    "are",
    "is",
    "live",
    "living",
    "based",
    "located",
    "we",
    "i",
    "should",
    "would",
    "to",
    "be",
    "it",
    "them",
    "us'",
    "possible",
    "where",
    "when",
    "every",
    "day",
    "days",
    "any",
    "during",
    "we'd",
    "i'd",
    "do",
];

fn preference(words: &[Word], inherited: Option<Does>) -> Option<Preference> {
    let mut draft = Draft::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = &words[at..];
        if let Some((taken, fits)) = item(rest, &mut draft) {
            if !fits {
                return None;
            }
            at += taken;
            continue;
        }
        match word.low.as_str() {
            "prefer" | "preferred" | "preferably" | "prefers" | "ideally" | "rather" | "favour"
            | "favor" | "better" | "best" | "like" => draft.soft = true,
            "if" if low(rest, 1) == Some("possible") => {
                draft.soft = true;
                at += 1;
            }
            "only" | "must" | "always" | "strictly" => draft.hard = true,
            "avoid" => {
                draft.soft = true;
                draft.not += 1;
            }
            "never" | "no" | "not" | "don't" | "cannot" | "can't" | "without" => {
                draft.not += 1;
            }
            "," | "and" | "or" => draft.joined = draft.last.is_some(),
            word if NEUTRAL.contains(&word) => {}
            _ => return None,
        }
        at += 1;
    }
    finished(draft, inherited)
}

fn finished(draft: Draft, inherited: Option<Does>) -> Option<Preference> {
    let says_when = !draft.days.is_empty() || draft.minutes.is_some() || draft.week.is_some();
    // "Not only mornings" is no preference.
    if !says_when || draft.not > 1 || (draft.not == 1 && draft.hard && !draft.soft) {
        return None;
    }
    let does = match (draft.soft, draft.hard, draft.not == 1) {
        (true, true, _) => return None,
        (true, _, false) => Does::Prefer,
        (true, _, true) => Does::Avoid,
        (false, true, _) => Does::Only,
        (false, false, true) => Does::Never,
        (false, false, false) => inherited.unwrap_or(Does::Prefer),
    };
    let mut days = draft.days;
    days.sort_unstable();
    days.dedup();
    Some(Preference {
        does,
        days,
        minutes: draft.minutes,
        week: draft.week,
        places: draft.places,
        clock: draft.clock.unwrap_or_default(),
    })
}

fn low(words: &[Word], at: usize) -> Option<&str> {
    words.get(at).map(|word| word.low.as_str())
}

/// An item at the beginning of these words: how many of them it takes, and whether it may stand
/// there; `None`: none begins here.
fn item(words: &[Word], draft: &mut Draft) -> Option<(usize, bool)> {
    if let Some((clock, taken)) = clock(words) {
        let new = draft.clock.is_none();
        draft.clock = Some(clock);
        return Some((taken, new));
    }
    if let Some((week, taken)) = week(words) {
        let new = draft.week.is_none();
        draft.week = Some(week);
        return Some((taken, draft.item(Kind::Week) && new));
    }
    if let Some((days, taken)) = days(words) {
        draft.days.extend(days);
        return Some((taken, draft.item(Kind::Days)));
    }
    if let Some((minutes, taken)) = minutes(words) {
        // Two stretches of a day would be two preferences.
        let new = draft.minutes.is_none();
        draft.minutes = Some(minutes);
        return Some((taken, draft.item(Kind::Minutes) && new));
    }
    let (place, taken) = place(words)?;
    draft.places.push(place.to_owned());
    Some((taken, draft.item(Kind::Place)))
}

fn clock(words: &[Word]) -> Option<(Clock, usize)> {
    let whose = match low(words, 0)? {
        "our" => Clock::Ours,
        "their" | "candidate's" | "candidates'" => Clock::Theirs,
        _ => return None,
    };
    let what = matches!(low(words, 1)?, "time" | "clock" | "zone" | "timezone");
    let zone = low(words, 1) == Some("time") && low(words, 2) == Some("zone");
    what.then_some((whose, 2 + usize::from(zone)))
}

fn week(words: &[Word]) -> Option<(Week, usize)> {
    let week = match low(words, 0)? {
        "first" => Week::First,
        "last" => Week::Last,
        _ => return None,
    };
    let of_month = low(words, 1)? == "week"
        && low(words, 2)? == "of"
        && matches!(low(words, 3)?, "the" | "a" | "each" | "every")
        && low(words, 4)? == "month";
    of_month.then_some((week, 5))
}

fn days(words: &[Word]) -> Option<(Vec<u8>, usize)> {
    match low(words, 0)? {
        "weekday" | "weekdays" => return Some(((1..=5).collect(), 1)),
        "weekend" | "weekends" => return Some((vec![6, 7], 1)),
        _ => {}
    }
    let first = day(low(words, 0)?)?;
    let to = low(words, 1).filter(|it| matches!(*it, "to" | "till" | "until" | "through"));
    let last = to.and_then(|_| day(low(words, 2)?));
    match last {
        Some(last) if first < last => Some(((first..=last).collect(), 3)),
        Some(_) => None,
        None => Some((vec![first], 1)),
    }
}

fn day(low: &str) -> Option<u8> {
    Some(match low {
        "mon" | "monday" | "mondays" => 1,
        "tue" | "tues" | "tuesday" | "tuesdays" => 2,
        "wed" | "wednesday" | "wednesdays" => 3,
        "thu" | "thur" | "thurs" | "thursday" | "thursdays" => 4,
        "fri" | "friday" | "fridays" => 5,
        "sat" | "saturday" | "saturdays" => 6,
        "sun" | "sunday" | "sundays" => 7,
        _ => return None,
    })
}

fn minutes(words: &[Word]) -> Option<((u16, u16), usize)> {
    let whole = match low(words, 0)? {
        "morning" | "mornings" => Some((0, 12 * 60)),
        "afternoon" | "afternoons" => Some((12 * 60, 18 * 60)),
        "evening" | "evenings" => Some((17 * 60, DAY)),
        _ => None,
    };
    if let Some(whole) = whole {
        return Some((whole, 1));
    }
    match low(words, 0)? {
        "before" | "until" | "till" => {
            let (to, taken) = time(&words[1..], None)?;
            Some(((0, to), 1 + taken))
        }
        "after" => {
            let (from, taken) = time(&words[1..], None)?;
            Some(((from, DAY), 1 + taken))
        }
        "between" | "from" => stretch(&words[1..]).map(|(it, taken)| (it, taken + 1)),
        _ => stretch(words),
    }
}

/// `9 to 12`, `9 and 5`, `9am to noon`.
fn stretch(words: &[Word]) -> Option<((u16, u16), usize)> {
    let (_, first) = time(words, None)?;
    if !matches!(low(words, first)?, "to" | "and" | "until" | "till") {
        return None;
    }
    let (to, last) = time(&words[first + 1..], None)?;
    let (from, _) = time(words, Some(to))?;
    (from < to).then_some(((from, to), first + 1 + last))
}

/// A clock, and how many words it takes. A bare hour is one of the working day: 1 to 6 are afternoon
/// hours; before an end it is the one that comes before that.
fn time(words: &[Word], end: Option<u16>) -> Option<(u16, usize)> {
    let word = low(words, 0)?;
    match word {
        "noon" => return Some((12 * 60, 1)),
        "midnight" => return Some((DAY, 1)),
        _ => {}
    }
    let (digits, suffix) = match word.find(|it: char| it.is_ascii_alphabetic()) {
        Some(at) => word.split_at(at),
        None => (word, ""),
    };
    let (suffix, taken) = match (suffix, low(words, 1)) {
        ("", Some(next @ ("am" | "pm"))) => (next, 2),
        _ => (suffix, 1),
    };
    let (hours, minutes) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let is_number =
        |it: &str| !it.is_empty() && it.len() <= 2 && it.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hours) || !is_number(minutes) {
        return None;
    }
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    let hour = match suffix {
        "am" if (1..=12).contains(&hours) => hours % 12,
        "pm" if (1..=12).contains(&hours) => hours % 12 + 12,
        "" | "h" if digits.contains(':') && hours <= 24 => hours,
        "" | "h" if (1..=6).contains(&hours) && digits == digits.trim_start_matches('0') => {
            match end {
                Some(end) if (hours + 12) * 60 >= end => hours,
                _ => hours + 12,
            }
        }
        "" | "h" if hours <= 24 => hours,
        _ => return None,
    };
    let minute = hour * 60 + minutes;
    (minutes < 60 && minute <= DAY).then_some((minute, taken))
}

/// A place, by the longest name that stands there.
fn place(words: &[Word]) -> Option<(&'static str, usize)> {
    let first = words.first()?;
    // In small letters it is who writes.
    if matches!(first.said.as_str(), "US" | "U.S" | "U.S.") {
        return Some(("the US", 1));
    }
    let all = CONTINENTS.iter().chain(COUNTRIES);
    let mut found: Option<(&'static str, usize)> = None;
    for (name, names, _) in all {
        for said in *names {
            let parts: Vec<_> = said.split(' ').collect();
            let is_it = parts
                .iter()
                .enumerate()
                .all(|(at, part)| low(words, at) == Some(part));
            if is_it && found.is_none_or(|(_, taken)| taken < parts.len()) {
                found = Some((name, parts.len()));
            }
        }
    }
    found
}
