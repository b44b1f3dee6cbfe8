//! How soon a daemon that holds them all answers, and what memory it takes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_tests::figures::{Times, resident, verdict};
use greenroom_tests::harness::World;

const ROUNDS: usize = 5;
const TO_STATUS: Duration = Duration::from_millis(100);
const TO_LIST: Duration = Duration::from_millis(500);
const MEMORY: u64 = 150 << 20;

/// Starts it again and again.
pub async fn measure(world: &mut World, count: usize) -> Result<()> {
    let (mut to_status, mut to_list, mut memory) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        world.stop_daemon();
        let begun = Instant::now();
        world.run_daemon().await?;
        let client = Client::connect(&world.target()).await?;
        client.status().await?;
        to_status.push(begun.elapsed());

        let page = client.candidate_list(CandidateQuery::default()).await?;
        to_list.push(begun.elapsed());
        ensure!(page.total == count as u64, "{} of {count}", page.total);
        let daemon = world.daemon().context("the daemon runs")?;
        memory = memory.max(resident(daemon.id())?);
    }
    let (status, list) = (Times::of(to_status), Times::of(to_list));
    let met = |times: &Times, goal| verdict(times.p50() < goal);
    println!(
        "start to status:     {status}; goal {TO_STATUS:?}: {}",
        met(&status, TO_STATUS)
    );
    println!(
        "start to first list: {list}; goal {TO_LIST:?}: {}",
        met(&list, TO_LIST)
    );
    let (of, goal) = (memory >> 20, MEMORY >> 20);
    println!(
        "resident memory then: {of} MB; goal {goal} MB: {}",
        verdict(memory <= MEMORY)
    );
    Ok(())
}
