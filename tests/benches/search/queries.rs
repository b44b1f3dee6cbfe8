//! What people type, letter by letter, and what is hard: single letters, what everybody has,
//! several words at once, and all of it again for a caller who may see only some jobs or some
//! people.

use std::collections::HashSet;
use std::fmt;

use greenroom_protocol::id::JobId;
use greenroomd::index::{Search, States, Visible};

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

/// A search and whom it is for.
pub struct Query {
    pub text: String,
    job: Option<JobId>,
    visible: Visible,
    whose: &'static str,
}

impl Query {
    /// `text` over everybody.
    pub fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            job: None,
            visible: Visible::All,
            whose: "of a recruiter",
        }
    }

    pub fn search(&self) -> Search<'_> {
        Search {
            text: &self.text,
            job: self.job,
            stage: None,
            states: States::Current,
            visible: &self.visible,
        }
    }

    /// Whether it is over everybody.
    pub fn is_plain(&self) -> bool {
        self.job.is_none() && self.visible == Visible::All
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} {}", self.text, self.whose)
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
        for text in texts() {
            let visible = visible.clone();
            queries.push(Query {
                text,
                job,
                visible,
                whose,
            });
        }
    }
    queries
}

/// Every text, letter by letter.
pub fn texts() -> Vec<String> {
    let mut texts = vec![String::new()];
    texts.extend(('a'..='z').map(String::from));
    texts.extend(('0'..='9').map(String::from));
    for whole in TYPED {
        let ends = whole.char_indices().map(|(at, c)| at + c.len_utf8());
        texts.extend(ends.map(|end| whole[..end].to_owned()));
    }
    texts.extend(HARD.map(String::from));
    texts
}
