//! Owns how a search runs: it is made ready once, runs over every chunk, and only the rows of the
//! page are made. What nearly matches is looked for only where what matches does not fill a page.

use super::cursor::{BadCursor, Class, Cursor};
use super::filter::Ready;
use super::near::{MOST_WORDS, Near, Nearest, typed_words};
use super::rank::{Closest, Matches, Rank, Ranking};
use super::{Found, FoundRow, Search};
use crate::index::Space;
use crate::index::applications::Place;
use crate::index::bits::Bits;
use crate::index::chunk::Chunk;
use crate::index::domains::Domains;
use crate::index::fold::fold;
use crate::index::near::{Spelling, words_of};
use crate::index::word::{Hits, Word};

impl Space {
    pub(super) fn search(
        &self,
        search: &Search<'_>,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Found, BadCursor> {
        let typed = typed_words(search.text);
        if typed.len() > MOST_WORDS {
            return Ok(Found::default());
        }
        let places = PlaceNames::new(self, !typed.is_empty());
        let query = Query {
            space: self,
            words: typed.iter().map(|word| places.word(word)).collect(),
            ready: Ready::new(self, search),
        };
        let chunks = self.candidates.chunks().iter().enumerate();
        let exact = chunks.map(|(at, chunk)| query.run(at, chunk));
        let mut matches: Vec<_> = exact
            .map(|exact| Matches {
                exact,
                near: Bits::default(),
            })
            .collect();
        let exact: u64 = matches.iter().map(|one| one.exact.all.count()).sum();
        let among_near = after.is_some_and(|after| after.class == Class::Near);
        let mut near = 0;
        let means_these = exact > 0 && typed.iter().any(|word| is_address(word));
        if search.fuzzy && !means_these && (exact < limit as u64 || among_near) {
            near = query.add_near(&places, &mut matches);
        }
        if search.fuzzy && exact + near == 0 && after.is_none() && !query.words.is_empty() {
            return Ok(query.nearest(&places, limit));
        }
        let ranking = Ranking::new(self, &query.ready, search.sort, search.reverse);
        let mut page = ranking.page(&matches, after, limit.saturating_add(1))?;
        let more = page.len() > limit;
        page.truncate(limit);
        let last = page.last().filter(|_| more);
        Ok(Found {
            next: last.map(|last| ranking.cursor(*last).to_string()),
            rows: page.into_iter().map(|rank| query.row(rank)).collect(),
            total: exact + near,
            near,
            nearest: false,
        })
    }
}

/// Whether a word is an address, or most of one. Who types one means it: where it matches, what
/// nearly does is somebody else, and takes longest to find, for an address has many pieces.
fn is_address(word: &str) -> bool {
    let parts = word.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty())
}

/// A search, made ready to run over every chunk.
struct Query<'a> {
    space: &'a Space,
    words: Vec<Word>,
    ready: Ready<'a>,
}

impl Query<'_> {
    fn run(&self, at: usize, chunk: &Chunk) -> Hits {
        let everybody = Bits::first(chunk.people().len());
        let mut hits = Hits {
            all: everybody,
            begins: everybody,
        };
        if self.words.is_empty() && self.ready.is_open() {
            return hits;
        }
        let scan = self.space.candidates.scan(chunk);
        hits.all = self.ready.whom(at, everybody, scan);
        for word in &self.words {
            if hits.all.is_empty() {
                return Hits::default();
            }
            let found = scan.find(word, hits.all);
            hits.all = found.all;
            hits.begins &= found.begins;
        }
        hits.all = self.ready.closer(at, chunk, scan, hits.all);
        hits.begins &= hits.all;
        hits
    }

    /// Adds what nearly matches and does not match; says how much that is.
    fn add_near(&self, places: &PlaceNames<'_>, matches: &mut [Matches]) -> u64 {
        let near = Near::new(&self.words, self.space.candidates.words(), places);
        let Some(near) = near.filter(|_| !self.words.is_empty()) else {
            return 0;
        };
        let chunks = self.space.candidates.chunks().iter().enumerate();
        let mut total = 0;
        for ((at, chunk), found) in chunks.zip(matches) {
            let scan = self.space.candidates.scan(chunk);
            let everybody = Bits::first(chunk.people().len());
            let whom = self
                .ready
                .whom(at, everybody, scan)
                .without(found.exact.all);
            let hits = near.find(scan, whom);
            found.near = self.ready.closer(at, chunk, scan, hits);
            total += found.near.count();
        }
        total
    }

    /// Who is least unlike what nobody matches: one page of them.
    fn nearest(&self, places: &PlaceNames<'_>, limit: usize) -> Found {
        let nearest = Nearest::new(&self.words, self.space.candidates.words(), places);
        let mut closest = Closest::new(limit);
        for (at, chunk) in self.space.candidates.chunks().iter().enumerate() {
            let scan = self.space.candidates.scan(chunk);
            let everybody = Bits::first(chunk.people().len());
            let whom = self.ready.whom(at, everybody, scan);
            let whom = self.ready.closer(at, chunk, scan, whom);
            for (entry, counts) in nearest.count(scan, whom) {
                closest.add((at, entry), counts);
            }
        }
        let rows = closest.rows().into_iter().map(|rank| self.row(rank));
        let rows: Vec<_> = rows.collect();
        Found {
            total: rows.len() as u64,
            near: rows.len() as u64,
            nearest: !rows.is_empty(),
            rows,
            next: None,
        }
    }

    fn row(&self, (class, _, (at, entry)): Rank) -> FoundRow {
        let chunk = &self.space.candidates.chunks()[at];
        let candidate = self.space.entry(&chunk.people()[entry]);
        let scan = self.space.candidates.scan(chunk);
        let shown = self.ready.shown(at, chunk, scan, entry);
        FoundRow {
            shown: shown.map(|(number, _)| candidate.applications[number].id),
            candidate,
            near: class == Class::Near,
        }
    }
}

/// The folded titles and stage names of all places, which words are compared with once.
pub(super) struct PlaceNames<'a> {
    names: Vec<(String, String)>,
    domains: &'a Domains,
}

impl<'a> PlaceNames<'a> {
    /// Empty where no words are looked for.
    fn new(space: &'a Space, wanted: bool) -> Self {
        let names = |place: &Place| {
            let job = space.jobs.get(place.job).map(|row| fold(&row.record.title));
            let stage = space.stages.get(place.stage);
            let stage = stage.map(|row| fold(&row.record.name));
            (job.unwrap_or_default(), stage.unwrap_or_default())
        };
        let places = space.candidates.applications().places();
        Self {
            names: places.iter().filter(|_| wanted).map(names).collect(),
            domains: space.candidates.domains(),
        }
    }

    /// A folded word, compared with all of them.
    pub(super) fn word(&self, text: &str) -> Word {
        Word::new(text, &self.names, self.domains)
    }

    /// By place, whether a word of its title or stage begins like `typed` but for one error;
    /// `None` where none does.
    pub(super) fn near(&self, typed: &Spelling) -> Option<Vec<bool>> {
        let begins = |word: &str| {
            let letters: Vec<char> = word.chars().collect();
            typed.beginning(&letters).is_some()
        };
        let near =
            |(title, stage): &(String, String)| words_of(title).chain(words_of(stage)).any(begins);
        let near: Vec<_> = self.names.iter().map(near).collect();
        near.contains(&true).then_some(near)
    }
}
