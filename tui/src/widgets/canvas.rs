//! A frame to draw on.
//!
//! Owns clipping: whatever is drawn outside the frame or its area is cut, never a panic, so no
//! screen needs to think about sizes it cannot serve. Also carries where the terminal's own cursor
//! belongs, which screen readers follow.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::text;
use crate::theme;

/// From these columns and rows on, something can float.
const ROOMY: (u16, u16) = (36, 10);

/// A frame being drawn.
pub(crate) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(buffer: &'a mut Buffer) -> Self {
        Self {
            buffer,
            cursor: None,
        }
    }

    /// The whole frame.
    pub(crate) fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Where the terminal's cursor belongs, if something is being typed.
    pub(crate) fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Puts the terminal's cursor there.
    pub(crate) fn set_cursor(&mut self, at: Position) {
        self.cursor = Some(at).filter(|at| self.buffer.area.contains(*at));
    }

    /// One line of text, cut to the row it gets.
    pub(crate) fn line<'l>(&mut self, row: Rect, line: impl Into<Line<'l>>) {
        let row = row.intersection(self.buffer.area);
        if row.is_empty() {
            return;
        }
        self.buffer.set_line(row.x, row.y, &line.into(), row.width);
    }

    /// One piece of text in one style.
    pub(crate) fn text(&mut self, row: Rect, text: &str, style: Style) {
        self.line(
            row,
            Span::styled(text::fit(text, usize::from(row.width)), style),
        );
    }

    /// The same at the right end of the row.
    pub(crate) fn text_right(&mut self, row: Rect, text: &str, style: Style) {
        let cells = usize::from(row.width);
        let text = text::fit(text, cells);
        let used = u16::try_from(text::width(&text))
            .unwrap_or(row.width)
            .min(row.width);
        let place = Rect {
            x: row.x + row.width - used,
            width: used,
            ..row
        };
        self.line(place, Span::styled(text, style));
    }

    /// A text, and another at the right end of the row; the left one gives way.
    pub(crate) fn ends(&mut self, row: Rect, left: impl Into<Line<'static>>, right: &str) {
        let cells = u16::try_from(text::width(right)).unwrap_or(row.width);
        if row.width < cells.saturating_mul(2) {
            return self.line(row, left);
        }
        self.line(part(row, 0, row.width - cells - 1), left);
        self.text_right(row, right, theme::DIM);
    }

    /// Paragraphs, wrapped; returns the rows they took.
    pub(crate) fn paragraph(&mut self, area: Rect, words: &str, style: Style) -> u16 {
        let lines = text::wrap(words, usize::from(area.width));
        for (row, line) in rows(area).zip(&lines) {
            self.line(row, Span::styled(line.as_str(), style));
        }
        u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .min(area.height)
    }

    /// Empties an area.
    pub(crate) fn blank(&mut self, area: Rect) {
        Clear.render(area.intersection(self.buffer.area), self.buffer);
    }

    /// A horizontal rule.
    pub(crate) fn rule(&mut self, row: Rect) {
        self.line(
            row,
            Span::styled("─".repeat(usize::from(row.width)), theme::DIM),
        );
    }

    /// A vertical rule.
    pub(crate) fn post(&mut self, column: Rect) {
        for row in rows(Rect { width: 1, ..column }) {
            self.line(row, Span::styled("│", theme::DIM));
        }
    }

    /// Changes the style of what is drawn there.
    pub(crate) fn restyle(&mut self, area: Rect, style: Style) {
        self.buffer
            .set_style(area.intersection(self.buffer.area), style);
    }

    /// A box that floats in the middle of `around`, cleared and titled; returns its inside. Where
    /// there is no room to float, it fills `around` and saves the frame.
    pub(crate) fn float(&mut self, around: Rect, width: u16, height: u16, title: &str) -> Rect {
        if around.width < ROOMY.0 || around.height < ROOMY.1 {
            self.blank(around);
            let heading = row(around, 0);
            self.rule(heading);
            self.text(
                part(heading, 1, heading.width),
                &format!(" {title} "),
                theme::STRONG,
            );
            return part(below(around, 1), 1, around.width.saturating_sub(2));
        }
        let width = width.min(around.width);
        let height = height.min(around.height);
        let area = Rect {
            x: around.x + (around.width - width) / 2,
            y: around.y + (around.height - height) / 2,
            width,
            height,
        };
        self.boxed(area, title)
    }

    /// A box at a place, cleared and titled; returns its inside.
    pub(crate) fn boxed(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buffer.area);
        Clear.render(area, self.buffer);
        // A wide character cut by the box's left edge would push the box aside.
        for y in area.top()..area.bottom() {
            self.heal(area.x, y);
        }
        if area.width < 4 || area.height < 2 {
            return area;
        }
        let inner = usize::from(area.width - 2);
        let heading = match title {
            "" => "─".repeat(inner),
            title => {
                let title = text::fit(title, inner.saturating_sub(3));
                let rest = inner.saturating_sub(text::width(&title) + 2);
                format!(" {title} {}", "─".repeat(rest))
            }
        };
        for (at, row) in rows(area).enumerate() {
            let last = at + 1 == usize::from(area.height);
            let line = match (at, last) {
                (0, _) => format!("┌{heading}┐"),
                (_, true) => format!("└{}┘", "─".repeat(inner)),
                _ => {
                    self.line(Rect { width: 1, ..row }, Span::styled("│", theme::DIM));
                    let end = Rect {
                        x: row.right() - 1,
                        width: 1,
                        ..row
                    };
                    self.line(end, Span::styled("│", theme::DIM));
                    continue;
                }
            };
            self.line(row, Span::styled(line, theme::DIM));
        }
        if !title.is_empty() {
            let over = Rect {
                x: area.x + 2,
                width: area.width - 4,
                height: 1,
                ..area
            };
            self.text(over, title, theme::STRONG);
        }
        Rect {
            x: area.x + 2,
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: area.height - 2,
        }
    }

    fn heal(&mut self, x: u16, y: u16) {
        let Some(before) = x.checked_sub(1) else {
            return;
        };
        let Some(cell) = self.buffer.cell_mut((before, y)) else {
            return;
        };
        if text::width(cell.symbol()) > 1 {
            cell.set_symbol(" ");
        }
    }
}

/// The rows of an area, from the top.
pub(crate) fn rows(area: Rect) -> impl Iterator<Item = Rect> {
    (0..area.height).map(move |at| Rect {
        y: area.y + at,
        height: 1,
        ..area
    })
}

/// A row of an area, empty when the area has fewer.
pub(crate) fn row(area: Rect, at: u16) -> Rect {
    let height = u16::from(at < area.height);
    Rect {
        y: area.y.saturating_add(at),
        height,
        ..area
    }
}

/// The area without its first rows.
pub(crate) fn below(area: Rect, taken: u16) -> Rect {
    let taken = taken.min(area.height);
    Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    }
}

/// The part of a row from a column on, at most `width` wide.
pub(crate) fn part(row: Rect, from: u16, width: u16) -> Rect {
    let from = from.min(row.width);
    Rect {
        x: row.x + from,
        width: width.min(row.width - from),
        ..row
    }
}
