//! Search as you type, in the index alone: how long a page of 100 and its exact count take, on one
//! thread, for every query, exactly and with what nearly matches, and for every order of a list;
//! beside `fzf --filter` over the same lines where it is installed.
//!
//! `cargo bench -p greenroom-tests --bench search [-- COUNT…]`; without counts 100 000 and 1 000
//! 000.

mod crowd;
mod engine;
mod queries;

use std::hint::black_box;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use greenroomd::index::Index;
use greenroomd::store::Store;

use self::crowd::Crowd;
use self::engine::Made;
use self::queries::{Kind, Query};

/// What a person feels as at once, at 60 frames a second.
const GOAL: Duration = Duration::from_millis(16);
const PAGE: usize = 100;
const ROUNDS: usize = 10;

fn main() -> Result<()> {
    // Whatever else cargo passes (`--bench`) is not a count.
    let counts: Vec<usize> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let counts = if counts.is_empty() {
        vec![100_000, 1_000_000]
    } else {
        counts
    };
    for count in counts {
        measure(count)?;
    }
    Ok(())
}

fn measure(count: usize) -> Result<()> {
    let crowd = Arc::new(Crowd::new(count));
    let before = resident()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()?;
    let begun = Instant::now();
    let index = runtime.block_on(fill(&crowd))?;
    let filled = begun.elapsed();
    let ws = crowd.workspace;
    let begun = Instant::now();
    let everybody = Query::plain("a");
    index.search(ws, &everybody.search(), None, PAGE)?;
    println!(
        "\n{count} candidates, {} applications",
        crowd.applications()
    );
    println!(
        "  lists answer after {filled:.1?} (making the records included), the first search takes {:.1?}",
        begun.elapsed()
    );
    println!(
        "  resident memory grew by {} MB",
        resident()?.saturating_sub(before) >> 20
    );

    let queries = queries::all(&crowd);
    for kind in [Kind::Exact, Kind::Fuzzy, Kind::Sorted] {
        let own: Vec<_> = queries.iter().filter(|query| query.kind == kind).collect();
        compare(kind, &own, &index, &crowd)?;
    }
    beside_fzf(&crowd, &index, &queries)
}

/// Runs the queries of one kind, and says how long they took.
fn compare(kind: Kind, queries: &[&Query], index: &Index, crowd: &Crowd) -> Result<()> {
    let ws = crowd.workspace;
    let mut times = Vec::new();
    let mut worst: Vec<(Duration, &Query)> = Vec::new();
    for query in queries {
        let search = query.search();
        let mut own = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            black_box(index.search(ws, &search, None, PAGE)?);
            own.push(begun.elapsed());
        }
        own.sort();
        worst.push((own[ROUNDS / 2], query));
        times.extend(own);
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (p50, p99) = (at(0.50), at(0.99));
    let verdict = if p99 < GOAL { "met" } else { "missed" };
    println!(
        "  {kind:?}: {} queries, {} searches",
        queries.len(),
        times.len()
    );
    println!(
        "  p50 {p50:.2?}, p99 {p99:.2?}, slowest {:.2?}; goal p99 < {GOAL:?}: {verdict}",
        at(1.0)
    );
    worst.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    println!("  slowest queries (their p50):");
    for (time, query) in worst.iter().take(8) {
        let total = index.search(ws, &query.search(), None, 1)?.total;
        println!("    {time:>9.2?}  {total:>8} found  {query}");
    }
    Ok(())
}

async fn fill(crowd: &Arc<Crowd>) -> Result<Index> {
    let store = Store::new(Arc::new(Made::new(crowd.clone())));
    let index = Index::start(&store);
    index.ready().await?;
    Ok(index)
}

/// Resident memory of this process, in bytes (`man 5 proc_pid_statm`, pages of 4 KiB).
fn resident() -> Result<usize> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').nth(1).context("read resident memory")?;
    Ok(pages.parse::<usize>()? * 4096)
}

fn beside_fzf(crowd: &Crowd, index: &Index, queries: &[Query]) -> Result<()> {
    if Command::new("fzf")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("  fzf is not installed: no comparison");
        return Ok(());
    }
    let lines = crowd.lines();
    let mut ratios = Vec::new();
    for query in queries
        .iter()
        .filter(|query| query.is_plain() && !query.text.is_empty())
    {
        let begun = Instant::now();
        fzf(&query.text, &lines)?;
        let theirs = begun.elapsed();
        let begun = Instant::now();
        black_box(index.search(crowd.workspace, &query.search(), None, PAGE)?);
        ratios.push(begun.elapsed().as_secs_f64() / theirs.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "  ours / fzf --filter (reading its input included): median {:.3}",
        ratios[ratios.len() / 2]
    );
    Ok(())
}

fn fzf(text: &str, lines: &str) -> Result<()> {
    let mut fzf = Command::new("fzf")
        .args(["--filter", text])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let mut input = fzf.stdin.take().context("write to fzf")?;
    input.write_all(lines.as_bytes())?;
    drop(input);
    fzf.wait()?;
    Ok(())
}
