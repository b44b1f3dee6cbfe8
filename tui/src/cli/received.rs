//! Email that came in: `greenroom mail list --received`, read in full, and beside the records it is
//! about.

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::interview::AttendeeState;
use greenroom_protocol::received::{
    Received, ReceivedAccept, ReceivedFrom, ReceivedMail, ReceivedQuery, SetAside,
};
use greenroom_protocol::workspace::Reference;

use super::session::Session;
use super::words::{here, word};
use crate::client::Client;
use crate::output::{Lines, Stop, Table};
use crate::widgets::text::clean;
use crate::wording;

/// The first protocol that knows of email that came in.
const SINCE: u32 = 2;

/// Emails shown beside a record; the rest is in the list.
const BESIDE: u32 = 20;

/// The newest emails about a record; none where the daemon keeps none.
pub(super) async fn beside(
    client: &Client,
    query: ReceivedQuery,
) -> Result<Vec<ReceivedMail>, Error> {
    if client.hello().protocol < SINCE {
        return Ok(Vec::new());
    }
    let limit = Some(BESIDE);
    let page = client
        .mail_received(ReceivedQuery { limit, ..query })
        .await?;
    Ok(page.items)
}

/// Such emails, a line each.
pub(super) fn told(mails: &[ReceivedMail]) -> Lines {
    let line = |mail: &ReceivedMail| {
        let mark = mark_of(mail);
        let mark = match mark.is_empty() {
            true => String::new(),
            false => format!(" [{mark}]"),
        };
        let (name, when) = (&mail.name, here(mail.at));
        format!("{name}, {when}{mark}: {} ({})", words(mail), mail.id)
    };
    Lines::new().each("email", mails.iter().map(line))
}

/// Whether it is to be read, and by whom it was not written.
fn mark_of(mail: &ReceivedMail) -> &'static str {
    match (&mail.set_aside, mail.automatic, mail.unread) {
        (Some(_), ..) => "from another address",
        (_, true, _) => "automatic",
        (_, _, true) => "unread",
        _ => "",
    }
}

/// What it says, in short.
fn words(mail: &ReceivedMail) -> &str {
    match mail.beginning.is_empty() {
        true => &mail.subject,
        false => &mail.beginning,
    }
}

pub(super) fn table(mails: &[ReceivedMail]) -> Table {
    let mut table = Table::new(["", "FROM", "WHEN", "SUBJECT", "TEXT", "ID"]);
    for mail in mails {
        table.row([
            mark_of(mail),
            &mail.name,
            &here(mail.at),
            &mail.subject,
            &mail.beginning,
            &mail.id.to_string(),
        ]);
    }
    table
}

/// Shows an email whole, and marks it as read.
pub(super) async fn show(session: &Session, client: &Client, id: String) -> Result<(), Stop> {
    let received = client.mail_received_get(Reference::to(id)).await?;
    session.output.record(&received, || lines(&received))?;
    if !session.output.is_json() {
        session.output.print(&text(&received))?;
    }
    if received.mail.unread {
        let read = Reference::to(received.mail.id.to_string());
        client.mail_received_read(read).await?;
    }
    Ok(())
}

/// Marks an email as read.
pub(super) async fn mark(session: &Session, client: &Client, id: String) -> Result<(), Stop> {
    let mail = client.mail_received_read(Reference::to(id)).await?;
    session.output.record(&mail, || head(&mail))
}

#[derive(Debug, Args)]
pub(crate) struct Accept {
    /// Its ID, or the last six or more characters of it
    id: String,
    /// Whose reply it is, by email or name [default: the attendee it replies for]
    #[arg(long, value_name = "WHO")]
    attendee: Option<String>,
    /// Always accept replies from this address as theirs
    #[arg(long)]
    remember: bool,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl Accept {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let dry_run = self.dry_run;
        let accept = ReceivedAccept {
            mail: Reference {
                dry_run,
                ..Reference::to(self.id)
            },
            attendee: self.attendee,
            remember: self.remember,
        };
        let mail = client.mail_received_accept(accept).await?;
        if dry_run {
            session.output.note("dry run: nothing was written");
        }
        session.output.record(&mail, || head(&mail))
    }
}

fn lines(received: &Received) -> Lines {
    let mail = &received.mail;
    head(mail)
        .each("file", received.files.iter().cloned())
        .each(
            "read as",
            received
                .understood
                .iter()
                .map(wording::outreach::understood),
        )
        .line("id", mail.id.to_string())
}

fn head(mail: &ReceivedMail) -> Lines {
    let who = match mail.who {
        ReceivedFrom::Candidate => "the candidate",
        ReceivedFrom::Member => "a member",
        ReceivedFrom::Other => "an unknown address",
    };
    let mark = mark_of(mail);
    Lines::new()
        .line("from", super::words::person(&mail.name, &mail.from))
        .line("sender", who)
        .maybe("filed under", mail.candidate_name.as_ref())
        .maybe("interview", mail.interview.map(|id| id.to_string()))
        .line("received", here(mail.at))
        .maybe("written", mail.written_at.map(here))
        .maybe("mark", (!mark.is_empty()).then_some(mark))
        .maybe("replies for", mail.set_aside.as_ref().map(replies_for))
        .line("subject", &mail.subject)
}

/// Whose reply it would be, and what it says.
fn replies_for(aside: &SetAside) -> String {
    let whom = aside.attendee.as_deref().unwrap_or("none given");
    let answer = aside.answer.map(|answer| match answer {
        AttendeeState::Accepted => "accepted".to_owned(),
        AttendeeState::Declined => "declined".to_owned(),
        other => word(other),
    });
    let start = aside.start.map(|at| format!("proposes {}", here(at)));
    let said: Vec<_> = answer.into_iter().chain(start).collect();
    match said.is_empty() {
        true => whom.to_owned(),
        false => format!("{whom}: {}", said.join(", ")),
    }
}

/// The text as it was written, what it quotes below.
pub(super) fn text(received: &Received) -> String {
    let quoted = received.quoted.iter().flat_map(|it| it.lines());
    let quoted = quoted.map(|line| match line.starts_with('>') {
        true => line.to_owned(),
        false => format!("> {line}"),
    });
    let cut = received
        .cut
        .then(|| "(The email continues in the mailbox.)".to_owned());
    let new = received.text.lines().map(str::to_owned);
    let blank = received.quoted.is_some().then(String::new);
    let lines = new.chain(blank).chain(quoted).chain(cut);
    let lines: String = lines.map(|line| format!("{}\n", clean(&line))).collect();
    format!("\n{lines}")
}
