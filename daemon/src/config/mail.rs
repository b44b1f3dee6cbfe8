//! `[mail]`: how letters leave, and where answers are read.

use std::str::FromStr as _;

use lettre::Address;
use serde::Deserialize;
use url::Url;

use super::{ConfigError, is_loopback};
use crate::secrets::Source;

/// `[mail]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct MailConfig {
    /// `maildir`, `smtp`, or `sandbox`: a Maildir whose messages the demo's people read.
    pub transport: String,
    /// The address letters come from and answers return to.
    pub from: String,
    /// The directory of the Maildir folders; empty: `mail` in the data directory.
    pub maildir: String,
    /// How often a server is asked for answers, in seconds.
    pub poll_seconds: u32,
    /// The name server asked which mail system an address has, `ADDRESS:PORT`; empty: the machine's.
    pub resolver: String,
    /// `[mail.smtp]`
    pub smtp: ServerConfig,
    /// `[mail.imap]`
    pub imap: ServerConfig,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            transport: "maildir".to_owned(),
            from: String::new(),
            maildir: String::new(),
            poll_seconds: 20,
            resolver: String::new(),
            smtp: ServerConfig::default(),
            imap: ServerConfig::default(),
        }
    }
}

/// A mail server, and the password for it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServerConfig {
    /// Where it is and who logs in.
    pub url: String,
    /// The file that holds the password.
    pub password_file: String,
    /// The command that prints it.
    pub password_command: Vec<String>,
    /// The command that prints an access token, in place of a password.
    pub token_command: Vec<String>,
    /// What this machine calls itself when it sends; empty: its own name, or the domain of `from`.
    pub helo: String,
}

/// How a connection to a server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is said that matters.
    StartTls,
    /// None, on this machine only.
    Plain,
}

/// A mail server's address, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who logs in; nobody where it lets this machine send without.
    pub user: Option<String>,
    /// How the connection is kept private.
    pub privacy: Privacy,
}

impl MailConfig {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let refuse = |key, why: &str| {
            Err(ConfigError::Value {
                key,
                why: why.to_owned(),
            })
        };
        if !self.from.is_empty() && Address::from_str(&self.from).is_err() {
            return refuse(
                "mail.from",
                "is not an address such as interviews@example.com",
            );
        }
        if self.poll_seconds == 0 {
            return refuse("mail.poll_seconds", "must be at least 1");
        }
        if !self.resolver.is_empty() && self.resolver.parse::<std::net::SocketAddr>().is_err() {
            return refuse(
                "mail.resolver",
                "is not an address and a port such as 192.0.2.53:53",
            );
        }
        self.smtp.check(
            "smtp",
            [
                "mail.smtp.url",
                "mail.smtp.password_file",
                "mail.smtp.token_command",
            ],
        )?;
        self.imap.check(
            "imap",
            [
                "mail.imap.url",
                "mail.imap.password_file",
                "mail.imap.token_command",
            ],
        )?;
        if !self.smtp.helo.is_empty() && !is_hello(&self.smtp.helo) {
            return refuse(
                "mail.smtp.helo",
                "is not a host name such as mail.example.com, or an address such as [192.0.2.1]",
            );
        }
        match self.transport.as_str() {
            "maildir" | "sandbox" => Ok(()),
            "smtp" if self.smtp.url.is_empty() => {
                refuse("mail.smtp.url", "is missing, and mail.transport is smtp")
            }
            "smtp" if self.from.is_empty() => refuse(
                "mail.from",
                "is missing: mail that leaves needs an address that answers return to",
            ),
            "smtp" => Ok(()),
            _ => refuse("mail.transport", "must be maildir or smtp"),
        }
    }
}

impl ServerConfig {
    /// Where its password is.
    pub fn password(&self) -> Source {
        Source::of(&self.password_file, &self.password_command)
    }

    fn check(&self, protocol: &str, keys: [&'static str; 3]) -> Result<(), ConfigError> {
        let [url, password, token] = keys;
        let refuse = |key, why: String| Err(ConfigError::Value { key, why });
        if !self.password_file.is_empty() && !self.password_command.is_empty() {
            let why = "stands beside password_command; keep one of them".to_owned();
            return refuse(password, why);
        }
        let server = match self.server(protocol) {
            Ok(server) => server,
            Err(why) => return refuse(url, why),
        };
        if self.token_command.is_empty() {
            return Ok(());
        }
        if !self.password_file.is_empty() || !self.password_command.is_empty() {
            return refuse(
                token,
                "stands beside a password; keep one of them".to_owned(),
            );
        }
        match server.is_some_and(|server| server.user.is_some()) {
            true => Ok(()),
            false => refuse(
                token,
                format!("needs a user: {protocol}s://user%40example.com@mail.example.com"),
            ),
        }
    }

    /// The server, where one is named. `protocol` is `smtp` or `imap`.
    pub fn server(&self, protocol: &str) -> Result<Option<Server>, String> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(&self.url)
            .map_err(|_| format!("is not a URL such as {protocol}s://user@mail.example"))?;
        let privacy = match url.scheme().strip_prefix(protocol) {
            Some("s") => Privacy::Tls,
            Some("+starttls") => Privacy::StartTls,
            Some("") if is_loopback(&url) => Privacy::Plain,
            Some("") => {
                return Err(format!(
                    "must be {protocol}s:// or {protocol}+starttls://: plain {protocol} is accepted on loopback only"
                ));
            }
            _ => return Err(format!("must be {protocol}s:// or {protocol}+starttls://")),
        };
        if url.password().is_some() {
            return Err(
                "holds a password: keep it in password_file or password_command".to_owned(),
            );
        }
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("names no host")?;
        let usual = match (protocol, privacy) {
            ("smtp", Privacy::Tls) => 465,
            ("smtp", _) => 587,
            (_, Privacy::Tls) => 993,
            _ => 143,
        };
        Ok(Some(Server {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual),
            user: user(&url).filter(|user| !user.is_empty()),
            privacy,
        }))
    }
}

/// Whether nobody but this machine can listen in on the way to `host`.
pub fn is_loopback_host(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Whether a machine may call itself this: a name with a dot, or an address in brackets. Source:
/// RFC 5321, 4.1.3 and 4.1.4.
pub fn is_hello(name: &str) -> bool {
    let literal = name.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    match literal {
        Some(address) => {
            let address = address.strip_prefix("IPv6:").unwrap_or(address);
            address.parse::<std::net::IpAddr>().is_ok()
        }
        None => is_full_name(name),
    }
}

/// Whether a name could be a machine's in the domain name system, with its domain.
pub fn is_full_name(name: &str) -> bool {
    let label = |label: &str| {
        let plain = |it: char| it.is_ascii_alphanumeric() || it == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = name.split('.').collect();
    let lettered = |it: &&&str| it.contains(|it: char| it.is_ascii_alphabetic());
    name.len() <= 253
        && labels.len() > 1
        && labels.iter().all(|it| label(it))
        && labels.last().filter(lettered).is_some()
}

/// The user's name, whose `@` a URL writes as `%40`.
fn user(url: &Url) -> Option<String> {
    let pairs = format!("user={}", url.username().replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes())
        .next()
        .map(|(_, user)| user.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(protocol: &str, url: &str) -> Result<Option<Server>, String> {
        let config = ServerConfig {
            url: url.to_owned(),
            ..ServerConfig::default()
        };
        config.server(protocol)
    }

    #[test]
    fn servers_are_reached_in_private_or_on_this_machine() {
        let expected = Server {
            host: "mail.example".into(),
            port: 465,
            user: Some("robin+x@acme.example".into()),
            privacy: Privacy::Tls,
        };
        let read = server("smtp", "smtps://robin+x%40acme.example@mail.example");
        assert_eq!(read, Ok(Some(expected)));
        for (protocol, url, port, privacy) in [
            (
                "smtp",
                "smtp+starttls://mail.example",
                587,
                Privacy::StartTls,
            ),
            ("smtp", "smtp://127.0.0.1:2525", 2525, Privacy::Plain),
            ("smtp", "smtp://[::1]:2525", 2525, Privacy::Plain),
            ("smtp", "smtp://localhost:2525", 2525, Privacy::Plain),
            ("imap", "imaps://robin@mail.example", 993, Privacy::Tls),
        ] {
            let read = server(protocol, url).expect(url).expect(url);
            assert_eq!((read.port, read.privacy), (port, privacy), "{url}");
        }
        for (protocol, url, why) in [
            (
                "smtp",
                "smtp://mail.example",
                "plain smtp is accepted on loopback only",
            ),
            (
                "imap",
                "imap://10.0.0.1",
                "plain imap is accepted on loopback only",
            ),
            ("smtp", "https://mail.example", "must be smtps://"),
            ("smtp", "imaps://mail.example", "must be smtps://"),
            ("imap", "mail.example", "is not a URL"),
            (
                "imap",
                "imaps://robin:secret@mail.example",
                "holds a password",
            ),
            ("imap", "imaps://", "names no host"),
        ] {
            let refused = server(protocol, url).expect_err(url);
            assert!(refused.contains(why), "{url}: {refused}");
            assert!(!refused.contains("secret"));
        }
    }

    #[test]
    fn a_token_is_in_place_of_a_password_and_belongs_to_a_user() {
        let config = |url: &str, password: &str| MailConfig {
            imap: ServerConfig {
                url: url.to_owned(),
                password_file: password.to_owned(),
                token_command: vec!["token".to_owned()],
                ..ServerConfig::default()
            },
            ..MailConfig::default()
        };
        let told = |config: MailConfig| config.check().map_err(|why| why.to_string());
        assert_eq!(told(config("imaps://robin@mail.example", "")), Ok(()));
        for (url, password, why) in [
            (
                "imaps://robin@mail.example",
                "/etc/x",
                "stands beside a password",
            ),
            ("imaps://mail.example", "", "needs a user"),
            ("", "", "needs a user"),
        ] {
            let refused = told(config(url, password)).expect_err(why);
            assert!(
                refused.contains("mail.imap.token_command") && refused.contains(why),
                "{refused}"
            );
        }
    }
}
