//! What a calendar beside an email's words says, of any event. Pure.
//!
//! Must not judge whether it answers anything of ours.

use calcard::icalendar::{ICalendarParameterName, ICalendarProperty};
use greenroom_protocol::time::Instant;
use mail_parser::Message;
use serde::{Deserialize, Serialize};

use super::{calendars, event, is_calendar, moment};

/// The longest method and answer, in characters; what is longer is none that anybody knows.
const LONGEST_WORD: usize = 20;

/// A calendar in an email.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarPart {
    /// What it asks for, in upper case, such as `COUNTER`; without one it is shown, `PUBLISH`.
    pub method: String,
    /// What its one attendee answers, in upper case, such as `DECLINED`.
    pub answer: Option<String>,
    /// Which change of the invitation it is about.
    pub sequence: u32,
    /// When its event begins; `None`: a whole day, or in a zone that nobody knows.
    pub start: Option<Instant>,
}

/// The first calendar of an email that has an event; where none can be read, one without a method.
pub fn calendar_part(message: &Message<'_>) -> Option<CalendarPart> {
    let found = calendars(message).find(|it| event(it).is_some());
    let Some(calendar) = found else {
        let mut parts = message.parts.iter();
        let there = parts.any(|it| is_calendar(it));
        return there.then(CalendarPart::default);
    };
    let event = event(&calendar)?;
    let whole = calendar.components.first()?;
    let method = whole.property(&ICalendarProperty::Method);
    let method = method.and_then(|it| Some(word(it.values.first()?.as_text()?)));
    let answers = event.properties(&ICalendarProperty::Attendee);
    let mut answers = answers.filter_map(|it| {
        let found = it.parameter(&ICalendarParameterName::Partstat)?.as_text()?;
        Some(word(found))
    });
    let sequence = event.property(&ICalendarProperty::Sequence);
    let sequence = sequence.and_then(|it| it.values.first()?.as_integer());
    Some(CalendarPart {
        method: method.unwrap_or_else(|| "PUBLISH".to_owned()),
        answer: answers.next(),
        sequence: sequence
            .and_then(|it| u32::try_from(it).ok())
            .unwrap_or_default(),
        start: moment(&calendar, event, &ICalendarProperty::Dtstart),
    })
}

fn word(text: &str) -> String {
    let first = text.chars().take(LONGEST_WORD);
    first.collect::<String>().to_ascii_uppercase()
}
