//! Which times are offered, to whom, and why none is.
//!
//! Owns the search over a while: for everybody the starts that are free, as few ranges of seconds,
//! then the starts on the grid that are in all of them. Invariant: what is offered is exactly what
//! [`super::predicate`] finds neither a block nor advice about the slot in, with the people chosen
//! by [`super::fair`]; a test holds it against judging every start of the grid. Must not judge: it
//! only finds faster what the predicate would.

mod best;
mod explain;
mod free;
mod none;
#[cfg(test)]
mod oracle;
mod score;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use self::best::best;
pub use self::explain::{Explanation, explain};
pub use self::none::none_because;
pub use self::score::{Score, Scores};
use super::busy::Own;
use super::civil::Civil;
use super::fair::{self, Load, Talk};
use super::grid;
use super::predicate::{HostRules, Offer, Party, Question, Rules, SENDING};
use super::ranges::{Seconds, common};
use super::wishes::Wishes;

/// Everything that decides which times are offered. The taken time and the hours of everybody
/// reach at least two days beyond the times that are asked about, and the taken time of who has a
/// limit a week nine days.
#[derive(Debug, Clone)]
pub struct World {
    /// The present.
    pub now: Instant,
    /// How long the interview is, in minutes.
    pub minutes: u32,
    /// The zone in which times are named.
    pub zone: TimeZone,
    /// The zone of the grid, by whose dates days ahead and fairness count.
    pub grid: TimeZone,
    /// The candidate's; where that is not known, the one that is taken for it.
    pub candidate_zone: TimeZone,
    /// Minutes between two starts.
    pub step: u32,
    /// Minutes of notice, and days ahead at most.
    pub rules: Rules,
    /// Everybody of the panel, each once.
    pub people: Vec<(MemberId, Party)>,
    /// The candidate; `None`: the times are for anybody.
    pub candidate: Option<Party>,
    /// The Zoom host, where Zoom hosts.
    pub host: Option<Party>,
    /// What Zoom allows the host.
    pub host_rules: Option<HostRules>,
    /// What is judged again, and what is kept for it: that time is not in its way.
    pub own: Own,
    /// The panel; its members are among `people`.
    pub groups: Vec<PanelGroup>,
    /// The interviews that fairness counts.
    pub talks: Vec<Talk>,
    /// When the interview is wished to be.
    pub wishes: Wishes,
}

/// A time that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// When it begins, in seconds.
    pub start: i64,
    /// Who takes part, by their places among the people: who is named by "all of" first.
    pub people: Arc<[usize]>,
}

impl World {
    fn length(&self) -> i64 {
        i64::from(self.minutes) * 60
    }

    /// The earliest start that is offered.
    fn earliest(&self) -> i64 {
        let notice = i64::from(self.rules.notice_minutes) + i64::from(SENDING);
        self.now.plus_minutes(notice).second()
    }

    /// The last local day that is offered, if there is one.
    fn last_day(&self) -> Option<i64> {
        let now = self.now.second();
        let today = Civil::of(&self.grid, &(now..now + 1)).day(now);
        self.rules.horizon_days.map(|days| today + i64::from(days))
    }

    /// Whether these people could have the interview then, as an offer.
    #[must_use]
    pub fn question(&self, start: Instant, people: &[MemberId]) -> Question {
        let of = |id: &MemberId| self.people.iter().find(|(other, _)| other == id);
        let interviewers = people.iter().filter_map(of).map(|(_, party)| party.clone());
        let parties = interviewers
            .chain(self.candidate.clone())
            .chain(self.host.clone());
        Question {
            now: self.now,
            start,
            duration_minutes: self.minutes,
            zone: self.zone.clone(),
            grid: self.grid.clone(),
            parties: parties.collect(),
            host: self.host_rules.clone(),
            own: self.own,
            rules: Rules {
                offer: Some(Offer { step: self.step }),
                ..self.rules
            },
            wishes: self.wishes.clone(),
        }
    }

    /// What everybody has done of the job around a local day.
    fn loads(&self, day: i64) -> HashMap<MemberId, Load> {
        date(day).map_or_else(HashMap::new, |date| fair::loads(&self.talks, date))
    }

    fn places(&self) -> HashMap<MemberId, usize> {
        let people = self.people.iter().enumerate();
        people.map(|(place, (id, _))| (*id, place)).collect()
    }

    fn of(&self, rule: PanelRule) -> impl Iterator<Item = &PanelGroup> {
        self.groups.iter().filter(move |group| group.rule == rule)
    }

    /// Whom every interview of the panel has, each once, by their places.
    fn named(&self, places: &HashMap<MemberId, usize>) -> Vec<usize> {
        let mut named = Vec::new();
        for member in self.of(PanelRule::AllOf).flat_map(|it| &it.members) {
            let place = places.get(member).copied();
            named.extend(place.filter(|place| !named.contains(place)));
        }
        named
    }
}

/// A local day as a date.
fn date(day: i64) -> Option<Date> {
    let days = jiff::Span::new().try_days(day).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(days).ok()
}

/// The times that are offered of those that begin in `span`, in order.
#[must_use]
pub fn offered(world: &World, span: &Seconds) -> Vec<Offered> {
    let span = span.start.max(world.earliest())..span.end;
    if span.is_empty() {
        return Vec::new();
    }
    let places = world.places();
    let named = world.named(&places);
    let starts = everybodys(world, &named, &span);
    let choices = Choices::new(world, &places, named);
    choices.of(world, &span, starts)
}

/// The starts on the grid that suit all who take part in any case, each with its local day.
fn everybodys(world: &World, named: &[usize], span: &Seconds) -> Vec<(i64, i64)> {
    let always = named.iter().map(|place| &world.people[*place].1);
    let always = always.chain(&world.candidate).chain(&world.host);
    let mut free = vec![span.clone()];
    if let Some(only) = &world.wishes.only {
        free = common(&free, &free::within(only, world.length()));
    }
    for party in always {
        free = common(&free, &free::starts(world, party, span));
    }
    let civil = Civil::of(&world.grid, span);
    let last_day = world.last_day().unwrap_or(i64::MAX);
    let starts = free.iter();
    let starts = starts.flat_map(|range| grid::starts(&civil, world.step, range));
    let starts = starts.map(|start| (start, civil.day(start)));
    starts.filter(|(_, day)| *day <= last_day).collect()
}

/// Who can be chosen for the groups of which one takes part.
struct Choices {
    /// Who takes part in any case.
    named: Vec<usize>,
    /// The groups of which one takes part, by places; nobody of them is named.
    any_of: Vec<Vec<usize>>,
    /// Everybody in one of those groups, each once.
    all: Vec<usize>,
}

impl Choices {
    fn new(world: &World, places: &HashMap<MemberId, usize>, named: Vec<usize>) -> Self {
        let mut any_of = Vec::new();
        for group in world.of(PanelRule::AnyOf) {
            let mut members: Vec<_> = group
                .members
                .iter()
                .filter_map(|id| places.get(id))
                .collect();
            members.retain(|place| !named.contains(place));
            any_of.push(members.into_iter().copied().collect());
        }
        let mut all: Vec<usize> = any_of.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        Self { named, any_of, all }
    }

    /// The `starts` for which each group has somebody, with whom it has.
    fn of(&self, world: &World, span: &Seconds, starts: Vec<(i64, i64)>) -> Vec<Offered> {
        if self.any_of.is_empty() {
            let people: Arc<[usize]> = self.named.as_slice().into();
            let offered = |(start, _)| Offered {
                start,
                people: people.clone(),
            };
            return starts.into_iter().map(offered).collect();
        }
        let free = FreeAt::new(world, &self.all, span, &starts);
        let mut offered = Vec::new();
        let mut order: Option<(i64, Order)> = None;
        let mut former: Option<(usize, Option<Arc<[usize]>>)> = None;
        for (at, (start, day)) in starts.into_iter().enumerate() {
            let is_new_day = order.as_ref().is_none_or(|(of, _)| *of != day);
            if is_new_day {
                order = Some((day, Order::of(world, self, day)));
                former = None;
            }
            // Who is free changes seldom from one start to the next.
            let same = former
                .as_ref()
                .filter(|(of, _)| free.row(*of) == free.row(at))
                .map(|(_, people)| people.clone());
            let people = same.unwrap_or_else(|| {
                let (_, order) = order.as_ref()?;
                order.choose(world, self, |place| free.is(at, place))
            });
            former = Some((at, people.clone()));
            offered.extend(people.map(|people| Offered { start, people }));
        }
        offered
    }
}

/// Who is free at which start: a bit for each person, a row for each start.
struct FreeAt {
    /// Words in a row.
    width: usize,
    /// The bit of each person, by their place; of those who are asked about.
    bits: Vec<usize>,
    rows: Vec<u64>,
}

impl FreeAt {
    fn new(world: &World, all: &[usize], span: &Seconds, starts: &[(i64, i64)]) -> Self {
        let width = all.len().div_ceil(64).max(1);
        let mut rows = vec![0_u64; width * starts.len()];
        let mut bits = vec![0; world.people.len()];
        for (bit, place) in all.iter().enumerate() {
            bits[*place] = bit;
            let (word, mask) = (bit / 64, 1 << (bit % 64));
            let mut at = 0;
            for range in free::starts(world, &world.people[*place].1, span) {
                at += starts[at..].partition_point(|(start, _)| *start < range.start);
                while starts.get(at).is_some_and(|(start, _)| *start < range.end) {
                    rows[at * width + word] |= mask;
                    at += 1;
                }
            }
        }
        Self { width, bits, rows }
    }

    fn row(&self, at: usize) -> &[u64] {
        &self.rows[at * self.width..(at + 1) * self.width]
    }

    /// Whether somebody is free who is asked about.
    fn is(&self, at: usize, place: usize) -> bool {
        let bit = self.bits[place];
        self.rows[at * self.width + bit / 64] & (1 << (bit % 64)) != 0
    }
}

/// Each group of a day, the fairest to ask first.
struct Order {
    groups: Vec<Vec<usize>>,
    loads: HashMap<MemberId, Load>,
}

impl Order {
    fn of(world: &World, choices: &Choices, day: i64) -> Self {
        let loads = world.loads(day);
        let mut groups = choices.any_of.clone();
        for group in &mut groups {
            group.sort_by_cached_key(|place| {
                let id = world.people[*place].0;
                (loads.get(&id).copied().unwrap_or_default(), id)
            });
            group.dedup();
        }
        Self { groups, loads }
    }

    /// One of each group who is free; `None` where there is no way.
    fn choose(
        &self,
        world: &World,
        choices: &Choices,
        is_free: impl Fn(usize) -> bool,
    ) -> Option<Arc<[usize]>> {
        // The others take one of a group each at most, so of each group only as many as there are
        // groups can be the answer.
        let most = self.groups.len();
        let first = |group: &Vec<usize>| -> Vec<usize> {
            let free = group.iter().copied().filter(|place| is_free(*place));
            free.take(most).collect()
        };
        let first: Vec<_> = self.groups.iter().map(first).collect();
        let chosen = match &first[..] {
            [only] => vec![*only.first()?],
            _ => {
                let id = |place: &usize| world.people[*place].0;
                let ids: Vec<Vec<_>> = first
                    .iter()
                    .map(|group| group.iter().map(id).collect())
                    .collect();
                let chosen = fair::choose(&ids, &[], &self.loads)?;
                let place = |member: MemberId| {
                    let mut all = first.iter().flatten().copied();
                    all.find(|place| id(place) == member)
                };
                chosen.into_iter().filter_map(place).collect()
            }
        };
        let named = choices.named.iter().copied();
        Some(named.chain(chosen).collect())
    }
}
