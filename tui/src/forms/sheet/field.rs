//! One field of a form: a label, something to fill in, and what there is to say about it.

use crossterm::event::KeyEvent;
use jiff::Zoned;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::keys::{Chord, Command};
use crate::theme;
use crate::widgets::{
    Canvas, Choice, Copied, MultiSelect, SecretInput, Select, TextArea, TextInput, TimeInput, text,
};

/// What fills a field.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    Text(TextInput),
    Area(TextArea),
    Choice(Choice),
    Select(Select),
    MultiSelect(MultiSelect),
    Time(TimeInput),
    /// Copied elsewhere, and never changed.
    Copied(Copied),
    /// A password.
    Secret(SecretInput),
}

/// What is said beside a field before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Worth knowing.
    Hint(String),
    /// May be done nevertheless.
    Advice(String),
    /// Cannot be done like this.
    Error(String),
}

impl Note {
    /// Whether it can be sent all the same.
    pub(crate) fn is_no_error(&self) -> bool {
        !matches!(self, Self::Error(_))
    }

    /// In lines of at most `cells` cells.
    fn wrapped(&self, cells: u16) -> Vec<(String, Style)> {
        let (words, style) = match self {
            Self::Hint(words) => (words.clone(), theme::DIM),
            Self::Advice(words) => (format!("! {words}"), theme::WAIT),
            Self::Error(words) => (format!("✗ {words}"), theme::BAD),
        };
        let lines = text::wrap(&words, usize::from(cells)).into_iter();
        lines.map(|line| (line, style)).collect()
    }
}

/// A field; what it is called is its form's own.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) label: &'static str,
    pub(crate) entry: Entry,
    /// Hidden fields keep what was typed in them.
    pub(crate) shown: bool,
    /// A few words beside what is filled in.
    pub(crate) aside: Option<String>,
    pub(crate) notes: Vec<Note>,
    /// Rows that its remarks always take, so that what stands below stays where it is. `None`: as
    /// many as there are.
    pub(crate) reserved: Option<u16>,
    /// What it held when the form was made.
    opened: String,
    /// The person changed it, and not only what it can be chosen from.
    edited: bool,
}

impl Field {
    pub(crate) fn new(label: &'static str, entry: Entry) -> Self {
        Self {
            label,
            opened: entry.holds(),
            entry,
            shown: true,
            aside: None,
            notes: Vec::new(),
            reserved: None,
            edited: false,
        }
    }

    /// Whether the person made something else of it than it held when the form was made. Options
    /// that come and go under it change nothing.
    pub(crate) fn is_changed(&self) -> bool {
        self.edited && self.entry.holds() != self.opened
    }

    /// Writes a time that the person chose elsewhere in the form.
    pub(crate) fn write(&mut self, time: Zoned) {
        self.edit(|entry| {
            if let Entry::Time(input) = entry {
                input.write(time);
            }
            true
        });
        self.notes.retain(|note| !matches!(note, Note::Error(_)));
    }

    /// Puts a text there as if the person had typed it.
    pub(crate) fn write_text(&mut self, text: &str) {
        self.edit(|entry| {
            if let Entry::Time(input) = entry {
                input.clear();
            }
            entry.paste(text)
        });
    }

    /// Lets the person edit; false when that meant nothing to the field.
    pub(super) fn edit(&mut self, edit: impl FnOnce(&mut Entry) -> bool) -> bool {
        let before = self.entry.holds();
        let took = edit(&mut self.entry);
        self.edited |= self.entry.holds() != before;
        took
    }

    /// Puts one remark beside the field.
    pub(crate) fn hint(mut self, words: &str) -> Self {
        self.notes.push(Note::Hint(words.to_owned()));
        self
    }

    /// Puts a few words, such as a unit, behind what is filled in.
    pub(crate) fn unit(mut self, words: &str) -> Self {
        self.aside = Some(words.to_owned());
        self
    }

    /// The remarks in lines of at most `cells` cells.
    pub(crate) fn remarks(&self, cells: u16) -> Vec<(String, Style)> {
        let wrapped = |note: &Note| note.wrapped(cells);
        let mut lines: Vec<_> = self.notes.iter().flat_map(wrapped).collect();
        if let Some(rows) = self.reserved {
            let rows = usize::from(rows);
            let more = (lines.len() + 1).saturating_sub(rows);
            if lines.len() > rows && rows > 0 {
                lines.truncate(rows - 1);
                lines.push((format!("… {more} more lines: F2 shows all"), theme::WAIT));
            }
            lines.resize(rows, (String::new(), theme::PLAIN));
        }
        lines
    }

    /// Lines that remarks take where each has at most `cells` cells.
    pub(crate) fn lines(notes: &[Note], cells: u16) -> usize {
        notes.iter().map(|note| note.wrapped(cells).len()).sum()
    }

    /// The same, keeping this many rows for remarks.
    pub(crate) fn reserving(mut self, rows: u16) -> Self {
        self.reserved = Some(rows);
        self
    }
}

impl Entry {
    pub(crate) fn text(value: &str) -> Self {
        Self::Text(TextInput::new(value))
    }

    /// A text of several lines.
    pub(crate) fn area(value: &str) -> Self {
        Self::Area(TextArea::new(value))
    }

    /// Rows that it takes.
    pub(crate) fn rows(&self) -> u16 {
        match self {
            Self::Area(_) => TextArea::ROWS,
            _ => 1,
        }
    }

    /// What it holds, to be compared.
    fn holds(&self) -> String {
        match self {
            Self::Text(input) => input.value().to_owned(),
            Self::Area(area) => area.value().to_owned(),
            Self::Choice(choice) => choice.chosen().to_string(),
            Self::Select(select) => select
                .chosen()
                .map(|pick| pick.value.clone())
                .unwrap_or_default(),
            Self::MultiSelect(several) => {
                let way = several.way().map(|way| format!("{way}\n"));
                way.unwrap_or_default() + &several.taken().join("\n")
            }
            Self::Time(time) => time.value().to_owned(),
            Self::Copied(copied) => copied.value().to_owned(),
            // What is compared is kept, and a secret is not kept twice.
            Self::Secret(secret) if secret.is_empty() => String::new(),
            Self::Secret(_) => "typed".to_owned(),
        }
    }

    /// Whether a list hangs open from it.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Select(select) => select.is_open(),
            Self::MultiSelect(several) => several.is_open(),
            _ => false,
        }
    }

    pub(crate) fn close(&mut self) {
        match self {
            Self::Select(select) => select.close(),
            Self::MultiSelect(several) => several.close(),
            _ => {}
        }
    }

    /// Edits with a key; false when the key means nothing to this field. A closed list opens with
    /// the first character, and what is typed narrows it.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        use crossterm::event::KeyCode as K;
        let plain = Chord::from(key).is_text();
        match (self, key.code) {
            (Self::Text(input), _) => input.key(key),
            (Self::Area(area), _) => area.key(key),
            (Self::Time(time), _) => time.key(key),
            (Self::Secret(secret), _) => secret.key(key),
            (Self::Choice(choice), K::Left) => turn(choice, false),
            (Self::Choice(choice), K::Right) => turn(choice, true),
            (Self::Choice(choice), K::Char(' ')) if plain => turn(choice, true),
            (Self::MultiSelect(several), K::Left) if !several.is_open() => several.turn(false),
            (Self::MultiSelect(several), K::Right) if !several.is_open() => several.turn(true),
            (Self::MultiSelect(several), K::Char(' ')) if plain && several.is_open() => {
                several.toggle();
                true
            }
            (Self::MultiSelect(several), K::Char(',')) if plain && several.is_open() => {
                several.add();
                true
            }
            (Self::Select(select), _) if select.is_open() => select.key(key),
            (Self::MultiSelect(several), _) if several.is_open() => several.key(key),
            (Self::Select(select), K::Char(' ')) if plain => {
                select.open();
                true
            }
            (Self::MultiSelect(several), K::Char(' ')) if plain => {
                several.open();
                true
            }
            (Self::Select(select), K::Char(_)) if plain => {
                select.open();
                select.key(key)
            }
            (Self::MultiSelect(several), K::Char(_)) if plain => {
                several.open();
                several.key(key)
            }
            _ => false,
        }
    }

    /// Takes what was typed for in an open list, and closes it; false where something was typed that
    /// nothing matches. Where nothing was typed, nothing is taken.
    pub(crate) fn take_typed(&mut self) -> bool {
        let took = match self {
            Self::Select(select) if select.is_filtered() => select.take(),
            Self::MultiSelect(several) if several.is_filtered() => several.add(),
            _ => true,
        };
        if took {
            self.close();
        }
        took
    }

    /// Takes a paste; false when this field takes none.
    pub(crate) fn paste(&mut self, pasted: &str) -> bool {
        match self {
            Self::Text(input) => input.insert(pasted),
            Self::Area(area) => area.insert(pasted),
            Self::Select(select) => {
                if !select.is_open() {
                    select.open();
                }
                select.paste(pasted);
            }
            Self::MultiSelect(several) => {
                if !several.is_open() {
                    several.open();
                }
                several.paste(pasted);
            }
            Self::Time(time) => time.insert(pasted),
            Self::Secret(secret) => secret.insert(pasted),
            Self::Choice(_) | Self::Copied(_) => return false,
        }
        true
    }

    /// Moves in an open list.
    pub(crate) fn go(&mut self, command: Command) -> bool {
        match self {
            Self::Select(select) => select.go(command),
            Self::MultiSelect(several) => several.go(command),
            _ => false,
        }
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        match self {
            Self::Text(input) => {
                let style = if focused { theme::FIELD } else { theme::PLAIN };
                input.draw(canvas, row, style, focused);
            }
            Self::Area(area) => {
                let style = if focused { theme::FIELD } else { theme::PLAIN };
                area.draw(canvas, row, style, focused);
            }
            Self::Choice(choice) => choice.draw(canvas, row, focused),
            Self::Select(select) => select.draw(canvas, row, focused),
            Self::MultiSelect(several) => several.draw(canvas, row, focused),
            Self::Time(time) => time.draw(canvas, row, focused),
            Self::Copied(copied) => copied.draw(canvas, row, focused),
            Self::Secret(secret) => {
                let style = if focused { theme::FIELD } else { theme::PLAIN };
                secret.draw(canvas, row, style, focused);
            }
        }
    }

    pub(crate) fn draw_open(&self, canvas: &mut Canvas<'_>, row: Rect) {
        match self {
            Self::Select(select) => select.draw_open(canvas, row),
            Self::MultiSelect(several) => several.draw_open(canvas, row),
            _ => {}
        }
    }
}

fn turn(choice: &mut Choice, forward: bool) -> bool {
    choice.turn(forward);
    true
}
