//! Which slots of a list are named by their number or their place in it.
//!
//! Owns when a number is an option's, and what "the first one" is. Invariant: a number that counts
//! something is none. Must not know when a slot is.

use super::words::{Kind, Word, among};

/// An option that is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OptionSaid {
    /// Its number; 0 for the last one.
    pub n: u32,
    /// The words `from..to`.
    pub from: usize,
    pub to: usize,
    /// Called an option, so that the number is nothing else.
    pub strong: bool,
    /// Numbers a line.
    pub numbers_line: bool,
}

/// The slot that begins first, and the one that begins last.
pub(super) const EARLIEST: u32 = u32::MAX;
pub(super) const LATEST: u32 = u32::MAX - 1;

/// Numbers are looked for up to this one.
const MOST: u32 = 20;

/// The options named with a word such as "option" or by their place, wherever they stand.
pub(super) fn named(words: &[Word]) -> Vec<OptionSaid> {
    let mut found: Vec<OptionSaid> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let listed = listed(words, at, &mut found);
        let placed = listed.or_else(|| placed(words, at, &mut found));
        match placed.or_else(|| by_time(words, at, &mut found)) {
            Some(to) => at = to.max(at + 1),
            None => at += 1,
        }
    }
    found
}

fn low(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |it| it.low.as_str())
}

fn value(word: Option<&Word>) -> Option<u32> {
    let word = word?;
    match word.kind {
        Kind::Digits => word.low.parse().ok().filter(|it| (1..=MOST).contains(it)),
        Kind::Letters => Some(match word.low.as_str() {
            "one" => 1,
            "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            "six" => 6,
            _ => return None,
        }),
        _ => None,
    }
}

fn is_noun(low: &str) -> bool {
    among(
        low,
        "option options slot slots number numbers choice choices proposal proposals \
            alternative suggestion no nr num appointment variant opt time date",
    )
}

/// `option 2`, `slots 1, 2 or 4`, `#3`, `no. 2`, `time slot number two`.
fn listed(words: &[Word], at: usize, found: &mut Vec<OptionSaid>) -> Option<usize> {
    let first = low(words, at);
    let hash = first == "#";
    if !hash && !is_noun(first) {
        return None;
    }
    let mut next = at + 1;
    while next < at + 4
        && (is_noun(low(words, next)) || matches!(low(words, next), "#" | "." | "(" | ":"))
    {
        next += 1;
    }
    let plain = matches!(first, "no" | "time" | "date") && next == at + 1;
    // "at the following time: 10 December"
    let named = (at + 1..next).any(|it| is_noun(low(words, it)) || low(words, it) == "#");
    if matches!(first, "time" | "date" | "appointment") && !named {
        return None;
    }
    let number = words.get(next)?;
    let said = value(Some(number))?;
    let clock = matches!(low(words, next + 1), ":" | ".") && digits(words, next + 2);
    // "no 2" and "time 2" may be anything; "no. 2" is a number.
    if clock || (plain && first != "no") || (plain && number.kind != Kind::Digits) {
        return None;
    }
    if number.kind == Kind::Letters && plain {
        return None;
    }
    let to_unit = counts(words, next + 1);
    if to_unit {
        return None;
    }
    if first == "no" && plain {
        return None;
    }
    let push = |found: &mut Vec<OptionSaid>, n, from, to| {
        found.push(OptionSaid {
            n,
            from,
            to,
            strong: true,
            numbers_line: false,
        });
    };
    push(found, said, at, next + 1);
    let mut end = next + 1;
    // The list goes on with bare numbers.
    loop {
        let mut ahead = end;
        let mut linked = false;
        while matches!(
            low(words, ahead),
            "," | "or"
                | "and"
                | "&"
                | "/"
                | "+"
                | "also"
                | "either"
                | "then"
                | "option"
                | "slot"
                | "number"
                | "#"
                | "not"
        ) && ahead < end + 4
        {
            if low(words, ahead) == "not" {
                return Some(end);
            }
            linked = true;
            ahead += 1;
        }
        let Some(n) = value(words.get(ahead)).filter(|_| linked) else {
            return Some(end);
        };
        let word = &words[ahead];
        let clock = matches!(low(words, ahead + 1), ":" | ".") && digits(words, ahead + 2)
            || matches!(
                low(words, ahead + 1),
                "am" | "pm" | "/" | "th" | "st" | "nd" | "rd" | "h"
            );
        if clock || counts(words, ahead + 1) || (word.kind == Kind::Letters && word.low == "one") {
            return Some(end);
        }
        push(found, n, ahead, ahead + 1);
        end = ahead + 1;
    }
}

fn digits(words: &[Word], at: usize) -> bool {
    words
        .get(at)
        .is_some_and(|it| it.kind == Kind::Digits && !it.spaced)
}

/// Words that a number before them counts.
fn counts(words: &[Word], at: usize) -> bool {
    matches!(
        low(words, at),
        "minutes"
            | "minute"
            | "mins"
            | "min"
            | "hours"
            | "hour"
            | "hrs"
            | "days"
            | "weeks"
            | "week"
            | "questions"
            | "question"
            | "people"
            | "years"
            | "year"
            | "months"
            | "times"
            | "options"
            | "slots"
            | "of"
            | "more"
            | "other"
            | "others"
            | "kids"
            | "children"
            | "jobs"
            | "roles"
            | "interviews"
            | "rounds"
            | "colleagues"
            | "things"
            | "points"
            | "th"
            | "nd"
            | "rd"
            | "st"
            | "am"
            | "pm"
            | "%"
            | "€"
            | "$"
            | "k"
            | "different"
            | "dates"
            | "proposed"
    )
}

fn ordinal(low: &str) -> Option<u32> {
    Some(match low {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "last" => 0,
        _ => return None,
    })
}

fn is_one(low: &str) -> bool {
    among(
        low,
        "one option slot time date suggestion proposal appointment alternative timeslot \
            possibility ones options entry item variant listed offered",
    )
}

/// `the earliest one`, `the latest slot`.
fn by_time(words: &[Word], at: usize, found: &mut Vec<OptionSaid>) -> Option<usize> {
    let start = at + usize::from(low(words, at) == "the");
    let n = match low(words, start) {
        "earliest" | "soonest" => EARLIEST,
        "latest" => LATEST,
        _ => return None,
    };
    let mut to = start + 1;
    let between = "possible available of you your the offered proposed";
    while among(low(words, to), between) && to < start + 4 {
        to += 1;
    }
    if !is_one(low(words, to)) || among(low(words, to), "date time") {
        return None;
    }
    found.push(OptionSaid {
        n,
        from: at,
        to: to + 1,
        strong: true,
        numbers_line: false,
    });
    Some(to + 1)
}

/// `the first one`, `2nd option`, `the third`, `last slot`.
fn placed(words: &[Word], at: usize, found: &mut Vec<OptionSaid>) -> Option<usize> {
    let the = low(words, at) == "the" || low(words, at) == "your";
    let start = at + usize::from(the);
    let (n, mut to) = match ordinal(low(words, start)) {
        Some(n) => (n, start + 1),
        None => {
            let n = value(words.get(start)).filter(|_| words[start].kind == Kind::Digits)?;
            let suffix = matches!(low(words, start + 1), "st" | "nd" | "rd" | "th");
            let tight = words.get(start + 1).is_some_and(|it| !it.spaced);
            (n, (suffix && tight).then_some(start + 2)?)
        }
    };
    let digit = words[start].kind == Kind::Digits;
    let mut named = false;
    while matches!(
        low(words, to),
        "time" | "proposed" | "suggested" | "offered" | "listed"
    ) && is_one(low(words, to + 1))
    {
        to += 1;
    }
    if is_one(low(words, to)) {
        named = true;
        to += 1;
    }
    // "the first works", "the second is fine"; "first of all" and "the last week" are none.
    let ends = words.get(to).is_none_or(|it| it.kind != Kind::Letters)
        || matches!(
            low(words, to),
            "works"
                | "is"
                | "would"
                | "suits"
                | "please"
                | "or"
                | "and"
                | "sounds"
                | "fits"
                | "looks"
                | "will"
                | "should"
                | "if"
                | "then"
                | "but"
                | "does"
                | "can"
                | "seems"
                | "of"
        );
    // "the second of the four you sent"
    let of_these = low(words, to) == "of"
        && (among(low(words, to + 1), "these those them all")
            || (among(low(words, to + 1), "the your")
                && among(
                    low(words, to + 2),
                    "two three four five six options slots times dates list ones proposed \
                     suggested offered suggestions proposals choices",
                )));
    let whole = (the && ends && !digit && low(words, to) != "of") || of_these;
    let between_times = low(words, to) == "of" && !named && !of_these;
    if (!named && !whole) || between_times {
        return None;
    }
    // "the first time", "last time" and "one last time" name no slot.
    if low(words, to - 1) == "time" && !the {
        return None;
    }
    let from = at;
    found.push(OptionSaid {
        n,
        from,
        to,
        strong: true,
        numbers_line: false,
    });
    Some(to)
}

/// The options named by a number alone. `free`: the words that are in no time.
pub(super) fn bare(words: &[Word], free: &dyn Fn(usize) -> bool, most: u32) -> Vec<OptionSaid> {
    let mut found = Vec::new();
    for at in 0..words.len() {
        if !free(at) {
            continue;
        }
        let spelled = words[at].kind == Kind::Letters;
        let Some(n) = value(Some(&words[at])) else {
            continue;
        };
        if let Some(said) = number_alone(words, at, n, spelled, most) {
            found.push(said);
        }
    }
    found
}

fn number_alone(words: &[Word], at: usize, n: u32, spelled: bool, most: u32) -> Option<OptionSaid> {
    let before = at.checked_sub(1).and_then(|it| words.get(it));
    let begins = before.is_none_or(|it| it.kind == Kind::Line);
    let prev = before.map_or("", |it| it.low.as_str());
    let next_word = words.get(at + 1);
    let next = next_word.map_or("", |it| it.low.as_str());
    let ends = next_word.is_none_or(|it| it.kind == Kind::Line);
    let tight_next = next_word.is_some_and(|it| !it.spaced);
    let numbers_line = begins
        && matches!(next, ")" | "." | ":" | "-")
        && !digits(words, at + 2)
        && { words.get(at + 2).is_some_and(|it| it.kind != Kind::Line) };
    let said = OptionSaid {
        n,
        from: at,
        to: at + 1,
        strong: false,
        numbers_line,
    };
    if n > most.max(9) {
        return None;
    }
    if numbers_line {
        return Some(said);
    }
    // `14:40`, `2.5`, `9/12`, `2%`, `2nd`, and whatever else a figure is glued to.
    let glued_before = before.is_some_and(|it| {
        !words[at].spaced && !matches!(it.low.as_str(), "(" | "#" | "/" | "&" | "," | "+" | "\"")
    });
    let glued_after = tight_next
        && (next_word.is_some_and(|it| matches!(it.kind, Kind::Letters | Kind::Digits))
            || matches!(next, ":" | "%" | "€" | "$" | "°" | "'")
            || (matches!(next, "." | "," | "-" | "–") && digits(words, at + 2)));
    // "I can do 4 as scheduled" is an hour: options are numbered by us, and nobody scheduled one.
    let as_known = next == "as"
        && among(
            low(words, at + 2),
            "scheduled planned agreed arranged usual",
        );
    if glued_before || glued_after || as_known || counts(words, at + 1) {
        return None;
    }
    let of_two = prev == "of"
        && at
            .checked_sub(2)
            .and_then(|it| words.get(it))
            .is_some_and(|it| among(&it.low, "whichever either any one both all"));
    let before_fits = begins
        || of_two
        || prev.ends_with("ly")
        || !before.is_some_and(|it| matches!(it.kind, Kind::Letters | Kind::Digits))
        || among(
            prev,
            "or and with want reluctantly case for take do choose pick prefer is be book confirm \
            either both please yes ok then otherwise sure great perfect not than except only it \
            accept select have make hi thanks hello say meant mean but so also maybe probably \
            perhaps think go like me that actually wait no sorry definitely number to absolutely \
            ideally preferably though because does could would plus around yep yeah correction \
            instead neither nor anything picked chose if taken gone possible available \
            unavailable free full booked option slot towards toward say manage reckon suggest \
            vote favour favor last suit suits answer else possible",
        );
    let after_fits = ends
        || !next_word.is_some_and(|it| matches!(it.kind, Kind::Letters | Kind::Digits))
        || among(
            next,
            "or and works work is would suits suit please for sounds looks fits fit seems if at \
            on then thanks thank will should it also too as but can does could was because \
            though instead otherwise with are do might may in i so not being be since over \
            rather best cheers ok fine perfect great good pls preferred preferably except unless \
            only from has to than my all unfortunately definitely clashes conflicts overlaps \
            confirmed yes no sure that would've while doesn that's takes both regards \
            alternatively suites",
        );
    if !before_fits || !after_fits {
        return None;
    }
    // "one" and "two" are more often counted than chosen.
    if spelled {
        let short =
            words.len() <= 4 || matches!(next, "please" | "works" | "is" | "suits" | "sounds");
        if !(begins && short) || n == 1 && next != "please" && words.len() > 2 {
            return None;
        }
    }
    Some(said)
}
