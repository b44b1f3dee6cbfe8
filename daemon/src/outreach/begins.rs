//! When the assistant may begin an email to a candidate: a proposal, other times, a reminder.
//!
//! Owns the candidate's quiet hours, how many such emails somebody gets on a day (`when` ★), and how
//! many leave in a minute. Invariant: what answers an email of the last half hour waits for nothing,
//! and counts as nothing begun; nor does what a person approves or sends.
//!
//! ★ pure

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;

use super::clock;
use crate::clock::Steady;
use crate::records::outreach::{Begun, OutreachRecord};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Minutes in which an email is an answer to one that came in.
const ANSWERS: i64 = 30;

/// Emails that are begun in a minute, at most, in one workspace: after the daemon was away, or the
/// assistant was paused, many are due at once.
const A_MINUTE: usize = 30;

/// Other outreaches to a candidate whose emails are counted: the newest.
const OTHERS: usize = 20;

/// Whether an email answers what the candidate wrote a while ago.
pub(super) fn answers(record: &OutreachRecord, now: Instant) -> bool {
    let answered = record.assisted.and_then(|it| it.answered_at);
    answered.is_some_and(|at| now < at.plus_minutes(ANSWERS))
}

/// When an email may be begun to somebody in this IANA zone to whom others were `begun`: now, or the
/// next day there.
pub(super) fn when(now: Instant, zone: &str, begun: impl Iterator<Item = Instant>) -> Instant {
    let at = clock::waking(now, zone);
    let on_that_day = begun.filter(|it| clock::is_same_day(*it, at, zone));
    match on_that_day.count() < Begun::MOST {
        true => at,
        false => clock::waking(clock::next_day(at, zone), zone),
    }
}

/// When the next email may be begun to the candidate of an outreach.
pub(super) async fn may_begin(
    services: &Services,
    tx: &Tx,
    workspace: WorkspaceId,
    record: &OutreachRecord,
    now: Instant,
) -> Result<Instant, StoreError> {
    if !services.config.assistant.quiet_hours || answers(record, now) {
        return Ok(now);
    }
    let space = workspace.to_string();
    let mut begun: Vec<Instant> = Vec::new();
    let theirs = services.index.outreaches_to(workspace, record.candidate);
    for id in theirs.into_iter().take(OTHERS) {
        let other = tx.peek::<OutreachRecord>(&space, &id.to_string()).await?;
        let times = other.and_then(|it| it.assisted).map(|it| it.begun.times());
        begun.extend(times.into_iter().flatten());
    }
    let zone = zone_of(services, workspace, record);
    Ok(when(now, &zone, begun.into_iter()))
}

/// The same for people to see, by the emails of this outreach alone.
pub(super) fn next(
    services: &Services,
    workspace: WorkspaceId,
    record: &OutreachRecord,
) -> Instant {
    let begun = record.assisted.map(|it| it.begun).unwrap_or_default();
    let zone = zone_of(services, workspace, record);
    when(services.clock.now(), &zone, begun.times())
}

/// The zone whose weekdays count: the candidate's, where it is known.
pub(super) fn zone_of(
    services: &Services,
    workspace: WorkspaceId,
    record: &OutreachRecord,
) -> String {
    let entry = services.index.candidate(workspace, record.candidate);
    let theirs = entry.and_then(|it| it.zone);
    theirs.unwrap_or_else(|| record.terms.zone.clone())
}

/// How many emails were begun in the last minute. Clones are one count.
#[derive(Clone, Default)]
pub struct PerMinute(Arc<Mutex<HashMap<WorkspaceId, VecDeque<Steady>>>>);

impl PerMinute {
    /// Takes one of a workspace's places in this minute.
    ///
    /// # Errors
    /// There is none: seconds until there is.
    pub(super) fn take(&self, workspace: WorkspaceId, now: Steady) -> Result<(), i64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = all.entry(workspace).or_default();
        while begun.front().is_some_and(|first| now.since(*first) >= 60) {
            begun.pop_front();
        }
        match begun.front() {
            Some(first) if begun.len() >= A_MINUTE => Err(60 - now.since(*first)),
            _ => {
                begun.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SetClock;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().expect("a moment").into()
    }

    #[test]
    fn three_emails_are_begun_on_a_day_of_the_candidates_and_the_next_on_another() {
        let berlin = "Europe/Berlin";
        let monday = [
            "2026-11-30T08:00:00Z",
            "2026-11-30T09:00:00Z",
            "2026-11-30T22:30:00Z",
        ];
        for (now, begun, then) in [
            ("2026-11-30T11:00:00Z", &monday[..2], "2026-11-30T11:00:00Z"),
            ("2026-11-30T20:00:00Z", &[], "2026-12-01T07:00:00Z"),
            // 23:30 in Berlin is still Monday, and what is begun then is of Tuesday.
            ("2026-11-30T22:40:00Z", &monday, "2026-12-01T07:00:00Z"),
            ("2026-11-30T11:00:00Z", &monday, "2026-12-01T07:00:00Z"),
            // A Friday's next day is Monday.
            (
                "2026-12-04T11:00:00Z",
                &["2026-12-04T08:00:00Z"; 3],
                "2026-12-07T07:00:00Z",
            ),
        ] {
            let begun = begun.iter().map(|it| at(it));
            assert_eq!(when(at(now), berlin, begun), at(then), "{now}");
        }
    }

    #[test]
    fn a_minute_has_thirty_places_for_each_workspace() {
        let now = SetClock::at(Instant::from_second(0)).clock().steady();
        let (per_minute, acme, beta) =
            (PerMinute::default(), WorkspaceId::new(), WorkspaceId::new());
        for second in 0..30 {
            assert_eq!(per_minute.take(acme, now.plus_seconds(second)), Ok(()));
        }
        assert_eq!(per_minute.take(acme, now.plus_seconds(30)), Err(30));
        assert_eq!(per_minute.take(beta, now.plus_seconds(30)), Ok(()));
        assert_eq!(per_minute.take(acme, now.plus_seconds(60)), Ok(()));
        assert_eq!(per_minute.take(acme, now.plus_seconds(60)), Err(1));
    }
}
