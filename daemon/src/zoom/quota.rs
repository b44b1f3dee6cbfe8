//! The creates and updates a host's Zoom took today, counted by the sender: before each, and
//! uncounted where Zoom did not take it.
//!
//! Zoom counts them per host and UTC day, for all apps together ([`plan::HOST_CALLS_A_DAY`]), and
//! tells nobody the count: ours is a lower bound. It advises people who plan, and spares Zoom a
//! request that it would refuse.

use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::CallsToday;
use serde::{Deserialize, Serialize};

use crate::store::{Record, Store, StoreError, Tx};
use crate::zoom::plan;

const DAY: i64 = 24 * 60 * 60;

/// What a host's Zoom took on one day; its id is Zoom's id of the host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCalls {
    /// The UTC day, counted from 1970-01-01.
    day: i64,
    /// Requests sent on it.
    sent: u32,
}

impl Record for HostCalls {
    const TABLE: &'static str = "host-calls";
    const SCHEMA: u32 = 1;
}

impl HostCalls {
    /// Today's, of those a day has.
    pub async fn today(
        tx: &Tx,
        space: &str,
        zoom_id: &str,
        now: Instant,
    ) -> Result<CallsToday, StoreError> {
        // For advice only: a plan need not be judged again because another one was made meanwhile.
        let calls = tx.peek::<Self>(space, zoom_id).await?.unwrap_or_default();
        Ok(calls.shown(now))
    }

    /// The same, to be shown.
    pub async fn told(
        store: &Store,
        space: &str,
        zoom_id: &str,
        now: Instant,
    ) -> Result<CallsToday, StoreError> {
        let stored = store.get::<Self>(space, zoom_id).await?;
        let calls = stored.map(|stored| stored.record).unwrap_or_default();
        Ok(calls.shown(now))
    }

    /// Counts one that is about to leave; false where today's are used up, and nothing is counted.
    pub async fn spend(
        tx: &Tx,
        space: &str,
        zoom_id: &str,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let calls = tx.get::<Self>(space, zoom_id).await?.unwrap_or_default();
        let sent = calls.on(now);
        if sent >= plan::HOST_CALLS_A_DAY {
            return Ok(false);
        }
        let next = Self {
            day: day(now),
            sent: sent + 1,
        };
        tx.put(space, zoom_id, &next)?;
        Ok(true)
    }

    /// Uncounts one of `at` that Zoom did not take: it never got there, or was refused or limited.
    pub async fn refund(
        tx: &Tx,
        space: &str,
        zoom_id: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let Some(calls) = tx.get::<Self>(space, zoom_id).await? else {
            return Ok(());
        };
        if calls.day != day(at) {
            return Ok(());
        }
        let sent = calls.sent.saturating_sub(1);
        tx.put(space, zoom_id, &Self { sent, ..calls })
    }

    fn shown(self, now: Instant) -> CallsToday {
        CallsToday {
            sent: self.on(now),
            most: plan::HOST_CALLS_A_DAY,
        }
    }

    fn on(self, now: Instant) -> u32 {
        match self.day == day(now) {
            true => self.sent,
            false => 0,
        }
    }
}

fn day(now: Instant) -> i64 {
    now.second().div_euclid(DAY)
}
