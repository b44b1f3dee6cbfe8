//! From tokens to pieces of times, with the links between them.
//!
//! Owns in which order the readers are asked, and what the words before and after a number make of
//! it. Invariant: pieces cover the tokens in order, each token once, so reading is linear.

use greenroom_protocol::time::Instant;
use jiff::Timestamp;

use super::said::{Frame, Link, Number, Piece, Said};
use super::tokens::{Gap, Kind, Tokens};
use super::{amounts, clocks, days, spans, words, zones};

/// All pieces of a text, in order.
pub(super) fn pieces(tokens: &Tokens<'_>, frame: &Frame) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if at > 0 && tokens.gap(at) == Gap::Line {
            pieces.push(Piece {
                said: Said::Link(Link::Line),
                from: at,
                to: at,
            });
        }
        let (said, to) = one(tokens, at, frame, &pieces);
        let to = to.max(at + 1).min(tokens.len());
        pieces.push(Piece { said, from: at, to });
        at = to;
    }
    pieces
}

fn one(tokens: &Tokens<'_>, at: usize, frame: &Frame, before: &[Piece]) -> (Said, usize) {
    let Some(token) = tokens.get(at) else {
        return (Said::Break, at + 1);
    };
    if token.kind == Kind::Opaque {
        return (Said::Break, at + 1);
    }
    let last = before
        .iter()
        .rev()
        .find(|it| !matches!(it.said, Said::Link(Link::Bracket)))
        .map(|it| &it.said);
    let follows = matches!(
        last,
        Some(Said::Clock(_) | Said::Number(_) | Said::Part(_) | Said::Zone(..))
    );
    let mark = token.kind == Kind::Mark;
    if !mark {
        let found = timestamp(tokens, at)
            .or_else(|| days::day(tokens, at, frame))
            .or_else(|| moment(tokens, at, frame))
            .or_else(|| length(tokens, at, last))
            .or_else(|| clocks::clock(tokens, at, frame))
            .or_else(|| spans::span(tokens, at, frame));
        if let Some(found) = found {
            return found;
        }
        if matches!(last, Some(Said::Day(_)))
            && let Some((part, to)) = clocks::half_day(tokens, at)
        {
            return (Said::Part(part), to);
        }
    }
    if let Some((zone, to)) = zones::zone(tokens, at, follows) {
        let last_alone = matches!(tokens.low(at), "in" | "for");
        return (Said::Zone(zone, last_alone), to);
    }
    if !mark {
        // "3 days", "2 hours" and "30-45 minutes" without anything they count from are no times.
        if let Some((_, to)) = amounts::amount(tokens, at).filter(|(_, to)| *to > at) {
            return (Said::Break, to);
        }
        if tokens.number(at).is_some()
            && (tokens.dash(at + 1) || tokens.is(at + 1, "to") || tokens.is(at + 1, "or"))
            && let Some((_, to)) = amounts::amount(tokens, at + 2)
            && tokens.number(at + 2).is_some()
        {
            return (Said::Break, to);
        }
        if let Some(found) = number(tokens, at) {
            return found;
        }
    }
    link(tokens, at, frame, last)
}

/// RFC 3339: `2026-12-01T10:00:00+01:00`.
fn timestamp(tokens: &Tokens<'_>, at: usize) -> Option<(Said, usize)> {
    let first = tokens.number(at).filter(|it| it.digits == 4)?;
    if first.value < 1000 || !tokens.is(at + 1, "-") {
        return None;
    }
    let start = tokens.get(at)?.start;
    let rest = tokens.text.get(start..)?;
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let chunk = rest
        .get(..length)?
        .trim_end_matches([',', ';', ')', '.', '!', '?', ']']);
    if !chunk.contains(['t', 'T']) {
        return None;
    }
    let moment: Timestamp = chunk.parse().ok()?;
    let end = start + chunk.len();
    let mut to = at;
    while tokens.get(to).is_some_and(|it| it.start < end) {
        to += 1;
    }
    Some((Said::Moment(Instant::from(moment), None, "rfc-3339"), to))
}

/// `in 2 hours`, `an hour from now`, `20 minutes ago`, `within the hour`, `right now`.
fn moment(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> Option<(Said, usize)> {
    let now = |seconds: i64| frame.now.plus_seconds(seconds);
    let low = tokens.low(at);
    if matches!(low, "right" | "just") && tokens.is(at + 1, "now") {
        return (low == "right").then(|| (Said::Moment(frame.now, None, "now"), at + 2));
    }
    if low == "now" && tokens.len() == 1 {
        return Some((Said::Moment(frame.now, None, "now"), at + 1));
    }
    if matches!(low, "in" | "within") {
        let the = usize::from(tokens.is(at + 1, "the"));
        let within = low == "within" || (the == 1 && tokens.is(at + 2, "next"));
        let (amount, to) = amounts::amount(tokens, at + 1)?;
        if tokens.is(to, "of") {
            return None;
        }
        return match amount.seconds() {
            Some(seconds) if within => {
                Some((Said::Moment(frame.now, Some(now(seconds)), "within"), to))
            }
            Some(_) if the == 1 => None,
            Some(seconds) => {
                let to = to + usize::from(tokens.is(to, "time"));
                Some((Said::Moment(now(seconds), None, "counted-from-now"), to))
            }
            None if within => {
                let day = amount.shift()?.from(frame.today)?;
                let end =
                    super::settle::midnight(super::said::plus_days(day, 1)?, &frame.mine.zone)?;
                Some((Said::Moment(frame.now, Some(end), "within"), to))
            }
            None => None,
        };
    }
    let (amount, to) = amounts::amount(tokens, at)?;
    let seconds = amount.seconds()?;
    let after = matches!(tokens.low(to), "from" | "after") && tokens.is(to + 1, "now");
    match tokens.low(to) {
        "ago" => Some((Said::Moment(now(-seconds), None, "ago"), to + 1)),
        "hence" => Some((Said::Moment(now(seconds), None, "counted-from-now"), to + 1)),
        _ if after => Some((Said::Moment(now(seconds), None, "counted-from-now"), to + 2)),
        _ => None,
    }
}

/// How long: `for 45 min`, and after a clock `(45 min)`, `, 1h`.
fn length(tokens: &Tokens<'_>, at: usize, last: Option<&Said>) -> Option<(Said, usize)> {
    let for_it = tokens.is(at, "for");
    let after_clock = matches!(
        last,
        Some(Said::Clock(_) | Said::Zone(..) | Said::Link(Link::Comma))
    );
    let start = if for_it { at + 1 } else { at };
    if !for_it && !after_clock {
        return None;
    }
    let (amount, to) = amounts::amount(tokens, start)?;
    let seconds = amount.seconds()?;
    let said = (seconds >= 60).then_some(Said::Length(seconds / 60))?;
    let to = to
        + usize::from(matches!(
            tokens.word(to),
            "long" | "meeting" | "call" | "slot"
        ));
    // "10:30, 2 hours before lunch", "4pm 2 hours ago"
    let counted = matches!(
        tokens.low(to),
        "before" | "after" | "from" | "ago" | "later" | "earlier"
    );
    (!counted).then_some((said, to))
}

/// A number that its neighbours do not make the number of something else.
fn number(tokens: &Tokens<'_>, at: usize) -> Option<(Said, usize)> {
    let before = tokens.word(at.wrapping_sub(1));
    if words::names_a_thing(before) {
        return None;
    }
    let mark = tokens.low(at.wrapping_sub(1));
    if at > 0 && tokens.tight(at) && matches!(mark, "." | ":" | "+" | "#" | "*" | "x" | "×") {
        return None;
    }
    if let Some((number, to)) = days::ordinal(tokens, at) {
        let spelled_alone = number.spelled && !tokens.is(at.wrapping_sub(1), "the");
        // "Friday the 19th" is a day, whatever follows.
        let the = usize::from(tokens.is(at.wrapping_sub(1), "the"));
        let of_a_weekday = at > the && words::weekday(tokens.low(at - 1 - the)).is_some();
        if spelled_alone || !(of_a_weekday || after_ordinal(tokens, to)) {
            return None;
        }
        return Some((Said::Number(number), to));
    }
    if days::enumerates(tokens, at) {
        return None;
    }
    let (value, digits, spelled, to) = match tokens.number(at) {
        Some(number) if number.digits <= 2 => (number.value, number.digits, false, at + 1),
        Some(_) => return None,
        None => {
            let value = words::number(tokens.word(at)).filter(|it| (1..=12).contains(it))?;
            (value, 0, true, at + 1)
        }
    };
    if words::counts_things(tokens.word(to)) {
        return None;
    }
    let next = tokens.get(to);
    let touching = next.is_some_and(|it| {
        it.gap == Gap::None
            && matches!(it.low, ":" | "%" | "°" | "+" | "*" | "×" | "=" | "'" | "\"")
            && !(it.low == ":" && tokens.gap(to + 1) != Gap::None)
    });
    // "9/10" that is no date is a rating or a fraction; "12/13 December" is two days.
    let slash =
        |place: usize| tokens.is(place, "/") && tokens.tight(place) && tokens.tight(place + 1);
    let month_at = |place: usize| words::month(tokens.word(place)).is_some();
    let fraction = (slash(to) && tokens.number(to + 1).is_some() && !month_at(to + 2))
        || (at > 1 && slash(at - 1) && tokens.number(at - 2).is_some() && !month_at(to));
    if fraction {
        return None;
    }
    let decimal = tokens.is(to, ".")
        && tokens.tight(to)
        && tokens.tight(to + 1)
        && tokens.number(to + 1).is_some();
    // "10 Downing Street"
    let name = next.is_some_and(|it| {
        it.kind == Kind::Word
            && it.text.starts_with(char::is_uppercase)
            && zones::zone(tokens, to, true).is_none()
            && words::month(it.low).is_none()
            && words::weekday(it.low).is_none()
            && !matches!(it.low, "am" | "pm" | "at" | "on" | "or" | "and" | "to")
    });
    if touching || decimal || name {
        return None;
    }
    let number = Number {
        value,
        digits,
        ordinal: false,
        spelled,
    };
    Some((Said::Number(number), to))
}

/// Words that may follow a day of the month: the others are what is counted, as in "3rd round".
fn after_ordinal(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = tokens.get(at).filter(|it| it.kind == Kind::Word) else {
        return true;
    };
    matches!(
        token.low,
        "at" | "from"
            | "of"
            | "or"
            | "and"
            | "to"
            | "works"
            | "work"
            | "is"
            | "would"
            | "could"
            | "can"
            | "might"
            | "may"
            | "if"
            | "in"
            | "on"
            | "looks"
            | "sounds"
            | "suits"
            | "between"
            | "before"
            | "after"
            | "around"
            | "for"
            | "then"
            | "please"
            | "through"
            | "till"
            | "until"
            | "but"
            | "morning"
            | "afternoon"
            | "evening"
            | "instead"
            | "as"
            | "with"
            | "by"
            | "was"
            | "should"
            | "will"
            | "too"
            | "also"
            | "not"
            | "a"
            | "i"
            | "we"
            | "does"
            | "do"
            | "either"
            | "works?"
            | "next"
            | "this"
            | "be"
            | "possible"
            | "ok"
            | "okay"
            | "fine"
            | "good"
            | "great"
            | "perfect"
            | "best"
            | "better"
            | "it"
            | "that"
            | "so"
            | "because"
            | "since"
            | "which"
            | "fits"
            | "seems"
            | "you"
            | "available"
            | "free"
            | "open"
            | "confirmed"
            | "thanks"
            | "thank"
            | "are"
            | "onwards"
            | "anytime"
            | "any"
            | "when"
            | "here"
            | "only"
            | "preferably"
            | "ideally"
            | "maybe"
            | "perhaps"
    ) || words::number(token.low).is_some()
        || words::month(token.low).is_some()
}

/// Words between the parts of a time; all others end it.
fn link(tokens: &Tokens<'_>, at: usize, frame: &Frame, last: Option<&Said>) -> (Said, usize) {
    let next = tokens.low(at + 1);
    let one = |link| (Said::Link(link), at + 1);
    let two = |link| (Said::Link(link), at + 2);
    let three = |link| (Said::Link(link), at + 3);
    let after_clock = matches!(
        last,
        Some(Said::Clock(_) | Said::Number(_) | Said::Zone(..) | Said::Day(_))
    );
    match tokens.low(at) {
        "at" | "@" => one(Link::At),
        "for" if matches!(last, Some(Said::Day(_))) && hour_said(tokens, at + 1, frame) => {
            one(Link::At)
        }
        "on" if after_clock && ends(tokens, at + 1) => one(Link::Onwards),
        "onwards" | "onward" => one(Link::Onwards),
        "forward" if after_clock => one(Link::Onwards),
        "on" => one(Link::On),
        "the" => one(Link::The),
        "of" => one(Link::Of),
        "in" | "during" => one(Link::In),
        "," => one(Link::Comma),
        ":" => one(Link::Colon),
        ";" | "•" | "*" | "·" | "|" => one(Link::Line),
        "or" | "and"
            if matches!(next, "later" | "after" | "onwards" | "beyond") && ends(tokens, at + 2) =>
        {
            two(Link::Onwards)
        }
        "or" if matches!(next, "earlier" | "before" | "sooner") && ends(tokens, at + 2) => {
            two(Link::Earlier)
        }
        "and" if next == "then" => two(Link::And),
        "or" => one(Link::Or),
        "and" | "&" => one(Link::And),
        "/" => one(Link::Slash),
        "to" => one(Link::To),
        "until" | "till" | "til" | "untill" | "thru" | "through" | "'til" => one(Link::Until),
        "up" if next == "to" => two(Link::Until),
        "from" | "starting" | "since" => one(Link::From),
        "between" | "btw" | "betw" | "btwn" => one(Link::Between),
        "not" | "no" if next == "before" => two(Link::After),
        "not" | "no" if matches!(next, "earlier" | "sooner") && tokens.is(at + 2, "than") => {
            three(Link::After)
        }
        "not" | "no" if next == "later" && tokens.is(at + 2, "than") => three(Link::By),
        "later" | "after" if next == "than" => two(Link::After),
        "earlier" | "sooner" if next == "than" => two(Link::Before),
        "prior" if next == "to" => two(Link::Before),
        "after" | "past" => one(Link::After),
        "before" => one(Link::Before),
        "by" => one(Link::By),
        "around" | "about" | "approximately" | "approx" | "circa" | "~" | "roughly" => {
            one(Link::Around)
        }
        "(" | ")" | "[" | "]" => one(Link::Bracket),
        "any" if next == "time" => two(Link::Soft),
        "sometime" | "anytime" | "either" | "maybe" | "perhaps" | "say" | "ideally"
        | "preferably" | "exactly" | "local" | "also" | "anywhere" | "some" | "possibly"
        | "even" => one(Link::Soft),
        "t" if tokens.tight(at) && tokens.tight(at + 1) => one(Link::Soft),
        _ if tokens.dash(at) => one(Link::Dash),
        "." | "!" | "?" | "\"" | "'" | "“" | "”" => (Said::Stop, at + 1),
        _ => (Said::Break, at + 1),
    }
}

/// Whether a clock that is surely one stands there: "Friday for 3pm", not "Friday for 3 people".
fn hour_said(tokens: &Tokens<'_>, at: usize, frame: &Frame) -> bool {
    let clock = clocks::clock(tokens, at, frame);
    matches!(clock, Some((Said::Clock(clock), _)) if !clock.weak)
}

/// Whether nothing of a time can follow.
fn ends(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = tokens.get(at) else {
        return true;
    };
    if token.kind == Kind::Mark {
        return !matches!(token.low, "(" | "-" | "–");
    }
    token.gap == Gap::Line
        || !(token.kind == Kind::Number
            || words::weekday(token.low).is_some()
            || words::month(token.low).is_some()
            || words::number(token.low).is_some()
            || matches!(
                token.low,
                "the"
                    | "next"
                    | "this"
                    | "any"
                    | "either"
                    | "at"
                    | "noon"
                    | "today"
                    | "tomorrow"
                    | "a"
            ))
}
