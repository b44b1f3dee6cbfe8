//! Owns the distinct words of all names of a workspace, each with a number. They are far fewer than
//! people, and one bit for each of their letters tells most of them apart from what was typed
//! without looking at them.

use std::collections::HashMap;
use std::sync::Arc;

use super::spelling::{Spelling, letter_set, words_of};

/// Two words that have fewer letters in common at their beginning are not alike.
const LEAST_SHARED: usize = 2;

/// All words of names. A number is given again when nobody has its word any more.
#[derive(Default)]
pub(in crate::index) struct Words {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    letters: Vec<u64>,
    /// How many names have each.
    counts: Vec<u32>,
    free: Vec<u32>,
}

impl Words {
    /// A folded name has these words from now on.
    pub(in crate::index) fn take(&mut self, name: &str) {
        for word in words_of(name) {
            let number = match self.numbers.get(word) {
                Some(number) => *number,
                None => self.add(word),
            };
            self.counts[number as usize] += 1;
        }
    }

    fn add(&mut self, word: &str) -> u32 {
        let name: Arc<str> = word.into();
        let number = match self.free.pop() {
            Some(number) => {
                self.names[number as usize] = name.clone();
                self.letters[number as usize] = letter_set(word);
                number
            }
            None => {
                self.names.push(name.clone());
                self.letters.push(letter_set(word));
                self.counts.push(0);
                self.names.len() as u32 - 1
            }
        };
        self.numbers.insert(name, number);
        number
    }

    /// A folded name that had these words is gone.
    pub(in crate::index) fn let_go(&mut self, name: &str) {
        for word in words_of(name) {
            let Some(number) = self.numbers.get(word).copied() else {
                continue;
            };
            let at = number as usize;
            self.counts[at] -= 1;
            if self.counts[at] == 0 {
                self.numbers.remove(word);
                self.names[at] = "".into();
                self.letters[at] = 0;
                self.free.push(number);
            }
        }
    }

    /// The numbers of a folded name's words.
    pub(in crate::index) fn numbers(&self, name: &str) -> impl Iterator<Item = u32> {
        words_of(name).filter_map(|word| self.numbers.get(word).copied())
    }

    /// By number, which begin like `typed` but for one error; `None` where none does.
    pub(in crate::index) fn near(&self, typed: &Spelling) -> Option<Vec<bool>> {
        self.which(typed, 1, |word| typed.beginning(word).is_some())
    }

    /// By number, which begin like `typed` but for two errors; `None` where none does.
    pub(in crate::index) fn farther(&self, typed: &Spelling) -> Option<Vec<bool>> {
        self.which(typed, 2, |word| typed.begins_with_two_errors(word))
    }

    /// By number, which have the longest beginning in common with `typed`; `None` where none has
    /// any.
    pub(in crate::index) fn sharing(&self, typed: &Spelling) -> Option<Vec<bool>> {
        let mut letters = Vec::new();
        let mut shared = |name: &Arc<str>| {
            letters.clear();
            letters.extend(name.chars());
            typed.shared(&letters)
        };
        let most = self.names.iter().map(&mut shared).max()?;
        let which = |name| shared(name) == most;
        (most >= LEAST_SHARED).then(|| self.names.iter().map(which).collect())
    }

    fn which(
        &self,
        typed: &Spelling,
        errors: u32,
        near: impl Fn(&[char]) -> bool,
    ) -> Option<Vec<bool>> {
        let mut found = None;
        let mut letters = Vec::new();
        for (number, set) in self.letters.iter().enumerate() {
            if !typed.may_be(*set, errors) {
                continue;
            }
            letters.clear();
            letters.extend(self.names[number].chars());
            if near(&letters) {
                found.get_or_insert_with(|| vec![false; self.names.len()])[number] = true;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_until_the_last_name_with_it_is_gone() {
        let mut words = Words::default();
        let prija = Spelling::read("prija").unwrap();
        words.take("priya nair");
        words.take("priya costa");
        words.let_go("priya nair");
        assert_eq!(words.near(&prija), Some(vec![true, false, false]));
        words.let_go("priya costa");
        assert_eq!(words.near(&prija), None);
        words.take("wen ramanathan");
        words.take("priyanka wen");
        assert_eq!(words.names.len(), 3, "numbers are given again");
        let known = words.numbers("priyanka").next().unwrap() as usize;
        assert!(words.near(&prija).unwrap()[known]);
    }

    #[test]
    fn what_is_not_near_is_found_by_two_errors_or_by_its_beginning() {
        let mut words = Words::default();
        words.take("priya ramanathan");
        let of = |text: &str| Spelling::read(text).unwrap();
        assert_eq!(words.near(&of("prjja")), None);
        assert_eq!(words.farther(&of("prjja")), Some(vec![true, false]));
        assert_eq!(words.farther(&of("ramesh")), None);
        assert_eq!(words.sharing(&of("ramesh")), Some(vec![false, true]));
        assert_eq!(words.sharing(&of("wenzel")), None);
    }
}
