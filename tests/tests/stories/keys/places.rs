//! Secrets stay in the vault: no log line however much is logged, no file, no answer and no list of
//! processes holds one.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom::client::{Client, Raw};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_tests::harness::{
    DANA, PATIENCE, World, add_candidate, add_job, settled, zoom_interview,
};
use greenroom_tests::sandbox::{CLIENT_ID, CLIENT_SECRET, Endpoint, PUBLIC_CLIENT_ID};
use greenroomd::failpoint::{self, Point};
use rustix::process::Signal;
use serde_json::json;

const APP_SECRET: &str = "an-app-secret-that-nobody-reads-again";
const NO_ARGUMENT: &str = "a-code-in-a-place-where-none-belongs";

const KEY: [u8; 32] = *b"\xf0vault-key-of-thirty-two-bytes!\xf1";

/// Every file below a directory, whole.
pub fn files(directory: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.is_file() {
            into.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

pub fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|it| it == secret)
}

/// What everybody on the machine can read of a process, and what its own user can.
fn process(id: u32, into: &mut Vec<(String, Vec<u8>)>) {
    for file in ["cmdline", "environ", "comm", "status", "limits"] {
        let path = PathBuf::from(format!("/proc/{id}/{file}"));
        match std::fs::read(&path) {
            Ok(bytes) => into.push((path.display().to_string(), bytes)),
            // Not dumpable: its environment is nobody's but root's.
            Err(refused) => assert_eq!(refused.kind(), std::io::ErrorKind::PermissionDenied),
        }
    }
}

/// A daemon that logs all it can, whose own secrets come from commands, and the directory those
/// read.
async fn world() -> (World, tempfile::TempDir) {
    let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    world.stop_daemon();
    std::fs::remove_dir_all(world.directory().join("data")).unwrap();
    std::fs::remove_file(world.directory().join("vault.key")).unwrap();
    let kept = tempfile::tempdir().unwrap();
    let cat = |name: &str, bytes: &[u8]| {
        let path = kept.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        format!("[\"cat\", \"{}\"]", path.display())
    };
    let config = format!(
        "[zoom]\nclient_id = \"{CLIENT_ID}\"\nclient_secret_command = {}\noauth_url = \"{}\"\napi_url = \"{}\"\n\
         [secrets]\nkey = \"command\"\nkey_command = {}\n",
        cat("client", CLIENT_SECRET.as_bytes()),
        world.zoom.oauth_url(),
        world.zoom.api_url(),
        cat("key", &KEY),
    );
    std::fs::write(world.directory().join("config.toml"), config).unwrap();
    world.start_daemon(&[("GREENROOM_LOG", "trace")]).unwrap();
    world.answering().await.unwrap();
    (world, kept)
}

/// Dana, and somebody to meet.
pub async fn furnished(world: &World) -> Client {
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    add_candidate(&dana, "Ana Lima", "ana.lima@mail.example", "Designer")
        .await
        .unwrap();
    dana
}

#[tokio::test]
async fn no_secret_is_logged_stored_in_the_open_answered_or_in_the_list_of_processes() {
    let (mut world, _kept) = world().await;
    let dana = furnished(&world).await;
    let edit = |client_id: &str, secret| WorkspaceEdit {
        zoom_client_id: Some(client_id.to_owned()),
        zoom_client_secret: Some(Opaque::new(secret)),
        ..WorkspaceEdit::default()
    };
    dana.workspace_edit(edit(PUBLIC_CLIENT_ID, APP_SECRET))
        .await
        .unwrap();
    dana.workspace_edit(edit(CLIENT_ID, CLIENT_SECRET))
        .await
        .unwrap();

    // Keys that end at once, so that booking renews them.
    world
        .zoom
        .set_access_lifetime(jiff::SignedDuration::from_secs(60));
    world.connect_zoom(&dana, DANA).await.unwrap();
    let booking = zoom_interview("ana.lima@mail.example", 120);
    let booked = dana.interview_new(booking).await.unwrap().interview;
    settled(&dana, &booked.id.to_string()).await.unwrap();
    assert!(world.zoom.counters().refreshes > 0);

    let mut places = Vec::new();
    let mut raw = Raw::open(&world.target()).await.unwrap();
    raw.hello(&world.target()).await.unwrap();
    let calls = [
        ("status", json!({})),
        ("doctor", json!({})),
        ("zoom_status", json!({"query": {}})),
        ("zoom_list", json!({})),
        ("workspace_list", json!({})),
        ("member_list", json!({})),
        ("interview_list", json!({"query": {}})),
        ("audit_list", json!({"query": {}})),
        ("changes", json!({"query": {"after": 0, "wait_seconds": 0}})),
    ];
    for (method, arguments) in calls {
        let answer = raw.call(method, arguments, Duration::from_secs(10)).await;
        let answer = answer.unwrap().to_string().into_bytes();
        places.push((format!("the answer of {method}"), answer));
    }
    // Refused before any method sees it, and not kept on the way.
    let finish = json!({"finish": {"attempt": NO_ARGUMENT, "state": [NO_ARGUMENT], "code": null}});
    let refused = raw.call("zoom_connect_finish", finish, Duration::from_secs(10));
    refused.await.unwrap_err();

    process(world.daemon().unwrap().id(), &mut places);
    let gone = dana.zoom_disconnect(Reference::to(DANA)).await.unwrap();
    assert!(gone.revoked);
    world.stop_daemon();
    files(world.directory(), &mut places);

    let mut secrets: Vec<Vec<u8>> = world
        .zoom
        .handed_out()
        .into_iter()
        .map(String::into_bytes)
        .collect();
    // A code, the first pair, and at least one more.
    assert!(secrets.len() >= 5 && world.zoom.counters().of(Endpoint::Revoke) > 0);
    let basic = STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}"));
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    for text in [APP_SECRET, NO_ARGUMENT, CLIENT_SECRET, &basic, &hex] {
        secrets.push(text.as_bytes().to_vec());
    }
    secrets.extend([KEY.to_vec(), STANDARD.encode(KEY).into_bytes()]);
    for (place, bytes) in &places {
        for (number, secret) in secrets.iter().enumerate() {
            assert!(!holds(bytes, secret), "secret {number} is in {place}");
        }
    }

    // The search does find what is there, in every kind of place.
    let there = |place: &str, text: &str| {
        let of_place = |(name, _): &&(String, Vec<u8>)| name.contains(place);
        let found = places.iter().filter(of_place);
        found.clone().count() > 0 && found.into_iter().any(|it| holds(&it.1, text.as_bytes()))
    };
    assert!(there("/data/store/", "Ana Lima"));
    assert!(there("greenroomd.log", "ready"));
    assert!(there("interview_list", "ana.lima@mail.example"));
    assert!(there("/cmdline", "daemon"));
    assert!(there(
        "/limits",
        "Max core file size        0                    0"
    ));
}

/// With a code in hand, with keys nobody has seen yet, with keys about to be ended: what a panic
/// says there, with every frame of the stack, is about the code.
#[tokio::test]
async fn a_panic_with_secrets_in_hand_tells_none_and_the_daemon_goes_on() {
    if !failpoint::ARMED {
        eprintln!("skipped: points stand in debug builds");
        return;
    }
    for point in [
        Point::CodeHere,
        Point::CodeExchanged,
        Point::RenewalAnswered,
        Point::RevocationStarts,
    ] {
        let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
        drop(furnished(&world).await);
        world.stop_daemon();
        let panics = format!("{point:?}:panic");
        let variables = [
            (failpoint::VARIABLE, panics.as_str()),
            ("GREENROOM_LOG", "trace"),
            ("RUST_BACKTRACE", "full"),
        ];
        world.start_daemon(&variables).unwrap();
        world.answering().await.unwrap();
        let dana = world.client().await.unwrap();
        world
            .zoom
            .set_access_lifetime(jiff::SignedDuration::from_secs(60));
        // One of these comes to nothing: there it panics.
        let _ = world.connect_zoom(&dana, DANA).await;
        let booking = zoom_interview("ana.lima@mail.example", 120);
        let _ = dana.interview_new(booking).await;
        if point == Point::RevocationStarts {
            let _ = dana.zoom_disconnect(Reference::to(DANA)).await;
        }
        let said = format!("a test has it panic at {point:?}");
        let until = std::time::Instant::now() + PATIENCE;
        let log = loop {
            let log = world.read_log();
            if log.contains(&said) && log.contains("stack backtrace:") {
                break log;
            }
            assert!(std::time::Instant::now() < until, "{point:?}: {log}");
            dana.status().await.unwrap();
        };
        let handed_out = world.zoom.handed_out();
        assert!(!handed_out.is_empty(), "{point:?}");
        for secret in handed_out {
            assert!(!holds(log.as_bytes(), secret.as_bytes()), "{point:?}");
        }
        dana.status().await.unwrap();
    }
}

#[tokio::test]
async fn a_daemon_that_crashes_leaves_no_core_behind() {
    let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let daemon = world.daemon().unwrap();
    daemon.signal(Signal::ABORT);
    let ended = daemon.child().wait().unwrap();
    assert_eq!(ended.signal(), Some(Signal::ABORT.as_raw()));
    assert!(!ended.core_dumped());
}
