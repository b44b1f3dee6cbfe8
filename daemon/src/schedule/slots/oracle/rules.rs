//! The decisions, by brute force.
//!
//! Invariant: nothing of the engine is used, neither its lists of ranges nor its clocks nor its
//! matching, and every moment is asked about alone. Numbers of decisions are those of the design.

use std::collections::HashSet;

use greenroom_protocol::pipeline::{PanelRule, Window};
use greenroom_protocol::schedule::FindingCode;

use super::clock::{Clock, Edge, week, weekday};
use super::drawn::{By, Candidate, Drawn, ELSEWHERE, HOURS, MOMENTS, Person, Taken, Unlike, Zone};

/// Everything that is found of somebody or of the time.
pub(super) type Found = HashSet<FindingCode>;

/// A stretch of moments: from, up to.
type Stretch = (i64, i64);

/// A world, made ready to be asked about.
pub(super) struct Oracle<'a> {
    world: &'a Drawn,
    /// When the search begins.
    begins: i64,
    grid: Clock,
    people: Vec<Ready<'a>>,
    /// The nights of the candidate.
    nights: Vec<Stretch>,
    /// The only hours that are wished for.
    only: Option<Vec<Stretch>>,
}

/// Somebody of the panel, made ready to be asked about.
struct Ready<'a> {
    person: &'a Person,
    clock: Clock,
    /// On which local day each stretch of their taken time begins.
    days: Vec<i64>,
    /// When they work.
    hours: Vec<Stretch>,
    windows: Option<Vec<Stretch>>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(world: &'a Drawn) -> Self {
        let begins = begins(world);
        let clock = |zone: Zone| Clock::new(iana(world, zone), begins);
        let people = world.people.iter().map(|person| {
            let clock = clock(person.zone);
            let hours = working(person, &clock, begins);
            let windows = &world.windows;
            let windows = (!windows.is_empty()).then(|| weekly(windows, &clock, begins));
            let day = |it: &Taken| clock.day(begins + it.from);
            Ready {
                person,
                days: person.taken.iter().map(day).collect(),
                hours,
                windows,
                clock,
            }
        });
        let theirs = world.candidate.as_ref().and_then(|it| it.zone);
        // Decision 6, with the hours that the stage says.
        let asleep = theirs.zip(world.night).map(|(zone, (from, to))| {
            let clock = clock(zone);
            let nights = days(&clock, begins).map(|day| {
                let last = day + i64::from(to < from);
                let falls = clock.moment(day, from, Edge::Opening);
                (falls, clock.moment(last, to, Edge::Closing))
            });
            nights.collect()
        });
        let wished = clock(theirs.unwrap_or(world.home));
        let only = &world.only;
        Self {
            people: people.collect(),
            nights: asleep.unwrap_or_default(),
            only: (!only.is_empty()).then(|| weekly(only, &wished, begins)),
            grid: clock(world.grid),
            begins,
            world,
        }
    }

    /// The moments that are looked at: every minute of the search. Decision 2: the end of the range
    /// is none of them.
    pub(super) fn minutes(&self) -> impl Iterator<Item = i64> + use<> {
        let begins = self.begins;
        (0..HOURS * 60).map(move |minute| begins + minute * 60)
    }

    /// Decision 1.
    pub(super) fn is_on_the_grid(&self, start: i64) -> bool {
        let minute = self.grid.whole_minute(start);
        minute.is_some_and(|it| it % i64::from(self.world.step) == 0)
    }

    fn now(&self) -> i64 {
        self.begins + self.world.now
    }

    fn end(&self, start: i64) -> i64 {
        start + i64::from(self.world.minutes) * 60
    }

    /// What there is to say of the time itself, as an offer.
    pub(super) fn of_time(&self, start: i64) -> Found {
        let world = self.world;
        let mut found = Found::new();
        if start < self.now() {
            return Found::from([FindingCode::InThePast]);
        }
        // Decision 7.
        if start - self.now() < (i64::from(world.notice) + 10) * 60 {
            found.insert(FindingCode::ShortNotice);
        }
        let ahead = self.grid.day(start) - self.grid.day(self.now());
        if world.horizon.is_some_and(|most| ahead > i64::from(most)) {
            found.insert(FindingCode::BeyondHorizon);
        }
        // Decision 17.
        let lies = |only: &Vec<Stretch>| lies_in_one(only, start, self.end(start));
        if !self.only.as_ref().is_none_or(lies) {
            found.insert(FindingCode::WishUnmet);
        }
        if !self.is_on_the_grid(start) {
            found.insert(FindingCode::OffStep);
        }
        found
    }

    /// What there is to say of the time for somebody of the panel.
    pub(super) fn of_person(&self, who: usize, start: i64) -> Found {
        let Ready {
            person,
            clock,
            days,
            hours,
            windows,
        } = &self.people[who];
        let end = self.end(start);
        let busy = FindingCode::PersonBusy;
        let mut found = self.of_taken(&person.taken, 1, busy, start);
        // Decisions 3 and 4.
        if !lies_in_one(hours, start, end) {
            found.insert(FindingCode::OutsideHours);
        }
        // Decision 5: beside the hours, not in place of them.
        if !windows
            .as_ref()
            .is_none_or(|it| lies_in_one(it, start, end))
        {
            found.insert(FindingCode::OutsideWindows);
        }
        // Decision 8.
        for other in self.others(&person.taken).filter(|it| it.by != By::Unknown) {
            let (from, to) = self.stretch(other);
            let after = i64::from(other.kept.1.max(person.before)) * 60;
            let before = i64::from(other.kept.0.max(person.after)) * 60;
            if (to <= start && start - to < after) || (end <= from && from - end < before) {
                found.insert(FindingCode::Buffer);
            }
        }
        // Decision 9.
        let day = clock.day(start);
        let count = |counts: &dyn Fn(i64) -> bool| {
            let (mut interviews, mut outreaches) = (0, HashSet::new());
            for (it, day) in person.taken.iter().zip(days) {
                match it.by {
                    _ if it.seconds == 0 || !counts(*day) => {}
                    By::Interview { .. } => interviews += 1,
                    By::Held { outreach, .. } => {
                        outreaches.insert(outreach);
                    }
                    By::Itself | By::Unknown => {}
                }
            }
            interviews + outreaches.len()
        };
        if person.a_day > 0 && count(&|it| it == day) >= person.a_day as usize {
            found.insert(FindingCode::DayCap);
        }
        if person.a_week > 0 && count(&|it| week(it) == week(day)) >= person.a_week as usize {
            found.insert(FindingCode::WeekCap);
        }
        found
    }

    /// The same for the candidate.
    pub(super) fn of_candidate(&self, candidate: &Candidate, start: i64) -> Found {
        let busy = FindingCode::CandidateBusy;
        let mut found = self.of_taken(&candidate.taken, 1, busy, start);
        let end = self.end(start);
        if self
            .nights
            .iter()
            .any(|(falls, ends)| *falls < end && start < *ends)
        {
            found.insert(FindingCode::CandidateNight);
        }
        found
    }

    /// The same for the host.
    pub(super) fn of_host(&self, (capacity, taken): &(usize, Vec<Taken>), start: i64) -> Found {
        self.of_taken(taken, *capacity, FindingCode::HostBusy, start)
    }

    /// Decision 13: where somebody has no place left by what is there for sure, that blocks; where
    /// it is only because of slots on hold, that is advice. The very same slot that one other shares
    /// is none of these, for what shares, too: it has two holders at most. Each moment at which something begins
    /// is looked at, for only there it can become more.
    fn of_taken(&self, taken: &[Taken], capacity: usize, busy: FindingCode, start: i64) -> Found {
        let end = self.end(start);
        let then = |it: &&Taken| {
            let (from, to) = self.stretch(it);
            from < end && start < to
        };
        let mut then: Vec<&Taken> = self.others(taken).filter(then).collect();
        let is_same = |it: &&Taken| {
            matches!(it.by, By::Held { shared: true, .. }) && self.stretch(it) == (start, end)
        };
        if self.world.shares && then.iter().filter(|it| is_same(it)).count() == 1 {
            then.retain(|it| !is_same(it));
        }
        let mut found = Found::new();
        for moment in then.iter().map(|it| self.stretch(it).0.max(start)) {
            let at_once = then.iter().filter(|it| {
                let (from, to) = self.stretch(it);
                from <= moment && moment < to
            });
            let is_held = |it: &&&Taken| matches!(it.by, By::Held { .. });
            let held = at_once.clone().filter(is_held).count();
            let real = at_once.count() - held;
            if real >= capacity {
                found.insert(busy);
            }
            if held > 0 && held + real >= capacity {
                found.insert(FindingCode::Held);
            }
        }
        found
    }

    /// What takes time and is not judged again. Decision 2: what has no length takes none.
    fn others<'b>(&self, taken: &'b [Taken]) -> impl Iterator<Item = &'b Taken> + Clone {
        let taken = taken.iter();
        taken.filter(|it| it.seconds > 0 && it.by != By::Itself)
    }

    fn stretch(&self, taken: &Taken) -> Stretch {
        let from = self.begins + taken.from;
        (from, from + taken.seconds)
    }

    /// Whether nothing speaks against a time, with any of the panel.
    fn is_clean(&self, start: i64) -> bool {
        let candidate = self.world.candidate.as_ref();
        let host = self.world.host.as_ref();
        self.of_time(start).is_empty()
            && candidate.is_none_or(|it| self.of_candidate(it, start).is_empty())
            && host.is_none_or(|it| self.of_host(it, start).is_empty())
    }

    /// Whom every interview has: each member of "all of", once.
    pub(super) fn named(&self) -> Vec<usize> {
        let mut named = Vec::new();
        for who in self.members(PanelRule::AllOf).into_iter().flatten() {
            if !named.contains(&who) {
                named.push(who);
            }
        }
        named
    }

    fn members(&self, rule: PanelRule) -> Vec<Vec<usize>> {
        let groups = self.world.groups.iter().filter(|(of, _)| *of == rule);
        groups.map(|(_, members)| members.clone()).collect()
    }

    /// Decision 10: every way to have one of each "any of", all of them different and none named.
    /// Decision 12: who is optional does not matter.
    pub(super) fn ways(&self) -> Vec<Vec<usize>> {
        let named = self.named();
        let mut ways = vec![Vec::new()];
        for group in self.members(PanelRule::AnyOf) {
            let mut longer = Vec::new();
            for way in ways {
                let others = group.iter().filter(|it| !named.contains(it));
                let others = others.filter(|it| !way.contains(*it));
                longer.extend(others.map(|it| [&way[..], &[*it]].concat()));
            }
            ways = longer;
        }
        ways
    }

    /// Decision 11; people are numbered as their ids are ordered.
    fn fairness(&self, who: usize, day: i64) -> (usize, u32, usize) {
        let first = self.grid.day(self.begins);
        let of_them = self.world.talks.iter().filter(|it| it.who == who);
        let days = of_them.clone().map(|it| first + it.day - day);
        let near = days.filter(|apart| (-28..=7).contains(apart)).count();
        let this_week = of_them.filter(|it| week(first + it.day) == week(day));
        (near, this_week.map(|it| it.minutes).sum(), who)
    }

    /// Who takes part in what is offered at a time: who is named first. `None`: it is not offered.
    pub(super) fn offered(&self, start: i64) -> Option<Vec<usize>> {
        if !self.is_clean(start) {
            return None;
        }
        let (named, day) = (self.named(), self.grid.day(start));
        let suits: Vec<bool> = (0..self.people.len())
            .map(|who| self.of_person(who, start).is_empty())
            .collect();
        let ways = self.ways().into_iter();
        let ways = ways.filter(|way| named.iter().chain(way).all(|who| suits[*who]));
        let fairest = ways.min_by_key(|way| {
            let keys = way.iter().map(|who| self.fairness(*who, day));
            keys.collect::<Vec<_>>()
        });
        fairest.map(|way| [named, way].concat())
    }

    /// Whether each "any of" has somebody of its own at a time, whatever else there is.
    pub(super) fn is_filled_by_any_of(&self, start: i64) -> bool {
        let suits: Vec<bool> = (0..self.people.len())
            .map(|who| self.of_person(who, start).is_empty())
            .collect();
        let suited = |way: &Vec<usize>| way.iter().all(|who| suits[*who]);
        self.ways().iter().any(suited)
    }
}

/// When the search begins.
pub(super) fn begins(world: &Drawn) -> i64 {
    let moment: jiff::Timestamp = MOMENTS[world.moment].1.parse().unwrap();
    moment.as_second()
}

/// The name of a zone.
pub(super) fn iana(world: &Drawn, zone: Zone) -> &'static str {
    match zone {
        Zone::There => MOMENTS[world.moment].0,
        Zone::Elsewhere(which) => ELSEWHERE[which],
    }
}

/// The local days that have to do with the search, and some around.
fn days(clock: &Clock, begins: i64) -> std::ops::Range<i64> {
    clock.day(begins) - 2..clock.day(begins + HOURS * 3600) + 3
}

fn of_day(windows: impl Iterator<Item = (u16, u16)>, clock: &Clock, day: i64) -> Vec<Stretch> {
    let stretch = |(from, to)| {
        let opens = clock.moment(day, from, Edge::Opening);
        (opens, clock.moment(day, to, Edge::Closing))
    };
    windows.map(stretch).collect()
}

fn of_week(windows: &[Window], day: i64) -> impl Iterator<Item = (u16, u16)> {
    let today = windows
        .iter()
        .filter(move |it| it.days.contains(&weekday(day)));
    today.map(|it| (it.from_minute, it.to_minute))
}

fn weekly(windows: &[Window], clock: &Clock, begins: i64) -> Vec<Stretch> {
    let of = |day| of_day(of_week(windows, day), clock, day);
    in_one(days(clock, begins).flat_map(of).collect())
}

/// Decision 4: hours of a date go before a day off, and both before the week; the days are the
/// person's.
fn working(person: &Person, clock: &Clock, begins: i64) -> Vec<Stretch> {
    let first = clock.day(begins);
    let of = |day: i64| {
        let unlike = person.unlike.iter();
        let unlike = unlike.filter(|(after, _)| first + after == day);
        let own = unlike.clone().rev().find_map(|(_, unlike)| match unlike {
            Unlike::Hours(own) => Some(own),
            Unlike::Off => None,
        });
        match (own, unlike.count()) {
            (Some(own), _) => of_day(own.iter().copied(), clock, day),
            (None, 0) => of_day(of_week(&person.weekly, day), clock, day),
            (None, _) => Vec::new(),
        }
    };
    in_one(days(clock, begins).flat_map(of).collect())
}

/// Stretches that overlap or touch as one.
fn in_one(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.retain(|(from, to)| from < to);
    stretches.sort_unstable();
    let mut whole: Vec<Stretch> = Vec::new();
    for (from, to) in stretches {
        match whole.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => whole.push((from, to)),
        }
    }
    whole
}

fn lies_in_one(stretches: &[Stretch], start: i64, end: i64) -> bool {
    stretches
        .iter()
        .any(|(from, to)| *from <= start && end <= *to)
}
