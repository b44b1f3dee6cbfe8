//! Some of many, from a list that opens.
//!
//! Owns the options and the order in which they were taken, which is the order they are shown in.
//! What was taken stays taken until the person leaves it out, also where it is no option any more;
//! only what was merely suggested gives way to what a person takes first.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::select::{draw_pick, drop_box, ranked};
use super::{Canvas, List, Pick, TextInput, part, rows};
use crate::keys::Command;
use crate::theme;

/// A field that takes several.
#[derive(Clone, Debug, Default)]
pub(crate) struct MultiSelect {
    picks: Vec<Pick>,
    taken: Vec<String>,
    /// What was taken stands there only as long as nobody chooses.
    suggested: bool,
    /// How those who are taken count, where that is chosen with them: one of so many ways.
    way: Option<Way>,
    open: Option<(TextInput, List)>,
}

#[derive(Clone, Copy, Debug)]
struct Way {
    chosen: usize,
    of: usize,
}

impl MultiSelect {
    pub(crate) fn new(picks: Vec<Pick>, taken: &[&str]) -> Self {
        let taken = taken.iter().map(|value| (*value).to_owned()).collect();
        Self {
            picks,
            taken,
            suggested: false,
            way: None,
            open: None,
        }
    }

    /// The same, where one of `of` ways in which they count is chosen with them.
    pub(crate) fn in_way(self, chosen: usize, of: usize) -> Self {
        Self {
            way: Some(Way { chosen, of }),
            ..self
        }
    }

    /// Which way was chosen, where there are several.
    pub(crate) fn way(&self) -> Option<usize> {
        self.way.map(|way| way.chosen)
    }

    /// Goes to the next way, or the one before, and round; false where there is one only.
    pub(crate) fn turn(&mut self, forward: bool) -> bool {
        let Some(way) = &mut self.way else {
            return false;
        };
        way.chosen = (way.chosen + if forward { 1 } else { way.of - 1 }) % way.of.max(1);
        true
    }

    /// The values taken, in order.
    pub(crate) fn taken(&self) -> &[String] {
        &self.taken
    }

    /// Takes these in the place of what was taken.
    pub(crate) fn take(&mut self, values: &[String]) {
        self.taken = values.to_vec();
        self.suggested = false;
    }

    /// The same, as long as nobody chooses anything: what a person takes first takes its place.
    pub(crate) fn suggest(&mut self, values: &[String]) {
        self.taken = values.to_vec();
        self.suggested = true;
    }

    /// Whether something was typed to narrow the open list.
    pub(crate) fn is_filtered(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|(typed, _)| !typed.is_empty())
    }

    /// Replaces the options and keeps what was taken: options may arrive late, and what is not
    /// among them is not lost by being looked at.
    pub(crate) fn refresh(&mut self, picks: Vec<Pick>) {
        self.picks = picks;
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(crate) fn open(&mut self) {
        self.open = Some(Default::default());
    }

    pub(crate) fn close(&mut self) {
        self.open = None;
    }

    /// Takes the selected option, or leaves it out again; the list stays open.
    pub(crate) fn toggle(&mut self) {
        let Some(value) = self.selected() else { return };
        let suggested = std::mem::take(&mut self.suggested);
        match self.taken.iter().position(|taken| *taken == value) {
            Some(at) => drop(self.taken.remove(at)),
            None => self.put(value, suggested),
        }
        self.widen();
    }

    /// Takes the selected option where it is not yet taken; false where nothing matches what was
    /// typed. The list stays open.
    pub(crate) fn add(&mut self) -> bool {
        let Some(value) = self.selected() else {
            return false;
        };
        let suggested = std::mem::take(&mut self.suggested);
        if suggested || !self.taken.contains(&value) {
            self.put(value, suggested);
        }
        self.widen();
        true
    }

    fn put(&mut self, value: String, suggested: bool) {
        if suggested {
            self.taken.clear();
        }
        self.taken.push(value);
    }

    /// The selected option of the open list.
    fn selected(&self) -> Option<String> {
        let (_, list) = self.open.as_ref()?;
        let matching = self.matching();
        let row = list.selected(matching.len())?;
        Some(self.picks[matching[row]].value.clone())
    }

    /// Lets the open list show everything again, with the same option selected.
    fn widen(&mut self) {
        let matching = self.matching();
        let Some((typed, list)) = &mut self.open else {
            return;
        };
        if typed.is_empty() {
            return;
        }
        if let Some(row) = list.selected(matching.len()) {
            list.select(matching[row]);
        }
        typed.set("");
    }

    pub(crate) fn go(&mut self, command: Command) -> bool {
        let len = self.matching().len();
        self.open
            .as_mut()
            .is_some_and(|(_, list)| list.go(command, len))
    }

    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let Some((typed, list)) = &mut self.open else {
            return false;
        };
        let edited = typed.key(key);
        if edited {
            list.select(0);
        }
        edited
    }

    pub(crate) fn paste(&mut self, pasted: &str) {
        if let Some((typed, _)) = &mut self.open {
            typed.insert(pasted);
        }
    }

    fn matching(&self) -> Vec<usize> {
        let typed = self.open.as_ref().map(|(typed, _)| typed.value());
        ranked(&self.picks, typed.unwrap_or_default())
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        let style = if focused {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        let name = |value: &String| self.picks.iter().find(|pick| pick.value == *value);
        let names: Vec<&str> = self
            .taken
            .iter()
            .filter_map(name)
            .map(|pick| pick.label.as_str())
            .collect();
        let words = part(row, 0, row.width.saturating_sub(2));
        if names.is_empty() {
            canvas.text(words, "none chosen", theme::DIM);
        } else {
            let unless = match self.suggested {
                true => ", unless you choose",
                false => "",
            };
            canvas.text(words, &format!("{}{unless}", names.join(", ")), style);
        }
        canvas.text(part(row, row.width.saturating_sub(1), 1), "+", style);
    }

    pub(crate) fn draw_open(&self, canvas: &mut Canvas<'_>, field: Rect) {
        let Some((typed, list)) = &self.open else {
            return;
        };
        let matching = self.matching();
        let inside = drop_box(canvas, field, matching.len(), typed);
        if matching.is_empty() {
            canvas.text(inside, "no matches", theme::DIM);
        }
        let visible = list.visible(matching.len(), inside.height);
        let selected = list.selected(matching.len());
        for (row, at) in rows(inside).zip(visible) {
            let Some(pick) = self.picks.get(matching[at]) else {
                continue;
            };
            let ticked = self.taken.contains(&pick.value);
            draw_pick(canvas, row, pick, selected == Some(at), Some(ticked));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_suggested_gives_way_to_the_first_choice() {
        let people: Vec<_> = ["dana", "sam", "lena"]
            .map(|name| Pick::new(name, name, ""))
            .into();
        let mut several = MultiSelect::new(people, &[]);
        several.suggest(&["dana".to_owned()]);
        several.open();
        for letter in "sa".chars() {
            several.key(KeyEvent::from(crossterm::event::KeyCode::Char(letter)));
        }
        assert!(several.add());
        assert_eq!(several.taken(), ["sam"]);
        for letter in "le".chars() {
            several.key(KeyEvent::from(crossterm::event::KeyCode::Char(letter)));
        }
        assert!(several.add() && several.add());
        assert_eq!(several.taken(), ["sam", "lena"], "and nobody twice");
    }

    #[test]
    fn people_are_taken_in_order_and_left_out_again() {
        let people = ["sam", "mina", "lena"]
            .map(|name| Pick::new(name, name, ""))
            .into();
        let mut several = MultiSelect::new(people, &["lena"]);
        several.open();
        several.toggle();
        several.go(Command::Down);
        several.toggle();
        assert_eq!(several.taken(), ["lena", "sam", "mina"]);
        several.toggle();
        assert_eq!(several.taken(), ["lena", "sam"]);
    }
}
