//! Accounts at Google and Microsoft that the member must connect: their own, and for its admins the
//! workspace's.

use greenroom_protocol::Error;
use greenroom_protocol::account::{Account, AccountOwner};
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::ConnectionState;

use super::interview::word;
use super::words::Clock;
use crate::access::RequestContext;
use crate::services::Services;
use crate::workspace::accounts;

/// Those that broke, and those whose app is approved now.
pub(super) async fn needs(
    services: &Services,
    context: &RequestContext,
    me: &MemberBrief,
    clock: &Clock,
) -> Result<Vec<NeedsMe>, Error> {
    let workspace = services.index.workspace(context.workspace);
    let workspace = workspace.map(|row| row.record.name.clone());
    let workspace = workspace.unwrap_or_default();
    let theirs = accounts::of_member(services, context, me).await?;
    let needs = theirs.iter().filter_map(|account| {
        let (kind, since, message) = said(account, clock)?;
        let (who, member) = match &account.owner {
            AccountOwner::Workspace => (workspace.clone(), None),
            AccountOwner::Member(member) => (member.name.clone(), Some(member.id)),
        };
        let whose = member.map_or_else(|| "workspace".to_owned(), |id| id.to_string());
        Some(NeedsMe {
            key: format!("{}:{}:{whose}", word(kind), account.provider.word()),
            kind,
            action: NeedAction::ConnectAccount,
            urgent: false,
            since,
            due: None,
            who,
            message,
            candidate: None,
            application: None,
            interview: None,
            email: None,
            member,
            account: Some(account.provider),
            outreach: None,
            proposed: None,
            interviews: None,
        })
    });
    Ok(needs.collect())
}

/// What is to be done about an account; `None`: nothing.
fn said(account: &Account, clock: &Clock) -> Option<(NeedKind, Instant, String)> {
    let name = account.provider.name();
    if account.state == ConnectionState::ReconnectRequired {
        let uses: Vec<_> = account.purposes.iter().map(|it| it.name()).collect();
        let used = match uses[..] {
            [] => String::new(),
            _ => format!(": it is used for {}", uses.join(" and ")),
        };
        let since = account.since.unwrap_or(clock.now);
        let message = format!("{name} must be reconnected{used}");
        return Some((NeedKind::ReconnectAccount, since, message));
    }
    let approval = account.approval.filter(|_| !account.state.serves())?;
    let message = format!("can connect {name} now: your {name} admin has approved the app");
    Some((NeedKind::AccountApproved, approval.approved_at?, message))
}
