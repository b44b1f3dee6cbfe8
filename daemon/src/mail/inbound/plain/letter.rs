//! ★ An email as it is read for what it says: its texts, and what its headers say of them. Pure.
//!
//! Must not judge: whether the texts agree and whether a `Date` can be right is the reader's.

use greenroom_protocol::time::Instant;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use super::{bodies, is_automatic, line};
use crate::input;

/// An email, apart from who sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its plain text; `None`: it has none, or a blank one.
    pub plain: Option<String>,
    /// What its HTML shows; `None`: it has none.
    pub html: Option<String>,
    /// Its subject, on one line.
    pub subject: String,
    /// Its `Date`, and the offset from UTC in seconds; `None` for UTC itself, which servers write.
    pub written: Option<(Instant, Option<i32>)>,
    /// A machine wrote it.
    pub automatic: bool,
    /// How many people it claims to be from.
    pub authors: usize,
    /// What a calendar in it asks for, in upper case, such as `COUNTER`.
    pub calendar: Option<String>,
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
    let written = message.date().map(|date| {
        let seconds = (i32::from(date.tz_hour) * 60 + i32::from(date.tz_minute)) * 60;
        let offset = if date.tz_before_gmt {
            -seconds
        } else {
            seconds
        };
        let at = Instant::from_second(date.to_timestamp());
        (at, (offset != 0).then_some(offset))
    });
    Letter {
        plain: plain(&text),
        html: plain(&html),
        subject: message.subject().map(line).unwrap_or_default(),
        written,
        automatic: is_automatic(&message) || returns_to_nobody(&message),
        authors: message.from().map_or(1, |it| it.iter().count()),
        calendar: calendar(&message),
    }
}

/// Whether a text begins with a header that emails have.
fn has_headers(mail: &str) -> bool {
    const NAMES: [&str; 18] = [
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
    ];
    let first = mail.lines().next().unwrap_or_default();
    let Some((name, _)) = first.split_once(':') else {
        return false;
    };
    let name = name.to_ascii_lowercase();
    NAMES.contains(&name.as_str()) || name.starts_with("x-") || name.starts_with("content-")
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

/// The method of the first calendar part; `DECLINED` and the like where it is a reply.
fn calendar(message: &Message<'_>) -> Option<String> {
    let part = message.parts.iter().find(|part| {
        let kind = part.content_type().and_then(|it| it.subtype());
        kind.is_some_and(|it| it.eq_ignore_ascii_case("calendar") || it.eq_ignore_ascii_case("ics"))
    })?;
    let text = match &part.body {
        PartType::Text(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        _ => return Some("UNKNOWN".to_owned()),
    };
    let upper = text
        .to_ascii_uppercase()
        .replace("\r\n ", "")
        .replace("\n ", "");
    let after = |key: &str| {
        let at = upper.find(key)? + key.len();
        let rest = &upper[at..];
        let end = rest.find(|it: char| !it.is_ascii_alphabetic() && it != '-');
        Some(rest[..end.unwrap_or(rest.len())].to_owned())
    };
    let method = after("METHOD:").unwrap_or_else(|| "PUBLISH".to_owned());
    match method.as_str() {
        "REPLY" => after("PARTSTAT=").or(Some(method)),
        _ => Some(method),
    }
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
    fn machines_and_calendars_are_noticed() {
        let automatic =
            |header: &str| letter(&format!("From: a@b.example\n{header}\n\nAway\n")).automatic;
        assert!(automatic("Return-Path: <>"));
        assert!(automatic("X-Autoreply-From: a@b.example"));
        assert!(!automatic("Return-Path: <a@b.example>"));
        let calendar = |body: &str| {
            letter(&format!(
                "From: a@b.example\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n{body}\n"
            ))
            .calendar
        };
        assert_eq!(calendar("METHOD:COUNTER").as_deref(), Some("COUNTER"));
        let reply = "METHOD:REPLY\nATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example";
        assert_eq!(calendar(reply).as_deref(), Some("DECLINED"));
    }
}
