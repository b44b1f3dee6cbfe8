//! What is stored of when people are free: a member's hours under the member's id, those that their
//! calendar has beside them, and lists of days off under ids made from their names.
//!
//! Not part of the member's record, which every booking expects: a change of hours is in nobody's
//! way.

use std::collections::BTreeMap;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::availability::DayWindow;
use greenroom_protocol::date::Date;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::Window;
use serde::{Deserialize, Serialize};

use crate::calendars::panel::Working;
use crate::store::Record;

/// A member's hours; its id is the member's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AvailabilityRecord {
    /// The week; `None`: nobody has set it, and it is assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Vec<Window>>,
    /// Days that differ; without windows: off.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<Date, Vec<DayWindow>>,
    /// Minutes kept free before each interview, at most 240.
    #[serde(skip_serializing_if = "is_zero")]
    pub buffer_before: u32,
    /// Minutes kept free after each interview, at most 240.
    #[serde(skip_serializing_if = "is_zero")]
    pub buffer_after: u32,
    /// Interviews a day at most; 0: no limit.
    #[serde(skip_serializing_if = "is_zero")]
    pub cap_day: u32,
    /// Interviews an ISO week at most; 0: no limit.
    #[serde(skip_serializing_if = "is_zero")]
    pub cap_week: u32,
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Record for AvailabilityRecord {
    const TABLE: &'static str = "availability";
    const SCHEMA: u32 = 1;
}

/// When a member works, as a calendar of theirs has it that others keep; its id is the member's. It
/// counts where nobody has set the week here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarHoursRecord {
    /// Where it was read.
    pub provider: AccountProvider,
    /// When they work.
    #[serde(flatten)]
    pub working: Working,
}

impl Record for CalendarHoursRecord {
    const TABLE: &'static str = "calendar-hours";
    const SCHEMA: u32 = 1;
}

/// A list of days off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DaysOffRecord {
    /// Its name, which no other list has, whatever its case.
    pub name: String,
    /// Its days, each with what it is where that differs from the name.
    #[serde(default)]
    pub days: BTreeMap<Date, Option<String>>,
    /// For whom; empty: for everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberId>,
}

impl Record for DaysOffRecord {
    const TABLE: &'static str = "days-off";
    const SCHEMA: u32 = 1;
}

impl DaysOffRecord {
    /// Whether it counts for a member.
    #[must_use]
    pub fn is_for(&self, member: MemberId) -> bool {
        self.members.is_empty() || self.members.contains(&member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_that_say_nothing_are_assumed_and_written_as_nothing() {
        let read: AvailabilityRecord = serde_json::from_str("{}").unwrap();
        assert_eq!(read, AvailabilityRecord::default());
        assert_eq!(read.hours, None);
        assert_eq!(serde_json::to_string(&read).unwrap(), "{}");
    }

    #[test]
    fn hours_are_stored_as_they_were_set() {
        let stored = r#"{"hours":[{"days":[1,2],"from_minute":540,"to_minute":720}],"overrides":{"2026-12-24":[],"2026-12-31":[{"from_minute":540,"to_minute":600}]},"buffer_before":5,"cap_day":3}"#;
        let read: AvailabilityRecord = serde_json::from_str(stored).unwrap();
        assert_eq!((read.overrides.len(), read.cap_day), (2, 3));
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    }

    #[test]
    fn hours_of_a_calendar_are_stored_as_they_were_read() {
        let stored = r#"{"provider":"microsoft","hours":[{"days":[1],"from_minute":480,"to_minute":1020}],"zone":"Europe/Berlin"}"#;
        let read: CalendarHoursRecord = serde_json::from_str(stored).unwrap();
        assert_eq!(read.provider, AccountProvider::Microsoft);
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    }

    #[test]
    fn a_list_of_days_off_without_members_is_for_everyone() {
        let stored =
            r#"{"name":"Holidays","days":{"2026-12-25":"Christmas Day","2026-12-26":null}}"#;
        let read: DaysOffRecord = serde_json::from_str(stored).unwrap();
        assert!(read.is_for(MemberId::new()));
        assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    }
}
