//! Linking Unix users to the members they are.
//!
//! Invariant: a link of this machine is on both sides, in the member and under the user, or on none.
//! A member whose record names a user without a link here was linked on another machine; see
//! [`super::people`].

use greenroom_protocol::Error;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::workspace::{Member, MemberLink};
use nix::unistd::User;

use super::member::one;
use crate::access::RequestContext;
use crate::current::current;
use crate::input;
use crate::records::workspace::{LinkRecord, MemberRecord, UnixUser};
use crate::services::Services;
use crate::store::{GLOBAL, Tx};

/// Links a Unix user to a member. A user or a member linked before gets the new link instead.
pub async fn link(
    services: &Services,
    context: &RequestContext,
    request: MemberLink,
) -> Result<Member, Error> {
    let id = services
        .index
        .find_member(context.workspace, &request.member)?;
    let user = unix_user(&request).await?;
    let user = user.ok_or_else(|| {
        Error::usage("Name the Unix user")
            .field("user")
            .hint("name one with `--user NAME`, or by number with `--uid N`")
    })?;
    services
        .store
        .transact(|tx| async move {
            link_in(&tx, context.workspace, id, services.user(user)).await?;
            let uid = [("uid", user.to_string())];
            context.audit(&tx, services.clock.now(), id, &["unix_uid"], &uid)?;
            Ok::<_, Error>(())
        })
        .await?;
    one(services, context, id).await
}

/// Takes a link away: the member's, or only the one to the Unix user that is given.
pub async fn unlink(
    services: &Services,
    context: &RequestContext,
    request: MemberLink,
) -> Result<Member, Error> {
    let id = services
        .index
        .find_member(context.workspace, &request.member)?;
    let user = unix_user(&request).await?;
    let space = context.space();
    services
        .store
        .transact(|tx| {
            let space = &space;
            async move {
                let mut record =
                    current::<MemberRecord>(&tx, space, &id.to_string(), None, "member").await?;
                let linked = record
                    .unix_uid
                    .take_if(|uid| user.is_none_or(|user| user == *uid));
                let linked = linked.ok_or_else(|| {
                    Error::not_found(match user {
                        Some(_) => "That Unix user is not linked to this member",
                        None => "No Unix user is linked to this member",
                    })
                })?;
                unlink_in(&tx, context.workspace, id, services.user(linked)).await?;
                tx.put(space, &id.to_string(), &record)?;
                let uid = [("uid", linked.to_string())];
                context.audit(&tx, services.clock.now(), id, &["unix_uid"], &uid)?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// The number of the Unix user a request is about, if it names one. Names are this machine's: a
/// caller who comes by way of ssh may have others at home.
async fn unix_user(request: &MemberLink) -> Result<Option<u32>, Error> {
    let name = match (request.uid, &request.user) {
        (uid, None) => return Ok(uid),
        (Some(_), Some(_)) => {
            return Err(
                Error::usage("Give the Unix user's name or number, not both").field("user"),
            );
        }
        (None, Some(name)) => input::name("user", name)?,
    };
    let asked = name.clone();
    // The system may ask a directory service on the network.
    let found = tokio::task::spawn_blocking(move || User::from_name(&asked)).await;
    match found {
        Ok(Ok(Some(user))) => Ok(Some(user.uid.as_raw())),
        Ok(Ok(None)) => Err(Error::not_found(format!(
            "There is no Unix user {name} on the daemon's machine"
        ))
        .field("user")),
        Ok(Err(error)) => Err(Error::failed(format!(
            "Couldn't look up the Unix user {name}: {error}"
        ))),
        Err(stopped) => Err(Error::failed(format!(
            "Couldn't look up the Unix user: {stopped}"
        ))),
    }
}

/// Writes a link on both sides; the member must be in this transaction or the store already.
pub(super) async fn link_in(
    tx: &Tx,
    workspace: WorkspaceId,
    id: MemberId,
    user: UnixUser,
) -> Result<(), Error> {
    let space = workspace.to_string();
    let mut record = current::<MemberRecord>(tx, &space, &id.to_string(), None, "member").await?;
    if let Some(uid) = record.unix_uid {
        unlink_in(tx, workspace, id, UnixUser { uid, ..user }).await?;
    }
    let mut links = tx
        .get::<LinkRecord>(GLOBAL, &user.to_string())
        .await?
        .unwrap_or_default();
    if let Some((_, other)) = links
        .members
        .iter()
        .find(|(it, other)| *it == workspace && *other != id)
    {
        let other = other.to_string();
        if let Some(mut other_record) = tx.get::<MemberRecord>(&space, &other).await? {
            other_record.unix_uid = None;
            tx.put(&space, &other, &other_record)?;
        }
    }
    links.members.retain(|(it, _)| *it != workspace);
    links.members.push((workspace, id));
    links.usual.get_or_insert(workspace);
    tx.put(GLOBAL, &user.to_string(), &links)?;
    record.unix_uid = Some(user.uid);
    tx.put(&space, &id.to_string(), &record)?;
    Ok(())
}

/// Removes the link of a Unix user to this member, on the user's side. The number in a member's
/// record may be of another machine, and somebody else's here: their link stays.
pub(super) async fn unlink_in(
    tx: &Tx,
    workspace: WorkspaceId,
    id: MemberId,
    user: UnixUser,
) -> Result<(), Error> {
    let key = user.to_string();
    let Some(mut links) = tx.get::<LinkRecord>(GLOBAL, &key).await? else {
        return Ok(());
    };
    let link = (workspace, id);
    if !links.members.contains(&link) {
        return Ok(());
    }
    links.members.retain(|it| *it != link);
    links.usual = links.usual.filter(|it| *it != workspace);
    match links.members.is_empty() {
        true => tx.delete::<LinkRecord>(GLOBAL, &key)?,
        false => tx.put(GLOBAL, &key, &links)?,
    }
    Ok(())
}
