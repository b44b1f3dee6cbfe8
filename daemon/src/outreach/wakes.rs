//! Wakes lines when what times are chosen by may have changed: the one place that does.
//!
//! Owns which change concerns whom in line. Hears every commit: time that is freed (a cancelled or
//! moved interview, a slot let go of), other calendars, hours, limits, days off, a stage's plan, an
//! address, a connection, email set up. Invariant: a wake only asks for the line's work, once for all
//! that was committed meanwhile; one that is lost, as the daemon ends here, a sweep makes up for.
//! Must not look at anybody in line.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use greenroom_protocol::id::{CandidateId, JobId, MemberId, StageId, WorkspaceId};
use tokio::sync::Notify;

use crate::grants::ConnectionRecord;
use crate::interviews::LINE_WORK;
use crate::records::availability::{AvailabilityRecord, CalendarHoursRecord, DaysOffRecord};
use crate::records::calendar::{CalendarRecord, Owner, OwnersWeek};
use crate::records::feed::{BusyRecord, FeedPlace, FeedRecord, FeedWeek, ReadRecord};
use crate::records::mail::MailRecord;
use crate::records::pipeline::{CandidateRecord, JobRecord, StageRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::schedule::busy::Interval;
use crate::services::Services;
use crate::store::engine::{Committed, Observer, Versioned};
use crate::store::key::Key;
use crate::store::table::decode;
use crate::store::{GLOBAL, Record as _, StoreError};
use crate::work::WorkRecord;

/// Calendars of which it is remembered what they had; then all are forgotten, and the next change
/// of each counts as if it freed something.
const MOST_REMEMBERED: usize = 20_000;

/// Wakes lines until `stop`.
pub async fn wake_lines(services: &Services, stop: impl Future<Output = ()>) {
    // Which lines there are, the index knows.
    if services.index.ready().await.is_err() {
        return stop.await;
    }
    let heard = Arc::new(Heard::default());
    services.store.engine().observe(heard.clone());
    let until = Arc::clone(&heard);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            () = heard.more.notified() => {}
        }
        let changes = std::mem::take(&mut *locked(&heard.changes));
        if let Err(error) = wake(services, &changes).await {
            tracing::warn!(%error, "lines could not be woken; they are looked at within the hour");
        }
    }
    until.over.store(true, Ordering::Relaxed);
}

/// What changed of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    /// Something that everybody in line depends on.
    All,
    /// A stage.
    Stage(StageId),
    /// A job.
    Job(JobId),
    /// When a member can.
    Member(MemberId),
    /// When a candidate can, or where they are.
    Candidate(CandidateId),
}

type Changes = BTreeSet<(WorkspaceId, Change)>;

async fn wake(services: &Services, changes: &Changes) -> Result<(), StoreError> {
    // What was committed is known to the index, too.
    services.store.settled().await?;
    let mut woken: BTreeSet<(WorkspaceId, StageId)> = BTreeSet::new();
    for (workspace, change) in changes {
        let concerned = concerned(services, *workspace, *change);
        woken.extend(concerned.into_iter().map(|stage| (*workspace, stage)));
    }
    let now = services.clock.now();
    for (workspace, stage) in woken {
        let (space, stage) = (workspace.to_string(), stage.to_string());
        let asked = services
            .store
            .transact(|tx| {
                let (space, stage) = (&space, &stage);
                async move { WorkRecord::ask(&tx, space, LINE_WORK, stage, now) }
            })
            .await;
        asked?;
    }
    Ok(())
}

/// The stages in whose line somebody waits whom that concerns.
fn concerned(services: &Services, workspace: WorkspaceId, change: Change) -> Vec<StageId> {
    let index = &services.index;
    let mut lines = index.lines(workspace);
    if let Change::Candidate(candidate) = change {
        let theirs = index.line_of(workspace, candidate);
        lines.retain(|stage| theirs.contains(stage));
        return lines;
    }
    lines.retain(|stage| match (change, index.stage(workspace, *stage)) {
        (Change::All, _) => true,
        (Change::Stage(changed), _) => changed == *stage,
        (Change::Job(job), Some(row)) => row.record.job == job,
        (Change::Member(member), Some(row)) => {
            let plan = &row.record.interview;
            let named = plan.panel.iter().flat_map(|it| &it.members);
            let others = [plan.zoom_user, plan.organizes()].into_iter().flatten();
            named.copied().chain(others).any(|it| it == member)
        }
        (Change::Candidate(_) | Change::Job(_) | Change::Member(_), _) => false,
    });
    lines
}

/// What was committed and is not seen to yet.
#[derive(Default)]
struct Heard {
    changes: Mutex<Changes>,
    calendars: Mutex<Calendars>,
    more: Notify,
    over: AtomicBool,
}

impl Observer for Heard {
    fn committed(&self, commit: &Committed) {
        let read = |(key, row): &(Key, Option<Versioned>)| self.read(key, row.as_ref());
        let new: Vec<_> = commit.rows.iter().filter_map(read).collect();
        if new.is_empty() {
            return;
        }
        locked(&self.changes).extend(new);
        self.more.notify_one();
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

impl Heard {
    /// What a row is to those in line; `None`: nothing.
    fn read(&self, key: &Key, row: Option<&Versioned>) -> Option<(WorkspaceId, Change)> {
        if key.space() == GLOBAL {
            let is_workspace = key.table() == WorkspaceRecord::TABLE;
            return is_workspace.then(|| Some((key.id().parse().ok()?, Change::All)))?;
        }
        let id = key.id();
        let member = |it: MemberId| Change::Member(it);
        let change = match key.table() {
            CalendarRecord::TABLE => {
                if !locked(&self.calendars).frees(key, row) {
                    return None;
                }
                match id.parse::<OwnersWeek>().ok()?.owner {
                    Owner::Member(id) => member(id),
                    Owner::Candidate(id) => Change::Candidate(id),
                    // Who hosts there, anybody in line may depend on.
                    Owner::Zoom(_) => Change::All,
                }
            }
            AvailabilityRecord::TABLE | CalendarHoursRecord::TABLE | MemberRecord::TABLE => {
                member(id.parse().ok()?)
            }
            BusyRecord::TABLE => member(id.parse::<FeedWeek>().ok()?.place.member),
            FeedRecord::TABLE | ReadRecord::TABLE => member(id.parse::<FeedPlace>().ok()?.member),
            StageRecord::TABLE => Change::Stage(id.parse().ok()?),
            JobRecord::TABLE => Change::Job(id.parse().ok()?),
            CandidateRecord::TABLE => Change::Candidate(id.parse().ok()?),
            DaysOffRecord::TABLE | ConnectionRecord::TABLE | MailRecord::TABLE => Change::All,
            _ => return None,
        };
        Some((key.space().parse().ok()?, change))
    }
}

/// What weeks had in them when they were last written, as digests.
#[derive(Default)]
struct Calendars(HashMap<Key, Vec<u64>>);

impl Calendars {
    /// Whether something is free that was not; where it is not known, yes.
    fn frees(&mut self, key: &Key, row: Option<&Versioned>) -> bool {
        let now = row.map(|row| decode::<CalendarRecord>(key, row));
        let now: Vec<u64> = match now {
            Some(Ok(record)) => record.intervals().iter().map(digest).collect(),
            Some(Err(_)) | None => Vec::new(),
        };
        if self.0.len() >= MOST_REMEMBERED {
            self.0.clear();
        }
        let before = self.0.insert(key.clone(), now.clone());
        before.is_none_or(|before| before.iter().any(|it| !now.contains(it)))
    }
}

fn digest(interval: &Interval) -> u64 {
    let mut hasher = DefaultHasher::new();
    (interval.start.second(), interval.end.second()).hash(&mut hasher);
    interval.taken_by.hash(&mut hasher);
    hasher.finish()
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
