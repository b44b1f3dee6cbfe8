//! `greenroom member …`.

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::workspace::{self as wire, MemberAdd, MemberEdit, MemberLink, Reference};

use super::ask;
use super::busy::Busy;
use super::hours::Hours;
use super::paging::Paging;
use super::session::Session;
use super::words::{RoleWord, Switch, person, word};
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Member {
    /// List the workspace's members
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Add a member
    Add(Add),
    /// Edit a member; options not given stay unchanged
    Edit(Edit),
    /// Remove a member who is disconnected and has no upcoming interviews
    Remove {
        /// Who: email, name or ID
        member: String,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Show or set when somebody works, and how many interviews they should have
    Hours(Hours),
    /// Link a Unix user of the daemon's machine to a member
    Link(Link),
    /// Remove such a link
    Unlink(Unlink),
    /// Calendars that others keep of a member: when they are busy elsewhere
    #[command(subcommand)]
    Busy(Busy),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Their email
    #[arg(long)]
    email: String,
    /// Their name
    #[arg(long)]
    name: String,
    /// Their Zoom email, if different
    #[arg(long, value_name = "EMAIL")]
    zoom_email: Option<String>,
    /// Their IANA time zone [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// Their roles; repeatable [default: interviewer]
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<RoleWord>,
    /// A job they hire for; repeatable
    #[arg(long = "hiring-job", value_name = "JOB")]
    hiring_jobs: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Who: email, name or ID
    member: String,
    /// Their name
    #[arg(long)]
    name: Option<String>,
    /// Their email
    #[arg(long)]
    email: Option<String>,
    /// Their Zoom email; empty: the same as their email
    #[arg(long, value_name = "EMAIL")]
    zoom_email: Option<String>,
    /// Their IANA time zone
    #[arg(long)]
    zone: Option<String>,
    /// All of their roles; repeatable
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<RoleWord>,
    /// All of the jobs they hire for; repeatable
    #[arg(long = "hiring-job", value_name = "JOB")]
    hiring_jobs: Vec<String>,
    /// Whether colleagues may host on their Zoom
    #[arg(long)]
    shared: Option<Switch>,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Link {
    /// Who: email, name or ID
    member: String,
    #[command(flatten)]
    user: UnixUser,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct UnixUser {
    /// The Unix user's name on the daemon's machine
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The Unix user's number (`id -u NAME`)
    #[arg(long, value_name = "N")]
    uid: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Unlink {
    /// Who: email, name or ID
    member: String,
    /// Only if this Unix user is linked, by name
    #[arg(long, value_name = "NAME", conflicts_with = "uid")]
    user: Option<String>,
    /// The same, by number
    #[arg(long, value_name = "N")]
    uid: Option<u32>,
}

impl Member {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let member = match self {
            Self::List { paging } => {
                let page = paging.part(session.client().await?.member_list().await?)?;
                return session.output.list(&page, table);
            }
            Self::Hours(hours) => return hours.run(session).await,
            Self::Add(add) => session.client().await?.member_add(add.into()).await?,
            Self::Edit(edit) => session.client().await?.member_edit(edit.into()).await?,
            Self::Remove { member, dry_run } => remove(session, member, dry_run).await?,
            Self::Link(link) => session.client().await?.member_link(link.into()).await?,
            Self::Unlink(link) => session.client().await?.member_unlink(link.into()).await?,
            Self::Busy(busy) => return busy.run(session).await,
        };
        session.output.record(&member, || lines(&member))
    }
}

async fn remove(session: &Session, member: String, dry_run: bool) -> Result<wire::Member, Error> {
    if !dry_run {
        ask::confirm(session, &format!("Remove {member}"))?;
    }
    let client = session.client().await?;
    let removed = client
        .member_remove(Reference {
            dry_run,
            ..Reference::to(member)
        })
        .await?;
    let what = if dry_run {
        "would be removed"
    } else {
        "removed"
    };
    session.output.note(&format!("{} {what}", removed.name));
    Ok(removed)
}

impl From<Add> for MemberAdd {
    fn from(add: Add) -> Self {
        Self {
            name: add.name,
            email: add.email,
            zoom_email: add.zoom_email,
            zone: add.zone,
            roles: add.roles.into_iter().map(Into::into).collect(),
            hiring_jobs: add.hiring_jobs,
        }
    }
}

impl From<Edit> for MemberEdit {
    fn from(edit: Edit) -> Self {
        let roles: Vec<_> = edit.roles.into_iter().map(Into::into).collect();
        Self {
            member: edit.member,
            name: edit.name,
            email: edit.email,
            zoom_email: edit.zoom_email,
            zone: edit.zone,
            roles: Some(roles).filter(|roles| !roles.is_empty()),
            hiring_jobs: Some(edit.hiring_jobs).filter(|jobs| !jobs.is_empty()),
            shared: edit.shared.map(Into::into),
            expected_revision: edit.expected_revision,
        }
    }
}

impl From<Link> for MemberLink {
    fn from(link: Link) -> Self {
        Self {
            member: link.member,
            uid: link.user.uid,
            user: link.user.user,
        }
    }
}

impl From<Unlink> for MemberLink {
    fn from(unlink: Unlink) -> Self {
        Self {
            member: unlink.member,
            uid: unlink.uid,
            user: unlink.user,
        }
    }
}

fn roles(member: &wire::Member) -> String {
    member.roles.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn table(members: &[wire::Member]) -> Table {
    let mut table = Table::new(["", "NAME", "ADDRESS", "ROLES", "ZONE", "ZOOM", "WARNINGS"]);
    for member in members {
        let you = if member.you { "*" } else { "" };
        let (roles, zoom) = (roles(member), word(member.zoom));
        table.row([
            you,
            &member.name,
            &member.email,
            &roles,
            &member.zone,
            &zoom,
            &member.warnings.join("; "),
        ]);
    }
    table
}

fn lines(member: &wire::Member) -> Lines {
    let shared = if member.shared { "yes" } else { "no" };
    let hours = if member.hours_assumed {
        "assumed"
    } else {
        "set"
    };
    Lines::new()
        .line("member", person(&member.name, &member.email))
        .line("roles", roles(member))
        .line("zone", &member.zone)
        .line("hours", hours)
        .maybe("Zoom user", member.zoom_email.as_ref())
        .line("Zoom", word(member.zoom))
        .line("shared", shared)
        .each("warnings", member.warnings.iter().cloned())
        .maybe("Unix user", member.unix_uid.map(|uid| uid.to_string()))
        .line("id", member.id.to_string())
}
