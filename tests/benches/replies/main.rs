//! How long it takes from an email to what follows from it: every labelled reply, and the longest
//! email that is read.
//!
//! Goal: p99 of a reply under 20 ms.
//!
//! `cargo bench -p greenroom-tests --bench replies`

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};
use greenroom_protocol::reply::{ReplyProposal, ReplySlot};
use greenroom_protocol::time::Instant;
use greenroom_tests::figures::{Times, timed, verdict};
use greenroomd::assistant::letter::{Arrival, decided};

const GOAL: Duration = Duration::from_millis(20);

/// How often the whole set is read.
const ROUNDS: usize = 5;

/// 2026-12-04T09:00:00Z, a Friday.
const NOW: i64 = 1_796_374_800;

/// Bytes of the longest text of an email that is read.
const LONGEST: usize = 20_000;

fn main() -> Result<()> {
    let set = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../daemon/tests/fixtures/replies/own.txt"
    );
    let set = fs::read_to_string(set).context("read the replies")?;
    let replies: Vec<String> = set
        .lines()
        .filter(|it| !it.starts_with(['#', '[']))
        .filter_map(|it| it.rsplitn(3, " | ").nth(2))
        .map(|text| text.replace("\\n", "\n"))
        .collect();
    let now = Instant::from_second(NOW);
    let slot = |n: u32| {
        let start = now.plus_minutes(i64::from(n) * 24 * 60);
        let end = start.plus_minutes(45);
        ReplySlot { n, start, end }
    };
    let proposal = ReplyProposal {
        slots: (4..8).map(slot).collect(),
        zone: "Europe/Berlin".to_owned(),
    };
    let arrival = Arrival {
        now,
        zone: "Europe/Berlin",
        locale: None,
        proposal: Some(&proposal),
        thread: None,
        server: None,
    };
    let read = |text: &str| timed(|| decided(text, arrival).is_ok()).0;
    // The vocabulary is made once.
    read("2 please");
    let whole = (0..ROUNDS).flat_map(|_| replies.iter().map(|it| read(it)));
    let whole = Times::of(whole.collect());
    println!("{} replies, {ROUNDS} times", replies.len());
    println!(
        "  a reply      {whole}  goal {GOAL:?}: {}",
        verdict(whole.p99() <= GOAL)
    );
    let long: String = replies.join(".\n").chars().cycle().take(LONGEST).collect();
    let longest = Times::of((0..ROUNDS).map(|_| read(&long)).collect());
    println!("  {LONGEST} bytes  {longest}");
    Ok(())
}
