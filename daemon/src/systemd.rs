//! What the daemon reports to systemd: that it is ready, that it makes progress, that it stops.
//!
//! Invariant: a keep-alive is sent only when both the accepting loop and the store's writer have
//! answered since the one before. So a daemon that lives but stands still is restarted
//! (`WatchdogSec=` in the unit); what it acknowledged is durable. Where no systemd listens, nothing
//! is said.

use std::future::pending;

use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval};

use crate::rpc::{Pulse, Shutdown};
use crate::store::Store;

/// Keep-alives in the time systemd waits for one.
const IN_TIME: u32 = 3;

/// Says that the daemon is ready, then that it lives, then that it stops. A daemon that only begins
/// again does not stop: told so, systemd would end it. It has as long for that as a keep-alive may
/// take.
pub(crate) async fn keep_informed(store: Store, accepting: Pulse, stop: Shutdown) {
    tell(NotifyState::Ready);
    tokio::select! {
        () = keep_alive(&store, &accepting) => {}
        () = stop.begun() => {}
    }
    // A daemon that begins again after a restore goes on for systemd.
    if stop.is_for_good() {
        tell(NotifyState::Stopping);
    }
}

/// Says that the configuration is read again. What follows is [`reloaded`], or the start of the
/// next life.
pub(crate) fn reloading() {
    let Ok(now) = NotifyState::monotonic_usec_now() else {
        return tell(NotifyState::Reloading);
    };
    // In one message, as systemd wants it: the time tells this reload from an earlier one.
    notify(&[NotifyState::Reloading, now]);
}

/// Says that it was read again.
pub(crate) fn reloaded() {
    tell(NotifyState::Ready);
}

async fn keep_alive(store: &Store, accepting: &Pulse) {
    let Some(patience) = sd_notify::watchdog_enabled().filter(|it| !it.is_zero()) else {
        return pending().await;
    };
    let mut beat = interval(patience / IN_TIME);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        if progresses(store, accepting).await {
            tell(NotifyState::Watchdog);
        }
    }
}

/// Whether callers are let in and commits are carried out. What hangs never answers, and so sends
/// no keep-alive.
async fn progresses(store: &Store, accepting: &Pulse) -> bool {
    match store.settled().await {
        Ok(_) => accepting.felt().await,
        Err(error) => {
            tracing::error!(%error, "the store does not answer; nothing is reported to systemd");
            false
        }
    }
}

fn tell(state: NotifyState<'_>) {
    notify(&[state]);
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd could not be notified");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;
    use crate::rpc::pulse;
    use crate::store::engine::{Committed, Observer};
    use crate::store::{AuditEntry, StoreError, open, sled};

    /// Long enough for what does not hang.
    const A_MOMENT: Duration = Duration::from_millis(200);

    /// Says that it holds the writer, and holds it until it is let go.
    struct Jam {
        holds: tokio::sync::mpsc::UnboundedSender<()>,
        let_go: Mutex<mpsc::Receiver<()>>,
    }

    impl Observer for Jam {
        fn committed(&self, _: &Committed) {
            let _ = self.holds.send(());
            let _ = self.let_go.lock().unwrap().recv();
        }
    }

    async fn store() -> (tempfile::TempDir, Store) {
        let directory = tempfile::tempdir().unwrap();
        let store = open(&directory.path().join("store"), sled::Settings::default()).await;
        (directory, store.unwrap())
    }

    fn entry() -> AuditEntry {
        AuditEntry {
            at: jiff::Timestamp::UNIX_EPOCH,
            actor: None,
            acting_as: None,
            source: "test".into(),
            call: "test".into(),
            record: "test".into(),
            fields: Vec::new(),
            values: Default::default(),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_writer_that_hangs_ends_the_keep_alives_until_it_goes_on() {
        let (_directory, store) = store().await;
        let (accepting, mut beating) = pulse();
        tokio::spawn(async move {
            loop {
                beating.beat().await;
            }
        });
        assert!(progresses(&store, &accepting).await);

        let (holds, mut held) = tokio::sync::mpsc::unbounded_channel();
        let (letting_go, let_go) = mpsc::channel();
        let let_go = Mutex::new(let_go);
        store.engine().observe(Arc::new(Jam { holds, let_go }));
        let writing = tokio::spawn({
            let store = store.clone();
            async move {
                let write = |tx: crate::store::Tx| async move {
                    tx.audit("space", &entry())?;
                    Ok::<_, StoreError>(())
                };
                store.transact(write).await.map(drop)
            }
        });
        held.recv().await.unwrap();
        let mut stuck = Box::pin(progresses(&store, &accepting));
        assert!(timeout(A_MOMENT, &mut stuck).await.is_err());
        letting_go.send(()).unwrap();
        assert!(stuck.await);
        writing.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn an_accepting_loop_that_hangs_ends_them_too() {
        let (_directory, store) = store().await;
        let (accepting, mut beating) = pulse();
        let mut stuck = Box::pin(progresses(&store, &accepting));
        assert!(timeout(A_MOMENT, &mut stuck).await.is_err());
        beating.beat().await;
        assert!(stuck.await);
        drop(beating);
        assert!(!progresses(&store, &accepting).await, "it has ended");
    }
}
