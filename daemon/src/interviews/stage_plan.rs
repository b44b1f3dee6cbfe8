//! How a stage plans its interviews: what it may be changed to.
//!
//! Invariant: what is previewed is judged exactly as what is saved. Writes nothing.

use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::StageInterviewChange;

use crate::access::RequestContext;
use crate::input;
use crate::records::pipeline::StagePlan;
use crate::schedule::hours::is_window;
use crate::services::Services;

/// The plan with a change that is not saved.
///
/// # Errors
/// It could not be saved.
pub(super) fn changed(
    services: &Services,
    context: &RequestContext,
    mut plan: StagePlan,
    change: StageInterviewChange,
) -> Result<StagePlan, Error> {
    plan.apply(readable(services, context, change)?);
    check(&plan)?;
    Ok(plan)
}

/// A change whose people are members and whose text can be shown.
///
/// # Errors
/// It is not, and why.
pub fn readable(
    services: &Services,
    context: &RequestContext,
    mut change: StageInterviewChange,
) -> Result<StageInterviewChange, Error> {
    let panel = match &change.panel {
        Edit::Set(groups) => groups.as_slice(),
        Edit::Keep | Edit::Clear => &[],
    };
    let host = match &change.zoom_user {
        Edit::Set(member) => Some(member),
        Edit::Keep | Edit::Clear => None,
    };
    for member in panel.iter().flat_map(|group| &group.members).chain(host) {
        if services.index.member(context.workspace, *member).is_none() {
            return refuse("panel", "somebody in it is no member of the workspace");
        }
    }
    if let Edit::Set(guidance) = &change.guidance {
        change.guidance = Edit::Set(input::paragraphs("guidance", guidance)?);
    }
    Ok(change)
}

fn refuse<T>(field: &str, why: &str) -> Result<T, Error> {
    Err(Error::usage(why).field(field))
}

/// Refuses a plan with a setting out of its range.
///
/// # Errors
/// Which setting, and its range.
pub fn check(plan: &StagePlan) -> Result<(), Error> {
    if !(5..=480).contains(&plan.duration_minutes) {
        return refuse("duration_minutes", "the duration must be 5 to 480 minutes");
    }
    if plan.buffer_before_minutes > 240 || plan.buffer_after_minutes > 240 {
        return refuse("buffer_before_minutes", "a buffer is at most 240 minutes");
    }
    if !(1..=365).contains(&plan.horizon_days) || plan.notice_minutes > 60 * 24 * 60 {
        return refuse(
            "horizon_days",
            "the horizon must be 1 to 365 days, and the notice at most 60 days",
        );
    }
    if !plan.windows.iter().all(is_window) {
        return refuse(
            "windows",
            "a window needs days 1 to 7 and must end after it begins",
        );
    }
    Ok(())
}
