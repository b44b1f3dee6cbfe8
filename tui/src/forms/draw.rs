//! A form on the screen: fields, what stands under them, why it was refused, and its button.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{FormType, Frame, Leave};
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text};

/// Widest a form gets.
const WIDTH: u16 = 78;

pub(super) fn draw<F: FormType>(
    form: &Frame<F>,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    let width = WIDTH.min(area.width).saturating_sub(4);
    let cells = usize::from(width);
    let failure = failure_lines(form, cells);
    let failed = u16::try_from(failure.len()).unwrap_or(0);
    let wanted = form.sheet.height(width);
    let height = (wanted + form.own.rows_below(cells) + failed + 6).min(area.height);
    let inside = canvas.float(area, WIDTH, height, &form.title);
    let inside = below(inside, u16::from(inside.height > wanted + 3));
    let last = row(inside, inside.height.saturating_sub(1));
    let esc = match F::LEAVE {
        Leave::Never => "Ctrl-C quit".to_owned(),
        leave => format!("Esc {}", leave.words()),
    };
    form.sheet.draw_button(canvas, last, form.button, &esc);
    let body = Rect {
        height: inside.height.saturating_sub(2),
        ..inside
    };
    let foot = failed.min(body.height / 2);
    let fields = Rect {
        height: body.height - foot,
        ..body
    };
    let taken = wanted.min(fields.height);
    F::draw_below(form, state, canvas, below(fields, taken + 1));
    for (place, (words, style)) in rows(below(body, body.height - foot)).zip(&failure) {
        canvas.text(place, words, *style);
    }
    // Last, so that a list hanging from a field lies over everything.
    form.sheet.draw(canvas, fields);
}

fn failure_lines<F: FormType>(form: &Frame<F>, cells: usize) -> Vec<(String, Style)> {
    let Some(error) = &form.failure else {
        return Vec::new();
    };
    let message = text::wrap(&format!("✗ {}", error.message), cells);
    let hint = error.hint.iter().flat_map(|hint| text::wrap(hint, cells));
    let message = message.into_iter().map(|line| (line, theme::BAD));
    message
        .chain(hint.map(|line| (line, theme::PLAIN)))
        .collect()
}
