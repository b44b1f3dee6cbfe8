//! Owns a run of at most [`Chunk::MOST`] candidates in the order of their names, and what makes searching them quick:
//! a [`Scan`], made when it is first needed after a change, so that a commit costs no more than the change.

use std::sync::{Arc, OnceLock};

use greenroom_protocol::id::CandidateId;

use super::{
    applications::Applications,
    bits::Bits,
    candidates::{Domains, Person},
    scan::Scan,
};

/// Where somebody stands in a list: by folded name, then id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order {
    pub(super) name: String,
    pub(super) id: CandidateId,
}

/// A run of the list of candidates. Never empty for longer than a change takes.
pub(super) struct Chunk {
    people: Vec<Arc<Person>>,
    scan: OnceLock<Scan>,
}

impl Chunk {
    /// The most it holds; few in tests, so that small lists have many chunks.
    pub(super) const MOST: usize = if cfg!(test) { 8 } else { Bits::LEN };

    /// Holds `people`, who are in order.
    pub(super) fn new(people: Vec<Arc<Person>>) -> Self {
        Self {
            people,
            scan: OnceLock::new(),
        }
    }

    pub(super) fn people(&self) -> &[Arc<Person>] {
        &self.people
    }

    pub(super) fn scan(&self, applications: &Applications, domains: &Domains) -> &Scan {
        self.scan
            .get_or_init(|| Scan::new(&self.people, applications, domains))
    }

    pub(super) fn forget_scan(&mut self) {
        self.scan = OnceLock::new();
    }

    pub(super) fn begins_at_or_before(&self, order: &Order) -> bool {
        self.people
            .first()
            .is_none_or(|first| first.order() <= *order)
    }

    /// The place of `order`, or where it would be put.
    pub(super) fn find(&self, order: &Order) -> Result<usize, usize> {
        self.people
            .binary_search_by(|person| person.order().cmp(order))
    }

    pub(super) fn insert(&mut self, place: usize, person: Arc<Person>) {
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
        Some(Self::new(second))
    }
}
