//! How long it takes to find the times that work: the search alone, over made-up worlds, and the
//! call through the socket beside a plain one; what a search does to commits; and whether one of
//! four proposed times works.
//!
//! Goals: 25 people of whom one is needed, over 28 days, in under 1 ms; 200 over 90 days in under
//! 20 ms, 99 of 100 times too; the median of commits at most 1.2 times as long while it loops; one
//! of four times works for 97 of 100 candidates in Berlin, 95 in Kolkata and in New York.
//!
//! `cargo bench -p greenroom-tests --bench slots`

mod socket;

use std::time::Duration;

use anyhow::Result;
use greenroom_protocol::pipeline::PanelRule;
use greenroom_tests::figures::{Times, timed, verdict};
use greenroom_tests::slot_worlds::proposals::{Way, outcomes};
use greenroom_tests::slot_worlds::{DAY, Person, working_week, world};
use greenroomd::schedule::busy::Buffer;
use greenroomd::schedule::hours;
use greenroomd::schedule::predicate::Place;
use greenroomd::schedule::ranges::Seconds;
use greenroomd::schedule::slots::{Scores, best, offered};
use tokio::runtime::Runtime;

/// 2026-11-30T00:00:00Z, a Monday.
const MONDAY: i64 = 1_795_996_800;

/// Interviews of each person a working day.
const A_DAY: i64 = 3;

/// Searches of each size.
const ROUNDS: usize = 200;

/// Worlds in which four times are proposed.
const WORLDS: u64 = 400;

/// Zones that people are spread over.
const ZONES: [&str; 4] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Sydney",
];

fn main() -> Result<()> {
    for (people, days, goal) in [(25, 28, 1), (200, 90, 20)] {
        searches(people, days, Duration::from_millis(goal))?;
    }
    one_works()?;
    let runtime = Runtime::new()?;
    runtime.block_on(socket::calls())?;
    runtime.block_on(socket::commits())
}

fn searches(count: usize, days: i64, goal: Duration) -> Result<()> {
    let wide = MONDAY - 2 * DAY..MONDAY + (days + 2) * DAY;
    let people: Vec<_> = (0..count).map(|number| person(number, &wide)).collect();
    let people = people.into_iter().collect::<Result<Vec<_>>>()?;
    let span = MONDAY..MONDAY + days * DAY;
    let world = world(&people, PanelRule::AnyOf, ZONES[0], None, &span)?;
    let searches = (0..ROUNDS).map(|_| timed(|| offered(&world, &span)).0);
    let times = Times::of(searches.collect());
    let found = offered(&world, &span);
    println!("{count} people, {days} days: {} times offered", found.len());
    println!(
        "  search      {times}  goal {goal:?}: {}, p99 {}",
        verdict(times.p50() <= goal),
        verdict(times.p99() <= goal)
    );
    let first = found.first().map_or(span.start, |it| it.start);
    let picks = (0..ROUNDS / 4).map(|_| {
        let pick = || best(&world, &found, &Scores::new(&world, &span, first), 4);
        timed(pick).0
    });
    println!("  best four   {}", Times::of(picks.collect()));
    Ok(())
}

/// Somebody with interviews over the day, who is needed alone.
fn person(number: usize, span: &Seconds) -> Result<Person> {
    let zone = ZONES[number % ZONES.len()];
    let place = Place::of(zone).ok_or_else(|| anyhow::anyhow!("no zone {zone}"))?;
    let week = working_week(9 * 60, 17 * 60);
    let seed = i64::try_from(number)?;
    let open = hours::local(&week, &place.zone, span);
    let taken = open.iter().flat_map(|day| {
        (0..A_DAY).map(move |at| {
            let late = (seed * 37 + at * 150 + day.start / DAY * 15) % 435 * 60;
            day.start + late..day.start + late + 45 * 60
        })
    });
    Ok(Person {
        buffer: Buffer {
            before: 5,
            after: 10,
        },
        most_a_day: 5,
        ..Person::new(zone, week, &taken.collect::<Vec<_>>())
    })
}

/// Whether one of four times works, by the ways in which they can be chosen.
fn one_works() -> Result<()> {
    println!("one of four times works, of {WORLDS} worlds (in 9–17 there, 90-min blocks lost):");
    let zones = [
        ("Europe/Berlin", 0.97),
        ("Asia/Kolkata", 0.95),
        ("America/New_York", 0.95),
    ];
    for (zone, goal) in zones {
        println!("  {zone}");
        let outcomes = outcomes(zone, WORLDS)?;
        for (way, it) in Way::ALL.into_iter().zip(outcomes) {
            let (works, hours, lost) = (it.one_works, it.in_hours, it.blocks_lost);
            let goal = match way {
                Way::Score => format!("  goal {goal}: {}", verdict(works >= goal)),
                _ => String::new(),
            };
            let name = way.name();
            println!("    {name:<18} {works:.3}  ({hours:.2}, {lost:.2}){goal}");
        }
    }
    Ok(())
}
