//! Putting one in the store's place: while the daemon runs, on another machine, and not with
//! another key.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::{ConnectionQuery, ConnectionState};
use greenroom_tests::harness::{DANA, PATIENCE, World};
use greenroom_tests::lifeline::Held;

use crate::backup::fixture::{Fixture, PROGRAM, candidates, offline, path, person, run};

#[tokio::test(flavor = "multi_thread")]
async fn the_daemon_goes_back_and_what_was_is_set_aside() {
    let mut office = Fixture::open().await;
    for number in 0..3 {
        office.add(number).await;
    }
    let file = office.file("three.backup");
    office.done(&["backup", path(&file)]).await;
    for number in 3..5 {
        office.add(number).await;
    }
    let before = office.dana.status().await.unwrap();

    // Looking changes nothing, and without a terminal only `--yes` is a yes.
    let looked = office.done(&["restore", path(&file), "--dry-run"]).await;
    assert_eq!(looked["dry_run"], true);
    let (code, refused) = office.run(&["restore", path(&file)]).await;
    assert_eq!((code, &refused["error"]["kind"]), (2, &"usage".into()));
    assert_eq!(candidates(&office.dana).await.len(), 5);

    let pid = office.world.daemon().unwrap().id();
    let restored = office.done(&["restore", path(&file), "--yes"]).await;
    assert_eq!(restored["store"], before.store.as_str());
    let aside = restored["set_aside"].as_str().unwrap();
    assert!(Path::new(aside).join("data/db").is_file());
    assert_eq!(office.world.daemon().unwrap().id(), pid, "the same process");

    let dana = office.world.client().await.unwrap();
    let now = dana.status().await.unwrap();
    assert_eq!(now.store, restored["replaced_by"].as_str().unwrap());
    assert_ne!(
        now.store, before.store,
        "clients see that it is another store"
    );
    assert!(now.revision > before.revision, "no revision comes twice");
    let found = candidates(&dana).await;
    assert_eq!(
        found,
        (0..3).map(|number| person(number).1).collect::<Vec<_>>()
    );
    let checks = dana.doctor().await.unwrap();
    let check = checks.iter().find(|it| it.name == "former stores").unwrap();
    assert!(check.message.contains(aside), "{check:?}");
    let entries = dana.audit_list(AuditQuery::default()).await.unwrap().items;
    let entry = entries.iter().find(|it| it.call == "restore").unwrap();
    assert_eq!(
        entry.values["backup"],
        restored["made_at"].as_str().unwrap()
    );

    // It goes on from there, also after a crash.
    office.dana = dana;
    office.add(9).await;
    office.world.kill_daemon();
    office.world.run_daemon().await.unwrap();
    let dana = office.world.client().await.unwrap();
    assert_eq!(candidates(&dana).await.len(), 4);
    assert_eq!(dana.status().await.unwrap().store, now.store);
}

/// Another machine: directories of its own, and of the first only the backup and, where it was
/// copied, the key.
async fn elsewhere(key: Option<&Path>) -> World {
    let mut world = World::start(PROGRAM).await.unwrap();
    if let Some(key) = key {
        world.stop_daemon();
        std::fs::remove_dir_all(world.directory().join("data")).unwrap();
        std::fs::copy(key, world.directory().join("vault.key")).unwrap();
        world.run_daemon().await.unwrap();
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn another_machine_with_the_key_has_everything_and_without_it_says_so() {
    let office = Fixture::open().await;
    for number in 0..3 {
        office.add(number).await;
    }
    let file = office.file("acme.backup");
    let made = office.done(&["backup", path(&file)]).await;

    let stranger = elsewhere(None).await;
    let (code, refused) = run(&stranger, &["restore", path(&file), "--yes"]).await;
    let message = refused["error"]["message"].as_str().unwrap();
    assert_eq!(code, 1);
    assert!(message.contains(made["key"].as_str().unwrap()), "{message}");
    assert!(
        refused["error"]["hint"].as_str().unwrap().contains("key"),
        "{refused}"
    );
    let status = stranger.client().await.unwrap().status().await.unwrap();
    assert!(status.workspace.is_none(), "nothing was changed");

    let twin = elsewhere(Some(&office.file("vault.key"))).await;
    let same = ["restore", path(&file), "--same-people", "--yes"];
    let (code, restored) = run(&twin, &same).await;
    assert_eq!(code, 0, "{restored}");
    let dana = twin.client().await.unwrap();
    assert!(dana.hello().caller.is_some(), "she is linked there too");
    assert_eq!(candidates(&dana).await.len(), 3);
    let shown = dana
        .candidate_get(Reference::to(person(1).1))
        .await
        .unwrap();
    let first = office
        .dana
        .candidate_get(Reference::to(person(1).1))
        .await
        .unwrap();
    assert_eq!(
        (shown.id, shown.applications[0].history.clone()),
        (first.id, first.applications[0].history.clone())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_whole_is_refused_and_nothing_is_changed() {
    let office = Fixture::open().await;
    for number in 0..3 {
        office.add(number).await;
    }
    let file = office.file("acme.backup");
    office.done(&["backup", path(&file)]).await;
    let whole = std::fs::read(&file).unwrap();
    let middle = whole.len() / 2;
    let altered = [&whole[..middle], &[whole[middle] ^ 1], &whole[middle + 1..]].concat();
    let store = office.dana.status().await.unwrap().store;
    let wrong: [(&str, &[u8], &str); 5] = [
        ("cut", &whole[..whole.len() - 1], "cut short"),
        ("altered", &altered, "not what was written"),
        (
            "longer",
            &[&whole[..], b"x"].concat(),
            "added after its end",
        ),
        ("empty", b"", "not a backup"),
        ("foreign", b"PK\x03\x04 something else\n", "not a backup"),
    ];
    for (name, bytes, why) in wrong {
        let file = office.file(name);
        std::fs::write(&file, bytes).unwrap();
        let (code, refused) = office.run(&["restore", path(&file), "--yes"]).await;
        let message = refused["error"]["message"].as_str().unwrap();
        assert_eq!(code, 1, "{name}: {message}");
        assert!(message.contains(why), "{name}: {message}");
        assert!(refused["error"]["hint"].is_string(), "{name}");
    }
    let (code, _) = office.run(&["restore", path(&office.file("absent"))]).await;
    assert_eq!(code, 2);
    assert_eq!(office.dana.status().await.unwrap().store, store);
    assert_eq!(candidates(&office.dana).await.len(), 3);
}

/// What `greenroomd restore` says, and whether it worked.
fn without_the_daemon(world: &World, file: &Path, options: &[&str]) -> (bool, String) {
    let mut command = offline(world, file);
    command.args(options);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    // Its line to us is held open: it ends on its own.
    let mut restoring = Held::start(&mut command).unwrap();
    let child = restoring.child();
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    (child.wait().unwrap().success(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_open_is_restored_without_the_daemon() {
    let mut office = Fixture::open().await;
    for number in 0..3 {
        office.add(number).await;
    }
    let file = office.file("acme.backup");
    office.done(&["backup", path(&file)]).await;
    let (done, said) = without_the_daemon(&office.world, &file, &[]);
    assert!(
        !done && said.contains("process"),
        "the daemon has it: {said}"
    );

    office.world.stop_daemon();
    let db = office.file("data/store/data/db");
    std::fs::write(&db, b"ruined").unwrap();
    let error = office.world.run_daemon().await.unwrap_err().to_string();
    assert!(error.contains("greenroomd restore"), "{error}");

    let (done, said) = without_the_daemon(&office.world, &file, &[]);
    assert!(done && said.contains("before-restore-"), "{said}");
    office.world.run_daemon().await.unwrap();
    let dana = office.world.client().await.unwrap();
    assert_eq!(candidates(&dana).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_disk_comes_back_with_its_connections() {
    let mut office = Fixture::open().await;
    office.world.connect_zoom(&office.dana, DANA).await.unwrap();
    let file = office.file("acme.backup");
    office.done(&["backup", path(&file)]).await;
    office.world.stop_daemon();
    std::fs::remove_dir_all(office.file("data")).unwrap();

    // The machine's id was on the lost disk.
    let (done, said) = without_the_daemon(&office.world, &file, &["--same-people"]);
    assert!(done && !said.contains("former store"), "{said}");
    let before = office.world.zoom.counters().refreshes;
    office.world.run_daemon().await.unwrap();
    let dana = office.world.client().await.unwrap();
    let until = std::time::Instant::now() + PATIENCE;
    while office.world.zoom.counters().refreshes == before {
        assert!(
            std::time::Instant::now() < until,
            "its keys are never renewed"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let query = ConnectionQuery { member: None };
    let zoom = dana.zoom_status(query).await.unwrap();
    assert_eq!(zoom.state, ConnectionState::Connected, "{zoom:?}");
    let check = dana.doctor().await.unwrap();
    assert!(
        check.iter().all(|it| it.result != CheckResult::Wrong),
        "{check:?}"
    );
}
