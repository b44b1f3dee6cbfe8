//! The fields of a stage's settings, as its plan is stored.

use greenroom_protocol::pipeline::{Approval, STEPS, Stage, StageInterview, USUAL_STEP};

use super::{Name, panel};
use crate::forms::fill::{line, select, zones_after};
use crate::forms::sheet::{Entry, Field};
use crate::state::State;
use crate::typed::hours::week_shown;
use crate::typed::{TypedNight, written};
use crate::widgets::{Choice, Pick};
use crate::wording::zoom;

/// [`STEPS`], to choose from.
const STEP_WORDS: [&str; STEPS.len()] = ["5", "10", "15", "20", "30", "60"];

/// How emails are sent, to choose from.
pub(super) const APPROVALS: [(Approval, &str); 3] = [
    (Approval::Auto, "automatically"),
    (Approval::Draft, "after approval"),
    (Approval::Shadow, "watch only"),
];

/// Said beside the Zoom user while AI scheduling is on without one.
pub(super) const NEEDS_HOST: &str = "AI scheduling needs a Zoom user. Choose one";

/// The organizer where none is named.
pub(super) fn zoom_user_invites() -> Pick {
    Pick::new("", "the Zoom user", "")
}

/// Whose Zoom can host: those first whose Zoom is connected, the others with why it can't be chosen.
/// With AI scheduling, it must be somebody's.
pub(super) fn hosts(state: &State, ai: bool) -> Vec<Pick> {
    let organizers = || Pick::new("", "the organizer's Zoom", "");
    let all = state.cache.members.latest().into_iter().flatten();
    let (connected, others): (Vec<_>, Vec<_>) = all.partition(|member| member.zoom.serves());
    let members = connected.into_iter().chain(others).map(|member| {
        let you = if member.you { " (you)" } else { "" };
        let label = format!("{}{you}", member.name);
        let note = zoom::reading(member.zoom).words;
        let pick = Pick::new(&member.id.to_string(), &label, note);
        match member.zoom.serves() {
            true => pick,
            false => pick.unavailable(),
        }
    });
    let first = (!ai).then(organizers);
    first.into_iter().chain(members).collect()
}

/// The fields, in their order.
pub(super) fn fields(state: &State, stage: &Stage) -> Vec<(Name, Field)> {
    let plan = &stage.interview;
    let ai = Choice::new(&["off", "on"], usize::from(plan.ai));
    let host = plan.zoom_user.map(|id| id.to_string()).unwrap_or_default();
    let organizer = plan.organizer.map(|id| id.to_string()).unwrap_or_default();
    let mut organizers = crate::forms::fill::members(state, false);
    organizers.insert(0, zoom_user_invites());
    let notes = Choice::new(&["off", "on"], usize::from(plan.zoom_notes == Some(true)));
    let windows = line("Windows", &week_shown(&plan.windows))
        .hint("Leave empty for working hours, or e.g. mon-fri 9-12,13-17");
    let step = STEPS.iter().position(|it| Some(*it) == plan.step_minutes);
    let step = step.or(STEPS.iter().position(|it| *it == USUAL_STEP));
    let step = Choice::new(&STEP_WORDS, step.unwrap_or_default());
    let step = Field::new("Start every", Entry::Choice(step));
    let workspaces = Pick::new("", "the workspace's", "");
    let zone = Field::new(
        "Time zone",
        zones_after(workspaces, Some(plan.zone.as_deref().unwrap_or_default())),
    );
    let night = TypedNight(plan.night.unwrap_or_default()).to_string();
    let number = |label: &'static str, number: u32| line(label, &number.to_string());
    let mut fields = vec![
        (Name::Stage, line("Name", &stage.name)),
        (Name::Ai, Field::new("AI scheduling", Entry::Choice(ai))),
        (
            Name::Approval,
            Field::new("Send emails", Entry::Choice(approval(plan))),
        ),
        (
            Name::Inside,
            Field::new("Those here", Entry::Choice(inside(stage.not_started))),
        ),
        (
            Name::Host,
            select("Zoom user", hosts(state, plan.ai), Some(&host)),
        ),
        (
            Name::Organizer,
            select("Organizer", organizers, Some(&organizer)),
        ),
    ];
    fields.extend(panel::fields(state, plan));
    fields.extend([
        (Name::Windows, windows),
        (
            Name::Duration,
            number("Duration", plan.duration_minutes).unit("min"),
        ),
        (
            Name::Before,
            number("Buffer before", plan.buffer_before_minutes).unit("min"),
        ),
        (
            Name::After,
            number("Buffer after", plan.buffer_after_minutes).unit("min"),
        ),
        (
            Name::Notice,
            line("Notice", &hours(plan.notice_minutes)).unit("hours, at least"),
        ),
        (
            Name::Horizon,
            number("Days ahead", plan.horizon_days).unit("at most"),
        ),
        (
            Name::Cap,
            number("Max per day", plan.daily_cap).unit("0 = no limit"),
        ),
        (
            Name::CapWeek,
            number("Max per week", plan.weekly_cap.unwrap_or_default()).unit("0 = no limit"),
        ),
        (Name::Step, step.unit("min")),
        (Name::Zone, zone.hint("Starts are offered by its clock")),
        (
            Name::Night,
            line("Night", &night).unit("by the candidate's clock, or off"),
        ),
        (Name::Guidance, line("Guidance", &plan.guidance)),
        (
            Name::Notes,
            Field::new("Zoom notes", Entry::Choice(notes))
                .hint("Zoom writes a summary; the invitation says so"),
        ),
    ]);
    fields
}

/// How emails are sent: nothing is chosen before somebody has.
fn approval(plan: &StageInterview) -> Choice {
    const WORDS: [&str; 3] = [APPROVALS[0].1, APPROVALS[1].1, APPROVALS[2].1];
    let place = APPROVALS.iter().position(|(it, _)| *it == plan.approval);
    let place = place.unwrap_or_default();
    match plan.approval_chosen {
        Some(true) => Choice::new(&WORDS, place),
        Some(false) => Choice::open(&WORDS),
        // A daemon that does not ask does not know the third.
        None => Choice::new(&["automatically", "after approval"], place),
    }
}

/// Whether the assistant begins with those who are in the stage.
fn inside(count: u32) -> Choice {
    let words = vec!["don't start".into(), format!("start for {count}").into()];
    Choice::of(words, 0)
}

/// Minutes as hours where they are whole ones, else with their units.
fn hours(minutes: u32) -> String {
    match minutes % 60 {
        0 => (minutes / 60).to_string(),
        _ => written(minutes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_there_is_can_be_chosen() {
        assert_eq!(STEPS.map(|step| step.to_string()), STEP_WORDS);
    }
}
