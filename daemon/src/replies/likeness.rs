//! What an answer is like, by examples: a second reading that knows no grammar.
//!
//! Owns the examples and how alike an answer is to those of each intent. It is made from other
//! stuff than the grammar, so that where both say the same, two ways have led there. Invariant: it
//! never begins an act; it can stop one, and names what nobody understood. An answer that is an
//! example itself is not counted for itself, so that figures over the examples are honest.
//!
//! The labelled sets are counted word by word and pair by pair (multinomial naive Bayes); of all
//! that was tried on unseen sets (logistic regression, more words in a row, letters) nothing was
//! more than a hundredth better, and this is a table of counts.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use greenroom_protocol::reply::IntentKind;

use super::eval::{Labelled, labelled_lines};
use super::own::own;
use super::words::{Kind, among, words};

/// The labelled sets that are counted. What is there for figures alone (`other.txt`) is not.
const SETS: [&str; 2] = [
    include_str!("../../tests/fixtures/replies/own.txt"),
    include_str!("../../tests/fixtures/replies/fresh.txt"),
];

/// What every word is taken to have been seen of more.
const UNSEEN: f64 = 0.1;

/// Words of an answer that are looked at.
const MOST_WORDS: usize = 400;

/// How alike an answer is to the examples of each intent, the most alike first; together 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Likeness {
    ranked: Vec<(IntentKind, f64)>,
}

impl Likeness {
    /// The intent it is most alike, and how much, from 0 to 1.
    pub(super) fn best(&self) -> Option<(IntentKind, f64)> {
        self.ranked.first().copied()
    }

    /// How much it is like any of these, from 0 to 1.
    pub(super) fn of(&self, kinds: &[IntentKind]) -> f64 {
        let all = self.ranked.iter().filter(|it| kinds.contains(&it.0));
        all.map(|it| it.1).sum()
    }
}

/// What is counted of an example or an answer: its words and pairs, each once.
type Features = HashSet<u64>;

/// The counts of one intent.
#[derive(Default)]
struct Counts {
    examples: f64,
    total: f64,
    by_feature: HashMap<u64, f64>,
}

#[derive(Default)]
struct Examples {
    classes: HashMap<IntentKind, Counts>,
    known: HashMap<u64, f64>,
    /// By the digest of their text: what an example was counted as.
    own: HashMap<u64, Vec<IntentKind>>,
}

static EXAMPLES: LazyLock<Examples> = LazyLock::new(|| {
    let mut all = Examples::default();
    for set in SETS {
        for found in labelled_lines(set).map_while(Result::ok) {
            all.count(&found);
        }
    }
    all
});

impl Examples {
    fn count(&mut self, found: &Labelled) {
        let Some(kind) = found.label.intents.first().map(|it| class(*it)) else {
            return;
        };
        if found.case.automatic || found.case.said.starts_with("From: ") {
            return;
        }
        let features = features(&own(&found.case.said).text);
        if features.is_empty() {
            return;
        }
        self.own.entry(digest(&features)).or_default().push(kind);
        let counts = self.classes.entry(kind).or_default();
        counts.examples += 1.0;
        counts.total += lossless(features.len());
        for feature in features {
            *counts.by_feature.entry(feature).or_default() += 1.0;
            *self.known.entry(feature).or_default() += 1.0;
        }
    }
}

/// How alike a text is to the examples of each intent.
pub(super) fn likeness(text: &str) -> Likeness {
    let features = features(text);
    let examples = &*EXAMPLES;
    let itself: &[IntentKind] = examples
        .own
        .get(&digest(&features))
        .map_or(&[], Vec::as_slice);
    let copies = lossless(itself.len());
    let seen: Vec<u64> = features
        .iter()
        .copied()
        .filter(|it| examples.known.get(it).is_some_and(|count| *count > copies))
        .collect();
    let vocabulary = lossless(examples.known.len());
    let all: f64 = examples.classes.values().map(|it| it.examples).sum::<f64>() - copies;
    let mut ranked: Vec<(IntentKind, f64)> = Vec::new();
    for (kind, counts) in &examples.classes {
        let mine = lossless(itself.iter().filter(|it| *it == kind).count());
        let total = counts.total - mine * lossless(features.len());
        let prior = (counts.examples - mine) / all;
        if prior <= 0.0 {
            continue;
        }
        let of = |feature: &u64| {
            let count = counts.by_feature.get(feature).copied().unwrap_or(0.0) - mine;
            ((count.max(0.0) + UNSEEN) / (total + UNSEEN * vocabulary)).ln()
        };
        ranked.push((*kind, prior.ln() + seen.iter().map(of).sum::<f64>()));
    }
    let most = ranked.iter().map(|it| it.1).fold(f64::MIN, f64::max);
    let sum: f64 = ranked.iter().map(|it| (it.1 - most).exp()).sum();
    for (_, weight) in &mut ranked {
        *weight = (*weight - most).exp() / sum;
    }
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Likeness { ranked }
}

/// Intents that differ in what they name, and not in how it is said.
fn class(kind: IntentKind) -> IntentKind {
    match kind {
        IntentKind::AcceptTime => IntentKind::Accept,
        kind => kind,
    }
}

fn features(text: &str) -> Features {
    let mut found = Features::new();
    let mut before: Option<&str> = None;
    let words = words(text);
    let mut kept: Vec<&str> = Vec::with_capacity(words.len().min(MOST_WORDS));
    for word in &words {
        let low = word.low.as_str();
        let said = match word.kind {
            Kind::Letters if is_day(low) => "<day>",
            Kind::Letters if is_month(low) => "<month>",
            Kind::Letters => low,
            Kind::Digits => "<number>",
            Kind::Mark if matches!(low, "?" | "!") => low,
            // Clocks and dates are one number.
            Kind::Mark if matches!(low, ":" | "/" | ".") && !word.spaced => continue,
            Kind::Mark | Kind::Opaque | Kind::Line => continue,
        };
        if said == "<number>" && kept.last() == Some(&"<number>") {
            continue;
        }
        kept.push(said);
        if kept.len() == MOST_WORDS {
            break;
        }
    }
    for word in kept {
        found.insert(hash(&word));
        if let Some(before) = before {
            found.insert(hash(&(before, word)));
        }
        before = Some(word);
    }
    found
}

fn is_day(low: &str) -> bool {
    among(
        low,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur \
         thurs fri sat sun mondays tuesdays wednesdays thursdays fridays",
    )
}

fn is_month(low: &str) -> bool {
    among(
        low,
        "january february march april june july august september october november december jan \
         feb mar apr jun jul aug sep sept oct nov dec",
    )
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn digest(features: &Features) -> u64 {
    // Of a set, whatever the order it is walked in.
    features
        .iter()
        .fold(0, |all, it| all.wrapping_add(hash(it)))
}

/// Counts of examples are far below what a float holds.
fn lossless(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_like_others_that_say_the_same() {
        for (text, kind) in [
            (
                "I would be glad to take the slot on Tuesday",
                IntentKind::Accept,
            ),
            (
                "I have decided to take a job at another company, so please close my application",
                IntentKind::Withdraw,
            ),
            (
                "Sadly none of the times you sent are possible for me",
                IntentKind::DeclineAll,
            ),
            ("Who is going to interview me?", IntentKind::Question),
        ] {
            let found = likeness(text);
            assert_eq!(found.best().map(|it| it.0), Some(kind), "{text}: {found:?}");
            let together: f64 = found.ranked.iter().map(|it| it.1).sum();
            assert!((together - 1.0).abs() < 1e-9, "{text}: {together}");
        }
    }

    #[test]
    fn an_example_is_not_counted_for_itself() {
        // One example says it, and the word is in no other.
        let itself = likeness("merci!").of(&[IntentKind::Thanks]);
        let another = likeness("merci").of(&[IntentKind::Thanks]);
        assert!(EXAMPLES.own.contains_key(&digest(&features("merci!"))));
        assert!(itself < another, "{itself} {another}");
    }

    #[test]
    fn a_text_of_nothing_is_like_nothing_in_particular() {
        let found = likeness("");
        assert!(found.best().is_some_and(|it| it.1 < 0.9), "{found:?}");
    }
}
