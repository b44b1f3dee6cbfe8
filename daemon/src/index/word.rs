//! Owns what one word of a search means outside the texts of single candidates: which places (by
//! the job's title or the stage's name), which domains, and which local parts and domains together
//! when it holds an `@`.

use std::ops::BitOrAssign;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::bits::Bits;
use super::domains::Domains;
use super::fold::occurs;

/// Where a word occurs: not, inside a word, or also at the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hit {
    Not,
    Inside,
    Begins,
}

impl Hit {
    pub(super) fn of(text: &str, word: &str) -> Self {
        match occurs(text, word) {
            (false, _) => Self::Not,
            (true, false) => Self::Inside,
            (true, true) => Self::Begins,
        }
    }
}

/// The entries of a chunk that hold a word, and those of them where it begins a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hits {
    pub(super) all: Bits,
    pub(super) begins: Bits,
}

impl Hits {
    pub(super) fn insert(&mut self, entry: usize, begins: bool) {
        self.all.insert(entry);
        if begins {
            self.begins.insert(entry);
        }
    }
}

impl BitOrAssign for Hits {
    fn bitor_assign(&mut self, other: Self) {
        self.all |= other.all;
        self.begins |= other.begins;
    }
}

/// One word of a search, folded.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) finder: Finder<'static>,
    /// By number of the place; nothing where none holds the word.
    pub(super) places: Option<Vec<Hit>>,
    /// By number of the domain; nothing where none holds the word.
    pub(super) domains: Option<Vec<Hit>>,
    pub(super) address: Option<AddressPart>,
}

/// The two sides of a word like `nair@exam`, which ends one field and begins the next.
pub(super) struct AddressPart {
    /// What the local part ends with, its `@` included.
    pub(super) local: String,
    /// By number of the domain: whether it begins with the rest.
    pub(super) domains: Vec<bool>,
}

impl Word {
    /// `places` are each place's folded title and stage name, by the places' numbers.
    pub(super) fn new(text: &str, places: &[(String, String)], domains: &Domains) -> Self {
        let titles =
            |(title, stage): &(String, String)| Hit::of(title, text).max(Hit::of(stage, text));
        let some = |hits: Vec<Hit>| hits.iter().any(|hit| *hit != Hit::Not).then_some(hits);
        let finder = Finder::new(text).into_owned();
        Self {
            text: text.to_owned(),
            places: some(places.iter().map(titles).collect()),
            domains: some(domains.hits(&finder)),
            address: AddressPart::of(text, domains),
            finder,
        }
    }

    /// Whether it begins a word of `text`.
    pub(super) fn begins_in(&self, text: &str) -> bool {
        Hit::of(text, &self.text) == Hit::Begins
    }
}

impl AddressPart {
    fn of(text: &str, domains: &Domains) -> Option<Self> {
        let (local, domain) = text.split_at(text.rfind('@')? + 1);
        let begins = |name: &Arc<str>| name.starts_with(domain);
        (!domain.is_empty()).then(|| Self {
            local: local.to_owned(),
            domains: domains.names().iter().map(begins).collect(),
        })
    }
}
