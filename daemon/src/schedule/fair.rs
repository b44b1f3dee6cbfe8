//! Who of "any of" takes part. Pure.
//!
//! Owns the rule: one person of each group, all distinct, the fairest first. Invariants: a person
//! named by "all of" stands for no group; where a system of distinct representatives exists one is
//! found (by augmenting paths, so never greedily missed), and of all of them the one that is least
//! by fairness, group after group. Must not know who is free: the caller leaves out who is not.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use greenroom_protocol::id::MemberId;
use jiff::Span;
use jiff::civil::{Date, ISOWeekDate};

/// Days before the interview that count, and days after it. A month is long enough for a rare
/// interviewer to be remembered, and the week after keeps two bookings made today from going to the
/// same person.
const BEFORE: i64 = 28;
const AFTER: i64 = 7;

/// An interview that counts: one of the same job that was not cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Who takes part.
    pub members: Vec<MemberId>,
    /// Its local date, in the zone of the interview that is planned.
    pub date: Date,
    /// How long, in minutes.
    pub minutes: u32,
}

/// What somebody has done of a job around a date; less is fairer to ask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Load {
    /// Interviews in the days that count.
    pub interviews: u32,
    /// Minutes in the ISO week of the date.
    pub week_minutes: u32,
}

/// The dates whose interviews count for one on `date`.
#[must_use]
pub fn counted(date: Date) -> RangeInclusive<Date> {
    let from = date.saturating_sub(Span::new().days(BEFORE));
    let to = date.saturating_add(Span::new().days(AFTER));
    from..=to
}

/// What everybody who took part has done around `date`.
#[must_use]
pub fn loads(talks: &[Talk], date: Date) -> HashMap<MemberId, Load> {
    let (days, week) = (counted(date), week(date));
    let mut loads: HashMap<MemberId, Load> = HashMap::new();
    for talk in talks {
        for member in &talk.members {
            let load = loads.entry(*member).or_default();
            load.interviews += u32::from(days.contains(&talk.date));
            if self::week(talk.date) == week {
                load.week_minutes += talk.minutes;
            }
        }
    }
    loads
}

/// One of each group, in the order of the groups: the least by load and id among all ways to choose
/// distinct people. `None` where there is no such way.
#[must_use]
pub fn choose(
    groups: &[Vec<MemberId>],
    all_of: &[MemberId],
    loads: &HashMap<MemberId, Load>,
) -> Option<Vec<MemberId>> {
    let named: HashSet<_> = all_of.iter().copied().collect();
    let load = |member: &MemberId| loads.get(member).copied().unwrap_or_default();
    let mut wanted: Vec<Vec<MemberId>> = Vec::new();
    for group in groups {
        let mut members: Vec<_> = group
            .iter()
            .filter(|it| !named.contains(it))
            .copied()
            .collect();
        members.sort_by_key(|member| (load(member), *member));
        members.dedup();
        wanted.push(members);
    }
    let mut chosen = Vec::new();
    for at in 0..wanted.len() {
        let rest = &wanted[at + 1..];
        let fits = |member: &&MemberId| {
            let taken = || {
                chosen
                    .iter()
                    .chain(std::iter::once(*member))
                    .copied()
                    .collect()
            };
            !chosen.contains(*member) && can_be_matched(rest, taken())
        };
        let member = wanted[at].iter().find(fits).copied()?;
        chosen.push(member);
    }
    Some(chosen)
}

/// Whether each group can have somebody of its own, none of them `taken`.
fn can_be_matched(groups: &[Vec<MemberId>], taken: HashSet<MemberId>) -> bool {
    let mut holds: HashMap<MemberId, usize> = HashMap::new();
    (0..groups.len()).all(|group| {
        let mut seen = taken.clone();
        augment(groups, group, &mut holds, &mut seen)
    })
}

/// Finds somebody for a group, moving others to another place where that makes room. Each person is
/// looked at once.
fn augment(
    groups: &[Vec<MemberId>],
    group: usize,
    holds: &mut HashMap<MemberId, usize>,
    seen: &mut HashSet<MemberId>,
) -> bool {
    for member in &groups[group] {
        if !seen.insert(*member) {
            continue;
        }
        let free = match holds.get(member).copied() {
            None => true,
            Some(other) => augment(groups, other, holds, seen),
        };
        if free {
            holds.insert(*member, group);
            return true;
        }
    }
    false
}

fn week(date: Date) -> (i16, i8) {
    let week: ISOWeekDate = date.iso_week_date();
    (week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn people(count: usize) -> Vec<MemberId> {
        let mut people: Vec<_> = (0..count).map(|_| MemberId::new()).collect();
        people.sort();
        people
    }

    fn load(interviews: u32, week_minutes: u32) -> Load {
        Load {
            interviews,
            week_minutes,
        }
    }

    /// Case U8: fewest interviews, then fewest minutes that week, then the id.
    #[test]
    fn the_one_who_did_least_is_chosen() {
        let all = people(3);
        let group = vec![all.clone()];
        let with = |loads: [Load; 3]| {
            let loads = all.iter().copied().zip(loads).collect();
            choose(&group, &[], &loads).unwrap()[0]
        };
        assert_eq!(with([load(2, 0), load(1, 90), load(3, 0)]), all[1]);
        assert_eq!(with([load(1, 90), load(1, 45), load(1, 60)]), all[1]);
        assert_eq!(with([load(1, 45), load(1, 45), load(1, 45)]), all[0]);
        assert_eq!(
            choose(&group, &all, &HashMap::new()),
            None,
            "named by all-of"
        );
    }

    /// Case U8: a greedy choice would leave the second group without anybody.
    #[test]
    fn a_fair_choice_never_leaves_a_later_group_empty() {
        let all = people(2);
        let groups = [all.clone(), vec![all[0]]];
        let chosen = choose(&groups, &[], &HashMap::new());
        assert_eq!(chosen, Some(vec![all[1], all[0]]));
        let groups = [vec![all[0]], vec![all[0]]];
        assert_eq!(choose(&groups, &[], &HashMap::new()), None);
    }

    /// Case U8: the days that count are 28 before and 7 after, the week is that of the ISO
    /// calendar.
    #[test]
    fn what_counts_is_told_by_local_dates() {
        let sam = MemberId::new();
        let day = date(2026, 12, 31);
        let talk = |date: Date, minutes| Talk {
            members: vec![sam],
            date,
            minutes,
        };
        let talks = [
            talk(date(2026, 12, 2), 1),
            talk(date(2026, 12, 3), 2),
            talk(date(2027, 1, 7), 4),
            talk(date(2027, 1, 8), 8),
            // The ISO week of 31 December 2026 is its 53rd and ends on 3 January.
            talk(date(2027, 1, 3), 16),
            talk(date(2026, 12, 28), 32),
            talk(date(2027, 1, 4), 64),
        ];
        assert_eq!(loads(&talks, day)[&sam], load(5, 48));
    }

    /// Every way to choose one of each group, by trying all of them.
    fn brute(groups: &[Vec<MemberId>], all_of: &[MemberId]) -> Vec<Vec<MemberId>> {
        let Some((first, rest)) = groups.split_first() else {
            return vec![Vec::new()];
        };
        let mut ways = Vec::new();
        for member in first.iter().filter(|it| !all_of.contains(it)) {
            for way in brute(rest, all_of) {
                if !way.contains(member) {
                    ways.push([vec![*member], way].concat());
                }
            }
        }
        ways
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Case U8: the same as trying every way.
        #[test]
        fn the_choice_is_the_least_of_all_ways(
            groups in proptest::collection::vec(proptest::collection::vec(0_usize..6, 0..5), 0..5),
            named in proptest::collection::vec(0_usize..6, 0..3),
            loads in proptest::collection::vec((0_u32..3, 0_u32..3), 6),
        ) {
            let all = people(6);
            let of = |numbers: &[usize]| numbers.iter().map(|at| all[*at]).collect::<Vec<_>>();
            let groups: Vec<_> = groups.iter().map(|group| of(group)).collect();
            let named = of(&named);
            let loads: HashMap<_, _> = all
                .iter()
                .copied()
                .zip(loads.iter().map(|(interviews, minutes)| load(*interviews, *minutes)))
                .collect();
            let key = |way: &Vec<MemberId>| way.iter().map(|it| (loads[it], *it)).collect::<Vec<_>>();
            let least = brute(&groups, &named).into_iter().min_by_key(key);
            prop_assert_eq!(choose(&groups, &named, &loads), least);
        }

        /// Case U8: counting a day at a time comes to the same.
        #[test]
        fn loads_are_what_counting_days_finds(
            days in proptest::collection::vec((-40_i64..20, 1_u32..90), 0..20),
            offset in 0_i64..800,
        ) {
            let sam = MemberId::new();
            let day = date(2026, 1, 1).saturating_add(Span::new().days(offset));
            let on = |days: i64| day.saturating_add(Span::new().days(days));
            let talks: Vec<_> = days
                .iter()
                .map(|(days, minutes)| Talk { members: vec![sam], date: on(*days), minutes: *minutes })
                .collect();
            let monday = -i64::from(day.weekday().to_monday_zero_offset());
            let interviews = days.iter().filter(|(days, _)| (-28..=7).contains(days)).count();
            let week = days.iter().filter(|(days, _)| (monday..monday + 7).contains(days));
            let expected = load(u32::try_from(interviews).unwrap(), week.map(|(_, minutes)| *minutes).sum());
            let found = loads(&talks, day).get(&sam).copied().unwrap_or_default();
            prop_assert_eq!(found, expected);
        }
    }
}
