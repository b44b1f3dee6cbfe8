//! The slots of a proposal, and which of them a time means.
//!
//! Owns how a time that was read is compared with what was sent: R2 (each reading is compared, a
//! number is an option, too) and R5 (a slot is in a window only if the whole of it is). Must not
//! know what is said of a time.

use std::ops::Range;

use greenroom_protocol::reply::{ReplyProposal, ReplySlot, ReplyTime};
use greenroom_protocol::schedule::{Grain, Reading, TimeFound};
use greenroom_protocol::time::Instant;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::schedule::reading::{Marked, Places};

/// Minutes that a time without an end is taken to last where it is compared with slots.
const UNSAID_MINUTES: i64 = 60;

/// The minute of the day from which somebody may have had lunch.
const LUNCH_BEGINS: u16 = 12 * 60;

/// A slot as it was printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub n: u32,
    pub start: Instant,
    pub end: Instant,
    pub date: Date,
    /// Minutes since its local midnight.
    pub from: i64,
    pub to: i64,
}

/// The slots of a proposal, in its zone.
pub(super) fn slots(proposal: &ReplyProposal, zone: &TimeZone) -> Vec<Slot> {
    let slot = |it: &ReplySlot| {
        let start = it.start.timestamp().to_zoned(zone.clone());
        let from = i64::from(start.hour()) * 60 + i64::from(start.minute());
        Slot {
            n: it.n,
            start: it.start,
            end: it.end,
            date: start.date(),
            from,
            to: from + it.end.since(it.start).as_mins(),
        }
    };
    proposal.slots.iter().map(slot).collect()
}

/// How a time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An appointment's start.
    Exact,
    /// A stretch in which an appointment may lie.
    Window,
}

/// How much a day rests on the day it was written (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counted {
    /// A date, or no day at all.
    Not,
    /// The next of its name.
    Weekday,
    /// "Tomorrow", "next week": another one, if it was written a day before.
    FromThatDay,
}

fn counted(rule: &str) -> Counted {
    match rule {
        "date" | "date-next" | "day-first" | "month-first" | "day-of-month" | "clock-next"
        | "rfc-3339" => Counted::Not,
        "weekday-next" | "weekday-next-of-each" | "day-said-before" => Counted::Weekday,
        _ => Counted::FromThatDay,
    }
}

/// A time of the text, compared with the slots.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub time: ReplyTime,
    pub at: Range<usize>,
    pub form: Form,
    /// The slots that its primary reading is, or holds whole.
    pub slots: Vec<u32>,
    /// The slots that only another reading is.
    pub others: Vec<u32>,
    /// The slots it has any minute of.
    pub touches: Vec<u32>,
    /// The slots at its clock on whichever day, where no day stands beside it.
    pub by_clock: Vec<u32>,
    /// No day was said.
    pub clock_only: bool,
    /// No reading comes first, or the words contradict themselves.
    pub doubtful: bool,
    /// It says a zone.
    pub zoned: bool,
    /// How much its day rests on the day it was written.
    pub counted: Counted,
    /// The minute of the day it begins at, or ends at for a window open at its beginning.
    pub minute: i64,
}

/// What times are compared with.
pub(super) struct Table<'t> {
    pub slots: &'t [Slot],
    pub zone: &'t TimeZone,
    pub zone_name: &'t str,
    /// Whether a second zone counts as the candidate's own.
    pub own_zone: &'t str,
}

/// All times of a text, compared.
pub(super) fn spots(places: Places, table: &Table<'_>) -> Vec<Spot> {
    let mut all: Vec<Spot> = places.times.into_iter().map(|it| spot(it, table)).collect();
    for (doubt, at) in places.ambiguous {
        let mut hits: Vec<u32> = Vec::new();
        for reading in &doubt.readings {
            let day_only = reading.rule == "number-as-day" || doubt.why == "day-or-month-first";
            for slot in table.slots {
                let same = match day_only {
                    false => slot.start == reading.start,
                    true => {
                        let day = reading
                            .start
                            .timestamp()
                            .to_zoned(table.zone.clone())
                            .date();
                        slot.date == day
                    }
                };
                if same && !hits.contains(&slot.n) {
                    hits.push(slot.n);
                }
            }
        }
        if let Some(n) = bare_number(&doubt.words)
            && let Some(numbered) = table.slots.iter().find(|it| it.n == n)
            && doubt
                .readings
                .iter()
                .any(|it| day_of(it.start, table.zone) == numbered.date)
            && !hits.contains(&n)
            && doubt.why == "hour-or-day"
        {
            hits.push(n);
        }
        let settled = hits.len() == 1 && doubt.why != "zone-ambiguous";
        let first = doubt.readings.first();
        let start = first.map_or(Instant::from_second(0), |it| it.start);
        let time = ReplyTime {
            start,
            end: first.and_then(|it| it.end),
            grain: Grain::Minute,
            zone: table.zone_name.to_owned(),
            words: doubt.words.clone(),
            rule: doubt.why.clone(),
            others: doubt.readings.iter().skip(1).cloned().collect(),
            slots: hits.clone(),
        };
        all.push(Spot {
            time,
            at,
            form: Form::Exact,
            slots: if settled { hits.clone() } else { Vec::new() },
            others: if settled { Vec::new() } else { hits.clone() },
            touches: hits,
            by_clock: Vec::new(),
            clock_only: false,
            doubtful: !settled,
            zoned: doubt.why == "zone-ambiguous",
            counted: Counted::Weekday,
            minute: 0,
        });
    }
    all.sort_by_key(|it| (it.at.start, it.at.end));
    all
}

/// A bare weekday of an answer is the one that was sent, where the next of its name was not and only
/// one that was sent has it: offered Friday week, "Friday works" is no other Friday. The next one
/// stays its other reading.
fn among_the_sent(mut time: TimeFound, table: &Table<'_>) -> TimeFound {
    let zone = TimeZone::get(&time.zone).unwrap_or_else(|_| table.zone.clone());
    let date_of = |at: Instant| at.timestamp().to_zoned(zone.clone()).date();
    let said = date_of(time.start);
    let sent = |date: &Date| table.slots.iter().any(|it| date_of(it.start) == *date);
    if sent(&said) {
        return time;
    }
    let mut dates: Vec<Date> = table.slots.iter().map(|it| date_of(it.start)).collect();
    dates.dedup();
    let same = |it: &&Date| it.weekday() == said.weekday() && **it > said;
    let mut same = dates.iter().filter(same);
    let (Some(date), None) = (same.next(), same.next()) else {
        return time;
    };
    let days = said.until(*date).map(|it| i64::from(it.get_days()));
    let moved = |at: Instant| {
        let days = days.as_ref().ok()?;
        let local = at.timestamp().to_zoned(zone.clone());
        let later = local.checked_add(Span::new().days(*days)).ok()?;
        Some(Instant::from(later.timestamp()))
    };
    let Some(start) = moved(time.start) else {
        return time;
    };
    let end = time.end.and_then(moved);
    // Another hour than any of that day is no answer to what was sent.
    let begins = |slot: &Slot| slot.start == start;
    if time.grain == Grain::Minute && end.is_none() && !table.slots.iter().any(begins) {
        return time;
    }
    let other = Reading {
        start: time.start,
        end: time.end,
        rule: "weekday-next".to_owned(),
    };
    time.others.push(other);
    TimeFound {
        start,
        end,
        rule: "weekday-among-the-sent".to_owned(),
        ..time
    }
}

fn spot(marked: Marked, table: &Table<'_>) -> Spot {
    let Marked {
        time,
        window,
        day,
        at,
    } = marked;
    let time = match day {
        "weekday-next" if !window => among_the_sent(time, table),
        _ => time,
    };
    let clock_only = day == "clock-next";
    let carried = day == "day-said-before";
    let zoned = time.zone != table.zone_name;
    let zone = TimeZone::get(&time.zone).unwrap_or_else(|_| table.zone.clone());
    let minute_of = |instant: Instant| {
        let local = instant.timestamp().to_zoned(zone.clone());
        i64::from(local.hour()) * 60 + i64::from(local.minute())
    };
    // A range that begins as a slot does is that slot, if it is long enough for it.
    let begins = |start: Instant| table.slots.iter().find(|it| it.start == start);
    let ranged = time.end.is_some() && time.grain == Grain::Minute && !window;
    let fits = |end: Instant, slot: &Slot| end >= slot.end;
    let exact = time.grain == Grain::Minute && !window;
    let form = match (exact, ranged, begins(time.start), time.end) {
        (true, false, ..) => Form::Exact,
        (true, true, Some(slot), Some(end)) if fits(end, slot) => Form::Exact,
        _ => Form::Window,
    };
    let local_minutes = |slot: &Slot| {
        let start = minute_of(slot.start);
        (start, start + (slot.to - slot.from))
    };
    let day_end = |start: Instant| match time.grain {
        Grain::Day if time.end.is_none() && !window => end_of_day(start, &zone),
        _ => None,
    };
    // "Thursday after 10" ends with Thursday; "from Thursday" doesn't.
    let open_end = |start: Instant| match time.grain {
        Grain::Minute | Grain::Part if window && !clock_only => end_of_day(start, &zone),
        _ => None,
    };
    let holds = |start: Instant, end: Option<Instant>, slot: &Slot| {
        let end = end.or_else(|| day_end(start)).or_else(|| open_end(start));
        slot.start >= start && end.is_none_or(|end| slot.end <= end)
    };
    let by_clock = |start: Instant, end: Option<Instant>| -> Vec<u32> {
        let from = minute_of(start);
        let until = end.map(|it| from + it.since(start).as_mins());
        let open = window && from == minute_of(time.start) && is_open(&time);
        let meets = |slot: &&Slot| {
            let (begin, finish) = local_minutes(slot);
            match form {
                Form::Exact => begin == from,
                // "before 11" begins now, or at midnight.
                Form::Window if open => until.is_none_or(|it| finish <= it % 1440),
                Form::Window => begin >= from && until.is_none_or(|it| finish <= it),
            }
        };
        table.slots.iter().filter(meets).map(|it| it.n).collect()
    };
    // "Friday evening" begins where somebody's work ends.
    let early = time.grain == Grain::Part && time.words.to_lowercase().contains("evening");
    let meant = |start: Instant, end: Option<Instant>| -> Vec<u32> {
        let start = if early {
            start.plus_minutes(-60)
        } else {
            start
        };
        let is = |slot: &&Slot| match form {
            Form::Exact => slot.start == start,
            Form::Window => holds(start, end, slot),
        };
        table.slots.iter().filter(is).map(|it| it.n).collect()
    };
    let slots = match clock_only {
        true => by_clock(time.start, time.end),
        false => meant(time.start, time.end),
    };
    let mut others: Vec<u32> = Vec::new();
    for other in &time.others {
        let found = match clock_only {
            true => by_clock(other.start, other.end),
            false => meant(other.start, other.end),
        };
        others.extend(found.into_iter().filter(|n| !slots.contains(n)));
    }
    if form == Form::Exact
        && time.rule == "bare-hour-in-work-hours"
        && let Some(n) = bare_number(&time.words)
        && let Some(numbered) = table.slots.iter().find(|it| it.n == n)
        && (clock_only || slot_date(numbered, &zone) == day_of(time.start, &zone))
        && !slots.contains(&n)
    {
        // "Wed 3" is not option 3 of a Thursday.
        others.push(n);
    }
    // "By 2 pm on Friday" is "at 2 pm" to some, and "not after it" to others.
    let by = window && time.words.to_lowercase().contains("by ");
    let at_its_end = |slot: &&Slot| by && time.end == Some(slot.start);
    let at_its_end = table.slots.iter().filter(at_its_end).map(|it| it.n);
    others.extend(at_its_end.filter(|n| !slots.contains(n)));
    // Where lunch ends is everybody's own.
    let lunch = window && !clock_only && time.words.to_lowercase().contains("lunch");
    let after_noon = |slot: &&Slot| {
        let noon = i64::from(LUNCH_BEGINS);
        lunch && slot.date == day_of(time.start, &zone) && slot.from >= noon
    };
    let after_noon = table.slots.iter().filter(after_noon).map(|it| it.n);
    others.extend(after_noon.filter(|n| !slots.contains(n)));
    others.sort_unstable();
    others.dedup();
    let touches = table.slots.iter().filter(|slot| {
        let end = time.end.or_else(|| day_end(time.start));
        let end = end.or_else(|| open_end(time.start));
        let end = match (end, form, window) {
            (Some(end), ..) => end,
            (None, Form::Window, true) => return slot.end > time.start,
            (None, ..) => time.start.plus_minutes(UNSAID_MINUTES),
        };
        let on_the_day = slot.start < end && slot.end > time.start;
        on_the_day || (clock_only && slots.contains(&slot.n))
    });
    let touches = touches.map(|it| it.n).collect();
    let clock_fits = if clock_only || carried {
        by_clock(time.start, time.end)
    } else {
        Vec::new()
    };
    let minute = match (window, time.end) {
        (true, Some(end)) => minute_of(end),
        _ => minute_of(time.start),
    };
    let mut named = slots.clone();
    named.extend(&others);
    Spot {
        form,
        touches,
        by_clock: clock_fits,
        clock_only,
        doubtful: false,
        zoned: zoned && time.zone != table.own_zone,
        counted: counted(day),
        minute,
        at,
        slots,
        others,
        time: ReplyTime {
            start: time.start,
            end: time.end,
            grain: time.grain,
            zone: time.zone,
            words: time.words,
            rule: time.rule,
            others: time.others,
            slots: named,
        },
    }
}

fn day_of(at: Instant, zone: &TimeZone) -> Date {
    at.timestamp().to_zoned(zone.clone()).date()
}

fn slot_date(slot: &Slot, zone: &TimeZone) -> Date {
    day_of(slot.start, zone)
}

/// The midnight after a moment.
fn end_of_day(start: Instant, zone: &TimeZone) -> Option<Instant> {
    let date = start.timestamp().to_zoned(zone.clone()).date();
    let next = date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    Some(next.timestamp().into())
}

/// Whether a window is open at its beginning: "before 11".
fn is_open(time: &TimeFound) -> bool {
    const BEGINS: [&str; 7] = [
        "before",
        "until",
        "till",
        "by ",
        "no later",
        "up to",
        "not after",
    ];
    let low = time.words.to_lowercase();
    time.end.is_some() && BEGINS.iter().any(|it| low.contains(it))
}

/// The number of one figure that stands alone for the hour in `words`, as in "at 4", "Wed 2".
fn bare_number(words: &str) -> Option<u32> {
    let low = words.to_ascii_lowercase();
    let mut found = None;
    let bytes = low.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_digit() {
            continue;
        }
        let touched = |it: Option<&u8>| it.is_some_and(|it| !matches!(it, b' ' | b',' | b'?'));
        let alone =
            !touched(at.checked_sub(1).and_then(|it| bytes.get(it))) && !touched(bytes.get(at + 1));
        let half = low[at + 1..].trim_start();
        let said = half.starts_with("am") || half.starts_with("pm") || half.starts_with("o'");
        if !alone || said || found.is_some() {
            return None;
        }
        found = Some(u32::from(byte - b'0'));
    }
    found
}
