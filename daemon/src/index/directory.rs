//! Owns the small tables whole: workspaces, Unix links, and each workspace's members, jobs and
//! stages.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use greenroom_protocol::id::{JobId, MemberId, StageId, WorkspaceId};

use super::Index;
use super::fold::fold;
use crate::records::pipeline::{JobRecord, StageRecord};
use crate::records::workspace::{LinkRecord, MemberRecord, UnixUser, WorkspaceRecord};

/// A record as the index knows it.
#[derive(Debug)]
pub struct Row<Id, R> {
    /// Its id.
    pub id: Id,
    /// The commit that wrote it.
    pub revision: u64,
    /// The record.
    pub record: Arc<R>,
}

impl<Id: Copy, R> Clone for Row<Id, R> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            revision: self.revision,
            record: self.record.clone(),
        }
    }
}

/// All rows of one small table.
pub(super) struct Table<Id, R>(HashMap<Id, Row<Id, R>>);

impl<Id, R> Default for Table<Id, R> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<Id: Copy + Eq + Hash + Ord, R> Table<Id, R> {
    pub(super) fn set(&mut self, id: Id, row: Option<(u64, R)>) {
        let Some((revision, record)) = row else {
            self.0.remove(&id);
            return;
        };
        let record = Arc::new(record);
        let row = Row {
            id,
            revision,
            record,
        };
        self.0.insert(id, row);
    }

    pub(super) fn get(&self, id: Id) -> Option<&Row<Id, R>> {
        self.0.get(&id)
    }

    /// The row whose key is least, and of several the one whose id is.
    fn least<K: Ord>(&self, key: impl Fn(&R) -> K) -> Option<&Row<Id, R>> {
        self.0.values().min_by_key(|row| (key(&row.record), row.id))
    }

    /// All rows by the folded text of `name`, then by id.
    pub(super) fn sorted(&self, name: impl Fn(&R) -> &str) -> Vec<Row<Id, R>> {
        let mut rows: Vec<_> = self.0.values().cloned().collect();
        rows.sort_by_cached_key(|row| (fold(name(&row.record)), row.id));
        rows
    }
}

impl Index {
    /// All workspaces, by name.
    #[must_use]
    pub fn workspaces(&self) -> Vec<Row<WorkspaceId, WorkspaceRecord>> {
        self.read().workspaces.sorted(|record| &record.name)
    }

    /// One workspace.
    #[must_use]
    pub fn workspace(&self, id: WorkspaceId) -> Option<Row<WorkspaceId, WorkspaceRecord>> {
        self.read().workspaces.get(id).cloned()
    }

    /// A workspace's IANA zone: the one it was given, else that of its first member.
    #[must_use]
    pub fn zone_of(&self, ws: WorkspaceId) -> String {
        let state = self.read();
        let given = state.workspaces.get(ws);
        let given = given.and_then(|row| row.record.zone.clone());
        let first = || {
            let members = &state.space(ws)?.members;
            let first = members.least(|record| record.created_at)?;
            Some(first.record.zone.clone())
        };
        given.or_else(first).unwrap_or_else(|| "UTC".to_owned())
    }

    /// Who a Unix user is.
    #[must_use]
    pub fn link(&self, user: UnixUser) -> Option<LinkRecord> {
        let state = self.read();
        state.links.get(user).map(|row| (*row.record).clone())
    }

    /// One member.
    #[must_use]
    pub fn member(&self, ws: WorkspaceId, id: MemberId) -> Option<Row<MemberId, MemberRecord>> {
        self.read().space(ws)?.members.get(id).cloned()
    }

    /// All members, by name.
    #[must_use]
    pub fn members(&self, ws: WorkspaceId) -> Vec<Row<MemberId, MemberRecord>> {
        let state = self.read();
        let sorted = |space: &super::Space| space.members.sorted(|record| &record.name);
        state.space(ws).map(sorted).unwrap_or_default()
    }

    /// One job.
    #[must_use]
    pub fn job(&self, ws: WorkspaceId, id: JobId) -> Option<Row<JobId, JobRecord>> {
        self.read().space(ws)?.jobs.get(id).cloned()
    }

    /// All jobs, by title.
    #[must_use]
    pub fn jobs(&self, ws: WorkspaceId) -> Vec<Row<JobId, JobRecord>> {
        let state = self.read();
        let sorted = |space: &super::Space| space.jobs.sorted(|record| &record.title);
        state.space(ws).map(sorted).unwrap_or_default()
    }

    /// One stage.
    #[must_use]
    pub fn stage(&self, ws: WorkspaceId, id: StageId) -> Option<Row<StageId, StageRecord>> {
        self.read().space(ws)?.stages.get(id).cloned()
    }

    /// A job's stages in its order; those whose record is missing are left out.
    #[must_use]
    pub fn stages_of(&self, ws: WorkspaceId, job: JobId) -> Vec<Row<StageId, StageRecord>> {
        let state = self.read();
        let Some(space) = state.space(ws) else {
            return Vec::new();
        };
        let Some(job) = space.jobs.get(job) else {
            return Vec::new();
        };
        let stages = job.record.stages.iter();
        stages
            .filter_map(|id| space.stages.get(*id).cloned())
            .collect()
    }
}
