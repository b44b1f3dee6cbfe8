//! Every check, each with what to do.

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::MailSource;
use greenroom_protocol::status::{Check, CheckResult, ProblemKind};
use greenroom_protocol::zoom::ConnectionState;

use super::accounts;
use super::admission::Admitted;
use super::problems::of_the_machine;
use super::served::Served;
use crate::access::Caller;
use crate::backup::Backups;
use crate::directories::{OpenDirectory, judge};
use crate::failure::RESTORE;
use crate::feeds::{self, TroubleOf};
use crate::interviews::check::known;
use crate::mail::inbound::crashes;
use crate::outbox;
use crate::pipeline::retention::announced;
use crate::secrets::Exposure;
use crate::services::Services;
use crate::templates;
use crate::workspace::{self, ChangedEmail, Standing, changed_email};
use crate::zoom::{TERMS, WORDS};

/// Calendars that are named one by one; the rest is in `member busy list`.
const MOST_CALENDARS: usize = 20;

/// Looks at everything; where the data is damaged, at what can be looked at without it.
pub(super) async fn doctor(services: &Services, call: &Admitted<'_>) -> Result<Vec<Check>, Error> {
    let (caller, backups) = (&call.caller, call.backups());
    if services.store.damage().is_some() {
        let mut checks = vec![
            store(services, backups),
            key(services).await,
            backup(services, backups),
        ];
        checks.extend(set_aside(backups).await?);
        return Ok(checks);
    }
    let mut checks = vec![
        store(services, backups),
        index(services),
        key(services).await,
    ];
    checks.extend(client_secret(services).await);
    checks.push(zoom_address(services));
    checks.extend(clock(services));
    checks.push(app(services, caller));
    checks.extend(connections(services, caller).await?);
    checks.extend(accounts::checks(services, caller).await?);
    checks.extend(calendars(services, caller));
    checks.extend(meetings(services, caller).await?);
    checks.extend(links(services, caller));
    checks.extend(retention(services, caller).await?);
    checks.push(work(services, caller));
    checks.extend(loops(&call.connected.served));
    checks.push(backup(services, backups));
    checks.extend(directories(&call.connected.served).await);
    checks.extend(set_aside(backups).await?);
    checks.push(mail(services, caller).await);
    checks.extend(words(services, caller).await?);
    checks.push(answers(services, caller).await);
    checks.extend(skipped(services, caller).await?);
    Ok(checks)
}

pub(super) fn check(
    name: &str,
    result: CheckResult,
    message: impl Into<String>,
    hint: Option<&str>,
) -> Check {
    Check {
        name: name.to_owned(),
        result,
        message: message.into(),
        hint: hint.map(str::to_owned),
    }
}

fn store(services: &Services, backups: &Backups) -> Check {
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

/// Who is to be erased because they were rejected long ago.
async fn retention(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
    let Some(workspace) = caller.workspace else {
        return Ok(None);
    };
    let announced = announced(&services.store, &workspace.to_string()).await?;
    Ok(announced.map(|(count, first)| {
        let who = match count {
            1 => "1 rejected candidate".to_owned(),
            count => format!("{count} rejected candidates"),
        };
        let message = format!("{who} will be erased, the first after {first}");
        let hint = "to see who: greenroom workspace retention";
        check("retention", CheckResult::Ok, message, Some(hint))
    }))
}

fn index(services: &Services) -> Check {
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

/// Who was linked on another machine and is nobody here, in a restored store; `None` where everyone
/// is linked.
fn links(services: &Services, caller: &Caller) -> Option<Check> {
    let elsewhere = workspace::linked_elsewhere(services, caller.workspace?);
    if elsewhere.is_empty() {
        return None;
    }
    let who = elsewhere.join(", ");
    let message = format!("linked on another machine, and not on this one: {who}");
    let hint = "link each with `greenroom member link EMAIL --user NAME`; if this machine has the same Unix users, `greenroom restore FILE --same-people` links all";
    Some(check(
        "Unix users",
        CheckResult::Warning,
        message,
        Some(hint),
    ))
}

/// The emails of the caller's workspace that could not be handed over.
fn kept_waiting(services: &Services, caller: &Caller) -> usize {
    let Some(workspace) = caller.workspace else {
        return 0;
    };
    let work = services.queue.waiting(&workspace.to_string()).into_iter();
    work.filter(|it| it.kind == outbox::KIND && it.last_error.is_some())
        .count()
}

/// Logs in where mail leaves, and goes away again.
async fn mail(services: &Services, caller: &Caller) -> Check {
    let route = services.mail.of_any(caller.workspace);
    let note = route.note();
    if let Err(why) = route.check().await {
        let usual = match route.settings().source {
            MailSource::Workspace => {
                "correct it with greenroom mail setup; what waits is kept and sent when it works"
            }
            MailSource::Configuration | MailSource::Nobody => {
                "see [mail.smtp] of the configuration; what waits is kept and sent when it works"
            }
        };
        let hint = why.hint().unwrap_or_else(|| usual.to_owned());
        let hint = match kept_waiting(services, caller) {
            0 => hint,
            1 => format!("{hint}; 1 email waits for it"),
            many => format!("{hint}; {many} emails wait for it"),
        };
        return check("mail", CheckResult::Wrong, why.message(), Some(&hint));
    }
    match (route.delivers(), route.warning()) {
        (true, _) => check("mail", CheckResult::Ok, note, None),
        (false, None) => check("mail", CheckResult::Warning, note, None),
        (false, Some(_)) => {
            let hint = "run greenroom mail setup";
            check("mail", CheckResult::Warning, note, Some(hint))
        }
    }
}

/// Calendars that others keep of members and that cannot be relied on.
fn calendars(services: &Services, caller: &Caller) -> Vec<Check> {
    let Some(workspace) = caller.workspace else {
        return Vec::new();
    };
    let troubles = feeds::troubles(services, workspace).into_iter();
    let checks = troubles.map(|it| {
        let message = match &it.of {
            TroubleOf::One { member, name } => {
                format!("{}'s calendar `{name}`: {}", member.name, it.why)
            }
            TroubleOf::Many { provider, members } => {
                format!(
                    "{} calendars of {members} members: {}",
                    provider.name(),
                    it.why
                )
            }
        };
        check("calendars", CheckResult::Warning, message, Some(&it.hint))
    });
    checks.take(MOST_CALENDARS).collect()
}

/// Stored words of emails that are not used; `None` where all are.
async fn words(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
    if caller.workspace.is_none() {
        return Ok(None);
    }
    let flawed = templates::flawed(services, &caller.context("doctor")?).await?;
    let Some(first) = flawed.first() else {
        return Ok(None);
    };
    let stage = first.stage.map(|stage| format!(" of stage {stage}"));
    let message = format!(
        "the built-in words are used in place of {} templates; {}{}: {}",
        flawed.len(),
        first.name,
        stage.unwrap_or_default(),
        first.why
    );
    let hint = "correct them with `greenroom template edit NAME`, or give them up with `--reset`";
    Ok(Some(check(
        "templates",
        CheckResult::Warning,
        message,
        Some(hint),
    )))
}

/// Where the vault's key came from, who else may touch it, and what it did not open.
async fn key(services: &Services) -> Check {
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

/// Logs in where answers are read, and goes away again.
async fn answers(services: &Services, caller: &Caller) -> Check {
    let route = services.mail.of_any(caller.workspace);
    let (why, hint) = match route.check_answers().await {
        Ok(()) => (route.answers_error(), None),
        Err(why) => (Some(why.message()), why.hint()),
    };
    match why {
        None => check("answers", CheckResult::Ok, route.answers(), None),
        Some(why) => {
            let usual = match route.settings().source {
                MailSource::Workspace => {
                    "correct it with greenroom mail setup; nothing in the mailbox is lost meanwhile"
                }
                MailSource::Configuration | MailSource::Nobody => {
                    "see [mail.imap] of the configuration; nothing in the mailbox is lost meanwhile"
                }
            };
            let hint = hint.unwrap_or_else(|| usual.to_owned());
            check("answers", CheckResult::Wrong, why, Some(&hint))
        }
    }
}

/// Emails that came in and could not be read.
async fn skipped(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
    let skipped = crashes::skipped(&services.store, caller.workspace, services.clock.now()).await?;
    let Some(newest) = skipped.first() else {
        return Ok(None);
    };
    let others = match skipped.len() - 1 {
        0 => String::new(),
        more => format!(" ({more} more: greenroom status --json)"),
    };
    let message = format!("skipped {}: {}{others}", newest.email, newest.why);
    let hint =
        "open that email in a mail program to see whether it matters; this is shown for 14 days";
    Ok(Some(check(
        "skipped email",
        CheckResult::Warning,
        message,
        Some(hint),
    )))
}

/// Who else may touch the default app's secret, where it is in a file.
async fn client_secret(services: &Services) -> Option<Check> {
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

fn zoom_address(services: &Services) -> Check {
    match services.zoom.sandbox() {
        None => check("zoom", CheckResult::Ok, "the real Zoom", None),
        Some(address) => {
            let hint = "remove oauth_url and api_url from [zoom] to use the real Zoom";
            check(
                "zoom",
                CheckResult::Warning,
                format!("SANDBOX: {address} stands in for Zoom"),
                Some(hint),
            )
        }
    }
}

/// Known once Zoom has answered anything since the start.
fn clock(services: &Services) -> Option<Check> {
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

fn app(services: &Services, caller: &Caller) -> Check {
    let workspace = caller.workspace.and_then(|id| services.index.workspace(id));
    let Some(workspace) = workspace else {
        return check(
            "workspace",
            CheckResult::Warning,
            "there is none yet",
            Some("run `greenroom setup`"),
        );
    };
    let own = workspace.record.zoom_client_id.is_some();
    if own || !services.config.zoom.client_id.is_empty() {
        let whose = if own {
            "the workspace's own"
        } else {
            "the daemon's default"
        };
        return check("zoom app", CheckResult::Ok, whose, None);
    }
    let hint = "create one at marketplace.zoom.us and set it: `greenroom workspace edit --zoom-client-id ID`";
    check(
        "zoom app",
        CheckResult::Wrong,
        "no client id is set, so nobody can connect",
        Some(hint),
    )
}

async fn connections(services: &Services, caller: &Caller) -> Result<Vec<Check>, Error> {
    let Some(workspace) = caller.workspace else {
        return Ok(Vec::new());
    };
    let now = services.clock.now();
    let mut checks = Vec::new();
    for (owner, (record, _)) in services.zoom.grants().statuses(workspace).await? {
        let Some(member) = owner.member() else {
            continue;
        };
        let Some(row) = services.index.member(workspace, member) else {
            continue;
        };
        let name = format!("zoom of {}", row.record.name);
        let why = record
            .reason(&TERMS)
            .map(|reason| reason.text(&WORDS))
            .unwrap_or_default();
        checks.push(match record.state(now) {
            ConnectionState::Connected => match changed_email(services, workspace, member, &record)
            {
                None => check(&name, CheckResult::Ok, "connected", None),
                Some(email) => {
                    let message = format!("connected; {}", email.0);
                    check(
                        &name,
                        CheckResult::Warning,
                        message,
                        Some(ChangedEmail::HINT),
                    )
                }
            },
            ConnectionState::Retrying => check(
                &name,
                CheckResult::Warning,
                format!("retrying: {why}"),
                None,
            ),
            ConnectionState::ReconnectRequired => {
                let hint = record.hint(&TERMS);
                check(
                    &name,
                    CheckResult::Wrong,
                    format!("must be reconnected: {why}"),
                    hint.as_deref(),
                )
            }
            ConnectionState::PreApprovalRequested => {
                let hint = record.hint(&TERMS);
                check(&name, CheckResult::Warning, why, hint.as_deref())
            }
            _ => continue,
        });
    }
    if checks.is_empty() {
        let hint = "connect with `greenroom zoom connect`, or enter links manually";
        checks.push(check(
            "connections",
            CheckResult::Warning,
            "nobody has connected Zoom",
            Some(hint),
        ));
    }
    Ok(checks)
}

/// How the upcoming meetings compare with Zoom, as far as that is known.
async fn meetings(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
    let Some(workspace) = caller.workspace else {
        return Ok(None);
    };
    let report = known(services, workspace).await?;
    let differ = report.interviews.len() + report.orphans.len();
    let found = |result, message: String| {
        let hint = "see which: greenroom interview check";
        let hint = (result != CheckResult::Ok).then_some(hint);
        Some(check("zoom check", result, message, hint))
    };
    let open = match (
        &report.unchecked[..],
        report.hosts.iter().find(|it| it.reason.is_some()),
    ) {
        ([first, ..], _) => Some(format!(
            "{} upcoming meetings not checked, the first: {}",
            report.unchecked.len(),
            first.reason
        )),
        ([], Some(host)) => {
            let why = host.reason.as_deref().unwrap_or_default();
            Some(format!("{}: {why}", host.host.name))
        }
        ([], None) => None,
    };
    Ok(match (differ, open) {
        (0, None) if report.hosts.is_empty() => None,
        (0, None) => found(
            CheckResult::Ok,
            "every upcoming meeting is as booked".into(),
        ),
        (0, Some(open)) => found(CheckResult::Warning, open),
        (differ, None) => found(CheckResult::Warning, format!("{differ} out of sync")),
        (differ, Some(open)) => found(
            CheckResult::Warning,
            format!("{differ} out of sync; {open}"),
        ),
    })
}

fn work(services: &Services, caller: &Caller) -> Check {
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
fn loops(served: &Served) -> Option<Check> {
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
async fn directories(served: &Served) -> Vec<Check> {
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
async fn set_aside(backups: &Backups) -> Result<Option<Check>, Error> {
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

fn backup(services: &Services, backups: &Backups) -> Check {
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
