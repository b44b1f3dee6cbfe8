//! Times that work, from what is in memory.
//!
//! Owns how far a search goes and how its answer is worded. Must not judge: what is offered is
//! [`crate::schedule::slots`]'s, by the one predicate.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::PanelRule;
use greenroom_protocol::schedule::{FairShare, FindingWho, Slot, SlotQuery, Slots, Source};
use greenroom_protocol::time::Instant;
use jiff::Span;
use jiff::tz::TimeZone;

use super::planned::{self, search};
use super::view;
use crate::access::RequestContext;
use crate::schedule::fair;
use crate::schedule::hours::Said;
use crate::schedule::predicate::{Limits, Party, judge_plan, stale};
use crate::schedule::ranges::Seconds;
use crate::schedule::slots::{Offered, Score, Scores, World, best, none_because, offered};
use crate::schedule::time;
use crate::services::Services;

/// The longest search, in days.
const LONGEST: i64 = 62;

/// How far a search goes where the stage's horizon is behind it, in days.
const USUAL: i64 = 14;

/// Slots in an answer: where nobody says how many, and at most.
const USUAL_LIMIT: u32 = 100;
const MOST: u32 = 1000;

const DAY_MINUTES: i64 = 24 * 60;

/// The times that work for everybody.
pub async fn slots(
    services: &Services,
    context: &RequestContext,
    query: SlotQuery,
) -> Result<Slots, Error> {
    let begun = std::time::Instant::now();
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::usage(format!("The limit is 1 to {MOST}")).field("limit"));
    }
    let asked = planned::read(services, context, &query.planned).await?;
    let grid_zone = asked.grid_zone(services, context);
    let assumed_candidate_zone = asked.assumed_zone(services, context);
    let days_ahead = asked.plan.horizon_days;
    let guidance = asked.guidance();
    let (from, to) = stretch(&query, (&grid_zone, days_ahead), services.clock.now())?;
    let (zone, candidate_zone) = (asked.interview.zone.clone(), asked.candidate_zone.clone());
    let searched = asked.world(services, context, (from, to)).await?;
    let (world, connection) = (searched.world, searched.connection);
    let fairness = match query.fairness {
        true => shares(&world),
        false => Vec::new(),
    };
    let of_the_plan = judge_plan(&world.question(from, &[]));
    let (sources, assumed_hours) = (sources(&world), assumed_hours(&world));
    let advises = connection.into_iter().chain(of_the_plan).collect();
    let ids: Vec<MemberId> = world.people.iter().map(|(id, _)| *id).collect();
    let span = from.second()..to.second();
    let best_first = query.best;
    let (found, none_because, minutes) = search(move || {
        let found = find(&world, &span, best_first, limit as usize);
        let none = match found.is_empty() {
            true => none_because(&world, &span),
            false => Vec::new(),
        };
        (found, none, world.minutes)
    })
    .await?;
    Ok(Slots {
        items: shown(services, context, &ids, minutes, found),
        none_because,
        zone,
        grid_zone,
        candidate_zone,
        assumed_candidate_zone,
        computed_ms: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
        sources,
        assumed_hours,
        advises,
        fairness,
        guidance,
    })
}

/// Times that could be proposed to somebody.
pub struct Offers {
    /// The best of them, the best first.
    pub slots: Vec<Slot>,
    /// What they were chosen by.
    pub shares: bool,
    /// How many interviews could follow each other in the times that nobody else holds.
    pub free: usize,
}

/// The best times for what the query asks about, and how many interviews there is time for. Where
/// `may_share` says so of that number, those that one other holds and shares are among them.
///
/// # Errors
/// What the query names is not there.
pub async fn offers(
    services: &Services,
    context: &RequestContext,
    query: SlotQuery,
    may_share: impl FnOnce(usize) -> bool + Send + 'static,
) -> Result<Offers, Error> {
    let limit = query.limit.unwrap_or(USUAL_LIMIT).clamp(1, MOST);
    let asked = planned::read(services, context, &query.planned).await?;
    let grid_zone = asked.grid_zone(services, context);
    let days_ahead = asked.plan.horizon_days;
    let (from, to) = stretch(&query, (&grid_zone, days_ahead), services.clock.now())?;
    let mut world = asked.world(services, context, (from, to)).await?.world;
    let ids: Vec<MemberId> = world.people.iter().map(|(id, _)| *id).collect();
    let span = from.second()..to.second();
    let (found, shares, free, minutes) = search(move || {
        let nobodys = offered(&world, &span);
        let free = one_after_another(&nobodys, world.minutes);
        let shares = may_share(free);
        let all = match shares {
            true => {
                world.own.shares = true;
                offered(&world, &span)
            }
            false => nobodys,
        };
        let found = ranked(&world, &span, all, true, limit as usize);
        (found, shares, free, world.minutes)
    })
    .await?;
    Ok(Offers {
        slots: shown(services, context, &ids, minutes, found),
        shares,
        free,
    })
}

/// How many interviews could follow each other at these starts, which ascend.
fn one_after_another(offered: &[Offered], minutes: u32) -> usize {
    let length = i64::from(minutes) * 60;
    let mut ends = i64::MIN;
    let follows = offered.iter().filter(|it| {
        let follows = it.start >= ends;
        if follows {
            ends = it.start + length;
        }
        follows
    });
    follows.count()
}

fn shown(
    services: &Services,
    context: &RequestContext,
    ids: &[MemberId],
    minutes: u32,
    found: Vec<(Offered, Score)>,
) -> Vec<Slot> {
    let items = found.into_iter().map(|(offered, score)| {
        let start = Instant::from_second(offered.start);
        let people = offered.people.iter().filter_map(|place| ids.get(*place));
        Slot {
            start,
            end: start.plus_minutes(minutes.into()),
            interviewers: people
                .map(|id| view::member(services, context.workspace, *id))
                .collect(),
            score: score.sum,
            why: score.why,
        }
    });
    items.collect()
}

fn find(world: &World, span: &Seconds, best_first: bool, limit: usize) -> Vec<(Offered, Score)> {
    ranked(world, span, offered(world, span), best_first, limit)
}

fn ranked(
    world: &World,
    span: &Seconds,
    mut found: Vec<Offered>,
    best_first: bool,
    limit: usize,
) -> Vec<(Offered, Score)> {
    let Some(first) = found.first().map(|it| it.start) else {
        return Vec::new();
    };
    let scores = Scores::new(world, span, first);
    match best_first {
        true => found = best(world, &found, &scores, limit),
        false => found.truncate(limit),
    }
    let scored = |it: Offered| {
        let score = scores.of(&it);
        (it, score)
    };
    found.into_iter().map(scored).collect()
}

/// From when to when slots may begin, in so many days by the clock of a zone.
fn stretch(
    query: &SlotQuery,
    (zone, days): (&str, u32),
    now: Instant,
) -> Result<(Instant, Instant), Error> {
    let zone = time::zone(zone).unwrap_or(TimeZone::UTC);
    let from = query.from.unwrap_or(now);
    let furthest = from.plus_minutes(LONGEST * DAY_MINUTES);
    let to = query.to.unwrap_or_else(|| {
        let horizon = end_of_horizon(&zone, now, days);
        match horizon.filter(|it| *it > from) {
            Some(horizon) => horizon.min(furthest),
            None => from.plus_minutes(USUAL * DAY_MINUTES),
        }
    });
    if to <= from || to > furthest {
        let why = format!("The end must be after the beginning, and within {LONGEST} days");
        return Err(Error::usage(why).field("to"));
    }
    Ok((from, to))
}

/// When the day after the last that may be offered begins.
fn end_of_horizon(zone: &TimeZone, now: Instant, days: u32) -> Option<Instant> {
    let today = now.timestamp().to_zoned(zone.clone()).date();
    let after = today
        .checked_add(Span::new().days(i64::from(days) + 1))
        .ok()?;
    let begins = after.to_zoned(zone.clone()).ok()?;
    Some(begins.timestamp().into())
}

fn everybody(world: &World) -> impl Iterator<Item = &Party> {
    let people = world.people.iter().map(|(_, party)| party);
    people.chain(&world.candidate).chain(&world.host)
}

/// Our own bookings, which are known as of now, and the calendars that others keep.
fn sources(world: &World) -> Vec<Source> {
    let of = |party: &Party| {
        let own = Source {
            who: party.who(),
            feed: None,
            age: 0,
            stale: None,
        };
        let others = party.busy.others().iter().map(|it| {
            let age = it
                .read_at
                .map_or(0, |read| world.now.second() - read.second());
            Source {
                feed: Some(it.name.clone()),
                age: u64::try_from(age).unwrap_or_default(),
                stale: stale(it, &party.name, world.now),
                ..own.clone()
            }
        });
        [own.clone()].into_iter().chain(others).collect::<Vec<_>>()
    };
    everybody(world).flat_map(of).collect()
}

fn assumed_hours(world: &World) -> Vec<FindingWho> {
    let is_assumed = |party: &&Party| match &party.limits {
        Limits::WorkDays(days) => days.hours.said == Said::Assumed,
        Limits::Nights(_) | Limits::None => false,
    };
    everybody(world)
        .filter(is_assumed)
        .map(Party::who)
        .collect()
}

/// What everybody of "any of" has done around today.
fn shares(world: &World) -> Vec<FairShare> {
    let now = world.now.timestamp().to_zoned(world.grid.clone());
    let loads = fair::loads(&world.talks, now.date());
    let any_of = world.groups.iter().filter(|it| it.rule == PanelRule::AnyOf);
    let members: Vec<_> = any_of.flat_map(|it| &it.members).collect();
    let people = world.people.iter().filter(|(id, _)| members.contains(&id));
    let share = |(id, party): &(MemberId, Party)| {
        let load = loads.get(id).copied().unwrap_or_default();
        FairShare {
            who: party.who(),
            interviews: load.interviews,
            minutes_this_week: load.week_minutes,
        }
    };
    people.map(share).collect()
}
