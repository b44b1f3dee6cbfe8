//! A line of text being typed.
//!
//! Owns which keys edit. Everything that arrives, typed or pasted, is cleaned of control
//! characters first; a paste is one change, its line ends become spaces.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::{Input, InputRequest};

use super::{Canvas, text};

/// Characters a line takes; longer input is cut where it is typed.
const LONGEST: usize = 2_000;

/// A line of text and the place of the cursor in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextInput(Input);

impl TextInput {
    /// A line that starts as `value`, with the cursor behind it.
    pub(crate) fn new(value: &str) -> Self {
        Self(Input::new(text::clean(value)))
    }

    /// What stands there, without blanks around it.
    pub(crate) fn value(&self) -> &str {
        self.0.value().trim()
    }

    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.value().is_empty()
    }

    /// Puts another text in its place.
    pub(crate) fn set(&mut self, value: &str) {
        *self = Self::new(value);
    }

    /// The characters before the cursor.
    pub(crate) fn cursor(&self) -> usize {
        self.0.cursor()
    }

    /// Puts the cursor behind that many characters.
    pub(crate) fn go_to(&mut self, cursor: usize) {
        let last = self.0.value().chars().count();
        self.0.handle(InputRequest::SetCursor(cursor.min(last)));
    }

    /// Edits with a key; false when this key does not edit.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let Some(request) = request(key) else {
            return false;
        };
        if let InputRequest::InsertChar(character) = request {
            self.insert(&character.to_string());
        } else {
            self.0.handle(request);
        }
        true
    }

    /// Takes a paste at the cursor.
    pub(crate) fn insert(&mut self, pasted: &str) {
        let room = LONGEST.saturating_sub(self.0.value().chars().count());
        for character in text::clean(pasted).chars().take(room) {
            self.0.handle(InputRequest::InsertChar(character));
        }
    }

    /// Draws the line, scrolled so that the cursor is in it.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, style: Style, focused: bool) {
        let cells = usize::from(row.width).saturating_sub(1);
        let scroll = self.0.visual_scroll(cells);
        let shown = if focused {
            skip(self.0.value(), scroll)
        } else {
            self.0.value()
        };
        canvas.text(row, shown, style);
        if focused && row.width > 0 {
            let at = self.0.visual_cursor().saturating_sub(scroll);
            let at = u16::try_from(at).unwrap_or(row.width).min(row.width - 1);
            canvas.set_cursor(Position {
                x: row.x + at,
                y: row.y,
            });
        }
    }
}

/// The text behind the first `cells` cells.
fn skip(value: &str, cells: usize) -> &str {
    let mut passed = 0;
    for (at, character) in value.char_indices() {
        if passed >= cells {
            return &value[at..];
        }
        passed += text::width(character.encode_utf8(&mut [0; 4]));
    }
    ""
}

/// What a key does to a text.
pub(super) fn request(key: KeyEvent) -> Option<InputRequest> {
    use InputRequest as R;
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(match (key.code, ctrl, alt) {
        (KeyCode::Char(character), false, false) => R::InsertChar(character),
        (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => R::DeletePrevChar,
        (KeyCode::Backspace, _, _) | (KeyCode::Char('w'), true, false) => R::DeletePrevWord,
        (KeyCode::Delete, false, false) => R::DeleteNextChar,
        (KeyCode::Left, false, false) => R::GoToPrevChar,
        (KeyCode::Right, false, false) => R::GoToNextChar,
        (KeyCode::Left, _, _) | (KeyCode::Char('b'), false, true) => R::GoToPrevWord,
        (KeyCode::Right, _, _) | (KeyCode::Char('f'), false, true) => R::GoToNextWord,
        (KeyCode::Home, _, _) | (KeyCode::Char('a'), true, false) => R::GoToStart,
        (KeyCode::End, _, _) | (KeyCode::Char('e'), true, false) => R::GoToEnd,
        (KeyCode::Char('u'), true, false) => R::DeleteFromStart,
        (KeyCode::Char('k'), true, false) => R::DeleteTillEnd,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_is_one_line_without_control_characters() {
        let mut input = TextInput::new("Hello ");
        input.insert("dear\nPriya\x1b[31m");
        assert_eq!(input.value(), "Hello dear Priya[31m");
    }

    #[test]
    fn keys_with_modifiers_are_left_to_the_keymap() {
        let mut input = TextInput::default();
        assert!(!input.key(KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL)));
        assert!(!input.key(KeyEvent::from(KeyCode::Tab)));
        assert!(input.key(KeyEvent::from(KeyCode::Char('s'))));
        assert_eq!(input.value(), "s");
    }
}
