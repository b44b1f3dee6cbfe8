//! Every command that a document shows is one: its verb and its options exist.

use std::path::Path;
use std::process::{Command, Stdio};

const PAGES: [&str; 5] = [
    "README.md",
    "CONTRIBUTING.md",
    "daemon/README.md",
    "protocol/README.md",
    "tui/README.md",
];

/// The commands of a page: what stands in backticks and in blocks for a shell.
fn commands(text: &str) -> Vec<Vec<String>> {
    let spans = text.split('`').skip(1).step_by(2);
    let spans = spans.filter(|it| !it.contains('\n')).map(str::to_owned);
    let blocks = text.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(|it| it.lines().map(str::to_owned));
    let all = spans.chain(lines).flat_map(|line| {
        let parts = line.split("&&").map(str::to_owned);
        parts.collect::<Vec<_>>()
    });
    let split = all.map(|line| words(&line));
    let ours = split.filter(|it| it.len() > 1 && ["greenroom", "greenroomd"].contains(&&*it[0]));
    // What is cut short is no command.
    let whole = ours.filter(|it| {
        !it.iter()
            .any(|word| word.contains('…') || word.contains('|'))
    });
    whole.collect()
}

/// The words of a line as a shell takes them, up to a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.trim().chars() {
        match letter {
            '\'' => quoted = !quoted,
            '#' if !quoted && word.is_empty() => break,
            ' ' if !quoted => {
                words.extend(Some(std::mem::take(&mut word)).filter(|it| !it.is_empty()))
            }
            _ => word.push(letter),
        }
    }
    words.extend(Some(word).filter(|it| !it.is_empty()));
    words
}

#[test]
fn every_command_that_is_written_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seen = 0;
    for page in PAGES {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        for command in commands(&text) {
            let part = match command[0].as_str() {
                "greenroomd" => "daemon",
                _ => "client",
            };
            let helped = Command::new(env!("CARGO_BIN_EXE_demo"))
                .arg(part)
                .args(&command[1..])
                .arg("--help")
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let complained = String::from_utf8_lossy(&helped.stderr);
            assert!(helped.status.success(), "{page}: {command:?}: {complained}");
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen} commands");
}
