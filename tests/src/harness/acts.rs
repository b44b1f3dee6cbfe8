//! What people of a test do again and again, and waiting until it is done.

use std::time::Duration;

use anyhow::{Context as _, bail};
use greenroom::client::Client;
use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingState};
use greenroom_protocol::pipeline::{Candidate, CandidateAdd, Job, JobAdd};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Member, MemberAdd, Reference, Role};
use greenroom_protocol::zoom::{ConnectFinish, ConnectStart, Connection, ConnectionQuery};
use url::Url;

use super::PATIENCE;
use crate::sandbox::{self, Decision};

/// Connects a member's Zoom: starts, answers the sandbox's consent page, hands the answer in.
///
/// # Errors
///
/// Where the daemon refuses, or Zoom shows a page of its own.
pub async fn connect_zoom(client: &Client, email: &str) -> anyhow::Result<Connection> {
    let redirect_uri = "http://127.0.0.1:1/callback".to_owned();
    let start = ConnectStart {
        member: Some(email.to_owned()),
        redirect_uri,
    };
    let attempt = client.zoom_connect_start(start).await?;
    let user = &attempt.expected_zoom_user;
    let location = sandbox::consent(&attempt.authorize_url, user, Decision::Allow).await?;
    let finish = finish_of(&attempt.attempt, &location)?;
    Ok(client.zoom_connect_finish(finish).await?)
}

/// What a redirect's address says.
///
/// # Errors
///
/// Where it is no address, or has no state.
pub fn finish_of(
    attempt: &greenroom_protocol::id::AttemptId,
    location: &str,
) -> anyhow::Result<ConnectFinish> {
    let url = Url::parse(location)?;
    let value = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    Ok(ConnectFinish {
        attempt: *attempt,
        state: greenroom_protocol::secret::Opaque::new(value("state").context("a state")?),
        code: value("code").map(greenroom_protocol::secret::Opaque::new),
        error: value("error"),
        error_description: value("error_description"),
    })
}

/// A member with these roles.
///
/// # Errors
///
/// What the daemon refuses.
pub async fn add_member(
    client: &Client,
    name: &str,
    email: &str,
    roles: &[Role],
) -> Result<Member, Error> {
    let member = MemberAdd {
        name: name.into(),
        email: email.into(),
        zoom_email: None,
        zone: None,
        roles: roles.to_vec(),
        hiring_jobs: Vec::new(),
    };
    client.member_add(member).await
}

/// A job with the usual stages.
///
/// # Errors
///
/// What the daemon refuses.
pub async fn add_job(client: &Client, title: &str) -> Result<Job, Error> {
    client
        .job_add(JobAdd {
            title: title.into(),
            stages: Vec::new(),
        })
        .await
}

/// A candidate for a job.
///
/// # Errors
///
/// What the daemon refuses.
pub async fn add_candidate(
    client: &Client,
    name: &str,
    email: &str,
    job: &str,
) -> Result<Candidate, Error> {
    let candidate = CandidateAdd {
        name: name.into(),
        email: email.into(),
        job: Some(job.into()),
        ..CandidateAdd::default()
    };
    client.candidate_add(candidate).await
}

/// A confirmed Zoom interview with a candidate on one's own Zoom, `minutes` from the next full
/// hour.
pub fn zoom_interview(candidate: &str, minutes: i64) -> InterviewNew {
    let hour = Instant::now().second() / 3600 * 3600 + 3600;
    InterviewNew {
        candidate: candidate.into(),
        start: Instant::from_second(hour).plus_minutes(minutes).to_string(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    }
}

/// The interview once its meeting is no longer pending.
///
/// # Errors
///
/// What the daemon refuses, and where it never came to that.
pub async fn settled(client: &Client, id: &str) -> anyhow::Result<Interview> {
    when(client, id, |it| it.meeting.state != MeetingState::Pending).await
}

/// The interview once it is so; waits for the daemon to say that something changed.
///
/// # Errors
///
/// What the daemon refuses, and where it never came to that.
pub async fn when(
    client: &Client,
    id: &str,
    so: impl Fn(&Interview) -> bool,
) -> anyhow::Result<Interview> {
    let until = std::time::Instant::now() + PATIENCE;
    let mut revision = client.hello().revision;
    loop {
        let interview = client.interview_get(Reference::to(id)).await?;
        if so(&interview) {
            return Ok(interview);
        }
        if std::time::Instant::now() > until {
            bail!(
                "it never came to that: {:?} {:?}",
                interview.status,
                interview.meeting
            );
        }
        revision = client
            .changes(revision, Duration::from_secs(5))
            .await?
            .revision;
    }
}

/// A member's connection once it is so; waits for the daemon to say that something changed.
///
/// # Errors
///
/// What the daemon refuses, and where it never came to that.
pub async fn connection_when(
    client: &Client,
    member: &str,
    so: impl Fn(&Connection) -> bool,
) -> anyhow::Result<Connection> {
    let until = std::time::Instant::now() + PATIENCE;
    let mut revision = client.hello().revision;
    loop {
        let member = Some(member.to_owned());
        let connection = client.zoom_status(ConnectionQuery { member }).await?;
        if so(&connection) {
            return Ok(connection);
        }
        if std::time::Instant::now() > until {
            bail!("it never came to that: {connection:?}");
        }
        revision = client
            .changes(revision, Duration::from_secs(5))
            .await?
            .revision;
    }
}
