//! A sheet of fields on the screen: labels in a column, notes under what they are about.

use ratatui::layout::Rect;

use super::{Entry, Field, Fields};
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text};

/// Cells of the column of labels; a longer label takes what it needs in its own row.
const LABELS: u16 = 14;

/// Where a remark beside a field begins, in its entry: behind a word, and behind a number.
const ASIDE: (u16, u16) = (27, 6);

/// Cells of a time field with what stands beside it; from these on its text gets the second
/// number, else the first.
const TIME: (u16, u16, u16) = (76, 18, 26);

/// Cells that the text of a time field gets, where it has `width` cells with what stands beside it.
pub(crate) fn time_cells(width: u16) -> u16 {
    match width >= TIME.0 {
        true => TIME.2,
        false => TIME.1,
    }
}

impl Fields {
    /// Rows that all shown fields take.
    pub(crate) fn height(&self, width: u16) -> u16 {
        self.shown().map(|(_, field)| height(field, width)).sum()
    }

    /// Draws the fields from the top of `area`, scrolled so that the focused one is in it, and the
    /// list that hangs open over everything; returns the rows taken.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
        let skipped = self.skipped(area);
        let mut rest = area;
        let mut open = None;
        for (at, field) in self.shown().skip(skipped) {
            if rest.height == 0 {
                break;
            }
            let focused = self
                .focused()
                .is_some_and(|other| std::ptr::eq(other, field));
            let line = row(rest, 0);
            let flashes = focused && self.flashes_until().is_some();
            let place = Rect {
                height: field.entry.rows().min(rest.height),
                ..rest
            };
            draw_field(canvas, place, field, focused, flashes);
            draw_notes(canvas, below(rest, field.entry.rows()), field);
            if focused && field.entry.is_open() {
                open = Some((at, part(line, label(field), line.width)));
            }
            rest = below(rest, height(field, area.width));
        }
        if let Some((at, place)) = open {
            self.all[at].entry.draw_open(canvas, place);
        }
        area.height - rest.height
    }

    /// Where the fields are that have no room in `area`; empty when all have.
    pub(crate) fn rest(&self, area: Rect) -> &'static str {
        let skipped = self.skipped(area);
        let shown = self.shown();
        let above = shown.take(skipped).next().is_some();
        let rows = self.shown().skip(skipped);
        let rows: u16 = rows.map(|(_, field)| height(field, area.width)).sum();
        match (above, rows > area.height) {
            (false, false) => "",
            (true, false) => "↑ more",
            (false, true) => "↓ more",
            (true, true) => "↑↓ more",
        }
    }

    /// The button at the end of a row, and what Esc does.
    pub(crate) fn draw_button(&self, canvas: &mut Canvas<'_>, line: Rect, label: &str, esc: &str) {
        let button = format!("[ {label} ]");
        let esc = format!("   {esc}");
        let style = match (self.is_on_button(), self.flashes_until()) {
            (true, Some(_)) => theme::REFUSED,
            (true, None) => theme::SELECTED,
            (false, _) => theme::STRONG,
        };
        canvas.text_right(line, &esc, theme::DIM);
        let left_of = |line: Rect, words: &str| {
            let cells = u16::try_from(text::width(words)).unwrap_or(0);
            part(line, 0, line.width.saturating_sub(cells))
        };
        let place = left_of(line, &esc);
        canvas.text_right(place, &button, style);
        if let Some((words, focused)) = self.keep() {
            let style = if focused {
                theme::SELECTED
            } else {
                theme::STRONG
            };
            let place = left_of(place, &button);
            canvas.text_right(place, &format!("[ {words} ]  "), style);
        }
    }

    fn shown(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.all.iter().enumerate().filter(|(_, field)| field.shown)
    }

    /// Fields left out at the top so that the focused one has room.
    fn skipped(&self, area: Rect) -> usize {
        let Some(focused) = self.focused() else {
            return self.skipped_for_button(area);
        };
        let upto = |from: usize| -> u16 {
            let mut taken = 0;
            for (_, field) in self.shown().skip(from) {
                taken += height(field, area.width);
                if std::ptr::eq(field, focused) {
                    break;
                }
            }
            taken
        };
        (0..self.all.len())
            .find(|from| upto(*from) <= area.height)
            .unwrap_or(0)
    }

    fn skipped_for_button(&self, area: Rect) -> usize {
        let rest = |from: usize| -> u16 {
            self.shown()
                .skip(from)
                .map(|(_, field)| height(field, area.width))
                .sum()
        };
        (0..self.all.len())
            .find(|from| rest(*from) <= area.height)
            .unwrap_or(0)
    }
}

fn draw_field(canvas: &mut Canvas<'_>, area: Rect, field: &Field, focused: bool, flashes: bool) {
    let style = match (flashes, focused) {
        (true, _) => theme::REFUSED,
        (false, true) => theme::SELECTED,
        (false, false) => theme::DIM,
    };
    let line = row(area, 0);
    canvas.text(part(line, 0, label(field) - 1), field.label, style);
    let place = part(line, label(field), line.width);
    let cells = match field.entry {
        Entry::Time(_) if field.aside.is_some() => time_cells(place.width),
        _ => place.width,
    };
    let entry = Rect {
        height: area.height,
        ..part(place, 0, cells)
    };
    field.entry.draw(canvas, entry, focused);
    if let Some(words) = &field.aside {
        let aside = aside(&field.entry, cells);
        canvas.text(part(place, aside, place.width), words, theme::DIM);
    }
}

/// Where the remark beside a field begins, of whose row the entry has so many cells: never over what
/// the entry says.
fn aside(entry: &Entry, cells: u16) -> u16 {
    match entry {
        Entry::Time(_) => cells + 1,
        Entry::Text(input) => {
            let taken = u16::try_from(text::width(input.value())).unwrap_or(cells);
            ASIDE.1.max(taken.saturating_add(2))
        }
        Entry::Choice(choice) => ASIDE.0.max(choice.cells(cells) + 1),
        _ => ASIDE.0,
    }
}

/// Cells that a field's label takes in its row.
fn label(field: &Field) -> u16 {
    let cells = u16::try_from(text::width(field.label)).unwrap_or(LABELS);
    cells.saturating_add(1).max(LABELS)
}

fn draw_notes(canvas: &mut Canvas<'_>, area: Rect, field: &Field) {
    let remarks = field.remarks(area.width.saturating_sub(LABELS));
    for ((words, style), line) in remarks.iter().zip(crate::widgets::rows(area)) {
        canvas.text(part(line, LABELS, line.width), words, *style);
    }
}

/// Rows that a field takes with its remarks.
fn height(field: &Field, width: u16) -> u16 {
    let remarks = field.remarks(width.saturating_sub(LABELS)).len();
    field.entry.rows() + u16::try_from(remarks).unwrap_or(0)
}
