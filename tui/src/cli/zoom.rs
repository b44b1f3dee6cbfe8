//! `greenroom zoom …`.

use clap::{Args, Subcommand};
use greenroom_protocol::page::Page;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::{AdminReply, CallsToday, Connection, ConnectionQuery};

use super::approval::RequestApproval;
use super::ask;
use super::connect::Connect;
use super::paging::Paging;
use super::session::Session;
use super::words::{here, person, word};
use super::zoom_test::Test;
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Zoom {
    /// Show your connection, a member's, or everyone's
    Status {
        /// Whose: email, name or ID
        #[arg(long, value_name = "EMAIL", conflicts_with_all = ["everybody", "limit", "all", "cursor"])]
        member: Option<String>,
        /// Show every member's connection
        #[arg(long)]
        everybody: bool,
        #[command(flatten)]
        paging: Paging,
    },
    /// Connect a Zoom user in the browser
    Connect(Connect),
    /// Ask your Zoom admin to approve the app: emails the request where email is set up, and prints
    /// it
    RequestApproval(RequestApproval),
    /// Email a member that their Zoom must be reconnected
    Tell(Tell),
    /// Test a connection: create, read, find, move and delete a meeting, and report what Zoom
    /// changed
    Test(Test),
    /// Disconnect: revoke access at Zoom and delete the keys here; booked meetings keep their links
    Disconnect(Disconnect),
}

#[derive(Debug, Args)]
pub(crate) struct Disconnect {
    /// Whose: email, name or ID [default: yours]
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Tell {
    /// Whom: email, name or ID
    #[arg(value_name = "MEMBER")]
    member: String,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl Zoom {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Status {
                everybody: true,
                paging,
                ..
            } => {
                let page: Page<_> = paging.part(session.client().await?.zoom_list().await?)?;
                session.output.list(&page, table)
            }
            Self::Status { member, .. } => {
                let query = ConnectionQuery { member };
                let connection = session.client().await?.zoom_status(query).await?;
                show(session, &connection)
            }
            Self::Connect(connect) => connect.run(session).await,
            Self::RequestApproval(request) => request.run(session).await,
            Self::Tell(tell) => tell.run(session).await,
            Self::Test(test) => test.run(session).await,
            Self::Disconnect(disconnect) => disconnect.run(session).await,
        }
    }
}

impl Tell {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let member = Reference {
            dry_run: self.dry_run,
            ..Reference::to(self.member)
        };
        let told = session.client().await?.zoom_tell(member).await?;
        if told.repeated {
            session
                .output
                .note("an email is already on its way; no second one is sent");
        }
        if let Some(note) = &told.note {
            session.output.warn(note);
        }
        session.output.record(&told, || {
            let letter = match (told.dry_run, told.mail) {
                (_, Some(mail)) => mail.to_string(),
                (true, None) => "would be emailed".to_owned(),
                (false, None) => String::new(),
            };
            Lines::new()
                .line("told", person(&told.member.name, &told.member.email))
                .line("email", letter)
                .line("leaves", here(told.not_before))
        })
    }
}

impl Disconnect {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let member = self.member.clone();
        let connection = client.zoom_status(ConnectionQuery { member }).await?;
        if !self.dry_run {
            let whose = format!("Disconnect {}'s Zoom", connection.member.name);
            ask::confirm(session, &whose)?;
        }
        let member = Reference {
            dry_run: self.dry_run,
            ..Reference::to(connection.member.id.to_string())
        };
        let done = client.zoom_disconnect(member).await?;
        if let Some(hint) = &done.hint {
            session.output.warn(hint);
        }
        session.output.record(&done, || {
            let revoked = match (done.dry_run, done.revoked) {
                (true, _) => "would be revoked and deleted",
                (_, true) => "confirmed",
                (_, false) => "not confirmed; the keys here are deleted",
            };
            Lines::new()
                .line(
                    "disconnected",
                    person(&connection.member.name, &connection.member.email),
                )
                .line("revoked at Zoom", revoked)
                .line(
                    "booked",
                    format!("{} meetings keep their links", done.booked),
                )
        })
    }
}

pub(super) fn show(session: &Session, connection: &Connection) -> Result<(), Stop> {
    session.output.record(connection, || lines(connection))
}

fn yes_or_no(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}

fn zoom_user(connection: &Connection) -> Option<String> {
    let user = connection.zoom_user.as_ref()?;
    Some(format!(
        "{} ({})",
        person(&user.name, &user.email),
        word(user.plan)
    ))
}

fn table(connections: &[Connection]) -> Table {
    let mut table = Table::new(["MEMBER", "STATE", "ZOOM USER", "SHARED", "BOOKED", "REASON"]);
    for connection in connections {
        table.row([
            connection.member.name.as_str(),
            &word(connection.state),
            zoom_user(connection).unwrap_or_default().as_str(),
            yes_or_no(connection.shared),
            &connection.booked.to_string(),
            connection.reason.as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn lines(connection: &Connection) -> Lines {
    let missing = &connection.missing_scopes;
    let missing = (!missing.is_empty()).then(|| missing.join(" "));
    Lines::new()
        .line(
            "member",
            person(&connection.member.name, &connection.member.email),
        )
        .line("state", word(connection.state))
        .maybe("reason", connection.reason.as_ref())
        .maybe("next", connection.hint.as_ref())
        .all(admin_reply(
            connection.admin_reply.as_ref(),
            "greenroom zoom connect",
        ))
        .maybe("Zoom user", zoom_user(connection))
        .maybe("since", connection.since.map(here))
        .maybe("last refresh", connection.last_refresh.map(here))
        .maybe("not granted", missing)
        .line("shared", yes_or_no(connection.shared))
        .line("booked", connection.booked.to_string())
        .maybe("at a time", connection.meetings_at_once.map(meetings))
        .maybe("changes today", connection.calls_today.map(changes_today))
}

/// What an admin there replied, and the command to try again.
pub(super) fn admin_reply(reply: Option<&AdminReply>, again: &str) -> Lines {
    let Some(reply) = reply else {
        return Lines::new();
    };
    let automatic = if reply.automatic { ", automatic" } else { "" };
    Lines::new()
        .line(
            "admin replied",
            format!("{}, {}{automatic}", reply.from, here(reply.at)),
        )
        .text("reply", Some(&reply.text))
        .line("try again", again)
}

fn meetings(at_once: u32) -> String {
    match at_once {
        1 => "one meeting".to_owned(),
        more => format!("{more} meetings"),
    }
}

/// How many of a day's changes a Zoom user took, and what follows where few are left.
fn changes_today(calls: CallsToday) -> String {
    let CallsToday { sent, most } = calls;
    match calls.few_left() {
        true => format!("{sent} of {most}: few are left until 00:00 UTC"),
        false => format!("{sent} of {most}"),
    }
}
