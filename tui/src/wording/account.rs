//! How accounts at Google and Microsoft read: the same words wherever one is shown.

use greenroom_protocol::account::{Account, AccountOwner, AccountProvider, Purpose};
use greenroom_protocol::zoom::ConnectionState;
use ratatui::style::Style;

use crate::state::State;
use crate::theme;

/// The workspace's account there, or the person's own, as far as it was asked for.
pub(crate) fn find(
    state: &State,
    provider: AccountProvider,
    for_workspace: bool,
) -> Option<&Account> {
    let mut all = state.cache.accounts.latest()?.iter();
    all.find(|it| {
        let owner = match &it.owner {
            AccountOwner::Workspace => for_workspace,
            AccountOwner::Member(member) => !for_workspace && state.is_me(member.id),
        };
        it.provider == provider && owner
    })
}

/// The account that a workspace's email names, as `google:interviews@acme.example`.
pub(crate) fn named(text: &str) -> Option<(AccountProvider, &str)> {
    let (word, email) = text.split_once(':')?;
    let mut all = AccountProvider::ALL.into_iter();
    Some((all.find(|it| it.word() == word)?, email))
}

/// Whether it sends and reads the mail of this address.
pub(crate) fn is_mailbox(account: &Account, provider: AccountProvider, email: &str) -> bool {
    let user = account.user.as_ref();
    account.provider == provider
        && account.state.serves()
        && account.purposes.contains(&Purpose::Mail)
        && user.is_some_and(|user| user.email.eq_ignore_ascii_case(email))
}

/// Whether somebody has connected the account of this address for email.
pub(crate) fn opens_mail(state: &State, provider: AccountProvider, email: &str) -> bool {
    let mut all = state.cache.accounts.latest().into_iter().flatten();
    all.any(|it| is_mailbox(it, provider, email))
}

/// `Google of the workspace`, `your Google` or `Mina Okafor's Google`.
pub(crate) fn whose(account: &Account) -> String {
    let name = account.provider.name();
    match &account.owner {
        AccountOwner::Workspace => format!("{name} of the workspace"),
        AccountOwner::Member(member) => format!("{}'s {name}", member.name),
    }
}

/// How it stands, in a few words.
pub(crate) fn reading(account: &Account) -> (String, Style) {
    let name = account.provider.name();
    let (words, style) = match account.state {
        ConnectionState::Connected => ("Connected ✓".to_owned(), theme::GOOD),
        // Why is said beside it: the network, the app, a clock.
        ConnectionState::Retrying => (format!("{name} not available"), theme::WAIT),
        ConnectionState::Authorizing => ("waiting for the browser".to_owned(), theme::WAIT),
        ConnectionState::PreApprovalRequested => ("approval requested".to_owned(), theme::WAIT),
        ConnectionState::ReconnectRequired => ("must be reconnected ✗".to_owned(), theme::BAD),
        ConnectionState::Disconnected => ("not connected".to_owned(), theme::DIM),
    };
    (words, style)
}

/// Who it is, and what it is used for: `interviews@acme.example · email, busy times`.
pub(crate) fn user(account: &Account) -> String {
    let email = account.user.as_ref().map(|user| user.email.as_str());
    let purposes: Vec<&str> = account.purposes.iter().map(|it| it.name()).collect();
    let purposes = (!purposes.is_empty()).then(|| purposes.join(", "));
    let parts = email.map(str::to_owned).into_iter().chain(purposes);
    parts.collect::<Vec<_>>().join(" · ")
}

/// What was asked for and not given, by what it is for.
pub(crate) fn lacking(account: &Account) -> impl Iterator<Item = String> {
    let all = account.provider.permissions().iter();
    let missing = |scope: &str| account.missing_scopes.iter().any(|it| it == scope);
    all.filter(move |it| missing(it.scope))
        .map(|it| format!("{} ({})", it.title.to_lowercase(), it.reason))
}

/// Whether it has something that a disconnect would end.
pub(crate) fn has_grant(account: &Account) -> bool {
    matches!(
        account.state,
        ConnectionState::Connected | ConnectionState::Retrying | ConnectionState::ReconnectRequired
    )
}
