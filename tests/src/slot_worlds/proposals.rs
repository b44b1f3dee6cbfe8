//! Does one of four proposed times work for the candidate? An experiment, the same in every run.
//!
//! The panel: two people in Berlin who work from nine to five and have two to five interviews a day
//! of half an hour to an hour. The candidate sleeps from nine to seven where they are, and is free
//! in each half of each working day with a chance of six in ten, before nine and after five with
//! four in ten, each for itself; nothing is known of that when times are proposed. Owns the four
//! ways to propose and what each comes to.

use std::collections::HashMap;

use anyhow::Context as _;
use greenroom_protocol::pipeline::PanelRule;
use greenroomd::schedule::civil::Civil;
use greenroomd::schedule::predicate::Limits;
use greenroomd::schedule::ranges::{Seconds, around, merged};
use greenroomd::schedule::slots::{Offered, Scores, World, best, offered};

use super::{DAY, Person, candidate, working_week, world};
use crate::seed::Random;

/// 2026-11-30T00:00:00Z, a Monday.
const MONDAY: i64 = 1_795_996_800;

/// Days that are searched.
const DAYS: i64 = 14;

/// Times of a proposal.
const TIMES: usize = 4;

const HOUR: i64 = 3600;
const INTERVIEW: i64 = 45 * 60;
const BLOCK: i64 = 90 * 60;

/// How often a candidate is free in a part of a day, of a hundred.
const FREE_IN_HOURS: usize = 60;
const FREE_BESIDE: usize = 40;

/// A way to choose which times are proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The first four.
    First,
    /// Four by chance.
    Chance,
    /// The first of each of four days.
    FirstOfDays,
    /// By the score, as the product does it.
    Score,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::First, Self::Chance, Self::FirstOfDays, Self::Score];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first four",
            Self::Chance => "four by chance",
            Self::FirstOfDays => "first of four days",
            Self::Score => "by the score",
        }
    }
}

/// What a way came to over many worlds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcome {
    /// The share of worlds in which the candidate could come to one of the times.
    pub one_works: f64,
    /// The share of times from nine to five for the candidate.
    pub in_hours: f64,
    /// Stretches of 90 minutes of the panel that a time takes, on average.
    pub blocks_lost: f64,
}

/// What each way comes to for candidates in a zone, in the order of [`Way::ALL`].
///
/// # Errors
/// There is no such zone, or a world without any time.
pub fn outcomes(zone: &str, worlds: u64) -> anyhow::Result<[Outcome; 4]> {
    let mut sums = [Outcome::default(); 4];
    for seed in 0..worlds {
        let mut chance = Random::of(seed);
        let span = MONDAY..MONDAY + DAYS * DAY;
        let people = [panelist(&mut chance), panelist(&mut chance)];
        let theirs = candidate(zone, &span)?;
        let world = world(
            &people,
            PanelRule::AllOf,
            "Europe/Berlin",
            Some(theirs),
            &span,
        )?;
        let found = offered(&world, &span);
        let first = found.first().context("a world without any time")?.start;
        let mut free = Free::new(&world, &span, seed)?;
        for (way, sum) in Way::ALL.into_iter().zip(&mut sums) {
            let picked = pick(way, &world, &found, (&span, first), &mut chance);
            let share = 1.0 / picked.len() as f64;
            let works = picked.iter().any(|it| free.is(it.start));
            sum.one_works += f64::from(u8::from(works));
            for it in &picked {
                sum.in_hours += share * f64::from(u8::from(free.is_in_hours(it.start)));
                sum.blocks_lost += share * blocks_lost(&world, it.start) as f64;
            }
        }
    }
    let mean = |sum: f64| sum / worlds as f64;
    Ok(sums.map(|sum| Outcome {
        one_works: mean(sum.one_works),
        in_hours: mean(sum.in_hours),
        blocks_lost: mean(sum.blocks_lost),
    }))
}

/// Someone in Berlin with interviews on every working day. In winter nine is 08:00 UTC.
fn panelist(chance: &mut Random) -> Person {
    let mut interviews = Vec::new();
    for day in (0..DAYS).filter(|day| day % 7 < 5) {
        let nine = MONDAY + day * DAY + 8 * HOUR;
        for _ in 0..2 + chance.below(4) {
            let start = nine + 900 * chance.below(30) as i64;
            interviews.push(start..start + 900 * (2 + chance.below(3)) as i64);
        }
    }
    Person::new(
        "Europe/Berlin",
        working_week(9 * 60, 17 * 60),
        &merged(interviews),
    )
}

fn pick(
    way: Way,
    world: &World,
    found: &[Offered],
    (span, first): (&Seconds, i64),
    chance: &mut Random,
) -> Vec<Offered> {
    match way {
        Way::First => found.iter().take(TIMES).cloned().collect(),
        Way::Chance => {
            let any = std::iter::repeat_with(|| chance.below(found.len())).take(TIMES);
            any.filter_map(|at| found.get(at)).cloned().collect()
        }
        Way::FirstOfDays => {
            let mut days: Vec<Offered> = found.to_vec();
            days.dedup_by_key(|it| it.start.div_euclid(DAY));
            days.truncate(TIMES);
            days
        }
        Way::Score => best(world, found, &Scores::new(world, span, first), TIMES),
    }
}

/// When the candidate is free.
struct Free {
    civil: Civil,
    seed: u64,
    known: HashMap<(i64, i64), bool>,
}

impl Free {
    fn new(world: &World, span: &Seconds, seed: u64) -> anyhow::Result<Self> {
        let limits = world.candidate.as_ref().map(|it| &it.limits);
        let Some(Limits::Nights(nights)) = limits else {
            anyhow::bail!("a candidate without a zone");
        };
        Ok(Self {
            civil: Civil::of(&nights.place.zone, span),
            seed,
            known: HashMap::new(),
        })
    }

    fn is_in_hours(&self, start: i64) -> bool {
        let second = self.civil.second_of_day(start);
        9 * HOUR <= second && second + INTERVIEW <= 17 * HOUR
    }

    /// In each part of a day that the interview has something of.
    fn is(&mut self, start: i64) -> bool {
        let day = self.civil.day(start);
        let second = self.civil.second_of_day(start);
        let parts = [second, second + INTERVIEW - 1].map(part);
        parts.into_iter().all(|part| {
            // By the part alone, so that no way has an influence on what is found of another.
            let seed = self.seed.rotate_left(32) ^ (day * 4 + part).unsigned_abs();
            let often = if part == 1 || part == 2 {
                FREE_IN_HOURS
            } else {
                FREE_BESIDE
            };
            let drawn = || Random::of(seed).below(100) < often;
            *self.known.entry((day, part)).or_insert_with(drawn)
        })
    }
}

/// Before nine, the two halves of the hours, after five.
fn part(second: i64) -> i64 {
    match second {
        ..32_400 => 0,
        32_400..46_800 => 1,
        46_800..61_200 => 2,
        _ => 3,
    }
}

/// What of the panel's stretches of 90 minutes an interview takes.
fn blocks_lost(world: &World, start: i64) -> i64 {
    let blocks = |seconds: i64| seconds.max(0) / BLOCK;
    let of = |(_, party): &(_, greenroomd::schedule::predicate::Party)| {
        let Limits::WorkDays(days) = &party.limits else {
            return 0;
        };
        let Some(open) = around(&days.hours.open, start) else {
            return 0;
        };
        let taken = party
            .busy
            .iter()
            .map(|it| it.start.second()..it.end.second());
        let taken: Vec<Seconds> = taken.collect();
        let ends = taken.iter().map(|it| it.end).filter(|end| *end <= start);
        let begins = taken.iter().map(|it| it.start);
        let begins = begins.filter(|begins| start + INTERVIEW <= *begins);
        let from = ends.max().unwrap_or(open.start).max(open.start);
        let to = begins.min().unwrap_or(open.end).min(open.end);
        blocks(to - from) - blocks(start - from) - blocks(to - start - INTERVIEW)
    };
    world.people.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The score proposes what works more often than the first times do, wherever the candidate is,
    /// more often in their working hours, and for less of the panel's time.
    #[test]
    fn one_of_four_works_most_often_by_the_score() {
        for zone in ["Europe/Berlin", "Asia/Kolkata", "America/New_York"] {
            let [first, by_chance, of_days, score] = outcomes(zone, 60).unwrap();
            assert!(
                score.one_works > first.one_works + 0.1,
                "{zone}: {score:?} {first:?}"
            );
            assert!(
                score.one_works >= of_days.one_works,
                "{zone}: {score:?} {of_days:?}"
            );
            assert!(
                score.one_works >= by_chance.one_works,
                "{zone}: {score:?} {by_chance:?}"
            );
            assert!(
                score.in_hours >= of_days.in_hours,
                "{zone}: {score:?} {of_days:?}"
            );
            for other in [first, by_chance, of_days] {
                assert!(
                    score.blocks_lost < other.blocks_lost,
                    "{zone}: {score:?} {other:?}"
                );
            }
        }
    }

    #[test]
    fn the_experiment_is_the_same_in_every_run() {
        let zone = "America/New_York";
        assert_eq!(outcomes(zone, 5).unwrap(), outcomes(zone, 5).unwrap());
    }
}
