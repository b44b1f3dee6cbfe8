//! Owns where the master key comes from: a systemd credential, a command, or a file of this user alone. It is read
//! once at start. A key that is there and wrong is an error, never replaced by a fresh one: that would lose what the
//! old one sealed.

use std::{
    fmt, fs,
    io::{ErrorKind, Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The length of the master key in bytes.
pub(super) const LENGTH: usize = 32;

/// The name of the credential and, with `.key`, of the file.
const CREDENTIAL: &str = "vault-key";
const FILE: &str = "vault.key";

/// More than any way of writing the key takes.
const MOST_BYTES: u64 = 4096;

/// Where to look for the master key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum KeyChoice {
    /// The systemd credential if there is one, else the file.
    #[default]
    Auto,
    /// `$CREDENTIALS_DIRECTORY/vault-key`, as `LoadCredentialEncrypted=` leaves it.
    Credential,
    /// A program and its arguments, which prints the key.
    Command(Vec<String>),
    /// `vault.key` in the configuration directory; created when absent.
    File,
}

/// Where the master key came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A systemd credential.
    Credential(PathBuf),
    /// A program.
    Command(String),
    /// A file of this user alone.
    File {
        /// Where.
        path: PathBuf,
        /// Made just now.
        created: bool,
    },
    /// This process only.
    Ephemeral,
}

impl fmt::Display for KeySource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(path) => write!(out, "the systemd credential {}", path.display()),
            Self::Command(program) => write!(out, "the command {program:?}"),
            Self::File {
                path,
                created: false,
            } => write!(out, "the file {}", path.display()),
            Self::File { path, .. } => write!(out, "the new file {}", path.display()),
            Self::Ephemeral => out.write_str("memory; it ends with this process"),
        }
    }
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No credential was passed.
    #[error(
        "find the vault key: systemd passed no credential {CREDENTIAL}; add LoadCredentialEncrypted= \
         to the unit or choose another source"
    )]
    NoCredential,
    /// A file could not be read or made.
    #[error("read the vault key {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Others could read the key.
    #[error("read the vault key {path}: mode {mode:o} lets others read it; run `chmod 600` on it")]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key is someone else's file.
    #[error("read the vault key {path}: it belongs to uid {owner}, this is uid {own}")]
    Owner {
        /// The file.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// This process.
        own: u32,
    },
    /// It is not a key.
    #[error(
        "read the vault key from {source_text}: expected 32 bytes, raw, in base64 or in hexadecimal"
    )]
    Shape {
        /// Where from.
        source_text: String,
    },
    /// The command did not give a key.
    #[error("read the vault key: {program:?} {cause}")]
    Command {
        /// The program.
        program: String,
        /// What happened.
        cause: String,
    },
    /// The system gave no randomness.
    #[error("make a vault key: no randomness from the system: {0}")]
    Randomness(getrandom::Error),
}

pub(super) type Key = Zeroizing<[u8; LENGTH]>;

/// The master key, and where it was found.
pub(super) fn find(choice: &KeyChoice, config_dir: &Path) -> Result<(Key, KeySource), KeyError> {
    match choice {
        KeyChoice::Auto => match credential() {
            Some(path) => from_credential(path),
            None => from_file(&config_dir.join(FILE)),
        },
        KeyChoice::Credential => from_credential(credential().ok_or(KeyError::NoCredential)?),
        KeyChoice::Command(words) => from_command(words),
        KeyChoice::File => from_file(&config_dir.join(FILE)),
    }
}

/// A fresh key.
pub(super) fn random() -> Result<Key, KeyError> {
    let mut key = Zeroizing::new([0; LENGTH]);
    getrandom::fill(key.as_mut_slice()).map_err(KeyError::Randomness)?;
    Ok(key)
}

/// What tells one key from another without telling anything about it: the beginning of a labelled hash.
pub(super) fn id(key: &[u8; LENGTH]) -> String {
    let digest = Sha256::new()
        .chain_update(b"greenroom vault key id\0")
        .chain_update(key)
        .finalize();
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn credential() -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?).join(CREDENTIAL);
    path.exists().then_some(path)
}

fn from_credential(path: PathBuf) -> Result<(Key, KeySource), KeyError> {
    let io = |cause| KeyError::Io {
        path: path.clone(),
        cause,
    };
    let text = read(&fs::File::open(&path).map_err(io)?).map_err(io)?;
    Ok((parse(&text, &path.display())?, KeySource::Credential(path)))
}

fn from_command(words: &[String]) -> Result<(Key, KeySource), KeyError> {
    let (program, arguments) = words.split_first().ok_or_else(|| KeyError::Command {
        program: String::new(),
        cause: "is empty; name a program".into(),
    })?;
    let failed = |cause| KeyError::Command {
        program: program.clone(),
        cause,
    };
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|cause| failed(format!("did not start: {cause}")))?;
    let text = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(failed(format!("ended with {}", output.status)));
    }
    Ok((parse(&text, program)?, KeySource::Command(program.clone())))
}

fn from_file(path: &Path) -> Result<(Key, KeySource), KeyError> {
    let source = |created| KeySource::File {
        path: path.to_owned(),
        created,
    };
    match create(path)? {
        Some(key) => Ok((key, source(true))),
        None => Ok((read_file(path)?, source(false))),
    }
}

/// Makes the file with a fresh key, durable before it is used; `None` where there is one already. It is linked into
/// place whole, so that a half-written key is never found.
fn create(path: &Path) -> Result<Option<Key>, KeyError> {
    let io = |cause| KeyError::Io {
        path: path.to_owned(),
        cause,
    };
    if path.symlink_metadata().is_ok() {
        return Ok(None);
    }
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(io)?;
    let key = random()?;
    let fresh = path.with_extension(format!("key.{}", std::process::id()));
    let _ = fs::remove_file(&fresh);
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)
        .map_err(io)?;
    let written = file
        .write_all(key.as_slice())
        .and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&fresh, path));
    let _ = fs::remove_file(&fresh);
    match linked {
        Ok(()) => {}
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => return Ok(None),
        Err(cause) => return Err(io(cause)),
    }
    fs::File::open(dir)
        .and_then(|dir| dir.sync_all())
        .map_err(io)?;
    Ok(Some(key))
}

fn read_file(path: &Path) -> Result<Key, KeyError> {
    let io = |cause| KeyError::Io {
        path: path.to_owned(),
        cause,
    };
    let file = fs::File::open(path).map_err(io)?;
    let about = file.metadata().map_err(io)?;
    let (owner, own) = (about.uid(), rustix::process::geteuid().as_raw());
    if owner != own {
        return Err(KeyError::Owner {
            path: path.to_owned(),
            owner,
            own,
        });
    }
    let mode = about.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Mode {
            path: path.to_owned(),
            mode,
        });
    }
    parse(&read(&file).map_err(io)?, &path.display())
}

fn read(file: &fs::File) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::with_capacity(LENGTH * 4));
    file.take(MOST_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// 32 raw bytes, or the same in base64 or hexadecimal with white space around it.
fn parse(bytes: &[u8], source: &dyn fmt::Display) -> Result<Key, KeyError> {
    if let Ok(key) = <[u8; LENGTH]>::try_from(bytes) {
        return Ok(Zeroizing::new(key));
    }
    let decoded = std::str::from_utf8(bytes)
        .ok()
        .map(str::trim)
        .and_then(|text| match text.len() {
            64 => hexadecimal(text),
            _ => STANDARD.decode(text).ok().map(Zeroizing::new),
        });
    decoded
        .and_then(|key| <[u8; LENGTH]>::try_from(key.as_slice()).ok())
        .map(Zeroizing::new)
        .ok_or_else(|| KeyError::Shape {
            source_text: source.to_string(),
        })
}

fn hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let bytes = text.as_bytes().chunks_exact(2);
    let bytes = bytes.map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok());
    bytes.collect::<Option<Vec<_>>>().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_file_is_made_once_for_this_user_alone_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("greenroom");
        let (made, source) = find(&KeyChoice::File, &config).unwrap();
        let path = config.join(FILE);
        assert_eq!(
            source,
            KeySource::File {
                path: path.clone(),
                created: true
            }
        );
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&config).unwrap().count(), 1);

        let (found, source) = find(&KeyChoice::File, &config).unwrap();
        assert_eq!(*found, *made);
        assert_eq!(
            source,
            KeySource::File {
                path,
                created: false
            }
        );
    }

    #[test]
    fn a_file_others_can_read_or_that_is_no_key_is_refused_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        fs::write(&path, [7; LENGTH]).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            from_file(&path),
            Err(KeyError::Mode { mode: 0o640, .. })
        ));

        fs::write(&path, "short").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(from_file(&path), Err(KeyError::Shape { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"short");
    }

    #[test]
    fn a_command_may_print_the_key_in_any_of_three_ways() {
        let key = [0xa7; LENGTH];
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [hex, STANDARD.encode(key)] {
            let words = ["printf".to_owned(), format!("{text}\\n")];
            let (found, source) = find(&KeyChoice::Command(words.into()), Path::new("/")).unwrap();
            assert_eq!(*found, key);
            assert_eq!(source, KeySource::Command("printf".into()));
        }
        assert_eq!(*parse(&key, &"").unwrap(), key);
    }

    #[test]
    fn a_command_that_fails_says_how() {
        let fails = find(&KeyChoice::Command(vec!["false".into()]), Path::new("/"))
            .err()
            .unwrap();
        assert!(fails.to_string().contains("exit status: 1"), "{fails}");
        assert!(find(&KeyChoice::Command(vec![]), Path::new("/")).is_err());
    }
}
