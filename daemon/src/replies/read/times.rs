//! The times of an answer, compared with the slots.
//!
//! Owns in whose zone and from which day times are read (R1, R3), and what is a time only in an
//! answer to slots: "9/12 works", "the 9th", "mornings".

use std::ops::Range;

use greenroom_protocol::reply::ReplyTime;
use greenroom_protocol::schedule::Grain;
use greenroom_protocol::time::Instant;
use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::{Reader, Written};
use crate::replies::slots::{Counted, Form, Spot, Table, spots};
use crate::replies::words::{Kind, Word};
use crate::schedule::reading::{self, Frame as Times};
use crate::schedule::time::{self, NotATime};

/// A weekday with its number is meant within so many minutes.
const FAR: i64 = 45 * 24 * 60;

impl Reader<'_> {
    pub(super) fn spots(&self, text: &str) -> Result<Vec<Spot>, NotATime> {
        let base = match self.frame.written {
            Written::At(at, _) => at,
            Written::Unsaid | Written::Wrong => self.frame.now,
        };
        // "Your time" is the one we printed.
        let mut times = Times::new(base, self.printed, Some(self.printed), self.frame.locale)?
            .written_in(self.frame.zone)?;
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
        // "2/4" are two of four options, and no day in April; "the first" is one of those sent.
        let ordinal = |words: &str| {
            let low = words.to_lowercase();
            let bare = low.trim_start_matches("on ").trim_start_matches("the ");
            matches!(bare, "first" | "second" | "third" | "fourth" | "fifth")
        };
        places
            .times
            .retain(|it| !listed(&it.time.words) && !ordinal(&it.time.words));
        // "Your email of 4 May" is behind us.
        places.times.retain(|it| !dates_an_email(text, it.at.start));
        over_a_comma(text, &times, &mut places);
        dates_alone(text, &times, self.slots.len(), &mut places);
        let mut found = spots(places, &table);
        for spot in &mut found {
            // "Thursday's fine": what is said of the day is no part of it.
            let said = text.get(spot.at.clone()).unwrap_or_default();
            let is = said.strip_suffix("'s").or_else(|| said.strip_suffix("’s"));
            if let Some(day) = is {
                spot.at.end = spot.at.start + day.len();
            }
            // "Tuesday the 9th" months ahead is a slip, and no time that is asked for.
            let far = spot.time.start > self.frame.now.plus_minutes(FAR);
            spot.doubtful |= far && spot.time.rule == "day-of-month";
        }
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
            let first_thing = low(at) == "first" && low(at + 1) == "thing";
            let place = match first_thing {
                true => place.start..words[at + 1].at.end,
                false => place,
            };
            let part = match low(at) {
                "first" if first_thing => Some((0, 12 * 60)),
                "mornings" => Some((0, 12 * 60)),
                // "Morning!" greets.
                "morning" | "afternoon" | "evening"
                    if at == 0
                        && words.get(1).is_none_or(|it| {
                            it.capital || matches!(it.kind, Kind::Mark | Kind::Line)
                        }) =>
                {
                    None
                }
                "morning" if low(at.wrapping_sub(1)) != "good" => Some((0, 12 * 60)),
                "pm" if !low(at.wrapping_sub(1)).ends_with(|it: char| it.is_ascii_digit()) => {
                    Some((12 * 60, 18 * 60))
                }
                "afternoons" | "afternoon" if low(at.wrapping_sub(1)) != "good" => {
                    Some((12 * 60, 18 * 60))
                }
                "evenings" => Some((17 * 60, 22 * 60)),
                "lunchtime" | "lunchtimes" | "lunch" => Some((11 * 60 + 30, 14 * 60)),
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
            let spelled = match low(at) {
                "wed" => Some(Weekday::Wednesday),
                "mon" => Some(Weekday::Monday),
                "sat" if words[at].capital && at > 0 => Some(Weekday::Saturday),
                "sun" if words[at].capital && at > 0 => Some(Weekday::Sunday),
                other => misspelled(other),
            };
            if let Some(weekday) = spelled.filter(|_| !taken(&place, spots))
                && let Some(date) = self.next(weekday)
            {
                spots.extend(self.on_date(place, low(at), date));
                continue;
            }
            let spelled = match low(at.wrapping_sub(1)) == "the" {
                true => day_spelled(low(at)),
                false => None,
            };
            if let Some(day) = spelled.filter(|_| !taken(&place, spots)) {
                let on = self.slots.iter().filter(|it| it.date.day() == day);
                let on: Vec<u32> = on.map(|it| it.n).collect();
                if !on.is_empty() {
                    spots.push(self.loose(place, low(at), Grain::Day, on, 0));
                }
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
                if taken(&range, spots) {
                    continue;
                }
                let listed = usize::try_from(day).is_ok_and(|it| it <= self.slots.len().max(4));
                match on.is_empty() {
                    // "The 1st of these" is no day.
                    true if listed => {}
                    false => spots.push(self.loose(range, low(at), Grain::Day, on, 0)),
                    // A day that was not sent.
                    true => spots.extend(
                        self.day_of_month(day)
                            .and_then(|date| self.on_date(range, low(at), date)),
                    ),
                }
            }
        }
        spots.sort_by_key(|it| (it.at.start, it.at.end));
    }

    /// The day it was written, by their clock.
    fn today(&self) -> Option<Date> {
        let at = match self.frame.written {
            Written::At(at, _) => at,
            Written::Unsaid | Written::Wrong => self.frame.now,
        };
        let zone = time::zone(self.frame.zone).ok()?;
        Some(at.timestamp().to_zoned(zone).date())
    }

    /// The next day of that name.
    fn next(&self, weekday: Weekday) -> Option<Date> {
        self.today()?.nth_weekday(1, weekday).ok()
    }

    /// The next day of that number.
    fn day_of_month(&self, day: i8) -> Option<Date> {
        let today = self.today()?;
        let mut days = (0..62).filter_map(|it| today.checked_add(Span::new().days(it)).ok());
        days.find(|it| it.day() == day)
    }

    /// A whole day.
    fn on_date(&self, at: Range<usize>, words: &str, date: Date) -> Option<Spot> {
        let start = date.to_zoned(self.zone.clone()).ok()?.timestamp();
        let on = self.slots.iter().filter(|it| it.date == date);
        let on: Vec<u32> = on.map(|it| it.n).collect();
        let loose = self.loose(at, words, Grain::Day, on, 0);
        Some(Spot {
            time: ReplyTime {
                start: start.into(),
                rule: "weekday-next".to_owned(),
                ..loose.time
            },
            by_clock: Vec::new(),
            clock_only: false,
            counted: Counted::Weekday,
            ..loose
        })
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

/// Whether what begins at `at` says when an email was sent.
fn dates_an_email(text: &str, at: usize) -> bool {
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

/// A day of the month in letters, from the one that can be no place in a list.
fn day_spelled(low: &str) -> Option<i8> {
    const FROM_SIXTH: [&str; 15] = [
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
    ];
    let at = FROM_SIXTH.iter().position(|it| *it == low)?;
    i8::try_from(at + 6).ok()
}

/// A weekday with one slip: a letter too much, too few or another one, or two in each other's place.
fn misspelled(low: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let count = low.chars().count();
    if !(5..=10).contains(&count) || !low.is_ascii() || low.ends_with("days") {
        return None;
    }
    let mut near = DAYS.iter().filter(|(day, _)| is_one_slip(day, low));
    let (_, found) = near.next()?;
    // "sonday" may be two of them.
    near.next().is_none().then_some(*found)
}

fn is_one_slip(right: &str, said: &str) -> bool {
    let (a, b) = (right.as_bytes(), said.as_bytes());
    if a == b || a.first() != b.first() {
        return false;
    }
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let swapped =
        a.len() == b.len() && a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..];
    let other = a.len() == b.len() && a[1..] == b[1..];
    let missing = a.len() == b.len() + 1 && a[1..] == *b;
    let more = b.len() == a.len() + 1 && b[1..] == *a;
    swapped || other || missing || more
}

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
