//! A QR code in half blocks: two rows of its modules in a row of cells.
//!
//! Invariant: it is dark on light whatever colours the terminal has, as phones expect it, with the
//! empty border that they look for. Without colours it cannot be drawn so, and is not drawn at all.

use qrcode::types::Color as Module;
use qrcode::{EcLevel, QrCode};
use ratatui::layout::Rect;

use super::{Canvas, part, rows};
use crate::theme;

/// Modules of the empty border. Source: ISO/IEC 18004, 6.3.8.
const BORDER: usize = 4;

/// A code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Qr {
    /// Whether a module is dark, row by row, without the border.
    dark: Vec<bool>,
    /// Modules of a side, without the border.
    side: usize,
}

impl Qr {
    /// The code of a text; `None` where it is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let side = code.width();
        let dark = code.into_colors().into_iter();
        Some(Self {
            dark: dark.map(|module| module == Module::Dark).collect(),
            side,
        })
    }

    /// Columns and rows it takes, with its border.
    pub(crate) fn size(&self) -> (u16, u16) {
        let modules = self.side + 2 * BORDER;
        let cells = |modules: usize| u16::try_from(modules).unwrap_or(u16::MAX);
        (cells(modules), cells(modules.div_ceil(2)))
    }

    /// Draws it in the upper left of a place that has room for it.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (columns, height) = self.size();
        for (at, place) in rows(area).take(usize::from(height)).enumerate() {
            let line: String = (0..usize::from(columns))
                .map(
                    |column| match (self.at(column, 2 * at), self.at(column, 2 * at + 1)) {
                        (false, false) => ' ',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (true, true) => '█',
                    },
                )
                .collect();
            canvas.text(part(place, 0, columns), &line, theme::QR);
        }
    }

    /// Whether the module at this place, counted from the border's corner, is dark.
    fn at(&self, column: usize, row: usize) -> bool {
        let inside = |at: usize| at.checked_sub(BORDER).filter(|at| *at < self.side);
        let place = inside(column).zip(inside(row));
        place.is_some_and(|(column, row)| self.dark[row * self.side + column])
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::style::Color;

    use super::*;

    /// What stands on the screen, as a phone's camera sees it: by colours, two rows a cell.
    fn seen(buffer: &Buffer) -> String {
        let area = buffer.area;
        let dark = |column: usize, row: usize| {
            let at = (
                u16::try_from(column).unwrap(),
                u16::try_from(row / 2).unwrap(),
            );
            let cell = &buffer[at];
            let ink = match (cell.symbol(), row % 2) {
                ("█", _) | ("▀", 0) | ("▄", 1) => cell.fg,
                _ => cell.bg,
            };
            ink == Color::Black
        };
        // A camera has more than a pixel a module.
        let scale = 3;
        let (width, height) = (usize::from(area.width), 2 * usize::from(area.height));
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            width * scale,
            height * scale,
            |column, row| match dark(column / scale, row / scale) {
                true => 0,
                false => 255,
            },
        );
        let found = image.detect_grids();
        assert_eq!(found.len(), 1, "{buffer:?}");
        found[0].decode().unwrap().1
    }

    #[test]
    fn what_is_drawn_is_read_by_somebody_elses_reader() {
        let long = format!("https://accounts.example/auth?state={}", "aB3-_".repeat(80));
        for text in ["http://127.0.0.1/", &long] {
            let qr = Qr::of(text).unwrap();
            let (columns, height) = qr.size();
            let area = Rect::new(0, 0, columns, height);
            let mut buffer = Buffer::empty(area);
            qr.draw(&mut Canvas::new(&mut buffer), area);
            assert_eq!(seen(&buffer), text);
        }
        assert!(Qr::of(&"x".repeat(3_000)).is_none());
    }
}
