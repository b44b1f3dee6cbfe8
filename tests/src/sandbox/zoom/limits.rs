//! Owns counting: how often an account and a host may call, by the figures of Zoom's rate limit
//! page.
//!
//! Windows are whole seconds and UTC days of the sandbox's clock.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::directory::Plan;

/// Zoom's label of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    Light,
    Medium,
}

impl Weight {
    /// As the header `X-RateLimit-Category` writes it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Medium => "Medium",
        }
    }

    fn a_second(self, plan: Plan) -> u32 {
        match (self, plan) {
            (Self::Light, Plan::Free) => 4,
            (Self::Light, Plan::Pro) => 30,
            (Self::Light, Plan::Business) => 80,
            (Self::Medium, Plan::Free) => 2,
            (Self::Medium, Plan::Pro) => 20,
            (Self::Medium, Plan::Business) => 60,
        }
    }

    /// Only free accounts have a daily figure for these labels.
    fn a_day(self, plan: Plan) -> Option<u32> {
        match (self, plan) {
            (Self::Light, Plan::Free) => Some(6_000),
            (Self::Medium, Plan::Free) => Some(2_000),
            (_, Plan::Pro | Plan::Business) => None,
        }
    }
}

/// A limit was reached. Figures are calls a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limited {
    PerSecond {
        weight: Weight,
        limit: u32,
    },
    Daily {
        weight: Weight,
        limit: u32,
        until: Timestamp,
    },
    /// This host's create and update calls of the day.
    Host {
        limit: u32,
    },
}

/// Everything counted so far. Only the running window of each count is kept.
#[derive(Default)]
pub(super) struct Limits {
    seconds: HashMap<(String, Weight), (i64, u32)>,
    days: HashMap<(String, Weight), (Date, u32)>,
    hosts: HashMap<String, (Date, u32)>,
}

impl Limits {
    /// Counts a call of an account, or refuses it.
    pub(super) fn call(
        &mut self,
        (account, plan): (&str, Plan),
        weight: Weight,
        now: Timestamp,
    ) -> Result<(), Limited> {
        let limit = weight.a_second(plan);
        let key = (account.to_owned(), weight);
        let second = self.seconds.entry(key.clone()).or_default();
        if !counted(second, now.as_second(), limit) {
            return Err(Limited::PerSecond { weight, limit });
        }
        let Some(limit) = weight.a_day(plan) else {
            return Ok(());
        };
        let day = self.days.entry(key).or_default();
        if !counted(day, day_of(now), limit) {
            return Err(Limited::Daily {
                weight,
                limit,
                until: next_day(now),
            });
        }
        Ok(())
    }

    /// Counts a create or update call of a host, or refuses it.
    pub(super) fn host_call(
        &mut self,
        host: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<(), Limited> {
        let day = self.hosts.entry(host.to_owned()).or_default();
        if !counted(day, day_of(now), limit) {
            return Err(Limited::Host { limit });
        }
        Ok(())
    }
}

/// 00:00 UTC of the day after.
pub(super) fn next_day(now: Timestamp) -> Timestamp {
    let tomorrow = day_of(now)
        .tomorrow()
        .and_then(|day| day.to_zoned(TimeZone::UTC));
    tomorrow.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn day_of(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

fn counted<W: PartialEq>(window: &mut (W, u32), current: W, limit: u32) -> bool {
    if window.0 != current {
        *window = (current, 0);
    }
    if window.1 >= limit {
        return false;
    }
    window.1 += 1;
    true
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_free_account_runs_out_for_the_day_and_starts_anew_at_midnight_utc() {
        let mut limits = Limits::default();
        let morning: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
        let call = |limits: &mut Limits, second: i64| {
            let now = morning + SignedDuration::from_secs(second);
            limits.call(("acme", Plan::Free), Weight::Medium, now)
        };
        for second in 0..2_000 {
            assert_eq!(call(&mut limits, second), Ok(()));
        }
        let until = "2026-11-24T00:00:00Z".parse().unwrap();
        let used_up = Limited::Daily {
            weight: Weight::Medium,
            limit: 2_000,
            until,
        };
        assert_eq!(call(&mut limits, 2_000), Err(used_up));
        assert_eq!(call(&mut limits, 15 * 3600), Ok(()));
    }
}
