//! Calendars that cannot be relied on, for those who look after the workspace.

use greenroom_protocol::id::{FeedId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;

use super::sources::is_read;
use crate::index::FeedRow;
use crate::records::feed::FeedState;
use crate::services::Services;

/// How long one may wait for its first reading before that is trouble, in seconds.
const FIRST_READING: i64 = 10 * 60;

/// A calendar that cannot be relied on.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Whose it is.
    pub member: MemberBrief,
    /// Which.
    pub feed: FeedId,
    /// What it is called here.
    pub name: String,
    /// Since when.
    pub since: Instant,
    /// What is wrong, as a sentence.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// The calendars of a workspace that cannot be relied on, the longest first.
#[must_use]
pub fn troubles(services: &Services, workspace: WorkspaceId) -> Vec<Trouble> {
    let index = &services.index;
    let feeds = index.all_feeds(workspace);
    let now = services.clock.now();
    let found = feeds.iter().filter_map(|row| {
        let (since, why, hint) = trouble(row, now)?;
        // Those of a member who has just left are about to go.
        let member = index.member(workspace, row.place.member)?;
        Some(Trouble {
            member: member.record.brief(row.place.member),
            feed: row.place.feed,
            name: row.feed.name.clone(),
            since,
            why,
            hint,
        })
    });
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|it| (it.since, it.feed));
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
    let calendar = row.calendar();
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
    if !is_read(&row.feed.from) {
        let why = "It was read from a file more than two weeks ago".to_owned();
        let hint = format!("greenroom member busy add FILE --name '{name}' --replace");
        return Some((since, why, hint));
    }
    let usual = || "It has not been read for a while".to_owned();
    let why = calendar.fault.unwrap_or_else(usual);
    let hint = "it is tried again; greenroom member busy refresh tries it now".to_owned();
    Some((since, why, hint))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use greenroom_protocol::id::MemberId;

    use super::*;
    use crate::records::feed::{Fault, FeedFrom, FeedPlace, FeedRecord, ReadRecord};

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
}
