//! Answers to forms: sent, asked, read from a file.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomResponse as R;

use super::super::perform::send_top_form;
use super::{change, fail};
use crate::forms::{Answered, Ask, Delivery, Form, FormKey};
use crate::panes::Layer;
use crate::panes::connect::steps;
use crate::state::State;
use crate::state::event::{Action, Done, Task};
use crate::state::work::Purpose;

/// The form of a key, wherever in the stack it lies.
fn open_form<'a>(state: &'a mut State, key: &FormKey) -> Option<&'a mut Form> {
    state.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Form(form) if form.key() == *key => Some(form.as_mut()),
        _ => None,
    })
}

/// What was sent is answered. A form that was put aside meanwhile is still told, and so is the
/// person.
pub(super) fn sent(state: &mut State, key: &FormKey, reply: Result<R, Error>) -> Vec<Action> {
    let is_open = open_form(state, key).is_some();
    let answered = match open_form(state, key) {
        Some(form) => reply.and_then(|reply| form.answered(reply)),
        None => {
            let Some(draft) = state.drafts.get_mut(key) else {
                return Vec::new();
            };
            reply.and_then(|reply| draft.answered(reply))
        }
    };
    match answered {
        Ok(answered) => took(state, key, answered, is_open),
        Err(error) => {
            match open_form(state, key) {
                Some(form) => form.refuse(error),
                None => fail(state, error),
            }
            Vec::new()
        }
    }
}

fn took(state: &mut State, key: &FormKey, answered: Answered, is_open: bool) -> Vec<Action> {
    match answered {
        Answered::NextPage if is_open => return send_top_form(state),
        Answered::NextPage | Answered::Tried => {}
        Answered::Done(words) => done(state, key, words),
        Answered::SetUp(words) => {
            done(state, key, words);
            return vec![Action::Rebind(None)];
        }
        Answered::WorkspaceAdded(words) => {
            state.mirror.workspaces.spoil();
            done(state, key, words);
        }
        Answered::Changed(outcome) => {
            close(state, key);
            change::made(state, &outcome);
        }
        Answered::Booked(outcome) => {
            close(state, key);
            change::booked(state, &outcome);
            if is_open {
                state.show_interview(outcome.interview.id);
            }
        }
        Answered::Asked(delivery) => return asked_admin(state, key, delivery),
    }
    Vec::new()
}

fn done(state: &mut State, key: &FormKey, words: String) {
    close(state, key);
    state.work.say(words, true, state.now);
}

fn close(state: &mut State, key: &FormKey) {
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::Form(form) if form.key() == *key));
    state.drafts.remove(key);
}

/// The daemon has stored that an admin is asked, and emails the request where it can; a copy may be
/// wanted here, too.
fn asked_admin(state: &mut State, key: &FormKey, delivery: Delivery) -> Vec<Action> {
    let mut actions = steps::asked_admin(state);
    let (purpose, task) = match delivery {
        Delivery::Emailed { said } => {
            done(state, key, said);
            return actions;
        }
        Delivery::Copy { said, text } => {
            close(state, key);
            (Purpose::Copy(said.into()), Task::Copy(text))
        }
        Delivery::Save { said, path, text } => {
            (Purpose::Save(key.clone(), said), Task::Save(path, text))
        }
    };
    let ticket = state.work.begin(purpose, state.now);
    actions.push(Action::Do(ticket, task));
    actions
}

pub(super) fn saved(
    state: &mut State,
    key: &FormKey,
    said: &str,
    result: Result<Done, Error>,
) -> Vec<Action> {
    match (result, open_form(state, key)) {
        (Ok(_), _) => done(state, key, said.to_owned()),
        (Err(error), Some(form)) => form.refuse(error.field("file")),
        (Err(error), None) => fail(state, error),
    }
    Vec::new()
}

pub(super) fn file_read(
    state: &mut State,
    key: &FormKey,
    result: Result<Done, Error>,
) -> Vec<Action> {
    let Some(Form::Import(form)) = open_form(state, key) else {
        return Vec::new();
    };
    let loaded = match result {
        Ok(Done::Rows {
            pages,
            errors,
            counted,
        }) => form.load(pages, errors, counted),
        Ok(_) => return Vec::new(),
        Err(error) => Err(error.field("file")),
    };
    match (loaded, open_form(state, key)) {
        (Ok(()), _) => send_top_form(state),
        (Err(error), Some(form)) => {
            form.refuse(error);
            Vec::new()
        }
        (Err(_), None) => Vec::new(),
    }
}

/// What a form asked while it is filled in is answered; an older answer than the newest question's
/// is dropped.
pub(super) fn told(state: &mut State, key: &FormKey, ask: Ask, reply: Result<R, Error>) {
    if state.work.is_under_way(&Purpose::Ask(key.clone(), ask)) {
        return;
    }
    if let Some(form) = open_form(state, key) {
        form.told(ask, reply);
    }
}
