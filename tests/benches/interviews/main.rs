//! Interviews booked, moved and called off, 1, 8 and 64 at a time, from the call until Zoom is told and everybody sees it: beside bare
//! HTTP calls to the same sandbox of the same kind and number, in turns with them. Once with the store on the disk and once in memory,
//! where a flush costs nothing: the difference is what durability costs.
//!
//! `cargo bench -p greenroom-tests --bench interviews`

mod bare;
mod desk;
mod office;
mod tally;

use std::path::Path;

use anyhow::Result;
use greenroom_tests::figures::verdict;
use tokio::runtime::Runtime;

use self::office::Office;
use self::tally::{Comparison, Run, Step};

/// How many at a time, and how many interviews each of them has in a turn: Zoom takes only so many changes of a host a day.
const LEVELS: [(usize, usize); 3] = [(1, 45), (8, 45), (64, 12)];

/// Interviews that warm everything up, before each turn.
const WARM_UP: usize = 2;

/// Turns of each, in an office of their own.
const TURNS: usize = 3;

/// How many times as long as bare calls eight at a time may take.
const GOAL: f64 = 1.5;

/// Memory that looks like a disk.
const MEMORY: &str = "/dev/shm";

fn main() -> Result<()> {
    let runtime = Runtime::new()?;
    let disk = std::env::temp_dir();
    let on_disk = runtime.block_on(compare(&disk))?;
    println!("on the disk ({}):", disk.display());
    on_disk.iter().for_each(Comparison::tell);
    let eight = on_disk.iter().find(|it| it.at_once == 8);
    for (step, ratio) in eight.into_iter().flat_map(Comparison::ratios) {
        println!(
            "{step} at 8: {ratio:.2}x bare calls; goal {GOAL}x: {}",
            verdict(ratio <= GOAL)
        );
    }
    if !Path::new(MEMORY).is_dir() {
        println!("skipped: this machine has no {MEMORY}");
        return Ok(());
    }
    let in_memory = runtime.block_on(compare(Path::new(MEMORY)))?;
    println!("in memory ({MEMORY}):");
    in_memory.iter().for_each(Comparison::tell);
    for (disk, memory) in on_disk.iter().zip(&in_memory) {
        for step in Step::ALL {
            let (disk_took, memory_took) = (disk.ours(step).p50(), memory.ours(step).p50());
            let share = 1.0 - memory_took.as_secs_f64() / disk_took.as_secs_f64();
            println!(
                "{step} at {}: {disk_took:.2?} on the disk, {memory_took:.2?} in memory: durability is {:.0} % of it",
                disk.at_once,
                share * 100.0
            );
        }
    }
    Ok(())
}

async fn compare(parent: &Path) -> Result<Vec<Comparison>> {
    let mut comparisons = Vec::new();
    for (at_once, interviews) in LEVELS {
        let mut comparison = Comparison::new(at_once);
        for _ in 0..TURNS {
            let office = Office::open(parent, at_once).await?;
            turn(&office, 0, WARM_UP).await?;
            let [ours, bare, unkept] = turn(&office, WARM_UP, interviews).await?;
            comparison.add(ours, bare, unkept);
        }
        comparisons.push(comparison);
    }
    Ok(comparisons)
}

async fn turn(office: &Office, earlier: usize, interviews: usize) -> Result<[Run; 3]> {
    let bare = office.bare(interviews).await?;
    let ours = office.ours(earlier, interviews).await?;
    let unkept = office.bare_unkept(interviews).await?;
    Ok([ours, bare, unkept])
}
