//! What is due, in the order of time, without what somebody is at.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use crate::clock::Steady;

/// A line of things, each due once.
pub(super) struct Line<T> {
    due: HashMap<T, Steady>,
    /// Those nobody is at.
    order: BTreeSet<(Steady, T)>,
    under_way: HashSet<T>,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Self {
            due: HashMap::new(),
            order: BTreeSet::new(),
            under_way: HashSet::new(),
        }
    }
}

impl<T: Clone + Eq + Hash + Ord> Line<T> {
    /// It is due then; nothing: never.
    pub(super) fn set(&mut self, what: &T, due: Option<Steady>) {
        let former = match due {
            Some(due) => self.due.insert(what.clone(), due),
            None => self.due.remove(what),
        };
        if let Some(former) = former {
            self.order.remove(&(former, what.clone()));
        }
        if let Some(due) = due.filter(|_| !self.under_way.contains(what)) {
            self.order.insert((due, what.clone()));
        }
    }

    /// Takes at most so many of those that are due, longest due first. They are under way until
    /// they [`Line::landed`].
    pub(super) fn take(&mut self, now: Steady, most: usize) -> Vec<T> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some((due, what)) = self.order.pop_first()
        {
            if due > now {
                self.order.insert((due, what));
                break;
            }
            self.under_way.insert(what.clone());
            taken.push(what);
        }
        taken
    }

    /// Nobody is at it any more. Where that did not change when it is due, it waits until `again`.
    pub(super) fn landed(&mut self, what: &T, now: Steady, again: Steady) {
        self.under_way.remove(what);
        if let Some(due) = self.due.get(what).copied() {
            let due = if due <= now { again } else { due };
            self.set(what, Some(due));
        }
    }

    /// How many are under way.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// When the next is due that nobody is at.
    pub(super) fn next(&self) -> Option<Steady> {
        self.order.first().map(|(due, _)| *due)
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;
    use proptest::prelude::*;

    use super::*;
    use crate::clock::SetClock;

    fn at(second: i64) -> Steady {
        SetClock::at(Instant::from_second(0))
            .clock()
            .steady()
            .plus_seconds(second)
    }

    #[test]
    fn what_is_due_longest_comes_first_and_once() {
        let mut line = Line::default();
        for (name, due) in [("b", 20), ("a", 10), ("c", 30)] {
            line.set(&name, Some(at(due)));
        }
        assert_eq!(line.next(), Some(at(10)));
        assert_eq!(line.take(at(9), 9), Vec::<&str>::new());
        assert_eq!(line.take(at(25), 1), ["a"]);
        assert_eq!(line.take(at(25), 9), ["b"]);
        assert_eq!(line.take(at(25), 9), Vec::<&str>::new());
        assert_eq!((line.under_way(), line.next()), (2, Some(at(30))));

        // One was moved on while somebody was at it, the other was not: it is not tried in a spin.
        line.set(&"a", Some(at(100)));
        line.landed(&"a", at(25), at(55));
        line.landed(&"b", at(25), at(55));
        assert_eq!(line.take(at(54), 9), ["c"]);
        assert_eq!(line.take(at(55), 9), ["b"]);
        assert_eq!(line.take(at(100), 9), ["a"]);

        line.set(&"a", None);
        line.landed(&"a", at(100), at(130));
        assert_eq!(line.take(at(1_000), 9), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn whatever_happens_the_order_is_that_of_the_times(
            moves in prop::collection::vec((0u8..4, 0u8..6, 0i64..50), 0..80)
        ) {
            let mut line = Line::default();
            for (kind, what, second) in moves {
                match kind {
                    0 => line.set(&what, Some(at(second))),
                    1 => line.set(&what, None),
                    2 => drop(line.take(at(second), usize::from(what))),
                    _ => line.landed(&what, at(second), at(second + 30)),
                }
                let idle = line.due.iter().filter(|(what, _)| !line.under_way.contains(what));
                let expected: BTreeSet<_> = idle.map(|(what, due)| (*due, *what)).collect();
                prop_assert_eq!(&line.order, &expected);
            }
        }
    }
}
