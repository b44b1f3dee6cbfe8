//! The client in a terminal of 160×50: what a frame costs; then what client and daemon cost while
//! nothing happens.
//!
//! `cargo bench -p greenroom-tests --bench client [-- SECONDS]`, the time to idle; one minute
//! without.

mod terminal;

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use greenroom_tests::figures::{Times, processor, verdict};
use greenroom_tests::harness::{DANA, World, add_candidate, add_job};
use tokio::runtime::Runtime;

use self::terminal::Terminal;

const CANDIDATES: usize = 200;
const FRAMES: usize = 300;
const FRAME: Duration = Duration::from_millis(2);
/// Of one core.
const IDLE: f64 = 0.001;

fn main() -> Result<()> {
    // Whatever else cargo passes (`--bench`) is not a time.
    let seconds = std::env::args().find_map(|arg| arg.parse().ok());
    let runtime = Runtime::new()?;
    let mut world = runtime.block_on(open())?;
    let daemon = world.daemon().context("the daemon runs")?.id();
    let mut client = Command::new(env!("CARGO_BIN_EXE_demo"));
    client
        .args(["client", "--socket"])
        .arg(world.socket())
        .env("HOME", world.directory())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("NO_COLOR");
    let mut terminal = Terminal::open(&mut client, 160, 50)?;
    terminal.settle()?;

    frames(&mut terminal)?;
    idle(
        &terminal,
        daemon,
        Duration::from_secs(seconds.unwrap_or(60)),
    )
}

/// A daemon with candidates, and Zoom connected.
async fn open() -> Result<World> {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
    let (client, _) = world.set_up().await?;
    let job = add_job(&client, "Backend Engineer").await?.title;
    for number in 0..CANDIDATES {
        let email = format!("candidate-{number}@mail.example");
        add_candidate(&client, &format!("Zoë Nuñez {number}"), &email, &job).await?;
    }
    world.connect_zoom(&client, DANA).await?;
    Ok(world)
}

/// Goes through the list: every key press changes the list and what stands beside it.
fn frames(terminal: &mut Terminal) -> Result<()> {
    let before = processor(terminal.pid())?;
    let mut times = Vec::with_capacity(FRAMES);
    for number in 0..FRAMES {
        let key = match number % CANDIDATES < CANDIDATES / 2 {
            true => "j",
            false => "k",
        };
        times.push(terminal.press(key)?);
    }
    let used = (processor(terminal.pid())? - before) / FRAMES as u32;
    let times = Times::of(times);
    println!("a key press to its frame at 160x50: {times}");
    println!(
        "  processor time of a key press, all its frames and calls together: {used:.2?}; goal of a frame {FRAME:?}: {}",
        verdict(used <= FRAME)
    );
    Ok(())
}

fn idle(terminal: &Terminal, daemon: u32, time: Duration) -> Result<()> {
    let both = [("client", terminal.pid()), ("daemon", daemon)];
    let before = both.map(|(_, pid)| processor(pid));
    thread::sleep(time);
    for ((who, pid), before) in both.into_iter().zip(before) {
        let share = (processor(pid)? - before?).as_secs_f64() / time.as_secs_f64();
        println!(
            "idle {who} over {time:?}: {:.3} % of a core; goal {} %: {}",
            share * 100.0,
            IDLE * 100.0,
            verdict(share <= IDLE)
        );
    }
    Ok(())
}
