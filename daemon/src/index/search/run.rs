//! Owns how a search runs: it is made ready once, runs over every chunk, and only the rows of the
//! page are made.

use super::{Class, Cursor, Found, Search, States, Visible};
use crate::index::Space;
use crate::index::applications::Place;
use crate::index::bits::Bits;
use crate::index::candidates::Person;
use crate::index::chunk::Chunk;
use crate::index::fold::fold;
use crate::index::word::{Hits, Word};

/// The most different words one search looks for: each costs time, and nobody's line has so many.
const MOST_WORDS: usize = 64;

impl Space {
    pub(super) fn search(
        &self,
        search: &Search<'_>,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Found {
        let Some(words) = words(self, search.text) else {
            return Found::default();
        };
        let query = Query::new(self, search, words);
        let chunks = self.candidates.chunks().iter().enumerate();
        let hits: Vec<_> = chunks.map(|(at, chunk)| query.run(at, chunk)).collect();
        let total = hits.iter().map(|hits| hits.all.count()).sum();
        let mut page = self.page(&hits, after, limit + 1);
        let more = page.len() > limit;
        page.truncate(limit);
        let next = page.last().filter(|_| more).map(|(class, person)| Cursor {
            class: *class,
            order: person.order(),
        });
        Found {
            rows: page.iter().map(|(_, person)| self.entry(person)).collect(),
            total,
            next: next.map(|cursor| cursor.to_string()),
        }
    }

    /// The first `limit` hits from `after` on.
    fn page(&self, hits: &[Hits], after: Option<&Cursor>, limit: usize) -> Vec<(Class, &Person)> {
        let mut page = Vec::new();
        for class in [Class::Begins, Class::Inside] {
            let from = match after {
                Some(after) if class < after.class => continue,
                Some(after) if class == after.class => Some(&after.order),
                _ => None,
            };
            let (first, place) = from.map_or((0, 0), |order| self.candidates.seek(order));
            let chunks = self
                .candidates
                .chunks()
                .iter()
                .zip(hits)
                .enumerate()
                .skip(first);
            let people = chunks.flat_map(|(at, (chunk, hits))| {
                let bits = match class {
                    Class::Begins => hits.begins,
                    Class::Inside => hits.all.without(hits.begins),
                };
                let places = bits.from(if at == first { place } else { 0 });
                places.map(|place| &*chunk.people()[place])
            });
            // The row the last page ended with may still be there.
            let people = people.filter(|person| from.is_none_or(|order| person.id != order.id));
            page.extend(
                people
                    .take(limit - page.len())
                    .map(|person| (class, person)),
            );
        }
        page
    }
}

/// A search, made ready to run over every chunk.
struct Query<'a> {
    space: &'a Space,
    words: Vec<Word>,
    /// The places that the filters let through; `None`: no filter on places.
    filter: Option<Vec<bool>>,
    /// Whether who applied for nothing passes that filter.
    without: bool,
    /// Who is visible: the places that the filters let through too, and, chunk by chunk, those
    /// named; `None`: all.
    visible: Option<(Vec<bool>, Vec<Bits>)>,
}

impl<'a> Query<'a> {
    fn new(space: &'a Space, search: &Search<'_>, words: Vec<Word>) -> Self {
        let places = space.candidates.applications().places();
        let wanted =
            |wanted: &dyn Fn(&Place) -> bool| places.iter().map(wanted).collect::<Vec<_>>();
        let narrowed = search.job.is_some() || search.stage.is_some();
        let filtered = narrowed || search.states != States::Any;
        let filter = |place: &Place| {
            search.job.is_none_or(|job| place.job == job)
                && search.stage.is_none_or(|stage| place.stage == stage)
                && search.states.contains(place.state)
        };
        let visible = (*search.visible != Visible::All).then(|| {
            let jobs = search.visible.jobs();
            let of_jobs =
                |place: &Place| jobs.is_some_and(|jobs| jobs.contains(&place.job)) && filter(place);
            (wanted(&of_jobs), named(space, search.visible))
        });
        Self {
            space,
            words,
            filter: filtered.then(|| wanted(&filter)),
            without: search.states == States::Current && !narrowed,
            visible,
        }
    }

    fn run(&self, at: usize, chunk: &Chunk) -> Hits {
        let everybody = Bits::first(chunk.people().len());
        let mut hits = Hits {
            all: everybody,
            begins: everybody,
        };
        if self.words.is_empty() && self.filter.is_none() && self.visible.is_none() {
            return hits;
        }
        let candidates = &self.space.candidates;
        let scan = chunk.scan(candidates.applications(), candidates.domains());
        if let Some(filter) = &self.filter {
            let mut passing = scan.in_places(filter);
            if self.without {
                passing |= everybody.without(scan.in_any_place());
            }
            hits.all &= passing;
        }
        if let Some((jobs, named)) = &self.visible {
            let mut visible = scan.in_places(jobs);
            visible |= named.get(at).copied().unwrap_or_default();
            hits.all &= visible;
        }
        for word in &self.words {
            if hits.all.is_empty() {
                return Hits::default();
            }
            let found = scan.find(word, hits.all);
            hits.all = found.all;
            hits.begins &= found.begins;
        }
        hits.begins &= hits.all;
        hits
    }
}

/// Where those are whom `visible` names, chunk by chunk.
fn named(space: &Space, visible: &Visible) -> Vec<Bits> {
    let Some(named) = visible.named() else {
        return Vec::new();
    };
    let mut chunks = vec![Bits::default(); space.candidates.chunks().len()];
    let people = named.iter().filter_map(|id| space.candidates.get(*id));
    for (chunk, place) in people.filter_map(|person| space.candidates.find(person)) {
        chunks[chunk].insert(place);
    }
    chunks
}

/// The words of `text`, those first that are quick to look for or leave few; nothing of more than
/// can be looked for.
fn words(space: &Space, text: &str) -> Option<Vec<Word>> {
    let folded = fold(text);
    let mut words: Vec<_> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| (word.len() > 2, std::cmp::Reverse(word.len()), *word));
    words.dedup();
    if words.len() > MOST_WORDS {
        return None;
    }
    if words.is_empty() {
        return Some(Vec::new());
    }
    let title = |place: &Place| {
        let job = space.jobs.get(place.job).map(|row| fold(&row.record.title));
        let stage = space
            .stages
            .get(place.stage)
            .map(|row| fold(&row.record.name));
        (job.unwrap_or_default(), stage.unwrap_or_default())
    };
    let places: Vec<_> = space
        .candidates
        .applications()
        .places()
        .iter()
        .map(title)
        .collect();
    let domains = space.candidates.domains();
    let word = |word| Word::new(word, &places, domains);
    Some(words.into_iter().map(word).collect())
}
