//! How good an offered time is, in whole numbers; higher is better.
//!
//! Invariant: the score is the sum of its parts, and each part can be named to people: what holds for
//! several of them alike is one reason. It decides the order of what is offered and nothing else: not
//! whether a time is offered.

use std::cell::OnceCell;

use greenroom_protocol::pipeline::PanelRule;
use greenroom_protocol::schedule::{SlotReason, SlotReasonCode};

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
    /// Each part, the weightiest first.
    pub why: Vec<SlotReason>,
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
    of: Vec<&'a Party>,
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
            why: parts.iter().map(Part::reason).collect(),
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
                of: vec![party],
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
            of: vec![candidate],
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
                of: vec![party],
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
        let others = others.filter(|it| it.start < it.end && !it.is_of(self.world.own));
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
                let is_named = |it: &&Party| same.of.iter().any(|other| other.id == it.id);
                let new = part.of.into_iter().filter(|it| !is_named(it));
                let new: Vec<_> = new.collect();
                same.of.extend(new);
            }
            None => all.push(part),
        }
    }
    all
}

impl Part<'_> {
    fn reason(&self) -> SlotReason {
        let (code, amount) = self.what.told();
        SlotReason {
            code,
            points: i32::try_from(self.points).unwrap_or(i32::MIN),
            amount: amount.and_then(|it| u32::try_from(it).ok()),
            who: self.of.iter().map(|party| party.who()).collect(),
        }
    }
}

impl What {
    /// What it is called, and how much of it there is.
    fn told(self) -> (SlotReasonCode, Option<i64>) {
        use SlotReasonCode as Code;
        match self {
            Self::Waiting(days) => (Code::Later, Some(days)),
            Self::Outside(hours) => (Code::OutsideUsualHours, Some(hours)),
            Self::NotPreferred => (Code::NotPreferred, None),
            Self::NoTime => (Code::OptionalBusy, None),
            Self::OverLunch => (Code::OverLunch, None),
            Self::Others(count) => (Code::OtherInterviews, i64::try_from(count).ok()),
            Self::NextTo => (Code::NextToAnother, None),
            Self::Rest(minutes) => (Code::ShortBreak, Some(minutes)),
            Self::Blocks(lost) => (Code::SplitsFreeTime, Some(lost)),
        }
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::schedule::LaneKind;

    use super::*;
    use crate::schedule::busy::Busy;

    fn person(name: &str) -> Party {
        Party {
            kind: LaneKind::Member,
            id: name.to_lowercase(),
            name: name.to_owned(),
            capacity: 1,
            busy: Busy::default(),
            limits: Limits::None,
        }
    }

    #[test]
    fn what_holds_for_several_is_one_reason_and_the_sum_is_the_same() {
        let people = ["Sam", "Lena", "Mina", "Kofi"].map(person);
        let [sam, lena, mina, kofi] = &people;
        let part = |points: i64, what: What, of| Part {
            points,
            what,
            of: vec![of],
        };
        let all = together(vec![
            part(-5, What::Blocks(1), sam),
            part(-2, What::Others(1), sam),
            part(-5, What::Blocks(1), lena),
            part(-10, What::Blocks(2), mina),
            part(-5, What::Blocks(1), kofi),
            part(-2, What::Others(1), kofi),
            part(4, What::NextTo, mina),
            part(4, What::NextTo, mina),
        ]);
        let told: Vec<_> = all.iter().map(Part::reason).collect();
        let reason = |code, points, amount, of: &[&Party]| SlotReason {
            code,
            points,
            amount,
            who: of.iter().map(|it| it.who()).collect(),
        };
        use SlotReasonCode as Code;
        let expected = [
            reason(Code::SplitsFreeTime, -15, Some(1), &[sam, lena, kofi]),
            reason(Code::OtherInterviews, -4, Some(1), &[sam, kofi]),
            reason(Code::SplitsFreeTime, -10, Some(2), &[mina]),
            reason(Code::NextToAnother, 8, None, &[mina]),
        ];
        assert_eq!(told, expected);
    }
}
