//! Aligned columns.
//!
//! Invariant: a cell is one line, whatever is in it; wide and combining characters keep the columns
//! straight.

use crate::widgets::text::{blanks, clean, width};

/// Between two columns.
const GAP: usize = 2;

/// Rows of cells under optional headings.
#[derive(Debug, Default)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Row>,
}

#[derive(Debug)]
enum Row {
    Cells(Vec<String>),
    /// A line of its own above the rows it is about.
    Section(String),
}

impl Row {
    fn cells(&self) -> &[String] {
        match self {
            Self::Cells(cells) => cells,
            Self::Section(_) => &[],
        }
    }
}

impl Table {
    pub(crate) fn new<const COLUMNS: usize>(headings: [&'static str; COLUMNS]) -> Self {
        Self {
            headings: headings.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn row<const COLUMNS: usize>(&mut self, cells: [impl AsRef<str>; COLUMNS]) {
        let cells = cells.iter().map(|cell| clean(cell.as_ref())).collect();
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a line above the rows that follow.
    pub(crate) fn section(&mut self, title: &str) {
        self.rows.push(Row::Section(clean(title)));
    }

    /// Adds the rows of another table.
    pub(crate) fn append(&mut self, other: Self) {
        self.rows.extend(other.rows);
    }

    /// The table as text; headings stand out where there is colour.
    pub(crate) fn render(&self, colour: bool) -> String {
        let headings: Vec<String> = self.headings.iter().map(ToString::to_string).collect();
        let rows = self.rows.iter().map(|row| row.cells().len());
        let columns = rows.chain([headings.len()]).max();
        let widths: Vec<usize> = (0..columns.unwrap_or_default())
            .map(|column| self.width_of(column))
            .collect();
        let mut text = String::new();
        if !headings.is_empty() && !self.rows.is_empty() {
            let line = aligned(&headings, &widths);
            let line = if colour { bold(&line) } else { line };
            text.push_str(&(line + "\n"));
        }
        for row in &self.rows {
            let line = match row {
                Row::Cells(cells) => aligned(cells, &widths),
                Row::Section(title) if colour => bold(title),
                Row::Section(title) => title.clone(),
            };
            text.push_str(&(line + "\n"));
        }
        text
    }

    fn width_of(&self, column: usize) -> usize {
        let heading = self
            .headings
            .get(column)
            .map_or(0, |heading| width(heading));
        let cells = self.rows.iter().filter_map(|row| row.cells().get(column));
        cells.map(|cell| width(cell)).fold(heading, usize::max)
    }
}

fn aligned(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, cells_wide) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&blanks(cells_wide - width(cell) + GAP));
    }
    line.trim_end().to_owned()
}

fn bold(line: &str) -> String {
    format!("\u{1b}[1m{line}\u{1b}[0m")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_straight_and_cells_stay_one_line() {
        let mut table = Table::new(["NAME", "STAGE"]);
        table.row(["田中淳", "Onsite"]);
        table.row(["Zoë\u{1b}[2J\nX", "Applied"]);
        let text = table.render(false);
        assert_eq!(
            text,
            "NAME      STAGE\n田中淳    Onsite\nZoë[2J X  Applied\n"
        );
        assert_eq!(Table::new(["NAME"]).render(true), "");
    }

    #[test]
    fn a_section_widens_no_column() {
        let mut table = Table::default();
        table.section("Tuesday, a long day");
        table.row(["  10:00", "Ana"]);
        assert_eq!(table.render(false), "Tuesday, a long day\n  10:00  Ana\n");
    }
}
