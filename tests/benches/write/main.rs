//! An acknowledged write, alone and with 64 callers, against an append and fsync of the same size
//! on the same disk.
//!
//! `cargo bench -p greenroom-tests --bench write`

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;
use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_tests::figures::{Times, timed};
use greenroom_tests::harness::{World, add_candidate, add_job};
use tokio::runtime::Runtime;

const CALLERS: usize = 64;
const ALONE: usize = 2000;
const TOGETHER: usize = 200;

/// A candidate and the entry of the audit, with keys, revisions and checksums.
const COMMIT_BYTES: usize = 700;

fn main() -> Result<()> {
    let runtime = Runtime::new()?;
    let world = runtime.block_on(World::start(env!("CARGO_BIN_EXE_demo")))?;
    let callers = runtime.block_on(callers(&world))?;
    let beside = world.directory().join("append");

    // In turns, so that both see the same disk.
    let (mut writes, mut appends) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        writes.extend(runtime.block_on(callers[0].write(ALONE / 10))?);
        appends.extend(append(&beside, ALONE / 10)?);
    }
    tell("alone", &Times::of(writes), &Times::of(appends));

    let (ours, writes) =
        timed(|| runtime.block_on(try_join_all(callers.iter().map(|it| it.write(TOGETHER)))));
    let (theirs, appends) = timed(|| append_together(&beside));
    let writes = writes?.concat();
    let a_second = |took: Duration| (CALLERS * TOGETHER) as f64 / took.as_secs_f64();
    tell("64 callers", &Times::of(writes), &Times::of(appends?));
    println!(
        "  a second: {:.0} writes, {:.0} appends: {:.2}x",
        a_second(ours),
        a_second(theirs),
        a_second(ours) / a_second(theirs)
    );
    Ok(())
}

fn tell(who: &str, writes: &Times, appends: &Times) {
    println!("{who}:");
    println!(
        "  acknowledged write {writes}  {:.2}x",
        writes.ratio(appends)
    );
    println!("  append + fsync     {appends}");
}

/// Someone with a connection and a candidate of their own.
struct Caller {
    client: Client,
    candidate: String,
}

async fn callers(world: &World) -> Result<Vec<Caller>> {
    let (client, _) = world.set_up().await?;
    let job = add_job(&client, "Backend Engineer").await?.title;
    let mut callers = Vec::new();
    for number in 0..CALLERS {
        let client = world.client().await?;
        let email = format!("candidate-{number}@mail.example");
        let candidate = add_candidate(&client, "Priya Nair", &email, &job).await?;
        let candidate = candidate.id.to_string();
        callers.push(Caller { client, candidate });
    }
    Ok(callers)
}

impl Caller {
    /// Changes the candidate so often, one change after the other.
    async fn write(&self, times: usize) -> Result<Vec<Duration>> {
        let mut took = Vec::with_capacity(times);
        for number in 0..times {
            let edit = CandidateEdit {
                candidate: self.candidate.clone(),
                phone: Some(format!("+1 555 {number:06}")),
                ..CandidateEdit::default()
            };
            let begun = Instant::now();
            self.client.candidate_edit(edit).await?;
            took.push(begun.elapsed());
        }
        Ok(took)
    }
}

fn append(path: &Path, times: usize) -> Result<Vec<Duration>> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let (time, done) = timed(|| durable(&mut file));
        done?;
        took.push(time);
    }
    Ok(took)
}

fn durable(file: &mut File) -> std::io::Result<()> {
    file.write_all(&[b'.'; COMMIT_BYTES])?;
    file.sync_all()
}

fn append_together(path: &Path) -> Result<Vec<Duration>> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CALLERS)
            .map(|_| scope.spawn(|| append(path, TOGETHER)))
            .collect();
        let mut took = Vec::new();
        for thread in threads {
            let times = thread.join().unwrap_or_else(|_| Ok(Vec::new()))?;
            took.extend(times);
        }
        Ok(took)
    })
}
