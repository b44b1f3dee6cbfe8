//! The place kept for the assistant.

use ratatui::layout::Rect;

use crate::panes::screen::draw_empty;
use crate::widgets::Canvas;

pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect) {
    draw_empty(
        canvas,
        area,
        "Here you will ask Robin for a meeting in your own words. This comes later.",
        "Until then: n on a candidate plans an interview.",
    );
}
