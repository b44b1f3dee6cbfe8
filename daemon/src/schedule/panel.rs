//! Who of a panel takes part at a time.
//!
//! Owns how far somebody suits a time and who is chosen by that: everyone of "all of", and of each
//! "any of" the fairest of those whom the time suits best. Invariants: optional people are never
//! chosen, and whom something speaks against is chosen only where that holds for everybody. The
//! fairness itself is `fair`'s.

use std::collections::{HashMap, HashSet};

use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use greenroom_protocol::schedule::{FindingClass, Verdict};

use super::fair::{self, Load};

/// How far a time suits somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Nothing speaks against it.
    Clean,
    /// Nothing blocks it.
    Free,
    /// Something does.
    Blocked,
}

impl Fit {
    /// By what was found.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        let of_the_slot = |class| class == Some(FindingClass::Slot);
        match () {
            () if !verdict.blocks.is_empty() => Self::Blocked,
            () if verdict.advises.iter().any(|it| of_the_slot(it.class)) => Self::Free,
            () => Self::Clean,
        }
    }
}

/// Who takes part: a list for each group of `groups`, in their order, empty for an optional one and
/// for one that nobody is left for.
#[must_use]
pub fn chosen(
    groups: &[PanelGroup],
    fits: &HashMap<MemberId, Fit>,
    loads: &HashMap<MemberId, Load>,
) -> Vec<Vec<MemberId>> {
    let of = |rule: PanelRule| groups.iter().filter(move |group| group.rule == rule);
    let named: Vec<_> = of(PanelRule::AllOf)
        .flat_map(|group| group.members.iter().copied())
        .collect();
    let any_of: Vec<_> = of(PanelRule::AnyOf).map(|it| it.members.clone()).collect();
    let suited = |most: Fit| -> Vec<Vec<MemberId>> {
        let suits = |member: &&MemberId| fits.get(member).is_some_and(|fit| *fit <= most);
        let of_them = |group: &Vec<MemberId>| group.iter().filter(suits).copied().collect();
        any_of.iter().map(of_them).collect()
    };
    let one_each = fair::choose(&suited(Fit::Clean), &named, loads)
        .or_else(|| fair::choose(&suited(Fit::Free), &named, loads))
        .or_else(|| fair::choose(&any_of, &named, loads))
        .map(|chosen| chosen.into_iter().map(Some).collect())
        .unwrap_or_else(|| as_many_as_there_are(&any_of, &named, loads));
    let mut one_each = one_each.into_iter();
    let of_group = |group: &PanelGroup| match group.rule {
        PanelRule::AllOf => group.members.clone(),
        PanelRule::AnyOf => one_each.next().flatten().into_iter().collect(),
        PanelRule::Optional => Vec::new(),
    };
    groups.iter().map(of_group).collect()
}

/// Everyone who takes part, each once: who is named by "all of" first.
#[must_use]
pub fn everyone(groups: &[PanelGroup], chosen: &[Vec<MemberId>]) -> Vec<MemberId> {
    let of = |rule: PanelRule| {
        let groups = groups.iter().zip(chosen);
        let groups = groups.filter(move |(group, _)| group.rule == rule);
        groups.flat_map(|(_, members)| members.iter().copied())
    };
    let mut seen = HashSet::new();
    let all = of(PanelRule::AllOf).chain(of(PanelRule::AnyOf));
    all.filter(|member| seen.insert(*member)).collect()
}

/// Where there are too few people for the groups: one for each group that somebody is left for.
fn as_many_as_there_are(
    any_of: &[Vec<MemberId>],
    named: &[MemberId],
    loads: &HashMap<MemberId, Load>,
) -> Vec<Option<MemberId>> {
    let mut taken = named.to_vec();
    let mut chosen = Vec::new();
    for group in any_of {
        let one = fair::choose(std::slice::from_ref(group), &taken, loads);
        let one = one.and_then(|it| it.first().copied());
        taken.extend(one);
        chosen.push(one);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(rule: PanelRule, members: &[MemberId]) -> PanelGroup {
        PanelGroup {
            rule,
            members: members.to_vec(),
        }
    }

    fn people(count: usize) -> Vec<MemberId> {
        let mut people: Vec<_> = (0..count).map(|_| MemberId::new()).collect();
        people.sort();
        people
    }

    /// Case U8.
    #[test]
    fn who_is_suited_best_is_chosen_before_who_has_done_least() {
        let all = people(3);
        let groups = [group(PanelRule::AnyOf, &all)];
        let busiest_last = |fits: [Fit; 3]| {
            let fits = all.iter().copied().zip(fits).collect();
            let loads = [(all[0], 0), (all[1], 1), (all[2], 2)];
            let load = |interviews| Load {
                interviews,
                week_minutes: 0,
            };
            let loads = loads.into_iter().map(|(id, count)| (id, load(count)));
            chosen(&groups, &fits, &loads.collect()).remove(0)
        };
        use Fit::{Blocked, Clean, Free};
        assert_eq!(busiest_last([Free, Blocked, Clean]), [all[2]]);
        assert_eq!(busiest_last([Blocked, Free, Free]), [all[1]]);
        assert_eq!(busiest_last([Blocked, Blocked, Blocked]), [all[0]]);
    }

    /// Case U8: several groups keep their places, and optional people are never chosen.
    #[test]
    fn each_group_has_its_own_person() {
        let all = people(4);
        let groups = [
            group(PanelRule::AnyOf, &[all[0], all[1]]),
            group(PanelRule::AllOf, &[all[3]]),
            group(PanelRule::Optional, &[all[2]]),
            group(PanelRule::AnyOf, &[all[0]]),
            group(PanelRule::AnyOf, &[all[3]]),
        ];
        let found = chosen(&groups, &HashMap::new(), &HashMap::new());
        let none = Vec::new();
        let expected = [vec![all[0]], vec![all[3]], none.clone(), none.clone(), none];
        assert_eq!(found, expected, "too few people for the groups");
        let groups = &groups[..4];
        let found = chosen(groups, &HashMap::new(), &HashMap::new());
        assert_eq!(found, [vec![all[1]], vec![all[3]], vec![], vec![all[0]]]);
        assert_eq!(everyone(groups, &found), [all[3], all[1], all[0]]);
    }
}
