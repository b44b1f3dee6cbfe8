//! Carrying out commands.
//!
//! Owns what each command does. Whether it may be done is asked of `reason` first, in one place.

mod ask;
mod drift;
mod interview;
mod layer;
mod mail;
mod notes;
mod screen;
mod zoom_test;

use greenroom_protocol::interview::InterviewUndo;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;
pub(crate) use layer::send as send_top_form;
pub(crate) use screen::{SettingsAction, place, settings_action};

use super::reason;
use super::update::call;
use crate::forms::{Form, FormKey, Kind};
use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::chooser::{Chooser, For};
use crate::panes::palette::Palette;
use crate::state::event::Action;
use crate::state::undo::Undo;
use crate::state::work::Purpose;
use crate::state::{Screen, State};
use crate::widgets::{List, Pick};

/// Carries out a command, or says why not.
pub(crate) fn perform(state: &mut State, command: Command) -> Vec<Action> {
    if let Some(why) = reason::why_not_now(state, command) {
        // Going back from where one begins is no mistake worth a word.
        if command != Command::Back {
            state.work.say(why, false, state.now);
        }
        return Vec::new();
    }
    if let Some(actions) = layer::perform(state, command) {
        return actions;
    }
    if let Some(actions) = everywhere(state, command) {
        return actions;
    }
    if let Some(actions) = drift::perform(state, command) {
        return actions;
    }
    if let Some(actions) = mail::perform(state, command) {
        return actions;
    }
    if let Some(actions) = interview::perform(state, command) {
        return actions;
    }
    screen::perform(state, command)
}

fn everywhere(state: &mut State, command: Command) -> Option<Vec<Action>> {
    use Command as C;
    match command {
        C::Candidates => go(state, Screen::Candidates),
        C::Pipeline => go(state, Screen::Pipeline),
        C::Interviews => go(state, Screen::Interviews),
        C::Settings => go(state, Screen::Settings),
        C::Assistant => {
            go(state, Screen::Assistant);
            state
                .work
                .say("the assistant comes later", false, state.now);
        }
        C::Help => help(state),
        C::Palette => palette(state),
        C::Messages => {
            let failure = state.work.failure.clone();
            state.layers.extend(failure.map(Layer::Failure));
        }
        C::Workspaces => choose_workspace(state),
        C::Undo => return Some(undo(state)),
        C::Suspend => return Some(vec![Action::Suspend]),
        C::Quit | C::Leave => return Some(vec![Action::Quit]),
        _ => return None,
    }
    Some(Vec::new())
}

/// Shows the help, or closes it: there is one at a time.
fn help(state: &mut State) {
    let open = matches!(state.layers.last(), Some(Layer::Help(_)));
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::Help(_)));
    if !open {
        state.layers.push(Layer::Help(List::default()));
    }
}

/// Shows the palette, or closes it, as the help.
fn palette(state: &mut State) {
    let open = matches!(state.layers.last(), Some(Layer::Palette(_)));
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::Palette(_)));
    if !open {
        state.layers.push(Layer::Palette(Palette::default()));
    }
}

/// Shows a screen; what lies over it is put aside, drafts kept.
fn go(state: &mut State, screen: Screen) {
    while let Some(layer) = state.layers.pop() {
        layer::put_aside(state, layer);
    }
    state.candidates.stop_typing();
    state.screen = screen;
}

/// Opens a form over what is there.
pub(crate) fn open(state: &mut State, kind: Kind, subject: String) {
    let form = Form::open(state, FormKey { kind, subject });
    state.layers.push(Layer::Form(form));
}

fn undo(state: &mut State) -> Vec<Action> {
    let Some(undo) = state.undo.pop() else {
        return Vec::new();
    };
    let request = match &undo {
        Undo::Move { call, .. } => Q::CandidateMove { to: call.clone() },
        Undo::Change {
            interview, number, ..
        } => Q::InterviewUndo {
            interview: InterviewUndo {
                interview: Reference::to(interview.to_string()),
                change: *number,
            },
        },
    };
    let ticket = state.work.begin(Purpose::Undo(undo), state.now);
    vec![call(ticket, request)]
}

fn choose_workspace(state: &mut State) {
    let all = state.mirror.workspaces.latest().into_iter().flatten();
    let mut here = None;
    let mut picks = Vec::new();
    for workspace in all {
        let id = workspace.id.to_string();
        let note = if workspace.current { "● here" } else { "" };
        picks.push(Pick::new(&id, &workspace.name, note));
        here = Some(id).filter(|_| workspace.current).or(here);
    }
    if reason::is_operator(state) {
        picks.push(Pick::new("", "a new one…", ""));
    }
    let chooser = Chooser::new(
        "Go to workspace".into(),
        For::Workspace,
        picks,
        here.as_deref(),
    );
    state.layers.push(Layer::Chooser(chooser));
}
