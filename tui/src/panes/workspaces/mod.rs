//! The workspaces: choosing one, adding one, and going to another.

mod switching;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
pub(crate) use switching::{arrived, refused};

use crate::forms::{self, Kind};
use crate::keys::Command;
use crate::panes::chooser::Chooser;
use crate::panes::connect::Connect;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::subject::{Hint, Subject};
use crate::state::work::{Errand, answer};
use crate::widgets::Pick;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::Workspaces, Command::NewWorkspace],
    disabled_reason: |state, command| match command {
        Command::NewWorkspace => {
            (!state.is_operator()).then_some("only the daemon's user or root can")
        }
        _ => cannot_switch(state),
    },
    dispatch: |state, command| match command {
        Command::NewWorkspace => add(state),
        _ => choose(state),
    },
    // Over a screen, what lies there is the matter.
    hint: |state, command| match command {
        Command::Workspaces if !state.panes.is_empty() => Hint::Hidden,
        _ => Hint::Usual,
    },
    ..Subject::NONE
};

fn cannot_switch(state: &State) -> Option<&'static str> {
    let connect = state.panes.find::<Connect>();
    if connect.is_some_and(Connect::is_under_way) {
        return Some("cancel connecting Zoom first");
    }
    if state.work.changes_something() {
        return Some("something is still in progress");
    }
    match state.cache.workspaces.latest() {
        None => Some("workspaces are still loading"),
        Some(all) if all.len() < 2 && !state.is_operator() => Some("this is the only workspace"),
        Some(_) => None,
    }
}

fn add(state: &mut State) -> Vec<Action> {
    forms::open(state, Kind::Workspace, String::new());
    Vec::new()
}

fn choose(state: &mut State) -> Vec<Action> {
    let all = state.cache.workspaces.latest().into_iter().flatten();
    let mut here = None;
    let mut picks = Vec::new();
    for workspace in all {
        let id = workspace.id.to_string();
        let note = if workspace.current { "● here" } else { "" };
        picks.push(Pick::new(&id, &workspace.name, note));
        here = Some(id).filter(|_| workspace.current).or(here);
    }
    if state.is_operator() {
        picks.push(Pick::new("", "New workspace…", ""));
    }
    let title = "Switch workspace".to_owned();
    let chooser = Chooser::new(title, picks, here.as_deref(), |state, pick| {
        match pick.value.is_empty() {
            true => add(state),
            false => use_workspace(state, &pick.value),
        }
    });
    state.panes.push(chooser);
    Vec::new()
}

/// Makes another workspace the usual one, and goes there.
pub(super) fn use_workspace(state: &mut State, id: &str) -> Vec<Action> {
    let mut all = state.cache.workspaces.latest().into_iter().flatten();
    let Some(there) = all.find(|workspace| workspace.id.to_string() == id) else {
        return Vec::new();
    };
    if there.current {
        let words = format!("Already in {}", there.name);
        state.toast(words, true);
        return Vec::new();
    }
    let words = format!("switching to {}…", there.name);
    let errand = Errand::call("use", used).says(words).changes();
    let workspace = Reference::to(id);
    vec![state.call(errand, Q::WorkspaceUse { workspace })]
}

fn used(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, WorkspaceUse) {
        Err(error) => fail(state, error),
        Ok(workspace) => switching::go(state, &workspace),
    }
}
