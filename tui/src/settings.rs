//! The client's part of `config.toml`: `[client]`, and the port of the browser's way back.
//!
//! Owns what the client reads from it. The file is shared with the daemon, which checks its own
//! sections: here they are only known by name. Invariant: a key that nobody knows is refused with
//! the nearest one; the environment wins over the file.

use std::collections::BTreeMap;
use std::env::VarError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use greenroom_protocol::Error;
use serde::Deserialize;
use strsim::levenshtein;
use toml::{Table, Value};

/// The sections of the file; all but `client` are the daemon's.
const SECTIONS: [&str; 10] = [
    "zoom",
    "google",
    "microsoft",
    "store",
    "secrets",
    "mail",
    "calendars",
    "log",
    "assistant",
    CLIENT,
];

const CLIENT: &str = "client";

const CLIENT_KEYS: [&str; 3] = ["theme", "mouse", "keys"];

/// How the client was asked to look and behave.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// No colours, no glyphs beyond ASCII.
    pub plain: bool,
    /// Whether the terminal's ground is light; `None`: as the terminal says.
    pub is_light: Option<bool>,
    /// Whether the wheel moves selections; then the terminal's own selecting needs shift.
    pub mouse: bool,
    /// `[client.keys]`: command name to key.
    pub keys: BTreeMap<String, String>,
    /// The port on 127.0.0.1 that the browser comes back to; 0: any free one.
    pub redirect_port: u16,
    /// The workspace to begin in; `None`: the caller's usual one.
    pub workspace: Option<String>,
}

/// What the client is configured with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Colours: `auto`, or the name of a theme.
    pub theme: Theme,
    /// Whether the mouse is ours; off leaves selecting to the terminal.
    pub mouse: bool,
    /// Keys that replace a command's own: command → key.
    pub keys: BTreeMap<String, String>,
    /// The port on 127.0.0.1 that the browser comes back to; 0: any free one.
    pub redirect_port: u16,
    /// Where the store of this user's own daemon is, if not in its data directory.
    pub store: Option<PathBuf>,
}

/// Where the colours come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// The terminal's own colours, unless `NO_COLOR` is set; those for a light ground where the
    /// terminal says that it has one.
    #[default]
    Auto,
    /// Those that can be read on a light ground.
    Light,
    /// Those that can be read on a dark ground.
    Dark,
    /// No colours.
    Plain,
}

/// Why the configuration is not used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("read {}: {}", .0.display(), .1)]
    Read(PathBuf, std::io::Error),
    #[error("{place}: {why}")]
    Syntax { place: String, why: String },
    #[error("{place}: unknown key `{key}`")]
    Unknown {
        place: String,
        key: String,
        nearest: Option<String>,
    },
    #[error("{name} must be {wanted}")]
    Environment {
        name: &'static str,
        wanted: &'static str,
    },
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        let hint = match &error {
            SettingsError::Unknown {
                nearest: Some(nearest),
                ..
            } => format!("did you mean `{nearest}`?"),
            _ => "all keys explained: greenroom generate config".to_owned(),
        };
        Self::usage(error.to_string()).hint(hint)
    }
}

/// Where this user's configuration is.
pub fn path() -> Option<PathBuf> {
    BaseDirs::new().map(|base| base.config_dir().join("greenroom/config.toml"))
}

impl Settings {
    /// Reads this user's file, if there is one, and the environment.
    ///
    /// # Errors
    /// `usage`: an unreadable file, an unknown key, a value of another kind.
    pub fn load() -> Result<Self, Error> {
        let mut settings = match path() {
            Some(path) => Self::read(&path)?,
            None => Self::default(),
        };
        settings.take_environment(|name| std::env::var(name))?;
        Ok(settings)
    }

    fn read(path: &Path) -> Result<Self, SettingsError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &path.display().to_string()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(SettingsError::Read(path.to_owned(), error)),
        }
    }

    pub(crate) fn parse(text: &str, place: &str) -> Result<Self, SettingsError> {
        let syntax = |error: toml::de::Error| SettingsError::Syntax {
            place: at(place, text, error.span().map(|span| span.start)),
            why: error.message().to_owned(),
        };
        let file: Table = toml::from_str(text).map_err(syntax)?;
        known(&file, &SECTIONS, place, "")?;
        let value =
            |section: &str, key: &str| Some(file.get(section)?.as_table()?.get(key)?.clone());
        if let Some(client) = file.get(CLIENT) {
            let client = client
                .as_table()
                .ok_or_else(|| wrong(place, CLIENT, "a table"))?;
            known(client, &CLIENT_KEYS, place, "client.")?;
        }
        let mut settings = Self::default();
        if let Some(theme) = value(CLIENT, "theme") {
            settings.theme = typed(
                theme,
                place,
                "client.theme",
                "`auto`, `light`, `dark` or `plain`",
            )?;
        }
        if let Some(mouse) = value(CLIENT, "mouse") {
            settings.mouse = typed(mouse, place, "client.mouse", "true or false")?;
        }
        if let Some(keys) = value(CLIENT, "keys") {
            settings.keys = typed(keys, place, "client.keys", "a table of command = \"key\"")?;
        }
        if let Some(port) = value("zoom", "redirect_port") {
            settings.redirect_port = typed(port, place, "zoom.redirect_port", "0 to 65535")?;
        }
        if let Some(Value::String(url)) = value("store", "url") {
            settings.store = store_of(&url);
        }
        Ok(settings)
    }

    /// Where the store of this user's own daemon is; `None` where the user has no home.
    pub fn store_directory(&self) -> Option<PathBuf> {
        let usual = || BaseDirs::new().map(|base| base.data_dir().join("greenroom/store"));
        self.store.clone().or_else(usual)
    }

    fn take_environment(
        &mut self,
        variable: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<(), SettingsError> {
        let set = |name| variable(name).ok().filter(|value| !value.is_empty());
        if let Some(url) = set("GREENROOM_STORE_URL") {
            self.store = store_of(&url);
        }
        if let Some(theme) = set("GREENROOM_CLIENT_THEME") {
            self.theme = match theme.as_str() {
                "auto" => Theme::Auto,
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                "plain" => Theme::Plain,
                _ => {
                    let wanted = "auto, light, dark or plain";
                    return Err(environment("GREENROOM_CLIENT_THEME", wanted));
                }
            };
        }
        if let Some(mouse) = set("GREENROOM_CLIENT_MOUSE") {
            let refused = |_| environment("GREENROOM_CLIENT_MOUSE", "true or false");
            self.mouse = mouse.parse().map_err(refused)?;
        }
        if let Some(port) = set("GREENROOM_ZOOM_REDIRECT_PORT") {
            let refused = |_| environment("GREENROOM_ZOOM_REDIRECT_PORT", "0 to 65535");
            self.redirect_port = port.parse().map_err(refused)?;
        }
        Ok(())
    }
}

/// The directory of `sled:PATH`; `None` for `sled:`, and for what is no store on this machine.
fn store_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sled:")?;
    (!path.is_empty()).then(|| PathBuf::from(path))
}

fn environment(name: &'static str, wanted: &'static str) -> SettingsError {
    SettingsError::Environment { name, wanted }
}

fn wrong(place: &str, key: &str, wanted: &str) -> SettingsError {
    SettingsError::Syntax {
        place: place.to_owned(),
        why: format!("`{key}` must be {wanted}"),
    }
}

fn typed<T: for<'de> Deserialize<'de>>(
    value: Value,
    place: &str,
    key: &str,
    wanted: &str,
) -> Result<T, SettingsError> {
    value.try_into().map_err(|_| wrong(place, key, wanted))
}

fn known(table: &Table, keys: &[&str], place: &str, prefix: &str) -> Result<(), SettingsError> {
    let Some(stranger) = table.keys().find(|key| !keys.contains(&key.as_str())) else {
        return Ok(());
    };
    let nearest = keys
        .iter()
        .map(|key| (levenshtein(key, stranger), key))
        .min()
        .filter(|(distance, _)| *distance <= stranger.len().max(3) / 2);
    Err(SettingsError::Unknown {
        place: place.to_owned(),
        key: format!("{prefix}{stranger}"),
        nearest: nearest.map(|(_, key)| format!("{prefix}{key}")),
    })
}

/// `FILE, line N`.
fn at(place: &str, text: &str, offset: Option<usize>) -> String {
    let Some(before) = offset.and_then(|offset| text.get(..offset)) else {
        return place.to_owned();
    };
    format!("{place}, line {}", before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, Error> {
        Settings::parse(text, "config.toml").map_err(Into::into)
    }

    #[test]
    fn the_clients_keys_are_read_and_the_daemons_left_alone() {
        let settings = parse(
            "[zoom]\nredirect_port = 8123\nclient_id = 'x'\n[mail.smtp]\nurl = ''\n\
             [client]\nmouse = true\n[client.keys]\nsearch = 'ctrl-f'\n",
        )
        .unwrap();
        assert!(settings.mouse);
        assert_eq!(settings.redirect_port, 8123);
        assert_eq!(settings.keys["search"], "ctrl-f");
        assert_eq!(parse("").unwrap(), Settings::default());
    }

    #[test]
    fn strangers_are_refused_with_the_nearest_key() {
        for (text, message, hint) in [
            ("[cleint]", "unknown key `cleint`", "`client`"),
            (
                "[client]\nmuose = true",
                "unknown key `client.muose`",
                "`client.mouse`",
            ),
            (
                "[client]\nzzzzzzzz = 1",
                "unknown key `client.zzzzzzzz`",
                "generate config",
            ),
            (
                "[client]\nmouse = 'yes'",
                "`client.mouse` must be true or false",
                "generate",
            ),
            (
                "[client]\ntheme = 'neon'",
                "`client.theme` must be `auto`",
                "generate",
            ),
            ("client = 1", "`client` must be a table", "generate"),
            ("[zoom]\nredirect_port = 70000", "0 to 65535", "generate"),
            ("\n\n[client", "config.toml, line 3", "generate"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.message.contains(message), "{text}: {error}");
            assert!(error.hint.unwrap().contains(hint), "{text}");
        }
    }

    #[test]
    fn the_environment_wins() {
        let mut settings = parse("[client]\nmouse = true").unwrap();
        let variables = BTreeMap::from([("GREENROOM_CLIENT_MOUSE", "false")]);
        let look = |name: &str| {
            let found = variables.get(name).map(ToString::to_string);
            found.ok_or(VarError::NotPresent)
        };
        settings.take_environment(look).unwrap();
        assert!(!settings.mouse);
    }
}
