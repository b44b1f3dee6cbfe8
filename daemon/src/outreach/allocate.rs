//! ★ How many times a candidate is proposed, and whether one other may have the same.
//!
//! Invariant: every proposal has two times at least and every time two holders at most, so there are
//! never more open proposals than times that are held or free. Must not find times; it only counts
//! and orders those that were found.

use greenroom_protocol::schedule::Slot;
use greenroom_protocol::workspace::ShareSlots;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Times of a full proposal, and free times there have to be for each who waits, so that nobody
/// has to share.
pub(super) const FULL: usize = 4;

/// Fewer are not proposed: nobody can choose from one.
pub(super) const LEAST: usize = 2;

/// What one in line gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Allocation {
    /// How many times, at most.
    pub times: usize,
    /// Whether one other may have each of them too; the email says so.
    pub shared: bool,
}

impl Allocation {
    /// A full proposal that nobody shares.
    pub const WHOLE: Self = Self {
        times: FULL,
        shared: false,
    };
}

/// What the next in line gets where so many interviews could follow each other in the times that
/// nobody holds, and so many wait, this one too.
pub(super) fn allocate(free: usize, waiting: usize, share: ShareSlots) -> Allocation {
    let needed = waiting.max(1).saturating_mul(FULL);
    match share {
        _ if free >= needed => Allocation::WHOLE,
        ShareSlots::WhenScarce => Allocation {
            times: FULL,
            shared: true,
        },
        ShareSlots::Never => Allocation {
            times: LEAST,
            shared: false,
        },
    }
}

/// The same times with the first `times` of them on two days of this zone, where there are two: who
/// can't make it on one day has another.
pub(super) fn over_two_days(mut slots: Vec<Slot>, times: usize, zone: &TimeZone) -> Vec<Slot> {
    let day = |slot: &Slot| -> Date { slot.start.timestamp().to_zoned(zone.clone()).date() };
    let (Some(first), Some(last)) = (slots.first().map(day), times.checked_sub(1)) else {
        return slots;
    };
    let same = slots.iter().take_while(|it| day(it) == first).count();
    if last > 0 && same > last && same < slots.len() {
        let other = slots.remove(same);
        slots.insert(last, other);
    }
    slots
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_times_are_shared_or_fewer_are_given() {
        const SCARCE: ShareSlots = ShareSlots::WhenScarce;
        for (free, waiting, share, times, shared) in [
            (4, 1, SCARCE, 4, false),
            (3, 1, SCARCE, 4, true),
            (0, 1, SCARCE, 4, true),
            (40, 10, SCARCE, 4, false),
            (39, 10, SCARCE, 4, true),
            (40, 10, ShareSlots::Never, 4, false),
            (39, 10, ShareSlots::Never, 2, false),
            // Nobody is in line: a person starts with one.
            (4, 0, SCARCE, 4, false),
        ] {
            let given = allocate(free, waiting, share);
            let expected = Allocation { times, shared };
            assert_eq!(given, expected, "{free} {waiting} {share:?}");
        }
    }

    fn slot(hour: i64) -> Slot {
        let start = Instant::from_second(hour * 3600);
        Slot {
            start,
            end: start.plus_minutes(45),
            interviewers: Vec::new(),
            score: 0,
            why: Vec::new(),
        }
    }

    #[test]
    fn the_times_are_of_two_days_where_there_are_two() {
        let hours = |hours: &[i64], times| -> Vec<i64> {
            let slots = hours.iter().map(|hour| slot(*hour)).collect();
            let spread = over_two_days(slots, times, &TimeZone::UTC);
            spread.iter().map(|it| it.start.second() / 3600).collect()
        };
        assert_eq!(hours(&[9, 11, 13, 15, 34, 36], 4), [9, 11, 13, 34, 15, 36]);
        assert_eq!(hours(&[9, 11, 34, 13, 15], 4), [9, 11, 34, 13, 15]);
        assert_eq!(hours(&[9, 11, 13], 4), [9, 11, 13]);
        assert_eq!(hours(&[9, 11, 13, 15, 17], 4), [9, 11, 13, 15, 17]);
        assert_eq!(hours(&[9, 11, 34], 2), [9, 34, 11]);
        assert!(hours(&[], 4).is_empty());
    }

    proptest! {
        /// Candidates who come one after the other to one interviewer: nobody holds a time with two
        /// others, and there is a time for each open proposal.
        #[test]
        fn there_are_never_more_proposals_than_times(
            times in 0usize..60,
            comers in 1usize..80,
            never in any::<bool>(),
        ) {
            let share = if never { ShareSlots::Never } else { ShareSlots::WhenScarce };
            let mut holders = vec![(0usize, false); times];
            let mut open = 0;
            for left in (1..=comers).rev() {
                let free = holders.iter().filter(|(count, _)| *count == 0).count();
                let given = allocate(free, left, share);
                let may_be_had = |(count, shared): &(usize, bool)| {
                    *count == 0 || (given.shared && *shared && *count == 1)
                };
                let places: Vec<usize> = (0..times)
                    .filter(|place| may_be_had(&holders[*place]))
                    .take(given.times)
                    .collect();
                if places.len() < LEAST {
                    continue;
                }
                for place in places {
                    holders[place].0 += 1;
                    holders[place].1 = given.shared;
                }
                open += 1;
            }
            prop_assert!(holders.iter().all(|(count, _)| *count <= 2));
            prop_assert!(open <= times, "{open} of {times}");
        }
    }
}
