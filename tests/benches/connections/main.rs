//! Ten thousand connections at Zoom, Google and Microsoft through a day in which the machine sleeps
//! for six hours: how often each provider is asked to renew, whether one that has everybody wait
//! holds up another, whether anyone who needs keys waits for the rest, and what processor and memory
//! it takes. Time is simulated, a second a look; the providers are sandboxes in other processes.
//!
//! `cargo bench -p greenroom-tests --bench connections [-- COUNT]`

mod office;
mod sandboxes;

use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;
use greenroom_tests::figures::{Times, processor, resident, verdict};
use greenroomd::grants::RENEWALS_A_SECOND;
use tokio::runtime::Runtime;

use self::office::{Host, Office};
use self::sandboxes::Vendor;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The lid is closed at eight in the morning, for so long.
const SLEEP_AT: i64 = 8 * HOUR;
const SLEEP: i64 = 6 * HOUR;

/// When the lid is open Google says that it is asked too often, and to wait so long: the longest
/// that one answer has all others wait.
const WAITS: Vendor = Vendor::Google;
const WAIT: i64 = 60;

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
    runtime.block_on(office.agrees(&hosts, day.renewed.map(|it| it.all)))
}

/// What a provider was asked for in a day.
#[derive(Clone, Copy, Default)]
struct Renewed {
    all: u64,
    /// The most of one second.
    peak: u64,
    /// In the first seconds after the sleep, while Google has everybody wait.
    meanwhile: u64,
    /// From the end of the sleep until nothing was overdue, in seconds.
    catching_up: i64,
}

/// What a day brought.
#[derive(Default)]
struct Day {
    renewed: [Renewed; 3],
    /// How long those waited who needed keys while the rest was caught up with.
    needed: Times,
}

async fn live_through(office: &Office, hosts: &[Host]) -> Result<Day> {
    let mut day = Day::default();
    office.begin_to_count();
    for _ in 0..SLEEP_AT {
        day.count(a_second(office).await?, None);
    }
    office.sleep(SLEEP).await?;
    office.has_everybody_wait(WAITS, WAIT).await?;
    // One of those that can wait hears of it.
    day.count(a_second(office).await?, Some(1));

    // Anyone who needs keys now needs them while the line is as long as it gets.
    let (mut waited, mut awake) = (Vec::new(), 1);
    for some in hosts[..NEEDED.min(hosts.len())].chunks(NEEDED_A_SECOND) {
        let needed = try_join_all(some.iter().map(|host| office.is_taken(*host)));
        let (needed, renewed) = tokio::join!(needed, a_second(office));
        waited.extend(needed?);
        awake += 1;
        day.count(renewed?, Some(awake));
    }
    day.needed = Times::of(waited);
    for awake in awake + 1..=DAY - SLEEP_AT - SLEEP {
        day.count(a_second(office).await?, Some(awake));
    }
    Ok(day)
}

/// A second passes; how many renewals that brought.
async fn a_second(office: &Office) -> Result<[u64; 3]> {
    office.second_passes().await?;
    office.look().await?;
    office.renewed().await
}

impl Day {
    /// A second's renewals; `awake`: how many seconds after the sleep.
    fn count(&mut self, renewed: [u64; 3], awake: Option<i64>) {
        for (of, now) in self.renewed.iter_mut().zip(renewed) {
            of.all += now;
            of.peak = of.peak.max(now);
            let Some(awake) = awake else { continue };
            if awake <= WAIT {
                of.meanwhile += now;
            }
            // On a usual day one begins every half a minute.
            if now >= RENEWALS_A_SECOND as u64 {
                of.catching_up = awake;
            }
        }
    }

    fn tell(&self) {
        let most = (RENEWALS_A_SECOND + NEEDED_A_SECOND) as u64;
        for (vendor, of) in Vendor::ALL.into_iter().zip(&self.renewed) {
            let mean = of.all as f64 / DAY as f64;
            println!(
                "{vendor:?}: {} renewals, a second {mean:.3} on average and {} at most; bound {most} ({RENEWALS_A_SECOND} of the line): {}",
                of.all,
                of.peak,
                verdict(of.peak <= most)
            );
            // All of a long line, or as much of it as there was.
            let full = (WAIT.min(of.catching_up).max(1) * RENEWALS_A_SECOND as i64) as u64;
            let held_up = match vendor == WAITS {
                true => format!("of those that can wait none: it has them wait {WAIT} s"),
                false => format!(
                    "as if Google answered ({full}): {}",
                    verdict(of.meanwhile >= full)
                ),
            };
            println!(
                "    after the sleep: caught up in {} s; {} renewals in the first {WAIT} s, {held_up}",
                of.catching_up, of.meanwhile
            );
        }
        println!(
            "after the sleep: {NEEDED} whose keys were needed meanwhile waited {}",
            self.needed
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
