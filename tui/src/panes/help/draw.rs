//! Help: the keys that work where the person is, and those that do not work now, with the reason.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::keys::TABLE;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, List, row, rows, text};

/// Cells of the column of keys.
const KEYS: usize = 14;

/// Cells of the whole, in a window of 80.
const WIDTH: u16 = 76;

/// Cells of the frame and the space within it.
const FRAME: u16 = 4;

pub(super) fn draw(state: &State, list: &List, canvas: &mut Canvas<'_>, area: Rect) {
    let places = state.places_below_help();
    let (width, keys) = match area.width < 60 {
        true => (area.width, KEYS - 4),
        false => (WIDTH, KEYS),
    };
    let room = usize::from(width.saturating_sub(FRAME)).saturating_sub(keys);
    let lines: Vec<Line<'_>> = TABLE
        .iter()
        .filter_map(|spec| {
            let key = state.keymap.key(spec.command, &places)?;
            let why = state.disabled_reason(spec.command);
            let style = if why.is_some() {
                theme::DIM
            } else {
                theme::PLAIN
            };
            let why = why.map(|why| format!("  ({why})")).unwrap_or_default();
            let left = room.saturating_sub(text::width(spec.doc));
            Some(Line::from(vec![
                Span::styled(text::left(&key.to_string(), keys), theme::KEY),
                Span::styled(text::fit(spec.doc, room), style),
                Span::styled(text::fit(&why, left), theme::DIM),
            ]))
        })
        .collect();
    let height = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(3);
    let inside = canvas.float(area, width, height, "Keyboard shortcuts");
    let body = Rect {
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let visible = list.visible(lines.len(), body.height);
    let more = visible.end < lines.len();
    let shown = lines.into_iter().skip(visible.start);
    for (place, line) in rows(body).zip(shown) {
        canvas.line(place, line);
    }
    let last = row(inside, inside.height.saturating_sub(1));
    canvas.text_right(
        last,
        if more {
            "↓ more   Esc close"
        } else {
            "Esc close"
        },
        theme::DIM,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_help_is_cut_in_a_window_of_80() {
        let room = usize::from(WIDTH - FRAME) - KEYS;
        let docs = TABLE.iter().map(|spec| spec.doc);
        let cut: Vec<_> = docs.filter(|doc| text::width(doc) > room).collect();
        assert!(cut.is_empty(), "longer than {room}: {cut:#?}");
    }
}
