//! Answers to forms: sent, judged, read from a file.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::ImportReport;
use greenroom_protocol::service::GreenroomResponse as R;
use greenroom_protocol::zoom::ApprovalRequest;

use super::super::perform::send_top_form;
use super::{change, fail};
use crate::forms::{
    Delivery, Extra, Form, FormKey, Name, Next, copy_of, delivery, emailed, nothing_in,
};
use crate::panes::Layer;
use crate::panes::connect::steps as connecting;
use crate::state::State;
use crate::state::event::{Action, Done, Task};
use crate::state::work::Purpose;

/// The form of a key, wherever in the stack it lies.
fn form<'a>(state: &'a mut State, key: &FormKey) -> Option<&'a mut Form> {
    state.layers.iter_mut().rev().find_map(|layer| match layer {
        Layer::Form(form) if form.key == *key => Some(form.as_mut()),
        _ => None,
    })
}

pub(super) fn sent(state: &mut State, key: &FormKey, reply: Result<R, Error>) -> Vec<Action> {
    if let Ok(R::CandidateImport(report)) = reply {
        return imported(state, key, report);
    }
    if let Ok(R::ZoomRequestApproval(Ok(request))) = reply {
        return approval_kept(state, key, &request);
    }
    let reply = match reply {
        Ok(reply) if key.kind.changes_an_interview() => match change::read(reply) {
            Ok(outcome) => {
                close(state, key);
                change::made(state, &outcome);
                return Vec::new();
            }
            Err(error) => Err(error),
        },
        other => other,
    };
    if let Ok(R::InterviewNew(Ok(outcome))) = reply {
        close(state, key);
        change::booked(state, &outcome);
        state.show_interview(outcome.interview.id);
        return Vec::new();
    }
    let is_setup = matches!(reply, Ok(R::Setup(Ok(_))));
    if matches!(reply, Ok(R::WorkspaceAdd(Ok(_)))) {
        // Changes tell of this workspace only.
        state.mirror.workspaces.spoil();
    }
    let Some(form) = form(state, key) else {
        return sent_meanwhile(state, key, reply);
    };
    match reply.and_then(|reply| form.outcome(reply)) {
        Ok(words) => {
            close(state, key);
            state.work.say(words, true, state.now);
        }
        Err(error) => form.refuse(error),
    }
    if is_setup {
        vec![Action::Rebind(None)]
    } else {
        Vec::new()
    }
}

/// The form was put aside while it was under way: the answer is still told.
fn sent_meanwhile(state: &mut State, key: &FormKey, reply: Result<R, Error>) -> Vec<Action> {
    let reply = match reply {
        Ok(R::InterviewNew(Ok(outcome))) => {
            state.drafts.remove(key);
            change::booked(state, &outcome);
            return Vec::new();
        }
        other => other,
    };
    let Some(draft) = state.drafts.get(key) else {
        return Vec::new();
    };
    match reply.and_then(|reply| draft.outcome(reply)) {
        Ok(words) => {
            state.drafts.remove(key);
            state.work.say(words, true, state.now);
        }
        Err(error) => fail(state, error),
    }
    Vec::new()
}

fn close(state: &mut State, key: &FormKey) {
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::Form(form) if form.key == *key));
    state.drafts.remove(key);
}

fn imported(state: &mut State, key: &FormKey, report: Result<ImportReport, Error>) -> Vec<Action> {
    let Some(open) = form(state, key) else {
        return Vec::new();
    };
    let Extra::Import(import) = &mut open.extra else {
        return Vec::new();
    };
    match report {
        Err(error) => {
            import.restart();
            open.failure = Some(error);
        }
        Ok(report) => match import.take(report) {
            Next::Page => return send_top_form(state),
            Next::Read => {}
            Next::Done(words) => {
                close(state, key);
                state.work.say(words, true, state.now);
            }
        },
    }
    Vec::new()
}

/// The daemon has stored that an admin is asked, and emails the request where it can; a copy may be
/// wanted here, too.
fn approval_kept(state: &mut State, key: &FormKey, request: &ApprovalRequest) -> Vec<Action> {
    let Some(open) = form(state, key) else {
        return Vec::new();
    };
    let delivery = delivery(open, request);
    let mut actions = connecting::asked_admin(state);
    let copy = copy_of(request);
    let (purpose, task) = match delivery {
        Delivery::Emailed => {
            close(state, key);
            state.work.say(emailed(request), true, state.now);
            return actions;
        }
        Delivery::Copy(text) => {
            close(state, key);
            (Purpose::Copy(copy.into()), Task::Copy(text))
        }
        Delivery::Save(path, text) => (Purpose::Save(key.clone(), copy), Task::Save(path, text)),
    };
    let ticket = state.work.begin(purpose, state.now);
    actions.push(Action::Do(ticket, task));
    actions
}

pub(super) fn saved(
    state: &mut State,
    key: &FormKey,
    copy: &str,
    result: Result<Done, Error>,
) -> Vec<Action> {
    let Some(open) = form(state, key) else {
        return Vec::new();
    };
    match result {
        Ok(_) => {
            let file = open.sheet.text(Name::File);
            let words = format!("{copy} is in {file}");
            close(state, key);
            state.work.say(words, true, state.now);
        }
        Err(error) => open.sheet.refuse(Name::File, &error.message),
    }
    Vec::new()
}

pub(super) fn letter(state: &mut State, key: &FormKey, reply: Result<R, Error>) {
    let Some(open) = form(state, key) else { return };
    match (reply, &mut open.extra) {
        (Ok(R::ZoomRequestApproval(Ok(request))), Extra::Letter(letter)) => letter.take(request),
        (Ok(R::ZoomRequestApproval(Err(error))) | Err(error), _) => open.failure = Some(error),
        _ => {}
    }
}

pub(super) fn file_read(
    state: &mut State,
    key: &FormKey,
    result: Result<Done, Error>,
) -> Vec<Action> {
    let Some(open) = form(state, key) else {
        return Vec::new();
    };
    let path = open.sheet.text(Name::File).to_owned();
    let refuse = |open: &mut Form, why: &str| {
        open.sheet.refuse(Name::File, why);
    };
    match result {
        Ok(Done::Rows { pages, errors, .. }) if pages.is_empty() && errors.is_empty() => {
            refuse(open, &nothing_in(&path))
        }
        Ok(Done::Rows {
            pages,
            errors,
            counted,
        }) => {
            if let Extra::Import(import) = &mut open.extra {
                import.load(&path, pages, errors, counted);
            }
            return send_top_form(state);
        }
        Ok(_) => {}
        Err(error) => refuse(open, &error.message),
    }
    Vec::new()
}

pub(super) fn judged(state: &mut State, key: &FormKey, reply: Result<R, Error>) {
    let newer = state.work.is_under_way(&Purpose::Judge(key.clone()));
    let Some(form) = form(state, key).filter(|_| !newer) else {
        return;
    };
    let Extra::Plan(plan) = &mut form.extra else {
        return;
    };
    if let Ok(
        R::InterviewNew(outcome) | R::InterviewReschedule(outcome) | R::InterviewEdit(outcome),
    ) = reply
    {
        if let Ok(outcome) = &outcome {
            plan.take_panel(outcome.interview.application, outcome.panel.clone());
        }
        plan.take_verdict(outcome.map(|outcome| outcome.verdict));
    }
}

pub(super) fn seen(state: &mut State, key: &FormKey, reply: Result<R, Error>) {
    let newer = state.work.is_under_way(&Purpose::Busy(key.clone()));
    let Some(form) = form(state, key).filter(|_| !newer) else {
        return;
    };
    let Extra::Plan(plan) = &mut form.extra else {
        return;
    };
    if let Ok(R::Busy(Ok(lanes))) = reply {
        plan.take_lanes(lanes);
    }
}
