//! What becomes of an answer, in the commit that records it.
//!
//! Invariant: what a source does not say does not become free. Only an answer that is believed takes
//! the place of what was said before.

use greenroom_protocol::time::Instant;

use super::parts;
use super::seam::{Answer, Asked, Heard, NotHeard, Said};
use crate::records::feed::{
    self, Fault, FeedPlace, FeedRecord, FeedState, PartsRecord, ReadRecord,
};
use crate::store::{StoreError, Tx};

/// A calendar that had so many entries or more does not lose all of them at once: it is the wrong
/// one, or half of a page. One with fewer may.
const MANY: u32 = 5;

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
enum Outcome<'a> {
    /// What it said stands as before, and is fresh.
    Fresh(ReadRecord),
    /// It said this.
    New(&'a Said),
    /// What it said stands as before, and ages.
    Stands(FeedState),
}

/// Records what came of asking, in this commit; how reading the feed goes now. `None`: the feed was
/// removed meanwhile, and nothing is recorded.
///
/// # Errors
/// The store.
pub async fn settle(
    tx: &Tx,
    space: &str,
    place: FeedPlace,
    (asked, answer): (&Asked, &Answer),
    now: Instant,
) -> Result<Option<FeedState>, StoreError> {
    let key = &place.to_string();
    let Some(feed) = tx.get::<FeedRecord>(space, key).await? else {
        return Ok(None);
    };
    let before = tx.get::<ReadRecord>(space, key).await?;
    let kept = tx.get::<PartsRecord>(space, key).await?;
    let joined = match answer {
        Ok(Heard::Said(said)) => {
            let known = (before.as_ref(), kept.as_ref());
            Some(parts::joined(said, asked, known, (&feed.state, now)))
        }
        Ok(Heard::Same) | Err(_) => None,
    };
    let (whole, joined) = match joined {
        Some(Ok(joined)) => (Ok(Heard::Said(joined.said.clone())), Some(joined)),
        Some(Err(why)) => (Err(why), None),
        None => (answer.clone(), None),
    };
    let state = match outcome(&feed.state, before.as_ref(), &whole, now) {
        Outcome::Fresh(read) => {
            tx.put(space, key, &read)?;
            FeedState::Ok
        }
        Outcome::New(said) => {
            let joined = joined.as_ref();
            let unread = joined.map(|it| it.unread.clone()).unwrap_or_default();
            let read = ReadRecord {
                unread,
                ..asked.kept(said, now)
            };
            feed::put(tx, space, place, &read, &said.spans).await?;
            keep_parts(
                tx,
                space,
                key,
                (kept, joined.and_then(|it| it.kept.as_ref())),
            )?;
            let state = joined.and_then(|it| it.state.clone());
            state.unwrap_or(FeedState::Ok)
        }
        Outcome::Stands(state) => state,
    };
    if state != feed.state {
        let state = state.clone();
        tx.put(space, key, &FeedRecord { state, ..feed })?;
    }
    Ok(Some(state))
}

/// Keeps what each calendar of a source says, where that is new.
fn keep_parts(
    tx: &Tx,
    space: &str,
    key: &str,
    (before, now): (Option<PartsRecord>, Option<&PartsRecord>),
) -> Result<(), StoreError> {
    match now {
        Some(now) if before.as_ref() == Some(now) => Ok(()),
        Some(now) => tx.put(space, key, now),
        None if before.is_some() => tx.delete::<PartsRecord>(space, key),
        None => Ok(()),
    }
}

fn outcome<'a>(
    state: &FeedState,
    before: Option<&ReadRecord>,
    answer: &'a Answer,
    now: Instant,
) -> Outcome<'a> {
    let since = state.since().unwrap_or(now);
    let broken = |fault| Outcome::Stands(FeedState::Broken { since, fault });
    match answer {
        Ok(Heard::Same) => match before {
            Some(before) => Outcome::Fresh(ReadRecord {
                read_at: now,
                ..before.clone()
            }),
            None => {
                let why = "It says that nothing changed, and nothing is known of it yet";
                let fault = Fault::bare(why);
                Outcome::Stands(FeedState::Retrying { since, fault })
            }
        },
        Ok(Heard::Said(said)) => match before.and_then(|it| emptied(it, said)) {
            Some(fault) => broken(fault),
            None => Outcome::New(said),
        },
        Err(NotHeard::Later { fault, .. }) => Outcome::Stands(FeedState::Retrying {
            since,
            fault: fault.clone(),
        }),
        Err(NotHeard::Broken(fault)) => broken(fault.clone()),
    }
}

/// What is said of a calendar that had many entries and now has none.
fn emptied(before: &ReadRecord, said: &Said) -> Option<Fault> {
    if said.entries != Some(0) || before.entries < MANY {
        return None;
    }
    let why = format!(
        "It had {} entries, and now has none; what it said before stands",
        before.entries
    );
    let hint = "if it is right that it is empty, remove it and add it again";
    Some(Fault::new(why, hint))
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::calendar::CalendarWarning;

    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_second(second)
    }

    fn read(entries: u32) -> ReadRecord {
        ReadRecord {
            read_at: at(100),
            known_from: at(0),
            known_to: at(10_000),
            entries,
            warnings: Vec::<CalendarWarning>::new(),
            frame: "f".into(),
            version: Some("v".into()),
            merges: false,
            unread: Vec::new(),
        }
    }

    fn said(entries: Option<u32>) -> Answer {
        Ok(Heard::Said(Said {
            entries,
            ..Said::default()
        }))
    }

    #[test]
    fn a_calendar_that_lost_all_it_had_keeps_what_it_said() {
        let of = |before: Option<u32>, now: Option<u32>| {
            let before = before.map(read);
            let answer = said(now);
            let outcome = outcome(&FeedState::Ok, before.as_ref(), &answer, at(500));
            matches!(outcome, Outcome::New(_))
        };
        assert!(!of(Some(50), Some(0)));
        assert!(!of(Some(5), Some(0)));
        assert!(of(Some(4), Some(0)), "few may go at once");
        assert!(of(Some(50), Some(1)));
        assert!(of(Some(50), None), "free-busy tells no entries");
        assert!(of(None, Some(0)));
    }

    #[test]
    fn what_is_wrong_began_when_it_first_was() {
        let fault = |why: &str| Fault::bare(why);
        let later = |why| {
            Err(NotHeard::Later {
                fault: fault(why),
                wait: None,
            })
        };
        let first = later("no answer");
        let Outcome::Stands(first) = outcome(&FeedState::Ok, Some(&read(1)), &first, at(500))
        else {
            panic!("it stands");
        };
        let broken = Err(NotHeard::Broken(fault("reset")));
        let then = outcome(&first, Some(&read(1)), &broken, at(900));
        let expected = FeedState::Broken {
            since: at(500),
            fault: fault("reset"),
        };
        assert_eq!(then, Outcome::Stands(expected));
    }

    #[test]
    fn nothing_new_is_fresh_and_only_of_what_was_read() {
        let same = Ok(Heard::Same);
        let fresh = outcome(&FeedState::Ok, Some(&read(3)), &same, at(900));
        let expected = ReadRecord {
            read_at: at(900),
            ..read(3)
        };
        assert_eq!(fresh, Outcome::Fresh(expected));
        let never = outcome(&FeedState::Ok, None, &same, at(900));
        assert!(matches!(never, Outcome::Stands(FeedState::Retrying { .. })));
    }
}
