//! What the administrator decided: the configuration file, and the environment over it.
//!
//! Invariant: an unknown key is refused with the nearest known one, so a typing error never passes
//! for a decision. `[client]` is the client's part of the same file and is not looked at here.

pub mod accounts;
mod keys;
pub mod mail;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};
use url::Url;

use self::accounts::{GoogleConfig, MicrosoftConfig};
use self::keys::{override_from, refuse_unknown};
use self::mail::MailConfig;
use crate::network::Network;
use crate::secrets::Source;

/// Zoom's own address for OAuth.
pub const ZOOM_OAUTH: &str = "https://zoom.us/oauth";
/// Zoom's own address of the API.
pub const ZOOM_API: &str = "https://api.zoom.us/v2";
/// Where Zoom's admins approve apps.
pub const ZOOM_MARKETPLACE: &str = "https://marketplace.zoom.us/";

/// The daemon's configuration.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `[zoom]`
    pub zoom: ZoomConfig,
    /// `[google]`
    pub google: GoogleConfig,
    /// `[microsoft]`
    pub microsoft: MicrosoftConfig,
    /// `[store]`
    pub store: StoreConfig,
    /// `[secrets]`
    pub secrets: SecretsConfig,
    /// `[mail]`
    pub mail: MailConfig,
    /// `[calendars]`
    pub calendars: CalendarsConfig,
    /// `[log]`
    pub log: LogConfig,
    /// `[assistant]`
    pub assistant: AssistantConfig,
}

/// `[assistant]`: who arranges interviews with candidates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AssistantConfig {
    /// What it is called in the emails it writes.
    pub name: String,
    /// Seconds after which it reads what a candidate answers, with all that came till then.
    pub read_after_seconds: u32,
    /// Whether it begins no email at night or on a weekend of the candidate's, and three a day at
    /// most.
    pub quiet_hours: bool,
}

impl Default for AssistantConfig {
    fn default() -> Self {
        Self {
            name: "Robin".to_owned(),
            read_after_seconds: 20,
            quiet_hours: true,
        }
    }
}

/// `[log]`: how much the daemon says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LogConfig {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
        }
    }
}

/// `[calendars]`: where other people's calendars may be read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CalendarsConfig {
    /// Private networks that may be read from besides the internet.
    pub allow: Vec<Network>,
}

/// `[zoom]`: the default app and where Zoom is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct ZoomConfig {
    /// The default app of new workspaces.
    pub client_id: String,
    /// Confidential clients only: the file that holds the secret.
    pub client_secret_file: String,
    /// Confidential clients only: the command that prints the secret.
    pub client_secret_command: Vec<String>,
    /// Authorize, token and revoke are below it.
    pub oauth_url: String,
    /// The API.
    pub api_url: String,
    /// Where the Zoom admin approves the app: the app's own page, where it is known.
    pub marketplace_url: String,
    /// The port of the redirect, for clients; 0: any free one.
    pub redirect_port: u16,
}

impl ZoomConfig {
    /// Where the default app's secret is.
    pub fn client_secret(&self) -> Source {
        Source::of(&self.client_secret_file, &self.client_secret_command)
    }
}

impl Default for ZoomConfig {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            client_secret_file: String::new(),
            client_secret_command: Vec::new(),
            oauth_url: ZOOM_OAUTH.to_owned(),
            api_url: ZOOM_API.to_owned(),
            marketplace_url: ZOOM_MARKETPLACE.to_owned(),
            redirect_port: 0,
        }
    }
}

/// `[store]`: where everything lasts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct StoreConfig {
    /// `sled:` (in the data directory) or `sled:PATH`.
    pub url: String,
    /// Where nightly backups are kept; empty: `backups` in the data directory.
    pub backup_directory: String,
    /// How many of them are kept; 0: none are made.
    pub backup_keep: u32,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self {
            url: "sled:".to_owned(),
            backup_directory: String::new(),
            backup_keep: 7,
        }
    }
}

/// `[secrets]`: where the vault's key comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct SecretsConfig {
    /// `auto`, `credential`, `command` or `file`.
    pub key: String,
    /// Prints the key.
    pub key_command: Vec<String>,
}

impl Default for SecretsConfig {
    fn default() -> Self {
        Self {
            key: "auto".to_owned(),
            key_command: Vec::new(),
        }
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("Couldn't read the configuration {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("Couldn't read the configuration {}: {cause}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Box<toml::de::Error>,
    },
    /// A key nobody knows.
    #[error("Couldn't read the configuration {}: there is no `{key}`{suggestion}", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// The nearest known one.
        suggestion: String,
    },
    /// A value that cannot be.
    #[error("Couldn't read the configuration: {key} {why}")]
    Value {
        /// The key.
        key: &'static str,
        /// Why.
        why: String,
    },
}

/// A configuration, and the keys and values it was made from.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// What it says.
    pub config: Config,
    /// Every key that was set, as `section.key`, with its value.
    pub set: BTreeMap<String, Value>,
}

impl Loaded {
    /// The keys that are set otherwise in `other`, in their order.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let keys: BTreeSet<_> = self.set.keys().chain(other.set.keys()).collect();
        let differs = |key: &&&String| self.set.get(**key) != other.set.get(**key);
        keys.iter()
            .filter(differs)
            .map(ToString::to_string)
            .collect()
    }
}

/// Every key with a value, as `section.key`. `[client]` is the client's.
fn flatten(table: &Table, prefix: &str, into: &mut BTreeMap<String, Value>) {
    for (key, value) in table {
        let name = match prefix {
            "" if key == "client" => continue,
            "" => key.clone(),
            prefix => format!("{prefix}.{key}"),
        };
        match value {
            Value::Table(inner) => flatten(inner, &name, into),
            value => drop(into.insert(name, value.clone())),
        }
    }
}

impl Config {
    /// Reads the file, if it is there, and the environment over it.
    pub fn load(path: &Path, environment: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        Self::load_keys(path, environment).map(|loaded| loaded.config)
    }

    /// The same, with the keys that were set.
    pub fn load_keys(
        path: &Path,
        environment: &BTreeMap<String, String>,
    ) -> Result<Loaded, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(cause) => {
                return Err(ConfigError::Read {
                    path: path.to_owned(),
                    cause,
                });
            }
        };
        let parse = |cause| ConfigError::Parse {
            path: path.to_owned(),
            cause: Box::new(cause),
        };
        let mut table: Table = toml::from_str(&text).map_err(parse)?;
        refuse_unknown(&table, path)?;
        override_from(&mut table, environment);
        let mut set = BTreeMap::new();
        flatten(&table, "", &mut set);
        let config: Self = table.try_into().map_err(parse)?;
        config.check()?;
        Ok(Loaded { config, set })
    }

    fn check(&self) -> Result<(), ConfigError> {
        check_url("zoom.oauth_url", &self.zoom.oauth_url)?;
        check_url("zoom.api_url", &self.zoom.api_url)?;
        check_url("zoom.marketplace_url", &self.zoom.marketplace_url)?;
        self.google.check()?;
        self.microsoft.check()?;
        self.mail.check()?;
        if !self.store.url.starts_with("sled:") {
            let why = "names an engine this version does not have; it has sled:".to_owned();
            return Err(ConfigError::Value {
                key: "store.url",
                why,
            });
        }
        let zoom = &self.zoom;
        if !zoom.client_secret_file.is_empty() && !zoom.client_secret_command.is_empty() {
            let why = "stands beside zoom.client_secret_command; keep one of them".to_owned();
            return Err(ConfigError::Value {
                key: "zoom.client_secret_file",
                why,
            });
        }
        if !["error", "warn", "info", "debug", "trace"].contains(&self.log.level.as_str()) {
            let why = "must be error, warn, info, debug or trace".to_owned();
            return Err(ConfigError::Value {
                key: "log.level",
                why,
            });
        }
        if self.secrets.key == "command" && self.secrets.key_command.is_empty() {
            let why = "is command, and secrets.key_command names none".to_owned();
            return Err(ConfigError::Value {
                key: "secrets.key",
                why,
            });
        }
        if !["auto", "credential", "command", "file"].contains(&self.secrets.key.as_str()) {
            let why = "must be auto, credential, command or file".to_owned();
            return Err(ConfigError::Value {
                key: "secrets.key",
                why,
            });
        }
        Ok(())
    }
}

/// Plain `http` only where nobody can listen in.
fn check_url(key: &'static str, text: &str) -> Result<(), ConfigError> {
    let refuse = |why: &str| {
        Err(ConfigError::Value {
            key,
            why: why.to_owned(),
        })
    };
    let Ok(url) = Url::parse(text) else {
        return refuse("is not a URL");
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => refuse("must be https: plain http is accepted on loopback only"),
        _ => refuse("must be https"),
    }
}

/// Whether nobody but this machine can listen in. A scheme that is not of the web leaves an address
/// a name, so it is read again.
fn is_loopback(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
