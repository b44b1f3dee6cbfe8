//! A socket somebody named: spoken to, and never the reason for a daemon of one's own.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A place with a client in it, and beside it a `greenroomd` that only leaves a trace, and ends.
/// The client starts the one beside itself, and beside the workspace's own there may be a real one.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let program = place.path().join("greenroomd");
    let script = format!("#!/bin/sh\ntouch {}/started\n", place.path().display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (demo, client) = (env!("CARGO_BIN_EXE_demo"), place.path().join("demo"));
    if std::fs::hard_link(demo, &client).is_err() {
        std::fs::copy(demo, &client).unwrap();
    }
    place
}

/// `greenroom --json …`, its exit code, its error and whether it started a daemon.
fn run(place: &Path, environment: &[(&str, &Path)], arguments: &[&str]) -> (i32, Value, bool) {
    let path = format!("{}:/usr/bin:/bin", place.display());
    let mut command = Command::new(place.join("demo"));
    command
        .args(["client", "--json"])
        .args(arguments)
        .env("HOME", place.join("home"))
        .env("PATH", path)
        .env_remove("GREENROOM_SOCKET")
        .envs(environment.iter().copied())
        .stdin(Stdio::null());
    for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env_remove(name);
    }
    let Output { status, stdout, .. } = command.output().unwrap();
    let answer: Value = serde_json::from_slice(&stdout).unwrap();
    let started = place.join("started");
    let was = started.exists();
    std::fs::remove_file(started).ok();
    (status.code().unwrap(), answer["error"].clone(), was)
}

/// Case C3.
#[test]
fn at_a_tunnel_that_is_down_nothing_of_ones_own_is_started() {
    let place = place();
    let (gone, dead) = (
        place.path().join("gone.sock"),
        place.path().join("dead.sock"),
    );
    drop(UnixListener::bind(&dead).unwrap());
    let setup = [
        "setup",
        "--workspace",
        "Acme",
        "--name",
        "Dana",
        "--email",
        "dana@acme.example",
        "--zone",
        "UTC",
    ];
    for socket in [&gone, &dead] {
        for verb in [
            &["status"][..],
            &["doctor"],
            &["candidate", "list"],
            &["rpc", "Status"],
            &setup,
        ] {
            let named = [&["--socket", socket.to_str().unwrap()][..], verb].concat();
            for (code, error, started) in [
                run(place.path(), &[], &named),
                run(place.path(), &[("GREENROOM_SOCKET", socket)], verb),
            ] {
                assert_eq!((code, started), (3, false), "{verb:?}: {error}");
                assert_eq!(error["kind"], "unreachable");
                let hint = error["hint"].as_str().unwrap_or_default();
                assert!(hint.contains("tunnel"), "{verb:?}: {error}");
            }
        }
    }
    assert!(
        !place.path().join("home/.local").exists(),
        "nothing was made"
    );
}

/// Case C3.
#[test]
fn asked_for_in_so_many_words_one_is_started_at_a_named_socket() {
    let place = place();
    let socket = place.path().join("run/greenroom.sock");
    let named = ["--socket", socket.to_str().unwrap(), "daemon", "start"];
    let (code, error, started) = run(place.path(), &[], &named);
    // The one in this place ends at once.
    assert_eq!((code, started), (3, true), "{error}");
    let unwanted = [&["--no-start"][..], &named].concat();
    let (code, error, started) = run(place.path(), &[], &unwanted);
    assert_eq!((code, started), (3, false), "{error}");
}
