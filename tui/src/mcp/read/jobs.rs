//! Jobs and their stages.

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, StageId};
use greenroom_protocol::pipeline::Job;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::leaves;
use crate::client::Client;
use crate::mcp::arguments::rows;
use crate::mcp::untrusted::line;

/// The most stages of one job that leave.
const MOST_STAGES: usize = 50;

/// Which jobs.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct JobList {
    /// Jobs at most, 1 to 50; 20 where absent.
    #[serde(default)]
    limit: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize)]
struct Jobs {
    jobs: Vec<JobRow>,
    total: usize,
    next: Option<JobId>,
}

#[derive(Debug, Serialize)]
struct JobRow {
    id: JobId,
    title: String,
    open: bool,
    candidates: u32,
    stages: Vec<StageRow>,
}

#[derive(Debug, Serialize)]
struct StageRow {
    id: StageId,
    name: String,
    candidates: u32,
    duration_minutes: u32,
    /// The assistant arranges its interviews.
    ai_scheduling: bool,
}

impl From<&Job> for JobRow {
    fn from(job: &Job) -> Self {
        let stages = job.stages.iter().take(MOST_STAGES).map(|stage| StageRow {
            id: stage.id,
            name: line(&stage.name),
            candidates: stage.candidates,
            duration_minutes: stage.interview.duration_minutes,
            ai_scheduling: stage.interview.ai,
        });
        Self {
            id: job.id,
            title: line(&job.title),
            open: job.open,
            candidates: job.candidates,
            stages: stages.collect(),
        }
    }
}

/// A page of the jobs; the cursor is the last job of the page before.
///
/// # Errors
/// `usage` for a cursor of no page, and what the daemon answered.
pub(in crate::mcp) async fn job_list(client: &Client, asked: JobList) -> Result<Value, Error> {
    let rows = rows(asked.limit)? as usize;
    let jobs = client.job_list().await?.items;
    let from = match asked.cursor.as_deref() {
        None => 0,
        Some(cursor) => {
            let place = jobs.iter().position(|job| job.id.to_string() == cursor);
            let place = place.ok_or_else(|| {
                Error::usage("That cursor isn't valid. Start again without one").field("cursor")
            })?;
            place + 1
        }
    };
    let page = &jobs[from..jobs.len().min(from + rows)];
    let more = from + page.len() < jobs.len();
    leaves(Jobs {
        jobs: page.iter().map(JobRow::from).collect(),
        total: jobs.len(),
        next: page.last().map(|job| job.id).filter(|_| more),
    })
}
