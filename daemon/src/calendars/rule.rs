//! How something repeats, in local time.
//!
//! Owns the expansion of a recurrence rule (RFC 5545, 3.3.10). Invariants: what is found is in order
//! and between two times; the work is bounded by a [`Budget`] whatever a rule says, and where a
//! bound is reached that is said; without COUNT nothing is walked through that lies before the first
//! of the two times. Must not know a zone: the caller turns local times into moments.

use calcard::icalendar::{ICalendarFrequency, ICalendarRecurrenceRule, ICalendarWeekday};

use super::civil::{DAY, date_of, first_of, first_week, month_length, weekday};
use super::entry::{Stamp, stamp};

/// The most times one rule may name.
pub(super) const MOST_TIMES: u32 = 10_000;

/// What the rules of a calendar may cost together.
#[derive(Debug)]
pub(super) struct Budget {
    /// Times that may still be named.
    times: u32,
    /// Days, hours and so on that may still be looked at.
    steps: u32,
}

impl Budget {
    /// Of one calendar: ten rules may name as much as they can, and a thousand repeat every day for
    /// ten years.
    pub(super) fn new() -> Self {
        Self {
            times: 10 * MOST_TIMES,
            steps: 5_000_000,
        }
    }

    /// Takes one step; `false`: none is left.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    /// Takes one time; `false`: none is left.
    pub(super) fn time(&mut self) -> bool {
        self.times = self.times.saturating_sub(1);
        self.times > 0
    }
}

/// Up to when a rule goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Until {
    /// Up to and including a day.
    Day(i64),
    /// A local time.
    Local(i64),
    /// A moment.
    Utc(i64),
}

/// How an expansion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// There is nothing more between the two times.
    Whole,
    /// A bound was reached; there may be more.
    Bounded,
}

/// A recurrence rule with its defaults from the first time filled in.
#[derive(Debug)]
pub(super) struct Rule {
    every: ICalendarFrequency,
    interval: i64,
    count: Option<u32>,
    pub until: Option<Until>,
    months: Vec<i64>,
    weeks: Vec<i64>,
    year_days: Vec<i64>,
    month_days: Vec<i64>,
    /// Ordinals, 0 for every one, with weekdays, 1 Monday to 7 Sunday.
    weekdays: Vec<(i64, i64)>,
    hours: Vec<i64>,
    minutes: Vec<i64>,
    seconds: Vec<i64>,
    positions: Vec<i64>,
    week_start: i64,
}

fn day_number(day: ICalendarWeekday) -> i64 {
    match day {
        ICalendarWeekday::Monday => 1,
        ICalendarWeekday::Tuesday => 2,
        ICalendarWeekday::Wednesday => 3,
        ICalendarWeekday::Thursday => 4,
        ICalendarWeekday::Friday => 5,
        ICalendarWeekday::Saturday => 6,
        ICalendarWeekday::Sunday => 7,
    }
}

/// In order, each once, and only those below `limit`.
fn sorted(numbers: impl Iterator<Item = i64>, limit: i64) -> Vec<i64> {
    let mut numbers: Vec<_> = numbers.filter(|it| (0..limit).contains(it)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

impl Rule {
    /// The rule of something that first is at `start`; `timed`: it is not about whole days.
    pub(super) fn of(rule: &ICalendarRecurrenceRule, start: i64, timed: bool) -> Self {
        let all = |numbers: &[u8], limit| sorted(numbers.iter().copied().map(i64::from), limit);
        let sub_daily = matches!(
            rule.freq,
            ICalendarFrequency::Hourly
                | ICalendarFrequency::Minutely
                | ICalendarFrequency::Secondly
        );
        let mut found = Self {
            every: match timed {
                true => rule.freq,
                // A whole day repeats once a day at most.
                false if sub_daily => ICalendarFrequency::Daily,
                false => rule.freq,
            },
            interval: match sub_daily && !timed {
                true => 1,
                false => i64::from(rule.interval.unwrap_or(1).max(1)),
            },
            count: rule.count,
            until: rule.until.as_ref().and_then(stamp).map(|it| match it {
                Stamp::Date(day) => Until::Day(day),
                Stamp::Local(local) => Until::Local(local),
                Stamp::Utc(utc) => Until::Utc(utc),
            }),
            months: rule
                .bymonth
                .iter()
                .map(|it| i64::from(it.month()))
                .collect(),
            weeks: rule.byweekno.iter().copied().map(i64::from).collect(),
            year_days: rule.byyearday.iter().copied().map(i64::from).collect(),
            month_days: rule.bymonthday.iter().copied().map(i64::from).collect(),
            weekdays: rule
                .byday
                .iter()
                .map(|it| (i64::from(it.ordwk.unwrap_or(0)), day_number(it.weekday)))
                .collect(),
            hours: all(&rule.byhour, 24),
            minutes: all(&rule.byminute, 60),
            seconds: all(&rule.bysecond, 60),
            positions: rule.bysetpos.iter().copied().map(i64::from).collect(),
            week_start: rule.wkst.map_or(1, day_number),
        };
        if !timed {
            (found.hours, found.minutes, found.seconds) = (vec![0], vec![0], vec![0]);
        }
        found.fill(start);
        found
    }

    /// Takes from the first time what the rule does not say.
    fn fill(&mut self, start: i64) {
        use ICalendarFrequency as F;
        let (day, second) = (start.div_euclid(DAY), start.rem_euclid(DAY));
        let date = date_of(day);
        let says_days = !(self.weeks.is_empty()
            && self.year_days.is_empty()
            && self.month_days.is_empty()
            && self.weekdays.is_empty());
        match self.every {
            F::Yearly if !says_days => {
                if self.months.is_empty() {
                    self.months = vec![date.month];
                }
                self.month_days = vec![date.day];
            }
            F::Monthly if !says_days => self.month_days = vec![date.day],
            F::Weekly if !says_days => self.weekdays = vec![(0, weekday(day))],
            _ => {}
        }
        let is_daily = matches!(self.every, F::Yearly | F::Monthly | F::Weekly | F::Daily);
        if self.hours.is_empty() && is_daily {
            self.hours = vec![second / 3600];
        }
        if self.minutes.is_empty() && (is_daily || self.every == F::Hourly) {
            self.minutes = vec![second / 60 % 60];
        }
        if self.seconds.is_empty() && self.every != F::Secondly {
            self.seconds = vec![second % 60];
        }
    }

    /// Hands each time between the two of `near` to `found`, in order, until that has enough. The
    /// rule goes up to and including `until`.
    pub(super) fn expand(
        &self,
        start: i64,
        near: (i64, i64),
        until: Option<i64>,
        budget: &mut Budget,
        mut found: impl FnMut(i64) -> bool,
    ) -> End {
        let mut walk = Walk {
            start,
            near,
            until,
            left: self.count,
            named: 0,
            found: &mut found,
        };
        match self.every {
            ICalendarFrequency::Hourly => self.walk_units(3600, &mut walk, budget),
            ICalendarFrequency::Minutely => self.walk_units(60, &mut walk, budget),
            ICalendarFrequency::Secondly => self.walk_units(1, &mut walk, budget),
            _ => self.walk_days(&mut walk, budget),
        }
    }

    /// By years, months, weeks or days.
    fn walk_days(&self, walk: &mut Walk<'_>, budget: &mut Budget) -> End {
        let first_day = walk.start.div_euclid(DAY);
        let mut turn = match self.count {
            Some(_) => 0,
            None => self.turn_near(first_day, walk.near.0.div_euclid(DAY)),
        };
        loop {
            let days = self.days(first_day, turn);
            if days.start * DAY > walk.last() || days.start > 3_652_058 - 719_468 + 400 {
                return End::Whole;
            }
            let mut fitting = Vec::new();
            for day in days {
                if !budget.step() {
                    return End::Bounded;
                }
                if self.fits(day) {
                    fitting.push(day);
                }
            }
            if let Some(end) = self.name_times(&fitting, walk, budget) {
                return end;
            }
            turn += 1;
        }
    }

    /// The turn before the one a day is in.
    fn turn_near(&self, first: i64, day: i64) -> i64 {
        use ICalendarFrequency as F;
        let (a, b) = (date_of(first), date_of(day));
        let apart = match self.every {
            F::Yearly => b.year - a.year,
            F::Monthly => (b.year - a.year) * 12 + b.month - a.month,
            F::Weekly => (day - first).div_euclid(7),
            _ => day - first,
        };
        (apart.div_euclid(self.interval) - 1).max(0)
    }

    /// The days of a turn.
    fn days(&self, first: i64, turn: i64) -> std::ops::Range<i64> {
        use ICalendarFrequency as F;
        let date = date_of(first);
        let by = turn * self.interval;
        match self.every {
            F::Yearly => first_of(date.year + by, 1)..first_of(date.year + by + 1, 1),
            F::Monthly => {
                first_of(date.year, date.month + by)..first_of(date.year, date.month + by + 1)
            }
            F::Weekly => {
                let into = (weekday(first) - self.week_start).rem_euclid(7);
                let from = first - into + 7 * by;
                from..from + 7
            }
            _ => first + by..first + by + 1,
        }
    }

    /// Whether a day is one of the rule's.
    fn fits(&self, day: i64) -> bool {
        use ICalendarFrequency as F;
        let date = date_of(day);
        if !self.months.is_empty() && !self.months.contains(&date.month) {
            return false;
        }
        let among = |list: &[i64], number: i64, length: i64| {
            list.is_empty() || list.contains(&number) || list.contains(&(number - length - 1))
        };
        let length = || month_length(date.year, date.month);
        if !self.month_days.is_empty() && !among(&self.month_days, date.day, length()) {
            return false;
        }
        let in_year = || {
            let first = first_of(date.year, 1);
            (day - first + 1, first_of(date.year + 1, 1) - first)
        };
        if !self.year_days.is_empty() {
            let (number, length) = in_year();
            if !among(&self.year_days, number, length) {
                return false;
            }
        }
        if !self.weeks.is_empty() && !self.fits_week(day, date.year) {
            return false;
        }
        if self.weekdays.is_empty() {
            return true;
        }
        let name = weekday(day);
        let place = match self.every {
            F::Monthly => Some((date.day, length())),
            F::Yearly if !self.months.is_empty() => Some((date.day, length())),
            F::Yearly => Some(in_year()),
            _ => None,
        };
        self.weekdays.iter().any(|(nth, weekday)| {
            *weekday == name
                && match (nth, place) {
                    (0, _) | (_, None) => true,
                    (1.., Some((number, _))) => (number - 1) / 7 + 1 == *nth,
                    (_, Some((number, length))) => -((length - number) / 7 + 1) == *nth,
                }
        })
    }

    fn fits_week(&self, day: i64, year: i64) -> bool {
        let firsts = [year - 1, year, year + 1, year + 2].map(|it| first_week(it, self.week_start));
        let pairs = firsts.windows(2);
        let mut of = pairs.filter(|pair| (pair[0]..pair[1]).contains(&day));
        of.next().is_some_and(|pair| {
            let (number, count) = ((day - pair[0]) / 7 + 1, (pair[1] - pair[0]) / 7);
            self.weeks.contains(&number) || self.weeks.contains(&(number - count - 1))
        })
    }

    /// Names the times on these days; `Some`: it is over.
    fn name_times(&self, days: &[i64], walk: &mut Walk<'_>, budget: &mut Budget) -> Option<End> {
        let (minutes, seconds) = (self.minutes.len(), self.seconds.len());
        let a_day = self.hours.len() * minutes * seconds;
        let all = days.len() * a_day;
        let time = |at: usize| {
            let (day, rest) = (days[at / a_day], at % a_day);
            let hour = self.hours[rest / (minutes * seconds)];
            let minute = self.minutes[rest / seconds % minutes];
            day * DAY + hour * 3600 + minute * 60 + self.seconds[rest % seconds]
        };
        self.name(all, time, walk, budget)
    }

    /// Names `all` times of one turn, or those of them that the rule's positions choose.
    fn name(
        &self,
        all: usize,
        time: impl Fn(usize) -> i64,
        walk: &mut Walk<'_>,
        budget: &mut Budget,
    ) -> Option<End> {
        if self.positions.is_empty() {
            return (0..all).find_map(|at| walk.name(time(at), budget));
        }
        let count = i64::try_from(all).unwrap_or(i64::MAX);
        let places = self.positions.iter().map(|place| match place {
            1.. => place - 1,
            _ => count + place,
        });
        let places = places.filter(|it| (0..count).contains(it));
        let mut places: Vec<_> = places.filter_map(|it| usize::try_from(it).ok()).collect();
        places.sort_unstable();
        places.dedup();
        places
            .into_iter()
            .find_map(|at| walk.name(time(at), budget))
    }

    /// By hours, minutes or seconds.
    fn walk_units(&self, unit: i64, walk: &mut Walk<'_>, budget: &mut Budget) -> End {
        let (first, by) = (
            walk.start - walk.start.rem_euclid(unit),
            unit * self.interval,
        );
        let turn_from = |moment: i64| (moment - first + by - 1).div_euclid(by);
        let mut turn = match self.count {
            Some(_) => 0,
            None => (turn_from(walk.near.0) - 1).max(0),
        };
        let (mut fitting_day, mut fits) = (None, false);
        loop {
            let at = first + turn * by;
            if at > walk.last() {
                return End::Whole;
            }
            if !budget.step() {
                return End::Bounded;
            }
            let day = at.div_euclid(DAY);
            if fitting_day != Some(day) {
                (fitting_day, fits) = (Some(day), self.fits(day));
            }
            let among = |list: &[i64], number: i64| list.is_empty() || list.contains(&number);
            let (hour, minute) = (at.rem_euclid(DAY) / 3600, at.rem_euclid(3600) / 60);
            let missed = match () {
                () if !fits => Some(DAY),
                () if !among(&self.hours, hour) => Some(3600),
                () if unit < 3600 && !among(&self.minutes, minute) => Some(60),
                () if unit < 60 && !among(&self.seconds, at.rem_euclid(60)) => Some(1),
                () => None,
            };
            if let Some(length) = missed {
                let next = (at.div_euclid(length) + 1) * length;
                turn = turn_from(next).max(turn + 1);
                continue;
            }
            let ended = match unit {
                1 => self.name(1, |_| at, walk, budget),
                60 => self.name(self.seconds.len(), |it| at + self.seconds[it], walk, budget),
                _ => {
                    let seconds = self.seconds.len();
                    let all = self.minutes.len() * seconds;
                    let time = |it: usize| {
                        at + self.minutes[it / seconds] * 60 + self.seconds[it % seconds]
                    };
                    self.name(all, time, walk, budget)
                }
            };
            if let Some(end) = ended {
                return end;
            }
            turn += 1;
        }
    }
}

/// How far an expansion is.
struct Walk<'a> {
    start: i64,
    near: (i64, i64),
    until: Option<i64>,
    /// Times left of the rule's COUNT.
    left: Option<u32>,
    /// Times named so far.
    named: u32,
    found: &'a mut dyn FnMut(i64) -> bool,
}

impl Walk<'_> {
    /// After which nothing is looked for.
    fn last(&self) -> i64 {
        self.until.unwrap_or(i64::MAX).min(self.near.1)
    }

    /// Names one time; `Some`: it is over.
    fn name(&mut self, time: i64, budget: &mut Budget) -> Option<End> {
        if time < self.start {
            return None;
        }
        if time > self.last() {
            return Some(End::Whole);
        }
        if let Some(left) = &mut self.left {
            if *left == 0 {
                return Some(End::Whole);
            }
            *left -= 1;
        }
        let counts = self.left.is_some() || time >= self.near.0;
        if counts {
            self.named += 1;
            if self.named > MOST_TIMES || !budget.time() {
                return Some(End::Bounded);
            }
        }
        if time >= self.near.0 && !(self.found)(time) {
            return Some(End::Bounded);
        }
        None
    }
}
