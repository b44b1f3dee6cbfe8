//! The tools that only read, one file a group.
//!
//! Owns which fields of a record leave. Each view is written out: a field that the daemon adds does
//! not leave before somebody has thought about it here.

mod candidates;
mod interviews;
mod jobs;
mod me;
mod shown;
mod times;

use greenroom_protocol::Error;
use serde::Serialize;
use serde_json::Value;

pub(super) use self::candidates::{CandidateList, CandidateShow, candidate_list, candidate_show};
pub(super) use self::interviews::{
    InterviewBrief, InterviewList, InterviewShow, interview_list, interview_show,
};
pub(super) use self::jobs::{JobList, job_list};
pub(super) use self::me::{WhoAmI, who_am_i};
pub(super) use self::shown::{Found, Person, When};
pub(super) use self::times::{Explain, Slots, explain, slots};

/// A view as it leaves.
pub(super) fn leaves(view: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(view)
        .map_err(|error| Error::failed(format!("Couldn't write the answer: {error}")))
}
