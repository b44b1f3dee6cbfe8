//! A question before something that cannot be undone.
//!
//! Owns where its focus is and what Enter presses. Invariant: it opens on Cancel, or on the name to
//! type, so the key that opened it never carries it out, however often it is pressed; no single
//! character carries anything out.

use crossterm::event::KeyEvent;
use greenroom_protocol::drift::Repair;
use greenroom_protocol::id::{CandidateId, InterviewId};
use ratatui::layout::Rect;

use crate::theme;
use crate::widgets::{Canvas, TextInput, below, part, row, text};

/// Widest it gets.
const WIDTH: u16 = 64;

/// The button that leaves everything as it is.
const CANCEL: &str = "Cancel";

/// What is done once it is confirmed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    /// Disconnect that member's Zoom.
    Disconnect(String),
    /// Mend what differs between that interview and Zoom.
    Repair(InterviewId, Repair),
    /// Delete that meeting at Zoom.
    DeleteStray(String),
    /// Erase that candidate, as their record stands.
    Erase(CandidateId, u64),
}

/// What has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    /// The line where a name is typed.
    Name,
    Cancel,
    Act,
}

/// A name that must be typed first.
#[derive(Debug)]
struct Name {
    wanted: String,
    typed: TextInput,
    refused: bool,
}

/// What pressing Enter comes to.
#[derive(Debug, PartialEq)]
pub(crate) enum Pressed {
    /// Leave everything as it is.
    Cancelled,
    /// Carry it out.
    Confirmed(Act),
    /// The name is not the one that is asked for; the question stays.
    Refused,
}

/// The question.
#[derive(Debug)]
pub(crate) struct Confirm {
    title: String,
    /// What will happen, a paragraph each.
    lines: Vec<String>,
    /// The words of the button.
    button: &'static str,
    act: Act,
    name: Option<Name>,
    focus: Focus,
}

impl Confirm {
    /// A question that opens on Cancel.
    pub(crate) fn new(
        title: impl Into<String>,
        lines: Vec<String>,
        button: &'static str,
        act: Act,
    ) -> Self {
        Self {
            title: title.into(),
            lines,
            button,
            act,
            name: None,
            focus: Focus::Cancel,
        }
    }

    /// Asks for this name to be typed, too.
    pub(crate) fn typed(mut self, wanted: &str) -> Self {
        self.name = Some(Name {
            wanted: text::clean(wanted).trim().to_owned(),
            typed: TextInput::default(),
            refused: false,
        });
        self.focus = Focus::Name;
        self
    }

    /// Whether a name is being typed.
    pub(crate) fn is_typing(&self) -> bool {
        self.focus == Focus::Name
    }

    /// The words of the button that Enter presses now.
    pub(crate) fn pressed_by_enter(&self) -> &'static str {
        match self.focus {
            Focus::Cancel => "cancel",
            Focus::Name | Focus::Act => self.button,
        }
    }

    /// Edits the name.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        match &mut self.name {
            Some(name) if self.focus == Focus::Name => {
                let edited = name.typed.key(key);
                name.refused &= !edited;
                edited
            }
            _ => false,
        }
    }

    pub(crate) fn paste(&mut self, pasted: &str) {
        if let Some(name) = &mut self.name {
            name.typed.insert(pasted);
            name.refused = false;
            self.focus = Focus::Name;
        }
    }

    /// To the next part, or the one before, and round.
    pub(crate) fn turn(&mut self, forward: bool) {
        let stops: &[Focus] = match self.name {
            Some(_) => &[Focus::Name, Focus::Cancel, Focus::Act],
            None => &[Focus::Cancel, Focus::Act],
        };
        let here = stops.iter().position(|it| *it == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { stops.len() - 1 };
        self.focus = stops[(here + by) % stops.len()];
    }

    /// Presses what has the focus.
    pub(crate) fn press(&mut self) -> Pressed {
        if self.focus == Focus::Cancel {
            return Pressed::Cancelled;
        }
        let Some(name) = &mut self.name else {
            return Pressed::Confirmed(self.act.clone());
        };
        if same(name.typed.value(), &name.wanted) {
            return Pressed::Confirmed(self.act.clone());
        }
        name.refused = true;
        self.focus = Focus::Name;
        Pressed::Refused
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let width = WIDTH.min(area.width);
        let cells = usize::from(width.saturating_sub(4));
        let lines = self.lines.iter();
        let rows: usize = lines.map(|line| text::wrap(line, cells).len()).sum();
        let asked = if self.name.is_some() { 4 } else { 0 };
        let taken = u16::try_from(rows).unwrap_or(8) + asked;
        let inside = canvas.float(area, width, taken + 6, &self.title);
        let last = row(inside, inside.height.saturating_sub(1));
        let room = inside.height.saturating_sub(2);
        let mut rest = Rect {
            height: room + 1,
            ..inside
        };
        rest = below(rest, u16::from(taken <= room));
        for line in &self.lines {
            rest = below(rest, canvas.paragraph(rest, line, theme::PLAIN));
        }
        if let Some(name) = &self.name {
            self.draw_name(name, canvas, below(rest, 1));
        }
        self.draw_buttons(canvas, last);
    }

    fn draw_name(&self, name: &Name, canvas: &mut Canvas<'_>, area: Rect) {
        let focused = self.focus == Focus::Name;
        let words = format!("Type {} to confirm", name.wanted);
        let style = if focused {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        canvas.text(row(area, 0), &words, style);
        let mark = if focused { "▸ " } else { "  " };
        canvas.text(part(row(area, 1), 0, 2), mark, style);
        let place = part(row(area, 1), 2, area.width);
        name.typed.draw(canvas, place, theme::FIELD, focused);
        if name.refused {
            let words = "  ✗ That is not the name. Nothing was erased.";
            canvas.text(row(area, 2), words, theme::BAD);
        }
    }

    fn draw_buttons(&self, canvas: &mut Canvas<'_>, line: Rect) {
        let mark = |at: Focus| if self.focus == at { "▸" } else { " " };
        let style = |at: Focus, usual| match self.focus == at {
            true => theme::SELECTED,
            false => usual,
        };
        let act = format!("{}[ {} ]", mark(Focus::Act), self.button);
        let cells = u16::try_from(text::width(&act)).unwrap_or(0);
        canvas.text_right(line, &act, style(Focus::Act, theme::BAD));
        let place = part(line, 0, line.width.saturating_sub(cells + 1));
        let cancel = format!("{}[ {CANCEL} ]", mark(Focus::Cancel));
        canvas.text_right(place, &cancel, style(Focus::Cancel, theme::PLAIN));
    }
}

/// Whether two names are the same for a reader: case, accents and blanks aside.
fn same(typed: &str, wanted: &str) -> bool {
    let words = |name: &str| {
        let folded = text::fold(name);
        folded
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let typed = words(typed);
    !typed.is_empty() && typed == words(wanted)
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    fn disconnect() -> Confirm {
        let act = Act::Disconnect("mem".into());
        Confirm::new("Disconnect Zoom", Vec::new(), "Disconnect", act)
    }

    /// Case U7: the key that opened it presses Cancel, however often.
    #[test]
    fn enter_alone_leaves_everything_as_it_is() {
        let mut confirm = disconnect();
        assert_eq!(confirm.press(), Pressed::Cancelled);
        confirm.turn(true);
        assert!(matches!(confirm.press(), Pressed::Confirmed(_)));
        confirm.turn(true);
        assert_eq!(confirm.press(), Pressed::Cancelled);
    }

    /// Case U7: erasing asks for the name.
    #[test]
    fn nothing_is_carried_out_before_the_name_is_typed() {
        let mut confirm = disconnect().typed("Zoë  Álvarez");
        assert_eq!(confirm.press(), Pressed::Refused);
        confirm.turn(false);
        assert_eq!(confirm.press(), Pressed::Refused, "nor by its button");
        assert!(confirm.is_typing(), "the name is what is missing");
        for letter in "zoe alvare".chars() {
            confirm.key(KeyEvent::from(KeyCode::Char(letter)));
        }
        assert_eq!(confirm.press(), Pressed::Refused);
        confirm.key(KeyEvent::from(KeyCode::Char('z')));
        assert!(matches!(confirm.press(), Pressed::Confirmed(_)));
    }

    #[test]
    fn a_name_of_nothing_is_never_typed() {
        let mut confirm = disconnect().typed(" \u{200b}");
        assert_eq!(confirm.press(), Pressed::Refused);
    }
}
