//! A store whose records are not those last written: said, refused, and restored while the daemon
//! runs.

use std::fs;
use std::path::Path;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::status::CheckResult;

use crate::backup::fixture::{Fixture, candidates, offline, path};

/// Puts the database back as it was in `earlier`: what a log does that ends too early.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// An office whose data went back behind two candidates, and the backup that has them.
async fn gone_back() -> (Fixture, std::path::PathBuf) {
    let mut office = Fixture::open().await;
    office.add(0).await;
    office.world.stop_daemon();
    let (data, earlier) = (office.file("data/store/data"), office.file("earlier"));
    copy(&data, &earlier);
    office.world.run_daemon().await.unwrap();
    office.dana = office.world.client().await.unwrap();
    office.add(1).await;
    office.add(2).await;
    let file = office.file("acme.backup");
    office.done(&["backup", path(&file)]).await;
    // A crash: nothing is tidied up, and it is noticed all the same.
    office.world.kill_daemon();
    copy(&earlier, &data);
    office.world.run_daemon().await.unwrap();
    (office, file)
}

/// Case R3: `hello`, `status` and `doctor` answer and name it, everything else is refused with the
/// way to a restore, which works through the same daemon.
#[tokio::test(flavor = "multi_thread")]
async fn damaged_data_is_named_and_never_served_and_a_restore_heals_it() {
    let (office, file) = gone_back().await;

    let client = office.world.client().await.unwrap();
    let status = client.status().await.unwrap();
    let damage = status.damage.expect("it is said");
    assert!(damage.contains("commits missing"), "{damage}");
    assert!(!status.ready && status.workspace.is_none());
    let checks = client.doctor().await.unwrap();
    let store = checks.iter().find(|it| it.name == "store").unwrap();
    assert_eq!(store.result, CheckResult::Wrong);
    assert!(
        store
            .hint
            .as_ref()
            .unwrap()
            .contains("greenroom restore FILE")
    );
    let (code, told) = office.run(&["status"]).await;
    assert_eq!((code, told["damage"].as_str()), (0, Some(&*damage)));
    let (code, _) = office.run(&["doctor"]).await;
    assert_eq!(code, 1);

    let refused = client.candidate_list(CandidateQuery::default()).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Failed);
    assert!(refused.message.contains(&damage), "{refused:?}");
    assert!(refused.hint.unwrap().contains("greenroom restore FILE"));
    for arguments in [
        &["candidate", "list"][..],
        &["job", "list"],
        &["interview", "list"],
        &["member", "list"],
        &["audit", "list"],
        &["job", "add", "Another"],
        &["backup", path(&office.file("never"))],
        &[
            "setup",
            "--workspace",
            "New",
            "--name",
            "N",
            "--email",
            "n@new.example",
            "--zone",
            "UTC",
        ],
    ] {
        let (code, refused) = office.run(arguments).await;
        let message = refused["error"]["message"].as_str().unwrap();
        assert_eq!(code, 1, "{arguments:?}: {message}");
        assert!(message.contains(&damage), "{arguments:?}: {message}");
    }
    // A name that cannot be resolved any more keeps nobody from hearing it.
    let (code, told) = office.run(&["--workspace", "Acme", "status"]).await;
    assert_eq!((code, told["damage"].as_str()), (0, Some(&*damage)));
    assert!(!office.file("never").exists());

    office.done(&["restore", path(&file), "--yes"]).await;
    let dana = office.world.client().await.unwrap();
    assert_eq!(candidates(&dana).await.len(), 3);
    assert_eq!(dana.status().await.unwrap().damage, None);
}

/// Case R3: starting again changes nothing about it, and the restore without the daemon works too.
#[tokio::test(flavor = "multi_thread")]
async fn damage_stays_damage_until_a_backup_is_restored() {
    let (mut office, file) = gone_back().await;
    for _ in 0..2 {
        office.world.stop_daemon();
        office.world.run_daemon().await.unwrap();
        let client = office.world.client().await.unwrap();
        assert!(client.status().await.unwrap().damage.is_some());
    }
    office.world.stop_daemon();
    let restored = offline(&office.world, &file).output().unwrap();
    assert!(restored.status.success(), "{restored:?}");
    office.world.run_daemon().await.unwrap();
    let dana = office.world.client().await.unwrap();
    assert_eq!(candidates(&dana).await.len(), 3);
}
