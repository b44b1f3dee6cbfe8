//! The fields of a form, whatever their keys: which of them has the focus, and where keys go.
//!
//! Owns the focus, the list that hangs open, and the flash. Invariant: exactly one shown field or
//! one button has the focus. Knows neither what the fields mean nor what they are called.

use crossterm::event::KeyEvent;
use jiff::{SignedDuration, Timestamp};

use super::{Entry, Field, Note};
use crate::keys::Command;
use crate::widgets::Copied;

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
pub(crate) struct Fields {
    pub(super) all: Vec<Field>,
    /// A field's index; behind the fields come the calendar, where there is one, and the buttons.
    pub(super) focus: usize,
    /// A calendar stands under the fields, and takes the focus after them.
    pub(super) has_calendar: bool,
    /// The button that changes nothing, where sending cannot be the first thing Enter comes to.
    keep: Option<&'static str>,
    /// Until when the focused field shows that it does not take what was typed.
    flash: Option<Timestamp>,
}

impl Fields {
    pub(super) fn new(all: Vec<Field>) -> Self {
        let first = all.iter().position(|field| field.shown);
        Self {
            focus: first.unwrap_or(all.len()),
            all,
            has_calendar: false,
            keep: None,
            flash: None,
        }
    }

    /// Whether they changed anything.
    pub(crate) fn is_changed_at_all(&self) -> bool {
        self.all.iter().any(Field::is_changed)
    }

    /// Puts a button that changes nothing before the one that sends.
    pub(super) fn keep_button(&mut self, words: &'static str) {
        self.keep = Some(words);
    }

    /// Puts the focus on the first field with an error; false when there is none.
    pub(crate) fn focus_error(&mut self) -> bool {
        let wrong = |field: &Field| {
            field
                .notes
                .iter()
                .any(|note| matches!(note, Note::Error(_)))
        };
        let found = self
            .all
            .iter()
            .position(|field| field.shown && wrong(field));
        self.focus = found.unwrap_or(self.focus);
        found.is_some()
    }

    /// How many there are, shown or hidden.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn focused(&self) -> Option<&Field> {
        self.all.get(self.focus)
    }

    /// Leads away from the buttons, as a form does that opens again: the key that opened it must
    /// not press one. A time that was emptied may be suggested again.
    pub(crate) fn rewind(&mut self) {
        for field in &mut self.all {
            if let Entry::Time(input) = &mut field.entry
                && input.value().is_empty()
            {
                input.leave_open();
            }
        }
        if self.focus >= self.all.len() {
            let first = self.all.iter().position(|field| field.shown);
            self.focus = first.unwrap_or(self.all.len());
        }
    }

    /// The words of the button that changes nothing, and whether it has the focus.
    pub(crate) fn keep(&self) -> Option<(&'static str, bool)> {
        let at = self.all.len() + usize::from(self.has_calendar);
        Some((self.keep?, self.focus == at))
    }

    /// Whether the button that sends has the focus.
    pub(crate) fn is_on_button(&self) -> bool {
        self.focus + 1 >= self.stops()
    }

    /// The focused field, where it is one that is copied.
    pub(crate) fn copied(&self) -> Option<(&'static str, &Copied)> {
        let field = self.focused()?;
        match &field.entry {
            Entry::Copied(copied) => Some((field.label, copied)),
            _ => None,
        }
    }

    /// Whether the calendar has the focus.
    pub(crate) fn is_on_calendar(&self) -> bool {
        self.has_calendar && self.focus == self.all.len()
    }

    /// Gives the calendar the focus, where there is one.
    pub(crate) fn focus_calendar(&mut self) {
        if self.has_calendar {
            self.close();
            self.focus = self.all.len();
        }
    }

    /// Where the focus is, to give it back with [`focus_to`](Self::focus_to).
    pub(crate) fn focus_at(&self) -> usize {
        self.focus
    }

    /// Gives the focus back to where it was, where that is still shown.
    pub(crate) fn focus_to(&mut self, at: usize) {
        if at < self.stops() && self.all.get(at).is_none_or(|field| field.shown) {
            self.close();
            self.focus = at;
        }
    }

    /// Gives the button that sends the focus.
    pub(crate) fn focus_button(&mut self) {
        self.close();
        self.focus = self.stops() - 1;
    }

    /// Closes the list that hangs open.
    pub(super) fn close(&mut self) {
        if let Some(field) = self.all.get_mut(self.focus) {
            field.entry.close();
        }
    }

    /// Fields, the calendar and buttons.
    fn stops(&self) -> usize {
        self.all.len() + 1 + usize::from(self.has_calendar) + usize::from(self.keep.is_some())
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
        let Some(field) = self.all.get_mut(self.focus) else {
            return Did::Nothing;
        };
        if !field.edit(|entry| entry.key(key)) {
            return Did::Nothing;
        }
        field.notes.retain(|note| !matches!(note, Note::Error(_)));
        Did::Edited
    }

    pub(crate) fn paste(&mut self, pasted: &str) -> Did {
        let Some(field) = self.all.get_mut(self.focus) else {
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
        let Some(field) = self.all.get_mut(self.focus) else {
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
            (Command::NextField | Command::PreviousField | Command::Submit, _) => {
                if !field.edit(Entry::take_typed) {
                    // What was typed is not thrown away.
                    return Did::Moved;
                }
                field.notes.retain(|note| !matches!(note, Note::Error(_)));
                match command {
                    Command::Submit => return Did::Send,
                    other => self.step(other == Command::NextField),
                }
                return Did::Edited;
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
        match self.all.get_mut(self.focus).map(|field| &mut field.entry) {
            Some(Entry::Select(select)) => select.open(),
            Some(Entry::MultiSelect(several)) => several.open(),
            _ => self.step(true),
        }
    }

    /// To the next shown field, over the buttons, and round.
    pub(super) fn step(&mut self, forward: bool) {
        let stops = self.stops();
        for _ in 0..stops {
            self.focus = (self.focus + if forward { 1 } else { stops - 1 }) % stops;
            if self.all.get(self.focus).is_none_or(|field| field.shown) {
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
