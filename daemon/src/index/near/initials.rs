//! Owns initials: `pn` and `p.n.` are Priya Nair. The letters are the first letters of words of a
//! name, in its order; the first letter is that of the first word, and words between may be left
//! out.

use super::super::fold::begins_word;

/// Nobody types more of them.
const MOST_LETTERS: usize = 4;
/// The words of a name that are looked at.
const MOST_WORDS: usize = 8;

/// What was typed, read as initials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::index) struct Initials(Vec<char>);

impl Initials {
    /// A folded word of two to four letters, each perhaps with a dot after it.
    pub(in crate::index) fn read(word: &str) -> Option<Self> {
        let mut letters = Vec::new();
        let mut after_letter = false;
        for c in word.chars() {
            match c {
                '.' if after_letter => after_letter = false,
                c if c.is_alphabetic() && letters.len() < MOST_LETTERS => {
                    letters.push(c);
                    after_letter = true;
                }
                _ => return None,
            }
        }
        (letters.len() > 1).then_some(Self(letters))
    }

    /// What every name that has these initials holds, as [`initial_pairs`] gives it.
    pub(in crate::index) fn pairs(&self) -> impl Iterator<Item = (char, char)> {
        let first = self.0.first().copied();
        first
            .into_iter()
            .flat_map(|first| self.0.iter().skip(1).map(move |other| (first, *other)))
    }

    /// Where each of the letters stands in a folded name, if it has these initials.
    pub(in crate::index) fn find(&self, name: &str) -> Option<Vec<usize>> {
        let mut left = self.0.iter();
        let mut next = left.next();
        let mut places = Vec::new();
        for (number, (at, c)) in firsts(name).enumerate() {
            let Some(wanted) = next else { break };
            if c == *wanted {
                places.push(at);
                next = left.next();
            } else if number == 0 {
                return None;
            }
        }
        next.is_none().then_some(places)
    }
}

/// The first letter of a folded name with each letter that begins a later word.
pub(in crate::index) fn initial_pairs(name: &str) -> impl Iterator<Item = (char, char)> {
    let mut firsts = firsts(name).map(|(_, c)| c);
    let first = firsts.next();
    firsts.filter_map(move |other| Some((first?, other)))
}

fn firsts(name: &str) -> impl Iterator<Item = (usize, char)> {
    let begins = |(at, c): &(usize, char)| c.is_alphabetic() && begins_word(name, *at);
    name.char_indices().filter(begins).take(MOST_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_four_letters_with_or_without_dots_are_initials() {
        for (word, letters) in [
            ("pn", Some("pn")),
            ("p.n.", Some("pn")),
            ("p.n", Some("pn")),
            ("jmko", Some("jmko")),
            ("p", None),
            ("priya", None),
            ("p..n", None),
            (".pn", None),
            ("p1", None),
            ("", None),
        ] {
            let letters = letters.map(|letters| Initials(letters.chars().collect()));
            assert_eq!(Initials::read(word), letters, "{word:?}");
        }
    }

    #[test]
    fn a_name_has_the_initials_of_its_words_in_order() {
        for (name, word, places) in [
            ("priya nair", "pn", Some(vec![0, 6])),
            ("priya k. nair", "pn", Some(vec![0, 9])),
            ("mary-ann o'neil", "mao", Some(vec![0, 5, 9])),
            ("nair priya", "pn", None),
            ("anna priya nair", "pn", None),
            ("priya", "pn", None),
            ("", "pn", None),
        ] {
            let initials = Initials::read(word).unwrap();
            assert_eq!(initials.find(name), places, "{name:?}");
            let held: Vec<_> = initial_pairs(name).collect();
            if initials.find(name).is_some() {
                assert!(initials.pairs().all(|pair| held.contains(&pair)));
            }
        }
    }
}
