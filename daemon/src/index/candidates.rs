//! Owns a workspace's candidates, by id and in the order of their names. While the index fills they
//! are only kept by id; [`Candidates::arrange`] sorts them once, and from then on every change goes
//! to its place.

use std::collections::HashMap;
use std::sync::Arc;

use greenroom_protocol::id::{ApplicationId, CandidateId};

use super::applications::Applications;
use super::chunk::{Chunk, Order};
use super::domains::Domains;
use super::fold::fold;
use super::near::Words;
use super::scan::{Known, Scan, seconds};
use super::zones::Zones;
use crate::records::pipeline::{ApplicationRecord, CandidateRecord};

/// Chunks as they are made at the start leave this much room for newcomers.
const ROOM: usize = Chunk::MOST / 16;

/// What lists show of a candidate.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) id: CandidateId,
    pub(super) revision: u64,
    pub(super) name: Box<str>,
    pub(super) email: Box<str>,
    /// The number of their time zone.
    pub(super) zone: Option<u32>,
    /// The number of the address's domain.
    pub(super) domain: u32,
    /// When they were added, as [`seconds`] counts.
    pub(super) added: u32,
}

impl Person {
    pub(super) fn order(&self) -> Order {
        Order {
            name: fold(&self.name),
            id: self.id,
        }
    }
}

/// The candidates of a workspace and their applications.
#[derive(Default)]
pub(super) struct Candidates {
    people: HashMap<CandidateId, Arc<Person>>,
    applications: Applications,
    domains: Domains,
    words: Words,
    zones: Zones,
    /// In the order of names; none before they are arranged.
    chunks: Vec<Chunk>,
    arranged: bool,
}

impl Candidates {
    /// Sorts everyone known; changes are put in their place from now on.
    pub(super) fn arrange(&mut self) {
        let mut people: Vec<_> = self.people.values().cloned().collect();
        people.sort_by_cached_key(|person| person.order());
        let chunks = people.chunks(Chunk::MOST - ROOM);
        self.chunks = chunks
            .filter_map(|people| Chunk::new(people.to_vec()))
            .collect();
        self.people.shrink_to_fit();
        self.arranged = true;
    }

    /// Prepares the search in some chunks from `from` on; returns where to go on, until there are
    /// no more.
    pub(super) fn warm(&self, from: usize) -> Option<usize> {
        let to = (from + 4).min(self.chunks.len());
        for chunk in self.chunks.get(from..to)? {
            chunk.scan(&self.known());
        }
        Some(to).filter(|to| *to > from)
    }

    pub(super) fn set(&mut self, id: CandidateId, row: Option<(u64, CandidateRecord)>) {
        let before = self.people.remove(&id);
        if let Some(before) = &before {
            self.take_out(before);
        }
        let Some((revision, record)) = row else {
            before.iter().for_each(|it| self.let_go(it));
            return;
        };
        // The new ones first: what is the same keeps its number.
        let domain = self.domains.take(&fold(&record.email));
        self.words.take(&fold(&record.name));
        before.iter().for_each(|it| self.let_go(it));
        let person = Arc::new(Person {
            id,
            revision,
            name: record.name.into(),
            email: record.email.into(),
            zone: record.zone.map(|zone| self.zones.number(&zone)),
            domain,
            added: seconds(record.added_at),
        });
        self.people.insert(id, person.clone());
        self.put_in(person);
    }

    pub(super) fn set_application(
        &mut self,
        id: ApplicationId,
        row: Option<(u64, ApplicationRecord)>,
    ) {
        let changed = self.applications.set(id, row);
        for candidate in changed.into_iter().flatten() {
            let at = self
                .people
                .get(&candidate)
                .and_then(|person| self.find(person));
            if let Some((chunk, _)) = at {
                self.chunks[chunk].forget_scan();
            }
        }
    }

    pub(super) fn get(&self, id: CandidateId) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// Everybody, in no order.
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.people.len()
    }

    pub(super) fn everybody(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.people.values()
    }

    pub(super) fn applications(&self) -> &Applications {
        &self.applications
    }

    pub(super) fn domains(&self) -> &Domains {
        &self.domains
    }

    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// A candidate's IANA zone, if it is known.
    pub(super) fn zone(&self, id: CandidateId) -> Option<String> {
        let number = self.people.get(&id)?.zone?;
        self.zones.name(number).map(str::to_owned)
    }

    pub(super) fn zones(&self) -> &Zones {
        &self.zones
    }

    /// `chunk`, ready to be searched.
    pub(super) fn scan<'a>(&self, chunk: &'a Chunk) -> &'a Scan {
        chunk.scan(&self.known())
    }

    fn known(&self) -> Known<'_> {
        Known {
            applications: &self.applications,
            domains: &self.domains,
            words: &self.words,
        }
    }

    pub(super) fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// Where `person` is: the chunk, and the place in it.
    pub(super) fn find(&self, person: &Person) -> Option<(usize, usize)> {
        let order = person.order();
        let chunk = self.chunk_of(&order);
        let place = self.chunks.get(chunk)?.find(&order).ok()?;
        Some((chunk, place))
    }

    /// The first person at or after `order`: the chunk, and the place in it, which may be its end.
    pub(super) fn seek(&self, order: &Order) -> (usize, usize) {
        let chunk = self.chunk_of(order);
        let found = self.chunks.get(chunk).map(|chunk| chunk.find(order));
        (
            chunk,
            found.map_or(0, |found| found.unwrap_or_else(|place| place)),
        )
    }

    /// The first person whose folded name is `name` or later: the chunk, and the place in it, which
    /// may be its end.
    pub(super) fn seek_name(&self, name: &str) -> (usize, usize) {
        let earlier = |chunk: &Chunk| *chunk.first().name < *name;
        let chunk = self.chunks.partition_point(earlier).saturating_sub(1);
        let people = self.chunks.get(chunk).map_or(&[][..], Chunk::people);
        (
            chunk,
            people.partition_point(|person| *fold(&person.name) < *name),
        )
    }

    /// The chunk that holds `order`, or would.
    fn chunk_of(&self, order: &Order) -> usize {
        let later = self.chunks.partition_point(|chunk| chunk.first() <= order);
        later.saturating_sub(1)
    }

    fn take_out(&mut self, person: &Person) {
        let Some((chunk, place)) = self.find(person) else {
            return;
        };
        self.chunks[chunk].remove(place);
        if self.chunks[chunk].people().is_empty() {
            self.chunks.remove(chunk);
        }
    }

    fn put_in(&mut self, person: Arc<Person>) {
        if !self.arranged {
            return;
        }
        let order = person.order();
        let (chunk, place) = self.seek(&order);
        let Some(found) = self.chunks.get_mut(chunk) else {
            self.chunks.extend(Chunk::new(vec![person]));
            return;
        };
        found.insert(place, person);
        if let Some(second) = found.split_if_full() {
            self.chunks.insert(chunk + 1, second);
        }
    }

    /// Nobody has what was this person's any more, unless others have it too.
    fn let_go(&mut self, person: &Person) {
        self.domains.let_go(person.domain);
        self.words.let_go(&fold(&person.name));
    }
}
