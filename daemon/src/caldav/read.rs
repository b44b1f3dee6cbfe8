//! What an account's calendars hold between two moments.

use greenroom_protocol::text::printable;
use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::answer::{self, About, Given};
use super::failure::{Cause, Failure};
use super::find::{Found, Place};
use super::talk::{Talk, host, own, refusal};
use super::words;
use crate::network::{Login, Reader};
use crate::schedule::ranges::Seconds;

/// The most calendars of an account that are read.
pub(super) const MOST_CALENDARS: usize = 50;

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

/// A calendar that is read.
struct Calendar {
    url: Url,
    name: String,
    mark: Option<String>,
    only_free_busy: bool,
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

impl Calendar {
    fn told(&self, texts: Result<Vec<String>, Failure>) -> Told {
        Told {
            url: self.url.to_string(),
            name: printable(&self.name, 60),
            texts,
        }
    }
}

/// What counts.
struct Listed {
    /// The calendars that are read.
    calendars: Vec<Calendar>,
    /// Those that the server lists and says nothing of.
    told: Vec<Told>,
}

/// What is at a place.
enum Counts {
    Calendar(Calendar),
    /// Perhaps a calendar; the server does not say.
    Unread(Told),
    Nothing,
}

/// The calendars that count.
async fn calendars(talk: Talk<'_>, found: &Found) -> Result<Listed, Failure> {
    let (homes, is_single) = match &found.place {
        Place::Calendar(url) => (std::slice::from_ref(url), true),
        Place::Homes(urls) => (urls.as_slice(), false),
    };
    let mut calendars: Vec<Calendar> = Vec::new();
    let mut told: Vec<Told> = Vec::new();
    let mut last = None;
    for home in homes {
        let url = Url::parse(home).map_err(|_| Failure::new("the server", Cause::NotCalDav))?;
        let (at, places) = talk.places(&url, !is_single).await?;
        for about in &places {
            let url = own(&at, &about.href)?;
            let is_home = !is_single && url.path() == at.path();
            // One calendar may be in two homes.
            let mut known = calendars.iter().map(|it| it.url.as_str());
            let mut unread = told.iter().map(|it| it.url.as_str());
            if known.any(|it| it == url.as_str()) || unread.any(|it| it == url.as_str()) {
                continue;
            }
            match counted(about, url, found, is_single, is_home)? {
                Counts::Calendar(calendar) => calendars.push(calendar),
                Counts::Unread(calendar) => told.push(calendar),
                Counts::Nothing => {}
            }
        }
        last = Some(at);
    }
    let host = last.as_ref().map_or("the server", host);
    match calendars.len() + told.len() {
        0 => Err(Failure::new(host, Cause::NoCalendars)),
        1..=MOST_CALENDARS => Ok(Listed { calendars, told }),
        _ => Err(Failure::new(host, Cause::TooManyCalendars)),
    }
}

/// The calendar at a place, if there is one that counts. What is unknown is not passed over, because
/// it may be a calendar.
fn counted(
    about: &About,
    url: Url,
    found: &Found,
    is_single: bool,
    is_home: bool,
) -> Result<Counts, Failure> {
    let name = about.name.clone().unwrap_or_else(|| last_of(&url));
    let status = about.status.unwrap_or(200);
    if !(200..300).contains(&status) || about.is_withheld {
        let refused = match about.is_withheld {
            true => Cause::Forbidden,
            false => StatusCode::from_u16(status).map_or(Cause::NotCalDav, refusal),
        };
        let failure = Failure::new(host(&url), refused);
        return match is_home || is_single {
            true => Err(failure),
            false => Ok(Counts::Unread(Told {
                url: url.to_string(),
                name: printable(&name, 60),
                texts: Err(failure),
            })),
        };
    }
    let calendar = || Calendar {
        name: name.clone(),
        mark: about.mark.clone(),
        only_free_busy: about.only_free_busy,
        url: url.clone(),
    };
    if is_single {
        let missing = || Failure::new(host(&url), Cause::Missing);
        return match about.is_calendar {
            true => Ok(Counts::Calendar(calendar())),
            false => Err(missing()),
        };
    }
    let is_own = match (&about.owner, &found.principal) {
        (Some(owner), Some(principal)) => {
            let owner = own(&url, owner).ok();
            let principal = Url::parse(principal).ok();
            // An owner whose address cannot be read is taken for the account.
            owner
                .zip(principal)
                .is_none_or(|(one, other)| same_path(&one, &other))
        }
        _ => true,
    };
    let counts = about.is_calendar && about.holds_events && !about.is_transparent && is_own;
    Ok(match counts {
        true => Counts::Calendar(calendar()),
        false => Counts::Nothing,
    })
}

fn same_path(one: &Url, other: &Url) -> bool {
    one.path().trim_end_matches('/') == other.path().trim_end_matches('/')
}

/// The last part of an address, as a name.
fn last_of(url: &Url) -> String {
    let mut parts = url.path().trim_end_matches('/').rsplit('/');
    parts.next().unwrap_or_default().to_owned()
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

    fn found() -> Found {
        Found {
            place: Place::Homes(vec!["https://dav.acme.example/dana/".to_owned()]),
            principal: Some("https://dav.acme.example/dana/".to_owned()),
            outbox: None,
            emails: Vec::new(),
        }
    }

    fn calendar() -> About {
        About {
            href: "/dana/work/".to_owned(),
            is_calendar: true,
            holds_events: true,
            ..About::default()
        }
    }

    #[test]
    fn only_the_accounts_own_calendars_that_take_time_count() {
        let counts = |about: About| counted(&about, url(), &found(), false, false);
        let owner = |it: &str| Some(it.to_owned());
        for (about, expected) in [
            (calendar(), true),
            (
                About {
                    owner: owner("/dana"),
                    ..calendar()
                },
                true,
            ),
            (
                About {
                    owner: owner("/sam/"),
                    ..calendar()
                },
                false,
            ),
            (
                About {
                    is_transparent: true,
                    ..calendar()
                },
                false,
            ),
            (
                About {
                    holds_events: false,
                    ..calendar()
                },
                false,
            ),
            (
                About {
                    is_calendar: false,
                    ..calendar()
                },
                false,
            ),
        ] {
            let counted = matches!(counts(about.clone()), Ok(Counts::Calendar(_)));
            assert_eq!(counted, expected, "{about:?}");
        }
        // A single one counts, however it is marked.
        let about = About {
            is_transparent: true,
            owner: owner("/sam/"),
            ..calendar()
        };
        let counted = counted(&about, url(), &found(), true, false);
        assert!(matches!(counted, Ok(Counts::Calendar(_))));
    }

    #[test]
    fn a_calendar_that_is_dead_or_withheld_is_named_with_why() {
        for (about, why) in [
            (
                About {
                    status: Some(503),
                    ..calendar()
                },
                Cause::Unwell(503),
            ),
            (
                About {
                    status: Some(404),
                    ..calendar()
                },
                Cause::Missing,
            ),
            (
                About {
                    is_withheld: true,
                    ..calendar()
                },
                Cause::Forbidden,
            ),
        ] {
            let Ok(Counts::Unread(told)) = counted(&about, url(), &found(), false, false) else {
                panic!("{about:?}");
            };
            assert_eq!(told.name, "work");
            assert_eq!(told.texts.unwrap_err().cause, why.clone());
            // Of the home itself, or of the one calendar that was given, it is the account's.
            for (is_single, is_home) in [(false, true), (true, false)] {
                let failure = counted(&about, url(), &found(), is_single, is_home);
                assert_eq!(failure.err().unwrap().cause, why);
            }
        }
        let gone = About {
            is_calendar: false,
            ..calendar()
        };
        let failure = counted(&gone, url(), &found(), true, false).err().unwrap();
        assert_eq!(failure.cause, Cause::Missing);
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
