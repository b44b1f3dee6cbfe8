//! Calendars at an address of the web, in iCalendar.
//!
//! Invariant: the address is a secret, because anyone who has it reads the calendar. What is stored and
//! shown of it is its host and its last four characters, and no text here says more.

use ::url::Url;
use greenroom_protocol::Error;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::seam::{Answer, Asked, Heard, NotHeard, Said};
use super::secret;
use crate::calendars::{self, LONGEST, Unread};
use crate::network::{self, NoAnswer, Request, Verb};
use crate::records::feed::{Fault, FeedFrom, FeedPlace};
use crate::services::Services;

/// The longest address, in characters; those of Outlook have about 200.
const LONGEST_ADDRESS: usize = 2000;

/// How much of the end of an address is shown, in characters.
const SHOWN: usize = 4;

/// How to get a new address, where the old one does not work.
const COPY_AGAIN: &str = "copy the calendar's secret iCal address again, and give it with \
     `greenroom member busy add --url FILE --name NAME --replace`";

/// An address that somebody gave.
pub(super) struct Address {
    pub secret: SecretString,
    /// What may be stored and shown of it.
    pub from: FeedFrom,
}

/// Reads an address as people copy it.
pub(super) fn address(text: &str) -> Result<Address, Error> {
    let refused = |why: &str| Error::usage(why).field("url");
    let text = text.trim();
    if text.len() > LONGEST_ADDRESS {
        return Err(refused("The address is longer than 2000 characters"));
    }
    // What calendar programs make of https, so that a click subscribes.
    let https = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("webcal") => format!("https://{rest}"),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("webcals") => format!("https://{rest}"),
        _ => text.to_owned(),
    };
    let url = Url::parse(&https).ok().filter(Url::has_host);
    let url = url.ok_or_else(|| {
        refused("That is not an address of a calendar; it begins with https:// or webcal://")
    })?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(refused("The address must begin with https:// or webcal://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("The address must not contain a user name"));
    }
    let host: String = url
        .host_str()
        .unwrap_or_default()
        .chars()
        .take(100)
        .collect();
    let end: Vec<char> = https.chars().rev().take(SHOWN).collect();
    let ending = end.into_iter().rev().filter(char::is_ascii_graphic);
    Ok(Address {
        from: FeedFrom::Url {
            host,
            ending: ending.collect(),
        },
        secret: SecretString::from(https),
    })
}

/// What a server calls a state of a calendar, and what that state was.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Version {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    /// Of the body: many servers name no state, and send the same again.
    digest: String,
}

/// Asks the server of a feed's address.
pub(super) async fn hear(services: &Services, place: FeedPlace, asked: &Asked) -> Answer {
    let space = asked.workspace.to_string();
    let secret = match secret::read(services, &space, place.feed).await {
        Ok(Some(secret)) => secret,
        Ok(None) => return broken("Its address is not kept any more", COPY_AGAIN),
        Err(error) => {
            tracing::error!(%error, feed = %place.feed, "read the address of a calendar");
            return broken("Its address cannot be opened", "run `greenroom doctor`");
        }
    };
    let Ok(url) = Url::parse(secret.expose_secret()) else {
        return broken("Its address cannot be read", COPY_AGAIN);
    };
    let known = asked.version.as_deref();
    let known: Option<Version> = known.and_then(|it| serde_json::from_str(it).ok());
    let mut request = Request::new(Verb::Get, url, LONGEST);
    request = request.header(ACCEPT, "text/calendar, */*;q=0.1");
    if let Some(etag) = known.as_ref().and_then(|it| it.etag.as_deref()) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(modified) = known.as_ref().and_then(|it| it.modified.as_deref()) {
        request = request.header(IF_MODIFIED_SINCE, modified);
    }
    match services.network.ask(request).await {
        Ok(answer) => heard(answer, asked, known.as_ref()).await,
        Err(why) => Err(unanswered(&why)),
    }
}

/// What an answer says.
async fn heard(answer: network::Answer, asked: &Asked, known: Option<&Version>) -> Answer {
    if answer.status == StatusCode::NOT_MODIFIED && known.is_some() {
        return Ok(Heard::Same);
    }
    let host = host(&answer);
    if answer.status != StatusCode::OK {
        let wait = answer.header(RETRY_AFTER).and_then(|it| it.parse().ok());
        return Err(refused(&host, answer.status, wait));
    }
    let digest = Sha256::digest(&answer.body);
    let version = Version {
        etag: answer.header(ETAG).map(str::to_owned),
        modified: answer.header(LAST_MODIFIED).map(str::to_owned),
        digest: digest.iter().map(|it| format!("{it:02x}")).collect(),
    };
    if known.is_some_and(|it| it.digest == version.digest) {
        return Ok(Heard::Same);
    }
    let read = asked.text(calendars::text(&answer.body)).await;
    let read = read.map_err(|error| {
        tracing::error!(%error, "reading a calendar crashed");
        NotHeard::Broken(Fault::bare("What it says could not be read"))
    })?;
    let read = read.map_err(|why| NotHeard::Broken(no_calendar(&host, why)))?;
    if read.is_cut_off {
        return Err(NotHeard::Later {
            fault: Fault::bare(format!("What {host} sent stops in the middle")),
            wait: None,
        });
    }
    Ok(Heard::Said(Said {
        version: serde_json::to_string(&version).ok(),
        ..Said::from(read)
    }))
}

fn host(answer: &network::Answer) -> String {
    let host = answer.url.host_str().unwrap_or("the server");
    host.chars().take(100).collect()
}

fn no_calendar(host: &str, why: Unread) -> Fault {
    match why {
        Unread::WebPage => Fault::new(
            format!("{host} answered with a web page, such as a log-in page, and not a calendar"),
            COPY_AGAIN,
        ),
        Unread::NoCalendar => Fault::new(format!("What {host} sent is not a calendar"), COPY_AGAIN),
        Unread::TooLong => Fault::bare(format!("The calendar at {host} is larger than 5 MB")),
    }
}

/// What is made of a status that is no success.
fn refused(host: &str, status: StatusCode, wait: Option<i64>) -> NotHeard {
    let code = status.as_u16();
    match code {
        404 | 410 => NotHeard::Broken(Fault::new(
            format!("{host} has no calendar at that address ({code}): it may have been reset"),
            COPY_AGAIN,
        )),
        401 | 403 => NotHeard::Broken(Fault::new(
            format!("{host} does not let that address be read ({code})"),
            COPY_AGAIN,
        )),
        408 | 425 | 429 | 500..=599 => NotHeard::Later {
            fault: Fault::bare(format!("{host} cannot answer now ({code})")),
            wait,
        },
        _ => NotHeard::Broken(Fault::new(
            format!("{host} did not send a calendar ({code})"),
            COPY_AGAIN,
        )),
    }
}

fn unanswered(why: &NoAnswer) -> NotHeard {
    let fault = Fault {
        why: why.to_string(),
        hint: why.hint().map(str::to_owned),
    };
    match why.may_pass() {
        true => NotHeard::Later { fault, wait: None },
        false => NotHeard::Broken(fault),
    }
}

fn broken(why: &str, hint: &str) -> Answer {
    Err(NotHeard::Broken(Fault::new(why, hint)))
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::ErrorKind;

    use super::*;

    #[test]
    fn of_an_address_only_its_host_and_its_end_are_shown() {
        for (text, expected) in [
            (
                "  https://calendar.acme.example/ical/private-0badcafe/basic.ics\n",
                ("calendar.acme.example", ".ics"),
            ),
            ("webcal://x.example/s?token=abcdef", ("x.example", "cdef")),
            ("WebCal://x.example/1234567", ("x.example", "4567")),
            ("http://127.0.0.1:8080/a", ("127.0.0.1", "80/a")),
            ("https://x.example/s\u{e9}\u{301}", ("x.example", "/s")),
        ] {
            let read = address(text).expect("an address");
            let (host, ending) = expected;
            let (host, ending) = (host.to_owned(), ending.to_owned());
            assert_eq!(read.from, FeedFrom::Url { host, ending }, "{text}");
            assert!(!format!("{:?}", read.from).contains("badcafe"));
        }
        let webcal = address("webcal://x.example/a").expect("an address");
        assert_eq!(webcal.secret.expose_secret(), "https://x.example/a");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        let long = format!("https://x.example/{}", "a".repeat(2000));
        for text in [
            "",
            "calendar",
            "ftp://x.example/secret",
            "file:///etc/secret",
            "https://me:secret@x.example/",
            "https://",
            &long,
        ] {
            let refused = address(text).err().expect("refused");
            assert_eq!(refused.kind, ErrorKind::Usage, "{text}");
            assert!(!format!("{refused:?}").contains("secret"), "{refused:?}");
        }
    }

    #[test]
    fn a_refusal_says_whether_it_may_pass() {
        for (code, passes) in [
            (429, true),
            (503, true),
            (500, true),
            (404, false),
            (410, false),
            (403, false),
            (204, false),
            (418, false),
        ] {
            let status = StatusCode::from_u16(code).expect("a status");
            let found = refused("x.example", status, Some(60));
            let is_later = matches!(found, NotHeard::Later { wait: Some(60), .. });
            assert_eq!(is_later, passes, "{code}");
            assert!(found.fault().why.contains(&code.to_string()));
        }
    }
}
