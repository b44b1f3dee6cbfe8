//! What people type, letter by letter, and what is hard: single letters, what everybody has,
//! several words at once, and all of it again for a caller who may see only some jobs or some
//! people; the same with what nearly matches, beside words with typing errors, initials and words
//! that nobody has; and every order of a list.

use std::collections::HashSet;
use std::fmt;

use greenroom_protocol::time::Instant;
use greenroomd::index::{Filter, Search, Sort, States, Visible};

use crate::crowd::Crowd;

const TYPED: [&str; 14] = [
    "priya nair",
    "maria garcía",
    "o'brien",
    "lukasz",
    "backend engineer",
    "phone screen",
    "wen zhang onsite",
    "nair_77@mail.example",
    "müller-1",
    "山田 太郎",
    "김 지훈",
    "nobodyhasthisname",
    "engineer applied an",
    "hired data",
];

const HARD: [&str; 16] = [
    "an",
    "ma",
    "er",
    "ana",
    "ann",
    "son",
    "mar",
    "@",
    "@mail",
    "@mail.example",
    "example",
    "anna",
    "ana mar son",
    "a e i o n",
    "engineer a",
    "mail an",
];

/// With errors in them, by initials, or of nobody.
const MISTYPED: [&str; 12] = [
    "prija nair",
    "ramanthan",
    "hernadnez",
    "wisniewki onsite",
    "lukazs kowlaski",
    "shevhcenko",
    "pn",
    "a.b.",
    "jmo",
    "backedn enginer",
    "zzyzx",
    "qwertz uiopas dfghjk",
];

/// What is measured apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What matches exactly.
    Exact,
    /// What nearly matches too.
    Fuzzy,
    /// Lists in other orders than by name.
    Sorted,
}

/// A search and whom it is for.
pub struct Query {
    pub text: String,
    pub kind: Kind,
    sort: Sort,
    filter: Filter,
    visible: Visible,
    whose: &'static str,
}

impl Query {
    /// `text` over everybody.
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            kind: Kind::Exact,
            sort: Sort::Name,
            filter: Filter::default(),
            visible: Visible::All,
            whose: "of a recruiter",
        }
    }

    pub fn search(&self) -> Search<'_> {
        Search {
            fuzzy: self.kind == Kind::Fuzzy,
            sort: self.sort,
            filter: Filter {
                states: States::Current,
                ..self.filter.clone()
            },
            ..Search::new(&self.text, &self.visible)
        }
    }

    /// Whether it is over everybody.
    pub fn is_plain(&self) -> bool {
        self.kind == Kind::Exact && self.filter == Filter::default() && self.visible == Visible::All
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, sort) = (self.kind, self.sort);
        write!(out, "{:?} {}, {kind:?} by {sort:?}", self.text, self.whose)
    }
}

/// Every text for every kind of caller.
pub fn all(crowd: &Crowd) -> Vec<Query> {
    let two_jobs: HashSet<_> = crowd.jobs.iter().take(2).copied().collect();
    let own: HashSet<_> = crowd
        .candidates
        .iter()
        .step_by(crowd.count() / 300 + 1)
        .copied()
        .collect();
    let callers = [
        ("of a recruiter", None, Visible::All),
        (
            "of a recruiter, in one job",
            Some(crowd.jobs[0]),
            Visible::All,
        ),
        (
            "of a hiring manager",
            None,
            Visible::JobsOr(two_jobs, own.clone()),
        ),
        ("of an interviewer", None, Visible::Only(own)),
    ];
    let mut queries = Vec::new();
    for (whose, job, visible) in callers {
        let of_job = Filter {
            jobs: job.into_iter().collect(),
            ..Filter::default()
        };
        let query = |kind, text, sort, filter: &Filter| Query {
            text,
            kind,
            sort,
            filter: filter.clone(),
            visible: visible.clone(),
            whose,
        };
        for text in texts() {
            queries.push(query(Kind::Exact, text.clone(), Sort::Name, &of_job));
            queries.push(query(Kind::Fuzzy, text, Sort::Name, &of_job));
        }
        for whole in MISTYPED {
            for text in letter_by_letter(whole) {
                queries.push(query(Kind::Fuzzy, text, Sort::Name, &of_job));
            }
        }
        let old = Filter {
            since_before: Some(Instant::from_second(1_789_990_000)),
            without_interview_from: Some(Instant::from_second(0)),
            ..of_job.clone()
        };
        let far = Filter {
            zones: vec!["America".to_owned()],
            ..of_job.clone()
        };
        for sort in [Sort::Name, Sort::Stage, Sort::Since, Sort::Added] {
            for text in ["", "a", "an", "priya", "engineer a"] {
                for filter in [&of_job, &old, &far] {
                    queries.push(query(Kind::Sorted, text.to_owned(), sort, filter));
                }
            }
        }
    }
    queries
}

/// Every text, letter by letter.
pub fn texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    texts.extend(('a'..='z').map(String::from));
    texts.extend(('0'..='9').map(String::from));
    texts.extend(TYPED.into_iter().flat_map(letter_by_letter));
    texts.extend(HARD.map(String::from));
    texts
}

fn letter_by_letter(whole: &'static str) -> impl Iterator<Item = String> {
    let ends = whole.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.map(|end| whole[..end].to_owned())
}
