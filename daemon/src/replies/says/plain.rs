//! Clauses that say nothing against a time: choices, wishes, and what stands beside them.

use greenroom_protocol::reply::{ChoiceKind, Hinge, IntentKind, WishKind};
use greenroom_protocol::schedule::Grain;

use super::asks::is_safe_question;
use super::choice::pick_of;
use super::place::is_past;
use super::{Known, Pick, Says, WishSaid, accepts};
use crate::replies::clauses::{Clause, Parsed, Target, TokenKind};
use crate::replies::leftover::leftover;
use crate::replies::phrases::Cue;
use crate::replies::slots::{Form, Slot};
use crate::replies::words::among;

/// Beside a choice, more words than these that nobody taught us may turn it.
const MOST_UNKNOWN: usize = 1;

/// Behind a choice that is said to its end, more of them than these.
const MOST_TRAILING: usize = 5;

/// What a clause says that names no time and no option.
pub(super) fn without_targets(
    parsed: &Parsed,
    clause: &Clause,
    unsure: Option<ChoiceKind>,
) -> Vec<Says> {
    let mut all = Vec::new();
    let taken = [Cue::Any, Cue::Only];
    if clause.has(Cue::Any) && !clause.has(Cue::Only) {
        let rest = leftover(parsed, clause, &taken);
        // "At my sister's wedding all these days" is no delegation.
        let opens = clause
            .cues
            .first()
            .is_some_and(|it| it.0 == Cue::Any && it.1.start <= clause.tokens.start + 1);
        let leaves = parsed.tokens[clause.tokens.clone()]
            .iter()
            .any(|it| among(&it.low, "pick select choose allows allow take book"));
        let delegates =
            opens || leaves || clause.has_any(&[Cue::Yes, Cue::Free, Cue::Prefer, Cue::Aye]);
        let most = if delegates { 4 } else { 0 };
        match (rest.hinge, unsure) {
            (None, None) if speaks_of_the_rest(parsed, clause) => all.push(Says::AnyOther),
            (None, None) if rest.unknown <= most => all.push(Says::AnyBut(Vec::new())),
            (None, Some(kind)) => all.push(Says::Agrees(kind)),
            (hinge, _) => all.push(Says::Left(hinge)),
        }
        return all;
    }
    match unsure {
        Some(ChoiceKind::Reluctant) => all.push(Says::Reluctant),
        Some(_) => all.push(Says::Tentative),
        None => {}
    }
    let rest = leftover(parsed, clause, &[]);
    if let Some(hinge) = rest.hinge {
        all.push(Says::Left(Some(hinge)));
        return all;
    }
    if clause.has(Cue::Prefer) {
        let of_time = parsed.tokens[clause.tokens.clone()].iter().any(|it| {
            among(
                &it.low,
                "week weeks month day days half morning part end later",
            )
        });
        if of_time {
            // "Preferably in the second half of the week": a wish, and nobody knows which.
            all.push(Says::Constrains);
        }
        let hinge = if of_time { Hinge::Time } else { Hinge::Change };
        if of_time || rest.unknown > 0 {
            all.push(Says::Left(Some(hinge)));
            return all;
        }
    }
    if clause.has(Cue::Confirm) {
        all.push(Says::Is(IntentKind::Confirm));
    } else if clause.has_any(&[Cue::Yes, Cue::Free]) && unsure.is_none() && rest.unknown <= 3 {
        all.push(match clause.question {
            true => Says::Asks {
                safe: is_safe_question(parsed, clause),
            },
            false => Says::Agrees(ChoiceKind::One),
        });
    } else if clause.has(Cue::Aye) && rest.unknown == 0 && unsure.is_none() {
        all.push(Says::Agrees(ChoiceKind::AnyOf));
    }
    if clause.has(Cue::Thanks) {
        all.push(Says::Is(IntentKind::Thanks));
    }
    let idiom = clause.has(Cue::Benign) && rest.unknown == 0;
    if clause.question && all.is_empty() && !idiom {
        let safe = is_safe_question(parsed, clause);
        all.push(Says::Asks { safe });
    }
    if all.is_empty() && rest.unknown > 0 {
        all.push(match opens_request(parsed, clause) {
            // "Please cc your whole team": a request that nobody taught us is passed on.
            true => Says::Asks {
                safe: is_safe_question(parsed, clause),
            },
            false => Says::Left(None),
        });
    }
    all
}

/// Whether a clause begins as a request does.
fn opens_request(parsed: &Parsed, clause: &Clause) -> bool {
    let mut words = parsed.tokens[clause.tokens.clone()].iter();
    let first = words.find(|it| {
        it.kind == TokenKind::Word && !among(&it.low, "and also but so then hi hello thanks")
    });
    first.is_some_and(|it| among(&it.low, "please kindly pls"))
}

fn speaks_of_the_rest(parsed: &Parsed, clause: &Clause) -> bool {
    let mut tokens = parsed.tokens[clause.tokens.clone()].iter();
    tokens.any(|it| among(&it.low, "rest others other remaining"))
}

/// Whether a window is one for an answer: it is open at its beginning, and over before any slot.
fn answers_by(known: &Known<'_>, spot: usize) -> bool {
    let time = &known.spots[spot].time;
    let low = time.words.to_lowercase();
    let open = ["till ", "until ", "by "]
        .iter()
        .any(|it| low.starts_with(it));
    let first = known.slots.iter().map(|it| it.start).min();
    let hour_alone = known.spots[spot].clock_only && time.grain == Grain::Minute;
    open && !hour_alone && time.end.zip(first).is_some_and(|(end, first)| end <= first)
}

/// Whether a window begins when every slot is over.
fn after_all(known: &Known<'_>, spot: usize) -> bool {
    let spot = &known.spots[spot];
    !spot.clock_only && known.slots.iter().all(|it| it.end <= spot.time.start)
}

/// Whether a part of a day is on the day of one slot and does not hold it: "the end of the day" is
/// wider to some.
fn beside_a_slot(known: &Known<'_>, spot: usize) -> bool {
    let time = &known.spots[spot].time;
    let end_of_day = time.words.to_lowercase().contains("end of");
    let near = |it: &Slot| it.start < time.start && it.end.plus_minutes(120) > time.start;
    end_of_day && time.grain == Grain::Part && known.slots.iter().any(near)
}

/// Whether a window ends before any slot begins.
fn before_all(known: &Known<'_>, spot: usize) -> bool {
    let end = known.spots[spot].time.end;
    let ends_before = |it: &Slot| end.is_some_and(|end| end <= it.start);
    !known.slots.is_empty() && known.slots.iter().all(ends_before)
}

/// Whether a clause is about when somebody answers, or says nothing else than when.
fn speaks_of_answering(parsed: &Parsed, clause: &Clause) -> bool {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let words = tokens.iter().filter(|it| it.kind == TokenKind::Word);
    words.clone().count() <= 1
        || words.into_iter().any(|it| {
            among(
                &it.low,
                "know answer answers confirm confirmation reply decide decision tell let get give \
                 time think respond revert update hear hold keep need back",
            )
        })
}

/// What a clause says of the times and options that it names.
pub(super) fn with_targets(
    parsed: &Parsed,
    clause: &Clause,
    known: &Known<'_>,
    spots: &[usize],
    unsure: Option<ChoiceKind>,
) -> (Vec<Says>, Vec<WishSaid>) {
    let mut all = Vec::new();
    let mut wishes = Vec::new();
    let accepts = accepts(clause);
    let windows_only = spots.len() == clause.targets.len()
        && spots.iter().all(|it| known.spots[*it].form == Form::Window);
    let longer_only = windows_only
        && spots
            .iter()
            .all(|it| known.spots[*it].time.grain == Grain::Longer);
    let taken = [
        Cue::Only,
        Cue::Any,
        Cue::Otherwise,
        Cue::Prefer,
        Cue::Confirm,
        Cue::Tentative,
        Cue::Reluctant,
        Cue::Correction,
    ];
    let rest = leftover(parsed, clause, &taken);
    let touches = spots.iter().any(|it| !known.spots[*it].touches.is_empty());
    if !accepts && longer_only && !clause.has_any(&[Cue::Only, Cue::Any]) {
        // "looking forward to next week"
        all.push(Says::Left(rest.hinge));
        return (all, wishes);
    }
    if windows_only
        && !clause.has(Cue::Free)
        && spots.iter().all(|it| answers_by(known, *it))
        && speaks_of_answering(parsed, clause)
    {
        // "Give me till tomorrow", "by Friday you will know": when they write again.
        all.push(Says::Tentative);
        return (all, wishes);
    }
    if windows_only && !touches && rest.unknown > MOST_UNKNOWN && !clause.has(Cue::Only) {
        // "A wonderful start to the weekend": of no slot (R4).
        all.push(Says::Left(rest.hinge.filter(|it| *it != Hinge::Time)));
        return (all, wishes);
    }
    if is_past(parsed, clause) && !accepts {
        all.push(Says::Left(None));
        return (all, wishes);
    }
    if !accepts && clause.has(Cue::Only) && windows_only {
        all.push(Says::Constrains);
        wishes.extend(spots.iter().map(|it| (WishKind::Only, *it)));
        if let Some(hinge) = rest.hinge {
            all.push(Says::Left(Some(hinge)));
        }
        return (all, wishes);
    }
    if unsure == Some(ChoiceKind::Tentative)
        && !clause.has_any(&[Cue::Yes, Cue::Free, Cue::Prefer])
        && pick_of(parsed, clause, known).slots.is_empty()
    {
        // "I'll confirm tonight"
        all.push(Says::Tentative);
        return (all, wishes);
    }
    let bare = !accepts && unsure.is_none() && !clause.has(Cue::Any);
    if bare && rest.unknown > 0 {
        // Words that say something of a time, and nobody knows what.
        let option = clause
            .targets
            .iter()
            .any(|id| matches!(parsed.targets[*id], Target::Option(_)));
        let pick = pick_of(parsed, clause, known);
        let names_one = pick.kind == ChoiceKind::One && !clause.question;
        all.push(match rest.hinge {
            None if names_one => Says::Named(Pick {
                kind: ChoiceKind::Unclear,
                ..pick
            }),
            None => Says::Left((touches || option).then_some(Hinge::Time)),
            hinge => Says::Left(hinge),
        });
        return (all, wishes);
    }
    let mut pick = pick_of(parsed, clause, known);
    if clause.has(Cue::Confirm) && pick.slots.is_empty() {
        all.push(Says::Is(IntentKind::Confirm));
        if !known.slots.is_empty() {
            // Another time than any that was sent.
            all.push(Says::Left(Some(Hinge::Time)));
        }
        return (all, wishes);
    }
    if bare && windows_only && pick.slots.is_empty() && !touches && clause.has(Cue::Benign) {
        // "Sunday is my daughter's birthday": of no slot, and nothing is asked for.
        all.push(Says::Left(rest.hinge));
        return (all, wishes);
    }
    if longer_only && pick.slots.is_empty() && spots.iter().all(|it| before_all(known, *it)) {
        // "The end of the week": of the week it was written in, or of the one that was sent.
        pick.kind = ChoiceKind::Unclear;
        all.push(Says::Constrains);
        all.push(Says::Pick(pick));
        return (all, wishes);
    }
    if let Some(kind) = unsure {
        pick.kind = kind;
    } else if clause.question
        && !clause.has_any(&[Cue::Yes, Cue::Free, Cue::Prefer, Cue::Confirm, Cue::Any])
    {
        pick.kind = ChoiceKind::Unclear;
    }
    if clause.has(Cue::Prefer)
        && windows_only
        && !clause.has_any(&[Cue::Yes, Cue::Free])
        && pick.loose
        && !spots.iter().all(|it| after_all(known, *it))
        && spots
            .iter()
            .all(|it| known.spots[*it].time.grain != Grain::Day)
    {
        all.push(Says::Constrains);
        wishes.extend(spots.iter().map(|it| (WishKind::Prefer, *it)));
        return (all, wishes);
    }
    if pick.slots.is_empty() {
        let exact = spots.iter().any(|it| {
            let spot = &known.spots[*it];
            spot.form == Form::Exact && !spot.clock_only && !spot.zoned
        });
        let hits_other = spots
            .iter()
            .any(|it| !known.spots[*it].others.is_empty() || known.spots[*it].doubtful);
        // A number and a time that contradict each other are no time that was not sent.
        let option = |id: &usize| matches!(parsed.targets[*id], Target::Option(_));
        let sent = spots.iter().any(|it| !known.spots[*it].slots.is_empty())
            || clause.targets.iter().any(option);
        if known.booked && !spots.is_empty() {
            // "See you Wednesday at 3": another time than the one booked (R16).
            all.push(Says::Is(IntentKind::Confirm));
            all.push(Says::Left(Some(Hinge::Time)));
        } else if hits_other
            || sent
            || pick.contradicts
            || (accepts && windows_only && spots.iter().any(|it| beside_a_slot(known, *it)))
            || spots.is_empty()
            || (bare && clause.question && !exact)
        {
            pick.kind = ChoiceKind::Unclear;
            all.push(Says::Pick(pick));
        } else {
            wishes.extend(spots.iter().map(|it| (WishKind::Free, *it)));
            all.push(Says::Proposes {
                named: true,
                exact: spots.iter().any(|it| known.spots[*it].form == Form::Exact),
            });
        }
    } else {
        all.push(Says::Pick(pick));
    }
    if let Some(hinge) = rest.hinge {
        all.push(Says::Left(Some(hinge)));
    }
    let among_it = rest.unknown.saturating_sub(rest.leading + rest.trailing);
    let unclear = rest.leading > 0 && !clause.has(Cue::Correction);
    if unclear || among_it > MOST_UNKNOWN || rest.trailing > MOST_TRAILING {
        all.push(Says::Left(Some(Hinge::Long)));
    }
    (all, wishes)
}
