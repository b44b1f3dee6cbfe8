//! A text as a cell of a spreadsheet, and back. A spreadsheet takes what begins like a formula for
//! one and carries it out; what a candidate wrote must never be carried out, so such a cell begins
//! with an apostrophe.

use std::borrow::Cow;

/// What a formula begins with, in spreadsheets that are around.
const SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn begins_like_a_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(SIGNS)
}

/// The text as it is written.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    match begins_like_a_formula(text) {
        true => format!("'{text}").into(),
        false => text.into(),
    }
}

/// The text that was written.
pub(crate) fn plain(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if begins_like_a_formula(text) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [
            (
                "=HYPERLINK(\"https://evil.example\")",
                "'=HYPERLINK(\"https://evil.example\")",
            ),
            ("+49 30 1234", "'+49 30 1234"),
            ("'=x", "''=x"),
            ("Ana Lima", "Ana Lima"),
            ("'t Hooft", "'t Hooft"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), cell);
            assert_eq!(plain(cell), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "'{0,3}[=+@\\-\t\ra-c]{0,4}") {
            let cell = guarded(&text);
            prop_assert!(!cell.starts_with(SIGNS));
            prop_assert_eq!(plain(&cell), text.as_str());
        }
    }
}
