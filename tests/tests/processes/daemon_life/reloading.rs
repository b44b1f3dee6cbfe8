//! SIGHUP: the configuration is read again, and the daemon lives on.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use greenroom_tests::harness::{PATIENCE, World};
use greenroom_tests::lifeline::Held;
use rustix::process::Signal;

use crate::daemon_life::{add, total, world};

fn write(world: &World, before: &str, more: &str) {
    std::fs::write(
        world.directory().join("config.toml"),
        before.to_owned() + more,
    )
    .unwrap();
}

fn config(world: &World) -> String {
    std::fs::read_to_string(world.directory().join("config.toml")).unwrap()
}

/// Waits until the log has said so, this often.
async fn said(world: &World, words: &str, times: usize) {
    let until = Instant::now() + PATIENCE;
    while world.read_log().matches(words).count() < times {
        assert!(Instant::now() < until, "{words}: {}", world.read_log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Case C7.
#[tokio::test(flavor = "multi_thread")]
async fn a_reload_takes_what_it_can_names_the_rest_and_ends_nothing() {
    let (mut world, dana) = world().await;
    add(&dana, 0).await;
    let (process, before) = (world.daemon().unwrap().id(), config(&world));
    let from = "interviews@acme.example";
    let more =
        format!("\n[mail]\nfrom = \"{from}\"\n[store]\nbackup_keep = 3\nurl = \"sled:/nowhere\"\n");
    write(&world, &before, &more);
    // With the URL that waits for a restart the verb would look there, so the signal is sent as
    // `kill` sends it.
    world.daemon().unwrap().signal(Signal::HUP);
    said(
        &world,
        "mail.from, store.backup_keep took effect; after a restart: store.url",
        1,
    )
    .await;
    world.answering().await.unwrap();
    assert!(world.daemon_lives().unwrap());
    let client = world.client().await.unwrap();
    let status = client.status().await.unwrap();
    assert_eq!(status.pid, process);
    assert_eq!(status.backup.unwrap().keep, 3);
    assert_eq!(total(&client).await, 1, "it is the same store");

    // A bad one is refused, and what was in force stays so.
    write(&world, &before, "\n[store]\nbackup_kep = 9\n");
    world.daemon().unwrap().signal(Signal::HUP);
    said(&world, "there is no `store.backup_kep`", 1).await;
    said(&world, "the former one stays in force", 1).await;
    let client = world.client().await.unwrap();
    assert_eq!(client.status().await.unwrap().backup.unwrap().keep, 3);

    // So is one that reads well and cannot work.
    write(&world, &before, "\n[mail]\nmaildir = \"/proc/nowhere\"\n");
    world.daemon().unwrap().signal(Signal::HUP);
    said(&world, "the former one stays in force", 2).await;
    assert!(world.client().await.is_ok());

    // And it is heard as often as it is asked.
    write(&world, &before, "\n[log]\nlevel = \"debug\"\n");
    world.daemon().unwrap().signal(Signal::HUP);
    said(&world, "log.level", 1).await;
    world.answering().await.unwrap();
    assert_eq!(
        world.client().await.unwrap().status().await.unwrap().pid,
        process
    );
}

/// Case C7.
#[tokio::test(flavor = "multi_thread")]
async fn the_verb_says_what_came_of_it_and_fails_where_it_was_refused() {
    let (mut world, dana) = world().await;
    let before = config(&world);
    let (done, told) = world.administer("reload", &[]).unwrap();
    assert!(done && told.contains("nothing changed"), "{told}");
    // Only the level changed: nobody's connection is closed for that.
    write(&world, &before, "\n[log]\nlevel = \"warn\"\n");
    let (done, told) = world.administer("reload", &[]).unwrap();
    assert!(done && told.contains("log.level took effect"), "{told}");
    assert_eq!(total(&dana).await, 0);

    write(&world, &before, "\n[store]\nbackup_keep = 4\n");
    let (done, told) = world.administer("reload", &[]).unwrap();
    assert!(done && told.contains("store.backup_keep"), "{told}");
    // It came back before the verb did.
    let client = world.client().await.unwrap();
    assert_eq!(client.status().await.unwrap().backup.unwrap().keep, 4);

    write(&world, &before, "\n[stor]\n");
    let (done, told) = world.administer("reload", &[]).unwrap();
    assert!(!done && told.contains("did you mean `store`"), "{told}");
    // What the daemon alone can find out, it says too.
    write(&world, &before, "\n[mail]\nmaildir = \"/proc/nowhere\"\n");
    let (done, told) = world.administer("reload", &[]).unwrap();
    assert!(!done && told.contains("/proc/nowhere"), "{told}");
    assert!(world.client().await.is_ok());

    write(&world, &before, "");
    world.stop_daemon();
    let (done, told) = world.administer("reload", &[]).unwrap();
    assert!(!done && told.contains("No daemon has the store"), "{told}");
}

/// The lines of what the daemon told its service manager next, but for signs of life.
fn told(manager: &UnixDatagram) -> Vec<String> {
    let mut message = [0; 4096];
    let length = manager.recv(&mut message).unwrap();
    let text = String::from_utf8_lossy(&message[..length]).into_owned();
    text.lines().map(str::to_owned).collect()
}

fn managed(world: &World, manager: &Path) -> Held {
    let mut command = world.daemon_command();
    command
        .env("NOTIFY_SOCKET", manager)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Held::start(&mut command).unwrap()
}

/// Case C7.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_manager_hears_when_a_reload_begins_and_when_it_is_done() {
    let (mut world, dana) = world().await;
    drop(dana);
    world.stop_daemon();
    let path = world.directory().join("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let daemon = managed(&world, &path);
    assert_eq!(told(&manager), ["READY=1"]);
    let before = config(&world);
    for more in [
        "",
        "\n[store]\nbackup_keep = 4\n",
        "\n[log]\nlevel = \"loud\"\n",
    ] {
        write(&world, &before, more);
        daemon.signal(Signal::HUP);
        let begun = told(&manager);
        assert_eq!(begun[0], "RELOADING=1", "{more}");
        assert!(begun[1].starts_with("MONOTONIC_USEC="), "{begun:?}");
        assert_eq!(told(&manager), ["READY=1"], "{more}");
    }
    daemon.signal(Signal::TERM);
    assert_eq!(told(&manager), ["STOPPING=1"]);
}
