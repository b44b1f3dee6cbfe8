//! The engine against the decisions it was built by, each worked out by brute force.
//!
//! Owns an oracle that shares nothing with the engine but the words for what is found: clocks are
//! asked moment by moment, lists are walked whole, panels are filled in every way there is. The
//! decisions: the grid (1), half-open ranges of starts (2), hours by a clock that changes (3),
//! overrides and days off (4), the stage's own hours (5), the candidate's night (6), notice and
//! horizon (7), what stays free (8), limits a day and a week (9), groups (10), fairness (11),
//! optional people (12), the host's capacity, slots on hold and those that two may have (13), hard wishes (17). Decisions 14
//! and 15 are those of calendars of others, 16 that of a proposal. Must not be changed to make the
//! engine pass: where the two differ, the words of the decision tell which is wrong.

mod built;
mod clock;
mod drawn;
mod rules;

use std::collections::{HashMap, HashSet};

use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::PanelRule;
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode, LaneKind};
use greenroom_protocol::time::Instant;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use self::built::span;
use self::drawn::{By, Drawn, HOURS, PEOPLE, Taken, Zone, drawn, taken};
use self::rules::{Found, Oracle, begins};
use super::{World, explain, none_because, offered};
use crate::schedule::predicate::{judge_party, judge_time};

/// What the engine offers: each start with the places of who takes part.
fn found(world: &World, drawn: &Drawn) -> Vec<(i64, Vec<usize>)> {
    let offered = offered(world, &span(drawn));
    let pair = |it: &super::Offered| (it.start, it.people.to_vec());
    offered.iter().map(pair).collect()
}

fn starts(drawn: &Drawn) -> HashSet<i64> {
    let found = found(&drawn.world(), drawn);
    found.into_iter().map(|(start, _)| start).collect()
}

/// The codes of findings about the slot. The oracle does not tell a day off from other times
/// outside somebody's hours.
fn codes<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Found {
    let of_the_slot = |it: &&Finding| it.class != Some(FindingClass::Plan);
    let codes = findings.into_iter().filter(of_the_slot).map(|it| it.code);
    let codes = codes.map(|code| match code {
        FindingCode::DayOff => FindingCode::OutsideHours,
        code => code,
    });
    codes.collect()
}

/// What the engine finds of the time, of the candidate and of the host.
fn told_of(findings: &[&Finding], kind: Option<LaneKind>) -> Found {
    let of_them = findings.iter().copied();
    let of_them = of_them.filter(|it| it.who.as_ref().map(|who| who.kind) == kind);
    let mut codes = codes(of_them);
    codes.remove(&FindingCode::NobodyOfGroup);
    codes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_offered_and_to_whom_is_what_the_decisions_say(drawn in drawn()) {
        let oracle = Oracle::new(&drawn);
        let by_rule = oracle.minutes().filter_map(|start| Some((start, oracle.offered(start)?)));
        let by_rule: Vec<_> = by_rule.collect();
        prop_assert_eq!(found(&drawn.world(), &drawn), by_rule);
    }

    /// On the grid and beside it, before, in and after the search's own hours.
    #[test]
    fn a_time_is_explained_by_all_that_the_decisions_find(
        drawn in drawn(),
        seconds in proptest::collection::vec(-24 * 3600i64..(HOURS + 24) * 3600, 12),
        minutes in proptest::collection::vec(0..HOURS * 12, 24),
    ) {
        let (oracle, world) = (Oracle::new(&drawn), drawn.world());
        let offered: HashMap<_, _> = found(&world, &drawn).into_iter().collect();
        let first = offered.keys().copied().take(4);
        let minutes = minutes.into_iter().map(|it| begins(&drawn) + it * 300);
        let seconds = seconds.into_iter().map(|it| begins(&drawn) + it);
        for start in first.chain(minutes).chain(seconds) {
            let told = explain(&world, Instant::from_second(start));
            let all: Vec<_> = told.verdict.blocks.iter().chain(&told.verdict.advises).collect();
            prop_assert_eq!(told_of(&all, None), oracle.of_time(start));
            let candidate = drawn.candidate.as_ref();
            let candidate = candidate.map(|it| oracle.of_candidate(it, start));
            let kind = Some(LaneKind::Candidate);
            prop_assert_eq!(told_of(&all, kind), candidate.unwrap_or_default());
            let host = drawn.host.as_ref().map(|it| oracle.of_host(it, start));
            prop_assert_eq!(told_of(&all, Some(LaneKind::Host)), host.unwrap_or_default());
            // Of everybody of the panel, whether chosen or not.
            for (group, (_, members)) in told.groups.iter().zip(&drawn.groups) {
                for (person, member) in group.each.iter().zip(members) {
                    prop_assert_eq!(codes(&person.findings), oracle.of_person(*member, start));
                }
            }
            let by_rule = oracle.offered(start);
            prop_assert_eq!(told.is_offered(), by_rule.is_some());
            let Some(by_rule) = by_rule else { continue };
            let ids: Vec<MemberId> = by_rule.iter().map(|it| world.people[*it].0).collect();
            prop_assert_eq!(&told.people, &ids);
            if span(&drawn).contains(&start) {
                prop_assert_eq!(offered.get(&start), Some(&by_rule));
            }
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Each reason is counted apart, over the starts on the grid, and none is left out.
    #[test]
    fn why_nothing_is_offered_is_said_in_true_shares(drawn in drawn()) {
        let (oracle, world) = (Oracle::new(&drawn), drawn.world());
        let all: Vec<i64> = oracle.minutes().filter(|it| oracle.is_on_the_grid(*it)).collect();
        let share = |is_ruled_out: &dyn Fn(i64) -> bool| {
            let count = all.iter().filter(|start| is_ruled_out(**start)).count();
            let rounded = (count * 200 + all.len()) / (all.len() * 2);
            match count {
                0 => 0,
                count if count == all.len() => 100,
                _ => rounded.clamp(1, 99),
            }
        };
        let told = none_because(&world, &span(&drawn));
        let mut expected: Vec<(FindingCode, Option<String>, usize)> = Vec::new();
        for code in [
            FindingCode::InThePast,
            FindingCode::ShortNotice,
            FindingCode::BeyondHorizon,
            FindingCode::WishUnmet,
        ] {
            let is_found = |start: i64| {
                let question = world.question(Instant::from_second(start), &[]);
                let verdict = judge_time(&question);
                verdict.blocks.iter().chain(&verdict.advises).any(|it| it.code == code)
            };
            expected.push((code, None, share(&is_found)));
        }
        let named = oracle.named().into_iter().map(|who| &world.people[who].1);
        for party in named.chain(&world.candidate).chain(&world.host) {
            let found: Vec<HashSet<FindingCode>> = all
                .iter()
                .map(|start| {
                    let question = world.question(Instant::from_second(*start), &[]);
                    let verdict = judge_party(&question, party);
                    verdict.blocks.iter().chain(&verdict.advises).map(|it| it.code).collect()
                })
                .collect();
            let codes: HashSet<FindingCode> = found.iter().flatten().copied().collect();
            for code in codes {
                let is_found = |start: i64| {
                    let at = all.iter().position(|it| *it == start);
                    at.is_some_and(|at| found[at].contains(&code))
                };
                expected.push((code, Some(party.id.clone()), share(&is_found)));
            }
        }
        expected.retain(|(_, _, share)| *share > 0);
        let groups: Vec<_> = told.iter().filter(|it| it.code == FindingCode::NobodyOfGroup).collect();
        let apart = |it: &&greenroom_protocol::schedule::NoneBecause| {
            (it.code, it.who.as_ref().map(|who| who.id.clone()), it.share as usize)
        };
        for reason in told.iter().filter(|it| it.code != FindingCode::NobodyOfGroup) {
            prop_assert!(expected.contains(&apart(&reason)), "{reason:?} of {expected:?}");
        }
        if told.len() < 12 {
            prop_assert_eq!(told.len() - groups.len(), expected.len(), "{:?} {:?}", told, expected);
            let unfilled = share(&|start| !oracle.is_filled_by_any_of(start));
            let most = groups.iter().map(|it| it.share as usize).max();
            prop_assert_eq!(most.unwrap_or_default(), unfilled);
        }
        // Together the reasons are enough: what is offered nowhere is ruled out everywhere.
        if found(&world, &drawn).is_empty() {
            prop_assert!(!told.is_empty());
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever else is asked for, or is taken: what was not offered before is not offered then.
    #[test]
    fn asking_for_more_never_adds_a_time(
        drawn in drawn(),
        more in taken(),
        who in 0..PEOPLE + 2,
        limit in 1u32..4,
    ) {
        let before = starts(&drawn);
        let never_adds = |what: &str, change: &dyn Fn(&mut Drawn)| {
            let mut changed = drawn.clone();
            change(&mut changed);
            let added: Vec<_> = starts(&changed).difference(&before).copied().collect();
            prop_assert!(added.is_empty(), "{what} adds {added:?}");
            Ok(())
        };
        never_adds("taken time", &|it| take(it, who, more.clone()))?;
        never_adds("a longer interview", &|it| it.minutes += 15)?;
        never_adds("more notice", &|it| it.notice += 30)?;
        never_adds("a nearer horizon", &|it| {
            it.horizon = Some(it.horizon.map_or(2, |days| days.saturating_sub(1)));
        })?;
        never_adds("more that stays free", &|it| {
            for person in &mut it.people {
                person.before += 10;
                person.after += 5;
            }
        })?;
        never_adds("a limit", &|it| {
            for person in &mut it.people {
                let lower = |old: u32| if old == 0 { limit } else { old.min(limit) };
                (person.a_day, person.a_week) = (lower(person.a_day), lower(person.a_week));
            }
        })?;
        never_adds("one group more", &|it| {
            it.groups.push((PanelRule::AnyOf, vec![who % PEOPLE, (who + 1) % PEOPLE]));
        })?;
        never_adds("one person less to choose from", &|it| {
            let mut any_of = it.groups.iter_mut().filter(|(rule, _)| *rule == PanelRule::AnyOf);
            if let Some((_, members)) = any_of.next() {
                members.pop();
            }
        })?;
        never_adds("a coarser grid", &|it| it.step = 60)?;
        never_adds("a longer night", &|it| {
            it.night = it.night.map(|(from, to)| (from.saturating_sub(30), to));
        })?;
    }

    /// A search of a part finds the part; optional people and the zone that times are named in make
    /// no difference.
    #[test]
    fn a_part_of_a_search_finds_that_part(
        drawn in drawn(),
        from in 0..HOURS * 3600,
        seconds in 1..HOURS * 3600,
    ) {
        let world = drawn.world();
        let whole = offered(&world, &span(&drawn));
        let part = begins(&drawn) + from..span(&drawn).end.min(begins(&drawn) + from + seconds);
        let within = whole.iter().filter(|it| part.contains(&it.start));
        prop_assert_eq!(offered(&world, &part), within.cloned().collect::<Vec<_>>());
        let mut elsewhere = drawn.clone();
        elsewhere.named = Zone::Elsewhere(0);
        prop_assert_eq!(starts(&elsewhere), whole.iter().map(|it| it.start).collect());
        let mut others = drawn.clone();
        others.groups.retain(|(rule, _)| *rule != PanelRule::Optional);
        prop_assert_eq!(starts(&others), whole.iter().map(|it| it.start).collect());
    }
}

/// Takes time of one of the people, of the candidate or of the host, unless it is of what is judged
/// again.
fn take(drawn: &mut Drawn, who: usize, more: Taken) {
    if more.by == By::Itself {
        return;
    }
    match who.checked_sub(PEOPLE) {
        None => drawn.people[who].taken.push(more),
        Some(0) => drawn
            .candidate
            .iter_mut()
            .for_each(|it| it.taken.push(more.clone())),
        Some(_) => drawn
            .host
            .iter_mut()
            .for_each(|(_, taken)| taken.push(more.clone())),
    }
}

/// The properties say something: many of the worlds offer some times and not all of them, and every
/// finding there is about a slot is among what is found.
#[test]
fn the_worlds_are_neither_empty_nor_full() {
    let mut runner = TestRunner::deterministic();
    let (mut some, mut chosen, mut seen) = (0, 0, Found::new());
    const WORLDS: usize = 96;
    for _ in 0..WORLDS {
        let drawn = drawn().new_tree(&mut runner).unwrap().current();
        let (oracle, found) = (Oracle::new(&drawn), found(&drawn.world(), &drawn));
        let grid = oracle.minutes().filter(|it| oracle.is_on_the_grid(*it));
        let grid: Vec<i64> = grid.collect();
        some += usize::from(!found.is_empty() && found.len() < grid.len());
        let people: HashSet<_> = found.iter().map(|(_, people)| people).collect();
        chosen += usize::from(people.len() > 1);
        for start in grid.into_iter().step_by(7) {
            seen.extend(oracle.of_time(start));
            seen.extend((0..PEOPLE).flat_map(|who| oracle.of_person(who, start)));
            let candidate = drawn.candidate.iter();
            seen.extend(candidate.flat_map(|it| oracle.of_candidate(it, start)));
            seen.extend(drawn.host.iter().flat_map(|it| oracle.of_host(it, start)));
        }
    }
    assert!(some > WORLDS / 8, "{some} of {WORLDS} offer some times");
    assert!(
        chosen > WORLDS / 32,
        "in {chosen} of {WORLDS} people differ from time to time"
    );
    use FindingCode::{
        BeyondHorizon, Buffer, CandidateBusy, CandidateNight, DayCap, Held, HostBusy, InThePast,
        OutsideHours, OutsideWindows, PersonBusy, ShortNotice, WeekCap, WishUnmet,
    };
    let all = [
        BeyondHorizon,
        Buffer,
        CandidateBusy,
        CandidateNight,
        DayCap,
        Held,
        HostBusy,
        InThePast,
        OutsideHours,
        OutsideWindows,
        PersonBusy,
        ShortNotice,
        WeekCap,
        WishUnmet,
    ];
    let never: Vec<_> = all.iter().filter(|it| !seen.contains(it)).collect();
    assert!(never.is_empty(), "{never:?} is never found");
}
