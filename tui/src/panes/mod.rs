//! Panes: a folder a subject, with what it shows and what it does.
//!
//! A folder has its pane ([`Pane`]: keys, subscriptions, drawing), its commands with the reason why
//! one is disabled ([`Subject`]), and what a reply changes, written where the call is made. Owns the
//! closed list of subjects and screens, and who is asked about a command: the pane with the keys
//! first, then the command's owner. Panes open one another only as the test of the rooms allows.

pub(crate) mod assistant;
pub(crate) mod calendars;
pub(crate) mod candidate;
pub(crate) mod candidates;
pub(crate) mod check;
pub(crate) mod chooser;
pub(crate) mod confirm;
pub(crate) mod connect;
pub(crate) mod conversations;
pub(crate) mod desktop;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod insights;
pub(crate) mod interview;
pub(crate) mod interviews;
pub(crate) mod mail;
pub(crate) mod mail_test;
pub(crate) mod palette;
pub(crate) mod pipeline;
pub(crate) mod screens;
pub(crate) mod setting_up;
pub(crate) mod settings;
pub(crate) mod templates;
pub(crate) mod today;
pub(crate) mod undo;
pub(crate) mod workspaces;
pub(crate) mod zoom_test;

use crate::keys::Command;
use crate::state::event::Action;
use crate::state::pane::Pane;
use crate::state::queries::Need;
use crate::state::subject::{Above, Hint, Subject, Then};
use crate::state::{Screen, State};

/// Every subject, in the order they are asked.
static SUBJECTS: &[&Subject] = &[
    &screens::SUBJECT,
    &help::SUBJECT,
    &palette::SUBJECT,
    &undo::SUBJECT,
    &workspaces::SUBJECT,
    &connect::SUBJECT,
    &form::SUBJECT,
    &candidates::SUBJECT,
    &candidate::SUBJECT,
    &pipeline::SUBJECT,
    &interviews::SUBJECT,
    &interview::SUBJECT,
    &mail::SUBJECT,
    &mail_test::SUBJECT,
    &insights::SUBJECT,
    &check::SUBJECT,
    &settings::SUBJECT,
    &calendars::SUBJECT,
    &setting_up::SUBJECT,
    &templates::SUBJECT,
    &assistant::SUBJECT,
    &conversations::SUBJECT,
    &today::SUBJECT,
    &zoom_test::SUBJECT,
];

/// What the ground asks of the panes.
pub(crate) static ABOVE: Above = Above {
    screen,
    disabled_reason,
    dispatch,
};

fn screen(screen: Screen) -> &'static dyn Pane {
    match screen {
        Screen::Today => &today::Today,
        Screen::Candidates => &candidates::Candidates,
        Screen::Pipeline => &pipeline::Pipeline,
        Screen::Interviews => &interviews::Interviews,
        Screen::Assistant => &assistant::Assistant,
        Screen::Settings => &settings::Settings,
    }
}

fn owner(command: Command) -> Option<&'static Subject> {
    let mut all = SUBJECTS.iter().copied();
    all.find(|subject| subject.owns(command))
}

/// Why a command does nothing now, in a few words; `None` when it can be carried out.
fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let Some(subject) = owner(command) else {
        return state.pane_below_help().disabled_reason(state, command);
    };
    if subject.changes.contains(&command) {
        if !state.link.is_up() {
            return Some("The daemon can't be reached");
        }
        let hello = state.link.hello();
        if hello.is_some_and(|hello| hello.workspace.is_none()) {
            return Some("no workspace yet");
        }
    }
    (subject.disabled_reason)(state, command)
}

/// The same where the person is: help and palette speak of what lies below them, but what is selected
/// in them is their own, and they can always be left.
pub(crate) fn disabled_reason_here(state: &State, command: Command) -> Option<&'static str> {
    let over = state.pane().is_about_what_lies_below();
    let own = over && matches!(command, Command::Back | Command::Enter);
    disabled_reason(state, command).filter(|_| !own)
}

/// Carries a command out, or says why not.
fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    if let Some(why) = disabled_reason_here(state, command) {
        // Going back from the top level is no mistake worth a word.
        if command != Command::Back {
            state.toast(why, false);
        }
        return Vec::new();
    }
    let in_pane = state.pane().dispatch();
    if let Some(actions) = in_pane(state, command) {
        return actions;
    }
    if command == Command::Back
        && let Some(pane) = state.panes.pop()
    {
        return pane.close(state);
    }
    match owner(command) {
        Some(subject) => (subject.dispatch)(state, command),
        None => Vec::new(),
    }
}

/// The words of a command in the bottom line; `None` where it is not shown there.
pub(crate) fn hint(state: &State, command: Command, usual: &'static str) -> Option<&'static str> {
    let own = state.pane().hint(state, command);
    let hint = own.or_else(|| Some((owner(command)?.hint)(state, command)));
    match hint.unwrap_or(Hint::Usual) {
        Hint::Usual => Some(usual),
        Hint::Words(words) => Some(words),
        Hint::Hidden => None,
    }
}

/// What is to be done once the answer to a need was taken.
pub(crate) fn on_answer(state: &State, need: &Need) -> Vec<Then> {
    let all = SUBJECTS.iter();
    all.filter_map(|subject| (subject.on_answer)(state, need))
        .collect()
}

/// What is to be done after every event.
pub(crate) fn after_event(state: &mut State) -> Vec<Action> {
    let all = SUBJECTS.iter();
    all.flat_map(|subject| (subject.after_event)(state))
        .collect()
}

/// What is to be done when time passed.
pub(crate) fn on_tick(state: &mut State) -> Vec<Action> {
    let all = SUBJECTS.iter();
    all.flat_map(|subject| (subject.on_tick)(state)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Command as C, TABLE};

    /// Commands that mean what the pane with the keys makes of them.
    const OF_THE_PANE: [C; 16] = [
        C::Enter,
        C::Back,
        C::Yes,
        C::Submit,
        C::NextField,
        C::PreviousField,
        C::NextPane,
        C::PreviousPane,
        C::Up,
        C::Down,
        C::Left,
        C::Right,
        C::First,
        C::Last,
        C::PageUp,
        C::PageDown,
    ];

    #[test]
    fn every_command_has_one_owner_or_is_the_panes() {
        for spec in TABLE {
            let owners = SUBJECTS.iter().filter(|it| it.owns(spec.command)).count();
            let of_the_pane = OF_THE_PANE.contains(&spec.command);
            assert_eq!(owners, usize::from(!of_the_pane), "{}", spec.name);
        }
    }
}
