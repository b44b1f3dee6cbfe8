//! The cells of a week: what is in each, and where it lies. Pure.
//!
//! A cell is a quarter of an hour; a row of the screen shows a quarter, a half, one hour or two, as
//! many as the window has rows for, and time goes on from left to right within it.

use std::ops::Range;

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::{BusyLane, BusyTime, BusyWith, LaneKind, Slot};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use ratatui::layout::{Position, Rect};

/// Days of a week, and cells of a day.
pub(super) const DAYS: usize = 7;
const OF_DAY: usize = 96;

/// Minutes of a cell.
const CELL: i32 = 15;

/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// Minutes that a row may show, the finest first.
const ROWS: [i32; 4] = [15, 30, 60, 120];

/// The hours that are shown at least.
const USUAL: Range<i32> = 8 * 60..18 * 60;

/// What takes longer than this, in minutes, is no reason to show all of its hours.
const LONG: i64 = 12 * 60;

/// Cells of the column of hours.
const HOURS: u16 = 5;

/// What is in a cell, the weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// The interview can begin here: it suits everyone.
    Works,
    /// Somebody is busy with an interview.
    Busy,
    /// Somebody is busy elsewhere, as a calendar of theirs says.
    Elsewhere,
    /// Outside somebody's hours, in the candidate's night, or past.
    Outside,
    /// Everyone is free.
    Free,
}

impl Mark {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Works => "○",
            Self::Busy => "░",
            Self::Elsewhere => "▒",
            Self::Outside => "█",
            Self::Free => "·",
        }
    }
}

/// The instants of a week's cells.
pub(super) struct Week {
    /// Where each cell begins, and where the last one ends.
    starts: Vec<Timestamp>,
}

impl Week {
    pub(super) fn new(monday: Date, zone: &TimeZone) -> Self {
        let mut starts: Vec<Timestamp> = Vec::with_capacity(DAYS * OF_DAY + 1);
        for day in 0..DAYS {
            let date = monday.saturating_add(Span::new().days(day as i64));
            for hour in 0..24 {
                let begin = date.at(hour, 0, 0, 0).to_zoned(zone.clone());
                let begin = begin.map(|it| it.timestamp()).unwrap_or(Timestamp::MIN);
                for quarter in 0..4 {
                    let cell = jiff::SignedDuration::from_mins(15 * quarter);
                    let cell = begin.checked_add(cell).unwrap_or(begin);
                    // Where the clocks change, no cell begins before the one above it.
                    let last = starts.last().copied().unwrap_or(Timestamp::MIN);
                    starts.push(cell.max(last));
                }
            }
        }
        let quarter = jiff::SignedDuration::from_mins(15);
        let last = starts.last().copied().unwrap_or(Timestamp::MIN);
        starts.push(last.checked_add(quarter).unwrap_or(last));
        Self { starts }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The cells that a stretch touches.
    fn touched(&self, from: Timestamp, to: Timestamp) -> Range<usize> {
        let first = self.starts[1..].partition_point(|end| *end <= from);
        let last = self.starts[..self.count()].partition_point(|start| *start < to);
        first..last.max(first)
    }

    /// The cells that lie inside a stretch.
    fn inside(&self, from: Timestamp, to: Timestamp) -> Range<usize> {
        let first = self.starts[..self.count()].partition_point(|start| *start < from);
        let last = self.starts[1..].partition_point(|end| *end <= to);
        first..last.max(first)
    }

    /// One person's week.
    pub(super) fn of_lane(
        &self,
        lane: &BusyLane,
        own: Option<InterviewId>,
        now: Timestamp,
    ) -> Vec<Mark> {
        let mut taken = vec![0_u32; self.count()];
        let mut elsewhere = vec![false; self.count()];
        for busy in lane.busy.iter().filter(|it| is_in_the_way(it, own)) {
            let cells = self.touched(busy.start.timestamp(), busy.end.timestamp());
            match is_elsewhere(busy) {
                true => elsewhere[cells].fill(true),
                false => taken[cells].iter_mut().for_each(|taken| *taken += 1),
            }
        }
        // A host has no hours, and of others they may not be known.
        let has_hours = lane.kind != LaneKind::Host && lane.zone.is_some();
        let mut open = vec![!has_hours; self.count()];
        for stretch in &lane.open {
            open[self.inside(stretch.start.timestamp(), stretch.end.timestamp())].fill(true);
        }
        let past = self.starts[1..].partition_point(|end| *end <= now);
        let mark = |cell: usize| match (taken[cell] >= lane.capacity.max(1), open[cell]) {
            (true, _) => Mark::Busy,
            (false, _) if elsewhere[cell] => Mark::Elsewhere,
            (false, true) if cell >= past => Mark::Free,
            (false, _) => Mark::Outside,
        };
        (0..self.count()).map(mark).collect()
    }

    /// Which cells a time that works begins in, and nobody has missed.
    pub(super) fn beginnings(&self, free: &[Slot], now: Timestamp) -> Vec<bool> {
        let mut begins = vec![false; self.count()];
        for slot in free {
            let start = slot.start.timestamp();
            let cell = self
                .starts
                .partition_point(|it| *it <= start)
                .checked_sub(1);
            if let Some(begins) = cell.and_then(|cell| begins.get_mut(cell)) {
                *begins |= start > now;
            }
        }
        begins
    }

    /// Everybody's week in one: of each cell, the weightiest.
    pub(super) fn of_all(&self, of_each: &[Vec<Mark>], now: Timestamp) -> Vec<Mark> {
        let past = self.starts[1..].partition_point(|end| *end <= now);
        let empty = |cell| match cell < past {
            true => Mark::Outside,
            false => Mark::Free,
        };
        let of = |cell: usize| {
            let all = of_each.iter().map(|of_one| of_one[cell]);
            all.min().unwrap_or_else(|| empty(cell))
        };
        (0..self.count()).map(of).collect()
    }
}

/// Whether a calendar of somebody's own says so, and no interview.
pub(super) fn is_elsewhere(busy: &BusyTime) -> bool {
    busy.with == BusyWith::Elsewhere
}

fn is_in_the_way(busy: &BusyTime, own: Option<InterviewId>) -> bool {
    own.is_none() || busy.interview != own
}

/// The minutes of the day that matter, in whole hours: the usual ones, those of the people, and the
/// `chosen` ones.
pub(super) fn hours(lanes: &[BusyLane], zone: &TimeZone, chosen: Range<i32>) -> Range<i32> {
    let minute = |instant: Timestamp| {
        let time = instant.to_zoned(zone.clone());
        i32::from(time.hour()) * 60 + i32::from(time.minute())
    };
    let mut from = USUAL.start.min(chosen.start);
    let mut to = USUAL.end.max(chosen.end);
    let mut take = |start: Timestamp, end: Timestamp| {
        if end.duration_since(start).as_mins() > LONG {
            return;
        }
        let (start, end) = (minute(start), minute(end));
        // What goes over midnight takes both ends of the day.
        from = from.min(if end < start { 0 } else { start });
        to = to.max(if end <= start { DAY } else { end });
    };
    for lane in lanes.iter().filter(|lane| lane.kind != LaneKind::Candidate) {
        for open in &lane.open {
            take(open.start.timestamp(), open.end.timestamp());
        }
        // What somebody does elsewhere in the evening is no reason to show the evening.
        for busy in lane.busy.iter().filter(|it| !is_elsewhere(it)) {
            take(busy.start.timestamp(), busy.end.timestamp());
        }
    }
    let to = (to + 59) / 60 * 60;
    from.max(0) / 60 * 60..to.min(DAY)
}

/// Where the cells of a week lie on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The rows of hours, with their column.
    pub(super) area: Rect,
    /// Cells of a day, with the blank behind it.
    pub(super) column: u16,
    /// Minutes that a row shows.
    pub(super) per_row: i32,
    /// The minute that the first row begins at.
    pub(super) first: i32,
    /// Rows that are shown.
    pub(super) rows: u16,
    /// Whether there are hours that matter above and below.
    pub(super) more: (bool, bool),
}

impl Layout {
    /// The layout of the hours that matter in an area; where they have no room at two hours a row,
    /// the chosen minute is among those that are shown. `None` where there is no room at all.
    pub(super) fn of(area: Rect, hours: Range<i32>, chosen: i32) -> Option<Self> {
        let column = area.width.checked_sub(HOURS)? / 7;
        if column < 2 || area.height == 0 {
            return None;
        }
        let height = i32::from(area.height);
        let needs = |per_row: i32| {
            let first = hours.start.div_euclid(per_row);
            (hours.end + per_row - 1).div_euclid(per_row) - first
        };
        let fits = ROWS.into_iter().find(|per_row| needs(*per_row) <= height);
        let per_row = fits.unwrap_or(120);
        let all = needs(per_row);
        let rows = all.min(height);
        let top = hours.start.div_euclid(per_row);
        let wanted = chosen.div_euclid(per_row) - top;
        let skipped = (wanted - rows / 2).clamp(0, all - rows);
        Some(Self {
            area,
            column,
            per_row,
            first: (top + skipped) * per_row,
            rows: u16::try_from(rows).unwrap_or(area.height),
            more: (skipped > 0, skipped + rows < all),
        })
    }

    /// Where a day's column begins, and its cells without the blank behind it.
    pub(super) fn of_day(&self, day: usize) -> (u16, u16) {
        let day = u16::try_from(day).unwrap_or(0);
        (HOURS + day * self.column, self.column - 1)
    }

    /// The minute of the day that a row begins at.
    pub(super) fn minute(&self, row: u16) -> i32 {
        self.first + i32::from(row) * self.per_row
    }

    /// Parts that a row of `cells` shows side by side, and the cells of each.
    pub(super) fn parts(&self, cells: u16) -> (usize, usize) {
        let mut parts = usize::try_from(self.per_row / CELL).unwrap_or(1);
        let cells = usize::from(cells).max(1);
        while parts > cells {
            parts /= 2;
        }
        (parts, cells / parts)
    }

    /// Whether one of the cells of a row of a day is among those that are true.
    pub(super) fn any(&self, cells: &[bool], day: usize, row: u16) -> bool {
        let first = day * OF_DAY + usize::try_from(self.minute(row) / CELL).unwrap_or(0);
        let count = usize::try_from(self.per_row / CELL).unwrap_or(1);
        let upto = (first + count).min(cells.len());
        cells[first.min(upto)..upto].contains(&true)
    }

    /// The marks of one row of a day: one for each part.
    pub(super) fn marks(&self, marks: &[Mark], day: usize, row: u16, parts: usize) -> Vec<Mark> {
        let first = day * OF_DAY + usize::try_from(self.minute(row) / CELL).unwrap_or(0);
        let all = usize::try_from(self.per_row / CELL).unwrap_or(1);
        let each = all / parts.max(1);
        let part = |part: usize| {
            let from = (first + part * each).min(marks.len());
            let to = (from + each).min(marks.len());
            marks[from..to].iter().min().copied()
        };
        (0..parts)
            .map(|at| part(at).unwrap_or(Mark::Outside))
            .collect()
    }

    /// The day and the minute at a place on the screen, and the minutes that are shown there.
    pub(super) fn hit(&self, at: Position) -> Option<(i64, i32, i32)> {
        let shown = Rect {
            height: self.rows,
            ..self.area
        };
        if !shown.contains(at) {
            return None;
        }
        let across = (at.x - shown.x).checked_sub(HOURS)?;
        let (day, within) = (across / self.column, across % self.column);
        let (parts, cells) = self.parts(self.column - 1);
        if usize::from(day) >= DAYS {
            return None;
        }
        let part = (usize::from(within) / cells.max(1)).min(parts - 1);
        let minutes = self.per_row / i32::try_from(parts).unwrap_or(1);
        let minute = self.minute(at.y - shown.y) + minutes * i32::try_from(part).unwrap_or(0);
        (minute < DAY).then_some((i64::from(day), minute, minutes))
    }
}
