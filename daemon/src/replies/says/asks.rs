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
    if clause.has(Cue::Condition) && !clause.targets.is_empty() {
        // "Tuesday, only if you can't find anything else".
        let pick = pick_of(parsed, clause, known);
        all.push(Says::Pick(Pick {
            kind: ChoiceKind::Unclear,
            ..pick
        }));
        return (all, wishes);
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
    let part = parsed.tokens[clause.tokens.clone()]
        .iter()
        .any(|it| among(&it.low, "half part beginning start middle end am pm"));
    if spots.is_empty() && part && !instead {
        // "Something in the second half of the week": a wish, and nobody knows which.
        all.push(Says::Constrains);
        all.push(Says::Left(Some(Hinge::Time)));
        return (all, wishes);
    }
    all.push(Says::Proposes {
        named: !spots.is_empty(),
        exact: spots.iter().any(|it| known.spots[*it].form == Form::Exact),
    });
    (all, wishes)
}

fn asks_for_times(parsed: &Parsed, clause: &Clause) -> bool {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    (0..tokens.len()).any(|at| {
        // "Is there anything I should bring?" asks for no time.
        let for_it = low(at + 1) == "for" && among(low(at + 2), "the this our it that my");
        let open = matches!(low(at), "anything" | "something")
            && !for_it
            && (among(
                low(at + 1),
                "later earlier else available free on in after before at next sooner different open \
                 around left past outside for pm am that",
            ) || matches!(low(at + 1), "?" | ""));
        open || among(
            low(at),
            "time times slot slots date dates day days availability week openings opening suggest \
             propose reschedule possibility later earlier sooner instead one earliest month \
             following options alternatives push postpone delay prepone shift",
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
            before prior beforehand first cancel withdraw tomorrow today instead add copy \
            cc include invite coach forward join recorded recording other shorter longer if",
        )
    };
    let tokens = &parsed.tokens[clause.tokens.clone()];
    // "Can I bring my manager?" changes who comes; "what should I bring" does not.
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    let brings_someone = (0..tokens.len()).any(|at| {
        let whom = "my a an someone somebody along another our him her";
        low(at) == "bring" && among(low(at + 1), whom)
    });
    // Where to leave a car is no other place.
    let parks = tokens
        .iter()
        .any(|it| among(&it.low, "park parking bike car garage"));
    let digits = tokens.iter().any(|it| it.kind == TokenKind::Digits);
    let brings_papers = (0..tokens.len()).any(|at| {
        let thing = "transcript transcripts cv resume laptop id passport portfolio certificate \
                     certificates documents diploma notebook pen badge licence license tablet";
        low(at) == "bring" && (among(low(at + 2), thing) || among(low(at + 3), thing))
    });
    let hinged = (clause.has(Cue::Change) && !brings_papers)
        || clause.has_any(&[
            Cue::Before,
            Cue::Person,
            Cue::No,
            Cue::Condition,
            Cue::Bound,
            Cue::Tentative,
            Cue::Reluctant,
        ]);
    !hinged
        && (brings_papers || !brings_someone)
        && !digits
        && clause.targets.is_empty()
        && !tokens
            .iter()
            .any(|it| touchy(&it.low) && !(parks && among(&it.low, "where office")))
}
