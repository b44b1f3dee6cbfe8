//! Why something cannot be done with an interview now.

use greenroom_protocol::interview::{Interview, InterviewStatus as S, MeetingState};
use greenroom_protocol::mail::MailState;
use greenroom_protocol::received::ReceivedMail;
use greenroom_protocol::workspace::Role;

use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::check::{Found, found};
use crate::panes::mail::{Entry, Reads};
use crate::state::State;

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

pub(super) fn repair(state: &State) -> Option<&'static str> {
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    if interview.drift.is_none() {
        return Some("nothing is known to differ from Zoom");
    }
    (!hires(state)).then_some("only who hires can change it")
}

pub(super) fn check(state: &State) -> Option<&'static str> {
    if !is_staff(state) {
        return Some("only a recruiter or admin can");
    }
    let report = state.mirror.drift.latest();
    let runs = report.is_some_and(|report| report.hosts.iter().any(|host| host.running));
    runs.then_some("it is being checked")
}

pub(super) fn delete_stray(state: &State) -> Option<&'static str> {
    match found_selected(state) {
        Some(Found::Stray(stray)) if stray.deleting => Some("it is being deleted"),
        Some(Found::Stray(_)) => None,
        Some(Found::Differs(_) | Found::Unchecked(_)) => Some("a booking needs this one"),
        None => Some("nothing is selected"),
    }
}

pub(super) fn retry(state: &State) -> Option<&'static str> {
    let mail = match mail_selected(state) {
        Some(Entry::Letter(mail)) => mail,
        Some(Entry::Preview(_)) => return Some("it is not written yet"),
        Some(Entry::Received(_)) => return Some("it came in"),
        None => return Some("there is no mail"),
    };
    if !hires(state) {
        return Some("only who hires can");
    }
    match mail.state {
        MailState::Waiting | MailState::Failed | MailState::Held => None,
        MailState::Sending => Some("it is being handed over"),
        MailState::Sent => Some("it has left"),
        MailState::Withdrawn => Some("it was called back"),
    }
}

pub(super) fn accept(state: &State) -> Option<&'static str> {
    if reply_selected(state).is_none() {
        return Some("it is not a reply from another address");
    }
    (!hires(state)).then_some("only who hires can")
}

/// The reply from another address that is selected or open.
pub(crate) fn reply_selected(state: &State) -> Option<&ReceivedMail> {
    let mail = match state.layer()? {
        Layer::Letter(letter) => match &letter.reads {
            Reads::Email(id) => &state.mirror.email.get(id)?.mail,
            _ => return None,
        },
        Layer::Mails(mails) => match mails.selected(state)? {
            Entry::Received(mail) => mail,
            _ => return None,
        },
        _ => return None,
    };
    mail.set_aside.is_some().then_some(mail)
}

/// What is selected in the mail of an interview.
pub(crate) fn mail_selected(state: &State) -> Option<Entry<'_>> {
    match state.layer() {
        Some(Layer::Mails(mails)) => mails.selected(state),
        _ => None,
    }
}

/// What is selected among what a check found.
pub(crate) fn found_selected(state: &State) -> Option<Found<'_>> {
    let Some(Layer::Check(list)) = state.layer() else {
        return None;
    };
    let mut all = found(state);
    let at = list.selected(all.len())?;
    Some(all.swap_remove(at))
}

/// Whether the person looks after every interview of the workspace.
pub(crate) fn is_staff(state: &State) -> bool {
    has_a_role(state, &[Role::Admin, Role::Recruiter])
}

/// Whether the person may change interviews at all; of which jobs is for the daemon to say.
pub(super) fn hires(state: &State) -> bool {
    has_a_role(state, &[Role::Admin, Role::Recruiter, Role::HiringManager])
}

fn has_a_role(state: &State, wanted: &[Role]) -> bool {
    let caller = state.link.hello().and_then(|hello| hello.caller.as_ref());
    caller.is_some_and(|caller| caller.roles.iter().any(|role| wanted.contains(role)))
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
