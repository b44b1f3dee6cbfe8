//! The five screens: what each one shows, and where a person is in it.
//!
//! A view owns a selection and a scroll, never a record. Drawing takes `&State` and a canvas.

use greenroom_protocol::id::CandidateId;
use ratatui::layout::Rect;

use super::{assistant, candidate, candidates, interviews, pipeline, settings};
use crate::state::{Screen, State};
use crate::theme;
use crate::widgets::{Canvas, below, part, row};

/// Draws the screen that is shown.
pub(crate) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    match state.screen {
        Screen::Candidates => candidates::draw(state, canvas, area),
        Screen::Pipeline => pipeline::draw(state, canvas, area),
        Screen::Interviews => interviews::draw(state, canvas, area),
        Screen::Assistant => assistant::draw(canvas, area),
        Screen::Settings => settings::draw(state, canvas, area),
    }
}

/// What belongs here and the key that makes the first one.
pub(crate) fn draw_empty(canvas: &mut Canvas<'_>, area: Rect, what: &str, key: &str) {
    let area = part(below(area, 1), 2, area.width.saturating_sub(4));
    canvas.text(row(area, 0), what, theme::DIM);
    canvas.text(row(area, 1), key, theme::PLAIN);
}

/// What failed, why, and what to do, in the place of what it was about.
pub(crate) fn draw_failure(canvas: &mut Canvas<'_>, area: Rect, error: &greenroom_protocol::Error) {
    let area = part(below(area, 1), 2, area.width.saturating_sub(4));
    let taken = canvas.paragraph(area, &format!("✗ {}", error.message), theme::BAD);
    let hint = error
        .hint
        .as_deref()
        .unwrap_or("It is tried again within a minute.");
    canvas.paragraph(below(area, taken), hint, theme::PLAIN);
}

/// A candidate over another screen.
pub(crate) fn draw_candidate(state: &State, id: CandidateId, canvas: &mut Canvas<'_>, area: Rect) {
    let inside = canvas.float(area, 76, 20, "");
    let inside = below(inside, 1);
    match state.mirror.candidate.get(&id) {
        Some(candidate) => candidate::draw(state, canvas, inside, candidate),
        None => {
            if let Some(error) = state.mirror.candidate.failure() {
                draw_failure(canvas, inside, error);
            }
        }
    }
}
