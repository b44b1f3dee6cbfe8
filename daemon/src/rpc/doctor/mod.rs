//! Every check, each with what to do.
//!
//! What is looked at of this machine and the daemon's own data (`machine`), of the workspace and those
//! it works with (`workspace`), and of email in and out (`email`). Must change nothing.

mod email;
mod machine;
mod workspace;

use greenroom_protocol::Error;
use greenroom_protocol::status::{Check, CheckResult};

use super::accounts;
use super::admission::Admitted;
use crate::services::Services;

/// Looks at everything; where the data is damaged, at what can be looked at without it.
pub(super) async fn doctor(services: &Services, call: &Admitted<'_>) -> Result<Vec<Check>, Error> {
    let (caller, backups) = (&call.caller, call.backups());
    if services.store.damage().is_some() {
        let mut checks = vec![
            machine::store(services, backups),
            machine::key(services).await,
            machine::backup(services, backups),
        ];
        checks.extend(machine::set_aside(backups).await?);
        return Ok(checks);
    }
    let mut checks = vec![
        machine::store(services, backups),
        machine::index(services),
        machine::key(services).await,
    ];
    checks.extend(machine::client_secret(services).await);
    checks.push(workspace::zoom_address(services));
    checks.extend(machine::clock(services));
    checks.push(workspace::app(services, caller));
    checks.extend(workspace::connections(services, caller).await?);
    checks.extend(accounts::checks(services, caller).await?);
    checks.extend(workspace::assistant(services, caller));
    checks.extend(workspace::calendars(services, caller));
    checks.extend(workspace::meetings(services, caller).await?);
    checks.extend(workspace::links(services, caller));
    checks.extend(workspace::retention(services, caller).await?);
    checks.push(machine::work(services, caller));
    checks.extend(machine::loops(&call.connected.served));
    checks.push(machine::backup(services, backups));
    checks.extend(machine::directories(&call.connected.served).await);
    checks.extend(machine::set_aside(backups).await?);
    checks.push(email::mail(services, caller).await);
    checks.extend(email::words(services, caller).await?);
    checks.push(email::answers(services, caller).await);
    checks.extend(email::skipped(services, caller).await?);
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
