//! Interviews booked, moved and called off, 1, 8 and 64 at a time, from the call until Zoom knows
//! and everybody sees it: beside bare HTTP calls to the same sandbox of the same kind and number,
//! in turns with them.
//!
//! Three times: with a Zoom that answers after a while, as the real one does, only sooner, which is
//! what the goal is about; with one that answers in the same moment, out of the process that calls
//! bare, which shows what our part costs; and the same with the store in memory, where a flush
//! costs nothing: the difference is what durability costs.
//!
//! Of 64 at a time most wait for their turn: the daemon asks Zoom about sixteen meetings at once,
//! which with answers as quick as the real ones is about all that Zoom takes of an account in a
//! second.
//!
//! `cargo bench -p greenroom-tests --bench interviews`

mod bare;
mod desk;
mod office;
mod tally;

use std::path::{Path, PathBuf};

use anyhow::Result;
use greenroom_tests::figures::verdict;
use tokio::runtime::Runtime;

use self::office::Office;
use self::tally::{Comparison, Run, Step};

/// How long Zoom takes for an answer, in milliseconds: the real one takes several times as long.
const A_WHILE: u64 = 50;

/// How many at a time, and how many interviews each of them has in a turn: Zoom takes only so many
/// changes of a host a day.
const LEVELS: [(usize, usize); 3] = [(1, 45), (8, 45), (64, 12)];

/// The same where every answer takes a while.
const FEWER: [(usize, usize); 3] = [(1, 12), (8, 12), (64, 6)];

/// Interviews that warm everything up, before each turn.
const WARM_UP: usize = 2;

/// Turns of each, in an office of their own.
const TURNS: usize = 2;

/// How many times as long as bare calls eight at a time may take.
const GOAL: f64 = 1.5;

/// Memory that looks like a disk.
const MEMORY: &str = "/dev/shm";

/// Where the store is, and how Zoom answers.
struct Setting {
    parent: PathBuf,
    answers_after: Option<u64>,
    levels: [(usize, usize); 3],
}

fn main() -> Result<()> {
    let runtime = Runtime::new()?;
    let disk = std::env::temp_dir();
    let like_zoom = Setting {
        parent: disk.clone(),
        answers_after: Some(A_WHILE),
        levels: FEWER,
    };
    println!(
        "Zoom answers after {A_WHILE} ms, the store is in {}:",
        disk.display()
    );
    let compared = runtime.block_on(compare(&like_zoom))?;
    let eight = compared.iter().find(|it| it.at_once == 8);
    for (step, ratio) in eight.into_iter().flat_map(Comparison::ratios) {
        let met = verdict(ratio <= GOAL);
        println!("{step} at 8: {ratio:.2}x bare calls; goal {GOAL}x: {met}");
    }

    println!("Zoom answers at once, the store is in {}:", disk.display());
    let at_once = Setting {
        parent: disk,
        answers_after: None,
        levels: LEVELS,
    };
    let on_disk = runtime.block_on(compare(&at_once))?;
    if !Path::new(MEMORY).is_dir() {
        println!("skipped: this machine has no {MEMORY}");
        return Ok(());
    }
    println!("Zoom answers at once, the store is in {MEMORY}:");
    let in_memory = Setting {
        parent: MEMORY.into(),
        ..at_once
    };
    let in_memory = runtime.block_on(compare(&in_memory))?;
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

async fn compare(setting: &Setting) -> Result<Vec<Comparison>> {
    let mut comparisons = Vec::new();
    for (at_once, interviews) in setting.levels {
        let mut comparison = Comparison::new(at_once);
        for _ in 0..TURNS {
            let office = Office::open(&setting.parent, at_once).await?;
            if let Some(ms) = setting.answers_after {
                office.answers_after(ms);
            }
            turn(&office, 0, WARM_UP).await?;
            let [ours, bare, unkept] = turn(&office, WARM_UP, interviews).await?;
            comparison.add(ours, bare, unkept);
        }
        comparison.tell();
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
