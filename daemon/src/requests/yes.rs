//! A yes, and to which of the slots that were shown.
//!
//! Invariant: a yes is one only where every word is of one; anything else is a change of what was
//! asked, which is shown again.

use super::tokens::Token;

/// Words of a yes that say nothing else.
const YES_WORDS: [&str; 52] = [
    "yes",
    "yep",
    "yeah",
    "yup",
    "sure",
    "ok",
    "okay",
    "go",
    "ahead",
    "book",
    "confirm",
    "do",
    "perfect",
    "great",
    "sounds",
    "good",
    "fine",
    "works",
    "work",
    "let",
    "us",
    "take",
    "i",
    "will",
    "we",
    "with",
    "for",
    "please",
    "it",
    "that",
    "this",
    "the",
    "one",
    "then",
    "option",
    "slot",
    "letter",
    "number",
    "choose",
    "pick",
    "thanks",
    "thank",
    "you",
    "me",
    "best",
    "absolutely",
    "alright",
    "and",
    "prefer",
    "would",
    "like",
    "exactly",
];

/// Of these at least one says yes.
const SAYS_YES: [&str; 20] = [
    "yes",
    "yep",
    "yeah",
    "yup",
    "sure",
    "ok",
    "okay",
    "go",
    "book",
    "confirm",
    "do",
    "perfect",
    "great",
    "good",
    "fine",
    "take",
    "choose",
    "pick",
    "absolutely",
    "alright",
];

/// The slot that a word names.
fn option(tokens: &[Token], at: usize) -> Option<u8> {
    let before = at.checked_sub(1).map_or("", |it| tokens[it].low.as_str());
    Some(match tokens[at].low.as_str() {
        "a" if tokens.len() == 1
            || matches!(
                before,
                "option" | "slot" | "letter" | "book" | "take" | "yes" | ","
            ) =>
        {
            1
        }
        "b" => 2,
        "c" => 3,
        "d" => 4,
        "e" => 5,
        "first" | "1st" | "1" => 1,
        "second" | "2nd" | "2" => 2,
        "third" | "3rd" | "3" => 3,
        "fourth" | "4th" | "4" => 4,
        "fifth" | "5th" | "5" => 5,
        _ => return None,
    })
}

/// A yes, and to which slot: only where every word is of one.
pub(super) fn yes(tokens: &[Token]) -> Option<Option<u8>> {
    let mut named = None;
    let mut says = false;
    // "Shall I take it?" asks.
    if tokens.iter().any(|it| it.low == "?") {
        return None;
    }
    for (at, token) in tokens.iter().enumerate().filter(|(_, it)| !it.mark) {
        if let Some(option) = option(tokens, at) {
            if named.is_some() {
                return None;
            }
            named = Some(option);
            continue;
        }
        if !YES_WORDS.contains(&token.low.as_str()) {
            return None;
        }
        says |= SAYS_YES.contains(&token.low.as_str());
    }
    (says || named.is_some()).then_some(named)
}
