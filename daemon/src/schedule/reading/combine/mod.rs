//! From pieces to days and clocks that belong together.
//!
//! Owns how ranges, lists and relations are written, and how the parts that a list leaves out are
//! shared: "Mon or Tue 3–4pm" is two days with one clock, "Tue 10, 11 or 14:00" one day with three.
//! Invariant: one pass over the pieces with a bounded look ahead. Must not know which dates or
//! minutes are meant.

mod groups;
mod numbers;
mod run;
mod share;
mod take;

use greenroom_protocol::time::Instant;

use self::numbers::decide_numbers;
use self::run::Run;
use super::said::{Clock, Day, Frame, Part, Piece, Said};
use super::zones::ZoneSaid;

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
