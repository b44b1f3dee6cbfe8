//! Accounts at Google and Microsoft: connected and disconnected at once.

use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountApprovalAsk, AccountApprovalRequest, AccountAttempt, AccountConnectStart,
    AccountDisconnect, AccountDisconnected, AccountOwner, AccountProvider, AccountUser, Purpose,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::zoom::ConnectionState;

use crate::app::tests::records::{self, NOW, at, id};

/// An account that nobody has connected, in a workspace that has an app there.
pub(crate) fn disconnected(provider: AccountProvider, owner: AccountOwner) -> Account {
    Account {
        provider,
        owner,
        state: ConnectionState::Disconnected,
        reason: None,
        reason_code: None,
        hint: None,
        approval: None,
        admin_reply: None,
        user: None,
        purposes: Vec::new(),
        scopes: Vec::new(),
        missing_scopes: Vec::new(),
        expires_at: None,
        last_refresh: None,
        since: None,
        client_id: None,
        app: true,
        attempt: None,
        revision: 0,
    }
}

/// The same, connected.
pub(crate) fn connected(provider: AccountProvider, owner: AccountOwner, email: &str) -> Account {
    let scopes = provider.permissions().iter().map(|it| it.scope.to_owned());
    Account {
        state: ConnectionState::Connected,
        user: Some(AccountUser {
            name: String::new(),
            email: email.into(),
            organization: None,
        }),
        purposes: Purpose::ALL.to_vec(),
        scopes: scopes.collect(),
        revision: 1,
        ..disconnected(provider, owner)
    }
}

/// The workspace's account there.
fn of(all: &mut [Account], provider: AccountProvider, for_workspace: bool) -> &mut Account {
    let is = |it: &&mut Account| {
        let workspace = it.owner == AccountOwner::Workspace;
        it.provider == provider && workspace == for_workspace
    };
    all.iter_mut().find(is).unwrap()
}

/// Answers what is about accounts; `Err` what is not.
pub(super) fn answer(all: &mut [Account], refused: Option<Error>, request: Q) -> Result<R, Box<Q>> {
    Ok(match request {
        Q::AccountConnectStart { start } => {
            R::AccountConnectStart(refused.map_or_else(|| Ok(begin(all, &start)), Err))
        }
        Q::AccountConnectFinish { finish } => {
            let found = all.iter_mut().find(|it| it.attempt == Some(finish.attempt));
            let account = found.unwrap();
            *account = connected(
                account.provider,
                account.owner.clone(),
                "interviews@acme.example",
            );
            R::AccountConnectFinish(refused.map_or_else(|| Ok(account.clone()), Err))
        }
        Q::AccountConnectCancel { cancel } => {
            let left = all
                .iter_mut()
                .filter(|it| it.attempt == Some(cancel.attempt));
            left.for_each(|it| it.attempt = None);
            R::AccountConnectCancel(Ok(()))
        }
        Q::AccountDisconnect { disconnect } => R::AccountDisconnect(Ok(leave(all, &disconnect))),
        Q::AccountRequestApproval { ask } => R::AccountRequestApproval(Ok(asked(all, &ask))),
        other => return Err(Box::new(other)),
    })
}

fn begin(all: &mut [Account], start: &AccountConnectStart) -> AccountAttempt {
    let account = of(all, start.provider, start.for_workspace);
    account.attempt = Some(id("att", 7));
    let (word, redirect) = (start.provider.word(), &start.redirect_uri);
    AccountAttempt {
        attempt: id("att", 7),
        provider: start.provider,
        owner: account.owner.clone(),
        authorize_url: format!(
            "https://{word}.example/authorize?client_id=app-of-acme&state=b64Zt9Qk2&redirect_uri={redirect}"
        ),
        redirect_uri: start.redirect_uri.clone(),
        expected_email: start.email.clone(),
        purposes: Purpose::ALL.to_vec(),
        expires_at: at(NOW).plus_minutes(10),
    }
}

fn leave(all: &mut [Account], disconnect: &AccountDisconnect) -> AccountDisconnected {
    let account = of(all, disconnect.provider, disconnect.for_workspace);
    let owner = account.owner.clone();
    if !disconnect.dry_run {
        *account = disconnected(disconnect.provider, owner.clone());
    }
    let google = disconnect.provider == AccountProvider::Google;
    AccountDisconnected {
        provider: disconnect.provider,
        owner,
        revoked: google && !disconnect.dry_run,
        loses: vec!["The workspace's email stops.".into()],
        hint: (!google).then(|| "remove the app at myapps.microsoft.com".into()),
        dry_run: disconnect.dry_run,
    }
}

fn asked(all: &mut [Account], ask: &AccountApprovalAsk) -> AccountApprovalRequest {
    let account = of(all, ask.provider, ask.for_workspace);
    AccountApprovalRequest {
        account: account.clone(),
        admin: ask.admin.clone(),
        client_id: "app-of-acme".into(),
        link: "https://admin.example/".into(),
        subject: format!("Please approve Greenroom for {}", ask.provider.name()),
        text: "Trust internal apps.".into(),
        sent: false,
        mail: None,
        not_before: None,
        dry_run: ask.dry_run,
    }
}

/// The workspace's and Dana's accounts at both, none of them connected.
pub(crate) fn none_connected() -> Vec<Account> {
    let owners = [
        AccountOwner::Workspace,
        AccountOwner::Member(records::brief(0)),
    ];
    let both = AccountProvider::ALL.into_iter();
    both.flat_map(|provider| owners.clone().map(|owner| disconnected(provider, owner)))
        .collect()
}
