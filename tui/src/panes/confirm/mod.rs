//! A question before something that cannot be undone.
//!
//! Owns where its focus is and what Enter presses. Invariant: it opens on Cancel, or on the name to
//! type, so the key that opened it never carries it out, however often it is pressed; only what can
//! be undone opens on its button. No single character carries anything out.

use std::fmt;

use crossterm::event::KeyEvent;
use greenroom_protocol::mail::Written;
use ratatui::layout::Rect;

use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::subject::Hint;
use crate::theme;
use crate::widgets::{Canvas, TextInput, below, part, row, text};

/// Widest it gets.
const WIDTH: u16 = 64;

/// The button that changes nothing.
const CANCEL: &str = "Cancel";

/// What is done once it is confirmed.
type OnConfirmed = Box<dyn FnOnce(&mut State) -> Vec<Action>>;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    /// Change nothing.
    Cancelled,
    /// Carry it out.
    Confirmed,
    /// The name is not the one that is asked for; the question stays.
    Refused,
}

/// The question.
pub(crate) struct Confirm {
    title: String,
    /// What will happen, a paragraph each.
    lines: Vec<String>,
    /// The words of the button.
    button: &'static str,
    on_confirmed: OnConfirmed,
    name: Option<Name>,
    focus: Focus,
    /// Whether the button is not one to be afraid of.
    harmless: bool,
    /// The emails it is about, to be read first.
    letters: Vec<Written>,
}

impl Confirm {
    /// A question that opens on Cancel.
    pub(crate) fn new(
        title: impl Into<String>,
        lines: Vec<String>,
        button: &'static str,
        on_confirmed: impl FnOnce(&mut State) -> Vec<Action> + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            lines,
            button,
            on_confirmed: Box::new(on_confirmed),
            name: None,
            focus: Focus::Cancel,
            harmless: false,
            letters: Vec::new(),
        }
    }

    /// Opens on the button: what it does can be undone.
    pub(crate) fn undoable(mut self) -> Self {
        self.focus = Focus::Act;
        self.harmless = true;
        self
    }

    /// Has these emails read from it before it is confirmed.
    pub(crate) fn with_letters(mut self, letters: Vec<Written>) -> Self {
        self.letters = letters;
        self
    }

    /// The emails it is about.
    pub(crate) fn letters(&self) -> &[Written] {
        &self.letters
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
    fn is_typing(&self) -> bool {
        self.focus == Focus::Name
    }

    /// The words of the button that Enter presses now.
    fn pressed_by_enter(&self) -> &'static str {
        match self.focus {
            Focus::Cancel => "cancel",
            Focus::Name | Focus::Act => self.button,
        }
    }

    /// Edits the name.
    fn type_key(&mut self, key: KeyEvent) -> bool {
        match &mut self.name {
            Some(name) if self.focus == Focus::Name => {
                let edited = name.typed.key(key);
                name.refused &= !edited;
                edited
            }
            _ => false,
        }
    }

    fn take_paste(&mut self, pasted: &str) {
        if let Some(name) = &mut self.name {
            name.typed.insert(pasted);
            name.refused = false;
            self.focus = Focus::Name;
        }
    }

    /// To the next part, or the one before, and round.
    fn turn(&mut self, forward: bool) {
        let stops: &[Focus] = match self.name {
            Some(_) => &[Focus::Name, Focus::Cancel, Focus::Act],
            None => &[Focus::Cancel, Focus::Act],
        };
        let here = stops.iter().position(|it| *it == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { stops.len() - 1 };
        self.focus = stops[(here + by) % stops.len()];
    }

    /// Presses what has the focus.
    fn press(&mut self) -> Pressed {
        if self.focus == Focus::Cancel {
            return Pressed::Cancelled;
        }
        let Some(name) = &mut self.name else {
            return Pressed::Confirmed;
        };
        if same(name.typed.value(), &name.wanted) {
            return Pressed::Confirmed;
        }
        name.refused = true;
        self.focus = Focus::Name;
        Pressed::Refused
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
        let usual = if self.harmless {
            theme::PLAIN
        } else {
            theme::BAD
        };
        let act = format!("{}[ {} ]", mark(Focus::Act), self.button);
        let cells = u16::try_from(text::width(&act)).unwrap_or(0);
        canvas.text_right(line, &act, style(Focus::Act, usual));
        let place = part(line, 0, line.width.saturating_sub(cells + 1));
        let cancel = format!("{}[ {CANCEL} ]", mark(Focus::Cancel));
        canvas.text_right(place, &cancel, style(Focus::Cancel, theme::PLAIN));
    }
}

impl fmt::Debug for Confirm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Confirm")
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

impl Pane for Confirm {
    fn places(&self, _: &State) -> Places {
        match self.is_typing() {
            true => Places::typing(Context::Confirm),
            false => Places::over_screen(Context::Confirm),
        }
    }

    fn draw(&self, _: &State, canvas: &mut Canvas<'_>, area: Rect) {
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

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let confirm = state.panes.top_as_mut::<Self>()?;
            match command {
                Command::Yes => return Some(press(state)),
                Command::NextField | Command::Right => confirm.turn(true),
                Command::PreviousField | Command::Left => confirm.turn(false),
                _ => return None,
            }
            Some(Vec::new())
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        Some(Hint::Words(match command {
            Command::Yes => self.pressed_by_enter(),
            Command::NextField if self.is_typing() => "buttons",
            Command::NextField => "other button",
            Command::Back => "cancel",
            _ => return None,
        }))
    }

    fn key(&mut self, key: KeyEvent) -> bool {
        self.type_key(key)
    }

    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        |state, pasted| {
            if let Some(confirm) = state.panes.top_as_mut::<Self>() {
                confirm.take_paste(pasted);
            }
            Vec::new()
        }
    }
}

/// Presses the button that has the focus.
fn press(state: &mut State) -> Vec<Action> {
    let Some(confirm) = state.panes.top_as_mut::<Confirm>() else {
        return Vec::new();
    };
    let pressed = confirm.press();
    if pressed == Pressed::Refused {
        return Vec::new();
    }
    match state.panes.pop_as::<Confirm>() {
        Some(confirm) if pressed == Pressed::Confirmed => (confirm.on_confirmed)(state),
        _ => Vec::new(),
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
        Confirm::new("Disconnect Zoom", Vec::new(), "Disconnect", |_| Vec::new())
    }

    /// Case U7: the key that opened it presses Cancel, however often.
    #[test]
    fn enter_alone_leaves_everything_as_it_is() {
        let mut confirm = disconnect();
        assert_eq!(confirm.press(), Pressed::Cancelled);
        confirm.turn(true);
        assert_eq!(confirm.press(), Pressed::Confirmed);
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
            confirm.type_key(KeyEvent::from(KeyCode::Char(letter)));
        }
        assert_eq!(confirm.press(), Pressed::Refused);
        confirm.type_key(KeyEvent::from(KeyCode::Char('z')));
        assert_eq!(confirm.press(), Pressed::Confirmed);
    }

    #[test]
    fn a_name_of_nothing_is_never_typed() {
        let mut confirm = disconnect().typed(" \u{200b}");
        assert_eq!(confirm.press(), Pressed::Refused);
    }
}
