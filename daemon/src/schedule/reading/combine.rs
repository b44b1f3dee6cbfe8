//! From pieces to days and clocks that belong together.
//!
//! Owns how ranges, lists and relations are written, and how the parts that a list leaves out are
//! shared: "Mon or Tue 3–4pm" is two days with one clock, "Tue 10, 11 or 14:00" one day with three.
//! Invariant: one pass over the pieces with a bounded look ahead. Must not know which dates or
//! minutes are meant.

use super::clocks;
use super::said::{Clock, DateSaid, Day, Frame, Half, Link, Number, Part, Piece, Said, Which};
use super::settle;
use super::zones::ZoneSaid;
use greenroom_protocol::time::Instant;

/// How far ahead the neighbours of a number are looked at.
const LOOK_AHEAD: usize = 16;

/// The words from the token `from` to the one before `to`.
pub(super) type Hull = (usize, usize);

/// What a preposition makes of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Relation {
    #[default]
    None,
    From,
    After,
    Before,
    Until,
    Between,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TimeSaid {
    Clock(Clock),
    Part(Part),
}

/// A time of the day as far as it was said.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DayTime {
    pub start: TimeSaid,
    pub end: Option<TimeSaid>,
    /// The day the end is on, where it is another one.
    pub end_day: Option<Day>,
    pub hint: Option<Part>,
    pub relation: Relation,
    pub zone: Option<ZoneSaid>,
    pub minutes: Option<i64>,
    pub hull: Hull,
}

/// A day, or several from one to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Days {
    pub day: Day,
    pub until: Option<Day>,
    pub relation: Relation,
    pub hull: Hull,
}

/// Days and times that belong together: each day has each time.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Group {
    pub days: Vec<Days>,
    pub times: Vec<DayTime>,
    /// A zone said of days without a clock.
    pub zone: Option<ZoneSaid>,
    /// The clock was said first.
    days_after: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said1 {
    Group(Group),
    Moment(Instant, Option<Instant>, &'static str, Option<i64>, Hull),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Joint {
    Near,
    Comma,
    Line,
    List,
}

#[derive(Debug)]
enum What {
    Days(Days),
    Time(DayTime),
}

#[derive(Debug)]
struct Entry {
    what: What,
    joint: Joint,
    bracket: bool,
}

impl Entry {
    fn hull(&mut self) -> &mut Hull {
        match &mut self.what {
            What::Days(days) => &mut days.hull,
            What::Time(time) => &mut time.hull,
        }
    }
}

/// Everything said in the pieces of a text, in order. `alone`: the text is nothing but a time.
pub(super) fn combine(pieces: &[Piece], frame: &Frame) -> Vec<Said1> {
    let alone = !pieces.iter().any(|it| matches!(it.said, Said::Break));
    let mut all = Vec::new();
    for run in pieces.split(|it| matches!(it.said, Said::Break | Said::Stop)) {
        let mut run: Vec<Piece> = run.to_vec();
        decide_numbers(&mut run, alone, frame);
        for part in run.split(|it| matches!(it.said, Said::Break)) {
            Run::new(frame, alone).read(part, &mut all);
        }
    }
    all
}

/// Says of each number whether it is an hour, a day of the month, or neither.
fn decide_numbers(run: &mut [Piece], alone: bool, frame: &Frame) {
    for at in 0..run.len() {
        let said = match run[at].said {
            Said::Number(number) => decide(run, at, number, alone),
            Said::Clock(clock) if clock.or_date.is_some() => decide_dotted(run, at, clock, frame),
            _ => continue,
        };
        run[at].said = said;
    }
}

fn hour(number: Number, doubtful: bool) -> Said {
    let leading = number.digits == 2 && number.value < 10;
    let most = if number.spelled { 12 } else { 24 };
    if number.ordinal || number.value > most {
        return Said::Break;
    }
    let Ok(hour) = i32::try_from(number.value) else {
        return Said::Break;
    };
    let mut clock = clocks::of_hour(hour, 0, leading);
    clock.number = i8::try_from(number.value)
        .ok()
        .filter(|it| doubtful && *it > 0 && !leading);
    Said::Clock(clock)
}

fn day_of_month(number: Number) -> Said {
    let Some(day) = i8::try_from(number.value)
        .ok()
        .filter(|it| (1..=31).contains(it))
    else {
        return Said::Break;
    };
    Said::Day(Day {
        date: Some(DateSaid::OfMonth(day)),
        weak: true,
        ..Day::default()
    })
}

/// Links that hold a list or a range together.
fn lists(link: Link) -> bool {
    matches!(
        link,
        Link::Comma
            | Link::Or
            | Link::And
            | Link::Slash
            | Link::Dash
            | Link::To
            | Link::The
            | Link::Soft
            | Link::Until
    )
}

fn decide(run: &[Piece], at: usize, number: Number, alone: bool) -> Said {
    let before: Vec<&Said> = run[..at]
        .iter()
        .rev()
        .take(LOOK_AHEAD)
        .map(|it| &it.said)
        .collect();
    let link = before.iter().find_map(|it| match it {
        Said::Link(Link::The | Link::Around | Link::Soft | Link::Bracket) => None,
        other => Some(*other),
    });
    // "12 and 13 December", "1st, 2nd or 3rd of December"
    let ahead = &run[at + 1..run.len().min(at + 1 + LOOK_AHEAD)];
    if leads_to_month(ahead) && !matches!(link, Some(Said::Link(Link::At))) {
        return day_of_month(number);
    }
    if number.ordinal {
        return day_of_month(number);
    }
    let last_entry = before
        .iter()
        .find(|it| !matches!(it, Said::Link(_) | Said::Zone(..)))
        .copied();
    let around = matches!(before.first(), Some(Said::Link(Link::Around)));
    let at_link = matches!(link, Some(Said::Link(Link::At))) || (around && !number.ordinal);
    if at_link {
        return hour(number, false);
    }
    let listed = matches!(link, Some(Said::Link(it)) if lists(*it));
    match last_entry {
        Some(Said::Clock(_)) if listed => return hour(number, false),
        Some(Said::Day(day)) if listed && in_month(day) && !leads_to_clock(ahead) => {
            return day_of_month(number);
        }
        Some(Said::Day(day)) if !number.spelled && !in_month(day) => {
            let doubtful = !leads_to_clock(ahead) && ahead.is_empty();
            let next_is_clock = ahead
                .iter()
                .find(|it| !matches!(it.said, Said::Link(Link::At | Link::Comma | Link::Bracket)))
                .is_some_and(|it| matches!(it.said, Said::Clock(_) | Said::Number(_)))
                && !matches!(ahead.first().map(|it| &it.said), Some(Said::Link(it)) if lists(*it) && *it != Link::Comma);
            // "Tue 1 10:30", "Tue 8 at 10": the clock stands behind it.
            if next_is_clock && day.weekday.is_some() && !leads_to_list_of_clocks(ahead) {
                return day_of_month(number);
            }
            return hour(number, doubtful || day.weekday.is_some());
        }
        Some(Said::Day(_))
            if matches!(
                link,
                Some(Said::Day(_) | Said::Link(Link::Comma | Link::Colon))
            ) && !number.spelled =>
        {
            return hour(number, false);
        }
        Some(Said::Span(_)) if matches!(link, Some(Said::Span(_))) => return Said::Break,
        _ => {}
    }
    let relation = matches!(
        link,
        Some(Said::Link(
            Link::From | Link::After | Link::Before | Link::Until | Link::By | Link::Between
        ))
    );
    let ranged = matches!(
        ahead.first().map(|it| &it.said),
        Some(Said::Link(Link::Dash | Link::To | Link::Until | Link::And))
    ) && matches!(
        ahead.get(1).map(|it| &it.said),
        Some(Said::Number(_) | Said::Clock(_))
    );
    if matches!(link, Some(Said::Link(Link::From | Link::Between))) && ranged {
        return hour(number, false);
    }
    if relation && !matches!(link, Some(Said::Link(Link::From | Link::Between))) && !number.spelled
    {
        return hour(number, false);
    }
    if relation && number.spelled && ahead.is_empty() {
        return hour(number, false);
    }
    let dashed = run.iter().all(|it| {
        matches!(
            it.said,
            Said::Number(_) | Said::Clock(_) | Said::Link(Link::Dash | Link::Line)
        )
    });
    let to_something = matches!(
        ahead.first().map(|it| &it.said),
        Some(Said::Link(Link::To | Link::Dash))
    );
    if matches!(link, Some(Said::Link(Link::From))) && !number.spelled && !to_something {
        return hour(number, false);
    }
    // "3–4pm", "3 or 4pm", "10 in the morning", "10 CET", "10 on Tuesday", "10 tomorrow"
    if leads_to_part_or_day(ahead, number) {
        return hour(number, false);
    }
    if let Some(clock) = clock_ahead(ahead) {
        let said = hour(number, false);
        return match said {
            Said::Clock(hour) => Said::Clock(Clock {
                weak: clock.weak,
                ..hour
            }),
            other => other,
        };
    }
    if run.len() > LOOK_AHEAD {
        return Said::Break;
    }
    let two = run
        .iter()
        .filter(|it| matches!(it.said, Said::Number(_) | Said::Clock(_)))
        .count()
        == 2;
    let whole = !run.iter().any(|it| matches!(it.said, Said::Break));
    // "9 to 5" are hours; "1-2" can be anything.
    if alone && whole && ranged && !dashed && two && ends_within_a_day(ahead) {
        return hour(number, false);
    }
    Said::Break
}

/// Whether a day says its month, so that a number listed after it is of the same month.
fn in_month(day: &Day) -> bool {
    matches!(
        day.date,
        Some(
            DateSaid::MonthDay(..)
                | DateSaid::Full(_)
                | DateSaid::OfMonth(_)
                | DateSaid::DayMonth(..)
        )
    )
}

fn leads_to_month(ahead: &[Piece]) -> bool {
    let mut linked = false;
    for piece in ahead {
        match &piece.said {
            Said::Link(link) if lists(*link) => linked = true,
            Said::Number(_) if linked => linked = false,
            // "Monday 7 or Tuesday 8 December"
            Said::Day(day) if linked && is_bare_weekday(day) => {}
            Said::Day(day) => {
                return linked
                    && day.weekday.is_none()
                    && matches!(day.date, Some(DateSaid::MonthDay(..) | DateSaid::Full(_)))
                    && !day.iso;
            }
            _ => return false,
        }
    }
    false
}

/// Whether the number that a range goes to can be an hour.
fn ends_within_a_day(ahead: &[Piece]) -> bool {
    ahead.iter().all(|it| match it.said {
        Said::Number(number) => number.value <= 24,
        _ => true,
    })
}

fn leads_to_clock(ahead: &[Piece]) -> bool {
    clock_ahead(ahead).is_some()
}

/// The clock that a list of numbers ends in, which says what they are.
fn clock_ahead(ahead: &[Piece]) -> Option<Clock> {
    let mut linked = false;
    for piece in ahead {
        match &piece.said {
            Said::Link(Link::At | Link::Around) => {}
            Said::Link(link) if lists(*link) => linked = true,
            Said::Number(number) if linked && !number.ordinal => linked = false,
            Said::Clock(clock) => return Some(*clock).filter(|_| linked),
            _ => return None,
        }
    }
    None
}

/// "Tue 10, 11:30 or 14:00": the clocks go on with the list that the number began.
fn leads_to_list_of_clocks(ahead: &[Piece]) -> bool {
    let comma = matches!(
        ahead.first().map(|it| &it.said),
        Some(Said::Link(Link::Comma))
    );
    comma && leads_to_clock(ahead)
}

fn leads_to_part_or_day(ahead: &[Piece], number: Number) -> bool {
    let mut between = 0;
    for piece in ahead {
        match &piece.said {
            Said::Part(_) => return true,
            Said::Zone(..) => return true,
            Said::Day(day) => {
                let known = day.weekday.is_some() || day.fixed.is_some();
                return known && !number.spelled && between < 3;
            }
            Said::Link(Link::In | Link::The | Link::On | Link::At | Link::Bracket) => between += 1,
            Said::Link(Link::Or | Link::And | Link::Comma) => between = 0,
            Said::Number(_) => {}
            _ => return false,
        }
    }
    false
}

/// A dotted pair is a date where "on" stands before it or a clock behind it.
fn decide_dotted(run: &[Piece], at: usize, clock: Clock, frame: &Frame) -> Said {
    let clock_only = Said::Clock(Clock {
        or_date: None,
        weak: clock.weak,
        ..clock
    });
    let Some(date) = clock.or_date else {
        return clock_only;
    };
    let day = Said::Day(Day {
        date: Some(date),
        ..Day::default()
    });
    let before = at.checked_sub(1).map(|it| &run[it].said);
    let after = run[at + 1..].iter().find(|it| {
        !matches!(
            it.said,
            Said::Link(Link::At | Link::Comma | Link::Bracket | Link::From | Link::Between)
        )
    });
    let then_clock = after.is_some_and(|it| matches!(it.said, Said::Clock(_)))
        && !matches!(
            run.get(at + 1).map(|it| &it.said),
            Some(Said::Link(Link::Dash | Link::To | Link::Or))
        );
    match before {
        Some(Said::Link(Link::On | Link::The)) => day,
        Some(Said::Link(
            Link::At
            | Link::Around
            | Link::To
            | Link::Dash
            | Link::Until
            | Link::After
            | Link::Before,
        )) => clock_only,
        Some(Said::Day(said)) => {
            let this = Day {
                weekday: said.weekday,
                which: said.which,
                date: Some(date),
                ..Day::default()
            };
            let agrees = said.weekday.is_some()
                && settle::date_of(&this, frame)
                    .is_some_and(|(found, _)| Some(found.weekday()) == said.weekday);
            if agrees && then_clock {
                day
            } else {
                Said::Clock(Clock {
                    or_date: None,
                    weak: false,
                    ..clock
                })
            }
        }
        _ if then_clock => day,
        Some(Said::Clock(_) | Said::Number(_)) => clock_only,
        _ => Said::Clock(clock),
    }
}

/// Whether what stands before `ahead` belongs to the days there, as in "Mon 14 Dec", "Mon or Tue".
fn goes_on(ahead: &[Piece]) -> bool {
    match ahead {
        [first, ..] if matches!(first.said, Said::Day(_)) => true,
        [first, second, ..] => {
            let link = matches!(&first.said, Said::Link(link) if lists(*link));
            link && matches!(&second.said, Said::Day(day) if is_bare_weekday(day))
        }
        _ => false,
    }
}

struct Run<'f> {
    frame: &'f Frame,
    alone: bool,
    entries: Vec<Entry>,
    joint: Joint,
    /// "to" or a dash stands before what comes.
    to: Option<Link>,
    relation: Relation,
    relation_at: Option<usize>,
    /// A preposition, which makes a doubtful word a time.
    anchored: bool,
    /// "at" or a day, after which four digits are no year.
    hour_meant: bool,
    strong: bool,
    /// "in", which makes a part of the day one.
    inside: bool,
    /// "until" stands where "to" could.
    until: bool,
    bracket: bool,
    /// The day that is read begins a list of days, or its date comes next.
    goes_on: bool,
    /// What was said of a clock that is still to come.
    zone: Option<(ZoneSaid, Hull)>,
    minutes: Option<i64>,
    end_day: Option<(Day, Hull)>,
}

impl<'f> Run<'f> {
    fn new(frame: &'f Frame, alone: bool) -> Self {
        Self {
            frame,
            alone,
            entries: Vec::new(),
            joint: Joint::Near,
            to: None,
            relation: Relation::None,
            relation_at: None,
            anchored: false,
            hour_meant: false,
            strong: alone,
            inside: false,
            until: false,
            bracket: false,
            goes_on: false,
            zone: None,
            minutes: None,
            end_day: None,
        }
    }

    fn read(mut self, pieces: &[Piece], all: &mut Vec<Said1>) {
        for (at, piece) in pieces.iter().enumerate() {
            let hull = (piece.from, piece.to);
            self.goes_on = goes_on(&pieces[at + 1..]);
            match &piece.said {
                Said::Link(link) => self.link(*link, hull),
                Said::Day(day) => self.day(day.clone(), hull),
                Said::Span(span) => {
                    let day = Day {
                        within: Some(*span),
                        weak: span.weak,
                        ..Day::default()
                    };
                    self.day(day, hull);
                }
                Said::Clock(clock) => self.clock(*clock, hull),
                Said::Part(part) => self.part(*part, hull),
                Said::Zone(zone, last) => self.zone(zone, *last, hull),
                Said::Length(minutes) => self.length(*minutes, hull, all),
                Said::Moment(start, end, rule) => {
                    self.flush(all);
                    all.push(Said1::Moment(*start, *end, rule, None, hull));
                }
                Said::Number(_) | Said::Break | Said::Stop => {}
            }
        }
        self.flush(all);
    }

    fn link(&mut self, link: Link, hull: Hull) {
        let relate = |run: &mut Self, relation| {
            run.relation = relation;
            run.relation_at.get_or_insert(hull.0);
            run.anchored = true;
        };
        match link {
            Link::At | Link::On => {
                self.anchored = true;
                self.hour_meant |= link == Link::At;
            }
            Link::In => self.inside = true,
            Link::Bracket => self.bracket = !self.bracket,
            Link::The | Link::Of | Link::Colon | Link::Around | Link::Soft => {}
            Link::Comma => self.joint = self.joint.max(Joint::Comma),
            Link::Line => self.joint = self.joint.max(Joint::Line),
            Link::And if self.relation_of_last() == Relation::Between && self.half_range() => {
                self.to = Some(Link::To);
            }
            Link::Or | Link::And | Link::Slash => self.joint = Joint::List,
            Link::To | Link::Dash => self.to = Some(link),
            Link::Until if self.half_range() && self.joint == Joint::Near => {
                self.to = Some(Link::To);
                self.until = true;
            }
            Link::Until => relate(self, Relation::Until),
            Link::From => relate(self, Relation::From),
            Link::Between => relate(self, Relation::Between),
            Link::After => relate(self, Relation::After),
            Link::Before => relate(self, Relation::Before),
            Link::By => relate(self, Relation::Until),
            Link::Onwards => self.relate_last(Relation::From, hull.1),
            Link::Earlier => self.relate_last(Relation::Before, hull.1),
        }
    }

    fn relate_last(&mut self, relation: Relation, to: usize) {
        let Some(last) = self.entries.last_mut() else {
            return;
        };
        last.hull().1 = to;
        match &mut last.what {
            What::Days(days) if days.until.is_none() => days.relation = relation,
            What::Time(time) if time.end.is_none() => {
                time.relation = if relation == Relation::From {
                    Relation::After
                } else {
                    relation
                };
            }
            _ => {}
        }
    }

    fn relation_of_last(&self) -> Relation {
        match self.entries.last().map(|it| &it.what) {
            Some(What::Days(days)) => days.relation,
            Some(What::Time(time)) => time.relation,
            None => Relation::None,
        }
    }

    /// Whether the last entry could be the beginning of a range.
    fn half_range(&self) -> bool {
        match self.entries.last().map(|it| &it.what) {
            Some(What::Days(days)) => days.until.is_none(),
            Some(What::Time(time)) => time.end.is_none(),
            None => false,
        }
    }

    fn push(&mut self, what: What, joint: Joint) {
        let bracket = self.bracket;
        self.entries.push(Entry {
            what,
            joint,
            bracket,
        });
    }

    fn taken(&mut self) -> (Joint, Relation, Option<usize>) {
        let joint = if self.entries.is_empty() {
            Joint::Near
        } else {
            self.joint
        };
        let taken = (joint, self.relation, self.relation_at);
        self.joint = Joint::Near;
        self.relation = Relation::None;
        self.relation_at = None;
        self.to = None;
        self.until = false;
        taken
    }

    fn day(&mut self, day: Day, hull: Hull) {
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

    fn clock(&mut self, clock: Clock, hull: Hull) {
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

    fn part(&mut self, part: Part, hull: Hull) {
        let idiom = part.name == super::said::PartName::EndOfDay && self.relation == Relation::None;
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
            && let Some(date) = super::said::plus_days(self.frame.today, ahead)
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

    fn zone(&mut self, zone: &ZoneSaid, last_alone: bool, hull: Hull) {
        let mut given = false;
        let bracket = self.entries.last().is_some_and(|it| it.bracket) && self.bracket;
        for entry in self.entries.iter_mut().rev() {
            if entry.bracket != bracket || (last_alone && given) {
                break;
            }
            let What::Time(time) = &mut entry.what else {
                continue;
            };
            if time.zone.is_some() {
                break;
            }
            time.zone = Some(zone.clone());
            if !given {
                time.hull.1 = hull.1;
            }
            given = true;
        }
        if !given {
            self.zone = Some((zone.clone(), hull));
        }
        self.strong |= given;
    }

    fn length(&mut self, minutes: i64, hull: Hull, all: &mut [Said1]) {
        if self.entries.is_empty()
            && let Some(Said1::Moment(.., length @ None, before)) = all.last_mut()
        {
            *length = Some(minutes);
            before.1 = hull.1;
            return;
        }
        if !self
            .entries
            .iter()
            .any(|it| matches!(it.what, What::Time(_)))
        {
            self.minutes = Some(minutes);
            return;
        }
        let mut first = true;
        for entry in self.entries.iter_mut().rev() {
            let What::Time(time) = &mut entry.what else {
                continue;
            };
            if time.end.is_some() || time.minutes.is_some() {
                break;
            }
            time.minutes = Some(minutes);
            if first {
                time.hull.1 = time.hull.1.max(hull.1);
            }
            first = false;
        }
    }

    /// Ends the entries so far and shares what they leave out.
    fn flush(&mut self, all: &mut Vec<Said1>) {
        if let Some((day, hull)) = self.end_day.take() {
            let days = Days {
                day,
                until: None,
                relation: Relation::None,
                hull,
            };
            self.push(What::Days(days), Joint::List);
        }
        let mut entries = std::mem::take(&mut self.entries);
        let zone = self.zone.take().map(|it| it.0);
        let two = entries.len() > 1 && entries.iter().any(|it| matches!(it.what, What::Time(_)));
        let strong = self.strong || two;
        self.strong = self.alone;
        self.anchored = false;
        self.hour_meant = false;
        self.inside = false;
        self.minutes = None;
        self.taken();
        if entries.is_empty() || !strong {
            return;
        }
        share_months(&mut entries);
        let mut groups = groups(entries);
        if let Some(group) = groups.last_mut().filter(|it| it.times.is_empty()) {
            group.zone = zone;
        }
        all.extend(groups.into_iter().map(Said1::Group));
    }
}

/// Whether a clock can be in a part of the day: "Thursday afternoon, 2–4", but not "Monday morning,
/// 2pm".
fn within_part(clock: &Clock, part: &Part) -> bool {
    clock.half == Half::Unknown || (part.from..=part.to).contains(&clock.minute)
}

/// Whether two days make a range.
fn ranges(from: &Day, to: &Day) -> bool {
    // "Tue - 1 Dec" says the same day twice.
    let mixed =
        from.weekday.is_some() && from.date.is_none() && to.weekday.is_none() && to.date.is_some();
    !mixed
}

/// Two days said one after the other that are one: "Tue 1 Dec", "Tuesday next week". `goes_on`:
/// the second begins a list of its own.
fn merge(first: &Day, second: &Day, joint: Joint, goes_on: bool, frame: &Frame) -> Option<Day> {
    if first.shift.is_some() || second.shift.is_some() {
        return None;
    }
    let both = (first.weekday.is_some() && second.weekday.is_some())
        || (first.fixed.is_some() && second.fixed.is_some())
        || (first.within.is_some() && second.within.is_some())
        || (first.date.is_some() && second.date.is_some());
    if both {
        return None;
    }
    // A span with a whole date is two things, but a week or a month holds a weekday or a number.
    let whole = |day: &Day| {
        day.fixed.is_some() || matches!(day.date, Some(it) if !matches!(it, DateSaid::OfMonth(_)))
    };
    let within = first.within.is_some() || second.within.is_some();
    if within && (whole(first) || whole(second)) {
        return None;
    }
    let merged = Day {
        weekday: first.weekday.or(second.weekday),
        which: if first.weekday.is_some() {
            first.which
        } else {
            second.which
        },
        date: first.date.or(second.date),
        fixed: first.fixed.or(second.fixed),
        within: first.within.or(second.within),
        shift: None,
        iso: first.iso || second.iso,
        weak: false,
    };
    // "Dec 1, Tuesday" is one day, whether they agree or not; "Dec 1, Wednesday or Friday" a list.
    if joint == Joint::Comma
        && second.weekday.is_some()
        && first.weekday.is_none()
        && first.within.is_none()
    {
        let (date, _) = settle::date_of(first, frame)?;
        return (!goes_on || Some(date.weekday()) == second.weekday).then_some(merged);
    }
    Some(merged)
}

/// A list's days say the month, the week or "next" once.
fn share_months(entries: &mut [Entry]) {
    let mut month: Option<DateSaid> = None;
    for entry in entries.iter_mut().rev() {
        let What::Days(days) = &mut entry.what else {
            continue;
        };
        if let Some(until) = &days.until {
            take_month(&mut days.day, until.date);
        }
        take_month(&mut days.day, month);
        if let Some(date @ (DateSaid::MonthDay(..) | DateSaid::Full(_))) = days.day.date {
            month = Some(date);
        }
    }
    let mut month: Option<DateSaid> = None;
    let mut week: Option<Day> = None;
    for entry in entries.iter_mut() {
        let joint = entry.joint;
        let What::Days(days) = &mut entry.what else {
            continue;
        };
        take_month(&mut days.day, month);
        if let Some(until) = &mut days.until {
            take_month(until, days.day.date);
        }
        if let Some(date @ (DateSaid::MonthDay(..) | DateSaid::Full(_))) = days.day.date {
            month = Some(date);
        }
        let bare = is_bare_weekday(&days.day);
        if let Some(before) = week.as_ref().filter(|_| bare && joint != Joint::Near) {
            days.day.within = before.within;
            days.day.which = before.which;
        }
        let tells = days.day.weekday.is_some()
            && (days.day.within.is_some() || days.day.which == Which::Next);
        let span =
            days.day.weekday.is_none() && days.day.date.is_none() && days.day.within.is_some();
        week = (tells || span).then(|| days.day.clone());
    }
    // "Tuesday or Wednesday next week"
    let mut within = None;
    for entry in entries.iter_mut().rev() {
        let What::Days(days) = &mut entry.what else {
            within = None;
            continue;
        };
        if is_bare_weekday(&days.day) {
            days.day.within = within;
        }
        within = days.day.within.filter(|_| days.day.weekday.is_some());
        if let Some(until) = &mut days.until {
            if is_bare_weekday(until) {
                until.within = days.day.within;
            } else if until.within.is_some() && is_bare_weekday(&days.day) {
                days.day.within = until.within;
                within = until.within;
            }
        }
    }
}

fn is_bare_weekday(day: &Day) -> bool {
    day.weekday.is_some()
        && day.which == Which::Bare
        && day.date.is_none()
        && day.fixed.is_none()
        && day.within.is_none()
}

fn take_month(day: &mut Day, month: Option<DateSaid>) {
    let Some(DateSaid::OfMonth(number)) = day.date else {
        return;
    };
    if day.within.is_some() {
        return;
    }
    match month {
        Some(DateSaid::MonthDay(month, _)) => day.date = Some(DateSaid::MonthDay(month, number)),
        Some(DateSaid::Full(date)) => {
            if let Ok(date) = jiff::civil::Date::new(date.year(), date.month(), number) {
                day.date = Some(DateSaid::Full(date));
            }
        }
        _ => {}
    }
}

/// Neighbours that stand together without a comma, and what they share with the next ones.
fn groups(entries: Vec<Entry>) -> Vec<Group> {
    let clusters = clusters(entries);
    let ahead: Vec<Option<bool>> = clusters.iter().map(time_first).collect();
    let mut groups = Vec::new();
    let mut group = Group::default();
    for (at, cluster) in clusters.into_iter().enumerate() {
        let (mut days, mut times, mut first_is_time) = (Vec::new(), Vec::new(), false);
        for entry in cluster {
            match entry.what {
                What::Days(it) => days.push(it),
                What::Time(it) => {
                    first_is_time |= days.is_empty();
                    times.push(it);
                }
            }
        }
        let begin = |groups: &mut Vec<Group>, group: &mut Group| {
            if *group != Group::default() {
                groups.push(std::mem::take(group));
            }
        };
        match (days.is_empty(), times.is_empty()) {
            (false, true) => {
                if group.times.is_empty() || group.days.is_empty() {
                    group.days_after |= group.days.is_empty() && !group.times.is_empty();
                } else if !group.days_after {
                    begin(&mut groups, &mut group);
                }
                group.days.extend(days);
            }
            (true, _) => {
                // "10am Mon, 11 or 12 Tue": what stands before its own day belongs to it.
                let next_day = ahead[at + 1..].iter().flatten().next();
                if !group.days.is_empty() && group.days_after {
                    let same = group.days.clone();
                    begin(&mut groups, &mut group);
                    if next_day != Some(&true) {
                        group.days = same;
                    }
                }
                group.times.extend(times);
            }
            (false, false) => {
                let joins = match first_is_time {
                    true => group.days.is_empty(),
                    false => group.times.is_empty(),
                };
                if !joins {
                    begin(&mut groups, &mut group);
                }
                group.days_after = first_is_time;
                group.days.extend(days);
                group.times.extend(times);
            }
        }
    }
    if group != Group::default() {
        groups.push(group);
    }
    groups
}

/// Of a cluster with a day: whether its clock stands first.
fn time_first(cluster: &Vec<Entry>) -> Option<bool> {
    let day = cluster
        .iter()
        .position(|it| matches!(it.what, What::Days(_)))?;
    Some(day > 0)
}

fn clusters(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut clusters: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let is_day = matches!(entry.what, What::Days(_));
        let joins = entry.joint == Joint::Near
            && clusters.last().is_some_and(|cluster| {
                // A day after a clock after a day begins anew, and so the other way round.
                let changes = cluster.windows(2).any(|pair| {
                    matches!(pair[0].what, What::Days(_)) != matches!(pair[1].what, What::Days(_))
                });
                let last_is_day = cluster
                    .last()
                    .is_some_and(|it| matches!(it.what, What::Days(_)));
                !changes || last_is_day == is_day
            });
        match clusters.last_mut() {
            Some(cluster) if joins => cluster.push(entry),
            _ => clusters.push(vec![entry]),
        }
    }
    clusters
}
