//! The client in a terminal of 160×50 beside 100 000 candidates and a busy week: what a frame costs,
//! how long a booking from the list takes, and what client and daemon cost while nothing happens.
//!
//! Goals: a frame in under 2 ms of a processor, a booking in under 0.4 s from its first key until it
//! is shown as booked, and at most 0.1 % of a core each while idle.
//!
//! `cargo bench -p greenroom-tests --bench client [-- CANDIDATES [SECONDS]]`, the seconds to idle;
//! one minute without.

#[path = "../search/crowd.rs"]
#[expect(dead_code, reason = "the search bench needs more of it")]
mod crowd;
#[path = "../large/fill.rs"]
mod fill;
mod terminal;
mod week;

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use greenroom_protocol::interview::InterviewQuery;
use greenroom_tests::figures::{Times, processor, resident, verdict};
use greenroom_tests::harness::{DANA, World};
use tokio::runtime::Runtime;

use self::crowd::Crowd;
use self::terminal::Terminal;

const CANDIDATES: usize = 100_000;

/// Key presses on each screen.
const FRAMES: usize = 300;

/// Key presses before the way back: fewer than rows of the list and interviews of the week.
const AWAY: usize = 50;

const FRAME: Duration = Duration::from_millis(2);

const BOOKINGS: usize = 20;

const BOOKED: Duration = Duration::from_millis(400);

/// Of one core.
const IDLE: f64 = 0.001;

fn main() -> Result<()> {
    // Whatever else cargo passes (`--bench`) is no number.
    let mut numbers = std::env::args().filter_map(|arg| arg.parse().ok());
    let crowd = Crowd::new(numbers.next().unwrap_or(CANDIDATES));
    let seconds = numbers.next().unwrap_or(60);
    let runtime = Runtime::new()?;
    let mut world = runtime.block_on(open(&crowd))?;
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
    println!(
        "{} candidates, {} interviews next week",
        crowd.count(),
        week::INTERVIEWS
    );

    terminal.press("2")?;
    frames(&mut terminal, "the list")?;
    terminal.press("4")?;
    terminal.press("]")?;
    frames(&mut terminal, "the week")?;
    let time = Duration::from_secs(seconds.try_into()?);
    idle(&terminal, daemon, time)?;
    terminal.press("2")?;
    bookings(&mut terminal)?;
    runtime.block_on(all_are_there(&world))
}

/// A daemon with everybody and a busy week, and Zoom connected.
async fn open(crowd: &Crowd) -> Result<World> {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
    fill::fill(&world, crowd).await?;
    let client = world.client().await?;
    world.connect_zoom(&client, DANA).await?;
    week::book(&client).await?;
    Ok(world)
}

/// Goes through a screen: every key press changes the selection and what stands beside it.
fn frames(terminal: &mut Terminal, screen: &str) -> Result<()> {
    let before = processor(terminal.pid())?;
    let mut times = Vec::with_capacity(FRAMES);
    for number in 0..FRAMES {
        let key = match number % (2 * AWAY) < AWAY {
            true => "j",
            false => "k",
        };
        times.push(terminal.press(key)?);
    }
    let used = (processor(terminal.pid())? - before) / FRAMES as u32;
    let times = Times::of(times);
    println!("a key press to its frame at 160x50, {screen}: {times}");
    println!(
        "  processor time of a key press, all its frames and calls together: {used:.2?}; goal of a frame {FRAME:?}: {}",
        verdict(used <= FRAME)
    );
    Ok(())
}

/// Books one candidate of the list after the other, at the time that is proposed.
fn bookings(terminal: &mut Terminal) -> Result<()> {
    let (mut booked, mut joined) = (Vec::new(), Vec::new());
    for _ in 0..BOOKINGS {
        let begun = Instant::now();
        terminal.type_in("n\x13")?;
        terminal.until("Status        confirmed")?;
        booked.push(begun.elapsed());
        terminal.until("Passcode")?;
        joined.push(begun.elapsed());
        terminal.press("\x1b")?;
        terminal.press("j")?;
    }
    let (booked, joined) = (Times::of(booked), Times::of(joined));
    println!(
        "a booking from the list, n and Ctrl-S: {booked}; goal {BOOKED:?}: {}",
        verdict(booked.p50() < BOOKED)
    );
    println!("  until Zoom's link is shown:          {joined}");
    Ok(())
}

async fn all_are_there(world: &World) -> Result<()> {
    let client = world.client().await?;
    let (mut query, mut there) = (InterviewQuery::default(), 0);
    loop {
        let page = client.interview_list(query.clone()).await?;
        there += page.items.len();
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    let expected = week::INTERVIEWS + BOOKINGS;
    ensure!(there == expected, "{there} interviews, not {expected}");
    Ok(())
}

fn idle(terminal: &Terminal, daemon: u32, time: Duration) -> Result<()> {
    let both = [("client", terminal.pid()), ("daemon", daemon)];
    let before = both.map(|(_, pid)| processor(pid));
    thread::sleep(time);
    for ((who, pid), before) in both.into_iter().zip(before) {
        let share = (processor(pid)? - before?).as_secs_f64() / time.as_secs_f64();
        println!(
            "idle {who} over {time:?}: {:.3} % of a core, {} MB; goal {} %: {}",
            share * 100.0,
            resident(pid)? >> 20,
            IDLE * 100.0,
            verdict(share <= IDLE)
        );
    }
    Ok(())
}
