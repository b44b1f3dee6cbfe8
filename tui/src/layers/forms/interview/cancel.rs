//! Cancelling an interview: whose wish it is, why, and what will happen.

use greenroom_protocol::interview::{Interview, InterviewCancel, MeetingState, MeetingType, Side};
use greenroom_protocol::service::GreenroomRequest as Q;
use ratatui::style::Style;

use super::super::fill::maybe;
use super::super::{Extra, Form, FormKey, Name};
use super::{changed, reference, side, title, why};
use crate::app::{State, undo_key};
use crate::layers::form::{Note, Sheet};
use crate::screens::{wording, zoom};
use crate::theme;

/// The permission without which Zoom deletes nothing.
const DELETE_SCOPE: &str = "meeting:delete:meeting";

pub(in super::super) fn form(key: FormKey) -> Form {
    let sheet = Sheet::new(why(Side::Us).into());
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
        let told = Note::Hint("the candidate is told".to_owned());
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
            "Nobody was invited yet, so nobody is told.".to_owned(),
            theme::PLAIN,
        ),
        true if wording::reaches_nobody(state) => (
            "Mail is only written to a folder here: nobody is told by it.".to_owned(),
            theme::WAIT,
        ),
        true => (
            format!(
                "Told by mail in ten seconds: {}.",
                wording::invitees(interview)
            ),
            theme::PLAIN,
        ),
    });
    if let Some(key) = undo_key(state) {
        let words = format!("{key} takes it back; before mail leaves, nobody notices.");
        said.push((words, theme::DIM));
    }
    said
}

fn meeting(state: &State, interview: &Interview) -> (String, Style) {
    let meeting = &interview.meeting;
    let ours = meeting.kind == MeetingType::Zoom && !meeting.manual;
    if !ours {
        let words = "The link, number or place it names is not touched.";
        return (words.to_owned(), theme::PLAIN);
    }
    if meeting.state == MeetingState::None {
        return ("No meeting was made for it yet.".to_owned(), theme::PLAIN);
    }
    let host = interview.host.as_ref();
    let host = host.and_then(|host| zoom::connection_of(state, host.id));
    let stays = host.is_some_and(|host| {
        !host.state.serves() || host.missing_scopes.iter().any(|it| it == DELETE_SCOPE)
    });
    match stays {
        true => (
            "Its meeting cannot be deleted at Zoom from here, and stays there.".to_owned(),
            theme::WAIT,
        ),
        false => (
            "Its meeting is deleted at Zoom; the link stops working.".to_owned(),
            theme::PLAIN,
        ),
    }
}
