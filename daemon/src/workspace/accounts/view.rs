//! ★ An account as the contract shows it.

use greenroom_protocol::account::{Account, AccountProvider, AccountUser, Purpose};
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::status::ProblemKind;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::{AdminReply, AppApproval, ConnectionState};

use super::{Target, terms};
use crate::grants::{ConnectionId, ConnectionRecord, Grant, Link, Terms};
use crate::services::Services;
use crate::store::{Revision, StoreError};
use crate::workspace::alarm::Standing;

/// What is said of an account whose user has another address there than here.
const EMAIL_CHANGED: &str = "email-changed";

/// What is said of an account that works, and is known to end.
const ENDS: &str = "ends";

/// What is known of an account besides its connection.
pub(super) struct Beside {
    /// Whether the workspace has an app there.
    pub(super) app: bool,
    /// What the administrator replied, while their approval is waited for.
    pub(super) admin_reply: Option<AdminReply>,
}

/// An account at `now`.
pub(super) fn view(
    target: Target,
    record: &ConnectionRecord,
    revision: Revision,
    beside: Beside,
    now: Instant,
) -> Account {
    let terms = terms(target.provider);
    let grant = record.grant();
    let live = grant.filter(|_| !matches!(record.link, Link::ReconnectRequired { .. }));
    let said = said(&target, record, now);
    let missing = grant.map(|grant| grant.missing(terms).map(|it| it.name.to_owned()).collect());
    Account {
        provider: target.provider,
        owner: target.owner,
        state: record.state(now),
        reason: said.reason,
        reason_code: said.code,
        hint: said.hint,
        approval: record.approval.as_ref().map(|approval| AppApproval {
            requested_at: approval.asked_at,
            approved_at: approval.given_at,
        }),
        admin_reply: beside.admin_reply,
        user: grant.map(|grant| AccountUser {
            name: grant.user.name.clone(),
            email: grant.user.email.clone(),
            organization: grant.user.organization.clone(),
        }),
        purposes: grant
            .map(|grant| granted(target.provider, grant))
            .unwrap_or_default(),
        scopes: grant.map(|grant| grant.scopes.clone()).unwrap_or_default(),
        missing_scopes: missing.unwrap_or_default(),
        expires_at: live.map(|grant| grant.expires_at),
        last_refresh: grant.map(|grant| grant.last_refresh),
        since: (revision.0 > 0).then(|| record.since(now)),
        client_id: grant.map(|grant| grant.client_id.clone()),
        app: beside.app,
        attempt: record.attempt.as_ref().map(|attempt| attempt.id),
        revision: revision.0,
    }
}

/// What is said of a connection.
#[derive(Default)]
struct Said {
    reason: Option<String>,
    code: Option<String>,
    hint: Option<String>,
}

impl Said {
    fn new(reason: String, code: &str, hint: Option<String>) -> Self {
        Self {
            reason: Some(reason),
            code: Some(code.to_owned()),
            hint,
        }
    }
}

fn said(target: &Target, record: &ConnectionRecord, now: Instant) -> Said {
    let (terms, words) = (terms(target.provider), terms(target.provider).words);
    if let Some(reason) = record.reason(terms) {
        let hint = record.hint(terms);
        return Said::new(reason.text(words), reason.code(words), hint);
    }
    let Some(grant) = record.grant() else {
        return Said::default();
    };
    let email = grant.contested_email.as_ref().unwrap_or(&grant.user.email);
    if let Some(expected) = target
        .expected_email()
        .filter(|it| !it.eq_ignore_ascii_case(email))
    {
        let why = format!(
            "{}'s email of this user is {email}, here it is {expected}",
            words.name
        );
        let hint = "check whose account it is; then change the member's email, or connect again \
                    as the right user";
        return Said::new(why, EMAIL_CHANGED, Some(hint.to_owned()));
    }
    match grant.ends_at.filter(|end| *end > now) {
        Some(_) => {
            let why = format!("{} ends this connection after a fixed time", words.name);
            let hint = "connect again before it ends, and allow it without a limit";
            Said::new(why, ENDS, Some(hint.to_owned()))
        }
        None => Said::default(),
    }
}

/// The purposes that were asked for and granted. Of an audience that no keys were made for yet the
/// consent counts.
fn granted(provider: AccountProvider, grant: &Grant) -> Vec<Purpose> {
    let terms = terms(provider);
    let missing: Vec<_> = grant.missing(terms).map(|scope| scope.name).collect();
    let has = |purpose: &Purpose| {
        let mut own = scopes_of(provider, *purpose)
            .filter(|name| asked(terms, grant).any(|asked| asked == *name))
            .peekable();
        own.peek().is_some() && own.all(|name| !missing.contains(&name))
    };
    Purpose::ALL.into_iter().filter(has).collect()
}

fn asked<'a>(terms: &'static Terms, grant: &'a Grant) -> impl Iterator<Item = &'static str> + 'a {
    terms.asks(&grant.asked).map(|scope| scope.name)
}

/// The names of the scopes a purpose needs, without those that are always asked for.
fn scopes_of(provider: AccountProvider, purpose: Purpose) -> impl Iterator<Item = &'static str> {
    let all = provider.permissions().iter();
    all.filter(move |it| it.purpose == Some(purpose))
        .map(|it| it.scope)
}

/// The names to ask for, for these purposes; empty: everything.
pub(super) fn scopes_for(provider: AccountProvider, purposes: &[Purpose]) -> Vec<String> {
    if purposes.is_empty() {
        return Vec::new();
    }
    let all = provider.permissions().iter();
    let wanted = all.filter(|it| it.purpose.is_none_or(|purpose| purposes.contains(&purpose)));
    wanted.map(|it| it.scope.to_owned()).collect()
}

/// The purposes that what was asked for, by names, is enough for; no names: everything.
pub(super) fn purposes_of(provider: AccountProvider, asked: &[String]) -> Vec<Purpose> {
    let has = |purpose: &Purpose| {
        let mut own = scopes_of(provider, *purpose);
        asked.is_empty() || own.all(|name| asked.iter().any(|asked| asked == name))
    };
    Purpose::ALL.into_iter().filter(has).collect()
}

/// How the workspace's own account there is, for `status`, monitors and email to admins.
///
/// # Errors
///
/// Where the store cannot be read.
pub async fn standing_of_workspace(
    services: &Services,
    workspace: WorkspaceId,
    provider: AccountProvider,
) -> Result<Standing, StoreError> {
    let who = ConnectionId::of_workspace(workspace);
    let (record, _) = services.accounts.grants(provider).status(who).await?;
    Ok(standing(provider, &record, services.clock.now()))
}

/// An account that somebody is connecting right now, or that nobody has, is neither.
fn standing(provider: AccountProvider, record: &ConnectionRecord, now: Instant) -> Standing {
    let terms = terms(provider);
    let kind = match provider {
        AccountProvider::Google => ProblemKind::GoogleAccount,
        AccountProvider::Microsoft => ProblemKind::MicrosoftAccount,
    };
    match record.state(now) {
        ConnectionState::Connected => Standing::Works(record.since(now)),
        ConnectionState::ReconnectRequired => {
            let why = record.reason(terms).map(|reason| {
                let (why, hint) = (reason.text(terms.words), record.hint(terms));
                // That it must be connected again is said already.
                match hint.filter(|hint| hint != "reconnect") {
                    Some(hint) => format!("{why} ({hint})"),
                    None => why,
                }
            });
            Standing::Wrong(kind.problem(Some(record.since(now)), why))
        }
        _ => Standing::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_asked_for_with_who_it_is_and_nothing_else() {
        let (google, microsoft) = (AccountProvider::Google, AccountProvider::Microsoft);
        let busy = scopes_for(google, &[Purpose::FreeBusy]);
        assert_eq!(busy.len(), 3);
        assert!(!busy.iter().any(|scope| scope.contains("mail.google")));
        assert_eq!(purposes_of(google, &busy), [Purpose::FreeBusy]);
        let mail = scopes_for(microsoft, &[Purpose::Mail]);
        assert_eq!(purposes_of(microsoft, &mail), [Purpose::Mail]);
        for provider in AccountProvider::ALL {
            assert!(scopes_for(provider, &[]).is_empty());
            assert_eq!(purposes_of(provider, &[]), Purpose::ALL);
        }
    }
}
