//! What a day, a clock or a part of a day makes of the entry before it, or a new one.
//!
//! Owns when two of them are one entry: a range, a day in two words, an hour with its half of the
//! day. Must not look ahead.

use crate::schedule::reading::said;
use crate::schedule::reading::said::{Clock, Day, Half, Link, Part, Which};

use super::run::Run;
use super::share::{merge, ranges, within_part};
use super::{DayTime, Days, Entry, Hull, Joint, Relation, TimeSaid, What};

impl Run<'_> {
    pub(super) fn day(&mut self, day: Day, hull: Hull) {
        // "We are closed on Mondays" says when, but proposes no time.
        self.strong |= !day.weak || (self.anchored && day.which != Which::Each);
        self.hour_meant = true;
        let (to, joint) = (self.to, self.joint);
        if to.is_some() && joint == Joint::Near {
            match self.entries.last_mut().map(|it| &mut it.what) {
                Some(What::Days(days)) if days.until.is_none() && ranges(&days.day, &day) => {
                    days.until = Some(day);
                    days.hull.1 = hull.1;
                    self.strong = true;
                    self.taken();
                    return;
                }
                Some(What::Time(time)) if time.end.is_none() && to == Some(Link::To) => {
                    self.end_day = Some((day, hull));
                    self.taken();
                    return;
                }
                _ => {}
            }
        }
        // "Tuesday through Thursday next week"
        if self.relation == Relation::None
            && joint == Joint::Near
            && let Some(Entry {
                what: What::Days(days),
                ..
            }) = self.entries.last_mut()
            && let Some(until) = &mut days.until
            && let Some(merged) = merge(until, &day, joint, self.goes_on, self.frame)
        {
            *until = merged;
            days.hull.1 = hull.1;
            self.taken();
            return;
        }
        if (self.relation == Relation::None || self.is_from_span(&day))
            && joint <= Joint::Comma
            && let Some(Entry {
                what: What::Days(days),
                ..
            }) = self.entries.last_mut()
            && days.until.is_none()
            && let Some(merged) = merge(&days.day, &day, joint, self.goes_on, self.frame)
        {
            days.day = merged;
            days.hull.1 = hull.1;
            self.strong = true;
            self.taken();
            return;
        }
        let dash = to.is_some();
        let (joint, relation, at) = self.taken();
        let joint = if dash && joint == Joint::Near && !self.entries.is_empty() {
            Joint::Line
        } else {
            joint
        };
        let hull = (at.unwrap_or(hull.0).min(hull.0), hull.1);
        let days = Days {
            day,
            until: None,
            relation,
            hull,
        };
        self.push(What::Days(days), joint);
    }

    /// "Sunday from last week"
    fn is_from_span(&self, day: &Day) -> bool {
        let span = day.within.is_some() && day.weekday.is_none() && day.date.is_none();
        let weekday = matches!(
            self.entries.last().map(|it| &it.what),
            Some(What::Days(days)) if days.day.weekday.is_some() && days.day.date.is_none()
        );
        self.relation == Relation::From && span && weekday
    }

    fn time(&mut self, start: TimeSaid, hull: Hull) {
        let dash_at_line = self.to.is_some() && self.entries.is_empty();
        if self.until {
            self.relation = Relation::Until;
        }
        let (joint, relation, at) = self.taken();
        let joint = if dash_at_line { Joint::Near } else { joint };
        let mut hull = (at.unwrap_or(hull.0).min(hull.0), hull.1);
        let zone = self.zone.take().map(|(zone, before)| {
            hull.0 = hull.0.min(before.0);
            zone
        });
        let time = DayTime {
            start,
            end: None,
            end_day: None,
            hint: None,
            relation,
            zone,
            minutes: self.minutes.take(),
            hull,
        };
        self.push(What::Time(time), joint);
    }

    pub(super) fn clock(&mut self, clock: Clock, hull: Hull) {
        let year = clock.or_year && !self.hour_meant;
        match year {
            true => self.strong &= !self.entries.is_empty(),
            false => self.strong |= !clock.weak || self.anchored,
        }
        let mut clock = clock;
        if let Some(Entry {
            what: What::Days(days),
            ..
        }) = self.entries.last()
            && days.day.iso
            && self.joint == Joint::Near
            && clock.half == Half::Unknown
        {
            clock.half = Half::Known;
        }
        let near = self.joint == Joint::Near;
        if let Some((day, _)) = self.end_day.take_if(|_| near) {
            if let Some(Entry {
                what: What::Time(time),
                ..
            }) = self.entries.last_mut()
            {
                time.end = Some(TimeSaid::Clock(clock));
                time.end_day = Some(day);
                time.hull.1 = hull.1;
            }
            self.taken();
            return;
        }
        let ranged = self.to.is_some() && near;
        match self.entries.last_mut().map(|it| &mut it.what) {
            Some(What::Time(time)) if ranged && time.end.is_none() => {
                time.end = Some(TimeSaid::Clock(clock));
                time.hull.1 = hull.1;
                self.taken();
            }
            // "Thursday afternoon at 3"
            Some(What::Time(time))
                if self.joint <= Joint::Comma
                    && time.end.is_none()
                    && time.hint.is_none()
                    && time.relation == Relation::None =>
            {
                match time.start {
                    TimeSaid::Part(part) if within_part(&clock, &part) => {
                        time.start = TimeSaid::Clock(clock);
                        time.hint = Some(part);
                        time.relation = self.relation;
                        time.hull.1 = hull.1;
                        self.strong = true;
                        self.taken();
                    }
                    _ => self.time(TimeSaid::Clock(clock), hull),
                }
            }
            _ => self.time(TimeSaid::Clock(clock), hull),
        }
    }

    pub(super) fn part(&mut self, part: Part, hull: Hull) {
        let idiom = part.name == said::PartName::EndOfDay && self.relation == Relation::None;
        let proposed = self.inside || (self.anchored && !idiom);
        // "I work in the mornings" proposes no time, as "Tuesdays" alone does not.
        self.strong |= !part.weak || (proposed && !part.each);
        let (near, ranged) = (self.joint == Joint::Near, self.to.is_some());
        let relation = self.relation;
        let mut hinted = false;
        if let Some(Entry {
            what: What::Time(time),
            ..
        }) = self.entries.last_mut()
            && near
            && relation == Relation::None
        {
            match (&time.start, ranged) {
                (TimeSaid::Clock(_), false) if time.hint.is_none() => {
                    time.hint = Some(part);
                    time.hull.1 = hull.1;
                    hinted = true;
                }
                (TimeSaid::Part(_), true) if time.end.is_none() => {
                    time.end = Some(TimeSaid::Part(part));
                    time.hull.1 = hull.1;
                    hinted = true;
                }
                _ => {}
            }
        }
        // "at 5 tomorrow afternoon"
        if !hinted
            && near
            && !ranged
            && relation == Relation::None
            && let [
                ..,
                Entry {
                    what: What::Time(time),
                    ..
                },
                Entry {
                    what: What::Days(days),
                    joint: Joint::Near,
                    ..
                },
            ] = self.entries.as_mut_slice()
            && let TimeSaid::Clock(clock) = time.start
            && clock.half == Half::Unknown
            && time.hint.is_none()
        {
            time.hint = Some(part);
            days.hull.1 = hull.1;
            hinted = true;
        }
        if hinted {
            self.taken();
        }
        if let Some(ahead) = part.day
            && let Some(date) = said::plus_days(self.frame.today, ahead)
            && !self.says_day_too(date, hinted, near)
        {
            let day = Day {
                fixed: Some((date, "relative-day")),
                ..Day::default()
            };
            let days = Days {
                day,
                until: None,
                relation: Relation::None,
                hull,
            };
            let joint = if hinted { Joint::Near } else { self.joint };
            self.push(What::Days(days), joint);
            self.joint = Joint::Near;
        }
        if !hinted {
            self.time(TimeSaid::Part(part), hull);
        }
    }

    /// Adds the day that "tonight" says to a day that stands before it: "Friday at 8 tonight".
    fn says_day_too(&mut self, date: jiff::civil::Date, hinted: bool, near: bool) -> bool {
        let mut last = self.entries.iter_mut().rev();
        let entry = match (hinted, last.next()) {
            (true, Some(time)) if time.joint == Joint::Near => last.next(),
            (false, entry) if near => entry,
            _ => None,
        };
        let Some(Entry {
            what: What::Days(days),
            ..
        }) = entry
        else {
            return false;
        };
        if days.until.is_none() && days.day.fixed.is_none() && days.day.within.is_none() {
            days.day.fixed = Some((date, "relative-day"));
        }
        true
    }
}
