//! What a phrase says of its clause.
//!
//! Owns the vocabulary (`phrases.txt`), how it is written, and which phrase is found where several
//! fit: the longest. Invariant: a phrase covers neighbouring words of one sentence. Must not know
//! what a clause means.

use std::collections::HashMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("phrases.txt");

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Cue {
    /// Nothing about times.
    Benign,
    Confirm,
    Thanks,
    Yes,
    Free,
    /// Yes, if something is said yes to.
    Aye,
    Prefer,
    No,
    NoneOf,
    Any,
    Only,
    Except,
    Propose,
    Query,
    Tentative,
    Reluctant,
    Condition,
    Otherwise,
    Reschedule,
    Cancel,
    Withdraw,
    Late,
    Human,
    Wrong,
    /// The address is nobody's any more.
    Gone,
    Away,
    Back,
    Ask,
    Change,
    Before,
    Correction,
    Person,
    Machine,
    Instruct,
    /// Has to end or begin by a time.
    Bound,
    Then,
}

impl Cue {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "benign" => Self::Benign,
            "confirm" => Self::Confirm,
            "thanks" => Self::Thanks,
            "yes" => Self::Yes,
            "free" => Self::Free,
            "aye" => Self::Aye,
            "prefer" => Self::Prefer,
            "no" => Self::No,
            "none-of" => Self::NoneOf,
            "any" => Self::Any,
            "only" => Self::Only,
            "except" => Self::Except,
            "propose" => Self::Propose,
            "query" => Self::Query,
            "tentative" => Self::Tentative,
            "reluctant" => Self::Reluctant,
            "condition" => Self::Condition,
            "otherwise" => Self::Otherwise,
            "reschedule" => Self::Reschedule,
            "cancel" => Self::Cancel,
            "withdraw" => Self::Withdraw,
            "late" => Self::Late,
            "human" => Self::Human,
            "wrong" => Self::Wrong,
            "gone" => Self::Gone,
            "away" => Self::Away,
            "back" => Self::Back,
            "ask" => Self::Ask,
            "change" => Self::Change,
            "before" => Self::Before,
            "correction" => Self::Correction,
            "person" => Self::Person,
            "machine" => Self::Machine,
            "instruct" => Self::Instruct,
            "bound" => Self::Bound,
            "then" => Self::Then,
            _ => return None,
        })
    }
}

/// A token as the vocabulary sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen<'t> {
    Word(&'t str),
    /// A time or an option.
    Target,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Word(&'static str),
    Target,
    AnyWord,
    OneOf(Vec<Vec<Node>>, Need),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    May,
}

struct Vocabulary {
    phrases: Vec<(Cue, Vec<Node>)>,
    /// By the word a phrase begins with.
    by_word: HashMap<&'static str, Vec<usize>>,
    /// Those that begin with a target.
    by_target: Vec<usize>,
    /// Those that begin with any word.
    by_any: Vec<usize>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut all = Vocabulary {
        phrases: Vec::new(),
        by_word: HashMap::new(),
        by_target: Vec::new(),
        by_any: Vec::new(),
    };
    let mut cue = None;
    for line in TABLE.lines() {
        let name = line.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if let Some(found) = name.and_then(Cue::of) {
            cue = Some(found);
            continue;
        }
        // What stands above the first section is said to people.
        let Some(cue) = cue else {
            continue;
        };
        let (nodes, _) = sequence(line, 0);
        if !nodes.is_empty() {
            all.add(cue, nodes);
        }
    }
    all
});

impl Vocabulary {
    fn add(&mut self, cue: Cue, nodes: Vec<Node>) {
        let id = self.phrases.len();
        self.begin(&nodes, id);
        self.phrases.push((cue, nodes));
    }

    /// Files a phrase under whatever it can begin with.
    fn begin(&mut self, nodes: &[Node], id: usize) {
        for node in nodes {
            match node {
                Node::Word(word) => {
                    let filed = self.by_word.entry(word).or_default();
                    if filed.last() != Some(&id) {
                        filed.push(id);
                    }
                    return;
                }
                Node::Target => return push(&mut self.by_target, id),
                Node::AnyWord => return push(&mut self.by_any, id),
                Node::OneOf(options, need) => {
                    for option in options {
                        self.begin(option, id);
                    }
                    if *need == Need::Must {
                        return;
                    }
                }
            }
        }
    }
}

fn push(all: &mut Vec<usize>, id: usize) {
    if all.last() != Some(&id) {
        all.push(id);
    }
}

/// The nodes written from `at`, up to the end or to what closes or parts them.
fn sequence(text: &'static str, mut at: usize) -> (Vec<Node>, usize) {
    let bytes = text.as_bytes();
    let mut nodes = Vec::new();
    while at < bytes.len() {
        match bytes[at] {
            b' ' => at += 1,
            b')' | b']' | b'|' => break,
            open @ (b'(' | b'[') => {
                let need = if open == b'(' { Need::Must } else { Need::May };
                let mut options = Vec::new();
                at += 1;
                loop {
                    let (option, end) = sequence(text, at);
                    options.push(option);
                    at = end + 1;
                    if bytes.get(end) != Some(&b'|') {
                        break;
                    }
                }
                nodes.push(Node::OneOf(options, need));
            }
            _ => {
                let rest = &text[at..];
                let end = rest
                    .find([' ', '(', ')', '[', ']', '|'])
                    .map_or(text.len(), |it| at + it);
                nodes.push(match &text[at..end] {
                    "#" => Node::Target,
                    "*" => Node::AnyWord,
                    word => Node::Word(word),
                });
                at = end;
            }
        }
    }
    (nodes, at)
}

/// The phrase that begins at `at`: what it says, and where it ends.
pub(super) fn phrase(seen: &[Seen<'_>], at: usize) -> Option<(Cue, usize)> {
    let vocabulary = &*VOCABULARY;
    let first = seen.get(at)?;
    let filed: &[usize] = match first {
        Seen::Word(word) => vocabulary.by_word.get(word).map_or(&[], Vec::as_slice),
        Seen::Target => &vocabulary.by_target,
    };
    let wild: &[usize] = match first {
        Seen::Word(_) => &vocabulary.by_any,
        Seen::Target => &[],
    };
    let mut best: Option<(Cue, usize)> = None;
    for id in filed.iter().chain(wild) {
        let (cue, nodes) = &vocabulary.phrases[*id];
        let mut ends = Vec::new();
        reach(seen, at, nodes, &mut ends);
        let Some(end) = ends.into_iter().max().filter(|it| *it > at) else {
            continue;
        };
        if best.is_none_or(|(_, longest)| end > longest) {
            best = Some((*cue, end));
        }
    }
    best
}

/// All places where `nodes`, begun at `at`, can end.
fn reach(seen: &[Seen<'_>], at: usize, nodes: &[Node], ends: &mut Vec<usize>) {
    let Some((first, rest)) = nodes.split_first() else {
        if !ends.contains(&at) {
            ends.push(at);
        }
        return;
    };
    match (first, seen.get(at)) {
        (Node::Word(word), Some(Seen::Word(found))) if found == word => {
            reach(seen, at + 1, rest, ends);
        }
        (Node::Target, Some(Seen::Target)) => reach(seen, at + 1, rest, ends),
        // "Does the 16th work": the day with its article.
        (Node::Target, Some(Seen::Word("the" | "that" | "your")))
            if seen.get(at + 1) == Some(&Seen::Target) =>
        {
            reach(seen, at + 2, rest, ends);
        }
        (Node::AnyWord, Some(Seen::Word(word))) if word.starts_with(char::is_alphanumeric) => {
            reach(seen, at + 1, rest, ends);
        }
        (Node::OneOf(options, need), _) => {
            let mut between = Vec::new();
            for option in options {
                reach(seen, at, option, &mut between);
            }
            if *need == Need::May && !between.contains(&at) {
                between.push(at);
            }
            for at in between {
                reach(seen, at, rest, ends);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Cue, usize)> {
        let seen: Vec<Seen<'_>> = text
            .split(' ')
            .map(|it| match it {
                "#" => Seen::Target,
                word => Seen::Word(word),
            })
            .collect();
        let mut at = 0;
        let mut all = Vec::new();
        while at < seen.len() {
            match phrase(&seen, at) {
                Some((cue, end)) => {
                    all.push((cue, end - at));
                    at = end;
                }
                None => at += 1,
            }
        }
        all
    }

    #[test]
    fn the_longest_phrase_wins() {
        assert_eq!(found("i do not mind"), [(Cue::Any, 3)]);
        assert_eq!(found("# does not work for me")[0].0, Cue::No);
        assert_eq!(found("no problem"), [(Cue::Benign, 2)]);
        assert_eq!(found("none of these times work for me"), [(Cue::NoneOf, 7)]);
        assert_eq!(found("works for me"), [(Cue::Yes, 3)]);
    }

    #[test]
    fn every_line_of_the_table_is_a_phrase() {
        let lines = TABLE
            .lines()
            .filter(|it| !it.is_empty() && !it.starts_with('['));
        let lines = lines.skip_while(|it| it.starts_with('#')).count();
        let begun = TABLE.lines().skip_while(|it| it.starts_with('#'));
        let opens_with_an_option = begun.filter(|it| {
            it.starts_with('[') && it[1..].find(']').is_some_and(|at| at + 2 < it.len())
        });
        assert_eq!(
            VOCABULARY.phrases.len(),
            lines + opens_with_an_option.count()
        );
        for line in TABLE.lines() {
            let count = |of: &str| line.matches(|it| of.contains(it)).count();
            assert_eq!(count("(["), count(")]"), "{line}");
        }
    }
}
