//! What stands in the place of a list: that it is empty, or why it is not known.

use greenroom_protocol::Error;
use ratatui::layout::Rect;

use super::{Canvas, below, part};
use crate::theme;

/// What belongs here and the key that makes the first one.
pub(crate) fn draw_empty(canvas: &mut Canvas<'_>, area: Rect, what: &str, key: &str) {
    let area = part(below(area, 1), 2, area.width.saturating_sub(4));
    let taken = canvas.paragraph(area, what, theme::DIM);
    canvas.paragraph(below(area, taken), key, theme::PLAIN);
}

/// What failed, why, and what to do, in the place of what it was about.
pub(crate) fn draw_failure(canvas: &mut Canvas<'_>, area: Rect, error: &Error) {
    let area = part(below(area, 1), 2, area.width.saturating_sub(4));
    let taken = canvas.paragraph(area, &format!("✗ {}", error.message), theme::BAD);
    let hint = error.hint.as_deref().unwrap_or("Retrying within a minute.");
    canvas.paragraph(below(area, taken), hint, theme::PLAIN);
}
