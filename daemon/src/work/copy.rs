//! The copy of the waiting work in memory, in the order in which it is due: what looks at it pays
//! for what is due, not for what waits.

use std::collections::{BTreeSet, HashMap, HashSet};

use greenroom_protocol::time::Instant;

use super::WorkRecord;
use crate::store::key::Key;

/// Of tries under way, those of one kind: a mail server that does not answer must not keep Zoom
/// waiting.
const MOST_OF_A_KIND: usize = 16;

/// The waiting work, and what is being tried.
#[derive(Default)]
pub(super) struct Copy {
    work: HashMap<Key, WorkRecord>,
    /// What is not being tried, by when it is due.
    idle: BTreeSet<(Instant, Key)>,
    /// To be tried at once, whatever their time.
    woken: HashSet<Key>,
    under_way: HashSet<Key>,
}

impl Copy {
    /// All that waits or is being tried.
    pub fn all(&self) -> impl Iterator<Item = (&Key, &WorkRecord)> {
        self.work.iter()
    }

    /// One piece.
    pub fn get(&self, key: &Key) -> Option<&WorkRecord> {
        self.work.get(key)
    }

    /// Keeps a piece as it is stored now; nothing: it is gone.
    pub fn keep(&mut self, key: &Key, work: Option<WorkRecord>) {
        if let Some(before) = self.work.remove(key) {
            self.idle.remove(&(before.due, key.clone()));
        }
        let Some(work) = work else {
            self.woken.remove(key);
            return;
        };
        if !self.under_way.contains(key) {
            self.idle.insert((work.due, key.clone()));
        }
        self.work.insert(key.clone(), work);
    }

    /// Has these tried at once.
    pub fn wake(&mut self, which: impl Fn(&Key, &WorkRecord) -> bool) {
        let woken = self.work.iter().filter(|(key, work)| which(key, work));
        let woken: Vec<_> = woken.map(|(key, _)| key.clone()).collect();
        self.woken.extend(woken);
    }

    /// Takes what is due for a try, soonest first, and tells when the next is.
    pub fn take_due(
        &mut self,
        now: Instant,
        most: usize,
    ) -> (Vec<(Key, WorkRecord)>, Option<Instant>) {
        let mut kinds: HashMap<&str, usize> = HashMap::new();
        let tries = self.under_way.iter();
        for (kind, _) in tries.filter_map(|key| WorkRecord::parts(key.id())) {
            *kinds.entry(kind).or_default() += 1;
        }
        let is_due = |due: &Instant| *due <= now;
        let due = self.idle.iter().take_while(|(due, _)| is_due(due));
        let woken = self.woken.iter().filter_map(|key| {
            let later = self.work.get(key).filter(|work| !is_due(&work.due))?;
            (!self.under_way.contains(key)).then_some((later.due, key))
        });
        let mut woken: Vec<_> = woken.collect();
        woken.sort_unstable();
        let ready = due
            .map(|(_, key)| key)
            .chain(woken.into_iter().map(|(_, key)| key));
        let mut taken = Vec::new();
        for key in ready {
            if taken.len() == most {
                break;
            }
            let Some(work) = self.work.get(key) else {
                continue;
            };
            let of_its_kind = kinds.entry(&work.kind).or_default();
            if *of_its_kind < MOST_OF_A_KIND {
                *of_its_kind += 1;
                taken.push((key.clone(), work.clone()));
            }
        }
        for (key, work) in &taken {
            self.woken.remove(key);
            self.idle.remove(&(work.due, key.clone()));
            self.under_way.insert(key.clone());
        }
        let next = self.idle.iter().find(|(due, _)| !is_due(due));
        (taken, next.map(|(due, _)| *due))
    }

    /// A try is over.
    pub fn tried(&mut self, key: &Key) {
        self.under_way.remove(key);
        if let Some(work) = self.work.get(key) {
            self.idle.insert((work.due, key.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::Record as _;

    fn key(kind: &str, number: usize) -> Key {
        let id = WorkRecord::id(kind, &number.to_string());
        Key::new("wsp_1", WorkRecord::TABLE, &id).expect("a key")
    }

    fn work(kind: &str, number: usize, due: i64) -> WorkRecord {
        WorkRecord {
            kind: kind.to_owned(),
            record: number.to_string(),
            due: Instant::from_second(due),
            attempts: 0,
            last_error: None,
            timer: false,
        }
    }

    fn taken(copy: &mut Copy, now: i64, most: usize) -> (Vec<String>, Option<i64>) {
        let (taken, next) = copy.take_due(Instant::from_second(now), most);
        let ids = taken.iter().map(|(key, _)| key.id().to_owned());
        (ids.collect(), next.map(Instant::second))
    }

    #[test]
    fn what_is_due_is_taken_once_soonest_first_and_what_was_woken_after_it() {
        let mut copy = Copy::default();
        for (number, due) in [(1, 30), (2, 10), (3, 20), (4, 99), (5, 98)] {
            copy.keep(&key("a", number), Some(work("a", number, due)));
        }
        assert_eq!(taken(&mut copy, 5, 9), (vec![], Some(10)));
        copy.wake(|_, work| work.record == "4");
        let all = ["a.2", "a.3", "a.1", "a.4"].map(str::to_owned).to_vec();
        assert_eq!(taken(&mut copy, 30, 9), (all, Some(98)));
        assert_eq!(taken(&mut copy, 30, 9), (vec![], Some(98)));
        // Left for later while it was tried.
        copy.keep(&key("a", 2), Some(work("a", 2, 31)));
        assert_eq!(taken(&mut copy, 40, 9), (vec![], Some(98)));
        copy.tried(&key("a", 2));
        assert_eq!(taken(&mut copy, 40, 9), (vec!["a.2".into()], Some(98)));
        // Done while it was tried.
        copy.keep(&key("a", 2), None);
        copy.tried(&key("a", 2));
        assert_eq!(taken(&mut copy, 40, 9), (vec![], Some(98)));
    }

    #[test]
    fn one_kind_leaves_room_for_others() {
        let mut copy = Copy::default();
        for number in 0..2 * MOST_OF_A_KIND {
            copy.keep(&key("mail", number), Some(work("mail", number, 1)));
        }
        copy.keep(&key("zoom", 1), Some(work("zoom", 1, 2)));
        let (first, _) = taken(&mut copy, 5, 100);
        assert_eq!(first.len(), MOST_OF_A_KIND + 1);
        assert_eq!(first.last().map(String::as_str), Some("zoom.1"));
        assert_eq!(taken(&mut copy, 5, 100).0.len(), 0);
        copy.tried(&key("mail", 0));
        copy.keep(&key("mail", 0), None);
        assert_eq!(taken(&mut copy, 5, 100).0.len(), 1);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Keep(usize, Option<i64>),
        Wake(usize),
        Take(usize),
        Tried(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..6usize, proptest::option::of(0..20i64)).prop_map(|(it, due)| Step::Keep(it, due)),
            (0..6usize).prop_map(Step::Wake),
            (0..4usize).prop_map(Step::Take),
            (0..6usize).prop_map(Step::Tried),
        ]
    }

    proptest! {
        /// Nothing is tried twice at a time, nothing is taken that is neither due nor woken, and nothing that is due is forgotten.
        #[test]
        fn whatever_happens_what_is_due_is_tried_in_the_end(steps in proptest::collection::vec(step(), 0..60)) {
            let (mut copy, mut under_way) = (Copy::default(), HashSet::new());
            let now = Instant::from_second(10);
            for step in steps {
                match step {
                    Step::Keep(it, due) => copy.keep(&key("a", it), due.map(|due| work("a", it, due))),
                    Step::Wake(it) => copy.wake(|_, work| work.record == it.to_string()),
                    Step::Tried(it) => {
                        if under_way.remove(&key("a", it)) {
                            copy.tried(&key("a", it));
                        }
                    }
                    Step::Take(most) => {
                        let woken = copy.woken.clone();
                        let (taken, next) = copy.take_due(now, most);
                        prop_assert!(taken.len() <= most);
                        prop_assert!(next.is_none_or(|next| next > now));
                        for (key, work) in taken {
                            prop_assert!(work.due <= now || woken.contains(&key));
                            prop_assert!(under_way.insert(key));
                        }
                    }
                }
            }
            for key in &under_way {
                copy.tried(key);
            }
            let due = copy.all().filter(|(key, work)| work.due <= now || copy.woken.contains(*key)).count();
            prop_assert_eq!(copy.take_due(now, 100).0.len(), due);
        }
    }
}
