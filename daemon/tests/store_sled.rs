//! What the sled engine does when its files, its disk or its neighbours misbehave.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use greenroomd::store::announce;
use greenroomd::store::engine::{Changes, CommitError, Engine, Revision, Versioned, Write};
use greenroomd::store::key::{Key, Prefix};
use greenroomd::store::sled::{Holder, OpenError, Settings, SledEngine};

const ROWS: u32 = 500;

fn settings() -> Settings {
    Settings {
        keep_free: 0,
        ..Settings::default()
    }
}

fn open(dir: &Path) -> Result<SledEngine, OpenError> {
    SledEngine::open(dir, settings())
}

fn key(n: u32) -> Key {
    Key::new("w", "t", &format!("{n:04}")).unwrap()
}

async fn put(engine: &SledEngine, n: u32) -> Result<Revision, CommitError> {
    engine
        .commit(vec![], vec![Write::Put(key(n), vec![7; 300])])
        .await
}

async fn rows(engine: &SledEngine) -> Vec<(Key, Versioned)> {
    engine
        .scan(Prefix::everything(), None, 10_000)
        .await
        .unwrap()
        .rows
}

/// A closed store with some rows in it.
async fn filled(dir: &Path) -> Vec<(Key, Versioned)> {
    let engine = open(dir).unwrap();
    let all = (0..ROWS).map(|n| put(&engine, n));
    futures::future::try_join_all(all).await.unwrap();
    let rows = rows(&engine).await;
    engine.close().await;
    rows
}

fn snapshots(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir.join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.to_string_lossy().contains("/snap."))
        .collect()
}

#[tokio::test]
async fn a_second_opener_is_refused_and_told_who_is_first() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).unwrap();
    let Err(OpenError::Locked { holder, .. }) = open(dir.path()) else {
        panic!("opened twice")
    };
    let mut expected = Holder {
        process: Some(std::process::id()),
        socket: None,
    };
    assert_eq!(holder, expected);

    let socket = Path::new("/run/greenroom/greenroom.sock");
    announce(dir.path(), socket);
    let Err(OpenError::Locked { holder, .. }) = open(dir.path()) else {
        panic!("opened twice")
    };
    expected.socket = Some(socket.into());
    assert_eq!(holder, expected);

    first.close().await;
    open(dir.path()).unwrap();
}

#[tokio::test]
async fn reopening_keeps_rows_revision_and_identity_and_resets_who_was_behind() {
    let dir = tempfile::tempdir().unwrap();
    let engine = open(dir.path()).unwrap();
    let first = put(&engine, 1).await.unwrap();
    let last = engine
        .commit(vec![], vec![Write::Delete(key(2))])
        .await
        .unwrap();
    let (before, id) = (rows(&engine).await, engine.store_id().to_owned());
    engine.close().await;

    let again = open(dir.path()).unwrap();
    assert_eq!(
        (rows(&again).await, again.store_id()),
        (before, id.as_str())
    );
    assert_eq!(*again.watch().borrow(), last, "a deletion counts too");
    let reset = Changes::Reset { revision: last };
    assert_eq!(again.changes(first).await.unwrap(), reset);
    let nothing = Changes::Rows {
        revision: last,
        rows: vec![],
    };
    assert_eq!(again.changes(last).await.unwrap(), nothing);
}

#[tokio::test]
async fn the_history_is_bounded_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let engine = SledEngine::open(
        dir.path(),
        Settings {
            remember: 10,
            ..settings()
        },
    )
    .unwrap();
    let mut revisions = Vec::new();
    for n in 0..30 {
        revisions.push(put(&engine, n).await.unwrap());
    }
    assert!(matches!(
        engine.changes(revisions[10]).await.unwrap(),
        Changes::Reset { .. }
    ));
    let Changes::Rows { rows, .. } = engine.changes(revisions[19]).await.unwrap() else {
        panic!("ten are remembered")
    };
    assert_eq!(rows.len(), 10);
}

#[tokio::test]
async fn nobody_else_can_look_into_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("store");
    filled(&dir).await;
    open(&dir).unwrap().close().await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&dir), mode(&dir.join("data"))), (0o700, 0o700));
    for file in ["lock", "store-id", "last-revision", "data/db"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_half_written_snapshot_does_not_keep_the_store_shut() {
    let dir = tempfile::tempdir().unwrap();
    let before = filled(dir.path()).await;
    let leftover = dir.path().join("data/snap.FFFFFFFFFFFFFFFF.generating");
    fs::write(&leftover, b"half").unwrap();
    assert_eq!(rows(&open(dir.path()).unwrap()).await, before);
    assert!(!leftover.exists());
}

#[tokio::test]
async fn a_damaged_snapshot_is_copied_aside_and_rebuilt_without_losing_a_row() {
    let dir = tempfile::tempdir().unwrap();
    let before = filled(dir.path()).await;
    for snapshot in snapshots(dir.path()) {
        let whole = fs::read(&snapshot).unwrap();
        fs::write(&snapshot, &whole[..whole.len() / 2]).unwrap();
    }
    fs::write(
        dir.path().join("data/snap.FFFFFFFFFFFFFFFF"),
        b"not a snapshot",
    )
    .unwrap();

    assert_eq!(rows(&open(dir.path()).unwrap()).await, before);
    let copies = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let copy = copies
        .into_iter()
        .find(|path| path.to_string_lossy().contains("/damaged-"));
    assert!(
        copy.unwrap().join("snap.FFFFFFFFFFFFFFFF").exists(),
        "what was found is kept"
    );
}

#[tokio::test]
async fn a_store_whose_records_vanished_is_never_begun_anew() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    for _ in 0..2 {
        let Err(refused) = open(dir.path()) else {
            panic!("began anew")
        };
        assert!(
            refused.to_string().contains("its records are gone"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn the_files_of_two_stores_are_not_taken_for_one() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    filled(one.path()).await;
    filled(two.path()).await;
    fs::copy(two.path().join("store-id"), one.path().join("store-id")).unwrap();
    let Err(refused) = open(one.path()) else {
        panic!("opened")
    };
    assert!(refused.to_string().contains("two stores"), "{refused}");
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_leaves_reads_working() {
    let dir = tempfile::tempdir().unwrap();
    let before = filled(dir.path()).await;
    let full = Settings {
        keep_free: u64::MAX,
        ..settings()
    };
    let engine = SledEngine::open(dir.path(), full).unwrap();
    let refused = put(&engine, 1).await;
    assert!(matches!(
        refused,
        Err(CommitError::Full {
            needed: u64::MAX,
            ..
        })
    ));
    assert_eq!(rows(&engine).await, before);
    engine
        .commit(vec![], vec![])
        .await
        .expect("verifying needs no room");
    engine.close().await;
    put(&open(dir.path()).unwrap(), 1)
        .await
        .expect("there is room again");
}

/// Changes the database of a closed store as nothing of ours does.
fn meddle(dir: &Path, change: impl FnOnce(&sled::Db)) {
    let raw = sled::open(dir.join("data")).unwrap();
    change(&raw);
    raw.flush().unwrap();
}

/// Why a store is refused: twice, for the first refusal must leave nothing behind that passes for
/// whole.
fn refused(dir: &Path) -> String {
    let told = [open(dir), open(dir)].map(|opened| {
        let refused = opened.err().expect("it is served");
        assert!(matches!(refused, OpenError::Altered { .. }), "{refused:?}");
        refused.to_string()
    });
    assert_eq!(told[0], told[1]);
    assert!(told[0].contains("`greenroomd restore FILE`"), "{}", told[0]);
    told[0].clone()
}

/// Case R3: what cannot be read is named, and none of it is served.
#[tokio::test]
async fn an_altered_row_is_named_and_the_store_refused() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let name = key(7).to_string();
    meddle(dir.path(), |raw| {
        let mut bytes = raw.get(&name).unwrap().unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        raw.insert(name.as_str(), bytes).unwrap();
    });
    let told = refused(dir.path());
    assert!(told.contains("(t: 1 rows cannot be read)"), "{told}");
}

/// Case R3: rows that are missing, too many, or back in an earlier version are named by table and
/// number.
#[tokio::test]
async fn records_that_vanished_or_came_back_are_counted_and_the_store_refused() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    meddle(dir.path(), |raw| {
        for n in 3..6 {
            raw.remove(key(n).as_str()).unwrap();
        }
    });
    let told = refused(dir.path());
    assert!(told.contains("(t: 3 of 500 rows missing)"), "{told}");

    let dir = tempfile::tempdir().unwrap();
    let engine = open(dir.path()).unwrap();
    put(&engine, 1).await.unwrap();
    put(&engine, 2).await.unwrap();
    let older = |raw: &sled::Db| raw.get(key(1).as_str()).unwrap().unwrap();
    engine.close().await;
    let mut kept = None;
    meddle(dir.path(), |raw| kept = Some(older(raw)));
    let engine = open(dir.path()).unwrap();
    put(&engine, 1).await.unwrap();
    let delete = Write::Delete(key(2));
    engine.commit(vec![], vec![delete]).await.unwrap();
    engine.close().await;
    meddle(dir.path(), |raw| {
        raw.insert(key(1).as_str(), kept.unwrap()).unwrap();
    });
    let told = refused(dir.path());
    assert!(
        told.contains("(t: rows are older than they should be)"),
        "{told}"
    );
}

/// Case R3: a log that as a whole ends too early is whole in itself; only what stands outside it
/// tells.
#[tokio::test]
async fn a_store_that_went_back_as_a_whole_is_refused_and_says_how_much_is_missing() {
    for stopped in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let (store, earlier) = (dir.path().join("store"), dir.path().join("earlier"));
        let before = filled(&store).await;
        fs::rename(store.join("data"), &earlier).unwrap();
        let copy = |from: &Path, to: &Path| {
            fs::create_dir(to).unwrap();
            for file in fs::read_dir(from).unwrap() {
                let file = file.unwrap();
                if file.file_type().unwrap().is_file() {
                    fs::copy(file.path(), to.join(file.file_name())).unwrap();
                }
            }
        };
        copy(&earlier, &store.join("data"));
        let engine = open(&store).unwrap();
        for n in 0..7 {
            put(&engine, n).await.unwrap();
        }
        if stopped {
            engine.close().await;
        }
        // Also as a kill leaves it: what stands outside was written, though no clean stop made it
        // durable.
        let crashed = dir.path().join("crashed");
        copy(&store, &crashed);
        copy(&earlier, &crashed.join("data"));
        engine.close().await;
        let told = refused(&crashed);
        let (here, last) = (ROWS, ROWS + 7);
        let expected =
            format!("(it ends at revision {here}, and {last} was written: 7 commits missing)");
        assert!(told.contains(&expected), "{told}");
        assert_eq!(before.len(), ROWS as usize);
    }
}

/// Case R3: a kill between a commit and what stands outside leaves that behind, never ahead; and
/// where it is gone, as in a copy made without it, the sums inside still hold.
#[tokio::test]
async fn what_stands_outside_may_lag_or_be_gone_and_that_is_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let outside = dir.path().join("last-revision");
    let lagging = fs::read(&outside).unwrap();
    let engine = open(dir.path()).unwrap();
    for n in 0..3 {
        put(&engine, n).await.unwrap();
    }
    engine.close().await;
    fs::write(&outside, lagging).unwrap();
    open(dir.path()).unwrap().close().await;
    fs::remove_file(&outside).unwrap();
    open(dir.path()).unwrap().close().await;
    assert!(outside.exists(), "it is begun again");
    meddle(dir.path(), |raw| {
        raw.remove(key(3).as_str()).unwrap();
    });
    refused(dir.path());
}

/// What version 0.1.0 left, copied to where a test may write.
fn left_by_0_1_0(dir: &Path) -> PathBuf {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store-0.1.0/store");
    let store = dir.join("store");
    fs::create_dir_all(store.join("data")).unwrap();
    for file in ["store-id", "vault-ring", "data/db", "data/conf"] {
        fs::copy(fixture.join(file), store.join(file)).unwrap();
    }
    store
}

/// Case R3: stores of today get sums and the revision outside once, and are never called damaged
/// for lacking them.
#[tokio::test]
async fn a_store_of_version_0_1_0_opens_whole_and_is_guarded_from_then_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = left_by_0_1_0(dir.path());
    let engine = open(&store).unwrap();
    assert_eq!(*engine.watch().borrow(), Revision(12));
    assert_eq!(rows(&engine).await.len(), 62);
    engine.close().await;
    assert!(store.join("last-revision").exists());
    meddle(&store, |raw| {
        let (name, _) = raw.scan_prefix("wsp_").next().unwrap().unwrap();
        raw.remove(name).unwrap();
    });
    assert!(refused(&store).contains("rows missing"));
}

/// Case C16: what an older version wrote is only read until this one is asked to take it over.
#[tokio::test]
async fn a_store_of_an_older_version_is_not_written_before_it_is_adopted() {
    let dir = tempfile::tempdir().unwrap();
    let store = left_by_0_1_0(dir.path());
    let waiting = Settings {
        adopt: false,
        ..settings()
    };
    for _ in 0..2 {
        let engine = SledEngine::open(&store, waiting).unwrap();
        assert!(engine.is_of_an_older_version());
        assert_eq!(rows(&engine).await.len(), 62);
        engine.close().await;
        assert!(!store.join("last-revision").exists());
    }
    let engine = SledEngine::open(&store, waiting).unwrap();
    let revision = engine.adopt(Some("before.backup".into())).await.unwrap();
    assert_eq!(revision, Revision(12), "nothing changed");
    assert!(!engine.is_of_an_older_version());
    engine.close().await;
    assert!(store.join("last-revision").exists());
    let engine = SledEngine::open(&store, waiting).unwrap();
    assert!(!engine.is_of_an_older_version());
    engine.close().await;
}

#[test]
fn the_store_of_another_user_is_left_alone_also_by_the_superuser() {
    let dir = tempfile::tempdir().unwrap();
    if std::os::unix::fs::chown(dir.path(), Some(65534), None).is_err() {
        eprintln!("skipped: only the superuser can give a directory away");
        return;
    }
    let refused = open(dir.path()).err().unwrap();
    assert!(matches!(refused, OpenError::Others { owner: 65534, .. }));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}
