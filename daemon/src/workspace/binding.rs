//! From a Unix user and a `hello` to a caller.
//!
//! Reads the store itself rather than the index, so that `hello` and `status` answer while the
//! index is still being built.

use greenroom_protocol::Error;
use greenroom_protocol::hello::ClientHello;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::workspace::Role;

use crate::access::{Caller, Person};
use crate::records::workspace::{LinkRecord, MemberRecord, WorkspaceRecord};
use crate::services::Services;
use crate::store::{GLOBAL, Via};

/// Binds a connection: which workspace, which member, acting for whom.
pub async fn bind(
    services: &Services,
    uid: u32,
    operator: bool,
    hello: &ClientHello,
) -> Result<Caller, Error> {
    let via = hello.mcp.as_deref().map(Via::mcp).unwrap_or_default();
    let mut caller = Caller {
        uid,
        operator,
        via,
        ..Caller::default()
    };
    if services.store.damage().is_some() {
        // Nobody is known here any more; `status`, `doctor` and a restore must answer all the same.
        return Ok(caller);
    }
    let links = services
        .store
        .get::<LinkRecord>(GLOBAL, &services.user(uid).to_string())
        .await?;
    let links = links.map(|stored| stored.record).unwrap_or_default();
    if hello.workspace.is_some() && !operator && links.members.is_empty() {
        // The same answer whether there is such a workspace or not.
        caller.context("hello")?;
    }
    let workspace = workspace(services, operator, &links, hello.workspace.as_deref()).await?;
    caller.workspace = workspace;
    let Some(workspace) = workspace else {
        return match &hello.acting_as {
            Some(_) => caller.context("hello").map(|_| caller),
            None => Ok(caller),
        };
    };
    if let Some((_, member)) = links.members.iter().find(|(it, _)| *it == workspace) {
        let stored = services
            .store
            .get::<MemberRecord>(&workspace.to_string(), &member.to_string())
            .await?;
        caller.member = stored.map(|stored| person(*member, &stored.record));
    }
    if let Some(text) = &hello.acting_as {
        if !acts_for_others(&caller) {
            return Err(Error::denied(
                "not permitted: acting for somebody else needs an admin or the daemon's own user",
            ));
        }
        services.index.ready().await?;
        let member = services.index.find_member(workspace, text)?;
        let row = services
            .index
            .member(workspace, member)
            .ok_or_else(|| Error::not_found("the member to act for is gone"))?;
        caller.acting_as = Some(person(member, &row.record));
    }
    Ok(caller)
}

/// Whether the caller may act for other members.
fn acts_for_others(caller: &Caller) -> bool {
    let admin = |person: &Person| person.roles.contains(&Role::Admin);
    caller.operator || caller.member.as_ref().is_some_and(admin)
}

/// The same caller as the records stand now: roles and links may have changed since `hello`.
pub fn refresh(services: &Services, caller: &Caller) -> Caller {
    let mut now = caller.clone();
    let Some(workspace) = caller.workspace.filter(|_| services.index.is_ready()) else {
        return now;
    };
    let current = |member: MemberId| {
        services
            .index
            .member(workspace, member)
            .map(|row| person(member, &row.record))
    };
    let links = services
        .index
        .link(services.user(caller.uid))
        .unwrap_or_default();
    let linked = links.members.iter().find(|(it, _)| *it == workspace);
    now.member = linked.and_then(|(_, member)| current(*member));
    now.acting_as = caller
        .acting_as
        .as_ref()
        .and_then(|it| current(it.brief.id));
    if caller.acting_as.is_some() && (now.acting_as.is_none() || !acts_for_others(&now)) {
        // Who they acted for is gone, or they may not any more: they must not fall back to their
        // own rights unnoticed.
        now.acting_as = None;
        now.member = None;
        now.operator = false;
    }
    now
}

fn person(id: MemberId, record: &MemberRecord) -> Person {
    Person {
        brief: record.brief(id),
        zone: record.zone.clone(),
        roles: record.roles.clone(),
        hiring_jobs: record.hiring_jobs.clone(),
    }
}

/// The workspace named, else the caller's usual one, else the only one.
async fn workspace(
    services: &Services,
    operator: bool,
    links: &LinkRecord,
    named: Option<&str>,
) -> Result<Option<WorkspaceId>, Error> {
    let own = |id: WorkspaceId| operator || links.members.iter().any(|(it, _)| *it == id);
    if let Some(text) = named {
        services.index.ready().await?;
        return Ok(Some(services.index.find_workspace(text, own)?));
    }
    if let Some(usual) = links
        .usual
        .or_else(|| links.members.first().map(|(first, _)| *first))
    {
        return Ok(Some(usual));
    }
    let all = services
        .store
        .scan::<WorkspaceRecord>(GLOBAL, None, 2)
        .await?;
    match &all.rows[..] {
        [(only, _)] if operator => Ok(only.parse().ok()),
        _ => Ok(None),
    }
}
