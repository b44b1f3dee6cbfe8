//! Why a time does or does not work: everything the predicate finds, told to those who may know.

use std::ops::Range;

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{ExplainQuery, Explained, NoneBecause};
use greenroom_protocol::time::Instant;

use super::judge::{name_candidate, name_holders};
use super::plan;
use super::planned::{self, search};
use crate::access::RequestContext;
use crate::schedule::reading::{self, Frame};
use crate::schedule::slots::{World, explain as judged, none_because, offered};
use crate::services::Services;

/// How far the nearest other times are looked for, in minutes.
const NEAR: i64 = 7 * 24 * 60;

/// The nearest other time on one side, or why there is none.
struct Near {
    start: Option<Instant>,
    none_because: Vec<NoneBecause>,
}

impl Near {
    /// What has passed is no reason: of it, nobody asks why.
    fn of(world: &World, span: &Range<i64>, start: Option<Instant>) -> Self {
        let to_come = span.start.max(world.now.second())..span.end;
        let none_because = match start {
            None if !to_come.is_empty() => none_because(world, &to_come),
            _ => Vec::new(),
        };
        Self {
            start,
            none_because,
        }
    }
}

/// Why a time does or does not work.
pub async fn explain(
    services: &Services,
    context: &RequestContext,
    query: ExplainQuery,
) -> Result<Explained, Error> {
    let mut asked = planned::read(services, context, &query.planned).await?;
    let (zone, candidate_zone) = (asked.interview.zone.clone(), asked.candidate_zone.clone());
    let assumed_candidate_zone = asked.assumed_zone(services, context);
    let (theirs, locale) = (candidate_zone.as_deref(), query.locale.as_deref());
    let frame = Frame::new(services.clock.now(), &zone, theirs, locale)?;
    let read = reading::start(&query.start, &frame)?;
    let start = read.start.instant;
    if let Some(minutes) = read
        .minutes
        .filter(|_| query.planned.duration_minutes.is_none())
    {
        asked.interview.duration_minutes = plan::duration(minutes)?;
    }
    let (from, to) = (start.plus_minutes(-NEAR), start.plus_minutes(NEAR));
    let searched = asked.world(services, context, (from, to)).await?;
    let world = searched.world;
    let end = start.plus_minutes(world.minutes.into());
    let (explanation, earlier, later) = search(move || {
        let at = start.second();
        let (before, after) = (from.second()..at, at + 1..to.second());
        let (earlier, later) = (offered(&world, &before), offered(&world, &after));
        let begins = |second: i64| Instant::from_second(second);
        let earlier = earlier.last().map(|it| begins(it.start));
        let later = later.first().map(|it| begins(it.start));
        (
            judged(&world, start),
            Near::of(&world, &before, earlier),
            Near::of(&world, &after, later),
        )
    })
    .await?;
    let (offered, person_may) = (
        explanation.is_offered(),
        explanation.verdict.blocks.is_empty(),
    );
    let verdict = explanation.verdict;
    let findings: Vec<_> = verdict.blocks.into_iter().chain(verdict.advises).collect();
    let groups = explanation.groups;
    let ((mut findings, groups), _) = services
        .store
        .transact(|tx| {
            let (mut findings, mut groups) = (findings.clone(), groups.clone());
            async move {
                let each = groups.iter_mut().flat_map(|group| &mut group.each);
                let each = each.flat_map(|person| &mut person.findings);
                let mut all: Vec<_> = findings.iter_mut().chain(each).collect();
                let found = all.iter_mut().map(|finding| &mut **finding);
                name_holders(services, context, &tx, found).await?;
                for finding in all {
                    name_candidate(services, context, &tx, finding).await?;
                }
                Ok::<_, Error>((findings, groups))
            }
        })
        .await?;
    findings.extend(searched.connection);
    Ok(Explained {
        start,
        end,
        zone,
        candidate_zone,
        assumed_candidate_zone,
        offered,
        person_may,
        findings,
        groups,
        earlier: earlier.start,
        later: later.start,
        none_earlier: earlier.none_because,
        none_later: later.none_because,
    })
}
