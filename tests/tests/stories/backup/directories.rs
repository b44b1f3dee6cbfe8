//! Directories the daemon did not make: used, judged, and left as they are.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use greenroom_protocol::status::CheckResult;

use crate::backup::fixture::{Fixture, path};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// What `doctor` says of directories.
async fn warnings(office: &Fixture) -> Vec<String> {
    let checks = office.world.client().await.unwrap().doctor().await.unwrap();
    let open = checks.into_iter().filter(|check| check.name == "directory");
    open.map(|check| {
        assert_eq!(check.result, CheckResult::Warning);
        check.message
    })
    .collect()
}

/// Case R9.
#[tokio::test(flavor = "multi_thread")]
async fn a_directory_for_backups_that_was_there_keeps_its_permissions_also_behind_a_link() {
    let mut office = Fixture::open().await;
    assert_eq!(warnings(&office).await, Vec::<String>::new());
    let (shared, link) = (office.file("shared"), office.file("link"));
    fs::create_dir(&shared).unwrap();
    set(&shared, 0o2775);
    fs::write(shared.join("others.txt"), "precious").unwrap();
    set(&shared.join("others.txt"), 0o644);
    symlink(&shared, &link).unwrap();

    let config = format!("\n[store]\nbackup_directory = \"{}\"\n", link.display());
    office.world.reconfigure(&config, &[]).await.unwrap();
    office
        .done(&["backup", path(&office.file("acme.backup"))])
        .await;
    assert_eq!(mode(&shared), 0o2775);
    assert_eq!(mode(&shared.join("others.txt")), 0o644);
    let said = warnings(&office).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(path(&link)), "{said:?}");
    assert!(said[0].contains("mode 2775"), "{said:?}");
    let log = office.world.read_log();
    assert!(log.contains(path(&link)), "{log}");
}

/// Case R9.
#[tokio::test(flavor = "multi_thread")]
async fn a_directory_for_backups_that_is_missing_is_made_closed() {
    let mut office = Fixture::open().await;
    let place = office.file("new/deep");
    let config = format!("\n[store]\nbackup_directory = \"{}\"\n", place.display());
    office.world.reconfigure(&config, &[]).await.unwrap();
    office
        .done(&["backup", path(&office.file("acme.backup"))])
        .await;
    assert_eq!((mode(&place), mode(&office.file("new"))), (0o700, 0o700));
    assert_eq!(warnings(&office).await, Vec::<String>::new());
}

/// Case R9.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_others_could_replace_is_refused_and_one_they_can_look_into_is_warned_about() {
    let mut office = Fixture::open().await;
    let store = office.file("data/store");
    set(&store, 0o755);
    office.world.reconfigure("", &[]).await.unwrap();
    assert_eq!(mode(&store), 0o755);
    let said = warnings(&office).await;
    assert!(
        said[0].contains("mode 755 lets others look into it"),
        "{said:?}"
    );

    set(&store, 0o777);
    let refused = office.world.reconfigure("", &[]).await.unwrap_err();
    let refused = format!("{refused:#}");
    assert!(refused.contains("chmod 700"), "{refused}");
    assert_eq!(mode(&store), 0o777);
}
