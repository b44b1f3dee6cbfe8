//! Why something cannot be done with an interview now.

use greenroom_protocol::interview::{Interview, InterviewStatus as S, MeetingState};
use greenroom_protocol::workspace::Role;

use super::super::state::State;
use crate::keys::Command;

/// The reason why a change of the selected interview cannot be made, in a few words.
pub(super) fn change(state: &State, command: Command) -> Option<&'static str> {
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    if !hires(state) {
        return Some("only who hires can change it");
    }
    match command {
        Command::ConfirmInterview => confirm(interview),
        Command::Complete => match has_begun(interview, state) {
            None if interview.status == S::Completed => Some("it is marked so"),
            why => why,
        },
        Command::NoShow => has_begun(interview, state),
        _ => planned(interview),
    }
}

pub(super) fn link(interview: Option<&Interview>) -> Option<&'static str> {
    let Some(interview) = interview else {
        return Some("no interview is planned");
    };
    interview
        .meeting
        .join_url
        .is_none()
        .then_some("there is no link yet")
}

/// Whether the person may change interviews at all; of which jobs is for the daemon to say.
fn hires(state: &State) -> bool {
    let caller = state.link.hello().and_then(|hello| hello.caller.as_ref());
    let hires = [Role::Admin, Role::Recruiter, Role::HiringManager];
    caller.is_some_and(|caller| caller.roles.iter().any(|role| hires.contains(role)))
}

fn planned(interview: &Interview) -> Option<&'static str> {
    match interview.status {
        S::ToBeConfirmed | S::Confirmed => None,
        S::Cancelled => Some("it is cancelled"),
        S::Completed | S::NoShow => Some("it is over"),
    }
}

fn confirm(interview: &Interview) -> Option<&'static str> {
    match (interview.status, interview.meeting.state) {
        (S::ToBeConfirmed, _) => None,
        (S::Confirmed, MeetingState::Failed | MeetingState::Gone) => None,
        (S::Confirmed, _) => Some("it is confirmed"),
        _ => planned(interview),
    }
}

fn has_begun(interview: &Interview, state: &State) -> Option<&'static str> {
    match interview.status {
        S::Cancelled => Some("it is cancelled"),
        S::ToBeConfirmed => Some("it was not confirmed"),
        _ if interview.start.timestamp() > state.now => Some("it has not begun"),
        _ => None,
    }
}
