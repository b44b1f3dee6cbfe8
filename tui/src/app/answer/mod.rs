//! What an ended action changes, by what it was for.
//!
//! Invariant: every failure the person caused is seen: beside a field, in the layer it is about, or
//! in a layer of its own until it is read.

mod change;
mod connect;
mod drift;
mod form;
mod mail;
mod notes;
mod zoom_test;

use greenroom_protocol::id::CandidateId;
use greenroom_protocol::pipeline::{CandidateMove, Moved};
use greenroom_protocol::service::GreenroomResponse as R;
use greenroom_protocol::zoom::{Connection, ConnectionState};
use greenroom_protocol::{Error, ErrorKind};

use crate::forms::Kind;
use crate::notify::Notice;
use crate::panes::Layer;
use crate::panes::workspaces as switching;
use crate::state::State;
use crate::state::event::{Action, Done, Task};
use crate::state::queries::Need;
use crate::state::undo::{Undo, undo_key};
use crate::state::work::{Purpose, Ticket};
use crate::wording::zoom::{self, my_zoom};

/// Settles a ticket.
pub(super) fn settle(
    state: &mut State,
    ticket: Ticket,
    result: Result<Done, Error>,
) -> Vec<Action> {
    let Some(purpose) = state.work.settle(ticket) else {
        return Vec::new();
    };
    match purpose {
        Purpose::Show(need) => {
            let before = my_zoom(state).cloned();
            show(state, &need, ticket, reply(result));
            return notice(state, before.as_ref()).into_iter().collect();
        }
        Purpose::More => more(state, reply(result)),
        Purpose::Send(key) => return form::sent(state, &key, reply(result)),
        Purpose::Ask(key, ask) => form::told(state, &key, ask, reply(result)),
        Purpose::Save(key, copy) => return form::saved(state, &key, &copy, result),
        Purpose::Read(key) => return form::file_read(state, &key, result),
        Purpose::Move(name, before) => moved(state, &name, before, reply(result)),
        Purpose::Undo(undo) => undone(state, undo, reply(result)),
        Purpose::Change(..) => change::settle(state, reply(result)),
        Purpose::RetryMail => mail::retried(state, reply(result)),
        Purpose::MoreMail => mail::more(state, reply(result)),
        Purpose::MarkRead => mail::marked(state, reply(result)),
        Purpose::AcceptReply => mail::accepted(state, reply(result)),
        Purpose::Check => drift::checked(state, reply(result)),
        Purpose::TestZoom(member) => zoom_test::started(state, member, reply(result)),
        Purpose::DeleteStray => drift::stray_deleted(state, reply(result)),
        Purpose::Compose(draft) => return notes::written(state, draft, result),
        Purpose::Note(text) => return notes::taken(state, text, result),
        Purpose::Keep => drop(result.map_err(|error| fail(state, error))),
        Purpose::Tell(name) => told(state, &name, reply(result)),
        Purpose::Erase(id) => erased(state, id, reply(result)),
        Purpose::Disconnect => disconnected(state, reply(result)),
        Purpose::Use(_) => return used(state, reply(result)),
        Purpose::Stop | Purpose::Notify => {}
        Purpose::Listen | Purpose::Start | Purpose::Await | Purpose::Finish | Purpose::Sandbox => {
            return connect::step(state, &purpose, result);
        }
        Purpose::Copy(what) => match result {
            Ok(_) => state
                .work
                .say(format!("{what} was sent to the clipboard"), true, state.now),
            Err(error) => fail(state, error),
        },
        // The address stands on the screen in any case.
        Purpose::Browse => match result {
            Ok(_) => state.work.say("handed to the browser", true, state.now),
            Err(error) => {
                let words = format!("{}: copy the address instead", error.message);
                state.work.say(words, false, state.now);
            }
        },
    }
    Vec::new()
}

fn reply(result: Result<Done, Error>) -> Result<R, Error> {
    match result? {
        Done::Reply(reply) => Ok(*reply),
        _ => Err(unexpected()),
    }
}

fn unexpected() -> Error {
    Error::failed("read the daemon's answer: it answers something else")
}

/// Shows a failure until it is read, and keeps it to be read again.
fn fail(state: &mut State, error: Error) {
    if error.kind == ErrorKind::Failed {
        // The daemon may have learned that something is wrong with itself.
        state.mirror.status.spoil();
    }
    state.work.failure = Some(error.clone());
    state.layers.push(Layer::Failure(error));
}

/// Where the data is damaged it is not missing: nothing is to be set up in its place.
fn tell_damage(state: &mut State) {
    let status = state.mirror.status.latest();
    let Some(damage) = status.and_then(|status| status.damage.clone()) else {
        return;
    };
    let is_setup = |layer: &Layer| matches!(layer, Layer::Form(form) if form.kind() == Kind::Setup);
    state.layers.retain(|layer| !is_setup(layer));
    let is_told = |layer: &Layer| matches!(layer, Layer::Failure(_));
    if !state.layers.iter().any(is_told) {
        let error = Error::failed(format!(
            "The data is damaged ({damage}). Nothing is shown from it."
        ))
        .hint(
            "restore a backup from a shell, as the daemon's user or root: greenroom restore FILE",
        );
        fail(state, error);
    }
}

fn show(state: &mut State, need: &Need, ticket: Ticket, reply: Result<R, Error>) {
    let before = state.mirror.candidates.latest();
    let before = before
        .and_then(|page| state.candidates.selected(page))
        .cloned();
    let interview = state.interviews.selected(state).map(|it| it.id);
    let waited = state.mirror.mail_waiting.latest();
    let waited = waited.map_or_else(Vec::new, |page| page.items.clone());
    state.mirror.answer(need, ticket, reply);
    match need {
        Need::Status => tell_damage(state),
        Need::MailWaiting(_) => mail::waiting(state, &waited),
        Need::Candidates(_) => {
            // A new search begins at its best match; the same list keeps who was selected.
            let same = state.candidates.is_same_search();
            let Some(page) = state.mirror.candidates.latest().filter(|_| same) else {
                return state.candidates.answered();
            };
            state.candidates.follow(before.as_ref(), page);
        }
        Need::Interviews(..) => {
            if let Some(stays) = state.interviews.settled(state, interview) {
                state.interviews.select(stays);
            }
        }
        Need::Board(_) => {
            let job = state.job_shown().cloned();
            if let (Some(job), Some(board)) = (job, state.mirror.board.latest()) {
                state.pipeline.settle(&job, board);
            }
        }
        _ => {}
    }
}

/// Tells the person, also where they look elsewhere, what became of their own Zoom: once a change.
fn notice(state: &mut State, before: Option<&Connection>) -> Option<Action> {
    let (before, now) = (before?, my_zoom(state)?);
    let broke = |zoom: &Connection| zoom.state == ConnectionState::ReconnectRequired;
    let notice = match (zoom::is_approved(before), zoom::is_approved(now)) {
        (false, true) => Notice::Approved,
        _ if broke(now) && !broke(before) => Notice::Reconnect,
        _ => return None,
    };
    let good = notice == Notice::Approved;
    state.work.say(notice.words(), good, state.now);
    let ticket = state.work.begin(Purpose::Notify, state.now);
    Some(Action::Do(ticket, Task::Notify(notice)))
}

fn more(state: &mut State, reply: Result<R, Error>) {
    let Some(known) = state.mirror.candidates.latest_mut() else {
        return;
    };
    // What cannot be read now is asked for again when the list is, and not at once for ever.
    let Ok(R::CandidateList(Ok(page))) = reply else {
        known.next = None;
        return;
    };
    let new = page
        .items
        .into_iter()
        .filter(|row| !known.items.iter().any(|it| it.id == row.id));
    let new: Vec<_> = new.collect();
    known.items.extend(new);
    known.next = page.next;
}

fn moved(state: &mut State, name: &str, before: Option<u64>, reply: Result<R, Error>) {
    match reply.and_then(answer_of_move) {
        Err(error) => fail(state, error),
        Ok(moved) if moved.from == moved.application.stage => {
            // Somebody else was faster: there is nothing of one's own to undo.
            let words = format!("{name} is already in {}", moved.application.stage_name);
            state.work.say(words, false, state.now);
        }
        Ok(moved) => {
            let to = moved.application.stage_name.clone();
            let warning = moved
                .warnings
                .first()
                .map(|it| format!(" · {it}"))
                .unwrap_or_default();
            let key = undo_key(state).map(|key| format!(" · {key} to undo"));
            let key = key.unwrap_or_default();
            let words = format!("{name} is in {to} now{key}{warning}");
            state.work.say(words, true, state.now);
            state.undo.push(Undo::Move {
                name: name.to_owned(),
                call: CandidateMove {
                    candidate: moved.application.candidate.to_string(),
                    job: Some(moved.application.job.to_string()),
                    stage: moved.from.to_string(),
                    expected_revision: Some(moved.application.revision),
                },
                before,
            });
        }
    }
}

fn undone(state: &mut State, undo: Undo, reply: Result<R, Error>) {
    let Undo::Move { name, call, before } = &undo else {
        return change::undone(state, undo, reply);
    };
    match reply.and_then(answer_of_move) {
        Err(error) => {
            // Nothing was decided: it can still be taken back.
            if error.kind == ErrorKind::Unreachable {
                state.undo.push(undo);
            }
            fail(state, error);
        }
        Ok(moved) => {
            let now = moved.application.revision;
            state.undo.taken_back(call, *before, now);
            let words = format!("{name} is back in {}", moved.application.stage_name);
            state.work.say(words, true, state.now);
        }
    }
}

fn answer_of_move(reply: R) -> Result<Moved, Error> {
    match reply {
        R::CandidateMove(moved) => moved,
        _ => Err(unexpected()),
    }
}

fn told(state: &mut State, name: &str, reply: Result<R, Error>) {
    let told = reply.and_then(|reply| match reply {
        R::ZoomTell(told) => told,
        _ => Err(unexpected()),
    });
    match told {
        Err(error) => fail(state, error),
        Ok(told) if !told.delivers => {
            let words = format!("mail is only written to a folder here: tell {name} yourself");
            state.work.say(words, false, state.now);
        }
        Ok(told) => {
            let words = match told.repeated {
                true => format!("a letter to {name} is on its way already"),
                false => format!("{name} is told by mail"),
            };
            state.work.say(words, true, state.now);
        }
    }
}

fn erased(state: &mut State, id: CandidateId, reply: Result<R, Error>) {
    let done = reply.and_then(|reply| match reply {
        R::CandidateErase(done) => done,
        _ => Err(unexpected()),
    });
    let done = match done {
        Err(error) => return fail(state, error),
        Ok(done) => done,
    };
    // Nothing of them is kept here either.
    let subject = id.to_string();
    state.drafts.retain(|key, _| key.subject != subject);
    state.undo.forget(&subject);
    state
        .layers
        .retain(|layer| !matches!(layer, Layer::Candidate(it) if *it == id));
    state.work.say("the candidate is erased", true, state.now);
    if !done.remains.is_empty() {
        let mut error = Error::new(
            ErrorKind::Upstream,
            "the candidate is erased here, and something remains at Zoom",
        )
        .hint("delete it there, where it matters");
        error.matches = done.remains;
        fail(state, error);
    }
}

fn disconnected(state: &mut State, reply: Result<R, Error>) {
    let done = reply.and_then(|reply| match reply {
        R::ZoomDisconnect(done) => done,
        _ => Err(unexpected()),
    });
    match done {
        Err(error) => fail(state, error),
        Ok(done) if done.revoked => {
            state
                .work
                .say("Zoom is disconnected, here and at Zoom", true, state.now);
        }
        Ok(done) => {
            let error = Error::new(
                ErrorKind::Upstream,
                "disconnect Zoom: the keys are wiped here, but Zoom did not confirm that the grant is gone",
            );
            fail(
                state,
                match done.hint {
                    Some(hint) => error.hint(hint),
                    None => error,
                },
            );
        }
    }
}

fn used(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    let done = reply.and_then(|reply| match reply {
        R::WorkspaceUse(done) => done,
        _ => Err(unexpected()),
    });
    match done {
        Err(error) => {
            fail(state, error);
            Vec::new()
        }
        Ok(workspace) => switching::go(state, &workspace),
    }
}
