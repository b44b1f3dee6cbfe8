//! Candidates: a list and one of them.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId};
use greenroom_protocol::interview::Interview;
use greenroom_protocol::pipeline::{
    Application, ApplicationState, CandidateQuery, CandidateRow as Row,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{InterviewBrief, leaves};
use crate::client::Client;
use crate::mcp::arguments::rows;
use crate::mcp::untrusted::{Untrusted, line};

/// The most applications, interviews and remarks of one candidate that leave.
const MOST: usize = 20;

/// Which candidates.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct CandidateList {
    /// Words of the name, job or stage; each must occur.
    #[serde(default)]
    text: Option<String>,
    /// Only this job's: title or id.
    #[serde(default)]
    job: Option<String>,
    /// Only this stage's: name or id.
    #[serde(default)]
    stage: Option<String>,
    /// Only applications that stand so; active ones where empty.
    #[serde(default)]
    states: Vec<ApplicationState>,
    /// Only those without an upcoming interview.
    #[serde(default)]
    without_interview: bool,
    /// Candidates at most, 1 to 50; 20 where absent.
    #[serde(default)]
    limit: Option<u32>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Which candidate.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct CandidateShow {
    /// Name or id.
    candidate: String,
}

#[derive(Debug, Serialize)]
struct Candidates {
    candidates: Vec<CandidateRow>,
    total: u64,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct CandidateRow {
    id: CandidateId,
    name: Untrusted,
    zone: Option<String>,
    application: Option<ApplicationRow>,
    applications: u32,
}

#[derive(Debug, Serialize)]
struct ApplicationRow {
    id: ApplicationId,
    job: JobId,
    job_title: String,
    stage: StageId,
    stage_name: String,
    since: Instant,
    state: ApplicationState,
}

#[derive(Debug, Serialize)]
struct OneCandidate {
    id: CandidateId,
    name: Untrusted,
    zone: Option<String>,
    source: Option<Untrusted>,
    added_at: Instant,
    applications: Vec<OneApplication>,
    interviews: Vec<InterviewBrief>,
    warnings: Vec<Untrusted>,
}

#[derive(Debug, Serialize)]
struct OneApplication {
    #[serde(flatten)]
    row: ApplicationRow,
    stages: Vec<String>,
}

impl From<&Row> for CandidateRow {
    fn from(row: &Row) -> Self {
        let application = row.application.as_ref().map(|it| ApplicationRow {
            id: it.id,
            job: it.job,
            job_title: line(&it.job_title),
            stage: it.stage,
            stage_name: line(&it.stage_name),
            since: it.since,
            state: it.state,
        });
        Self {
            id: row.id,
            name: Untrusted::new(&row.name),
            zone: row.zone.as_deref().map(line),
            application,
            applications: row.applications,
        }
    }
}

impl From<&Application> for OneApplication {
    fn from(it: &Application) -> Self {
        let row = ApplicationRow {
            id: it.id,
            job: it.job,
            job_title: line(&it.job_title),
            stage: it.stage,
            stage_name: line(&it.stage_name),
            since: it.since,
            state: it.state,
        };
        let stages = it.stages.iter().map(|name| line(name));
        Self {
            row,
            stages: stages.take(MOST).collect(),
        }
    }
}

/// A page of candidates, by name.
///
/// # Errors
/// What the daemon answered, and `usage`.
pub(in crate::mcp) async fn candidate_list(
    client: &Client,
    asked: CandidateList,
) -> Result<Value, Error> {
    let query = CandidateQuery {
        text: asked.text.unwrap_or_default(),
        job: asked.job,
        stage: asked.stage,
        states: asked.states,
        no_interview: asked.without_interview,
        limit: Some(rows(asked.limit)?),
        cursor: asked.cursor,
        ..CandidateQuery::default()
    };
    let page = client.candidate_list(query).await?;
    leaves(Candidates {
        candidates: page.items.iter().map(CandidateRow::from).collect(),
        total: page.total,
        next: page.next,
    })
}

/// One candidate.
///
/// # Errors
/// What the daemon answered.
pub(in crate::mcp) async fn candidate_show(
    client: &Client,
    asked: CandidateShow,
) -> Result<Value, Error> {
    let reference = Reference::to(asked.candidate);
    let it = client.candidate_get(reference).await?;
    let interviews = it.interviews.iter().take(MOST);
    let interviews: Vec<&Interview> = interviews.collect();
    leaves(OneCandidate {
        id: it.id,
        name: Untrusted::new(&it.name),
        zone: it.zone.as_deref().map(line),
        source: it.source.as_deref().map(Untrusted::new),
        added_at: it.added_at,
        applications: it.applications.iter().take(MOST).map(Into::into).collect(),
        interviews: interviews.into_iter().map(Into::into).collect(),
        warnings: it
            .warnings
            .iter()
            .take(MOST)
            .map(|it| Untrusted::new(it))
            .collect(),
    })
}
