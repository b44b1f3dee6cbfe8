//! `greenroom status` and `greenroom doctor`.

use greenroom_protocol::assistant_switch::AssistantPaused;
use greenroom_protocol::hello::Caller;
use greenroom_protocol::status::{
    BackupStatus, Check, CheckResult, Problem, RetentionStatus, Status,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::{Error, ErrorKind};
use serde_json::json;

use super::session::Session;
use super::words::{here, person, size, word};
use crate::output::{Failure, Lines, Stop};

/// From this protocol on a daemon says what an admin is needed for.
const TELLS_PROBLEMS: u32 = 2;

pub(crate) async fn status(session: &Session) -> Result<(), Stop> {
    let status = session.client().await?.status().await?;
    session.output.record(&status, || lines(&status, session))
}

fn lines(status: &Status, session: &Session) -> Lines {
    let connections = status.connections;
    let health = format!(
        "{} connected, {} retrying, {} to reconnect, {} waiting for approval, {} not connected",
        connections.connected,
        connections.retrying,
        connections.reconnect_required,
        connections.pre_approval_requested,
        connections.disconnected
    );
    let mine = status.connection.as_ref().map(|mine| {
        let why = mine.reason.as_deref().map(|why| format!(": {why}"));
        format!("{}{}", word(mine.state), why.unwrap_or_default())
    });
    if let Some(damage) = &status.damage {
        return damaged(status, damage, session);
    }
    let index = (!status.ready).then_some("being built; lists and search are waiting for it");
    let sandbox = status.sandbox.as_ref().map(|url| format!("Zoom is {url}"));
    Lines::new()
        .maybe("SANDBOX", sandbox)
        .each("PROBLEM", status.problems.iter().map(problem_words))
        .line("daemon", daemon(status))
        .line("socket", session.target.socket.path.display().to_string())
        .maybe("index", index)
        .line(
            "workspace",
            status
                .workspace
                .as_ref()
                .map_or("none yet: greenroom setup", |w| &w.name),
        )
        .line("you", caller(status.caller.as_ref(), status.operator))
        .each("assistant", status.paused.iter().map(paused))
        .maybe("your Zoom", mine)
        .line("connections", health)
        .line("mail", &status.mail.note)
        .maybe("backup", status.backup.as_ref().map(backup))
        .maybe("retention", status.retention.as_ref().map(retention))
        .each(
            "template",
            status.flawed_templates.iter().map(|it| {
                let stage = it.stage.map(|stage| format!(" of stage {stage}"));
                let stage = stage.unwrap_or_default();
                format!(
                    "{}{stage} is not used, the built-in words are: {}",
                    it.name, it.why
                )
            }),
        )
        .maybe(
            "mail refused",
            (status.mail.refused > 0).then(|| status.mail.refused.to_string()),
        )
        .maybe(
            "mail held",
            (status.mail.held > 0)
                .then(|| format!("{}: see greenroom mail list", status.mail.held)),
        )
        .line("answers", &status.mail.answers)
        .maybe("not read", status.mail.answers_error.as_ref())
        .each(
            "skipped",
            status
                .mail
                .skipped
                .iter()
                .map(|it| format!("{}: {}", it.email, it.why)),
        )
        .line("work waiting", status.work_waiting.to_string())
        .each(
            "",
            status.work.iter().map(|work| {
                let why = work.last_error.as_deref().unwrap_or("not tried yet");
                format!("{} {} at {}: {why}", work.kind, work.record, here(work.due))
            }),
        )
}

/// `paused for Designer since … by Dana Reyes: why`
fn paused(paused: &AssistantPaused) -> String {
    let AssistantPaused { job, switch } = paused;
    let mut words = "paused".to_owned();
    if let Some(job) = job {
        words += &format!(" for {job}");
    }
    if let Some(since) = switch.since {
        words += &format!(" since {}", here(since));
    }
    if let Some(by) = &switch.by {
        words += &format!(" by {by}");
    }
    match &switch.why {
        Some(why) => format!("{words}: {why}"),
        None => words,
    }
}

/// Who is to be erased, and when.
fn retention(retention: &RetentionStatus) -> String {
    let who = match retention.candidates {
        1 => "1 rejected candidate".to_owned(),
        many => format!("{many} rejected candidates"),
    };
    let first = here(retention.first);
    format!("{who} will be erased, the first after {first}: see greenroom workspace retention")
}

/// `status --check`: what an admin is needed for, as an exit code.
pub(crate) async fn check(session: &Session) -> Result<(), Stop> {
    let status = session.client().await?.status().await?;
    if status.protocol < TELLS_PROBLEMS {
        let build = &status.build;
        let error = Error::new(
            ErrorKind::Version,
            format!("The daemon ({build}) is too old to list its problems"),
        );
        return Err(error.hint("restart it: greenroom daemon restart").into());
    }
    let problems = &status.problems;
    if problems.is_empty() {
        let none = || Lines::new().line("ok", "No problems");
        return session.output.record(&json!({ "problems": [] }), none);
    }
    if !session.output.is_json() {
        session
            .output
            .record(problems, || problem_lines(problems))?;
    }
    let error = Error::failed(match problems.len() {
        1 => "1 problem needs an admin".to_owned(),
        several => format!("{several} problems need an admin"),
    })
    .hint("see what to do about each: greenroom doctor");
    Err(Failure::with(error, "problems", problems).into())
}

fn problem_lines(problems: &[Problem]) -> Lines {
    problems.iter().fold(Lines::new(), |lines, problem| {
        lines.line(&problem.code, problem_words(problem))
    })
}

fn problem_words(problem: &Problem) -> String {
    let detail = problem.detail.as_deref().map(|why| format!(": {why}"));
    format!("{}{}", problem.message, detail.unwrap_or_default())
}

/// Nothing else is known while the data is damaged.
fn damaged(status: &Status, damage: &str, session: &Session) -> Lines {
    let backups = status.backup.as_ref().map(|backup| &backup.directory);
    Lines::new()
        .line("daemon", daemon(status))
        .line("socket", session.target.socket.path.display().to_string())
        .line(
            "data",
            format!("damaged ({damage}); nothing is served from it"),
        )
        .line(
            "restore",
            "greenroom restore FILE, as the daemon's user or root",
        )
        .maybe("backups", backups)
}

fn backup(backup: &BackupStatus) -> String {
    let last = match (backup.last, backup.bytes) {
        (Some(last), Some(bytes)) => {
            let hours = Instant::now().since(last).as_hours();
            format!("{} ({hours} h ago), {}", here(last), size(bytes))
        }
        _ if backup.keep == 0 => "none: backup_keep is 0".to_owned(),
        _ => "none yet; one is made every night".to_owned(),
    };
    match &backup.problem {
        Some(problem) => format!("{last}; the last try failed: {problem}"),
        None => last,
    }
}

fn daemon(status: &Status) -> String {
    format!(
        "{} (protocol {}), process {}, since {}",
        status.build,
        status.protocol,
        status.pid,
        here(status.started_at)
    )
}

fn caller(caller: Option<&Caller>, operator: bool) -> String {
    let operator = if operator { "operator" } else { "" };
    let Some(caller) = caller else {
        return match operator {
            "" => "not a member: ask an admin for greenroom member link".to_owned(),
            _ => operator.to_owned(),
        };
    };
    let roles: Vec<String> = caller
        .roles
        .iter()
        .map(word)
        .chain([operator.to_owned()])
        .collect();
    let roles: Vec<String> = roles.into_iter().filter(|role| !role.is_empty()).collect();
    format!(
        "{} ({})",
        person(&caller.member.name, &caller.member.email),
        roles.join(", ")
    )
}

pub(crate) async fn doctor(session: &Session) -> Result<(), Stop> {
    let checks = session.client().await?.doctor().await?;
    let wrong = checks
        .iter()
        .filter(|check| check.result == CheckResult::Wrong)
        .count();
    if wrong > 0 {
        let error = Error::failed(format!("{wrong} of {} checks failed", checks.len()));
        if !session.output.is_json() {
            session.output.record(&checks, || table(&checks))?;
        }
        return Err(Failure::with(error, "checks", &checks).into());
    }
    session
        .output
        .record(&json!({ "checks": checks }), || table(&checks))
}

fn table(checks: &[Check]) -> Lines {
    let mut lines = Lines::new();
    for check in checks {
        let result = match check.result {
            CheckResult::Ok => "ok",
            CheckResult::Warning => "warning",
            CheckResult::Wrong => "WRONG",
        };
        lines = lines.line(result, format!("{}: {}", check.name, check.message));
        lines = lines.maybe("", check.hint.as_ref().map(|hint| format!("→ {hint}")));
    }
    lines
}
