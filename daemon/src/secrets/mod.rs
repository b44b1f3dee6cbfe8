//! Secrets the administrator keeps outside the store, as the configuration names them: every
//! `…_file` has its `…_command`, and both are read here and nowhere else.
//!
//! Invariants: a secret is wiped when dropped; no text of an error holds one, nor anything a
//! command printed; a command is a program and its arguments, never a shell's line, and has a
//! deadline. What a secret is for, this room does not know.

pub(crate) mod command;
pub(crate) mod file;
mod strike;

use std::path::PathBuf;
use std::{fs, io};

use secrecy::SecretString;
use zeroize::Zeroizing;

pub use self::command::CommandError;
pub use self::file::Exposure;
pub(crate) use self::strike::remember;
pub use self::strike::strike;

/// The most bytes a secret has: more than any key, token or password, written in any way. A longer
/// token does not fit into the command that logs in with it, which has at most 12288 bytes in base64
/// (RFC 4954, 4).
pub(crate) const MOST_BYTES: usize = 8 << 10;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nowhere: it is not needed.
    Unset,
    /// In a file.
    File(PathBuf),
    /// A program and its arguments print it.
    Command(Vec<String>),
}

/// Why a secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file could not be read.
    #[error("Couldn't read {key}_file {}: {cause}", path.display())]
    File {
        /// The key of the configuration, without its ending.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The command gave none.
    #[error("Couldn't run {key}_command: {cause}")]
    Command {
        /// The key of the configuration, without its ending.
        key: &'static str,
        /// What happened.
        cause: CommandError,
    },
    /// None is configured.
    #[error("the URL names a user, but neither {key}_file nor {key}_command is set")]
    Missing {
        /// The key of the configuration, without its ending.
        key: &'static str,
    },
    /// What was read is not one line of text.
    #[error("Couldn't read {key} from {from}: {what}")]
    Text {
        /// The key of the configuration, without its ending.
        key: &'static str,
        /// Where from.
        from: &'static str,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl Source {
    /// What the keys `…_file` and `…_command` say together. Both at once are refused when the
    /// configuration is read.
    pub(crate) fn of(file: &str, command: &[String]) -> Self {
        match (file, command) {
            (_, [_, ..]) => Self::Command(command.to_owned()),
            ("", []) => Self::Unset,
            (file, []) => Self::File(PathBuf::from(file)),
        }
    }

    /// The secret, without the white space around it. `key` is the configuration's name for it,
    /// such as `zoom.client_secret`.
    pub async fn read(&self, key: &'static str) -> Result<Option<SecretString>, SecretError> {
        let secret = self.read_once(key).await?;
        // Whatever a server says from now on is kept without it.
        if let Some(secret) = &secret {
            remember(secret);
        }
        Ok(secret)
    }

    /// An access token. It ends within hours, so it is not remembered: who uses it strikes it from
    /// what the server says. `key` is the configuration's name for it.
    ///
    /// # Errors
    /// None is configured, or it can't be read; the text is for the administrator.
    pub async fn token(&self, key: &'static str) -> Result<SecretString, String> {
        let found = self.read_once(key).await;
        let found = found.and_then(|found| found.ok_or(SecretError::Missing { key }));
        found.map_err(|error| error.to_string())
    }

    async fn read_once(&self, key: &'static str) -> Result<Option<SecretString>, SecretError> {
        let (bytes, from) = match self {
            Self::Unset => return Ok(None),
            Self::Command(words) => {
                let printed = command::output(words).await;
                let printed = printed.map_err(|cause| SecretError::Command { key, cause })?;
                (printed, "its command")
            }
            Self::File(path) => {
                let path = path.clone();
                let file = path.clone();
                let reading = move || fs::File::open(file).and_then(|file| file::read(&file));
                let read = tokio::task::spawn_blocking(reading).await;
                let read = read.unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
                let bytes = read.map_err(|cause| SecretError::File { key, path, cause })?;
                (bytes, "its file")
            }
        };
        let secret = line(&bytes).map_err(|what| SecretError::Text { key, from, what })?;
        Ok(Some(secret))
    }

    /// The password of the user that a URL names. `key` is the configuration's name for it.
    ///
    /// # Errors
    /// None is configured, or it can't be read; the text is for the administrator.
    pub async fn password(&self, key: &'static str) -> Result<SecretString, String> {
        let found = self.read(key).await;
        let found = found.and_then(|found| found.ok_or(SecretError::Missing { key }));
        found.map_err(|error| error.to_string())
    }

    /// Who else may touch the file, where it is one.
    pub fn exposure(&self) -> Option<Exposure> {
        match self {
            Self::File(path) => file::exposed(path, file::shared),
            Self::Unset | Self::Command(_) => None,
        }
    }
}

/// One line of text: a password with a line break in it is a file of another kind.
fn line(bytes: &Zeroizing<Vec<u8>>) -> Result<SecretString, &'static str> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text")?;
    match text.trim() {
        "" => Err("it is empty"),
        text if text.contains(char::is_control) => Err("it is more than one line"),
        text => Ok(SecretString::from(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[tokio::test]
    async fn a_file_and_a_command_give_the_same_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        fs::write(&path, "  correct horse\n").unwrap();
        let words = ["cat".to_owned(), path.display().to_string()];
        for source in [Source::File(path), Source::Command(words.into())] {
            let secret = source.read("mail.smtp.password").await.unwrap().unwrap();
            assert_eq!(secret.expose_secret(), "correct horse");
        }
        assert!(Source::of("", &[]).read("x").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_is_no_line_is_refused_without_being_repeated() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        for (bytes, what) in [
            (&b"\n"[..], "it is empty"),
            (b"hunter2\nhunter3", "it is more than one line"),
            (b"hunter2\xff", "it is not text"),
        ] {
            fs::write(&path, bytes).unwrap();
            let source = Source::File(path.clone());
            let refused = source.read("zoom.client_secret").await.unwrap_err();
            let said = format!("{refused} {refused:?}");
            assert!(said.contains(what) && !said.contains("hunter"), "{said}");
        }
        let gone = Source::File(dir.path().join("gone"));
        let refused = gone.read("zoom.client_secret").await.unwrap_err();
        let said = refused.to_string();
        assert!(
            said.starts_with("Couldn't read zoom.client_secret_file "),
            "{said}"
        );
    }
}
