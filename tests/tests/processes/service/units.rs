//! The units as they are shipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use greenroom_tests::tools::{self, Tool};

/// The most that `systemd-analyze security` may find open; 10 is everything.
const EXPOSURE: f64 = 1.5;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/systemd")
}

fn read(unit: &str) -> String {
    let path = folder().join(unit);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("read {path:?}: {error}"))
}

fn has(unit: &str, lines: &[&str]) {
    let text = read(unit);
    for line in lines {
        assert!(text.lines().any(|it| it == *line), "{unit} lacks {line}");
    }
}

/// What `systemd-analyze security` says in the end: `→ Overall exposure level for
/// greenroomd.service: 1.2 OK`.
pub fn exposure(said: &str) -> Option<f64> {
    let (_, level) = said.rsplit_once("greenroomd.service:")?;
    level.split_whitespace().next()?.parse().ok()
}

#[test]
fn systemd_waits_for_ready_and_watches() {
    for unit in ["user/greenroomd.service", "system/greenroomd.service"] {
        has(
            unit,
            &["Type=notify", "Restart=on-failure", "WatchdogSec=30"],
        );
    }
    has(
        "user/greenroomd.service",
        &["ExecStart=%h/.cargo/bin/greenroomd run"],
    );
}

#[test]
fn the_sockets_are_where_clients_look_and_closed_to_others() {
    has(
        "system/greenroomd.socket",
        &[
            &format!("ListenStream={}", greenroom_protocol::socket::SYSTEM_SOCKET),
            "SocketMode=0660",
            "SocketGroup=greenroom",
            "DirectoryMode=0750",
        ],
    );
    has(
        "user/greenroomd.socket",
        &[
            "ListenStream=%t/greenroom/greenroom.sock",
            "SocketMode=0600",
        ],
    );
}

#[test]
fn callers_keep_their_names() {
    let unit = read("system/greenroomd.service");
    let set = |line: &str| line.starts_with("PrivateUsers=");
    assert!(!unit.lines().any(set), "every caller would be nobody");
}

#[test]
fn the_system_unit_leaves_little_open() {
    let unit = folder().join("system/greenroomd.service");
    let asked = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager"])
        .arg(unit)
        .output();
    let Ok(asked) = asked else {
        return tools::missing(Tool::SystemdAnalyze);
    };
    let said = String::from_utf8_lossy(&asked.stdout);
    let Some(level) = exposure(&said) else {
        let complained = String::from_utf8_lossy(&asked.stderr);
        return tools::skipped(&format!(
            "this systemd-analyze judges no unit offline: {complained}"
        ));
    };
    assert!(level <= EXPOSURE, "{level}: {said}");
}
