//! Commands about the interview that is selected or open.

use greenroom_protocol::interview::Interview;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;

use super::super::update::call;
use super::open;
use crate::forms::Kind;
use crate::keys::Command;
use crate::state::State;
use crate::state::event::{Action, Task};
use crate::state::work::Purpose;

/// Carries out a command about an interview; nothing when the command is about something else.
pub(super) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
    use Command as C;
    Some(match command {
        C::ConfirmInterview => {
            let confirm = |interview| Q::InterviewConfirm { interview };
            change(state, "confirming", confirm)
        }
        C::Complete => {
            let complete = |interview| Q::InterviewComplete { interview };
            change(state, "marking", complete)
        }
        C::Reschedule => form(state, Kind::Reschedule),
        C::EditInterview => form(state, Kind::InterviewEdit),
        C::CancelInterview => form(state, Kind::Cancel),
        C::NoShow => form(state, Kind::NoShow),
        C::CopyLink => with_link(state, Purpose::Copy("the link".into()), Task::Copy),
        C::OpenLink => with_link(state, Purpose::Browse, Task::Browse),
        _ => return None,
    })
}

/// Changes the interview as it is shown.
fn change(
    state: &mut State,
    doing: &'static str,
    request: impl FnOnce(Reference) -> Q,
) -> Vec<Action> {
    let Some(interview) = state.interview_selected() else {
        return Vec::new();
    };
    let (id, reference) = (interview.id, as_shown(interview));
    let ticket = state.work.begin(Purpose::Change(id, doing), state.now);
    vec![call(ticket, request(reference))]
}

fn as_shown(interview: &Interview) -> Reference {
    Reference {
        expected_revision: Some(interview.revision),
        ..Reference::to(interview.id.to_string())
    }
}

fn form(state: &mut State, kind: Kind) -> Vec<Action> {
    let subject = state.interview_selected().map(|it| it.id.to_string());
    if let Some(subject) = subject {
        open(state, kind, subject);
    }
    Vec::new()
}

fn with_link(state: &mut State, purpose: Purpose, task: fn(String) -> Task) -> Vec<Action> {
    let url = state.interview_selected();
    let url = url.and_then(|it| it.meeting.join_url.clone());
    let Some(url) = url else { return Vec::new() };
    let ticket = state.work.begin(purpose, state.now);
    vec![Action::Do(ticket, task(url))]
}
