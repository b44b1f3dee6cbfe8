//! Unix users of this machine and the members they are.
//!
//! Invariant: a link stands on both sides, in the member and under the user's number, or on none.

use greenroom_protocol::Error;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::workspace::{Member, MemberLink};

use super::member::one;
use super::record::{LinkRecord, MemberRecord};
use crate::access::Asking;
use crate::current::current;
use crate::rooms::Rooms;
use crate::store::{GLOBAL, Tx};

/// Links a Unix user to a member. A user or a member linked before gets the new link instead.
pub async fn link(rooms: &Rooms, asking: &Asking, request: MemberLink) -> Result<Member, Error> {
    let id = rooms.index.find_member(asking.workspace, &request.member)?;
    rooms
        .store
        .transact(|tx| async move {
            link_in(&tx, asking.workspace, id, request.uid).await?;
            let uid = [("uid", request.uid.to_string())];
            asking.audit(&tx, rooms.clock.now(), id, &["unix_uid"], &uid)?;
            Ok::<_, Error>(())
        })
        .await?;
    one(rooms, asking, id).await
}

/// Takes a link away.
pub async fn unlink(rooms: &Rooms, asking: &Asking, request: MemberLink) -> Result<Member, Error> {
    let id = rooms.index.find_member(asking.workspace, &request.member)?;
    let space = asking.space();
    rooms
        .store
        .transact(|tx| {
            let space = &space;
            async move {
                let mut record =
                    current::<MemberRecord>(&tx, space, &id.to_string(), None, "member").await?;
                if record.unix_uid != Some(request.uid) {
                    return Err(Error::not_found(
                        "unlink the member: that Unix user is not linked to them",
                    ));
                }
                unlink_in(&tx, asking.workspace, request.uid).await?;
                record.unix_uid = None;
                tx.put(space, &id.to_string(), &record)?;
                asking.audit(&tx, rooms.clock.now(), id, &["unix_uid"], &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(rooms, asking, id).await
}

/// Writes a link on both sides; the member must be in this transaction or the store already.
pub(super) async fn link_in(
    tx: &Tx,
    workspace: WorkspaceId,
    id: MemberId,
    uid: u32,
) -> Result<(), Error> {
    let space = workspace.to_string();
    let mut record = current::<MemberRecord>(tx, &space, &id.to_string(), None, "member").await?;
    if let Some(before) = record.unix_uid {
        unlink_in(tx, workspace, before).await?;
    }
    let mut links = tx
        .get::<LinkRecord>(GLOBAL, &uid.to_string())
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
    tx.put(GLOBAL, &uid.to_string(), &links)?;
    record.unix_uid = Some(uid);
    tx.put(&space, &id.to_string(), &record)?;
    Ok(())
}

pub(super) async fn unlink_in(tx: &Tx, workspace: WorkspaceId, uid: u32) -> Result<(), Error> {
    let mut links = tx
        .get::<LinkRecord>(GLOBAL, &uid.to_string())
        .await?
        .unwrap_or_default();
    links.members.retain(|(it, _)| *it != workspace);
    links.usual = links.usual.filter(|it| *it != workspace);
    match links.members.is_empty() {
        true => tx.delete::<LinkRecord>(GLOBAL, &uid.to_string())?,
        false => tx.put(GLOBAL, &uid.to_string(), &links)?,
    }
    Ok(())
}
