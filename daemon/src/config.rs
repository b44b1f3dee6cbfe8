//! What the administrator decided: the configuration file, and the environment over it.
//!
//! Invariant: an unknown key is refused with the nearest known one, so a typing error never passes for a decision. `[client]` is the
//! client's part of the same file and is not looked at here.

pub mod mail;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};
use url::Url;

use self::mail::MailConfig;
use crate::secrets::Source;

/// Zoom's own address for OAuth.
pub const ZOOM_OAUTH: &str = "https://zoom.us/oauth";
/// Zoom's own address of the API.
pub const ZOOM_API: &str = "https://api.zoom.us/v2";
/// Where Zoom's admins approve apps.
pub const ZOOM_MARKETPLACE: &str = "https://marketplace.zoom.us/";

/// Every key of the daemon's sections. The environment's name of `[zoom] oauth_url` is `GREENROOM_ZOOM_OAUTH_URL`, and so on.
const KEYS: &[(&str, &[&str])] = &[
    (
        "zoom",
        &[
            "client_id",
            "client_secret_file",
            "client_secret_command",
            "oauth_url",
            "api_url",
            "marketplace_url",
            "redirect_port",
        ],
    ),
    ("store", &["url", "backup_directory", "backup_keep"]),
    ("secrets", &["key", "key_command"]),
    (
        "mail",
        &[
            "transport",
            "from",
            "maildir",
            "poll_seconds",
            "smtp",
            "imap",
        ],
    ),
    ("mail.smtp", SERVER),
    ("mail.imap", SERVER),
    ("assistant", &["name", "model_url", "model"]),
    ("client", &["theme", "mouse", "keys"]),
];

/// The keys of a mail server.
const SERVER: &[&str] = &["url", "password_file", "password_command"];

/// The daemon's configuration.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `[zoom]`
    pub zoom: ZoomConfig,
    /// `[store]`
    pub store: StoreConfig,
    /// `[secrets]`
    pub secrets: SecretsConfig,
    /// `[mail]`
    pub mail: MailConfig,
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
    #[error("read the configuration {}: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("read the configuration {}: {cause}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: Box<toml::de::Error>,
    },
    /// A key nobody knows.
    #[error("read the configuration {}: there is no `{key}`{suggestion}", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// The nearest known one.
        suggestion: String,
    },
    /// A value that cannot be.
    #[error("read the configuration: {key} {why}")]
    Value {
        /// The key.
        key: &'static str,
        /// Why.
        why: String,
    },
}

impl Config {
    /// Reads the file, if it is there, and the environment over it.
    pub fn load(path: &Path, environment: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
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
        let config: Self = table.try_into().map_err(parse)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        check_url("zoom.oauth_url", &self.zoom.oauth_url)?;
        check_url("zoom.api_url", &self.zoom.api_url)?;
        check_url("zoom.marketplace_url", &self.zoom.marketplace_url)?;
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

/// Whether nobody but this machine can listen in. A scheme that is not of the web leaves an address a name, so it is read again.
fn is_loopback(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn refuse_unknown(table: &Table, path: &Path) -> Result<(), ConfigError> {
    let unknown = |key: String, near: Option<String>| ConfigError::Unknown {
        path: path.to_owned(),
        key,
        suggestion: near
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default(),
    };
    let mut sections: Vec<(String, &Table)> = Vec::new();
    for (section, value) in table {
        let known = top_sections().any(|known| known == section);
        if !known {
            let near = nearest(section, top_sections());
            return Err(unknown(section.clone(), near.map(str::to_owned)));
        }
        sections.extend(value.as_table().map(|entries| (section.clone(), entries)));
    }
    while let Some((section, entries)) = sections.pop() {
        let keys = KEYS.iter().find(|(known, _)| *known == section);
        let Some((_, keys)) = keys else { continue };
        if let Some(key) = entries.keys().find(|key| !keys.contains(&key.as_str())) {
            let near = nearest(key, keys.iter().copied()).map(|near| format!("{section}.{near}"));
            return Err(unknown(format!("{section}.{key}"), near));
        }
        let tables = entries
            .iter()
            .filter_map(|(key, value)| Some((key, value.as_table()?)));
        sections.extend(tables.map(|(key, entries)| (format!("{section}.{key}"), entries)));
    }
    Ok(())
}

fn top_sections() -> impl Iterator<Item = &'static str> {
    let top = |section: &&str| !section.contains('.');
    KEYS.iter().map(|(section, _)| *section).filter(top)
}

fn override_from(table: &mut Table, environment: &BTreeMap<String, String>) {
    for (section, keys) in KEYS.iter().filter(|(section, _)| *section != "client") {
        for key in *keys {
            let name = format!("GREENROOM_{section}_{key}")
                .replace('.', "_")
                .to_uppercase();
            let Some(text) = environment.get(&name) else {
                continue;
            };
            // Few are numbers and only a command is a list: a client id of digits stays a text.
            let number = matches!(*key, "redirect_port" | "poll_seconds");
            let typed = number || key.ends_with("_command");
            let read = |text: &String| {
                toml::from_str::<Table>(&format!("value = {text}"))
                    .ok()?
                    .remove("value")
            };
            let value = typed
                .then(|| read(text))
                .flatten()
                .unwrap_or_else(|| Value::String(text.clone()));
            if let Some(entries) = entries_of(table, section) {
                entries.insert((*key).to_owned(), value);
            }
        }
    }
}

/// The entries of a section, made where it is not there.
fn entries_of<'a>(table: &'a mut Table, section: &str) -> Option<&'a mut Table> {
    section.split('.').try_fold(table, |table, name| {
        let entries = table
            .entry(name)
            .or_insert_with(|| Value::Table(Table::new()));
        entries.as_table_mut()
    })
}

/// The known name with the fewest letters to change, if it is near.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|known| (distance(name, known), known)).min()?;
    (near.0 <= 1 + name.len() / 3).then_some(near.1)
}

fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, there) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *there);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("config.toml");
        std::fs::write(&path, text).expect("write the file");
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect();
        Config::load(&path, &environment)
    }

    #[test]
    fn no_file_is_a_configuration() {
        let config =
            Config::load(Path::new("/does/not/exist"), &BTreeMap::new()).expect("defaults");
        assert_eq!(config, Config::default());
    }

    #[test]
    fn the_environment_stands_over_the_file() {
        let file = "[zoom]\nclient_id = \"a\"\nredirect_port = 1\n[client]\ntheme = \"auto\"";
        let config = load(
            file,
            &[
                ("GREENROOM_ZOOM_REDIRECT_PORT", "4000"),
                ("GREENROOM_ZOOM_CLIENT_ID", "12"),
            ],
        );
        let config = config.expect("a configuration");
        assert_eq!(
            (config.zoom.client_id.as_str(), config.zoom.redirect_port),
            ("12", 4000)
        );
    }

    #[test]
    fn unknown_keys_are_refused_with_a_suggestion() {
        let refused = load("[zoom]\nclientid = \"a\"", &[])
            .expect_err("unknown")
            .to_string();
        assert!(
            refused.contains("`zoom.clientid`; did you mean `zoom.client_id`?"),
            "{refused}"
        );
        let refused = load("[zom]\n", &[]).expect_err("unknown").to_string();
        assert!(refused.contains("`zom`; did you mean `zoom`?"), "{refused}");
    }

    #[test]
    fn a_secret_comes_from_a_file_or_from_a_command() {
        let file = "[zoom]\nclient_secret_file = \"/etc/secret\"";
        let config = load(file, &[]).expect("a file").zoom;
        assert_eq!(config.client_secret(), Source::File("/etc/secret".into()));
        let command = (
            "GREENROOM_ZOOM_CLIENT_SECRET_COMMAND",
            r#"["pass", "zoom"]"#,
        );
        let refused = load(file, &[command]).expect_err("both").to_string();
        assert!(refused.contains("keep one of them"), "{refused}");
        let config = load("", &[command]).expect("a command").zoom;
        let words = vec!["pass".to_owned(), "zoom".to_owned()];
        assert_eq!(config.client_secret(), Source::Command(words));
        assert!(load("[secrets]\nkey = \"command\"", &[]).is_err());
    }

    #[test]
    fn sections_below_sections_are_sections_too() {
        let file = "[mail.smtp]\nurl = \"smtps://mail.example\"";
        let password = [(
            "GREENROOM_MAIL_SMTP_PASSWORD_COMMAND",
            r#"["pass", "mail"]"#,
        )];
        let mail = load(file, &password).expect("a configuration").mail;
        assert_eq!(mail.smtp.url, "smtps://mail.example");
        assert_eq!(mail.smtp.password_command, ["pass", "mail"]);
        let refused = load("[mail.smtp]\npasword_file = \"x\"", &[]).expect_err("unknown");
        let refused = refused.to_string();
        let expected = "`mail.smtp.pasword_file`; did you mean `mail.smtp.password_file`?";
        assert!(refused.contains(expected), "{refused}");
    }

    #[test]
    fn mail_that_leaves_needs_a_server_and_an_address() {
        let smtp = "[mail]\ntransport = \"smtp\"\n";
        let server = "[mail.smtp]\nurl = \"smtps://mail.example\"";
        for (file, why) in [
            (smtp.to_owned(), "mail.smtp.url is missing"),
            (format!("{smtp}{server}"), "mail.from is missing"),
            (
                format!("{smtp}from = \"acme\"\n{server}"),
                "mail.from is not an address",
            ),
            (
                "[mail]\ntransport = \"pigeon\"".to_owned(),
                "must be maildir or smtp",
            ),
        ] {
            let refused = load(&file, &[]).expect_err(why).to_string();
            assert!(refused.contains(why), "{refused}");
        }
        let whole = format!("{smtp}from = \"interviews@acme.example\"\n{server}");
        assert!(load(&whole, &[]).is_ok());
    }

    #[test]
    fn plain_http_is_for_loopback() {
        for (url, fine) in [
            ("http://127.0.0.1:8080/oauth", true),
            ("http://[::1]:8080/oauth", true),
            ("https://zoom.example/oauth", true),
            ("http://zoom.example/oauth", false),
            ("ftp://127.0.0.1/", false),
            ("zoom", false),
        ] {
            let loaded = load(&format!("[zoom]\noauth_url = \"{url}\""), &[]);
            assert_eq!(loaded.is_ok(), fine, "{url}");
        }
    }
}
