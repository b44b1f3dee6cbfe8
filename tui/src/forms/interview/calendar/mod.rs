//! The calendar to walk in, of every form that schedules.
//!
//! Owns the week that is shown, whether it shows who and why and how far that is read, and where its
//! cells were drawn last, for the mouse. Invariant: its layout follows from the window and from the hours of the people,
//! never from what is wrong with a time; every sign has a letter or a shape of its own, so nothing
//! is said by colour alone. Chooses nothing itself: where a step leads is decided in
//! [`super::timing`].

mod draw;
mod grid;
mod why;

use std::cell::Cell;

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::{BusyLane, Slot, Source};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use ratatui::layout::Position;

use self::grid::Layout;
use crate::keys::Command;
use crate::widgets::{Scroll, Turn, times};

/// A step in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To another time that works; where none is known, by a quarter of an hour or a day.
    Free(Way),
    /// To whatever time is there.
    ByHand(Turn),
    /// To nowhere: the time is marked, or no longer.
    Mark,
}

/// Which of the times that work a step leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The one before, and the one after.
    Earlier,
    Later,
    /// The nearest one of the day before that has any, and of the day after.
    DayBefore,
    DayAfter,
}

impl Way {
    /// Whether it leads to what comes later.
    pub(super) fn is_forward(self) -> bool {
        matches!(self, Self::Later | Self::DayAfter)
    }

    /// The same where it is not known which times work.
    pub(super) fn by_hand(self) -> Turn {
        match self {
            Self::Earlier => Turn::Quarters(-1),
            Self::Later => Turn::Quarters(1),
            Self::DayBefore => Turn::Days(-1),
            Self::DayAfter => Turn::Days(1),
        }
    }
}

/// What is shown in it.
pub(super) struct Seen<'a> {
    /// The time that stands in the form, where it is known.
    pub(super) chosen: Option<&'a Zoned>,
    pub(super) minutes: u32,
    /// Whose time it would take, in the week that is shown.
    pub(super) lanes: &'a [BusyLane],
    /// The times that work, in order; `None`: it is not known which do.
    pub(super) free: Option<&'a [Slot]>,
    /// The times that are marked, in order.
    pub(super) marks: Vec<Zoned>,
    /// Where it is known from who is busy elsewhere, and how old that is.
    pub(super) sources: &'a [Source],
    /// The interview that is moved: its own time is not in its way.
    pub(super) own: Option<InterviewId>,
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
    pub(super) focused: bool,
    /// The daemon is away: what is shown may have changed since.
    pub(super) stale: bool,
}

/// A calendar.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    /// The time that was known last: its week is shown.
    last: Option<Zoned>,
    /// Who and why is shown, and where the focus was before.
    why: Option<usize>,
    /// How far who and why is read.
    read: Scroll,
    drawn: Cell<Option<Drawn>>,
}

/// Where the cells of a week were drawn.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    layout: Layout,
    monday: Date,
}

/// The step that a command makes; `None` when it does not move.
pub(super) fn step(command: Command) -> Option<Step> {
    Some(match command {
        Command::Left => Step::Free(Way::DayBefore),
        Command::Right => Step::Free(Way::DayAfter),
        Command::Up => Step::Free(Way::Earlier),
        Command::Down => Step::Free(Way::Later),
        Command::PageUp | Command::PreviousWeek => Step::ByHand(Turn::Days(-7)),
        Command::PageDown | Command::NextWeek => Step::ByHand(Turn::Days(7)),
        Command::QuarterBefore => Step::ByHand(Turn::Quarters(-1)),
        Command::QuarterAfter => Step::ByHand(Turn::Quarters(1)),
        Command::DayBefore => Step::ByHand(Turn::Days(-1)),
        Command::DayAfter => Step::ByHand(Turn::Days(1)),
        Command::MarkTime => Step::Mark,
        _ => return None,
    })
}

/// The time that a turn leads to.
pub(super) fn turned(from: &Zoned, turn: Turn) -> Zoned {
    match turn {
        Turn::Quarters(steps) | Turn::Here(steps) => times::quarter(from, steps),
        Turn::Days(days) => {
            let moved = from.checked_add(Span::new().days(days));
            moved.unwrap_or_else(|_| from.clone())
        }
    }
}

impl Calendar {
    /// Shows the week of a time.
    pub(super) fn show(&mut self, time: Zoned) {
        if self.last.as_ref() != Some(&time) {
            self.read = Scroll::default();
        }
        self.last = Some(time);
    }

    /// Reads on in who and why; false where it is not shown, or all of it is.
    pub(super) fn read_on(&mut self, command: Command) -> bool {
        let pages = matches!(command, Command::PageUp | Command::PageDown);
        pages && self.shows_why() && !self.read.rest().is_empty() && self.read.go(command)
    }

    /// The Monday of the week that is shown; `today` where no time is known yet.
    pub(super) fn monday(&self, today: Date) -> Date {
        let shown = self.last.as_ref().map(Zoned::date);
        times::monday(shown.unwrap_or(today))
    }

    /// Where one begins while no time stands in the form: at the one that was known last, else at
    /// the next quarter of an hour.
    pub(super) fn beginning(&self, now: &Zoned) -> Zoned {
        let last = self.last.clone();
        last.unwrap_or_else(|| times::quarter(now, 1))
    }

    /// The time whose cell is at a place of the screen, and how many minutes the cell stands for.
    pub(super) fn hit(&self, at: Position, zone: &TimeZone) -> Option<(Zoned, i32)> {
        let Drawn { layout, monday } = self.drawn.get()?;
        let (day, minute, minutes) = layout.hit(at)?;
        let date = monday.checked_add(Span::new().days(day)).ok()?;
        let (hour, minute) = (minute / 60, minute % 60);
        let clock = date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
        Some((clock.to_zoned(zone.clone()).ok()?, minutes))
    }

    pub(super) fn shows_why(&self) -> bool {
        self.why.is_some()
    }

    /// Shows who and why, or shows it no longer. `focus` is where the focus is; comes back where it
    /// goes when nothing is shown any more.
    pub(super) fn toggle_why(&mut self, focus: usize, on_calendar: bool) -> Option<usize> {
        match self.why.take() {
            Some(before) if on_calendar => Some(before),
            Some(_) => Some(focus),
            None => {
                self.why = Some(focus);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
