//! When people are free: each member's hours, and days off.
//!
//! Invariant: a member's hours and dates are by the member's own clock and calendar; what is not
//! set is taken from their calendar or assumed, and said so. They advise and never refuse: what
//! takes somebody's time is theirs elsewhere ([`crate::schedule`]).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::AccountProvider;
use crate::date::Date;
use crate::edit::Edit;
use crate::pipeline::Window;
use crate::workspace::MemberBrief;

/// The most days that may differ from a member's usual week.
pub const MOST_OVERRIDES: usize = 400;

/// The most days of one list of days off.
pub const MOST_DAYS_OFF: usize = 400;

/// The most minutes kept free on one side of an interview.
pub const MOST_BUFFER_MINUTES: u32 = 240;

/// The most interviews that a limit a day or a week may say.
pub const MOST_CAP: u32 = 100;

/// A stretch of one day.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct DayWindow {
    /// First minute of the day, 0 to 1439.
    pub from_minute: u16,
    /// The minute it ends before, 1 to 1440.
    pub to_minute: u16,
}

/// A day that differs from the usual week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayHours {
    /// Which.
    pub date: Date,
    /// When; empty: off.
    pub hours: Vec<DayWindow>,
}

/// A change of one day: other hours, off, or as usual again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayHoursChange {
    /// Which.
    pub date: Date,
    /// When; empty: off; `None`: as usual again.
    #[serde(default)]
    pub hours: Option<Vec<DayWindow>>,
}

/// Whose hours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberHoursQuery {
    /// Who, by reference; `None`: the caller.
    #[serde(default)]
    pub member: Option<String>,
}

/// When a member works, and how many interviews they should have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberHours {
    /// Whose.
    pub member: MemberBrief,
    /// Their IANA time zone, by whose clock all of this is.
    pub zone: String,
    /// The week.
    pub hours: Vec<Window>,
    /// Nobody has set the week: Monday to Friday, 09:00 to 17:00, is assumed.
    pub assumed: bool,
    /// Nobody has set the week, and it is taken from their calendar there, with the zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_calendar: Option<AccountProvider>,
    /// Days that differ, by date.
    pub overrides: Vec<DayHours>,
    /// Minutes kept free before each interview.
    pub buffer_before_minutes: u32,
    /// Minutes kept free after each interview.
    pub buffer_after_minutes: u32,
    /// Interviews a day at most, over all jobs; 0: no limit.
    pub cap_day: u32,
    /// Interviews a week (Monday to Sunday) at most, over all jobs; 0: no limit.
    pub cap_week: u32,
    /// The workspace's days off that count for them, from today on, by date; without those that an
    /// override goes before.
    pub days_off: Vec<DayOff>,
    /// The record's revision; 0: nothing is set.
    pub revision: u64,
}

/// A change of a member's hours; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberHoursSet {
    /// Who, by reference; `None`: the caller.
    #[serde(default)]
    pub member: Option<String>,
    /// Their IANA time zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// The week, whole; empty: no hours in any week; `null`: as if nobody had set it.
    #[serde(default, skip_serializing_if = "Edit::is_keep")]
    pub hours: Edit<Vec<Window>>,
    /// Days that change; the others stay.
    #[serde(default)]
    pub overrides: Vec<DayHoursChange>,
    /// Minutes kept free before each interview, at most 240.
    #[serde(default)]
    pub buffer_before_minutes: Option<u32>,
    /// Minutes kept free after each interview, at most 240.
    #[serde(default)]
    pub buffer_after_minutes: Option<u32>,
    /// Interviews a day at most, up to 100; 0: no limit.
    #[serde(default)]
    pub cap_day: Option<u32>,
    /// Interviews a week at most, up to 100; 0: no limit.
    #[serde(default)]
    pub cap_week: Option<u32>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only says how it would be.
    #[serde(default)]
    pub dry_run: bool,
}

/// A day on which people do not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayOff {
    /// Which.
    pub date: Date,
    /// What it is, where that differs from its list's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A list of days off, such as a country's holidays or a company's break.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DaysOff {
    /// Its id, made from its first name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its days, by date.
    pub days: Vec<DayOff>,
    /// For whom; empty: for everyone.
    pub members: Vec<MemberBrief>,
    /// The record's revision.
    pub revision: u64,
}

/// What becomes of a list of days off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DaysOffAction {
    /// The days are added; a list of this name is made where there is none.
    Add,
    /// The days are the list's, in place of those before; it is made where there is none.
    Import,
    /// The days are removed; where none is named, the list is.
    Remove,
}

/// A change of one list of days off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DaysOffEdit {
    /// Which list, by its id or its name.
    pub days_off: String,
    /// What becomes of it.
    pub action: DaysOffAction,
    /// The days, at most 400.
    #[serde(default)]
    pub days: Vec<DayOff>,
    /// For whom, by reference; empty: for everyone; `None`: as it is, and everyone for a new list.
    #[serde(default)]
    pub members: Option<Vec<String>>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a change of a list of days off came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DaysOffEdited {
    /// The list as it is now, or would be; one that was removed, as it was.
    pub days_off: DaysOff,
    /// How many of its days are new.
    pub added: u32,
    /// How many days it has no more.
    pub removed: u32,
    /// The list itself is gone.
    pub gone: bool,
    /// Nothing was written.
    #[serde(default)]
    pub dry_run: bool,
}
