//! What the assistant's scheduling comes to, in figures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{JobId, StageId};
use crate::time::Instant;

/// What the assistant would have done about an answer, where it only watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "act", rename_all = "kebab-case")]
pub enum Would {
    /// Book the time of this number.
    Book {
        /// Its number, from 1.
        n: u8,
    },
    /// Ask which time they mean.
    Ask,
    /// Send other times.
    Others,
    /// Wait.
    Wait,
    /// Leave it to a person.
    Person,
    /// One that this program does not know yet.
    #[serde(other)]
    Unknown,
}

/// How often what the assistant would have done compares so with what people did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ShadowFigures {
    /// The same.
    pub same: u32,
    /// Something else.
    pub wrong: u32,
    /// It would have asked the candidate.
    pub asked: u32,
    /// It would have left it to a person, or waited.
    pub left: u32,
}

impl ShadowFigures {
    /// How many answers were compared.
    #[must_use]
    pub fn total(self) -> u32 {
        self.same + self.wrong + self.asked + self.left
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            same: self.same.saturating_add(other.same),
            wrong: self.wrong.saturating_add(other.wrong),
            asked: self.asked.saturating_add(other.asked),
            left: self.left.saturating_add(other.left),
        }
    }

    /// This without a part of it.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        Self {
            same: self.same.saturating_sub(part.same),
            wrong: self.wrong.saturating_sub(part.wrong),
            asked: self.asked.saturating_sub(part.asked),
            left: self.left.saturating_sub(part.left),
        }
    }
}

/// Which outreaches of the assistant's are counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SchedulingQuery {
    /// Only for this job, by reference.
    #[serde(default)]
    pub job: Option<String>,
    /// Only those started since then; `None`: in the last 90 days.
    #[serde(default)]
    pub since: Option<Instant>,
}

/// What the assistant's scheduling came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SchedulingReport {
    /// From.
    pub since: Instant,
    /// Until.
    pub until: Instant,
    /// All of them.
    pub total: SchedulingFigures,
    /// Each stage with at least one, by job and place.
    pub stages: Vec<StageScheduling>,
    /// There are more than are counted in one report: only the newest are.
    pub cut: bool,
}

/// What it came to in a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageScheduling {
    /// The stage's job.
    pub job: JobId,
    /// The job's title.
    pub job_title: String,
    /// The stage.
    pub stage: StageId,
    /// Its name.
    pub stage_name: String,
    /// The figures.
    pub figures: SchedulingFigures,
}

/// The figures of outreaches that the assistant arranges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SchedulingFigures {
    /// Started.
    pub started: u32,
    /// Booked.
    pub booked: u32,
    /// Hours from entering the stage to the booking, of half of those that are booked at most.
    pub median_hours: Option<f64>,
    /// Emails about times that left for candidates, for each that is booked. The goal is at most 3.
    pub emails_per_booking: Option<f64>,
    /// Those that a person had to see to, or did something about.
    pub touched: u32,
    /// Of those that are booked or were touched, how many were touched, in percent. The goal is at
    /// most 20.
    pub touched_percent: Option<f64>,
    /// Those that wait for the assistant or the candidate.
    pub waiting: u32,
    /// Those that wait for a person.
    pub needs_person: u32,
    /// Those that ended without a booking.
    pub ended: u32,
    /// How often booked interviews were moved.
    pub reschedules: u32,
    /// Bookings that were undone before anybody was emailed.
    pub undone: u32,
    /// What the assistant would have done, where it only watches.
    pub shadow: ShadowFigures,
}

impl SchedulingFigures {
    /// Emails a booking, at most.
    pub const MOST_EMAILS: f64 = 3.0;

    /// Touched by a person, in percent, at most.
    pub const MOST_TOUCHED: f64 = 20.0;
}
