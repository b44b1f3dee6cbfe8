//! What one clause says.
//!
//! Owns the reading of a clause: a choice, a refusal, a wish, a question, or nothing. Invariant: a
//! clause is a choice only if every word of it is known, or a word of acceptance is among them and
//! nothing beside it may turn it. Must not know the other clauses.

mod against;
mod asks;
mod choice;
mod place;
mod plain;

use greenroom_protocol::reply::{ChoiceKind, Hinge, IntentKind, WishKind};

use self::against::refuses;
use self::asks::{is_safe_question, proposes};
use self::choice::{contrasted, one_of_two, pick_of, slots_after};
use self::place::is_place;
use super::clauses::{Clause, Parsed, Target, TokenKind, is_asked};
use super::leftover::leftover;
use super::phrases::Cue;
use super::slots::{Form, Slot, Spot};
use super::words::among;

/// A choice of slots.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pick {
    pub kind: ChoiceKind,
    pub slots: Vec<u32>,
    /// By number, by time, or any.
    pub by: IntentKind,
    /// Said to be the better one.
    pub preferred: bool,
    /// For the case that what stands before it is gone.
    pub second: bool,
    /// Names days or windows only, so that a time said elsewhere is more exact.
    pub loose: bool,
    /// Two things are said of one slot, and no slot is both.
    pub contradicts: bool,
}

/// What a clause says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Says {
    Pick(Pick),
    /// Names slots among words of which nobody knows what they say; none of them is a hinge.
    Named(Pick),
    /// Agrees with what was sent, and names none of it.
    Agrees(ChoiceKind),
    /// These do not work.
    Refuses(Vec<u32>),
    DeclinesAll,
    /// Any of the slots but these.
    AnyBut(Vec<u32>),
    /// Any of those that were not refused.
    AnyOther,
    /// Times that were not sent, or no time; with the wish.
    Proposes {
        named: bool,
        exact: bool,
    },
    /// What a time has to be like.
    Constrains,
    /// Has to end by this minute of the day, or begin from it.
    Ends(i64),
    Begins(i64),
    Is(IntentKind),
    Asks {
        safe: bool,
    },
    Tentative,
    Reluctant,
    Corrects,
    Machine,
    /// Their address is nobody's.
    Gone,
    /// Says where they are, by whose clock a time may be meant.
    Place,
    /// Nothing that bears on times; the hinge, if it may.
    Left(Option<Hinge>),
}

/// What clauses are read against.
pub(super) struct Known<'k> {
    pub slots: &'k [Slot],
    pub spots: &'k [Spot],
    /// The zone's city, in lower case.
    pub city: &'k str,
    /// The slot is an interview that is booked.
    pub booked: bool,
}

/// A wish with the time it names.
pub(super) type WishSaid = (WishKind, usize);

/// What a clause says, and which times it wishes for.
pub(super) fn says(
    parsed: &Parsed,
    clause: &Clause,
    known: &Known<'_>,
) -> (Vec<Says>, Vec<WishSaid>) {
    let mut all = Vec::new();
    let mut wishes = Vec::new();
    let spots: Vec<usize> = clause
        .targets
        .iter()
        .flat_map(|id| match &parsed.targets[*id] {
            Target::Times { spots, .. } => spots.clone(),
            Target::Option(_) => Vec::new(),
        })
        .collect();
    let left = |taken: &[Cue]| leftover(parsed, clause, taken);
    let person = [
        (Cue::Human, IntentKind::Human),
        (Cue::Wrong, IntentKind::WrongPerson),
        (Cue::Withdraw, IntentKind::Withdraw),
        (Cue::Late, IntentKind::Late),
        (Cue::Cancel, IntentKind::Cancel),
    ];
    if clause.has(Cue::Instruct) {
        all.push(Says::Left(Some(Hinge::Instruction)));
        return (all, wishes);
    }
    if clause.has(Cue::Machine) {
        all.push(Says::Machine);
        return (all, wishes);
    }
    if clause.has(Cue::Gone) {
        all.push(Says::Gone);
        return (all, wishes);
    }
    if clause.reason && !clause.has_any(&STOPS) {
        // "…, because she can pick up our son": why somebody answers as they do.
        return (vec![Says::Left(why_stops(parsed, clause))], wishes);
    }
    if let Some((_, kind)) = person.iter().find(|it| clause.has(it.0)) {
        all.push(Says::Is(*kind));
        return (all, wishes);
    }
    if is_place(parsed, clause, known) {
        all.push(Says::Place);
    }
    if clause.has(Cue::Correction) {
        all.push(Says::Corrects);
    }
    // "Getting back to you" is no return, and "back for Friday" is one before it.
    let back_for = clause.cues.iter().any(|(cue, range)| {
        let next = parsed
            .tokens
            .get(range.end)
            .map_or("", |it| it.low.as_str());
        *cue == Cue::Back && next == "for"
    });
    let returns = clause.has(Cue::Back) && !clause.targets.is_empty() && !back_for;
    if clause.has(Cue::Away) || returns {
        all.push(Says::Is(IntentKind::Away));
        wishes.extend(spots.iter().map(|it| (WishKind::Not, *it)));
        if clause.has(Cue::Back) {
            // "Back on the 14th": away till then.
            let back = spots.iter().map(|it| known.spots[*it].time.start).max();
            let before = known
                .slots
                .iter()
                .filter(|it| back.is_some_and(|back| it.start < back));
            all.push(Says::Refuses(before.map(|it| it.n).collect()));
        }
        let hinges = [
            (Cue::Person, Hinge::Person),
            (Cue::Condition, Hinge::Condition),
        ];
        let there = hinges.iter().filter(|it| clause.has(it.0));
        all.extend(there.map(|it| Says::Left(Some(it.1))));
        return (all, wishes);
    }
    if clause.has(Cue::Bound)
        && let Some(minute) = spots.last().map(|it| known.spots[*it].minute)
    {
        let begins = clause.cues.iter().any(|it| {
            it.0 == Cue::Bound
                && parsed.tokens[it.1.clone()]
                    .iter()
                    .any(|it| it.low.starts_with("start") || it.low.starts_with("begin"))
        });
        all.push(if begins {
            Says::Begins(minute)
        } else {
            Says::Ends(minute)
        });
        let exact = clause
            .targets
            .iter()
            .any(|id| matches!(parsed.targets[*id], Target::Option(_)));
        let picks = clause.has_any(&[Cue::Yes, Cue::Free]) && (exact || spots.len() > 1);
        if !picks {
            return (all, wishes);
        }
    }
    if clause.has(Cue::Reschedule) && clause.question && clause.has(Cue::Condition) {
        // "Can I reschedule later if needed?" moves nothing.
        return (vec![Says::Asks { safe: false }], wishes);
    }
    if clause.has(Cue::Reschedule) {
        all.push(Says::Is(IntentKind::Reschedule));
        if clause.has(Cue::Condition) {
            all.push(Says::Left(Some(Hinge::Condition)));
        }
        let named = !spots.is_empty();
        wishes.extend(spots.iter().map(|it| (WishKind::Free, *it)));
        let pick = pick_of(parsed, clause, known);
        if known.booked && pick.loose && named {
            // "Could we move it to next week?": another time of the same week.
            return (all, wishes);
        }
        if !pick.slots.is_empty() {
            // "2 for now, I may have to move it": a slot, and a change of it.
            all.push(Says::Pick(Pick {
                kind: ChoiceKind::Unclear,
                ..pick
            }));
        } else if named {
            all.push(Says::Proposes {
                named,
                exact: spots.iter().any(|it| known.spots[*it].form == Form::Exact),
            });
        }
        return (all, wishes);
    }
    if let Some((picked, refused)) = contrasted(parsed, clause, known) {
        // "Thursday, not Tuesday."
        return (vec![Says::Pick(picked), Says::Refuses(refused)], wishes);
    }
    let negated = clause.has_any(&[Cue::No, Cue::NoneOf]);
    let accepts = accepts(clause);
    // A question or a request about something else.
    let idiom = clause.has(Cue::Benign) && leftover(parsed, clause, &[]).unknown == 0;
    let opens = clause.targets.is_empty() && !idiom && opens_question(parsed, clause);
    let asks = is_asked(parsed, clause, None)
        || (clause.question && opens)
        || (clause.question && clause.has(Cue::Human));
    if asks && !clause.has_any(&[Cue::Propose, Cue::NoneOf]) {
        let safe = is_safe_question(parsed, clause) && spots.is_empty();
        all.push(Says::Asks { safe });
        return (all, wishes);
    }
    let of_the_rest = parsed.tokens[clause.tokens.clone()]
        .iter()
        .any(|it| among(&it.low, "else other others rest remaining"));
    let of_any = negated && clause.targets.is_empty() && clause.has(Cue::Any) && !of_the_rest;
    let of_some = spots.iter().any(|it| {
        let touched = known.spots[*it].touches.len();
        touched > 0 && touched < known.slots.len()
    });
    if clause.has(Cue::NoneOf) && of_some {
        // "Neither of the Tuesday slots".
        wishes.extend(spots.iter().map(|it| (WishKind::Not, *it)));
        let from = clause.tokens.start;
        all.push(Says::Refuses(slots_after(parsed, clause, known, from)));
        return (all, wishes);
    }
    if (clause.has(Cue::NoneOf) || of_any) && clause.has(Cue::Condition) {
        // "What happens if I don't take any of these?"
        all.push(Says::Left(Some(Hinge::Condition)));
        return (all, wishes);
    }
    if clause.has(Cue::NoneOf) || of_any {
        all.push(Says::DeclinesAll);
        let hinge = left(&[Cue::No, Cue::NoneOf, Cue::Any, Cue::Propose]).hinge;
        if let Some(hinge @ (Hinge::Person | Hinge::Change)) = hinge {
            all.push(Says::Left(Some(hinge)));
        }
        return (all, wishes);
    }
    if clause.has(Cue::Query) {
        all.push(Says::Pick(Pick {
            kind: ChoiceKind::Unclear,
            ..pick_of(parsed, clause, known)
        }));
        return (all, wishes);
    }
    if let Some(pick) = one_of_two(parsed, clause, known) {
        all.push(Says::Pick(pick));
        let rest = left(&[Cue::Propose, Cue::Confirm, Cue::Prefer, Cue::Otherwise]);
        if let Some(hinge) = rest.hinge.filter(|it| *it != Hinge::Time) {
            all.push(Says::Left(Some(hinge)));
        }
        return (all, wishes);
    }
    if clause.has(Cue::Except) && !clause.targets.is_empty() {
        let at = clause
            .cues
            .iter()
            .find(|it| it.0 == Cue::Except)
            .map_or(0, |it| it.1.end);
        let but = slots_after(parsed, clause, known, at);
        let before = clause.tokens.start..at;
        let targets_before = parsed.tokens[before]
            .iter()
            .any(|it| matches!(it.kind, TokenKind::Target(_)));
        wishes.extend(spots.iter().map(|it| (WishKind::Not, *it)));
        let taken = [Cue::Except, Cue::Any, Cue::Yes, Cue::Free, Cue::Only];
        let doubt = left(&taken).hinge;
        match (targets_before, doubt) {
            (false, None) => all.push(Says::AnyBut(but)),
            _ => all.push(Says::Left(Some(Hinge::Condition))),
        }
        return (all, wishes);
    }
    if clause.has(Cue::Propose) {
        let (more, wished) = proposes(parsed, clause, known, &spots);
        all.extend(more);
        return (all, wished);
    }
    if negated {
        let (more, wished) = refuses(parsed, clause, known, &spots, accepts);
        all.extend(more);
        return (all, wished);
    }
    let unsure = if clause.has(Cue::Reluctant) {
        Some(ChoiceKind::Reluctant)
    } else if clause.has(Cue::Tentative) {
        Some(ChoiceKind::Tentative)
    } else {
        None
    };
    if clause.targets.is_empty() {
        all.extend(plain::without_targets(parsed, clause, unsure));
        return (all, wishes);
    }
    let (more, wished) = plain::with_targets(parsed, clause, known, &spots, unsure);
    all.extend(more);
    (all, wished)
}

/// What a reason is more than, if one of these is in it.
const STOPS: [Cue; 12] = [
    Cue::Human,
    Cue::Wrong,
    Cue::Withdraw,
    Cue::Late,
    Cue::Cancel,
    Cue::Condition,
    Cue::Tentative,
    Cue::Reluctant,
    Cue::Reschedule,
    Cue::Propose,
    Cue::Away,
    Cue::Bound,
];

/// What of a reason may turn the meaning: nothing, but for another kind of interview.
fn why_stops(parsed: &Parsed, clause: &Clause) -> Option<Hinge> {
    let of_the_interview = parsed.tokens[clause.tokens.clone()]
        .iter()
        .any(|it| among(&it.low, "interview call meeting zoom video link"));
    let hinge = leftover(parsed, clause, &[]).hinge?;
    match hinge {
        Hinge::Instruction | Hinge::Condition => Some(hinge),
        Hinge::Change | Hinge::Question => of_the_interview.then_some(hinge),
        _ => None,
    }
}

/// Whether a clause has a word of acceptance.
fn accepts(clause: &Clause) -> bool {
    let negated = clause.has_any(&[Cue::No, Cue::NoneOf]);
    clause.has_any(&[Cue::Yes, Cue::Free, Cue::Prefer])
        || (clause.has(Cue::Aye) && !negated && !clause.targets.is_empty())
        || (clause.has(Cue::Confirm) && !clause.targets.is_empty())
}

/// Whether a clause begins as questions do.
fn opens_question(parsed: &Parsed, clause: &Clause) -> bool {
    let mut words = parsed.tokens[clause.tokens.clone()].iter();
    let first = words.find(|it| it.kind == TokenKind::Word);
    first.is_some_and(|it| {
        among(
            &it.low,
            "is are am was were do does did will would shall should can could may might has have what \
            who where when which why how whose",
        )
    })
}
