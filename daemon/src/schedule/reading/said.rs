//! What words say of a time, before they are put together.
//!
//! Owns the shapes that the rooms of reading hand to each other, and the frame in which words are
//! read. Must hold no rule of reading.

use greenroom_protocol::time::Instant;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::zones::ZoneSaid;

/// In which order a country writes day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
    /// Both are in use, so neither comes first.
    Both,
}

/// A zone and its IANA name.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub name: String,
    pub zone: TimeZone,
}

/// What words are read against.
#[derive(Debug, Clone)]
pub struct Frame {
    pub(super) now: Instant,
    /// The day that `now` is on in the writer's zone.
    pub(super) today: Date,
    pub(super) mine: Place,
    pub(super) theirs: Option<Place>,
    /// What "my time" is; `None`: `mine`.
    pub(super) own: Option<Place>,
    pub(super) order: Order,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    Day(Day),
    Span(Span),
    Clock(Clock),
    Part(Part),
    /// A moment that needs neither day nor zone, and what it ends with.
    Moment(Instant, Option<Instant>, &'static str),
    /// A zone; of the last clock alone if the second is `true`, as in "18:30 in Kolkata".
    Zone(ZoneSaid, bool),
    /// How long, in minutes.
    Length(i64),
    Number(Number),
    Link(Link),
    /// Words that belong to no time.
    Break,
    /// The end of a sentence, which ends a time too.
    Stop,
}

/// Something said by the tokens `from..to`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub said: Said,
    pub from: usize,
    pub to: usize,
}

/// Which of the days of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Which {
    #[default]
    Bare,
    This,
    Next,
    Last,
    /// So many weeks after the next one.
    Later(i32),
    /// The first one after what was said before.
    AfterThat,
    /// Each of them, as in "Tuesdays", of which the next one is meant.
    Each,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateSaid {
    Full(Date),
    MonthDay(i8, i8),
    OfMonth(i8),
    /// Two numbers in an order that the country decides.
    Numeric(i8, i8, Option<i16>),
    /// Two numbers of which the first is the day, with or without a year.
    DayMonth(i8, i8, Option<i16>),
}

/// How far from a day another one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Days(i32),
    WorkingDays(i32),
    Months(i32),
}

impl Shift {
    pub(super) fn negative(self) -> Self {
        match self {
            Self::Days(n) => Self::Days(-n),
            Self::WorkingDays(n) => Self::WorkingDays(-n),
            Self::Months(n) => Self::Months(-n),
        }
    }

    pub(super) fn from(self, day: Date) -> Option<Date> {
        match self {
            Self::Days(days) => plus_days(day, days),
            Self::Months(months) => day.checked_add(months.months()).ok(),
            Self::WorkingDays(days) => {
                let step = days.signum();
                let mut day = day;
                for _ in 0..days.unsigned_abs().min(400) {
                    day = plus_days(day, step)?;
                    while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                        day = plus_days(day, step)?;
                    }
                }
                Some(day)
            }
        }
    }
}

pub(super) fn plus_days(day: Date, days: i32) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// Monday of the ISO week that `day` is in.
pub(super) fn monday(day: Date) -> Option<Date> {
    plus_days(day, -i32::from(day.weekday().to_monday_zero_offset()))
}

/// A day, as far as it was said: each part of it narrows the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Day {
    pub weekday: Option<Weekday>,
    pub which: Which,
    pub date: Option<DateSaid>,
    /// A day that its word alone fixes, such as "tomorrow", and the rule.
    pub fixed: Option<(Date, &'static str)>,
    /// The week or month it is in.
    pub within: Option<Span>,
    /// What is counted from it.
    pub shift: Option<Shift>,
    /// ISO 8601, where clocks have 24 hours.
    pub iso: bool,
    /// Alone among other words it is no time.
    pub weak: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpanUnit {
    Days,
    Weekend,
    Week,
    Month,
    Longer,
}

/// Several days: from the first to the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub from: Date,
    pub to: Date,
    pub unit: SpanUnit,
    pub rule: &'static str,
    /// The same words read as another one.
    pub other: Option<(Date, Date)>,
    pub weak: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// By the clock of twelve hours, and which half of the day was not said.
    Unknown,
    /// Known.
    Known,
    /// 12 am, which some write for noon.
    TwelveAm,
    /// 12 pm, which some write for midnight.
    TwelvePm,
    /// Midnight, which begins a day or ends it.
    Midnight,
}

/// A clock's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// Minutes since midnight, up to 24:00.
    pub minute: i32,
    pub half: Half,
    /// Alone among other words it is no time.
    pub weak: bool,
    /// A dotted pair of numbers can be a date too.
    pub or_date: Option<DateSaid>,
    /// A number alone, which can be a day of the month too.
    pub number: Option<i8>,
    /// Four digits that are a year of our time as well.
    pub or_year: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartName {
    Morning,
    Afternoon,
    Evening,
    Night,
    Lunch,
    EndOfDay,
}

/// A part of a day, in minutes since its midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub name: PartName,
    pub from: i32,
    pub to: i32,
    /// The day, from today, that its words name too.
    pub day: Option<i32>,
    pub weak: bool,
    /// In the plural, as in "mornings", of which the next one is meant.
    pub each: bool,
}

/// A number that its neighbours make an hour, a day, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub value: u32,
    pub digits: usize,
    pub ordinal: bool,
    pub spelled: bool,
}

/// Words between the parts of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    At,
    On,
    The,
    Of,
    In,
    Comma,
    Colon,
    Or,
    And,
    Slash,
    To,
    Dash,
    Until,
    From,
    Between,
    After,
    Before,
    By,
    Around,
    Onwards,
    Earlier,
    Bracket,
    Line,
    /// Says nothing about the time, such as "sometime".
    Soft,
}
