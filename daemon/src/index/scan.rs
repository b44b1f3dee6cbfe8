//! Owns how one chunk is searched for one word: the folded text of its entries side by side, and
//! their terms. It must find exactly what comparing every entry's name, address, job titles and
//! stage names would.

use std::sync::Arc;

use super::applications::Applications;
use super::bits::Bits;
use super::candidates::Person;
use super::domains::Domains;
use super::fold::{begins_word, fold};
use super::terms::{Gather, Term, Terms};
use super::word::{AddressPart, Hit, Hits, Word};

/// A chunk as searches see it.
pub(super) struct Scan {
    /// For each entry its folded name and the local part of its address with the `@`, each
    /// followed by a newline.
    text: String,
    /// Where each entry's text begins; one more than there are entries.
    starts: Vec<u32>,
    terms: Terms,
}

impl Scan {
    pub(super) fn new(
        people: &[Arc<Person>],
        applications: &Applications,
        domains: &Domains,
    ) -> Self {
        let mut text = String::new();
        let mut starts = vec![0];
        let mut gather = Gather::new();
        for (entry, person) in people.iter().enumerate() {
            let from = text.len();
            let email = fold(&person.email);
            let domain = &domains.names()[person.domain as usize];
            let local = email.strip_suffix(&**domain).unwrap_or(&email);
            text.push_str(&fold(&person.name));
            text.push('\n');
            text.push_str(local);
            text.push('\n');
            starts.push(text.len() as u32);
            gather_text(&mut gather, &text[from..], entry);
            gather.add(Term::Domain(person.domain), entry);
            for application in applications.of(person.id) {
                gather.add(Term::Place(application.place), entry);
            }
        }
        text.shrink_to_fit();
        starts.shrink_to_fit();
        Self {
            text,
            starts,
            terms: gather.finish(),
        }
    }

    /// The entries with an application in a place that `wanted` names.
    pub(super) fn in_places(&self, wanted: &[bool]) -> Bits {
        let hit = |place: usize| if wanted[place] { Hit::Inside } else { Hit::Not };
        self.terms.in_places(hit).all
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
