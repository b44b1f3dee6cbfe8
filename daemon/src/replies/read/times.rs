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

use super::plain::{dates_alone, dates_an_email, over_a_comma};
use super::slips::{day_spelled, misspelled};
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
            // "Is the 2nd possible?": of the month, or of those sent.
            let place = place_in_list(&spot.time.words);
            let listed = place.and_then(|n| self.slots.iter().find(|it| it.n == n));
            if let Some(slot) = listed.filter(|it| !spot.slots.contains(&it.n)) {
                spot.others.push(slot.n);
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

/// The number of an ordinal that stands alone: `the 2nd`.
fn place_in_list(words: &str) -> Option<u32> {
    let low = words.to_lowercase();
    let bare = low.trim_start_matches("on ").trim_start_matches("the ");
    let ends = ["st", "nd", "rd", "th"];
    let figures = ends.iter().find_map(|it| bare.strip_suffix(it))?;
    figures.trim().parse().ok()
}
