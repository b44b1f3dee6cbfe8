//! The best of the offered times, as a proposal would name them.
//!
//! Invariants: they do not overlap, and two of a day begin at least the interview and 75 minutes
//! apart; each is the best that is left once it counts how near it is to those picked before; of
//! equals the earlier is taken, then the one with the lesser people.

use std::collections::HashMap;

use super::{Offered, Scores, World};
use crate::schedule::civil::{Civil, DAY};

/// Minutes between the end of one offer of a day and the start of the next.
const APART: i64 = 75 * 60;

/// When the second half of a day begins for the candidate.
const NOON: i64 = 12 * 3600 + 30 * 60;

/// What a time loses for each one picked before it.
const SAME_HALF: i64 = 25;
const SAME_DAY: i64 = 12;
const SAME_TIME_OF_DAY: i64 = 8;

/// Where a time lies for the candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Half {
    day: i64,
    is_second: bool,
}

impl Half {
    fn of(civil: &Civil, start: i64) -> Self {
        Self {
            day: civil.day(start),
            is_second: civil.second_of_day(start).rem_euclid(DAY) >= NOON,
        }
    }
}

/// At most `limit` of the offered times, the best first.
#[must_use]
pub fn best(world: &World, offered: &[Offered], scores: &Scores<'_>, limit: usize) -> Vec<Offered> {
    let civil = scores.candidate();
    let mut left: Vec<(i64, Half, &Offered)> = offered
        .iter()
        .map(|it| (scores.sum(it), Half::of(civil, it.start), it))
        .collect();
    let ids = |it: &Offered| -> Vec<_> {
        let ids = it.people.iter().map(|place| world.people[*place].0);
        ids.collect()
    };
    let mut counts = HashMap::<Half, i64>::new();
    let mut second_halves = [0_i64; 2];
    let mut picked: Vec<Offered> = Vec::new();
    while picked.len() < limit {
        let worth = |base: i64, half: &Half| {
            let of = |is_second| {
                counts
                    .get(&Half { is_second, ..*half })
                    .copied()
                    .unwrap_or_default()
            };
            let (same, other) = (of(half.is_second), of(!half.is_second));
            let elsewhere = second_halves[usize::from(half.is_second)] - same;
            base - SAME_HALF * same - SAME_DAY * other - SAME_TIME_OF_DAY * elsewhere
        };
        let best = left
            .iter()
            .max_by(|(base, half, it), (other_base, other_half, other)| {
                let worth = worth(*base, half).cmp(&worth(*other_base, other_half));
                let earlier = other.start.cmp(&it.start);
                worth.then(earlier).then_with(|| ids(other).cmp(&ids(it)))
            });
        let Some((_, half, best)) = best.copied() else {
            break;
        };
        *counts.entry(half).or_default() += 1;
        second_halves[usize::from(half.is_second)] += 1;
        picked.push(best.clone());
        let length = world.length();
        left.retain(|(_, other, it)| {
            let apart = match other.day == half.day {
                true => length + APART,
                false => length,
            };
            (it.start - best.start).abs() >= apart
        });
    }
    picked
}
