//! Emailing somebody else the steps of making an app.
//!
//! The words are the daemon's; where it sends email, it emails them, else the person copies them.
//! Which of the two it is stands beside the field before anything is sent.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::setting_up::{AppGuideQuery, AppKind};
use ratatui::layout::Rect;

use super::approval::emails;
use super::letter::Letter;
use crate::forms::fill::{address, line, maybe};
use crate::forms::sheet::{Note, Sheet};
use crate::forms::{Answered, Ask, Delivery, FormType, Frame, Send, unexpected};
use crate::keys::Command;
use crate::state::State;
use crate::widgets::Canvas;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    To,
}

/// The email as its reader gets it.
#[derive(Debug)]
pub(crate) struct AppSteps {
    app: AppKind,
    asked: bool,
    letter: Letter,
}

impl AppSteps {
    fn query(&self, email_to: Option<String>, dry_run: bool) -> Q {
        let query = AppGuideQuery {
            app: self.app,
            email_to,
            dry_run,
        };
        Q::AppGuide { query }
    }
}

impl FormType for AppSteps {
    type Name = Name;

    const DOING: &'static str = "emailing the steps";

    fn open(_state: &State, subject: &str) -> Frame<Self> {
        let mut all = AppKind::ALL.into_iter();
        let app = all.find(|app| app.word() == subject);
        let app = app.unwrap_or(AppKind::Zoom);
        let sheet = Sheet::new(vec![(Name::To, line("To", ""))]);
        let own = Self {
            app,
            asked: false,
            letter: Letter::default(),
        };
        let title = format!("Somebody else creates the {} app", app.name());
        Frame::new(subject, title, "Send email", sheet, own)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let (button, hint) = match emails(state) {
            true => ("Send email", "Who creates it, such as your IT"),
            false => (
                "Copy email",
                "Email isn't set up: copy this, and send it yourself",
            ),
        };
        form.button = button;
        if let Some(field) = form.sheet.field_mut(Name::To) {
            field.notes.retain(|note| !note.is_no_error());
            field.notes.push(Note::Hint(hint.to_owned()));
        }
    }

    fn name(of_request: &str) -> Option<Name> {
        (of_request == "email_to").then_some(Name::To)
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let to = match emails(state) {
            true => Some(address(&mut form.sheet, Name::To)?),
            false => maybe(form.sheet.text(Name::To)),
        };
        Some(Send::Call(Box::new(form.own.query(to, false))))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::AppGuide(done) = reply else {
            return Err(unexpected());
        };
        let guide = done?;
        let to = form.sheet.text(Name::To);
        if guide.sent {
            return Ok(Answered::Done(format!("Steps emailed to {to}")));
        }
        Ok(Answered::Handed(Delivery::Copy {
            said: "Email".to_owned(),
            text: format!("{}\n\n{}\n", guide.subject, guide.text),
        }))
    }

    fn asks(form: &mut Frame<Self>, _state: &State) -> Vec<(Ask, Q)> {
        if std::mem::replace(&mut form.own.asked, true) {
            return Vec::new();
        }
        vec![(Ask::Request, form.own.query(None, true))]
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        match reply {
            Ok(R::AppGuide(Ok(guide))) => form.own.letter.set(&guide.subject, &guide.text),
            Ok(R::AppGuide(Err(error))) | Err(error) => form.failure = Some(error),
            Ok(_) => {}
        }
    }

    /// Who asks may be somebody else now.
    fn invalidate(&mut self) {
        self.asked = false;
    }

    fn scroll(&mut self, command: Command) -> bool {
        self.letter.scroll(command)
    }

    fn rows_below(&self, _cells: usize) -> u16 {
        Letter::rows()
    }

    fn draw_below(form: &Frame<Self>, _state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.letter.draw("They", canvas, area);
    }
}
