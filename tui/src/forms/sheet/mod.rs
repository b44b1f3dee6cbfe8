//! A sheet of fields: focus, editing, errors.
//!
//! Owns where the keys of a form go. Invariant: exactly one shown field or one button has the
//! focus. What the fields mean, and what is sent, is each form's own.

mod draw;
mod field;

use crossterm::event::KeyEvent;
pub(crate) use field::{Entry, Field, Note};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::keys::Command;

/// How long a field shows that it does not take what was typed.
const FLASH: SignedDuration = SignedDuration::from_millis(400);

/// What a key or command did to a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Did {
    /// Nothing: it is for someone else.
    Nothing,
    /// The focus or an open list moved.
    Moved,
    /// A value may have changed.
    Edited,
    /// The person wants it sent.
    Send,
    /// The person wants to leave everything as it is.
    Leave,
}

/// Fields, and which of them has the keys.
#[derive(Clone, Debug)]
pub(crate) struct Sheet<N> {
    pub(crate) fields: Vec<Field<N>>,
    /// A field's index; behind the fields come the buttons.
    focus: usize,
    /// The button that changes nothing, where sending cannot be the first thing Enter comes to.
    keep: Option<&'static str>,
    /// Until when the focused field shows that it does not take what was typed.
    flash: Option<Timestamp>,
}

impl<N: Copy + PartialEq> Sheet<N> {
    pub(crate) fn new(fields: Vec<Field<N>>) -> Self {
        let focus = fields
            .iter()
            .position(|field| field.shown)
            .unwrap_or(fields.len());
        Self {
            fields,
            focus,
            keep: None,
            flash: None,
        }
    }

    pub(crate) fn field(&self, name: N) -> Option<&Field<N>> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(crate) fn field_mut(&mut self, name: N) -> Option<&mut Field<N>> {
        self.fields.iter_mut().find(|field| field.name == name)
    }

    /// What is written in a text field; empty when there is none.
    pub(crate) fn text(&self, name: N) -> &str {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Text(input)) => input.value(),
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

    /// The local time of a date and time field.
    pub(crate) fn moment(&self, name: N) -> Option<DateTime> {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Moment(moment)) => Some(moment.value()),
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

    /// Puts the focus on the first field with an error; false when there is none.
    pub(crate) fn focus_error(&mut self) -> bool {
        let wrong = |field: &Field<N>| {
            field
                .notes
                .iter()
                .any(|note| matches!(note, Note::Error(_)))
        };
        let found = self
            .fields
            .iter()
            .position(|field| field.shown && wrong(field));
        self.focus = found.unwrap_or(self.focus);
        found.is_some()
    }

    pub(crate) fn focused(&self) -> Option<&Field<N>> {
        self.fields.get(self.focus)
    }

    /// Chooses one of the words of a choice.
    pub(crate) fn choose(&mut self, name: N, at: usize) {
        if let Some(Entry::Choice(choice)) = self.field_mut(name).map(|field| &mut field.entry) {
            choice.choose(at);
        }
    }

    /// Puts the focus on a field.
    pub(crate) fn focus(&mut self, name: N) {
        if let Some(at) = self.fields.iter().position(|field| field.name == name) {
            self.focus = at;
        }
    }

    /// Leads away from the buttons, as a form does that opens again: the key that opened it must
    /// not press one.
    pub(crate) fn rewind(&mut self) {
        if self.focus >= self.fields.len() {
            let first = self.fields.iter().position(|field| field.shown);
            self.focus = first.unwrap_or(self.fields.len());
        }
    }

    /// Whether the person changed what a field holds.
    pub(crate) fn is_changed(&self, name: N) -> bool {
        self.field(name).is_some_and(Field::is_changed)
    }

    /// Whether they changed anything.
    pub(crate) fn is_changed_at_all(&self) -> bool {
        self.fields.iter().any(Field::is_changed)
    }

    /// Puts a button that changes nothing before the one that sends.
    pub(crate) fn keeping(mut self, words: &'static str) -> Self {
        self.keep = Some(words);
        self
    }

    /// The words of the button that changes nothing, and whether it has the focus.
    pub(crate) fn keep(&self) -> Option<(&'static str, bool)> {
        Some((self.keep?, self.focus == self.fields.len()))
    }

    /// Whether the button that sends has the focus.
    pub(crate) fn is_on_button(&self) -> bool {
        self.focus + 1 >= self.stops()
    }

    /// Fields and buttons.
    fn stops(&self) -> usize {
        self.fields.len() + 1 + usize::from(self.keep.is_some())
    }

    /// Shows for a moment that what has the focus does not take what was typed.
    pub(crate) fn flash(&mut self, now: Timestamp) {
        self.flash = now.checked_add(FLASH).ok();
    }

    /// Ends a flash that was seen.
    pub(crate) fn calm(&mut self, now: Timestamp) {
        self.flash.take_if(|until| *until <= now);
    }

    /// When the flash ends, while there is one.
    pub(crate) fn flashes_until(&self) -> Option<Timestamp> {
        self.flash
    }

    /// Whether a list hangs open.
    pub(crate) fn is_open(&self) -> bool {
        self.focused().is_some_and(|field| field.entry.is_open())
    }

    /// A key, before any command: text under the cursor comes first.
    pub(crate) fn key(&mut self, key: KeyEvent) -> Did {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return Did::Nothing;
        };
        if !field.edit(|entry| entry.key(key)) {
            return Did::Nothing;
        }
        field.notes.retain(|note| !matches!(note, Note::Error(_)));
        Did::Edited
    }

    pub(crate) fn paste(&mut self, pasted: &str) -> Did {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return Did::Nothing;
        };
        if !field.edit(|entry| entry.paste(pasted)) {
            return Did::Nothing;
        }
        field.notes.retain(|note| !matches!(note, Note::Error(_)));
        Did::Edited
    }

    /// A command that is about fields.
    pub(crate) fn command(&mut self, command: Command) -> Did {
        if self.is_open() {
            return self.in_open_list(command);
        }
        match command {
            Command::NextField => self.step(true),
            Command::PreviousField => self.step(false),
            Command::Submit => return Did::Send,
            Command::Enter if self.is_on_button() => return Did::Send,
            Command::Enter if self.keep().is_some_and(|(_, focused)| focused) => return Did::Leave,
            Command::Enter => self.enter(),
            _ => return Did::Nothing,
        }
        Did::Moved
    }

    fn in_open_list(&mut self, command: Command) -> Did {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return Did::Nothing;
        };
        match (command, &mut field.entry) {
            (Command::Back, entry) => entry.close(),
            (Command::Enter, Entry::Select(_) | Entry::MultiSelect(_)) => {
                if field.edit(take_selected) {
                    field.notes.retain(|note| !matches!(note, Note::Error(_)));
                    return Did::Edited;
                }
            }
            (Command::NextField, entry) => {
                entry.close();
                self.step(true);
            }
            (Command::PreviousField, entry) => {
                entry.close();
                self.step(false);
            }
            (other, entry) => {
                if !entry.go(other) {
                    return Did::Nothing;
                }
            }
        }
        Did::Moved
    }

    /// Enter opens what can be opened, and otherwise goes on.
    fn enter(&mut self) {
        match self
            .fields
            .get_mut(self.focus)
            .map(|field| &mut field.entry)
        {
            Some(Entry::Select(select)) => select.open(),
            Some(Entry::MultiSelect(several)) => several.open(),
            _ => self.step(true),
        }
    }

    /// To the next shown field, over the buttons, and round.
    fn step(&mut self, forward: bool) {
        let stops = self.stops();
        for _ in 0..stops {
            self.focus = (self.focus + if forward { 1 } else { stops - 1 }) % stops;
            if self.fields.get(self.focus).is_none_or(|field| field.shown) {
                return;
            }
        }
    }
}

/// Enter in an open list: takes the selected one.
fn take_selected(entry: &mut Entry) -> bool {
    match entry {
        Entry::Select(select) => select.take(),
        Entry::MultiSelect(several) => {
            several.toggle();
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;
    use crate::widgets::{Choice, Pick, Select};

    fn sheet() -> Sheet<&'static str> {
        let people = ["sam", "mina"].map(|name| Pick::new(name, name, "")).into();
        Sheet::new(vec![
            Field::new("name", "Name", Entry::text("")),
            Field::new(
                "kind",
                "Kind",
                Entry::Choice(Choice::new(&["Zoom", "Phone"], 0)),
            ),
            Field::new("host", "Host", Entry::Select(Select::new(people, None))),
        ])
    }

    #[test]
    fn tab_passes_hidden_fields_and_comes_round() {
        let mut sheet = sheet();
        sheet.show("kind", false);
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(sheet.focused().map(|field| field.name));
            sheet.command(Command::NextField);
        }
        assert_eq!(seen, [Some("name"), Some("host"), None, Some("name")]);
    }

    #[test]
    fn a_field_that_hides_keeps_what_was_typed_and_gives_the_focus_away() {
        let mut sheet = sheet();
        sheet.key(KeyEvent::from(KeyCode::Char('P')));
        sheet.show("name", false);
        assert_eq!(sheet.focused().unwrap().name, "kind");
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
        sheet.refuse("name", "a name is needed");
        assert!(sheet.focus_error());
        sheet.key(KeyEvent::from(KeyCode::Char('P')));
        assert!(!sheet.focus_error());
    }
}
