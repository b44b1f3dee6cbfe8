//! A busy week: next week's working days, full for several interviewers at once.

use anyhow::Result;
use greenroom::client::Client;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::workspace::Role;
use greenroom_tests::harness::add_member;
use jiff::civil::Weekday;
use jiff::{ToSpan as _, Zoned};

const INTERVIEWERS: [&str; 3] = [
    "sam.ito@acme.example",
    "lena.bauer@acme.example",
    "kofi.mensah@acme.example",
];
const DAYS: usize = 5;
const A_DAY: usize = 8;

/// How many interviews there are in it.
pub const INTERVIEWS: usize = DAYS * A_DAY * INTERVIEWERS.len();

/// Books it, an interview of each interviewer an hour, from nine o'clock UTC on.
pub async fn book(client: &Client) -> Result<()> {
    for email in INTERVIEWERS {
        add_member(client, email, email, &[Role::Interviewer]).await?;
    }
    let query = CandidateQuery {
        limit: u32::try_from(INTERVIEWS).ok(),
        ..CandidateQuery::default()
    };
    let mut candidates = client.candidate_list(query).await?.items.into_iter().rev();
    let monday = Zoned::now().date().nth_weekday(1, Weekday::Monday)?;
    for day in 0..DAYS as i64 {
        for hour in 0..A_DAY as i8 {
            for email in INTERVIEWERS {
                let date = monday.checked_add(day.days())?;
                let start = date.at(9 + hour, 0, 0, 0).in_tz("UTC")?;
                let candidate = candidates.next();
                let new = InterviewNew {
                    candidate: candidate.map(|it| it.id.to_string()).unwrap_or_default(),
                    kind: MeetingType::Phone,
                    details: Some("+49 30 5550 1234".into()),
                    with: vec![email.into()],
                    start: start.timestamp().to_string(),
                    duration_minutes: Some(45),
                    ..InterviewNew::default()
                };
                client.interview_new(new).await?;
            }
        }
    }
    Ok(())
}
