//! Which room may import which: the direction of the client, read from its sources.
//!
//! A room is a folder or a file of `src`; a pane is a folder of `panes`. What is not in the tables
//! below is not allowed, so an import that climbs fails here, and a new one is written down.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the rooms it may import.
type May = (&'static str, &'static [&'static str]);

/// From the ground up. Every room may import itself and those named here.
const ROOMS: &[May] = &[
    ("theme", &[]),
    ("clipboard", &[]),
    ("editor", &[]),
    ("keys", &[]),
    ("notify", &[]),
    ("settings", &[]),
    ("terminal", &[]),
    ("typed", &[]),
    ("callback", &[]),
    ("client", &[]),
    ("widgets", &["keys", "theme"]),
    ("output", &["widgets"]),
    ("import", &["typed"]),
    (
        "state",
        &["callback", "import", "keys", "notify", "theme", "widgets"],
    ),
    ("wording", &["keys", "state", "theme", "widgets"]),
    (
        "forms",
        &[
            "import", "keys", "state", "theme", "typed", "widgets", "wording",
        ],
    ),
    (
        "panes",
        &[
            "callback", "forms", "keys", "notify", "state", "theme", "typed", "widgets", "wording",
        ],
    ),
    (
        "app",
        &[
            "callback",
            "client",
            "clipboard",
            "editor",
            "forms",
            "import",
            "keys",
            "notify",
            "panes",
            "settings",
            "state",
            "terminal",
            "theme",
            "widgets",
            "wording",
        ],
    ),
    ("mcp", &["client", "typed"]),
    (
        "cli",
        &[
            "callback",
            "client",
            "clipboard",
            "editor",
            "import",
            "mcp",
            "output",
            "settings",
            "typed",
            "widgets",
            "wording",
        ],
    ),
    // The wiring.
    ("lib", &["app", "cli", "client"]),
    ("main", &[]),
];

/// Which pane may open or ask which. None may reach another that reaches it.
const PANES: &[May] = &[
    ("chooser", &[]),
    ("confirm", &[]),
    ("failure", &[]),
    ("screens", &[]),
    ("desktop", &["failure"]),
    ("help", &["failure"]),
    ("mail", &["failure"]),
    ("palette", &["failure", "screens"]),
    ("interview", &["confirm", "desktop", "failure"]),
    ("candidate", &["chooser", "confirm", "failure", "interview"]),
    ("candidates", &["candidate", "interview", "screens"]),
    ("check", &["chooser", "confirm", "failure", "interview"]),
    ("mail_test", &["failure"]),
    ("setting_up", &["failure", "screens"]),
    (
        "connect",
        &["confirm", "desktop", "failure", "mail_test", "setting_up"],
    ),
    ("templates", &["chooser", "failure", "mail"]),
    ("pipeline", &["candidate", "chooser", "confirm", "failure"]),
    (
        "form",
        &[
            "candidate",
            "confirm",
            "connect",
            "desktop",
            "failure",
            "interview",
            "mail",
            "mail_test",
            "pipeline",
            "setting_up",
            "templates",
        ],
    ),
    ("conversations", &["confirm", "interview", "screens"]),
    (
        "assistant",
        &[
            "chooser",
            "confirm",
            "conversations",
            "failure",
            "interview",
            "screens",
        ],
    ),
    ("insights", &["candidate", "failure"]),
    ("interviews", &["candidate", "chooser", "interview"]),
    ("undo", &["candidate", "failure", "interview"]),
    (
        "workspaces",
        &["chooser", "connect", "conversations", "failure"],
    ),
    ("calendars", &["confirm", "failure"]),
    (
        "settings",
        &["calendars", "connect", "failure", "workspaces"],
    ),
    (
        "today",
        &[
            "assistant",
            "calendars",
            "connect",
            "insights",
            "interview",
            "mail",
            "screens",
        ],
    ),
    ("zoom_test", &["connect", "failure"]),
];

/// A source file that is no test: its path below `src`, and what it says outside comments.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The room of a path: its first part, without an extension.
    fn room(&self) -> String {
        part(&self.path, 0)
    }

    /// The pane it belongs to.
    fn pane(&self) -> Option<String> {
        let inside = self.room() == "panes" && self.path.components().count() > 2;
        inside.then(|| part(&self.path, 1))
    }

    /// What it names right after `prefix`, in single paths and in groups.
    fn names_after(&self, prefix: &str) -> BTreeSet<String> {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let mut names = BTreeSet::new();
        for after in self.text.split(prefix).skip(1) {
            match after.strip_prefix('{') {
                Some(group) => names.extend(group_of(group)),
                None => {
                    let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
                    names.insert(after[..end].to_owned());
                }
            }
        }
        names.remove("");
        names.remove("self");
        names
    }
}

/// The first name of each path in a group, up to its closing brace.
fn group_of(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            c if depth == 0 => names.last_mut().unwrap().push(c),
            _ => {}
        }
    }
    let first = |name: &String| name.trim().split("::").next().unwrap_or("").to_owned();
    names.iter().map(first).collect()
}

fn part(path: &Path, at: usize) -> String {
    let part = path.components().nth(at).unwrap().as_os_str();
    part.to_str().unwrap().trim_end_matches(".rs").to_owned()
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("tests") {
                    folders.push(path);
                }
            } else if is_product(&path) {
                let below = path.strip_prefix(&root).unwrap().to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let product = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                let code = product.lines().map(|it| it.split("//").next().unwrap());
                let text = code.collect::<Vec<_>>().join("\n");
                found.push(Source { path: below, text });
            }
        }
    }
    assert!(
        found.len() > 200,
        "the sources are where they are looked for"
    );
    found
}

fn is_product(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs")
}

/// What a table allows to a room.
fn allowed(table: &[May], room: &str) -> &'static [&'static str] {
    let row = table.iter().find(|(name, _)| *name == room);
    row.unwrap_or_else(|| panic!("{room} stands in no table")).1
}

/// A table whose rooms import only rooms above them in it has no circle.
fn has_no_circle(table: &[May]) {
    for (at, (room, may)) in table.iter().enumerate() {
        for other in *may {
            let place = table.iter().position(|(name, _)| name == other);
            let place = place.unwrap_or_else(|| panic!("{other} stands in no table"));
            assert!(place < at, "{room} imports {other}, which stands above it");
        }
    }
}

#[test]
fn the_rooms_import_only_what_lies_below_them() {
    has_no_circle(ROOMS);
    for source in sources() {
        let room = source.room();
        if ["rooms", "sample"].contains(&room.as_str()) {
            continue;
        }
        let may = allowed(ROOMS, &room);
        for other in source.names_after("crate::") {
            // The wiring hands these on at the top of the crate.
            let is_room = ROOMS.iter().any(|(name, _)| *name == other);
            let fine = !is_room || other == room || may.contains(&other.as_str());
            assert!(fine, "{} imports {other}", source.path.display());
        }
    }
}

#[test]
fn panes_open_one_another_only_by_the_ways_that_are_named() {
    has_no_circle(PANES);
    for source in sources() {
        let Some(pane) = source.pane() else { continue };
        let may = allowed(PANES, &pane);
        for other in source.names_after("crate::panes::") {
            let fine = other == pane || may.contains(&other.as_str());
            assert!(fine, "{} imports {other}", source.path.display());
        }
    }
}

#[test]
fn what_the_test_reads_of_a_source_is_what_it_imports() {
    let source = Source {
        path: "panes/mail/mod.rs".into(),
        text: "use crate::state::State;\nuse crate::panes::{self, a::{b, c}, d};".into(),
    };
    let names = |prefix| source.names_after(prefix).into_iter().collect::<Vec<_>>();
    assert_eq!(names("crate::"), ["panes", "state"]);
    assert_eq!(names("crate::panes::"), ["a", "d"]);
    assert_eq!(source.room(), "panes");
    assert_eq!(source.pane().as_deref(), Some("mail"));
}
