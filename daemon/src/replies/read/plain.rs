//! Spellings and pairs of times that mean something else in an answer than elsewhere.
//!
//! Owns what is changed in a text before its times are read, and in the times that were read of it.

use std::ops::Range;

use greenroom_protocol::schedule::Grain;

use crate::schedule::reading::{self, Frame as Times};

/// "post 7 pm" as "from 7 pm", each byte in its place.
pub(super) fn after_hours(text: &str) -> String {
    let low = text.to_ascii_lowercase();
    let mut plain = text.to_owned();
    for (at, _) in low.match_indices("post ") {
        let begins = at == 0 || !low.as_bytes()[at - 1].is_ascii_alphanumeric();
        let hour = low.as_bytes().get(at + 5).is_some_and(u8::is_ascii_digit);
        if begins && hour {
            plain.replace_range(at..at + 4, "from");
        }
    }
    plain
}

/// `9h30` and `14.00h` as `9:30` and `14:00`, each byte in its place.
pub(super) fn plain_clocks(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let digit = |bytes: &[u8], at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    for at in 1..bytes.len() {
        let two = digit(&bytes, at + 1) && digit(&bytes, at + 2);
        if !digit(&bytes, at - 1) || !two || digit(&bytes, at + 3) {
            continue;
        }
        let hours = bytes
            .get(at + 3)
            .is_some_and(|it| it.eq_ignore_ascii_case(&b'h'));
        match bytes[at] {
            b'h' | b'H' => bytes[at] = b':',
            b'.' if hours => {
                bytes[at] = b':';
                bytes[at + 3] = b' ';
            }
            _ => {}
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Whether what begins at `at` says when an email was sent.
pub(super) fn dates_an_email(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let mut words = before.rsplit(|it: char| !it.is_alphanumeric());
    let mut back = words.by_ref().filter(|it| !it.is_empty()).take(3);
    let Some(mut last) = back.next() else {
        return false;
    };
    if last.eq_ignore_ascii_case("the") {
        last = back.next().unwrap_or_default();
    }
    let of = ["of", "from", "dated", "sent"];
    let mail = ["mail", "email", "message", "letter", "invitation", "note"];
    let is = |said: &str, list: &[&str]| list.iter().any(|it| said.eq_ignore_ascii_case(it));
    is(last, &of) && back.next().is_some_and(|it| is(it, &mail))
}

/// Two numbers with a stroke between them are a date where somebody chooses a slot, also where
/// nothing else beside them says so: "9/12 works".
pub(super) fn dates_alone(text: &str, times: &Times, slots: usize, places: &mut reading::Places) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let run = |at: usize| (at..at + 3).take_while(|it| digit(*it)).count();
    let mut at = 0;
    while at < bytes.len() {
        let begins = digit(at)
            && (at == 0 || !matches!(bytes[at - 1], b'0'..=b'9' | b'/' | b'.' | b':' | b'-'));
        let first = run(at);
        let second = run(at + first + 1);
        let end = at + first + 1 + second;
        let fits = begins
            && (1..=2).contains(&first)
            && (1..=2).contains(&second)
            && bytes.get(at + first) == Some(&b'/');
        let ends = !bytes
            .get(end)
            .is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'/' | b':'));
        let taken = places
            .times
            .iter()
            .any(|it| it.at.start < end && at < it.at.end);
        if !(fits && ends) {
            at += first.max(1);
            continue;
        }
        let number =
            |from: usize, length: usize| text[from..from + length].parse::<usize>().unwrap_or(99);
        let options = number(at, first) <= slots && number(at + first + 1, second) <= slots;
        if !taken && !options {
            const LEAD: &str = "on ";
            let alone = reading::places(&format!("{LEAD}{}", &text[at..end]), times);
            let moved = |range: &Range<usize>| at..at + range.end.saturating_sub(LEAD.len()).max(1);
            for mut marked in alone.times {
                marked.at = moved(&marked.at);
                places.times.push(marked);
            }
            for (doubt, range) in alone.ambiguous {
                places.ambiguous.push((doubt, moved(&range)));
            }
        }
        at = end;
    }
    places.times.sort_by_key(|it| it.at.start);
}

/// A span and a day that the reader of times put together over a comma are two: "over the weekend,
/// Tuesday is fine".
pub(super) fn over_a_comma(text: &str, times: &Times, places: &mut reading::Places) {
    let mut more = Vec::new();
    for marked in &mut places.times {
        let words = text.get(marked.at.clone()).unwrap_or_default();
        let Some(comma) = words.rfind(", ").filter(|at| {
            let part = ["middle", "end of", "beginning", "half"];
            let low = words[..*at].to_lowercase();
            let of_part = part.iter().any(|it| low.contains(it));
            marked.day == "weekday-in-span" || (marked.day == "weekday-in-week" && of_part)
        }) else {
            continue;
        };
        let begin = marked.at.start;
        for mut span in reading::places(&words[..comma], times).times {
            span.at = span.at.start + begin..span.at.end + begin;
            more.push(span);
        }
        let rest = reading::places(&words[comma + 2..], times).times;
        let mut alone = rest.into_iter().filter(|it| it.time.grain != Grain::Longer);
        match alone.next() {
            // The day as it is said alone.
            Some(mut day) => {
                let from = begin + comma + 2;
                day.at = day.at.start + from..day.at.end + from;
                *marked = day;
            }
            None => marked.at.start += comma + 2,
        }
    }
    places.times.extend(more);
}
