//! For whom a time is said, how firmly, and whether it is ruled out.
//!
//! Owns the walk over a request: each stretch of words is one breath, in which what is said holds
//! for the times of it. Must not know what a time is.

use std::ops::Range;

use greenroom_protocol::conversation::{NamedKind, Stated, StatedWhen};

use super::moments::{Moment, Side};
use super::names::Called;
use super::tokens::{Token, longest};
use super::words;

/// What holds for the times of one breath.
#[derive(Debug, Clone, Default)]
struct Scope {
    not: bool,
    /// The day or hour is kept by something else, as in "busy until 11".
    kept: bool,
    rather: bool,
    leaves: bool,
    back: bool,
    who: Vec<String>,
    part: u16,
    /// It has times already.
    used: bool,
}

/// What the walk comes to.
pub(super) struct Walked {
    pub stated: Vec<Stated>,
    /// Names that only say whose a time is, by their places among the names.
    pub subjects: Vec<usize>,
    /// Moments of which nothing is said, by their places.
    pub passed: Vec<usize>,
    /// Tokens that were read for it.
    pub read: Vec<Range<usize>>,
}

pub(super) struct Walk<'a> {
    pub tokens: &'a [Token],
    pub names: &'a [Called],
    pub moments: &'a [Moment],
}

impl Walk<'_> {
    fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |it| it.low.as_str())
    }

    fn name_at(&self, at: usize) -> Option<usize> {
        self.names.iter().position(|it| it.tokens.start == at)
    }

    fn moment_at(&self, at: usize) -> Option<usize> {
        self.moments.iter().position(|it| it.tokens.start == at)
    }

    /// Whether a time follows, with nothing between but words that may stand before one.
    fn time_follows(&self, mut at: usize) -> bool {
        for _ in 0..4 {
            if self.moment_at(at).is_some() {
                return true;
            }
            if !words::BEFORE_TIME.contains(&self.low(at)) {
                return false;
            }
            at += 1;
        }
        false
    }

    /// The names from `at` on that are spoken of, and where what is said of them begins.
    fn subjects(&self, at: usize) -> Option<(Vec<usize>, usize)> {
        let mut all = Vec::new();
        let mut at = at;
        let mut last_comma = false;
        loop {
            let name = self.name_at(at)?;
            all.push(name);
            at = self.names[name].tokens.end;
            let joined = match self.low(at) {
                "and" | "or" | "&" | "," => at + 1,
                _ => break,
            };
            let and = self.low(joined) == "and";
            let comma = self.low(at) == "," && !and;
            let joined = joined + usize::from(and);
            match self.name_at(joined) {
                Some(_) => at = joined,
                None => break,
            }
            last_comma = comma;
        }
        // "with Kofi, Lena can't": a list ends with an "and".
        if last_comma {
            return None;
        }
        let own = all.last().is_some_and(|it| self.names[*it].own);
        let mut next = at;
        let time = [
            "calendar", "diary", "schedule", "day", "days", "week", "agenda",
        ];
        let of_time = own && time.contains(&self.low(next));
        next += usize::from(of_time);
        let own = own && !of_time;
        while words::BETWEEN.contains(&self.low(next)) {
            next += 1;
        }
        let says = words::SAYS_OF.contains(&self.low(next));
        // "Sam's out", but not "Sam's interview".
        let is_said = says && (!own || !matches!(self.low(next), "will" | "is"));
        (is_said || (own && says)).then_some((all, at))
    }

    fn ids(&self, names: &[usize]) -> Vec<String> {
        let mut ids = Vec::new();
        for name in names {
            let people = self.names[*name].matches.iter();
            let people =
                people.filter(|it| matches!(it.kind, NamedKind::Member | NamedKind::Candidate));
            ids.extend(people.map(|it| it.id.clone()));
        }
        ids
    }

    pub(super) fn walk(&self) -> Walked {
        let mut out = Walked {
            stated: Vec::new(),
            subjects: Vec::new(),
            passed: Vec::new(),
            read: Vec::new(),
        };
        let mut scope = Scope::default();
        let mut last_person: Option<usize> = None;
        let mut breath: Vec<usize> = Vec::new();
        let mut at = 0;
        let mut after_time = false;
        while at < self.tokens.len() {
            if let Some(first) = self.moment_at(at) {
                // Those of one list have their words in common.
                let mut end = self.moments[first].tokens.end;
                for moment in &self.moments[first..] {
                    if moment.tokens.start >= end {
                        break;
                    }
                    end = end.max(moment.tokens.end);
                    // "Better than Wednesday" says nothing of Wednesday.
                    let compared = at.checked_sub(1).is_some_and(|it| self.low(it) == "than");
                    if compared && moment.side == Side::Whole {
                        out.passed.push(first);
                        continue;
                    }
                    breath.push(out.stated.len());
                    out.stated.push(stated(moment, &scope));
                }
                at = end;
                scope.used = true;
                after_time = true;
                continue;
            }
            if let Some(words) = self.after(at).filter(|_| scope.used) {
                self.look_back(at, words, &breath, &mut out);
                at += words;
                after_time = false;
                continue;
            }
            if let Some((names, next)) = self.subjects(at) {
                if scope.used {
                    scope = next_scope(&scope);
                    breath.clear();
                }
                scope.who = self.ids(&names);
                (scope.not, scope.rather) = (false, false);
                (scope.kept, scope.leaves, scope.back) = (false, false, false);
                last_person = names.last().copied();
                out.subjects.extend(names);
                at = next;
                after_time = false;
                continue;
            }
            if let Some(name) = self.name_at(at) {
                last_person = Some(name);
                at = self.names[name].tokens.end;
                after_time = false;
                if !scope.used {
                    scope.who.clear();
                }
                continue;
            }
            if self.ends(at, after_time) {
                let who = match self.tokens[at].low.as_str() {
                    "," | "and" | "or" => scope.who.clone(),
                    _ => Vec::new(),
                };
                scope = next_scope(&scope);
                scope.who = who;
                breath.clear();
            }
            at += self.word(at, &mut scope, last_person, &mut out);
            if !matches!(
                self.low(at.saturating_sub(1)),
                "," | "and" | "or" | "on" | "the"
            ) {
                after_time = false;
            }
        }
        out
    }

    /// Whether a breath ends at a word or mark.
    fn ends(&self, at: usize, after_time: bool) -> bool {
        let goes_on = || after_time && self.time_follows(at + 1);
        match self.low(at) {
            "." | ";" | "!" | "?" | "\u{2014}" | "(" | ")" | ":" => true,
            "but" | "however" | "though" | "although" | "unless" => true,
            "," | "and" | "or" | "-" | "\u{2013}" => !goes_on(),
            word if after_time => {
                words::NOT.contains(&word)
                    || longest(self.tokens, at, &words::NOT_PHRASES).is_some()
                    || words::RATHER.contains(&word)
                    || longest(self.tokens, at, &words::RATHER_PHRASES).is_some()
            }
            _ => false,
        }
    }

    /// Takes a word into the scope; how many tokens were taken.
    fn word(
        &self,
        at: usize,
        scope: &mut Scope,
        last_person: Option<usize>,
        out: &mut Walked,
    ) -> usize {
        let low = self.low(at);
        if let Some(words) = longest(self.tokens, at, &words::RATHER_PHRASES) {
            scope.rather = true;
            scope.not |= ["doesn't like", "don't like", "better not", "not keen on"]
                .iter()
                .any(|it| super::tokens::says(self.tokens, at, it));
            out.read.push(at..at + words);
            return words;
        }
        if let Some(words) = longest(self.tokens, at, &words::NOT_PHRASES) {
            scope.not = true;
            scope.kept = true;
            out.read.push(at..at + words);
            return words;
        }
        if let Some(words) = longest(self.tokens, at, &words::LEAVES) {
            scope.leaves = true;
            return words;
        }
        if let Some(words) = longest(self.tokens, at, &words::BACK) {
            scope.back = true;
            return words;
        }
        if matches!(low, "he" | "she" | "they")
            && words::SAYS_OF.contains(&self.low(at + 1))
            && let Some(person) = last_person
        {
            scope.who = self.ids(&[person]);
            return 1;
        }
        let relates = matches!(self.low(at + 1), "later" | "earlier");
        if matches!(low, "no" | "not") && relates {
            return 1;
        }
        if words::NOT.contains(&low) {
            scope.not = true;
            scope.kept |= matches!(
                low,
                "packed"
                    | "full"
                    | "swamped"
                    | "slammed"
                    | "jammed"
                    | "busy"
                    | "unavailable"
                    | "travelling"
                    | "traveling"
                    | "travels"
                    | "holiday"
                    | "vacation"
                    | "blocked"
                    | "occupied"
                    | "ill"
                    | "sick"
                    | "flying"
                    | "pto"
            );
        }
        if low == "no" && self.time_follows(at + 1) {
            scope.not = true;
        }
        let before = at.checked_sub(1).map_or("", |it| self.low(it));
        let own = at.checked_sub(1).is_some_and(|it| self.tokens[it].own);
        let is_state = matches!(before, "is" | "are" | "am" | "be" | "i" | "he" | "she") || own;
        let away = match low {
            "away" => !matches!(before, "right" | "straight"),
            "out" | "off" => is_state || (self.name_at_end(at) && self.time_follows(at + 1)),
            "booked" => is_state && !scope.who.is_empty(),
            _ => false,
        };
        if away {
            scope.not = true;
            scope.kept = true;
        }
        if words::RATHER.contains(&low) {
            scope.rather = true;
        }
        1
    }

    fn name_at_end(&self, at: usize) -> bool {
        self.names.iter().any(|it| it.tokens.end == at)
    }

    /// How many words stand at a place that say something of the times before it.
    fn after(&self, at: usize) -> Option<usize> {
        longest(self.tokens, at, &words::NOT_AFTER)
            .or_else(|| longest(self.tokens, at, &words::RATHER_AFTER))
    }

    /// Applies what follows times to them.
    fn look_back(&self, at: usize, words: usize, breath: &[usize], out: &mut Walked) {
        let is_not = longest(self.tokens, at, &words::NOT_AFTER).is_some();
        let is_soft_not = ["not ideal", "not great"]
            .iter()
            .any(|it| super::tokens::says(self.tokens, at, it));
        let mut who = Vec::new();
        if self.low(at + words) == "for"
            && let Some(name) = self.name_at(at + words + 1)
        {
            who = self.ids(&[name]);
            out.subjects.push(name);
        }
        for place in breath {
            let stated = &mut out.stated[*place];
            stated.not |= is_not || is_soft_not;
            stated.must &= is_not;
            if !who.is_empty() {
                stated.who.clone_from(&who);
            }
        }
        out.read.push(at..at + words);
    }
}

fn next_scope(scope: &Scope) -> Scope {
    Scope {
        part: scope.part + 1,
        ..Scope::default()
    }
}

fn stated(moment: &Moment, scope: &Scope) -> Stated {
    let relative = scope.leaves || scope.back;
    let mut when = match &moment.hours {
        Some(hours) if relative => hours.clone(),
        _ => moment.when.clone(),
    };
    let mut not = scope.not;
    let starts = moment.words.to_lowercase();
    let until = ["until", "till", "til"]
        .iter()
        .any(|it| starts.starts_with(it));
    if not && !scope.kept && until && moment.side == Side::From {
        // "Not until Wednesday" is from then on.
        not = false;
    } else if moment.side == Side::Whole && scope.leaves && !not {
        when = opened(&when, Side::Until);
    } else if moment.side == Side::Whole && scope.back && !not {
        when = opened(&when, Side::From);
    }
    Stated {
        words: moment.words.clone(),
        who: scope.who.clone(),
        must: !scope.rather,
        not,
        when: vec![when],
        part: scope.part,
    }
}

/// As far as a search goes, in minutes.
const FAR: i64 = 62 * 24 * 60;

/// A start, or a day, as what is open on one side.
fn opened(when: &StatedWhen, side: Side) -> StatedWhen {
    match (when, side) {
        (StatedWhen::Hours { days, from, until }, Side::Until) if from == until => {
            StatedWhen::Hours {
                days: days.clone(),
                from: 0,
                until: *from,
            }
        }
        (StatedWhen::Hours { days, from, .. }, Side::From) => StatedWhen::Hours {
            days: days.clone(),
            from: *from,
            until: 1440,
        },
        (StatedWhen::At { start }, Side::Until) => StatedWhen::Between {
            start: start.plus_minutes(-24 * 60),
            end: *start,
        },
        (StatedWhen::At { start }, Side::From) => StatedWhen::Between {
            start: *start,
            end: start.plus_minutes(FAR),
        },
        (StatedWhen::Between { start, .. }, Side::From) => StatedWhen::Between {
            start: *start,
            end: start.plus_minutes(FAR),
        },
        (when, _) => when.clone(),
    }
}
