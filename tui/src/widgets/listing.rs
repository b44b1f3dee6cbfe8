//! Lines in a box, one of them marked; scrolled so that the marked one stays in sight.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::theme;
use crate::widgets::{Canvas, below, row, rows};

/// A line, and whether it is the marked one.
pub(crate) type Listed = (bool, Line<'static>);

pub(crate) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    width: u16,
    title: &str,
    lines: Vec<Listed>,
) {
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let inside = canvas.float(area, width, height.saturating_add(4), title);
    let last = row(inside, inside.height.saturating_sub(1));
    let body = Rect {
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let body = below(body, u16::from(body.height > height));
    let room = usize::from(body.height);
    let marked = lines.iter().position(|(marked, _)| *marked).unwrap_or(0);
    let most = lines.len().saturating_sub(room);
    let skipped = marked.saturating_sub(room / 2).min(most);
    for (place, (_, line)) in rows(body).zip(lines.into_iter().skip(skipped)) {
        canvas.line(place, line);
    }
    canvas.text_right(last, "Esc close", theme::DIM);
}
