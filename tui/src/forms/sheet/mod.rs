//! A sheet of fields: a form's fields with keys of its own type.
//!
//! Owns the way from a key to its field; focus, editing and drawing are [`Fields`]'. What the
//! fields mean, and what is sent, is each form's own.

mod draw;
mod field;
mod fields;

use std::ops::{Deref, DerefMut};

pub(crate) use draw::time_cells;
pub(crate) use field::{Entry, Field, Note};
pub(crate) use fields::{Did, Fields};

use crate::widgets::TimeInput;

/// Fields, each with the key that its form knows it by.
#[derive(Clone, Debug)]
pub(crate) struct Sheet<N> {
    /// The keys, in the order of the fields.
    names: Vec<N>,
    fields: Fields,
}

impl<N: Copy + PartialEq> Sheet<N> {
    pub(crate) fn new(fields: Vec<(N, Field)>) -> Self {
        let (names, all) = fields.into_iter().unzip();
        Self {
            names,
            fields: Fields::new(all),
        }
    }

    /// The keys of the fields, in their order.
    pub(crate) fn names(&self) -> &[N] {
        &self.names
    }

    pub(crate) fn field(&self, name: N) -> Option<&Field> {
        self.fields.all.get(self.place(name)?)
    }

    pub(crate) fn field_mut(&mut self, name: N) -> Option<&mut Field> {
        let at = self.place(name)?;
        self.fields.all.get_mut(at)
    }

    /// What is written in a text field; empty when there is none.
    pub(crate) fn text(&self, name: N) -> &str {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Text(input)) => input.value(),
            Some(Entry::Area(area)) => area.value(),
            _ => "",
        }
    }

    /// The value chosen from a dropdown; empty when nothing is.
    pub(crate) fn chosen(&self, name: N) -> &str {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Select(select)) => select.chosen().map_or("", |pick| &pick.value),
            _ => "",
        }
    }

    /// Which of the words of a choice is chosen.
    pub(crate) fn choice(&self, name: N) -> usize {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Choice(choice)) => choice.chosen(),
            _ => 0,
        }
    }

    /// The values taken in a field of several.
    pub(crate) fn taken(&self, name: N) -> &[String] {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::MultiSelect(several)) => several.taken(),
            _ => &[],
        }
    }

    /// Which way was chosen with what is taken in a field of several, where there are several ways.
    pub(crate) fn way(&self, name: N) -> Option<usize> {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::MultiSelect(several)) => several.way(),
            _ => None,
        }
    }

    /// A time field.
    pub(crate) fn time(&self, name: N) -> Option<&TimeInput> {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Time(time)) => Some(time),
            _ => None,
        }
    }

    /// The same, to write in it.
    pub(crate) fn time_mut(&mut self, name: N) -> Option<&mut TimeInput> {
        match self.field_mut(name).map(|field| &mut field.entry) {
            Some(Entry::Time(time)) => Some(time),
            _ => None,
        }
    }

    /// Shows or hides a field; hidden, it keeps what it holds.
    pub(crate) fn show(&mut self, name: N, shown: bool) {
        if let Some(field) = self.field_mut(name) {
            field.shown = shown;
        }
        if self.focused().is_some_and(|field| !field.shown) {
            self.step(true);
        }
    }

    /// Replaces what is said beside a field.
    pub(crate) fn say(&mut self, name: N, notes: Vec<Note>) {
        if let Some(field) = self.field_mut(name) {
            field.notes = notes;
        }
    }

    /// Says that a field cannot be sent like this.
    pub(crate) fn refuse(&mut self, name: N, why: &str) {
        self.say(name, vec![Note::Error(why.to_owned())]);
    }

    /// Chooses one of the words of a choice.
    pub(crate) fn choose(&mut self, name: N, at: usize) {
        if let Some(Entry::Choice(choice)) = self.field_mut(name).map(|field| &mut field.entry) {
            choice.choose(at);
        }
    }

    /// Writes in a text field.
    pub(crate) fn set_text(&mut self, name: N, value: &str) {
        match self.field_mut(name).map(|field| &mut field.entry) {
            Some(Entry::Text(input)) => input.set(value),
            Some(Entry::Area(area)) => area.set(value),
            _ => {}
        }
    }

    /// Whether a field has the focus.
    pub(crate) fn is_on(&self, name: N) -> bool {
        self.place(name) == Some(self.fields.focus)
    }

    /// Puts the focus on a field.
    pub(crate) fn focus(&mut self, name: N) {
        self.fields.close();
        self.fields.focus = self.place(name).unwrap_or(self.fields.focus);
    }

    /// Puts the focus on a field with its list open, narrowed by a text.
    pub(crate) fn search(&mut self, name: N, typed: &str) {
        self.focus(name);
        if let Some(field) = self.field_mut(name) {
            field.entry.paste(typed);
        }
    }

    /// Whether the person changed what a field holds.
    pub(crate) fn is_changed(&self, name: N) -> bool {
        self.field(name).is_some_and(Field::is_changed)
    }

    /// Whether a field is there and shown.
    pub(crate) fn is_shown(&self, name: N) -> bool {
        self.field(name).is_some_and(|field| field.shown)
    }

    /// Puts a button that changes nothing before the one that sends.
    pub(crate) fn keeping(mut self, words: &'static str) -> Self {
        self.fields.keep_button(words);
        self
    }

    /// Lets what stands under the fields take the focus, too.
    pub(crate) fn over_calendar(mut self) -> Self {
        self.fields.has_calendar = true;
        self
    }

    fn place(&self, name: N) -> Option<usize> {
        self.names.iter().position(|other| *other == name)
    }
}

impl<N> Deref for Sheet<N> {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.fields
    }
}

impl<N> DerefMut for Sheet<N> {
    fn deref_mut(&mut self) -> &mut Fields {
        &mut self.fields
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent};

    use super::*;
    use crate::keys::Command;
    use crate::widgets::{Choice, Pick, Select};

    fn sheet() -> Sheet<&'static str> {
        let people = ["sam", "mina"].map(|name| Pick::new(name, name, "")).into();
        let kinds = Choice::new(&["Zoom", "Phone"], 0);
        let host = Select::new(people, None);
        Sheet::new(vec![
            ("name", Field::new("Name", Entry::text(""))),
            ("kind", Field::new("Kind", Entry::Choice(kinds))),
            ("host", Field::new("Host", Entry::Select(host))),
        ])
    }

    #[test]
    fn tab_passes_hidden_fields_and_comes_round() {
        let mut sheet = sheet();
        sheet.show("kind", false);
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(sheet.focused().map(|field| field.label));
            sheet.command(Command::NextField);
        }
        assert_eq!(seen, [Some("Name"), Some("Host"), None, Some("Name")]);
    }

    #[test]
    fn a_field_that_hides_keeps_what_was_typed_and_gives_the_focus_away() {
        let mut sheet = sheet();
        sheet.key(KeyEvent::from(KeyCode::Char('P')));
        sheet.show("name", false);
        assert_eq!(sheet.focused().unwrap().label, "Kind");
        assert_eq!(sheet.text("name"), "P");
    }

    #[test]
    fn escape_closes_an_open_list_before_anything_else() {
        let mut sheet = sheet();
        sheet.focus("host");
        sheet.command(Command::Enter);
        assert!(sheet.is_open());
        assert_eq!(sheet.command(Command::Back), Did::Moved);
        assert!(!sheet.is_open());
        assert_eq!(sheet.command(Command::Back), Did::Nothing);
    }

    /// Case U7: Enter, however often, comes to the button that changes nothing.
    #[test]
    fn enter_comes_to_the_button_that_changes_nothing_first() {
        let mut sheet = sheet().keeping("Keep it");
        sheet.focus("kind");
        sheet.show("host", false);
        assert_eq!(sheet.command(Command::Enter), Did::Moved);
        assert_eq!(sheet.command(Command::Enter), Did::Leave);
        assert_eq!(sheet.command(Command::NextField), Did::Moved);
        assert_eq!(sheet.command(Command::Enter), Did::Send);
    }

    /// Case U1: a closed list opens with the first character and is narrowed by it.
    #[test]
    fn a_closed_list_opens_as_one_types() {
        let mut sheet = sheet();
        sheet.focus("host");
        for letter in "mi".chars() {
            assert_eq!(
                sheet.key(KeyEvent::from(KeyCode::Char(letter))),
                Did::Edited
            );
        }
        assert!(sheet.is_open());
        sheet.command(Command::Enter);
        assert_eq!(sheet.chosen("host"), "mina");
    }

    #[test]
    fn typing_takes_an_error_away() {
        let mut sheet = sheet();
        sheet.refuse("name", "Enter a name");
        assert!(sheet.focus_error());
        sheet.key(KeyEvent::from(KeyCode::Char('P')));
        assert!(!sheet.focus_error());
    }
}
