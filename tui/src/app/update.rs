//! From an event to a changed state and what is to be done.
//!
//! Owns the order of things: what has the focus first, then the pane with the keys, then everywhere;
//! which of these a key may reach is decided by [`crate::keys::Places`] and nowhere else. Afterwards
//! whatever is visible and missing is asked for. Pure: reads no clock, does no I/O.

use crossterm::event::{KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use greenroom_protocol::Error;
use greenroom_protocol::hello::ServerHello;
use jiff::Timestamp;
use ratatui::layout::Position;

use super::subscriptions;
use crate::keys::{Characters, Chord, Command};
use crate::panes;
use crate::panes::failure::Failure;
use crate::panes::form::ask_for_setup;
use crate::panes::workspaces;
use crate::state::event::{Action, Event};
use crate::state::{Link, State};

/// Takes an event and returns what is to be done.
pub(crate) fn update(state: &mut State, event: Event) -> Vec<Action> {
    state.work.expire(state.now);
    calm(state);
    let typed_into = state.places().characters() == Characters::Text;
    let pressed = matches!(event, Event::Key(_));
    let mut actions = match event {
        Event::Key(key) => on_key(state, key),
        Event::Paste(pasted) => on_paste(state, &pasted),
        Event::Mouse(mouse) => on_mouse(state, mouse),
        Event::Resize(columns, rows) => {
            state.size = (columns, rows);
            Vec::new()
        }
        Event::Tick => on_tick(state),
        Event::Linked(hello) => on_linked(state, *hello),
        Event::Lost(error, retry_at) => on_lost(state, error, retry_at),
        Event::Changed(changes) => {
            state.cache.changed(&changes);
            invalidate_panes(state);
            Vec::new()
        }
        Event::Done(ticket, done) => state.finish(ticket, done),
        Event::Stop => vec![Action::Suspend],
        Event::Gone => vec![Action::Quit],
    };
    let gone = state.places().characters() != Characters::Text;
    if typed_into && gone && !pressed {
        state.typing.interrupt(state.now);
    }
    actions.extend(panes::after_event(state));
    actions.extend(subscriptions::fetch(state));
    actions
}

/// The one place that decides what a key does: what has the focus is offered it first, then the
/// places it may mean something in are asked for a command. A character that nobody takes makes the
/// field flash.
fn on_key(state: &mut State, key: KeyEvent) -> Vec<Action> {
    let chord = Chord::from(key);
    let places = state.places();
    if state.typing.drops(chord, &places, state.now) || edits(state, key) {
        return Vec::new();
    }
    match state.keymap.command(chord, &places) {
        Some(command) => state.dispatch(command),
        None => {
            if chord.is_text() {
                flash(state);
            }
            Vec::new()
        }
    }
}

/// Offers a key to what is being filled in: the top pane, or the search.
fn edits(state: &mut State, key: KeyEvent) -> bool {
    let searching = state.is_searching();
    if let Some(pane) = state.panes.top_mut() {
        return pane.key(key);
    }
    if counts(state, key) {
        return true;
    }
    if !searching || !state.candidates.query.key(key) {
        return false;
    }
    state.candidates.searched();
    true
}

/// Takes a digit as a count, where a range of candidates is being marked.
fn counts(state: &mut State, key: KeyEvent) -> bool {
    let KeyCode::Char(digit) = key.code else {
        return false;
    };
    let digit = digit.to_digit(10).filter(|_| Chord::from(key).is_text());
    let marks = state.marks_mut().zip(digit);
    marks.is_some_and(|(marks, digit)| marks.digit(digit))
}

/// Shows that the field with the focus does not take what was typed.
fn flash(state: &mut State) {
    let now = state.now;
    if let Some(pane) = state.panes.top_mut() {
        pane.flash(now);
    }
}

/// Ends the flash of a field when it was seen.
fn calm(state: &mut State) {
    let now = state.now;
    for pane in state.panes.iter_mut() {
        pane.calm(now);
    }
}

fn on_paste(state: &mut State, pasted: &str) -> Vec<Action> {
    if state.is_searching() {
        state.candidates.query.insert(pasted);
        state.candidates.searched();
        return Vec::new();
    }
    let paste = state.pane().paste();
    paste(state, pasted)
}

/// The wheel moves the selection, and a click is offered to the top pane; everything else is left to
/// the keys.
fn on_mouse(state: &mut State, mouse: MouseEvent) -> Vec<Action> {
    match mouse.kind {
        MouseEventKind::ScrollUp => state.dispatch(Command::Up),
        MouseEventKind::ScrollDown => state.dispatch(Command::Down),
        MouseEventKind::Down(MouseButton::Left) => {
            if let Some(mut pane) = state.panes.pop() {
                pane.click(state, Position::new(mouse.column, mouse.row));
                state.panes.push_back(pane);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Time passed: an attempt may be over, and with every minute what failed is tried again.
fn on_tick(state: &mut State) -> Vec<Action> {
    if state.now.as_second().rem_euclid(60) == 0 {
        state.cache.retry_failed();
    }
    panes::on_tick(state)
}

fn on_linked(state: &mut State, hello: ServerHello) -> Vec<Action> {
    let before = state.link.hello().cloned();
    state.cache.begin(before.as_ref(), &hello);
    if let Link::Down { last: Some(_), .. } = &state.link {
        state.toast("Reconnected to the daemon", true);
    }
    let needs_setup = hello.workspace.is_none() && hello.operator;
    let unlinked = hello.caller.is_none() && !hello.operator;
    state.link = Link::Up(Box::new(hello));
    workspaces::arrived(state);
    invalidate_panes(state);
    if unlinked {
        let error = Error::denied("Your Unix user isn't linked to a member of this workspace.")
            .hint("Ask an admin to run: greenroom member link");
        state.panes.push(Failure(error));
    }
    if needs_setup {
        ask_for_setup(state);
    }
    Vec::new()
}

fn on_lost(state: &mut State, error: Error, retry_at: Timestamp) -> Vec<Action> {
    let back = workspaces::refused(state, &error);
    // To be read whole: the bottom line has room for little.
    state.work.failure = Some(error.clone());
    let last = match std::mem::replace(&mut state.link, Link::Connecting) {
        Link::Up(hello) => Some(hello),
        Link::Down { last, .. } => last,
        Link::Connecting => None,
    };
    state.link = Link::Down {
        error,
        retry_at,
        last,
    };
    back.into_iter().collect()
}

/// What the panes know of the daemon is old.
fn invalidate_panes(state: &mut State) {
    for pane in state.panes.iter_mut() {
        pane.invalidate();
    }
}
