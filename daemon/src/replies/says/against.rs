//! Clauses with a negation: what doesn't work.

use greenroom_protocol::reply::{ChoiceKind, Hinge, IntentKind, WishKind};
use greenroom_protocol::schedule::Grain;

use super::choice::{pick_of, slots_after};
use super::{Known, Pick, Says, WishSaid};
use crate::replies::clauses::{Clause, Parsed};
use crate::replies::leftover::leftover;
use crate::replies::phrases::Cue;
use crate::replies::words::among;

/// Whether somebody says that they don't come.
fn comes(parsed: &Parsed, clause: &Clause) -> bool {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let has = |of: &[&str]| tokens.iter().any(|it| of.contains(&it.low.as_str()));
    has(&["not", "unable"]) && has(&["make", "attend", "come", "join", "participate"])
}

/// "…, as I have an exam": of what was refused before.
fn gives_a_reason(parsed: &Parsed, clause: &Clause) -> bool {
    let mut words = parsed.tokens[clause.tokens.clone()].iter();
    let first = words.find(|it| it.low.starts_with(char::is_alphabetic));
    first.is_some_and(|it| matches!(it.low.as_str(), "because" | "since" | "as" | "due"))
}

fn speaks_of_some(parsed: &Parsed, clause: &Clause) -> bool {
    parsed.tokens[clause.tokens.clone()].iter().any(|it| {
        among(
            &it.low,
            "first last second third two three one ones most some few former latter half mostly many \
            rest remaining others other several else",
        )
    })
}

/// "I was at a conference": no longer.
fn is_over(parsed: &Parsed, clause: &Clause) -> bool {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let past = tokens
        .iter()
        .any(|it| matches!(it.low.as_str(), "was" | "were" | "had" | "been"));
    past && !tokens
        .iter()
        .any(|it| matches!(it.low.as_str(), "not" | "will" | "these" | "those" | "them"))
}

/// Whether a clause without a time says no to what was sent, and not only that somebody has much
/// to do.
fn declines(parsed: &Parsed, clause: &Clause, unknown: usize) -> bool {
    let strong = clause.cues.iter().filter(|it| it.0 == Cue::No).any(|it| {
        let tokens = &parsed.tokens[it.1.clone()];
        tokens.iter().any(|it| {
            matches!(
                it.low.as_str(),
                "not" | "unable" | "unavailable" | "impossible" | "none" | "neither"
            )
        })
    });
    let own = parsed.tokens[clause.tokens.clone()]
        .iter()
        .any(|it| matches!(it.low.as_str(), "i" | "am" | "we"));
    let then = clause.has(Cue::Then);
    match strong {
        true => unknown <= 1,
        false => unknown == 0 && (own || then),
    }
}

/// A clause with a negation.
pub(super) fn refuses(
    parsed: &Parsed,
    clause: &Clause,
    known: &Known<'_>,
    spots: &[usize],
    accepts: bool,
) -> (Vec<Says>, Vec<WishSaid>) {
    let mut all = Vec::new();
    let wishes: Vec<_> = spots.iter().map(|it| (WishKind::Not, *it)).collect();
    let rest = leftover(
        parsed,
        clause,
        &[
            Cue::No,
            Cue::Yes,
            Cue::Free,
            Cue::Prefer,
            Cue::Condition,
            Cue::Otherwise,
            Cue::Any,
            Cue::Bound,
            Cue::Then,
            Cue::Before,
        ],
    );
    if let Some(hinge @ (Hinge::Person | Hinge::Change | Hinge::Instruction)) = rest.hinge {
        all.push(Says::Left(Some(hinge)));
    }
    if clause.has(Cue::Only) {
        all.push(Says::Left(Some(Hinge::Negation)));
        return (all, wishes);
    }
    let arranged = known.booked || known.slots.is_empty();
    if arranged && !accepts && comes(parsed, clause) {
        // It is what is arranged that they don't come to.
        all.push(Says::Is(IntentKind::Cancel));
        return (all, wishes);
    }
    if clause.targets.is_empty() {
        if clause.has(Cue::Tentative) {
            all.push(Says::Tentative);
        } else if speaks_of_some(parsed, clause) {
            // "The first two don't work."
            all.push(Says::Left(Some(Hinge::Negation)));
        } else if is_over(parsed, clause) || gives_a_reason(parsed, clause) {
            all.push(Says::Left(None));
        } else if accepts
            || clause.question
            || rest.hinge.is_some()
            || !declines(parsed, clause, rest.unknown)
        {
            all.push(Says::Left(Some(Hinge::Negation)));
        } else {
            all.push(Says::DeclinesAll);
        }
        return (all, wishes);
    }
    let refused = slots_after(parsed, clause, known, clause.tokens.start);
    if accepts {
        let picked = pick_of(parsed, clause, known);
        if picked.slots.is_empty() {
            all.push(Says::Left(None));
            return (all, wishes);
        }
        all.push(Says::Pick(Pick {
            kind: ChoiceKind::Unclear,
            ..picked
        }));
        return (all, wishes);
    }
    let whole_week = spots.iter().any(|it| {
        let time = &known.spots[*it].time;
        let low = time.words.to_lowercase();
        time.grain == Grain::Longer && low.contains("week") && !low.contains("weekend")
    });
    if clause.question {
        all.push(Says::Left(Some(Hinge::Negation)));
    } else if whole_week {
        // "Not this week": the one it was written in, or the one that was proposed.
        all.push(Says::Left(Some(Hinge::Time)));
    }
    all.push(Says::Refuses(refused));
    (all, wishes)
}
