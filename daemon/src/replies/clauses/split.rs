//! The clauses of one sentence.
//!
//! Owns which words part clauses, and which pieces belong together. Invariant: a phrase is never cut,
//! and a piece that says nothing belongs to one that does.

use std::ops::Range;

use super::{Clause, Parsed, Token, TokenKind};
use crate::replies::phrases::{Cue, Seen, phrase};
use crate::replies::words::among;

/// What parts two clauses, unless one of them says nothing.
fn parts(low: &str) -> bool {
    matches!(
        low,
        "," | "but"
            | "however"
            | "although"
            | "though"
            | "so"
            | "because"
            | "since"
            | "and"
            | "or"
            | "while"
            | "whereas"
            | "yet"
            | "plus"
            | "&"
            | "("
            | ")"
            | ":"
            | "–"
            | "—"
            | "as"
            | "+"
            | "therefore"
            | "hence"
            | "|"
            | "*"
            | "•"
    )
}

/// What opens a clause of its own even if that says nothing yet: "busy on Monday, so option 2".
fn turns(low: &str) -> bool {
    adverse(low) || matches!(low, "so" | "therefore" | "hence" | "because" | "since")
}

fn adverse(low: &str) -> bool {
    matches!(
        low,
        "but" | "however" | "although" | "though" | "yet" | "whereas"
    )
}

/// Cues that make a clause say something.
fn is_predicate(cue: Cue) -> bool {
    !matches!(
        cue,
        Cue::Benign
            | Cue::Thanks
            | Cue::Aye
            | Cue::Only
            | Cue::Except
            | Cue::Any
            | Cue::Then
            | Cue::Otherwise
            | Cue::Condition
            | Cue::Before
            | Cue::Person
            | Cue::Correction
    )
}

fn says_something(cue: Cue) -> bool {
    matches!(
        cue,
        Cue::Yes | Cue::Free | Cue::Prefer | Cue::No | Cue::NoneOf | Cue::Any | Cue::Propose
    )
}

/// "The rest is fine", "whichever suits you": any, with a verb.
fn is_whole((cue, range): &(Cue, Range<usize>)) -> bool {
    *cue == Cue::Any && range.len() >= 3
}

/// Cues that no booking goes on beside, or that turn a clause.
fn needs_person(cue: Cue) -> bool {
    matches!(
        cue,
        Cue::Withdraw
            | Cue::Human
            | Cue::Wrong
            | Cue::Cancel
            | Cue::Late
            | Cue::Instruct
            | Cue::Change
            | Cue::Gone
            | Cue::Away
            | Cue::Reschedule
            | Cue::Before
            | Cue::Reluctant
            | Cue::Condition
    )
}

/// The clauses of one sentence.
pub(super) fn split(parsed: &mut Parsed, tokens: Range<usize>, question: bool) {
    let seen: Vec<Seen<'_>> = parsed.tokens[tokens.clone()]
        .iter()
        .map(|it| match it.kind {
            TokenKind::Target(_) => Seen::Target,
            TokenKind::Opaque => Seen::Word(""),
            _ => Seen::Word(&it.low),
        })
        .collect();
    let mut cues: Vec<(Cue, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < seen.len() {
        // "# suits" is no more than the beginning of "suits me down to the ground".
        let next = match seen[at] {
            Seen::Target => phrase(&seen, at + 1),
            Seen::Word(_) => None,
        };
        let found = phrase(&seen, at);
        // "Very happy" is no more than the beginning of "happy to accept".
        let inner = |end: usize| {
            let mut inside = (at + 1..end).filter_map(|it| phrase(&seen, it));
            inside.any(|(cue, further)| further > end && says_something(cue))
        };
        let shadowed = |end: usize| {
            let benign = found.is_some_and(|it| it.0 == Cue::Benign) && inner(end);
            benign || next.is_some_and(|(_, further)| further > end)
        };
        match found.filter(|(_, end)| !shadowed(*end)) {
            Some((cue, end)) => {
                cues.push((cue, tokens.start + at..tokens.start + end));
                at = end;
            }
            None => at += 1,
        }
    }
    // What needs a person is found also where another phrase has taken its first words: "please take
    // me" and "take me out of".
    let mut strong = Vec::new();
    for (cue, range) in cues.iter().filter(|it| {
        matches!(
            it.0,
            Cue::Yes
                | Cue::Free
                | Cue::Aye
                | Cue::Prefer
                | Cue::Confirm
                | Cue::Propose
                | Cue::No
                | Cue::Ask
        )
    }) {
        for at in range.start + 1..range.end {
            let Some((found, end)) = phrase(&seen, at - tokens.start) else {
                continue;
            };
            let end = end + tokens.start;
            if needs_person(found) && found != *cue && end > range.end {
                strong.push((found, at..end));
                break;
            }
        }
    }
    cues.extend(strong);
    // "All but Friday", also where "all" is in another phrase.
    for at in tokens.start + 1..tokens.end {
        let all =
            "all any anything everything everyone anyone every each whichever anytime whenever";
        let but = parsed.tokens[at].low == "but" && among(&parsed.tokens[at - 1].low, all);
        let there = cues.iter().any(|it| it.1.contains(&at));
        if but && !there && has_target(&parsed.tokens, at..tokens.end) {
            cues.push((Cue::Except, at..at + 1));
        }
    }
    cues.sort_by_key(|it| it.1.start);
    // Pieces between what parts clauses; a phrase is never cut.
    let covered = |at: usize| cues.iter().any(|it| it.1.contains(&at));
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut from = tokens.start;
    for at in tokens.clone() {
        let token = &parsed.tokens[at];
        let opens = cues.iter().any(|it| {
            // "Thursday, I mean" is about what stands before it.
            let of_it = it.0 == Cue::Correction
                && parsed.tokens[at].low == "i"
                && at > tokens.start
                && is_target(&parsed.tokens[at - 1]);
            it.1.start == at
                && !of_it
                && matches!(
                    it.0,
                    Cue::Condition
                        | Cue::Otherwise
                        | Cue::Except
                        | Cue::Reluctant
                        | Cue::Correction
                        | Cue::Before
                )
        });
        let parting = (parts(&token.low) && !covered(at) && !is_target(token)) || opens;
        if parting && at > from {
            pieces.push(from..at);
            from = at;
        }
    }
    if from < tokens.end {
        pieces.push(from..tokens.end);
    }
    let says = |range: &Range<usize>| {
        cues.iter()
            .any(|it| (is_predicate(it.0) || is_whole(it)) && range.contains(&it.1.start))
    };
    let mut clauses: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for piece in pieces {
        let whole = match open.take() {
            Some(before) => before.start..piece.end,
            None => piece.clone(),
        };
        // "Thursday, but I must leave at 10:10": what "but" opens does not belong to what it turns.
        let turns = turns(&parsed.tokens[piece.start].low)
            || opens_reason(&parsed.tokens, piece.start)
            || cues.iter().any(|it| {
                let first = it.1.start == piece.start;
                let asks = it.0 == Cue::Ask
                    && it.1.start <= piece.start + 2
                    && piece.contains(&it.1.start);
                first
                    && (it.0 == Cue::Correction
                        || it.0 == Cue::Otherwise && has_target(&parsed.tokens, piece.clone()))
                    || asks
            });
        let before = whole.start..piece.start;
        if turns && !before.is_empty() {
            let listed = opens_with(&parsed.tokens, &before, &["and", "or", "&", "/", "+"]);
            match clauses.last_mut() {
                Some(last) if !says(&before) && listed && last.end == before.start => {
                    last.end = before.end
                }
                _ => clauses.push(before),
            }
            match says(&piece) {
                true => clauses.push(piece),
                false => open = Some(piece),
            }
            continue;
        }
        // "Hola Robin, I take 2": a few words of no meaning, with a comma behind them.
        let apart = whole.start == tokens.start
            && whole == piece
            && whole.len() <= 4
            && parsed.tokens.get(whole.end).is_some_and(|it| it.low == ",")
            && !cues.iter().any(|it| whole.contains(&it.1.start))
            && !has_target(&parsed.tokens, whole.clone())
            && !turns_what_follows(&parsed.tokens, &whole);
        // "As I only work half days, Monday is a perfect match."
        let why_first = whole == piece
            && parsed.tokens.get(whole.end).is_some_and(|it| it.low == ",")
            && !has_target(&parsed.tokens, whole.clone())
            && (opens_reason(&parsed.tokens, whole.start)
                || matches!(first_word(&parsed.tokens, &whole), "because" | "since"));
        match says(&whole) || apart || why_first {
            true => clauses.push(whole),
            false => open = Some(whole),
        }
    }
    if let Some(rest) = open {
        let first = first_word(&parsed.tokens, &rest);
        // "…, 3 and 4 are": of what was said before, the other way round.
        let turned = has_target(&parsed.tokens, rest.clone())
            && rest.len() > 2
            && parsed.tokens[rest.clone()]
                .iter()
                .rev()
                .find(|it| it.kind == TokenKind::Word)
                .is_some_and(|it| among(&it.low, "is are does do would will can"));
        let apart = turned
            || (turns(first) && has_target(&parsed.tokens, rest.clone()))
            || matches!(first, "because" | "since")
            || opens_reason(&parsed.tokens, rest.start)
            || adverse(first)
            || cues.iter().any(|it| {
                it.1.start == rest.start
                    && (it.0 == Cue::Correction
                        || it.0 == Cue::Otherwise && has_target(&parsed.tokens, rest.clone()))
            });
        match clauses.last_mut() {
            Some(last) if !apart && last.end == rest.start => last.end = rest.end,
            _ => clauses.push(rest),
        }
    }
    let count = clauses.len();
    for (nth, range) in clauses.into_iter().enumerate() {
        let mine = cues.iter().filter(|it| range.contains(&it.1.start));
        let mine: Vec<_> = mine.cloned().collect();
        let targets = parsed.tokens[range.clone()]
            .iter()
            .filter_map(|it| match it.kind {
                TokenKind::Target(id) => Some(id),
                _ => None,
            });
        let targets = targets.collect();
        let first = parsed.tokens[range.clone()]
            .iter()
            .find(|it| it.kind != TokenKind::Mark);
        parsed.clauses.push(Clause {
            adverse: first.is_some_and(|it| adverse(&it.low)),
            reason: first.is_some_and(|it| matches!(it.low.as_str(), "because" | "since"))
                || opens_reason(&parsed.tokens, range.start),
            tokens: range,
            cues: mine,
            targets,
            question: question && nth + 1 == count,
        });
    }
}

/// "…, as I start late on Tuesday": why, and not when.
fn opens_reason(tokens: &[Token], at: usize) -> bool {
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    let of_others = low(at + 1) == "the" && among(low(at + 2), "others other rest remaining");
    low(at) == "as" && (of_others || among(low(at + 1), "i we my it that there our he she they on"))
}

/// "Unfortunately, …": a word that turns what follows it.
fn turns_what_follows(tokens: &[Token], range: &Range<usize>) -> bool {
    tokens[range.clone()].iter().any(|it| {
        it.low.ends_with("ly") || among(&it.low, "not no never none neither nor if unless either")
    })
}

/// The first word of a clause, past marks.
fn first_word<'t>(tokens: &'t [Token], range: &Range<usize>) -> &'t str {
    let mut words = tokens[range.clone()].iter();
    words
        .find(|it| it.kind != TokenKind::Mark)
        .map_or("", |it| it.low.as_str())
}

fn opens_with(tokens: &[Token], range: &Range<usize>, with: &[&str]) -> bool {
    with.contains(&tokens[range.start].low.as_str()) || with.contains(&first_word(tokens, range))
}

fn has_target(tokens: &[Token], range: Range<usize>) -> bool {
    tokens[range].iter().any(is_target)
}

fn is_target(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Target(_))
}
