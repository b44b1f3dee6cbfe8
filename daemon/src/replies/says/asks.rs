//! Clauses that ask: for other times, or about something else (R9).

use greenroom_protocol::reply::{ChoiceKind, Hinge, WishKind};

use super::choice::pick_of;
use super::{Known, Pick, Says, WishSaid};
use crate::replies::clauses::{Clause, Parsed, Target, TokenKind};
use crate::replies::leftover::leftover;
use crate::replies::phrases::Cue;
use crate::replies::slots::Form;
use crate::replies::words::among;

/// A clause that asks for other times, or for one of those sent.
pub(super) fn proposes(
    parsed: &Parsed,
    clause: &Clause,
    known: &Known<'_>,
    spots: &[usize],
) -> (Vec<Says>, Vec<WishSaid>) {
    let mut all = Vec::new();
    let wish = if clause.has(Cue::Only) {
        WishKind::Only
    } else {
        WishKind::Free
    };
    let wishes: Vec<_> = spots.iter().map(|it| (wish, *it)).collect();
    let instead = parsed.tokens[clause.tokens.clone()].iter().any(|it| {
        among(
            it.low.as_str(),
            "instead other another different else alternative later earlier sooner more new \
            further",
        )
    });
    if clause.targets.is_empty() && !asks_for_times(parsed, clause) {
        // "Could we do it with my colleague?" asks for no time.
        let safe = is_safe_question(parsed, clause);
        return (vec![Says::Asks { safe }], Vec::new());
    }
    let rest = leftover(
        parsed,
        clause,
        &[
            Cue::Propose,
            Cue::Any,
            Cue::Only,
            Cue::Ask,
            Cue::Yes,
            Cue::Free,
            Cue::Tentative,
            Cue::Prefer,
            Cue::No,
            Cue::Otherwise,
        ],
    );
    if let Some(hinge @ (Hinge::Person | Hinge::Change | Hinge::Question | Hinge::Instruction)) =
        rest.hinge
    {
        all.push(Says::Left(Some(hinge)));
    }
    let pick = pick_of(parsed, clause, known);
    let exact = !pick.loose && !clause.targets.is_empty();
    if exact && pick.slots.len() == 1 && pick.kind == ChoiceKind::One {
        let sure = !instead
            && rest.unknown == 0
            && !clause.has_any(&[Cue::No, Cue::Tentative, Cue::Condition]);
        all.push(Says::Pick(Pick {
            kind: if sure {
                ChoiceKind::One
            } else {
                ChoiceKind::Unclear
            },
            ..pick
        }));
        if let Some(hinge) = rest.hinge {
            all.push(Says::Left(Some(hinge)));
        }
        return (all, Vec::new());
    }
    if !pick.slots.is_empty() && !instead {
        all.push(Says::Pick(Pick {
            kind: ChoiceKind::Unclear,
            ..pick
        }));
        return (all, wishes);
    }
    let option = clause
        .targets
        .iter()
        .any(|id| matches!(parsed.targets[*id], Target::Option(_)));
    if option && spots.is_empty() {
        // "Could we do 2, a bit later?"
        all.push(Says::Pick(Pick {
            kind: ChoiceKind::Unclear,
            ..pick
        }));
        return (all, wishes);
    }
    all.push(Says::Proposes {
        named: !spots.is_empty(),
        exact: spots.iter().any(|it| known.spots[*it].form == Form::Exact),
    });
    (all, wishes)
}

fn asks_for_times(parsed: &Parsed, clause: &Clause) -> bool {
    parsed.tokens[clause.tokens.clone()].iter().any(|it| {
        among(
            it.low.as_str(),
            "time times slot slots date dates day days availability week openings opening \
            anything something suggest propose reschedule possibility later earlier sooner instead one earliest month following \
            options alternatives",
        )
    })
}

/// Whether a question is about something that no booking changes (R9).
pub(super) fn is_safe_question(parsed: &Parsed, clause: &Clause) -> bool {
    let touchy = |low: &str| {
        among(
            low,
            "time times long length duration minutes minute hour hours late early earlier later \
            start when schedule timezone zone date day reschedule move change slot slots option \
            options who whom interviewer interviewers people person panel manager anyone someone \
            somebody else he she him her zoom teams meet skype phone telephone video camera \
            onsite office address location where venue remote remotely online platform virtual \
            before prior beforehand first cancel withdraw tomorrow today instead bring add copy \
            cc include invite coach forward join recorded recording other shorter longer if",
        )
    };
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let digits = tokens.iter().any(|it| it.kind == TokenKind::Digits);
    let hinged = clause.has_any(&[
        Cue::Change,
        Cue::Before,
        Cue::Person,
        Cue::No,
        Cue::Condition,
        Cue::Bound,
        Cue::Tentative,
        Cue::Reluctant,
    ]);
    !hinged && !digits && clause.targets.is_empty() && !tokens.iter().any(|it| touchy(&it.low))
}
