//! Words that may turn a choice, wherever they stand.
//!
//! Owns the search of the whole text for conditions, doubts and what would have been, whatever its
//! clauses were read as. Invariant: it can only make less of a choice, and a word counts unless it
//! is part of a phrase that is known to say nothing or yes.

use greenroom_protocol::reply::ChoiceKind;

use crate::replies::clauses::{Parsed, TokenKind};
use crate::replies::phrases::Cue;
use crate::replies::words::among;

/// What a choice is made by a word of the text that may turn it; `None`: there is none.
pub(super) fn doubts(parsed: &Parsed) -> Option<ChoiceKind> {
    let accounted = |at: usize| {
        let cues = parsed.clauses.iter().flat_map(|it| &it.cues);
        cues.filter(|it| it.1.contains(&at)).any(|it| {
            !matches!(
                it.0,
                Cue::Condition | Cue::Tentative | Cue::Reluctant | Cue::No | Cue::Before
            )
        })
    };
    let low = |at: usize| parsed.tokens.get(at).map_or("", |it| it.low.as_str());
    let open = |at: &usize| parsed.tokens[*at].kind == TokenKind::Word && !accounted(*at);
    let mut words = (0..parsed.tokens.len()).filter(open);
    if words.clone().any(|at| turns(low(at), low(at + 1))) {
        return Some(ChoiceKind::Unclear);
    }
    words
        .any(|at| comes_later(low(at), low(at + 1)))
        .then_some(ChoiceKind::Tentative)
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
