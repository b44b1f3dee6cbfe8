//! What is offered, against judging every start of the grid, over worlds that nobody chose.
//!
//! The oracle is written from the decisions: it asks the predicate about each minute on the clock
//! of the grid, with every way to fill the panel, and picks the least. It uses nothing of the
//! search.

use std::collections::{BTreeMap, HashMap};

use greenroom_protocol::availability::DayWindow;
use greenroom_protocol::id::{InterviewId, OutreachId};
use greenroom_protocol::pipeline::{NightHours, Window};
use greenroom_protocol::schedule::{FindingClass, LaneKind, SlotReasonCode as Code, Verdict};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::schedule::busy::{Buffer, Busy, Interval, OtherCalendar, Own, TakenBy};
use crate::schedule::hours::{self, Hours, Said, Special};
use crate::schedule::predicate::{Limits, Nights, Place, WorkDays, judge};

/// Zones and the moments around which worlds lie: each has a change of the clocks near it.
const ZONES: [(&str, &str); 6] = [
    ("Europe/Berlin", "2026-10-24T12:00:00Z"),
    ("Europe/Berlin", "2027-03-27T12:00:00Z"),
    ("America/New_York", "2026-10-31T12:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T00:00:00Z"),
    ("America/Santiago", "2027-04-03T12:00:00Z"),
    ("Asia/Kathmandu", "2026-12-01T00:00:00Z"),
];

/// One stretch of taken time: whose, from which minute, how long, by what, and what stays free.
type Taken = (usize, i64, i64, u8, (u32, u32));

/// A world as numbers.
#[derive(Debug, Clone)]
struct Drawn {
    zone: usize,
    grid_zone: usize,
    minutes: u32,
    step: u32,
    notice: u32,
    horizon: u32,
    buffer: (u32, u32),
    most_a_day: u32,
    most_a_week: u32,
    special: Vec<(i64, u8)>,
    windows: bool,
    capacity: usize,
    night: Option<(u16, u16)>,
    groups: Vec<(u8, Vec<usize>)>,
    taken: Vec<Taken>,
    talks: Vec<(usize, i64)>,
    late: i64,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let group = (0u8..3, proptest::collection::vec(0usize..4, 1..4));
    let buffer = prop::sample::select(vec![(0u32, 0u32), (0, 20), (60, 5)]);
    let taken = (0usize..6, -24i64 * 60..72 * 60, 0i64..150, 0u8..6, buffer);
    let rules = (
        (0usize..ZONES.len(), 0usize..ZONES.len()),
        prop::sample::select(vec![15u32, 30, 45, 60, 100]),
        prop::sample::select(vec![10u32, 15, 20, 30, 60]),
        prop::sample::select(vec![0u32, 45, 24 * 60]),
        1u32..4,
        prop::sample::select(vec![(0u32, 0u32), (10, 0), (0, 30), (15, 45)]),
        (0u32..3, prop::sample::select(vec![0u32, 0, 1, 2, 4])),
        proptest::collection::vec((-1i64..4, 0u8..3), 0..3),
    );
    let others = (
        any::<bool>(),
        1usize..3,
        prop::sample::select(vec![
            None,
            Some((1260u16, 420u16)),
            Some((30, 480)),
            Some((1200, 0)),
        ]),
        proptest::collection::vec(group, 1..4),
        proptest::collection::vec(taken, 0..24),
        proptest::collection::vec((0usize..4, -40i64..12), 0..8),
        0i64..200_000,
    );
    (rules, others).prop_map(|(rules, others)| {
        let ((zone, grid_zone), minutes, step, notice, horizon, buffer, caps, special) = rules;
        let (most_a_day, most_a_week) = caps;
        let (windows, capacity, night, groups, taken, talks, late) = others;
        Drawn {
            zone,
            grid_zone,
            minutes,
            step,
            notice,
            horizon,
            buffer,
            most_a_day,
            most_a_week,
            special,
            windows,
            capacity,
            night,
            groups,
            taken,
            talks,
            late,
        }
    })
}

impl Drawn {
    fn begins(&self) -> i64 {
        ZONES[self.zone].1.parse::<Timestamp>().unwrap().as_second()
    }

    /// What is searched: two days.
    fn span(&self) -> Seconds {
        self.begins()..self.begins() + 48 * 3600
    }

    fn world(&self) -> World {
        let own = InterviewId::new();
        let mut ids: Vec<_> = (0..4).map(|_| MemberId::new()).collect();
        ids.sort();
        let people = ids.iter().enumerate().map(|(at, id)| {
            let limits = Limits::WorkDays(self.work_days(at));
            (*id, self.party(LaneKind::Member, at, 1, own, limits))
        });
        let people: Vec<_> = people.collect();
        let theirs = Place::of(ZONES[(self.zone + 1) % ZONES.len()].0).unwrap();
        let nights = match self.night {
            Some((from_minute, to_minute)) => {
                let hours = NightHours {
                    from_minute,
                    to_minute,
                };
                Limits::Nights(Nights {
                    nights: hours::nights(hours, &theirs.zone, &self.span()).into(),
                    hours,
                    place: theirs.clone(),
                })
            }
            None => Limits::None,
        };
        let group = |(rule, members): &(u8, Vec<usize>)| PanelGroup {
            rule: match rule {
                0 => PanelRule::AllOf,
                1 => PanelRule::AnyOf,
                _ => PanelRule::Optional,
            },
            members: members.iter().map(|at| ids[*at]).collect(),
        };
        let grid = TimeZone::get(ZONES[self.grid_zone].0).unwrap();
        let today = Instant::from_second(self.begins()).timestamp();
        let today = today.to_zoned(grid.clone()).date();
        let talk = |(at, days): &(usize, i64)| Talk {
            members: vec![ids[*at]],
            date: today.saturating_add(jiff::Span::new().days(*days)),
            minutes: 45,
        };
        World {
            now: Instant::from_second(self.begins() - 60_000 + self.late),
            minutes: self.minutes,
            step: self.step,
            rules: Rules {
                notice_minutes: self.notice,
                horizon_days: Some(self.horizon),
                offer: None,
            },
            candidate: Some(self.party(LaneKind::Candidate, 4, 1, own, nights)),
            host: Some(self.party(LaneKind::Host, 5, self.capacity, own, Limits::None)),
            host_rules: None,
            own: Own {
                interview: Some(own),
                outreach: None,
                shares: false,
            },
            groups: self.groups.iter().map(group).collect(),
            talks: self.talks.iter().map(talk).collect(),
            wishes: Wishes::default(),
            people,
            zone: TimeZone::UTC,
            grid,
            candidate_zone: theirs.zone,
        }
    }

    /// Long hours at the weekend too, else no change of the clocks would be among them.
    fn work_days(&self, at: usize) -> WorkDays {
        let place = Place::of(ZONES[(self.zone + at) % ZONES.len()].0).unwrap();
        let window = |from_minute, to_minute| Window {
            days: vec![1, 3, 5, 6, 7],
            from_minute,
            to_minute,
        };
        let open = |windows: &[Window]| hours::local(windows, &place.zone, &self.span()).into();
        let weekly = [window(0, 13 * 60), window(14 * 60, 24 * 60)];
        let special = self.special(at, &place.zone);
        WorkDays {
            hours: hours::working(&weekly, &special, Said::Assumed, &place.zone, &self.span()),
            windows: self.windows.then(|| open(&[window(60, 20 * 60 + 5)])),
            buffer: Buffer {
                before: self.buffer.0,
                after: self.buffer.1,
            },
            most_a_day: self.most_a_day,
            most_a_week: self.most_a_week,
            place,
        }
    }

    /// Dates with other hours, own days off and the workspace's, for every second person.
    fn special(&self, at: usize, zone: &TimeZone) -> BTreeMap<Date, Special> {
        let first = Instant::from_second(self.begins()).timestamp();
        let first = first.to_zoned(zone.clone()).date();
        let special = self.special.iter().filter(|_| at.is_multiple_of(2));
        let of = |(day, what): &(i64, u8)| {
            let what = match what {
                0 => Special::Hours(vec![DayWindow {
                    from_minute: 60,
                    to_minute: 15 * 60,
                }]),
                1 => Special::Hours(Vec::new()),
                _ => Special::Off("Holiday".into()),
            };
            (first.saturating_add(jiff::Span::new().days(*day)), what)
        };
        special.map(of).collect()
    }

    fn party(
        &self,
        kind: LaneKind,
        seat: usize,
        capacity: usize,
        own: InterviewId,
        limits: Limits,
    ) -> Party {
        let begins = Instant::from_second(self.begins());
        let taken = self.taken.iter().filter(|it| it.0 == seat);
        let interval = |(_, from, minutes, what, (before, after)): &Taken| Interval {
            start: begins.plus_minutes(*from),
            end: begins.plus_minutes(from + minutes),
            kept_free: Buffer {
                before: *before,
                after: *after,
            },
            taken_by: match what {
                0 => TakenBy::Interview {
                    id: own,
                    planned: false,
                },
                1 => TakenBy::HeldSlot {
                    outreach: OutreachId::new(),
                    n: 0,
                    shared: false,
                },
                2 => TakenBy::Unknown,
                5 => TakenBy::Elsewhere,
                planned => TakenBy::Interview {
                    id: InterviewId::new(),
                    planned: *planned == 3,
                },
            },
        };
        // Who is busy elsewhere has a calendar there, which is known for a while.
        let known = taken.clone().filter(|it| it.3 == 5).map(|it| it.1).max();
        let others = |busy: Busy| match known {
            None => busy,
            Some(minutes) => {
                let calendar = OtherCalendar {
                    name: "Work".into(),
                    read_at: Some(begins),
                    known_to: begins.plus_minutes(24 * 60 + minutes),
                    good_for: 14 * 24 * 3600,
                    fault: None,
                };
                busy.beside(calendar, std::iter::empty())
            }
        };
        Party {
            kind,
            id: MemberId::new().to_string(),
            name: format!("Person {seat}"),
            capacity,
            busy: others(taken.clone().map(interval).collect()),
            limits,
        }
    }
}

fn is_clean(verdict: &Verdict) -> bool {
    let of_the_slot = |class| class == Some(FindingClass::Slot);
    verdict.blocks.is_empty() && !verdict.advises.iter().any(|it| of_the_slot(it.class))
}

/// Every way to choose one of each group, none of them named already.
fn ways(groups: &[Vec<MemberId>], named: &[MemberId]) -> Vec<Vec<MemberId>> {
    let Some((first, rest)) = groups.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for member in first.iter().filter(|it| !named.contains(it)) {
        for way in ways(rest, &[named, &[*member]].concat()) {
            all.push([vec![*member], way].concat());
        }
    }
    all
}

/// The starts of whole minutes that the predicate finds nothing against, each with the people.
fn by_judging(world: &World, span: &Seconds) -> Vec<(i64, Vec<MemberId>)> {
    let of = |rule| world.groups.iter().filter(move |it| it.rule == rule);
    let mut named: Vec<MemberId> = Vec::new();
    for member in of(PanelRule::AllOf).flat_map(|it| &it.members) {
        if !named.contains(member) {
            named.push(*member);
        }
    }
    let any_of: Vec<_> = of(PanelRule::AnyOf).map(|it| it.members.clone()).collect();
    let ways = ways(&any_of, &named);
    let mut found = Vec::new();
    // Every step divides the hour and every zone is minutes away from UTC, five at least.
    for start in span.clone().filter(|second| second % 300 == 0) {
        let at = Instant::from_second(start);
        let loads = fair::loads(
            &world.talks,
            at.timestamp().to_zoned(world.zone.clone()).date(),
        );
        let key = |way: &&Vec<MemberId>| -> Vec<(Load, MemberId)> {
            let load = |id: &MemberId| loads.get(id).copied().unwrap_or_default();
            way.iter().map(|id| (load(id), *id)).collect()
        };
        let clean: HashMap<MemberId, bool> = world
            .people
            .iter()
            .map(|(id, _)| (*id, is_clean(&judge(&world.question(at, &[*id])))))
            .collect();
        let works = |way: &&Vec<MemberId>| way.iter().chain(&named).all(|id| clean[id]);
        let nobody = judge(&world.question(at, &[]));
        if !is_clean(&nobody) {
            continue;
        }
        if let Some(way) = ways.iter().filter(works).min_by_key(key) {
            found.push((start, [named.clone(), way.clone()].concat()));
        }
    }
    found
}

fn offered_to(world: &World, span: &Seconds) -> Vec<(i64, Vec<MemberId>)> {
    let ids = |it: &Offered| {
        it.people
            .iter()
            .map(|place| world.people[*place].0)
            .collect()
    };
    let offered = offered(world, span);
    offered.iter().map(|it| (it.start, ids(it))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_offered_is_what_judging_every_start_finds_clean(drawn in drawn()) {
        let (world, span) = (drawn.world(), drawn.span());
        let found = offered_to(&world, &span);
        prop_assert_eq!(&found, &by_judging(&world, &span));
        for (start, people) in found {
            let explained = explain(&world, Instant::from_second(start));
            prop_assert!(explained.is_offered(), "{:?}", explained.verdict);
            prop_assert_eq!(explained.people, people);
        }
    }

    /// Where nothing is offered, something is said; and what rules out all times is named first.
    #[test]
    fn why_nothing_is_offered_is_a_share_of_all_starts(drawn in drawn()) {
        let (world, span) = (drawn.world(), drawn.span());
        let because = none_because(&world, &span);
        let shares: Vec<_> = because.iter().map(|it| it.share).collect();
        prop_assert!(shares.is_sorted_by(|one, next| one >= next));
        if offered(&world, &span).is_empty() {
            prop_assert!(!because.is_empty());
        } else {
            prop_assert!(shares.iter().all(|share| *share < 100), "{because:?}");
        }
    }
}

fn second(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_second()
}

/// Mina in Berlin, with one interview on Tuesday from 10:00 to 11:00; 45 minutes are wanted of her
/// in this week, for a candidate in `zone`.
fn week_of_mina(zone: &str) -> (World, Seconds) {
    let span = second("2026-11-30T00:00:00Z")..second("2026-12-05T00:00:00Z");
    let place = Place::of("Europe/Berlin").unwrap();
    let days = WorkDays {
        hours: Hours::of(
            hours::local(&[hours::assumed()], &place.zone, &span),
            Said::Assumed,
        ),
        windows: None,
        buffer: Buffer::default(),
        most_a_day: 0,
        most_a_week: 0,
        place: place.clone(),
    };
    let interval = Interval {
        start: Instant::from_second(second("2026-12-01T09:00:00Z")),
        end: Instant::from_second(second("2026-12-01T10:00:00Z")),
        taken_by: TakenBy::Interview {
            id: InterviewId::new(),
            planned: false,
        },
        kept_free: Buffer::default(),
    };
    let party = |kind, name: &str, limits| Party {
        kind,
        id: MemberId::new().to_string(),
        name: name.into(),
        capacity: 1,
        busy: [interval]
            .into_iter()
            .filter(|_| kind == LaneKind::Member)
            .collect(),
        limits,
    };
    let theirs = Place::of(zone).unwrap();
    let hours = NightHours {
        from_minute: 21 * 60,
        to_minute: 7 * 60,
    };
    let candidate_zone = theirs.zone.clone();
    let nights = Limits::Nights(Nights {
        nights: hours::nights(hours, &theirs.zone, &span).into(),
        hours,
        place: theirs,
    });
    let mina = MemberId::new();
    let world = World {
        now: Instant::from_second(span.start),
        minutes: 45,
        grid: place.zone.clone(),
        zone: place.zone,
        candidate_zone,
        step: 15,
        rules: Rules::default(),
        people: vec![(
            mina,
            party(LaneKind::Member, "Mina", Limits::WorkDays(days)),
        )],
        candidate: Some(party(LaneKind::Candidate, "Wen", nights)),
        host: None,
        host_rules: None,
        own: Own::default(),
        groups: vec![PanelGroup {
            rule: PanelRule::AllOf,
            members: vec![mina],
        }],
        talks: Vec::new(),
        wishes: Wishes::default(),
    };
    (world, span)
}

/// The reasons of a score: what, how many points, and how much of it.
fn told(score: &Score) -> Vec<(Code, i32, Option<u32>)> {
    let why = score.why.iter();
    why.map(|it| (it.code, it.points, it.amount)).collect()
}

/// The formula, worked out on paper.
#[test]
fn a_score_is_the_sum_of_its_parts() {
    let (world, span) = week_of_mina("Europe/Berlin");
    let found = offered(&world, &span);
    let scores = Scores::new(&world, &span, found[0].start);
    let score = |start: &str| {
        let start = second(start);
        scores.of(found.iter().find(|it| it.start == start).unwrap())
    };
    // Monday 09:00: of five blocks of 90 minutes four are left.
    let monday = score("2026-11-30T08:00:00Z");
    assert_eq!((monday.sum, monday.why.len()), (-5, 1));
    assert_eq!(told(&monday), [(Code::SplitsFreeTime, -5, Some(1))]);
    assert_eq!(monday.why[0].who[0].name.as_deref(), Some("Mina"));
    // Tuesday 11:00: right after her interview.
    let after = score("2026-12-01T10:00:00Z");
    assert_eq!(after.sum, -3 - 2 + 4 - 5);
    assert_eq!(
        told(&after),
        [
            (Code::SplitsFreeTime, -5, Some(1)),
            (Code::NextToAnother, 4, None),
            (Code::Later, -3, Some(1)),
            (Code::OtherInterviews, -2, Some(1)),
        ]
    );
    // 11:15: too little to rest. 12:00: over lunch, and two blocks less. 12:30: one.
    assert_eq!(score("2026-12-01T10:15:00Z").sum, -3 - 2 - 6 - 5);
    assert_eq!(score("2026-12-01T11:00:00Z").sum, -3 - 2 - 6 - 10);
    assert_eq!(score("2026-12-01T11:30:00Z").sum, -3 - 2 - 6 - 5);

    // In Lisbon it is an hour earlier: an hour before nine, started ones count whole.
    let (world, span) = week_of_mina("Europe/Lisbon");
    let found = offered(&world, &span);
    let scores = Scores::new(&world, &span, found[0].start);
    assert_eq!(scores.of(&found[0]).sum, -5 - 10);
    assert_eq!(found[1].start - found[0].start, 900);
    assert_eq!(scores.of(&found[1]).sum, -5 - 10);
    let early = told(&scores.of(&found[0]))[0];
    assert_eq!(early, (Code::OutsideUsualHours, -10, Some(1)));
}

/// Four good times lie on different days and in both halves of them.
#[test]
fn the_best_are_spread_as_a_proposal_is() {
    let (world, span) = week_of_mina("Europe/Berlin");
    let found = offered(&world, &span);
    let scores = Scores::new(&world, &span, found[0].start);
    let best = best(&world, &found, &scores, 4);
    let picked: Vec<_> = best
        .iter()
        .map(|it| Instant::from_second(it.start).to_string())
        .collect();
    let days: std::collections::HashSet<_> = picked.iter().map(|it| &it[..10]).collect();
    assert!(days.len() >= 3, "{picked:?}");
    assert_eq!(
        scores.sum(&best[0]),
        found.iter().map(|it| scores.sum(it)).max().unwrap()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Pick by pick, by the words of the decision.
    #[test]
    fn each_pick_is_the_best_that_is_left(drawn in drawn()) {
        let (world, span) = (drawn.world(), drawn.span());
        let found = offered(&world, &span);
        prop_assume!(!found.is_empty());
        let scores = Scores::new(&world, &span, found[0].start);
        let zone = world.candidate_zone.clone();
        let half = |start: i64| {
            let local = Instant::from_second(start).timestamp().to_zoned(zone.clone());
            let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
            (local.date(), minute >= 12 * 60 + 30)
        };
        let ids = |it: &Offered| -> Vec<MemberId> {
            it.people.iter().map(|place| world.people[*place].0).collect()
        };
        let mut picked: Vec<Offered> = Vec::new();
        for pick in best(&world, &found, &scores, 4) {
            let may = |it: &&Offered| picked.iter().all(|other| {
                let apart = (it.start - other.start).abs();
                let same_day = half(it.start).0 == half(other.start).0;
                let minutes = i64::from(world.minutes);
                apart >= minutes * 60 && (!same_day || apart >= (minutes + 75) * 60)
            });
            let worth = |it: &Offered| {
                let (day, second) = half(it.start);
                let near = picked.iter().map(|other| match half(other.start) {
                    (other_day, other_half) if other_day == day && other_half == second => -25,
                    (other_day, _) if other_day == day => -12,
                    (_, other_half) if other_half == second => -8,
                    _ => 0,
                });
                scores.sum(it) + near.sum::<i64>()
            };
            let by_rule = found.iter().filter(may);
            let by_rule = by_rule.min_by_key(|it| (-worth(it), it.start, ids(it)));
            prop_assert_eq!(Some(&pick), by_rule);
            picked.push(pick);
        }
        let all = best(&world, &found, &scores, usize::MAX);
        prop_assert_eq!(&all[..picked.len()], &picked[..]);
    }
}
