//! From the bytes of a message to what it says to us. Pure.
//!
//! Everything in here is somebody else's text. Invariants: a message says something to us only by
//! naming a letter or an interview of ours, by a Message-ID or UID we made; what is kept of its
//! words is short, plain and shown as somebody else's; a malformed message says nothing. From alone
//! is nobody: a handler of an answer checks who was written to.

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarMethod,
    ICalendarParameterName, ICalendarProperty, ICalendarValue,
};
use greenroom_protocol::id::{InterviewId, MailId, OutreachId, WorkspaceId};
use greenroom_protocol::interview::INTERVIEW_MINUTES;
use greenroom_protocol::time::Instant;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use self::bounded::bounded;
pub use self::calendar::{CalendarPart, calendar_part};
use super::plain;
use super::record::Heard;
use crate::mail::message::{Answer, one_line};
use crate::mail::token;

mod bounce;
mod bounded;
mod calendar;
mod note;

/// The most of a message that is looked at, in bytes: more than any calendar or mail program's
/// answer has.
pub const MOST_BYTES: u64 = 1 << 20;

/// The calendars of one message that are looked at.
const MOST_CALENDARS: usize = 8;

/// The most of a calendar that is looked at, in bytes: an answer has one event and one time zone.
const MOST_CALENDAR: usize = 256 << 10;

/// Names of earlier letters looked at in one message.
const MOST_REFERENCES: usize = 50;

/// The most that is kept of somebody's words, in characters.
const MOST_WORDS: usize = 500;

/// What a message says to us.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Whose it claims to be: the first address in From, in lower case; empty where there is none.
    pub from: String,
    /// Every address it claims to be from or to answer for, From first.
    pub senders: Vec<String>,
    /// Somebody who is not its author passed it on, as they or a list say.
    pub passed_on: bool,
    /// The letters of ours it names, the nearest first.
    pub answers: Vec<(WorkspaceId, MailId)>,
    /// The interview of ours that a calendar part of it names, whatever it says about it.
    pub interview: Option<(WorkspaceId, InterviewId)>,
    /// The outreach that its subject names, as links in our emails have it. It names, and proves
    /// nothing.
    pub outreach: Option<OutreachId>,
    /// What it says.
    pub says: Saying,
    /// Its words, as they are kept for people to read.
    pub heard: Heard,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Saying {
    /// A calendar answers an invitation.
    Reply(Reply),
    /// A calendar proposes another time.
    Counter(Reply, Proposal),
    /// A letter did not arrive.
    Bounce {
        /// What the mail server said.
        why: String,
        /// Whether it is about our server, and the address is as good as before.
        ours: bool,
    },
    /// Words, of a person or a machine, which a person has to read.
    Words,
}

/// Whose answer it is, to what.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The workspace of the interview.
    pub workspace: WorkspaceId,
    /// The interview.
    pub interview: InterviewId,
    /// Who answers: the address they were invited at, in lower case; where somebody else answers
    /// for them, that address.
    pub attendee: String,
    /// Who let them answer in their place, in lower case.
    pub delegated_from: Option<String>,
    /// What they answer.
    pub answer: Answer,
    /// Which change of the interview they answer.
    pub sequence: u32,
    /// When they answered, by their calendar.
    pub at: Option<Instant>,
    /// What they wrote with it.
    pub note: Option<String>,
}

/// Another time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proposal {
    /// When it would begin.
    pub start: Option<Instant>,
    /// How long it would be, in minutes.
    pub duration_minutes: Option<u32>,
    /// What they say about it.
    pub comment: Option<String>,
}

impl Incoming {
    /// As far as it concerns workspaces for which `here` holds; `None` where it names only others.
    #[must_use]
    pub fn within(mut self, here: impl Fn(WorkspaceId) -> bool) -> Option<Self> {
        let says_of = match &self.says {
            Saying::Reply(reply) | Saying::Counter(reply, _) => Some(reply.workspace),
            Saying::Bounce { .. } | Saying::Words => None,
        };
        let names_any = !self.answers.is_empty() || self.interview.is_some() || says_of.is_some();
        self.answers.retain(|(workspace, _)| here(*workspace));
        self.interview = self.interview.filter(|(workspace, _)| here(*workspace));
        // A calendar's answer is about one interview, whatever else the message quotes.
        if says_of.is_some_and(|workspace| !here(workspace)) {
            return None;
        }
        let names_any_here =
            !self.answers.is_empty() || self.interview.is_some() || says_of.is_some();
        (names_any_here || !names_any).then_some(self)
    }
}

/// Reads a message; nothing where nobody wrote it.
pub fn read(bytes: &[u8]) -> Option<Incoming> {
    let bytes = bounded(&bytes[..bytes.len().min(MOST_BYTES as usize)]);
    let message = MessageParser::default().parse(&bytes)?;
    let senders = plain::senders(&message);
    let from = plain::author(&message).unwrap_or_default();
    let passed_on = plain::is_passed_on(&message, &from);
    if let Some(bounce::Failure { why, ours, mail }) = bounce::failure(&message) {
        // One that names nothing of ours is somebody else's.
        return mail.map(|mail| Incoming {
            from,
            senders,
            passed_on,
            answers: vec![mail],
            interview: None,
            outreach: None,
            says: Saying::Bounce { why, ours },
            heard: Heard::default(),
        });
    }
    let answers = named(&message);
    let calendars: Vec<_> = calendars(&message).collect();
    let says = calendars.iter().find_map(|it| answer(it, &from, &message));
    let interview = calendars.iter().find_map(named_interview);
    let says = says.unwrap_or(Saying::Words);
    let is_known = !answers.is_empty() || interview.is_some();
    (is_known || !senders.is_empty()).then(|| Incoming {
        from,
        senders,
        passed_on,
        answers,
        interview,
        outreach: message.subject().and_then(token::read_outreach),
        says,
        heard: plain::heard(&message),
    })
}

/// The interview of ours that a calendar object is about.
fn named_interview(calendar: &ICalendar) -> Option<(WorkspaceId, InterviewId)> {
    token::read_uid(event(calendar)?.uid()?)
}

fn event(calendar: &ICalendar) -> Option<&ICalendarComponent> {
    let mut components = calendar.components.iter();
    components.find(|it| it.component_type == ICalendarComponentType::VEvent)
}

/// The letters of ours that the headers name: what is answered, then what was answered before,
/// nearest first.
fn named(message: &Message<'_>) -> Vec<(WorkspaceId, MailId)> {
    let ids = |header: &mail_parser::HeaderValue<'_>| -> Vec<String> {
        let list = header.as_text_list().unwrap_or_default();
        list.iter().map(ToString::to_string).collect()
    };
    let mut names = ids(message.in_reply_to());
    names.extend(ids(message.references()).into_iter().rev());
    let mut found = Vec::new();
    for name in names.iter().take(MOST_REFERENCES) {
        found.extend(token::read_message_id(name).filter(|it| !found.contains(it)));
    }
    found
}

fn is_calendar(part: &MessagePart<'_>) -> bool {
    let kind = part.content_type().and_then(|it| it.subtype());
    kind.is_some_and(|it| it.eq_ignore_ascii_case("calendar") || it.eq_ignore_ascii_case("ics"))
}

fn calendars<'a>(message: &'a Message<'_>) -> impl Iterator<Item = ICalendar> + 'a {
    let parts = message.parts.iter().filter_map(|part| {
        if !is_calendar(part) {
            return None;
        }
        match &part.body {
            PartType::Text(text) => Some(text.to_string()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            _ => None,
        }
    });
    let small = |text: &String| text.len() <= MOST_CALENDAR;
    parts
        .filter(small)
        .take(MOST_CALENDARS)
        .filter_map(|text| ICalendar::parse(text).ok())
}

/// What a calendar object answers, where it answers an invitation of ours.
fn answer(calendar: &ICalendar, from: &str, message: &Message<'_>) -> Option<Saying> {
    let whole = calendar.components.first()?;
    let method = whole.property(&ICalendarProperty::Method)?.values.first()?;
    let counter = match method {
        ICalendarValue::Method(ICalendarMethod::Reply) => false,
        ICalendarValue::Method(ICalendarMethod::Counter) => true,
        _ => return None,
    };
    let event = event(calendar)?;
    let (workspace, interview) = token::read_uid(event.uid()?)?;
    let attendees: Vec<_> = event.properties(&ICalendarProperty::Attendee).collect();
    let named = |it: &ICalendarEntry| it.calendar_address().map(address);
    let attendee = match attendees[..] {
        [one] => Some(one),
        // A reply is one person's, a counter may name the others too. Source: RFC 5546, 3.2.3 and
        // 3.2.7.
        _ if counter => {
            let mut attendees = attendees.iter().copied();
            attendees.find(|it| named(it).as_deref() == Some(from))
        }
        _ => return None,
    };
    // A counter that names only the others comes from an address nobody was invited at.
    let address = match attendee {
        Some(attendee) => named(attendee)?,
        None => from.to_owned(),
    };
    let parameter = |name| attendee.and_then(|it| it.parameter(&name)?.as_text());
    let partstat = parameter(ICalendarParameterName::Partstat).unwrap_or_default();
    // One of a delegate names who was invited. Source: RFC 5545, 3.2.4.
    let delegated_from = parameter(ICalendarParameterName::DelegatedFrom).map(self::address);
    let answer = match partstat.to_ascii_uppercase().as_str() {
        "ACCEPTED" => Answer::Accepted,
        "DECLINED" => Answer::Declined,
        "TENTATIVE" => Answer::Tentative,
        _ if counter => Answer::NeedsAction,
        _ => return None,
    };
    let sequence = event.property(&ICalendarProperty::Sequence);
    let sequence = sequence.and_then(|it| it.values.first()?.as_integer());
    let reply = Reply {
        workspace,
        interview,
        attendee: address,
        delegated_from,
        answer,
        sequence: sequence
            .and_then(|it| u32::try_from(it).ok())
            .unwrap_or_default(),
        at: moment(calendar, event, &ICalendarProperty::Dtstamp),
        note: note::note(event, attendee, message),
    };
    Some(match counter {
        false => Saying::Reply(reply),
        true => {
            let comment = reply.note.clone();
            let proposal = Proposal {
                comment,
                ..proposal(calendar, event)
            };
            Saying::Counter(reply, proposal)
        }
    })
}

/// The time a counter proposes, in whatever zone it names. What it says about repeating is not
/// looked at.
fn proposal(calendar: &ICalendar, event: &ICalendarComponent) -> Proposal {
    let start = moment(calendar, event, &ICalendarProperty::Dtstart);
    let end = moment(calendar, event, &ICalendarProperty::Dtend);
    let minutes = start
        .zip(end)
        .map(|(start, end)| end.since(start).as_mins());
    let minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
    Proposal {
        start,
        duration_minutes: minutes.filter(|minutes| INTERVIEW_MINUTES.contains(minutes)),
        comment: None,
    }
}

/// The moment a property names: in UTC, or in a zone that it names and somebody knows.
fn moment(
    calendar: &ICalendar,
    event: &ICalendarComponent,
    property: &ICalendarProperty,
) -> Option<Instant> {
    let entry = event.property(property)?;
    let local = entry.values.first()?.as_partial_date_time()?;
    if !local.has_date_and_time() {
        return None;
    }
    let seconds = match local.has_zone() {
        true => local.to_timestamp()?,
        false => {
            let zone = entry.parameter(&ICalendarParameterName::Tzid)?.as_text()?;
            let zone = calendar.build_tz_resolver().resolve(zone)?;
            local.to_date_time_with_tz(zone)?.timestamp()
        }
    };
    Some(Instant::from_second(seconds))
}

/// An address out of a URI, whose odd letters are escaped. Source: RFC 6068, 2.
fn address(uri: &str) -> String {
    let plain = uri.trim();
    let plain = match plain.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &plain[7..],
        _ => plain,
    };
    let escaped = plain.replace('+', "%2B");
    let pair = format!("a={}", escaped.replace('&', "%26"));
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    decoded.map(|(_, it)| it.to_lowercase()).unwrap_or_default()
}

fn short(text: &str) -> String {
    let plain = one_line(text);
    plain.trim().chars().take(MOST_WORDS).collect()
}

#[cfg(test)]
mod tests;
