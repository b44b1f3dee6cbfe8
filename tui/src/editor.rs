//! A person's own editor, for what is longer than a line.
//!
//! Owns the file a text is in while somebody writes it. Invariants: only they can read it (0600, on
//! the machine the client runs on, also over ssh); what they typed is never lost: where it cannot
//! be used it is kept in a file, and the failure names it.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use greenroom_protocol::{Error, socket};
use tempfile::NamedTempFile;

/// What is used where neither `$VISUAL` nor `$EDITOR` says otherwise.
const USUAL: &str = "vi";

/// A text that is being written. Dropping it removes the file.
pub(crate) struct Sheet {
    file: NamedTempFile,
    former: String,
    editor: String,
}

impl Sheet {
    /// Puts a text into a file of its own.
    pub(crate) fn lay_out(text: &str) -> Result<Self, Error> {
        let failed =
            |error| Error::failed(format!("Couldn't prepare the text for the editor: {error}"));
        let mut former = text.to_owned();
        if !former.is_empty() && !former.ends_with('\n') {
            former.push('\n');
        }
        let mut file = tempfile::Builder::new()
            .prefix("greenroom-")
            .suffix(".md")
            .tempfile()
            .map_err(failed)?;
        let mut write = || {
            file.write_all(former.as_bytes())
                .and_then(|()| file.flush())
        };
        write().map_err(failed)?;
        let named = |name| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
        let editor = named("VISUAL").or_else(|| named("EDITOR"));
        Ok(Self {
            file,
            former,
            editor: editor.unwrap_or_else(|| USUAL.to_owned()),
        })
    }

    /// The editor with this file. It is configured with its arguments, as in `code --wait`.
    pub(crate) fn command(&self) -> Command {
        let mut words = self.editor.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or(USUAL));
        command.args(words).arg(self.file.path());
        command
    }

    /// What is written now that the editor has ended. Where it failed, what was typed is kept in a
    /// file.
    pub(crate) fn written(&self, ended: io::Result<ExitStatus>) -> Result<String, Error> {
        let program = self.editor.split_whitespace().next().unwrap_or(USUAL);
        let ended = ended.map_err(|error| {
            Error::failed(format!("Couldn't start the editor {program}: {error}"))
                .hint("Set another editor in $EDITOR")
        })?;
        let text = self.text()?;
        if ended.success() {
            return Ok(text);
        }
        let error = Error::failed(format!(
            "{program} ended with an error; nothing was changed"
        ));
        Err(self.unused(error, &text))
    }

    /// Everything ends before the editor does: what was typed so far is kept in a file.
    pub(crate) fn cut_off(&self) -> Error {
        let error = Error::failed("The terminal is gone; the notes were not written");
        match self.text() {
            Ok(text) => self.unused(error, &text),
            Err(error) => error,
        }
    }

    /// By its name: editors put another file in its place.
    fn text(&self) -> Result<String, Error> {
        std::fs::read_to_string(self.file.path())
            .map_err(|error| Error::failed(format!("Couldn't read what the editor wrote: {error}")))
    }

    fn unused(&self, error: Error, text: &str) -> Error {
        match text == self.former {
            true => error,
            false => with_kept(error, text),
        }
    }
}

/// What a person makes of a text, while this waits.
pub(crate) fn edited(text: &str) -> Result<String, Error> {
    let sheet = Sheet::lay_out(text)?;
    let ended = sheet.command().status();
    sheet.written(ended)
}

/// The failure, with the file in which the text is kept that could not be used.
pub(crate) fn with_kept(error: Error, text: &str) -> Error {
    let kept = match keep(text) {
        Ok(path) => format!("What you wrote is in {}", shown(&path)),
        Err(why) => format!("Couldn't save what you wrote: {why}"),
    };
    match &error.hint {
        Some(hint) => {
            let hint = format!("{kept}; {hint}");
            error.hint(hint)
        }
        None => error.hint(kept),
    }
}

/// The path as the shell takes it, short where it is in the person's home.
fn shown(path: &Path) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let inside = home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_path_buf));
    match inside {
        Some(inside) => format!("~/{}", inside.display()),
        None => path.display().to_string(),
    }
}

/// Writes a text where the person finds it again: beside the logs, else among the temporary files.
fn keep(text: &str) -> io::Result<PathBuf> {
    let name = format!("notes-{}.md", jiff::Timestamp::now().as_millisecond());
    let lasting = socket::state_directory().map(|directory| directory.join(&name));
    let lasting = lasting.and_then(|path| write_new(path, text).ok());
    match lasting {
        Some(path) => Ok(path),
        None => write_new(std::env::temp_dir().join(&name), text),
    }
}

fn write_new(path: PathBuf, text: &str) -> io::Result<PathBuf> {
    if let Some(directory) = path.parent() {
        let mut closed = DirBuilder::new();
        closed.recursive(true).mode(0o700).create(directory)?;
    }
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A sheet, and an editor that does this with it.
    fn with(editor: &str) -> Sheet {
        let mut sheet = Sheet::lay_out("as it was").unwrap();
        sheet.editor = editor.to_owned();
        sheet
    }

    #[test]
    fn nobody_else_reads_what_is_written() {
        let sheet = with("true");
        let mode = sheet.file.as_file().metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        let path = sheet.file.path().to_owned();
        assert_eq!(
            sheet.written(sheet.command().status()).unwrap(),
            "as it was\n"
        );
        drop(sheet);
        assert!(!path.exists());
    }

    #[test]
    fn an_editor_that_fails_or_is_not_there_changes_nothing() {
        let sheet = with("false");
        let error = sheet.written(sheet.command().status()).unwrap_err();
        assert!(error.message.contains("false ended"), "{}", error.message);
        assert_eq!(error.hint, None, "nothing was typed");
        let sheet = with("/nowhere/vi --wait");
        let error = sheet.written(sheet.command().status()).unwrap_err();
        assert!(error.message.contains("/nowhere/vi"), "{}", error.message);
    }
}
