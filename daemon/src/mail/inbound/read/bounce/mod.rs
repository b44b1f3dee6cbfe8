//! Whether a message says that an email of ours was not delivered. Pure.
//!
//! Invariants: an email is only called undelivered where a mail system says that it gave up, in a
//! report made for programs or in words that mail software is known to use; what is late,
//! delivered, read, or answered by a person or their program is never a failure. And it is one
//! email: the one that is returned or named most exactly.

use greenroom_protocol::id::{MailId, WorkspaceId};
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

use super::bounded::bounded;
use super::{MOST_REFERENCES, short};
use crate::mail::{blame, token};

/// The most of a part that is looked through for our names and for what it says, in bytes.
const MOST_TEXT: usize = 64 << 10;

/// A failure, as the report describes it.
#[derive(Debug, PartialEq)]
pub(super) struct Failure {
    /// What the mail system said.
    pub why: String,
    /// Whether it is about our server and not about the address.
    pub ours: bool,
    /// The email of ours it is about, where one is named.
    pub mail: Option<(WorkspaceId, MailId)>,
}

/// Local parts that mail systems write from.
const DAEMONS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mdaemon",
    "postmaster",
    "mail-delivery-subsystem",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
];

/// How mail software says that it gave up, in the words it is known by.
const GIVEN_UP: &[&str] = &[
    // Exim, and Mail.ru, GMX and Zoho after it: <https://github.com/Exim/exim/blob/master/src/src/moan.c>, `deliver.c`
    "could not be delivered to one or more of its recipients",
    "could not be delivered to all of its recipients",
    // Postfix: <https://www.postfix.org/bounce.5.html>
    "your message could not be delivered to one or more recipients",
    // qmail: <https://cr.yp.to/proto/qsbmf.txt>
    "i'm afraid i wasn't able to deliver your message",
    "this is a permanent error; i've given up",
    // dma: <https://github.com/corecode/dma/blob/master/mail.c>
    "there was an error delivering your mail to",
    // OpenSMTPD: <https://github.com/OpenSMTPD/OpenSMTPD/blob/master/usr.sbin/smtpd/bounce.c>
    "an error has occurred while attempting to deliver a message for the following list of recipients",
    // Sendmail: <https://github.com/freebsd/freebsd-src/blob/main/contrib/sendmail/src/savemail.c>
    "the following addresses had permanent fatal errors",
    "permanent fatal delivery errors",
    // Courier
    "your message to the following recipients cannot be delivered",
    // Exchange: <https://learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages>
    "delivery has failed to these recipients or groups",
    "delivery has failed to these recipients or distribution lists",
    "did not reach some or all of the intended recipients",
    "your message couldn't be delivered",
    "your message wasn't delivered",
    // Gmail, Google Groups
    "delivery to the following recipient failed permanently",
    "delivery to the following recipients failed permanently",
    "the group you tried to contact",
    // Yahoo
    "we were unable to deliver your message to the following address",
    "unable to deliver message to the following address",
    // WorkMail, IronPort
    "was undeliverable",
    // Amazon SES: <https://docs.aws.amazon.com/ses/latest/dg/send-email-concepts-deliverability.html>
    "an error occurred while trying to deliver the mail to the following recipients",
    // And what others say in common.
    "returning message to sender",
    "returned to sender",
    "mail delivery failed",
    "delivery failed",
    "delivery failure",
    "failed permanently",
    "permanent error",
    "could not be delivered to",
    "was not delivered to",
    "cannot be delivered to",
    "konnte nicht zugestellt werden",
    "n'a pas pu être remis",
    "no se pudo entregar",
    "no se ha podido entregar",
    "non è stato possibile recapitare",
];

/// How they say that they have not given up.
const GOES_ON: &[&str] = &[
    "will continue to be made",
    "will continue for",
    "will keep trying",
    "will be retried",
    "will try again",
    "still being retried",
    "still trying to",
    "has not been delivered yet",
    "has not yet been delivered",
    "could not be delivered yet",
    "is delayed",
    "was delayed",
    "has been delayed",
    "been delayed",
    "do not need to resend",
    "no action is required on your part",
    "this is a warning message only",
    "temporarily deferred",
];

/// How they say that they tried for as long as they do.
const AT_LAST: &[&str] = &[
    "giving up",
    "given up",
    "gave up",
    "permanent error",
    "permanently",
    "retry timeout exceeded",
    "retry time limit exceeded",
    "message expired",
    "too old",
    "could not be delivered for more than",
    "could not be delivered for the last",
];

/// What a message says of an email that was not delivered.
pub(super) fn failure(message: &Message<'_>) -> Option<Failure> {
    if is_other_report(message) {
        return None;
    }
    let statuses: Vec<String> = message.parts.iter().filter_map(status).collect();
    let why = match statuses.is_empty() {
        false if is_report(message) || is_daemon(message) => told_by_status(&statuses)?,
        // A person who passes a report on.
        false => return None,
        true => told_in_words(message)?,
    };
    let words = body(message);
    // A code alone is explained by the words beside it.
    let ours = match blame::codes(&why).next().is_some() && why.len() > 12 {
        true => blame::is_ours(&why),
        false => blame::is_ours(&format!("{why} {}", reason_in(&words).unwrap_or_default())),
    };
    Some(Failure {
        why: short(&why),
        ours,
        mail: returned(message)
            .or_else(|| named(message))
            .or_else(|| quoted(message)),
    })
}

/// A report that is about something else: that it was read, or that somebody complains.
fn is_other_report(message: &Message<'_>) -> bool {
    let kind = |part: &mail_parser::MessagePart<'_>| {
        let kind = part.content_type();
        let subtype = kind.and_then(|kind| kind.subtype()).unwrap_or_default();
        matches!(subtype, "disposition-notification" | "feedback-report")
    };
    let of_report = message
        .content_type()
        .and_then(|it| it.attribute("report-type"));
    let other = of_report.is_some_and(|it| {
        let it = it.to_ascii_lowercase();
        it.contains("disposition") || it.contains("feedback")
    });
    other || message.parts.iter().any(kind)
}

fn is_report(message: &Message<'_>) -> bool {
    message
        .content_type()
        .is_some_and(|kind| kind.ctype() == "multipart" && kind.subtype() == Some("report"))
}

/// Whether a mail system wrote it.
fn is_daemon(message: &Message<'_>) -> bool {
    let from = message.from().and_then(|from| from.first());
    let address = from
        .and_then(|it| it.address())
        .unwrap_or_default()
        .to_lowercase();
    let local = address.split('@').next().unwrap_or_default();
    let name = from
        .and_then(|it| it.name())
        .unwrap_or_default()
        .to_lowercase();
    DAEMONS
        .iter()
        .any(|it| local == *it || local.starts_with(&format!("{it}+")))
        || address.is_empty()
        || message.header("X-Failed-Recipients").is_some()
        || [
            "mail delivery sub",
            "mail delivery sys",
            "mailer-daemon",
            "mail delivery service",
        ]
        .iter()
        .any(|it| name.contains(it))
}

/// Whether it returns to nobody, as reports do; automatic answers of people's mail programs often
/// do too.
fn returns_to_nobody(message: &Message<'_>) -> bool {
    let path = message.header_raw("Return-Path").map(str::trim);
    path.is_some_and(|path| matches!(path, "<>" | ""))
}

/// The text of a part that reports on a delivery. Source: RFC 3464; RFC 6533 for the one that is
/// not ASCII.
fn status(part: &mail_parser::MessagePart<'_>) -> Option<String> {
    let kind = part.content_type()?.subtype()?;
    matches!(kind, "delivery-status" | "global-delivery-status").then(|| text_of(part))?
}

fn text_of(part: &mail_parser::MessagePart<'_>) -> Option<String> {
    let text = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        _ => return None,
    };
    Some(cut(&text).to_owned())
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(MOST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Why a delivery failed, by the first recipient whose delivery did.
fn told_by_status(statuses: &[String]) -> Option<String> {
    let blocks = statuses.iter().flat_map(|text| blocks(text));
    blocks.into_iter().find_map(|fields| {
        let field = |name: &str| {
            let found = fields.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim())
        };
        let status = field("Status").unwrap_or_default();
        let action = field("Action").unwrap_or_default().to_ascii_lowercase();
        let failed = match action.split([' ', ';', '(']).next().unwrap_or_default() {
            "failed" | "failure" => true,
            // Not all software says what it did.
            "" => status.starts_with('5'),
            _ => false,
        };
        let said = field("Diagnostic-Code").filter(|it| !it.is_empty());
        let said = said.or(Some(status).filter(|it| !it.is_empty()));
        failed.then(|| said.unwrap_or("it was not delivered").to_owned())
    })
}

/// The fields of each block, with the lines that continue them.
fn blocks(text: &str) -> Vec<Vec<(String, String)>> {
    let mut blocks = vec![Vec::<(String, String)>::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            blocks.push(Vec::new());
            continue;
        }
        let Some(block) = blocks.last_mut() else {
            continue;
        };
        match (line.starts_with([' ', '\t']), block.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => block.extend(
                line.split_once(':')
                    .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())),
            ),
        }
    }
    blocks
}

/// Why a delivery failed, where a mail system says so to people only.
fn told_in_words(message: &Message<'_>) -> Option<String> {
    let automatic = message
        .header_raw("Auto-Submitted")
        .map(str::trim)
        .unwrap_or_default();
    let daemon = is_daemon(message);
    // The answering machine of a person returns to nobody as well.
    let machine = daemon || (returns_to_nobody(message) && !automatic.starts_with("auto-replied"));
    let person = message.header("X-Autoreply").is_some()
        || message.header("X-Autorespond").is_some()
        || message.header("List-Id").is_some()
        || message.header("List-Unsubscribe").is_some();
    if !machine || (person && !daemon) {
        return None;
    }
    let words = body(message);
    let plain = words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let plain = plain.replace('\u{2019}', "'");
    let says = |phrases: &[&str]| phrases.iter().any(|it| plain.contains(it));
    if !says(GIVEN_UP) || (says(GOES_ON) && !says(AT_LAST)) {
        return None;
    }
    let phrase = GIVEN_UP.iter().find(|it| plain.contains(*it)).copied();
    reason_in(&words).or_else(|| phrase.map(str::to_owned))
}

/// The line that tells a code, with the one after it, which often explains it.
fn reason_in(words: &str) -> Option<String> {
    let lines: Vec<&str> = words.lines().map(str::trim).collect();
    let coded = |line: &&str| {
        let smtp = line.split(|it: char| !it.is_ascii_digit()).any(|word| {
            word.len() == 3
                && (word.starts_with("55")
                    || word.starts_with("50")
                    || word == "521"
                    || word == "541")
        });
        (smtp || blame::codes(line).next().is_some()) && !line.contains("@greenroom")
    };
    let at = lines.iter().position(coded)?;
    let next = lines.get(at + 1).copied().unwrap_or_default();
    Some(format!("{} {next}", lines[at]).trim().to_owned())
}

/// What a message says to people.
fn body(message: &Message<'_>) -> String {
    let text = message.body_text(0).unwrap_or_default();
    let subject = message.subject().unwrap_or_default();
    format!("{}\n{subject}", cut(&text))
}

/// The email of ours that is returned, whole or by its headers. Amazon SES gives it a Message-ID of
/// its own; then its References name it, last.
fn returned(message: &Message<'_>) -> Option<(WorkspaceId, MailId)> {
    let names = |inner: &Message<'_>| {
        let own = inner.message_id().and_then(token::read_message_id);
        own.or_else(|| last_reference(inner))
    };
    let header = |bytes: &[u8]| {
        let bytes = bounded(&bytes[..bytes.len().min(MOST_TEXT)]);
        MessageParser::default()
            .parse_headers(&bytes)
            .as_ref()
            .and_then(names)
    };
    message
        .parts
        .iter()
        .skip(1)
        .find_map(|part| match &part.body {
            PartType::Message(inner) => names(inner),
            PartType::Text(text) => header(text.as_bytes()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => header(bytes),
            _ => None,
        })
}

/// The newest letter of ours in the headers.
fn named(message: &Message<'_>) -> Option<(WorkspaceId, MailId)> {
    let answered = message.in_reply_to().as_text_list().unwrap_or_default();
    let answered = answered.iter().find_map(|id| token::read_message_id(id));
    answered.or_else(|| last_reference(message))
}

fn last_reference(message: &Message<'_>) -> Option<(WorkspaceId, MailId)> {
    let references = message.references().as_text_list().unwrap_or_default();
    let newest = references.iter().rev().take(MOST_REFERENCES);
    newest.into_iter().find_map(|id| token::read_message_id(id))
}

/// The letter of ours that is named in the text: by the header fields that stand there, the
/// Message-ID before others.
fn quoted(message: &Message<'_>) -> Option<(WorkspaceId, MailId)> {
    let texts: Vec<String> = message.parts.iter().filter_map(text_of).collect();
    let ids = |line: &str| -> Vec<(WorkspaceId, MailId)> {
        let words = line.split(|it: char| it.is_whitespace() || "<>,;()[]\"'".contains(it));
        words.filter_map(token::read_message_id).collect()
    };
    let lines = || texts.iter().flat_map(|text| text.lines());
    let own = lines().filter(|line| {
        let line = line
            .trim_start_matches([' ', '>', '|', '\t'])
            .to_ascii_lowercase();
        line.starts_with("message-id")
    });
    let own = own.flat_map(&ids).next();
    own.or_else(|| lines().flat_map(ids).last())
}

#[cfg(test)]
mod tests;
