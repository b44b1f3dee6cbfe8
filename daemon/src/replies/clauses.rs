//! A text as clauses: who says what of which times.
//!
//! Owns where a clause begins and ends: with the sentence, or where words that part clauses stand
//! between two that each say something. Invariant: every token is in one clause, and clauses are in
//! the order of the text. Must not know what a clause comes to.

use std::ops::Range;

use super::options::OptionSaid;
use super::phrases::{Cue, Seen, phrase};
use super::slots::Spot;
use super::words::{Kind, Word, among};

/// A word, or a time or option in one.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub low: String,
    pub at: Range<usize>,
    pub capital: bool,
    pub spaced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Digits,
    Mark,
    Opaque,
    Line,
    /// The target of that number.
    Target(usize),
}

/// Times that were said together, or an option.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Times {
        spots: Vec<usize>,
        /// Joined by "or" within.
        or: bool,
    },
    Option(OptionSaid),
}

/// A clause and what its words say.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub tokens: Range<usize>,
    /// What phrases say, in order, with the tokens they cover.
    pub cues: Vec<(Cue, Range<usize>)>,
    /// Its targets, by number.
    pub targets: Vec<usize>,
    pub question: bool,
    /// "but" and the like open it.
    pub adverse: bool,
    /// "because" and the like open it: it says why, and no more.
    pub reason: bool,
}

impl Clause {
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.cues.iter().any(|it| it.0 == cue)
    }

    pub(super) fn has_any(&self, cues: &[Cue]) -> bool {
        cues.iter().any(|it| self.has(*it))
    }
}

/// A text in tokens and clauses.
pub(super) struct Parsed {
    pub tokens: Vec<Token>,
    pub targets: Vec<Target>,
    pub clauses: Vec<Clause>,
}

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

/// Reads the clauses of a text.
pub(super) fn parse(
    text: &str,
    words: &[Word],
    spots: &[Spot],
    options: Vec<OptionSaid>,
) -> Parsed {
    let (tokens, targets) = tokens(text, words, spots, options);
    let mut parsed = Parsed {
        tokens,
        targets,
        clauses: Vec::new(),
    };
    let mut from = 0;
    while from < parsed.tokens.len() {
        let (end, question) = sentence_end(&parsed.tokens, from);
        split(&mut parsed, from..end, question);
        from = end.max(from + 1);
    }
    parsed
}

/// Times and options in place of their words.
fn tokens(
    text: &str,
    words: &[Word],
    spots: &[Spot],
    options: Vec<OptionSaid>,
) -> (Vec<Token>, Vec<Target>) {
    let mut groups: Vec<(Range<usize>, Vec<usize>)> = Vec::new();
    for (id, spot) in spots.iter().enumerate() {
        match groups.last_mut() {
            Some((range, ids)) if spot.at.start < range.end => {
                range.end = range.end.max(spot.at.end);
                ids.push(id);
            }
            _ => groups.push((spot.at.clone(), vec![id])),
        }
    }
    let mut targets: Vec<Target> = Vec::new();
    let mut tokens: Vec<Token> = Vec::with_capacity(words.len());
    let mut options = options.into_iter().peekable();
    let mut groups = groups.into_iter().peekable();
    let mut at = 0;
    while at < words.len() {
        let word = &words[at];
        while groups.next_if(|it| it.0.end <= word.at.start).is_some() {}
        while options.next_if(|it| it.to <= at).is_some() {}
        if let Some(option) = options.next_if(|it| it.from == at) {
            let end = option.to;
            let place = word.at.start..words[end - 1].at.end;
            tokens.push(target(targets.len(), place, word));
            targets.push(Target::Option(option));
            at = end;
            continue;
        }
        if let Some((range, ids)) = groups.next_if(|it| it.0.start <= word.at.start) {
            let said = text.get(range.clone()).unwrap_or_default().to_lowercase();
            let or = ids.len() > 1 && (said.contains(" or ") || said.contains('/'));
            tokens.push(target(targets.len(), range.clone(), word));
            targets.push(Target::Times { spots: ids, or });
            while at < words.len() && words[at].at.start < range.end {
                at += 1;
            }
            continue;
        }
        let kind = match word.kind {
            Kind::Letters => TokenKind::Word,
            Kind::Digits => TokenKind::Digits,
            Kind::Mark => TokenKind::Mark,
            Kind::Opaque => TokenKind::Opaque,
            Kind::Line => TokenKind::Line,
        };
        tokens.push(Token {
            kind,
            low: word.low.clone(),
            at: word.at.clone(),
            capital: word.capital,
            spaced: word.spaced,
        });
        at += 1;
    }
    (tokens, targets)
}

fn target(id: usize, at: Range<usize>, word: &Word) -> Token {
    Token {
        kind: TokenKind::Target(id),
        low: "#".to_owned(),
        at,
        capital: false,
        spaced: word.spaced,
    }
}

/// Where the sentence that begins at `from` ends, and whether it asks.
fn sentence_end(tokens: &[Token], from: usize) -> (usize, bool) {
    let mut at = from;
    while at < tokens.len() {
        let token = &tokens[at];
        let next_tight = tokens.get(at + 1).is_some_and(|it| !it.spaced);
        let ends = match token.kind {
            TokenKind::Line => true,
            TokenKind::Mark => match token.low.as_str() {
                "!" | "?" | ";" | "…" => true,
                "." => !next_tight || tokens.get(at + 1).is_some_and(|it| it.low == "."),
                "-" | "–" | "—" => token.spaced && !next_tight && at > from,
                _ => false,
            },
            _ => false,
        };
        if ends {
            let mut end = at + 1;
            let mut question = token.low == "?";
            while tokens.get(end).is_some_and(|it| {
                it.kind == TokenKind::Mark && matches!(it.low.as_str(), "." | "!" | "?")
            }) {
                question |= tokens[end].low == "?";
                end += 1;
            }
            return (end, question);
        }
        at += 1;
    }
    (tokens.len(), false)
}

/// The clauses of one sentence.
fn split(parsed: &mut Parsed, tokens: Range<usize>, question: bool) {
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

fn is_target(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Target(_))
}

fn has_target(tokens: &[Token], range: Range<usize>) -> bool {
    tokens[range].iter().any(is_target)
}

/// Whether a clause asks in words that ask, all of them or those of one cue: "what" and "is it" do
/// so where a question begins, or where it ends in a question mark.
pub(super) fn is_asked(parsed: &Parsed, clause: &Clause, of: Option<&Range<usize>>) -> bool {
    let asks = clause.cues.iter().filter(|it| it.0 == Cue::Ask);
    let mut asks = asks.filter(|it| of.is_none_or(|of| it.1 == *of));
    let opens = |at: usize| {
        parsed.tokens[clause.tokens.start..at].iter().all(|it| {
            it.kind != TokenKind::Word
                || among(
                    &it.low,
                    "and but so also or then hi hello dear please just ok thanks well because hey",
                )
        })
    };
    asks.any(|(_, range)| {
        let first = parsed.tokens[range.start].low.as_str();
        // "…, which suits me": of what was said before.
        if first == "which" && !clause.question {
            return false;
        }
        // "What would be great for me: …" asks nothing.
        let mine = || {
            let mut rest = parsed.tokens[range.start..clause.tokens.end].iter();
            rest.any(|it| among(&it.low, "me i my"))
        };
        if first == "what" && !clause.question && !clause.targets.is_empty() && mine() {
            return false;
        }
        let inverted = among(
            first,
            "could can would will may might should shall do does did is are am has have who when where",
        );
        !inverted || clause.question || opens(range.start)
    })
}
