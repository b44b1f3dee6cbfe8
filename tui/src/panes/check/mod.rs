//! The Zoom check: comparing upcoming meetings with Zoom, fixing what is out of sync, deleting what no
//! booking uses.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::drift::{CheckQuery, InterviewRepair, OrphanDelete, Repair};
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
use ratatui::layout::Rect;

use self::draw::{Found, found};
use crate::keys::{Command, Context, Places};
use crate::panes::chooser::Chooser;
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::panes::interview::{self, Interview};
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject};
use crate::state::work::{Errand, answer};
use crate::widgets::{Canvas, List, Pick};
use crate::wording;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::Repair,
        Command::CheckMeetings,
        Command::DeleteOrphan,
    ],
    disabled_reason,
    dispatch,
    hint: |_, command| match command {
        Command::CheckMeetings => Hint::Hidden,
        _ => Hint::Usual,
    },
    ..Subject::NONE
};

/// What the check found, and what of it is selected.
#[derive(Debug, Default)]
pub(crate) struct Check(List);

impl Pane for Check {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Check)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, &self.0, canvas, area);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        vec![Need::Drift(())]
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                enter(state);
                return Some(Vec::new());
            }
            let len = found(state).len();
            let check = state.panes.top_as_mut::<Self>()?;
            check.0.go(command, len).then(Vec::new)
        }
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        let none = command == Command::Enter && found_selected(state).is_none();
        none.then_some("nothing selected")
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        match command {
            Command::CheckMeetings => Some(Hint::Usual),
            Command::Enter => Some(Hint::Words(match found_selected(state) {
                Some(Found::Orphan(_)) => "delete",
                _ => "open",
            })),
            _ => None,
        }
    }
}

/// What is selected among what the check found.
fn found_selected(state: &State) -> Option<Found<'_>> {
    let check = state.panes.below_help_as::<Check>()?;
    let mut all = found(state);
    let at = check.0.selected(all.len())?;
    Some(all.swap_remove(at))
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    match command {
        Command::Repair => cannot_repair(state),
        Command::CheckMeetings => cannot_check(state),
        _ => cannot_delete(state),
    }
}

fn cannot_repair(state: &State) -> Option<&'static str> {
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    if interview.drift.is_none() {
        return Some("in sync with Zoom");
    }
    (!state.hires()).then_some("only the hiring team can change it")
}

fn cannot_check(state: &State) -> Option<&'static str> {
    if !state.is_staff() {
        return Some("only a recruiter or admin can");
    }
    let report = state.cache.drift.latest();
    let runs = report.is_some_and(|report| report.hosts.iter().any(|host| host.running));
    runs.then_some("check already running")
}

fn cannot_delete(state: &State) -> Option<&'static str> {
    match found_selected(state) {
        Some(Found::Orphan(orphan)) if orphan.deleting => Some("already being deleted"),
        Some(Found::Orphan(_)) => None,
        Some(Found::Differs(_) | Found::Unchecked(_)) => Some("a booking uses this meeting"),
        None => Some("nothing selected"),
    }
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::Repair => choose(state),
        Command::CheckMeetings => return check(state),
        _ => ask_to_delete(state),
    }
    Vec::new()
}

/// Enter in the list of what was found.
fn enter(state: &mut State) {
    let interview = match found_selected(state) {
        Some(Found::Differs(interview)) => interview.id,
        Some(Found::Unchecked(open)) => open.interview,
        Some(Found::Orphan(_)) => return ask_to_delete(state),
        None => return,
    };
    state.panes.push(Interview::new(interview));
}

fn check(state: &mut State) -> Vec<Action> {
    if state.panes.top_as::<Check>().is_none() {
        state.panes.push(Check::default());
    }
    let errand = Errand::call("check", checked).says("starting the Zoom check…");
    let query = CheckQuery::default();
    vec![state.call(errand, Q::InterviewCheck { query })]
}

/// A check began; how far it is, the list shows.
fn checked(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.drift.invalidate();
    match answer!(reply, InterviewCheck) {
        Err(error) => fail(state, error),
        Ok(_) => Vec::new(),
    }
}

/// The ways out of a difference, best first.
fn choose(state: &mut State) {
    let Some(interview) = state.interview_selected() else {
        return;
    };
    let Some(drift) = &interview.drift else {
        return;
    };
    let picks = drift.repairs.iter().map(|repair| {
        let (what, means) = wording::repair(*repair);
        Pick::new(word(*repair), what, means)
    });
    let best = drift.repairs.first().map(|repair| word(*repair));
    let title = format!("Fix · {}", interview.candidate.name);
    let id = interview.id;
    let chosen = move |state: &mut State, pick: &Pick| chosen(state, id, &pick.value);
    let chooser = Chooser::new(title, picks.collect(), best, chosen);
    state.panes.push(chooser);
}

/// A way was chosen: what cannot be undone is asked about first.
fn chosen(state: &mut State, id: InterviewId, value: &str) -> Vec<Action> {
    let all = [
        Repair::Recreate,
        Repair::Adopt,
        Repair::Restore,
        Repair::Accept,
    ];
    let Some(repair) = all.into_iter().find(|repair| word(*repair) == value) else {
        return Vec::new();
    };
    let Some(interview) = state.cache.interview(id) else {
        return Vec::new();
    };
    let (when, _) = wording::when(interview, state);
    let name = format!("{when} with {}", interview.candidate.name);
    let (title, means, button) = match repair {
        Repair::Adopt | Repair::Accept => return mend(state, id, repair),
        Repair::Recreate => (
            "Create a new meeting",
            "A new Zoom meeting is created, and everyone is emailed its link.",
            "Create Meeting",
        ),
        Repair::Restore => (
            "Use our time and settings",
            "The Zoom meeting gets the time and settings of the booking. Changes made in Zoom are lost.",
            "Change Zoom",
        ),
    };
    let lines = vec![name, means.into(), "This cannot be undone.".into()];
    let confirm = Confirm::new(title, lines, button, move |state| mend(state, id, repair));
    state.panes.push(confirm);
    Vec::new()
}

/// Has a difference mended.
fn mend(state: &mut State, id: InterviewId, repair: Repair) -> Vec<Action> {
    let revision = state.cache.interview(id).map(|it| it.revision);
    let interview = Reference {
        expected_revision: revision,
        ..Reference::to(id.to_string())
    };
    let errand = Errand::call("change", interview::changed).says("putting it right…");
    let interview = InterviewRepair { interview, repair };
    vec![state.call(errand.changes(), Q::InterviewRepair { interview })]
}

fn ask_to_delete(state: &mut State) {
    let Some(Found::Orphan(orphan)) = found_selected(state) else {
        return;
    };
    let (words, _) = draw::orphan_words(state, orphan);
    let lines = vec![
        words,
        "No booking uses it. Its link will stop working. This cannot be undone.".into(),
    ];
    let id = orphan.id.clone();
    let delete = |state: &mut State| delete(state, id);
    let confirm = Confirm::new("Delete Zoom meeting", lines, "Delete Meeting", delete);
    state.panes.push(confirm);
}

/// Has a meeting that no booking uses deleted at Zoom.
fn delete(state: &mut State, orphan: String) -> Vec<Action> {
    let orphan = OrphanDelete {
        orphan,
        dry_run: false,
    };
    let errand = Errand::call("delete-orphan", deleted).says("deleting…");
    vec![state.call(errand.changes(), Q::OrphanDelete { orphan })]
}

fn deleted(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.drift.invalidate();
    match answer!(reply, OrphanDelete) {
        Err(error) => return fail(state, error),
        Ok(orphan) => {
            let words = format!("Deleting meeting {} from Zoom", orphan.meeting_id);
            state.toast(words, true);
        }
    }
    Vec::new()
}

/// What a way is called among the choices.
fn word(repair: Repair) -> &'static str {
    match repair {
        Repair::Recreate => "recreate",
        Repair::Adopt => "adopt",
        Repair::Restore => "restore",
        Repair::Accept => "accept",
    }
}
