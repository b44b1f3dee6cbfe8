//! The names: every key of every section, as the file and the environment have them.

use std::collections::BTreeMap;
use std::path::Path;

use strsim::levenshtein;
use toml::{Table, Value};

use super::ConfigError;

/// Every key of the daemon's sections. The environment's name of `[zoom] oauth_url` is
/// `GREENROOM_ZOOM_OAUTH_URL`, and so on.
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
    (
        "google",
        &[
            "client_id",
            "client_secret_file",
            "client_secret_command",
            "auth_url",
            "token_url",
            "revoke_url",
            "userinfo_url",
            "api_url",
            "gmail_smtp_url",
            "gmail_imap_url",
        ],
    ),
    (
        "microsoft",
        &[
            "client_id",
            "tenant",
            "login_url",
            "graph_url",
            "smtp_url",
            "imap_url",
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
            "resolver",
            "smtp",
            "imap",
        ],
    ),
    ("mail.smtp", SENDING_SERVER),
    ("mail.imap", SERVER),
    ("calendars", &["allow"]),
    ("log", &["level"]),
    (
        "assistant",
        &[
            "name",
            "read_after_seconds",
            "quiet_hours",
            "model_url",
            "model",
        ],
    ),
    ("client", &["theme", "mouse", "keys"]),
];

/// The keys of a mail server.
const SERVER: &[&str] = &["url", "password_file", "password_command", "token_command"];

/// The keys of a mail server that takes messages.
const SENDING_SERVER: &[&str] = &[
    "url",
    "password_file",
    "password_command",
    "token_command",
    "helo",
];

/// Keys whose values are numbers.
const NUMBERS: &[&str] = &["redirect_port", "poll_seconds", "backup_keep"];

/// Keys whose values are lists, beside those of commands.
const LISTS: &[&str] = &["allow"];

/// Refuses what no section has, with the nearest name that is one.
pub(super) fn refuse_unknown(table: &Table, path: &Path) -> Result<(), ConfigError> {
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

/// Puts what the environment says over what the file says.
pub(super) fn override_from(table: &mut Table, environment: &BTreeMap<String, String>) {
    for (section, keys) in KEYS.iter().filter(|(section, _)| *section != "client") {
        for key in *keys {
            let name = format!("GREENROOM_{section}_{key}")
                .replace('.', "_")
                .to_uppercase();
            let Some(text) = environment.get(&name) else {
                continue;
            };
            // Few are numbers or lists: a client id of digits stays a text.
            let list = LISTS.contains(key) || key.ends_with("_command");
            let typed = list || NUMBERS.contains(key);
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
    let near = known.map(|known| (levenshtein(name, known), known)).min()?;
    (near.0 <= 1 + name.len() / 3).then_some(near.1)
}
