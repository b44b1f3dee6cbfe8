//! Mail folders as the people who write and get letters find them.

use std::path::{Path, PathBuf};

use anyhow::Context;
use greenroomd::mail::maildir::Maildir;
use mail_parser::{Message, MessageParser, MimeHeaders as _};

/// A daemon's Maildir folders.
pub struct Folders {
    outbox: PathBuf,
    inbox: PathBuf,
}

/// A letter in the folder of what is written.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its file.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Where it goes.
    pub to: String,
    /// What about.
    pub subject: String,
    /// Its Message-ID, without brackets.
    pub message_id: String,
    /// The Message-ID it answers.
    pub in_reply_to: Option<String>,
    /// Its text.
    pub text: String,
    /// Its calendar part, unfolded.
    pub calendar: Option<String>,
}

impl Folders {
    /// The folders in a directory.
    #[must_use]
    pub fn of(directory: &Path) -> Self {
        Self {
            outbox: directory.join("outbox"),
            inbox: directory.join("inbox"),
        }
    }

    /// The letters nobody has taken, oldest first.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn letters(&self) -> anyhow::Result<Vec<Found>> {
        let folder = Maildir::open(&self.outbox)?;
        let mut letters = Vec::new();
        for name in folder.unread(usize::MAX)? {
            let bytes = folder.read(&name, u64::MAX)?;
            letters.push(Found::read(name, bytes.context("the letter is there")?)?);
        }
        Ok(letters)
    }

    /// The letters to this address.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn to(&self, address: &str) -> anyhow::Result<Vec<Found>> {
        let mut letters = self.letters()?;
        letters.retain(|letter| letter.to == address);
        Ok(letters)
    }

    /// Takes a letter out, as a mail program does.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn take(&self, letter: &Found) -> anyhow::Result<()> {
        Ok(Maildir::open(&self.outbox)?.seen(&letter.name)?)
    }

    /// Nothing can be written any more, as where a mail server is down, until it is cleared or the
    /// daemon opens the folder anew.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn jam(&self) -> anyhow::Result<()> {
        Ok(std::fs::rename(
            self.outbox.join("new"),
            self.outbox.join("aside"),
        )?)
    }

    /// What is written arrives again.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn clear(&self) -> anyhow::Result<()> {
        let (new, aside) = (self.outbox.join("new"), self.outbox.join("aside"));
        Maildir::open(&self.outbox)?;
        for entry in std::fs::read_dir(&aside)? {
            let entry = entry?;
            std::fs::rename(entry.path(), new.join(entry.file_name()))?;
        }
        Ok(std::fs::remove_dir(aside)?)
    }

    /// The names of the answers that nobody has read yet.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn unread_answers(&self) -> anyhow::Result<Vec<String>> {
        Ok(Maildir::open(&self.inbox)?.unread(usize::MAX)?)
    }

    /// Puts an answer into the folder of what is read.
    ///
    /// # Errors
    ///
    /// What the system says of the folder.
    pub fn answer(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        Ok(Maildir::open(&self.inbox)?.deliver(name, text.as_bytes(), false)?)
    }
}

impl Found {
    /// Reads a letter.
    ///
    /// # Errors
    ///
    /// Where the bytes are no email.
    pub fn read(name: String, bytes: Vec<u8>) -> anyhow::Result<Self> {
        let message = MessageParser::default().parse(&bytes);
        let message = message.context("a letter that can be read")?;
        let to = message
            .to()
            .and_then(|to| to.first()?.address().map(str::to_owned));
        let in_reply_to = message.in_reply_to().as_text().map(str::to_owned);
        let found = Self {
            to: to.context("a recipient")?,
            subject: message.subject().unwrap_or_default().to_owned(),
            message_id: message.message_id().context("a Message-ID")?.to_owned(),
            in_reply_to,
            text: message
                .body_text(0)
                .context("a text")?
                .replace("\r\n", "\n"),
            calendar: calendar(&message),
            name,
            bytes: Vec::new(),
        };
        Ok(Self { bytes, ..found })
    }

    /// The values of this property of the calendar part, with their parameters.
    #[must_use]
    pub fn values(&self, property: &str) -> Vec<&str> {
        let calendar = self.calendar.as_deref().unwrap_or_default();
        let event = calendar.split("BEGIN:VEVENT").nth(1).unwrap_or_default();
        event
            .lines()
            .filter_map(|line| line.strip_prefix(property))
            .filter_map(|rest| rest.strip_prefix([':', ';']))
            .collect()
    }

    /// What the calendar part asks for.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        let calendar = self.calendar.as_deref()?;
        calendar
            .lines()
            .find_map(|line| line.strip_prefix("METHOD:"))
    }

    /// The answer of anyone who got this letter, as their calendar mails it.
    #[must_use]
    pub fn reply(&self, partstat: &str, stamp: &str) -> String {
        self.itip("REPLY", partstat, stamp, "")
    }

    /// A wish for another time, as a calendar mails it.
    #[must_use]
    pub fn counter(&self, start: &str, end: &str, comment: &str, stamp: &str) -> String {
        let lines = format!("DTSTART:{start}\nDTEND:{end}\nCOMMENT:{comment}\n");
        self.itip("COUNTER", "TENTATIVE", stamp, &lines)
    }

    fn itip(&self, method: &str, partstat: &str, stamp: &str, lines: &str) -> String {
        let (to, subject) = (&self.to, &self.subject);
        let value = |property| {
            self.values(property)
                .first()
                .copied()
                .unwrap_or_default()
                .to_owned()
        };
        let (uid, sequence, organizer) = (value("UID"), value("SEQUENCE"), value("ORGANIZER"));
        let returns = organizer
            .rsplit("mailto:")
            .next()
            .unwrap_or_default()
            .to_owned();
        format!(
            "From: {to}\nTo: {returns}\nSubject: Re: {subject}\nMIME-Version: 1.0\n\
             Content-Type: multipart/alternative; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nSee the calendar.\n\
             --b\nContent-Type: text/calendar; method={method}; charset=UTF-8\n\n\
             BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Somebody//Else//EN\nMETHOD:{method}\nBEGIN:VEVENT\n\
             UID:{uid}\nSEQUENCE:{sequence}\nDTSTAMP:{stamp}\n{lines}\
             ORGANIZER;{organizer}\nATTENDEE;PARTSTAT={partstat}:mailto:{to}\n\
             END:VEVENT\nEND:VCALENDAR\n--b--\n"
        )
    }

    /// What a mail server writes where the letter could not be delivered.
    #[must_use]
    pub fn bounce(&self) -> String {
        let (to, id) = (&self.to, &self.message_id);
        format!(
            "From: MAILER-DAEMON@mx.example\nTo: interviews@acme.example\nSubject: Undelivered\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
             --b\nContent-Type: text/plain\n\nIt did not arrive.\n\
             --b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example\n\n\
             Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n\
             --b\nContent-Type: text/rfc822-headers\n\n\
             Message-ID: <{id}>\nTo: {to}\n\n--b--\n"
        )
    }

    /// An answer in words.
    #[must_use]
    pub fn words(&self, text: &str) -> String {
        let (to, subject, id) = (&self.to, &self.subject, &self.message_id);
        format!(
            "From: {to}\nTo: interviews@acme.example\nSubject: Re: {subject}\nIn-Reply-To: <{id}>\n\n{text}\n"
        )
    }
}

fn calendar(message: &Message<'_>) -> Option<String> {
    let part = message.parts.iter().find(|part| {
        let kind = part.content_type();
        kind.is_some_and(|kind| kind.subtype() == Some("calendar"))
    })?;
    let text = String::from_utf8_lossy(part.contents()).into_owned();
    Some(text.replace("\r\n ", "").replace("\r\n", "\n"))
}
