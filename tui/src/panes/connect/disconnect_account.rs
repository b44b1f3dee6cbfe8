//! Disconnecting an account at Google or Microsoft: first what would be lost, then the question.

use greenroom_protocol::account::{
    Account, AccountDisconnect, AccountDisconnected, AccountOwner, AccountProvider,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};

use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::{Errand, answer};
use crate::wording::account;

/// Asks the daemon what would be lost, and then whether really.
pub(crate) fn ask(state: &mut State, account: &Account) -> Vec<Action> {
    let request = request(account, true);
    let account = account.clone();
    let errand = Errand::call("disconnect-account", move |state, reply| {
        match answer!(reply, AccountDisconnect) {
            Err(error) => fail(state, error),
            Ok(would) => {
                confirm(state, &account, &would);
                Vec::new()
            }
        }
    });
    vec![state.call(errand, request)]
}

fn request(account: &Account, dry_run: bool) -> Q {
    let disconnect = AccountDisconnect {
        provider: account.provider,
        member: match &account.owner {
            AccountOwner::Workspace => None,
            AccountOwner::Member(member) => Some(member.id.to_string()),
        },
        for_workspace: matches!(account.owner, AccountOwner::Workspace),
        expected_revision: Some(account.revision),
        dry_run,
    };
    Q::AccountDisconnect { disconnect }
}

fn confirm(state: &mut State, account: &Account, would: &AccountDisconnected) {
    let name = account.provider.name();
    let mut lines = vec![account::user(account)];
    lines.push(match account.provider {
        AccountProvider::Google => {
            "Google revokes everything this app may do for the account at once: email and busy times.".to_owned()
        }
        AccountProvider::Microsoft => {
            "The keys are deleted here. Microsoft revokes nothing on request: the app stays in the account's list until it is removed at myapps.microsoft.com.".to_owned()
        }
    });
    lines.extend(would.loses.iter().cloned());
    let title = format!("Disconnect {}", account::whose(account));
    let request = request(account, false);
    let act = move |state: &mut State| {
        let errand = Errand::call("disconnect-account", move |state, reply| {
            disconnected(state, name, reply)
        });
        vec![state.call(errand.says("disconnecting…").changes(), request)]
    };
    state
        .panes
        .push(Confirm::new(title, lines, "Confirm Disconnect", act));
}

fn disconnected(state: &mut State, name: &str, reply: Result<R, Error>) -> Vec<Action> {
    let done = match answer!(reply, AccountDisconnect) {
        Err(error) => return fail(state, error),
        Ok(done) => done,
    };
    state.cache.accounts.invalidate();
    if done.revoked {
        state.toast(format!("{name} disconnected and access revoked"), true);
        return Vec::new();
    }
    let Some(hint) = done.hint else {
        state.toast(format!("{name} disconnected"), true);
        return Vec::new();
    };
    let words = format!("{name} is disconnected here. Its access there was not revoked.");
    fail(state, Error::new(ErrorKind::Upstream, words).hint(hint))
}
