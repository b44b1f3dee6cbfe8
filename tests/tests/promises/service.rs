//! The daemon as a service: it tells the service manager when it is ready and when it stops.

use std::os::unix::net::UnixDatagram;
use std::process::Stdio;
use std::time::Duration;

use greenroom_tests::harness::{PATIENCE, World};
use greenroom_tests::lifeline::Held;
use rustix::process::Signal;

/// What the daemon told its service manager next.
fn told(manager: &UnixDatagram) -> String {
    let mut message = [0; 4096];
    let length = manager
        .recv(&mut message)
        .expect("the daemon tells its service manager");
    String::from_utf8_lossy(&message[..length]).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_manager_hears_ready_and_stopping() -> anyhow::Result<()> {
    let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
    world.stop_daemon();
    let path = world.directory().join("notify.sock");
    let manager = UnixDatagram::bind(&path)?;
    manager.set_read_timeout(Some(PATIENCE))?;

    let mut command = world.daemon_command();
    command
        .env("NOTIFY_SOCKET", &path)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut daemon = Held::start(&mut command)?;
    assert_eq!(told(&manager).trim(), "READY=1");
    // Ready means that callers are answered.
    assert!(world.client().await.is_ok());

    daemon.signal(Signal::TERM);
    assert_eq!(told(&manager).trim(), "STOPPING=1");
    let ended = tokio::task::spawn_blocking(move || daemon.child().wait());
    let status = tokio::time::timeout(Duration::from_secs(30), ended).await???;
    assert!(status.success(), "{status}");
    assert!(
        !world.socket().exists(),
        "the socket is gone with the daemon"
    );
    Ok(())
}

#[test]
fn the_unit_waits_for_ready() {
    let unit = include_str!("../../../daemon/systemd/greenroomd.service");
    for line in [
        "Type=notify",
        "ExecStart=%h/.cargo/bin/greenroomd run",
        "Restart=on-failure",
    ] {
        assert!(unit.lines().any(|it| it == line), "{line} is missing");
    }
}
