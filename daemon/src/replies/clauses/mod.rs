//! A text as clauses: who says what of which times.
//!
//! Owns where a clause begins and ends: with the sentence, or where words that part clauses stand
//! between two that each say something. Invariant: every token is in one clause, and clauses are in
//! the order of the text. Must not know what a clause comes to.

mod split;

use std::ops::Range;

use self::split::split;
use super::options::OptionSaid;
use super::phrases::Cue;
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
