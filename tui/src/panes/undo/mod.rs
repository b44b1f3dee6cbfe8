//! Undoing what the person did last.

#[cfg(test)]
mod tests;

use greenroom_protocol::id::MailId;
use greenroom_protocol::interview::{EMAILS_HAVE_GONE_OUT, InterviewUndo};
use greenroom_protocol::mail::{MailUndo, MailUndone};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use crate::keys::Command;
use crate::panes::failure::fail;
use crate::panes::{candidate, interview};
use crate::state::State;
use crate::state::event::Action;
use crate::state::subject::Subject;
use crate::state::undo::{SavedBack, Undo, undoes_emails};
use crate::state::work::{Errand, answer};

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
        Undo::Emails { mails, .. } => Q::MailUndo {
            undo: MailUndo {
                mails: mails.iter().map(MailId::to_string).collect(),
                dry_run: false,
            },
        },
        Undo::Saved { call, .. } => match (**call).clone() {
            SavedBack::Hours(set) => Q::MemberHoursSet { set },
            SavedBack::DaysOff(edit) => Q::DaysOffEdit { edit },
        },
        Undo::Move { call, .. } => Q::CandidateMove { to: call.clone() },
        Undo::Change {
            interview, number, ..
        } => Q::InterviewUndo {
            interview: InterviewUndo {
                interview: Reference::to(interview.to_string()),
                change: *number,
                unsent: undoes_emails(state),
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
        Undo::Saved { call, .. } => {
            let done = match *call {
                SavedBack::Hours(_) => answer!(reply, MemberHoursSet).map(drop),
                SavedBack::DaysOff(_) => answer!(reply, DaysOffEdit).map(drop),
            };
            saved_undone(state, undo, done)
        }
        Undo::Change { interview, .. } => interview::undone(state, interview, undo, reply),
        Undo::Emails { .. } => match answer!(reply, MailUndo) {
            Ok(done) => emails_undone(state, &undo, &done),
            Err(error) => {
                // Nothing was decided: it can still be undone.
                if error.kind == ErrorKind::Unreachable {
                    state.undo.push(undo);
                }
                fail(state, error)
            }
        },
        Undo::Several { .. } => Vec::new(),
    }
}

/// Hours or days off are as they were, or were changed by somebody else since.
fn saved_undone(state: &mut State, undo: Undo, done: Result<(), Error>) -> Vec<Action> {
    match done {
        Ok(()) => {
            state.toast(format!("{}: undone", undo.name()), true);
            Vec::new()
        }
        Err(error) => {
            // Nothing was decided: it can still be undone.
            if error.kind == ErrorKind::Unreachable {
                state.undo.push(undo);
            }
            fail(state, error)
        }
    }
}

/// Says how many emails never leave. What has left is not undone: that is known to people.
fn emails_undone(state: &mut State, undo: &Undo, done: &MailUndone) -> Vec<Action> {
    state.cache.invalidate("mail");
    state.cache.invalidate("interview");
    let errors = done.items.iter().filter_map(|item| item.error.as_ref());
    let (gone, others): (Vec<_>, Vec<_>) =
        errors.partition(|error| error.message == EMAILS_HAVE_GONE_OUT);
    if let Some(other) = others.first() {
        return fail(state, (*other).clone());
    }
    let words = match (done.undone, gone.len()) {
        (0, _) => EMAILS_HAVE_GONE_OUT.to_owned(),
        (1, 0) => format!("{}: undone, nobody was emailed", undo.name()),
        (many, 0) => format!("{many} emails undone, nobody was emailed"),
        (some, 1) => format!("{some} undone, 1 email has gone out"),
        (some, gone) => format!("{some} undone, {gone} emails have gone out"),
    };
    state.toast(words, gone.is_empty());
    Vec::new()
}
