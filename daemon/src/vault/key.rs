//! Owns where the vault's key comes from: a systemd credential, a command, or a file of this user
//! alone. It is read once at start. A key that is there and wrong is an error, never replaced by a
//! fresh one: that would lose what the old one sealed.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::cipher::{Cipher, Key, LENGTH};
use super::keyfile::KeyFile;
use crate::config::SecretsConfig;
use crate::secrets::{CommandError, Exposure, command, file};

/// The name of the credential.
const CREDENTIAL: &str = "vault-key";

/// Where to look for the vault's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChoice {
    /// The first there is: the systemd credential, the command, the file.
    Auto {
        /// The command; empty where none is configured.
        command: Vec<String>,
    },
    /// `$CREDENTIALS_DIRECTORY/vault-key`, as `LoadCredentialEncrypted=` leaves it.
    Credential,
    /// A program and its arguments, which prints the key.
    Command(Vec<String>),
    /// `vault.key` in the configuration directory; created when absent.
    File,
}

impl KeyChoice {
    /// What the configuration says.
    #[must_use]
    pub fn of(config: &SecretsConfig) -> Self {
        let command = config.key_command.clone();
        match config.key.as_str() {
            "credential" => Self::Credential,
            "command" => Self::Command(command),
            "file" => Self::File,
            _ => Self::Auto { command },
        }
    }
}

/// Where the vault's key came from.
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

impl KeySource {
    /// Who else may touch the key by now, where it is a file of ours.
    #[must_use]
    pub fn exposure(&self) -> Option<Exposure> {
        match self {
            Self::File { path, .. } => file::exposed(path, file::private),
            Self::Credential(_) | Self::Command(_) | Self::Ephemeral => None,
        }
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No credential was passed.
    #[error(
        "There is no vault key: systemd passed no credential {CREDENTIAL}; add LoadCredentialEncrypted= \
         to the unit or choose another source"
    )]
    NoCredential,
    /// Nothing is where it should be, and no fresh one is wanted.
    #[error("There is no vault key {}; put your copy there", .0.display())]
    Nothing(PathBuf),
    /// A file could not be read or made.
    #[error("Couldn't read the vault key {}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A fresh one can be put nowhere.
    #[error(
        "Couldn't make a vault key in {}: {cause}; pass one as the systemd credential {CREDENTIAL}, or put one there yourself",
        path.display()
    )]
    Homeless {
        /// Where it would be.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// It is not this user's alone.
    #[error("Couldn't use the vault key {exposure}; {}", exposure.remedy())]
    Exposed {
        /// How it stands open.
        exposure: Exposure,
    },
    /// It is not a key.
    #[error(
        "Couldn't read the vault key from {source_text}: expected 32 bytes, raw, in base64 or in hexadecimal"
    )]
    Shape {
        /// Where from.
        source_text: String,
    },
    /// The command did not give a key.
    #[error("Couldn't read the vault key: {0}")]
    Command(#[from] CommandError),
    /// The system gave no randomness.
    #[error("Couldn't make a vault key: no randomness from the system: {0}")]
    Randomness(#[from] getrandom::Error),
}

/// The vault's key with its name.
pub(super) struct Master {
    /// What tells one key from another without telling anything about it.
    pub(super) id: String,
    pub(super) cipher: Cipher,
}

impl Master {
    pub(super) fn new(key: &Key) -> Self {
        Self {
            id: id(key),
            cipher: Cipher::new(key),
        }
    }
}

/// What was found where the key should be.
pub(super) enum Found {
    /// A key.
    Key(Master, KeySource),
    /// Only the place of a file, for a fresh one.
    Nothing(KeyFile),
}

/// Looks where `choice` says.
pub(super) async fn find(choice: &KeyChoice, config_dir: &Path) -> Result<Found, KeyError> {
    match choice {
        KeyChoice::Auto { command } => match credential() {
            Some(path) => from_credential(path),
            None if !command.is_empty() => from_command(command).await,
            None => from_file(config_dir),
        },
        KeyChoice::Credential => from_credential(credential().ok_or(KeyError::NoCredential)?),
        KeyChoice::Command(words) => from_command(words).await,
        KeyChoice::File => from_file(config_dir),
    }
}

/// The key's name: the beginning of a labelled hash.
fn id(key: &Key) -> String {
    let digest = Sha256::new()
        .chain_update(b"greenroom vault key id\0")
        .chain_update(key.as_slice())
        .finalize();
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Where systemd keeps credentials for services.
const CREDENTIAL_STORES: [&str; 6] = [
    "/etc/credstore.encrypted",
    "/run/credstore.encrypted",
    "/usr/lib/credstore.encrypted",
    "/etc/credstore",
    "/run/credstore",
    "/usr/lib/credstore",
];

/// The key that systemd keeps for the service, where this process was given none: then it is not
/// lost. Root alone can see it.
pub(super) fn with_systemd() -> Option<PathBuf> {
    let stores = CREDENTIAL_STORES.iter().map(Path::new);
    let mut keys = stores.map(|store| store.join(CREDENTIAL));
    match credential() {
        Some(_) => None,
        None => keys.find(|key| key.exists()),
    }
}

fn credential() -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?).join(CREDENTIAL);
    path.exists().then_some(path)
}

fn from_credential(path: PathBuf) -> Result<Found, KeyError> {
    let io = |cause| KeyError::Io {
        path: path.clone(),
        cause,
    };
    let bytes = fs::File::open(&path).and_then(|file| file::read(&file));
    let key = parse(&bytes.map_err(io)?, &path.display())?;
    Ok(Found::Key(Master::new(&key), KeySource::Credential(path)))
}

async fn from_command(words: &[String]) -> Result<Found, KeyError> {
    let key = printed(words).await?;
    let program = words.first().cloned().unwrap_or_default();
    Ok(Found::Key(Master::new(&key), KeySource::Command(program)))
}

/// The key a command prints.
pub(super) async fn printed(words: &[String]) -> Result<Key, KeyError> {
    let bytes = command::output(words).await?;
    parse(&bytes, &words.first().map_or("", String::as_str))
}

fn from_file(config_dir: &Path) -> Result<Found, KeyError> {
    let file = KeyFile::below(config_dir);
    Ok(match file.read()? {
        Some(key) => Found::Key(Master::new(&key), file.source(false)),
        None => Found::Nothing(file),
    })
}

/// 32 raw bytes, or the same in base64 or hexadecimal with white space around it.
pub(super) fn parse(bytes: &[u8], source: &dyn fmt::Display) -> Result<Key, KeyError> {
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
    let mut bytes = Zeroizing::new(vec![0; LENGTH]);
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_may_print_the_key_in_any_of_three_ways() {
        let key = Zeroizing::new([0xa7; LENGTH]);
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [hex, STANDARD.encode(*key)] {
            let words = vec!["printf".to_owned(), format!("{text}\\n")];
            let auto = KeyChoice::Auto {
                command: words.clone(),
            };
            for choice in [KeyChoice::Command(words), auto] {
                let Found::Key(found, source) = find(&choice, Path::new("/")).await.unwrap() else {
                    panic!("no key")
                };
                assert_eq!(found.id, id(&key));
                assert_eq!(source, KeySource::Command("printf".into()));
            }
        }
        assert_eq!(*parse(key.as_slice(), &"").unwrap(), *key);
    }

    #[tokio::test]
    async fn what_a_command_prints_that_is_no_key_is_not_repeated() {
        let words = ["echo".to_owned(), "nearly a key".to_owned()];
        let refused = find(&KeyChoice::Command(words.into()), Path::new("/")).await;
        let said = refused.err().unwrap().to_string();
        assert!(
            said.contains("expected 32 bytes") && !said.contains("nearly"),
            "{said}"
        );
    }
}
