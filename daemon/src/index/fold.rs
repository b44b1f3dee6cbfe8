//! Owns how text is made comparable: letters without case and marks, one space between words. Both
//! sides of every comparison come through here. A folded text holds no control characters, so a
//! newline can separate fields.

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
    }
}
