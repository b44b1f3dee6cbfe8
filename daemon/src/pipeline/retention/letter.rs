//! The email to admins that announces an erasure. It names nobody: who it is, admins see where they
//! see candidates.

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::mail::message::{Says, greeting, when};
use crate::mail::reader::reader;
use crate::mail::{Author, Written};
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{Draft, Settled};
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// What is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Announcement {
    /// How many candidates.
    pub count: u64,
    /// When the first of them is erased.
    pub first: Instant,
}

impl Announcement {
    /// The email of it to an admin, to be asked for.
    pub fn draft(self, admin: MemberId, now: Instant) -> Draft {
        Draft {
            kind: MailKind::RetentionNotice,
            to: Recipient::Member(admin),
            about: About::Retention,
            not_before: now,
            follows: None,
            memo: serde_json::to_string(&self).ok(),
        }
    }
}

/// The author of email about candidates who are to be erased.
pub struct RetentionLetters {
    /// What time it is.
    pub clock: Clock,
}

impl RetentionLetters {
    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let reader = match reader(tx, space, mail).await? {
            Ok(reader) => reader,
            Err(why) => return unwanted(why),
        };
        let Some(months) = reader.workspace.keep_rejected else {
            return unwanted("candidates are kept for ever now");
        };
        let memo = mail.memo.as_deref().unwrap_or_default();
        let Ok(announcement) = serde_json::from_str(memo) else {
            return unwanted("nothing is known about it");
        };
        let (admin, workspace) = (&reader.member, &reader.workspace.name);
        let says = words(admin, workspace, months, announcement, self.clock.now());
        Ok(Written::Letter {
            letter: Box::new(reader.letter(says)),
            memo: mail.memo.clone(),
        })
    }
}

/// What the email says.
fn words(
    admin: &MemberRecord,
    workspace: &str,
    months: u32,
    Announcement { count, first }: Announcement,
    now: Instant,
) -> Says {
    let hello = greeting(&admin.name);
    let (who, were) = match count {
        1 => ("1 candidate".to_owned(), "was"),
        count => (format!("{count} candidates"), "were"),
    };
    let kept = match months {
        1 => "a month".to_owned(),
        months => format!("{months} months"),
    };
    let first = when::moment(first, &admin.zone, now);
    Says::Text {
        subject: format!("{who} will be erased ({workspace})"),
        text: format!(
            "{hello}\n\n{who} in {workspace} {were} rejected or withdrew {kept} ago or will have soon. As the workspace has \
             decided, Greenroom erases them, the first after {first}.\n\n\
             To see who and when:\n\n    greenroom workspace retention\n\n\
             To keep somebody, reopen the application. To keep all of them:\n\n    \
             greenroom workspace edit --keep-rejected off\n"
        ),
    }
}

impl Author for RetentionLetters {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(self.letter(tx, space, mail))
    }

    /// Who is to be erased shows on its own: nothing is noted of the email.
    fn settled<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        _: MailId,
        _: &'a MessageRecord,
        _: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}
