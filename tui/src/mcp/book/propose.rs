//! To propose an interview: judged and shown, nothing written.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card::{Card, Shown, bookable};
use super::desk::{COUNTS_FOR, Desk, Proposal};
use crate::client::Client;
use crate::mcp::read::leaves;

/// What is proposed: a Zoom interview. How people join, who is emailed and what emails say are not
/// for the caller to set.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct Propose {
    /// The candidate: name or id.
    candidate: String,
    /// One time: RFC 3339, or as people write it, such as "thu 10:30".
    start: String,
    /// The job: title or id; the only open application's where absent.
    #[serde(default)]
    job: Option<String>,
    /// 1 to 1440; the stage's where absent.
    #[serde(default)]
    duration_minutes: Option<u32>,
    /// Interviewers: names, addresses or ids of members; where empty the stage's panel, else you.
    #[serde(default)]
    with: Vec<String>,
    /// The member whose Zoom hosts; yours where absent.
    #[serde(default)]
    zoom_user: Option<String>,
    /// The IANA time zone of a start that names none; yours where absent.
    #[serde(default)]
    zone: Option<String>,
}

#[derive(Debug, Serialize)]
struct Proposed {
    booked: bool,
    card: Card,
    token: String,
    token_counts_for_seconds: u64,
    next: &'static str,
}

const NEXT: &str = "Nothing is booked. Show the card to the person; call interview_confirm with the token only after \
    they have said yes.";

/// Judges an interview, and returns a card with a token.
///
/// # Errors
/// What the daemon refuses, and `conflict` for a time that can't be booked.
pub(in crate::mcp) async fn propose(
    client: &Client,
    asked: Propose,
    desk: &Desk,
) -> Result<Value, Error> {
    let form = InterviewNew {
        candidate: asked.candidate,
        job: asked.job,
        kind: MeetingType::Zoom,
        start: asked.start,
        zone: asked.zone,
        duration_minutes: asked.duration_minutes,
        with: asked.with,
        zoom_user: asked.zoom_user,
        confirm: true,
        dry_run: true,
        ..InterviewNew::default()
    };
    let judged = client.interview_new(form.clone()).await?;
    bookable(&judged)?;
    let shown = Shown::of(&judged);
    // The moment and the people as they were found: a name or "tomorrow" may mean another later.
    let form = InterviewNew {
        candidate: judged.interview.candidate.id.to_string(),
        start: judged.interview.start.to_string(),
        zone: Some(judged.interview.zone.clone()),
        start_shown: shown.start,
        ..form
    };
    let card = Card::of(&judged);
    let token = desk.keep(Proposal { form, shown }, std::time::Instant::now())?;
    leaves(Proposed {
        booked: false,
        card,
        token,
        token_counts_for_seconds: COUNTS_FOR.as_secs(),
        next: NEXT,
    })
}
