//! Owns the domains of addresses. Few are shared by many, so a word is compared with each of them
//! once and not in every candidate.

use std::collections::HashMap;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::fold::begins_word;
use super::word::Hit;

/// All domains of a workspace. One that nobody has any more is forgotten; its number is not given
/// again.
#[derive(Default)]
pub(super) struct Domains {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// Every name and a newline, in the order of their numbers.
    text: String,
    /// Where each name ends in the text.
    ends: Vec<usize>,
    /// How many addresses have each.
    counts: Vec<usize>,
}

impl Domains {
    /// The number of what stands after the last `@` of a folded address, which has it from now on;
    /// where there is none, of nothing.
    pub(super) fn take(&mut self, email: &str) -> u32 {
        let name = email.rsplit_once('@').map_or("", |(_, name)| name);
        if let Some(number) = self.numbers.get(name) {
            self.counts[*number as usize] += 1;
            return *number;
        }
        let number = self.names.len() as u32;
        self.text.push_str(name);
        self.ends.push(self.text.len());
        self.text.push('\n');
        self.counts.push(1);
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// An address that had this domain is gone.
    pub(super) fn let_go(&mut self, number: u32) {
        let number = number as usize;
        self.counts[number] -= 1;
        if self.counts[number] > 0 {
            return;
        }
        let name = std::mem::replace(&mut self.names[number], "".into());
        self.numbers.remove(&name);
        let end = self.ends[number];
        // No word has a line end, so nothing is found here any more.
        let nothing = "\n".repeat(name.len());
        self.text.replace_range(end - name.len()..end, &nothing);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_found_until_its_last_address_is_gone() {
        let mut domains = Domains::default();
        let shared = domains.take("a@mail.example");
        let own = domains.take("b@own.example");
        assert_eq!(domains.take("c@mail.example"), shared);
        let last = domains.take("d@last.example");
        let found = |domains: &Domains, text: &str| {
            let hits = domains.hits(&Finder::new(text));
            let hit = hits.iter().enumerate().filter(|(_, hit)| **hit != Hit::Not);
            hit.map(|(number, _)| number as u32).collect::<Vec<_>>()
        };
        domains.let_go(shared);
        assert_eq!(found(&domains, "example"), [shared, own, last]);
        domains.let_go(own);
        assert_eq!(found(&domains, "example"), [shared, last]);
        assert_eq!(found(&domains, "own"), [0; 0]);
        assert!(!domains.text.contains("own") && domains.names[own as usize].is_empty());
        assert_ne!(domains.take("e@own.example"), own);
    }
}
