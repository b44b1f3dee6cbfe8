//! Entries of one UID: a series, and the times of it that are otherwise.
//!
//! Owns which times a series has. Invariants: a time that another entry stands for is that entry's
//! alone; one that is excepted has none; where several entries claim the same place, all of the
//! latest version count, for what is doubtful is not free.

use std::collections::HashSet;

use super::Clocks;
use super::apart::{Apart, LocalSpan};
use super::civil::DAY;
use super::doubts::Doubts;
use super::entry::{Besides, Counts, Ends, Entry, Stamp, Time};
use super::goes_by::GoesBy;
use super::rule::{Budget, End, Rule, Until};
use super::zone::Zone;
use crate::schedule::ranges::Seconds;

/// The widest difference of a zone from UTC, and of two zones from each other.
pub(super) const WIDEST: i64 = 2 * DAY;

/// The time that entries of one UID take between two moments.
pub(super) struct Reading<'a> {
    pub clocks: &'a Clocks,
    pub span: Seconds,
    pub budget: &'a mut Budget,
    pub doubts: &'a mut Doubts,
    pub busy: &'a mut Vec<Seconds>,
    pub apart: &'a mut Apart,
    /// Of the entries that are read now.
    pub goes_by: GoesBy,
}

/// Times of a series, to be compared with those that it names.
#[derive(Default)]
struct Named {
    moments: HashSet<i64>,
    /// Local times without a zone, or with one nobody knows.
    locals: HashSet<i64>,
    days: HashSet<i64>,
}

/// One time of a series, in every way it may be named.
#[derive(Clone, Copy)]
struct At {
    moment: i64,
    local: i64,
}

impl Named {
    fn add(&mut self, time: &Time, clocks: &Clocks) {
        match time.stamp {
            Stamp::Date(day) => {
                self.days.insert(day);
            }
            Stamp::Local(local) if time.zone.is_none() => {
                self.locals.insert(local);
            }
            _ => {
                self.moments.insert(clocks.moment(time));
            }
        }
    }

    fn has(&self, at: At) -> bool {
        self.moments.contains(&at.moment)
            || self.locals.contains(&at.local)
            || self.days.contains(&at.local.div_euclid(DAY))
    }
}

/// From when another entry stands for what comes after, how much later that is, and the entry.
type Following<'e> = (i64, i64, &'e Entry<'e>);

/// How long each time of a series lasts: by the clock, then in seconds that pass.
#[derive(Clone, Copy)]
struct Length {
    clock: i64,
    seconds: i64,
}

impl Length {
    fn clock(seconds: i64) -> Self {
        Self {
            clock: seconds,
            seconds: 0,
        }
    }

    fn from(self, start: i64) -> LocalSpan {
        LocalSpan {
            start,
            clock: self.clock,
            seconds: self.seconds,
        }
    }

    /// No time of the series lasts longer.
    fn most(self) -> i64 {
        self.clock.abs() + self.seconds.abs()
    }
}

/// The clock of an entry, and its first time by it.
struct Local {
    zone: Zone,
    start: i64,
    timed: bool,
    length: Length,
}

impl Local {
    fn of(entry: &Entry<'_>, clocks: &Clocks) -> Self {
        let end_is_timed = match &entry.ends {
            Ends::At(end) => !matches!(end.stamp, Stamp::Date(_)),
            Ends::After { seconds, .. } => *seconds != 0,
            Ends::Unsaid => false,
        };
        let (zone, start, timed) = match (entry.start.stamp, &entry.ends) {
            // A date beside an end with an hour is its midnight by the end's clock.
            (Stamp::Date(day), Ends::At(end)) if end_is_timed => {
                (clocks.zone(end).clone(), day * DAY, true)
            }
            (Stamp::Date(day), _) => (clocks.days.clone(), day * DAY, false),
            (Stamp::Local(local), _) => (clocks.zone(&entry.start).clone(), local, true),
            (Stamp::Utc(utc), _) => {
                let zone = clocks.utc().clone();
                (zone.clone(), zone.to_local(utc), true)
            }
        };
        let length = match &entry.ends {
            Ends::At(end) => Length::clock(match end.stamp {
                Stamp::Date(day) => day * DAY - start,
                Stamp::Local(local) if end.named == entry.start.named => local - start,
                _ => zone.to_local(clocks.moment(end)) - start,
            }),
            Ends::After { days, seconds } => Length {
                clock: days * DAY,
                seconds: *seconds,
            },
            Ends::Unsaid if timed => Length::clock(0),
            Ends::Unsaid => Length::clock(DAY),
        };
        Self {
            zone,
            start,
            timed,
            length,
        }
    }
}

impl Reading<'_> {
    /// Reads the entries of one UID.
    pub(super) fn read(&mut self, entries: &[Entry<'_>]) {
        self.goes_by = GoesBy::of(entries, self.clocks);
        let mut instead = Named::default();
        for entry in entries {
            if let Some(time) = &entry.instead_of {
                instead.add(time, self.clocks);
            }
        }
        let firsts = || entries.iter().filter(|it| it.instead_of.is_none());
        let latest = firsts().map(|it| it.sequence).max().unwrap_or_default();
        let mut excepted = Named::default();
        for first in firsts().filter(|it| it.sequence == latest) {
            for time in &first.except {
                excepted.add(time, self.clocks);
            }
        }
        let following = self.following(entries);
        for first in firsts().filter(|it| it.sequence == latest) {
            self.series(first, &instead, &excepted, &following);
        }
        for (place, entry) in entries.iter().enumerate() {
            let Some(time) = &entry.instead_of else {
                continue;
            };
            let same = |other: &Entry<'_>| {
                let other_time = other.instead_of.as_ref();
                other_time.is_some_and(|it| self.is_same(it, time))
            };
            let others = entries.iter().enumerate();
            let newer = others
                .filter(|(other, _)| *other != place)
                .any(|(_, other)| other.sequence > entry.sequence && same(other));
            let at = self.at(time);
            let is_obsolete = entry.sequence < latest
                && (excepted.has(at) || entry.repeats() && !self.is_one_of(at, firsts(), latest));
            if !newer && !is_obsolete {
                self.once(entry);
            }
        }
    }

    /// The time that an entry stands for, in every way a series may name it.
    fn at(&self, time: &Time) -> At {
        let moment = self.clocks.moment(time);
        At {
            moment,
            local: match time.stamp {
                Stamp::Date(day) => day * DAY,
                Stamp::Local(local) => local,
                Stamp::Utc(_) => self.clocks.utc().to_local(moment),
            },
        }
    }

    /// Whether the latest version of a series has this time; where there is no series, it is no
    /// older than one.
    fn is_one_of<'e>(
        &mut self,
        at: At,
        firsts: impl Iterator<Item = &'e Entry<'e>>,
        latest: i64,
    ) -> bool {
        let mut firsts = firsts.filter(|it| it.sequence == latest);
        firsts.any(|entry| {
            let local = Local::of(entry, self.clocks);
            let at = match local.timed {
                true => local.zone.to_local(at.moment),
                false => at.local,
            };
            let named = |rule: &&_| {
                let rule = Rule::of(rule, local.start, local.timed);
                let until = rule.until.map(|it| until(it, &local));
                let mut found = false;
                rule.expand(local.start, (at, at), until, self.budget, |_| {
                    found = true;
                    false
                });
                found
            };
            local.start == at || entry.rules.iter().any(named)
        })
    }

    fn is_same(&self, one: &Time, other: &Time) -> bool {
        one.stamp == other.stamp && one.named == other.named
            || self.clocks.moment(one) == self.clocks.moment(other)
    }

    /// Entries that also stand for what comes after them, by when that is.
    fn following<'e>(&self, entries: &'e [Entry<'e>]) -> Vec<Following<'e>> {
        let following = entries.iter().filter(|it| it.and_after);
        let mut following: Vec<_> = following
            .filter_map(|it| {
                let from = self.clocks.moment(it.instead_of.as_ref()?);
                Some((from, self.clocks.moment(&it.start) - from, it))
            })
            .collect();
        following.sort_by_key(|(from, _, _)| *from);
        following
    }

    /// The times of a series, or the one time of an entry that does not repeat.
    fn series(
        &mut self,
        entry: &Entry<'_>,
        instead: &Named,
        excepted: &Named,
        following: &[Following<'_>],
    ) {
        let is_one = entry.rules.is_empty() && entry.besides.is_empty();
        if is_one && instead.is_empty() && excepted.is_empty() {
            return self.once(entry);
        }
        let local = Local::of(entry, self.clocks);
        let moved = following.iter().map(|(_, by, other)| {
            let length = Local::of(other, self.clocks).length.most();
            by.abs() + length
        });
        let reach = moved.max().unwrap_or_default().max(local.length.most()) + WIDEST;
        let near = (self.span.start - reach, self.span.end + reach);
        let mut locals = Vec::new();
        let mut last = None;
        for rule in &entry.rules {
            let rule = Rule::of(rule, local.start, local.timed);
            let until = rule.until.map(|it| until(it, &local));
            last = last.max(until);
            let end = rule.expand(local.start, near, until, self.budget, |time| {
                locals.push(time);
                true
            });
            self.doubts.bounded += u32::from(end == End::Bounded && entry.counts == Counts::Busy);
        }
        // The first time is one of the series, whether the rule names it or not.
        if last.is_none_or(|last| local.start <= last) {
            locals.push(local.start);
        }
        locals.sort_unstable();
        locals.dedup();
        for start in locals {
            let at = At {
                moment: local.zone.to_utc(start),
                local: start,
            };
            if instead.has(at) || excepted.has(at) {
                continue;
            }
            self.one_of(entry, &local, at, following);
        }
        for besides in &entry.besides {
            self.besides(entry, &local, besides, (instead, excepted), following);
        }
    }

    /// One time of a series, or what has taken its place from then on.
    fn one_of(&mut self, entry: &Entry<'_>, local: &Local, at: At, following: &[Following<'_>]) {
        let mut after = following.iter().rev();
        match after.find(|(from, _, _)| *from < at.moment) {
            None => {
                let span = local.length.from(at.local);
                let (_, end) = span.moments(&local.zone);
                self.take(entry, (at.moment, end), local.timed, span);
            }
            Some((_, by, other)) => {
                let moved = Local::of(other, self.clocks);
                let span = moved.length.from(moved.zone.to_local(at.moment + by));
                let (_, end) = span.moments(&moved.zone);
                self.take(other, (at.moment + by, end), moved.timed, span);
            }
        }
    }

    fn besides(
        &mut self,
        entry: &Entry<'_>,
        local: &Local,
        besides: &Besides,
        (instead, excepted): (&Named, &Named),
        following: &[Following<'_>],
    ) {
        let clocks = self.clocks;
        let moment = match besides.start.stamp {
            Stamp::Date(day) => local.zone.to_utc(day * DAY),
            _ => clocks.moment(&besides.start),
        };
        let at = At {
            moment,
            // As it is written, where it is by the same clock.
            local: match besides.start.stamp {
                Stamp::Date(day) => day * DAY,
                Stamp::Local(start) if self.goes_by == GoesBy::Owners => start,
                _ => local.zone.to_local(moment),
            },
        };
        if instead.has(at) || excepted.has(at) {
            return;
        }
        if !self.budget.time() {
            self.doubts.bounded += 1;
            return;
        }
        let length = match &besides.end {
            Some(Ends::At(end)) => {
                let end = match end.stamp {
                    Stamp::Date(day) => day * DAY,
                    Stamp::Local(end) if self.goes_by == GoesBy::Owners => end,
                    _ => local.zone.to_local(clocks.moment(end)),
                };
                Length::clock(end - at.local)
            }
            Some(Ends::After { days, seconds }) => Length {
                clock: days * DAY,
                seconds: *seconds,
            },
            _ => return self.one_of(entry, local, at, following),
        };
        let span = length.from(at.local);
        let end = match &besides.end {
            Some(Ends::At(end)) if self.goes_by != GoesBy::Owners => clocks.moment(end),
            _ => span.moments(&local.zone).1,
        };
        self.take(entry, (moment, end), local.timed, span);
    }

    /// An entry's own time.
    fn once(&mut self, entry: &Entry<'_>) {
        let local = Local::of(entry, self.clocks);
        let start = match entry.start.stamp {
            Stamp::Utc(utc) => utc,
            _ => local.zone.to_utc(local.start),
        };
        let span = local.length.from(local.start);
        let end = match &entry.ends {
            Ends::At(end)
                if local.timed
                    && !matches!(end.stamp, Stamp::Date(_))
                    && self.goes_by != GoesBy::Owners =>
            {
                self.clocks.moment(end)
            }
            _ => span.moments(&local.zone).1,
        };
        self.take(entry, (start, end), local.timed, span);
    }

    /// Takes time, if the entry does.
    fn take(&mut self, entry: &Entry<'_>, (start, end): (i64, i64), timed: bool, local: LocalSpan) {
        let (start, end) = match end < start {
            true => {
                self.doubts.backwards += u32::from(entry.counts == Counts::Busy);
                (end, start)
            }
            false => (start, end),
        };
        let is_busy = entry.counts == Counts::Busy;
        // By another clock it may be within what is asked about.
        let is_near = start < self.span.end + WIDEST && end > self.span.start - WIDEST;
        match self.goes_by {
            GoesBy::Owners if is_busy && local.is_near(&self.span) => self.apart.local.push(local),
            GoesBy::Both if is_busy && is_near => self.apart.is_mixed = true,
            _ => {}
        }
        let part = start.max(self.span.start)..end.min(self.span.end);
        if part.start >= part.end {
            return;
        }
        match entry.counts {
            Counts::Busy => {
                if self.goes_by == GoesBy::Others {
                    self.apart.fixed.push(part.clone());
                }
                self.busy.push(part);
            }
            Counts::Free if !timed => self.doubts.free_days += 1,
            Counts::Free | Counts::Not => {}
        }
    }
}

impl Named {
    fn is_empty(&self) -> bool {
        self.moments.is_empty() && self.locals.is_empty() && self.days.is_empty()
    }
}

/// Up to which local time a rule goes.
fn until(until: Until, local: &Local) -> i64 {
    match until {
        Until::Day(day) => day * DAY + DAY - 1,
        Until::Local(at) => at,
        // Of whole days the date counts, whatever the clock.
        Until::Utc(utc) if !local.timed => utc,
        Until::Utc(utc) => local.zone.to_local(utc),
    }
}
