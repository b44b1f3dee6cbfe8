//! Times that work for several hosts at once, beside the slot code of Cal.com in one run.
//!
//! Each host has a zone, hours and six busy times a day of their own; over 28 days in which the
//! clocks of America change, 45 minutes every 15 that suit all of them. Both are given the hours as
//! people say them and the busy times as a list, and both come to the same times, or this fails.
//! Their code is what `package-lock.json` beside this names; it is installed by npm where that
//! works, and left out, and said to be, where not. It states no licence, so it is only measured.
//!
//! `cargo bench -p greenroom-tests --bench peers`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use greenroom_protocol::pipeline::PanelRule;
use greenroom_protocol::time::Instant;
use greenroom_tests::figures::{Times, timed, verdict};
use greenroom_tests::seed::Random;
use greenroom_tests::slot_worlds::{DAY, Person, working_week, world};
use greenroomd::schedule::ranges::{Seconds, merged};
use greenroomd::schedule::slots::offered;
use serde::Deserialize;
use serde_json::{Value, json};

/// 2031-02-24T00:00:00Z, a Monday: far enough ahead that theirs leaves nothing out as past. In New
/// York the clocks change on 9 March.
const MONDAY: i64 = 1_929_657_600;
const DAYS: i64 = 28;

/// Hosts of a panel, and searches for each: ours, theirs.
const HOSTS: [usize; 3] = [1, 5, 25];
const OURS: usize = 500;
const THEIRS: usize = 15;

/// How many times as fast as theirs 25 hosts are to be found, and in what time.
const TIMES_AS_FAST: f64 = 290.0;
const AT_MOST: Duration = Duration::from_millis(1);

/// Where hosts are, and their hours there: in winter all are there from 15:00 to 20:00 UTC.
const DESKS: [(&str, u16, u16); 8] = [
    ("America/New_York", 9 * 60, 17 * 60),
    ("America/Chicago", 8 * 60 + 30, 17 * 60),
    ("America/Denver", 7 * 60, 15 * 60 + 30),
    ("America/Los_Angeles", 6 * 60, 14 * 60),
    ("America/Halifax", 10 * 60, 18 * 60),
    ("America/Sao_Paulo", 11 * 60, 19 * 60 + 30),
    ("Europe/London", 12 * 60 + 15, 21 * 60),
    ("Africa/Lagos", 14 * 60, 22 * 60),
];

const HOME: &str = DESKS[0].0;

fn main() -> Result<()> {
    let span = MONDAY..MONDAY + DAYS * DAY;
    let panels: Vec<_> = HOSTS.iter().map(|hosts| panel(*hosts)).collect();
    let theirs = match theirs(&panels, &span) {
        Ok(theirs) => Some(theirs),
        Err(why) => {
            println!("cal.com: left out: {why:#}");
            None
        }
    };
    for (at, panel) in panels.iter().enumerate() {
        let count = panel.len();
        let people: Vec<Person> = panel.iter().map(Host::person).collect();
        // As the daemon does it: hours become moments, and then it searches.
        let search = || -> Result<Vec<i64>> {
            let mut world = world(&people, PanelRule::AllOf, HOME, None, &span)?;
            world.now = Instant::from_second(span.start - 30 * DAY);
            Ok(offered(&world, &span).iter().map(|it| it.start).collect())
        };
        let starts = search()?;
        let searches = (0..OURS).map(|_| timed(search).0);
        let times = Times::of(searches.collect());
        println!("{count} hosts, {DAYS} days: {} times", starts.len());
        println!("  ours        {times}{}", goal(count, &times));
        let Some(theirs) = theirs.as_ref().and_then(|it| it.get(at)) else {
            continue;
        };
        let durations = theirs.ms.iter().map(|ms| Duration::from_secs_f64(ms / 1e3));
        let durations = Times::of(durations.collect());
        let ratio = durations.ratio(&times);
        let wanted = match count {
            25 => format!(
                "  goal {TIMES_AS_FAST}: {}",
                verdict(ratio >= TIMES_AS_FAST)
            ),
            _ => String::new(),
        };
        println!("  cal.com     {durations}  {ratio:.0}x{wanted}");
        ensure!(
            theirs.starts == starts,
            "cal.com comes to other times: {}",
            differ(theirs, &starts)
        );
        println!("  both come to the same times");
    }
    Ok(())
}

fn goal(hosts: usize, times: &Times) -> String {
    match hosts {
        25 => format!("  goal {AT_MOST:?}: {}", verdict(times.p50() <= AT_MOST)),
        _ => String::new(),
    }
}

/// Somebody everybody waits for.
struct Host {
    desk: (&'static str, u16, u16),
    busy: Vec<Seconds>,
}

impl Host {
    fn person(&self) -> Person {
        let (zone, from, to) = self.desk;
        Person::new(zone, working_week(from, to), &self.busy)
    }

    fn json(&self) -> Value {
        let (zone, from_minute, to_minute) = self.desk;
        let text = |second: i64| Instant::from_second(second).to_string();
        let busy = self
            .busy
            .iter()
            .map(|it| json!([text(it.start), text(it.end)]));
        json!({
            "zone": zone,
            "days": [1, 2, 3, 4, 5],
            "from_minute": from_minute,
            "to_minute": to_minute,
            "busy": busy.collect::<Vec<_>>(),
        })
    }
}

/// Hosts who are busy six times on each working day, in six of eight places of it, so that times
/// are left for all of them.
fn panel(hosts: usize) -> Vec<Host> {
    let mut chance = Random::of(7);
    let mut host = |number: usize| {
        let mut busy = Vec::new();
        for day in (0..DAYS).filter(|day| day % 7 < 5) {
            let mut places: Vec<i64> = (0..8).collect();
            for _ in 0..2 {
                places.remove(chance.below(places.len()));
            }
            for place in places {
                let late = chance.below(3) as i64 * 5 * 60;
                let start = MONDAY + day * DAY + (13 * 60 + 30 + place * 75) * 60 + late;
                busy.push(start..start + (10 + 5 * chance.below(2) as i64) * 60);
            }
        }
        Host {
            desk: DESKS[number % DESKS.len()],
            busy: merged(busy),
        }
    };
    (0..hosts).map(&mut host).collect()
}

/// What theirs came to for a panel.
#[derive(Debug, Deserialize)]
struct Theirs {
    ms: Vec<f64>,
    starts: Vec<i64>,
}

fn theirs(panels: &[Vec<Host>], span: &Seconds) -> Result<Vec<Theirs>> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    install(&here)?;
    let text = |second: i64| Instant::from_second(second).to_string();
    let worlds = panels.iter().map(|panel| {
        json!({
            "from": text(span.start),
            "to": text(span.end),
            "zone": HOME,
            "minutes": 45,
            "step": 15,
            "hosts": panel.iter().map(Host::json).collect::<Vec<_>>(),
        })
    });
    let question = json!({ "rounds": THEIRS, "worlds": worlds.collect::<Vec<_>>() });
    let mut node = Command::new("node")
        .arg(here.join("cal.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("node")?;
    let mut stdin = node.stdin.take().context("node's input")?;
    stdin.write_all(question.to_string().as_bytes())?;
    drop(stdin);
    let answer = node.wait_with_output()?;
    ensure!(answer.status.success(), "node ended with {}", answer.status);
    Ok(serde_json::from_slice(&answer.stdout)?)
}

/// Installs what the lock file names, unless it is there.
fn install(here: &Path) -> Result<()> {
    if here.join("node_modules/.package-lock.json").exists() {
        return Ok(());
    }
    let npm = Command::new("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--silent",
        ])
        .current_dir(here)
        .status()
        .context("npm")?;
    if !npm.success() {
        bail!("npm could not install it");
    }
    Ok(())
}

fn differ(theirs: &Theirs, ours: &[i64]) -> String {
    let only = |one: &[i64], other: &[i64]| -> Vec<String> {
        let only = one.iter().filter(|it| !other.contains(it)).take(5);
        only.map(|it| Instant::from_second(*it).to_string())
            .collect()
    };
    let (theirs, ours) = (only(&theirs.starts, ours), only(ours, &theirs.starts));
    format!("only theirs {theirs:?}, only ours {ours:?}")
}
