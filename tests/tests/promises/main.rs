//! What the documents promise, held; and the words of the whole tree (`words`).

mod words;

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

/// What nobody changed fails for nobody: every run draws what the run before drew.
#[test]
fn what_tests_draw_is_the_same_every_time() {
    let configured = read(".cargo/config.toml");
    for name in ["PROPTEST_RNG_SEED", "GREENROOM_SEED"] {
        let fixed = format!("{name} = {{ value = \"");
        assert!(configured.contains(&fixed), "{name}");
        assert!(read("CONTRIBUTING.md").contains(name), "{name}");
    }
}

/// The pages people read, from the root.
const PAGES: [&str; 5] = [
    "README.md",
    "CONTRIBUTING.md",
    "daemon/README.md",
    "protocol/README.md",
    "tui/README.md",
];

#[test]
fn every_link_leads_somewhere() {
    for page in PAGES {
        let text = read(page);
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
        let ours: Vec<_> = links.filter(|it| !it.starts_with("https://")).collect();
        assert!(!ours.is_empty() || page == "tui/README.md", "{page}");
        let folder = root().join(page);
        let folder = folder.parent().unwrap_or(Path::new("."));
        for target in ours {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = folder.join(file);
            assert!(file.exists(), "{page}: {target} is not there");
            let is_there = heading.is_empty() || anchors(&file).any(|it| it == heading);
            assert!(is_there, "{page}: {target} has no such heading");
        }
    }
}

/// The anchors of a page's headings, as hosts of repositories make them.
fn anchors(page: &Path) -> impl Iterator<Item = String> + use<> {
    let text = std::fs::read_to_string(page).expect("the page is read");
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect::<Vec<_>>().into_iter()
}

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 150, "{lines} lines");
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
