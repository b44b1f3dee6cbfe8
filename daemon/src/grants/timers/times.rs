//! ★ What records say of time, brought to the steady clock once, when they arrive.
//!
//! A record tells moments of the wall clock. While this process lives they are right when they are
//! written, so what follows lasts as long as it says, however that clock is set afterwards. At the
//! start the clock may have been set since: nothing is believed to last longer than it could at
//! most, and what seems to be written in the future has ended.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use greenroom_protocol::time::Instant;

use super::AHEAD_SECONDS;
use crate::clock::Steady;
use crate::grants::connection::{ConnectionRecord, Grant, Link};
use crate::grants::consent::attempt::{ATTEMPT_MINUTES, AttemptRecord, Stage};
use crate::grants::id::ConnectionId;
use crate::grants::wire::backoff::LONGEST_WAIT_SECONDS;

/// Clocks are corrected by less than this all the time.
const SET_BACK_SECONDS: i64 = 60;

/// A renewal or an exchange is rarely under way for longer. Where one is, a look joins it; where it
/// failed without a record, it goes on.
const AT_IT_SECONDS: i64 = 30;

/// A provider's longest limits are of a day, and end at midnight UTC.
const LONGEST_LIMIT_SECONDS: i64 = 26 * 60 * 60;

/// When a record arrives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    pub(super) wall: Instant,
    pub(super) steady: Steady,
    /// It was written just now, in this process.
    pub(super) live: bool,
}

/// The keys of a connection that can be renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) generation: u64,
    /// When the access token ends.
    pub(super) ends: Steady,
    /// When they are renewed where nobody asks for them.
    idle: Steady,
    /// When a renewal that failed is tried again, as the record says it and when that is.
    again: Option<(Instant, Steady)>,
}

/// An attempt to connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Its browser has not answered yet.
    pub(super) waiting: bool,
    /// When it is to be looked at: where it waits, when it ends.
    pub(super) due: Steady,
}

impl Arrival {
    fn after(&self, seconds: i64) -> Steady {
        self.steady.plus_seconds(seconds)
    }

    fn until(&self, moment: Instant, longest: i64) -> Steady {
        self.after((moment.second() - self.wall.second()).clamp(0, longest))
    }

    /// Whether the clock was set back to before `written`.
    fn is_before(&self, written: Instant) -> bool {
        written.second() - self.wall.second() > SET_BACK_SECONDS
    }

    fn ends(&self, grant: &Grant) -> Steady {
        self.after(seconds_left(grant, self.wall))
    }

    fn idle(&self, grant: &Grant, who: ConnectionId) -> Steady {
        if self.is_before(grant.last_refresh) {
            return self.steady;
        }
        let daily = daily_seconds(who);
        self.until(grant.last_refresh.plus_seconds(daily), daily)
    }
}

/// How long an access token serves at `now`, going by its record alone.
pub(super) fn seconds_left(grant: &Grant, now: Instant) -> i64 {
    token_seconds_left(grant.last_refresh, grant.expires_at, now)
}

/// How long an access token serves at `now` that was made and ends at these moments.
pub(crate) fn token_seconds_left(made_at: Instant, expires_at: Instant, now: Instant) -> i64 {
    let life = expires_at.second() - made_at.second();
    let age = now.second() - made_at.second();
    match age {
        ..0 if age < -SET_BACK_SECONDS => 0,
        _ => (life - age.max(0)).max(0),
    }
}

impl Keys {
    /// The keys a connection has now; `before` are those it had.
    pub(super) fn of(
        who: ConnectionId,
        record: &ConnectionRecord,
        before: Option<&Self>,
        at: Arrival,
    ) -> Option<Self> {
        let (grant, again) = match &record.link {
            Link::Connected { grant } => (grant, None),
            Link::Retrying { grant, next, .. } => (grant, Some(*next)),
            Link::Disconnected { .. } | Link::ReconnectRequired { .. } => return None,
        };
        let before = before.filter(|before| before.generation == record.generation);
        let begun = grant.refresh_attempt.is_some();
        let idle = match before {
            // Begun and not ended: where nobody is at it, the daemon was killed in between.
            _ if begun && again.is_none() => at.after(if at.live { AT_IT_SECONDS } else { 0 }),
            Some(before) => before.idle,
            None => at.idle(grant, who),
        };
        let again = again.map(|next| match before.and_then(|before| before.again) {
            Some((same, then)) if same == next => (next, then),
            _ => (next, at.until(next, longest_wait(at.live))),
        });
        Some(Self {
            generation: record.generation,
            ends: before.map_or_else(|| at.ends(grant), |before| before.ends),
            idle,
            again,
        })
    }

    /// When they are to be renewed; `ahead`: of a booking.
    pub(super) fn due(&self, ahead: bool) -> Steady {
        match self.again {
            Some((_, then)) => then,
            None if ahead => self.idle.min(self.ends.plus_seconds(-AHEAD_SECONDS)),
            None => self.idle,
        }
    }

    /// When a renewal that failed is tried again.
    pub(super) fn again(&self) -> Option<Steady> {
        self.again.map(|(_, then)| then)
    }
}

impl Attempt {
    pub(super) fn of(record: &AttemptRecord, before: Option<Self>, at: Arrival) -> Self {
        let waiting = record.stage == Stage::Waiting;
        let due = match before {
            Some(before) if before.waiting && waiting => before.due,
            _ if waiting => at.until(record.until, ATTEMPT_MINUTES * 60),
            _ => at.after(if at.live { AT_IT_SECONDS } else { 0 }),
        };
        Self { waiting, due }
    }
}

/// After a start a limit that was named may be asked about once more: how old it is cannot be
/// known.
fn longest_wait(live: bool) -> i64 {
    if live {
        LONGEST_LIMIT_SECONDS
    } else {
        LONGEST_WAIT_SECONDS
    }
}

/// Once a day, up to two hours early, each connection at its own distance.
fn daily_seconds(who: ConnectionId) -> i64 {
    const EARLIEST: u64 = 2 * 60 * 60;
    let mut hasher = DefaultHasher::new();
    who.hash(&mut hasher);
    let early = i64::try_from(hasher.finish() % EARLIEST).unwrap_or(0);
    24 * 60 * 60 - early
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::{MemberId, WorkspaceId};

    use super::*;
    use crate::clock::SetClock;
    use crate::grants::connection::{Profile, RefreshAttempt};
    use crate::grants::reason::Reason;

    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    const NOON: i64 = 1_800_014_400;

    fn at(wall: i64, steady: i64, live: bool) -> Arrival {
        let zero = SetClock::at(Instant::from_second(0)).clock().steady();
        Arrival {
            wall: Instant::from_second(NOON + wall),
            steady: zero.plus_seconds(steady),
            live,
        }
    }

    fn who() -> ConnectionId {
        ConnectionId::of_member(WorkspaceId::new(), MemberId::new())
    }

    /// Keys made at noon.
    fn record(link: impl FnOnce(Grant) -> Link) -> ConnectionRecord {
        let grant = Grant {
            user: Profile {
                notes: None,
                organization: None,
                id: "u1".into(),
                email: "dana@acme.example".into(),
                name: "Dana".into(),
                plan: None,
            },
            client_id: "app".into(),
            scopes: Vec::new(),
            expires_at: Instant::from_second(NOON + HOUR),
            last_refresh: Instant::from_second(NOON),
            refresh_attempt: None,
            user_read_at: None,
            contested_email: None,
            asked: Vec::new(),
            tenant: None,
            granted_at: None,
            ends_at: None,
        };
        ConnectionRecord {
            link: link(grant),
            generation: 1,
            ..ConnectionRecord::default()
        }
    }

    fn connected() -> ConnectionRecord {
        record(|grant| Link::Connected { grant })
    }

    fn retrying(next: i64) -> ConnectionRecord {
        record(|grant| Link::Retrying {
            grant,
            reason: Reason::Limited,
            failures: 1,
            next: Instant::from_second(NOON + next),
        })
    }

    #[test]
    fn an_idle_connection_is_due_once_a_day_each_at_its_own_distance() {
        let distances: Vec<_> = (0..100).map(|_| daily_seconds(who())).collect();
        assert!(distances.iter().all(|it| (22 * HOUR..=DAY).contains(it)));
        let (least, most) = (distances.iter().min(), distances.iter().max());
        assert!(most.unwrap() - least.unwrap() > HOUR, "{distances:?}");

        let arrival = at(0, 0, true);
        let keys = Keys::of(who(), &connected(), None, arrival).unwrap();
        assert_eq!(keys.ends.since(arrival.steady), HOUR);
        let due = keys.due(false).since(arrival.steady);
        assert!((22 * HOUR..=DAY).contains(&due), "{due}");
        assert_eq!(keys.due(true).since(arrival.steady), HOUR - AHEAD_SECONDS);
    }

    #[test]
    fn a_clock_that_is_set_moves_nothing_while_the_daemon_lives() {
        let who = who();
        let first = Keys::of(who, &connected(), None, at(0, 0, true)).unwrap();
        for jump in [-DAY, -HOUR, HOUR, DAY] {
            let again = Keys::of(who, &connected(), Some(&first), at(jump, 60, true)).unwrap();
            assert_eq!(again, first, "{jump}");
        }
        // Told when to try again after a jump: the answer is right by the clock of then.
        let told = Keys::of(who, &retrying(DAY + 20), Some(&first), at(DAY, 60, true)).unwrap();
        assert_eq!(told.again().unwrap().since(at(0, 60, true).steady), 20);
        let same = Keys::of(who, &retrying(DAY + 20), Some(&told), at(0, 70, true)).unwrap();
        assert_eq!(same, told);
    }

    #[test]
    fn at_a_start_nothing_lasts_longer_than_it_can() {
        // How far the clock is from noon, how long the token serves, and whether the keys are due.
        let table = [
            (0, HOUR, false),
            (30, HOUR - 30, false),
            (HOUR, 0, false),
            (DAY, 0, true),
            (-30, HOUR, false),
            (-2 * HOUR, 0, true),
            (-DAY, 0, true),
        ];
        for (wall, left, due) in table {
            let arrival = at(wall, 0, false);
            let keys = Keys::of(who(), &connected(), None, arrival).unwrap();
            assert_eq!(keys.ends.since(arrival.steady), left, "{wall}");
            assert_eq!(keys.due(false) == arrival.steady, due, "{wall}");
        }
        for (next, longest) in [(5, 5), (DAY, LONGEST_WAIT_SECONDS), (-5, 0)] {
            let arrival = at(0, 0, false);
            let keys = Keys::of(who(), &retrying(next), None, arrival).unwrap();
            assert_eq!(keys.due(false).since(arrival.steady), longest, "{next}");
        }
    }

    #[test]
    fn a_renewal_that_nobody_is_at_is_due_at_once() {
        let begun = record(|grant| Link::Connected {
            grant: Grant {
                refresh_attempt: Some(RefreshAttempt {
                    at: Instant::from_second(NOON),
                    unresolved: false,
                }),
                ..grant
            },
        });
        for (live, wait) in [(false, 0), (true, AT_IT_SECONDS)] {
            let arrival = at(0, 0, live);
            let keys = Keys::of(who(), &begun, None, arrival).unwrap();
            assert_eq!(keys.due(false).since(arrival.steady), wait);
        }
    }
}
