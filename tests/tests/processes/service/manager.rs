//! What the daemon tells its service manager, and the socket it may be given by it.

use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::process::{Command, Stdio};
use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::socket;
use greenroom_tests::harness::{PATIENCE, World};
use greenroom_tests::lifeline::Held;
use rustix::process::Signal;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

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
    let mut world = World::start(PROGRAM).await?;
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

#[tokio::test(flavor = "multi_thread")]
async fn while_it_makes_progress_it_keeps_itself_alive() -> anyhow::Result<()> {
    let mut world = World::start(PROGRAM).await?;
    world.stop_daemon();
    let path = world.directory().join("notify.sock");
    let manager = UnixDatagram::bind(&path)?;
    manager.set_read_timeout(Some(PATIENCE))?;

    let mut command = world.daemon_command();
    command
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "300000")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let daemon = Held::start(&mut command)?;
    assert_eq!(told(&manager).trim(), "READY=1");
    for _ in 0..3 {
        assert_eq!(told(&manager).trim(), "WATCHDOG=1");
    }
    daemon.signal(Signal::TERM);
    while told(&manager).trim() != "STOPPING=1" {}
    Ok(())
}

/// The daemon of this world, given `listener` as systemd gives one.
fn activated(world: &World, listener: &UnixListener) -> anyhow::Result<Held> {
    let daemon = world.daemon_command();
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(r#"exec 3>&1 >/dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@""#)
        .arg("sh")
        .arg(daemon.get_program())
        .args(daemon.get_args())
        .env_remove("NOTIFY_SOCKET")
        .stdout(OwnedFd::from(listener.try_clone()?))
        .stderr(Stdio::null());
    Ok(Held::start(&mut command)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_it_is_given_outlives_it_and_nobody_is_turned_away() -> anyhow::Result<()> {
    let mut world = World::start(PROGRAM).await?;
    world.stop_daemon();
    let listener = UnixListener::bind(world.socket())?;
    let mut served = Vec::new();
    for _ in 0..2 {
        // The call is there before the daemon, and starts it.
        let target = world.target();
        let call = tokio::spawn(async move { Client::connect(&target).await });
        let daemon = activated(&world, &listener)?;
        call.await??;
        // Behind the socket callers see the daemon, not anyone who made the socket.
        let stream = socket::connect(&world.socket()).await?;
        let behind = stream
            .peer_cred()?
            .pid()
            .and_then(|pid| pid.try_into().ok());
        assert_eq!(behind, Some(daemon.id()));
        served.push(daemon.id());
        drop(daemon);
        assert!(world.socket().exists(), "the socket is not the daemon's");
    }
    assert_ne!(served[0], served[1]);
    Ok(())
}
