//! What may be shown of a text that a stranger wrote: a caller, a candidate, Zoom.
//!
//! Pure. Invariant: what passes steers neither a terminal nor the direction of what follows.

/// Whether a character steers a terminal, or the direction or the line of what follows. Source: Unicode's bidirectional
/// formatting characters (UAX #9), its separators of lines, and the mark at the beginning of a file.
pub fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
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
}
