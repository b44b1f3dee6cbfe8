//! Owns the domains of addresses. Few are shared by many, so a word is compared with each of them once and not in
//! every candidate.

use std::{collections::HashMap, sync::Arc};

use memchr::memmem::Finder;

use super::{fold::begins_word, word::Hit};

/// All domains of a workspace. Never shrinks while the daemon runs; a restart forgets those nobody has any more.
#[derive(Default)]
pub(super) struct Domains {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// Every name and a newline, in the order of their numbers.
    text: String,
    /// Where each name ends in the text.
    ends: Vec<usize>,
}

impl Domains {
    /// The number of what stands after the last `@` of a folded address; where there is none, of nothing.
    pub(super) fn of(&mut self, email: &str) -> u32 {
        let name = email.rsplit_once('@').map_or("", |(_, name)| name);
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.text.push_str(name);
        self.ends.push(self.text.len());
        self.text.push('\n');
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// In the order of their numbers.
    pub(super) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// How each is hit by what `finder` looks for, by their numbers.
    pub(super) fn hits(&self, finder: &Finder<'_>) -> Vec<Hit> {
        let mut hits = vec![Hit::Not; self.names.len()];
        let mut number = 0;
        for at in finder.find_iter(self.text.as_bytes()) {
            while self.ends[number] <= at {
                number += 1;
            }
            let hit = match begins_word(&self.text, at) {
                true => Hit::Begins,
                false => Hit::Inside,
            };
            hits[number] = hits[number].max(hit);
        }
        hits
    }
}
