//! Whose time is taken, when, and by what.
//!
//! Owns intervals, the UTC weeks they are kept in, and how many there are at once. Invariants: an
//! interval is half open (`start` is taken, `end` is free), so interviews may follow each other
//! without a gap; one that stands in several weeks counts once; and what takes time in a way this
//! version does not know is taken time, never free.

use std::ops::RangeInclusive;
use std::sync::Arc;

use greenroom_protocol::id::{InterviewId, OutreachId};
use greenroom_protocol::time::Instant;

const WEEK: i64 = 7 * 24 * 3600;

/// 1970-01-05T00:00:00Z, the first Monday.
const FIRST_MONDAY: i64 = 4 * 24 * 3600;

/// What takes a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TakenBy {
    /// An interview booked here.
    Interview {
        /// Which.
        id: InterviewId,
        /// Not confirmed yet.
        planned: bool,
    },
    /// A slot of a proposal, until its candidate has answered.
    HeldSlot {
        /// Whose proposal.
        outreach: OutreachId,
        /// Its number in the proposal.
        n: u8,
        /// Whether one other proposal may have it too: the first answer gets it.
        shared: bool,
    },
    /// What a calendar says that others keep. It is advice, and never stands in ours.
    Elsewhere,
    /// Something that only a later version knows.
    Unknown,
}

/// Who took a stretch of time: an interview takes one, an outreach several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// An interview.
    Interview(InterviewId),
    /// An outreach, with every slot it holds.
    Outreach(OutreachId),
}

/// What is judged again, and what is kept for it: the time that either took is in the way of others,
/// and not in its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Own {
    /// The interview itself.
    pub interview: Option<InterviewId>,
    /// The outreach whose slots are held for it: the open one of its application.
    pub outreach: Option<OutreachId>,
    /// Whether it may have a slot that one other proposal holds and shares: see
    /// [`Busy::in_the_way`].
    pub shares: bool,
}

impl TakenBy {
    /// Who took it; `None`: nobody known here.
    #[must_use]
    pub fn holder(self) -> Option<Holder> {
        match self {
            Self::Interview { id, .. } => Some(Holder::Interview(id)),
            Self::HeldSlot { outreach, .. } => Some(Holder::Outreach(outreach)),
            Self::Elsewhere | Self::Unknown => None,
        }
    }

    /// The interview it is, if it is one.
    #[must_use]
    pub fn interview(self) -> Option<InterviewId> {
        match self.holder() {
            Some(Holder::Interview(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether it takes the place of `other` when it is written: an interview has one time, a slot
    /// of a proposal one time each.
    #[must_use]
    pub fn replaces(self, other: Self) -> bool {
        match (self, other) {
            (Self::Interview { id, .. }, Self::Interview { id: other, .. }) => id == other,
            (Self::HeldSlot { .. }, Self::HeldSlot { .. }) => self == other,
            _ => false,
        }
    }
}

/// The most minutes that are kept free on one side of an interview.
pub const MOST_BUFFER: u32 = 240;

/// Minutes kept free around an interview, at most [`MOST_BUFFER`] each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Buffer {
    /// Before it.
    pub before: u32,
    /// After it.
    pub after: u32,
}

/// A stretch of time that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// From.
    pub start: Instant,
    /// Up to.
    pub end: Instant,
    /// By what.
    pub taken_by: TakenBy,
    /// What was to stay free around it when it was taken.
    pub kept_free: Buffer,
}

impl Interval {
    /// Whether it has a part of `start` up to `end`; one without length has none.
    #[must_use]
    pub fn overlaps(&self, start: Instant, end: Instant) -> bool {
        self.start < self.end && self.start < end && start < self.end
    }

    /// Whether `holder` took it.
    #[must_use]
    pub fn is_held_by(&self, holder: Holder) -> bool {
        self.taken_by.holder() == Some(holder)
    }

    /// Whether it is a slot from `start` to `end` that one other proposal may have too.
    #[must_use]
    pub fn is_shared(&self, start: Instant, end: Instant) -> bool {
        let shared = matches!(self.taken_by, TakenBy::HeldSlot { shared: true, .. });
        shared && (self.start, self.end) == (start, end)
    }

    /// Whether it is time of what is judged, or was kept for it.
    #[must_use]
    pub fn is_of(&self, own: Own) -> bool {
        match self.taken_by.holder() {
            Some(Holder::Interview(id)) => own.interview == Some(id),
            Some(Holder::Outreach(id)) => own.outreach == Some(id),
            None => false,
        }
    }
}

/// The UTC weeks that `start` up to `end` touches, counted from the first Monday of 1970.
#[must_use]
pub fn weeks(start: Instant, end: Instant) -> RangeInclusive<i64> {
    let week = |second: i64| (second - FIRST_MONDAY).div_euclid(WEEK);
    let last = end.second().max(start.second() + 1) - 1;
    week(start.second())..=week(last)
}

/// When a week begins.
#[must_use]
pub fn beginning(week: i64) -> Instant {
    Instant::from_second(week.saturating_mul(WEEK).saturating_add(FIRST_MONDAY))
}

/// A week that cannot be read: all of it is taken, for what is not known is not free.
#[must_use]
pub fn unread(week: i64) -> Interval {
    Interval {
        start: beginning(week),
        end: beginning(week.saturating_add(1)),
        taken_by: TakenBy::Unknown,
        kept_free: Buffer::default(),
    }
}

/// A calendar that others keep of somebody, beside ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherCalendar {
    /// What it is called here.
    pub name: String,
    /// When it was last read; `None`: it never was.
    pub read_at: Option<Instant>,
    /// Up to when it is known.
    pub known_to: Instant,
    /// How long what was read is good for, in seconds.
    pub good_for: i64,
    /// Why it cannot be read, where it cannot.
    pub fault: Option<String>,
}

impl OtherCalendar {
    /// From when on it is not known any more, as of `now`; `None`: it is not known at all, for it
    /// is too old or was never read.
    #[must_use]
    pub fn known_until(&self, now: Instant) -> Option<Instant> {
        let is_good = |read: Instant| now.second() - read.second() <= self.good_for;
        self.read_at.is_some_and(is_good).then_some(self.known_to)
    }
}

/// Somebody's taken time over some weeks, shared with its owner: taking it copies nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Busy {
    weeks: Vec<(i64, Arc<[Interval]>)>,
    others: Vec<OtherCalendar>,
}

impl Busy {
    /// The time of these weeks, ascending; each with all that touches it. A week may stand there
    /// several times, once for each calendar that has something in it.
    #[must_use]
    pub fn of(weeks: Vec<(i64, Arc<[Interval]>)>) -> Self {
        Self {
            weeks,
            others: Vec::new(),
        }
    }

    /// With the weeks of a calendar that others keep, ascending.
    #[must_use]
    pub fn beside(
        mut self,
        calendar: OtherCalendar,
        weeks: impl Iterator<Item = (i64, Arc<[Interval]>)>,
    ) -> Self {
        self.weeks.extend(weeks);
        self.others.push(calendar);
        self
    }

    /// The calendars that others keep, whose times are among these.
    #[must_use]
    pub fn others(&self) -> &[OtherCalendar] {
        &self.others
    }

    /// Each interval once, by week.
    pub fn iter(&self) -> impl Iterator<Item = &Interval> {
        let weeks = self.weeks.iter().enumerate();
        weeks.flat_map(|(place, (week, intervals))| {
            let begins = beginning(*week);
            let earlier = self.weeks[..place].iter();
            let before: Vec<_> = earlier.filter(|(other, _)| *other == week - 1).collect();
            // What reaches over a week's end stands in both.
            let is_known = move |it: &Interval| {
                it.start < begins && before.iter().any(|(_, before)| before.contains(it))
            };
            intervals.iter().filter(move |it| !is_known(it))
        })
    }

    /// What has a part of `start` up to `end`, by start.
    #[must_use]
    pub fn between(&self, start: Instant, end: Instant) -> Vec<Interval> {
        let near = self.iter().filter(|it| it.overlaps(start, end));
        let mut found: Vec<_> = near.copied().collect();
        found.sort_by_key(|it| it.start);
        found
    }

    /// What is in the way of `start` up to `end`, what is its `own` aside; by start, end and what it
    /// is. For what shares, the very same slot that one other proposal shares is not: a slot has two
    /// holders at most.
    #[must_use]
    pub fn in_the_way(&self, start: Instant, end: Instant, own: Own) -> Vec<Interval> {
        let mut found = self.between(start, end);
        found.retain(|it| !it.is_of(own));
        let shared = found.iter().filter(|it| it.is_shared(start, end)).count();
        if own.shares && shared == 1 {
            found.retain(|it| !it.is_shared(start, end));
        }
        found.sort();
        found
    }
}

impl FromIterator<Interval> for Busy {
    fn from_iter<I: IntoIterator<Item = Interval>>(intervals: I) -> Self {
        let mut intervals: Vec<_> = intervals.into_iter().collect();
        intervals.sort();
        Self::of(vec![(0, intervals.into())])
    }
}

/// Whether nobody who can be in `capacity` at once has a place left while `it` lasts, of the `others`
/// there are from `start` to `end`.
#[must_use]
pub fn fills(
    others: &[Interval],
    it: &Interval,
    (start, end): (Instant, Instant),
    capacity: usize,
) -> bool {
    most_at_once(others, it.start.max(start), it.end.min(end)) >= capacity
}

/// How many of `busy` there are at once, at most, between `start` and `end`.
#[must_use]
pub fn most_at_once(busy: &[Interval], start: Instant, end: Instant) -> usize {
    let near: Vec<&Interval> = busy.iter().filter(|it| it.overlaps(start, end)).collect();
    // The count can only rise where something starts, so looking at those moments is enough.
    near.iter()
        .map(|it| it.start.max(start))
        .map(|moment| {
            near.iter()
                .filter(|it| it.start <= moment && moment < it.end)
                .count()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_second(minute * 60)
    }

    fn taken(start: i64, end: i64) -> Interval {
        Interval {
            start: at(start),
            end: at(end),
            taken_by: TakenBy::Interview {
                id: InterviewId::new(),
                planned: false,
            },
            kept_free: Buffer::default(),
        }
    }

    #[test]
    fn interviews_may_follow_each_other() {
        let taken = taken(60, 105);
        let busy = Busy::from_iter([taken]);
        let nothing = Own::default();
        assert_eq!(busy.in_the_way(at(105), at(150), nothing), []);
        assert_eq!(busy.in_the_way(at(15), at(60), nothing), []);
        assert_eq!(busy.in_the_way(at(104), at(105), nothing), [taken]);
        let itself = Own {
            interview: taken.taken_by.interview(),
            ..Own::default()
        };
        assert_eq!(busy.in_the_way(at(104), at(105), itself), []);
    }

    #[test]
    fn what_has_no_length_is_in_nobodys_way() {
        let busy = Busy::from_iter([taken(70, 70)]);
        assert_eq!(busy.in_the_way(at(60), at(105), Own::default()), []);
    }

    #[test]
    fn five_slots_of_one_proposal_are_five_and_are_set_aside_together() {
        let outreach = OutreachId::new();
        let slot = |n: u8| Interval {
            taken_by: TakenBy::HeldSlot {
                outreach,
                n,
                shared: false,
            },
            ..taken(i64::from(n) * 60, i64::from(n) * 60 + 45)
        };
        let busy: Busy = (0..5).map(slot).collect();
        assert_eq!(busy.in_the_way(at(0), at(600), Own::default()).len(), 5);
        let own = Own {
            interview: Some(InterviewId::new()),
            outreach: Some(outreach),
            shares: false,
        };
        assert_eq!(busy.in_the_way(at(0), at(600), own), []);
        assert!(!slot(1).taken_by.replaces(slot(2).taken_by));
        assert!(slot(1).taken_by.replaces(slot(1).taken_by));
    }

    #[test]
    fn a_shared_slot_has_two_holders_at_most_and_both_the_very_same_time() {
        let slot = |shared| Interval {
            taken_by: TakenBy::HeldSlot {
                outreach: OutreachId::new(),
                n: 1,
                shared,
            },
            ..taken(60, 105)
        };
        let sharing = Own {
            shares: true,
            ..Own::default()
        };
        let (shared, second, own) = (slot(true), slot(true), slot(false));
        let ways = |busy: &[Interval], from, to, own| {
            let busy = Busy::from_iter(busy.iter().copied());
            busy.in_the_way(at(from), at(to), own).len()
        };
        for (busy, from, to, who, expected) in [
            (&[shared][..], 60, 105, sharing, 0),
            (&[shared], 60, 105, Own::default(), 1),
            // Not a part of it, nor what is longer.
            (&[shared], 60, 90, sharing, 1),
            (&[shared], 45, 105, sharing, 1),
            // It has two holders, or is nobody's to share.
            (&[shared, second], 60, 105, sharing, 2),
            (&[own], 60, 105, sharing, 1),
            (&[shared, own], 60, 105, sharing, 1),
            (&[shared, taken(60, 105)], 60, 105, sharing, 1),
        ] {
            assert_eq!(ways(busy, from, to, who), expected, "{busy:?} {from} {to}");
        }
    }

    #[test]
    fn what_a_later_version_wrote_is_taken_and_nobody_sets_it_aside() {
        let unknown = Interval {
            taken_by: TakenBy::Unknown,
            ..taken(60, 105)
        };
        let busy = Busy::from_iter([unknown, unknown]);
        let own = Own {
            interview: Some(InterviewId::new()),
            outreach: Some(OutreachId::new()),
            shares: true,
        };
        assert_eq!(busy.in_the_way(at(60), at(61), own), [unknown, unknown]);
        assert_eq!(most_at_once(&[unknown, unknown], at(60), at(61)), 2);
        assert!(!unknown.taken_by.replaces(unknown.taken_by));
    }

    #[test]
    fn an_interview_over_midnight_on_sunday_touches_two_weeks_and_counts_once() {
        let monday = Instant::from_second(FIRST_MONDAY + 2900 * WEEK);
        let (start, end) = (monday.plus_minutes(-30), monday.plus_minutes(30));
        assert_eq!(weeks(start, end), 2899..=2900);
        assert_eq!(weeks(start, monday), 2899..=2899);
        assert_eq!(weeks(monday, monday.plus_minutes(1)), 2900..=2900);
        assert_eq!(beginning(2900), monday);

        let over = Interval {
            start,
            end,
            taken_by: TakenBy::Unknown,
            kept_free: Buffer::default(),
        };
        let both = || -> Arc<[Interval]> { [over, over].into() };
        let busy = Busy::of(vec![(2899, both()), (2900, both())]);
        assert_eq!(busy.in_the_way(start, end, Own::default()), [over, over]);
        // Where the week before was not asked for, it is not lost.
        let busy = Busy::of(vec![(2900, both())]);
        assert_eq!(busy.in_the_way(monday, end, Own::default()), [over, over]);
    }

    proptest! {
        #[test]
        fn the_most_at_once_is_what_counting_every_minute_finds(
            interviews in proptest::collection::vec((0i64..120, 1i64..60), 0..12),
            start in 0i64..120,
            length in 1i64..60,
        ) {
            let busy: Vec<_> = interviews
                .iter()
                .map(|(start, length)| taken(*start, start + length))
                .collect();
            let counted = (start..start + length)
                .map(|minute| busy.iter().filter(|it| it.overlaps(at(minute), at(minute + 1))).count())
                .max()
                .unwrap_or(0);
            prop_assert_eq!(most_at_once(&busy, at(start), at(start + length)), counted);
            let busy: Busy = busy.into_iter().collect();
            let nothing = Own::default();
            let in_the_way = busy.in_the_way(at(start), at(start + length), nothing);
            prop_assert_eq!(in_the_way.is_empty(), counted == 0);
        }
    }
}
