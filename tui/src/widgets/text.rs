//! Text on a grid: width, cutting, wrapping and cleaning.
//!
//! Owns the one answer to "how many cells is this". Invariant: whatever passes [`clean`] holds no
//! control character and nothing that reorders a line, so a candidate's name cannot speak to the
//! terminal. Nothing else in the client may measure or cut text.

use greenroom_protocol::text::steers;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Longest text kept from a single value; a name of 10 kB must not cost a frame.
const LONGEST: usize = 2_000;

/// Text from outside, made safe to show on one line.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter_map(harmless).take(LONGEST).collect()
}

/// Cells that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// `text` in at most `cells` cells, with an ellipsis where something was cut.
pub(crate) fn fit(text: &str, cells: usize) -> String {
    let text = clean(text);
    if width(&text) <= cells {
        return text;
    }
    let Some(room) = cells.checked_sub(1) else {
        return String::new();
    };
    let mut cut = head(&text, room).trim_end().to_owned();
    cut.push('…');
    cut
}

/// `text` in exactly `cells` cells, to the left.
pub(crate) fn left(text: &str, cells: usize) -> String {
    let mut text = fit(text, cells);
    text.push_str(&blanks(cells.saturating_sub(width(&text))));
    text
}

/// `text` in exactly `cells` cells, to the right.
pub(crate) fn right(text: &str, cells: usize) -> String {
    let text = fit(text, cells);
    let mut line = blanks(cells.saturating_sub(width(&text)));
    line.push_str(&text);
    line
}

/// That many spaces.
pub(crate) fn blanks(cells: usize) -> String {
    " ".repeat(cells)
}

/// `text` as lines of at most `cells` cells, broken at spaces, and inside a word only where a word
/// is longer than a line.
pub(crate) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in clean(paragraph).split_whitespace() {
            let glue = usize::from(!line.is_empty());
            if width(&line) + glue + width(word) > cells && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            while width(&line) > cells && line != head_or_first(&line, cells) {
                let rest = line.split_off(head_or_first(&line, cells).len());
                lines.push(std::mem::replace(&mut line, rest));
            }
        }
        lines.push(line);
    }
    lines
}

/// Like [`wrap`], but keeps the spaces of lines that fit, and lets those that do not go on under
/// their last column: for text that was laid out with spaces.
pub(crate) fn wrap_columns(text: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = clean(line);
        let column = line.rfind("  ").map_or(0, |at| at + 2);
        let (label, words) = line.split_at(column);
        let indent = width(label);
        if width(&line) <= cells {
            lines.push(line);
            continue;
        }
        // A column that would be narrower than its label is none.
        if indent * 2 > cells {
            lines.extend(wrap(&line, cells));
            continue;
        }
        let labels = std::iter::once(label.to_owned()).chain(std::iter::repeat(blanks(indent)));
        let words = wrap(words, cells - indent);
        lines.extend(labels.zip(words).map(|(label, words)| label + &words));
    }
    lines
}

/// Like [`wrap`], but breaks anywhere and keeps every character, so that joining the lines gives
/// the text back: for addresses that are copied manually.
pub(crate) fn wrap_whole(text: &str, cells: usize) -> Vec<String> {
    let mut rest = clean(text);
    let mut lines = Vec::new();
    while width(&rest) > cells && rest != head_or_first(&rest, cells) {
        let after = rest.split_off(head_or_first(&rest, cells).len());
        lines.push(std::mem::replace(&mut rest, after));
    }
    lines.push(rest);
    lines
}

/// Whether every word of `typed` occurs in `text`, whatever its case and accents.
pub(crate) fn matches(text: &str, typed: &str) -> bool {
    let text = fold(text);
    fold(typed)
        .split_whitespace()
        .all(|word| text.contains(word))
}

/// Lower case without accents.
pub(crate) fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    text.nfkd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The first graphemes of `text` that fit.
fn head(text: &str, cells: usize) -> &str {
    let mut taken = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        taken += width(grapheme);
        if taken > cells {
            return &text[..at];
        }
    }
    text
}

/// The same, but never nothing of a text that has something: a line must take some of it.
fn head_or_first(text: &str, cells: usize) -> &str {
    match head(text, cells) {
        "" => text.graphemes(true).next().unwrap_or_default(),
        head => head,
    }
}

/// The character itself, a space in the place of a line's end, or nothing.
fn harmless(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Seen by nobody, and counted as a column by some terminals.
        '\u{00ad}' => None,
        other if steers(other) => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_names_lose_what_speaks_to_the_terminal() {
        assert_eq!(clean("Eve\x1b[2J\u{202e}moc\u{7}"), "Eve[2Jmoc");
        assert_eq!(clean("two\nlines\tapart"), "two lines apart");
    }

    #[test]
    fn wide_names_are_cut_between_graphemes() {
        assert_eq!(fit("田中淳", 6), "田中淳");
        assert_eq!(fit("田中淳", 5), "田中…");
        assert_eq!(fit("田中淳", 4), "田…");
        assert_eq!(left("田中淳", 4), "田… ");
        assert_eq!(fit("Zoë", 0), "");
        assert_eq!(fit("田¡", 2), "…");
    }

    #[test]
    fn wrapping_prefers_spaces_and_splits_only_long_words() {
        assert_eq!(
            wrap("prefer mornings in Asia", 9),
            ["prefer", "mornings", "in Asia"]
        );
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn columns_of_a_letter_stay_columns() {
        let text = "When   Friday at ten in Berlin\n       Friday at nine\nSee you";
        assert_eq!(wrap_columns(text, 40), text.lines().collect::<Vec<_>>());
        assert_eq!(
            wrap_columns(text, 20),
            [
                "When   Friday at ten",
                "       in Berlin",
                "       Friday at",
                "       nine",
                "See you"
            ]
        );
        assert_eq!(
            wrap_columns("a very long label  x y", 9),
            ["a very", "long", "label x y"]
        );
    }

    proptest! {
        #[test]
        fn a_column_is_always_as_wide_as_asked(text in ".{0,40}", cells in 0_usize..30) {
            prop_assert_eq!(width(&left(&text, cells)), cells);
            prop_assert_eq!(width(&right(&text, cells)), cells);
        }

        #[test]
        fn an_address_survives_wrapping(text in "[!-~]{0,200}", cells in 1_usize..60) {
            prop_assert_eq!(wrap_whole(&text, cells).concat(), text);
        }
    }
}
