//! Showing, connecting and disconnecting accounts.

use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountAttempt, AccountConnectCancel, AccountConnectFinish, AccountConnectStart,
    AccountDisconnect, AccountDisconnected, AccountListQuery, AccountOwner, AccountProvider,
    AccountQuery, Purpose,
};
use greenroom_protocol::id::{AttemptId, WorkspaceId};
use greenroom_protocol::page::Page;
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::ConnectionState;

use super::view::{Beside, purposes_of, scopes_for, view};
use super::{Target, reply, terms};
use crate::access::RequestContext;
use crate::feeds;
use crate::grants::{Answer, ConnectError, ConnectFailure, ConnectionId, Owner, Subject};
use crate::input;
use crate::services::Services;

/// The caller's account, a member's, or the workspace's own.
pub async fn get(
    services: &Services,
    context: &RequestContext,
    query: AccountQuery,
) -> Result<Account, Error> {
    let member = query.member.as_deref();
    let target = Target::of(
        services,
        context,
        query.provider,
        member,
        query.for_workspace,
    )?;
    one(services, context, target).await
}

/// The accounts there are: the workspace's own first, then the caller's, then by name. Those two
/// are there even where nothing is connected.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: AccountListQuery,
) -> Result<Page<Account>, Error> {
    let providers = AccountProvider::ALL.into_iter();
    let providers = providers.filter(|it| query.provider.is_none_or(|wanted| wanted == *it));
    let me = context.me().map(|me| me.brief.id);
    let mut members = services.index.members(context.workspace);
    members.sort_by_key(|row| Some(row.id) != me);
    let (mut shown, now) = (Vec::new(), services.clock.now());
    for provider in providers {
        let grants = services.accounts.grants(provider);
        let mut statuses = grants.statuses(context.workspace).await?;
        let app = has_app(services, provider, context.workspace).await?;
        let owners = members.iter().map(|row| Owner::Member(row.id));
        for owner in std::iter::once(Owner::Workspace).chain(owners) {
            let known = statuses.remove(&owner);
            let always = owner == Owner::Workspace || (me.is_some() && owner.member() == me);
            if known.is_none() && !always {
                continue;
            }
            let who = ConnectionId {
                workspace: context.workspace,
                owner,
            };
            let (record, revision) = match known {
                Some(known) => known,
                None => grants.status(who).await?,
            };
            let target = Target::at(services, provider, who)?;
            let beside = Beside {
                app,
                admin_reply: reply::shown(services, context, &target, &record).await?,
            };
            shown.push(view(target, &record, revision, beside, now));
        }
    }
    Ok(Page::whole(shown))
}

/// The accounts a member looks after: their own, and the workspace's where they are an admin.
pub async fn of_member(
    services: &Services,
    context: &RequestContext,
    member: &MemberBrief,
) -> Result<Vec<Account>, Error> {
    let ours = context.is_admin().then_some(Owner::Workspace);
    let owners = [ours, Some(Owner::Member(member.id))];
    let mut accounts = Vec::new();
    for provider in AccountProvider::ALL {
        for owner in owners.into_iter().flatten() {
            let workspace = context.workspace;
            let target = Target::at(services, provider, ConnectionId { workspace, owner })?;
            accounts.push(one(services, context, target).await?);
        }
    }
    Ok(accounts)
}

/// Starts a connect.
pub async fn start(
    services: &Services,
    context: &RequestContext,
    request: AccountConnectStart,
) -> Result<AccountAttempt, Error> {
    let (provider, member) = (request.provider, request.member.as_deref());
    let target = Target::of(services, context, provider, member, request.for_workspace)?;
    target.may_change(context, "connect")?;
    let expected_email = match (&target.owner, request.email.as_deref()) {
        (AccountOwner::Workspace, Some(text)) if !text.trim().is_empty() => {
            Some(input::address("email", text)?)
        }
        (AccountOwner::Member(_), Some(text)) if !text.trim().is_empty() => {
            let why = "A member signs in with their own address";
            return Err(Error::usage(why)
                .field("email")
                .hint("name the address only when connecting for the workspace"));
        }
        _ => target.expected_email().map(str::to_owned),
    };
    let subject = Subject {
        who: target.who,
        expected_email: expected_email.clone(),
        scopes: scopes_for(provider, &request.purposes),
        by: context.attribution(),
    };
    let grants = services.accounts.grants(provider);
    let started = grants.start(&subject, &request.redirect_uri).await;
    let started = started.map_err(|error| told(services, error))?;
    Ok(AccountAttempt {
        attempt: started.attempt,
        provider,
        owner: target.owner,
        authorize_url: started.authorize_url,
        redirect_uri: request.redirect_uri,
        expected_email,
        purposes: purposes_of(provider, &started.asked),
        expires_at: started.expires_at,
    })
}

/// Hands in what came back from the browser.
pub async fn finish(
    services: &Services,
    context: &RequestContext,
    request: AccountConnectFinish,
) -> Result<Account, Error> {
    let provider = request.provider;
    may_touch(services, context, provider, request.attempt).await?;
    let answer = match (request.code, request.error) {
        (Some(code), _) => Answer::Code(code),
        (None, Some(error)) => Answer::Error {
            error,
            description: request.error_description,
        },
        (None, None) => {
            let name = provider.name();
            let why = format!("Neither a code nor an error came back from {name}");
            return Err(Error::usage(why));
        }
    };
    let grants = services.accounts.grants(provider);
    let finished = grants.finish(request.attempt, &request.state, answer).await;
    let who = finished.map_err(|error| told(services, error))?;
    feeds::company::account_changed(services, who, provider);
    one(services, context, Target::at(services, provider, who)?).await
}

/// Ends an attempt.
pub async fn cancel(
    services: &Services,
    context: &RequestContext,
    request: AccountConnectCancel,
) -> Result<(), Error> {
    let (provider, attempt) = (request.provider, request.attempt);
    may_touch(services, context, provider, attempt).await?;
    let cancelled = services.accounts.grants(provider).cancel(attempt).await;
    cancelled.map_err(|error| told(services, error))
}

/// Wipes an account's keys here, and ends the grant there where that can be asked for.
pub async fn disconnect(
    services: &Services,
    context: &RequestContext,
    request: AccountDisconnect,
) -> Result<AccountDisconnected, Error> {
    let (provider, member) = (request.provider, request.member.as_deref());
    let target = Target::of(services, context, provider, member, request.for_workspace)?;
    target.may_change(context, "disconnect")?;
    let before = one(services, context, target.clone()).await?;
    let changed = |expected| expected != before.revision;
    if request.expected_revision.is_some_and(changed) {
        let why = "the account was changed by someone else";
        return Err(Error::conflict(why).hint("look at it again"));
    }
    let loses = loses(&before);
    let connected = before.state != ConnectionState::Disconnected;
    let asks = terms(provider).revocation.is_some();
    if request.dry_run {
        return Ok(AccountDisconnected {
            provider,
            owner: target.owner,
            revoked: connected && asks,
            loses,
            hint: (connected && !asks).then(|| keeps(provider)),
            dry_run: true,
        });
    }
    let grants = services.accounts.grants(provider);
    let released = grants.disconnect(target.who, &context.attribution()).await;
    let released = released.map_err(|error| told(services, error))?;
    feeds::company::account_changed(services, target.who, provider);
    Ok(AccountDisconnected {
        provider,
        owner: target.owner,
        revoked: released.revoked,
        loses,
        hint: (!released.revoked).then(|| keeps(provider)),
        dry_run: false,
    })
}

/// What to do where the grant may live on at the provider.
fn keeps(provider: AccountProvider) -> String {
    let words = terms(provider).words;
    let name = words.name;
    match terms(provider).revocation {
        Some(_) => format!(
            "{name} did not confirm that the grant is gone; to be sure, {}",
            words.remove
        ),
        None => format!(
            "The keys here are deleted; {name} keeps the consent: {}",
            words.remove
        ),
    }
}

/// What stops working without the account.
fn loses(account: &Account) -> Vec<String> {
    let Some(user) = &account.user else {
        return Vec::new();
    };
    let (email, mut loses) = (&user.email, Vec::new());
    for purpose in &account.purposes {
        loses.push(match purpose {
            Purpose::Mail => format!("Email can't be sent or read with {email} any more"),
            Purpose::FreeBusy => format!("Busy times can't be read with {email} any more"),
        });
    }
    if account.provider == AccountProvider::Google {
        loses.push(format!(
            "Google ends everything this app may do for {email}, wherever it is used"
        ));
    }
    loses
}

async fn may_touch(
    services: &Services,
    context: &RequestContext,
    provider: AccountProvider,
    attempt: AttemptId,
) -> Result<(), Error> {
    let whose = services.accounts.grants(provider).attempt(attempt).await;
    match whose.map_err(|error| told(services, error))? {
        Some(who) if who.workspace == context.workspace => {
            Target::at(services, provider, who)?.may_change(context, "connect")
        }
        _ => Err(told(services, ConnectFailure::Gone.of(terms(provider)))),
    }
}

/// An account as it stands.
pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    target: Target,
) -> Result<Account, Error> {
    let grants = services.accounts.grants(target.provider);
    let (record, revision) = grants.status(target.who).await?;
    let beside = Beside {
        app: has_app(services, target.provider, target.who.workspace).await?,
        admin_reply: reply::shown(services, context, &target, &record).await?,
    };
    Ok(view(
        target,
        &record,
        revision,
        beside,
        services.clock.now(),
    ))
}

async fn has_app(
    services: &Services,
    provider: AccountProvider,
    workspace: WorkspaceId,
) -> Result<bool, Error> {
    let grants = services.accounts.grants(provider);
    let found = services
        .store
        .transact(|tx| async move { grants.app(&tx, workspace).await });
    Ok(found.await?.0.is_some())
}

/// A failure as the person reads it; a holder is named.
pub(super) fn told(services: &Services, error: ConnectError) -> Error {
    let ConnectFailure::Held(holder) = error.why else {
        return error.into();
    };
    let workspace = services.index.workspace(holder.workspace);
    let workspace = workspace.map(|row| row.record.name.clone());
    let workspace = workspace.unwrap_or_else(|| "another workspace".to_owned());
    let holder = match holder.member() {
        None => format!("{workspace} itself"),
        Some(member) => {
            let row = services.index.member(holder.workspace, member);
            let name = row.map(|row| row.record.name.clone());
            let name = name.unwrap_or_else(|| "a member who is gone".to_owned());
            format!("{name} in {workspace}")
        }
    };
    let message = format!(
        "That {} user is already connected for {holder}, whose connection keeps working",
        error.name()
    );
    Error::conflict(message).hint(error.hint())
}
