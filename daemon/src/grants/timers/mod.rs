//! Owns when the room acts on its own: which keys are to be renewed, which attempts end, which
//! revocations were left behind. A copy in memory, fed by commits and ordered by when something is
//! due, so a look costs what is due and not what is stored.
//!
//! Its times are the steady clock's: a clock that is set makes nothing due and keeps nothing alive.
//! It knows of no store and asks nobody; what it says is due, `keep` does.

mod times;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

pub(crate) use self::times::token_seconds_left as seconds_left_of;
use self::times::{Arrival, Attempt, Keys, seconds_left};
use crate::clock::{Clock, Steady};
use crate::grants::connection::{ConnectionRecord, Grant};
use crate::grants::consent::attempt::AttemptRecord;
use crate::grants::id::ConnectionId;
use crate::grants::keys::Revocation;
use crate::grants::terms::Terms;
use crate::store::engine::Versioned;
use crate::store::follow::Sink;
use crate::store::key::Key;
use crate::store::{GLOBAL, Record, Revision, table};
use crate::work::line::Line;
use crate::work::pace::Pace;

/// Renewals that begin in one second. After a long sleep every connection is due at once. The
/// smallest limit known is four calls a second for an account; what a token endpoint takes is
/// documented nowhere. At four a second ten thousand connections are renewed
/// within three quarters of an hour, and on a usual day one begins every nine seconds.
pub const RENEWALS_A_SECOND: usize = 4;

/// Renewals under way at once: when the provider answers slowly, fewer begin.
const AT_ONCE: usize = 32;

/// Renew when less than this is left of an access token: longer than any call may take, several
/// times over.
pub(crate) const AHEAD_SECONDS: i64 = 5 * 60;

/// What was tried and could not even be recorded is tried again after this.
const AFTER_A_FAILURE_SECONDS: i64 = 30;

/// Something to be looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// An attempt to connect: it ended, or a killed daemon left it midway.
    Attempt(AttemptId),
    /// Keys to be revoked that nobody revokes.
    Revocation(String),
    /// Keys of this generation, to be renewed.
    Keys(ConnectionId, u64),
}

/// What is due, and when.
pub(crate) struct Timers {
    clock: Clock,
    terms: &'static Terms,
    copy: Mutex<Copy>,
    changed: Notify,
    returned: Notify,
}

struct Copy {
    /// The copy is exact; rows come as they are written.
    live: bool,
    keys: HashMap<ConnectionId, Keys>,
    attempts: HashMap<AttemptId, Attempt>,
    /// They did not work, and do again; nobody has been notified.
    returned: HashSet<ConnectionId>,
    /// Hosts of bookings that begin soon.
    expected: HashSet<ConnectionId>,
    /// Theirs, which go first.
    ahead: Line<Steady, ConnectionId>,
    idle: Line<Steady, ConnectionId>,
    ending: Line<Steady, AttemptId>,
    revocations: Line<Steady, String>,
    pace: Pace,
}

impl Default for Copy {
    fn default() -> Self {
        Self {
            live: false,
            keys: HashMap::new(),
            attempts: HashMap::new(),
            returned: HashSet::new(),
            expected: HashSet::new(),
            ahead: Line::default(),
            idle: Line::default(),
            ending: Line::default(),
            revocations: Line::default(),
            pace: Pace::at_once(AT_ONCE).a_second(RENEWALS_A_SECOND),
        }
    }
}

impl Timers {
    pub(crate) fn new(clock: Clock, terms: &'static Terms) -> Self {
        Self {
            clock,
            terms,
            copy: Mutex::default(),
            changed: Notify::new(),
            returned: Notify::new(),
        }
    }

    /// Waits until something changed, since this was last waited for.
    pub(crate) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Wakes those who wait.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Takes what is to be done now. It is not taken again before it [`Timers::done`].
    pub(crate) fn take(&self) -> Vec<Task> {
        let (now, mut copy) = (self.clock.steady(), self.copy());
        let copy = &mut *copy;
        let attempts = copy.ending.take(now, usize::MAX).into_iter();
        let mut taken: Vec<_> = attempts.map(Task::Attempt).collect();
        let revocations = copy.revocations.take(now, usize::MAX).into_iter();
        taken.extend(revocations.map(Task::Revocation));
        let room = copy.pace.room(now, copy.renewals());
        let mut renewals = copy.ahead.take(now, room);
        renewals.extend(copy.idle.take(now, room - renewals.len()));
        copy.pace.count(now, renewals.len());
        let generation = |who: &ConnectionId| copy.keys.get(who).map_or(0, |keys| keys.generation);
        let renewals = renewals.into_iter();
        taken.extend(renewals.map(|who| Task::Keys(who, generation(&who))));
        taken
    }

    /// Nobody is at it any more.
    pub(crate) fn done(&self, task: &Task) {
        let now = self.clock.steady();
        let again = now.plus_seconds(AFTER_A_FAILURE_SECONDS);
        let mut copy = self.copy();
        match task {
            Task::Attempt(id) => copy.ending.ended_until(id, now, again),
            Task::Revocation(id) => copy.revocations.ended_until(id, now, again),
            Task::Keys(who, _) => {
                copy.ahead.ended_until(who, now, again);
                copy.idle.ended_until(who, now, again);
            }
        }
    }

    /// When to take again; `None`: when something changes or lands.
    pub(crate) fn next(&self) -> Option<Steady> {
        let (now, copy) = (self.clock.steady(), self.copy());
        let renewal = [copy.ahead.next(), copy.idle.next()]
            .into_iter()
            .flatten()
            .min();
        let renewal = match renewal {
            Some(due) if due <= now => copy.pace.more(now, copy.renewals()),
            later => later,
        };
        let rest = [copy.ending.next(), copy.revocations.next()];
        rest.into_iter().chain([renewal]).flatten().min()
    }

    /// Bookings that begin soon are on these hosts, and on no others: their keys are kept valid,
    /// before those of others.
    pub(crate) fn expect(&self, hosts: HashSet<ConnectionId>) {
        let mut copy = self.copy();
        let former = std::mem::replace(&mut copy.expected, hosts);
        let changed: Vec<_> = former
            .symmetric_difference(&copy.expected)
            .copied()
            .collect();
        for who in &changed {
            copy.place(who);
        }
        drop(copy);
        if !changed.is_empty() {
            self.wake();
        }
    }

    /// Waits until connections that did not work do again.
    pub(crate) async fn returned(&self) -> HashSet<ConnectionId> {
        loop {
            let told = self.returned.notified();
            let returned = std::mem::take(&mut self.copy().returned);
            if !returned.is_empty() {
                return returned;
            }
            told.await;
        }
    }

    /// Somebody needs keys now, and begins to renew them.
    pub(crate) fn needed(&self) {
        self.copy().pace.count(self.clock.steady(), 1);
    }

    /// The provider said that it is asked too often, or nobody is there: who can wait does, so long.
    pub(crate) fn pause(&self, seconds: i64) {
        self.copy().pace.pause(self.clock.steady(), seconds);
    }

    /// How many seconds the access token of this grant still serves.
    pub(crate) fn seconds_left(&self, who: ConnectionId, generation: u64, grant: &Grant) -> i64 {
        let copy = self.copy();
        match copy
            .keys
            .get(&who)
            .filter(|keys| keys.generation == generation)
        {
            Some(keys) => keys.ends.since(self.clock.steady()),
            None => seconds_left(grant, self.clock.now()),
        }
    }

    /// How many seconds until a renewal that failed is tried again, which the record says is at
    /// `next`.
    pub(crate) fn seconds_until(&self, who: ConnectionId, generation: u64, next: Instant) -> i64 {
        let copy = self.copy();
        let keys = copy
            .keys
            .get(&who)
            .filter(|keys| keys.generation == generation);
        match keys.and_then(Keys::again) {
            Some(then) => then.since(self.clock.steady()),
            None => next.second() - self.clock.now().second(),
        }
    }

    /// Whether it is not too late for an attempt, which its record says ends at `until`.
    pub(crate) fn is_in_time(&self, id: AttemptId, until: Instant) -> bool {
        match self.copy().attempts.get(&id) {
            Some(attempt) if attempt.waiting => attempt.due > self.clock.steady(),
            _ => until > self.clock.now(),
        }
    }

    fn copy(&self) -> MutexGuard<'_, Copy> {
        self.copy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copy {
    fn renewals(&self) -> usize {
        self.ahead.under_way() + self.idle.under_way()
    }

    /// Puts keys into their line.
    fn place(&mut self, who: &ConnectionId) {
        let ahead = self.expected.contains(who);
        let due = self.keys.get(who).map(|keys| keys.due(ahead));
        self.ahead.set(who, due.filter(|_| ahead));
        self.idle.set(who, due.filter(|_| !ahead));
    }

    fn connection(&mut self, who: ConnectionId, record: Option<&ConnectionRecord>, at: Arrival) {
        let before = self.keys.get(&who);
        let keys = record.and_then(|record| Keys::of(who, record, before, at));
        let works = |keys: Option<&Keys>| keys.is_some_and(|keys| keys.again().is_none());
        if at.live && works(keys.as_ref()) && !works(before) {
            self.returned.insert(who);
        }
        match keys {
            Some(keys) => self.keys.insert(who, keys),
            None => self.keys.remove(&who),
        };
        self.place(&who);
    }

    fn attempt(&mut self, id: AttemptId, record: Option<&AttemptRecord>, at: Arrival) {
        let before = self.attempts.get(&id).copied();
        let attempt = record.map(|record| Attempt::of(record, before, at));
        match attempt {
            Some(attempt) => self.attempts.insert(id, attempt),
            None => self.attempts.remove(&id),
        };
        self.ending.set(&id, attempt.map(|attempt| attempt.due));
    }
}

impl Sink for Timers {
    fn wants(&self, key: &Key) -> bool {
        match key.space() {
            GLOBAL => [AttemptRecord::TABLE, Revocation::TABLE].contains(&key.table()),
            _ => key.table() == ConnectionRecord::TABLE,
        }
    }

    fn apply(&self, key: &Key, row: Option<&Versioned>) {
        if !self.wants(key) {
            return;
        }
        let (wall, steady) = (self.clock.now(), self.clock.steady());
        let mut copy = self.copy();
        let live = copy.live;
        let at = Arrival { wall, steady, live };
        match key.table() {
            ConnectionRecord::TABLE => {
                if let Some(who) = ConnectionId::of_key(self.terms, key.space(), key.id()) {
                    copy.connection(who, read(key, row).as_ref(), at);
                }
            }
            AttemptRecord::TABLE => {
                if let Ok(id) = key.id().parse() {
                    let record = read::<AttemptRecord>(key, row);
                    let own = record.filter(|it| it.provider == self.terms.id);
                    copy.attempt(id, own.as_ref(), at);
                }
            }
            // What queued a revocation carries it out; what is there at the start, nobody does.
            _ => {
                let due = if live {
                    steady.plus_seconds(AFTER_A_FAILURE_SECONDS)
                } else {
                    steady
                };
                let own = row.is_none_or(|_| {
                    let record = read::<Revocation>(key, row);
                    record.is_none_or(|it| it.provider == self.terms.id)
                });
                let due = row.filter(|_| own).map(|_| due);
                copy.revocations.set(&key.id().to_owned(), due);
            }
        }
        let returned = !copy.returned.is_empty();
        drop(copy);
        self.wake();
        if returned {
            self.returned.notify_one();
        }
    }

    fn ready(&self, _: Revision) {
        self.copy().live = true;
        self.wake();
    }
}

/// The record, where there is one that can be read.
fn read<R: Record>(key: &Key, row: Option<&Versioned>) -> Option<R> {
    match table::decode(key, row?) {
        Ok(record) => Some(record),
        Err(error) => {
            tracing::error!(%key, %error, "a record cannot be read, and is not looked after");
            None
        }
    }
}
