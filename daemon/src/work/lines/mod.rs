//! ★ The lines of all kinds, and which of them may begin something.
//!
//! Invariants: what is due longest begins first, over all kinds that have room; a kind without room
//! is not looked at, so taking costs what is taken and the logarithm of what waits, however much
//! of a busy kind is due. It tells no time and knows no store.

use std::collections::{BTreeMap, BTreeSet};

use greenroom_protocol::time::Instant;

use super::line::Line;
use super::pace::Pace;
use crate::clock::{Clock, Steady};

/// One moment, by both clocks.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// By the clock on the wall, which records go by.
    pub wall: Instant,
    /// By the clock that nobody sets, which paces go by.
    pub steady: Steady,
}

/// When to look again, by either clock; neither: when something changes or ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Next {
    /// By the clock on the wall.
    pub wall: Option<Instant>,
    /// By the clock that nobody sets.
    pub steady: Option<Steady>,
}

/// Waiting pieces by kind.
#[derive(Debug)]
pub struct Lines<T> {
    /// How many pieces of all kinds may be under way.
    most: usize,
    usual: Pace,
    under_way: usize,
    kinds: BTreeMap<String, Kind<T>>,
    /// Kinds that have room, by when their first is wanted.
    open: BTreeSet<(Instant, String)>,
    /// Kinds whose second is used up, by when the next begins.
    resting: BTreeSet<(Steady, String)>,
}

#[derive(Debug)]
struct Kind<T> {
    line: Line<Instant, T>,
    pace: Pace,
    place: Place,
}

/// Which set a kind stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Neither: nothing waits, or nothing more may begin.
    None,
    Open(Instant),
    Resting(Steady),
}

impl Moment {
    /// Now.
    #[must_use]
    pub fn now(clock: &Clock) -> Self {
        Self {
            wall: clock.now(),
            steady: clock.steady(),
        }
    }
}

impl Next {
    /// Waits until then.
    pub async fn reached(self, clock: &Clock) {
        let wall = async {
            match self.wall {
                Some(wall) => clock.reach(wall).await,
                None => std::future::pending().await,
            }
        };
        let steady = async {
            match self.steady {
                Some(steady) => clock.reach_steady(steady).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wall => {}
            () = steady => {}
        }
    }
}

impl<T: Clone + Ord> Lines<T> {
    /// No pieces yet. At most `most` are under way at once, and of each kind as many as `usual`
    /// allows where [`Lines::pace`] said nothing else.
    #[must_use]
    pub fn new(most: usize, usual: Pace) -> Self {
        Self {
            most,
            usual,
            under_way: 0,
            kinds: BTreeMap::new(),
            open: BTreeSet::new(),
            resting: BTreeSet::new(),
        }
    }

    /// A kind of its own pace.
    pub fn pace(&mut self, kind: &str, pace: Pace) {
        self.change(kind, |it| it.pace = pace);
    }

    /// It is due then; `None`: never.
    pub fn set(&mut self, kind: &str, what: &T, due: Option<Instant>) {
        self.change(kind, |it| it.line.set(what, due));
    }

    /// It is wanted now, whenever it is due.
    pub fn wake(&mut self, kind: &str, what: &T, now: Instant) {
        self.change(kind, |it| it.line.wake(what, now));
    }

    /// Takes what may begin now, longest due first. Each is under way until it ended.
    pub fn take(&mut self, now: Moment) -> Vec<T> {
        self.rested(now.steady);
        let mut taken = Vec::new();
        while self.under_way < self.most
            && let Some(what) = self.take_one(now)
        {
            taken.push(what);
        }
        taken
    }

    fn take_one(&mut self, now: Moment) -> Option<T> {
        loop {
            let (_, name) = self
                .open
                .first()
                .filter(|(wanted, _)| *wanted <= now.wall)?;
            let name = name.clone();
            let it = self.kinds.get_mut(&name)?;
            let has_room = it.pace.room(now.steady, it.line.under_way()) > 0;
            let taken = has_room.then(|| it.line.take_first(now.wall)).flatten();
            if taken.is_some() {
                it.pace.count(now.steady, 1);
                self.under_way += 1;
            }
            let more = it.pace.more(now.steady, it.line.under_way());
            let spent = it.pace.room(now.steady, it.line.under_way()) == 0;
            match more.filter(|_| spent) {
                Some(then) => self.stand(&name, Place::Resting(then)),
                None => self.place(&name),
            }
            if taken.is_some() {
                return taken;
            }
        }
    }

    /// It ended. It is due as it was last set.
    pub fn ended(&mut self, kind: &str, what: &T) {
        self.under_way = self.under_way.saturating_sub(1);
        self.change(kind, |it| it.line.ended(what));
    }

    /// The same; where it is still due and nobody woke it, it waits until `again`.
    pub fn ended_until(&mut self, kind: &str, what: &T, now: Instant, again: Instant) {
        self.under_way = self.under_way.saturating_sub(1);
        self.change(kind, |it| it.line.ended_until(what, now, again));
    }

    /// Whether its time was set while it is under way.
    #[must_use]
    pub fn was_set(&self, kind: &str, what: &T) -> bool {
        let kind = self.kinds.get(kind);
        kind.is_some_and(|it| it.line.was_set(what))
    }

    /// When to take again.
    #[must_use]
    pub fn next(&self) -> Next {
        if self.under_way >= self.most {
            return Next::default();
        }
        Next {
            wall: self.open.first().map(|(wanted, _)| *wanted),
            steady: self.resting.first().map(|(then, _)| *then),
        }
    }

    fn change(&mut self, kind: &str, change: impl FnOnce(&mut Kind<T>)) {
        if !self.kinds.contains_key(kind) {
            let new = Kind {
                line: Line::default(),
                pace: self.usual.clone(),
                place: Place::None,
            };
            self.kinds.insert(kind.to_owned(), new);
        }
        if let Some(it) = self.kinds.get_mut(kind) {
            change(it);
        }
        self.place(kind);
    }

    /// Puts a kind where it belongs. One that rests goes on resting.
    fn place(&mut self, kind: &str) {
        let Some(it) = self.kinds.get(kind) else {
            return;
        };
        let place = match (it.place, it.line.next()) {
            (resting @ Place::Resting(_), _) => resting,
            (_, Some(first)) if it.pace.places(it.line.under_way()) > 0 => Place::Open(first),
            _ => Place::None,
        };
        self.stand(kind, place);
    }

    /// Those whose rest is over.
    fn rested(&mut self, now: Steady) {
        while let Some((_, name)) = self.resting.first().filter(|(then, _)| *then <= now) {
            let name = name.clone();
            self.stand(&name, Place::None);
            self.place(&name);
        }
    }

    fn stand(&mut self, kind: &str, place: Place) {
        let Some(it) = self.kinds.get_mut(kind) else {
            return;
        };
        let former = std::mem::replace(&mut it.place, place);
        if former == place {
            return;
        }
        match former {
            Place::None => {}
            Place::Open(at) => drop(self.open.remove(&(at, kind.to_owned()))),
            Place::Resting(then) => drop(self.resting.remove(&(then, kind.to_owned()))),
        }
        match place {
            Place::None => {}
            Place::Open(at) => drop(self.open.insert((at, kind.to_owned()))),
            Place::Resting(then) => drop(self.resting.insert((then, kind.to_owned()))),
        }
    }
}

#[cfg(test)]
mod tests;
