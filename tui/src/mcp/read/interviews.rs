//! Interviews: a list and one of them.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{
    Attendee, AttendeeRole, AttendeeState, Interview, InterviewQuery, InterviewStatus,
    MeetingState, MeetingType, RescheduleAsk,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shown::Candidate;
use super::{Found, Person, When, leaves};
use crate::client::Client;
use crate::mcp::arguments::{maybe_moment, rows};
use crate::mcp::untrusted::{Untrusted, line};

/// The most people and remarks of one interview that leave.
const MOST: usize = 30;

/// Which interviews.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct InterviewList {
    /// Starting at or after: a day or a time, such as 2026-12-01; now where both are absent.
    #[serde(default)]
    from: Option<String>,
    /// Starting before.
    #[serde(default)]
    to: Option<String>,
    /// Only this candidate's: name or id.
    #[serde(default)]
    candidate: Option<String>,
    /// Only those this member takes part in: name, address or id.
    #[serde(default)]
    member: Option<String>,
    /// Only those that stand so; all where empty.
    #[serde(default)]
    status: Vec<InterviewStatus>,
    /// Interviews at most, 1 to 50; 20 where absent.
    #[serde(default)]
    limit: Option<u32>,
    /// `next` of the page before; give the other arguments as they were, `from` with them.
    #[serde(default)]
    cursor: Option<String>,
}

/// Which interview.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct InterviewShow {
    /// Its id.
    interview: String,
}

#[derive(Debug, Serialize)]
struct Interviews {
    interviews: Vec<InterviewBrief>,
    total: u64,
    next: Option<String>,
    /// What `from` was taken for, to ask for the next page.
    from: Option<Instant>,
}

/// An interview in a line. How to join is not in it: who has the link is in the meeting.
#[derive(Debug, Clone, Serialize)]
pub(in crate::mcp) struct InterviewBrief {
    id: InterviewId,
    status: InterviewStatus,
    when: When,
    duration_minutes: u32,
    candidate: Candidate,
    job_title: String,
    stage_name: String,
    organizer: Person,
    interviewers: Vec<Person>,
    meeting: Meeting,
}

#[derive(Debug, Clone, Serialize)]
struct Meeting {
    #[serde(rename = "type")]
    kind: MeetingType,
    state: MeetingState,
    host: Option<String>,
}

#[derive(Debug, Serialize)]
struct OneInterview {
    #[serde(flatten)]
    brief: InterviewBrief,
    invited: Vec<Invited>,
    asks_for_another_time: Vec<Ask>,
    warnings: Vec<Found>,
    /// The meeting at Zoom is not as it was booked.
    out_of_sync: bool,
}

#[derive(Debug, Serialize)]
struct Invited {
    role: AttendeeRole,
    name: Untrusted,
    state: AttendeeState,
}

#[derive(Debug, Serialize)]
struct Ask {
    by: Untrusted,
    start: Option<Instant>,
    comment: Option<Untrusted>,
}

impl From<&Interview> for InterviewBrief {
    fn from(it: &Interview) -> Self {
        let end = it.start.plus_minutes(i64::from(it.duration_minutes));
        Self {
            id: it.id,
            status: it.status,
            when: When::new(it.start, end, &it.zone),
            duration_minutes: it.duration_minutes,
            candidate: Candidate::from(&it.candidate),
            job_title: line(&it.job_title),
            stage_name: line(&it.stage_name),
            organizer: Person::from(&it.organizer),
            interviewers: it
                .interviewers
                .iter()
                .take(MOST)
                .map(Person::from)
                .collect(),
            meeting: Meeting {
                kind: it.meeting.kind,
                state: it.meeting.state,
                host: it.host.as_ref().map(|host| line(&host.name)),
            },
        }
    }
}

impl From<&Attendee> for Invited {
    fn from(it: &Attendee) -> Self {
        Self {
            role: it.role,
            name: Untrusted::new(&it.name),
            state: it.state,
        }
    }
}

impl From<&RescheduleAsk> for Ask {
    fn from(it: &RescheduleAsk) -> Self {
        Self {
            by: Untrusted::new(&it.name),
            start: it.start,
            comment: it.comment.as_deref().map(Untrusted::new),
        }
    }
}

/// A page of interviews.
///
/// # Errors
/// What the daemon answered, and `usage`.
pub(in crate::mcp) async fn interview_list(
    client: &Client,
    asked: InterviewList,
) -> Result<Value, Error> {
    let from = maybe_moment(client, "from", asked.from.as_deref(), None).await?;
    let to = maybe_moment(client, "to", asked.to.as_deref(), None).await?;
    let from = from.or_else(|| to.is_none().then(Instant::now));
    let query = InterviewQuery {
        from,
        to,
        candidate: asked.candidate,
        member: asked.member,
        status: asked.status,
        cursor: asked.cursor,
        limit: Some(rows(asked.limit)?),
    };
    let page = client.interview_list(query).await?;
    leaves(Interviews {
        interviews: page.items.iter().map(InterviewBrief::from).collect(),
        total: page.total,
        next: page.next,
        from,
    })
}

/// One interview.
///
/// # Errors
/// What the daemon answered.
pub(in crate::mcp) async fn interview_show(
    client: &Client,
    asked: InterviewShow,
) -> Result<Value, Error> {
    let it = client.interview_get(Reference::to(asked.interview)).await?;
    leaves(OneInterview {
        brief: InterviewBrief::from(&it),
        invited: it.attendees.iter().take(MOST).map(Invited::from).collect(),
        asks_for_another_time: it.asks.iter().rev().take(MOST).map(Ask::from).collect(),
        warnings: it.warnings.iter().take(MOST).map(Found::from).collect(),
        out_of_sync: it.drift.is_some(),
    })
}
