//! The lines of the settings.

use greenroom_protocol::workspace::Workspace;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{apps, days_off, team};
use crate::state::State;
use crate::state::selected::Row;
use crate::theme;
use crate::widgets::{Canvas, part, rows, text};

/// Cells of the first column, and of it where the screen is narrow.
const NAMES: usize = 22;
const NARROW_NAMES: usize = 14;

/// The lines of the screen; the first of a row carries the row.
pub(super) struct Sheet {
    pub(super) lines: Vec<(Option<Row>, Line<'static>)>,
    selected: Option<Row>,
    /// Cells of a line, and of its first column.
    width: usize,
    pub(super) names: usize,
}

pub(crate) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let width = usize::from(area.width.saturating_sub(2));
    let mut sheet = Sheet::new(state.settings.selected(state), width);
    apps::list(state, &mut sheet);
    team::list(state, &mut sheet);
    days_off::list(state, &mut sheet);
    workspaces(state, &mut sheet);
    sheet.draw(canvas, area);
}

impl Sheet {
    fn new(selected: Option<Row>, width: usize) -> Self {
        Self {
            lines: Vec::new(),
            selected,
            width,
            names: if width < 60 { NARROW_NAMES } else { NAMES },
        }
    }

    /// A sheet on which this row is selected.
    pub(super) fn on(row: Row, width: usize) -> Self {
        Self::new(Some(row), width)
    }

    pub(super) fn heading(&mut self, words: &str) {
        if !self.lines.is_empty() {
            self.lines.push((None, Line::default()));
        }
        let line = Line::styled(words.to_owned(), theme::STRONG);
        self.lines.push((None, line));
    }

    /// A line that can be selected.
    pub(super) fn entry(&mut self, row: Row, name: &str, rest: Vec<Span<'static>>) {
        let marked = self.selected.as_ref() == Some(&row);
        let style = if marked {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        let mark = if marked { "▸ " } else { "  " };
        let name = format!("{mark}{} ", text::left(name, self.names - 3));
        let mut spans = vec![Span::styled(name, style)];
        spans.extend(rest);
        self.lines.push((Some(row), spans.into()));
    }

    pub(super) fn is_selected(&self, row: &Row) -> bool {
        self.selected.as_ref() == Some(row)
    }

    /// Cells beside the first column.
    pub(super) fn room(&self) -> usize {
        self.width.saturating_sub(self.names)
    }

    /// More about the line above.
    pub(super) fn note(&mut self, words: &str, style: Style) {
        for line in text::wrap(words, self.room()) {
            let words = format!("{}{line}", text::blanks(self.names));
            self.lines.push((None, Line::styled(words, style)));
        }
    }

    /// Draws the lines, scrolled so that the selected row is in the middle as far as there are
    /// lines.
    fn draw(self, canvas: &mut Canvas<'_>, area: Rect) {
        let selected = |(row, _): &(Option<Row>, _)| row.is_some() && *row == self.selected;
        let at = self.lines.iter().position(selected).unwrap_or(0);
        let height = usize::from(area.height);
        let last = self.lines.len().saturating_sub(height);
        let skipped = at.saturating_sub(height / 2).min(last);
        for (place, (_, line)) in rows(area).zip(self.lines.into_iter().skip(skipped)) {
            canvas.line(part(place, 1, place.width.saturating_sub(2)), line);
        }
    }
}

fn workspaces(state: &State, sheet: &mut Sheet) {
    let Some(all) = state.cache.workspaces.latest() else {
        return;
    };
    sheet.heading("Workspaces");
    for workspace in all {
        let row = Row::Workspace(workspace.id, workspace.current);
        let (words, style) = match workspace.current {
            true => ("● here", theme::GOOD),
            false => ("", theme::DIM),
        };
        let rest = vec![
            Span::styled(text::left(words, 24), style),
            Span::styled(app_words(workspace), theme::DIM),
        ];
        sheet.entry(row, &workspace.name, rest);
    }
}

pub(super) fn app_words(workspace: &Workspace) -> &'static str {
    match (&workspace.zoom_client_id, workspace.zoom_confidential) {
        (Some(_), true) => "own Zoom app, with secret",
        (Some(_), false) => "own Zoom app",
        (None, _) => "default Zoom app",
    }
}
