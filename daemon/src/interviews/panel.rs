//! Who the panel of a stage comes to at a time: facts gathered, the choice made by [`fair`].
//!
//! Invariants: who is proposed is free by our own bookings, unless nobody of a group is; optional
//! people are never proposed; and nothing here decides whether the time works: that is judged again
//! for everyone in it.

use std::collections::{HashMap, HashSet};

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{PanelChoice, PanelMember, PanelProposal};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use jiff::tz::TimeZone;

use super::judge::Purpose;
use super::view;
use crate::access::RequestContext;
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::schedule::fair::{self, Load, Talk};
use crate::schedule::time;
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
    let groups = present(services, context, panel.unwrap_or_default());
    let takes_part = |group: &PanelGroup| group.rule != PanelRule::Optional;
    if !groups.iter().any(takes_part) {
        return Ok(None);
    }
    let free = free(services, context, tx, interview, &groups, purpose).await?;
    let loads = loads(services, context, interview);
    let chosen = chosen(&groups, &free, &loads);
    let person = |member: MemberId| view::member(services, context.workspace, member);
    let interviewers = chosen.iter().flatten().copied();
    let mut named = HashSet::new();
    let interviewers = interviewers.filter(|member| named.insert(*member));
    let interviewers = interviewers.map(person).collect();
    let groups = groups.iter().zip(by_group(&groups, &chosen));
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
                    free: free.contains(member),
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

/// The groups without those who left the workspace, and without those nobody is left of.
fn present(
    services: &Services,
    context: &RequestContext,
    panel: Vec<PanelGroup>,
) -> Vec<PanelGroup> {
    let is_here = |member: &MemberId| services.index.member(context.workspace, *member).is_some();
    let mut groups = panel;
    for group in &mut groups {
        group.members.retain(is_here);
    }
    groups.retain(|group| !group.members.is_empty());
    groups
}

/// Everyone of "all of" first, then one of each "any of": a list for each group that takes part.
/// Where no way has only people who are free, one without regard to that; where there are too few
/// people for the groups, as many as there are.
fn chosen(
    groups: &[PanelGroup],
    free: &HashSet<MemberId>,
    loads: &HashMap<MemberId, Load>,
) -> Vec<Vec<MemberId>> {
    let of = |rule: PanelRule| groups.iter().filter(move |group| group.rule == rule);
    let all_of: Vec<_> = of(PanelRule::AllOf).map(|it| it.members.clone()).collect();
    let named: Vec<_> = all_of.iter().flatten().copied().collect();
    let any_of: Vec<_> = of(PanelRule::AnyOf).map(|it| it.members.clone()).collect();
    let of_the_free: Vec<Vec<_>> = any_of
        .iter()
        .map(|group| {
            group
                .iter()
                .filter(|it| free.contains(it))
                .copied()
                .collect()
        })
        .collect();
    let one_each = fair::choose(&of_the_free, &named, loads)
        .or_else(|| fair::choose(&any_of, &named, loads))
        .unwrap_or_else(|| as_many_as_there_are(&any_of, &named, loads));
    let one_each = one_each.into_iter().map(|member| vec![member]);
    all_of.into_iter().chain(one_each).collect()
}

fn as_many_as_there_are(
    any_of: &[Vec<MemberId>],
    named: &[MemberId],
    loads: &HashMap<MemberId, Load>,
) -> Vec<MemberId> {
    let mut taken = named.to_vec();
    let mut chosen = Vec::new();
    for group in any_of {
        for member in fair::choose(std::slice::from_ref(group), &taken, loads).unwrap_or_default() {
            taken.push(member);
            chosen.push(member);
        }
    }
    chosen
}

/// Who is proposed for each group, in the order of the panel.
fn by_group(groups: &[PanelGroup], chosen: &[Vec<MemberId>]) -> Vec<Vec<MemberId>> {
    let named = groups.iter().filter(|group| group.rule == PanelRule::AllOf);
    let mut each: Vec<_> = chosen
        .iter()
        .skip(named.count())
        .flatten()
        .copied()
        .collect();
    let mut proposed = Vec::new();
    for group in groups {
        proposed.push(match group.rule {
            PanelRule::AllOf => group.members.clone(),
            PanelRule::AnyOf => {
                // Each stands for one group only: the first that lists them and has nobody yet.
                let at = each.iter().position(|it| group.members.contains(it));
                at.map(|at| each.remove(at)).into_iter().collect()
            }
            PanelRule::Optional => Vec::new(),
        });
    }
    proposed
}

/// Who of the groups has no interview at that time. Nothing is expected to stay so: who is chosen
/// is judged again.
async fn free(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    interview: &InterviewRecord,
    groups: &[PanelGroup],
    purpose: Purpose,
) -> Result<HashSet<MemberId>, Error> {
    let (space, start, end) = (context.space(), interview.start, interview.end());
    let members: HashSet<_> = groups.iter().flat_map(|group| &group.members).collect();
    let mut free = HashSet::new();
    for member in members {
        let owner = Owner::Member(*member);
        let busy = match purpose {
            // The records are ahead of the index by a moment: who is found free there and is not
            // any more would be refused, though somebody else could have been chosen.
            Purpose::Book => calendar::peek(tx, &space, &owner, start, end).await?,
            Purpose::Show => services.index.busy(context.workspace, &owner, start, end),
        };
        if busy.between(start, end).is_empty() {
            free.insert(*member);
        }
    }
    Ok(free)
}

/// What everybody has done of the job around the interview's local date.
fn loads(
    services: &Services,
    context: &RequestContext,
    interview: &InterviewRecord,
) -> HashMap<MemberId, Load> {
    const DAY: i64 = 24 * 60;
    let zone = time::zone(&interview.zone).unwrap_or(TimeZone::UTC);
    let date =
        |start: greenroom_protocol::time::Instant| start.timestamp().to_zoned(zone.clone()).date();
    let from = interview.start.plus_minutes(-NEAR_BEFORE * DAY);
    let to = interview.start.plus_minutes(NEAR_AFTER * DAY);
    let near = services
        .index
        .counted(context.workspace, interview.job, from, to);
    let talks: Vec<_> = near
        .into_iter()
        .map(|it| Talk {
            date: date(it.start),
            minutes: it.minutes,
            members: it.interviewers,
        })
        .collect();
    fair::loads(&talks, date(interview.start))
}
