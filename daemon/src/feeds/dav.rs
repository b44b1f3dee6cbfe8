//! Calendars of an account at a CalDAV server.
//!
//! Invariant: the password is in the vault and in requests to the server of the address, nowhere
//! else. Where the calendars were found is kept with the version of what they said, so that a
//! reading that finds nothing new asks for nothing more.

use ::url::Url;
use greenroom_protocol::Error;
use greenroom_protocol::calendar::CalendarAccount;
use greenroom_protocol::text::printable;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::seam::{Answer, Asked, Heard, NotHeard, Said};
use super::secret;
use crate::caldav::{self, Cause, Failure, Found};
use crate::network::Login;
use crate::records::feed::{Fault, FeedFrom, FeedPlace};
use crate::services::Services;

/// The longest address, user name or password, in bytes.
const LONGEST: usize = 1000;

/// The longest version that is kept, in bytes; a longer one is found again each time.
const LONGEST_VERSION: usize = 1000;

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
    Ok(Account {
        password: SecretString::from(password),
        from: FeedFrom::CalDav {
            url: url.into(),
            user: user.to_owned(),
        },
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

/// Asks the server of an account.
pub(super) async fn hear(
    services: &Services,
    place: FeedPlace,
    (url, user): (&str, &str),
    asked: &Asked,
) -> Answer {
    let space = asked.workspace.to_string();
    let password = match secret::read(services, &space, place.feed).await {
        Ok(Some(password)) => password,
        Ok(None) => return broken("Its password is not kept any more", GIVE_AGAIN),
        Err(error) => {
            tracing::error!(%error, feed = %place.feed, "read the password of a calendar");
            return broken("Its password cannot be opened", "run `greenroom doctor`");
        }
    };
    let Ok(url) = Url::parse(url) else {
        return broken("Its address cannot be read", GIVE_AGAIN);
    };
    let login = Login {
        user: user.to_owned(),
        password,
    };
    match ask(services, &url, &login, asked).await {
        Ok((heard, found)) => said(heard, found, asked).await,
        Err(failure) => Err(not_heard(&failure)),
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
    let known = asked.version.as_deref();
    let known: Option<Known> = known.and_then(|it| serde_json::from_str(it).ok());
    if let Some(Known { found, state }) = known {
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
fn has_moved(cause: &Cause) -> bool {
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
    let (texts, state) = match heard {
        caldav::Heard::Same => return Ok(Heard::Same),
        caldav::Heard::New { texts, version } => (texts, version),
    };
    let read = asked.pieces(texts, &found.emails).await;
    let read = read.map_err(|error| {
        tracing::error!(%error, "reading a calendar crashed");
        NotHeard::Broken(Fault::bare("What it says could not be read"))
    })?;
    let read = read.map_err(|why| NotHeard::Broken(Fault::bare(why.to_string())))?;
    let known = serde_json::to_string(&Known { found, state }).ok();
    Ok(Heard::Said(Said {
        version: known.filter(|it| it.len() <= LONGEST_VERSION),
        ..Said::from(read)
    }))
}

fn not_heard(failure: &Failure) -> NotHeard {
    let mut hint = failure.hint();
    if is_refused(&failure.cause) {
        let first = hint.map(|it| format!("{it}; ")).unwrap_or_default();
        hint = Some(format!("{first}give the right one with {GIVE_AGAIN}"));
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

fn broken(why: &str, hint: &str) -> Answer {
    Err(NotHeard::Broken(Fault::new(why, hint)))
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
    fn a_refused_password_says_how_to_give_another() {
        let host = "caldav.icloud.com".to_owned();
        let refused = not_heard(&Failure {
            host: host.clone(),
            cause: Cause::Password,
        });
        let NotHeard::Broken(fault) = refused else {
            panic!("it passes")
        };
        let hint = fault.hint.unwrap_or_default();
        assert!(
            hint.contains("account.apple.com") && hint.contains("--replace"),
            "{hint}"
        );
        let cause = Cause::Unwell(503);
        let unwell = not_heard(&Failure { host, cause });
        assert!(matches!(unwell, NotHeard::Later { .. }));
    }
}
