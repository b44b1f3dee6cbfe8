//! What a new interview begins with: the plan of the candidate's stage, as soon as it is known.
//!
//! Invariant: what the person changed stays; the stage's Zoom is not replaced unsaid.

use greenroom_protocol::id::ApplicationId;
use greenroom_protocol::pipeline::{Application, StageInterview};

use super::super::{Extra, Form, Name};
use crate::app::State;
use crate::layers::form::{Entry, Sheet};
use crate::layers::forms::fill::{choose_if_none, is_gone};

/// Minutes where no plan says otherwise.
const MINUTES: u32 = 45;

/// What stands in the fields unless the person changes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Prefill {
    /// Which application's plan it is; nothing: the usual one.
    of: Option<ApplicationId>,
    pub(super) host: String,
    pub(super) with: Vec<String>,
    pub(super) minutes: String,
}

impl Prefill {
    /// The plan of an application's stage, else the usual one: one's own Zoom, and oneself.
    pub(super) fn of(state: &State, application: Option<&Application>) -> Self {
        let me = state.mirror.me();
        let mine = me.map(|me| me.id.to_string()).unwrap_or_default();
        let plan = stage_plan(state, application);
        let panel = plan.into_iter().flat_map(|plan| &plan.panel);
        let panel = panel.flat_map(|group| &group.members);
        let mut with: Vec<String> = panel.map(ToString::to_string).collect();
        if with.is_empty() && !mine.is_empty() {
            with.push(mine.clone());
        }
        let host = plan.and_then(|plan| plan.zoom_user);
        Self {
            of: application.filter(|_| plan.is_some()).map(|it| it.id),
            host: host.map_or(mine, |host| host.to_string()),
            with,
            minutes: plan
                .map_or(MINUTES, |plan| plan.duration_minutes)
                .to_string(),
        }
    }
}

/// Takes over the plan of the application's stage, once for each.
pub(super) fn take(form: &mut Form, state: &State, application: Option<&Application>) {
    let Extra::Plan(plan) = &mut form.extra else {
        return;
    };
    let Some(prefill) = plan.prefill() else {
        return;
    };
    let next = Prefill::of(state, application);
    let known = next.of.is_some() && next.of != prefill.of;
    let first = prefill.with.is_empty() && !next.with.is_empty();
    if known || first {
        let before = std::mem::replace(prefill, next.clone());
        fill(&mut form.sheet, &before, &next);
    }
    choose_if_none(&mut form.sheet, Name::Host, &mine(state));
    choose_if_none(&mut form.sheet, Name::Organizer, &mine(state));
}

/// Puts the new values where the former ones still stand.
fn fill(sheet: &mut Sheet<Name>, before: &Prefill, next: &Prefill) {
    let same_host = sheet.chosen(Name::Host) == before.host || sheet.chosen(Name::Host).is_empty();
    let same_with = sheet.taken(Name::With) == before.with;
    let same_minutes = sheet.text(Name::Duration) == before.minutes;
    for field in &mut sheet.fields {
        match (field.name, &mut field.entry) {
            (Name::Host, Entry::Select(select)) if same_host => select.choose(&next.host),
            (Name::With, Entry::Several(several)) if same_with => several.take(&next.with),
            (Name::Duration, Entry::Text(input)) if same_minutes => input.set(&next.minutes),
            _ => {}
        }
    }
}

/// Whether the stage plans with the Zoom of somebody who is no member any more.
pub(super) fn host_is_gone(state: &State, application: Option<&Application>) -> bool {
    let host = stage_plan(state, application).and_then(|plan| plan.zoom_user);
    host.is_some_and(|host| is_gone(state, host))
}

fn mine(state: &State) -> String {
    let me = state.mirror.me();
    me.map(|me| me.id.to_string()).unwrap_or_default()
}

fn stage_plan<'a>(
    state: &'a State,
    application: Option<&Application>,
) -> Option<&'a StageInterview> {
    let stage = state.mirror.stage(application?.stage)?;
    Some(&stage.interview)
}
