//! Calendars of an account at a CalDAV server.
//!
//! Invariant: the password is in the vault and in requests to the server of the address, nowhere
//! else. Where the calendars were found is kept with the version of what they said, so that a
//! reading that finds nothing new asks for nothing more.

use ::url::Url;
use greenroom_protocol::Error;
use greenroom_protocol::calendar::{CalendarAccount, CalendarWarning};
use greenroom_protocol::text::printable;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::seam::{Answer, Asked, Heard, NotHeard, Part, PartSaid, Said};
use super::secret;
use crate::caldav::{self, Cause, Failure, Found, Place, Told};
use crate::calendars::Read;
use crate::input;
use crate::network::Login;
use crate::records::feed::{Fault, FeedFrom, FeedPlace};
use crate::schedule::ranges::merged;
use crate::services::Services;

/// The longest address, user name or password, in bytes.
const LONGEST: usize = 1000;

/// The longest version that is kept, in bytes; a longer one is found again each time.
pub(super) const LONGEST_VERSION: usize = 1000;

/// How to give the password again.
const GIVE_AGAIN: &str = "`greenroom member busy add --caldav URL --user USER --replace`";

/// An account that somebody gave.
pub(super) struct Account {
    pub password: SecretString,
    /// What may be stored and shown of it.
    pub from: FeedFrom,
}

/// Reads an account as people give it. Where only a name of a server is given, it is at https.
pub(super) fn account(given: &CalendarAccount) -> Result<Account, Error> {
    let refused = |field: &'static str, why: &str| Error::usage(why).field(field);
    let text = given.url.trim();
    let text = match text.contains("://") {
        true => text.to_owned(),
        false => format!("https://{text}"),
    };
    let url = Url::parse(&text).ok().filter(Url::has_host);
    let url = url.filter(|it| text.len() <= LONGEST && matches!(it.scheme(), "https" | "http"));
    let mut url = url.ok_or_else(|| {
        refused(
            "url",
            "That is not an address of a server; it begins with https://",
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("url", "Give the user name apart from the address"));
    }
    url.set_fragment(None);
    url.set_query(None);
    let user = given.user.trim();
    let is_plain = !user.contains(':') && !user.contains(char::is_control);
    if user.is_empty() || user.len() > LONGEST || !is_plain {
        return Err(refused("user", "The user name is empty or cannot be sent"));
    }
    let password = given.password.reveal();
    if password.is_empty() || password.len() > LONGEST || password.contains(char::is_control) {
        return Err(refused(
            "password",
            "The password is empty or cannot be sent",
        ));
    }
    let (url, user) = (url.into(), user.to_owned());
    let from = match given.colleague.as_deref() {
        None => FeedFrom::CalDav { url, user },
        Some(colleague) => {
            let address = input::address("colleague", colleague)?;
            if !caldav::can_be_asked(&address) {
                let why = "A server cannot be asked about that address";
                return Err(refused("colleague", why));
            }
            FeedFrom::Colleague { url, user, address }
        }
    };
    Ok(Account {
        password: SecretString::from(password),
        from,
    })
}

/// What is shown of an account: who logs in, and at which server.
pub(super) fn shown(url: &str, user: &str) -> String {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("a server");
    format!("{} at {}", printable(user, 60), printable(host, 60))
}

/// Where the calendars are, and what their server calls the state they were in.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    found: Found,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

/// An account with its password, and where it is.
pub(super) struct Reached {
    pub url: Url,
    pub login: Login,
}

/// The account of a feed, ready to be asked; `give_again` says how to give its password again.
pub(super) async fn reach(
    services: &Services,
    place: FeedPlace,
    (url, user): (&str, &str),
    (asked, give_again): (&Asked, &str),
) -> Result<Reached, NotHeard> {
    let broken = |why, hint| Err(NotHeard::Broken(Fault::new(why, hint)));
    let space = asked.workspace.to_string();
    let password = match secret::read(services, &space, place.feed).await {
        Ok(Some(password)) => password,
        Ok(None) => return broken("Its password is not kept any more", give_again),
        Err(error) => {
            tracing::error!(%error, feed = %place.feed, "read the password of a calendar");
            return broken("Its password cannot be opened", "run `greenroom doctor`");
        }
    };
    let Ok(url) = Url::parse(url) else {
        return broken("Its address cannot be read", give_again);
    };
    let user = user.to_owned();
    Ok(Reached {
        url,
        login: Login { user, password },
    })
}

/// Where the account's calendars were found, if that is known.
pub(super) fn known(asked: &Asked) -> Option<Found> {
    Some(known_as(asked)?.found)
}

fn known_as(asked: &Asked) -> Option<Known> {
    serde_json::from_str(asked.version.as_deref()?).ok()
}

/// What is kept of where they were found, and of the state they were in.
pub(super) fn version(found: Found, state: Option<String>) -> Option<String> {
    serde_json::to_string(&Known { found, state }).ok()
}

/// Asks the server of an account.
pub(super) async fn hear(
    services: &Services,
    place: FeedPlace,
    account: (&str, &str),
    asked: &Asked,
) -> Answer {
    let Reached { url, login } = reach(services, place, account, (asked, GIVE_AGAIN)).await?;
    match ask(services, &url, &login, asked).await {
        Ok((heard, found)) => said(heard, found, asked).await,
        Err(failure) => Err(not_heard(&failure, GIVE_AGAIN)),
    }
}

/// What the account's calendars say, and where they are. They are looked for where that is not
/// known, and once more where they are no longer there.
async fn ask(
    services: &Services,
    url: &Url,
    login: &Login,
    asked: &Asked,
) -> Result<(caldav::Heard, Found), Failure> {
    let reader = &services.network;
    let span = asked.from.second()..asked.to.second();
    if let Some(Known { found, state }) = known_as(asked) {
        match caldav::read(reader, login, &found, &span, state.as_deref()).await {
            Err(failure) if has_moved(&failure.cause) => {}
            heard => return Ok((heard?, found)),
        }
    }
    let found = caldav::find(reader, login, url).await?;
    let heard = caldav::read(reader, login, &found, &span, None).await?;
    Ok((heard, found))
}

/// Whether calendars may be elsewhere now.
pub(super) fn has_moved(cause: &Cause) -> bool {
    use crate::network::Cause as C;
    matches!(
        cause,
        Cause::Missing
            | Cause::NotCalDav
            | Cause::NoCalendars
            | Cause::Forbidden
            | Cause::Network(C::Elsewhere { .. } | C::Nowhere | C::OnAndOn)
    )
}

async fn said(heard: caldav::Heard, found: Found, asked: &Asked) -> Answer {
    let (calendars, state) = match heard {
        caldav::Heard::Same => return Ok(Heard::Same),
        caldav::Heard::New { calendars, version } => (calendars, version),
    };
    let texts = calendars.iter();
    let texts = texts.filter_map(|it| it.texts.as_ref().ok().cloned());
    let read = asked.parts(texts.collect(), &found.emails).await;
    let read = read.map_err(|error| {
        tracing::error!(%error, "reading a calendar crashed");
        NotHeard::Broken(Fault::bare("What it says could not be read"))
    })?;
    let read = read.map_err(|why| NotHeard::Broken(Fault::bare(why.to_string())))?;
    // A single calendar that was given is the whole of it.
    let is_one = matches!(found.place, Place::Calendar(_));
    let known = version(found, state);
    let said = Said {
        version: known.filter(|it| it.len() <= LONGEST_VERSION),
        ..joined(calendars, read)
    };
    Ok(Heard::Said(match is_one {
        true => Said {
            parts: Vec::new(),
            ..said
        },
        false => said,
    }))
}

/// What calendars say together; `read` is what those say that were read, in their order.
fn joined(calendars: Vec<Told>, read: Vec<Read>) -> Said {
    let are_several = calendars.len() > 1;
    let mut read = read.into_iter();
    let (mut all, mut said) = (Vec::new(), Said::default());
    for Told { url, name, texts } in calendars {
        let told = match texts {
            Err(failure) => Err(not_heard(&failure, GIVE_AGAIN)),
            Ok(_) => {
                let read = read.next().unwrap_or_default();
                said.merges |= read.merges;
                said.warnings.extend(read.warnings.into_iter().map(|it| {
                    let message = match are_several {
                        true => format!("{name}: {}", it.message),
                        false => it.message,
                    };
                    CalendarWarning { message, ..it }
                }));
                all.extend_from_slice(&read.busy);
                Ok(PartSaid {
                    entries: u32::try_from(read.entries).unwrap_or(u32::MAX),
                    spans: read.busy,
                })
            }
        };
        let key = key(&url);
        said.parts.push(Part { key, name, told });
    }
    let entries = said.parts.iter().filter_map(|it| it.told.as_ref().ok());
    let entries = entries.fold(0_u32, |sum, it| sum.saturating_add(it.entries));
    Said {
        spans: merged(all),
        entries: Some(entries),
        ..said
    }
}

/// What tells a calendar from others, from its address.
fn key(url: &str) -> String {
    let sum = Sha256::digest(url);
    sum.iter().take(8).map(|it| format!("{it:02x}")).collect()
}

/// Why nothing was heard; `give_again` says how to give the password again.
pub(super) fn not_heard(failure: &Failure, give_again: &str) -> NotHeard {
    let mut hint = failure.hint();
    if is_refused(&failure.cause) {
        let first = hint.map(|it| format!("{it}; ")).unwrap_or_default();
        hint = Some(format!("{first}give the right one with {give_again}"));
    }
    let fault = Fault {
        why: failure.to_string(),
        hint,
    };
    match failure.may_pass() {
        true => NotHeard::Later { fault, wait: None },
        false => NotHeard::Broken(fault),
    }
}

fn is_refused(cause: &Cause) -> bool {
    match cause {
        Cause::Password => true,
        Cause::Calendar { why, .. } => is_refused(why),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::ErrorKind;
    use greenroom_protocol::secret::Opaque;

    use super::*;

    fn given(url: &str, user: &str, password: &str) -> CalendarAccount {
        CalendarAccount {
            url: url.into(),
            user: user.into(),
            password: Opaque::new(password),
            colleague: None,
        }
    }

    #[test]
    fn an_account_is_read_as_people_give_it() {
        for (url, expected) in [
            ("dav.acme.example", "https://dav.acme.example/"),
            (
                " https://dav.acme.example/dana/ ",
                "https://dav.acme.example/dana/",
            ),
            (
                "https://dav.acme.example/a?b=c#d",
                "https://dav.acme.example/a",
            ),
            ("http://127.0.0.1:5232", "http://127.0.0.1:5232/"),
        ] {
            let read = account(&given(url, " dana ", "s3cret")).expect("an account");
            let (url, user) = (expected.to_owned(), "dana".to_owned());
            assert_eq!(read.from, FeedFrom::CalDav { url, user });
            assert!(!format!("{:?}", read.from).contains("s3cret"));
        }
    }

    #[test]
    fn what_cannot_be_sent_is_refused_with_its_field_and_without_the_password() {
        let long = "a".repeat(LONGEST + 1);
        for (url, user, password, field) in [
            ("", "dana", "s3cret", "url"),
            ("ftp://dav.acme.example", "dana", "s3cret", "url"),
            (
                "https://dana:s3cret@dav.acme.example",
                "dana",
                "s3cret",
                "url",
            ),
            (&*long, "dana", "s3cret", "url"),
            ("dav.acme.example", "", "s3cret", "user"),
            ("dav.acme.example", "da:na", "s3cret", "user"),
            ("dav.acme.example", "da\nna", "s3cret", "user"),
            ("dav.acme.example", "dana", "", "password"),
            ("dav.acme.example", "dana", "s3cret\n", "password"),
            ("dav.acme.example", "dana", &*long, "password"),
        ] {
            let refused = account(&given(url, user, password)).err().expect("refused");
            assert_eq!(refused.kind, ErrorKind::Usage);
            assert_eq!(refused.field.as_deref(), Some(field), "{url} {user}");
            assert!(!format!("{refused:?}").contains("s3cret"), "{refused:?}");
        }
    }

    #[test]
    fn of_a_colleague_the_address_is_kept_and_one_that_cannot_be_asked_about_is_refused() {
        let of = |colleague: &str| CalendarAccount {
            colleague: Some(colleague.into()),
            ..given("dav.acme.example", "dana", "s3cret")
        };
        let read = account(&of(" sam@acme.example")).expect("an account");
        assert_eq!(
            read.from,
            FeedFrom::Colleague {
                url: "https://dav.acme.example/".into(),
                user: "dana".into(),
                address: "sam@acme.example".into(),
            }
        );
        for colleague in [
            "",
            "sam",
            "s\u{e4}m@acme.example",
            "sam@acme.example\r\nX:1",
        ] {
            let refused = account(&of(colleague)).err().expect("refused");
            assert_eq!(refused.field.as_deref(), Some("colleague"), "{colleague}");
        }
    }

    #[test]
    fn a_refused_password_says_how_to_give_another() {
        let host = "caldav.icloud.com".to_owned();
        let failure = Failure {
            host: host.clone(),
            cause: Cause::Password,
        };
        let refused = not_heard(&failure, GIVE_AGAIN);
        let NotHeard::Broken(fault) = refused else {
            panic!("it passes")
        };
        let hint = fault.hint.unwrap_or_default();
        assert!(
            hint.contains("account.apple.com") && hint.contains("--replace"),
            "{hint}"
        );
        let cause = Cause::Unwell(503);
        let unwell = not_heard(&Failure { host, cause }, GIVE_AGAIN);
        assert!(matches!(unwell, NotHeard::Later { .. }));
    }
}
