//! What a subject gives the program beside its panes: its commands, and what it looks after.
//!
//! Every command that is more than a move in a pane has one owner. [`crate::panes`] lists the
//! subjects; the ground asks them through [`Above`] alone.

use super::Screen;
use super::State;
use super::event::Action;
use super::pane::Pane;
use super::queries::Need;
use crate::keys::Command;

/// The commands of a subject, and what it does without one.
pub(crate) struct Subject {
    /// Commands that ask the daemon for a change or open what does: not possible while it is away.
    pub(crate) changes: &'static [Command],
    /// Commands that are possible without the daemon.
    pub(crate) views: &'static [Command],
    /// Why one of them does nothing now, in a few words.
    pub(crate) disabled_reason: fn(&State, Command) -> Option<&'static str>,
    /// Carries one of them out.
    pub(crate) dispatch: fn(&mut State, Command) -> Vec<Action>,
    /// How one of them stands in the bottom line.
    pub(crate) hint: fn(&State, Command) -> Hint,
    /// Looks at what an answer is about to replace; what is to be done once it was.
    pub(crate) on_answer: fn(&State, &Need) -> Option<Then>,
    /// What is to be done after every event.
    pub(crate) after_event: fn(&mut State) -> Vec<Action>,
    /// What is to be done when time passed.
    pub(crate) on_tick: fn(&mut State) -> Vec<Action>,
}

impl Subject {
    /// A subject without any.
    pub(crate) const NONE: Self = Self {
        changes: &[],
        views: &[],
        disabled_reason: |_, _| None,
        dispatch: |_, _| Vec::new(),
        hint: |_, _| Hint::Usual,
        on_answer: |_, _| None,
        after_event: |_| Vec::new(),
        on_tick: |_| Vec::new(),
    };

    pub(crate) fn owns(&self, command: Command) -> bool {
        self.changes.contains(&command) || self.views.contains(&command)
    }
}

/// How a command stands in the bottom line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// With the words of the key table.
    Usual,
    Words(&'static str),
    Hidden,
}

/// What the ground must ask of the rooms above it, given to it once at the start.
pub(crate) struct Above {
    pub(crate) screen: fn(Screen) -> &'static dyn Pane,
    /// Why a command does nothing now.
    pub(crate) disabled_reason: fn(&State, Command) -> Option<&'static str>,
    /// Carries a command out, or says why not.
    pub(crate) dispatch: fn(&mut State, Command) -> Vec<Action>,
}

/// What is to be done once an answer was taken.
pub(crate) type Then = Box<dyn FnOnce(&mut State) -> Vec<Action>>;
