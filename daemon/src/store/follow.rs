//! Owns the way to an exact copy in memory: it hears every commit from the moment it begins, reads
//! everything in pages, replays what it heard meanwhile, and from then on applies each commit
//! before it is acknowledged. A scan is no snapshot; the replay is what makes the copy exact.

use std::sync::{Arc, Mutex};

use tokio::task::{JoinHandle, spawn_blocking};

use super::engine::{Committed, Observer, ReadError, Revision, Versioned};
use super::key::{Key, Prefix};
use super::locked;
use super::table::{Store, StoreError};

const PAGE: usize = 1000;

/// A copy in memory, an index for example.
pub trait Sink: Send + Sync {
    /// Whether the copy has anything of this record's table. The rest is not read to fill it.
    fn wants(&self, key: &Key) -> bool;

    /// The row is this now, or gone. Before [`Sink::ready`] rows may come in any order and more
    /// than once. Called one at a time; afterwards within the commit, so it must be quick and
    /// must not wait for the store.
    fn apply(&self, key: &Key, row: Option<&Versioned>);

    /// The copy is exact as of `at`, and stays so.
    fn ready(&self, at: Revision);
}

/// Fills `sink` and keeps that exact for as long as the store is open. Returns once it is ready.
pub async fn follow(store: &Store, sink: Arc<dyn Sink>) -> Result<(), StoreError> {
    let engine = store.engine().clone();
    let follower = Arc::new(Follower {
        sink,
        phase: Mutex::new(Phase::Filling(Vec::new())),
    });
    engine.observe(follower.clone());
    let (mut after, mut filling) = (None, None);
    loop {
        let page = engine.scan(Prefix::everything(), after, PAGE).await?;
        after = page.rows.last().map(|(key, _)| follower.go_on_after(key));
        let more = page.more;
        // Sinks parse and index: too long for a thread that serves others, so the next page is read
        // meanwhile.
        if let Some(filled) = filling.take() {
            done(filled).await?;
        }
        let follower = follower.clone();
        filling = Some(spawn_blocking(move || follower.fill(&page.rows)));
        if !more {
            break;
        }
    }
    if let Some(filled) = filling {
        done(filled).await?;
    }
    // A page may show commits that observers are only about to hear of: wait until they have.
    let at = engine.commit(Vec::new(), Vec::new()).await?;
    done(spawn_blocking(move || follower.go_live(at))).await
}

async fn done(work: JoinHandle<()>) -> Result<(), StoreError> {
    work.await
        .map_err(|stopped| ReadError::Io(stopped.to_string().into()).into())
}

struct Follower {
    sink: Arc<dyn Sink>,
    phase: Mutex<Phase>,
}

enum Phase {
    /// The scan is on its way; what was committed since it began.
    Filling(Vec<Committed>),
    Live,
}

impl Follower {
    /// The audit grows for ever: what the copy does not keep is passed over.
    fn go_on_after(&self, last: &Key) -> Key {
        match self.sink.wants(last) {
            true => last.clone(),
            false => last.end_of_table(),
        }
    }

    fn fill(&self, rows: &[(Key, Versioned)]) {
        for (key, row) in rows {
            self.sink.apply(key, Some(row));
        }
    }

    fn go_live(&self, at: Revision) {
        let mut phase = locked(&self.phase);
        let Phase::Filling(heard) = std::mem::replace(&mut *phase, Phase::Live) else {
            return;
        };
        let at = heard.last().map_or(at, |commit| commit.revision.max(at));
        for commit in &heard {
            self.apply(commit);
        }
        self.sink.ready(at);
    }

    fn apply(&self, commit: &Committed) {
        for (key, row) in &commit.rows {
            self.sink.apply(key, row.as_ref());
        }
    }
}

impl Observer for Follower {
    fn committed(&self, commit: &Committed) {
        let mut phase = locked(&self.phase);
        match &mut *phase {
            Phase::Filling(heard) => heard.push(commit.clone()),
            Phase::Live => self.apply(commit),
        }
    }
}
