//! A password being typed: edited like any line, shown as dots.
//!
//! Invariant: what stands there is never drawn, and never in a debug text.

use std::fmt;

use crossterm::event::KeyEvent;
use greenroom_protocol::secret::Opaque;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Canvas, TextInput};

/// A line that nobody reads.
#[derive(Clone, Default)]
pub(crate) struct SecretInput(TextInput);

impl SecretInput {
    /// What was typed; `None`: nothing.
    pub(crate) fn value(&self) -> Option<Opaque> {
        let value = self.0.value();
        (!value.is_empty()).then(|| Opaque::new(value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Edits with a key; false when this key does not edit.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        self.0.key(key)
    }

    /// Takes a paste at the cursor.
    pub(crate) fn insert(&mut self, pasted: &str) {
        self.0.insert(pasted);
    }

    /// Draws a dot a character, with the cursor among them.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, style: Style, focused: bool) {
        let dots = "•".repeat(self.0.value().chars().count());
        let mut shown = TextInput::new(&dots);
        shown.go_to(self.0.cursor());
        shown.draw(canvas, row, style, focused);
    }
}

impl fmt::Debug for SecretInput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretInput")
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::theme;

    #[test]
    fn a_password_is_taken_and_never_shown() {
        let mut input = SecretInput::default();
        input.insert("hunter");
        assert!(input.key(KeyEvent::from(KeyCode::Char('2'))));
        assert_eq!(input.value().unwrap().reveal(), "hunter2");
        assert!(!format!("{input:?}").contains("hunter"));
        let area = Rect::new(0, 0, 20, 1);
        let mut buffer = Buffer::empty(area);
        input.draw(&mut Canvas::new(&mut buffer), area, theme::FIELD, true);
        let shown: String = buffer.content().iter().map(|cell| cell.symbol()).collect();
        assert_eq!(shown.trim_end(), "•".repeat(7));
    }
}
