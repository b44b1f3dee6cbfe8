//! Why a time is offered or is not.
//!
//! Invariant: it says what the predicate says, of everybody of the panel, and chooses for each
//! group the person that would be chosen for an offer; where there is none, the one that a booking
//! would propose.

use std::collections::HashMap;

use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::{PanelGroup, PanelRule};
use greenroom_protocol::schedule::{
    Finding, FindingClass, FindingCode, FindingWho, GroupExplained, GroupRule, LaneKind,
    PersonExplained, Verdict,
};
use greenroom_protocol::time::Instant;

use super::World;
use crate::schedule::civil::Civil;
use crate::schedule::panel::{self, Fit};
use crate::schedule::predicate::{judge_party, judge_plan, judge_time};

/// What there is to say of a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Blocks and advice: of the time, of who takes part, of the plan.
    pub verdict: Verdict,
    /// Who takes part, each once.
    pub people: Vec<MemberId>,
    /// The panel.
    pub groups: Vec<GroupExplained>,
}

impl Explanation {
    /// Whether nothing speaks against the time.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        Fit::of(&self.verdict) == Fit::Clean
    }
}

/// Explains a time.
#[must_use]
pub fn explain(world: &World, start: Instant) -> Explanation {
    let question = world.question(start, &[]);
    let judged: HashMap<MemberId, Verdict> = world
        .people
        .iter()
        .map(|(id, party)| (*id, judge_party(&question, party)))
        .collect();
    let fits = judged.iter().map(|(id, verdict)| (*id, Fit::of(verdict)));
    let fits: HashMap<_, _> = fits.collect();
    let second = start.second();
    let day = Civil::of(&world.grid, &(second..second + 1)).day(second);
    let chosen = panel::chosen(&world.groups, &fits, &world.loads(day));
    let people = panel::everyone(&world.groups, &chosen);

    let mut verdict = judge_time(&question);
    for person in &people {
        let of_them = judged.get(person).cloned().unwrap_or_default();
        verdict.blocks.extend(of_them.blocks);
        verdict.advises.extend(of_them.advises);
    }
    let groups = world.groups.iter().zip(&chosen);
    let nobody = groups.clone().filter(|(group, chosen)| {
        let suits = |it: &MemberId| fits.get(it).is_some_and(|fit| *fit < Fit::Blocked);
        group.rule == PanelRule::AnyOf && !chosen.iter().any(suits)
    });
    let nobody = nobody.map(|(group, _)| nobody_of(world, group));
    verdict.blocks.extend(nobody);
    for party in world.candidate.iter().chain(&world.host) {
        let of_them = judge_party(&question, party);
        verdict.blocks.extend(of_them.blocks);
        verdict.advises.extend(of_them.advises);
    }
    verdict.advises.extend(judge_plan(&question));
    let groups = groups.map(|(group, chosen)| told(world, group, chosen, &judged, &fits));
    Explanation {
        groups: groups.collect(),
        verdict,
        people,
    }
}

fn told(
    world: &World,
    group: &PanelGroup,
    chosen: &[MemberId],
    judged: &HashMap<MemberId, Verdict>,
    fits: &HashMap<MemberId, Fit>,
) -> GroupExplained {
    let rule = match group.rule {
        PanelRule::AllOf => GroupRule::AllOf,
        PanelRule::AnyOf => GroupRule::AnyOf,
        PanelRule::Optional => GroupRule::Optional,
    };
    // Optional people are invited where they have time.
    let has_time = |it: &&MemberId| fits.get(it).is_some_and(|fit| *fit < Fit::Blocked);
    let chosen: Vec<MemberId> = match group.rule {
        PanelRule::Optional => group.members.iter().filter(has_time).copied().collect(),
        PanelRule::AllOf | PanelRule::AnyOf => chosen.to_vec(),
    };
    let each = group.members.iter().map(|member| {
        let verdict = judged.get(member).cloned().unwrap_or_default();
        PersonExplained {
            who: who(world, *member),
            findings: verdict.blocks.into_iter().chain(verdict.advises).collect(),
        }
    });
    GroupExplained {
        rule,
        chosen: chosen.iter().map(|member| who(world, *member)).collect(),
        each: each.collect(),
    }
}

/// A member of the panel, as findings name them.
pub(super) fn who(world: &World, member: MemberId) -> FindingWho {
    let found = world.people.iter().find(|(id, _)| *id == member);
    let nameless = || FindingWho {
        kind: LaneKind::Member,
        id: member.to_string(),
        name: None,
    };
    found.map_or_else(nameless, |(_, party)| party.who())
}

fn nobody_of(world: &World, group: &PanelGroup) -> Finding {
    Finding {
        class: Some(FindingClass::Block),
        ..Finding::new(
            FindingCode::NobodyOfGroup,
            sentence(&nobody_has_time(world, group)),
        )
    }
}

/// A clause as a sentence: it begins with a capital letter.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// That nobody of a group has time, as a clause.
pub(super) fn nobody_has_time(world: &World, group: &PanelGroup) -> String {
    const MOST: usize = 5;
    let people = group.members.iter();
    let names: Vec<_> = people.filter_map(|it| who(world, *it).name).collect();
    match &names[..] {
        [] => "nobody of a group has time".to_owned(),
        [one] => format!("{one}, the only one of a group, has no time"),
        [all @ .., last] if all.len() < MOST => {
            format!("none of {} and {last} has time", all.join(", "))
        }
        all => {
            let (named, others) = all.split_at(MOST);
            let (named, others) = (named.join(", "), others.len());
            format!("none of {named} and {others} others has time")
        }
    }
}
