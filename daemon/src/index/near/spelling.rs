//! Owns how one word is compared with the beginning of another: how many letters were typed too
//! much, too little, wrong or in the wrong order. The beginning, because a search is answered while
//! it is typed. Words are folded, and letters are characters.

/// Shorter words are not read with an error in them: too many others are as near.
const LEAST_LETTERS: usize = 4;
/// Shorter words are not read with two.
const LEAST_FOR_TWO: usize = 5;
/// Longer words are nobody's name.
const MOST_LETTERS: usize = 48;
/// Shorter words of a name are not kept: no word that is read with an error begins so.
const LEAST_KEPT: usize = LEAST_LETTERS - 1;

/// The words of a folded text that a word with an error in it may mean.
pub(in crate::index) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter(|word| (LEAST_KEPT..=MOST_LETTERS).contains(&word.chars().count()))
}

/// The letters and digits of a folded text, without what stands between them.
pub(in crate::index) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// A word as it was typed, ready to be compared with many.
#[derive(Debug, Clone)]
pub(in crate::index) struct Spelling {
    letters: Vec<char>,
    set: u64,
}

impl Spelling {
    /// A folded word that may have an error in it.
    pub(in crate::index) fn read(word: &str) -> Option<Self> {
        let letters: Vec<char> = word.chars().collect();
        let fits = (LEAST_LETTERS..=MOST_LETTERS).contains(&letters.len());
        fits.then(|| Self {
            set: letter_set(word),
            letters,
        })
    }

    /// Whether a word whose [`letter_set`] is `set` may begin like this one, but for `errors`:
    /// each leaves at most one letter that the other word does not have.
    pub(super) fn may_be(&self, set: u64, errors: u32) -> bool {
        (self.set & !set).count_ones() <= errors
    }

    /// How many letters of `word` this is, the most there can be, with one error at most.
    pub(in crate::index) fn beginning(&self, word: &[char]) -> Option<usize> {
        let typed = self.letters.as_slice();
        let same = typed.iter().zip(word).take_while(|(a, b)| a == b).count();
        let (typed, rest) = (&typed[same..], &word[same..]);
        let [wrong, more @ ..] = typed else {
            return Some(same);
        };
        if let [right, after @ ..] = rest {
            if after.starts_with(typed) {
                return Some(same + typed.len() + 1);
            }
            let swapped = match (more, after) {
                ([second, more @ ..], [next, after @ ..]) => {
                    second == right && wrong == next && after.starts_with(more)
                }
                _ => false,
            };
            if swapped || after.starts_with(more) {
                return Some(same + typed.len());
            }
        }
        rest.starts_with(more).then_some(same + more.len())
    }

    /// Whether this is the beginning of `word` with two errors at most.
    pub(super) fn begins_with_two_errors(&self, word: &[char]) -> bool {
        self.letters.len() >= LEAST_FOR_TWO && errors_at_beginning(&self.letters, word) <= 2
    }

    /// How many letters this and `word` begin with alike.
    pub(super) fn shared(&self, word: &[char]) -> usize {
        let alike = self.letters.iter().zip(word);
        alike.take_while(|(a, b)| a == b).count()
    }
}

/// A bit for each letter of `word`, some letters sharing one.
pub(super) fn letter_set(word: &str) -> u64 {
    word.chars().fold(0, |set, c| set | 1 << (c as u32 % 64))
}

/// The least number of errors (a letter too much, missing, wrong, or two swapped, none of them
/// touched again) that make `typed` of some beginning of `word`.
fn errors_at_beginning(typed: &[char], word: &[char]) -> usize {
    let word = &word[..word.len().min(typed.len() + 2)];
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (i, a) in typed.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in word.iter().enumerate() {
            let mut least = (row[j] + usize::from(a != b))
                .min(row[j + 1] + 1)
                .min(next[j] + 1);
            if i > 0 && j > 0 && *a == word[j - 1] && typed[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.into_iter().min().unwrap_or(typed.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn beginning(typed: &str, word: &str) -> Option<usize> {
        let word: Vec<char> = word.chars().collect();
        Spelling::read(typed)?.beginning(&word)
    }

    #[test]
    fn one_error_in_words_of_four_letters_or_more() {
        for (typed, word, letters) in [
            ("priya", "priya", Some(5)),
            ("prija", "priya", Some(5)),
            ("pirya", "priya", Some(5)),
            ("prya", "priya", Some(5)),
            ("priiya", "priya", Some(5)),
            ("rpiy", "priya", Some(4)),
            ("riya", "priya", Some(5)),
            ("rmana", "ramanathan", Some(6)),
            ("ramanthan", "ramanathan", Some(10)),
            ("priyas", "priya", Some(5)),
            ("pryia", "priya", Some(5)),
            ("okafro", "okafor", Some(6)),
            ("pirja", "priya", None),
            ("pri", "pria", None),
            ("priyass", "priya", None),
            ("nguyen", "", None),
        ] {
            assert_eq!(beginning(typed, word), letters, "{typed:?} {word:?}");
        }
    }

    fn word() -> impl Strategy<Value = String> {
        "[abcé]{0,9}"
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn it_finds_one_error_exactly_where_trying_every_beginning_does(
            typed in word(), word in word(),
        ) {
            let Some(spelling) = Spelling::read(&typed) else { return Ok(()) };
            let letters: Vec<char> = word.chars().collect();
            let errors = errors_at_beginning(&spelling.letters, &letters);
            let found = spelling.beginning(&letters);
            prop_assert_eq!(found.is_some(), errors <= 1, "{} errors", errors);
            if let Some(end) = found {
                let set = letter_set(&word);
                prop_assert!(end <= letters.len() && spelling.may_be(set, 1));
            }
            prop_assert_eq!(
                spelling.begins_with_two_errors(&letters),
                errors <= 2 && spelling.letters.len() >= 5
            );
            if errors <= 2 {
                prop_assert!(spelling.may_be(letter_set(&word), 2));
            }
        }

        #[test]
        fn undoing_an_error_is_one_error(word in "[a-e]{5,9}", at in 0..4usize) {
            let mut swapped: Vec<char> = word.chars().collect();
            swapped.swap(at, at + 1);
            let swapped: String = swapped.into_iter().collect();
            prop_assert!(beginning(&swapped, &word).is_some());
            let mut missing = word.clone();
            missing.remove(at);
            prop_assert!(beginning(&missing, &word).is_some());
            let mut more = word.clone();
            more.insert(at, 'x');
            prop_assert!(beginning(&more, &word).is_some());
        }
    }
}
