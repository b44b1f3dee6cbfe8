//! ★ An email as it is read for what it says: its texts, and what its headers say of them. Pure.
//!
//! Must not judge: whether the texts agree and whether a `Date` can be right is the reader's.

use greenroom_protocol::time::Instant;
use mail_parser::{HeaderName, HeaderValue, Message, MessageParser};

use super::{LONGEST_LINE, bodies, is_automatic, kept, line};
use crate::input;
use crate::mail::inbound::read::{CalendarPart, calendar_part};
use crate::mail::inbound::record::{Heard, Marks};
use crate::mail::message::one_line;

/// Message-IDs of one email that are looked at.
const MOST_ANSWERS: usize = 20;

/// An email, apart from who sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its plain text; `None`: it has none, or a blank one.
    pub plain: Option<String>,
    /// What its HTML shows; `None`: it has none, or the words of its text.
    pub html: Option<String>,
    /// Its subject, on one line.
    pub subject: String,
    /// Its `Date`, and the offset from UTC in seconds; `None` for UTC itself, which servers write.
    pub written: Option<(Instant, Option<i32>)>,
    /// A machine wrote it.
    pub automatic: bool,
    /// How many people it claims to be from.
    pub authors: usize,
    /// The first calendar in it that is about an event.
    pub calendar: Option<CalendarPart>,
    /// The Message-IDs that it answers, the nearest one first.
    pub answers: Vec<String>,
    /// The server that wrote its topmost `Authentication-Results`, in lower case, and whether that
    /// says that DMARC failed.
    pub authenticated: Option<(String, bool)>,
}

/// Reads an email. What has no headers is all text.
#[must_use]
pub fn letter(mail: &str) -> Letter {
    let plain = |text: &str| {
        let text = input::outside(text);
        (!text.trim().is_empty()).then_some(text)
    };
    let parsed = MessageParser::default().parse(mail.as_bytes());
    let Some(message) = parsed.filter(|_| has_headers(mail)) else {
        return Letter {
            plain: plain(mail),
            authors: 1,
            ..Letter::default()
        };
    };
    let (text, html) = bodies(&message);
    let marks = marks(&message);
    let is_blank = text.trim().is_empty();
    Letter {
        plain: plain(&text),
        html: plain(&html).filter(|_| is_blank || marks.html.is_some()),
        subject: message.subject().map(line).unwrap_or_default(),
        written: message
            .date()
            .map(|date| (Instant::from_second(date.to_timestamp()), marks.offset)),
        automatic: is_automatic(&message) || marks.machine,
        authors: marks.authors.map_or(1, |it| it as usize),
        calendar: marks.calendar,
        answers: marks.answers,
        authenticated: marks.authenticated,
    }
}

impl From<&Heard> for Letter {
    /// The email as it was, as far as it is kept.
    fn from(heard: &Heard) -> Self {
        let marks = heard.marks.clone();
        Self {
            plain: (!heard.text.trim().is_empty()).then(|| heard.text.clone()),
            html: marks.html,
            subject: heard.subject.clone(),
            written: heard.written_at.map(|at| (at, marks.offset)),
            automatic: heard.automatic || marks.machine,
            authors: marks.authors.map_or(1, |it| it as usize),
            calendar: marks.calendar,
            answers: marks.answers,
            authenticated: marks.authenticated,
        }
    }
}

/// What is kept of an email beside its words.
pub(super) fn marks(message: &Message<'_>) -> Marks {
    let offset = message.date().map(|date| {
        let seconds = (i32::from(date.tz_hour) * 60 + i32::from(date.tz_minute)) * 60;
        match date.tz_before_gmt {
            true => -seconds,
            false => seconds,
        }
    });
    let authors = u32::try_from(authors(message)).unwrap_or(u32::MAX);
    let (text, html) = bodies(message);
    let differs = !text.trim().is_empty() && !html.trim().is_empty() && !says_same(&text, &html);
    Marks {
        offset: offset.filter(|it| *it != 0),
        authors: (authors != 1).then_some(authors),
        machine: returns_to_nobody(message),
        answers: answers(message),
        authenticated: authenticated(message),
        html: differs.then(|| kept(&html).0),
        calendar: calendar_part(message),
    }
}

/// How many a message says it is from. Who writes the field twice, which RFC 5322, 3.6 does not
/// allow, has one reader see the one and another the other: that is never one author.
fn authors(message: &Message<'_>) -> usize {
    let of_field = |field: &HeaderValue<'_>| field.as_address().map_or(1, |it| it.iter().count());
    let fields = message.header_values(HeaderName::From).map(of_field);
    let fields: Vec<usize> = fields.collect();
    match fields[..] {
        [] => 1,
        [one] => one,
        _ => fields.iter().sum::<usize>().max(2),
    }
}

/// Whether two texts have the same words, however they are set.
fn says_same(one: &str, other: &str) -> bool {
    let says = |it: &char| it.is_alphanumeric() || *it == '?';
    let words = |text: &str| -> String { text.chars().filter(says).collect() };
    words(one) == words(other)
}

/// What the headers say is answered: `In-Reply-To`, then `References` from its end.
fn answers(message: &Message<'_>) -> Vec<String> {
    let ids = |header: &HeaderValue<'_>| -> Vec<String> {
        let list = header.as_text_list().unwrap_or_default();
        list.iter().map(line).collect()
    };
    let mut all = ids(message.in_reply_to());
    all.extend(ids(message.references()).into_iter().rev());
    all.truncate(MOST_ANSWERS);
    all
}

/// Source: RFC 8601, 2.2: the server's name, a version, then results with semicolons between them.
fn authenticated(message: &Message<'_>) -> Option<(String, bool)> {
    let mut headers = message.headers_raw();
    let topmost = headers.find(|(name, _)| name.eq_ignore_ascii_case("Authentication-Results"));
    let low = one_line(topmost?.1).to_lowercase();
    let mut parts = low.split(';');
    let server = parts.next()?.split_whitespace().next()?;
    let server: String = server.chars().take(LONGEST_LINE).collect();
    let fails = |part: &str| {
        let result = part.trim_start().strip_prefix("dmarc");
        let result = result.and_then(|it| it.trim_start().strip_prefix('='));
        result.is_some_and(|it| it.trim_start().starts_with("fail"))
    };
    Some((server, parts.any(fails)))
}

/// Whether a text begins with a header that emails have.
fn has_headers(mail: &str) -> bool {
    const NAMES: [&str; 27] = [
        "from",
        "to",
        "date",
        "subject",
        "message-id",
        "mime-version",
        "content-type",
        "received",
        "return-path",
        "in-reply-to",
        "references",
        "auto-submitted",
        "precedence",
        "delivered-to",
        "cc",
        "reply-to",
        "sender",
        "dkim-signature",
        "authentication-results",
        "envelope-to",
        "importance",
        "list-id",
        "organization",
        "thread-index",
        "thread-topic",
        "user-agent",
        "bcc",
    ];
    let first = mail.lines().next().unwrap_or_default();
    let Some((name, _)) = first.split_once(':') else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str())
        || ["x-", "content-", "arc-", "list-"]
            .iter()
            .any(|it| name.starts_with(it))
}

/// What programs write of themselves: an empty return path, or any `X-Auto…` that is not about
/// what they should not do.
fn returns_to_nobody(message: &Message<'_>) -> bool {
    let path = message.header_raw("Return-Path").unwrap_or_default();
    let automatic = message.headers().iter().any(|header| {
        let name = header.name().to_ascii_lowercase();
        name.starts_with("x-auto") && name != "x-auto-response-suppress"
    });
    path.trim() == "<>" || automatic
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_its_texts_and_what_its_headers_say() {
        let mail = "From: Jo <jo@x.example>\r\nDate: Sun, 6 Dec 2026 22:00:00 +0900\r\nSubject: Re: Interview\r\n\r\n2 please\r\n";
        let found = letter(mail);
        assert_eq!(found.plain.as_deref(), Some("2 please\n"));
        assert_eq!((found.authors, found.automatic), (1, false));
        assert_eq!(found.written.expect("a date").1, Some(9 * 3600));
        let server = mail.replace("+0900", "+0000");
        assert_eq!(letter(&server).written.expect("a date").1, None);
    }

    #[test]
    fn what_has_no_headers_is_all_text() {
        for text in ["2 please", "Option 2: yes\nThanks", "Hi,\n\nFrom: 10:00"] {
            assert_eq!(letter(text).plain.as_deref(), Some(text));
        }
    }

    #[test]
    fn who_says_twice_whom_it_is_from_is_not_one_author() {
        let authors = |headers: &str| letter(&format!("{headers}\nSubject: Re\n\n2\n")).authors;
        assert_eq!(authors("From: a@b.example"), 1);
        for forged in [
            "From: a@b.example, e@evil.example",
            "From: a@b.example\nFrom: e@evil.example",
            "From: e@evil.example\nFrom: a@b.example",
            "From: a@b.example\nFrom: a@b.example",
            "From: a@b.example\nFrom:",
        ] {
            assert_eq!(authors(forged), 2, "{forged}");
        }
    }

    #[test]
    fn machines_are_noticed() {
        let automatic =
            |header: &str| letter(&format!("From: a@b.example\n{header}\n\nAway\n")).automatic;
        assert!(automatic("Return-Path: <>"));
        assert!(automatic("X-Autoreply-From: a@b.example"));
        assert!(!automatic("Return-Path: <a@b.example>"));
    }

    #[test]
    fn a_calendar_says_what_it_asks_and_of_which_change() {
        let calendar = |method: &str, lines: &str| {
            let text = format!(
                "From: a@b.example\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
                 METHOD:{method}\r\nBEGIN:VEVENT\r\nUID:x@b.example\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            letter(&text).calendar
        };
        let counter = calendar("COUNTER", "SEQUENCE:2\r\nDTSTART:20261209T140000Z").expect("one");
        assert_eq!((counter.method.as_str(), counter.sequence), ("COUNTER", 2));
        let start: jiff::Timestamp = "2026-12-09T14:00:00Z".parse().expect("a moment");
        assert_eq!(counter.start, Some(start.into()));
        let reply = calendar("REPLY", "ATTENDEE;PARTSTAT=declined:mailto:a@b.example");
        assert_eq!(reply.expect("one").answer.as_deref(), Some("DECLINED"));
        assert_eq!(letter("From: a@b.example\r\n\r\n2").calendar, None);
    }

    #[test]
    fn the_topmost_result_of_a_receiving_server_counts() {
        let found = |headers: &str| {
            letter(&format!("{headers}\r\nFrom: a@b.example\r\n\r\n2")).authenticated
        };
        let failed =
            "Authentication-Results: MX.acme.example 1;\r\n spf=pass; dmarc = fail (p=none)";
        assert_eq!(found(failed), Some(("mx.acme.example".to_owned(), true)));
        let passed = "Authentication-Results: mx.acme.example; dmarc=pass\r\n\
                      Authentication-Results: evil.example; dmarc=fail";
        assert_eq!(found(passed), Some(("mx.acme.example".to_owned(), false)));
        assert_eq!(found("Subject: x"), None);
    }

    #[test]
    fn what_it_answers_is_named_with_the_nearest_first() {
        let found =
            letter("From: a@b.example\r\nReferences: <1@x> <2@x>\r\nIn-Reply-To: <2@x>\r\n\r\n2");
        assert_eq!(found.answers, ["2@x", "2@x", "1@x"]);
    }

    #[test]
    fn what_is_kept_of_an_email_reads_like_the_email() {
        let both = |html: &str| {
            format!(
                "From: Jo <jo@x.example>, Mia <mia@x.example>\r\nDate: Sun, 6 Dec 2026 22:00:00 +0900\r\n\
                 In-Reply-To: <2@x>\r\nAuthentication-Results: mx.acme.example; dmarc=fail\r\n\
                 Subject: Re: Interview\r\nMIME-Version: 1.0\r\n\
                 Content-Type: multipart/alternative; boundary=b\r\n\r\n\
                 --b\r\nContent-Type: text/plain\r\n\r\n2 please\r\n\
                 --b\r\nContent-Type: text/html\r\n\r\n<p>{html}</p>\r\n--b--\r\n"
            )
        };
        let kept = |mail: &str| {
            let message = MessageParser::default().parse(mail.as_bytes());
            let heard = super::super::heard(&message.expect("an email"));
            let stored = serde_json::to_string(&heard).expect("written");
            Letter::from(&serde_json::from_str::<Heard>(&stored).expect("read"))
        };
        let other = both("3 please");
        let (whole, found) = (letter(&other), kept(&other));
        assert_eq!(found.plain.as_deref().map(str::trim), Some("2 please"));
        assert_eq!(found.html.as_deref().map(str::trim), Some("3 please"));
        assert_eq!((found.authors, found.written), (2, whole.written));
        assert_eq!(found.answers, ["2@x"]);
        assert_eq!(found.authenticated, whole.authenticated);
        // The same words are kept once.
        assert_eq!(kept(&both("<b>2</b> please")).html, None);
    }
}
