//! POST /me/sendMail with a whole message: `Content-Type: text/plain` and its base64
//! (<https://learn.microsoft.com/graph/outlook-send-mime-message>).
//!
//! The envelope is what To, Cc and Bcc say. The form in JSON is not here: nothing of ours uses it.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Caller, GraphError};
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::directory::Account;
use crate::sandbox::microsoft::smtp::may_send_as;
use crate::sandbox::microsoft::world::World;
use crate::sandbox::mime;
use crate::sandbox::smtp::Sent;

pub(super) async fn send(
    State(microsoft): State<Microsoft>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    microsoft.with(|world| {
        let account = caller.admit_to_mailbox(world, &["Mail.Send"]);
        let sent = account.and_then(|account| hand_over(world, &account, kind, &body));
        match sent {
            // Accepted, which is not sent.
            Ok(()) => StatusCode::ACCEPTED.into_response(),
            Err(refused) => refused.answer(world),
        }
    })
}

fn hand_over(
    world: &mut World,
    account: &Account,
    kind: &str,
    body: &Bytes,
) -> Result<(), GraphError> {
    if !kind.starts_with("text/plain") {
        let text = format!("The sandbox takes messages as text/plain, and not as '{kind}'.");
        return Err(GraphError::BadBody(text));
    }
    let message = STANDARD.decode(body).map_err(|_| GraphError::NotBase64)?;
    let read = mime::read(&message).ok_or(GraphError::NotMime)?;
    let (from, to) = (mime::from(&read), mime::recipients(&read));
    if read.headers().is_empty() {
        return Err(GraphError::NotMime);
    }
    if !from
        .iter()
        .all(|from| may_send_as(world, &account.email, from))
    {
        return Err(GraphError::SendAsDenied);
    }
    if to.is_empty() {
        return Err(GraphError::NoRecipients);
    }
    if !world.may_send_now(&account.email) {
        return Err(GraphError::TooManyMessages);
    }
    let from = from.first().unwrap_or(&account.email).clone();
    let at = world.now();
    world.send(Sent {
        account: account.email.clone(),
        from,
        to,
        message: mime::with_field(&message, "Bcc", None),
        at,
    });
    Ok(())
}
