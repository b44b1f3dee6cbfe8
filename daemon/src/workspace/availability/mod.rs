//! When people are free, as they say it: members' hours, and lists of days off.
//!
//! Owns what may be set and by whom. Invariant: what is stored can be read by
//! [`crate::schedule::hours`] without a check. Must not judge a time: that is the one predicate's,
//! which takes these from the index.

mod days_off;
mod hours;

use greenroom_protocol::Error;
use greenroom_protocol::id::{MemberId, WorkspaceId};

pub use self::days_off::{days_off, edit_days_off};
pub use self::hours::{member_hours, set_member_hours};
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord, DaysOffRecord};
use crate::services::Services;
use crate::store::Tx;

/// Removes a member's hours and takes them out of the lists that name them: they leave.
pub(super) async fn forget(
    services: &Services,
    tx: &Tx,
    workspace: WorkspaceId,
    member: MemberId,
) -> Result<(), Error> {
    let (space, key) = (workspace.to_string(), member.to_string());
    if tx.get::<AvailabilityRecord>(&space, &key).await?.is_some() {
        tx.delete::<AvailabilityRecord>(&space, &key)?;
    }
    if tx.get::<CalendarHoursRecord>(&space, &key).await?.is_some() {
        tx.delete::<CalendarHoursRecord>(&space, &key)?;
    }
    let lists = services.index.days_off(workspace).into_iter();
    for list in lists.filter(|it| it.record.members.contains(&member)) {
        let Some(mut record) = tx.get::<DaysOffRecord>(&space, &list.id).await? else {
            continue;
        };
        record.members.retain(|it| *it != member);
        // Without members it would be for everyone.
        match record.members.is_empty() {
            true => tx.delete::<DaysOffRecord>(&space, &list.id)?,
            false => tx.put(&space, &list.id, &record)?,
        }
    }
    Ok(())
}
