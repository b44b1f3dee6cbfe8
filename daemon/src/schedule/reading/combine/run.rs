//! One pass over the pieces: what a preposition, a comma or a dash makes of its neighbours.
//!
//! Owns the state between two pieces. Invariant: each piece is taken once, in order. Must not share
//! anything between entries; that is `share`.

use crate::schedule::reading::said::{Day, Frame, Link, Piece, Said};
use crate::schedule::reading::zones::ZoneSaid;

use super::groups::groups;
use super::numbers::lists;
use super::share::{is_bare_weekday, share_months};
use super::{Days, Entry, Hull, Joint, Relation, Said1, What};

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

pub(super) struct Run<'f> {
    pub(super) frame: &'f Frame,
    pub(super) alone: bool,
    pub(super) entries: Vec<Entry>,
    pub(super) joint: Joint,
    /// "to" or a dash stands before what comes.
    pub(super) to: Option<Link>,
    pub(super) relation: Relation,
    pub(super) relation_at: Option<usize>,
    /// A preposition, which makes a doubtful word a time.
    pub(super) anchored: bool,
    /// "at" or a day, after which four digits are no year.
    pub(super) hour_meant: bool,
    pub(super) strong: bool,
    /// "in", which makes a part of the day one.
    pub(super) inside: bool,
    /// "until" stands where "to" could.
    pub(super) until: bool,
    pub(super) bracket: bool,
    /// The day that is read begins a list of days, or its date comes next.
    pub(super) goes_on: bool,
    /// What was said of a clock that is still to come.
    pub(super) zone: Option<(ZoneSaid, Hull)>,
    pub(super) minutes: Option<i64>,
    pub(super) end_day: Option<(Day, Hull)>,
}

impl<'f> Run<'f> {
    pub(super) fn new(frame: &'f Frame, alone: bool) -> Self {
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

    pub(super) fn read(mut self, pieces: &[Piece], all: &mut Vec<Said1>) {
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

    pub(super) fn push(&mut self, what: What, joint: Joint) {
        let bracket = self.bracket;
        self.entries.push(Entry {
            what,
            joint,
            bracket,
        });
    }

    pub(super) fn taken(&mut self) -> (Joint, Relation, Option<usize>) {
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
