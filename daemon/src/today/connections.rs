//! Zoom connections that somebody's upcoming interviews depend on and that host nothing now.

use std::collections::BTreeMap;

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{Dependence, NeedAction, NeedKind, NeedsMe};
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::ConnectionState;

use super::interview::word;
use super::is_urgent;
use super::mine::Plans;
use super::words::Clock;
use crate::access::{RequestContext, Scope};
use crate::services::Services;
use crate::workspace;
use crate::zoom::ConnectionId;

/// Those that host nothing now, the worst first.
pub(super) async fn depended_on(
    services: &Services,
    context: &RequestContext,
    plans: &Plans,
) -> Result<Vec<Dependence>, Error> {
    let mut hosts = BTreeMap::<MemberId, (u32, Instant)>::new();
    for plan in plans.all() {
        if let Some(host) = plan.host {
            let (count, first) = hosts.entry(host).or_insert((0, plan.start));
            *count += 1;
            *first = (*first).min(plan.start);
        }
    }
    let mut found = Vec::new();
    for (member, (interviews, first)) in hosts {
        let who = ConnectionId::of_member(context.workspace, member);
        let (connection, _) = services.zoom.grants().status(who).await?;
        let standing = connection.standing(services.clock.now());
        let row = services.index.member(context.workspace, member);
        let Some(row) = row.filter(|_| !standing.state.serves()) else {
            continue;
        };
        found.push(Dependence {
            member: row.record.brief(member),
            standing,
            interviews,
            first,
        });
    }
    found.sort_by_key(|it| (badness(it.standing.state), it.first, it.member.id));
    Ok(found)
}

/// What needs somebody comes before what is under way already.
fn badness(state: ConnectionState) -> u8 {
    match state {
        ConnectionState::ReconnectRequired => 0,
        ConnectionState::Disconnected => 1,
        ConnectionState::PreApprovalRequested => 2,
        ConnectionState::Authorizing => 3,
        ConnectionState::Retrying | ConnectionState::Connected => 4,
    }
}

/// Those that somebody must connect.
pub(super) fn needs(
    context: &RequestContext,
    me: MemberId,
    connections: &[Dependence],
    clock: &Clock,
) -> Vec<NeedsMe> {
    let hires = matches!(context.scope(), Scope::All | Scope::Jobs(..));
    let needs = connections.iter().filter_map(|it| {
        let (verb, broken) = match it.standing.state {
            ConnectionState::ReconnectRequired => ("reconnected", true),
            ConnectionState::Disconnected => ("connected", false),
            _ => return None,
        };
        let depend = match it.interviews {
            1 => "1 interview depends on it".to_owned(),
            many => format!("{many} interviews depend on it"),
        };
        let action = match (it.member.id == me, broken && hires) {
            (true, _) => NeedAction::Connect,
            (false, true) => NeedAction::Remind,
            (false, false) => NeedAction::Open,
        };
        Some(NeedsMe {
            urgent: is_urgent(it.first, clock.now),
            due: Some(it.first),
            interviews: Some(it.interviews),
            ..about(
                NeedKind::Reconnect,
                action,
                &it.member,
                clock.now,
                format!("Zoom must be {verb}: {depend}"),
            )
        })
    });
    needs.collect()
}

/// That the app is approved, and the caller can connect now.
pub(super) async fn approved(
    services: &Services,
    context: &RequestContext,
    me: &MemberBrief,
) -> Result<Option<NeedsMe>, Error> {
    let connection = workspace::connection_of(services, context, me.clone()).await?;
    let Some(connection) = connection.filter(|it| !it.state.serves()) else {
        return Ok(None);
    };
    let approved = connection
        .approval
        .and_then(|approval| approval.approved_at);
    Ok(approved.map(|at| {
        let message = "can connect now: your Zoom admin has approved the app".to_owned();
        about(NeedKind::Approved, NeedAction::Connect, me, at, message)
    }))
}

fn about(
    kind: NeedKind,
    action: NeedAction,
    member: &MemberBrief,
    since: Instant,
    message: String,
) -> NeedsMe {
    NeedsMe {
        key: format!("{}:{}", word(kind), member.id),
        kind,
        action,
        urgent: false,
        since,
        due: None,
        who: member.name.clone(),
        message,
        candidate: None,
        application: None,
        interview: None,
        email: None,
        member: Some(member.id),
        account: None,
        outreach: None,
        proposed: None,
        interviews: None,
    }
}
