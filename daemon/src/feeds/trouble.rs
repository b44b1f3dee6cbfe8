//! Calendars that cannot be relied on, for those who look after the workspace.

use std::collections::HashMap;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;

use super::remove::company_of;
use crate::index::FeedRow;
use crate::records::feed::{FeedFrom, FeedState};
use crate::schedule::busy::OtherCalendar;
use crate::services::Services;

/// How long one may wait for its first reading before that is trouble, in seconds.
const FIRST_READING: i64 = 10 * 60;

/// A calendar that cannot be relied on, or several for one cause.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Whose and which.
    pub of: TroubleOf,
    /// Since when.
    pub since: Instant,
    /// What is wrong, as a sentence.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// Whose calendar, and which.
#[derive(Debug, Clone, PartialEq)]
pub enum TroubleOf {
    /// One of a member's.
    One {
        /// Whose it is.
        member: MemberBrief,
        /// What it is called here.
        name: String,
    },
    /// Those that one account reads of so many members, two at least.
    Many {
        /// At which provider.
        provider: AccountProvider,
        /// How many.
        members: usize,
    },
}

/// The calendars of a workspace that cannot be relied on, the longest first.
#[must_use]
pub fn troubles(services: &Services, workspace: WorkspaceId) -> Vec<Trouble> {
    let index = &services.index;
    let feeds = index.all_feeds(workspace);
    let now = services.clock.now();
    let wrong = feeds.iter().filter_map(|row| {
        // Those of a member who has just left are about to go.
        let member = index.member(workspace, row.place.member)?;
        let brief = member.record.brief(row.place.member);
        Some((row, (brief, trouble(row, now)?)))
    });
    let found = by_cause(wrong).into_iter().filter_map(|alike| {
        let count = alike.len();
        let mut alike = alike.into_iter();
        let (row, (member, (since, why, hint))) = alike.next()?;
        let since = alike
            .map(|(_, (_, (other, _, _)))| other)
            .fold(since, Instant::min);
        let of = match company_of(&row.feed.from).filter(|_| count > 1) {
            None => TroubleOf::One {
                member,
                name: row.feed.name.clone(),
            },
            Some(provider) => TroubleOf::Many {
                provider,
                members: count,
            },
        };
        Some((
            row.place,
            Trouble {
                of,
                since,
                why,
                hint,
            },
        ))
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(place, it)| (it.since, *place));
    found.into_iter().map(|(_, it)| it).collect()
}

/// Calendars with what is said of each, those together that one account reads and that have one
/// cause: it is one thing to do, however many members there are. In the order of the first of each.
#[must_use]
pub fn by_cause<'a, T>(
    wrong: impl Iterator<Item = (&'a FeedRow, T)>,
) -> Vec<Vec<(&'a FeedRow, T)>> {
    let mut causes = HashMap::new();
    let mut found: Vec<Vec<_>> = Vec::new();
    for (row, said) in wrong {
        let cause = company_of(&row.feed.from);
        let cause = cause.map(|provider| {
            let fault = row.feed.state.fault();
            (provider.word(), fault.map(|it| it.why.as_str()))
        });
        let place = match cause {
            Some(cause) => *causes.entry(cause).or_insert(found.len()),
            None => found.len(),
        };
        match found.get_mut(place) {
            Some(alike) => alike.push((row, said)),
            None => found.push(vec![(row, said)]),
        }
    }
    found
}

/// Since when a calendar cannot be relied on, why, and what to do. Pure.
fn trouble(row: &FeedRow, now: Instant) -> Option<(Instant, String, String)> {
    let name = &row.feed.name;
    if let FeedState::Broken { since, fault } = &row.feed.state {
        let usual = || format!("greenroom member busy refresh '{name}'");
        let hint = fault.hint.clone().unwrap_or_else(usual);
        return Some((*since, fault.why.clone(), hint));
    }
    let all = std::iter::once(row.calendar()).chain(row.unread());
    let outdated = all.filter_map(|calendar| outdated(row, calendar, now));
    outdated.min_by_key(|(since, ..)| *since)
}

/// The same of one of those that a source has, where it is too old.
fn outdated(
    row: &FeedRow,
    calendar: OtherCalendar,
    now: Instant,
) -> Option<(Instant, String, String)> {
    if calendar.known_until(now).is_some() {
        return None;
    }
    let since = match calendar.read_at {
        Some(read) => read.plus_seconds(calendar.good_for),
        None => row.feed.added_at.plus_seconds(FIRST_READING),
    };
    if since > now {
        return None;
    }
    if row.feed.from == FeedFrom::File {
        let name = &row.feed.name;
        let why = "It was read from a file more than two weeks ago".to_owned();
        let hint = format!("greenroom member busy add FILE --name '{name}' --replace");
        return Some((since, why, hint));
    }
    let usual = || "It has not been read for a while".to_owned();
    let why = calendar.fault.unwrap_or_else(usual);
    let again = match company_of(&row.feed.from) {
        Some(_) => "greenroom workspace calendars refresh",
        None => "greenroom member busy refresh",
    };
    let hint = format!("it is tried again; {again} tries it now");
    Some((since, why, hint))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use greenroom_protocol::id::{FeedId, MemberId};

    use super::*;
    use crate::records::feed::{Fault, FeedPlace, FeedRecord, ReadRecord, UnreadPart};

    fn at(second: i64) -> Instant {
        Instant::from_second(second)
    }

    fn row(from: FeedFrom, state: FeedState, read: Option<i64>) -> FeedRow {
        let read = read.map(|second| ReadRecord {
            read_at: at(second),
            known_from: at(0),
            known_to: at(1 << 40),
            entries: 1,
            warnings: Vec::new(),
            frame: String::new(),
            version: None,
            merges: false,
            unread: Vec::new(),
        });
        FeedRow {
            place: FeedPlace {
                member: MemberId::new(),
                feed: FeedId::new(),
            },
            feed: Arc::new(FeedRecord {
                name: "Work".into(),
                from,
                added_at: at(0),
                state,
            }),
            read: read.map(Arc::new),
        }
    }

    fn web() -> FeedFrom {
        FeedFrom::Url {
            host: "x.example".into(),
            ending: ".ics".into(),
        }
    }

    #[test]
    fn what_is_broken_is_trouble_at_once_and_what_may_pass_once_it_is_too_old() {
        let hour = 3600;
        let fault = Fault::bare("x.example cannot answer now (503)");
        let retrying = || FeedState::Retrying {
            since: at(100),
            fault: fault.clone(),
        };
        let broken = FeedState::Broken {
            since: at(100),
            fault: Fault::bare("reset"),
        };
        let since = |row: &FeedRow, now| trouble(row, at(now)).map(|it| it.0.second());
        assert_eq!(since(&row(web(), broken, Some(90)), 200), Some(100));
        let may_pass = row(web(), retrying(), Some(90));
        assert_eq!(since(&may_pass, hour), None);
        assert_eq!(since(&may_pass, 3 * hour), Some(90 + 2 * hour));
        let words = trouble(&may_pass, at(3 * hour)).map(|it| it.1);
        assert_eq!(words.as_deref(), Some("x.example cannot answer now (503)"));
        let new = row(web(), FeedState::Ok, None);
        assert_eq!((since(&new, 500), since(&new, 700)), (None, Some(600)));
        let day = 24 * hour;
        let file = row(FeedFrom::File, FeedState::Ok, Some(0));
        assert_eq!(since(&file, 14 * day), None);
        assert_eq!(since(&file, 15 * day), Some(14 * day));
    }

    #[test]
    fn a_calendar_of_an_account_that_cannot_be_read_is_trouble_though_the_others_are_new() {
        let hour = 3600;
        let part = |read: Option<i64>| UnreadPart {
            key: "k".into(),
            name: "Home".into(),
            since: at(100),
            fault: Fault::bare("x.example cannot answer now (503)"),
            read_at: read.map(at),
            known_to: at(1 << 40),
        };
        let row = |part| {
            let state = FeedState::Retrying {
                since: at(100),
                fault: Fault::bare("The calendar Home cannot be read"),
            };
            let mut row = row(web(), state, Some(3 * hour));
            let read = row.read.take().expect("it was read");
            row.read = Some(Arc::new(ReadRecord {
                unread: vec![part],
                ..(*read).clone()
            }));
            row
        };
        let since = |row: &FeedRow| trouble(row, at(3 * hour)).map(|it| it.0.second());
        assert_eq!(since(&row(part(Some(2 * hour)))), None);
        assert_eq!(since(&row(part(Some(90)))), Some(90 + 2 * hour));
        assert_eq!(since(&row(part(None))), Some(600));
    }

    #[test]
    fn what_one_account_reads_is_one_cause_and_what_is_a_members_is_their_own() {
        let broken = |why: &str| FeedState::Broken {
            since: at(100),
            fault: Fault::bare(why),
        };
        let rows = [
            row(FeedFrom::Google, broken("no grant"), Some(90)),
            row(web(), broken("reset"), Some(90)),
            row(FeedFrom::Google, broken("no grant"), Some(90)),
            row(FeedFrom::Google, broken("sam may not"), Some(90)),
            row(FeedFrom::Microsoft, broken("no grant"), Some(90)),
            row(web(), broken("reset"), Some(90)),
        ];
        let counts: Vec<_> = by_cause(rows.iter().map(|it| (it, ())))
            .iter()
            .map(Vec::len)
            .collect();
        assert_eq!(counts, [2, 1, 1, 1, 1]);
    }
}
