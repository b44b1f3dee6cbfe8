//! What a recruiter's day costs beside a plain call, over everything that is stored.

use std::time::Instant;

use anyhow::Result;
use greenroom::client::Client;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::today::TodayQuery;
use greenroom_tests::figures::{Times, verdict};
use greenroom_tests::harness::World;

/// Interviews ahead: more than anybody has.
const INTERVIEWS: usize = 120;
const CALLS: usize = 500;
/// What a day may cost: it reads the records of what is open, one by one.
const GOAL_MS: u128 = 10;

pub async fn measure(world: &World) -> Result<()> {
    let client = world.client().await?;
    plan(&client).await?;
    let day = client.today(TodayQuery::default()).await?;
    println!(
        "today: {} next, {} open, {} candidates wait in {} stages",
        day.next_total,
        day.needs_me_total,
        day.waiting_total,
        day.waiting.len()
    );
    let (mut plain, mut days) = (Vec::new(), Vec::new());
    for _ in 0..CALLS {
        let begun = Instant::now();
        client.workspace_list().await?;
        plain.push(begun.elapsed());
        let begun = Instant::now();
        client.today(TodayQuery::default()).await?;
        days.push(begun.elapsed());
    }
    let (plain, days) = (Times::of(plain), Times::of(days));
    let good = days.p99().as_millis() <= GOAL_MS;
    println!("  workspace_list {plain}");
    println!(
        "  today          {days}  {:.1}x; p99 at most {GOAL_MS} ms: {}",
        days.ratio(&plain),
        verdict(good)
    );
    Ok(())
}

/// Unconfirmed interviews an hour apart, from tomorrow on.
async fn plan(client: &Client) -> Result<()> {
    let limit = u32::try_from(INTERVIEWS).ok();
    let query = CandidateQuery {
        limit,
        ..CandidateQuery::default()
    };
    let candidates = client.candidate_list(query).await?.items;
    let first = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(2);
    for (candidate, at) in candidates.iter().zip(0..) {
        let start = first + jiff::SignedDuration::from_hours(at);
        let new = InterviewNew {
            candidate: candidate.id.to_string(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: start.strftime("%Y-%m-%dT%H:%M:00Z").to_string(),
            duration_minutes: Some(30),
            ..InterviewNew::default()
        };
        client.interview_new(new).await?;
    }
    Ok(())
}
