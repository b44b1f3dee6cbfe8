//! ★ Owns what a Zoom plan allows, as dated data. Zoom's API refuses none of this at booking time
//! (a meeting simply ends, or does not start), so a booking asks here first.

use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::AccountPlan;
use greenroom_protocol::zoom::ZoomPlan;

use crate::grants::Profile;

/// Create and update calls Zoom takes for one host in a UTC day, apart from its limits per account.
/// Source: Zoom's "Meeting Create/Update API requests" refusal.
pub const HOST_CALLS_A_DAY: u32 = 100;

const LICENSED: &str = "licensed";

/// The longest a meeting may last from a moment on, in minutes.
struct Longest {
    from: i64,
    plan: ZoomPlan,
    minutes: u32,
}

/// Since 2022-07-15 Basic meetings end at 40 minutes, those of two people included. Source: Zoom's
/// plan announcement of that date.
const LONGEST: [Longest; 1] = [Longest {
    from: 1_657_843_200,
    plan: ZoomPlan::Basic,
    minutes: 40,
}];

/// The longest a meeting of this plan lasts that starts at `start`, in minutes; `None`: no limit
/// that matters here.
#[must_use]
pub fn longest_minutes(plan: ZoomPlan, start: Instant) -> Option<u32> {
    let rules = LONGEST
        .iter()
        .filter(|rule| rule.plan == plan && rule.from <= start.second());
    rules.max_by_key(|rule| rule.from).map(|rule| rule.minutes)
}

/// How many meetings one host can have running at once. Zoom does not tell Pro from Business, so
/// the workspace says which it is. Source: Zoom support, KB0068522.
#[must_use]
pub fn concurrent_meetings(plan: ZoomPlan, account: AccountPlan) -> u32 {
    match (plan, account) {
        (ZoomPlan::Licensed, AccountPlan::Business) => 2,
        (ZoomPlan::Licensed, AccountPlan::Unknown) | (ZoomPlan::Basic, _) => 1,
    }
}

/// The plan of a connection's user; Basic where Zoom never said.
#[must_use]
pub fn of(user: &Profile) -> ZoomPlan {
    match user.plan.as_deref() {
        Some(LICENSED) => ZoomPlan::Licensed,
        _ => ZoomPlan::Basic,
    }
}

/// The plan in the word it is stored with.
pub(super) const fn word(plan: ZoomPlan) -> &'static str {
    match plan {
        ZoomPlan::Basic => "basic",
        ZoomPlan::Licensed => LICENSED,
    }
}

/// When Zoom's day ends: the next 00:00 UTC.
#[must_use]
pub fn next_utc_day(now: Instant) -> Instant {
    const DAY: i64 = 24 * 60 * 60;
    Instant::from_second((now.second().div_euclid(DAY) + 1) * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn basic_ends_at_forty_minutes_since_july_2022() {
        assert_eq!(
            longest_minutes(ZoomPlan::Basic, at("2022-07-14T23:59:59Z")),
            None
        );
        assert_eq!(
            longest_minutes(ZoomPlan::Basic, at("2022-07-15T00:00:00Z")),
            Some(40)
        );
        assert_eq!(
            longest_minutes(ZoomPlan::Licensed, at("2027-01-01T00:00:00Z")),
            None
        );
    }

    #[test]
    fn two_at_once_needs_a_licence_and_the_workspaces_word() {
        let table = [
            (ZoomPlan::Basic, AccountPlan::Unknown, 1),
            (ZoomPlan::Basic, AccountPlan::Business, 1),
            (ZoomPlan::Licensed, AccountPlan::Unknown, 1),
            (ZoomPlan::Licensed, AccountPlan::Business, 2),
        ];
        for (plan, account, expected) in table {
            assert_eq!(
                concurrent_meetings(plan, account),
                expected,
                "{plan:?} {account:?}"
            );
        }
    }

    #[test]
    fn zooms_day_ends_at_midnight_utc() {
        assert_eq!(
            next_utc_day(at("2026-11-22T15:00:00Z")),
            at("2026-11-23T00:00:00Z")
        );
        assert_eq!(
            next_utc_day(at("2026-11-23T00:00:00Z")),
            at("2026-11-24T00:00:00Z")
        );
    }
}
