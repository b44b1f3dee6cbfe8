//! The switch that pauses the assistant, of the workspace and of a job.

use greenroom_protocol::Error;
use greenroom_protocol::assistant_switch::{AssistantPaused, AssistantSwitch, AssistantSwitchSet};
use greenroom_protocol::id::{JobId, WorkspaceId};
use greenroom_protocol::time::Instant;

use crate::access::RequestContext;
use crate::input;
use crate::records::switch::SwitchRecord;
use crate::services::Services;

/// The switch as it is asked for; paused again it stays as it was, but for another reason.
///
/// # Errors
/// The reason is no line.
pub fn switched(
    before: &SwitchRecord,
    set: &AssistantSwitchSet,
    context: &RequestContext,
    now: Instant,
) -> Result<SwitchRecord, Error> {
    if set.on {
        return Ok(SwitchRecord::On);
    }
    let why = input::optional_line("assistant", set.why.as_deref())?;
    Ok(match before {
        SwitchRecord::Paused { by, at, why: known } => SwitchRecord::Paused {
            by: by.clone(),
            at: *at,
            why: why.or_else(|| known.clone()),
        },
        SwitchRecord::On | SwitchRecord::Unknown => SwitchRecord::Paused {
            by: context.actor(),
            at: now,
            why,
        },
    })
}

/// Where the assistant is paused: the workspace, then the open jobs for which `sees` holds.
pub fn paused(
    services: &Services,
    workspace: WorkspaceId,
    sees: impl Fn(JobId) -> bool,
) -> Vec<AssistantPaused> {
    let index = &services.index;
    let place = |job: Option<String>, switch: &SwitchRecord| AssistantPaused {
        job,
        switch: shown_switch(services, workspace, switch),
    };
    let whole = index.workspace(workspace);
    let whole = whole.filter(|row| !row.record.assistant.is_on());
    let jobs = index.jobs(workspace).into_iter();
    let jobs = jobs.filter(|row| row.record.open && !row.record.assistant.is_on() && sees(row.id));
    whole
        .map(|row| place(None, &row.record.assistant))
        .into_iter()
        .chain(jobs.map(|row| place(Some(row.record.title.clone()), &row.record.assistant)))
        .collect()
}

/// The switch as callers see it.
#[must_use]
pub fn shown_switch(
    services: &Services,
    workspace: WorkspaceId,
    switch: &SwitchRecord,
) -> AssistantSwitch {
    let (by, since, why) = match switch {
        SwitchRecord::On => return AssistantSwitch::default(),
        SwitchRecord::Unknown => (None, None, None),
        SwitchRecord::Paused { by, at, why } => {
            let member = by
                .person()
                .and_then(|id| services.index.member(workspace, id));
            let name = member.map(|row| row.record.name.clone());
            (name, Some(*at), why.clone())
        }
    };
    AssistantSwitch {
        on: false,
        since,
        by,
        why,
    }
}
