//! Owns how one chunk is searched for one word, and what it is sorted and filtered by: the folded
//! text of its entries side by side, their terms, and the seconds that lists are ordered by. It must
//! find exactly what comparing every entry's name, address, job titles and stage names would.

use std::sync::Arc;

use greenroom_protocol::time::Instant;

use super::applications::Applications;
use super::bits::Bits;
use super::candidates::Person;
use super::domains::Domains;
use super::fold::{begins_word, fold};
use super::near::{Initials, Words, initial_pairs};
use super::terms::{Gather, Term, Terms, among};
use super::word::{AddressPart, Hit, Hits, Word};

/// What is looked up while a chunk is made ready.
pub(super) struct Known<'a> {
    pub(super) applications: &'a Applications,
    pub(super) domains: &'a Domains,
    pub(super) words: &'a Words,
}

/// An application, as lists sort and filter by it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Applied {
    pub(super) place: u32,
    /// Since when it is there, as [`seconds`] counts.
    pub(super) since: u32,
}

/// Whole seconds since 1970; what is earlier or after 2106 counts as the first or the last of them.
pub(super) fn seconds(at: Instant) -> u32 {
    u32::try_from(at.second().max(0)).unwrap_or(u32::MAX)
}

/// A chunk as searches see it.
pub(super) struct Scan {
    /// For each entry its folded name and the local part of its address with the `@`, each
    /// followed by a newline.
    text: String,
    /// Where each entry's text begins; one more than there are entries.
    starts: Vec<u32>,
    terms: Terms,
    /// Each entry's applications, newest first, one entry after the other.
    applied: Vec<Applied>,
    /// Where each entry's applications begin; one more than there are entries.
    applied_from: Vec<u32>,
    /// When each entry was added, as [`seconds`] counts.
    added: Vec<u32>,
}

impl Scan {
    pub(super) fn new(people: &[Arc<Person>], known: &Known<'_>) -> Self {
        let mut text = String::new();
        let mut starts = vec![0];
        let mut applied = Vec::with_capacity(people.len());
        let mut applied_from = vec![0];
        let mut gather = Gather::new();
        for (entry, person) in people.iter().enumerate() {
            let from = text.len();
            let email = fold(&person.email);
            let domain = &known.domains.names()[person.domain as usize];
            let local = email.strip_suffix(&**domain).unwrap_or(&email);
            let name = fold(&person.name);
            text.push_str(&name);
            text.push('\n');
            text.push_str(local);
            text.push('\n');
            starts.push(text.len() as u32);
            gather_text(&mut gather, &text[from..], entry);
            for (first, other) in initial_pairs(&name) {
                gather.add(Term::Initials(first, other), entry);
            }
            for word in known.words.numbers(&name) {
                gather.add(Term::Word(word), entry);
            }
            gather.add(Term::Domain(person.domain), entry);
            if let Some(zone) = person.zone {
                gather.add(Term::Zone(zone), entry);
            }
            for application in known.applications.of(person.id) {
                gather.add(Term::Place(application.place), entry);
                applied.push(Applied {
                    place: application.place,
                    since: seconds(application.since),
                });
            }
            applied_from.push(applied.len() as u32);
        }
        text.shrink_to_fit();
        starts.shrink_to_fit();
        applied.shrink_to_fit();
        Self {
            text,
            starts,
            terms: gather.finish(),
            applied,
            applied_from,
            added: people.iter().map(|person| person.added).collect(),
        }
    }

    /// The entries with an application in a place that `wanted` names.
    pub(super) fn in_places(&self, wanted: &[bool]) -> Bits {
        self.terms.in_places(among(wanted)).all
    }

    /// The entries in a zone that `wanted` names.
    pub(super) fn in_zones(&self, wanted: &[bool]) -> Bits {
        self.terms.in_zones(wanted)
    }

    /// The entries whose name has a word that `wanted` names.
    pub(super) fn with_words(&self, wanted: &[bool]) -> Bits {
        self.terms.with_words(wanted)
    }

    /// Those of the entries `within` whose name has these initials.
    pub(super) fn with_initials(&self, initials: &Initials, within: Bits) -> Bits {
        let mut worth = within;
        for (first, other) in initials.pairs() {
            worth &= self.terms.entries(Term::Initials(first, other));
        }
        let has = |entry: &usize| initials.find(self.name(*entry)).is_some();
        worth.iter().filter(has).collect()
    }

    /// An entry's applications, newest first.
    pub(super) fn applied(&self, entry: usize) -> &[Applied] {
        let (from, to) = (self.applied_from[entry], self.applied_from[entry + 1]);
        &self.applied[from as usize..to as usize]
    }

    /// When an entry was added, as [`seconds`] counts.
    pub(super) fn added(&self, entry: usize) -> u32 {
        self.added[entry]
    }

    /// The entries with any application.
    pub(super) fn in_any_place(&self) -> Bits {
        self.terms.in_places(|_| Hit::Inside).all
    }

    /// Looks for `word` in the entries `within`.
    pub(super) fn find(&self, word: &Word, within: Bits) -> Hits {
        let mut hits = self.in_text(word, within);
        if let Some(places) = &word.places {
            hits |= self.terms.in_places(|place| places[place]);
        }
        let undecided = within.without(hits.begins);
        if let Some(domains) = word.domains.as_ref().filter(|_| !undecided.is_empty()) {
            hits |= self.terms.in_domains(|domain| domains[domain]);
        }
        if let Some(part) = &word.address {
            self.across(part, undecided, &mut hits);
        }
        Hits {
            all: hits.all & within,
            begins: hits.begins & within,
        }
    }

    fn in_text(&self, word: &Word, within: Bits) -> Hits {
        match *word.text.as_bytes() {
            [] => Hits::default(),
            [byte] => Hits {
                all: self.terms.entries(Term::Byte(byte)),
                begins: self.terms.entries(Term::FirstByte(byte)),
            },
            [first, second] => Hits {
                all: self.terms.entries(Term::Pair(first, second)),
                begins: self.terms.entries(Term::FirstPair(first, second)),
            },
            [first, second, ..] => self.longer(word, (first, second), within),
        }
    }

    /// A word of three bytes and more: its pairs say which entries are worth a look.
    fn longer(&self, word: &Word, (first, second): (u8, u8), within: Bits) -> Hits {
        let mut worth = within;
        for pair in word.text.as_bytes().windows(2) {
            if worth.is_empty() {
                return Hits::default();
            }
            worth &= self.terms.entries(Term::Pair(pair[0], pair[1]));
        }
        let may_begin = self.terms.entries(Term::FirstPair(first, second));
        let mut hits = Hits::default();
        for entry in worth.iter() {
            let text = self.entry(entry);
            let Some(at) = word.finder.find(text.as_bytes()) else {
                continue;
            };
            let begins =
                may_begin.contains(entry) && (begins_word(text, at) || word.begins_in(text));
            hits.insert(entry, begins);
        }
        hits
    }

    /// A word that ends a local part and begins a domain.
    fn across(&self, part: &AddressPart, within: Bits, hits: &mut Hits) {
        let begun = |domain: usize| {
            if part.domains[domain] {
                Hit::Inside
            } else {
                Hit::Not
            }
        };
        let entries = self.terms.in_domains(begun).all & within;
        for entry in entries.iter() {
            let text = self.entry(entry).trim_end_matches('\n');
            if let Some(before) = text.strip_suffix(part.local.as_str()) {
                hits.insert(entry, begins_word(text, before.len()));
            }
        }
    }

    /// The folded name of an entry.
    pub(super) fn name(&self, entry: usize) -> &str {
        let text = self.entry(entry);
        text.split_once('\n').map_or(text, |(name, _)| name)
    }

    fn entry(&self, entry: usize) -> &str {
        &self.text[self.starts[entry] as usize..self.starts[entry + 1] as usize]
    }
}

fn gather_text(gather: &mut Gather, text: &str, entry: usize) {
    let bytes = text.as_bytes();
    let separates = |byte: u8| byte == b' ' || byte == b'\n';
    let mut after_letter = false;
    for (at, c) in text.char_indices() {
        let begins = !after_letter;
        after_letter = c.is_alphanumeric();
        if separates(bytes[at]) {
            continue;
        }
        if c.is_ascii() {
            gather.add(Term::Byte(bytes[at]), entry);
            if begins {
                gather.add(Term::FirstByte(bytes[at]), entry);
            }
        }
        for first in at..at + c.len_utf8() {
            let Some(second) = bytes.get(first + 1).filter(|byte| !separates(**byte)) else {
                continue;
            };
            gather.add(Term::Pair(bytes[first], *second), entry);
            if begins && first == at {
                gather.add(Term::FirstPair(bytes[first], *second), entry);
            }
        }
    }
}
