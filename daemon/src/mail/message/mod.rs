//! Letters: everything Greenroom ever mails, made by one builder. Pure.
//!
//! From a [`Letter`], which says what there is to say and to whom, to a [`Message`], which is what
//! leaves. Invariants: no name, text or address can end its header, property or line; a letter to a
//! candidate holds nothing of another candidate and no word that is meant for colleagues; the
//! Message-ID is given, so a letter built again is the same letter. The calendar part stands inline
//! beside the text (RFC 6047): programs that know it show buttons, all others show the text, and
//! nobody is given a file to open.

mod choices;
mod event;
mod line;
mod notice;
pub mod template;
pub mod when;
mod words;
mod zone;

pub use choices::{Choice, Choices};
pub use event::{Answer, Attendee, Event, Join, Method};
use greenroom_protocol::time::Instant;
use lettre::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
pub(super) use line::one_line;
pub use notice::BrokenConnection;
pub use words::greeting;

use self::template::{Rendered, Template};

/// A person, as mail names them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
}

/// What a reader may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The candidate.
    Candidate,
    /// Somebody who takes part for the company.
    Interviewer,
}

/// Who reads a letter about an interview.
#[derive(Debug, Clone, PartialEq)]
pub struct Reader {
    /// Who.
    pub person: Person,
    /// Their IANA time zone.
    pub zone: String,
    /// What they may know.
    pub audience: Audience,
    /// What colleagues noted about the candidate for interviewers; no candidate reads it.
    pub briefing: Vec<String>,
}

/// Something to mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// To whom.
    pub to: Person,
    /// Whose name stands before the sender's address.
    pub from_name: String,
    /// What it says.
    pub says: Says,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// The interview is scheduled so; the first time, or changed since.
    Invitation {
        /// The interview.
        event: Box<Event>,
        /// For whom.
        reader: Reader,
        /// Whether the reader was invited before.
        changed: bool,
        /// A line for everybody invited.
        note: Option<String>,
        /// The words for a candidate; `None`: the built-in ones. Interviewers read those always.
        template: Option<Template>,
    },
    /// The interview is cancelled, or goes ahead without this reader.
    Cancellation {
        /// The interview.
        event: Box<Event>,
        /// For whom.
        reader: Reader,
        /// Whether it goes ahead without the reader.
        uninvited: bool,
        /// A line for everybody invited.
        note: Option<String>,
        /// The words for a candidate; `None`: the built-in ones. Interviewers read those always.
        template: Option<Template>,
    },
    /// The interview starts soon.
    Reminder {
        /// The interview.
        event: Box<Event>,
        /// For whom.
        reader: Reader,
        /// The words for a candidate; `None`: the built-in ones.
        template: Option<Template>,
    },
    /// A connection must be made anew.
    Broken(BrokenConnection),
    /// Times to choose from.
    Choices(Box<Choices>),
    /// Anything else.
    Text {
        /// What about.
        subject: String,
        /// The text.
        text: String,
    },
}

/// Where letters come from and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The address letters come from and answers return to.
    pub from: String,
    /// The Message-ID, without its brackets.
    pub message_id: String,
    /// The Message-ID of the letter it follows.
    pub follows: Option<String>,
    /// When it is written.
    pub at: Instant,
}

/// A finished message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The address it returns to when it cannot be delivered.
    pub from: Address,
    /// Where it goes.
    pub to: Address,
    /// What it is about.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its calendar part.
    pub calendar: Option<String>,
    /// All of it, as it leaves.
    pub bytes: Vec<u8>,
}

/// A letter that cannot be mailed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmailable {
    /// The recipient's address is none.
    #[error("the address is not one mail can be sent to")]
    To,
    /// The sender's address is none.
    #[error("the address that emails come from is not one")]
    From,
    /// The message has no form.
    #[error("the message could not be written: {0}")]
    Form(String),
}

impl Letter {
    /// The finished message.
    pub fn build(&self, envelope: &Envelope) -> Result<Message, Unmailable> {
        let from: Address = envelope.from.parse().map_err(|_| Unmailable::From)?;
        let to: Address = self.to.address.parse().map_err(|_| Unmailable::To)?;
        let (subject, text) = self.says.subject_and_text(envelope);
        let calendar = self.says.calendar(envelope);
        let mut message = lettre::Message::builder()
            .message_id(Some(bracketed(&envelope.message_id)))
            .date(std::time::SystemTime::from(envelope.at.timestamp()))
            .from(mailbox(&self.from_name, from.clone()))
            .to(mailbox(&self.to.name, to.clone()))
            .subject(subject.clone())
            .header(AutoSubmitted);
        if let Says::Text { .. } | Says::Choices(_) = self.says {
            // What a person is asked here comes back to the mailbox that is read, whatever a relay
            // makes of From.
            message = message.reply_to(mailbox(&self.from_name, from.clone()));
        }
        // A first email names itself: Amazon SES gives every email another Message-ID, and what
        // answers or returns it then names ours by this alone (https://github.com/freescout-help-desk/freescout/issues/4605). One that follows names the first.
        let thread = envelope.follows.as_ref().unwrap_or(&envelope.message_id);
        message = message.references(bracketed(thread));
        if let Some(earlier) = &envelope.follows {
            message = message.in_reply_to(bracketed(earlier));
        }
        let plain = SinglePart::plain(text.clone());
        let whole = match &calendar {
            None => message.singlepart(plain),
            Some((method, calendar)) => {
                let kind = format!("text/calendar; method={}; charset=UTF-8", method.name());
                let kind = ContentType::parse(&kind).map_err(form)?;
                let part = SinglePart::builder()
                    .content_type(kind)
                    .body(calendar.clone());
                message.multipart(MultiPart::alternative().singlepart(plain).singlepart(part))
            }
        };
        let bytes = whole.map_err(form)?.formatted();
        Ok(Message {
            from,
            to,
            subject,
            text,
            calendar: calendar.map(|(_, calendar)| calendar),
            bytes,
        })
    }
}

impl Says {
    fn subject_and_text(&self, envelope: &Envelope) -> (String, String) {
        let now = envelope.at;
        let Rendered { subject, text } = match self {
            Self::Invitation {
                event,
                reader,
                changed,
                note,
                template,
            } => {
                let (note, template) = (note.as_deref(), template.as_ref());
                words::invitation(event, reader, *changed, note, template, now)
            }
            Self::Cancellation {
                event,
                reader,
                uninvited,
                note,
                template,
            } => {
                let (note, template) = (note.as_deref(), template.as_ref());
                words::cancellation(event, reader, *uninvited, note, template, now)
            }
            Self::Reminder {
                event,
                reader,
                template,
            } => words::reminder(event, reader, template.as_ref(), now),
            Self::Broken(notice) => Rendered {
                subject: notice.subject(),
                text: notice.text(),
            },
            Self::Choices(choices) => {
                let Rendered { subject, text } = choices.render(&envelope.from);
                Rendered {
                    subject: one_line(&subject),
                    text: line::lines(&text),
                }
            }
            Self::Text { subject, text } => Rendered {
                subject: one_line(subject),
                text: line::lines(text),
            },
        };
        (subject, text)
    }

    fn calendar(&self, envelope: &Envelope) -> Option<(Method, String)> {
        let (method, event, reader) = match self {
            Self::Invitation { event, reader, .. } => (Method::Request, event, reader),
            Self::Cancellation {
                event,
                reader,
                uninvited,
                ..
            } => match uninvited {
                true => (Method::Uninvite, event, reader),
                false => (Method::Cancel, event, reader),
            },
            Self::Reminder { .. } | Self::Broken(_) | Self::Choices(_) | Self::Text { .. } => {
                return None;
            }
        };
        let calendar = event.calendar(method, reader, &envelope.from, envelope.at);
        Some((method, calendar))
    }
}

fn bracketed(message_id: &str) -> String {
    format!("<{message_id}>")
}

fn mailbox(name: &str, address: Address) -> Mailbox {
    let name = one_line(name).trim().to_owned();
    Mailbox::new(Some(name).filter(|name| !name.is_empty()), address)
}

fn form(error: impl std::fmt::Display) -> Unmailable {
    Unmailable::Form(error.to_string())
}

/// Says that no person wrote it, so that no machine answers it. Source: RFC 3834, 5.
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests;
