//! A backup handed in wrongly: refused, and the store is as it was.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::backup::{
    BackupForget, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
};
use greenroom_tests::test_daemon::TestDaemon;

use crate::backup::fixture::{Fixture, path};

fn part(id: &str, offset: u64, bytes: &[u8]) -> RestorePart {
    RestorePart {
        id: id.into(),
        offset,
        data: STANDARD.encode(bytes),
    }
}

#[tokio::test]
async fn parts_come_in_their_order_and_all_of_them() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    let backup = daemon.take_backup(&dana).await.unwrap();
    let (first, second) = backup.split_at(backup.len() / 2);
    let bytes = backup.len() as u64;
    let id = dana.restore_begin(RestoreBegin { bytes }).await.unwrap().id;
    let finish = |dry_run| RestoreFinish {
        id: id.clone(),
        dry_run,
        same_people: false,
    };
    let late = part(&id, first.len() as u64, second);
    let refused = dana.restore_part(late.clone()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    dana.restore_part(part(&id, 0, first)).await.unwrap();
    assert_eq!(
        dana.restore_part(part(&id, 0, first))
            .await
            .unwrap_err()
            .kind,
        ErrorKind::Usage
    );
    let early = dana.restore_finish(finish(false)).await.unwrap_err();
    assert_eq!(early.kind, ErrorKind::Usage);
    dana.restore_part(late).await.unwrap();
    let more = part(&id, bytes, b"x");
    assert_eq!(
        dana.restore_part(more).await.unwrap_err().kind,
        ErrorKind::Usage
    );
    let not_base64 = RestorePart {
        data: "?".into(),
        ..part(&id, bytes, b"")
    };
    assert_eq!(
        dana.restore_part(not_base64).await.unwrap_err().kind,
        ErrorKind::Usage
    );
    let found = dana.restore_finish(finish(true)).await.unwrap();
    assert!(found.dry_run && found.rows > 0);

    dana.backup_forget(BackupForget { id: id.clone() })
        .await
        .unwrap();
    let gone = dana.restore_finish(finish(false)).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_name_is_looked_up_and_never_a_path() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    for id in ["", "..", "../store/store-id", "/etc/passwd", "taken-"] {
        let read = BackupRead {
            id: id.into(),
            offset: 0,
        };
        let refused = dana.backup_read(read).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::NotFound, "{id}");
        let forget = BackupForget { id: id.into() };
        assert!(dana.backup_forget(forget).await.is_err(), "{id}");
    }
}

#[tokio::test]
async fn what_nobody_fetches_is_forgotten_after_an_hour() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    let taken = dana.backup_take().await.unwrap();
    dana.restore_begin(RestoreBegin { bytes: 9 }).await.unwrap();
    daemon.seconds_pass(3601);
    let other = dana.backup_take().await.unwrap();
    let read = |id: &str| BackupRead {
        id: id.into(),
        offset: 0,
    };
    let gone = dana.backup_read(read(&taken.id)).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
    dana.backup_read(read(&other.id)).await.unwrap();
    let end = BackupRead {
        offset: other.bytes,
        ..read(&other.id)
    };
    assert_eq!(
        dana.backup_read(end).await.unwrap_err().kind,
        ErrorKind::Usage
    );
    let directory = dana.status().await.unwrap().backup.unwrap().directory;
    let left = std::fs::read_dir(directory).unwrap().count();
    assert_eq!(left, 1, "only the one that can still be fetched");
}

/// Case R10: what a killed daemon left is gone before the first caller is let in, so nothing of
/// this life is taken for it.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_caller_finds_the_clean_up_done() {
    let mut office = Fixture::open().await;
    let file = office.file("acme.backup");
    office.done(&["backup", path(&file)]).await;
    office.world.kill_daemon();
    let left = [
        "taken-0123",
        "received-0123",
        "greenroom-20260101T030000Z.backup.new",
        "before-9.9.9.backup.new",
    ];
    let left = left.map(|name| office.file("data/backups").join(name));
    for path in &left {
        std::fs::write(path, "half").unwrap();
    }
    let kept = office.file("data/backups/before-9.9.9.backup");
    std::fs::write(&kept, "whole").unwrap();
    office.world.run_daemon().await.unwrap();
    for path in &left {
        assert!(!path.exists(), "{}", path.display());
    }
    assert!(kept.exists());
    // At once, both ways.
    let again = office.file("again.backup");
    office.done(&["backup", path(&again)]).await;
    office.done(&["restore", path(&file), "--yes"]).await;
}
