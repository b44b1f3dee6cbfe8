//! Which calendars of an account count.
//!
//! Invariant: what a server lists and says nothing of may be a calendar, so it is named and not passed
//! over.

use greenroom_protocol::text::printable;
use reqwest::StatusCode;
use url::Url;

use super::answer::About;
use super::failure::{Cause, Failure};
use super::find::{Found, Place};
use super::read::Told;
use super::talk::{Talk, host, own, refusal};

/// The most calendars of an account that are read.
const MOST_CALENDARS: usize = 50;

/// A calendar that is read.
pub(super) struct Calendar {
    pub url: Url,
    pub name: String,
    pub mark: Option<String>,
    pub only_free_busy: bool,
}

impl Calendar {
    pub(super) fn told(&self, texts: Result<Vec<String>, Failure>) -> Told {
        Told {
            url: self.url.to_string(),
            name: printable(&self.name, 60),
            texts,
        }
    }
}

/// What counts.
pub(super) struct Listed {
    /// The calendars that are read.
    pub calendars: Vec<Calendar>,
    /// Those that the server lists and says nothing of.
    pub told: Vec<Told>,
}

/// What is at a place.
enum Counts {
    Calendar(Calendar),
    /// Perhaps a calendar; the server does not say.
    Unread(Told),
    Nothing,
}

/// The calendars that count.
pub(super) async fn calendars(talk: Talk<'_>, found: &Found) -> Result<Listed, Failure> {
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
}
