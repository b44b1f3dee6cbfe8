//! Whatever becomes due is carried out by this one loop: stored work, renewals, rounds.
//!
//! Invariant: a piece that was taken ends exactly once, whether it was carried out, failed, crashed
//! or was cut short, so none is lost before the daemon restarts. What is due, and when again, the
//! source says; the loop decides nothing and tells no time of its own.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::futures::Notified;
use tokio::task::JoinSet;

use super::lines::Next;
use crate::clock::Clock;

/// Where pieces come from.
pub trait Source: Send + Sync + 'static {
    /// What is carried out.
    type Piece: Clone + Send + Sync + 'static;

    /// Whether a stop lets what is under way finish, or cuts it short.
    const FINISHES: bool = true;

    /// Waits until something changed, since this was last waited for.
    fn changed(&self) -> Notified<'_>;

    /// Takes what may begin now. None of it is taken again before it [`Source::ended`].
    fn take(&self) -> Vec<Self::Piece>;

    /// When to take again.
    fn next(&self) -> Next;

    /// Carries a piece out, once.
    fn carry_out<'a>(&'a self, piece: &'a Self::Piece) -> BoxFuture<'a, End>;

    /// It is over. Must not block: it also runs while a crash unwinds.
    fn ended(&self, piece: &Self::Piece, end: End);
}

/// How carrying out a piece ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// What came of it is noted where it belongs.
    Noted,
    /// Not even that could be noted.
    NotNoted,
    /// It panicked: a bug.
    Crashed,
    /// The daemon stopped in the middle of it.
    CutShort,
}

/// Carries out what `source` says until `stop`. Returns once nothing is under way.
pub async fn run<S: Source>(source: Arc<S>, clock: &Clock, stop: impl Future<Output = ()>) {
    let mut under_way = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let changed = source.changed();
        begin(&source, &mut under_way);
        tokio::select! {
            () = &mut stop => break,
            () = changed => {}
            Some(_) = under_way.join_next() => {}
            () = source.next().reached(clock) => {}
        }
    }
    if !S::FINISHES {
        under_way.abort_all();
    }
    while under_way.join_next().await.is_some() {}
}

/// Carries out what is to be done now, and nothing that becomes due meanwhile.
pub async fn run_once<S: Source>(source: &Arc<S>) {
    let mut under_way = JoinSet::new();
    begin(source, &mut under_way);
    while under_way.join_next().await.is_some() {}
}

fn begin<S: Source>(source: &Arc<S>, under_way: &mut JoinSet<()>) {
    for piece in source.take() {
        let mut taken = Taken {
            source: Arc::clone(source),
            piece,
            end: None,
        };
        under_way.spawn(async move {
            let end = taken.source.carry_out(&taken.piece).await;
            taken.note(end);
        });
    }
}

/// A piece under way, which ends with this.
struct Taken<S: Source> {
    source: Arc<S>,
    piece: S::Piece,
    end: Option<End>,
}

impl<S: Source> Taken<S> {
    fn note(&mut self, end: End) {
        self.end = Some(end);
    }
}

impl<S: Source> Drop for Taken<S> {
    fn drop(&mut self) {
        let end = match self.end {
            Some(end) => end,
            None if std::thread::panicking() => End::Crashed,
            None => End::CutShort,
        };
        self.source.ended(&self.piece, end);
    }
}
