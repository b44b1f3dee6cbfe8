//! Whether a time is as a request states, and which of its wishes it does not meet.
//!
//! Invariant: what has to be is kept by every time that fits; a wish rules nothing out. Days and
//! hours of one breath are alternatives, those of different ones hold together, and everybody's own
//! hold for the times that have them.

use greenroom_protocol::conversation::{Stated, StatedWhen};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

/// What a request states, ready to be asked of many times.
pub struct Fits<'a> {
    stated: &'a [Stated],
    zone: &'a TimeZone,
}

/// How a time keeps to a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fit {
    /// It is as it has to be.
    pub fits: bool,
    /// The wishes that it does not meet, by their places.
    pub unmet: Vec<usize>,
}

/// A meeting.
#[derive(Clone, Copy)]
struct Meeting<'a> {
    start: Instant,
    end: Instant,
    /// Its day of the week, Monday is 1, and its minutes since that day's midnight.
    day: u8,
    from: i64,
    until: i64,
    takes_part: &'a dyn Fn(&str) -> bool,
}

impl<'a> Fits<'a> {
    /// `zone`: by whose clock hours are meant.
    #[must_use]
    pub fn new(stated: &'a [Stated], zone: &'a TimeZone) -> Self {
        Self { stated, zone }
    }

    /// How a meeting keeps to it. `takes_part`: whether somebody does, by their id.
    pub fn of(&self, start: Instant, end: Instant, takes_part: &dyn Fn(&str) -> bool) -> Fit {
        let local = start.timestamp().to_zoned(self.zone.clone());
        let day = u8::try_from(local.weekday().to_monday_one_offset()).unwrap_or(1);
        let from = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let meeting = Meeting {
            start,
            end,
            day,
            from,
            until: from + (end.second() - start.second()) / 60,
            takes_part,
        };
        let musts: Vec<&Stated> = self.stated.iter().filter(|it| it.must).collect();
        let fits = meeting.keeps(&musts);
        let mut unmet = Vec::new();
        for (place, wish) in self.stated.iter().enumerate().filter(|(_, it)| !it.must) {
            // Alternatives of one breath are one wish, told by its first.
            let is_of = |it: &&Stated| {
                !it.must && it.part == wish.part && it.not == wish.not && it.who == wish.who
            };
            let all: Vec<&Stated> = self.stated.iter().filter(is_of).collect();
            let is_first = all.first().is_some_and(|it| std::ptr::eq(*it, wish));
            if is_first && !meeting.keeps(&all) {
                unmet.push(place);
            }
        }
        Fit { fits, unmet }
    }
}

impl Meeting<'_> {
    /// Whether it keeps to all of these.
    fn keeps(&self, stated: &[&Stated]) -> bool {
        let counts =
            |it: &&&Stated| it.who.is_empty() || it.who.iter().any(|it| (self.takes_part)(it));
        let stated: Vec<&Stated> = stated.iter().filter(counts).copied().collect();
        let rules_out = |it: &&Stated| it.not && it.when.iter().any(|when| self.touches(when));
        if stated.iter().any(rules_out) {
            return false;
        }
        let positive = stated.iter().filter(|it| !it.not);
        let positive: Vec<&Stated> = positive.copied().collect();
        let mut whose: Vec<&[String]> = positive.iter().map(|it| it.who.as_slice()).collect();
        whose.sort_unstable();
        whose.dedup();
        whose.into_iter().all(|who| {
            let own: Vec<&Stated> = positive
                .iter()
                .filter(|it| it.who == who)
                .copied()
                .collect();
            self.in_dates(&own) && self.in_hours(&own)
        })
    }

    /// Stretches with a date are alternatives, whatever was said between them; those that are open
    /// on one side hold together.
    fn in_dates(&self, stated: &[&Stated]) -> bool {
        let dated = |it: &&StatedWhen| !matches!(it, StatedWhen::Hours { .. });
        let dates: Vec<&StatedWhen> = stated
            .iter()
            .flat_map(|it| &it.when)
            .filter(dated)
            .collect();
        let (open, closed): (Vec<_>, Vec<_>) = dates.into_iter().partition(|it| is_open(it));
        let in_closed = closed.is_empty() || closed.iter().any(|it| self.lies_in(it));
        in_closed && open.iter().all(|it| self.lies_in(it))
    }

    /// Hours of one breath: those that meet hold together, others are alternatives.
    fn in_hours(&self, stated: &[&Stated]) -> bool {
        let hours = |it: &&Stated| matches!(it.when.first(), Some(StatedWhen::Hours { .. }));
        let with_hours: Vec<&Stated> = stated.iter().filter(|it| hours(it)).copied().collect();
        let mut parts: Vec<u16> = with_hours.iter().map(|it| it.part).collect();
        parts.dedup();
        parts.into_iter().all(|part| {
            let of = with_hours.iter().filter(|it| it.part == part);
            let all: Vec<&StatedWhen> = of.flat_map(|it| &it.when).collect();
            match all.as_slice() {
                [one, other] if meet(one, other) => self.lies_in(one) && self.lies_in(other),
                _ => all.iter().any(|it| self.lies_in(it)),
            }
        })
    }

    /// The whole of it is then.
    fn lies_in(&self, when: &StatedWhen) -> bool {
        match when {
            StatedWhen::At { start } => self.start == *start,
            StatedWhen::Between { start, end } => *start <= self.start && self.end <= *end,
            StatedWhen::Hours { days, from, until } => {
                let on_day = days.is_empty() || days.contains(&self.day);
                let (from, until) = (i64::from(*from), i64::from(*until));
                on_day
                    && match from == until {
                        true => self.from == from,
                        false => from <= self.from && self.until <= until,
                    }
            }
        }
    }

    /// Some of it is then.
    fn touches(&self, when: &StatedWhen) -> bool {
        match when {
            StatedWhen::At { start } => self.start <= *start && *start < self.end,
            StatedWhen::Between { start, end } => self.start < *end && *start < self.end,
            StatedWhen::Hours { days, from, until } => {
                let on_day = days.is_empty() || days.contains(&self.day);
                let (from, until) = (i64::from(*from), i64::from(*until));
                on_day
                    && match from == until {
                        true => self.from <= from && from < self.until,
                        false => self.from < until && from < self.until,
                    }
            }
        }
    }
}

/// Whether a stretch is open on one side: nobody names one of more than a month.
fn is_open(when: &StatedWhen) -> bool {
    let StatedWhen::Between { start, end } = when else {
        return false;
    };
    end.second() - start.second() >= 50 * 24 * 3600
}

/// Whether two stretches of hours have a while in common.
fn meet(one: &StatedWhen, other: &StatedWhen) -> bool {
    match (one, other) {
        (
            StatedWhen::Hours { days, from, until },
            StatedWhen::Hours {
                days: others,
                from: begins,
                until: ends,
            },
        ) => {
            let days =
                days.is_empty() || others.is_empty() || days.iter().any(|it| others.contains(it));
            // One alone says on which days, or both say when on them.
            days && from < ends && begins < until
        }
        _ => false,
    }
}
