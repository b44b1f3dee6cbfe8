//! How good an offered time is, in whole numbers; higher is better.
//!
//! Invariant: the score is the sum of its parts, and each part can be named to people: what holds for
//! several of them alike is said once. It decides the order of what is offered and nothing else: not
//! whether a time is offered.

use std::cell::OnceCell;

use greenroom_protocol::pipeline::PanelRule;

use super::free::counts;
use super::{Offered, World, free};
use crate::schedule::busy::Interval;
use crate::schedule::civil::{Civil, DAY, working_days};
use crate::schedule::predicate::{Limits, Party};
use crate::schedule::ranges::{Seconds, around, common, merged};

/// Seconds of an hour.
const HOUR: i64 = 3600;

/// Working days that still make a difference.
const MOST_DAYS: i64 = 10;

/// How long somebody rests between two interviews at least, unless they follow each other directly.
const REST: i64 = 45 * 60;

/// A stretch that is worth keeping whole.
const BLOCK: i64 = 90 * 60;

/// What a score comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// All parts together.
    pub sum: i32,
    /// Each part, for people, the weightiest first.
    pub why: Vec<String>,
}

/// What scores are made from, gathered once for all times of a search.
pub struct Scores<'a> {
    world: &'a World,
    /// The local day of the first time that is offered.
    first_day: i64,
    /// The times that are scored, and days around them.
    wide: Seconds,
    grid: Civil,
    candidate: Civil,
    people: Vec<OnceCell<Option<Busyness>>>,
    /// The optional people and the starts that suit them.
    optional: Vec<(&'a Party, Vec<Seconds>)>,
}

/// How somebody's days look.
struct Busyness {
    civil: Civil,
    /// Taken time, merged.
    taken: Vec<Seconds>,
    /// Interviews on each local day that has some, in order.
    per_day: Vec<(i64, usize)>,
    /// When they could be in an interview of the stage.
    open: Vec<Seconds>,
}

/// A part of a score.
struct Part<'a> {
    points: i64,
    what: What,
    /// Whom it is about; empty: the time.
    of: Vec<&'a str>,
}

/// What a part is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// Working days after the first possible day.
    Waiting(i64),
    /// Hours outside the usual ones, for the candidate.
    Outside(i64),
    /// Not when it was wished for.
    NotPreferred,
    /// Somebody who is optional has no time.
    NoTime,
    OverLunch,
    /// Other interviews on the day.
    Others(usize),
    NextTo,
    /// Minutes between two interviews.
    Rest(i64),
    /// Stretches of [`BLOCK`] that are no longer whole.
    Blocks(i64),
}

impl<'a> Scores<'a> {
    /// For times in `span`, the first of which is `first`.
    #[must_use]
    pub fn new(world: &'a World, span: &Seconds, first: i64) -> Self {
        let wide = span.start - 2 * DAY..span.end + 2 * DAY;
        let grid = Civil::of(&world.grid, &wide);
        let candidate = Civil::of(&world.candidate_zone, &wide);
        let places = world.places();
        let optional = world.of(PanelRule::Optional).flat_map(|it| &it.members);
        let optional = optional.filter_map(|id| places.get(id));
        let optional = optional.map(|place| {
            let party = &world.people[*place].1;
            (party, free::starts(world, party, span))
        });
        Self {
            world,
            first_day: grid.day(first),
            candidate,
            people: world.people.iter().map(|_| OnceCell::new()).collect(),
            optional: optional.collect(),
            grid,
            wide,
        }
    }

    /// The candidate's local time.
    pub(super) fn candidate(&self) -> &Civil {
        &self.candidate
    }

    /// The score of an offered time.
    #[must_use]
    pub fn of(&self, offered: &Offered) -> Score {
        let mut parts = together(self.parts(offered));
        let sum = parts.iter().map(|part| part.points).sum::<i64>();
        parts.sort_by_key(|part| -part.points.abs());
        Score {
            sum: i32::try_from(sum).unwrap_or(i32::MIN),
            why: parts
                .iter()
                .map(|part| format!("{:+} {}", part.points, part.what.of(&part.of)))
                .collect(),
        }
    }

    /// The score alone.
    #[must_use]
    pub fn sum(&self, offered: &Offered) -> i64 {
        self.parts(offered).iter().map(|part| part.points).sum()
    }

    fn parts(&self, offered: &Offered) -> Vec<Part<'_>> {
        let start = offered.start;
        let span = start..start + self.world.length();
        let mut parts = vec![self.waiting(start), self.wished(&span)];
        parts.extend(self.outside(&span));
        for (party, free) in &self.optional {
            let is_free = around(free, start).is_some();
            parts.push(Part {
                points: if is_free { 0 } else { -5 },
                what: What::NoTime,
                of: vec![&party.name],
            });
        }
        for place in offered.people.iter() {
            self.of_person(*place, &span, &mut parts);
        }
        parts.retain(|part| part.points != 0);
        parts
    }

    fn waiting(&self, start: i64) -> Part<'_> {
        let days = working_days(self.first_day, self.grid.day(start)).min(MOST_DAYS);
        Part {
            points: -3 * days,
            what: What::Waiting(days),
            of: Vec::new(),
        }
    }

    fn wished(&self, span: &Seconds) -> Part<'_> {
        Part {
            points: if self.world.wishes.prefer(span) {
                0
            } else {
                -15
            },
            what: What::NotPreferred,
            of: Vec::new(),
        }
    }

    /// Hours that the candidate spends before 09:00 and after 17:00, each started one.
    fn outside(&self, span: &Seconds) -> Option<Part<'_>> {
        let candidate = self.world.candidate.as_ref()?;
        let begins = self.candidate.second_of_day(span.start);
        let ends = begins + self.world.length();
        let started = |seconds: i64| (seconds.max(0) + HOUR - 1) / HOUR;
        let hours = started(9 * HOUR - begins) + started(ends - 17 * HOUR);
        Some(Part {
            points: -10 * hours,
            what: What::Outside(hours),
            of: vec![&candidate.name],
        })
    }

    fn of_person<'b>(&'b self, place: usize, span: &Seconds, parts: &mut Vec<Part<'b>>) {
        let party = &self.world.people[place].1;
        let Some(days) = self.people[place].get_or_init(|| self.busyness(party)) else {
            return;
        };
        let mut add = |points: i64, what: What| {
            parts.push(Part {
                points,
                what,
                of: vec![&party.name],
            });
        };
        let day = days.civil.day(span.start);
        let second = days.civil.second_of_day(span.start);
        let over_lunch = second < 13 * HOUR && second + self.world.length() > 12 * HOUR;
        add(if over_lunch { -6 } else { 0 }, What::OverLunch);
        let at = days.per_day.binary_search_by_key(&day, |(day, _)| *day);
        let count = at.map_or(0, |at| days.per_day[at].1);
        let points = -2 * i64::try_from(count).unwrap_or_default();
        add(points, What::Others(count));
        let next = days.taken.partition_point(|it| it.end <= span.start);
        let before = next.checked_sub(1).and_then(|at| days.taken.get(at));
        let after = days.taken.get(next);
        let rests = [
            before.map(|it| span.start - it.end),
            after.map(|it| it.start - span.end),
        ];
        for rest in rests.into_iter().flatten() {
            match rest {
                0 => add(4, What::NextTo),
                1..REST => add(-6, What::Rest(rest / 60)),
                _ => {}
            }
        }
        let Some(open) = around(&days.open, span.start) else {
            return;
        };
        let from = before.map_or(open.start, |it| it.end.max(open.start));
        let to = after.map_or(open.end, |it| it.start.min(open.end));
        let blocks = |seconds: i64| seconds.max(0) / BLOCK;
        let lost = blocks(to - from) - blocks(span.start - from) - blocks(to - span.end);
        add(-5 * lost, What::Blocks(lost));
    }

    /// `None`: it is not known how their days are.
    fn busyness(&self, party: &Party) -> Option<Busyness> {
        let Limits::WorkDays(days) = &party.limits else {
            return None;
        };
        let others = party.busy.iter();
        let others = others.filter(|it| it.start < it.end && !it.is_held_by(self.world.except));
        let taken: Vec<&Interval> = others.collect();
        let civil = Civil::of(&days.place.zone, &self.wide);
        let per_day = counts(&taken, |start| civil.day(start));
        let taken = taken.iter().map(|it| it.start.second()..it.end.second());
        let open = match &days.windows {
            Some(windows) => common(&days.hours.open, windows),
            None => days.hours.open.to_vec(),
        };
        Some(Busyness {
            taken: merged(taken.collect()),
            per_day,
            civil,
            open,
        })
    }
}

/// Parts for the same reason as one, of all whom it is about.
fn together(parts: Vec<Part<'_>>) -> Vec<Part<'_>> {
    let mut all: Vec<Part<'_>> = Vec::with_capacity(parts.len());
    for part in parts {
        match all.iter_mut().find(|it| it.what == part.what) {
            Some(same) => {
                same.points += part.points;
                let new = part.of.into_iter().filter(|it| !same.of.contains(it));
                let new: Vec<_> = new.collect();
                same.of.extend(new);
            }
            None => all.push(part),
        }
    }
    all
}

impl What {
    /// The same for people, of whom it is about.
    fn of(self, names: &[&str]) -> String {
        let who = listed(names);
        let several = names.len() > 1;
        let have = if several { "each have" } else { "has" };
        match self {
            Self::Waiting(1) => "a working day after the first possible day".to_owned(),
            Self::Waiting(days) => format!("{days} working days after the first possible day"),
            Self::Outside(hours) => format!("{hours} h outside 09:00–17:00 for {who}"),
            Self::NotPreferred => "outside the preferred hours".to_owned(),
            Self::NoTime if several => format!("{who} (optional) have no time"),
            Self::NoTime => format!("{who} (optional) has no time"),
            Self::OverLunch => format!("over lunch for {who}"),
            Self::Others(1) => format!("{who} {have} another interview that day"),
            Self::Others(more) => format!("{who} {have} {more} other interviews that day"),
            Self::NextTo => format!("right next to another interview of {who}"),
            Self::Rest(minutes) => format!("{minutes} min between two interviews of {who}"),
            Self::Blocks(lost) if several => {
                format!(
                    "takes {} of free time from each of {who}",
                    whole_blocks(lost)
                )
            }
            Self::Blocks(lost) => format!("takes {} of {who}'s free time", whole_blocks(lost)),
        }
    }
}

/// `Sam Ito, Lena Bauer and Mina Okafor`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

fn whole_blocks(count: i64) -> String {
    match count {
        1 => "90 min".to_owned(),
        more => format!("{more} times 90 min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part<'a>(points: i64, what: What, name: &'a str) -> Part<'a> {
        Part {
            points,
            what,
            of: vec![name],
        }
    }

    #[test]
    fn what_holds_for_several_is_said_once_and_the_sum_is_the_same() {
        let all = together(vec![
            part(-5, What::Blocks(1), "Sam"),
            part(-2, What::Others(1), "Sam"),
            part(-5, What::Blocks(1), "Lena"),
            part(-10, What::Blocks(2), "Mina"),
            part(-5, What::Blocks(1), "Kofi"),
            part(-2, What::Others(1), "Kofi"),
            part(4, What::NextTo, "Mina"),
            part(4, What::NextTo, "Mina"),
        ]);
        let said = all.iter().map(|it| (it.points, it.what.of(&it.of)));
        let said: Vec<_> = said.collect();
        let expected = [
            (
                -15,
                "takes 90 min of free time from each of Sam, Lena and Kofi",
            ),
            (-4, "Sam and Kofi each have another interview that day"),
            (-10, "takes 2 times 90 min of Mina's free time"),
            (8, "right next to another interview of Mina"),
        ];
        let expected: Vec<_> = expected.map(|(at, it)| (at, it.to_owned())).into();
        assert_eq!(said, expected);
    }
}
