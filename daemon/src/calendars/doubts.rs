//! What of a calendar could not be read, or is worth knowing.
//!
//! Invariant: what is counted here becomes one warning of a kind, however often it happened; text of
//! the calendar in it is short and harmless to show.

use std::collections::BTreeSet;

use greenroom_protocol::calendar::{CalendarWarning, WarningCode};
use greenroom_protocol::text::printable;

use super::MOST_ENTRIES;
use super::rule::MOST_TIMES;

/// Names of zones that a warning names.
const MOST_ZONES: usize = 3;

/// What could not be read, counted.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    pub unreadable: u32,
    pub times: u32,
    pub rules: u32,
    pub bounded: u32,
    pub backwards: u32,
    pub free_days: u32,
    pub too_many: bool,
    pub zones: BTreeSet<String>,
}

impl Doubts {
    /// Notes a zone that nobody knows.
    pub(super) fn zone(&mut self, name: &str) {
        if self.zones.len() <= MOST_ZONES {
            self.zones.insert(printable(name, 60));
        }
    }

    /// As warnings, in an order that does not depend on the calendar.
    pub(super) fn warnings(&self, is_cut_off: bool) -> Vec<CalendarWarning> {
        use WarningCode as W;
        let mut found = Vec::new();
        let mut warn = |code, is_so: bool, message: String| {
            if is_so {
                found.push(CalendarWarning { code, message });
            }
        };
        let some = |count: u32, one: &str, more: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {more}"),
        };
        let entries = |count| some(count, "entry", "entries");
        warn(
            W::CutOff,
            is_cut_off,
            "The calendar stops in the middle, so entries may be missing".to_owned(),
        );
        warn(
            W::UnreadableEntry,
            self.unreadable > 0,
            format!("{} without a readable time", entries(self.unreadable)),
        );
        warn(
            W::UnreadableTime,
            self.times > 0,
            format!("{} could not be read", some(self.times, "time", "times")),
        );
        warn(
            W::UnreadableRule,
            self.rules > 0,
            format!(
                "{} could not be read: such an entry counts once",
                some(self.rules, "repetition", "repetitions")
            ),
        );
        warn(
            W::TooManyOccurrences,
            self.bounded > 0,
            format!(
                "{} too often: only the first {MOST_TIMES} occurrences of one are read",
                some(self.bounded, "entry repeats", "entries repeat")
            ),
        );
        warn(
            W::TooManyEntries,
            self.too_many,
            format!("Only the first {MOST_ENTRIES} entries are read"),
        );
        let zones: Vec<_> = self
            .zones
            .iter()
            .take(MOST_ZONES)
            .map(|it| format!("`{it}`"))
            .collect();
        let more = if self.zones.len() > MOST_ZONES {
            " and others"
        } else {
            ""
        };
        warn(
            W::UnknownZone,
            !zones.is_empty(),
            format!(
                "Unknown time zone {}{more}: such times are read in the calendar's own",
                zones.join(", ")
            ),
        );
        warn(
            W::EndsBeforeItBegins,
            self.backwards > 0,
            format!(
                "{} before the start: both are swapped",
                some(self.backwards, "entry ends", "entries end")
            ),
        );
        warn(
            W::AllDayFree,
            self.free_days > 0,
            format!(
                "{} free and {} count as busy",
                some(
                    self.free_days,
                    "whole day is marked as",
                    "whole days are marked as"
                ),
                if self.free_days == 1 {
                    "doesn't"
                } else {
                    "don't"
                }
            ),
        );
        found
    }
}
