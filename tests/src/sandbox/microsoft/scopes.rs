//! Owns the scopes the sandbox knows, and which API each is of.
//!
//! Graph and Exchange know some scopes by the same name. A token is for one API, so the name alone
//! says nothing: `https://graph.microsoft.com/SMTP.Send` opens no mail server.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An API tokens are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// Microsoft Graph.
    Graph,
    /// Exchange Online: IMAP and SMTP.
    Exchange,
}

impl Resource {
    /// What its scopes begin with.
    #[must_use]
    pub fn uri(self) -> &'static str {
        match self {
            Self::Graph => "https://graph.microsoft.com",
            Self::Exchange => "https://outlook.office.com",
        }
    }

    /// Its application id, as refusals name it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Graph => "00000003-0000-0000-c000-000000000000",
            Self::Exchange => "00000002-0000-0ff1-ce00-000000000000",
        }
    }

    fn knows(self) -> &'static [&'static str] {
        match self {
            Self::Graph => &[
                "User.Read",
                "Mail.Send",
                "Mail.Read",
                "Mail.ReadBasic",
                "Mail.ReadWrite",
                "Calendars.ReadBasic",
                "Calendars.Read",
                "Calendars.ReadWrite",
                "SMTP.Send",
                "IMAP.AccessAsUser.All",
                "POP.AccessAsUser.All",
            ],
            Self::Exchange => &[
                "SMTP.Send",
                "IMAP.AccessAsUser.All",
                "POP.AccessAsUser.All",
                "Mail.Send",
                "Mail.Read",
            ],
        }
    }
}

/// A scope of an API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The API.
    pub resource: Resource,
    /// As the API writes it; asking is free in capitals.
    pub name: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.resource.uri(), self.name)
    }
}

impl Scope {
    /// Whether the policy Microsoft manages leaves it to admins alone, since November 2025
    /// for mail and calendars (MC1163922).
    pub(super) fn needs_admin(&self) -> bool {
        let kinds = ["Mail.", "Calendars.", "IMAP.", "POP.", "SMTP."];
        kinds.iter().any(|kind| self.name.starts_with(kind))
    }
}

/// What a request asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// `openid`, `profile`, `email`.
    pub(super) sign_in: Vec<String>,
    /// `offline_access`: a refresh token.
    pub(super) offline: bool,
    /// Scopes of APIs, each with the words it was asked for in.
    pub(super) scopes: Vec<(Scope, String)>,
    /// APIs whose `.default` was asked for.
    pub(super) defaults: Vec<Resource>,
}

/// Why a list of scopes is no list of scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BadScope {
    /// The API is there, the scope is not.
    Unknown(Resource, String),
    /// There is no such API.
    NoResource(String),
    /// `.default` beside others.
    DefaultAndMore,
}

impl Asked {
    pub(super) fn read(words: &[String]) -> Result<Self, BadScope> {
        let mut asked = Self::default();
        for word in words {
            match word.to_ascii_lowercase().as_str() {
                "openid" | "profile" | "email" => asked.sign_in.push(word.to_ascii_lowercase()),
                "offline_access" => asked.offline = true,
                _ => asked.add(word)?,
            }
        }
        match asked.defaults.is_empty() || asked.scopes.is_empty() {
            true => Ok(asked),
            false => Err(BadScope::DefaultAndMore),
        }
    }

    fn add(&mut self, word: &str) -> Result<(), BadScope> {
        let (resource, name) = split(word)?;
        if name.eq_ignore_ascii_case(".default") {
            self.defaults.push(resource);
            return Ok(());
        }
        let mut known = resource.knows().iter();
        let known = known.find(|known| known.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| BadScope::Unknown(resource, name.to_owned()))?;
        let scope = Scope {
            resource,
            name: (*known).to_owned(),
        };
        self.scopes.push((scope, word.to_owned()));
        Ok(())
    }

    /// The APIs that are named.
    pub(super) fn resources(&self) -> Vec<Resource> {
        let scopes = self.scopes.iter().map(|(scope, _)| scope.resource);
        let mut named: Vec<Resource> = scopes.chain(self.defaults.iter().copied()).collect();
        named.sort_unstable();
        named.dedup();
        named
    }
}

/// Without an API in front it is Graph's.
fn split(word: &str) -> Result<(Resource, &str), BadScope> {
    let Some(rest) = word.strip_prefix("https://") else {
        return Ok((Resource::Graph, word));
    };
    let (host, name) = rest.split_once('/').unwrap_or((rest, ""));
    let resource = match host.to_ascii_lowercase().as_str() {
        "graph.microsoft.com" => Resource::Graph,
        "outlook.office.com" | "outlook.office365.com" => Resource::Exchange,
        other => return Err(BadScope::NoResource(format!("https://{other}"))),
    };
    Ok((resource, name.trim_start_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(scope: &str) -> Result<Asked, BadScope> {
        let words: Vec<String> = scope.split(' ').map(str::to_owned).collect();
        Asked::read(&words)
    }

    #[test]
    fn the_same_name_is_another_scope_at_another_api() {
        let graph = read("SMTP.Send").unwrap();
        let exchange = read("https://outlook.office.com/smtp.send").unwrap();
        assert_eq!(graph.resources(), [Resource::Graph]);
        assert_eq!(exchange.resources(), [Resource::Exchange]);
        assert_eq!(
            exchange.scopes[0].0.to_string(),
            "https://outlook.office.com/SMTP.Send"
        );
        let office365 = read("https://outlook.office365.com/SMTP.Send offline_access").unwrap();
        assert_eq!(office365.scopes[0].0, exchange.scopes[0].0);
        assert!(office365.offline);
    }

    #[test]
    fn unknown_scopes_and_apis_are_no_scopes() {
        let unknown = BadScope::Unknown(Resource::Graph, "Mail.Sned".to_owned());
        assert_eq!(read("openid Mail.Sned").unwrap_err(), unknown);
        let stranger = BadScope::NoResource("https://acme.example".to_owned());
        assert_eq!(
            read("https://acme.example/Mail.Send").unwrap_err(),
            stranger
        );
        let both = "User.Read https://graph.microsoft.com/.default";
        assert_eq!(read(both).unwrap_err(), BadScope::DefaultAndMore);
    }
}
