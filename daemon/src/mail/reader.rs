//! The member an email of Greenroom's own is for, and the workspace it is about: what every such
//! email is written with, as the records are when it leaves.

use greenroom_protocol::id::MemberId;

use super::message::{Letter, Person, Says};
use crate::outbox::record::{MessageRecord, Recipient};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// Whose name stands before the sender's address.
pub const FROM_NAME: &str = "Greenroom";

/// Who reads an email, and in which workspace.
pub struct Reader {
    /// The member.
    pub member: MemberRecord,
    /// The workspace.
    pub workspace: WorkspaceRecord,
}

/// The member an email is for, or why nobody should get it any more.
///
/// # Errors
/// The store can't be read.
pub async fn reader(
    tx: &Tx,
    space: &str,
    mail: &MessageRecord,
) -> Result<Result<Reader, &'static str>, StoreError> {
    match &mail.to {
        Recipient::Member(member) => Reader::find(tx, space, *member).await,
        Recipient::Candidate(_) | Recipient::Address(_) => Ok(Err("it is not for a member")),
    }
}

impl Reader {
    /// This member in their workspace, or why there is none.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn find(
        tx: &Tx,
        space: &str,
        member: MemberId,
    ) -> Result<Result<Self, &'static str>, StoreError> {
        let member = tx.peek::<MemberRecord>(space, &member.to_string()).await?;
        let Some(member) = member else {
            return Ok(Err("the member is gone"));
        };
        let workspace = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
        let found = |workspace| Self { member, workspace };
        Ok(workspace.map(found).ok_or("the workspace is gone"))
    }

    /// An email to them.
    #[must_use]
    pub fn letter(&self, says: Says) -> Letter {
        to_member(&self.member, says)
    }
}

/// An email of Greenroom's own to a member.
#[must_use]
pub fn to_member(member: &MemberRecord, says: Says) -> Letter {
    Letter {
        to: Person {
            name: member.name.clone(),
            address: member.email.clone(),
        },
        from_name: FROM_NAME.to_owned(),
        says,
    }
}
