//! ★ Pieces of one kind, in the order in which they are due, without those under way.
//!
//! Invariants: a piece is taken at most once before it ends; whatever is asked costs what is taken
//! and the logarithm of what waits. It tells no time and knows neither a store nor what a piece is.

use std::collections::{BTreeMap, BTreeSet};

/// One kind's pieces. `M` is a moment of whichever clock they go by.
#[derive(Debug)]
pub struct Line<M, T> {
    /// Ordered too: a table that grows moves all it holds at once.
    known: BTreeMap<T, Known<M>>,
    /// Those not under way.
    idle: BTreeSet<(M, T)>,
    under_way: BTreeSet<T>,
}

#[derive(Debug, Clone, Copy)]
struct Known<M> {
    due: M,
    /// Wanted from then on, whenever it is due.
    woken: Option<M>,
    /// Its time was set while it was under way.
    set_since: bool,
}

impl<M: Ord + Copy> Known<M> {
    fn wanted(&self) -> M {
        self.woken.map_or(self.due, |woken| woken.min(self.due))
    }
}

impl<M, T> Default for Line<M, T> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            idle: BTreeSet::new(),
            under_way: BTreeSet::new(),
        }
    }
}

impl<M: Copy + Ord, T: Clone + Ord> Line<M, T> {
    /// It is due then; `None`: never. One that was woken stays wanted until it is taken.
    pub fn set(&mut self, what: &T, due: Option<M>) {
        let before = self.known.remove(what);
        if let Some(before) = before {
            self.idle.remove(&(before.wanted(), what.clone()));
        }
        if let Some(due) = due {
            let known = Known {
                due,
                woken: before.and_then(|it| it.woken),
                set_since: true,
            };
            self.put(what, known);
        }
    }

    /// It is wanted now, whenever it is due.
    pub fn wake(&mut self, what: &T, now: M) {
        if let Some(before) = self.known.get(what).copied() {
            self.idle.remove(&(before.wanted(), what.clone()));
            let woken = Some(before.woken.map_or(now, |woken| woken.min(now)));
            self.put(what, Known { woken, ..before });
        }
    }

    /// Takes at most `most` of those due, longest due first. They are under way until they ended.
    pub fn take(&mut self, now: M, most: usize) -> Vec<T> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(what) = self.take_first(now)
        {
            taken.push(what);
        }
        taken
    }

    /// Takes the one due longest.
    pub fn take_first(&mut self, now: M) -> Option<T> {
        if self.next()? > now {
            return None;
        }
        let (_, what) = self.idle.pop_first()?;
        if let Some(known) = self.known.get_mut(&what) {
            known.woken = None;
            known.set_since = false;
        }
        self.under_way.insert(what.clone());
        Some(what)
    }

    /// Nobody carries it out any more. It is due as it was last set.
    pub fn ended(&mut self, what: &T) {
        self.under_way.remove(what);
        if let Some(known) = self.known.get(what) {
            self.idle.insert((known.wanted(), what.clone()));
        }
    }

    /// The same; where it is still due and nobody woke it, it waits until `again`.
    pub fn ended_until(&mut self, what: &T, now: M, again: M) {
        if let Some(known) = self.known.get_mut(what).filter(|known| known.due <= now) {
            self.idle.remove(&(known.wanted(), what.clone()));
            known.due = again;
        }
        self.ended(what);
    }

    /// Whether its time was set while it is under way.
    #[must_use]
    pub fn was_set(&self, what: &T) -> bool {
        self.known.get(what).is_some_and(|known| known.set_since)
    }

    /// How many are under way.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// When the first is wanted of those not under way.
    #[must_use]
    pub fn next(&self) -> Option<M> {
        self.idle.first().map(|(wanted, _)| *wanted)
    }

    fn put(&mut self, what: &T, known: Known<M>) {
        self.known.insert(what.clone(), known);
        if !self.under_way.contains(what) {
            self.idle.insert((known.wanted(), what.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_due_longest_comes_first_and_once() {
        let mut line = Line::default();
        for (name, due) in [("b", 20), ("a", 10), ("c", 30)] {
            line.set(&name, Some(due));
        }
        assert_eq!(line.next(), Some(10));
        assert_eq!(line.take(9, 9), Vec::<&str>::new());
        assert_eq!(line.take(25, 1), ["a"]);
        assert_eq!(line.take(25, 9), ["b"]);
        assert_eq!(line.take(25, 9), Vec::<&str>::new());
        assert_eq!((line.under_way(), line.next()), (2, Some(30)));

        // One was moved on while it was carried out, the other was not: it is not tried in a spin.
        line.set(&"a", Some(100));
        line.ended_until(&"a", 25, 55);
        line.ended_until(&"b", 25, 55);
        assert_eq!(line.take(54, 9), ["c"]);
        assert_eq!(line.take(55, 9), ["b"]);
        assert_eq!(line.take(100, 9), ["a"]);

        line.set(&"a", None);
        line.ended_until(&"a", 100, 130);
        assert_eq!(line.take(1_000, 9), Vec::<&str>::new());
    }

    #[test]
    fn what_is_woken_is_taken_before_its_time_also_after_a_try_that_put_it_off() {
        let mut line = Line::default();
        line.set(&"a", Some(100));
        line.wake(&"a", 10);
        assert_eq!(line.next(), Some(10));
        assert_eq!(line.take(10, 9), ["a"]);
        line.wake(&"a", 11);
        line.set(&"a", Some(200));
        line.ended(&"a");
        assert_eq!(line.take(11, 9), ["a"]);
        line.set(&"a", Some(300));
        line.ended(&"a");
        assert_eq!((line.take(12, 9), line.next()), (vec![], Some(300)));
        line.wake(&"gone", 12);
        assert_eq!(line.next(), Some(300));
    }

    proptest! {
        #[test]
        fn after_any_moves_the_order_is_that_of_the_times(
            moves in prop::collection::vec((0u8..6, 0u8..6, 0i64..50), 0..80)
        ) {
            let mut line = Line::default();
            for (kind, what, second) in moves {
                match kind {
                    0 => line.set(&what, Some(second)),
                    1 => line.set(&what, None),
                    2 => line.wake(&what, second),
                    3 => drop(line.take(second, usize::from(what))),
                    4 => line.ended(&what),
                    _ => line.ended_until(&what, second, second + 30),
                }
                let idle = line.known.iter().filter(|(what, _)| !line.under_way.contains(what));
                let expected: BTreeSet<_> = idle.map(|(what, it)| (it.wanted(), *what)).collect();
                prop_assert_eq!(&line.idle, &expected);
            }
        }
    }
}
