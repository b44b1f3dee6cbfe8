//! How benches count and tell: times of one operation, what `/proc` says of a process, and whether
//! a goal was met.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// Bytes of a page of memory, and clock ticks of a second: Linux on the machines this runs on (`man
/// 5 proc`).
const PAGE: u64 = 4096;
const TICKS: f64 = 100.0;

/// Times of one operation, sorted.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Of these.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time that `share` of them (0 to 1) do not exceed; zero where there is none.
    pub fn at(&self, share: f64) -> Duration {
        let last = self.0.len().saturating_sub(1);
        let index = (last as f64 * share) as usize;
        self.0.get(index).copied().unwrap_or_default()
    }

    /// The median.
    pub fn p50(&self) -> Duration {
        self.at(0.50)
    }

    /// The time one in a hundred exceeds.
    pub fn p99(&self) -> Duration {
        self.at(0.99)
    }

    /// How many times as long as `other` the median is.
    pub fn ratio(&self, other: &Self) -> f64 {
        self.p50().as_secs_f64() / other.p50().as_secs_f64()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99, most) = (self.p50(), self.p99(), self.at(1.0));
        write!(
            f,
            "p50 {p50:>9.2?}  p99 {p99:>9.2?}  slowest {most:>9.2?}  ({})",
            self.0.len()
        )
    }
}

/// Does it, and says how long that took.
pub fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = what();
    (begun.elapsed(), done)
}

/// `met` or `missed`, as benches print it beside a goal.
pub fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "missed" }
}

/// Resident memory of a process, in bytes.
///
/// # Errors
/// When it is gone.
pub fn resident(pid: u32) -> anyhow::Result<u64> {
    let statm = read(pid, "statm")?;
    let pages = statm.split(' ').nth(1).context("read resident memory")?;
    Ok(pages.parse::<u64>()? * PAGE)
}

/// Processor time a process has used, all its threads together.
///
/// # Errors
/// When it is gone.
pub fn processor(pid: u32) -> anyhow::Result<Duration> {
    let stat = read(pid, "stat")?;
    // The name, in parentheses, may hold anything; counting begins behind it, where the third field
    // is.
    let (_, fields) = stat.rsplit_once(") ").context("read processor time")?;
    let ticks: u64 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().unwrap_or_default())
        .sum();
    Ok(Duration::from_secs_f64(ticks as f64 / TICKS))
}

fn read(pid: u32, what: &str) -> anyhow::Result<String> {
    let path = Path::new("/proc").join(pid.to_string()).join(what);
    std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
}
