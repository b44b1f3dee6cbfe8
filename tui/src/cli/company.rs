//! `greenroom workspace calendars …`: everybody's calendars, read with one account.

use clap::{Args, Subcommand};
use greenroom_protocol::account::{AccountOwner, AccountProvider};
use greenroom_protocol::calendar::FeedStanding;
use greenroom_protocol::company::{
    CompanyCalendar, CompanyCalendarState, CompanyCalendars, CompanyCalendarsLeaveOut,
    CompanyCalendarsQuery, CompanyCalendarsSet,
};

use super::ask;
use super::session::Session;
use super::words::{here, person};
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Company {
    /// Show which account reads the calendars, and how each member's stands
    List {
        #[command(flatten)]
        at: Maybe,
    },
    /// Have a connected account read when all members are busy, and when they work
    On {
        #[command(flatten)]
        at: At,
        /// Whose account: email, name or ID [default: the workspace's own]
        #[arg(long, value_name = "MEMBER")]
        account: Option<String>,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Read them no more, and remove what was read
    Off {
        #[command(flatten)]
        at: At,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Leave a member's calendar out, and remove what was read of it
    LeaveOut {
        /// Whose: email, name or ID [default: yours]
        member: Option<String>,
        #[command(flatten)]
        at: At,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Read a member's calendar again that was left out
    Include {
        /// Whose: email, name or ID [default: yours]
        member: Option<String>,
        #[command(flatten)]
        at: At,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Read them now
    Refresh {
        #[command(flatten)]
        at: Maybe,
    },
}

/// At which of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct At {
    /// Google Workspace
    #[arg(long)]
    google: bool,
    /// Microsoft 365
    #[arg(long)]
    microsoft: bool,
}

/// At one of the two, or at both.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Maybe {
    /// Only Google Workspace
    #[arg(long)]
    google: bool,
    /// Only Microsoft 365
    #[arg(long)]
    microsoft: bool,
}

impl At {
    fn provider(&self) -> AccountProvider {
        match self.microsoft {
            true => AccountProvider::Microsoft,
            false => AccountProvider::Google,
        }
    }
}

impl Maybe {
    fn query(&self) -> CompanyCalendarsQuery {
        let provider = match (self.google, self.microsoft) {
            (true, _) => Some(AccountProvider::Google),
            (_, true) => Some(AccountProvider::Microsoft),
            _ => None,
        };
        CompanyCalendarsQuery { provider }
    }
}

impl Company {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let shown = match self {
            Self::List { at } => {
                let client = session.client().await?;
                let page = client.company_calendars(at.query()).await?;
                return session.output.list(&page, table);
            }
            Self::Refresh { at } => {
                let client = session.client().await?;
                let page = client.company_calendars_refresh(at.query()).await?;
                session.output.note("They are being read");
                return session.output.list(&page, table);
            }
            Self::On {
                at,
                account,
                dry_run,
            } => {
                let set = CompanyCalendarsSet {
                    provider: at.provider(),
                    on: true,
                    member: account,
                    dry_run,
                };
                session.client().await?.company_calendars_set(set).await?
            }
            Self::Off { at, dry_run } => {
                let provider = at.provider();
                if !dry_run {
                    let name = provider.name();
                    ask::confirm(
                        session,
                        &format!("Read nobody's calendar at {name} any more"),
                    )?;
                }
                let set = CompanyCalendarsSet {
                    provider,
                    on: false,
                    member: None,
                    dry_run,
                };
                session.client().await?.company_calendars_set(set).await?
            }
            Self::LeaveOut {
                member,
                at,
                dry_run,
            } => leave_out(session, (member, at, dry_run), true).await?,
            Self::Include {
                member,
                at,
                dry_run,
            } => leave_out(session, (member, at, dry_run), false).await?,
        };
        session.output.record(&shown, || lines(&shown))
    }
}

async fn leave_out(
    session: &Session,
    (member, at, dry_run): (Option<String>, At, bool),
    leave_out: bool,
) -> Result<CompanyCalendars, Stop> {
    let request = CompanyCalendarsLeaveOut {
        provider: at.provider(),
        member,
        leave_out,
        dry_run,
    };
    let client = session.client().await?;
    Ok(client.company_calendars_leave_out(request).await?)
}

fn lines(shown: &CompanyCalendars) -> Lines {
    let reader = match &shown.reader {
        AccountOwner::Workspace => "the workspace's own account".to_owned(),
        AccountOwner::Member(member) => person(&member.name, &member.email),
    };
    let count = |state| shown.members.iter().filter(|it| it.state == state).count();
    let (read, out) = (
        count(CompanyCalendarState::Ok),
        count(CompanyCalendarState::LeftOut),
    );
    let lines = Lines::new()
        .line("calendars", shown.provider.name())
        .line("read with", reader)
        .line("state", standing(shown.state))
        .line("read", shown.read_at.map_or("never".into(), here))
        .line("members", format!("{read} of {}", shown.members.len()));
    let lines = match out {
        0 => lines,
        out => lines.line("left out", out.to_string()),
    };
    let lines = match &shown.reason {
        Some(reason) => lines.line("reason", reason),
        None => lines,
    };
    match &shown.hint {
        Some(hint) => lines.line("what to do", hint),
        None => lines,
    }
}

fn table(all: &[CompanyCalendars]) -> Table {
    let mut table = Table::new(["AT", "MEMBER", "STATE", "READ", "HOURS", "REASON"]);
    for at in all {
        for calendar in &at.members {
            table.row([
                at.provider.name(),
                &person(&calendar.member.name, &calendar.member.email),
                state(calendar.state),
                &calendar.read_at.map_or("never".into(), here),
                hours(calendar),
                calendar.reason.as_deref().unwrap_or_default(),
            ]);
        }
    }
    table
}

fn hours(calendar: &CompanyCalendar) -> &'static str {
    match calendar.hours {
        true => "from there",
        false => "",
    }
}

fn standing(state: FeedStanding) -> &'static str {
    match state {
        FeedStanding::New => "not read yet",
        FeedStanding::Ok => "ok",
        FeedStanding::Retrying => "retrying",
        FeedStanding::Broken => "broken",
        FeedStanding::Unknown => "unknown",
    }
}

fn state(state: CompanyCalendarState) -> &'static str {
    match state {
        CompanyCalendarState::New => "not read yet",
        CompanyCalendarState::Ok => "ok",
        CompanyCalendarState::Retrying => "retrying",
        CompanyCalendarState::Broken => "broken",
        CompanyCalendarState::Elsewhere => "elsewhere",
        CompanyCalendarState::LeftOut => "left out",
        CompanyCalendarState::Unknown => "unknown",
    }
}
