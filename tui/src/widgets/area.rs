//! Several lines of text being typed.
//!
//! As [`super::TextInput`], but Enter and a paste begin new lines, and up and down move among them:
//! above the first and below the last they mean nothing here, and lead to the next field.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::{Input, InputRequest};

use super::input::request;
use super::{Canvas, rows, text};

/// Characters a text takes; longer input is cut where it is typed.
const LONGEST: usize = 10_000;

/// A text of several lines and the place of the cursor in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextArea(Input);

impl TextArea {
    /// Rows of it that are shown.
    pub(crate) const ROWS: u16 = 5;

    /// A text that starts as `value`, with the cursor behind it.
    pub(crate) fn new(value: &str) -> Self {
        let mut area = Self::default();
        area.insert(value);
        area
    }

    /// What stands there, without blanks around it.
    pub(crate) fn value(&self) -> &str {
        self.0.value().trim()
    }

    /// Puts another text in its place.
    pub(crate) fn set(&mut self, value: &str) {
        *self = Self::new(value);
    }

    /// Takes a paste at the cursor, with its line ends.
    pub(crate) fn insert(&mut self, pasted: &str) {
        let mut room = LONGEST.saturating_sub(self.0.value().chars().count());
        let ends = pasted.replace("\r\n", "\n").replace('\r', "\n");
        for (at, line) in ends.split('\n').enumerate() {
            let end = (at > 0).then_some('\n');
            for character in end.into_iter().chain(text::clean(line).chars()).take(room) {
                self.0.handle(InputRequest::InsertChar(character));
                room -= 1;
            }
        }
    }

    /// Edits with a key; false when this key does not edit.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let plain = !key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Enter if plain => {
                self.insert("\n");
                return true;
            }
            KeyCode::Up | KeyCode::Down if plain => return self.leap(key.code == KeyCode::Down),
            _ => {}
        }
        let Some(request) = request(key) else {
            return false;
        };
        let (line, cursor) = (self.line(), self.0.cursor());
        match request {
            InputRequest::InsertChar(character) => self.insert(&character.to_string()),
            InputRequest::GoToStart => self.go_to(line.start),
            InputRequest::GoToEnd => self.go_to(line.end),
            InputRequest::DeleteFromStart => {
                self.repeat(InputRequest::DeletePrevChar, cursor - line.start);
            }
            InputRequest::DeleteTillEnd => {
                self.repeat(InputRequest::DeleteNextChar, line.end - cursor);
            }
            other => {
                self.0.handle(other);
            }
        }
        true
    }

    fn go_to(&mut self, cursor: usize) {
        self.0.handle(InputRequest::SetCursor(cursor));
    }

    fn repeat(&mut self, request: InputRequest, times: usize) {
        for _ in 0..times {
            self.0.handle(request);
        }
    }

    /// The characters of each line, without its end.
    fn lines(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let lines = self.0.value().split('\n').map(|line| {
            let line = start..start + line.chars().count();
            start = line.end + 1;
            line
        });
        lines.collect()
    }

    /// The line that the cursor is in.
    fn line(&self) -> Range<usize> {
        let cursor = self.0.cursor();
        let mut lines = self.lines().into_iter();
        lines.find(|line| line.end >= cursor).unwrap_or(0..0)
    }

    /// To the line above or below; false where there is none.
    fn leap(&mut self, down: bool) -> bool {
        let (lines, line) = (self.lines(), self.line());
        let here = lines.iter().position(|it| *it == line).unwrap_or(0);
        let to = match down {
            true => lines.get(here + 1),
            false => here.checked_sub(1).and_then(|above| lines.get(above)),
        };
        let Some(to) = to else {
            return false;
        };
        let column = self.0.cursor() - line.start;
        self.go_to(to.end.min(to.start + column));
        true
    }

    /// The characters of each row, where rows have `cells` cells: broken behind spaces, and inside
    /// a word only where a word is longer than a row.
    fn layout(&self, characters: &[char], cells: usize) -> Vec<Range<usize>> {
        let mut laid = Vec::new();
        for line in self.lines() {
            let mut start = line.start;
            let (mut used, mut space) = (0, None);
            for at in line.clone() {
                let wide = text::width(characters[at].encode_utf8(&mut [0; 4]));
                if used + wide > cells && at > start {
                    let end = space.unwrap_or(at);
                    laid.push(start..end);
                    let carried: String = characters[end..at].iter().collect();
                    (start, used, space) = (end, text::width(&carried), None);
                }
                used += wide;
                if characters[at] == ' ' {
                    space = Some(at + 1);
                }
            }
            laid.push(start..line.end);
        }
        laid
    }

    /// Draws as many rows as there is room for, those with the cursor among them.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, style: Style, focused: bool) {
        let characters: Vec<char> = self.0.value().chars().collect();
        let cells = usize::from(area.width).saturating_sub(1).max(1);
        let laid = self.layout(&characters, cells);
        let cursor = self.0.cursor();
        let here = laid.iter().rposition(|row| row.start <= cursor);
        let here = here.unwrap_or(0);
        let skipped = match focused {
            true => (here + 1).saturating_sub(usize::from(area.height)),
            false => 0,
        };
        for ((at, shown), place) in laid.iter().enumerate().skip(skipped).zip(rows(area)) {
            let words: String = characters[shown.clone()].iter().collect();
            canvas.text(place, &words, style);
            if focused && at == here {
                let before: String = characters[shown.start..cursor].iter().collect();
                let column = u16::try_from(text::width(&before)).unwrap_or(u16::MAX);
                canvas.set_cursor(Position {
                    x: place.x + column.min(place.width.saturating_sub(1)),
                    y: place.y,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(area: &mut TextArea, code: KeyCode) -> bool {
        area.key(KeyEvent::from(code))
    }

    fn laid(area: &TextArea, cells: usize) -> Vec<String> {
        let characters: Vec<char> = area.0.value().chars().collect();
        let rows = area.layout(&characters, cells).into_iter();
        rows.map(|row| characters[row].iter().collect()).collect()
    }

    #[test]
    fn a_paste_keeps_its_lines_and_nothing_that_steers() {
        let area = TextArea::new("Dear\r\nPriya\x1b[31m\n\nDana");
        assert_eq!(area.value(), "Dear\nPriya[31m\n\nDana");
    }

    #[test]
    fn up_and_down_stay_in_the_text_until_its_ends() {
        let mut area = TextArea::new("one\n\nthree");
        assert!(!press(&mut area, KeyCode::Down));
        assert!(press(&mut area, KeyCode::Up) && press(&mut area, KeyCode::Up));
        assert!(!press(&mut area, KeyCode::Up));
        press(&mut area, KeyCode::End);
        press(&mut area, KeyCode::Enter);
        press(&mut area, KeyCode::Char('x'));
        assert_eq!(area.value(), "one\nx\n\nthree");
    }

    #[test]
    fn deleting_to_an_end_leaves_the_other_lines() {
        let mut area = TextArea::new("one\ntwo");
        let ctrl = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
        area.key(ctrl('u'));
        assert_eq!(area.0.value(), "one\n");
        press(&mut area, KeyCode::Up);
        area.key(ctrl('k'));
        assert_eq!(area.0.value(), "\n");
    }

    #[test]
    fn rows_break_behind_spaces_and_long_words_anywhere() {
        let area = TextArea::new("strong on storage\nabcdefghijk 漢漢漢");
        assert_eq!(
            laid(&area, 9),
            ["strong ", "on ", "storage", "abcdefghi", "jk 漢漢漢"]
        );
        assert_eq!(laid(&TextArea::default(), 9), [""]);
    }
}
