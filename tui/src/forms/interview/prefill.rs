//! What a new interview begins with: the plan of the candidate's stage, as soon as it is known.
//!
//! Invariant: what the person changed stays; the stage's Zoom is not replaced unsaid.

use greenroom_protocol::id::{ApplicationId, MemberId};
use greenroom_protocol::interview::{PanelChoice, PanelProposal};
use greenroom_protocol::pipeline::{Application, PanelRule, StageInterview};

use super::joining;
use super::timing::fields as time;
use crate::forms::fill::{choose_if_none, is_gone};
use crate::forms::sheet::{Entry, Sheet};
use crate::state::State;

/// Minutes where no plan says otherwise.
const MINUTES: u32 = 45;

/// What stands in the fields unless the person changes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Prefill {
    /// Which application's plan it is. `None`: the usual one.
    of: Option<ApplicationId>,
    pub(super) host: String,
    pub(super) with: Vec<String>,
    /// Nobody planned who takes part: it is the person in front of the screen, unless they choose.
    pub(super) only_me: bool,
    pub(super) minutes: String,
    pub(super) notes: bool,
}

impl Prefill {
    /// The plan of an application's stage, else the usual one: one's own Zoom, and oneself.
    pub(super) fn of(state: &State, application: Option<&Application>) -> Self {
        let me = state.cache.me();
        let mine = me.map(|me| me.id.to_string()).unwrap_or_default();
        let plan = stage_plan(state, application);
        let mut with = plan.map_or_else(Vec::new, |plan| usual(state, plan));
        let only_me = with.is_empty() && !mine.is_empty();
        if only_me {
            with.push(mine.clone());
        }
        let host = plan.and_then(|plan| plan.zoom_user);
        Self {
            of: application.filter(|_| plan.is_some()).map(|it| it.id),
            host: host.map_or(mine, |host| host.to_string()),
            with,
            only_me,
            minutes: plan
                .map_or(MINUTES, |plan| plan.duration_minutes)
                .to_string(),
            notes: plan.is_some_and(|plan| plan.zoom_notes == Some(true)),
        }
    }
}

/// Everyone of "all of", and of each "any of" the first who is not among them yet: until the daemon
/// says who has done least.
fn usual(state: &State, plan: &StageInterview) -> Vec<String> {
    let mut with: Vec<MemberId> = Vec::new();
    let of = |rule: PanelRule| plan.panel.iter().filter(move |group| group.rule == rule);
    with.extend(of(PanelRule::AllOf).flat_map(|group| &group.members));
    for group in of(PanelRule::AnyOf) {
        let is_open = |member: &&MemberId| !with.contains(member) && !is_gone(state, **member);
        with.extend(group.members.iter().find(is_open).copied());
    }
    with.retain(|member| !is_gone(state, *member));
    with.iter().map(ToString::to_string).collect()
}

/// What there is to say about who was chosen from the stage's panel, in a line.
pub(super) fn panel_words(panel: &PanelProposal, taken: &[String]) -> Option<String> {
    let is_taken = |id: MemberId| taken.contains(&id.to_string());
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    let names = |choice: &PanelChoice| {
        let names = choice.members.iter().map(|it| first(&it.member.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let mut words = Vec::new();
    for choice in &panel.groups {
        let chosen = choice.members.iter().find(|it| it.proposed);
        match (choice.rule, chosen) {
            (PanelRule::AnyOf, Some(one))
                if choice.members.len() > 1 && is_taken(one.member.id) =>
            {
                let (name, rest) = (first(&one.member.name), names(choice));
                words.push(format!("one of {rest}: {name}, fewest interviews"));
            }
            (PanelRule::Optional, _) if !choice.members.iter().any(|it| is_taken(it.member.id)) => {
                words.push(format!("optional, not invited: {}", names(choice)));
            }
            _ => {}
        }
    }
    (!words.is_empty()).then(|| words.join(" · "))
}

/// Takes over the plan of the application's stage, once for each, and with every answer who is
/// `chosen` from its panel.
pub(super) fn take<N: joining::Key + From<time::Name>>(
    prefill: &mut Prefill,
    sheet: &mut Sheet<N>,
    state: &State,
    application: Option<&Application>,
    chosen: Option<Vec<String>>,
) {
    let mut next = Prefill::of(state, application);
    let decided = chosen.is_some();
    next.only_me &= !decided;
    next.with = chosen.unwrap_or(next.with);
    let known = next.of.is_some() && (next.of != prefill.of || decided && next != *prefill);
    let first = prefill.with.is_empty() && !next.with.is_empty();
    if known || first {
        let before = std::mem::replace(prefill, next.clone());
        fill(sheet, &before, &next);
    }
    choose_if_none(sheet, joining::Name::Host.into(), &mine(state));
    choose_if_none(sheet, joining::Name::Organizer.into(), &mine(state));
}

/// Puts the new values where the former ones still stand.
fn fill<N: joining::Key + From<time::Name>>(
    sheet: &mut Sheet<N>,
    before: &Prefill,
    next: &Prefill,
) {
    let host = N::from(joining::Name::Host);
    let with = N::from(joining::Name::With);
    let duration = N::from(time::Name::Duration);
    let same_host = sheet.chosen(host) == before.host || sheet.chosen(host).is_empty();
    let same_with = sheet.taken(with) == before.with;
    let same_minutes = sheet.text(duration) == before.minutes;
    let notes = N::from(joining::Name::Notes);
    if (sheet.choice(notes) == 1) == before.notes {
        sheet.choose(notes, usize::from(next.notes));
    }
    for (name, same) in [
        (host, same_host),
        (with, same_with),
        (duration, same_minutes),
    ] {
        match sheet.field_mut(name).map(|field| &mut field.entry) {
            Some(Entry::Select(select)) if same => select.choose(&next.host),
            Some(Entry::MultiSelect(several)) if same && next.only_me => {
                several.suggest(&next.with);
            }
            Some(Entry::MultiSelect(several)) if same => several.take(&next.with),
            Some(Entry::Text(input)) if same => input.set(&next.minutes),
            _ => {}
        }
    }
}

/// Whether the fields of who takes part stand as the stage's panel comes to them.
pub(super) fn is_by_panel<N: joining::Key + From<time::Name>>(
    prefill: &Prefill,
    sheet: &Sheet<N>,
    state: &State,
    application: Option<&Application>,
) -> bool {
    let with = sheet.taken(joining::Name::With.into());
    let plan = stage_plan(state, application);
    prefill.of.is_some() && plan.is_some_and(|it| !it.panel.is_empty()) && *with == prefill.with
}

/// Whether the stage schedules on the Zoom of somebody who has left.
pub(super) fn host_is_gone(state: &State, application: Option<&Application>) -> bool {
    let host = stage_plan(state, application).and_then(|plan| plan.zoom_user);
    host.is_some_and(|host| is_gone(state, host))
}

fn mine(state: &State) -> String {
    let me = state.cache.me();
    me.map(|me| me.id.to_string()).unwrap_or_default()
}

fn stage_plan<'a>(
    state: &'a State,
    application: Option<&Application>,
) -> Option<&'a StageInterview> {
    let stage = state.cache.stage(application?.stage)?;
    Some(&stage.interview)
}
