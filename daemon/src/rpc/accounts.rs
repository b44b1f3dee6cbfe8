//! What `status` and `doctor` say of accounts at Google and Microsoft.

use greenroom_protocol::Error;
use greenroom_protocol::account::{Account, AccountListQuery, AccountOwner, AccountProvider};
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::status::{AccountSandbox, Check, CheckResult};
use greenroom_protocol::zoom::ConnectionState;

use super::doctor::check;
use crate::access::Caller;
use crate::services::Services;
use crate::store::StoreError;
use crate::workspace::accounts::list;

/// What stands in for Google or Microsoft.
pub(super) fn sandboxes(services: &Services) -> Vec<AccountSandbox> {
    let sandbox = |provider| {
        let address = services.accounts.sandbox(provider)?;
        Some(AccountSandbox { provider, address })
    };
    AccountProvider::ALL
        .into_iter()
        .filter_map(sandbox)
        .collect()
}

/// How the accounts of a workspace stand, its own with them.
pub(super) async fn states(
    services: &Services,
    workspace: WorkspaceId,
) -> Result<Vec<ConnectionState>, StoreError> {
    let (mut states, now) = (Vec::new(), services.clock.now());
    for provider in AccountProvider::ALL {
        let all = services
            .accounts
            .grants(provider)
            .statuses(workspace)
            .await?;
        states.extend(all.values().map(|(record, _)| record.state(now)));
    }
    Ok(states)
}

/// The accounts at Google and Microsoft: what stands in for the two, the workspace's own first, and
/// how far the clocks are apart.
pub(super) async fn checks(services: &Services, caller: &Caller) -> Result<Vec<Check>, Error> {
    let mut checks = Vec::new();
    for provider in AccountProvider::ALL {
        let (name, word) = (provider.name(), provider.word());
        if let Some(address) = services.accounts.sandbox(provider) {
            let message = format!("SANDBOX: {address} stands in for {name}");
            let hint = format!("remove the addresses from [{word}] to use the real {name}");
            checks.push(check(word, CheckResult::Warning, message, Some(&hint)));
        }
        let skew = services.accounts.grants(provider).skew();
        if let Some(skew) = skew.filter(|skew| skew.matters()) {
            let message = format!("this machine's clock is {}", skew.from(name));
            let hint = "set it, or let the system do so: `timedatectl set-ntp true`";
            checks.push(check("clock", CheckResult::Wrong, message, Some(hint)));
        }
    }
    let Ok(context) = caller.context("doctor") else {
        return Ok(checks);
    };
    let all = list(services, &context, AccountListQuery::default()).await?;
    checks.extend(all.items.iter().filter_map(account));
    Ok(checks)
}

/// One account; `None`: there is nothing to say of it.
fn account(account: &Account) -> Option<Check> {
    let whose = match &account.owner {
        AccountOwner::Workspace => "the workspace",
        AccountOwner::Member(member) => &member.name,
    };
    let name = format!("{} of {whose}", account.provider.word());
    let why = account.reason.as_deref();
    let hint = account.hint.as_deref();
    let said = |before: &str| match why {
        Some(why) => format!("{before}{why}"),
        None => before.trim_end_matches([':', ';', ' ']).to_owned(),
    };
    Some(match account.state {
        ConnectionState::Connected => match why {
            None => check(&name, CheckResult::Ok, "connected", None),
            Some(_) => check(&name, CheckResult::Warning, said("connected; "), hint),
        },
        ConnectionState::Retrying => check(&name, CheckResult::Warning, said("retrying: "), hint),
        ConnectionState::ReconnectRequired => check(
            &name,
            CheckResult::Wrong,
            said("must be reconnected: "),
            hint,
        ),
        ConnectionState::PreApprovalRequested => check(&name, CheckResult::Warning, said(""), hint),
        _ => return None,
    })
}
