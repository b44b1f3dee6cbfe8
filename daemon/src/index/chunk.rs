//! Owns a run of at most [`Chunk::MOST`] candidates in the order of their names, and what makes
//! searching them quick: a [`Scan`], made when it is first needed after a change, so that a commit
//! costs no more than the change.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use greenroom_protocol::id::CandidateId;

use super::bits::Bits;
use super::candidates::Person;
use super::scan::{Known, Scan};

/// Where somebody stands in a list: by folded name, then id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    pub(super) name: String,
    pub(super) id: CandidateId,
}

/// A run of the list of candidates. Never empty for longer than a change takes.
pub(super) struct Chunk {
    /// Where it begins: at or before its first person, after the last of the chunk before.
    first: Order,
    people: Vec<Arc<Person>>,
    scan: OnceLock<Scan>,
}

impl Chunk {
    /// The most it holds; few in tests, so that small lists have many chunks.
    pub(super) const MOST: usize = if cfg!(test) { 8 } else { Bits::LEN };

    /// Holds `people`, who are in order; nothing of nobody.
    pub(super) fn new(people: Vec<Arc<Person>>) -> Option<Self> {
        Some(Self {
            first: people.first()?.order(),
            people,
            scan: OnceLock::new(),
        })
    }

    pub(super) fn first(&self) -> &Order {
        &self.first
    }

    pub(super) fn people(&self) -> &[Arc<Person>] {
        &self.people
    }

    pub(super) fn scan(&self, known: &Known<'_>) -> &Scan {
        self.scan.get_or_init(|| Scan::new(&self.people, known))
    }

    pub(super) fn forget_scan(&mut self) {
        self.scan = OnceLock::new();
    }

    /// The place of `order`, or where it would be put.
    pub(super) fn find(&self, order: &Order) -> Result<usize, usize> {
        let Some(scan) = self.scan.get() else {
            return self
                .people
                .binary_search_by(|person| person.order().cmp(order));
        };
        // The scan has every name folded already; folding them for each comparison is most of the
        // cost.
        let (mut low, mut high) = (0, self.people.len());
        while low < high {
            let middle = low.midpoint(high);
            let person = (scan.name(middle), self.people[middle].id);
            match person.cmp(&(order.name.as_str(), order.id)) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Ok(middle),
                Ordering::Greater => high = middle,
            }
        }
        Err(low)
    }

    pub(super) fn insert(&mut self, place: usize, person: Arc<Person>) {
        if place == 0 {
            self.first = person.order();
        }
        self.people.insert(place, person);
        self.forget_scan();
    }

    pub(super) fn remove(&mut self, place: usize) {
        self.people.remove(place);
        self.forget_scan();
    }

    /// Gives its second half away when there is no room for another.
    pub(super) fn split_if_full(&mut self) -> Option<Self> {
        if self.people.len() < Self::MOST {
            return None;
        }
        let second = self.people.split_off(Self::MOST / 2);
        self.forget_scan();
        Self::new(second)
    }
}
