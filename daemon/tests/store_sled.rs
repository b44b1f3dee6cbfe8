//! What the sled engine does when its files, its disk or its neighbours misbehave.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use greenroomd::store::{
    announce,
    engine::{Changes, CommitError, Engine, ReadError, Revision, Versioned, Write},
    key::{Key, Prefix},
    sled::{Holder, OpenError, Settings, SledEngine},
};

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
    for file in ["lock", "store-id", "data/db"] {
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

#[tokio::test]
async fn an_altered_row_is_named_and_never_skipped() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let name = key(7).to_string();
    let raw = sled::open(dir.path().join("data")).unwrap();
    let mut bytes = raw.get(&name).unwrap().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    raw.insert(name.as_str(), bytes).unwrap();
    raw.flush().unwrap();
    drop(raw);

    let engine = open(dir.path()).unwrap();
    let named = |outcome: ReadError| match outcome {
        ReadError::Unreadable(row) => row.key,
        other => panic!("{other}"),
    };
    assert_eq!(named(engine.get(vec![key(7)]).await.unwrap_err()), name);
    let scan = engine.scan(Prefix::everything(), None, 1000).await;
    assert_eq!(named(scan.unwrap_err()), name);
    assert!(
        engine.get(vec![key(8)]).await.unwrap()[0].is_some(),
        "the others are fine"
    );
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
