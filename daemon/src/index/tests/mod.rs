//! Stories over an index that is fed row by row, as a follower feeds it.

mod calendars;
mod lists;
mod references;
mod searches;
mod timeline;

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::Index;
use super::sink::Feed;
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord, StageRecord};
use crate::store::engine::Versioned;
use crate::store::follow::Sink;
use crate::store::key::Key;
use crate::store::table::encode;
use crate::store::{Record, Revision};

/// An index and the workspace the stories play in.
struct Stage {
    index: Index,
    ws: WorkspaceId,
}

impl Stage {
    /// Nothing is known, and the scan is over.
    fn ready() -> Self {
        let stage = Self::filling();
        stage.scanned();
        stage
    }

    fn filling() -> Self {
        Self {
            index: Index::empty(),
            ws: WorkspaceId::new(),
        }
    }

    fn feed(&self) -> Feed {
        Feed(self.index.clone())
    }

    /// The scan is over.
    fn scanned(&self) {
        self.feed().ready(Revision(0));
    }

    fn put<R: Record>(&self, id: impl ToString, revision: u64, record: &R) {
        let key = Key::new(&self.ws.to_string(), R::TABLE, &id.to_string()).unwrap();
        let body = encode(&key, record).unwrap();
        let revision = Revision(revision);
        self.feed().apply(&key, Some(&Versioned { revision, body }));
    }

    fn delete<R: Record>(&self, id: impl ToString) {
        let key = Key::new(&self.ws.to_string(), R::TABLE, &id.to_string()).unwrap();
        self.feed().apply(&key, None);
    }

    fn add_candidate(&self, name: &str, email: &str) -> CandidateId {
        let id = CandidateId::new();
        self.put(id, 1, &candidate(name, email));
        id
    }

    fn add_job(&self, title: &str, stages: &[&str]) -> (JobId, Vec<StageId>) {
        let id = JobId::new();
        let stages = stages.iter().map(|name| {
            let stage = StageId::new();
            self.put(stage, 1, &self::stage(id, name));
            stage
        });
        let stages: Vec<_> = stages.collect();
        self.put(id, 1, &job(title, stages.clone()));
        (id, stages)
    }

    fn apply_for(&self, candidate: CandidateId, job: JobId, stage: StageId) -> ApplicationId {
        let id = ApplicationId::new();
        self.put(id, 1, &application(candidate, job, stage, 0));
        id
    }
}

fn candidate(name: &str, email: &str) -> CandidateRecord {
    CandidateRecord {
        name: name.into(),
        email: email.into(),
        phone: None,
        zone: Some("Asia/Kolkata".into()),
        source: None,
        added_at: Instant::from_second(0),
        email_since: None,
    }
}

fn job(title: &str, stages: Vec<StageId>) -> JobRecord {
    JobRecord {
        title: title.into(),
        open: true,
        stages,
        created_at: Instant::from_second(0),
        assistant: Default::default(),
    }
}

fn stage(job: JobId, name: &str) -> StageRecord {
    StageRecord {
        job,
        name: name.into(),
        interview: Default::default(),
    }
}

fn application(
    candidate: CandidateId,
    job: JobId,
    stage: StageId,
    since: i64,
) -> ApplicationRecord {
    ApplicationRecord {
        candidate,
        job,
        stage,
        since: Instant::from_second(since),
        history: Vec::new(),
        states: Vec::new(),
        message: None,
        entry: 0,
    }
}
