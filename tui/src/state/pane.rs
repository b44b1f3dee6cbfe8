//! What can be asked of a pane, and the stack of them.
//!
//! A pane is a screen, or what lies over one. The ground knows panes only by [`Pane`], so every
//! subject can be a folder above it; [`crate::panes`] lists them all. Owns the order of the stack, and
//! which panes were put aside to come back as they were left. Invariant: what a pane does, it does to
//! the whole state, with itself still in the stack.

use std::any::Any;
use std::fmt;

use crossterm::event::KeyEvent;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId};
use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use super::State;
use super::event::Action;
use super::queries::Need;
use super::subject::Hint;
use crate::keys::{Command, Places};
use crate::widgets::Canvas;

/// Carries a command out; `None` when it is for others.
pub(crate) type Dispatch = fn(&mut State, Command) -> Option<Vec<Action>>;

/// A screen, or something over one.
pub(crate) trait Pane: Any + fmt::Debug {
    /// Where its keys are looked up, and what characters are in it.
    fn places(&self, state: &State) -> Places;

    /// Draws it in `area`, which is all but the first and the last line.
    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect);

    /// What it shows, and so what must be known.
    fn subscriptions(&self, _state: &State) -> Vec<Need> {
        Vec::new()
    }

    /// What it does with a command. Of what lies over a screen, Back closes it unless this takes it.
    fn dispatch(&self) -> Dispatch {
        |_, _| None
    }

    /// Why Enter or Back does nothing in it now.
    fn disabled_reason(&self, _state: &State, _command: Command) -> Option<&'static str> {
        None
    }

    /// How a command stands in the bottom line while this is on top, where that is its own.
    fn hint(&self, _state: &State, _command: Command) -> Option<Hint> {
        None
    }

    /// When connecting a Zoom that hosts nothing now is worth a hint.
    fn hints_at_connect(&self, _state: &State) -> ConnectHint {
        ConnectHint::Never
    }

    /// The candidate it is about, whom the keys then act on.
    fn candidate(&self) -> Option<CandidateId> {
        None
    }

    /// The interview it is about, which the keys then act on.
    fn interview(&self) -> Option<InterviewId> {
        None
    }

    /// The member whose Zoom hosts what it shows.
    fn host(&self, _state: &State) -> Option<MemberId> {
        None
    }

    /// Offers it a key as text; false when it does not take it.
    fn key(&mut self, _key: KeyEvent) -> bool {
        false
    }

    /// Offers it a click of the mouse; false where nothing was hit.
    fn click(&mut self, _state: &State, _at: Position) -> bool {
        false
    }

    /// Takes a paste.
    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        |_, _| Vec::new()
    }

    /// What is to be done when it is closed by the person. It may come back as it was left: see
    /// [`Panes::put_aside`].
    fn close(self: Box<Self>, _state: &mut State) -> Vec<Action> {
        Vec::new()
    }

    /// Whether it lies over another pane and speaks of that one.
    fn is_about_what_lies_below(&self) -> bool {
        false
    }

    /// Whether something in it changes every second.
    fn counts_seconds(&self) -> bool {
        false
    }

    /// Shows that what was typed is not taken.
    fn flash(&mut self, _now: Timestamp) {}

    /// Until when it shows that.
    fn flashes_until(&self) -> Option<Timestamp> {
        None
    }

    /// Stops showing it when it was seen.
    fn calm(&mut self, _now: Timestamp) {}

    /// What it has from the daemon is out of date.
    fn invalidate(&mut self) {}
}

/// When connecting is worth a hint in a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectHint {
    Never,
    /// When the Zoom that is shown, or one's own, hosts nothing now.
    Stuck,
    /// When it is a colleague's, or it broke.
    Urgent,
    Always,
}

/// What lies over the screen, the topmost last, and what was put aside.
#[derive(Debug, Default)]
pub(crate) struct Panes {
    open: Vec<Box<dyn Pane>>,
    aside: Vec<Box<dyn Pane>>,
}

impl Panes {
    /// Puts a pane on top.
    pub(crate) fn push(&mut self, pane: impl Pane) {
        self.open.push(Box::new(pane));
    }

    /// Puts one back on top that was taken off.
    pub(crate) fn push_back(&mut self, pane: Box<dyn Pane>) {
        self.open.push(pane);
    }

    /// Takes the top pane off.
    pub(crate) fn pop(&mut self) -> Option<Box<dyn Pane>> {
        self.open.pop()
    }

    /// Takes the top pane off, if it is of this type.
    pub(crate) fn pop_as<P: Pane>(&mut self) -> Option<Box<P>> {
        self.top_as::<P>()?;
        own(self.open.pop()?)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// The one pane there is, if it is of this type.
    #[cfg(test)]
    pub(crate) fn only<P: Pane>(&self) -> Option<&P> {
        self.top_as().filter(|_| self.open.len() == 1)
    }

    #[cfg(test)]
    pub(crate) fn is_nothing_aside(&self) -> bool {
        self.aside.is_empty()
    }

    /// From the lowest to the topmost.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &dyn Pane> {
        self.open.iter().map(AsRef::as_ref)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn Pane>> {
        self.open.iter_mut()
    }

    pub(crate) fn top(&self) -> Option<&dyn Pane> {
        self.open.last().map(AsRef::as_ref)
    }

    pub(crate) fn top_mut(&mut self) -> Option<&mut dyn Pane> {
        match self.open.last_mut() {
            Some(pane) => Some(pane.as_mut()),
            None => None,
        }
    }

    /// The top pane, if it is of this type.
    pub(crate) fn top_as<P: Pane>(&self) -> Option<&P> {
        seen(self.top()?)
    }

    /// The same, to change it.
    pub(crate) fn top_as_mut<P: Pane>(&mut self) -> Option<&mut P> {
        let top: &mut dyn Any = self.open.last_mut()?.as_mut();
        top.downcast_mut()
    }

    /// The topmost pane of this type, wherever it lies.
    pub(crate) fn find<P: Pane>(&self) -> Option<&P> {
        self.iter().rev().find_map(seen)
    }

    /// The topmost pane of this type that is meant, to change it.
    pub(crate) fn find_mut<P: Pane>(&mut self, is_meant: impl Fn(&P) -> bool) -> Option<&mut P> {
        self.open.iter_mut().rev().find_map(|pane| {
            let pane: &mut dyn Any = pane.as_mut();
            pane.downcast_mut().filter(|pane| is_meant(pane))
        })
    }

    /// The top pane that speaks for itself: below help and palette.
    pub(crate) fn below_help(&self) -> Option<&dyn Pane> {
        let mut all = self.iter().rev();
        all.find(|pane| !pane.is_about_what_lies_below())
    }

    /// The same, if it is of this type.
    pub(crate) fn below_help_as<P: Pane>(&self) -> Option<&P> {
        seen(self.below_help()?)
    }

    /// Removes the panes of this type that are meant, and hands out the topmost.
    pub(crate) fn remove<P: Pane>(&mut self, is_meant: impl Fn(&P) -> bool) -> Option<Box<P>> {
        take(&mut self.open, is_meant)
    }

    /// Keeps a pane for when it is wanted again.
    pub(crate) fn put_aside(&mut self, pane: impl Pane) {
        self.aside.push(Box::new(pane));
    }

    /// Closes everything: what is of this type is put aside. Returns how many those are.
    pub(crate) fn put_all_aside<P: Pane>(&mut self) -> usize {
        let open = std::mem::take(&mut self.open);
        let kept: Vec<_> = open
            .into_iter()
            .filter(|pane| seen::<P>(pane.as_ref()).is_some())
            .collect();
        let count = kept.len();
        self.aside.extend(kept);
        count
    }

    /// The pane that was put aside and is meant.
    pub(crate) fn aside<P: Pane>(&mut self, is_meant: impl Fn(&P) -> bool) -> Option<&mut P> {
        self.aside.iter_mut().rev().find_map(|pane| {
            let pane: &mut dyn Any = pane.as_mut();
            pane.downcast_mut().filter(|pane| is_meant(pane))
        })
    }

    /// Takes out what was put aside and is meant.
    pub(crate) fn bring_back<P: Pane>(&mut self, is_meant: impl Fn(&P) -> bool) -> Option<Box<P>> {
        take(&mut self.aside, is_meant)
    }

    /// Everything that was put aside, which is to be kept elsewhere.
    pub(crate) fn take_aside(&mut self) -> Aside {
        Aside(std::mem::take(&mut self.aside))
    }

    /// What was put aside and kept elsewhere meanwhile.
    pub(crate) fn set_aside(&mut self, aside: Aside) {
        self.aside = aside.0;
    }
}

/// Panes that were put aside.
#[derive(Debug, Default)]
pub(crate) struct Aside(Vec<Box<dyn Pane>>);

impl Aside {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn seen<P: Pane>(pane: &dyn Pane) -> Option<&P> {
    let pane: &dyn Any = pane;
    pane.downcast_ref()
}

fn own<P: Pane>(pane: Box<dyn Pane>) -> Option<Box<P>> {
    let pane: Box<dyn Any> = pane;
    pane.downcast().ok()
}

fn take<P: Pane>(panes: &mut Vec<Box<dyn Pane>>, is_meant: impl Fn(&P) -> bool) -> Option<Box<P>> {
    let is_its = |pane: &mut Box<dyn Pane>| seen(pane.as_ref()).is_some_and(&is_meant);
    let mut taken: Vec<_> = panes.extract_if(.., is_its).collect();
    own(taken.pop()?)
}
