//! What would help those who have waited for times for days.
//!
//! Owns who has waited long, and which changes of a stage's plan are tried (`ways` ★). Invariants:
//! nothing is changed, for a change is only tried, by the search that chooses times; a page of a list
//! tries them for few stages, once each, however many wait there. Must not weigh people against each
//! other: a colleague is named for the times they would add.
//!
//! ★ pure

use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::{MemberId, StageId};
use greenroom_protocol::outreach::{Outreach, OutreachState, OutreachWhy, WouldHelp};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule, StageInterviewChange};

use super::{choose, clock};
use crate::access::RequestContext;
use crate::interviews;
use crate::records::outreach::OutreachRecord;
use crate::records::pipeline::StagePlan;
use crate::services::Services;

/// Working days of the workspace's after which somebody has waited long.
const LONG: i64 = 3;

/// Colleagues who are tried.
const COLLEAGUES: usize = 5;

/// Days ahead that are tried beside the present ones.
const DAYS_MORE: u32 = 7;

/// Ways that are named, those that help most.
const NAMED: usize = 3;

/// Stages of a list for which that is worked out.
const STAGES: usize = 4;

/// The same outreaches, each that has waited long with what would help.
///
/// # Errors
/// The store can't be read.
pub async fn with_helps(
    services: &Services,
    context: &RequestContext,
    mut outreaches: Vec<Outreach>,
) -> Result<Vec<Outreach>, Error> {
    let (now, zone) = (
        services.clock.now(),
        services.index.zone_of(context.workspace),
    );
    let long = |it: &Outreach| {
        let waits = (it.state, it.why) == (OutreachState::Waiting, Some(OutreachWhy::Time));
        waits && clock::weekdays_passed(it.since, now, LONG, &zone)
    };
    let mut known: Vec<(StageId, Vec<WouldHelp>)> = Vec::new();
    for outreach in outreaches.iter_mut().filter(|it| long(it)) {
        let (space, key) = (context.space(), outreach.id.to_string());
        let Some(stored) = services.store.get::<OutreachRecord>(&space, &key).await? else {
            continue;
        };
        let stage = stored.record.stage;
        let there = known.iter().position(|(other, _)| *other == stage);
        let place = match there {
            Some(place) => place,
            None if known.len() == STAGES => continue,
            None => {
                let assistant = choose::assistant(context.workspace, outreach.id, &stored.record);
                // Where the plan can't be searched, nothing is known to help.
                let found = found(services, &assistant, &stored.record).await;
                known.push((stage, found.unwrap_or_default()));
                known.len() - 1
            }
        };
        outreach.helps.clone_from(&known[place].1);
        outreach.message.push_str(&told(&outreach.helps));
    }
    Ok(outreaches)
}

/// The same as words that go on after how it stands.
fn told(helps: &[WouldHelp]) -> String {
    let each = helps.iter().map(|it| format!("{}: +{}", it.what, it.slots));
    match helps.is_empty() {
        true => String::new(),
        false => format!("; would help: {}", each.collect::<Vec<_>>().join(" · ")),
    }
}

async fn found(
    services: &Services,
    context: &RequestContext,
    record: &OutreachRecord,
) -> Result<Vec<WouldHelp>, Error> {
    let Some(row) = services.index.stage(context.workspace, record.stage) else {
        return Ok(Vec::new());
    };
    let members = services.index.members(context.workspace);
    let colleagues: Vec<_> = members
        .into_iter()
        .map(|row| (row.id, row.record.name.clone()))
        .collect();
    let free = async |change: Option<StageInterviewChange>| {
        let mut query = choose::query(services, context, record);
        query.planned.change = change.map(Box::new);
        let offers = interviews::offers(services, context, query, |_| false).await?;
        Ok::<_, Error>(offers.free)
    };
    let before = free(None).await?;
    let mut helps = Vec::new();
    for (what, change) in ways(&row.record.interview, &colleagues) {
        // One that is refused helps nobody.
        let after = free(Some(change)).await.unwrap_or_default();
        let more = u32::try_from(after.saturating_sub(before)).unwrap_or(u32::MAX);
        if more > 0 {
            helps.push(WouldHelp { what, slots: more });
        }
    }
    helps.sort_by_key(|it| std::cmp::Reverse(it.slots));
    helps.truncate(NAMED);
    Ok(helps)
}

/// The changes that are tried, each in a few words.
fn ways(
    plan: &StagePlan,
    colleagues: &[(MemberId, String)],
) -> Vec<(String, StageInterviewChange)> {
    let mut ways = Vec::new();
    let is_open = |group: &PanelGroup| match group.rule {
        PanelRule::AnyOf => true,
        PanelRule::AllOf => group.members.len() == 1,
        PanelRule::Optional => false,
    };
    if let Some(place) = plan.panel.iter().position(is_open) {
        let in_panel = |id: &MemberId| plan.panel.iter().any(|it| it.members.contains(id));
        let others = colleagues.iter().filter(|(id, _)| !in_panel(id));
        for (id, name) in others.take(COLLEAGUES) {
            let mut panel = plan.panel.clone();
            panel[place].rule = PanelRule::AnyOf;
            panel[place].members.push(*id);
            let change = StageInterviewChange {
                panel: Edit::Set(panel),
                ..StageInterviewChange::default()
            };
            ways.push((format!("add {name}"), change));
        }
    }
    if plan.daily_cap > 0 {
        let (cap, next) = (plan.daily_cap, plan.daily_cap + 1);
        let change = StageInterviewChange {
            daily_cap: Edit::Set(next),
            ..StageInterviewChange::default()
        };
        ways.push((format!("cap {cap}→{next} a day"), change));
    }
    if plan.weekly_cap > 0 {
        let (cap, next) = (plan.weekly_cap, plan.weekly_cap + 1);
        let change = StageInterviewChange {
            weekly_cap: Edit::Set(next),
            ..StageInterviewChange::default()
        };
        ways.push((format!("cap {cap}→{next} a week"), change));
    }
    let (days, more) = (plan.horizon_days, plan.horizon_days + DAYS_MORE);
    let change = StageInterviewChange {
        horizon_days: Edit::Set(more),
        ..StageInterviewChange::default()
    };
    ways.push((format!("days ahead {days}→{more}"), change));
    if !plan.windows.is_empty() {
        let change = StageInterviewChange {
            windows: Edit::Clear,
            ..StageInterviewChange::default()
        };
        ways.push(("all working hours".to_owned(), change));
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_is_what_the_plan_leaves_to_try() {
        let (sam, lena) = (MemberId::new(), MemberId::new());
        let colleagues = [(sam, "Sam Ito".to_owned()), (lena, "Lena Vogel".to_owned())];
        let group = |rule, members: &[MemberId]| PanelGroup {
            rule,
            members: members.to_vec(),
        };
        let words = |plan: &StagePlan| -> Vec<String> {
            let all = ways(plan, &colleagues).into_iter();
            all.map(|(what, _)| what).collect()
        };
        let mut plan = StagePlan {
            panel: vec![group(PanelRule::AllOf, &[sam])],
            daily_cap: 3,
            horizon_days: 14,
            ..StagePlan::default()
        };
        let expected = ["add Lena Vogel", "cap 3→4 a day", "days ahead 14→21"];
        assert_eq!(words(&plan), expected);
        // Whom every interview needs, nobody can stand in for.
        plan.panel = vec![group(PanelRule::AllOf, &[sam, lena])];
        plan.daily_cap = 0;
        assert_eq!(words(&plan), ["days ahead 14→21"]);
    }

    #[test]
    fn what_would_help_is_told_in_one_line() {
        let help = |what: &str, slots| WouldHelp {
            what: what.to_owned(),
            slots,
        };
        let helps = [help("add Lena Vogel", 6), help("cap 3→4 a day", 5)];
        let expected = "; would help: add Lena Vogel: +6 · cap 3→4 a day: +5";
        assert_eq!(told(&helps), expected);
        assert_eq!(told(&[]), "");
    }
}
