//! From an event to a changed state and what is to be done.
//!
//! Owns the order of things: what has the focus first, then the top layer, then the screen, then
//! everywhere; which of these a key may reach is decided by [`crate::keys::Places`] and nowhere
//! else. Afterwards whatever is visible and missing is asked for. Pure: reads no clock, does no
//! I/O.

use crossterm::event::{KeyEvent, MouseEvent, MouseEventKind};
use greenroom_protocol::Error;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::Timestamp;

use super::{answer, perform, subscriptions};
use crate::forms::sheet::Did;
use crate::forms::{Form, FormKey, Kind};
use crate::keys::{Characters, Chord, Command};
use crate::panes::connect::steps as connecting;
use crate::panes::mail::About;
use crate::panes::workspaces as switching;
use crate::panes::{self, Layer};
use crate::state::event::{Action, Event, Task};
use crate::state::queries;
use crate::state::work::Purpose;
use crate::state::{Link, Screen, State};

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
            state.mirror.spoil(&changes);
            spoil_forms(state);
            Vec::new()
        }
        Event::Done(ticket, result) => answer::settle(state, ticket, result),
        Event::Stop => vec![Action::Suspend],
        Event::Gone => vec![Action::Quit],
    };
    let gone = state.places().characters() != Characters::Text;
    if typed_into && gone && !pressed {
        state.typing.interrupt(state.now);
    }
    actions.extend(connecting::followed(state));
    settle_form(state, &mut actions);
    if let Some(action) = more_mail(state) {
        actions.push(action);
    }
    if let Some(action) = more_rows(state) {
        actions.push(action);
    }
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
        Some(command) => perform::perform(state, command),
        None => {
            if chord.is_text() {
                flash(state);
            }
            Vec::new()
        }
    }
}

/// Offers a key to what is being filled in: the top layer, or the search.
fn edits(state: &mut State, key: KeyEvent) -> bool {
    let searching = state.is_searching();
    if let Some(layer) = state.layers.last_mut() {
        return panes::key(layer, key) != Did::Nothing;
    }
    if !searching || !state.candidates.query.key(key) {
        return false;
    }
    state.candidates.searched();
    true
}

/// Shows that the field with the focus does not take what was typed.
fn flash(state: &mut State) {
    if let Some(Layer::Form(form)) = state.layers.last_mut() {
        form.fields_mut().flash(state.now);
    }
}

/// Ends the flash of a field when it was seen.
fn calm(state: &mut State) {
    let now = state.now;
    for layer in &mut state.layers {
        if let Layer::Form(form) = layer {
            form.fields_mut().calm(now);
        }
    }
}

fn on_paste(state: &mut State, pasted: &str) -> Vec<Action> {
    let typing = state.is_searching();
    match state.layers.last_mut() {
        Some(Layer::Form(form)) => {
            let did = form.fields_mut().paste(pasted);
            if did == Did::Nothing {
                flash(state);
            }
        }
        Some(Layer::Confirm(confirm)) => confirm.paste(pasted),
        Some(Layer::Palette(palette)) => palette.paste(pasted),
        Some(Layer::Chooser(chooser)) => chooser.paste(pasted),
        Some(Layer::Connect(_)) => return connecting::pasted(state, pasted),
        Some(_) => {}
        None if typing => {
            state.candidates.query.insert(pasted);
            state.candidates.searched();
        }
        None => {}
    }
    Vec::new()
}

/// The wheel moves the selection; everything else is left to the keys.
fn on_mouse(state: &mut State, mouse: MouseEvent) -> Vec<Action> {
    match mouse.kind {
        MouseEventKind::ScrollUp => perform::perform(state, Command::Up),
        MouseEventKind::ScrollDown => perform::perform(state, Command::Down),
        _ => Vec::new(),
    }
}

/// Time passed: an attempt may be over, and with every minute what failed is tried again.
fn on_tick(state: &mut State) -> Vec<Action> {
    if state.now.as_second().rem_euclid(60) == 0 {
        state.mirror.forgive();
    }
    connecting::tick(state)
}

fn on_linked(state: &mut State, hello: ServerHello) -> Vec<Action> {
    let before = state.link.hello().cloned();
    state.mirror.begin(before.as_ref(), &hello);
    if let Link::Down { last: Some(_), .. } = &state.link {
        state.work.say("the daemon is back", true, state.now);
    }
    let needs_setup = hello.workspace.is_none() && hello.operator;
    let unlinked = hello.caller.is_none() && !hello.operator;
    state.link = Link::Up(Box::new(hello));
    switching::arrived(state);
    spoil_forms(state);
    if unlinked {
        let error = Error::denied("use this daemon: your Unix user is not linked to a member")
            .hint("ask an admin of the workspace for: greenroom member link");
        state.layers.push(Layer::Failure(error));
    }
    let is_open = |layer: &Layer| matches!(layer, Layer::Form(form) if form.kind() == Kind::Setup);
    if needs_setup && !state.layers.iter().any(is_open) {
        let key = FormKey {
            kind: Kind::Setup,
            subject: String::new(),
        };
        let form = Form::open(state, key);
        state.layers.push(Layer::Form(form));
    }
    Vec::new()
}

fn on_lost(state: &mut State, error: Error, retry_at: Timestamp) -> Vec<Action> {
    let back = switching::refused(state, &error);
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

/// What the forms know of the daemon is old.
fn spoil_forms(state: &mut State) {
    for layer in &mut state.layers {
        if let Layer::Form(form) = layer {
            form.invalidate();
        }
    }
}

/// Brings the top form up to date, and asks the daemon how it judges what stands there now.
fn settle_form(state: &mut State, actions: &mut Vec<Action>) {
    if !matches!(state.layers.last(), Some(Layer::Form(_))) {
        return;
    }
    let Some(Layer::Form(mut form)) = state.layers.pop() else {
        return;
    };
    form.refresh(state);
    if state.link.is_up() {
        for (ask, request) in form.asks(state) {
            let purpose = Purpose::Ask(form.key(), ask);
            let ticket = state.work.begin(purpose, state.now);
            actions.push(call(ticket, request));
        }
    }
    state.layers.push(Layer::Form(form));
}

/// The next page of an interview's mail that left: one page looks only so far back.
fn more_mail(state: &mut State) -> Option<Action> {
    let Some(Layer::Mails(mails)) = state.layers.last() else {
        return None;
    };
    let About::Interview(interview) = mails.about else {
        return None;
    };
    let page = state.mirror.mail_past.get(&interview)?;
    let cursor = page.next.clone()?;
    let query = queries::mail_of(interview, true, Some(cursor));
    if !state.link.is_up() || state.work.is_under_way(&Purpose::MoreMail) {
        return None;
    }
    let ticket = state.work.begin(Purpose::MoreMail, state.now);
    Some(call(ticket, Q::MailList { query }))
}

/// The next page of candidates, when the selection comes near the end of what is known.
fn more_rows(state: &mut State) -> Option<Action> {
    if state.screen != Screen::Candidates || !state.link.is_up() {
        return None;
    }
    let text = state.candidates.search().to_owned();
    let page = state.mirror.candidates.get(&text)?;
    let cursor = page.next.clone()?;
    if !state.candidates.is_near_end(page.items.len()) || state.work.is_under_way(&Purpose::More) {
        return None;
    }
    let query = greenroom_protocol::pipeline::CandidateQuery {
        text,
        cursor: Some(cursor),
        limit: Some(queries::ROWS),
        ..Default::default()
    };
    let ticket = state.work.begin(Purpose::More, state.now);
    Some(call(ticket, Q::CandidateList { query }))
}

pub(crate) fn call(ticket: crate::state::work::Ticket, request: Q) -> Action {
    Action::Do(ticket, Task::Call(Box::new(request)))
}
