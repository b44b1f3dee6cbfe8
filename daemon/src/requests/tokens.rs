//! The words of a request, with their places.
//!
//! Invariant: a token's place is a piece of the text, byte for byte; every other byte is white space
//! or a mark. Must not know what a word means.

use std::ops::Range;

/// A word or a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// In lower case, without a possessive or the rest of a contraction: `sam's` and `i'd` are `sam`
    /// and `i`. `can't` stays.
    pub low: String,
    /// Where.
    pub at: Range<usize>,
    /// A mark, not a word.
    pub mark: bool,
    /// It begins with a capital.
    pub cap: bool,
    /// It ended in `'s` or the like.
    pub own: bool,
}

/// Endings that say nothing about what is wanted, longest first.
const ENDINGS: [&str; 6] = ["'ll", "'ve", "'re", "'s", "'d", "'m"];

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((from, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut to = from + first.len_utf8();
        if !first.is_alphanumeric() {
            all.push(token(text, from..to, true));
            continue;
        }
        let mut last = first;
        while let Some((at, next)) = rest.peek().copied() {
            let after = text[at + next.len_utf8()..].chars().next();
            if !goes_on(last, next, after) {
                break;
            }
            last = next;
            to = at + next.len_utf8();
            rest.next();
        }
        all.push(token(text, from..to, false));
    }
    all
}

/// Whether a character belongs to the word before it.
fn goes_on(last: char, next: char, after: Option<char>) -> bool {
    if next.is_alphanumeric() {
        return true;
    }
    let is_inside = after.is_some_and(char::is_alphanumeric);
    match next {
        '\'' | '\u{2019}' | '@' | '_' | '+' => is_inside,
        '.' | ':' | ',' => {
            is_inside && last.is_ascii_digit() && after.is_some_and(|it| it.is_ascii_digit())
            // An address goes on, as in `sam.ito@example.com`.
            || next == '.' && is_inside && last.is_alphanumeric()
        }
        _ => false,
    }
}

fn token(text: &str, at: Range<usize>, mark: bool) -> Token {
    let written = &text[at.clone()];
    let cap = written.chars().next().is_some_and(char::is_uppercase);
    let mut low = written.to_lowercase().replace('\u{2019}', "'");
    let ending = ENDINGS.iter().find(|it| low.ends_with(**it));
    let own = ending.is_some();
    if let Some(ending) = ending {
        low.truncate(low.len() - ending.len());
    }
    Token {
        low,
        at,
        mark,
        cap,
        own,
    }
}

/// Whether the words from `at` on are these.
pub(super) fn says(tokens: &[Token], at: usize, words: &str) -> bool {
    let mut words = words.split(' ').enumerate();
    words.all(|(n, word)| tokens.get(at + n).is_some_and(|it| it.low == word))
}

/// Where one of these phrases stands first, and how many words it has.
pub(super) fn find(tokens: &[Token], phrases: &[&str]) -> Option<(usize, usize)> {
    (0..tokens.len()).find_map(|at| longest(tokens, at, phrases).map(|words| (at, words)))
}

/// How many words the longest of the phrases has that stands at a place.
pub(super) fn longest(tokens: &[Token], at: usize, phrases: &[&str]) -> Option<usize> {
    let here = phrases.iter().filter(|it| says(tokens, at, it));
    here.map(|it| it.split(' ').count()).max()
}
