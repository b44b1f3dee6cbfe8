//! Days off in an iCalendar file, as calendars of holidays are: whole days, each with its name.
//!
//! Invariant: whatever the file holds, no more than [`LARGEST`] bytes of it are read and no more
//! than a year's worth of repetitions of one entry are worked out for each year; what is no whole
//! day is counted and left out.

use std::collections::BTreeMap;
use std::io::Read;

use calcard::common::timezone::Tz;
use calcard::icalendar::dates::TimeOrDelta;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus,
    ICalendarValue,
};
use greenroom_protocol::Error;
use greenroom_protocol::availability::DayOff;
use greenroom_protocol::date::Date;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 5 * 1024 * 1024;

/// Repetitions of one entry that are looked at: a yearly one since 1700, a daily one for a year.
const MOST_REPETITIONS: usize = 400;

/// The most days of one entry: a list holds no more.
const LONGEST: usize = 400;

/// Characters of a name that are kept.
const LONGEST_NAME: usize = 80;

/// What a file holds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Holidays {
    /// What the calendar calls itself.
    pub(crate) name: Option<String>,
    /// Its days, by date.
    pub(crate) days: Vec<DayOff>,
    /// Entries that are no whole days.
    pub(crate) timed: usize,
}

/// Reads the days between two dates, both of them too.
pub(crate) fn read(file: impl Read, (first, last): (Date, Date)) -> Result<Holidays, Error> {
    let mut bytes = Vec::new();
    let read = file.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::usage(format!("Couldn't read the file: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::usage("The file is larger than 5 MB").field("file"));
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let calendar = ICalendar::parse(text).map_err(|_| {
        let error = Error::usage("This is not an iCalendar file").field("file");
        error.hint("calendars of holidays come as .ics files")
    })?;
    let mut found = Holidays::default();
    let mut days = BTreeMap::new();
    for component in &calendar.components {
        match component.component_type {
            ICalendarComponentType::VCalendar => found.name = found.name.or(name(component)),
            ICalendarComponentType::VEvent if is_cancelled(component) => {}
            ICalendarComponentType::VEvent => match whole_days(component) {
                None => found.timed += 1,
                Some(dates) => {
                    let label = text_of(component, &ICalendarProperty::Summary);
                    for date in dates.filter(|it| (first..=last).contains(it)) {
                        days.entry(date).or_insert_with(|| label.clone());
                    }
                }
            },
            _ => {}
        }
    }
    let day = |(date, label)| DayOff { date, label };
    found.days = days.into_iter().map(day).collect();
    Ok(found)
}

fn name(calendar: &ICalendarComponent) -> Option<String> {
    let own = ICalendarProperty::Other("X-WR-CALNAME".to_owned());
    text_of(calendar, &own).or_else(|| text_of(calendar, &ICalendarProperty::Name))
}

/// One line of a property's text, as long as it may be.
fn text_of(component: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    let text = component.property(property)?.values.first()?.as_text()?;
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<_> = clean.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    (!line.is_empty()).then_some(line)
}

fn is_cancelled(event: &ICalendarComponent) -> bool {
    let status = event.property(&ICalendarProperty::Status);
    let value = status.and_then(|it| it.values.first());
    matches!(
        value,
        Some(ICalendarValue::Status(ICalendarStatus::Cancelled))
    )
}

/// The dates of an entry of whole days, repetitions too; `None`: it is none.
fn whole_days(event: &ICalendarComponent) -> Option<impl Iterator<Item = Date> + use<>> {
    let begins = event.property(&ICalendarProperty::Dtstart)?;
    let Some(ICalendarValue::PartialDateTime(start)) = begins.values.first() else {
        return None;
    };
    let has_time = start.has_time();
    let mut alone = event.clone();
    alone.component_ids.clear();
    let alone = ICalendar {
        components: vec![alone],
    };
    let each = alone.expand_dates(Tz::Floating, MOST_REPETITIONS).events;
    let spans: Option<Vec<(Date, Date)>> = each
        .into_iter()
        .map(|it| {
            let from = it.start.naive_local();
            let to = match it.end {
                TimeOrDelta::Time(end) => end.naive_local(),
                TimeOrDelta::Delta(length) => from.checked_add_signed(length)?,
            };
            // Some calendars write whole days as from midnight to midnight.
            let is_whole = !has_time
                || from < to && [from, to].iter().all(|it| it.time() == Default::default());
            let date = |text: String| text.parse::<Date>().ok();
            let (from, to) = (date(from.date().to_string())?, date(to.date().to_string())?);
            is_whole.then_some((from, to))
        })
        .collect();
    let days = spans?.into_iter().flat_map(|(from, to)| {
        let days = std::iter::successors(Some(from), |it| Some(it.next()));
        // Without an end it is one day.
        days.take(LONGEST)
            .take_while(move |it| *it < to || *it == from)
    });
    Some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(events: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nX-WR-CALNAME:Holidays\r\n{events}END:VCALENDAR\r\n"
        )
    }

    fn event(lines: &str) -> String {
        format!(
            "BEGIN:VEVENT\r\nUID:{}\r\n{lines}END:VEVENT\r\n",
            lines.len()
        )
    }

    fn read_in(text: &str) -> Holidays {
        let date = |text: &str| text.parse::<Date>().expect("a date");
        read(text.as_bytes(), (date("2026-01-01"), date("2028-12-31"))).expect("a calendar")
    }

    fn shown(holidays: &Holidays) -> Vec<String> {
        let day = |it: &DayOff| format!("{} {}", it.date, it.label.as_deref().unwrap_or("-"));
        holidays.days.iter().map(day).collect()
    }

    #[test]
    fn whole_days_are_read_with_their_names_and_repetitions() {
        let text = file(&[
            event("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christmas\\, both days\r\nTRANSP:TRANSPARENT\r\n"),
            event("DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:New Year\r\n"),
            event("DTSTART;VALUE=DATE:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\nSUMMARY:Thanksgiving\r\n"),
            event("DTSTART:20260501T000000\r\nDTEND:20260502T000000\r\nSUMMARY:May Day\r\n"),
            event("DTSTART:20260601T090000\r\nDTEND:20260601T100000\r\nSUMMARY:A meeting\r\n"),
            event("DTSTART;VALUE=DATE:20260901\r\nSTATUS:CANCELLED\r\nSUMMARY:Not any more\r\n"),
            event("DTSTART;VALUE=DATE:20250101\r\nSUMMARY:Long ago\r\n"),
        ].concat());
        let found = read_in(&text);
        assert_eq!((found.name.as_deref(), found.timed), (Some("Holidays"), 1));
        assert_eq!(
            shown(&found),
            [
                "2026-01-01 New Year",
                "2026-05-01 May Day",
                "2026-11-26 Thanksgiving",
                "2026-12-25 Christmas, both days",
                "2026-12-26 Christmas, both days",
                "2027-01-01 New Year",
                "2027-11-25 Thanksgiving",
                "2028-01-01 New Year",
                "2028-11-23 Thanksgiving",
            ]
        );
    }

    #[test]
    fn a_bomb_of_repetitions_and_a_name_of_control_characters_end() {
        let text = file(&[
            event("DTSTART:20260101T000000\r\nDTEND:20260102T000000\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:Bomb\r\n"),
            event("DTSTART;VALUE=DATE:20260102\r\nDTEND;VALUE=DATE:99991231\r\nSUMMARY:a\u{1b}[31m\u{7}b\r\n"),
        ].concat());
        let found = read_in(&text);
        assert!(found.days.len() <= 401, "{}", found.days.len());
        let names = found.days.iter().filter_map(|it| it.label.as_deref());
        assert!(names.clone().all(|it| !it.chars().any(char::is_control)));
        assert!(names.clone().any(|it| it == "a [31m b"));
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        let date = "2026-01-01".parse::<Date>().expect("a date");
        for text in ["", "name,email\n", "BEGIN:VCARD\r\nEND:VCARD\r\n"] {
            let refused = read(text.as_bytes(), (date, date)).expect_err(text);
            assert_eq!(refused.field.as_deref(), Some("file"), "{text}");
        }
    }
}
