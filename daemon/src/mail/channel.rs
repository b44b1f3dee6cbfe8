//! Emails as messages of the outbox: written by their authors, and handed to the route of their
//! workspace.

use futures::future::BoxFuture;
use greenroom_protocol::id::WorkspaceId;
use lettre::Address;

use super::Written;
use super::resolve::Mail;
use super::route::Route;
use crate::outbox::record::MessageRecord;
use crate::outbox::{self, Channel, Handed, Message, Place, Settled};
use crate::store::{StoreError, Tx};

/// Why an email waits that was written a moment before its workspace's address changed.
const CHANGED: &str =
    "the workspace's email settings changed as it was about to leave; it is written again";

impl Channel for Mail {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<outbox::Written, StoreError>> {
        Box::pin(async move {
            let (letter, memo) = match self.author().write(tx, place.space, record).await? {
                Written::Letter { letter, memo } => (letter, memo),
                Written::Unwanted(why) => return Ok(outbox::Written::Unwanted(why)),
            };
            let Place {
                space,
                workspace,
                id,
                at,
            } = place;
            let envelope = self.envelope(tx, space, workspace, id, record, at).await?;
            Ok(match letter.build(&envelope) {
                Ok(email) => outbox::Written::Message {
                    message: Message {
                        name: format!("{}.{}", place.id, place.workspace),
                        from: email.from.to_string(),
                        to: email.to.to_string(),
                        bytes: email.bytes,
                    },
                    address: letter.to.address,
                    memo,
                },
                Err(error) => outbox::Written::Impossible(error.to_string()),
            })
        })
    }

    fn hand_over<'a>(
        &'a self,
        workspace: WorkspaceId,
        message: &'a Message,
        again: bool,
    ) -> BoxFuture<'a, Handed> {
        Box::pin(async move {
            let route = self.of(workspace);
            // Written just before the settings changed: nothing has left, so it is written anew.
            // One that may have left keeps its address.
            if !again && !is_from(&route, message) {
                return Handed::NotTaken(CHANGED.to_owned());
            }
            route.hand_over(message, again).await
        })
    }

    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.author()
            .settled(tx, place.space, place.id, record, outcome)
    }
}

/// Whether a message is from the address that the route sends from.
fn is_from(route: &Route, message: &Message) -> bool {
    let address = |text: &str| text.parse::<Address>().ok();
    message.from == route.from() || address(&message.from) == address(route.from())
}
