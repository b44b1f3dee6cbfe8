//! The record a change is about, as the caller expects it.
//!
//! One place for "it is gone" and "somebody else changed it"; the commit expects the record as it
//! was read here.

use greenroom_protocol::Error;

use crate::store::{Record, Revision, Tx};

/// Reads the record `id` in a transaction; refused where it is gone, or where the caller expects
/// another revision. `what` is the record's kind, for people.
pub(crate) async fn current<R: Record>(
    tx: &Tx,
    space: &str,
    id: &str,
    expected: Option<u64>,
    what: &str,
) -> Result<R, Error> {
    let record = tx.get::<R>(space, id).await?;
    let record = record.ok_or_else(|| Error::not_found(format!("the {what} is gone")))?;
    let Some(expected) = expected else {
        return Ok(record);
    };
    if tx.revision_of::<R>(space, id).await? != Some(Revision(expected)) {
        let refused = Error::conflict(format!("the {what} was changed by someone else"));
        return Err(refused.hint("look at it again, then decide"));
    }
    Ok(record)
}
