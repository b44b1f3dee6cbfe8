//! Cancelling an interview: who asked for it, why, and what will happen.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, InterviewCancel, MeetingState, MeetingType, Side};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::why::{self, Name};
use super::{about_interview, changed, reference, title};
use crate::forms::fill::maybe;
use crate::forms::sheet::Sheet;
use crate::forms::{About, Answered, FormType, Frame, Leave, Send, unexpected};
use crate::state::State;
use crate::state::undo::undo_key;
use crate::theme;
use crate::widgets::{Canvas, rows, text};
use crate::wording::{self, zoom};

/// The permission without which Zoom deletes nothing.
const DELETE_SCOPE: &str = "meeting:delete:meeting";

#[derive(Debug, Default)]
pub(crate) struct Cancel {
    /// What will happen, a sentence each.
    consequences: Vec<(String, Style)>,
}

impl FormType for Cancel {
    type Name = Name;

    const DOING: &'static str = "cancelling";
    const LEAVE: Leave = Leave::ChangesNothing;

    fn open(_state: &State, subject: &str) -> Frame<Self> {
        let sheet = Sheet::new(why::fields(Side::Us).into()).keeping("Keep it");
        Frame::new(
            subject,
            "Cancel",
            "Cancel Interview",
            sheet,
            Self::default(),
        )
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(interview) = changed(form, state) else {
            return;
        };
        form.title = title("Cancel", interview);
        form.own.consequences = consequences(state, interview);
        why::refresh(&mut form.sheet, interview, state);
    }

    fn name(of_request: &str) -> Option<Name> {
        (of_request == "reason").then_some(Name::Reason)
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let interview = InterviewCancel {
            interview: reference(changed(form, state)?),
            by: why::side(&form.sheet),
            reason: maybe(form.sheet.text(Name::Reason)),
        };
        Some(Send::Call(Box::new(Q::InterviewCancel { interview })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::InterviewCancel(done) = reply else {
            return Err(unexpected());
        };
        done.map(|outcome| Answered::Changed(Box::new(outcome)))
    }

    fn about(form: &Frame<Self>) -> About {
        about_interview(form)
    }

    fn rows_below(&self, cells: usize) -> u16 {
        u16::try_from(wrapped(&self.consequences, cells).len()).unwrap_or(0)
    }

    fn draw_below(form: &Frame<Self>, _state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let lines = wrapped(&form.own.consequences, usize::from(area.width));
        for (place, (line, style)) in rows(area).zip(lines) {
            canvas.text(place, &line, style);
        }
    }
}

fn wrapped(sentences: &[(String, Style)], cells: usize) -> Vec<(String, Style)> {
    let lines = sentences.iter().flat_map(|(words, style)| {
        let lines = text::wrap(words, cells).into_iter();
        lines.map(move |line| (line, *style))
    });
    lines.collect()
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
