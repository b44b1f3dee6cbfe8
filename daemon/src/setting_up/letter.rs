//! The email of a guide to somebody who makes the app.
//!
//! Invariant: it is written as it leaves, and does not leave once the workspace has the app.

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, MemberId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::setting_up::AppKind;
use greenroom_protocol::time::Instant;

use super::guide::{self, Asker};
use crate::access::RequestContext;
use crate::mail::message::{Letter, Person, Says};
use crate::mail::{Author, Written};
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{self, Draft, Settled, UNDO_SECONDS};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::store::{GLOBAL, StoreError, Tx};

/// Whose name stands before the sender's address.
const FROM_NAME: &str = "Greenroom";

/// The email to `to`, to be asked for.
pub(super) fn draft(app: AppKind, context: &RequestContext, to: &str, now: Instant) -> Draft {
    Draft {
        kind: MailKind::AppSteps,
        to: Recipient::Address(to.to_owned()),
        about: About::App(app),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows: None,
        // Who asks, to be named.
        memo: context.me().map(|me| me.brief.id.to_string()),
    }
}

/// Asks for the email, in the caller's transaction.
pub(super) fn post(
    tx: &Tx,
    context: &RequestContext,
    draft: Draft,
    now: Instant,
) -> Result<(), StoreError> {
    let by = context.me().map(|me| me.brief.id);
    outbox::post_for(tx, &context.space(), draft, by, now)?;
    context.audit(tx, now, context.workspace, &["app_steps"], &[])
}

/// The author of such email.
pub struct GuideLetters {
    /// The page where Zoom's apps are made.
    pub marketplace_url: String,
}

impl GuideLetters {
    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        app: AppKind,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let Recipient::Address(address) = &mail.to else {
            return unwanted("it is for no address");
        };
        let Some(workspace) = tx.peek::<WorkspaceRecord>(GLOBAL, space).await? else {
            return unwanted("the workspace is gone");
        };
        let there = match app {
            AppKind::Zoom => &workspace.zoom_client_id,
            AppKind::Google => &workspace.google_client_id,
            AppKind::Microsoft => &workspace.microsoft_client_id,
        };
        if there.is_some() {
            return unwanted("the workspace has the app now");
        }
        let member = mail.memo.as_deref().and_then(|id| id.parse().ok());
        let member = match member {
            Some(id) => {
                let id: MemberId = id;
                tx.peek::<MemberRecord>(space, &id.to_string()).await?
            }
            None => None,
        };
        let asker = member.as_ref().map(|member| Asker {
            name: &member.name,
            email: &member.email,
        });
        let guide = guide::of(app, &self.marketplace_url);
        let (subject, text) = guide.letter(asker, &workspace.name);
        Ok(Written::Letter {
            letter: Box::new(Letter {
                to: Person {
                    name: String::new(),
                    address: address.clone(),
                },
                from_name: FROM_NAME.to_owned(),
                says: Says::Text { subject, text },
            }),
            memo: mail.memo.clone(),
        })
    }
}

impl Author for GuideLetters {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::App(app) => self.letter(tx, space, app, mail).await,
                _ => Ok(Written::Unwanted("it is about no app".to_owned())),
            }
        })
    }

    /// Whether the app was made shows on its own: nothing is noted of the email.
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
