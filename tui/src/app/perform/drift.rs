//! Commands about what differs from Zoom: checking, mending, deleting what nobody needs.

use greenroom_protocol::drift::{CheckQuery, InterviewRepair, OrphanDelete, Repair};
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;

use super::super::reason;
use super::super::update::call;
use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::check::{self, Found};
use crate::panes::chooser::{Chooser, For};
use crate::panes::confirm::{Act, Confirm};
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::Purpose;
use crate::widgets::{List, Pick};
use crate::wording;

/// Carries out a command about drift; nothing when the command is about something else.
pub(super) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
    match command {
        Command::Repair => choose(state),
        Command::CheckMeetings => return Some(check(state)),
        Command::DeleteStray => ask_to_delete(state),
        _ => return None,
    }
    Some(Vec::new())
}

/// Enter in the list of what was found.
pub(super) fn enter(state: &mut State) {
    let differs = match reason::found_selected(state) {
        Some(Found::Differs(interview)) => Some(interview.id),
        Some(Found::Unchecked(open)) => Some(open.interview),
        Some(Found::Stray(_)) => None,
        None => return,
    };
    match differs {
        Some(id) => state.show_interview(id),
        None => ask_to_delete(state),
    }
}

fn check(state: &mut State) -> Vec<Action> {
    if !matches!(state.layers.last(), Some(Layer::Check(_))) {
        state.layers.push(Layer::Check(List::default()));
    }
    let ticket = state.work.begin(Purpose::Check, state.now);
    let query = CheckQuery::default();
    vec![call(ticket, Q::InterviewCheck { query })]
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
    let title = format!("Put right · {}", interview.candidate.name);
    let chooser = Chooser::new(title, For::Repair(interview.id), picks.collect(), best);
    state.layers.push(Layer::Chooser(chooser));
}

/// A way was chosen: what cannot be taken back is asked about first.
pub(super) fn chosen(state: &mut State, id: InterviewId, value: &str) -> Vec<Action> {
    let all = [
        Repair::Recreate,
        Repair::Adopt,
        Repair::Restore,
        Repair::Accept,
    ];
    let Some(repair) = all.into_iter().find(|repair| word(*repair) == value) else {
        return Vec::new();
    };
    let Some(interview) = state.mirror.interview(id) else {
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
    let confirm = Confirm::new(title, lines, button, Act::Repair(id, repair));
    state.layers.push(Layer::Confirm(confirm));
    Vec::new()
}

/// Has a difference mended.
pub(super) fn mend(state: &mut State, id: InterviewId, repair: Repair) -> Vec<Action> {
    let revision = state.mirror.interview(id).map(|it| it.revision);
    let interview = Reference {
        expected_revision: revision,
        ..Reference::to(id.to_string())
    };
    let purpose = Purpose::Change(id, "putting it right");
    let ticket = state.work.begin(purpose, state.now);
    let interview = InterviewRepair { interview, repair };
    vec![call(ticket, Q::InterviewRepair { interview })]
}

fn ask_to_delete(state: &mut State) {
    let Some(Found::Stray(stray)) = reason::found_selected(state) else {
        return;
    };
    let (words, _) = check::stray_words(state, stray);
    let lines = vec![
        words,
        "No booking uses it. Its link will stop working. This cannot be undone.".into(),
    ];
    let act = Act::DeleteStray(stray.id.clone());
    let confirm = Confirm::new("Delete the Zoom meeting", lines, "Delete Meeting", act);
    state.layers.push(Layer::Confirm(confirm));
}

/// Has a stray deleted at Zoom.
pub(super) fn delete(state: &mut State, orphan: String) -> Vec<Action> {
    let ticket = state.work.begin(Purpose::DeleteStray, state.now);
    let orphan = OrphanDelete {
        orphan,
        dry_run: false,
    };
    vec![call(ticket, Q::OrphanDelete { orphan })]
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
