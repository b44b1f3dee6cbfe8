//! Rooms of the daemon look down and never up or beside.
//!
//! Every path in the source that leaves its room (`crate::x`, or enough `super::` to get out) is
//! compared with the table of storeys below. A room may skip storeys; rooms of one storey do not
//! know each other; so there is no circle across rooms. Only the wiring knows everybody, and nobody
//! knows the wiring.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the top down. A room uses what is on storeys below its own.
const STOREYS: &[&[&str]] = &[
    &["rpc"],
    &["backup", "setting_up", "today"],
    &["mail_settings", "received", "templates"],
    &["assistant"],
    &["outreach"],
    &["pipeline"],
    &["workspace"],
    &["interviews"],
    &["feeds"],
    &["services"],
    &["caldav", "google", "mail", "microsoft", "zoom"],
    &["outbox"],
    &["grants"],
    &["failure"],
    &["index", "supervise", "vault", "work"],
    &["access", "current", "records"],
    &["store"],
    &[
        "calendars",
        "clock",
        "config",
        "directories",
        "dumps",
        "failpoint",
        "input",
        "log",
        "replies",
        "requests",
        "socket",
        "uploads",
    ],
    &["network", "schedule", "secrets"],
];

/// Storeys that are kept for rooms which are not built yet.
const TO_COME: &[&str] = &[];

/// What puts the rooms together: the start, the command line, one life of the daemon, and which
/// room writes or handles an email.
const WIRING: &[&str] = &[
    "authors", "inbound", "lib", "main", "options", "reload", "systemd", "takeover",
];

/// Unit tests that try a room with one from above it.
const TESTS_FROM_ABOVE: &[(&str, &str)] = &[("outbox/send/tests.rs", "mail is the first channel")];

#[test]
fn every_room_uses_only_rooms_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&source);
    assert!(files.len() > 200, "only {} files were found", files.len());
    let mut wrong = Vec::new();
    for file in &files {
        let at = file.strip_prefix(&source).expect("a file of the source");
        if TESTS_FROM_ABOVE
            .iter()
            .any(|(tests, _)| at.ends_with(tests))
        {
            continue;
        }
        let text = fs::read_to_string(file).expect("the file is read");
        let used = rooms_used(&code_of(&text), depth(at));
        for room in used {
            wrong.extend(
                objection(&room_of(at), &room).map(|why| format!("{}: {why}", at.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_one_place() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let there: BTreeSet<String> = fs::read_dir(source)
        .expect("the source is listed")
        .map(|entry| room_of(Path::new(&entry.expect("an entry").file_name())))
        .collect();
    let mut places = BTreeMap::<&str, u32>::new();
    let rooms = STOREYS.iter().flat_map(|storey| storey.iter());
    for room in rooms.chain(WIRING) {
        *places.entry(*room).or_default() += 1;
    }
    let twice: Vec<_> = places.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "in two places: {twice:?}");
    for room in &there {
        assert!(places.contains_key(room.as_str()), "{room} has no storey");
    }
    for room in places.keys().filter(|room| !TO_COME.contains(room)) {
        assert!(there.contains(*room), "{room} is not there");
    }
}

/// Why `room` may not use `other`; `None` where it may.
fn objection(room: &str, other: &str) -> Option<String> {
    if room == other || WIRING.contains(&room) {
        return None;
    }
    let Some(below) = storey(other) else {
        return Some(format!("{room} uses {other}, which is wiring or no room"));
    };
    let Some(own) = storey(room) else {
        return Some(format!("{room} has no storey"));
    };
    if own == below {
        return Some(format!("{room} and {other} are on one storey"));
    }
    (below < own).then(|| format!("{room} looks up to {other}"))
}

/// How far down a room is; 0 is the top.
fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|storey| storey.contains(&room))
}

/// The room a file belongs to: its folder or file directly in the source.
fn room_of(file: &Path) -> String {
    let first = file
        .components()
        .next()
        .expect("a path of one part or more");
    let first = first.as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// How many `super::` lead from the file's module to the root of the crate.
fn depth(file: &Path) -> usize {
    let parts = file.components().count();
    let stem = file.file_stem().map(|stem| stem.to_string_lossy());
    match stem.as_deref() {
        Some("mod" | "lib" | "main") => parts - 1,
        _ => parts,
    }
}

/// The rooms that paths in `code` name: after `crate::`, and after `depth` or more `super::`. In a
/// module within the file fewer are left out than lead out, so nothing is missed.
fn rooms_used(code: &str, depth: usize) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|it| it.is_alphanumeric() || it == '_' || it == '$') {
            continue;
        }
        rooms.extend(first_names(&code[at + "crate::".len()..]));
    }
    let mut rest = code;
    while let Some(at) = rest.find("super::") {
        rest = &rest[at..];
        let mut climbed = 0;
        while let Some(further) = rest.strip_prefix("super::") {
            (rest, climbed) = (further, climbed + 1);
        }
        if climbed >= depth {
            let known = |name: &String| storey(name).is_some() || WIRING.contains(&name.as_str());
            rooms.extend(first_names(rest).into_iter().filter(known));
        }
    }
    rooms
}

/// The first names of a path: one, or one of each branch where braces follow.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim_start();
        text.chars()
            .take_while(|it| it.is_alphanumeric() || *it == '_')
            .collect()
    };
    let Some(braces) = path.trim_start().strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut level, mut from, mut names) = (0_u32, 0, Vec::new());
    for (at, it) in braces.char_indices() {
        match it {
            '{' => level += 1,
            '}' if level == 0 => {
                names.push(name(&braces[from..at]));
                break;
            }
            '}' => level -= 1,
            ',' if level == 0 => {
                names.push(name(&braces[from..at]));
                from = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

/// The text without comments and without what is in quotes: names in there use nothing.
fn code_of(text: &str) -> String {
    let (mut code, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(it) = rest.chars().next() {
        let skipped = match it {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => quoted(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw(rest).unwrap_or(0),
            '\'' => character(rest),
            _ => 0,
        };
        match skipped {
            0 => {
                code.push(it);
                rest = &rest[it.len_utf8()..];
            }
            bytes => {
                code.push(' ');
                rest = &rest[bytes..];
            }
        }
    }
    code
}

/// How long the quoted text is that `rest` begins with.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, it) in rest.char_indices().skip(1) {
        match it {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// How long the raw text is that `rest` begins with, if it does.
fn raw(rest: &str) -> Option<usize> {
    let marks = rest[1..].chars().take_while(|it| *it == '#').count();
    let body = rest[1 + marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    let at = body.find(&end)?;
    Some(1 + marks + 1 + at + end.len())
}

/// How long the character is that `rest` begins with; 0 where it is a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[2..]
            .char_indices()
            .skip(1)
            .find(|(_, it)| *it == '\'')
            .map_or(0, |(at, _)| at + 3),
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 0,
        },
        None => 0,
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is listed") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|it| it == "rs") => files.push(path),
            false => {}
        }
    }
    files
}

#[test]
fn paths_are_found_however_they_are_written() {
    let used = |code: &str, depth| -> Vec<String> {
        rooms_used(&code_of(code), depth).into_iter().collect()
    };
    assert_eq!(used("use crate::store::Tx;", 2), ["store"]);
    assert_eq!(
        used("use crate::{input, mail::{read, Mail}, work};", 2),
        ["input", "mail", "work"]
    );
    assert_eq!(used("let it = crate::zoom::Who { a: 1 };", 2), ["zoom"]);
    assert_eq!(used("use super::super::grants::Link;", 2), ["grants"]);
    assert_eq!(
        used("use super::super::{grants, zoom::Who};", 2),
        ["grants", "zoom"]
    );
    assert!(used("use super::record;", 2).is_empty());
    let silent = "// crate::zoom\n/// [`crate::mail`]\nlet a = \"crate::work \\\" crate::x\"; r#\"crate::\"y\"#;";
    assert!(used(silent, 2).is_empty());
    assert_eq!(
        used("let (a, b) = ('\"', '\\''); crate::log::it();", 2),
        ["log"]
    );
    assert!(used("$crate::store::x!()", 2).is_empty());
}

#[test]
fn what_climbs_or_stays_on_its_storey_is_refused() {
    assert_eq!(objection("rpc", "clock"), None);
    assert_eq!(objection("lib", "rpc"), None);
    for (room, other) in [
        ("index", "interviews"),
        ("zoom", "mail"),
        ("store", "records"),
        ("interviews", "reload"),
        ("rpc", "utils"),
    ] {
        assert!(objection(room, other).is_some(), "{room} {other}");
    }
}
