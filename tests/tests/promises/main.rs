//! What README and the service's unit promise, held.

use std::path::{Path, PathBuf};

use greenroom_protocol::ErrorKind;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path))
        .unwrap_or_else(|error| panic!("read {path}: {error}"))
}

#[test]
fn the_checks_run_the_readmes_test_command() {
    let command = "cargo test --workspace";
    assert!(read("README.md").lines().any(|line| line == command));
    assert!(read(".ci/run").lines().any(|line| line == command));
}

#[test]
fn the_demo_is_one_word() {
    assert!(read("README.md").lines().any(|line| line == "cargo demo"));
    assert!(
        read(".cargo/config.toml").contains(r#"demo = "run -q -p greenroom-tests --bin demo""#)
    );
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let readme = read("README.md");
    let targets = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target);
    let ours: Vec<_> = targets
        .filter(|target| !target.starts_with("https://"))
        .collect();
    assert!(ours.len() > 5, "{ours:?}");
    for target in ours {
        assert!(root().join(target).exists(), "{target} is not there");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_contract() {
    let readme = read("README.md");
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    for (kind, words) in [
        (ErrorKind::Failed, "failed"),
        (ErrorKind::Usage, "usage"),
        (ErrorKind::Unreachable, "daemon unreachable"),
        (
            ErrorKind::Version,
            "daemon unreachable or of another version",
        ),
        (ErrorKind::Zoom, "Zoom not connected"),
        (ErrorKind::Denied, "not permitted"),
        (ErrorKind::Conflict, "taken or changed by someone else"),
        (ErrorKind::NotFound, "not found or ambiguous"),
        (ErrorKind::Upstream, "not done yet"),
        (ErrorKind::Pending, "not done yet"),
    ] {
        let promise = format!("{} {words}", kind.exit_code());
        assert!(readme.contains(&promise), "README does not say: {promise}");
    }
}

#[test]
fn every_permission_is_in_the_readme() {
    let readme = read("README.md");
    for permission in greenroom_protocol::zoom::PERMISSIONS {
        assert!(
            readme.contains(permission.scope),
            "{} is missing",
            permission.scope
        );
    }
}
