//! A whole daemon and its key, as an administrator meets them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use greenroom::client::Client;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::{ConnectionQuery, ConnectionState};
use greenroom_tests::harness::{DANA, World, settled, zoom_interview};

use crate::keys::places::{files, furnished, holds};

/// Dana's Zoom is connected, and there is somebody to meet.
async fn world() -> (World, Client) {
    let world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let dana = furnished(&world).await;
    world.connect_zoom(&dana, DANA).await.unwrap();
    (world, dana)
}

/// Books, which takes keys that work.
async fn books(dana: &Client, minutes: i64) {
    let booking = zoom_interview("ana.lima@mail.example", minutes);
    let booked = dana.interview_new(booking).await.unwrap().interview;
    let interview = settled(dana, &booked.id.to_string()).await.unwrap();
    assert!(interview.meeting.join_url.is_some(), "{interview:?}");
}

async fn state(world: &World) -> (ConnectionState, Option<String>) {
    let dana = world.client().await.unwrap();
    let shown = dana.zoom_status(ConnectionQuery::default()).await.unwrap();
    (shown.state, shown.reason)
}

fn private(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn the_key_is_changed_while_no_daemon_runs_and_nothing_else_is_noticed() {
    let (mut world, dana) = world().await;
    let pid = world.daemon().unwrap().id().to_string();
    let (done, said) = world.administer("rekey", &[]).unwrap();
    assert!(
        !done && said.contains(&pid),
        "it names who has the data: {said}"
    );

    drop(dana);
    world.stop_daemon();
    let key_file = world.directory().join("vault.key");
    let former = std::fs::read(&key_file).unwrap();
    let (done, said) = world.administer("rekey", &[]).unwrap();
    assert!(
        done && said.contains("Every secret is sealed anew."),
        "{said}"
    );
    assert_ne!(std::fs::read(&key_file).unwrap(), former);
    let (fine, said) = world.administer("check", &[]).unwrap();
    assert!(fine && said.contains("vault key      the file "), "{said}");

    world.run_daemon().await.unwrap();
    books(&world.client().await.unwrap(), 60).await;

    // The former key is worth nothing any more.
    world.stop_daemon();
    private(&key_file, &former);
    let refused = world.run_daemon().await.unwrap_err().to_string();
    assert!(refused.contains("put that key back"), "{refused}");
}

#[tokio::test]
async fn the_key_may_come_from_a_command_and_is_shown_by_doctor() {
    let (mut world, dana) = world().await;
    drop(dana);
    world.stop_daemon();
    let keys = world.directory().join("keys");
    std::fs::create_dir(&keys).unwrap();
    let (kept, next) = (keys.join("kept"), keys.join("next"));
    std::fs::rename(world.directory().join("vault.key"), &kept).unwrap();
    private(&next, b"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=\n");
    let config = world.directory().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let source = format!(
        "key = \"auto\"\nkey_command = [\"cat\", \"{}\"]",
        kept.display()
    );
    std::fs::write(&config, text.replace("key = \"file\"", &source)).unwrap();

    world.run_daemon().await.unwrap();
    let doctor = world.client().await.unwrap().doctor().await.unwrap();
    let key = doctor.iter().find(|check| check.name == "vault key");
    assert_eq!(key.unwrap().message, "the command \"cat\"");
    assert!(!world.directory().join("vault.key").exists());

    world.stop_daemon();
    let (done, said) = world.administer("rekey", &[]).unwrap();
    assert!(!done && said.contains("--new-key-file"), "{said}");
    let file = next.display().to_string();
    let (done, said) = world
        .administer("rekey", &["--new-key-command", "cat", &file])
        .unwrap();
    assert!(done && said.contains("Now put the new key where"), "{said}");
    let refused = world.run_daemon().await.unwrap_err().to_string();
    assert!(refused.contains("put that key back"), "{refused}");
    std::fs::rename(&next, &kept).unwrap();
    world.run_daemon().await.unwrap();
    books(&world.client().await.unwrap(), 60).await;
}

#[tokio::test]
async fn a_key_others_may_read_is_refused_at_start_and_told_while_running() {
    let (mut world, dana) = world().await;
    let key = world.directory().join("vault.key");
    let open = |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode));
    open(0o644).unwrap();
    let doctor = dana.doctor().await.unwrap();
    let check = doctor.iter().find(|check| check.name == "vault key");
    let check = check.unwrap();
    assert_eq!(check.result, CheckResult::Warning);
    assert!(check.message.contains("mode 644 lets others read it"));
    assert!(check.hint.as_deref().unwrap().contains("chmod 600"));
    world.stop_daemon();
    let refused = world.run_daemon().await.unwrap_err().to_string();
    assert!(
        refused.contains("mode 644 lets others read it"),
        "{refused}"
    );
    open(0o600).unwrap();
    world.run_daemon().await.unwrap();
}

#[tokio::test]
async fn a_copied_data_directory_is_useless_without_the_key() {
    let (mut world, dana) = world().await;
    drop(dana);
    world.stop_daemon();
    let key = world.directory().join("vault.key");
    // What a thief has, or anyone who restored the data and not the key.
    std::fs::rename(&key, world.directory().join("elsewhere")).unwrap();
    let refused = world.run_daemon().await.unwrap_err().to_string();
    assert!(refused.contains("is gone; put your copy back"), "{refused}");
    let (fine, said) = world.administer("check", &[]).unwrap();
    assert!(!fine && said.contains("is gone"), "{said}");
    private(&key, &[7; 32]);
    let refused = world.run_daemon().await.unwrap_err().to_string();
    assert!(refused.contains("put that key back"), "{refused}");

    // The way out without the key leads to a consent anew, and loses nothing else.
    let (done, said) = world.administer("rekey", &["--lost"]).unwrap();
    assert!(done && said.contains("set aside"), "{said}");
    world.run_daemon().await.unwrap();
    let until = std::time::Instant::now() + greenroom_tests::harness::PATIENCE;
    while state(&world).await.0 != ConnectionState::ReconnectRequired {
        assert!(
            std::time::Instant::now() < until,
            "{:?}",
            state(&world).await
        );
    }
    let dana = world.client().await.unwrap();
    let doctor = dana.doctor().await.unwrap();
    let wrong = doctor.iter().find(|check| check.name == "vault key");
    assert_eq!(wrong.unwrap().result, CheckResult::Wrong);
    world.connect_zoom(&dana, DANA).await.unwrap();
    books(&dana, 60).await;
}

/// The sealed data keys in a ring: every slot but the header.
fn slots(ring: &[u8]) -> Vec<&[u8]> {
    let slots = ring.chunks(128).skip(1);
    slots
        .filter(|slot| slot.iter().any(|byte| *byte != 0))
        .collect()
}

#[tokio::test]
async fn after_a_disconnect_no_file_holds_a_key_to_what_is_left() {
    let (mut world, dana) = world().await;
    let ring = world.directory().join("data/store/vault-ring");
    let before = std::fs::read(&ring).unwrap();
    let keys = slots(&before);
    assert_eq!(keys.len(), 1, "one connection, one key");
    dana.zoom_disconnect(Reference::to(DANA)).await.unwrap();
    world.kill_daemon();
    let mut found = Vec::new();
    files(world.directory(), &mut found);
    for key in keys {
        // Without its first bytes, which say only what it was.
        let sealed = &key[17..89];
        for (place, bytes) in &found {
            assert!(!holds(bytes, sealed), "a key is left in {place}");
        }
    }
    assert!(slots(&std::fs::read(&ring).unwrap()).is_empty());
}
