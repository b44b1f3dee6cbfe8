//! When colleagues are busy, as the server of one of them tells (RFC 6638, 5).

use greenroom_protocol::text::printable;
use url::Url;
use uuid::Uuid;

use super::answer;
use super::failure::{Cause, Failure};
use super::find::Found;
use super::read::has_busy_times;
use super::talk::{Talk, host};
use super::words::{can_be_asked, request};
use crate::network::{Login, Reader};
use crate::schedule::ranges::Seconds;

/// What is known of one colleague.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The address that was asked about.
    pub address: String,
    /// An iCalendar text with busy times, or why the server gives none.
    pub busy: Result<String, String>,
}

/// Asks a server when these addresses are busy, all of them in one request; an answer for each, in
/// their order. An address that the server says nothing of is not known to be free.
///
/// # Errors
/// Where the server has no outbox for this account, or gives no answer.
pub async fn ask_about(
    reader: &Reader,
    login: &Login,
    found: &Found,
    addresses: &[String],
    span: &Seconds,
    now: i64,
) -> Result<Vec<Colleague>, Failure> {
    let outbox = found.outbox.as_deref().and_then(|it| Url::parse(it).ok());
    let organizer = found.emails.iter().find(|it| can_be_asked(it));
    let (Some(outbox), Some(organizer)) = (outbox, organizer) else {
        let place = found
            .principal
            .as_deref()
            .and_then(|it| Url::parse(it).ok());
        let host = place.as_ref().map_or("the server", host);
        return Err(Failure::new(host, Cause::NoOutbox));
    };
    let talk = Talk { reader, login };
    let uid = Uuid::now_v7().to_string();
    let text = talk
        .post(&outbox, request(organizer, addresses, &uid, now, span))
        .await?;
    let unreadable = |why: String| Failure::new(host(&outbox), Cause::Unreadable(why));
    let answered = answer::answered(&text).map_err(|why| unreadable(why.to_string()))?;
    let of = |address: &String| {
        let told = answered
            .iter()
            .find(|it| it.address.eq_ignore_ascii_case(address));
        let busy = match told {
            Some(told) => match &told.text {
                // Anything else would read as free.
                Ok(text) if !has_busy_times(text) => Err("the answer has no busy times".to_owned()),
                Ok(text) => Ok(text.clone()),
                Err(why) => Err(printable(why, 100)),
            },
            None => Err("the server says nothing of this address".to_owned()),
        };
        Colleague {
            address: address.clone(),
            busy,
        }
    };
    Ok(addresses.iter().map(of).collect())
}
