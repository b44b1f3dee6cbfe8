//! A line in which a time is written as people write it.
//!
//! Owns the text, the time it stands for once somebody who can read it has said so, and what the
//! arrows turn. Invariant: the time that stands there is the text's: a key that changes the text
//! takes the time away, and turning a part of the time writes the text anew. What is turned while
//! the time is awaited turns it when it comes, so keys mean the same however fast the answer is.
//! Cannot read.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{Span, Zoned};
use ratatui::layout::Rect;

use super::{Canvas, TextInput, times};
use crate::theme;

/// A time field.
#[derive(Clone, Debug)]
pub(crate) struct TimeInput {
    input: TextInput,
    time: Option<Zoned>,
    origin: Origin,
    /// The year that need not be written.
    year: i16,
    /// Said while nothing stands there.
    waits: &'static str,
    /// An answer is under way that says which time stands there.
    awaited: bool,
    /// What turns it then, in order.
    later: Vec<Turn>,
}

/// More turns than anybody makes before an answer comes; further ones are not kept.
const MOST_LATER: usize = 256;

/// What turns a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The part that the cursor is in, by so many steps.
    Here(i64),
    /// By so many days.
    Days(i64),
    /// By so many quarters of an hour.
    Quarters(i64),
}

/// Where the text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The program chose it, and may choose another.
    Suggested,
    /// The program wrote a time that a person chose, or that was there before. What is typed first
    /// takes its place.
    Written,
    /// A person typed it.
    Typed,
}

/// A part of a written time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
    Hour,
    Minute,
}

impl TimeInput {
    /// A field with a time in it; `None`: with none yet, so that one may be suggested. `year` need
    /// not be written.
    pub(crate) fn new(time: Option<Zoned>, year: i16) -> Self {
        let mut field = Self {
            input: TextInput::default(),
            time: None,
            origin: Origin::Suggested,
            year,
            waits: "",
            awaited: false,
            later: Vec::new(),
        };
        if let Some(time) = time {
            field.write(time);
        }
        field
    }

    /// What stands there, without blanks around it.
    pub(crate) fn value(&self) -> &str {
        self.input.value()
    }

    /// The time it stands for, where that is known.
    pub(crate) fn time(&self) -> Option<&Zoned> {
        self.time.as_ref()
    }

    /// Whether nobody chose it.
    pub(crate) fn is_suggested(&self) -> bool {
        self.origin == Origin::Suggested
    }

    /// Writes a time that a person chose.
    pub(crate) fn write(&mut self, time: Zoned) {
        self.await_nothing();
        self.put(time, Origin::Written);
    }

    /// Writes the time that a person asked for, and turns it by what was pressed meanwhile.
    pub(crate) fn write_awaited(&mut self, time: Zoned) {
        self.put(time, Origin::Written);
        self.turn_by_what_was_pressed();
    }

    /// Writes a time that nobody chose; `None`: there is none.
    pub(crate) fn suggest(&mut self, time: Option<Zoned>) {
        match time {
            Some(time) => self.put(time, Origin::Suggested),
            None => {
                self.input.set("");
                self.time = None;
            }
        }
    }

    /// Takes what the text was read as.
    pub(crate) fn read_as(&mut self, time: Zoned) {
        self.time = Some(time);
        self.turn_by_what_was_pressed();
    }

    /// Whether an answer is under way that says which time stands there. Where none comes any more,
    /// what was to be turned is dropped.
    pub(crate) fn awaits(&mut self, awaited: bool) {
        self.awaited = awaited;
        if !awaited {
            self.later.clear();
        }
    }

    fn await_nothing(&mut self) {
        self.awaits(false);
    }

    fn turn_by_what_was_pressed(&mut self) {
        self.awaited = false;
        for turn in std::mem::take(&mut self.later) {
            self.turn(turn);
        }
    }

    /// The text must be read again, as where the zone is another one.
    pub(crate) fn forget(&mut self) {
        self.time = None;
    }

    /// What is said while nothing stands there.
    pub(crate) fn waits_for(&mut self, words: &'static str) {
        self.waits = words;
    }

    /// What up and down turn it by.
    pub(crate) fn turns(&self) -> &'static str {
        match self.part() {
            Part::Day => "day",
            Part::Month => "month",
            Part::Year => "year",
            Part::Hour => "hour",
            Part::Minute => "15 min",
        }
    }

    /// Edits with a key; false when the key means nothing here.
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        let modified = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let plain = !key.modifiers.intersects(modified);
        match key.code {
            KeyCode::Up if plain => self.turn(Turn::Here(1)),
            KeyCode::Down if plain => self.turn(Turn::Here(-1)),
            KeyCode::PageUp if plain => self.turn(Turn::Days(-1)),
            KeyCode::PageDown if plain => self.turn(Turn::Days(1)),
            KeyCode::Char(_) | KeyCode::Backspace | KeyCode::Delete if plain => self.type_in(key),
            _ => self.edit(|input| input.key(key)),
        }
    }

    /// Takes everything away that stands there.
    pub(crate) fn clear(&mut self) {
        self.later.clear();
        self.input.set("");
        self.time = None;
        self.origin = Origin::Typed;
    }

    /// Nobody chose a time: one may be suggested.
    pub(crate) fn leave_open(&mut self) {
        self.suggest(None);
        self.origin = Origin::Suggested;
    }

    /// Takes a paste.
    pub(crate) fn insert(&mut self, pasted: &str) {
        self.replace_written();
        self.edit(|input| {
            input.insert(pasted);
            true
        });
    }

    /// What is typed takes the place of what the program wrote.
    fn type_in(&mut self, key: KeyEvent) -> bool {
        self.replace_written();
        self.edit(|input| input.key(key))
    }

    fn replace_written(&mut self) {
        if self.origin != Origin::Typed {
            self.clear();
        }
    }

    fn edit(&mut self, edit: impl FnOnce(&mut TextInput) -> bool) -> bool {
        let before = self.input.value().to_owned();
        let took = edit(&mut self.input);
        if took {
            // Moving about in it counts as editing it from now on.
            self.origin = Origin::Typed;
        }
        if self.input.value() != before {
            self.time = None;
            self.later.clear();
        }
        took
    }

    /// Turns the time, at once or when it comes; false where no time stands there or is awaited.
    pub(crate) fn turn(&mut self, turn: Turn) -> bool {
        if self.awaited {
            if self.later.len() < MOST_LATER {
                self.later.push(turn);
            }
            return true;
        }
        let Some(time) = &self.time else {
            return false;
        };
        let (part, steps) = match turn {
            Turn::Here(steps) => (self.part(), steps),
            Turn::Days(steps) => (Part::Day, steps),
            Turn::Quarters(steps) => (Part::Minute, steps),
        };
        let turned = match part {
            Part::Day => time.checked_add(Span::new().days(steps)),
            Part::Month => time.checked_add(Span::new().months(steps)),
            Part::Year => time.checked_add(Span::new().years(steps)),
            Part::Hour => time.checked_add(Span::new().hours(steps)),
            Part::Minute => Ok(times::quarter(time, steps)),
        };
        let turns = self.part();
        if let Ok(time) = turned {
            self.put(time, Origin::Written);
            let end = parts(self.input.value())
                .into_iter()
                .find_map(|(part, end)| (part == turns).then_some(end));
            self.input.go_to(end.unwrap_or(usize::MAX));
        }
        true
    }

    fn put(&mut self, time: Zoned, origin: Origin) {
        self.input.set(&times::written(&time, self.year));
        self.time = Some(time);
        self.origin = origin;
    }

    /// The part that the cursor is in.
    fn part(&self) -> Part {
        let written = |time| times::written(time, self.year) == self.input.value();
        if !self.time.as_ref().is_some_and(written) {
            return Part::Minute;
        }
        let cursor = self.input.cursor();
        let mut parts = parts(self.input.value()).into_iter();
        let part = parts.find(|(_, end)| cursor <= *end);
        part.map_or(Part::Minute, |(part, _)| part)
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        if self.input.is_empty() && !self.waits.is_empty() {
            canvas.text(row, self.waits, theme::DIM);
        }
        let style = match (focused, self.origin) {
            (false, _) => theme::PLAIN,
            (true, Origin::Typed) => theme::FIELD,
            (true, _) => theme::SELECTED.patch(theme::FIELD),
        };
        self.input.draw(canvas, row, style, focused);
    }
}

/// The parts of a written time, each with the character it ends before.
fn parts(written: &str) -> Vec<(Part, usize)> {
    // An instant with its offset: only its minute is turned.
    if written.contains('T') && written.contains('-') {
        return Vec::new();
    }
    let count = written.split(' ').count();
    let mut parts = Vec::new();
    let mut at = 0;
    for (place, word) in written.split(' ').enumerate() {
        let end = at + word.chars().count();
        if place + 1 == count {
            parts.push((Part::Hour, at + word.find(':').unwrap_or(0)));
            parts.push((Part::Minute, end));
            break;
        }
        let part = match place {
            0 | 1 => Part::Day,
            2 => Part::Month,
            _ => Part::Year,
        };
        parts.push((part, end));
        at = end + 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn thursday() -> Zoned {
        let at = date(2026, 12, 3).at(14, 0, 0, 0);
        at.in_tz("Europe/Berlin").unwrap()
    }

    fn press(field: &mut TimeInput, code: KeyCode) -> bool {
        field.key(KeyEvent::from(code))
    }

    fn typed(field: &mut TimeInput, text: &str) {
        for letter in text.chars() {
            press(field, KeyCode::Char(letter));
        }
    }

    #[test]
    fn what_is_typed_takes_the_place_of_what_was_written() {
        let mut field = TimeInput::new(Some(thursday()), 2026);
        assert_eq!(field.value(), "Thu 3 Dec 14:00");
        typed(&mut field, "fri 9am");
        assert_eq!(field.value(), "fri 9am");
        assert_eq!(field.time(), None, "nobody has read it yet");
        field.read_as(thursday());
        press(&mut field, KeyCode::Left);
        assert!(field.time().is_some(), "moving about changes nothing");
        press(&mut field, KeyCode::Backspace);
        assert_eq!(field.time(), None);
    }

    #[test]
    fn arrows_turn_the_part_that_the_cursor_is_in() {
        for (left, turns, up) in [
            (0, "15 min", "Thu 3 Dec 14:15"),
            (3, "hour", "Thu 3 Dec 15:00"),
            (6, "month", "Sun 3 Jan 2027 14:00"),
            (10, "day", "Fri 4 Dec 14:00"),
            (15, "day", "Fri 4 Dec 14:00"),
        ] {
            let mut field = TimeInput::new(Some(thursday()), 2026);
            for _ in 0..left {
                press(&mut field, KeyCode::Left);
            }
            assert_eq!(field.turns(), turns, "{left}");
            assert!(press(&mut field, KeyCode::Up));
            assert_eq!(field.value(), up);
            assert!(press(&mut field, KeyCode::Down));
            assert_eq!(field.value(), "Thu 3 Dec 14:00");
            assert_eq!(field.turns(), turns, "the cursor stays in its part");
        }
    }

    #[test]
    fn a_text_that_was_read_is_written_out_when_it_is_turned() {
        let mut field = TimeInput::new(None, 2026);
        typed(&mut field, "thu 2pm");
        assert!(!press(&mut field, KeyCode::Up), "no time stands there yet");
        field.read_as(thursday());
        assert!(press(&mut field, KeyCode::PageDown));
        assert_eq!(field.value(), "Fri 4 Dec 14:00");
    }

    #[test]
    fn what_is_turned_before_the_time_is_known_turns_it_then() {
        let mut field = TimeInput::new(None, 2026);
        typed(&mut field, "thu 2pm");
        field.awaits(true);
        assert!(press(&mut field, KeyCode::PageDown));
        assert!(field.turn(Turn::Quarters(-2)) && field.turn(Turn::Days(7)));
        assert_eq!((field.value(), field.time()), ("thu 2pm", None));
        field.read_as(thursday());
        assert_eq!(field.value(), "Fri 11 Dec 13:30");
        assert!(!field.awaited);

        // Not what was typed since, nor where no time comes.
        for ends in [typed as fn(&mut TimeInput, &str), |it, _| it.awaits(false)] {
            let mut field = TimeInput::new(None, 2026);
            typed(&mut field, "thu 2pm");
            field.awaits(true);
            assert!(press(&mut field, KeyCode::Up));
            ends(&mut field, "x");
            field.read_as(thursday());
            assert_eq!(field.time(), Some(&thursday()));
        }
    }

    #[test]
    fn a_suggestion_is_one_until_somebody_edits_it() {
        let mut field = TimeInput::new(None, 2026);
        field.suggest(Some(thursday()));
        assert!(field.is_suggested());
        press(&mut field, KeyCode::Up);
        assert!(!field.is_suggested());
        field.suggest(None);
        assert_eq!(field.value(), "");
    }

    #[test]
    fn a_time_that_comes_twice_is_written_with_its_offset() {
        let late = date(2026, 10, 25).at(2, 30, 0, 0);
        let first = late.in_tz("Europe/Berlin").unwrap();
        let field = TimeInput::new(Some(first.clone()), 2026);
        assert_eq!(field.value(), "2026-10-25T02:30:00+02:00");
        assert_eq!(field.turns(), "15 min");
    }

    proptest! {
        /// Whatever is pressed, what stands there as a time is the text's.
        #[test]
        fn the_time_is_always_the_texts(keys in proptest::collection::vec(0_u8..8, 0..40)) {
            let mut field = TimeInput::new(Some(thursday()), 2026);
            for key in keys {
                let code = match key {
                    0 => KeyCode::Up,
                    1 => KeyCode::Down,
                    2 => KeyCode::Left,
                    3 => KeyCode::PageDown,
                    4 => KeyCode::Backspace,
                    5 => KeyCode::Home,
                    6 => KeyCode::Char('2'),
                    _ => KeyCode::Right,
                };
                press(&mut field, code);
                let stands = field.time().map(|time| times::written(time, 2026));
                prop_assert!(stands.is_none_or(|it| it == field.value()));
            }
        }
    }
}
