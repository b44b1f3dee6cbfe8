//! Cancelling an interview: whose wish it is, why, and what will happen.

use greenroom_protocol::interview::{Interview, InterviewCancel, MeetingState, MeetingType, Side};
use greenroom_protocol::service::GreenroomRequest as Q;
use ratatui::style::Style;

use super::super::fill::maybe;
use super::super::{Extra, Form, FormKey, Name};
use super::{changed, reference, side, title, why};
use crate::forms::sheet::{Note, Sheet};
use crate::state::{State, undo_key};
use crate::theme;
use crate::wording::{self, zoom};

/// The permission without which Zoom deletes nothing.
const DELETE_SCOPE: &str = "meeting:delete:meeting";

pub(in super::super) fn form(key: FormKey) -> Form {
    let sheet = Sheet::new(why(Side::Us).into()).keeping("Keep it");
    let mut form = Form::new(key, "Cancel", "Cancel Interview", sheet);
    form.extra = Extra::Words(Vec::new());
    form
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    let Some(interview) = changed(form, state) else {
        return;
    };
    form.title = title("Cancel", interview);
    form.extra = Extra::Words(consequences(state, interview));
    if wording::is_invited(interview) && !wording::reaches_nobody(state) {
        let told = Note::Hint("shared with the candidate".to_owned());
        form.sheet.say(Name::Reason, vec![told]);
    }
}

pub(in super::super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    Some(Q::InterviewCancel {
        interview: InterviewCancel {
            interview: reference(changed(form, state)?),
            by: side(&form.sheet),
            reason: maybe(form.sheet.text(Name::Reason)),
        },
    })
}

/// What will happen, a sentence each.
fn consequences(state: &State, interview: &Interview) -> Vec<(String, Style)> {
    let (when, _) = wording::when(interview, state);
    let with = wording::people(&interview.interviewers);
    let mut said = vec![
        (format!("{when} with {with}"), theme::STRONG),
        meeting(state, interview),
    ];
    said.push(match wording::is_invited(interview) {
        false => (
            "Nobody was invited yet, so nobody is notified.".to_owned(),
            theme::PLAIN,
        ),
        true if wording::reaches_nobody(state) => (
            "Email isn't set up: nobody will be notified.".to_owned(),
            theme::WAIT,
        ),
        true => (
            format!(
                "Emails go out in 10 s to: {}.",
                wording::invitees(interview)
            ),
            theme::PLAIN,
        ),
    });
    if let Some(key) = undo_key(state) {
        let emails = wording::is_invited(interview) && !wording::reaches_nobody(state);
        let words = match emails {
            true => format!("Press {key} before then and no one is notified."),
            false => format!("{key} to undo."),
        };
        said.push((words, theme::DIM));
    }
    said
}

fn meeting(state: &State, interview: &Interview) -> (String, Style) {
    let meeting = &interview.meeting;
    let ours = meeting.kind == MeetingType::Zoom && !meeting.manual;
    if !ours {
        let words = "The link, number or location itself isn't affected.";
        return (words.to_owned(), theme::PLAIN);
    }
    if meeting.state == MeetingState::None {
        return (
            "No Zoom meeting has been created yet.".to_owned(),
            theme::PLAIN,
        );
    }
    let host = interview.host.as_ref();
    let host = host.and_then(|host| zoom::connection_of(state, host.id));
    let stays = host.is_some_and(|host| {
        !host.state.serves() || host.missing_scopes.iter().any(|it| it == DELETE_SCOPE)
    });
    match stays {
        true => (
            "The Zoom meeting can't be deleted from here and stays in Zoom.".to_owned(),
            theme::WAIT,
        ),
        false => (
            "The Zoom meeting will be deleted and its link will stop working.".to_owned(),
            theme::PLAIN,
        ),
    }
}
