//! Owns what one word of a search means outside the texts of single candidates: which places (by the job's title or
//! the stage's name), which domains, and which local parts and domains together when it holds an `@`.

use memchr::memmem::Finder;

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

/// One word of a search, folded.
pub(super) struct Word {
    pub(super) text: String,
    pub(super) finder: Finder<'static>,
    /// By number of the place.
    pub(super) places: Vec<Hit>,
    /// By number of the domain; empty where none holds the word.
    pub(super) domains: Vec<Hit>,
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
    /// `places` are each place's folded title and stage name, `domains` all domains, both by their numbers.
    pub(super) fn new<'a>(
        text: &str,
        places: &[(String, String)],
        domains: impl Iterator<Item = &'a str> + Clone,
    ) -> Self {
        let in_place =
            |(title, stage): &(String, String)| Hit::of(title, text).max(Hit::of(stage, text));
        let (local, domain) = match text.rfind('@') {
            Some(at) => text.split_at(at + 1),
            None => ("", ""),
        };
        let address = (!domain.is_empty()).then(|| AddressPart {
            local: local.to_owned(),
            domains: domains
                .clone()
                .map(|name| name.starts_with(domain))
                .collect(),
        });
        let hits: Vec<_> = domains.map(|name| Hit::of(name, text)).collect();
        Self {
            text: text.to_owned(),
            finder: Finder::new(text).into_owned(),
            places: places.iter().map(in_place).collect(),
            domains: match hits.iter().all(|hit| *hit == Hit::Not) {
                true => Vec::new(),
                false => hits,
            },
            address,
        }
    }
    /// Whether it begins a word of `text`.
    pub(super) fn begins_in(&self, text: &str) -> bool {
        Hit::of(text, &self.text) == Hit::Begins
    }
}
