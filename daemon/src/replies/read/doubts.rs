//! Words that may turn a choice, wherever they stand.
//!
//! Owns the search of the whole text for conditions, doubts and what would have been, whatever its
//! clauses were read as. Invariant: it can only make less of a choice, and a word counts unless it
//! is part of a phrase that is known to say nothing or yes.

use greenroom_protocol::reply::ChoiceKind;

use crate::replies::clauses::{Clause, Parsed, TokenKind};
use crate::replies::phrases::Cue;
use crate::replies::words::among;

/// What a choice is made by a word of the text that may turn it; `None`: there is none.
pub(super) fn doubts(parsed: &Parsed) -> Option<ChoiceKind> {
    let low = |at: usize| parsed.tokens.get(at).map_or("", |it| it.low.as_str());
    let mut found = None;
    for clause in &parsed.clauses {
        for at in clause.tokens.clone() {
            if parsed.tokens[at].kind != TokenKind::Word || is_accounted_for(clause, at) {
                continue;
            }
            if turns(low(at), low(at + 1)) {
                return Some(ChoiceKind::Unclear);
            }
            if comes_later(low(at), low(at + 1)) {
                found = Some(ChoiceKind::Tentative);
            }
        }
    }
    found
}

/// Whether a word is part of a phrase that is known to say nothing or yes.
fn is_accounted_for(clause: &Clause, at: usize) -> bool {
    clause.cues.iter().any(|(cue, range)| {
        range.contains(&at)
            && !matches!(
                cue,
                Cue::Condition | Cue::Tentative | Cue::Reluctant | Cue::No | Cue::Before
            )
    })
}

fn turns(word: &str, next: &str) -> bool {
    let what_would_have_been = among(word, "would could should might") && next == "have";
    what_would_have_been
        || among(
            word,
            "if unless whether provided assuming supposing depending maybe perhaps might unsure \
             undecided hardly barely almost nearly pretend hypothetically theoretically otherwise \
             lest until",
        )
}

/// "I'll know more after the weekend."
fn comes_later(word: &str, next: &str) -> bool {
    among(word, "will shall") && among(next, "know see check decide tell find")
}
