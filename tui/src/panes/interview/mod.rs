//! A booked interview, over a screen; and every command about the interview that is selected or open.

mod draw;
mod replies;
mod silent;
#[cfg(test)]
pub(crate) mod tests;

use greenroom_protocol::id::{CandidateId, InterviewId, MemberId};
use greenroom_protocol::interview::{Interview as Record, InterviewStatus as S, MeetingState};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;
use ratatui::layout::Rect;
pub(crate) use replies::MAIL_LEAVES;
pub(super) use replies::{booked, changed, made, undone};
pub(super) use silent::{cannot_remind, is_about_replies, remind};

use crate::forms::{self, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::desktop::{browse, copy};
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject};
use crate::state::work::Errand;
use crate::widgets::{Canvas, Scroll};

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::ConfirmInterview,
        Command::Complete,
        Command::NoShow,
        Command::Reschedule,
        Command::EditInterview,
        Command::Replace,
        Command::CancelInterview,
    ],
    views: &[Command::CopyLink, Command::OpenLink],
    disabled_reason,
    dispatch,
    hint,
    ..Subject::NONE
};

/// A booked interview over a screen.
#[derive(Debug)]
pub(crate) struct Interview {
    pub(crate) id: InterviewId,
    scroll: Scroll,
}

impl Interview {
    pub(crate) fn new(id: InterviewId) -> Self {
        Self {
            id,
            scroll: Scroll::default(),
        }
    }
}

/// Opens a candidate's next interview, where there is one.
pub(super) fn open_next(state: &mut State, candidate: CandidateId) {
    let next = state.next_interview(candidate).map(|it| it.id);
    if let Some(id) = next {
        state.panes.push(Interview::new(id));
    }
}

impl Pane for Interview {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Interview)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, self.id, &self.scroll, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![
            Need::Interview(self.id),
            Need::Connections(()),
            Need::Members(()),
        ];
        let interview = state.cache.interview(self.id);
        let begun = interview.filter(|it| it.start.timestamp() <= state.now);
        needs.extend(begun.map(|it| Need::Insights(it.candidate.id)));
        needs.extend(interview.map(|it| Need::Received(it.candidate.id)));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let interview = state.panes.top_as_mut::<Self>()?;
            interview.scroll.go(command).then(Vec::new)
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        (command == Command::Back).then_some(Hint::Words("close"))
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Stuck
    }

    fn interview(&self) -> Option<InterviewId> {
        Some(self.id)
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.host_of_selected()
    }
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    if matches!(command, Command::CopyLink | Command::OpenLink) {
        return no_link(state);
    }
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    if !state.hires() {
        return Some("only the hiring team can change it");
    }
    match command {
        Command::ConfirmInterview => cannot_confirm(interview),
        Command::Complete => match not_begun(interview, state) {
            None if interview.status == S::Completed => Some("already marked"),
            why => why,
        },
        Command::NoShow => not_begun(interview, state),
        Command::Replace => silent::cannot_replace(interview),
        _ => not_planned(interview),
    }
}

fn no_link(state: &State) -> Option<&'static str> {
    match state.interview_selected() {
        None => Some("no interview scheduled"),
        Some(it) if it.meeting.join_url.is_none() => Some("no link yet"),
        Some(_) => None,
    }
}

fn not_planned(interview: &Record) -> Option<&'static str> {
    match interview.status {
        S::ToBeConfirmed | S::Confirmed => None,
        S::Cancelled => Some("already cancelled"),
        S::Completed | S::NoShow => Some("already over"),
    }
}

fn cannot_confirm(interview: &Record) -> Option<&'static str> {
    match (interview.status, interview.meeting.state) {
        (S::ToBeConfirmed, _) => None,
        (S::Confirmed, MeetingState::Failed | MeetingState::Gone) => None,
        (S::Confirmed, _) => Some("already confirmed"),
        _ => not_planned(interview),
    }
}

fn not_begun(interview: &Record, state: &State) -> Option<&'static str> {
    match interview.status {
        S::Cancelled => Some("already cancelled"),
        S::ToBeConfirmed => Some("not confirmed"),
        _ if interview.start.timestamp() > state.now => Some("it hasn't started yet"),
        _ => None,
    }
}

/// Confirming what failed makes the meeting once more.
fn hint(state: &State, command: Command) -> Hint {
    let failed = |it: &Record| {
        let meeting = &it.meeting;
        let failed = matches!(meeting.state, MeetingState::Failed | MeetingState::Gone);
        failed && !meeting.refused_for_good
    };
    match command {
        Command::ConfirmInterview if state.interview_selected().is_some_and(failed) => {
            Hint::Words("try again")
        }
        // It stands in the bar where somebody is missing.
        Command::Replace if !silent::is_somebody_missing(state) => Hint::Hidden,
        _ => Hint::Usual,
    }
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::ConfirmInterview => change(state, "confirming…", |interview| {
            Q::InterviewConfirm { interview }
        }),
        Command::Complete => change(state, "marking…", |interview| Q::InterviewComplete {
            interview,
        }),
        Command::Reschedule => open_form(state, Kind::Reschedule),
        Command::EditInterview => open_form(state, Kind::InterviewEdit),
        Command::Replace => silent::replace(state),
        Command::CancelInterview => open_form(state, Kind::Cancel),
        Command::NoShow => open_form(state, Kind::NoShow),
        Command::CopyLink => with_link(state, |state, url| copy(state, "the link", url)),
        Command::OpenLink => with_link(state, browse),
        _ => Vec::new(),
    }
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
    let reference = Reference {
        expected_revision: Some(interview.revision),
        ..Reference::to(interview.id.to_string())
    };
    let errand = Errand::call("change", changed).says(doing).changes();
    vec![state.call(errand, request(reference))]
}

fn open_form(state: &mut State, kind: Kind) -> Vec<Action> {
    if let Some(subject) = state.interview_selected().map(|it| it.id.to_string()) {
        forms::open(state, kind, subject);
    }
    Vec::new()
}

fn with_link(state: &mut State, act: impl FnOnce(&mut State, String) -> Action) -> Vec<Action> {
    let interview = state.interview_selected();
    let url = interview.and_then(|it| it.meeting.join_url.clone());
    url.map(|url| act(state, url)).into_iter().collect()
}
