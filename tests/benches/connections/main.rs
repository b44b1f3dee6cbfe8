//! Ten thousand connections through a day in which the machine sleeps for six hours: how often Zoom
//! is asked to renew, whether anyone who needs keys waits for the rest, and what processor and memory
//! it takes. Time is simulated, a second a look; the Zoom is a sandbox in another process.
//!
//! `cargo bench -p greenroom-tests --bench connections [-- COUNT]`

mod office;

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;
use greenroom_tests::figures::{Times, processor, resident, verdict};
use greenroomd::zoom::{ConnectionId, RENEWALS_A_SECOND};
use tokio::runtime::Runtime;

use self::office::Office;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The lid is closed at eight in the morning, for so long.
const SLEEP_AT: i64 = 8 * HOUR;
const SLEEP: i64 = 6 * HOUR;

/// Hosts whose keys are needed as soon as the lid is open, so many a second. Together fewer than
/// the calls Zoom takes in a second, for seconds pass quickly here.
const NEEDED: usize = 60;
const NEEDED_A_SECOND: usize = 10;

/// What a whole day may cost, for each connection.
const PROCESSOR_OF_ONE: Duration = Duration::from_millis(2);
/// Beside the store's page cache.
const MEMORY_OF_ONE: u64 = 4 << 10;

fn main() -> Result<()> {
    // Whatever else cargo passes (`--bench`) is not a count.
    let count = std::env::args().find_map(|arg| arg.parse().ok());
    let count: usize = count.unwrap_or(10_000);
    let runtime = Runtime::new()?;
    let office = runtime.block_on(Office::open())?;
    let me = std::process::id();
    let empty = resident(me)?;

    let begun = Instant::now();
    let hosts = runtime.block_on(office.connect(count, DAY))?;
    println!("{count} connections, made in {:.1?}", begun.elapsed());
    let connected = resident(me)?;

    let (begun, used) = (Instant::now(), processor(me)?);
    let day = runtime.block_on(live_through(&office, &hosts))?;
    let used = processor(me)? - used;
    println!(
        "a day of {} seconds awake, lived through in {:.1?}",
        DAY - SLEEP,
        begun.elapsed()
    );
    day.tell();
    tell_costs(count, used, [empty, connected, resident(me)?]);
    runtime.block_on(office.agrees(&hosts, day.renewals))
}

/// What a day brought.
#[derive(Default)]
struct Day {
    renewals: u64,
    /// The most of one second.
    peak: u64,
    /// From the end of the sleep until nothing was overdue, in seconds.
    catching_up: i64,
    /// How long those waited who needed keys while the rest was caught up with.
    needed: Times,
}

async fn live_through(office: &Office, hosts: &[ConnectionId]) -> Result<Day> {
    let mut day = Day::default();
    let first = office.renewals();
    for _ in 0..SLEEP_AT {
        day.peak = day.peak.max(a_second(office).await?);
    }
    office.sleep(SLEEP).await?;

    // Anyone who needs keys now needs them while the line is as long as it gets.
    let mut waited = Vec::new();
    for some in hosts[..NEEDED.min(hosts.len())].chunks(NEEDED_A_SECOND) {
        let needed = try_join_all(some.iter().map(|who| office.is_taken(*who)));
        let (needed, renewed) = tokio::join!(needed, a_second(office));
        waited.extend(needed?);
        day.peak = day.peak.max(renewed?);
        day.catching_up += 1;
    }
    day.needed = Times::of(waited);

    let mut in_line = true;
    for _ in SLEEP_AT + SLEEP + day.catching_up..DAY {
        let renewed = a_second(office).await?;
        day.peak = day.peak.max(renewed);
        in_line &= renewed == RENEWALS_A_SECOND as u64;
        day.catching_up += i64::from(in_line);
    }
    day.renewals = office.renewals() - first;
    Ok(day)
}

/// A second passes; how many renewals that brought.
async fn a_second(office: &Office) -> Result<u64> {
    office.second_passes().await?;
    let before = office.renewals();
    office.look().await?;
    Ok(office.renewals() - before)
}

impl Day {
    fn tell(&self) {
        let mean = self.renewals as f64 / DAY as f64;
        let most = (RENEWALS_A_SECOND + NEEDED_A_SECOND) as u64;
        println!(
            "renewals: {}, a second {mean:.3} on average and {} at most; bound {most} ({RENEWALS_A_SECOND} of the line): {}",
            self.renewals,
            self.peak,
            verdict(self.peak <= most)
        );
        println!(
            "after the sleep: caught up in {} s; {NEEDED} whose keys were needed meanwhile waited {}",
            self.catching_up, self.needed
        );
    }
}

fn tell_costs(count: usize, used: Duration, [empty, connected, after]: [u64; 3]) {
    let goal = PROCESSOR_OF_ONE * count as u32;
    println!(
        "processor: {:.1} s for the day; goal {:.0} s: {}",
        used.as_secs_f64(),
        goal.as_secs_f64(),
        verdict(used <= goal)
    );
    let grown = after.saturating_sub(empty);
    let goal = (32 << 20) + MEMORY_OF_ONE * count as u64;
    println!(
        "memory: {} MB before, {} MB connected, {} MB after the day: {} MB more; goal {} MB: {}",
        empty >> 20,
        connected >> 20,
        after >> 20,
        grown >> 20,
        goal >> 20,
        verdict(grown <= goal)
    );
}
