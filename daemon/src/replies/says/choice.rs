//! Which slots a clause names (R2, R6).
//!
//! Owns how the times and options of one clause go together. Invariant: what is said of one slot
//! must all be true of it.

use greenroom_protocol::reply::{ChoiceKind, IntentKind};
use greenroom_protocol::schedule::Grain;

use super::{Known, Pick};
use crate::replies::clauses::{Clause, Parsed, Target, TokenKind};
use crate::replies::options::{EARLIEST, LATEST};
use crate::replies::phrases::Cue;
use crate::replies::slots::{Form, Slot};
use crate::replies::words::among;

/// The slots that the targets from a token on can be in any of their readings.
pub(super) fn slots_after(
    parsed: &Parsed,
    clause: &Clause,
    known: &Known<'_>,
    from: usize,
) -> Vec<u32> {
    let mut found = Vec::new();
    for at in from..clause.tokens.end {
        let TokenKind::Target(id) = parsed.tokens[at].kind else {
            continue;
        };
        match &parsed.targets[id] {
            Target::Option(option) => found.extend(number(option.n, known)),
            Target::Times { spots, .. } => {
                for spot in spots {
                    let spot = &known.spots[*spot];
                    found.extend(&spot.touches);
                    found.extend(&spot.slots);
                    // "Before 11" is not before 23:00.
                    if spot.form == Form::Exact {
                        found.extend(&spot.others);
                    }
                    found.extend(&spot.by_clock);
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn number(n: u32, known: &Known<'_>) -> Option<u32> {
    let begins = |it: &&Slot| it.start;
    match n {
        EARLIEST => known.slots.iter().min_by_key(begins).map(|it| it.n),
        LATEST => known.slots.iter().max_by_key(begins).map(|it| it.n),
        0 => known.slots.last().map(|it| it.n),
        n => known.slots.iter().find(|it| it.n == n).map(|it| it.n),
    }
}

/// What one target comes to.
struct Meant {
    slots: Vec<u32>,
    /// Another reading is another slot, or the words contradict themselves.
    doubt: bool,
    loose: bool,
    by_number: bool,
    /// Not among what was sent.
    elsewhere: bool,
}

fn meant(parsed: &Parsed, id: usize, known: &Known<'_>, with_option: bool) -> Vec<Meant> {
    match &parsed.targets[id] {
        Target::Option(option) => {
            let slots: Vec<u32> = number(option.n, known).into_iter().collect();
            vec![Meant {
                doubt: slots.is_empty(),
                slots,
                loose: false,
                by_number: true,
                elsewhere: false,
            }]
        }
        Target::Times { spots, .. } => spots
            .iter()
            .map(|it| {
                let spot = &known.spots[*it];
                let carried = with_option && !spot.by_clock.is_empty();
                let slots = if carried { &spot.by_clock } else { &spot.slots };
                let several = spot.form == Form::Exact && slots.len() > 1 && !with_option;
                Meant {
                    doubt: spot.doubtful
                        || several
                        || (!slots.is_empty()
                            && spot.others.iter().any(|n| !slots.contains(n))
                            && !carried)
                        || (slots.is_empty() && !spot.others.is_empty()),
                    slots: slots.clone(),
                    loose: spot.form == Form::Window,
                    by_number: false,
                    elsewhere: slots.is_empty(),
                }
            })
            .collect(),
    }
}

/// "Thursday, not Tuesday", "option 3 instead of 2": what is taken, and what is refused for it.
pub(super) fn contrasted(
    parsed: &Parsed,
    clause: &Clause,
    known: &Known<'_>,
) -> Option<(Pick, Vec<u32>)> {
    let low = |at: usize| parsed.tokens[at].low.as_str();
    let is_target = |at: usize| matches!(parsed.tokens[at].kind, TokenKind::Target(_));
    let turn = clause.tokens.clone().find(|at| {
        let not = low(*at) == "not";
        let instead = matches!(low(*at), "instead" | "rather")
            && clause.tokens.contains(&(at + 1))
            && matches!(low(at + 1), "of" | "than");
        not || instead
    })?;
    let plain = |at: &usize| matches!(low(*at), "," | "and" | "the" | "on" | "of" | "than" | "(");
    let before = (clause.tokens.start..turn).rev().find(|at| !plain(at))?;
    let after = (turn + 1..clause.tokens.end).find(|at| !plain(at))?;
    if !is_target(before) || !is_target(after) || clause.question {
        return None;
    }
    // Nothing else may turn it.
    let others = clause.cues.iter().filter(|it| {
        let inside = it.1.start >= before && it.1.end <= after + 1;
        !inside
            && !matches!(
                it.0,
                Cue::Benign | Cue::Correction | Cue::Yes | Cue::Prefer | Cue::Aye
            )
    });
    let words = (clause.tokens.start..clause.tokens.end)
        .filter(|at| parsed.tokens[*at].kind == TokenKind::Word)
        .count();
    if others.count() > 0 || words > 8 || clause.targets.len() != 2 {
        return None;
    }
    let first = Clause {
        tokens: clause.tokens.start..before + 1,
        targets: clause.targets[..1].to_vec(),
        cues: Vec::new(),
        ..clause.clone()
    };
    let picked = pick_of(parsed, &first, known);
    let refused = slots_after(parsed, clause, known, turn);
    let one = picked.kind == ChoiceKind::One && !refused.contains(&picked.slots[0]);
    one.then_some((picked, refused))
}

/// "The later one on Thursday": of two slots of a day.
pub(super) fn one_of_two(parsed: &Parsed, clause: &Clause, known: &Known<'_>) -> Option<Pick> {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    let later = (0..tokens.len()).find_map(|at| {
        let of = among(low(at + 1), "one slot option time of") && low(at.wrapping_sub(1)) == "the";
        let later = match low(at) {
            "later" | "latter" => true,
            "earlier" | "former" => false,
            _ => return None,
        };
        of.then_some(later)
    })?;
    if clause.has_any(&[Cue::No, Cue::NoneOf, Cue::Except, Cue::Query]) || clause.question {
        return None;
    }
    let pick = pick_of(parsed, clause, known);
    let [a, b] = pick.slots[..] else {
        return None;
    };
    let n = if later { b } else { a };
    (pick.loose && a < b).then_some(Pick {
        kind: ChoiceKind::One,
        slots: vec![n],
        loose: false,
        ..pick
    })
}

/// The slots that a clause names, as far as their number and how they are joined say.
pub(super) fn pick_of(parsed: &Parsed, clause: &Clause, known: &Known<'_>) -> Pick {
    let with_option = clause
        .targets
        .iter()
        .any(|id| matches!(&parsed.targets[*id], Target::Option(option) if !option.numbers_line));
    // "Thursday … at 9:30": the hour of a day that was said is more exact than the day.
    let days_with_hours: Vec<usize> = {
        let all: Vec<usize> = clause
            .targets
            .iter()
            .flat_map(|id| match &parsed.targets[*id] {
                Target::Times { spots, .. } => spots.clone(),
                Target::Option(_) => Vec::new(),
            })
            .collect();
        all.iter()
            .copied()
            .filter(|day| {
                let day = &known.spots[*day];
                day.time.grain != Grain::Minute
                    && all.iter().any(|it| {
                        let it = &known.spots[*it];
                        it.time.grain == Grain::Minute
                            && it.time.start >= day.time.start
                            && it.time.start
                                < day.time.end.unwrap_or(day.time.start.plus_minutes(1440))
                    })
            })
            .collect()
    };
    let mut groups: Vec<(bool, Meant)> = Vec::new();
    let mut last: Option<usize> = None;
    let mut or = clause.has(Cue::Any);
    for at in clause.tokens.clone() {
        let TokenKind::Target(id) = parsed.tokens[at].kind else {
            continue;
        };
        if let Target::Times { spots, .. } = &parsed.targets[id]
            && spots.len() == 1
            && days_with_hours.contains(&spots[0])
        {
            continue;
        }
        let between = last.map_or(0..0, |it| it + 1..at);
        let links: Vec<&str> = parsed.tokens[between]
            .iter()
            .map(|it| it.low.as_str())
            .collect();
        let joined = last.is_some()
            && links.iter().any(|it| {
                among(
                    it,
                    "or and , / & + otherwise then else alternatively plus \n",
                )
            });
        or |= links.contains(&"or") || links.contains(&"/");
        if let Target::Times { or: true, .. } = &parsed.targets[id] {
            or = true;
        }
        for (nth, found) in meant(parsed, id, known, with_option)
            .into_iter()
            .enumerate()
        {
            groups.push((nth > 0 || joined, found));
        }
        last = Some(at);
    }
    let mut slots: Vec<u32> = Vec::new();
    let (mut doubt, mut loose, mut by_number, mut elsewhere) = (false, true, false, false);
    let mut contradicts = false;
    let mut run: Option<Vec<u32>> = None;
    let flush = |run: &mut Option<Vec<u32>>, slots: &mut Vec<u32>| {
        for n in run.take().into_iter().flatten() {
            if !slots.contains(&n) {
                slots.push(n);
            }
        }
    };
    let count = groups.len();
    for (joined, meant) in groups {
        doubt |= meant.doubt;
        loose &= meant.loose;
        by_number |= meant.by_number;
        if joined {
            flush(&mut run, &mut slots);
        }
        match &mut run {
            None => {
                elsewhere |= meant.elsewhere;
                run = Some(meant.slots);
            }
            // Said of the same slot: both must be true of it.
            Some(before) => {
                let both: Vec<u32> = before
                    .iter()
                    .copied()
                    .filter(|it| meant.slots.contains(it))
                    .collect();
                doubt |= both.is_empty();
                contradicts |= both.is_empty();
                *before = both;
            }
        }
    }
    flush(&mut run, &mut slots);
    // Something that was sent and something that was not.
    doubt |= elsewhere && !slots.is_empty() && count > 1;
    let ordered = clause.has(Cue::Otherwise) && slots.len() > 1 && count > 1;
    let kind = if doubt {
        ChoiceKind::Unclear
    } else if slots.len() == 1 {
        ChoiceKind::One
    } else if ordered {
        ChoiceKind::InOrder
    } else if or {
        ChoiceKind::AnyOf
    } else {
        ChoiceKind::Unclear
    };
    let second = clause.has(Cue::Otherwise) && slots.len() == 1;
    Pick {
        kind,
        slots,
        by: match (by_number, clause.has(Cue::Any) && loose) {
            (true, _) => IntentKind::Accept,
            (false, true) => IntentKind::AcceptAny,
            _ => IntentKind::AcceptTime,
        },
        preferred: clause.has(Cue::Prefer)
            || parsed.tokens[clause.tokens.clone()]
                .iter()
                .any(|it| matches!(it.low.as_str(), "best" | "ideal" | "favourite" | "favorite")),
        second,
        loose,
        contradicts,
    }
}
