//! From an address that a person gave to somebody's calendars (RFC 6764, RFC 4791).

use serde::{Deserialize, Serialize};
use url::Url;

use super::answer::About;
use super::failure::{Cause, Failure};
use super::talk::{Talk, host, own, refusal};
use crate::network::{Login, Reader};

/// The most homes of an account.
const MOST_HOMES: usize = 5;

/// Where somebody's calendars are. It is kept, so that they are not looked for each time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The calendars.
    pub place: Place,
    /// The account's own address at the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Where the server is asked about colleagues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbox: Option<String>,
    /// The account's email addresses, as the server knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
}

/// Which calendars are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The one at this address, whatever it is marked as.
    Calendar(String),
    /// Those of the account's own below these addresses that count as busy.
    Homes(Vec<String>),
}

/// What an address leads to.
enum Leads {
    To(Found),
    /// To the account itself, which says where its calendars are.
    Principal(Url),
    Nowhere,
}

/// Looks for the calendars of an account. The address may be of a server, an account, a home of
/// calendars or a single calendar.
///
/// # Errors
/// Where the server gives no answer, refuses the password, or has no calendars there.
pub async fn find(reader: &Reader, login: &Login, url: &Url) -> Result<Found, Failure> {
    if let Some(whose) = takes_no_password(url) {
        return Err(Failure::new(host(url), Cause::NoPassword(whose)));
    }
    let talk = Talk { reader, login };
    let mut first = None;
    for candidate in candidates(url) {
        match look(talk, &candidate).await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(failure) if is_final(url, &failure.cause) => return Err(failure),
            Err(failure) => first = first.or(Some(failure)),
        }
    }
    let none = Failure::new(host(url), Cause::NoCalendars);
    Err(first.unwrap_or(none))
}

/// Whether it is no use to look at other addresses of the same server than the given one. Somebody
/// who names a single place that is gone or not theirs does not mean all of their calendars.
fn is_final(given: &Url, cause: &Cause) -> bool {
    use crate::network::Cause as C;
    match cause {
        Cause::Network(C::Elsewhere { .. } | C::Nowhere | C::OnAndOn | C::Plain) => false,
        Cause::Network(_) | Cause::Password | Cause::Unwell(_) => true,
        Cause::Forbidden | Cause::Missing => given.path() != "/",
        _ => false,
    }
}

/// Whose servers take no password.
#[must_use]
pub fn takes_no_password(url: &Url) -> Option<&'static str> {
    let host = host(url);
    let of = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
    if of("google.com") || of("googleusercontent.com") {
        return Some("Google");
    }
    let microsoft = of("outlook.com") || of("office365.com") || of("office.com");
    microsoft.then_some("Microsoft")
}

/// Where calendars may be announced: at the address itself, where every server announces them, and
/// where Nextcloud has them.
fn candidates(url: &Url) -> Vec<Url> {
    let mut candidates = vec![url.clone()];
    for path in ["/.well-known/caldav", "/remote.php/dav/"] {
        let mut candidate = url.clone();
        candidate.set_path(path);
        candidate.set_query(None);
        candidate.set_fragment(None);
        if candidate != *url {
            candidates.push(candidate);
        }
    }
    candidates
}

async fn look(talk: Talk<'_>, url: &Url) -> Result<Option<Found>, Failure> {
    let (at, places) = talk.places(url, false).await?;
    let about = only(&at, places)?;
    let principal = match leads(&at, &about)? {
        Leads::To(found) => return Ok(Some(found)),
        Leads::Principal(principal) => Some(principal),
        Leads::Nowhere => None,
    };
    if let Some(url) = &principal {
        let (at, places) = talk.places(url, false).await?;
        let about = only(&at, places)?;
        if let Leads::To(found) = leads(&at, &about)? {
            return Ok(Some(found));
        }
    }
    // Some servers do not say where an account's calendars are, and a home may have been given.
    let (at, places) = talk.places(&at, true).await?;
    let has_calendars = places.iter().any(|it| it.is_calendar);
    Ok(has_calendars.then(|| Found {
        place: Place::Homes(vec![at.to_string()]),
        principal: principal.map(String::from),
        outbox: None,
        emails: Vec::new(),
    }))
}

/// What was said of the one place that was asked about.
fn only(at: &Url, places: Vec<About>) -> Result<About, Failure> {
    let about = places.into_iter().next();
    let about = about.ok_or_else(|| Failure::new(host(at), Cause::NotCalDav))?;
    let status = about.status.unwrap_or(200);
    if (200..300).contains(&status) {
        return Ok(about);
    }
    let cause = reqwest::StatusCode::from_u16(status).map_or(Cause::NotCalDav, refusal);
    Err(Failure::new(host(at), cause))
}

fn leads(at: &Url, about: &About) -> Result<Leads, Failure> {
    if about.is_anonymous {
        return Err(Failure::new(host(at), Cause::Password));
    }
    let principal = about
        .principal
        .as_deref()
        .map(|it| own(at, it))
        .transpose()?;
    let outbox = about.outbox.as_deref().map(|it| own(at, it)).transpose()?;
    let found = |place, principal: Option<Url>| {
        Leads::To(Found {
            place,
            principal: principal.map(String::from),
            outbox: outbox.clone().map(String::from),
            emails: about.emails.clone(),
        })
    };
    if about.is_calendar {
        return Ok(found(Place::Calendar(at.to_string()), principal));
    }
    // Of somebody else's account, only what they share is seen, at its own address.
    let homes = about.homes.iter().take(MOST_HOMES);
    let homes: Result<Vec<_>, _> = homes.map(|it| own(at, it).map(String::from)).collect();
    let homes = homes?;
    if !homes.is_empty() {
        let of_whom = match about.is_principal {
            true => Some(at.clone()),
            false => principal,
        };
        return Ok(found(Place::Homes(homes), of_whom));
    }
    Ok(match principal {
        Some(principal) if principal.path() != at.path() => Leads::Principal(principal),
        _ => Leads::Nowhere,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_tried_itself_and_then_where_servers_announce_calendars() {
        let of = |url: &str| {
            let candidates = candidates(&Url::parse(url).unwrap());
            candidates
                .iter()
                .map(|it| it.path().to_owned())
                .collect::<Vec<_>>()
        };
        let known = ["/.well-known/caldav", "/remote.php/dav/"];
        assert_eq!(of("https://dav.acme.example"), ["/", known[0], known[1]]);
        assert_eq!(
            of("https://a.example/apps/calendar?x"),
            ["/apps/calendar", known[0], known[1]]
        );
        assert_eq!(
            of("https://a.example/remote.php/dav/"),
            [known[1], known[0]]
        );
    }

    #[test]
    fn a_place_that_is_gone_does_not_stand_for_all_of_the_account() {
        let of = |url: &str, cause: &Cause| is_final(&Url::parse(url).unwrap(), cause);
        let (server, place) = (
            "https://dav.acme.example",
            "https://dav.acme.example/dana/work/",
        );
        for (cause, of_server, of_place) in [
            (Cause::Missing, false, true),
            (Cause::Forbidden, false, true),
            // A page of the same server, as people copy it from the browser.
            (Cause::NotCalDav, false, false),
            (Cause::Password, true, true),
            (Cause::Unwell(503), true, true),
            (Cause::Network(crate::network::Cause::Timeout), true, true),
            (Cause::Network(crate::network::Cause::OnAndOn), false, false),
        ] {
            assert_eq!(
                (of(server, &cause), of(place, &cause)),
                (of_server, of_place),
                "{cause:?}"
            );
        }
    }

    #[test]
    fn providers_without_passwords_are_named_before_they_are_asked() {
        let of = |url: &str| takes_no_password(&Url::parse(url).unwrap());
        assert_eq!(
            of("https://apidata.googleusercontent.com/caldav/v2/"),
            Some("Google")
        );
        assert_eq!(of("https://calendar.google.com/"), Some("Google"));
        assert_eq!(of("https://outlook.office365.com/"), Some("Microsoft"));
        assert_eq!(of("https://notgoogle.com/"), None);
        assert_eq!(of("https://caldav.fastmail.com/"), None);
    }

    #[test]
    fn what_was_found_is_read_back_without_the_fields_added_since() {
        let stored = r#"{"place":{"homes":["https://dav.acme.example/dana/"]}}"#;
        let found: Found = serde_json::from_str(stored).unwrap();
        assert_eq!(found.emails, Vec::<String>::new());
        assert_eq!(serde_json::to_string(&found).unwrap(), stored);
    }
}
