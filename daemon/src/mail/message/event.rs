//! An interview as calendars know it: one VEVENT for every kind of message about it.
//!
//! Invariant: what is cancelled is never a REQUEST; the UID is the interview's for ever. Source:
//! RFC 5546, 3.2; RFC 7986, 5.11.

use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::line::Lines;
use super::zone::{Times, utc};
use super::{Audience, Person, Reader, words};

/// An interview, as letters and calendars tell of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What it is called for ever.
    pub uid: String,
    /// How often its time, its way to join or its being was changed.
    pub sequence: u32,
    /// When it begins.
    pub start: Instant,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// The IANA zone it was planned in.
    pub zone: String,
    /// The workspace's name.
    pub workspace: String,
    /// The job's title.
    pub job: String,
    /// The stage's name, for interviewers.
    pub stage: String,
    /// Who invites, with their own address, for interviewers.
    pub organizer: Person,
    /// With whom.
    pub candidate: Attendee,
    /// Who takes part.
    pub interviewers: Vec<Attendee>,
    /// How people join.
    pub join: Join,
    /// Whether Zoom writes a summary of it, which everybody reads.
    pub zoom_notes: bool,
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq)]
pub struct Attendee {
    /// Who.
    pub person: Person,
    /// What they answered.
    pub answer: Answer,
}

/// What somebody answered to an invitation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Nothing yet.
    #[default]
    NeedsAction,
    /// They come.
    Accepted,
    /// They do not.
    Declined,
    /// Perhaps.
    Tentative,
}

/// How people join.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Join {
    /// By what.
    pub kind: MeetingType,
    /// The link.
    pub url: Option<String>,
    /// The meeting's number.
    pub meeting_id: Option<String>,
    /// The passcode.
    pub passcode: Option<String>,
    /// The telephone number or the place.
    pub details: Option<String>,
}

/// What a calendar is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Put it in, or bring it up to date.
    Request,
    /// Take it out: it is cancelled.
    Cancel,
    /// Take it out: it is held without the reader.
    Uninvite,
}

impl Method {
    /// As iTIP names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel | Self::Uninvite => "CANCEL",
        }
    }
}

impl Event {
    /// When it ends.
    pub fn end(&self) -> Instant {
        self.start.plus_minutes(self.duration_minutes.into())
    }

    /// Everybody invited.
    pub fn attendees(&self) -> impl Iterator<Item = &Attendee> {
        std::iter::once(&self.candidate).chain(&self.interviewers)
    }

    /// The iCalendar object for one reader. `from` is the address that answers return to, `stamp`
    /// when it is written.
    pub fn calendar(&self, method: Method, reader: &Reader, from: &str, stamp: Instant) -> String {
        let mut lines = Lines::default();
        lines.plain("BEGIN", "VCALENDAR");
        lines.plain("VERSION", "2.0");
        let version = env!("CARGO_PKG_VERSION");
        lines.text("PRODID", &format!("-//Greenroom//Greenroom {version}//EN"));
        lines.plain("CALSCALE", "GREGORIAN");
        lines.plain("METHOD", method.name());
        let times = Times::new(&self.zone, self.start, self.end());
        times.zone(&mut lines, self.start, self.end());
        lines.plain("BEGIN", "VEVENT");
        lines.text("UID", &self.uid);
        lines.plain("SEQUENCE", &self.sequence.to_string());
        lines.plain("DTSTAMP", &utc(stamp.timestamp()));
        times.dates(&mut lines);
        lines.text("SUMMARY", &words::summary(self, reader.audience));
        match method {
            Method::Request => {
                lines.plain("STATUS", "CONFIRMED");
                lines.plain("TRANSP", "OPAQUE");
                lines.text("DESCRIPTION", &words::description(self, reader, stamp));
                self.join.write(&mut lines);
            }
            Method::Cancel => lines.plain("STATUS", "CANCELLED"),
            // The event itself stands. Source: RFC 5546, 3.2.5.
            Method::Uninvite => {}
        }
        let organizer = [("CN", self.organizer.name.as_str())];
        lines.uri("ORGANIZER", &organizer, &mailto(from));
        for attendee in self.attendees() {
            attendee.write(&mut lines, method);
        }
        lines.plain("END", "VEVENT");
        lines.plain("END", "VCALENDAR");
        lines.finish()
    }
}

impl Reader {
    /// Whether this reader is the candidate.
    pub fn is_candidate(&self) -> bool {
        self.audience == Audience::Candidate
    }
}

impl Attendee {
    fn write(&self, lines: &mut Lines, method: Method) {
        let mut parameters = vec![
            ("CUTYPE", "INDIVIDUAL"),
            ("ROLE", "REQ-PARTICIPANT"),
            ("PARTSTAT", self.answer.name()),
        ];
        if method == Method::Request {
            parameters.push(("RSVP", "TRUE"));
        }
        parameters.push(("CN", &self.person.name));
        lines.uri("ATTENDEE", &parameters, &mailto(&self.person.address));
    }
}

impl Answer {
    /// As iTIP names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Tentative => "TENTATIVE",
        }
    }
}

impl Join {
    fn write(&self, lines: &mut Lines) {
        let place = self.url.as_ref().or(self.details.as_ref());
        if let Some(place) = place {
            lines.text("LOCATION", place);
        }
        if let Some(url) = &self.url {
            lines.uri("URL", &[], url);
            let label = match self.kind {
                MeetingType::Zoom => "Zoom",
                _ => "Video",
            };
            let parameters = [("VALUE", "URI"), ("FEATURE", "VIDEO"), ("LABEL", label)];
            lines.uri("CONFERENCE", &parameters, url);
        }
    }
}

/// The address as a URI. Source: RFC 6068, 2.
fn mailto(address: &str) -> String {
    let mut uri = "mailto:".to_owned();
    for letter in address.chars() {
        match letter {
            '%' | '?' | '#' | '&' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                uri.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter if letter.is_control() || letter.is_whitespace() => {}
            letter => uri.push(letter),
        }
    }
    uri
}
