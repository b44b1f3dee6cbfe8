//! What lists, search, references and free times answer from: a copy in memory of the records
//! people look for, filled by a scan and kept exact by every commit. It decides nothing and writes
//! nothing: who may see what is passed to it as [`Visible`] and [`VisibleInterviews`], and a
//! decision reads the store again. Its one lock is held for a search (a few milliseconds over a
//! million candidates), for one row of a commit, or for as long as it takes to share somebody's
//! weeks, which are used without it; never across an await.

mod applications;
mod availability;
mod bits;
mod calendars;
mod candidates;
mod chunk;
mod directory;
mod domains;
mod elsewhere;
mod fold;
mod idle;
mod interviews;
mod near;
mod news;
mod outreaches;
mod resolve;
mod scan;
mod search;
mod sink;
mod terms;
#[cfg(test)]
mod tests;
mod timeline;
mod today;
mod word;
mod zones;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use greenroom_protocol::id::{JobId, MemberId, StageId, WorkspaceId};
use tokio::sync::watch;

use self::availability::Availability;
pub use self::availability::DaysOffRow;
use self::calendars::Calendars;
use self::candidates::Candidates;
pub use self::directory::Row;
use self::directory::Table;
use self::elsewhere::Elsewhere;
pub use self::elsewhere::FeedRow;
pub(crate) use self::fold::fold;
pub use self::idle::Idle;
pub use self::interviews::{Counted, InterviewFilter, Interviews, VisibleInterviews};
use self::news::News;
use self::outreaches::Outreaches;
pub use self::outreaches::{InLine, LineOrder, OutreachOrder, OutreachPlace};
pub use self::resolve::{Applications, Unresolved};
pub use self::search::{
    BadCursor, CandidateEntry, EntryApplication, Filter, Found, FoundRow, Highlights, Search, Sort,
    Standing, States, Visible,
};
use self::sink::Feed;
use self::timeline::Timeline;
pub use self::today::Mine;
use crate::records::pipeline::{JobRecord, StageRecord};
use crate::records::workspace::{LinkRecord, MemberRecord, UnixUser, WorkspaceRecord};
use crate::store::engine::ReadError;
use crate::store::follow::follow;
use crate::store::{Store, StoreError};

/// Why there is no index to answer from.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IndexError {
    /// The scan at the start failed.
    #[error("Couldn't build the index: {0}")]
    Build(Arc<str>),
    /// Records are missing, or older than they should be.
    #[error(transparent)]
    Damaged(ReadError),
}

#[derive(Debug, Clone)]
enum Phase {
    Filling,
    Ready,
    Failed(IndexError),
}

/// The copy in memory. Clones are one index.
#[derive(Clone)]
pub struct Index {
    state: Arc<RwLock<State>>,
    phase: watch::Sender<Phase>,
}

#[derive(Default)]
struct State {
    /// Whether the scan is over; from then on rows are put in their place one by one.
    filled: bool,
    workspaces: Table<WorkspaceId, WorkspaceRecord>,
    links: Table<UnixUser, LinkRecord>,
    spaces: HashMap<WorkspaceId, Space>,
    /// Keys of records that are there and cannot be decoded.
    unreadable: BTreeSet<String>,
}

/// What belongs to one workspace.
#[derive(Default)]
struct Space {
    members: Table<MemberId, MemberRecord>,
    jobs: Table<JobId, JobRecord>,
    stages: Table<StageId, StageRecord>,
    candidates: Candidates,
    interviews: Timeline,
    idle: idle::Lines,
    /// Those of the idle ones with whom nobody is in touch.
    unstarted: idle::Lines,
    news: News,
    outreaches: Outreaches,
    calendars: Calendars,
    availability: Availability,
    elsewhere: Elsewhere,
}

/// Building an index: where it ends by a panic, nobody waits for it for ever.
struct Unfinished(watch::Sender<Phase>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.0.send_if_modified(|phase| {
            let stopped = matches!(phase, Phase::Filling);
            if stopped {
                *phase = Phase::Failed(IndexError::Build("it stopped unexpectedly".into()));
            }
            stopped
        });
    }
}

impl State {
    fn space(&self, id: WorkspaceId) -> Option<&Space> {
        self.spaces.get(&id)
    }
}

impl Index {
    /// Begins to fill an index from `store`, exact for as long as the store is open.
    #[must_use]
    pub fn start(store: &Store) -> Self {
        let index = Self::empty();
        let filling = index.clone();
        let store = store.clone();
        let unfinished = Unfinished(index.phase.clone());
        tokio::spawn(async move {
            let _unfinished = unfinished;
            let sink = Arc::new(Feed(filling.clone()));
            if let Err(cause) = follow(&store, sink).await {
                tracing::error!(%cause, "the index could not be built");
                let cause = match cause {
                    StoreError::Read(damaged @ ReadError::Damaged(_)) => {
                        IndexError::Damaged(damaged)
                    }
                    cause => IndexError::Build(cause.to_string().into()),
                };
                filling.phase.send_replace(Phase::Failed(cause));
                return;
            }
            // Lists answer already; the first search should not pay for all of this.
            tokio::task::spawn_blocking(move || filling.warm());
        });
        index
    }

    fn empty() -> Self {
        Self {
            state: Arc::default(),
            phase: watch::Sender::new(Phase::Filling),
        }
    }

    /// Whether it is exact.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(*self.phase.borrow(), Phase::Ready)
    }

    /// Waits until it is exact.
    pub async fn ready(&self) -> Result<(), IndexError> {
        let mut phase = self.phase.subscribe();
        let settled = phase.wait_for(|phase| !matches!(phase, Phase::Filling));
        match settled.await.as_deref() {
            Ok(Phase::Failed(cause)) => Err(cause.clone()),
            // The sender lives in `self`, so there is no other error.
            _ => Ok(()),
        }
    }

    /// The keys of records that are stored and cannot be decoded; lists leave them out.
    #[must_use]
    pub fn unreadable(&self) -> Vec<String> {
        self.read().unreadable.iter().cloned().collect()
    }

    /// Prepares every search, a few hundred candidates at a time, so that commits wait for none of
    /// it.
    fn warm(&self) {
        let spaces: Vec<_> = self.read().spaces.keys().copied().collect();
        for ws in spaces {
            let mut next = 0;
            while let Some(after) = self
                .read()
                .space(ws)
                .and_then(|space| space.candidates.warm(next))
            {
                next = after;
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}
