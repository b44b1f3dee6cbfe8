//! One of many, from a list that opens: a dropdown.
//!
//! Owns the options, the chosen one, and while it is open what was typed to narrow the list.
//! Invariant: the chosen option is one of the options, or none.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Canvas, List, TextInput, below, part, row, rows, text};
use crate::keys::Command;
use crate::theme;

/// An option: what it stands for, and how it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    /// The value a form sends; never shown.
    pub(crate) value: String,
    /// The words for it.
    pub(crate) label: String,
    /// What else helps to choose, dim.
    pub(crate) note: String,
    /// It is shown, with why in the note, and can't be chosen.
    pub(crate) unavailable: bool,
}

impl Pick {
    pub(crate) fn new(value: &str, label: &str, note: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: text::clean(label),
            note: text::clean(note),
            unavailable: false,
        }
    }

    /// The same, which can't be chosen; the note says why.
    pub(crate) fn unavailable(self) -> Self {
        Self {
            unavailable: true,
            ..self
        }
    }
}

/// A dropdown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Select {
    picks: Vec<Pick>,
    chosen: Option<usize>,
    open: Option<Opened>,
}

#[derive(Clone, Debug, Default)]
struct Opened {
    typed: TextInput,
    list: List,
}

impl Select {
    /// A dropdown with `value` chosen, if it is there.
    pub(crate) fn new(picks: Vec<Pick>, value: Option<&str>) -> Self {
        let chosen = picks
            .iter()
            .position(|pick| Some(pick.value.as_str()) == value);
        Self {
            picks,
            chosen,
            open: None,
        }
    }

    /// Replaces the options and keeps what was chosen, if it is still there.
    pub(crate) fn refresh(&mut self, picks: Vec<Pick>) {
        let kept = self.chosen().map(|pick| pick.value.clone());
        self.chosen = picks
            .iter()
            .position(|pick| Some(&pick.value) == kept.as_ref());
        self.picks = picks;
    }

    pub(crate) fn chosen(&self) -> Option<&Pick> {
        self.picks.get(self.chosen?)
    }

    /// Chooses the option of that value.
    pub(crate) fn choose(&mut self, value: &str) {
        self.chosen = self.picks.iter().position(|pick| pick.value == value);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(crate) fn open(&mut self) {
        let mut opened = Opened::default();
        opened.list.select(self.chosen.unwrap_or(0));
        self.open = Some(opened);
    }

    pub(crate) fn close(&mut self) {
        self.open = None;
    }

    /// Takes the selected option and closes; false when nothing matches what was typed, or the option
    /// can't be chosen.
    pub(crate) fn take(&mut self) -> bool {
        let matching = self.matching();
        let Some(opened) = &self.open else {
            return false;
        };
        let Some(row) = opened.list.selected(matching.len()) else {
            return false;
        };
        let chosen = matching[row];
        if self.picks[chosen].unavailable {
            return false;
        }
        self.chosen = Some(chosen);
        self.open = None;
        true
    }

    /// Moves in the open list.
    pub(crate) fn go(&mut self, command: Command) -> bool {
        let len = self.matching().len();
        self.open
            .as_mut()
            .is_some_and(|opened| opened.list.go(command, len))
    }

    /// Narrows the open list with a key.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let Some(opened) = &mut self.open else {
            return false;
        };
        let edited = opened.typed.key(key);
        if edited {
            opened.list.select(0);
        }
        edited
    }

    /// Narrows the open list with a paste.
    pub(crate) fn paste(&mut self, pasted: &str) {
        if let Some(opened) = &mut self.open {
            opened.typed.insert(pasted);
        }
    }

    /// The options that hold every typed word, those that begin so first.
    fn matching(&self) -> Vec<usize> {
        let typed = self.open.as_ref().map(|opened| opened.typed.value());
        ranked(&self.picks, typed.unwrap_or_default())
    }

    /// Whether something was typed to narrow the open list.
    pub(crate) fn is_filtered(&self) -> bool {
        self.open.as_ref().is_some_and(|it| !it.typed.is_empty())
    }

    /// Draws the closed field.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        let style = if focused {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        let words = row.width.saturating_sub(2);
        match self.chosen() {
            Some(pick) => canvas.line(
                part(row, 0, words),
                Line::from(vec![
                    Span::styled(text::fit(&pick.label, usize::from(words)), style),
                    Span::styled(format!("  {}", pick.note), theme::DIM),
                ]),
            ),
            None => canvas.text(part(row, 0, words), "choose…", theme::DIM),
        }
        canvas.text(part(row, words + 1, 1), "▾", style);
    }

    /// Draws the open list under (or, with no room, over) its field.
    pub(crate) fn draw_open(&self, canvas: &mut Canvas<'_>, field: Rect) {
        let Some(opened) = &self.open else { return };
        let matching = self.matching();
        let inside = drop_box(canvas, field, matching.len(), &opened.typed);
        self.draw_picks(canvas, inside, opened, &matching);
    }

    /// Draws what was typed and the open list, over what is there.
    pub(crate) fn draw_list(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(opened) = &self.open else { return };
        let line = row(area, 0);
        if opened.typed.is_empty() {
            canvas.text(part(line, 2, line.width), "type to filter", theme::DIM);
        }
        canvas.text(part(line, 0, 2), "/", theme::SELECTED);
        opened
            .typed
            .draw(canvas, part(line, 2, line.width), theme::PLAIN, true);
        self.draw_picks(canvas, below(area, 2), opened, &self.matching());
    }

    fn draw_picks(
        &self,
        canvas: &mut Canvas<'_>,
        inside: Rect,
        opened: &Opened,
        matching: &[usize],
    ) {
        if matching.is_empty() {
            canvas.text(inside, "no matches", theme::DIM);
        }
        let visible = opened.list.visible(matching.len(), inside.height);
        let selected = opened.list.selected(matching.len());
        for (row, at) in rows(inside).zip(visible) {
            let Some(pick) = self.picks.get(matching[at]) else {
                continue;
            };
            draw_pick(canvas, row, pick, selected == Some(at), None);
        }
    }
}

/// The options that hold every typed word: those whose first word begins so, then those in which
/// another one does, then the others.
pub(super) fn ranked(picks: &[Pick], typed: &str) -> Vec<usize> {
    let wanted = text::fold(typed);
    let rank = |at: &usize| {
        let label = text::fold(&picks[*at].label);
        let mut words = label.split([' ', '/', '_', '-']);
        match words.position(|word| word.starts_with(&wanted)) {
            _ if label.starts_with(&wanted) => 0,
            Some(_) => 1,
            None => 2,
        }
    };
    let hit = |pick: &Pick| text::matches(&format!("{} {}", pick.label, pick.note), typed);
    let mut matching: Vec<usize> = (0..picks.len()).filter(|at| hit(&picks[*at])).collect();
    matching.sort_by_key(rank);
    matching
}

/// The box an open list hangs in, with what was typed as its title.
pub(super) fn drop_box(
    canvas: &mut Canvas<'_>,
    field: Rect,
    len: usize,
    typed: &TextInput,
) -> Rect {
    let frame = canvas.area();
    let want = u16::try_from(len.clamp(1, 8)).unwrap_or(8) + 2;
    let height = want.min(frame.height);
    let under = frame.bottom().saturating_sub(field.bottom());
    let y = if under >= height {
        field.bottom()
    } else {
        frame.bottom() - height
    };
    let x = field.x.saturating_sub(2);
    let width = (field.width + 4).min(frame.right().saturating_sub(x));
    let title = if typed.is_empty() {
        "type to filter"
    } else {
        typed.value()
    };
    canvas.boxed(
        Rect {
            x,
            y,
            width,
            height,
        },
        title,
    )
}

/// One option in an open list.
pub(super) fn draw_pick(
    canvas: &mut Canvas<'_>,
    row: Rect,
    pick: &Pick,
    selected: bool,
    ticked: Option<bool>,
) {
    let style = match (pick.unavailable, selected) {
        (true, _) => theme::DIM,
        (false, true) => theme::SELECTED,
        (false, false) => theme::PLAIN,
    };
    let tick = match ticked {
        Some(true) => "✓ ",
        Some(false) => "  ",
        None => "",
    };
    let mark = if selected { "▸ " } else { "  " };
    canvas.line(
        row,
        Line::from(vec![
            Span::styled(format!("{mark}{tick}{}", pick.label), style),
            Span::styled(format!("  {}", pick.note), theme::DIM),
        ]),
    );
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    fn zones() -> Vec<Pick> {
        ["Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo"]
            .map(|zone| Pick::new(zone, zone, ""))
            .into()
    }

    #[test]
    fn typing_narrows_and_enter_takes_the_first() {
        let mut select = Select::new(zones(), Some("Europe/Berlin"));
        select.open();
        for letter in "tok".chars() {
            select.key(KeyEvent::from(KeyCode::Char(letter)));
        }
        assert!(select.take());
        assert_eq!(select.chosen().unwrap().value, "Asia/Tokyo");
    }

    #[test]
    fn what_begins_as_it_was_typed_comes_first() {
        let names = ["Dana Mills", "Sam Ito", "Esi Adams", "Mina Okafor"];
        let people = names.map(|name| Pick::new(name, name, ""));
        let found = |typed| ranked(&people, typed);
        assert_eq!(found("m"), [3, 0, 1, 2]);
        assert_eq!(found("sam"), [1]);
        assert_eq!(found(""), [0, 1, 2, 3]);
    }

    #[test]
    fn nothing_that_matches_changes_nothing() {
        let mut select = Select::new(zones(), Some("Europe/Berlin"));
        select.open();
        select.key(KeyEvent::from(KeyCode::Char('%')));
        assert!(!select.take());
        select.close();
        assert_eq!(select.chosen().unwrap().value, "Europe/Berlin");
    }

    #[test]
    fn what_is_not_available_is_shown_and_not_taken() {
        let mut picks = zones();
        picks[1] = picks[1].clone().unavailable();
        let mut select = Select::new(picks, Some("Europe/Berlin"));
        select.open();
        select.go(Command::Down);
        assert!(!select.take());
        assert!(select.is_open());
        select.go(Command::Down);
        assert!(select.take());
        assert_eq!(select.chosen().unwrap().value, "Asia/Tokyo");
        // What was chosen before stays chosen where it is not available any more.
        let picks = zones().into_iter().map(Pick::unavailable);
        select.refresh(picks.collect());
        assert_eq!(select.chosen().unwrap().value, "Asia/Tokyo");
    }

    #[test]
    fn fresh_options_keep_the_choice() {
        let mut select = Select::new(zones(), Some("Asia/Tokyo"));
        select.refresh(zones().split_off(1));
        assert_eq!(select.chosen().unwrap().value, "Asia/Tokyo");
        select.refresh(Vec::new());
        assert!(select.chosen().is_none());
    }
}
