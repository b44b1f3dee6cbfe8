//! The log of one's own daemon: its end, and what is written after it.
//!
//! Invariant: only whole lines are followed, each once, also when the file is begun anew. What is
//! read is what is shown, however long the log is.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use greenroom_protocol::Error;

use crate::output::{Output, Stop};
use crate::widgets::text::clean;

/// Between two looks at whether the log has grown.
const LOOK: Duration = Duration::from_millis(200);

/// How much is read at a time, backwards from the end, in bytes.
const STRIDE: u64 = 64 * 1024;

/// Prints the last `lines` of the log at `path`, and with `follow` whatever comes after them, until
/// the reader is gone.
pub(super) async fn show(
    output: Output,
    path: PathBuf,
    lines: usize,
    follow: bool,
) -> Result<(), Stop> {
    let failed = |error: io::Error| {
        let what = format!("Couldn't read {}: {error}", path.display());
        Error::not_found(what)
            .hint("a daemon run by systemd writes to the journal: journalctl --user -u greenroomd")
    };
    let mut log = Log::open(&path).map_err(failed)?;
    log.go_back(lines).map_err(failed)?;
    loop {
        for line in log.lines().map_err(failed)? {
            output.print(&line)?;
        }
        if !follow {
            return match log.unfinished() {
                Some(line) => output.print(&line),
                None => Ok(()),
            };
        }
        tokio::time::sleep(LOOK).await;
        log.turn_over().map_err(failed)?;
    }
}

struct Log<'a> {
    path: &'a Path,
    file: File,
    /// The end of what was read, in bytes.
    at: u64,
    /// The beginning of a line whose end is not written yet.
    begun: Vec<u8>,
}

impl<'a> Log<'a> {
    fn open(path: &'a Path) -> io::Result<Self> {
        let file = File::open(path)?;
        Ok(Self {
            path,
            file,
            at: 0,
            begun: Vec::new(),
        })
    }

    /// Goes to where the last `lines` begin; a line without an end counts.
    fn go_back(&mut self, lines: usize) -> io::Result<()> {
        let end = self.file.metadata()?.len();
        if lines == 0 {
            self.at = end;
            return Ok(());
        }
        let (mut from, mut found) = (end, 0);
        let mut block = Vec::new();
        while from > 0 {
            let start = from.saturating_sub(STRIDE);
            block.clear();
            self.file.seek(SeekFrom::Start(start))?;
            (&self.file).take(from - start).read_to_end(&mut block)?;
            let ends = block
                .iter()
                .enumerate()
                .rev()
                .filter(|(_, it)| **it == b'\n');
            for begins in ends.map(|(place, _)| start + place as u64 + 1) {
                // The end of the last line begins no other.
                found += usize::from(begins < end);
                if found == lines {
                    self.at = begins;
                    return Ok(());
                }
            }
            from = start;
        }
        Ok(())
    }

    /// The whole lines written since.
    fn lines(&mut self) -> io::Result<Vec<String>> {
        self.file.seek(SeekFrom::Start(self.at))?;
        let read = self.file.read_to_end(&mut self.begun)?;
        self.at += read as u64;
        let whole = self.begun.iter().rposition(|it| *it == b'\n');
        let rest = self.begun.split_off(whole.map_or(0, |place| place + 1));
        let lines = std::mem::replace(&mut self.begun, rest);
        Ok(lines.split_inclusive(|it| *it == b'\n').map(text).collect())
    }

    /// A line without an end, ended.
    fn unfinished(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.begun);
        (!line.is_empty()).then(|| text(&line))
    }

    /// Begins again at the top where the file was cut short or another one has taken its place.
    /// What the old one got after it was last read comes first.
    fn turn_over(&mut self) -> io::Result<()> {
        let Ok(now) = self.path.metadata() else {
            // Between two files: the old one is all there is.
            return Ok(());
        };
        let same = now.ino() == self.file.metadata()?.ino();
        if same && now.len() >= self.at {
            return Ok(());
        }
        let mut begun = std::mem::take(&mut self.begun);
        if !same {
            self.file.seek(SeekFrom::Start(self.at))?;
            self.file.read_to_end(&mut begun)?;
        }
        *self = Self::open(self.path)?;
        // A line the old file did not end is not continued in the new one.
        if begun.last().is_some_and(|last| *last != b'\n') {
            begun.push(b'\n');
        }
        self.begun = begun;
        Ok(())
    }
}

fn text(line: &[u8]) -> String {
    let line = String::from_utf8_lossy(line);
    clean(line.trim_end_matches('\n')) + "\n"
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::io::Write;

    use super::*;

    fn directory() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("greenroomd.log");
        (directory, path)
    }

    fn append(path: &Path, text: &str) {
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn the_last_lines_are_found_from_the_end() {
        let (_directory, path) = directory();
        let long = "x".repeat(usize::try_from(STRIDE).unwrap());
        append(&path, &format!("one\n{long}\nthree\nfo"));
        for (lines, first) in [(1, "fo\n"), (2, "three\n"), (3, "xxx"), (9, "one\n")] {
            let mut log = Log::open(&path).unwrap();
            log.go_back(lines).unwrap();
            let mut shown = log.lines().unwrap();
            shown.extend(log.unfinished());
            assert_eq!(shown.len(), lines.min(4));
            assert!(shown[0].starts_with(first), "{lines}");
        }
        let mut log = Log::open(&path).unwrap();
        log.go_back(0).unwrap();
        assert_eq!(log.lines().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_written_later_comes_as_whole_lines_also_from_a_new_file() {
        let (_directory, path) = directory();
        append(&path, "one\ntw");
        let mut log = Log::open(&path).unwrap();
        assert_eq!(log.lines().unwrap(), ["one\n"]);
        append(&path, "o\nth\u{1b}[2Jree\n");
        log.turn_over().unwrap();
        let lines = log.lines().unwrap();
        assert_eq!(lines[0], "two\n");
        assert!(!lines[1].contains('\u{1b}'), "{lines:?}");

        fs::write(&path, "cut\n").unwrap();
        log.turn_over().unwrap();
        assert_eq!(log.lines().unwrap(), ["cut\n"]);

        // Case C10: turned over, with a line that came just before.
        append(&path, "last of the old\n");
        fs::rename(&path, path.with_extension("log.1")).unwrap();
        append(&path, "first of the new\n");
        log.turn_over().unwrap();
        assert_eq!(
            log.lines().unwrap(),
            ["last of the old\n", "first of the new\n"]
        );

        fs::remove_file(&path).unwrap();
        log.turn_over().unwrap();
        append(&path, "new, and longer than what was read\n");
        log.turn_over().unwrap();
        assert_eq!(log.lines().unwrap().len(), 1);
    }
}
