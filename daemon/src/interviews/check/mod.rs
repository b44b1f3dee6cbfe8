//! Compares bookings with Zoom: what was deleted, moved or changed there, and meetings of ours that
//! no booking needs.
//!
//! Owns what is known of drifts and unused meetings, and their repair. Invariants: a check only
//! finds, and nothing is repaired unless a person says how; a meeting that could not be looked at
//! is named, and never counts as one that is as booked. Every host of upcoming interviews is
//! checked each night, and whenever somebody asks.

mod compare;
mod host;
mod orphans;
mod record;
mod repair;
mod report;

use greenroom_protocol::id::MemberId;
use greenroom_protocol::time::Instant;
pub use host::Checks;
pub use orphans::{Orphans, delete as delete_orphan};
pub use repair::repair;
pub(super) use repair::repairs;
pub use report::{check, known, list};

use self::record::{HostCheckRecord, OrphanRecord};
use crate::store::{Record as _, StoreError, Tx};
use crate::work::WorkRecord;
use crate::zoom::{Outcome, RefusalReason, Unavailable, WORDS, after_limit};

/// The kind of the work that checks a host.
pub const CHECK_WORK: &str = "check";

/// The kind of the work that deletes a stray.
pub const ORPHAN_WORK: &str = "orphan";

/// The tables of what is known of checks and strays.
pub const TABLES: [&str; 2] = [HostCheckRecord::TABLE, OrphanRecord::TABLE];

/// How long something waits that Zoom or the way to it stopped, in seconds.
const AGAIN: i64 = 60;

/// The longest it waits where it failed again and again, in seconds.
const LONGEST_AGAIN: i64 = 15 * 60;

/// A check older than this counts for nothing, in seconds: every host is checked once in 24 hours,
/// so a night was missed.
const OLD: i64 = 30 * 60 * 60;

const DAY: i64 = 24 * 60 * 60;

/// Seconds after 00:00 UTC from which hosts are checked: when Zoom counts anew, and few people
/// work.
const NIGHT: i64 = 2 * 60 * 60;

/// Over how many seconds hosts spread.
const SPREAD: u64 = 2 * 60 * 60;

/// Sees to it that a host is checked in the next night.
pub(super) async fn set_timer(
    tx: &Tx,
    space: &str,
    host: MemberId,
    now: Instant,
) -> Result<(), StoreError> {
    let host = host.to_string();
    WorkRecord::timer_unless_there(tx, space, CHECK_WORK, &host, next_night(&host, now)).await
}

/// What kept a call from being done, after so many tries before: until when asking again may help,
/// if it may, and why.
fn setback<T>(outcome: Outcome<T>, now: Instant, attempts: u32) -> (Option<Instant>, String) {
    let soon = now.plus_seconds(AGAIN);
    match outcome {
        Outcome::Limited { until } => (
            Some(after_limit(until, now, attempts)),
            "Zoom limits how often it may be asked".into(),
        ),
        Outcome::Refused(refusal) if refusal.reason == RefusalReason::InProgress => {
            (Some(soon), refusal.sentence())
        }
        Outcome::NotSent(why) | Outcome::Lost(why) => (Some(soon), why),
        Outcome::Refused(refusal) => (None, refusal.sentence()),
        Outcome::Disconnected(unavailable) => {
            let until = match &unavailable {
                Unavailable::Retrying { next, .. } => Some(*next),
                Unavailable::Stopping => Some(soon),
                _ => None,
            };
            (until, unavailable.text(&WORDS))
        }
        Outcome::Done(_) => (Some(soon), "Zoom answered something else".into()),
    }
}

/// When a host is next checked automatically: each at a time of its own, so that Zoom is not asked
/// about all at once.
fn next_night(host: &str, now: Instant) -> Instant {
    let spread = crc32fast::hash(host.as_bytes());
    let second = NIGHT + i64::try_from(u64::from(spread) % SPREAD).unwrap_or(0);
    let today = now.second().div_euclid(DAY) * DAY + second;
    let next = match today > now.second() {
        true => today,
        false => today + DAY,
    };
    Instant::from_second(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_a_time_of_its_own_in_the_next_night() {
        let now = Instant::from_second(100 * DAY + 12 * 60 * 60);
        for host in ["mem_a", "mem_b", "mem_c"] {
            let next = next_night(host, now);
            let into_the_night = next.second() - 101 * DAY;
            assert!((2 * 3600..4 * 3600).contains(&into_the_night), "{next}");
            assert_eq!(next_night(host, next).second(), next.second() + DAY);
        }
    }
}
