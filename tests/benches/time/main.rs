//! How long it takes to read a time: every phrase of the grammar's own set, each typed letter by
//! letter as the client asks, and the longest text that is read.
//!
//! Goal: p99 of a phrase under 1 ms.
//!
//! `cargo bench -p greenroom-tests --bench time`

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};
use greenroom_protocol::time::Instant;
use greenroom_tests::figures::{Times, timed, verdict};
use greenroomd::schedule::reading::{Frame, LONGEST, times};

const GOAL: Duration = Duration::from_millis(1);

/// How often the whole set is read.
const ROUNDS: usize = 5;

/// 2026-12-02T08:15:00Z, a Wednesday.
const NOW: i64 = 1_796_199_300;

fn main() -> Result<()> {
    let set = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../daemon/src/schedule/reading/tests/phrases.txt"
    );
    let set = fs::read_to_string(set).context("read the phrases")?;
    let phrases: Vec<String> = set
        .lines()
        .filter(|it| !it.starts_with(['#', '[']))
        .filter_map(|it| it.rsplit_once(" | "))
        .map(|(text, _)| text.replace("\\n", "\n"))
        .collect();
    let now = Instant::from_second(NOW);
    let frame = Frame::new(now, "Europe/Berlin", Some("Asia/Kolkata"), Some("en_GB"))?;
    let read = |text: &str| timed(|| times(text, &frame)).0;
    let whole = (0..ROUNDS).flat_map(|_| phrases.iter().map(|it| read(it)));
    let whole = Times::of(whole.collect());
    println!("{} phrases, {ROUNDS} times", phrases.len());
    println!(
        "  a phrase        {whole}  goal {GOAL:?}: {}",
        verdict(whole.p99() <= GOAL)
    );
    let begun = phrases.iter().flat_map(|phrase| {
        let ends = phrase.char_indices().map(|(at, _)| at);
        ends.map(|end| read(&phrase[..end]))
    });
    let begun = Times::of(begun.collect());
    println!(
        "  after each key  {begun}  goal {GOAL:?}: {}",
        verdict(begun.p99() <= GOAL)
    );
    let all = phrases.join(".\n");
    let long: String = all.chars().cycle().take(LONGEST).collect();
    let longest = Times::of((0..ROUNDS).map(|_| read(&long)).collect());
    println!("  {LONGEST} bytes     {longest}");
    Ok(())
}
