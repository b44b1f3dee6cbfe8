//! What is stored of checks: how far each host's is, and the strays that were found.

use std::collections::{BTreeMap, BTreeSet};

use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// How far the check of a host is; its id is the host's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HostCheckRecord {
    /// When the last one was done.
    pub checked_at: Option<Instant>,
    /// How many meetings it looked at.
    pub meetings: u32,
    /// Whether strays could be looked for.
    pub strays_looked_for: bool,
    /// The interview up to which the latest one got.
    pub up_to: Option<InterviewId>,
    /// Why it got no further.
    pub reason: Option<String>,
    /// When the one that is under way began. `None`: the latest one is over, finished or not.
    #[serde(default)]
    pub began_at: Option<Instant>,
    /// Interviews the latest one passed over.
    #[serde(default)]
    pub skipped: BTreeMap<InterviewId, Skipped>,
    /// Why unused meetings could not be looked for, where that is not for want of the permission.
    #[serde(default)]
    pub strays_reason: Option<String>,
}

impl HostCheckRecord {
    /// What a check still has to look at: first what it has not come to, then what was lost.
    pub(super) fn remaining(&self, coming: &BTreeSet<InterviewId>) -> Vec<InterviewId> {
        let ahead = |id: &InterviewId| self.up_to.is_none_or(|up_to| *id > up_to);
        let lost = |id: &InterviewId| {
            let skipped = self.skipped.get(id);
            skipped.is_some_and(|skipped| skipped.kind == Obstacle::Lost)
        };
        let new = coming.iter().filter(|id| ahead(id));
        let again = coming.iter().filter(|id| !ahead(id) && lost(id));
        new.chain(again).copied().collect()
    }

    /// One that is still to come and whose answer was lost.
    pub(super) fn lost(self, coming: &BTreeSet<InterviewId>) -> Option<Skipped> {
        let mut skipped = self.skipped.into_iter();
        let lost =
            |(id, it): &(InterviewId, Skipped)| it.kind == Obstacle::Lost && coming.contains(id);
        skipped.find(lost).map(|(_, lost)| lost)
    }
}

/// Why a check passed over an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Skipped {
    /// What kind of obstacle.
    pub kind: Obstacle,
    /// In words.
    pub reason: String,
}

/// What kept a check from looking at one meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Obstacle {
    /// Zoom refused to show it.
    Refused,
    /// Zoom's answer was lost or could not be read; asking again may help.
    Lost,
    /// There is no finished meeting to look at.
    NotReady,
}

impl Record for HostCheckRecord {
    const TABLE: &'static str = "host-check";
    const SCHEMA: u32 = 1;
}

/// A meeting of ours at Zoom that no booking needs; its id is the host's and Zoom's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OrphanRecord {
    /// At whose Zoom.
    pub host: MemberId,
    /// Zoom's number for it.
    pub meeting: u64,
    /// The interview it was made for, as its mark says.
    pub interview: Option<InterviewId>,
    /// When it begins.
    pub start: Option<Instant>,
    /// When it was found.
    pub found_at: Instant,
    /// It is to be deleted.
    pub deleting: bool,
    /// Why it could not be.
    pub reason: Option<String>,
}

impl Record for OrphanRecord {
    const TABLE: &'static str = "orphan";
    const SCHEMA: u32 = 1;
}

impl OrphanRecord {
    /// What it is found by.
    pub fn id(host: MemberId, meeting: u64) -> String {
        format!("{host}.{meeting}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_stored_by_an_older_daemon_is_read() {
        let old = r#"{"checked_at":"2026-11-24T02:40:00Z","meetings":4,"strays_looked_for":true,"up_to":null,"reason":null}"#;
        let check: HostCheckRecord = serde_json::from_str(old).unwrap();
        assert_eq!(check.meetings, 4);
        assert_eq!((check.began_at, check.strays_reason), (None, None));
        assert!(check.skipped.is_empty());
    }
}
