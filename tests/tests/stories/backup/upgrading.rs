//! From version 0.1.0 to this one, and back: what the older version left is copied before anything
//! is written.

use std::fs;
use std::path::{Path, PathBuf};

use greenroom_protocol::BUILD;
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::World;

use crate::backup::fixture::{PROGRAM, candidates, offline};

const LEFT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../daemon/tests/fixtures/store-0.1.0"
);

/// What 0.1.0 stored, and not how much.
const ADDRESSES: [&str; 5] = [
    "ama.owusu@example.com",
    "jonas.weber@example.com",
    "lena.fischer@example.com",
    "priya.nair@example.com",
    "tom.becker@example.com",
];

fn put_back(world: &World) {
    let store = world.directory().join("data/store");
    let _ = fs::remove_dir_all(&store);
    fs::create_dir_all(store.join("data")).unwrap();
    for file in ["store-id", "vault-ring", "data/db", "data/conf"] {
        fs::copy(Path::new(LEFT).join("store").join(file), store.join(file)).unwrap();
    }
    let key = world.directory().join("vault.key");
    fs::write(&key, fs::read(Path::new(LEFT).join("vault.key")).unwrap()).unwrap();
}

/// A machine on which 0.1.0 was stopped and this version is about to start.
async fn upgraded() -> World {
    let mut world = World::start(PROGRAM).await.unwrap();
    world.stop_daemon();
    fs::remove_dir_all(world.directory().join("data")).unwrap();
    put_back(&world);
    world
}

fn before(world: &World, number: &str) -> PathBuf {
    let name = format!("data/backups/before-{BUILD}{number}.backup");
    world.directory().join(name)
}

async fn everybody(world: &World) -> Vec<String> {
    let dana = world.client_as("dana@acme.example").await.unwrap();
    let mut found = candidates(&dana).await;
    found.sort();
    found
}

/// The first line of a backup, which every version must be able to read.
fn header(file: &Path) -> serde_json::Value {
    let bytes = fs::read(file).unwrap();
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap();
    serde_json::from_slice(line).unwrap()
}

/// Case C16.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_of_a_newer_version_backs_up_and_the_way_back_holds_what_was() {
    let mut world = upgraded().await;
    world.run_daemon().await.unwrap();
    let status = world.client().await.unwrap().status().await.unwrap();
    assert_eq!(status.damage, None, "never called damaged");
    assert_eq!(everybody(&world).await, ADDRESSES);
    let checks = world.client().await.unwrap().doctor().await.unwrap();
    for name in ["store", "records", "vault key"] {
        let check = checks.iter().find(|it| it.name == name).unwrap();
        assert_eq!(check.result, CheckResult::Ok, "{check:?}");
    }
    let file = before(&world, "");
    assert!(file.is_file());

    // Once; whatever is written later, this file stays.
    let made = fs::read(&file).unwrap();
    world.stop_daemon();
    world.run_daemon().await.unwrap();
    assert_eq!(fs::read(&file).unwrap(), made);
    assert!(!before(&world, "-2").exists());

    // The way back: the same format as a backup of 0.1.0, of the same store, with the same records.
    let theirs = Path::new(LEFT).join("sealed.backup");
    for field in ["greenroom_backup", "store"] {
        assert_eq!(header(&file)[field], header(&theirs)[field], "{field}");
    }
    world.stop_daemon();
    for file in [&file, &theirs] {
        let looked = offline(&world, file).arg("--dry-run").output().unwrap();
        let said = String::from_utf8(looked.stdout).unwrap();
        assert!(said.contains("62 rows"), "{said}");
        let restored = offline(&world, file).output().unwrap();
        assert!(restored.status.success(), "{restored:?}");
        world.run_daemon().await.unwrap();
        assert_eq!(everybody(&world).await, ADDRESSES);
        world.stop_daemon();
    }
}

/// Case C16: a file that is there is never written over, and a backup that a killed start left is
/// not made again.
#[tokio::test(flavor = "multi_thread")]
async fn the_backup_before_an_upgrade_writes_over_nothing() {
    let mut world = upgraded().await;
    fs::create_dir_all(world.directory().join("data/backups")).unwrap();
    fs::write(before(&world, ""), "precious").unwrap();
    world.run_daemon().await.unwrap();
    world.stop_daemon();
    assert_eq!(fs::read(before(&world, "")).unwrap(), b"precious");
    let made = fs::read(before(&world, "-2")).unwrap();

    put_back(&world);
    world.run_daemon().await.unwrap();
    assert_eq!(fs::read(before(&world, "-2")).unwrap(), made);
    assert!(!before(&world, "-3").exists());
}

/// Case C16: without a backup nothing is written, and the older version could go on.
#[tokio::test(flavor = "multi_thread")]
async fn where_no_backup_can_be_made_nothing_is_upgraded() {
    let mut world = upgraded().await;
    let backups = world.directory().join("data/backups");
    fs::write(&backups, "in the way").unwrap();
    let error = world.run_daemon().await.unwrap_err().to_string();
    let told =
        format!("could not back up the data before the upgrade to {BUILD}, so nothing was changed");
    assert!(error.contains(&told), "{error}");
    assert!(error.contains("backup_directory"), "{error}");
    let store = world.directory().join("data/store");
    assert!(!store.join("last-revision").exists());
    let ring = |dir: &Path| fs::read(dir.join("vault-ring")).unwrap();
    assert_eq!(ring(&store), ring(&Path::new(LEFT).join("store")));

    fs::remove_file(&backups).unwrap();
    world.run_daemon().await.unwrap();
    assert_eq!(everybody(&world).await, ADDRESSES);
    assert!(before(&world, "").is_file());
}

/// Case C16: looking is no upgrade, and a change of keys waits for one.
#[tokio::test(flavor = "multi_thread")]
async fn neither_a_look_nor_a_change_of_keys_writes_into_an_older_store() {
    let mut world = upgraded().await;
    let (done, said) = world.administer("check", &[]).unwrap();
    assert!(done, "{said}");
    let (done, said) = world.administer("rekey", &[]).unwrap();
    assert!(!done && said.contains("start the daemon once"), "{said}");
    assert!(!world.directory().join("data/store/last-revision").exists());
    world.run_daemon().await.unwrap();
    assert!(before(&world, "").is_file());
    world.stop_daemon();
    let (done, said) = world.administer("rekey", &[]).unwrap();
    assert!(done, "{said}");
}
