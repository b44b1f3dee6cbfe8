//! A form on the screen: fields, what stands under them, why it was refused, and its button.
//!
//! A form with a calendar fills the window, and the calendar's place depends on the window alone:
//! whatever is said beside the fields, only the fields above it scroll.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{FormType, Frame, Leave};
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, rows, text};
use crate::wording::remedy::remedy;

/// Widest a form gets, without a calendar and with one.
const WIDTH: u16 = 78;
const WIDE: u16 = 150;

/// The least rows of the fields over a calendar, and of the calendar under them; where the window
/// has fewer, it shows that of the two which has the focus.
const FIELDS: (u16, u16) = (6, 10);
const CALENDAR: u16 = 8;

/// The rows with which a calendar shows the usual hours by half an hour a row and by the hour, with
/// its heading and its legend; what is left goes to the fields.
const AT_EASE: [u16; 2] = [23, 13];

/// The least rows of fields over rows that a form keeps under them.
const LEAST_BESIDE_KEPT: u16 = 10;

/// From these cells on there is room beside the button.
const ROOMY: u16 = 60;

/// From these rows inside on, blank rows set the parts off.
const AIRY: u16 = 26;

/// Cells of what says that fields go on, with a blank before it.
const REST: u16 = 8;

/// Cells of the fields and of what stands beside them, where both have room.
const BESIDE: (u16, u16) = (76, 44);

pub(super) fn draw<F: FormType>(
    form: &Frame<F>,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
) {
    if let Some(rows) = F::OVER_CALENDAR {
        return draw_over_calendar(form, state, canvas, area, rows);
    }
    let width = WIDTH.min(area.width).saturating_sub(4);
    let cells = usize::from(width);
    let failure = failure_lines(form, state, cells);
    let failed = u16::try_from(failure.len()).unwrap_or(0);
    let wanted = form.sheet.height(width);
    let height = (wanted + form.own.rows_below(cells) + failed + 6).min(area.height);
    let inside = canvas.float(area, WIDTH, height, &form.title);
    let inside = below(inside, u16::from(inside.height > wanted + 3));
    draw_button(form, canvas, inside);
    let body = Rect {
        height: inside.height.saturating_sub(2),
        ..inside
    };
    let foot = failed.min(body.height / 2);
    let kept = match body.height - foot >= LEAST_BESIDE_KEPT + F::KEEPS_BELOW {
        true => F::KEEPS_BELOW,
        false => 0,
    };
    let room = body.height - foot;
    let taken = wanted.min(room.saturating_sub(kept + u16::from(kept > 0)));
    let under = below(body, taken + 1);
    let under = Rect {
        height: room.saturating_sub(taken + 1),
        ..under
    };
    F::draw_below(form, state, canvas, under);
    let fields = Rect {
        height: if kept > 0 { taken } else { room },
        ..body
    };
    draw_failure(canvas, body, &failure, foot);
    let last = row(inside, inside.height.saturating_sub(1));
    if last.width >= ROOMY {
        canvas.text(part(last, 0, 8), form.sheet.rest(fields), theme::DIM);
    }
    // Last, so that a list hanging from a field lies over everything.
    form.sheet.draw(canvas, fields);
}

fn draw_over_calendar<F: FormType>(
    form: &Frame<F>,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    rows: u16,
) {
    let inside = canvas.float(area, WIDE, area.height, &form.title);
    draw_button(form, canvas, inside);
    let on_calendar = form.sheet.is_on_calendar();
    let Parts {
        fields,
        gap,
        calendar,
    } = parts(inside, rows, on_calendar);
    F::draw_below(form, state, canvas, calendar);
    draw_marked(form, state, canvas, gap, calendar);
    let beside = form.own.has_aside();
    let has_room = fields.width >= BESIDE.0 + BESIDE.1 + 2;
    if beside && (has_room || on_calendar) {
        let aside = match has_room {
            true => part_of(fields, BESIDE.0 + 2),
            false => fields,
        };
        F::draw_aside(form, state, canvas, aside);
        if !has_room {
            return;
        }
    }
    let fields = match beside && has_room {
        true => Rect {
            width: BESIDE.0,
            ..fields
        },
        false => fields,
    };
    let failure = failure_lines(form, state, usize::from(fields.width));
    let failed = u16::try_from(failure.len()).unwrap_or(0);
    let foot = failed.min(fields.height / 2);
    draw_failure(canvas, fields, &failure, foot);
    let fields = Rect {
        height: fields.height - foot,
        ..fields
    };
    canvas.text_right(gap, form.sheet.rest(fields), theme::DIM);
    form.sheet.draw(canvas, fields);
}

/// The marked times, in the row over the calendar; where that has no room, in place of its legend.
fn draw_marked<F: FormType>(
    form: &Frame<F>,
    state: &State,
    canvas: &mut Canvas<'_>,
    gap: Rect,
    calendar: Rect,
) {
    if gap.height > 0 {
        let room = gap.width.saturating_sub(REST);
        F::draw_marked(form, state, canvas, part(gap, 0, room));
        return;
    }
    let Some(last) = calendar.height.checked_sub(1) else {
        return;
    };
    let line = row(calendar, last);
    if F::marked(form).is_some_and(|count| count > 0) {
        canvas.blank(line);
    }
    F::draw_marked(form, state, canvas, line);
}

/// Where the parts of a form with a calendar are.
#[derive(Debug, PartialEq)]
struct Parts {
    fields: Rect,
    /// The row between them.
    gap: Rect,
    calendar: Rect,
}

/// The places of fields that take `wanted` rows at ease, and of the calendar: the window alone
/// decides, but for one that has no room for both.
fn parts(inside: Rect, wanted: u16, on_calendar: bool) -> Parts {
    let airy = u16::from(inside.height >= AIRY);
    let body = Rect {
        height: inside.height.saturating_sub(1 + airy),
        ..inside
    };
    let body = below(body, airy);
    if body.height < FIELDS.0 + 1 + CALENDAR {
        let nothing = Rect { height: 0, ..body };
        return match on_calendar {
            true => Parts {
                fields: nothing,
                gap: nothing,
                calendar: body,
            },
            false => Parts {
                fields: body,
                gap: nothing,
                calendar: nothing,
            },
        };
    }
    let most = (body.height - 1 - CALENDAR).min(wanted);
    let rest = |calendar: u16| body.height.checked_sub(1 + calendar);
    let finer = AT_EASE.into_iter().find_map(|calendar| {
        let fields = rest(calendar)?;
        (fields >= FIELDS.1).then_some(fields)
    });
    let share = finer.unwrap_or(FIELDS.1).min(most);
    Parts {
        fields: Rect {
            height: share,
            ..body
        },
        gap: row(body, share),
        calendar: below(body, share + 1),
    }
}

/// What is right of a column.
fn part_of(area: Rect, from: u16) -> Rect {
    Rect {
        height: area.height,
        ..part(area, from, area.width)
    }
}

/// The last row of a form.
fn draw_button<F: FormType>(form: &Frame<F>, canvas: &mut Canvas<'_>, inside: Rect) {
    let last = row(inside, inside.height.saturating_sub(1));
    let esc = match F::LEAVE {
        Leave::Never => "Ctrl-C quit".to_owned(),
        leave => format!("Esc {}", leave.words()),
    };
    let button = match form.count {
        Some(count) => format!("{} to {count}", form.button),
        None => form.button.to_owned(),
    };
    form.sheet.draw_button(canvas, last, &button, &esc);
    if form.sends_later {
        let words = format!("{} once the time is known…", F::DOING);
        canvas.text(part(last, 0, last.width / 2), &words, theme::WAIT);
    }
}

fn draw_failure(canvas: &mut Canvas<'_>, body: Rect, failure: &[(String, Style)], foot: u16) {
    for (place, (words, style)) in rows(below(body, body.height - foot)).zip(failure) {
        canvas.text(place, words, *style);
    }
}

fn failure_lines<F: FormType>(
    form: &Frame<F>,
    state: &State,
    cells: usize,
) -> Vec<(String, Style)> {
    let Some(error) = &form.failure else {
        return Vec::new();
    };
    let message = text::wrap(&format!("✗ {}", error.message), cells);
    let hint = remedy(state, error);
    let hint = hint.iter().flat_map(|hint| text::wrap(hint, cells));
    let message = message.into_iter().map(|line| (line, theme::BAD));
    message
        .chain(hint.map(|line| (line, theme::PLAIN)))
        .collect()
}

/// Cells of an entry of a form with a calendar, in a window that wide; `aside`: something is shown
/// beside the fields where that has room.
pub(super) fn entry_cells(columns: u16, aside: bool) -> u16 {
    const LABELS: u16 = 14;
    let inside = columns.min(WIDE).saturating_sub(4);
    let fields = match aside && inside >= BESIDE.0 + BESIDE.1 + 2 {
        true => BESIDE.0,
        false => inside,
    };
    fields.saturating_sub(LABELS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Fields and calendar share the window without overlapping, and where both have room the
        /// focus changes nothing.
        #[test]
        fn fields_and_calendar_share_the_window(
            height in 1_u16..120,
            wanted in 6_u16..24,
        ) {
            let inside = Rect::new(2, 1, 74, height);
            let [one, other] = [false, true].map(|on| parts(inside, wanted, on));
            let rows = |it: &Parts| it.fields.height + it.gap.height + it.calendar.height;
            prop_assert!(rows(&one) < height.max(2));
            prop_assert!(one.calendar.bottom() < inside.bottom() || height < 2);
            let both = one.fields.height > 0 && one.calendar.height > 0;
            if both {
                prop_assert_eq!(&one, &other);
                prop_assert!(one.calendar.height >= CALENDAR);
                prop_assert_eq!(one.fields.bottom() + 1, one.calendar.y);
            } else {
                prop_assert!(height < FIELDS.0 + CALENDAR + 4);
                prop_assert_eq!(other.fields.height, 0);
            }
        }
    }
}
