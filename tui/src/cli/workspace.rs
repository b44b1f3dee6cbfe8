//! `greenroom workspace …`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::assistant_switch::AssistantSwitchSet;
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{RetentionQuery, RetentionRow};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{self as wire, Reference, ShareSlots, WorkspaceEdit};

use super::company::Company;
use super::days_off::DaysOff;
use super::paging::Paging;
use super::session::Session;
use super::stage::pick;
use super::words::{PlanWord, Switch, here, paused, word};
use crate::output::{Lines, Stop, Table};
use crate::typed::duration::{Minutes, written};

/// The largest secret that is read from a file, in bytes.
const LARGEST_SECRET: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(crate) enum Workspace {
    /// List the workspaces you can use
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Create another workspace, with you as its first member
    Add {
        /// Its name
        name: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Show a workspace's settings
    Show {
        /// Its name or ID [default: the current one]
        workspace: Option<String>,
    },
    /// Make a workspace your default
    Use {
        /// Its name or ID
        workspace: String,
    },
    /// Edit a workspace
    Edit {
        /// Its name or ID [default: the current one]
        #[arg(value_name = "WORKSPACE")]
        which: Option<String>,
        /// Its new name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        settings: Settings,
        /// Whether the assistant acts; off sends nothing to any candidate
        #[arg(long, value_name = "SWITCH")]
        assistant: Option<Switch>,
        /// With --assistant off: why, for colleagues
        #[arg(long, value_name = "TEXT", requires = "assistant")]
        why: Option<String>,
        /// With --keep-rejected: only show who would be erased, and when
        #[arg(long, requires = "keep_rejected")]
        dry_run: bool,
    },
    /// Holidays and breaks, for everyone or for some
    #[command(subcommand)]
    DaysOff(DaysOff),
    /// When everybody is busy, read with one Google or Microsoft account
    #[command(subcommand)]
    Calendars(Company),
    /// List the rejected and withdrawn candidates who will be erased, and when
    Retention {
        /// As if they were kept for this long
        #[arg(long, value_name = "TIME")]
        keep_rejected: Option<Kept>,
        #[command(flatten)]
        paging: Paging,
    },
}

/// For how long rejected candidates are kept, in months; 0: for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept(u32);

impl FromStr for Kept {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "such as 12m or 2y, at least 1m, or off".to_owned();
        if text == "off" {
            return Ok(Self(0));
        }
        let (number, each) = match text.strip_suffix('m') {
            Some(number) => (number, 1),
            None => (text.strip_suffix('y').ok_or_else(wrong)?, 12),
        };
        let number: u32 = number.parse().map_err(|_| wrong())?;
        let months = number.checked_mul(each).filter(|months| *months > 0);
        months.map(Self).ok_or_else(wrong)
    }
}

/// What holds for everybody in the workspace.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// The client ID of its own Zoom app; empty: use the default app
    #[arg(long, value_name = "ID")]
    zoom_client_id: Option<String>,
    /// A file with the app's secret, for a confidential client; an empty file removes it
    #[arg(long, value_name = "FILE")]
    zoom_client_secret_file: Option<PathBuf>,
    /// Its Zoom plan: business lets a licensed host have two meetings at a time
    #[arg(long)]
    plan: Option<PlanWord>,
    /// The email of the Zoom admin who approves apps; empty: remove it
    #[arg(long, value_name = "EMAIL")]
    zoom_admin: Option<String>,
    /// The client ID of its own Google app (type Desktop app); empty: use the default app
    #[arg(long, value_name = "ID")]
    google_client_id: Option<String>,
    /// A file with that app's secret, which Google wants too; an empty file removes it
    #[arg(long, value_name = "FILE")]
    google_client_secret_file: Option<PathBuf>,
    /// The client ID of its own Microsoft app (public client); empty: use the default app
    #[arg(long, value_name = "ID")]
    microsoft_client_id: Option<String>,
    /// The directory that app is registered in: the tenant ID or one of your domains
    #[arg(long, value_name = "TENANT")]
    microsoft_tenant: Option<String>,
    /// The email of the Google or Microsoft admin who approves apps; empty: remove it
    #[arg(long, value_name = "EMAIL")]
    account_admin: Option<String>,
    /// When reminders are sent before an interview, such as 24h,1h; or none
    #[arg(long, value_name = "TIMES")]
    reminders: Option<Reminders>,
    /// Its IANA time zone: starts are offered by its clock, and it is taken for candidates whose own
    /// is not known; empty: its first member's
    #[arg(long)]
    zone: Option<String>,
    /// How long rejected and withdrawn candidates are kept before they are erased, such as 12m; or
    /// off. Admins are emailed 14 days before
    #[arg(long, value_name = "TIME")]
    keep_rejected: Option<Kept>,
    /// After how long an interviewer who has not replied is reminded, such as 24h; or off
    #[arg(long, value_name = "TIME")]
    no_reply_reminder: Option<NoReply>,
    /// How long a move into a stage with AI scheduling can be undone before the assistant acts, in
    /// seconds
    #[arg(long, value_name = "SECONDS")]
    entry_undo_seconds: Option<u32>,
    /// Whether the assistant may propose one time to two candidates, of whom the first to answer
    /// gets it: when-scarce or never
    #[arg(long, value_name = "WHEN", value_parser = share_slots)]
    share_slots: Option<ShareSlots>,
}

fn share_slots(text: &str) -> Result<ShareSlots, String> {
    match text {
        "when-scarce" => Ok(ShareSlots::WhenScarce),
        "never" => Ok(ShareSlots::Never),
        _ => Err("expected when-scarce or never".to_owned()),
    }
}

/// Hours of weekdays; 0: never.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoReply(u32);

impl FromStr for NoReply {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self(0));
        }
        let minutes = text.parse::<Minutes>().map(|Minutes(minutes)| minutes);
        let whole = minutes.ok().filter(|minutes| minutes % 60 == 0);
        let wrong = || "write it in whole hours, such as 24h, or off".to_owned();
        whole.map(|minutes| Self(minutes / 60)).ok_or_else(wrong)
    }
}

/// Times before an interview, in minutes.
#[derive(Debug, Clone)]
pub(crate) struct Reminders(Vec<u32>);

impl FromStr for Reminders {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Vec::new()));
        }
        let each = text.split(',').map(|it| it.trim().parse::<Minutes>());
        let minutes: Result<_, _> = each.map(|it| it.map(|Minutes(minutes)| minutes)).collect();
        minutes
            .map(Self)
            .map_err(|why| format!("{why}, comma-separated, or none"))
    }
}

impl Workspace {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let edited = match self {
            Self::List { paging } => {
                let page = paging.part(session.client().await?.workspace_list().await?)?;
                return session.output.list(&page, table);
            }
            Self::Show { workspace } => {
                let all = session.client().await?.workspace_list().await?.items;
                match workspace {
                    Some(text) => {
                        pick("workspace", &text, all, |it| (it.id.to_string(), &it.name))?
                    }
                    None => current(all)?,
                }
            }
            Self::DaysOff(days_off) => return days_off.run(session).await,
            Self::Calendars(calendars) => return calendars.run(session).await,
            Self::Add { name, settings } => {
                let edit = settings.edit(None, Some(name))?;
                session.client().await?.workspace_add(edit).await?
            }
            Self::Use { workspace } => {
                let workspace = Reference::to(workspace);
                session.client().await?.workspace_use(workspace).await?
            }
            Self::Retention {
                keep_rejected,
                paging,
            } => return retention(session, keep_rejected, paging).await,
            Self::Edit {
                settings:
                    Settings {
                        keep_rejected: Some(kept),
                        ..
                    },
                dry_run: true,
                ..
            } => return retention(session, Some(kept), Paging::everything()).await,
            Self::Edit {
                which,
                name,
                settings,
                assistant,
                why,
                ..
            } => {
                let assistant = assistant.map(|on| AssistantSwitchSet { on: on.into(), why });
                let edit = WorkspaceEdit {
                    assistant,
                    ..settings.edit(which, name)?
                };
                session.client().await?.workspace_edit(edit).await?
            }
        };
        session.output.record(&edited, || lines(&edited))
    }
}

/// The workspace that the caller works in.
fn current(all: Vec<wire::Workspace>) -> Result<wire::Workspace, Error> {
    let mut current = all.into_iter().filter(|it| it.current);
    current
        .next()
        .ok_or_else(|| Error::not_found("You are in no workspace").hint("name one of the list"))
}

impl Settings {
    fn edit(self, workspace: Option<String>, name: Option<String>) -> Result<WorkspaceEdit, Error> {
        Ok(WorkspaceEdit {
            workspace,
            name,
            zoom_client_id: self.zoom_client_id,
            zoom_client_secret: secret_from(self.zoom_client_secret_file.as_deref())?,
            plan: self.plan.map(Into::into),
            zoom_admin: self.zoom_admin,
            reminders: self.reminders.map(|Reminders(minutes)| minutes),
            no_reply_reminder_hours: self.no_reply_reminder.map(|NoReply(hours)| hours),
            keep_rejected: self.keep_rejected.map(|Kept(months)| months),
            google_client_id: self.google_client_id,
            google_client_secret: secret_from(self.google_client_secret_file.as_deref())?,
            microsoft_client_id: self.microsoft_client_id,
            microsoft_tenant: self.microsoft_tenant,
            account_admin: self.account_admin,
            zone: self.zone,
            assistant: None,
            entry_undo_seconds: self.entry_undo_seconds,
            share_slots: self.share_slots,
        })
    }
}

/// Who will be erased, and when.
async fn retention(session: &Session, kept: Option<Kept>, paging: Paging) -> Result<(), Stop> {
    let client = session.client().await?;
    if kept == Some(Kept(0)) {
        let nobody = Page::<RetentionRow>::whole(Vec::new());
        return session.output.list(&nobody, erased);
    }
    let page = paging
        .fetch(async |cursor, limit| {
            let query = RetentionQuery {
                keep_rejected: kept.map(|Kept(months)| months),
                cursor,
                limit: Some(limit),
            };
            client.retention_list(query).await
        })
        .await?;
    session.output.list(&page, erased)
}

fn erased(rows: &[RetentionRow]) -> Table {
    let mut table = Table::new(["NAME", "REJECTED", "ERASED AFTER", "ANNOUNCED", "ID"]);
    for row in rows {
        let announced = row.announced_at.map(here).unwrap_or_default();
        table.row([
            row.name.clone(),
            here(row.since),
            here(row.erase_at),
            announced,
            row.candidate.to_string(),
        ]);
    }
    table
}

/// The client secret in a file.
pub(super) fn secret_from(file: Option<&Path>) -> Result<Option<Opaque>, Error> {
    secret_in(file, "zoom_client_secret")
}

/// The secret in a file, without the line's end. The daemon may not be able to read the caller's
/// files: it is sent.
pub(super) fn secret_in(file: Option<&Path>, field: &str) -> Result<Option<Opaque>, Error> {
    let Some(file) = file else { return Ok(None) };
    let failed = |why: String| {
        let error = Error::usage(format!("read {}: {why}", file.display()));
        error.field(field)
    };
    let size = file
        .metadata()
        .map_err(|error| failed(error.to_string()))?
        .len();
    if size > LARGEST_SECRET {
        return Err(failed(
            "This is not a secret: it is larger than 4 kB".to_owned(),
        ));
    }
    let text = std::fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let text = Opaque::new(text);
    Ok(Some(Opaque::new(text.reveal().trim())))
}

fn table(workspaces: &[wire::Workspace]) -> Table {
    let mut table = Table::new(["", "NAME", "ZOOM APP", "REMINDERS", "ID"]);
    for workspace in workspaces {
        let current = if workspace.current { "*" } else { "" };
        let id = workspace.id.to_string();
        let reminders = reminders(workspace);
        table.row([current, &workspace.name, app(workspace), &reminders, &id]);
    }
    table
}

fn app(workspace: &wire::Workspace) -> &str {
    workspace.zoom_client_id.as_deref().unwrap_or("default app")
}

fn reminders(workspace: &wire::Workspace) -> String {
    match workspace.reminders[..] {
        [] => "none".to_owned(),
        ref minutes => {
            let each: Vec<_> = minutes.iter().map(|it| written(*it)).collect();
            each.join(",")
        }
    }
}

fn lines(workspace: &wire::Workspace) -> Lines {
    let secret = workspace.zoom_confidential.then_some("kept");
    Lines::new()
        .line("workspace", &workspace.name)
        .maybe(
            "time zone",
            Some(&workspace.zone).filter(|it| !it.is_empty()),
        )
        .line("Zoom app", app(workspace))
        .maybe("app's secret", secret)
        .line("Zoom account", word(workspace.plan))
        .maybe("Zoom admin", workspace.zoom_admin.as_ref())
        .maybe("Google app", workspace.google_client_id.as_ref())
        .maybe("Microsoft app", workspace.microsoft_client_id.as_ref())
        .maybe("tenant", workspace.microsoft_tenant.as_ref())
        .maybe("account admin", workspace.account_admin.as_ref())
        .line("reminders", reminders(workspace))
        .line(
            "no-reply reminder",
            match workspace.no_reply_reminder_hours {
                0 => "off".to_owned(),
                hours => format!("after {hours}h"),
            },
        )
        .maybe(
            "rejected kept",
            workspace.keep_rejected.map(|it| format!("{it} months")),
        )
        .maybe("assistant", paused(&workspace.assistant))
        .line("id", workspace.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejected_candidates_are_kept_for_months_years_or_ever() {
        let read = |text: &str| text.parse::<Kept>().map(|Kept(months)| months);
        assert_eq!(read("12m"), Ok(12));
        assert_eq!(read("2y"), Ok(24));
        assert_eq!(read("off"), Ok(0));
        for text in ["", "12", "0m", "m", "1d", "-1m", "4294967295y"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reminders_are_times_with_commas_between_or_none() {
        let read = |text: &str| {
            let read = text.parse::<Reminders>();
            read.map(|Reminders(minutes)| minutes)
        };
        assert_eq!(read("24h,1h"), Ok(vec![1440, 60]));
        assert_eq!(read("2d, 30m"), Ok(vec![2880, 30]));
        assert_eq!(read("none"), Ok(Vec::new()));
        for text in ["", "24h,", "60", "1h 30m", "never"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
