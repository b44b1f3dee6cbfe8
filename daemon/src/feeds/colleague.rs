//! When a member is busy, as the CalDAV server of a colleague's account tells (RFC 6638).
//!
//! Invariant: an address that the server says nothing good of is not free: what it said before
//! stands, and why it says nothing is named.

use greenroom_protocol::text::printable;

use super::dav::{self, LONGEST_VERSION, Reached};
use super::seam::{Answer, Asked, Heard, NotHeard, Said};
use crate::caldav::{self, Failure, Found};
use crate::network::Login;
use crate::records::feed::{Fault, FeedPlace};
use crate::services::Services;

/// How to give the password again.
const GIVE_AGAIN: &str =
    "`greenroom member busy add --caldav URL --user USER --for-colleague EMAIL --replace`";

/// Asks the server of an account when `address` is busy.
pub(super) async fn hear(
    services: &Services,
    place: FeedPlace,
    (url, user): (&str, &str),
    address: &str,
    asked: &Asked,
) -> Answer {
    let Reached { url, login } =
        dav::reach(services, place, (url, user), (asked, GIVE_AGAIN)).await?;
    let known = dav::known(asked);
    let told = match known {
        Some(found) => match ask(services, &login, &found, address, asked).await {
            Err(failure) if dav::has_moved(&failure.cause) => None,
            told => Some((told, found)),
        },
        None => None,
    };
    let (told, found) = match told {
        Some(told) => told,
        None => {
            let found = find(services, &login, &url).await;
            let found = found.map_err(|it| dav::not_heard(&it, GIVE_AGAIN))?;
            let told = ask(services, &login, &found, address, asked).await;
            (told, found)
        }
    };
    let told = told.map_err(|it| dav::not_heard(&it, GIVE_AGAIN))?;
    let host = url.host_str().unwrap_or("the server");
    let text = told.map_err(|why| not_told(host, address, &why))?;
    let read = asked.text(text).await.map_err(|error| {
        tracing::error!(%error, "reading busy times crashed");
        NotHeard::Broken(Fault::bare("What it says could not be read"))
    })?;
    let read = read.map_err(|why| NotHeard::Broken(Fault::bare(why.to_string())))?;
    let known = dav::version(found, None);
    Ok(Heard::Said(Said {
        version: known.filter(|it| it.len() <= LONGEST_VERSION),
        // It tells no entries apart.
        entries: None,
        merges: true,
        ..Said::from(read)
    }))
}

/// The account whose server is asked: its outbox is known where the account itself is looked at.
async fn find(services: &Services, login: &Login, url: &url::Url) -> Result<Found, Failure> {
    let reader = &services.network;
    let found = caldav::find(reader, login, url).await?;
    let principal = found
        .principal
        .as_deref()
        .filter(|_| found.outbox.is_none());
    match principal.and_then(|it| url::Url::parse(it).ok()) {
        Some(principal) if principal != *url => caldav::find(reader, login, &principal).await,
        _ => Ok(found),
    }
}

/// What the server says of the address: busy times, or why there are none.
async fn ask(
    services: &Services,
    login: &Login,
    found: &Found,
    address: &str,
    asked: &Asked,
) -> Result<Result<String, String>, Failure> {
    let span = asked.from.second()..asked.to.second();
    let now = services.clock.now().second();
    let addresses = [address.to_owned()];
    let told = caldav::ask_about(&services.network, login, found, &addresses, &span, now).await?;
    let one = told.into_iter().next().map(|it| it.busy);
    Ok(one.unwrap_or_else(|| Err(String::new())))
}

/// Why an address is not told (RFC 5546, 3.6): 5 is of servers, and may pass.
fn not_told(host: &str, address: &str, why: &str) -> NotHeard {
    let (host, address) = (printable(host, 60), printable(address, 100));
    let why = match why.trim() {
        "" => "no reason given".to_owned(),
        why => printable(why, 100),
    };
    let text = format!("{host} does not tell when {address} is busy: {why}");
    if why.starts_with('5') {
        let fault = Fault::bare(text);
        return NotHeard::Later { fault, wait: None };
    }
    let hint = "check the address, or have them add their own account: greenroom member busy add \
                --caldav URL --user USER";
    NotHeard::Broken(Fault::new(text, hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_an_address_names_it_and_what_a_server_cannot_do_now_may_pass() {
        for (why, passes) in [
            ("3.7;Invalid calendar user", false),
            ("3.8;No authority", false),
            ("5.1;Could not complete delivery", true),
            ("", false),
            ("2.0;Success\u{7}", false),
        ] {
            let found = not_told("dav.acme.example", "sam@acme.example", why);
            assert_eq!(matches!(found, NotHeard::Later { .. }), passes, "{why}");
            let text = &found.fault().why;
            assert!(text.contains("sam@acme.example"), "{text}");
            assert!(!text.contains(char::is_control), "{text}");
        }
    }
}
