//! Connecting and disconnecting Zoom, for oneself or, as an admin, for somebody else.
//!
//! Joins what the zoom room knows of a connection with who its member is. Must not hold a rule
//! about tokens.

use greenroom_protocol::Error;
use greenroom_protocol::id::{AttemptId, MemberId, WorkspaceId};
use greenroom_protocol::page::Page;
use greenroom_protocol::workspace::{MemberBrief, Reference};
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectCancel, ConnectFinish, ConnectStart, Connection, ConnectionQuery,
    ConnectionState, Disconnected,
};

use super::waiting;
use crate::access::RequestContext;
use crate::grants::Owner;
use crate::records::workspace::MemberRecord;
use crate::services::Services;
use crate::zoom::Beside;
use crate::zoom::{
    Answer, ConnectError, ConnectFailure, ConnectionId, ConnectionRecord, HostCalls, Subject,
    TERMS, WORDS,
};

/// The connection of the caller or of a member.
pub async fn connection(
    services: &Services,
    context: &RequestContext,
    query: ConnectionQuery,
) -> Result<Connection, Error> {
    let id = subject(services, context, query.member.as_deref())?;
    one(services, context, id).await
}

/// The connection of somebody whose brief is known already.
pub async fn connection_of(
    services: &Services,
    context: &RequestContext,
    member: MemberBrief,
) -> Result<Option<Connection>, Error> {
    let who = ConnectionId::of_member(context.workspace, member.id);
    let stored = services
        .store
        .get::<MemberRecord>(&context.space(), &member.id.to_string())
        .await?;
    let Some(stored) = stored else {
        return Ok(None);
    };
    let (record, revision) = services.zoom.grants().status(who).await?;
    let email = changed_email(services, context.workspace, member.id, &record);
    let beside = beside(services, context, &record, member, stored.record.shared).await?;
    let view = record.view(beside, revision, services.clock.now());
    Ok(Some(noted(view, email)))
}

/// Zoom's email of a connection's user, where it is no longer the one that was expected: what is
/// said of it, and what to do.
pub fn changed_email(
    services: &Services,
    workspace: WorkspaceId,
    id: MemberId,
    connection: &ConnectionRecord,
) -> Option<ChangedEmail> {
    let grant = connection.grant()?;
    let now = grant.contested_email.as_ref().unwrap_or(&grant.user.email);
    let expected = services.index.member(workspace, id)?;
    let same = |address: &str| address.eq_ignore_ascii_case(now);
    if same(expected.record.zoom_address()) {
        return None;
    }
    let members = services.index.members(workspace);
    let other = members
        .iter()
        .find(|row| row.id != id && same(row.record.zoom_address()));
    let whose = match other {
        Some(other) => format!(", which is {}'s here", other.record.name),
        None => String::new(),
    };
    Some(ChangedEmail(format!(
        "Zoom's email of this user is now {now}{whose}"
    )))
}

/// See [`changed_email`].
pub struct ChangedEmail(pub String);

impl ChangedEmail {
    /// What programs branch on.
    pub const CODE: &str = "email-changed";
    /// What to do.
    pub const HINT: &str = "check in Zoom whose user it is; then set the member's Zoom email, or connect again as the right user";
}

/// A view that says so, where nothing else is to be said.
fn noted(view: Connection, email: Option<ChangedEmail>) -> Connection {
    match email {
        Some(email) if view.reason.is_none() && view.state.serves() => Connection {
            reason: Some(email.0),
            reason_code: Some(ChangedEmail::CODE.into()),
            hint: Some(ChangedEmail::HINT.into()),
            ..view
        },
        _ => view,
    }
}

/// What other rooms know of a connection.
async fn beside(
    services: &Services,
    context: &RequestContext,
    connection: &ConnectionRecord,
    member: MemberBrief,
    shared: bool,
) -> Result<Beside, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let calls_today = match connection.grant() {
        Some(grant) => Some(HostCalls::told(&services.store, &space, &grant.user.id, now).await?),
        None => None,
    };
    let workspace = services.index.workspace(context.workspace);
    Ok(Beside {
        shared,
        booked: services
            .index
            .upcoming_on_host(context.workspace, member.id, now),
        account: workspace.map(|it| it.record.plan).unwrap_or_default(),
        calls_today,
        admin_reply: waiting::reply(services, context, member.id, connection).await?,
        member,
    })
}

/// Every member's connection, the caller's first, then by name.
pub async fn connections(
    services: &Services,
    context: &RequestContext,
) -> Result<Page<Connection>, Error> {
    let now = services.clock.now();
    let mut statuses = services.zoom.grants().statuses(context.workspace).await?;
    let me = context.me().map(|me| me.brief.id);
    let mut shown = Vec::new();
    for row in services.index.members(context.workspace) {
        let (record, revision) = statuses.remove(&Owner::Member(row.id)).unwrap_or_default();
        let member = row.record.brief(row.id);
        let email = changed_email(services, context.workspace, row.id, &record);
        let beside = beside(services, context, &record, member, row.record.shared).await?;
        shown.push(noted(record.view(beside, revision, now), email));
    }
    shown.sort_by_key(|it| Some(it.member.id) != me);
    Ok(Page::whole(shown))
}

/// Starts a connect.
pub async fn start(
    services: &Services,
    context: &RequestContext,
    request: ConnectStart,
) -> Result<ConnectAttempt, Error> {
    let id = subject(services, context, request.member.as_deref())?;
    context.own_or_admin(id, "connect Zoom")?;
    let row = services
        .index
        .member(context.workspace, id)
        .ok_or_else(|| Error::not_found("the member is gone"))?;
    let expected = row.record.zoom_address().to_owned();
    let subject = Subject {
        who: ConnectionId::of_member(context.workspace, id),
        expected_email: Some(expected.clone()),
        scopes: Vec::new(),
        by: context.attribution(),
    };
    let started = services
        .zoom
        .grants()
        .start(&subject, &request.redirect_uri)
        .await
        .map_err(|error| told(services, error))?;
    Ok(ConnectAttempt {
        attempt: started.attempt,
        member: row.record.brief(id),
        authorize_url: started.authorize_url,
        redirect_uri: request.redirect_uri,
        expected_zoom_user: expected,
        expires_at: started.expires_at,
    })
}

/// Hands in what came back from the browser.
pub async fn finish(
    services: &Services,
    context: &RequestContext,
    request: ConnectFinish,
) -> Result<Connection, Error> {
    may_touch(services, context, request.attempt).await?;
    let answer = match (request.code, request.error) {
        (Some(code), _) => Answer::Code(code),
        (None, Some(error)) => Answer::Error {
            error,
            description: request.error_description,
        },
        (None, None) => {
            return Err(Error::usage(
                "Neither a code nor an error came back from Zoom",
            ));
        }
    };
    let finished = services
        .zoom
        .grants()
        .finish(request.attempt, &request.state, answer)
        .await;
    let who = finished.map_err(|error| told(services, error))?;
    one(services, context, member_of(who)?).await
}

/// Ends an attempt.
pub async fn cancel(
    services: &Services,
    context: &RequestContext,
    request: ConnectCancel,
) -> Result<(), Error> {
    may_touch(services, context, request.attempt).await?;
    services
        .zoom
        .grants()
        .cancel(request.attempt)
        .await
        .map_err(|error| told(services, error))
}

/// Wipes a connection here and revokes it at Zoom.
pub async fn disconnect(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Disconnected, Error> {
    let id = subject(services, context, Some(&request.reference))?;
    context.own_or_admin(id, "disconnect Zoom")?;
    let who = ConnectionId::of_member(context.workspace, id);
    let before = one(services, context, id).await?;
    if request
        .expected_revision
        .is_some_and(|expected| expected != before.revision)
    {
        return Err(
            Error::conflict("the connection was changed by someone else").hint("look at it again"),
        );
    }
    if request.dry_run {
        let revoked = before.state != ConnectionState::Disconnected;
        return Ok(Disconnected {
            member: id,
            revoked,
            booked: before.booked,
            hint: None,
            dry_run: true,
        });
    }
    let released = services
        .zoom
        .grants()
        .disconnect(who, &context.attribution())
        .await
        .map_err(|error| told(services, error))?;
    let hint = (!released.revoked).then(|| {
        format!(
            "Zoom did not confirm that the grant is gone; to be sure, {}",
            WORDS.remove
        )
    });
    Ok(Disconnected {
        member: id,
        revoked: released.revoked,
        booked: before.booked,
        hint,
        dry_run: false,
    })
}

/// The member named, or the caller; an empty name is the caller too.
pub(super) fn subject(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
) -> Result<MemberId, Error> {
    match named.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            let found = services.index.find_member(context.workspace, text);
            found.map_err(|error| Error::from(error).field("member"))
        }
        None => Ok(context.member()?.brief.id),
    }
}

/// Whose Zoom a connection is. Only members connect Zoom.
fn member_of(who: ConnectionId) -> Result<MemberId, Error> {
    let member = who.member();
    member.ok_or_else(|| Error::not_found("this connection is no member's"))
}

async fn may_touch(
    services: &Services,
    context: &RequestContext,
    attempt: AttemptId,
) -> Result<(), Error> {
    let whose = services
        .zoom
        .grants()
        .attempt(attempt)
        .await
        .map_err(|error| told(services, error))?;
    match whose {
        Some(who) if who.workspace == context.workspace => {
            context.own_or_admin(member_of(who)?, "connect Zoom")
        }
        _ => Err(told(services, ConnectFailure::Gone.of(&TERMS))),
    }
}

pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    id: MemberId,
) -> Result<Connection, Error> {
    let row = services
        .index
        .member(context.workspace, id)
        .ok_or_else(|| Error::not_found("the member is gone"))?;
    let shown = connection_of(services, context, row.record.brief(id)).await?;
    shown.ok_or_else(|| Error::not_found("the member is gone"))
}

/// A failure as the person reads it; a holder is named.
pub(super) fn told(services: &Services, error: ConnectError) -> Error {
    let holder = match error.why {
        ConnectFailure::Held(holder) => holder,
        // The client leads to where it is set.
        ConnectFailure::NoApp => return Error::from(error).field("zoom_client_id"),
        _ => return error.into(),
    };
    let workspace = services
        .index
        .workspace(holder.workspace)
        .map(|row| row.record.name.clone());
    let member = holder.member();
    let member = member.and_then(|member| services.index.member(holder.workspace, member));
    let member = member.map(|row| row.record.name.clone());
    let message = format!(
        "That Zoom user is already connected for {} in {}, whose connection keeps working",
        member.unwrap_or_else(|| "a member who is gone".to_owned()),
        workspace.unwrap_or_else(|| "another workspace".to_owned()),
    );
    Error::conflict(message).hint(error.hint())
}
