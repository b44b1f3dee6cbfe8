//! Which email is being read, noted before it is, so that no email can take the daemon down for
//! ever.
//!
//! Invariant: an email that the daemon died on twice is never read a third time; it is skipped, and
//! that is recorded. A visit to the inbox costs one commit: it is noted as a whole. Where the
//! daemon died during one, the next visit notes every email separately before it is read, and the
//! one that was noted when the daemon died again is the culprit. A daemon that is stopped
//! in between takes its note back, so only a crash counts. Must not know what an email says.

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::{GLOBAL, Record, Store, StoreError, Tx};

/// How long people hear of an email that was skipped, in days: as long as it may concern an
/// interview that is near.
const HEARD_OF_DAYS: i64 = 14;

/// Skipped emails that are remembered. Older ones are forgotten first.
const MOST_SKIPPED: usize = 50;

/// What is being read in an inbox. Gone when nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReadingRecord {
    /// The run of the daemon that reads it: found by another run, it is one that crashed.
    pub run: String,
    /// The email, where each is noted separately.
    pub email: Option<String>,
}

impl Record for ReadingRecord {
    const TABLE: &'static str = "reading";
    const SCHEMA: u32 = 1;
}

/// An email that is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRecord {
    /// Which one: its file, or its number in the mailbox.
    pub email: String,
    /// When it was skipped.
    pub at: Instant,
    /// Why, as a sentence's end.
    pub why: String,
    /// The workspace whose own mailbox it came to; `None`: one that several may share, and in
    /// versions before 0.3.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
}

impl Record for SkippedRecord {
    const TABLE: &'static str = "skipped";
    const SCHEMA: u32 = 1;
}

/// One visit to an inbox.
pub(super) struct Visit<'a> {
    store: &'a Store,
    inbox: &'a str,
    run: &'a str,
    /// Whether each email is noted separately.
    one_at_a_time: bool,
    /// The email that a run before this one died on.
    culprit: Option<String>,
}

impl<'a> Visit<'a> {
    /// Notes that an inbox is about to be read. `run` names this run of the daemon.
    pub async fn begin(store: &'a Store, inbox: &'a str, run: &'a str) -> Result<Self, StoreError> {
        let before = store.get::<ReadingRecord>(GLOBAL, inbox).await?;
        let crashed = before.map(|it| it.record).filter(|it| it.run != run);
        let visit = Self {
            store,
            inbox,
            run,
            one_at_a_time: crashed.is_some(),
            culprit: crashed.and_then(|it| it.email),
        };
        if !visit.one_at_a_time {
            visit.note(None).await?;
        }
        Ok(visit)
    }

    /// Notes that an email is about to be read. `false`: it must not be, the daemon died on it
    /// twice.
    pub async fn may_read(&self, email: &str) -> Result<bool, StoreError> {
        if self.culprit.as_deref() == Some(email) {
            return Ok(false);
        }
        if self.one_at_a_time {
            self.note(Some(email.to_owned())).await?;
        }
        Ok(true)
    }

    /// Notes that nothing is being read any more.
    pub async fn end(&self) -> Result<(), StoreError> {
        forget(self.store, self.inbox).await
    }

    async fn note(&self, email: Option<String>) -> Result<(), StoreError> {
        let run = self.run.to_owned();
        let record = &ReadingRecord { run, email };
        let noted = self
            .store
            .transact(|tx| async move { tx.put(GLOBAL, self.inbox, record) });
        noted.await.map(drop)
    }
}

/// Takes the note of an inbox back.
pub(super) async fn forget(store: &Store, inbox: &str) -> Result<(), StoreError> {
    let forgotten = store.transact(|tx| async move {
        match tx.get::<ReadingRecord>(GLOBAL, inbox).await? {
            Some(_) => tx.delete::<ReadingRecord>(GLOBAL, inbox),
            None => Ok(()),
        }
    });
    forgotten.await.map(drop)
}

/// Records that an email is skipped, in the commit that goes past it.
pub(super) fn skip(
    tx: &Tx,
    email: &str,
    workspace: Option<WorkspaceId>,
    why: &str,
    at: Instant,
) -> Result<(), StoreError> {
    let record = SkippedRecord {
        email: email.to_owned(),
        at,
        why: why.to_owned(),
        workspace,
    };
    // In the order of their time; the same email is one record.
    tx.put(GLOBAL, &format!("{:012}/{email}", at.second()), &record)
}

/// The emails that were skipped of late and are not another workspace's, newest first. What is
/// older is forgotten.
///
/// # Errors
/// The store can't be read.
pub async fn skipped(
    store: &Store,
    workspace: Option<WorkspaceId>,
    now: Instant,
) -> Result<Vec<SkippedRecord>, StoreError> {
    let page = store
        .scan::<SkippedRecord>(GLOBAL, None, 2 * MOST_SKIPPED)
        .await?;
    let since = now.plus_minutes(-HEARD_OF_DAYS * 24 * 60);
    let rows = page.rows.into_iter().map(|(_, stored)| stored.record);
    let mut skipped: Vec<_> = rows
        .filter(|it| it.at >= since)
        .filter(|it| it.workspace.is_none() || it.workspace == workspace)
        .collect();
    skipped.reverse();
    Ok(skipped)
}

/// Forgets what nobody hears of any more, and the oldest where there are many.
pub(super) async fn tidy(store: &Store, now: Instant) -> Result<(), StoreError> {
    let page = store
        .scan::<SkippedRecord>(GLOBAL, None, 2 * MOST_SKIPPED)
        .await?;
    let since = now.plus_minutes(-HEARD_OF_DAYS * 24 * 60);
    let surplus = page.rows.len().saturating_sub(MOST_SKIPPED);
    let old = page.rows.iter().enumerate();
    let old = old.filter(|(place, (_, it))| *place < surplus || it.record.at < since);
    let old: Vec<&String> = old.map(|(_, (id, _))| id).collect();
    if old.is_empty() {
        return Ok(());
    }
    let old = &old;
    let forgotten = store.transact(|tx| async move {
        old.iter()
            .try_for_each(|id| tx.delete::<SkippedRecord>(GLOBAL, id))
    });
    forgotten.await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[tokio::test]
    async fn an_email_that_the_daemon_died_on_twice_is_not_read_again() {
        let home = tempfile::tempdir().expect("a directory");
        let settings = store::sled::Settings::default();
        let store = store::open(home.path(), settings).await.expect("a store");
        let visit = async |run: &'static str| {
            let begun = Visit::begin(&store, "inbox", run).await;
            begun.expect("a visit")
        };
        // The first crash says nothing about which.
        let first = visit("1").await;
        assert!(first.may_read("a").await.expect("noted"));
        assert!(first.may_read("b").await.expect("noted"));
        // The second one does.
        let second = visit("2").await;
        assert!(second.may_read("a").await.expect("noted"));
        assert!(second.may_read("b").await.expect("noted"));
        let third = visit("3").await;
        assert!(third.may_read("a").await.expect("noted"));
        assert!(!third.may_read("b").await.expect("noted"));
        assert!(third.may_read("c").await.expect("noted"));
        third.end().await.expect("ended");
        // A visit that ended leaves no suspicion, nor does the same run's own.
        let fourth = visit("4").await;
        assert!(!fourth.one_at_a_time);
        assert!(!visit("4").await.one_at_a_time);
        store.close().await;
    }

    #[tokio::test]
    async fn what_was_skipped_is_heard_of_for_a_while() {
        let home = tempfile::tempdir().expect("a directory");
        let settings = store::sled::Settings::default();
        let store = store::open(home.path(), settings).await.expect("a store");
        let day = |day: i64| Instant::from_second(1_796_029_200 + day * 86_400);
        let skipping = store.transact(|tx| async move {
            (0..70).try_for_each(|it| {
                skip(
                    &tx,
                    &format!("UID {it}"),
                    None,
                    "it is broken",
                    day(it / 10),
                )
            })
        });
        skipping.await.expect("skipped");
        tidy(&store, day(7)).await.expect("tidied");
        let heard = skipped(&store, None, day(7)).await.expect("read");
        assert_eq!((heard.len(), heard[0].at), (MOST_SKIPPED, day(6)));
        tidy(&store, day(19)).await.expect("tidied");
        assert_eq!(
            skipped(&store, None, day(19)).await.expect("read").len(),
            20
        );
        assert!(
            skipped(&store, None, day(30))
                .await
                .expect("read")
                .is_empty()
        );
        store.close().await;
    }
}
