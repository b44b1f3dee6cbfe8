//! Checks of the machine: where the data and its keys are, what waits, what ended.

use greenroom_protocol::Error;
use greenroom_protocol::status::{Check, CheckResult, ProblemKind};

use super::check;
use crate::access::Caller;
use crate::backup::Backups;
use crate::directories::{OpenDirectory, judge};
use crate::failure::RESTORE;
use crate::rpc::problems::of_the_machine;
use crate::rpc::served::Served;
use crate::secrets::Exposure;
use crate::services::Services;
use crate::workspace::Standing;
use crate::zoom::WORDS;

pub(super) fn store(services: &Services, backups: &Backups) -> Check {
    if let Some(damage) = services.store.damage() {
        let message = format!("the data is damaged ({damage}); nothing is served from it");
        return check("store", CheckResult::Wrong, message, Some(RESTORE));
    }
    let stored = [ProblemKind::Writing, ProblemKind::Disk].into_iter();
    let mut stored = stored.map(|kind| of_the_machine(services, backups, None, kind));
    let wrong = stored.find_map(|standing| match standing {
        Standing::Wrong(problem) => Some(problem),
        Standing::Works(_) | Standing::Unknown => None,
    });
    if let Some(problem) = wrong {
        let detail = problem.detail.map(|detail| format!(": {detail}"));
        let message = format!("{}{}", problem.message, detail.unwrap_or_default());
        return check("store", CheckResult::Wrong, message, Some(&problem.hint));
    }
    let (id, revision) = (services.store.store_id(), services.store.revision());
    check(
        "store",
        CheckResult::Ok,
        format!("sled, store {id}, revision {revision}"),
        None,
    )
}

pub(super) fn index(services: &Services) -> Check {
    let unreadable = services.index.unreadable();
    match &unreadable[..] {
        [] => check("records", CheckResult::Ok, "every record can be read", None),
        some => {
            let message = format!(
                "{} records cannot be read, the first is {}",
                some.len(),
                some[0]
            );
            let hint = "update greenroomd, or restore a backup; the records are left as they are";
            check("records", CheckResult::Wrong, message, Some(hint))
        }
    }
}

/// Where the vault's key came from, who else may touch it, and what it did not open.
pub(super) async fn key(services: &Services) -> Check {
    let vault = services.zoom.grants().vault();
    let source = vault.source().clone();
    let exposure = look(move || source.exposure()).await;
    let unread = vault.unread_places();
    match (vault.source(), vault.unopened(), exposure) {
        (_, [], _) if unread > 0 => {
            let message = format!(
                "{unread} places of the file vault-ring cannot be read; no secret needs them, and they are kept as they are"
            );
            let hint = "a loss of power can leave one; if there was none, check the disk and take a backup now";
            check("vault key", CheckResult::Warning, message, Some(hint))
        }
        (source, [], None) => check("vault key", CheckResult::Ok, source.to_string(), None),
        (_, [], Some(exposure)) => exposed("vault key", &exposure),
        (source, unopened, _) => {
            let mut message = format!("{} secrets do not open with {source}", unopened.len());
            if unread > 0 {
                message += &format!(
                    "; {unread} places of the file vault-ring cannot be read, and are kept as they are"
                );
            }
            let hint = "restore the key and the data directory as they were, or connect and set these anew";
            check("vault key", CheckResult::Wrong, message, Some(hint))
        }
    }
}

/// Who else may touch the default app's secret, where it is in a file.
pub(super) async fn client_secret(services: &Services) -> Option<Check> {
    let source = services.config.zoom.client_secret();
    let exposure = look(move || source.exposure()).await?;
    Some(exposed("client secret", &exposure))
}

fn exposed(name: &str, exposure: &Exposure) -> Check {
    let message = exposure.to_string();
    check(
        name,
        CheckResult::Warning,
        message,
        Some(&exposure.remedy()),
    )
}

/// Looks at files off the runtime.
async fn look(at: impl FnOnce() -> Option<Exposure> + Send + 'static) -> Option<Exposure> {
    tokio::task::spawn_blocking(at).await.ok().flatten()
}

/// Known once Zoom has answered anything since the start.
pub(super) fn clock(services: &Services) -> Option<Check> {
    let skew = services.zoom.grants().skew()?;
    let message = format!("this machine's clock is {}", skew.from(WORDS.name));
    Some(match skew.matters() {
        false => check("clock", CheckResult::Ok, message, None),
        true => {
            let hint = "set it, or let the system do so: `timedatectl set-ntp true`";
            check("clock", CheckResult::Wrong, message, Some(hint))
        }
    })
}

pub(super) fn work(services: &Services, caller: &Caller) -> Check {
    let waiting = caller
        .workspace
        .map(|id| services.queue.waiting(&id.to_string()))
        .unwrap_or_default();
    let stuck: Vec<_> = waiting
        .iter()
        .filter(|work| work.last_error.is_some())
        .collect();
    match stuck.first() {
        None => check(
            "work",
            CheckResult::Ok,
            format!("{} pieces waiting", waiting.len()),
            None,
        ),
        Some(first) => {
            let why = first.last_error.clone().unwrap_or_default();
            let message = format!(
                "{} pieces could not be done yet; {}: {why}",
                stuck.len(),
                first.record
            );
            check(
                "work",
                CheckResult::Warning,
                message,
                Some("they are retried automatically; see `greenroom status`"),
            )
        }
    }
}

/// A loop that ended though the daemon went on, in the last day.
pub(super) fn loops(served: &Served) -> Option<Check> {
    let (at, ended) = served.lives.last()?;
    let a_day_ago = served.services.clock.now().plus_minutes(-24 * 60);
    (at > a_day_ago).then(|| {
        let message = format!(
            "the daemon restarted itself at {at} because its loop \"{}\" ended: {}",
            ended.name, ended.why
        );
        let hint = "nothing was lost; the log has the details, which belong in a bug report";
        check("loops", CheckResult::Warning, message, Some(hint))
    })
}

/// Directories the daemon did not make are left as they are, so people hear of those that are open.
pub(super) async fn directories(served: &Served) -> Vec<Check> {
    let paths = served.directories();
    let judge =
        move || -> Vec<OpenDirectory> { paths.iter().filter_map(|path| judge(path)).collect() };
    let open = tokio::task::spawn_blocking(judge).await.unwrap_or_default();
    let warn = |open: OpenDirectory| {
        let hint = open.remedy();
        check(
            "directory",
            CheckResult::Warning,
            open.to_string(),
            Some(&hint),
        )
    };
    open.into_iter().map(warn).collect()
}

/// What a restore set aside is kept until somebody removes it, and everybody who was erased since
/// is still in there.
pub(super) async fn set_aside(backups: &Backups) -> Result<Option<Check>, Error> {
    let aside = backups.set_aside().await?;
    let Some(oldest) = aside.first() else {
        return Ok(None);
    };
    let message = format!(
        "{} set aside by restores, the oldest in {}",
        aside.len(),
        oldest.display()
    );
    let hint =
        "remove them when you no longer need them: nothing that is erased here is erased there";
    let found = check("former stores", CheckResult::Warning, message, Some(hint));
    Ok(Some(found))
}

/// A night that was left out is worth knowing: two days without a backup.
const OLD_HOURS: i64 = 48;

pub(super) fn backup(services: &Services, backups: &Backups) -> Check {
    let status = backups.status();
    let found = |result, message: String, hint| check("backup", result, message, hint);
    if status.keep == 0 {
        let hint = "set backup_keep in [store], or take backups yourself: greenroom backup FILE";
        let message = "the daemon makes none".to_owned();
        return found(CheckResult::Warning, message, Some(hint));
    }
    if let Some(problem) = status.problem {
        let hint = "see the daemon's log; it is tried again every hour";
        let message = format!("the last one failed: {problem}");
        return found(CheckResult::Wrong, message, Some(hint));
    }
    let Some(last) = status.last else {
        let message = "none was made yet".to_owned();
        return found(CheckResult::Ok, message, None);
    };
    let hours = services.clock.now().since(last).as_hours();
    let message = format!("made {hours} h ago, in {}", status.directory);
    match hours > OLD_HOURS {
        true => found(
            CheckResult::Warning,
            message,
            Some("the daemon did not run at night, or could not; see its log"),
        ),
        false => found(CheckResult::Ok, message, None),
    }
}
