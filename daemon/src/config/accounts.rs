//! `[google]` and `[microsoft]`: the default apps, and where the two providers are.

use serde::Deserialize;
use url::Url;

use super::{ConfigError, check_url, is_loopback};
use crate::secrets::Source;

/// Google's consent page.
pub const GOOGLE_AUTH: &str = "https://accounts.google.com/o/oauth2/v2/auth";
/// Where Google's keys come from.
pub const GOOGLE_TOKEN: &str = "https://oauth2.googleapis.com/token";
/// Where Google's keys are ended.
pub const GOOGLE_REVOKE: &str = "https://oauth2.googleapis.com/revoke";
/// Where Google says whose keys are.
pub const GOOGLE_USERINFO: &str = "https://openidconnect.googleapis.com/v1/userinfo";
/// Google's APIs, such as the calendar's.
pub const GOOGLE_API: &str = "https://www.googleapis.com";
/// The server that sends email for Gmail's users.
pub const GMAIL_SMTP: &str = "smtps://smtp.gmail.com:465";
/// The server that reads email for Gmail's users.
pub const GMAIL_IMAP: &str = "imaps://imap.gmail.com:993";

/// Microsoft's sign-in; the tenant stands below it.
pub const MICROSOFT_LOGIN: &str = "https://login.microsoftonline.com";
/// Microsoft Graph.
pub const MICROSOFT_GRAPH: &str = "https://graph.microsoft.com";
/// The server that sends email for Exchange Online.
pub const MICROSOFT_SMTP: &str = "smtp+starttls://smtp.office365.com:587";
/// The server that reads email for Exchange Online.
pub const MICROSOFT_IMAP: &str = "imaps://outlook.office365.com:993";

/// The longest name of a tenant: as long as that of a domain.
const LONGEST_TENANT: usize = 253;

/// `[google]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct GoogleConfig {
    /// The app of workspaces that have none of their own; empty: there is none.
    pub client_id: String,
    /// The file that holds its secret.
    pub client_secret_file: String,
    /// The command that prints it.
    pub client_secret_command: Vec<String>,
    /// The consent page.
    pub auth_url: String,
    /// Where keys come from.
    pub token_url: String,
    /// Where they are ended.
    pub revoke_url: String,
    /// Where Google says whose keys are.
    pub userinfo_url: String,
    /// Its APIs.
    pub api_url: String,
    /// The server that sends email; the user is the account's.
    pub gmail_smtp_url: String,
    /// The server that reads email; the user is the account's.
    pub gmail_imap_url: String,
}

/// `[microsoft]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct MicrosoftConfig {
    /// The app of workspaces that have none of their own; empty: there is none.
    pub client_id: String,
    /// The directory that app is registered in: its id, or one of its domains.
    pub tenant: String,
    /// The sign-in; the tenant stands below it.
    pub login_url: String,
    /// Graph; the version stands below it.
    pub graph_url: String,
    /// The server that sends email; the user is the account's.
    pub smtp_url: String,
    /// The server that reads email; the user is the account's.
    pub imap_url: String,
}

impl Default for GoogleConfig {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            client_secret_file: String::new(),
            client_secret_command: Vec::new(),
            auth_url: GOOGLE_AUTH.to_owned(),
            token_url: GOOGLE_TOKEN.to_owned(),
            revoke_url: GOOGLE_REVOKE.to_owned(),
            userinfo_url: GOOGLE_USERINFO.to_owned(),
            api_url: GOOGLE_API.to_owned(),
            gmail_smtp_url: GMAIL_SMTP.to_owned(),
            gmail_imap_url: GMAIL_IMAP.to_owned(),
        }
    }
}

impl Default for MicrosoftConfig {
    fn default() -> Self {
        Self {
            client_id: String::new(),
            tenant: String::new(),
            login_url: MICROSOFT_LOGIN.to_owned(),
            graph_url: MICROSOFT_GRAPH.to_owned(),
            smtp_url: MICROSOFT_SMTP.to_owned(),
            imap_url: MICROSOFT_IMAP.to_owned(),
        }
    }
}

impl GoogleConfig {
    /// Where the default app's secret is.
    pub fn client_secret(&self) -> Source {
        Source::of(&self.client_secret_file, &self.client_secret_command)
    }

    /// What stands in for Google, where that is not Google itself.
    #[must_use]
    pub fn sandbox(&self) -> Option<String> {
        let addresses = [
            (&self.auth_url, GOOGLE_AUTH),
            (&self.token_url, GOOGLE_TOKEN),
            (&self.revoke_url, GOOGLE_REVOKE),
            (&self.userinfo_url, GOOGLE_USERINFO),
            (&self.api_url, GOOGLE_API),
            (&self.gmail_smtp_url, GMAIL_SMTP),
            (&self.gmail_imap_url, GMAIL_IMAP),
        ];
        elsewhere(&addresses)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        check_url("google.auth_url", &self.auth_url)?;
        check_url("google.token_url", &self.token_url)?;
        check_url("google.revoke_url", &self.revoke_url)?;
        check_url("google.userinfo_url", &self.userinfo_url)?;
        check_url("google.api_url", &self.api_url)?;
        check_server("google.gmail_smtp_url", &self.gmail_smtp_url, &SMTP)?;
        check_server("google.gmail_imap_url", &self.gmail_imap_url, &IMAP)?;
        if !self.client_secret_file.is_empty() && !self.client_secret_command.is_empty() {
            let why = "stands beside google.client_secret_command; keep one of them";
            return refuse("google.client_secret_file", why);
        }
        Ok(())
    }
}

impl MicrosoftConfig {
    /// What stands in for Microsoft, where that is not Microsoft itself.
    #[must_use]
    pub fn sandbox(&self) -> Option<String> {
        let addresses = [
            (&self.login_url, MICROSOFT_LOGIN),
            (&self.graph_url, MICROSOFT_GRAPH),
            (&self.smtp_url, MICROSOFT_SMTP),
            (&self.imap_url, MICROSOFT_IMAP),
        ];
        elsewhere(&addresses)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        check_url("microsoft.login_url", &self.login_url)?;
        check_url("microsoft.graph_url", &self.graph_url)?;
        check_server("microsoft.smtp_url", &self.smtp_url, &SMTP)?;
        check_server("microsoft.imap_url", &self.imap_url, &IMAP)?;
        match (self.client_id.is_empty(), self.tenant.is_empty()) {
            (true, true) => Ok(()),
            (false, true) => refuse("microsoft.tenant", "is missing beside microsoft.client_id"),
            _ if is_tenant(&self.tenant) => Ok(()),
            _ => refuse("microsoft.tenant", NOT_A_TENANT),
        }
    }
}

/// Why a text is not the name of a tenant.
pub const NOT_A_TENANT: &str = "is neither a directory id nor a domain";

/// Whether a text can name a tenant: an id, a domain, or Microsoft's word for all of them. It
/// becomes a part of addresses.
#[must_use]
pub fn is_tenant(text: &str) -> bool {
    let letter = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
    (1..=LONGEST_TENANT).contains(&text.len())
        && text.chars().all(letter)
        && text.starts_with(|it: char| it.is_ascii_alphanumeric())
        && !text.contains("..")
}

const SMTP: [&str; 3] = ["smtps", "smtp+starttls", "smtp"];
const IMAP: [&str; 3] = ["imaps", "imap+starttls", "imap"];

/// The first address that is not the provider's own.
fn elsewhere(addresses: &[(&String, &str)]) -> Option<String> {
    let own = |(url, real): &&(&String, &str)| url.trim_end_matches('/') != *real;
    let (url, _) = addresses.iter().find(own)?;
    let Ok(read) = Url::parse(url) else {
        return Some((*url).clone());
    };
    let port = read.port().map(|port| format!(":{port}"));
    Some(format!(
        "{}://{}{}",
        read.scheme(),
        read.host_str().unwrap_or_default(),
        port.unwrap_or_default()
    ))
}

/// A mail server without a user: `schemes` are with TLS, with STARTTLS, and plain, which is
/// accepted on this machine only.
fn check_server(
    key: &'static str,
    text: &str,
    schemes: &[&'static str; 3],
) -> Result<(), ConfigError> {
    let Ok(url) = Url::parse(text) else {
        return refuse(key, "is not a URL");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(key, "names a user: the account's own is used");
    }
    if url.host_str().is_none_or(str::is_empty) {
        return refuse(key, "names no server");
    }
    let [tls, starttls, plain] = schemes;
    match url.scheme() {
        scheme if scheme == *tls || scheme == *starttls => Ok(()),
        scheme if scheme == *plain && is_loopback(&url) => Ok(()),
        _ => {
            let why = format!("must begin with {tls}:// or {starttls}://");
            refuse(key, &why)
        }
    }
}

fn refuse(key: &'static str, why: &str) -> Result<(), ConfigError> {
    Err(ConfigError::Value {
        key,
        why: why.to_owned(),
    })
}
