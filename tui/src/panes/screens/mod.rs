//! Going from screen to screen, and out of the program.

use crate::forms::Form;
use crate::keys::Command;
use crate::state::event::Action;
use crate::state::subject::Subject;
use crate::state::{Screen, State};

pub(super) static SUBJECT: Subject = Subject {
    views: &[
        Command::TodayScreen,
        Command::Candidates,
        Command::Pipeline,
        Command::Interviews,
        Command::Assistant,
        Command::Settings,
        Command::Suspend,
        Command::Quit,
        Command::Leave,
    ],
    disabled_reason,
    dispatch,
    ..Subject::NONE
};

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let in_form = command == Command::Quit && state.panes.find::<Form>().is_some();
    in_form.then_some("close the form first: Esc keeps a draft")
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::TodayScreen => go(state, Screen::Today),
        Command::Candidates => go(state, Screen::Candidates),
        Command::Pipeline => go(state, Screen::Pipeline),
        Command::Interviews => go(state, Screen::Interviews),
        Command::Settings => go(state, Screen::Settings),
        Command::Assistant => go(state, Screen::Assistant),
        Command::Suspend => vec![Action::Suspend],
        Command::Quit | Command::Leave => vec![Action::Quit],
        _ => Vec::new(),
    }
}

/// Shows a screen; what lies over the one before is closed, drafts kept.
pub(crate) fn go(state: &mut State, screen: Screen) -> Vec<Action> {
    let mut actions = Vec::new();
    // What does not let itself be closed is on top again, and stays.
    let mut open = state.panes.iter().count();
    while let Some(pane) = state.panes.pop() {
        actions.extend(pane.close(state));
        let left = state.panes.iter().count();
        if left >= open {
            break;
        }
        open = left;
    }
    state.candidates.stop_typing();
    state.screen = screen;
    actions
}
