//! The times of an answer, compared with the slots.
//!
//! Owns in whose zone and from which day times are read (R1, R3), and what is a time only in an
//! answer to slots: "9/12 works", "the 9th", "mornings".

use std::ops::Range;

use greenroom_protocol::reply::ReplyTime;
use greenroom_protocol::schedule::Grain;
use greenroom_protocol::time::Instant;
use jiff::civil::Weekday;

use super::{Reader, Written};
use crate::replies::slots::{Counted, Form, Spot, Table, spots};
use crate::replies::words::Word;
use crate::schedule::reading::{self, Frame as Times};
use crate::schedule::time::{self, NotATime};

impl Reader<'_> {
    pub(super) fn spots(&self, text: &str) -> Result<Vec<Spot>, NotATime> {
        let base = match self.frame.written {
            Written::At(at, _) => at,
            Written::Unsaid | Written::Wrong => self.frame.now,
        };
        let mut times = Times::new(base, self.printed, None, self.frame.locale)?;
        if let Written::At(at, Some(offset)) = self.frame.written
            && let Ok(offset) = jiff::tz::Offset::from_seconds(offset)
        {
            times = times.written_on(offset.to_datetime(at.timestamp()).date());
        }
        let table = Table {
            slots: self.slots,
            zone: self.zone,
            zone_name: self.printed,
            own_zone: self.frame.zone,
        };
        let mut places = reading::places(text, &times);
        let listed = |words: &str| {
            let two = words
                .split_once('/')
                .map(|(a, b)| (a.parse::<usize>(), b.parse::<usize>()));
            matches!(two, Some((Ok(a), Ok(b))) if a <= self.slots.len() && b <= self.slots.len())
        };
        // "2/4" are two of four options, and no day in April.
        places.times.retain(|it| !listed(&it.time.words));
        over_a_comma(text, &times, &mut places);
        dates_alone(text, &times, self.slots.len(), &mut places);
        let mut found = spots(places, &table);
        if self.frame.zone != self.printed {
            self.in_own_zone(text, &table, base, &mut found)?;
        }
        Ok(found)
    }

    /// A time may also be meant by the candidate's own clock, which is another reading (R3).
    fn in_own_zone(
        &self,
        text: &str,
        table: &Table<'_>,
        base: Instant,
        found: &mut [Spot],
    ) -> Result<(), NotATime> {
        let times = Times::new(base, self.frame.zone, None, self.frame.locale)?;
        let own = time::zone(self.frame.zone)?;
        let table = Table {
            zone: &own,
            zone_name: self.frame.zone,
            ..*table
        };
        for other in spots(reading::places(text, &times), &table) {
            let same = found.iter_mut().find(|it| it.at == other.at && !it.zoned);
            let Some(spot) = same.filter(|it| it.form == Form::Exact) else {
                continue;
            };
            let more = other.slots.iter().filter(|n| !spot.slots.contains(n));
            let more: Vec<u32> = more.copied().collect();
            spot.others.extend(more);
        }
        Ok(())
    }

    /// "the 9th" and "afternoons", which are times only beside slots.
    pub(super) fn add_loose_days(&self, words: &[Word], spots: &mut Vec<Spot>) {
        let low = |at: usize| words.get(at).map_or("", |it| it.low.as_str());
        for at in 0..words.len() {
            let place = words[at].at.clone();
            let taken = |range: &Range<usize>, spots: &[Spot]| {
                spots
                    .iter()
                    .any(|it| it.at.start < range.end && range.start < it.at.end)
            };
            let part = match low(at) {
                "mornings" => Some((0, 12 * 60)),
                "morning" if low(at.wrapping_sub(1)) != "good" => Some((0, 12 * 60)),
                "afternoons" | "afternoon" if low(at.wrapping_sub(1)) != "good" => {
                    Some((12 * 60, 18 * 60))
                }
                "evenings" => Some((17 * 60, 22 * 60)),
                _ => None,
            };
            if let Some((from, to)) = part
                && !taken(&place, spots)
            {
                let inside = self
                    .slots
                    .iter()
                    .filter(|it| it.from >= from && it.to <= to);
                let inside: Vec<u32> = inside.map(|it| it.n).collect();
                spots.push(self.loose(place, low(at), Grain::Part, inside, from));
                continue;
            }
            let weekday = match low(at) {
                "mondays" => Some(Weekday::Monday),
                "tuesdays" => Some(Weekday::Tuesday),
                "wednesdays" => Some(Weekday::Wednesday),
                "thursdays" => Some(Weekday::Thursday),
                "fridays" => Some(Weekday::Friday),
                "weekends" | "saturdays" => Some(Weekday::Saturday),
                _ => None,
            };
            if let Some(weekday) = weekday.filter(|_| !taken(&place, spots)) {
                let on = self.slots.iter().filter(|it| it.date.weekday() == weekday);
                let on: Vec<u32> = on.map(|it| it.n).collect();
                spots.push(self.loose(place, low(at), Grain::Part, on, 0));
                continue;
            }
            let number: Option<i8> = low(at).parse().ok();
            let suffix = matches!(low(at + 1), "st" | "nd" | "rd" | "th");
            let option_noun = matches!(
                low(at + 2),
                "one" | "option" | "slot" | "time" | "round" | "stage" | "suggestion" | "choice"
            );
            if let Some(day) = number.filter(|it| suffix && !option_noun && (1..=31).contains(it)) {
                let range = place.start..words[at + 1].at.end;
                let on = self.slots.iter().filter(|it| it.date.day() == day);
                let on: Vec<u32> = on.map(|it| it.n).collect();
                if !taken(&range, spots) && !on.is_empty() {
                    spots.push(self.loose(range, low(at), Grain::Day, on, 0));
                }
            }
        }
        spots.sort_by_key(|it| (it.at.start, it.at.end));
    }

    fn loose(
        &self,
        at: Range<usize>,
        words: &str,
        grain: Grain,
        slots: Vec<u32>,
        minute: i64,
    ) -> Spot {
        Spot {
            time: ReplyTime {
                start: self.frame.now,
                end: None,
                grain,
                zone: self.printed.to_owned(),
                words: words.to_owned(),
                rule: "among-the-slots".to_owned(),
                others: Vec::new(),
                slots: slots.clone(),
            },
            at,
            form: Form::Window,
            touches: slots.clone(),
            by_clock: slots.clone(),
            slots,
            others: Vec::new(),
            clock_only: true,
            doubtful: false,
            zoned: false,
            counted: Counted::Not,
            minute,
        }
    }
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

/// Two numbers with a stroke between them are a date where somebody chooses a slot, also where
/// nothing else beside them says so: "9/12 works".
fn dates_alone(text: &str, times: &Times, slots: usize, places: &mut reading::Places) {
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
fn over_a_comma(text: &str, times: &Times, places: &mut reading::Places) {
    let mut more = Vec::new();
    for marked in &mut places.times {
        let words = text.get(marked.at.clone()).unwrap_or_default();
        let Some(comma) = words
            .rfind(", ")
            .filter(|_| marked.day == "weekday-in-span")
        else {
            continue;
        };
        for mut span in reading::places(&words[..comma], times).times {
            span.at = span.at.start + marked.at.start..span.at.end + marked.at.start;
            more.push(span);
        }
        marked.at.start += comma + 2;
    }
    places.times.extend(more);
}
