//! Who the panel of a stage comes to at a time: facts gathered, the choice made by
//! [`crate::schedule::panel`], as it is for the times that are offered.
//!
//! Invariant: nothing here decides whether the time works: that is judged again for everyone who is
//! proposed.

use std::collections::{HashMap, HashSet};

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, MemberId, WorkspaceId};
use greenroom_protocol::interview::{PanelChoice, PanelMember, PanelProposal};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use super::facts::{Clocks, grid};
use super::judge::{self, Purpose};
use super::plan::stage_plan;
use super::view;
use crate::access::RequestContext;
use crate::index::Counted;
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::schedule::busy::Own;
use crate::schedule::fair::{self, Talk};
use crate::schedule::panel::{self, Fit};
use crate::schedule::predicate::{Question, Rules, judge_party};
use crate::schedule::time;
use crate::schedule::wishes::Wishes;
use crate::services::Services;
use crate::store::Tx;

/// Days around a start in which every local date that counts begins and ends, whatever the zone.
const NEAR_BEFORE: i64 = 30;
const NEAR_AFTER: i64 = 9;

/// Who the panel of the interview's stage comes to at its time; `None` where the stage has no
/// panel.
pub(super) async fn propose(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    interview: &InterviewRecord,
    purpose: Purpose,
) -> Result<Option<PanelProposal>, Error> {
    let stage = services.index.stage(context.workspace, interview.stage);
    let panel = stage.map(|row| row.record.interview.panel.clone());
    let groups = present(services, context.workspace, panel.unwrap_or_default());
    let takes_part = |group: &PanelGroup| group.rule != PanelRule::Optional;
    if !groups.iter().any(takes_part) {
        return Ok(None);
    }
    let fits = fits(services, context, tx, interview, &groups, purpose).await?;
    let plan = stage_plan(services, context, interview.stage);
    let zone = grid(&services.index, context.workspace, &plan);
    let date = interview.start.timestamp().to_zoned(zone.clone()).date();
    let when = (interview.start, interview.start);
    let loads = fair::loads(&talks(services, context, interview.job, &zone, when), date);
    let chosen = panel::chosen(&groups, &fits, &loads);
    let person = |member: MemberId| view::member(services, context.workspace, member);
    let interviewers = panel::everyone(&groups, &chosen).into_iter().map(person);
    let interviewers = interviewers.collect();
    let is_free = |member: &MemberId| fits.get(member).is_some_and(|fit| *fit < Fit::Blocked);
    let groups = groups.iter().zip(&chosen);
    let groups = groups.map(|(group, proposed)| PanelChoice {
        rule: group.rule,
        members: group
            .members
            .iter()
            .map(|member| {
                let load = loads.get(member).copied().unwrap_or_default();
                PanelMember {
                    member: person(*member),
                    proposed: proposed.contains(member),
                    free: is_free(member),
                    interviews: load.interviews,
                    week_minutes: load.week_minutes,
                }
            })
            .collect(),
    });
    Ok(Some(PanelProposal {
        interviewers,
        groups: groups.collect(),
    }))
}

/// Who could take a member's place: the fairest of the "any of" they are in who is free then, takes
/// no part yet and has not `declined`. `None`: nobody.
pub(super) async fn in_place_of(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    interview: &InterviewRecord,
    member: MemberId,
    declined: &[MemberId],
    purpose: Purpose,
) -> Result<Option<MemberId>, Error> {
    let stage = services.index.stage(context.workspace, interview.stage);
    let panel = stage.map(|row| row.record.interview.panel.clone());
    let mut groups = present(services, context.workspace, panel.unwrap_or_default());
    groups.retain(|it| it.rule == PanelRule::AnyOf && it.members.contains(&member));
    let out = |it: &MemberId| {
        *it == member || interview.interviewers.contains(it) || declined.contains(it)
    };
    for group in &mut groups {
        group.members.retain(|it| !out(it));
    }
    let fits = fits(services, context, tx, interview, &groups, purpose).await?;
    // Whom the time suits best come first, and among them the fairest.
    let best = fits.values().filter(|fit| **fit < Fit::Blocked).min();
    let Some(best) = best else {
        return Ok(None);
    };
    let fit = groups.iter().flat_map(|group| &group.members);
    let fit = fit.filter(|it| fits.get(it) == Some(best));
    let fit: Vec<_> = fit.copied().collect();
    let plan = stage_plan(services, context, interview.stage);
    let zone = grid(&services.index, context.workspace, &plan);
    let date = interview.start.timestamp().to_zoned(zone.clone()).date();
    let when = (interview.start, interview.start);
    let loads = fair::loads(&talks(services, context, interview.job, &zone, when), date);
    let chosen = fair::choose(&[fit], &interview.interviewers, &loads);
    Ok(chosen.and_then(|chosen| chosen.first().copied()))
}

/// The groups without those who left the workspace, and without those nobody is left of.
pub(super) fn present(
    services: &Services,
    workspace: WorkspaceId,
    panel: Vec<PanelGroup>,
) -> Vec<PanelGroup> {
    let is_here = |member: &MemberId| services.index.member(workspace, *member).is_some();
    let mut groups = panel;
    for group in &mut groups {
        group.members.retain(is_here);
    }
    groups.retain(|group| !group.members.is_empty());
    groups
}

/// How far the interview's time suits everybody in the groups. Nothing is expected to stay so: who
/// is chosen is judged again.
async fn fits(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    interview: &InterviewRecord,
    groups: &[PanelGroup],
    purpose: Purpose,
) -> Result<HashMap<MemberId, Fit>, Error> {
    let (space, start, end) = (context.space(), interview.start, interview.end());
    let own = Own {
        outreach: judge::kept_for(tx, &space, interview.application).await?,
        ..Own::default()
    };
    let plan = stage_plan(services, context, interview.stage);
    let mut clocks = Clocks::new(&services.index, context.workspace, &plan, (start, end));
    let question = Question {
        now: services.clock.now(),
        start,
        duration_minutes: interview.duration_minutes,
        zone: time::zone(&interview.zone).unwrap_or(TimeZone::UTC),
        grid: grid(&services.index, context.workspace, &plan),
        parties: Vec::new(),
        host: None,
        own,
        rules: Rules::default(),
        wishes: Wishes::default(),
    };
    let members: HashSet<_> = groups.iter().flat_map(|group| &group.members).collect();
    let mut fits = HashMap::new();
    for member in members {
        let Some(row) = services.index.member(context.workspace, *member) else {
            continue;
        };
        let owner = Owner::Member(*member);
        let around = clocks.looked_around(*member);
        let (from, to) = (start.plus_minutes(-around), end.plus_minutes(around));
        let busy = match purpose {
            // The records are ahead of the index by a moment: who is found free there and is not
            // any more would be refused, though somebody else could have been chosen.
            Purpose::Book | Purpose::BookUnadvised | Purpose::Share => {
                calendar::peek(tx, &space, &owner, from, to).await?
            }
            Purpose::Show | Purpose::Preview => {
                services.index.busy(context.workspace, &owner, from, to)
            }
        };
        let party = clocks.interviewer(*member, &row.record, busy);
        fits.insert(*member, Fit::of(&judge_party(&question, &party)));
    }
    Ok(fits)
}

/// The interviews of a job that fairness counts for those that start between two moments.
pub(super) fn talks(
    services: &Services,
    context: &RequestContext,
    job: JobId,
    zone: &TimeZone,
    (from, to): (Instant, Instant),
) -> Vec<Talk> {
    const DAY: i64 = 24 * 60;
    let from = from.plus_minutes(-NEAR_BEFORE * DAY);
    let to = to.plus_minutes(NEAR_AFTER * DAY);
    let near = services.index.counted(context.workspace, job, from, to);
    let talk = |it: Counted| Talk {
        date: it.start.timestamp().to_zoned(zone.clone()).date(),
        minutes: it.minutes,
        members: it.interviewers,
    };
    near.into_iter().map(talk).collect()
}
