//! Who and what is named.
//!
//! Owns which words are a name: the longest that somebody or something goes by. Must not know who
//! there is: that is asked of [`Names`].

use std::ops::Range;

use greenroom_protocol::conversation::NamedMatch;

use super::tokens::Token;
use super::words;

/// Who and what can be named.
pub trait Names {
    /// Everybody and everything that goes by exactly these words, in lower case: a whole name, a
    /// word of a person's name, an address, a title. None where there is nobody.
    fn called(&self, words: &str) -> Vec<NamedMatch>;
}

/// The most words of a name.
const MOST_WORDS: usize = 5;

/// A name, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Called {
    pub tokens: Range<usize>,
    pub words: String,
    pub matches: Vec<NamedMatch>,
    /// `Sam's`.
    pub own: bool,
}

/// All names, in the order of the text; the longest counts.
pub(super) fn find(text: &str, tokens: &[Token], names: &dyn Names) -> Vec<Called> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match longest(text, tokens, at, names) {
            Some(called) => {
                at = called.tokens.end;
                all.push(called);
            }
            None => at += 1,
        }
    }
    all
}

fn longest(text: &str, tokens: &[Token], at: usize, names: &dyn Names) -> Option<Called> {
    if tokens[at].mark {
        return None;
    }
    let most = MOST_WORDS.min(tokens.len() - at);
    for count in (1..=most).rev() {
        let words = &tokens[at..at + count];
        let (last, before) = words.split_last()?;
        // A name goes over no mark but a hyphen, and nothing of it but its end is possessive.
        let is_one = before
            .iter()
            .all(|it| !it.own && (!it.mark || it.low == "-"));
        if last.mark || !is_one || (count == 1 && !may_be_a_name(tokens, at)) {
            continue;
        }
        let said: Vec<&str> = words.iter().map(|it| it.low.as_str()).collect();
        let said = said.join(" ").replace(" - ", "-");
        let matches = names.called(&said);
        if matches.is_empty() {
            continue;
        }
        return Some(Called {
            tokens: at..at + count,
            words: text[tokens[at].at.start..last.at.end].to_owned(),
            matches,
            own: last.own,
        });
    }
    None
}

/// Whether a word alone can be a name: one that means something else has to be written as a name,
/// and where a time can't be.
fn may_be_a_name(tokens: &[Token], at: usize) -> bool {
    let word = &tokens[at];
    if word.low.chars().all(|it| it.is_ascii_digit()) {
        return false;
    }
    let is_month = words::MONTHS.contains(&word.low.as_str());
    if is_month {
        let is_number = |it: Option<&Token>| {
            it.is_some_and(|it| it.low.starts_with(|it: char| it.is_ascii_digit()))
        };
        let before = at.checked_sub(1).and_then(|it| tokens.get(it));
        let in_month =
            before.is_some_and(|it| matches!(it.low.as_str(), "in" | "of" | "until" | "by"));
        let dated = is_number(before) || is_number(tokens.get(at + 1)) || in_month;
        return word.cap && !dated;
    }
    let before = at.checked_sub(1).map_or("", |it| tokens[it].low.as_str());
    if matches!(before, "with" | "invite" | "include" | "without") && !words::is_weekday(&word.low)
    {
        return true;
    }
    !words::is_common(&word.low) || (word.cap && at > 0 && !words::is_weekday(&word.low))
}
