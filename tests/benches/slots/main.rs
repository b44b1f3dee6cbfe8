//! How long it takes to find the times that work: the search alone, over made-up worlds, and the
//! call through the socket beside a plain one.
//!
//! Goals: 25 people of whom one is needed, over 28 days, in under 1 ms; 200 over 90 days in under
//! 20 ms.
//!
//! `cargo bench -p greenroom-tests --bench slots`

use std::time::Duration;

use anyhow::Result;
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use greenroom_protocol::schedule::{LaneKind, Planned, SlotQuery};
use greenroom_protocol::time::Instant;
use greenroom_tests::figures::{Times, timed, verdict};
use greenroom_tests::harness::{World as Daemon, add_candidate, add_job};
use greenroomd::schedule::busy::{Buffer, Interval, TakenBy};
use greenroomd::schedule::hours::{self, Hours};
use greenroomd::schedule::predicate::{Limits, Party, Place, Rules, WorkDays};
use greenroomd::schedule::slots::{Scores, World, best, offered};
use tokio::runtime::Runtime;

const DAY: i64 = 24 * 3600;

/// 2026-11-30T00:00:00Z, a Monday.
const MONDAY: i64 = 1_795_996_800;

/// Interviews of each person a working day.
const A_DAY: i64 = 3;

/// Searches of each size.
const ROUNDS: usize = 200;

/// Zones that people are spread over.
const ZONES: [&str; 4] = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Sydney",
];

fn main() -> Result<()> {
    for (people, days, goal) in [(25, 28, 1), (200, 90, 20)] {
        let goal = Duration::from_millis(goal);
        let world = world(people, days)?;
        let span = MONDAY..MONDAY + days * DAY;
        let searches = (0..ROUNDS).map(|_| timed(|| offered(&world, &span)).0);
        let times = Times::of(searches.collect());
        let found = offered(&world, &span);
        let met = verdict(times.p50() <= goal);
        println!(
            "{people} people, {days} days: {} times offered",
            found.len()
        );
        println!("  search      {times}  goal {goal:?}: {met}");
        let first = found.first().map_or(span.start, |it| it.start);
        let picks = (0..ROUNDS / 4).map(|_| {
            let pick = || best(&world, &found, &Scores::new(&world, &span, first), 4);
            timed(pick).0
        });
        println!("  best four   {}", Times::of(picks.collect()));
    }
    Runtime::new()?.block_on(through_the_socket())
}

/// Everybody is a member of one group of which one is needed.
fn world(people: usize, days: i64) -> Result<World> {
    let span = MONDAY - 2 * DAY..MONDAY + (days + 2) * DAY;
    let mut all = Vec::new();
    for number in 0..people {
        let zone = ZONES[number % ZONES.len()];
        let place = Place::of(zone).ok_or_else(|| anyhow::anyhow!("no zone {zone}"))?;
        let open: Vec<_> = hours::local(&[hours::assumed()], &place.zone, &span);
        let seed = i64::try_from(number)?;
        let taken = open.iter().flat_map(|day| {
            (0..A_DAY).map(move |at| {
                let late = (seed * 37 + at * 150 + day.start / DAY * 15) % 435 * 60;
                interview(day.start + late, 45 * 60)
            })
        });
        let party = Party {
            kind: LaneKind::Member,
            id: number.to_string(),
            name: format!("Person {number}"),
            capacity: 1,
            busy: taken.collect(),
            limits: Limits::WorkDays(WorkDays {
                hours: Hours {
                    open: open.clone().into(),
                    assumed: true,
                },
                windows: None,
                buffer: Buffer {
                    before: 5,
                    after: 10,
                },
                most_a_day: 5,
                place,
            }),
        };
        all.push((MemberId::new(), party));
    }
    let berlin = Place::of(ZONES[0]).ok_or_else(|| anyhow::anyhow!("no Berlin"))?;
    Ok(World {
        now: Instant::from_second(MONDAY),
        minutes: 45,
        zone: berlin.zone,
        step: 15,
        rules: Rules::default(),
        candidate: Party {
            kind: LaneKind::Candidate,
            id: "candidate".into(),
            name: "Ana".into(),
            capacity: 1,
            busy: [interview(MONDAY + DAY, 3600)].into_iter().collect(),
            limits: Limits::None,
        },
        host: None,
        host_rules: None,
        except: None,
        groups: vec![PanelGroup {
            rule: PanelRule::AnyOf,
            members: all.iter().map(|(id, _)| *id).collect(),
        }],
        people: all,
        talks: Vec::new(),
    })
}

fn interview(start: i64, seconds: i64) -> Interval {
    Interval {
        start: Instant::from_second(start),
        end: Instant::from_second(start + seconds),
        taken_by: TakenBy::Interview {
            id: InterviewId::new(),
            planned: false,
        },
        kept_free: Buffer::default(),
    }
}

/// A recruiter's usual question, beside a call that only reads a list.
async fn through_the_socket() -> Result<()> {
    let daemon = Daemon::start(env!("CARGO_BIN_EXE_demo")).await?;
    let (client, _) = daemon.set_up().await?;
    let job = add_job(&client, "Backend Engineer").await?.title;
    add_candidate(&client, "Ana Lima", "ana@mail.example", &job).await?;
    let query = SlotQuery {
        planned: Planned {
            candidate: Some("ana@mail.example".into()),
            kind: Some(MeetingType::Phone),
            ..Planned::default()
        },
        limit: Some(10),
        ..SlotQuery::default()
    };
    let (mut slots, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begun = std::time::Instant::now();
        client.slots(query.clone()).await?;
        slots.push(begun.elapsed());
        let begun = std::time::Instant::now();
        client.job_list().await?;
        plain.push(begun.elapsed());
    }
    let (slots, plain) = (Times::of(slots), Times::of(plain));
    println!("through the socket:");
    println!("  slots       {slots}");
    println!(
        "  a plain call{plain}  slots takes {:.2}x",
        slots.ratio(&plain)
    );
    Ok(())
}
