//! Connecting Zoom: the permissions first, then waiting for the browser.
//!
//! Owns where a connect stands on this side. The address is shown over the full width without a
//! frame, so that it can also be copied with the mouse. The code that comes back passes through and
//! is never kept or shown.

use crossterm::event::KeyEvent;
use greenroom_protocol::Error;
use greenroom_protocol::zoom::{ConnectAttempt, PERMISSIONS, Permission, SHARED_NOTE};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::State;
use crate::keys::Context;
use crate::theme;
use crate::widgets::{Canvas, TextInput, below, part, row, rows, text, times};

/// Where a connect stands.
#[derive(Debug)]
pub(crate) enum Phase {
    /// The permissions and their reasons are read.
    Permissions,
    /// The address is asked for.
    Starting,
    /// The browser has the word.
    Waiting(ConnectAttempt),
    /// The daemon finishes with Zoom.
    Finishing(ConnectAttempt),
    Failed(Error),
}

/// The layer of a connect.
#[derive(Debug)]
pub(crate) struct Connect {
    pub(crate) phase: Phase,
    pub(crate) paste: TextInput,
    pub(crate) pasting: bool,
    /// What is wrong with what was pasted.
    pub(crate) refused: Option<String>,
}

impl Connect {
    pub(crate) fn new() -> Self {
        let paste = TextInput::default();
        Self {
            phase: Phase::Permissions,
            paste,
            pasting: false,
            refused: None,
        }
    }

    pub(super) fn context(&self) -> Context {
        match self.phase {
            Phase::Permissions | Phase::Failed(_) => Context::Permissions,
            Phase::Starting | Phase::Waiting(_) | Phase::Finishing(_) => Context::Waiting,
        }
    }

    pub(super) fn is_typing(&self) -> bool {
        self.pasting && matches!(self.phase, Phase::Waiting(_))
    }

    pub(super) fn key(&mut self, key: KeyEvent) -> bool {
        self.is_typing() && self.paste.key(key)
    }

    /// The attempt under way.
    pub(crate) fn attempt(&self) -> Option<&ConnectAttempt> {
        match &self.phase {
            Phase::Waiting(attempt) | Phase::Finishing(attempt) => Some(attempt),
            _ => None,
        }
    }

    pub(super) fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        match &self.phase {
            Phase::Permissions => draw_permissions(canvas, area),
            Phase::Failed(error) => draw_failed(canvas, area, error),
            Phase::Starting => draw_short(canvas, area, "Asking for Zoom's address…"),
            Phase::Finishing(_) => draw_short(canvas, area, "Zoom agreed. Finishing…"),
            Phase::Waiting(attempt) => self.draw_waiting(state, canvas, area, attempt),
        }
    }

    fn draw_waiting(
        &self,
        state: &State,
        canvas: &mut Canvas<'_>,
        area: Rect,
        attempt: &ConnectAttempt,
    ) {
        canvas.blank(area);
        let title = Line::from(vec![
            Span::styled(" Connect Zoom", theme::STRONG),
            Span::styled(" · waiting for the browser", theme::WAIT),
        ]);
        canvas.line(row(area, 0), title);
        let left = times::left(attempt.expires_at.timestamp(), state.now);
        let place = part(row(area, 0), 0, area.width.saturating_sub(1));
        canvas.text_right(place, &format!("{left} left"), theme::DIM);
        let words = format!(
            "Agree in the browser as {}. This goes on by itself.",
            attempt.expected_zoom_user
        );
        canvas.text(part(row(area, 2), 1, area.width), &words, theme::PLAIN);
        let mut rest = below(area, 4);
        for line in text::wrap_whole(&attempt.authorize_url, usize::from(area.width)) {
            canvas.text(row(rest, 0), &line, theme::GOOD);
            rest = below(rest, 1);
        }
        rest = below(rest, 1);
        let inside = part(rest, 1, rest.width.saturating_sub(2));
        let style = if self.pasting {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        let words = "Browser on another machine? Paste here the address it ends at:";
        canvas.text(row(inside, 0), words, style);
        let field = row(inside, 1);
        canvas.text(
            part(field, 0, 2),
            if self.pasting { "▸ " } else { "  " },
            style,
        );
        let place = part(field, 2, field.width);
        match (self.pasting, self.paste.is_empty()) {
            (false, true) => canvas.text(place, "tab, then paste", theme::DIM),
            _ => self.paste.draw(canvas, place, theme::FIELD, self.pasting),
        }
        if let Some(refused) = &self.refused {
            canvas.text(row(inside, 2), &format!("  ✗ {refused}"), theme::BAD);
        }
        draw_zoom_pages(canvas, below(inside, 4));
    }
}

/// What to do when Zoom shows a page of its own: no answer comes back then.
fn draw_zoom_pages(canvas: &mut Canvas<'_>, area: Rect) {
    let lines = [
        ("Zoom shows a page of its own?", theme::PLAIN),
        (
            "  needs approval        a Zoom admin of your company approves it first",
            theme::DIM,
        ),
        (
            "  cannot be installed   sign in with the Zoom account the app belongs to",
            theme::DIM,
        ),
        (
            "  invalid redirect      add http://127.0.0.1/callback to the app's redirects",
            theme::DIM,
        ),
    ];
    for (line, (words, style)) in rows(area).zip(lines) {
        canvas.text(line, words, style);
    }
}

/// The permissions with their reasons: beside each other, or where that is too narrow below.
fn draw_permissions(canvas: &mut Canvas<'_>, area: Rect) {
    let wide = area.width >= 96;
    let each = if wide { 1 } else { 2 };
    let count = u16::try_from(PERMISSIONS.len()).unwrap_or(7);
    let height = count * each + if wide { 10 } else { 7 };
    let inside = canvas.float(area, if wide { 94 } else { 78 }, height, "Connect Zoom");
    let mut rest = below(inside, u16::from(wide));
    canvas.text(row(rest, 0), "Zoom will ask you to allow:", theme::PLAIN);
    rest = below(rest, 1);
    for optional in [false, true] {
        if optional {
            rest = below(rest, u16::from(wide));
            canvas.text(
                row(rest, 0),
                "and, if your Zoom app has them:",
                theme::PLAIN,
            );
            rest = below(rest, 1);
        }
        for permission in PERMISSIONS.iter().filter(|it| it.optional == optional) {
            draw_permission(canvas, rest, permission, wide);
            rest = below(rest, each);
        }
    }
    canvas.text(row(rest, u16::from(wide)), SHARED_NOTE, theme::PLAIN);
    draw_buttons(
        canvas,
        row(inside, inside.height.saturating_sub(1)),
        "Continue in the browser",
    );
}

fn draw_permission(canvas: &mut Canvas<'_>, area: Rect, permission: &Permission, wide: bool) {
    let style = if permission.optional {
        theme::PLAIN
    } else {
        theme::STRONG
    };
    let first = row(area, 0);
    canvas.text(part(first, 2, first.width), permission.title, style);
    let reason = if wide {
        part(first, 34, first.width)
    } else {
        part(row(area, 1), 4, area.width)
    };
    canvas.text(reason, permission.reason, theme::DIM);
}

fn draw_failed(canvas: &mut Canvas<'_>, area: Rect, error: &Error) {
    let inside = canvas.float(area, 70, 12, "Zoom was not connected");
    let taken = canvas.paragraph(
        below(inside, 1),
        &format!("✗ {}", error.message),
        theme::BAD,
    );
    if let Some(hint) = &error.hint {
        canvas.paragraph(below(inside, taken + 2), hint, theme::PLAIN);
    }
    draw_buttons(
        canvas,
        row(inside, inside.height.saturating_sub(1)),
        "Try again",
    );
}

fn draw_short(canvas: &mut Canvas<'_>, area: Rect, words: &str) {
    let inside = canvas.float(area, 50, 5, "Connect Zoom");
    canvas.text(row(inside, 1), words, theme::PLAIN);
}

fn draw_buttons(canvas: &mut Canvas<'_>, line: Rect, button: &str) {
    canvas.text_right(line, "   Esc back", theme::DIM);
    let place = part(line, 0, line.width.saturating_sub(11));
    canvas.text_right(place, &format!("[ {button} ]"), theme::SELECTED);
}
