//! Search as you type over the socket: the client's own calls, letter by letter, a page of what
//! fits a screen.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_tests::figures::{Times, verdict};
use greenroom_tests::harness::World;

use crate::fill::MANAGER;
use crate::queries;

/// What a person feels as at once, at 60 frames a second.
const GOAL: Duration = Duration::from_millis(16);
const ROUNDS: usize = 5;
const ROWS: u32 = 100;

/// Everybody, one job, one stage, and as a hiring manager who sees two jobs.
pub async fn measure(world: &World) -> Result<()> {
    let recruiter = world.client().await?;
    let manager = world.client_as(MANAGER).await?;
    let jobs = recruiter.job_list().await?.items;
    let job = jobs.first().context("a job")?.id.to_string();
    let callers = [
        ("by a recruiter", &recruiter, None),
        ("in one job", &recruiter, Some(job)),
        ("by a hiring manager", &manager, None),
    ];
    println!("search as you type over the socket, pages of {ROWS}:");
    let (mut all, mut letters) = (Vec::new(), Vec::new());
    for (whose, client, job) in callers {
        let mut own = Vec::new();
        for text in queries::texts() {
            let times = search(client, &text, job.clone()).await?;
            if text.chars().count() == 1 {
                letters.extend(times.iter().copied());
            }
            own.extend(times);
        }
        println!("  {whose:<20} {}", Times::of(own.clone()));
        all.extend(own);
    }
    println!("  {:<20} {}", "one letter", Times::of(letters));
    let all = Times::of(all);
    let met = verdict(all.p99() < GOAL);
    println!("  {:<20} {all}; goal p99 < {GOAL:?}: {met}", "all");
    Ok(())
}

async fn search(client: &Client, text: &str, job: Option<String>) -> Result<Vec<Duration>> {
    let query = CandidateQuery {
        text: text.to_owned(),
        job,
        limit: Some(ROWS),
        ..CandidateQuery::default()
    };
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        client.candidate_list(query.clone()).await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}
