//! Typed tables, transactions, the audit and followers, over the real engine in a temporary
//! directory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use greenroomd::store::engine::{Expect, Versioned, Write};
use greenroomd::store::follow::{Sink, follow};
use greenroomd::store::key::Key;
use greenroomd::store::sled::Settings;
use greenroomd::store::{self, AuditEntry, MigrateError, Record, Revision, Store, StoreError};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

const SPACE: &str = "wsp_1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Job {
    title: String,
    openings: u32,
}

impl Record for Job {
    const TABLE: &'static str = "job";
    const SCHEMA: u32 = 2;

    /// The first shape had no `openings`.
    fn migrate(from: u32, mut value: serde_json::Value) -> Result<serde_json::Value, MigrateError> {
        if from != 1 {
            return Err(MigrateError::Unknown { from });
        }
        let misfit = || MigrateError::Misfit {
            from,
            cause: "it is no object".into(),
        };
        value
            .as_object_mut()
            .ok_or_else(misfit)?
            .insert("openings".into(), 1.into());
        Ok(value)
    }
}

fn job(title: &str, openings: u32) -> Job {
    Job {
        title: title.into(),
        openings,
    }
}

async fn fresh() -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        keep_free: 0,
        ..Settings::default()
    };
    let store = store::open(&dir.path().join("store"), settings)
        .await
        .unwrap();
    (dir, store)
}

/// Pages of one walk: cut off anywhere, whole items are done, and the walk begun again does the
/// rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_walk_takes_as_many_items_a_commit_as_fit_and_goes_on_where_it_was_cut_off() {
    let (_dir, store) = fresh().await;
    let items: Vec<usize> = (0..100).collect();
    let cut_off_at = std::sync::atomic::AtomicUsize::new(70);
    let walk = || {
        store.transact_each(&items, |tx, item| {
            let cut_off = *item == cut_off_at.load(std::sync::atomic::Ordering::Relaxed);
            async move {
                if cut_off {
                    return Err(StoreError::Contended { attempts: 0 });
                }
                for part in 0..3 {
                    tx.put(SPACE, &format!("{item:03}.{part}"), &job("Walked", 1))?;
                }
                Ok(())
            }
        })
    };
    walk().await.unwrap_err();
    let done = || async {
        let page = store.scan::<Job>(SPACE, None, 1000).await.unwrap();
        page.rows.len()
    };
    // 42 items of three writes fit into 128; the second commit was cut off.
    assert_eq!(done().await, 3 * 42);
    cut_off_at.store(usize::MAX, std::sync::atomic::Ordering::Relaxed);
    walk().await.unwrap();
    assert_eq!(done().await, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn back_at_a_mark_nothing_since_is_read_written_or_left_to_follow() {
    let (_dir, store) = fresh().await;
    let followed = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let outcome = store.transact(|tx| {
        let (store, followed) = (&store, followed.clone());
        async move {
            tx.put(SPACE, "kept", &job("Kept", 1))?;
            tx.put(SPACE, "changed", &job("Before", 1))?;
            let mark = tx.mark();
            tx.put(SPACE, "changed", &job("After", 1))?;
            tx.put(SPACE, "dropped", &job("Dropped", 1))?;
            tx.delete::<Job>(SPACE, "kept")?;
            tx.get::<Job>(SPACE, "other").await?;
            let count = followed.clone();
            tx.afterwards(move |_| {
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            });
            tx.back_to(mark);
            // Not relied on any more, so this does not disturb.
            let other =
                store.transact(|tx| async move { tx.put(SPACE, "other", &job("Other", 1)) });
            other.await?;
            Ok::<_, StoreError>(())
        }
    });
    outcome.await.unwrap();
    let title = async |id| Some(store.get::<Job>(SPACE, id).await.unwrap()?.record.title);
    assert_eq!(title("kept").await.as_deref(), Some("Kept"));
    assert_eq!(title("changed").await.as_deref(), Some("Before"));
    assert_eq!(title("dropped").await, None);
    assert_eq!(followed.load(std::sync::atomic::Ordering::Relaxed), 0);
}

#[tokio::test]
async fn what_a_transaction_puts_is_read_listed_and_gone_after_a_delete() {
    let (_dir, store) = fresh().await;
    let ((), first) = store
        .transact(|tx: store::Tx| async move {
            tx.insert(SPACE, "a", &job("Engineer", 1)).await?;
            tx.put(SPACE, "b", &job("Designer", 2))?;
            assert_eq!(tx.get::<Job>(SPACE, "b").await?, Some(job("Designer", 2)));
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let stored = store.get::<Job>(SPACE, "a").await.unwrap().unwrap();
    assert_eq!(
        (stored.revision, stored.record),
        (first, job("Engineer", 1))
    );

    let page = store.scan::<Job>(SPACE, None, 1).await.unwrap();
    assert_eq!((page.rows[0].0.as_str(), page.more), ("a", true));
    let page = store.scan::<Job>(SPACE, Some("a"), 9).await.unwrap();
    assert_eq!((page.rows[0].0.as_str(), page.more), ("b", false));

    let delete = |tx: store::Tx| async move { tx.delete::<Job>(SPACE, "a") };
    let ((), second) = store.transact(delete).await.unwrap();
    assert!(second > first);
    assert_eq!(store.get::<Job>(SPACE, "a").await.unwrap(), None);
}

#[tokio::test]
async fn an_insert_over_a_record_says_that_it_exists() {
    let (_dir, store) = fresh().await;
    let insert = |tx: store::Tx| async move { tx.insert(SPACE, "a", &job("One", 1)).await };
    store.transact(insert).await.unwrap();
    let refused = store.transact(insert).await.unwrap_err();
    assert!(matches!(refused, StoreError::Exists { key } if key.id() == "a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_raised_by_many_at_once_lose_nothing() {
    let (_dir, store) = fresh().await;
    let raise = |store: Store| async move {
        let raise = |tx: store::Tx| async move {
            let mut counter = tx
                .get::<Job>(SPACE, "n")
                .await?
                .unwrap_or(job("Counter", 0));
            counter.openings += 1;
            tx.put(SPACE, "n", &counter)
        };
        store.transact(raise).await.unwrap();
    };
    let tasks: Vec<_> = (0..32)
        .map(|_| tokio::spawn(raise(store.clone())))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(
        store
            .get::<Job>(SPACE, "n")
            .await
            .unwrap()
            .unwrap()
            .record
            .openings,
        32
    );
}

#[tokio::test]
async fn a_peek_is_not_relied_on_and_a_get_is() {
    let (_dir, store) = fresh().await;
    let put = |n| {
        let store = &store;
        async move {
            let put = |tx: store::Tx| async move { tx.put(SPACE, "n", &job("N", n)) };
            store.transact(put).await.unwrap();
        }
    };
    put(1).await;

    for (relies, expected_runs) in [(false, 1), (true, 2)] {
        let runs = Mutex::new(0);
        let (runs_seen, put) = (&runs, &put);
        store
            .transact(|tx: store::Tx| async move {
                match relies {
                    true => tx.get::<Job>(SPACE, "n").await?,
                    false => tx.peek::<Job>(SPACE, "n").await?,
                };
                *runs_seen.lock().unwrap() += 1;
                if *runs_seen.lock().unwrap() == 1 {
                    put(7).await;
                }
                tx.put(SPACE, "other", &job("Other", 1))
            })
            .await
            .unwrap();
        assert_eq!(*runs.lock().unwrap(), expected_runs);
    }
}

#[tokio::test]
async fn a_transaction_that_never_settles_gives_up_and_says_so() {
    let (_dir, store) = fresh().await;
    let outside = &store;
    let refused = store
        .transact(|tx: store::Tx| async move {
            tx.get::<Job>(SPACE, "n").await?;
            let meddle = |tx: store::Tx| async move { tx.put(SPACE, "n", &job("N", 0)) };
            outside.transact(meddle).await?;
            tx.put(SPACE, "n", &job("N", 1))
        })
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::Contended { .. }));
}

/// Puts a body as an older or newer program would have.
async fn put_body(store: &Store, id: &str, schema: u32, json: &str) {
    let key = Key::new(SPACE, Job::TABLE, id).unwrap();
    let body = [&schema.to_be_bytes(), json.as_bytes()].concat();
    store
        .engine()
        .commit(vec![], vec![Write::Put(key, body)])
        .await
        .unwrap();
}

#[tokio::test]
async fn old_shapes_come_forward_and_unknown_ones_are_named_not_hidden() {
    let (_dir, store) = fresh().await;
    put_body(&store, "old", 1, include_str!("fixtures/store/job.1.json")).await;
    assert_eq!(
        store
            .get::<Job>(SPACE, "old")
            .await
            .unwrap()
            .unwrap()
            .record,
        job("Engineer", 1)
    );

    put_body(&store, "newer", 3, "{}").await;
    let refused = store
        .get::<Job>(SPACE, "newer")
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(
        refused,
        "Couldn't read record wsp_1/job/newer: its shape 3 is newer than 2, the newest this program knows"
    );
    assert!(
        store.scan::<Job>(SPACE, None, 10).await.is_err(),
        "a page never leaves it out"
    );
}

#[tokio::test]
async fn the_audit_is_in_the_same_commit_and_read_newest_first() {
    let (_dir, store) = fresh().await;
    let entry = |call: &str| AuditEntry {
        at: "2026-11-22T10:00:00Z".parse().unwrap(),
        actor: Some("mem_1".into()),
        acting_as: None,
        source: "cli".into(),
        call: call.into(),
        record: "job_1".into(),
        fields: vec!["title".into()],
        values: BTreeMap::new(),
    };
    for call in ["create_job", "rename_job", "close_job"] {
        let entry = &entry(call);
        let change = |tx: store::Tx| async move {
            tx.put(SPACE, "job_1", &job(call, 1))?;
            tx.audit(SPACE, entry)
        };
        let ((), revision) = store.transact(change).await.unwrap();
        let newest = store.audit_page(SPACE, None, 1).await.unwrap();
        assert_eq!(newest.rows[0].1.revision, revision);
    }
    let first = store.audit_page(SPACE, None, 2).await.unwrap();
    let rest = store
        .audit_page(SPACE, Some(&first.rows[1].0), 2)
        .await
        .unwrap();
    let calls = |page: &store::Page<AuditEntry>| -> Vec<String> {
        page.rows
            .iter()
            .map(|(_, entry)| entry.record.call.clone())
            .collect()
    };
    assert_eq!(calls(&first), ["close_job", "rename_job"]);
    assert_eq!(
        (calls(&rest), rest.more),
        (vec!["create_job".to_owned()], false)
    );
}

/// A table that no copy here keeps.
const UNWANTED: &str = "log";

/// A copy that can be compared with a scan.
#[derive(Default)]
struct Copy {
    rows: Mutex<BTreeMap<Key, Versioned>>,
    ready: Mutex<Option<Revision>>,
}

impl Sink for Copy {
    fn wants(&self, key: &Key) -> bool {
        key.table() != UNWANTED
    }

    fn apply(&self, key: &Key, row: Option<&Versioned>) {
        let mut rows = self.rows.lock().unwrap();
        match row {
            Some(row) => rows.insert(key.clone(), row.clone()),
            None => rows.remove(key),
        };
    }

    fn ready(&self, at: Revision) {
        assert_eq!(
            self.ready.lock().unwrap().replace(at),
            None,
            "ready comes once"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_is_exact_under_a_writer_and_knows_a_commit_before_it_is_acknowledged() {
    let (_dir, store) = fresh().await;
    let key = |n: u64| Key::new(SPACE, "n", &format!("{:03}", n % 300)).unwrap();
    let write = move |n: u64| match n % 5 {
        0 => vec![Write::Delete(key(n)), Write::Put(key(n * 7), vec![1])],
        _ => vec![
            Write::Put(key(n), n.to_be_bytes().to_vec()),
            Write::Put(key(n * 11), vec![2]),
        ],
    };
    for n in 0..300 {
        store.engine().commit(vec![], write(n)).await.unwrap();
    }
    for round in 0..5 {
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let writer = tokio::spawn({
            let (engine, stop) = (store.engine().clone(), stop.clone());
            async move {
                let mut n = round * 1000;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    engine.commit(vec![], write(n)).await.unwrap();
                    n += 1;
                }
            }
        });
        let copy = Arc::new(Copy::default());
        follow(&store, copy.clone()).await.unwrap();
        assert!(copy.ready.lock().unwrap().is_some());

        let mine = Key::new(SPACE, "mine", "1").unwrap();
        let put = Write::Put(mine.clone(), round.to_be_bytes().to_vec());
        let revision = store.engine().commit(vec![], vec![put]).await.unwrap();
        assert_eq!(copy.rows.lock().unwrap()[&mine].revision, revision);

        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        writer.await.unwrap();
        let all = store::key::Prefix::everything();
        let truth = store.engine().scan(all, None, 10_000).await.unwrap();
        let copied = copy.rows.lock().unwrap().clone();
        assert_eq!(copied.into_iter().collect::<Vec<_>>(), truth.rows);
    }
}

#[tokio::test]
async fn a_follower_passes_over_what_it_does_not_keep() {
    let (_dir, store) = fresh().await;
    let put = |table: &str, n: u32| {
        let key = Key::new(SPACE, table, &format!("{n:05}")).unwrap();
        Write::Put(key, vec![1])
    };
    let mut writes: Vec<_> = (0..5000).map(|n| put(UNWANTED, n)).collect();
    writes.extend((0..2).flat_map(|n| [put("job", n), put("member", n)]));
    for some in writes.chunks(100) {
        let commit = store.engine().commit(vec![], some.to_vec());
        commit.await.unwrap();
    }

    let copy = Arc::new(Copy::default());
    follow(&store, copy.clone()).await.unwrap();
    let rows = copy.rows.lock().unwrap();
    let of = |table: &str| rows.keys().filter(|key| key.table() == table).count();
    assert_eq!((of("job"), of("member")), (2, 2));
    assert!(of(UNWANTED) < 5000, "all of it was read");
}

#[tokio::test]
async fn an_error_drawn_from_records_that_did_not_belong_together_is_not_believed() {
    let (_dir, store) = fresh().await;
    let set = |a: u32, b: u32| {
        let store = store.clone();
        async move {
            let set = |tx: store::Tx| async move {
                tx.put(SPACE, "a", &job("A", a))?;
                tx.put(SPACE, "b", &job("B", b))
            };
            store.transact(set).await.unwrap();
        }
    };
    set(1, 1).await;
    let (outside, runs) = (&set, &Mutex::new(0));
    let sum = store
        .transact(|tx: store::Tx| async move {
            let a = tx.get::<Job>(SPACE, "a").await?.unwrap().openings;
            *runs.lock().unwrap() += 1;
            if *runs.lock().unwrap() == 1 {
                outside(2, 2).await;
            }
            let b = tx.get::<Job>(SPACE, "b").await?.unwrap().openings;
            let key = Key::new(SPACE, Job::TABLE, "a")?;
            if a != b {
                Err(StoreError::Exists { key })
            } else {
                Ok(a + b)
            }
        })
        .await;
    assert_eq!(sum.unwrap().0, 4);
    let absent = Key::new(SPACE, Job::TABLE, "a").unwrap();
    let expect = vec![(absent, Expect::Absent)];
    assert!(
        store.engine().commit(expect, vec![]).await.is_err(),
        "expectations alone are verified"
    );
}
