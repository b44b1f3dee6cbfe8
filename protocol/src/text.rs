//! What may be shown of a text that a stranger wrote: a caller, a candidate, Zoom.
//!
//! Pure. Invariant: what passes steers neither a terminal nor the direction of what follows.

/// Whether a character steers a terminal, or the direction or the line of what follows. Source:
/// Unicode's bidirectional formatting characters (UAX #9), its separators of lines, and the mark at
/// the beginning of a file.
pub fn steers(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') || is_unseen(letter)
}

/// Whether a character is not seen and changes how others are shown: their direction, where they
/// join, or what they mean. It comes with text that is copied from a document or an address book,
/// so it is left out rather than refused. The joiners U+200C and U+200D are letters of Persian and
/// of emoji, and stay. Source: the characters of category Cf in Unicode's `UnicodeData.txt`.
pub fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{00ad}'
            | '\u{061c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// A text without characters that are not seen.
pub fn seen(text: &str) -> String {
    text.chars().filter(|letter| !is_unseen(*letter)).collect()
}

/// The beginning of a text, at most `most` characters, without those that steer.
pub fn printable(text: &str, most: usize) -> String {
    let shown = text.chars().filter(|letter| !steers(*letter));
    shown.take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_left_out_and_the_rest_is_cut() {
        assert_eq!(
            printable("Eve\u{1b}[2J\u{202e}moc\u{7}\n", 100),
            "Eve[2Jmoc"
        );
        assert_eq!(printable("\u{0}Łukasz Żak", 6), "Łukasz");
    }

    /// Case R12: every character that turns the direction of what follows, or hides.
    #[test]
    fn what_is_not_seen_is_left_out_and_joiners_stay() {
        for letter in ('\u{0}'..=char::MAX).filter(|letter| is_unseen(*letter)) {
            assert!(steers(letter), "{letter:?}");
            assert_eq!(seen(&format!("a{letter}b")), "ab");
            assert_eq!(printable(&format!("a{letter}b"), 9), "ab");
        }
        assert!(
            "\u{202e}\u{2066}\u{200f}\u{feff}\u{e0041}"
                .chars()
                .all(is_unseen)
        );
        for joined in ["می\u{200c}خواهم", "👩\u{200d}💻", "Zoë 王小明 محمد"] {
            assert_eq!(seen(joined), joined);
            assert!(!joined.contains(steers));
        }
    }
}
