//! What somebody wrote with the answer of their calendar. Pure.
//!
//! Calendars put it in different places: iCalendar's own COMMENT, with or without a language
//! (Exchange, Apple); a parameter of the attendee (Google's `X-RESPONSE-COMMENT`); or the text
//! beside the calendar (Outlook, phones). Invariant: words a person wrote are never left out
//! because they stand in an unexpected place; what the program itself says of the answer is no
//! note.

use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarProperty,
};
use mail_parser::Message;

use crate::mail::message::one_line;

/// The most that is kept of a note, in characters.
const LONGEST: usize = 2000;

/// The note of an answer; `None` where there is none.
pub(super) fn note(
    event: &ICalendarComponent,
    attendee: Option<&ICalendarEntry>,
    message: &Message<'_>,
) -> Option<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let plain = plain(text);
        if !plain.is_empty() && !notes.iter().any(|it| it.contains(&plain)) {
            notes.push(plain);
        }
    };
    for comment in event.properties(&ICalendarProperty::Comment) {
        let values = comment.values.iter().filter_map(|it| it.as_text());
        values.for_each(&mut add);
    }
    let named = ICalendarProperty::Other("X-RESPONSE-COMMENT".to_owned());
    for comment in event.properties(&named) {
        let values = comment.values.iter().filter_map(|it| it.as_text());
        values.for_each(&mut add);
    }
    let parameters = attendee.into_iter().flat_map(|it| &it.params);
    for parameter in parameters {
        let ours = matches!(&parameter.name, ICalendarParameterName::Other(name) if name.eq_ignore_ascii_case("X-RESPONSE-COMMENT"));
        if let (true, Some(text)) = (ours, parameter.value.as_text()) {
            add(&unescaped(text));
        }
    }
    // The text repeats a note that the calendar has, with more around it.
    if notes.is_empty() {
        let words = words(message).map(|words| plain(&words));
        notes.extend(words.filter(|words| !words.is_empty()));
    }
    let whole = notes.join(" / ");
    (!whole.is_empty()).then(|| whole.chars().take(LONGEST).collect())
}

/// A parameter's value as it was meant. Source: RFC 6868; Google writes line breaks as iCalendar's
/// values do.
fn unescaped(text: &str) -> String {
    text.replace("^n", " ")
        .replace("^'", "\"")
        .replace("^^", "^")
        .replace("\\n", " ")
        .replace("\\,", ",")
}

fn plain(text: &str) -> String {
    one_line(text).trim().to_owned()
}

/// What the text beside the calendar says of their own.
fn words(message: &Message<'_>) -> Option<String> {
    let text = message.body_text(0)?;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // Google says who answered and how, then quotes the note, then tells of the event.
    if let Some(at) = lines.iter().position(|line| is_told_of_note(line)) {
        let rest = lines[at + 1..].iter().skip_while(|line| line.is_empty());
        let paragraph: Vec<&str> = rest.take_while(|line| !line.is_empty()).copied().collect();
        return Some(
            paragraph
                .join(" ")
                .trim_matches(['"', '\u{201c}', '\u{201d}'])
                .to_owned(),
        );
    }
    let from = message.from().and_then(|from| from.first()?.name());
    let from = from.unwrap_or_default().to_lowercase();
    if lines.iter().any(|line| is_told_of_answer(line, &from)) {
        return None;
    }
    let own = lines.iter().take_while(|line| !begins_quote(line));
    let own: Vec<&str> = own.filter(|line| !line.starts_with('>')).copied().collect();
    Some(own.join(" "))
}

fn is_told_of_note(line: &str) -> bool {
    let line = line.to_lowercase();
    line.contains("this invitation")
        && (line.contains("with this note") || line.contains("with a note"))
}

/// The words of programs, which say what the calendar says too.
fn is_told_of_answer(line: &str, from: &str) -> bool {
    let line = line.to_lowercase();
    let rest = line.strip_prefix(from).filter(|_| !from.is_empty());
    if rest.is_some_and(|it| {
        it.starts_with(" has accepted")
            || it.starts_with(" has declined")
            || it.starts_with(" has tentatively")
    }) {
        return true;
    }
    let answered = [
        "accepted",
        "declined",
        "tentatively accepted",
        "replied",
        "responded",
        "proposed",
    ]
    .iter()
    .any(|it| line.contains(it));
    let invitation = [
        "this invitation",
        "your invitation",
        "the invitation",
        "this event",
        "your meeting request",
        "a new time",
    ]
    .iter()
    .any(|it| line.contains(it));
    answered && invitation && line.len() < 300
}

/// Where the email that is answered begins, or a program's lines.
fn begins_quote(line: &str) -> bool {
    let line = line.to_lowercase();
    (line.starts_with("on ") && line.ends_with("wrote:"))
        || line.starts_with("-----original")
        || line.starts_with("________")
        || line.starts_with("from: ")
        || line == "--"
        || line.starts_with("sent from my ")
        || line.starts_with("get outlook for ")
}
