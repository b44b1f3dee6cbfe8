//! Owns the order of a list, and which rows a page of it has. By name the chunks are in order
//! already, so a page costs what it shows. Every other order keeps the best of all that match,
//! which costs one comparison for each of them: there is nothing to be kept in order when somebody
//! moves. Rows that are alike stand in the order of names, then of ids.

use std::collections::BinaryHeap;

use greenroom_protocol::id::StageId;

use super::Sort;
use super::cursor::{BadCursor, Class, Cursor, Key};
use super::filter::Ready;
use crate::index::Space;
use crate::index::bits::Bits;
use crate::index::fold::fold;
use crate::index::word::Hits;

/// A row: its run of the list, what it is sorted by, and where it stands in the order of names.
pub(super) type Rank = (Class, u64, Position);

/// A chunk, and a place in it.
pub(super) type Position = (usize, usize);

/// What matches of a chunk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Matches {
    pub(super) exact: Hits,
    pub(super) near: Bits,
}

impl Matches {
    fn in_class(&self, class: Class) -> Bits {
        match class {
            Class::Begins => self.exact.begins,
            Class::Inside => self.exact.all.without(self.exact.begins),
            Class::Near => self.near,
        }
    }
}

/// The order of one list.
pub(super) struct Ranking<'a> {
    space: &'a Space,
    ready: &'a Ready<'a>,
    sort: Sort,
    reverse: bool,
    /// By place, for the order of stages.
    stages: Vec<u32>,
}

impl<'a> Ranking<'a> {
    pub(super) fn new(space: &'a Space, ready: &'a Ready<'a>, sort: Sort, reverse: bool) -> Self {
        let stages = match sort {
            Sort::Stage => stage_ranks(space),
            Sort::Name | Sort::Since | Sort::Added => Vec::new(),
        };
        Self {
            space,
            ready,
            sort,
            reverse,
            stages,
        }
    }

    /// The first `limit` rows from `after` on.
    pub(super) fn page(
        &self,
        matches: &[Matches],
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Rank>, BadCursor> {
        if after.is_some_and(|after| !self.gave_out(after)) {
            return Err(BadCursor);
        }
        match self.sort {
            Sort::Name if !self.reverse => Ok(self.by_name(matches, after, limit)),
            _ => self.best(matches, after, limit),
        }
    }

    /// What a page ended with.
    pub(super) fn cursor(&self, (class, _, position): Rank) -> Cursor {
        let (at, entry) = position;
        let chunk = &self.space.candidates.chunks()[at];
        let scan = self.space.candidates.scan(chunk);
        let shown = || self.ready.shown(at, chunk, scan, entry).map(|(_, one)| one);
        let places = self.space.candidates.applications().places();
        let key = match self.sort {
            Sort::Name => Key::Name,
            Sort::Added => Key::Time(Some(scan.added(entry))),
            Sort::Since => Key::Time(shown().map(|one| one.since)),
            Sort::Stage => Key::Stage(shown().map(|one| places[one.place as usize].stage)),
        };
        let order = chunk.people()[entry].order();
        Cursor { class, key, order }
    }

    /// Whether a cursor is one of a list in this order.
    fn gave_out(&self, cursor: &Cursor) -> bool {
        let fits = match self.sort {
            Sort::Name => cursor.key == Key::Name,
            Sort::Added | Sort::Since => matches!(cursor.key, Key::Time(_)),
            Sort::Stage => matches!(cursor.key, Key::Stage(_)),
        };
        fits && (cursor.class != Class::Inside || self.tells_beginnings_apart())
    }

    /// Whether rows that match at the beginnings of words come first.
    fn tells_beginnings_apart(&self) -> bool {
        self.sort == Sort::Name
    }

    fn by_name(&self, matches: &[Matches], after: Option<&Cursor>, limit: usize) -> Vec<Rank> {
        let chunks = self.space.candidates.chunks();
        let mut page = Vec::new();
        for class in [Class::Begins, Class::Inside, Class::Near] {
            let from = match after {
                Some(after) if class < after.class => continue,
                Some(after) if class == after.class => Some(&after.order),
                _ => None,
            };
            let (first, place) = from.map_or((0, 0), |order| self.space.candidates.seek(order));
            let found = matches.iter().enumerate().skip(first);
            let positions = found.flat_map(|(at, matches)| {
                let bits = matches.in_class(class);
                let places = bits.from(if at == first { place } else { 0 });
                places.map(move |place| (at, place))
            });
            // The row the last page ended with may still be there.
            let ended = |(at, place): Position| {
                from.is_some_and(|order| chunks[at].people()[place].id == order.id)
            };
            let rest = positions.filter(|position| !ended(*position));
            let rest = rest.take(limit - page.len());
            page.extend(rest.map(|position| (class, 0, position)));
        }
        page
    }

    fn best(
        &self,
        matches: &[Matches],
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Rank>, BadCursor> {
        let after = after.map(|cursor| self.rank_of(cursor)).transpose()?;
        let mut best: BinaryHeap<Rank> = BinaryHeap::new();
        for (at, found) in matches.iter().enumerate() {
            for class in [Class::Begins, Class::Inside, Class::Near] {
                if after.is_some_and(|(rank, _)| class < rank.0) {
                    continue;
                }
                let listed = match class {
                    Class::Inside if !self.tells_beginnings_apart() => Class::Begins,
                    class => class,
                };
                for entry in found.in_class(class).iter() {
                    let position = (at, entry);
                    let rank = (listed, self.key(position), position);
                    if after.is_some_and(|(last, there)| rank < last || (there && rank == last)) {
                        continue;
                    }
                    if best.len() < limit {
                        best.push(rank);
                    } else if best.peek().is_some_and(|worst| rank < *worst) {
                        best.pop();
                        best.push(rank);
                    }
                }
            }
        }
        Ok(best.into_sorted_vec())
    }

    /// What an entry is sorted by.
    fn key(&self, (at, entry): Position) -> u64 {
        let chunk = &self.space.candidates.chunks()[at];
        let scan = self.space.candidates.scan(chunk);
        let shown = || self.ready.shown(at, chunk, scan, entry).map(|(_, one)| one);
        match self.sort {
            Sort::Name => self.key_of_name((at, entry)),
            // The newest first, unless they are asked for the other way round.
            Sort::Added => self.key_of(Some(u32::MAX - scan.added(entry))),
            Sort::Since => self.key_of(shown().map(|one| one.since)),
            Sort::Stage => self.key_of(shown().map(|one| self.stages[one.place as usize])),
        }
    }

    /// Those without anything to sort by come last, either way round.
    fn key_of(&self, sorted_by: Option<u32>) -> u64 {
        match sorted_by {
            None => u64::MAX,
            Some(value) if self.reverse => u64::from(u32::MAX - value),
            Some(value) => u64::from(value),
        }
    }

    /// From the last name to the first.
    fn key_of_name(&self, (at, entry): Position) -> u64 {
        u64::MAX - ((at as u64) << 32 | entry as u64)
    }

    /// Where a page that ended with `cursor` ended, and whether that row comes again or is one to
    /// leave out.
    fn rank_of(&self, cursor: &Cursor) -> Result<(Rank, bool), BadCursor> {
        let position = self.space.candidates.seek(&cursor.order);
        let chunk = self.space.candidates.chunks().get(position.0);
        let person = chunk.and_then(|chunk| chunk.people().get(position.1));
        let there = person.is_some_and(|person| person.id == cursor.order.id);
        let key = match cursor.key {
            Key::Name => self.key_of_name(position),
            Key::Time(time) if self.sort == Sort::Added => {
                self.key_of(time.map(|time| u32::MAX - time))
            }
            Key::Time(time) => self.key_of(time),
            Key::Stage(None) => self.key_of(None),
            Key::Stage(Some(stage)) => self.key_of(Some(self.rank_of_stage(stage)?)),
        };
        // Where the person is gone, the position is that of who follows them by name: the next row
        // of any order but that from the last name to the first.
        Ok((
            (cursor.class, key, position),
            there || cursor.key == Key::Name,
        ))
    }

    fn rank_of_stage(&self, stage: StageId) -> Result<u32, BadCursor> {
        let places = self.space.candidates.applications().places();
        let at = places.iter().position(|place| place.stage == stage);
        at.map(|at| self.stages[at]).ok_or(BadCursor)
    }
}

/// By place: first stages before second ones, whatever the job; then by their names and the titles
/// of their jobs. Stages that a job no longer has come last.
fn stage_ranks(space: &Space) -> Vec<u32> {
    let places = space.candidates.applications().places();
    let told = |place: &crate::index::applications::Place| {
        let job = space.jobs.get(place.job);
        let stages = job.map(|job| &job.record.stages);
        let number = stages.and_then(|stages| stages.iter().position(|it| *it == place.stage));
        let name = space
            .stages
            .get(place.stage)
            .map(|row| fold(&row.record.name));
        let title = job.map(|job| fold(&job.record.title));
        (
            number.map_or(usize::MAX, |number| number),
            name,
            title,
            place.stage,
        )
    };
    let told: Vec<_> = places.iter().map(told).collect();
    let mut order: Vec<_> = told.iter().collect();
    order.sort();
    order.dedup();
    let rank = |one| order.binary_search(&one).unwrap_or(order.len()) as u32;
    told.iter().map(rank).collect()
}

/// Keeps the entries that count most, in the order of names, `limit` at most.
pub(super) struct Closest {
    most: u8,
    rows: Vec<Rank>,
    limit: usize,
}

impl Closest {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            most: 1,
            rows: Vec::new(),
            limit,
        }
    }

    pub(super) fn add(&mut self, position: Position, counts: u8) {
        if counts < self.most {
            return;
        }
        if counts > self.most {
            self.most = counts;
            self.rows.clear();
        }
        if self.rows.len() < self.limit {
            self.rows.push((Class::Near, 0, position));
        }
    }

    pub(super) fn rows(self) -> Vec<Rank> {
        self.rows
    }
}
