//! What is asked of the assistant, as a closed form.
//!
//! Invariant: a form holds only what was read from words, each with the words; what was not read is
//! in `unplaced`, and nothing that is unplaced is ever guessed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::interview::MeetingType;
use crate::schedule::Reading;
use crate::time::Instant;

/// What somebody wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestAct {
    /// A meeting with a candidate.
    Schedule,
    /// Another time for a meeting that is booked.
    Reschedule,
    /// A meeting that is booked not to be.
    Cancel,
    /// To know when people are free.
    Free,
    /// To know what is booked.
    Agenda,
    /// To know why a time does not work.
    Why,
    /// To know who waits for an interview.
    Waiting,
    /// A candidate in another stage.
    Move,
    /// To know what can be asked; also where nothing was understood.
    #[default]
    Help,
    /// More about the request before: another length, other people, other times.
    Change,
    /// Yes to what was proposed, or to one of the slots.
    Yes,
    /// The slots sent to the candidate, who chooses.
    AskCandidate,
    /// What was done undone.
    Undo,
    /// Nothing after all.
    Never,
    /// One that this program does not know yet.
    #[serde(other)]
    Other,
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NamedKind {
    /// A candidate.
    Candidate,
    /// A member of the workspace.
    Member,
    /// A job.
    Job,
    /// A stage of a job.
    Stage,
    /// One that this program does not know yet.
    #[serde(other)]
    Other,
}

/// Somebody or something that words may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NamedMatch {
    /// What it is.
    pub kind: NamedKind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A name in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// The words.
    pub words: String,
    /// Whom or what they may mean: one is meant, several are asked about.
    pub matches: Vec<NamedMatch>,
    /// The interview is held without them where they have no time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

impl Named {
    /// The only one that is meant.
    #[must_use]
    pub fn only(&self) -> Option<&NamedMatch> {
        match self.matches.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// Which of several times that work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestPick {
    /// The best by score.
    #[default]
    Best,
    /// The earliest.
    Earliest,
    /// The latest.
    Latest,
}

/// When, as far as one piece of a request says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StatedWhen {
    /// The meeting begins then.
    At {
        /// When.
        start: Instant,
    },
    /// The whole meeting is then.
    Between {
        /// From when on.
        start: Instant,
        /// Until when.
        end: Instant,
    },
    /// The whole meeting is in these hours of these days, by the clock of the form's zone.
    Hours {
        /// Days of the week, Monday is 1; empty: every day.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        days: Vec<u8>,
        /// Minutes since midnight.
        from: u16,
        /// Minutes since midnight, 1440 at most; equal to `from`: it begins just then.
        until: u16,
    },
}

/// A time that a request states: for whom, how firmly, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stated {
    /// The words it was read from.
    pub words: String,
    /// Whose it is, by the ids of those who are meant; empty: everybody's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<String>,
    /// Whether it has to be so; a wish otherwise.
    pub must: bool,
    /// Then it is not to be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
    /// When; one of several is enough.
    pub when: Vec<StatedWhen>,
    /// What was said in one breath: times of one part are alternatives.
    pub part: u16,
}

/// Words that name a time in several ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Doubtful {
    /// The words.
    pub words: String,
    /// What they may mean; empty: they contradict themselves.
    pub readings: Vec<Reading>,
    /// Why none comes first, such as `weekday-differs`.
    pub why: String,
}

/// A request as it was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RequestForm {
    /// What is wanted.
    pub act: RequestAct,
    /// With or about which candidate.
    pub candidate: Option<Named>,
    /// Who else takes part, or is asked about.
    pub people: Vec<Named>,
    /// Other candidates who are named; one request is about one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Named>,
    /// Of whom only a time is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spoken_of: Vec<Named>,
    /// Who does not take part after all.
    pub without: Vec<Named>,
    /// On whose Zoom.
    pub host: Option<Named>,
    /// For which job.
    pub job: Option<Named>,
    /// Of which stage, or to which.
    pub stage: Option<Named>,
    /// How long, in minutes.
    pub minutes: Option<u32>,
    /// By how many minutes a booked meeting moves: later, or earlier if negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift_minutes: Option<i32>,
    /// How people join.
    #[serde(rename = "type")]
    pub kind: Option<MeetingType>,
    /// When.
    pub times: Vec<Stated>,
    /// When the meeting is that is spoken of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<Stated>,
    /// Which of the times that work.
    pub pick: RequestPick,
    /// The slot that a yes names, counted from 1.
    pub option: Option<u8>,
    /// The IANA zone in which hours are meant.
    pub zone: String,
    /// Times that mean several things.
    pub doubtful: Vec<Doubtful>,
    /// The words that were not read and may matter.
    pub unplaced: Vec<String>,
}
