//! The emails that are about to go out because of what this person did, one after the other, while
//! it can still be undone.
//!
//! Invariant: only what the daemon says waits is shown; once an email has left it is not here any
//! more, and nothing here sends or stops one.

use greenroom_protocol::mail::Mail;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::email_preview::{labelled, page, written};
use super::mails;
use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::Hint;
use crate::state::undo::leaving;
use crate::theme;
use crate::widgets::{Canvas, Scroll, text};

/// Which of them is read, and how far.
#[derive(Debug, Default)]
pub(crate) struct Leaving {
    at: usize,
    scroll: Scroll,
}

impl Leaving {
    fn email<'a>(&self, state: &'a State) -> Option<(usize, usize, &'a Mail)> {
        let all = leaving(state);
        let at = self.at.min(all.len().checked_sub(1)?);
        Some((at, all.len(), all[at]))
    }

    fn lines(&self, state: &State, cells: usize) -> Vec<Line<'static>> {
        let Some((at, count, mail)) = self.email(state) else {
            let words = "No emails are waiting: they have gone out, or were undone.";
            let wrapped = text::wrap(words, cells).into_iter();
            return wrapped.map(|line| Line::styled(line, theme::DIM)).collect();
        };
        let mut lines = Vec::new();
        let seconds = mail.not_before.second() - state.now.as_second();
        let stands = format!("{} of {count}, goes out in {} s", at + 1, seconds.max(0));
        labelled(&mut lines, "Email", &stands, theme::WAIT, cells);
        labelled(
            &mut lines,
            "Kind",
            mails::kind(mail.kind),
            theme::PLAIN,
            cells,
        );
        let preview = state.cache.preview.get(&mail.id);
        match preview.and_then(|preview| preview.letter.as_ref()) {
            Some(letter) => written(&mut lines, letter, cells),
            None => {
                let failure = state.cache.preview.failure();
                let words = failure.map_or("…", |error| &error.message);
                let wrapped = text::wrap(words, cells).into_iter();
                lines.extend(wrapped.map(|line| Line::styled(line, theme::DIM)));
            }
        }
        lines
    }
}

impl Pane for Leaving {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Leaving)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let several = self.email(state).is_some_and(|(_, count, _)| count > 1);
        let lines = |cells| self.lines(state, cells);
        page(
            canvas,
            area,
            "About to go out",
            &self.scroll,
            several,
            lines,
        );
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let email = self.email(state).map(|(_, _, mail)| Need::Preview(mail.id));
        email.into_iter().collect()
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let count = leaving(state).len();
            let pane = state.panes.top_as_mut::<Self>()?;
            let at = pane.at.min(count.saturating_sub(1));
            match command {
                Command::Left => pane.at = at.saturating_sub(1),
                Command::Right => pane.at = (at + 1).min(count.saturating_sub(1)),
                command => return pane.scroll.go(command).then(Vec::new),
            }
            pane.scroll = Scroll::default();
            Some(Vec::new())
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        // It is open.
        (command == Command::LeavingEmails).then_some(Hint::Hidden)
    }

    fn counts_seconds(&self) -> bool {
        true
    }
}
