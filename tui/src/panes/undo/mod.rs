//! Undoing what the person did last.

#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::interview::InterviewUndo;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;

use crate::keys::Command;
use crate::panes::{candidate, interview};
use crate::state::State;
use crate::state::event::Action;
use crate::state::subject::Subject;
use crate::state::undo::Undo;
use crate::state::work::Errand;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::Undo],
    disabled_reason: |state, _| match state.work.is_under_way("undo") {
        true => Some("already undoing"),
        false => state.undo.is_empty().then_some("nothing to undo"),
    },
    dispatch: |state, _| undo(state),
    ..Subject::NONE
};

fn undo(state: &mut State) -> Vec<Action> {
    let Some(undo) = state.undo.pop() else {
        return Vec::new();
    };
    if let Undo::Several { name, calls } = undo {
        return candidate::undo_several(state, &name, calls);
    }
    let request = match &undo {
        Undo::Several { .. } => return Vec::new(),
        Undo::Move { call, .. } => Q::CandidateMove { to: call.clone() },
        Undo::Change {
            interview, number, ..
        } => Q::InterviewUndo {
            interview: InterviewUndo {
                interview: Reference::to(interview.to_string()),
                change: *number,
            },
        },
    };
    let words = format!("undoing: {}…", undo.name());
    let errand = Errand::call("undo", move |state, reply| undone(state, undo, reply));
    vec![state.call(errand.says(words).changes(), request)]
}

fn undone(state: &mut State, undo: Undo, reply: Result<R, Error>) -> Vec<Action> {
    match undo.clone() {
        Undo::Move { name, call, before } => {
            candidate::undone(state, (&name, &call, before), undo, reply)
        }
        Undo::Change { interview, .. } => interview::undone(state, interview, undo, reply),
        Undo::Several { .. } => Vec::new(),
    }
}
