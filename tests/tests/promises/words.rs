//! The words of the whole tree: what stands in comments, strings and documents, against the list of
//! phrases that no text may have (`banned.txt`). Names in code are not texts: those that others see
//! are promises.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{read, root};

/// The list and its exceptions.
const LIST: &str = "tests/tests/promises/banned.txt";

/// Where nobody's texts are: what is made by machines, or kept as it was.
const NOT_OURS: [&str; 7] = [
    "target",
    ".git",
    "node_modules",
    "corpus",
    "fixtures",
    "oauth-provider",
    "snapshots",
];

/// A phrase that no text may have, and what to say instead.
struct Banned {
    words: Vec<String>,
    instead: String,
}

/// A place that may have some phrases, with why.
struct Exception {
    place: String,
    most: usize,
}

struct List {
    banned: Vec<Banned>,
    exceptions: Vec<Exception>,
}

impl List {
    fn read(text: &str) -> Self {
        let (mut banned, mut exceptions) = (Vec::new(), Vec::new());
        let lines = text
            .lines()
            .filter(|it| !it.is_empty() && !it.starts_with('#'));
        for line in lines {
            let columns: Vec<_> = line.split('|').map(str::trim).collect();
            match columns[..] {
                [phrase, instead] if !instead.is_empty() => banned.push(Banned {
                    words: words(phrase),
                    instead: instead.to_owned(),
                }),
                ["except", place, most, reason] if !reason.is_empty() => {
                    exceptions.push(Exception {
                        place: place.to_owned(),
                        most: most.parse().unwrap_or_else(|_| panic!("no number: {line}")),
                    });
                }
                _ => panic!("neither a phrase nor an exception with a reason: {line}"),
            }
        }
        Self { banned, exceptions }
    }

    /// The phrases in a text, with what to say instead.
    fn found(&self, text: &str) -> Vec<String> {
        let text = words(text);
        let is_in = |it: &&Banned| text.windows(it.words.len()).any(|part| part == it.words);
        let found = self.banned.iter().filter(is_in);
        let told = found.map(|it| format!("{:?}, say {}", it.words.join(" "), it.instead));
        told.collect()
    }
}

/// Lower-case words, colons and semicolons; other signs only part words, but for what holds a name
/// together (`by-hand` is a name, which may be a promise) and an apostrophe.
fn words(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphabetic() || "'_-:;".contains(letter);
    let mut words = Vec::new();
    for part in text.split(|letter| !is_part(letter)) {
        for part in part.split_inclusive([':', ';']) {
            let word = part.trim_end_matches([':', ';']);
            let name = word.trim_matches('-');
            if !name.is_empty() {
                words.push(name.to_lowercase());
            }
            if word.len() < part.len() {
                words.push(part[word.len()..].to_owned());
            }
        }
    }
    words
}

/// The comments and strings of Rust source, each with the line it begins in. Lines of a comment
/// that follow each other are one text, since phrases are broken at their ends.
fn texts(source: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut rest, mut line, mut comment_ended) = (source, 1, 0);
    while let Some(first) = rest.chars().next() {
        let comment = rest
            .starts_with("//")
            .then(|| rest.find('\n').unwrap_or(rest.len()));
        let string = raw_string(rest).or_else(|| string(rest));
        let other = || character(rest).or_else(|| name(rest));
        let end = comment
            .or(string)
            .or_else(other)
            .unwrap_or(first.len_utf8());
        let (text, after) = rest.split_at(end);
        if comment.is_some() {
            let text = text.trim_start_matches(['/', '!']);
            match found.last_mut().filter(|_| comment_ended + 1 == line) {
                Some((_, before)) => {
                    before.push(' ');
                    before.push_str(text);
                }
                None => found.push((line, text.to_owned())),
            }
            comment_ended = line;
        } else if string.is_some() {
            found.push((line, text.to_owned()));
        }
        line += text.matches('\n').count();
        rest = after;
    }
    found
}

/// The length of a string that begins here.
fn string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('"')?;
    let mut escaped = false;
    for (at, letter) in inner.char_indices() {
        match letter {
            '"' if !escaped => return Some(at + 2),
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    Some(rest.len())
}

/// The length of a raw string that begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    inner[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let begun = 1 + hashes + 1;
    let end = rest[begun..]
        .find(&close)
        .map(|at| begun + at + close.len());
    Some(end.unwrap_or(rest.len()))
}

/// The length of a character literal that begins here; lifetimes are none.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let mut letters = inner.char_indices();
    let (_, first) = letters.next()?;
    let close = match first {
        '\\' => inner[2..].find('\'').map(|at| at + 2)?,
        _ => letters.next().filter(|it| it.1 == '\'')?.0,
    };
    Some(close + 2)
}

/// The length of a name, so that the end of one is not taken for the beginning of a raw string.
fn name(rest: &str) -> Option<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    Some(end).filter(|end| *end > 0)
}

/// Every file with texts, from the root.
fn files(folder: &Path, into: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            files(&path, into);
            continue;
        }
        let kinds = ["rs", "md", "toml", "py", "js", "c", "service"];
        let kind = path
            .extension()
            .and_then(|it| it.to_str())
            .unwrap_or_default();
        let has_texts = kinds.contains(&kind) || path.ends_with(".ci/run");
        if has_texts && let Ok(path) = path.strip_prefix(root()) {
            into.push(path.to_string_lossy().into_owned());
        }
    }
}

#[test]
fn no_text_has_a_banned_phrase() {
    let list = List::read(&read(LIST));
    let mut all = Vec::new();
    files(&root(), &mut all);
    assert!(all.len() > 500, "{} files", all.len());
    let mut found: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for path in all {
        let place = |it: &Exception| path.starts_with(&it.place);
        let exception = list.exceptions.iter().position(place);
        let source = read(&path);
        let texts = match path.ends_with(".rs") {
            true => texts(&source),
            false => vec![(1, source)],
        };
        for (line, text) in texts {
            for phrase in list.found(&text) {
                let all = found.entry(exception).or_default();
                all.push(format!("{path}:{line}: {phrase}"));
            }
        }
    }
    let plain = found.remove(&None).unwrap_or_default();
    assert!(plain.is_empty(), "{}", plain.join("\n"));
    for (number, exception) in list.exceptions.iter().enumerate() {
        let theirs = found.remove(&Some(number)).unwrap_or_default();
        let Exception { place, most } = exception;
        assert!(
            theirs.len() <= *most,
            "{place}: {} and not {most} at most:\n{}",
            theirs.len(),
            theirs.join("\n")
        );
    }
}

#[test]
fn only_texts_are_read_and_phrases_over_the_end_of_a_line_too() {
    let source = "/// Whoever\nfn whoever(by: char) { let taken = r#\"back\"#; 'a'; \"it \\\"takes\\\" place\" }\n\
                  // put\n// right\nfn f<'a>() {}\n// Why; nothing: never.\n\"costs nothing: put-right\"\n";
    let list =
        List::read("whoever | who\ntakes place | is held\nput right | fix\n; nothing: | None:\n");
    let found: Vec<_> = texts(source)
        .into_iter()
        .flat_map(|(line, text)| list.found(&text).into_iter().map(move |it| (line, it)))
        .collect();
    let expected = [
        (1, "\"whoever\", say who".to_owned()),
        (2, "\"takes place\", say is held".to_owned()),
        (3, "\"put right\", say fix".to_owned()),
        (6, "\"; nothing :\", say None:".to_owned()),
    ];
    assert_eq!(found, expected);
}
