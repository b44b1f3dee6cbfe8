//! What is wrong with the daemon so that an admin is needed: for `status`, `doctor`, monitors and
//! the email to admins.
//!
//! Invariant: what is read here is read where it happens, so that no two places say different
//! things.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::status::{Problem, ProblemKind};
use greenroom_protocol::time::Instant;
use tokio::sync::watch;

use super::served::Served;
use super::shutdown::Shutdown;
use crate::backup::Backups;
use crate::failpoint::{Point, fails_at};
use crate::feeds::{self, TroubleOf};
use crate::services::Services;
use crate::store::{Store, StoreError};
use crate::work::rounds::Round;
use crate::workspace::accounts::standing_of_workspace;
use crate::workspace::{Standing, note};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(20);

/// A mailbox is unread for so long before admins are emailed: servers restart, and networks fail
/// for a while.
const MAILBOX_MINUTES: i64 = 15;

/// Calendars are not read for so long before admins are emailed: whose they are can see to it, too,
/// and many mend on their own.
const CALENDARS_MINUTES: i64 = 24 * 60;

/// Less free than this many times what writing needs is a problem: there is still room to say so.
const LOW: u64 = 4;

/// More than this many times is none any more.
const ENOUGH: u64 = 8;

/// How long a daemon that cannot write stays to say so, and to answer what can be read.
const FAREWELL: Duration = Duration::from_secs(10);

/// What is wrong now, with the mailbox of `workspace`. `whole`: with the words of what failed, for those who belong here.
pub(super) async fn problems(
    services: &Services,
    backups: &Backups,
    workspace: Option<WorkspaceId>,
    whole: bool,
) -> Result<Vec<Problem>, StoreError> {
    let mut problems = Vec::new();
    for kind in ProblemKind::ALL {
        let Standing::Wrong(problem) = standing(services, backups, workspace, *kind).await? else {
            continue;
        };
        let detail = problem.detail.filter(|_| whole);
        problems.push(Problem { detail, ..problem });
    }
    Ok(problems)
}

/// How one thing is now.
async fn standing(
    services: &Services,
    backups: &Backups,
    workspace: Option<WorkspaceId>,
    kind: ProblemKind,
) -> Result<Standing, StoreError> {
    let account = match kind {
        ProblemKind::GoogleAccount => AccountProvider::Google,
        ProblemKind::MicrosoftAccount => AccountProvider::Microsoft,
        ProblemKind::Calendars => return Ok(calendars(services, workspace)),
        _ => return Ok(of_the_machine(services, backups, workspace, kind)),
    };
    match workspace {
        Some(workspace) => standing_of_workspace(services, workspace, account).await,
        None => Ok(Standing::Unknown),
    }
}

/// What is known without the store.
pub(super) fn of_the_machine(
    services: &Services,
    backups: &Backups,
    workspace: Option<WorkspaceId>,
    kind: ProblemKind,
) -> Standing {
    let now = services.clock.now();
    let wrong = |since, detail: String| Standing::Wrong(kind.problem(since, Some(detail)));
    match kind {
        ProblemKind::Damage => match services.store.damage() {
            Some(damage) => wrong(None, damage.to_string()),
            None => Standing::Works(now),
        },
        ProblemKind::Writing => match services.store.failure() {
            Some(cause) => wrong(None, cause.to_string()),
            None => Standing::Unknown,
        },
        ProblemKind::Disk => match services.store.space() {
            Some((free, needed)) => disk(free, needed, now),
            None => Standing::Unknown,
        },
        ProblemKind::Mailbox => match services.mail.of_any(workspace).reading() {
            Some((since, Err(why))) => wrong(Some(since), why),
            Some((since, Ok(()))) => Standing::Works(since),
            None => Standing::Unknown,
        },
        ProblemKind::GoogleAccount | ProblemKind::MicrosoftAccount | ProblemKind::Calendars => {
            Standing::Unknown
        }
        ProblemKind::Backup => {
            let status = backups.status();
            match (status.problem, status.last) {
                (Some(why), _) => wrong(None, why),
                (None, Some(last)) => Standing::Works(last),
                (None, None) => Standing::Unknown,
            }
        }
    }
}

/// Whether a workspace's calendars of others can be read.
fn calendars(services: &Services, workspace: Option<WorkspaceId>) -> Standing {
    let Some(workspace) = workspace else {
        return Standing::Unknown;
    };
    let troubles = feeds::troubles(services, workspace);
    let Some(first) = troubles.first() else {
        return Standing::Works(services.clock.now());
    };
    // Every member reads this, and what somebody calls a calendar is theirs.
    let detail = match &first.of {
        TroubleOf::One { member, .. } => format!("a calendar of {}: {}", member.name, first.why),
        TroubleOf::Many { provider, members } => {
            format!(
                "{} calendars of {members} members: {}",
                provider.name(),
                first.why
            )
        }
    };
    let detail = match troubles.len() {
        1 => detail,
        count => format!("{detail}; and {} more", count - 1),
    };
    Standing::Wrong(ProblemKind::Calendars.problem(Some(first.since), Some(detail)))
}

/// How full the disk is. Between the two bounds it stays what it was. Pure.
fn disk(free: u64, needed: u64, now: Instant) -> Standing {
    if free < LOW * needed {
        let (free, needed) = (free >> 20, needed >> 20);
        let why = format!("{free} MiB are free; with less than {needed} MiB nothing can be saved");
        return Standing::Wrong(ProblemKind::Disk.problem(None, Some(why)));
    }
    match free > ENOUGH * needed {
        true => Standing::Works(now),
        false => Standing::Unknown,
    }
}

/// Emails admins when something begins and when it is over.
pub struct ProblemRound {
    /// What may be wrong.
    pub served: Served,
    /// Where a former life noted that it could not write.
    pub marker: PathBuf,
}

impl Round for ProblemRound {
    fn name(&self) -> &'static str {
        "problems"
    }

    fn go(&self) -> BoxFuture<'_, Duration> {
        Box::pin(async {
            if self.served.services.index.ready().await.is_ok()
                && let Err(error) = look(&self.served, &self.marker).await
            {
                tracing::warn!(%error, "what is wrong could not be noted for the admins");
            }
            EVERY
        })
    }
}

/// For how many minutes something stands before admins are emailed.
fn minutes(kind: ProblemKind) -> i64 {
    match kind {
        ProblemKind::Mailbox => MAILBOX_MINUTES,
        ProblemKind::Calendars => CALENDARS_MINUTES,
        _ => 0,
    }
}

/// Looks once. Also for tests.
pub async fn look(served: &Served, marker: &Path) -> Result<(), StoreError> {
    let (services, backups) = (&served.services, &served.backups);
    former_failure(services, marker).await?;
    for workspace in services.index.workspaces() {
        for kind in ProblemKind::ALL {
            let standing = standing(services, backups, Some(workspace.id), *kind).await?;
            let early = match &standing {
                Standing::Wrong(problem) => {
                    let now = services.clock.now();
                    let long = |since: Instant| since.plus_minutes(minutes(*kind)) <= now;
                    minutes(*kind) > 0 && !problem.since.is_some_and(long)
                }
                _ => false,
            };
            if !early {
                note(services, workspace.id, *kind, &standing).await?;
            }
        }
    }
    Ok(())
}

/// A life that could not write could not email either: the next one does both, as it writes again.
async fn former_failure(services: &Services, marker: &Path) -> Result<(), StoreError> {
    let Ok(why) = std::fs::read_to_string(marker) else {
        return Ok(());
    };
    let kind = ProblemKind::Writing;
    let problem = kind.problem(None, Some(why.lines().collect()));
    let wrong = Standing::Wrong(problem);
    let workspaces = services.index.workspaces();
    for workspace in &workspaces {
        note(services, workspace.id, kind, &wrong).await?;
    }
    // The commits that noted it are what shows that writing works again.
    let works = Standing::Works(services.clock.now().plus_seconds(1));
    for workspace in &workspaces {
        note(services, workspace.id, kind, &works).await?;
    }
    if let Err(error) = std::fs::remove_file(marker) {
        tracing::warn!(%error, "the note of a former failure could not be removed");
    }
    Ok(())
}

/// Ends a daemon whose store takes no more writes: a new one opens the store again, and that is the
/// only cure there is.
pub async fn leave_when_writing_fails(store: Store, marker: PathBuf, stop: Shutdown) {
    let Some(mut failed) = store.watch_failure() else {
        return stop.begun().await;
    };
    let cause = tokio::select! {
        cause = wait_for_failure(&mut failed) => cause,
        () = stop.begun() => return,
    };
    let Some(cause) = cause else {
        return stop.begun().await;
    };
    tracing::error!(%cause, "changes can't be saved: the daemon ends, to be started again");
    if let Err(error) = std::fs::write(&marker, cause.as_bytes()) {
        tracing::warn!(%error, "the failure could not be noted for the next start");
    }
    let farewell = async {
        tokio::time::sleep(FAREWELL).await;
        // A test that asks at its leisure stops it then.
        if fails_at(Point::FarewellOver, |_| true) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = farewell => stop.begin(),
        () = stop.begun() => {}
    }
}

async fn wait_for_failure(failed: &mut watch::Receiver<Option<Arc<str>>>) -> Option<Arc<str>> {
    let found = failed.wait_for(Option::is_some).await.ok()?;
    found.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case R8: said while there is still room to say it, and not again and again at the bound.
    #[test]
    fn a_disk_is_almost_full_before_it_is_full() {
        let now = Instant::from_second(0);
        let needed = 64 << 20;
        let Standing::Wrong(problem) = disk(200 << 20, needed, now) else {
            panic!("200 MiB are little")
        };
        assert_eq!(problem.code, "disk");
        assert!(problem.detail.expect("why").contains("200 MiB are free"));
        assert_eq!(disk(400 << 20, needed, now), Standing::Unknown);
        assert_eq!(disk(600 << 20, needed, now), Standing::Works(now));
        assert!(matches!(disk(0, needed, now), Standing::Wrong(_)));
    }
}
