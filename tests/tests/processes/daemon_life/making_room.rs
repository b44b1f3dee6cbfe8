//! A daemon in the way of another: one that a client started makes room for a service, and `daemon
//! stop` ends whichever has the store.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use greenroom::client::{Client, Target};
use greenroom_protocol::socket::SocketPath;
use greenroom_tests::harness::{PATIENCE, World};
use greenroom_tests::lifeline::Held;
use serde_json::Value;

use crate::daemon_life::{add, total, world};

/// A daemon as a client starts one, at a socket of its own.
fn a_clients(world: &World, socket: &Path) -> Held {
    let usual = world.daemon_command();
    let mut command = Command::new(usual.get_program());
    let arguments = usual
        .get_args()
        .map(|argument| match argument == world.socket() {
            true => socket.as_os_str(),
            false => argument,
        });
    command
        .args(arguments)
        .arg("--detach")
        .env_remove("GREENROOM_SOCKET")
        .env_remove("NOTIFY_SOCKET")
        .env("XDG_STATE_HOME", world.directory().join("state"))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Held::start(&mut command).unwrap()
}

async fn answering(socket: &Path) -> Client {
    let target = Target {
        socket: SocketPath {
            path: socket.to_owned(),
            system: false,
        },
        workspace: None,
        acting_as: None,
        mcp: None,
        daemon: None,
    };
    let until = Instant::now() + PATIENCE;
    loop {
        match Client::connect(&target).await {
            Ok(client) => return client,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Case C2.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_takes_over_from_the_daemon_a_client_started() {
    let (mut world, dana) = world().await;
    add(&dana, 0).await;
    drop(dana);
    world.stop_daemon();
    let mut first = a_clients(&world, &world.socket());
    drop(answering(&world.socket()).await);

    let path = world.directory().join("notify.sock");
    let manager = UnixDatagram::bind(&path).unwrap();
    world
        .start_daemon(&[("NOTIFY_SOCKET", path.to_str().unwrap())])
        .unwrap();
    // The first ends on its own, in order.
    let ended = tokio::task::spawn_blocking(move || first.child().wait());
    let ended = tokio::time::timeout(PATIENCE, ended).await;
    assert!(ended.unwrap().unwrap().unwrap().success());
    world.answering().await.unwrap();
    let client = world.client().await.unwrap();
    assert_eq!(total(&client).await, 1, "with all the data");
    assert_eq!(
        client.status().await.unwrap().pid,
        world.daemon().unwrap().id()
    );
    drop(manager);
}

/// Case C2.
#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_nobody_manages_takes_over_from_none() {
    let (mut world, dana) = world().await;
    drop(dana);
    world.stop_daemon();
    let mut first = a_clients(&world, &world.socket());
    drop(answering(&world.socket()).await);
    world.start_daemon(&[]).unwrap();
    assert!(!world.daemon_ended().await.unwrap().success());
    let log = world.read_log();
    assert!(log.contains("greenroom daemon stop"), "{log}");
    assert!(first.child().try_wait().unwrap().is_none(), "it goes on");
}

/// `greenroom daemon stop`, where nobody named a socket.
fn stop(world: &World) -> (i32, Value, String) {
    let home = world.directory().join("home");
    std::fs::create_dir_all(&home).unwrap();
    let store = format!("sled:{}", world.directory().join("data/store").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    command
        .args(["client", "--json", "daemon", "stop"])
        .env("HOME", &home)
        .env("GREENROOM_STORE_URL", store)
        .env_remove("GREENROOM_SOCKET")
        .stdin(Stdio::null());
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env_remove(name);
    }
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stderr).into_owned();
    let answer = serde_json::from_slice(&stdout).unwrap_or_default();
    (status.code().unwrap(), answer, said)
}

/// Case C2.
#[tokio::test(flavor = "multi_thread")]
async fn stop_ends_whichever_daemon_has_the_store_whatever_its_socket() {
    let (mut world, dana) = world().await;
    add(&dana, 0).await;
    drop(dana);
    world.stop_daemon();
    let elsewhere = world.directory().join("elsewhere/greenroom.sock");
    let mut first = a_clients(&world, &elsewhere);
    drop(answering(&elsewhere).await);
    let (code, answer, said) = stop(&world);
    assert_eq!(
        (code, &answer["was_running"]),
        (0, &Value::Bool(true)),
        "{said}"
    );
    assert!(first.child().wait().unwrap().success());
    assert!(!elsewhere.exists());
    let (code, answer, said) = stop(&world);
    assert_eq!(
        (code, &answer["was_running"]),
        (0, &Value::Bool(false)),
        "{said}"
    );
    world.run_daemon().await.unwrap();
    assert_eq!(total(&world.client().await.unwrap()).await, 1);
}
