//! Checks of the caller's workspace, its people and their accounts.

use greenroom_protocol::Error;
use greenroom_protocol::status::{Check, CheckResult};
use greenroom_protocol::zoom::ConnectionState;

use super::check;
use crate::access::Caller;
use crate::feeds::{self, TroubleOf};
use crate::interviews::check::known;
use crate::pipeline::retention::announced;
use crate::services::Services;
use crate::workspace::{self, ChangedEmail, changed_email};
use crate::zoom::{TERMS, WORDS};

/// Calendars that are named one by one; the rest is in `member busy list`.
const MOST_CALENDARS: usize = 20;

/// Who is to be erased because they were rejected long ago.
pub(super) async fn retention(
    services: &Services,
    caller: &Caller,
) -> Result<Option<Check>, Error> {
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

/// Who was linked on another machine and is nobody here, in a restored store; `None` where everyone
/// is linked.
pub(super) fn links(services: &Services, caller: &Caller) -> Option<Check> {
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

/// Where the assistant is paused.
pub(super) fn assistant(services: &Services, caller: &Caller) -> Vec<Check> {
    let Some(workspace) = caller.workspace else {
        return Vec::new();
    };
    let paused = workspace::paused(services, workspace, |_| true).into_iter();
    let checks = paused.map(|it| {
        let (place, hint) = match &it.job {
            None => (
                "the assistant is paused".to_owned(),
                "turn it on: greenroom workspace edit --assistant on",
            ),
            Some(job) => (
                format!("the assistant is paused for {job}"),
                "turn it on: greenroom job edit JOB --assistant on",
            ),
        };
        let by = it.switch.by.map(|by| format!(" by {by}"));
        let why = it.switch.why.map(|why| format!(": {why}"));
        let message = format!(
            "{place}{}{}; it sends nothing and answers nothing",
            by.unwrap_or_default(),
            why.unwrap_or_default()
        );
        check("assistant", CheckResult::Warning, message, Some(hint))
    });
    checks.collect()
}

/// Calendars that others keep of members and that cannot be relied on.
pub(super) fn calendars(services: &Services, caller: &Caller) -> Vec<Check> {
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

pub(super) fn zoom_address(services: &Services) -> Check {
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

pub(super) fn app(services: &Services, caller: &Caller) -> Check {
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

pub(super) async fn connections(services: &Services, caller: &Caller) -> Result<Vec<Check>, Error> {
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
pub(super) async fn meetings(services: &Services, caller: &Caller) -> Result<Option<Check>, Error> {
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
