//! What an account's calendars hold between two moments.

use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::answer::{self, Given};
use super::failure::{Cause, Failure};
use super::find::Found;
use super::listed::{Calendar, Listed, calendars};
use super::talk::{Talk, host};
use super::words;
use crate::network::{Login, Reader};
use crate::schedule::ranges::Seconds;

/// What was heard.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing has changed since the version that is known.
    Same,
    /// What there is now.
    New {
        /// Every calendar that counts; at least one of them was read.
        calendars: Vec<Told>,
        /// What this state is called; `None` where the server does not say when it changes, or a
        /// calendar was not read.
        version: Option<String>,
    },
}

/// What a calendar says.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    /// Its address, which tells it from others.
    pub url: String,
    /// What it is called, harmless to show.
    pub name: String,
    /// iCalendar texts, one for each entry or one with busy times; or why there are none.
    pub texts: Result<Vec<String>, Failure>,
}

/// Reads an account's calendars; nothing more than a small request a home where they are still as
/// in the version that is `known`. One that cannot be read is named among the others.
///
/// # Errors
/// Where the server gives no answer or refuses, or none of the calendars can be read.
pub async fn read(
    reader: &Reader,
    login: &Login,
    found: &Found,
    span: &Seconds,
    known: Option<&str>,
) -> Result<Heard, Failure> {
    let talk = Talk { reader, login };
    let Listed {
        calendars,
        mut told,
    } = calendars(talk, found).await?;
    let version = version(span, &calendars).filter(|_| told.is_empty());
    if version.is_some() && version.as_deref() == known {
        return Ok(Heard::Same);
    }
    let mut is_slow = false;
    for calendar in &calendars {
        let texts = entries(talk, calendar, span).await;
        if let Err(failure) = &texts
            && is_of_the_server(&failure.cause, &mut is_slow)
        {
            return Err(failure.clone().of_calendar(&calendar.name));
        }
        told.push(calendar.told(texts));
    }
    if let Some(failure) = none_was_read(&told) {
        return Err(failure);
    }
    let is_whole = told.iter().all(|it| it.texts.is_ok());
    Ok(Heard::New {
        calendars: told,
        version: version.filter(|_| is_whole),
    })
}

/// Why nothing was read, where nothing was.
fn none_was_read(told: &[Told]) -> Option<Failure> {
    let failures = told.iter().map(|it| match &it.texts {
        Ok(_) => None,
        Err(why) => Some(why.clone().of_calendar(&it.name)),
    });
    let failures: Option<Vec<_>> = failures.collect();
    failures?.into_iter().next()
}

/// Whether the server answers about no other calendar either, so that they are not asked for. One
/// calendar may be too slow, with a second one it is the server.
fn is_of_the_server(cause: &Cause, is_slow: &mut bool) -> bool {
    use crate::network::Cause as C;
    match cause {
        Cause::Password => true,
        Cause::Network(C::TooLong(_) | C::Compressed | C::Nowhere | C::OnAndOn) => false,
        Cause::Network(C::Timeout) => std::mem::replace(is_slow, true),
        Cause::Network(_) => true,
        _ => false,
    }
}

/// What a state of all the calendars is called, where every one says when it changes. A time that
/// is asked about later is another state.
fn version(span: &Seconds, calendars: &[Calendar]) -> Option<String> {
    let mut sum = Sha256::new();
    sum.update(format!("{} {}\0", span.start, span.end));
    for calendar in calendars {
        let mark = calendar.mark.as_ref()?;
        sum.update(format!("{}\0{mark}\0", calendar.url));
    }
    let sum = sum.finalize();
    Some(sum.iter().take(16).map(|it| format!("{it:02x}")).collect())
}

async fn entries(
    talk: Talk<'_>,
    calendar: &Calendar,
    span: &Seconds,
) -> Result<Vec<String>, Failure> {
    if calendar.only_free_busy {
        return busy_times(talk, &calendar.url, span).await;
    }
    let query = words::entries(span);
    let answer = talk
        .report(&calendar.url, query, StatusCode::MULTI_STATUS)
        .await;
    let text = match answer {
        Err(failure) if failure.cause == Cause::Forbidden => {
            return busy_times(talk, &calendar.url, span).await;
        }
        answer => answer?,
    };
    let host = host(&calendar.url);
    let unreadable = |why: String| Failure::new(host, Cause::Unreadable(why));
    let given = answer::entries(&text).map_err(|why| unreadable(why.to_string()))?;
    let texts = given.into_iter().map(|it| match it {
        Given::Text(text) => Ok(text),
        Given::Not(status) => Err(unreadable(format!("an entry was not given ({status})"))),
    });
    texts.collect()
}

/// When the owner of a single calendar is busy, as its server tells; no entry is named.
///
/// # Errors
/// Where the server gives no answer, refuses, or its answer has no busy times.
pub async fn free_busy(
    reader: &Reader,
    login: &Login,
    url: &Url,
    span: &Seconds,
) -> Result<Vec<String>, Failure> {
    busy_times(Talk { reader, login }, url, span).await
}

async fn busy_times(talk: Talk<'_>, url: &Url, span: &Seconds) -> Result<Vec<String>, Failure> {
    let text = talk
        .report(url, words::free_busy(span), StatusCode::OK)
        .await?;
    // Anything else would read as free.
    if has_busy_times(&text) {
        return Ok(vec![text]);
    }
    let why = "it has no busy times".to_owned();
    Err(Failure::new(host(url), Cause::Unreadable(why)))
}

/// Whether a text says when somebody is busy, be it never, and is whole.
pub(super) fn has_busy_times(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    upper.contains("BEGIN:VFREEBUSY") && upper.trim_end().ends_with("END:VCALENDAR")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url() -> Url {
        Url::parse("https://dav.acme.example/dana/work/").unwrap()
    }

    #[test]
    fn what_is_wrong_with_the_server_is_not_asked_for_again() {
        use crate::network::Cause as C;
        for (cause, expected) in [
            (Cause::Password, true),
            (Cause::Network(C::Unreachable), true),
            (Cause::Network(C::Certificate), true),
            (Cause::Network(C::TooLong(1)), false),
            (Cause::Forbidden, false),
            (Cause::Missing, false),
            (Cause::Unwell(503), false),
            (Cause::Unreadable(String::new()), false),
        ] {
            assert_eq!(is_of_the_server(&cause, &mut false), expected, "{cause:?}");
        }
        let mut is_slow = false;
        let slow = Cause::Network(C::Timeout);
        assert!(!is_of_the_server(&slow, &mut is_slow));
        assert!(is_of_the_server(&slow, &mut is_slow));
    }

    #[test]
    fn where_no_calendar_was_read_the_first_says_why() {
        let told = |name: &str, texts| Told {
            url: name.to_owned(),
            name: name.to_owned(),
            texts,
        };
        let refused = || Err(Failure::new("dav.acme.example", Cause::Forbidden));
        let none = none_was_read(&[told("one", refused()), told("two", refused())]);
        let name = "one".to_owned();
        let why = Box::new(Cause::Forbidden);
        assert_eq!(none.unwrap().cause, Cause::Calendar { name, why });
        let some = [told("one", refused()), told("two", Ok(Vec::new()))];
        assert_eq!(none_was_read(&some), None);
    }

    #[test]
    fn a_version_changes_with_every_mark_and_with_the_time_asked_about() {
        let of = |span: Seconds, marks: &[Option<&str>]| {
            let calendars: Vec<_> = marks
                .iter()
                .map(|mark| Calendar {
                    url: url(),
                    name: String::new(),
                    mark: mark.map(str::to_owned),
                    only_free_busy: false,
                })
                .collect();
            version(&span, &calendars)
        };
        let one = of(0..10, &[Some("a"), Some("b")]);
        assert!(one.is_some());
        assert_eq!(one, of(0..10, &[Some("a"), Some("b")]));
        assert_ne!(one, of(0..11, &[Some("a"), Some("b")]));
        assert_ne!(one, of(0..10, &[Some("a"), Some("c")]));
        assert_ne!(one, of(0..10, &[Some("a")]));
        assert_eq!(of(0..10, &[Some("a"), None]), None);
    }
}
