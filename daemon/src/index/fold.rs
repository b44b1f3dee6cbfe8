//! Owns how text is made comparable: letters without case and marks, one space between words. Both
//! sides of every comparison come through here. A folded text holds no control characters, so a
//! newline can separate fields.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` without case, accents, control characters and needless space. CJK stays as it is.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    match text.is_ascii() {
        true => text.chars().for_each(|c| push(&mut folded, c)),
        false => text
            .nfkd()
            .flat_map(char::to_lowercase)
            .filter(|c| !is_combining_mark(*c))
            .for_each(|c| push(&mut folded, c)),
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn push(folded: &mut String, c: char) {
    if c.is_whitespace() || c.is_control() {
        if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
        return;
    }
    // Letters that people type without their stroke, though Unicode does not decompose them.
    match c {
        'ł' => folded.push('l'),
        'ø' => folded.push('o'),
        'đ' | 'ð' => folded.push('d'),
        'ħ' => folded.push('h'),
        'ı' => folded.push('i'),
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ς' => folded.push('σ'),
        _ => folded.push(c.to_ascii_lowercase()),
    }
}

/// A folded text that knows where each part of it came from.
pub(crate) struct Folded {
    /// As [`fold`] gives it.
    pub(crate) text: String,
    /// For each of its bytes where the character that it came from begins and ends.
    sources: Vec<(u32, u32)>,
}

impl Folded {
    pub(crate) fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut sources = Vec::with_capacity(original.len());
        for (at, c) in original.char_indices() {
            let source = (at as u32, (at + c.len_utf8()) as u32);
            for c in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
                if !is_combining_mark(c) {
                    push(&mut text, c);
                }
            }
            sources.resize(text.len(), source);
        }
        text.truncate(text.trim_end().len());
        Self { text, sources }
    }

    /// The bytes of the original that the bytes `from..to` of the folded text came from.
    pub(crate) fn source(&self, from: usize, to: usize) -> Option<Range<u32>> {
        let first = self.sources.get(from)?;
        let last = self.sources.get(to.checked_sub(1)?)?;
        Some(first.0..last.1)
    }
}

/// Whether the byte position `at` of `text` begins a word: nothing, or no letter or digit, stands
/// before it.
pub(crate) fn begins_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|c| !c.is_alphanumeric())
}

/// Whether `word` occurs in `text`, and whether it does so at the beginning of a word.
pub(crate) fn occurs(text: &str, word: &str) -> (bool, bool) {
    let mut found = false;
    for (at, _) in text.match_indices(word) {
        if begins_word(text, at) {
            return (true, true);
        }
        found = true;
    }
    (found, false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_marks_and_space_do_not_matter() {
        for (text, folded) in [
            ("Priya  Nair ", "priya nair"),
            ("JOSÉ Ñandú", "jose nandu"),
            ("Zoë\tÅström", "zoe astrom"),
            ("Łukasz Sørensen", "lukasz sorensen"),
            ("Weiß", "weiss"),
            ("İpek Yıldız", "ipek yildiz"),
            ("Νίκος", "νικοσ"),
            ("山田 太郎", "山田 太郎"),
            ("Ｆｕｌｌ", "full"),
            ("a\u{1b}[2Jb\nc", "a [2jb c"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn a_word_begins_after_anything_that_is_no_letter_or_digit() {
        assert_eq!(occurs("anna o'brien", "brien"), (true, true));
        assert_eq!(occurs("anna o'brien", "nna"), (true, false));
        assert_eq!(occurs("hanna ann", "ann"), (true, true));
        assert_eq!(occurs("山田太郎", "太郎"), (true, false));
        assert_eq!(occurs("anna", "bob"), (false, false));
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing_and_no_control_character_survives(text in ".{0,40}") {
            let folded = fold(&text);
            prop_assert!(!folded.chars().any(char::is_control));
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn a_folded_text_knows_the_characters_it_came_from(text in "\\PC{0,20}") {
            let folded = Folded::new(&text);
            prop_assert_eq!(&folded.text, &fold(&text));
            for (at, c) in folded.text.char_indices() {
                let source = folded.source(at, at + c.len_utf8()).unwrap();
                let source = &text[source.start as usize..source.end as usize];
                prop_assert_eq!(source.chars().count(), 1);
                prop_assert!(c == ' ' || fold(source).contains(c), "{:?} of {:?}", c, source);
            }
        }
    }
}
