//! Sources of several calendars, of which one may fail alone. Pure.
//!
//! Invariant: a calendar that cannot be read keeps what it said and is named with its age, while the
//! others are as new as the reading; where what it said is not known apart, all of the source stands
//! as it was.

use std::collections::BTreeMap;

use greenroom_protocol::time::Instant;

use super::seam::{Asked, NotHeard, Part, PartSaid, Said};
use crate::records::feed::{
    Fault, FeedState, MOST_PART_SPANS, PartRecord, PartsRecord, ReadRecord, UnreadPart,
};
use crate::schedule::ranges::merged;

/// What a source says with what its unreadable calendars said before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Joined {
    pub said: Said,
    /// The calendars that could not be read.
    pub unread: Vec<UnreadPart>,
    /// What is kept of each; `None`: the source has no parts.
    pub kept: Option<PartsRecord>,
    /// How reading the source goes, where not all of it was read.
    pub state: Option<FeedState>,
}

/// Joins what was said now with what is kept from before.
///
/// # Errors
/// Why a calendar cannot be read of which is not known apart what it said.
pub(super) fn joined(
    said: &Said,
    asked: &Asked,
    (before, kept): (Option<&ReadRecord>, Option<&PartsRecord>),
    (state, now): (&FeedState, Instant),
) -> Result<Joined, NotHeard> {
    if said.parts.is_empty() {
        return Ok(Joined {
            said: said.clone(),
            unread: Vec::new(),
            kept: None,
            state: None,
        });
    }
    let failed = said.parts.iter().filter_map(|part| match &part.told {
        Ok(_) => None,
        Err(why) => Some((part, why)),
    });
    let failed: Vec<_> = failed.collect();
    let is_known_apart = match (before, kept) {
        (None, _) => true,
        (Some(_), Some(kept)) => !kept.is_too_much,
        (Some(_), None) => false,
    };
    if let Some((part, why)) = failed.first().filter(|_| !is_known_apart) {
        return Err(named(part, why, ""));
    }
    let mut parts = BTreeMap::new();
    for part in &said.parts {
        let said = match &part.told {
            Ok(said) => record(said),
            Err(_) => match kept.and_then(|it| it.parts.get(&part.key)) {
                Some(before) => before.clone(),
                None => continue,
            },
        };
        parts.insert(part.key.clone(), said);
    }
    let unread = failed.iter().map(|(part, why)| {
        let was_read = kept.is_some_and(|it| it.parts.contains_key(&part.key));
        unread(part, why.fault(), asked, (before, was_read), now)
    });
    let unread: Vec<_> = unread.collect();
    let spans = parts.values().flat_map(|it| &it.spans);
    let spans = spans.map(|(start, end)| *start..*end).collect();
    let entries = parts.values();
    let entries = entries.fold(0_u32, |sum, it| sum.saturating_add(it.entries));
    let said = Said {
        spans: merged(spans),
        entries: Some(entries),
        parts: Vec::new(),
        ..said.clone()
    };
    let count: usize = parts.values().map(|it| it.spans.len()).sum();
    let kept = match count > MOST_PART_SPANS {
        true => PartsRecord {
            parts: BTreeMap::new(),
            is_too_much: true,
        },
        false => PartsRecord {
            parts,
            is_too_much: false,
        },
    };
    Ok(Joined {
        said,
        state: standing(&failed, state, now),
        unread,
        kept: Some(kept),
    })
}

fn record(said: &PartSaid) -> PartRecord {
    PartRecord {
        entries: said.entries,
        spans: said.spans.iter().map(|it| (it.start, it.end)).collect(),
    }
}

/// A calendar that could not be read; `before` is the last reading, and `was_read` whether anything
/// is known of what it said.
fn unread(
    part: &Part,
    fault: &Fault,
    asked: &Asked,
    (before, was_read): (Option<&ReadRecord>, bool),
    now: Instant,
) -> UnreadPart {
    let failed = before.and_then(|it| it.unread.iter().find(|it| it.key == part.key));
    // What was read by another clock is not known by this one.
    let read = before.filter(|it| was_read && asked.is_like(it));
    let (read_at, known_to) = match (read, failed) {
        (None, _) => (None, now),
        (Some(_), Some(failed)) => (failed.read_at, failed.known_to),
        (Some(read), None) => (Some(read.read_at), read.known_to),
    };
    UnreadPart {
        key: part.key.clone(),
        name: part.name.clone(),
        since: failed.map_or(now, |it| it.since),
        fault: fault.clone(),
        read_at,
        known_to,
    }
}

/// How reading a source goes of which these calendars failed.
fn standing(failed: &[(&Part, &NotHeard)], before: &FeedState, now: Instant) -> Option<FeedState> {
    let is_lasting = |why: &NotHeard| matches!(why, NotHeard::Broken(_));
    let lasting = failed.iter().find(|(_, why)| is_lasting(why));
    let (part, why) = lasting.or(failed.first())?;
    let rest = match failed.len() {
        1 => "; the others are read".to_owned(),
        count => format!("; nor can {} more; the others are read", count - 1),
    };
    let since = before.since().unwrap_or(now);
    let fault = named(part, why, &rest).fault().clone();
    Some(match is_lasting(why) {
        true => FeedState::Broken { since, fault },
        false => FeedState::Retrying { since, fault },
    })
}

/// Why a calendar cannot be read, with its name.
fn named(part: &Part, why: &NotHeard, rest: &str) -> NotHeard {
    let fault = why.fault();
    let text = format!(
        "The calendar {} cannot be read: {}{rest}",
        part.name, fault.why
    );
    let fault = Fault {
        why: text,
        hint: fault.hint.clone(),
    };
    match why {
        NotHeard::Later { wait, .. } => NotHeard::Later { fault, wait: *wait },
        NotHeard::Broken(_) => NotHeard::Broken(fault),
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::WorkspaceId;
    use proptest::prelude::*;

    use super::*;
    use crate::records::workspace::MemberRecord;
    use crate::schedule::ranges::Seconds;

    const NOW: i64 = 1_796_029_200;

    fn at(second: i64) -> Instant {
        Instant::from_second(second)
    }

    fn asked(zone: &str) -> Asked {
        let member = MemberRecord {
            name: "Dana Reyes".into(),
            email: "dana@acme.example".into(),
            zoom_email: None,
            zone: zone.into(),
            roles: Vec::new(),
            hiring_jobs: Vec::new(),
            unix_uid: None,
            shared: true,
            created_at: at(0),
        };
        Asked::of(WorkspaceId::new(), &member, at(NOW), None)
    }

    fn part(key: &str, told: Result<&[Seconds], NotHeard>) -> Part {
        Part {
            key: key.into(),
            name: key.to_uppercase(),
            told: told.map(|spans| PartSaid {
                entries: u32::try_from(spans.len()).unwrap_or_default(),
                spans: spans.to_vec(),
            }),
        }
    }

    fn only(span: Seconds) -> Vec<Seconds> {
        std::iter::once(span).collect()
    }

    fn refused() -> NotHeard {
        NotHeard::Broken(Fault::bare(
            "x.example does not let this account read it (403)",
        ))
    }

    fn unwell() -> NotHeard {
        let fault = Fault::bare("x.example is busy or unwell (503)");
        NotHeard::Later { fault, wait: None }
    }

    fn said(parts: &[Part]) -> Said {
        Said {
            parts: parts.to_vec(),
            ..Said::default()
        }
    }

    /// A feed with what is kept of it, read again and again.
    #[derive(Default)]
    struct Feed {
        read: Option<ReadRecord>,
        kept: Option<PartsRecord>,
        state: FeedState,
    }

    impl Feed {
        fn reads(
            &mut self,
            parts: &[Part],
            zone: &str,
            now: i64,
        ) -> Result<Vec<Seconds>, NotHeard> {
            let (asked, known) = (asked(zone), (self.read.as_ref(), self.kept.as_ref()));
            let joined = joined(&said(parts), &asked, known, (&self.state, at(now)))?;
            self.read = Some(ReadRecord {
                unread: joined.unread,
                ..asked.kept(&joined.said, at(now))
            });
            self.kept = joined.kept;
            self.state = joined.state.unwrap_or_default();
            Ok(joined.said.spans)
        }

        fn unread(&self) -> &[UnreadPart] {
            self.read.as_ref().map_or(&[], |it| &it.unread)
        }
    }

    const BERLIN: &str = "Europe/Berlin";

    #[test]
    fn the_one_that_fails_keeps_what_it_said_and_its_age_and_the_others_go_on() {
        let (one, other) = ([0..10, 20..30], only(25..40));
        let (one, other) = (&one[..], &other[..]);
        let mut feed = Feed::default();
        let parts = [part("work", Ok(one)), part("home", Ok(other))];
        assert_eq!(feed.reads(&parts, BERLIN, 100), Ok(vec![0..10, 20..40]));
        assert_eq!((feed.unread(), &feed.state), (&[][..], &FeedState::Ok));

        let moved = only(50..60);
        let moved = &moved[..];
        let parts = [part("work", Ok(moved)), part("home", Err(refused()))];
        for now in [200, 300] {
            assert_eq!(feed.reads(&parts, BERLIN, now), Ok(vec![25..40, 50..60]));
            let [home] = feed.unread() else {
                panic!("{:?}", feed.unread())
            };
            assert_eq!((home.read_at, home.since), (Some(at(100)), at(200)));
            assert_eq!(home.name, "HOME");
            let FeedState::Broken { since, fault } = &feed.state else {
                panic!("{:?}", feed.state)
            };
            assert_eq!(*since, at(200));
            assert_eq!(
                fault.why,
                "The calendar HOME cannot be read: x.example does not let this account read it \
                 (403); the others are read"
            );
        }
        // Removed there, it is gone here.
        let parts = [part("work", Ok(moved))];
        assert_eq!(feed.reads(&parts, BERLIN, 400), Ok(only(50..60)));
        assert_eq!((feed.unread(), &feed.state), (&[][..], &FeedState::Ok));
    }

    #[test]
    fn one_that_was_never_read_is_known_of_no_time() {
        let one: &[Seconds] = &[0..10, 20..30];
        let parts = [part("work", Ok(one)), part("home", Err(unwell()))];
        let mut feed = Feed::default();
        for now in [100, 200] {
            assert_eq!(feed.reads(&parts, BERLIN, now), Ok(one.to_vec()));
            let home = &feed.unread()[0];
            assert_eq!((home.read_at, home.since), (None, at(100)));
            assert!(matches!(feed.state, FeedState::Retrying { .. }));
        }
    }

    #[test]
    fn what_was_read_by_another_clock_is_kept_and_not_known() {
        let one: &[Seconds] = &[0..10, 20..30];
        let mut feed = Feed::default();
        let parts = [part("work", Ok(one)), part("home", Ok(one))];
        feed.reads(&parts, BERLIN, 100).expect("it is read");
        let parts = [part("work", Ok(&[])), part("home", Err(unwell()))];
        for now in [200, 300] {
            assert_eq!(feed.reads(&parts, "Asia/Tokyo", now), Ok(one.to_vec()));
            assert_eq!(feed.unread()[0].read_at, None);
        }
    }

    #[test]
    fn where_it_is_not_known_apart_what_each_said_all_of_it_stands() {
        let one: &[Seconds] = &[0..10, 20..30];
        let parts = [part("work", Ok(one)), part("home", Err(refused()))];
        let read = Some(asked(BERLIN).kept(&Said::default(), at(100)));
        let much = PartsRecord {
            is_too_much: true,
            ..PartsRecord::default()
        };
        for kept in [None, Some(much)] {
            let mut feed = Feed {
                read: read.clone(),
                kept,
                ..Feed::default()
            };
            let stands = feed.reads(&parts, BERLIN, 200).expect_err("it stands");
            assert!(
                stands
                    .fault()
                    .why
                    .starts_with("The calendar HOME cannot be read")
            );
        }
        let many: Vec<Seconds> = (0..10_001).map(|n| n * 10..n * 10 + 5).collect();
        let mut feed = Feed::default();
        let parts = [part("work", Ok(&many)), part("home", Ok(one))];
        assert!(feed.reads(&parts, BERLIN, 100).is_ok());
        let kept = feed.kept.expect("it says that it is too much");
        assert!(kept.is_too_much && kept.parts.is_empty());
    }

    proptest! {
        /// Whatever fails when: what a calendar said last is busy until it says something else.
        #[test]
        fn what_a_calendar_said_last_is_never_free(
            readings in prop::collection::vec(
                prop::collection::vec(prop::option::of(0..20_i64), 3), 1..8),
        ) {
            let mut feed = Feed::default();
            let mut last: [Option<Seconds>; 3] = [None, None, None];
            for (n, reading) in readings.iter().enumerate() {
                let spans: Vec<_> = reading.iter().map(|it| it.map(|it| it * 10..it * 10 + 7)).collect();
                let parts = spans.iter().enumerate().map(|(n, span)| match span {
                    Some(span) => part(&n.to_string(), Ok(std::slice::from_ref(span))),
                    None => part(&n.to_string(), Err(unwell())),
                });
                let parts: Vec<_> = parts.collect();
                let found = feed.reads(&parts, BERLIN, 100 + i64::try_from(n).unwrap());
                for (last, span) in last.iter_mut().zip(spans) {
                    *last = span.or(last.take());
                }
                let expected = merged(last.iter().flatten().cloned().collect());
                prop_assert_eq!(found, Ok(expected));
                let failed = reading.iter().filter(|it| it.is_none()).count();
                prop_assert_eq!(feed.unread().len(), failed);
            }
        }
    }
}
