//! A date and a time of day, edited part by part.
//!
//! Owns a local time that always exists in the calendar: typing digits or turning a part with the
//! arrows moves from one valid time to another. Whether that time exists in a zone (clocks change)
//! is for the daemon to say.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Span as Length;
use jiff::civil::DateTime;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::{Canvas, times};
use crate::theme;

/// Minutes that an arrow turns the minute by.
const STEP: i64 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
    Hour,
    Minute,
}

const PARTS: [Part; 5] = [Part::Day, Part::Month, Part::Year, Part::Hour, Part::Minute];

/// A date and time field.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    at: DateTime,
    part: usize,
    typed: String,
}

impl Moment {
    pub(crate) fn new(at: DateTime) -> Self {
        Self {
            at,
            part: 3,
            typed: String::new(),
        }
    }

    /// The local time that stands there.
    pub(crate) fn value(&self) -> DateTime {
        self.at
    }

    /// Edits with a key; false when this key does not edit (an arrow at either end leaves).
    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        if key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            return false;
        }
        match key.code {
            KeyCode::Left => self.go(false),
            KeyCode::Right | KeyCode::Char(' ' | ':') => self.go(true),
            KeyCode::Up | KeyCode::Char('+') => self.turn(1),
            KeyCode::Down | KeyCode::Char('-') => self.turn(-1),
            KeyCode::Char(digit @ '0'..='9') => self.digit(digit),
            KeyCode::Backspace => self.typed.clear(),
            _ => return false,
        }
        true
    }

    fn go(&mut self, forward: bool) {
        self.typed.clear();
        let next = if forward {
            self.part + 1
        } else {
            self.part.saturating_sub(1)
        };
        self.part = next.min(PARTS.len() - 1);
    }

    fn turn(&mut self, steps: i64) {
        self.typed.clear();
        let by = match PARTS[self.part] {
            Part::Day => Length::new().days(steps),
            Part::Month => Length::new().months(steps),
            Part::Year => Length::new().years(steps),
            Part::Hour => Length::new().hours(steps),
            Part::Minute => Length::new().minutes(steps * STEP),
        };
        self.at = self.at.checked_add(by).unwrap_or(self.at);
    }

    /// Takes a digit, and goes on to the next part when no other digit could follow.
    fn digit(&mut self, digit: char) {
        let part = PARTS[self.part];
        self.typed.push(digit);
        let Ok(number) = self.typed.parse::<i16>() else {
            self.typed.clear();
            return;
        };
        let (longest, top) = match part {
            Part::Day => (2, 31),
            Part::Month => (2, 12),
            Part::Year => (4, 9999),
            Part::Hour => (2, 23),
            Part::Minute => (2, 59),
        };
        let full = self.typed.len() == longest || number.saturating_mul(10) > top;
        // A year counts when it is whole: the year 2 is on nobody's mind.
        let whole = part != Part::Year || self.typed.len() == longest;
        if let Some(at) = with(self.at, part, number).filter(|_| whole) {
            self.at = at;
        }
        if full {
            self.typed.clear();
            self.part = (self.part + 1).min(PARTS.len() - 1);
        }
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        let date = self.at.date();
        let name = times::weekday(date.weekday());
        let month = times::short_day(date)
            .split(' ')
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        let mut line = Line::from(Span::raw(format!("{name} ")));
        let words = [
            format!("{:>2}", date.day()),
            month,
            date.year().to_string(),
            format!("{:02}", self.at.hour()),
            format!("{:02}", self.at.minute()),
        ];
        let behind = [" ", " ", "  ", ":", ""];
        let mut x = row.x + 4;
        for (at, (word, gap)) in words.iter().zip(behind).enumerate() {
            let here = focused && at == self.part;
            if here {
                canvas.set_cursor(Position { x, y: row.y });
            }
            let style = if here {
                theme::SELECTED.patch(theme::FIELD)
            } else {
                theme::PLAIN
            };
            line.push_span(Span::styled(word.clone(), style));
            line.push_span(gap);
            x = x.saturating_add(u16::try_from(word.len() + gap.len()).unwrap_or(0));
        }
        canvas.line(row, line);
    }
}

fn with(at: DateTime, part: Part, number: i16) -> Option<DateTime> {
    let small = i8::try_from(number).ok();
    let with = at.with();
    match part {
        Part::Day => with.day(small?),
        Part::Month => with.month(small?),
        Part::Year => with.year(number),
        Part::Hour => with.hour(small?),
        Part::Minute => with.minute(small?),
    }
    .build()
    .ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn typed(moment: &mut Moment, keys: &str) {
        for key in keys.chars() {
            moment.key(KeyEvent::from(KeyCode::Char(key)));
        }
    }

    #[test]
    fn a_time_is_typed_in_one_go() {
        let mut moment = Moment::new(date(2026, 11, 24).at(9, 0, 0, 0));
        typed(&mut moment, "1030");
        assert_eq!(moment.value(), date(2026, 11, 24).at(10, 30, 0, 0));
    }

    #[test]
    fn a_day_that_does_not_exist_changes_nothing() {
        let mut moment = Moment::new(date(2026, 11, 24).at(9, 0, 0, 0));
        for _ in 0..3 {
            moment.key(KeyEvent::from(KeyCode::Left));
        }
        typed(&mut moment, "31");
        assert_eq!(
            moment.value().day(),
            3,
            "30 November is the last: 31 was not taken"
        );
    }

    proptest! {
        #[test]
        fn no_key_leads_to_a_time_that_is_none(keys in "[0-9+: -]{0,60}", back in 0_usize..5) {
            let mut moment = Moment::new(date(2028, 2, 29).at(23, 59, 0, 0));
            for _ in 0..back {
                moment.key(KeyEvent::from(KeyCode::Left));
            }
            typed(&mut moment, &keys);
            prop_assert!(moment.value().date().year() > 0);
        }
    }
}
