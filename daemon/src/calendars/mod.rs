//! Calendars of others: what an iCalendar file says of somebody's time.
//!
//! Owns the way from the bytes of a calendar to the spans in which its owner is busy, by the rules
//! that are written once here: an entry that is marked free, cancelled, declined by its owner or one
//! of ours takes no time, a tentative one does; whole days and times without a zone are by the
//! owner's clock; an entry without length takes none. Invariants: the same bytes and frame give the
//! same spans; these are in order, apart, and between the two moments asked about; whatever the
//! bytes, it ends soon and without a panic; what could not be read, or was too much, is named as a
//! warning, for it is not known to be free. Titles, places and people never leave this room. Pure.

pub mod apart;
mod civil;
mod doubts;
mod entry;
mod goes_by;
pub mod panel;
mod rule;
mod series;
#[cfg(test)]
mod tests;
mod zone;

use std::collections::HashMap;

use calcard::icalendar::{
    ICalendar, ICalendarComponentType, ICalendarFreeBusyType, ICalendarMethod,
    ICalendarParameterName, ICalendarParameterValue, ICalendarProperty, ICalendarValue,
};
use calcard::{Entry as Parsed, Parser};
use greenroom_protocol::calendar::CalendarWarning;
use jiff::tz::TimeZone;

use self::apart::Apart;
use self::doubts::Doubts;
use self::entry::{Ends, Entry, Stamp, Time, first, periods};
use self::goes_by::GoesBy;
use self::rule::Budget;
use self::series::Reading;
use self::zone::{Zone, Zones, named};
use crate::schedule::ranges::{Seconds, merged};

/// The longest calendar that is read, in bytes.
pub const LONGEST: usize = 5 << 20;

/// The most entries that are read.
const MOST_ENTRIES: usize = 100_000;

/// The most calendars that one file may hold.
const MOST_CALENDARS: usize = 100;

/// What a calendar is read for.
pub struct Frame<'a> {
    /// Between which moments, in seconds.
    pub span: Seconds,
    /// The owner's clock, for whole days and times without a zone.
    pub zone: TimeZone,
    /// The owner's addresses; where there are none, nobody is looked for among who declined.
    pub addresses: &'a [String],
    /// Whether a UID is of an interview that stands in our own calendars.
    pub is_ours: &'a dyn Fn(&str) -> bool,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// When the owner is busy: in order, and apart.
    pub busy: Vec<Seconds>,
    /// The same, apart by whose clock it goes by.
    pub apart: Apart,
    /// What to bear in mind.
    pub warnings: Vec<CalendarWarning>,
    /// How many entries there are, whenever and whatever they are.
    pub entries: usize,
    /// Whether it stops in the middle.
    pub is_cut_off: bool,
    /// Whether some of it is free-busy, which merges entries and names none.
    pub merges: bool,
}

/// Why nothing was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// There is no calendar in it.
    #[error("That is not a calendar: it has no BEGIN:VCALENDAR")]
    NoCalendar,
    /// It is a web page.
    #[error("That is a web page, not a calendar")]
    WebPage,
    /// It is longer than [`LONGEST`].
    #[error("The calendar is larger than 5 MB")]
    TooLong,
}

/// The clocks of one calendar.
struct Clocks {
    /// Of whole days.
    days: Zone,
    /// Of times that name no zone, or one nobody knows: the calendar's own, else the owner's.
    floating: Zone,
    floating_is_owners: bool,
    utc: Zone,
    /// In which times in UTC repeat.
    repeats: Option<Zone>,
}

impl Clocks {
    fn zone<'a>(&'a self, time: &'a Time) -> &'a Zone {
        match (time.stamp, &time.zone) {
            (Stamp::Date(_), _) => &self.days,
            (Stamp::Utc(_), _) => self.utc(),
            (Stamp::Local(_), Some(zone)) => zone,
            (Stamp::Local(_), None) => &self.floating,
        }
    }

    fn utc(&self) -> &Zone {
        self.repeats.as_ref().unwrap_or(&self.utc)
    }

    /// Whether a time goes by the owner's clock.
    fn is_owners(&self, time: &Time) -> bool {
        match (time.stamp, &time.zone) {
            (Stamp::Date(_), _) => true,
            (Stamp::Local(_), None) => self.floating_is_owners,
            (Stamp::Local(_), Some(_)) | (Stamp::Utc(_), _) => false,
        }
    }

    fn moment(&self, time: &Time) -> i64 {
        match time.stamp {
            Stamp::Date(day) => self.days.to_utc(day * civil::DAY),
            Stamp::Local(local) => self.zone(time).to_utc(local),
            Stamp::Utc(utc) => utc,
        }
    }
}

/// The text of a calendar's bytes, in the encodings that calendars come in.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], join: fn([u8; 2]) -> u16| {
        let pairs = bytes.chunks_exact(2).map(|it| join([it[0], it[1]]));
        String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => String::from_utf8_lossy(rest).into_owned(),
    }
}

/// When the owner of a calendar is busy.
///
/// # Errors
/// Where it is no calendar, or longer than one may be.
pub fn read(text: &str, frame: &Frame<'_>) -> Result<Read, Unread> {
    if text.len() > LONGEST {
        return Err(Unread::TooLong);
    }
    let mut budget = Budget::new();
    let mut reader = Pieces::new(frame, &mut budget);
    if reader.take(text) {
        return Ok(reader.read());
    }
    Err(match is_web_page(text) {
        true => Unread::WebPage,
        false => Unread::NoCalendar,
    })
}

/// The same of a calendar that comes in pieces, such as an entry each. A piece that cannot be read
/// is named as an entry that cannot be.
///
/// # Errors
/// Where all of them are longer than one calendar may be.
pub fn read_pieces(pieces: &[String], frame: &Frame<'_>) -> Result<Read, Unread> {
    let whole = [pieces];
    let mut read = read_parts(&whole, frame)?;
    Ok(read.pop().unwrap_or_default())
}

/// The same of several calendars, each in pieces; what each says, in their order.
///
/// # Errors
/// Where all of them together are longer than one calendar may be.
pub fn read_parts<P: AsRef<[String]>>(parts: &[P], frame: &Frame<'_>) -> Result<Vec<Read>, Unread> {
    let pieces = parts.iter().flat_map(|it| it.as_ref());
    if pieces.map(String::len).sum::<usize>() > LONGEST {
        return Err(Unread::TooLong);
    }
    let mut budget = Budget::new();
    let read = parts.iter().map(|pieces| {
        let mut reader = Pieces::new(frame, &mut budget);
        for piece in pieces.as_ref() {
            if !reader.take(piece) {
                reader.doubts.unreadable += 1;
            }
        }
        reader.read()
    });
    Ok(read.collect())
}

/// What was read so far of a calendar in one or more pieces, whose work is bounded together.
struct Pieces<'a> {
    frame: &'a Frame<'a>,
    budget: &'a mut Budget,
    doubts: Doubts,
    read: Read,
}

impl<'a> Pieces<'a> {
    fn new(frame: &'a Frame<'a>, budget: &'a mut Budget) -> Self {
        Self {
            frame,
            budget,
            doubts: Doubts::default(),
            read: Read::default(),
        }
    }

    /// Reads a piece; whether there is a calendar in it.
    fn take(&mut self, text: &str) -> bool {
        let text = text.trim_start_matches('\u{feff}').trim();
        let mut found = false;
        let mut parser = Parser::new(text);
        let mut left = MOST_CALENDARS;
        loop {
            match parser.entry() {
                Parsed::ICalendar(calendar) => {
                    found |= is_calendar(&calendar);
                    let doubts = &mut self.doubts;
                    read_one(&calendar, self.frame, self.budget, doubts, &mut self.read);
                }
                Parsed::Eof | Parsed::TooManyComponents => break,
                _ => continue,
            }
            left -= 1;
            if left == 0 {
                self.doubts.too_many = true;
                break;
            }
        }
        let ending = b"END:VCALENDAR";
        let tail = &text.as_bytes()[text.len().saturating_sub(ending.len())..];
        self.read.is_cut_off |= found && !tail.eq_ignore_ascii_case(ending);
        found
    }

    fn read(self) -> Read {
        let mut read = self.read;
        read.busy = merged(read.busy);
        read.apart.in_order();
        read.warnings = self.doubts.warnings(read.is_cut_off);
        read
    }
}

fn is_calendar(calendar: &ICalendar) -> bool {
    let first = calendar.components.first();
    first.is_some_and(|it| it.component_type == ICalendarComponentType::VCalendar)
}

fn is_web_page(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let start: String = text.chars().take(200).collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.contains("<html")
}

fn read_one(
    calendar: &ICalendar,
    frame: &Frame<'_>,
    budget: &mut Budget,
    doubts: &mut Doubts,
    read: &mut Read,
) {
    let Some(whole) = calendar.components.first() else {
        return;
    };
    let span = frame.span.clone();
    let mut zones = Zones::of(calendar, span.start, span.end, budget);
    let own = first(whole, &ICalendarProperty::Other("X-WR-TIMEZONE".to_owned()));
    let own = own.and_then(ICalendarValue::as_text);
    let own = own.and_then(|name| {
        let zone = zones.get(name).or_else(|| named(name));
        if zone.is_none() {
            doubts.zone(name);
        }
        zone
    });
    let days = Zone::Known(frame.zone.clone());
    let clocks = Clocks {
        floating: own.clone().unwrap_or_else(|| days.clone()),
        floating_is_owners: own.is_none(),
        days,
        utc: Zone::Known(TimeZone::UTC),
        repeats: own,
    };
    // A calendar that cancels says of its entries that they are off.
    let cancels = matches!(
        first(whole, &ICalendarProperty::Method),
        Some(ICalendarValue::Method(ICalendarMethod::Cancel))
    );
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<Entry<'_>>> = Vec::new();
    let mut busy = Vec::new();
    for component in &calendar.components {
        match component.component_type {
            ICalendarComponentType::VEvent => {
                read.entries += 1;
                if read.entries > MOST_ENTRIES {
                    doubts.too_many = true;
                    break;
                }
                if cancels {
                    continue;
                }
                let Some(entry) = Entry::read(component, frame, &mut zones, doubts) else {
                    continue;
                };
                match entry.uid {
                    Some(uid) => {
                        let place = *places.entry(uid).or_insert(groups.len());
                        match groups.get_mut(place) {
                            Some(group) => group.push(entry),
                            None => groups.push(vec![entry]),
                        }
                    }
                    None => groups.push(vec![entry]),
                }
            }
            ICalendarComponentType::VFreebusy => {
                read.merges = true;
                for property in &component.entries {
                    if property.name == ICalendarProperty::Freebusy && !is_free(property) {
                        read.entries += 1;
                        for found in periods(property, &mut zones, doubts) {
                            let Some(part) = period(&found, &clocks, &span) else {
                                continue;
                            };
                            // They are in UTC; others are nobody's, and not told twice.
                            match found.start.stamp {
                                Stamp::Utc(_) => read.apart.fixed.push(part.clone()),
                                Stamp::Date(_) | Stamp::Local(_) => read.apart.is_mixed = true,
                            }
                            busy.push(part);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut reading = Reading {
        clocks: &clocks,
        span,
        budget,
        doubts,
        busy: &mut busy,
        apart: &mut read.apart,
        goes_by: GoesBy::Others,
    };
    for group in &groups {
        reading.read(group);
    }
    read.busy.append(&mut busy);
}

fn is_free(property: &calcard::icalendar::ICalendarEntry) -> bool {
    let kind = property.parameter(&ICalendarParameterName::Fbtype);
    matches!(
        kind,
        Some(ICalendarParameterValue::Fbtype(ICalendarFreeBusyType::Free))
    )
}

fn period(besides: &entry::Besides, clocks: &Clocks, span: &Seconds) -> Option<Seconds> {
    let start = clocks.moment(&besides.start);
    let end = match besides.end.as_ref()? {
        Ends::At(end) => clocks.moment(end),
        Ends::After { days, seconds } => start + days * civil::DAY + seconds,
        Ends::Unsaid => return None,
    };
    let part = start.max(span.start)..end.min(span.end);
    (part.start < part.end).then_some(part)
}
