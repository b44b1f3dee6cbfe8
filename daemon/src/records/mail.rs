//! What is stored of a workspace's email: how it leaves and where replies are read. Passwords are
//! the vault's.

use greenroom_protocol::mail_settings::{MailSecurity, MailSystem, MailTransport};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// A workspace's own email settings. A workspace without them goes by `[mail]` of the
/// configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRecord {
    /// Which system it was set up for, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<MailSystem>,
    /// How emails leave.
    pub transport: MailTransport,
    /// The address invitations come from and replies return to.
    pub from: Option<String>,
    /// The account to log in with: `google:ADDRESS` or `microsoft:ADDRESS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Where emails are handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp: Option<MailServerRecord>,
    /// Where replies are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imap: Option<MailServerRecord>,
    /// The folder replies are read from; `None`: the inbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Its emails left by the configuration's way before: replies to those return there, and are
    /// taken there still.
    #[serde(default)]
    pub left_default: bool,
    /// When it was set last.
    pub changed_at: Instant,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServerRecord {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub security: MailSecurity,
    /// Who logs in; `None`: nobody has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Whether the vault keeps a password for it.
    #[serde(default)]
    pub password: bool,
}

impl Record for MailRecord {
    const TABLE: &'static str = "mail-settings";
    const SCHEMA: u32 = 1;
}

impl MailRecord {
    /// The only one of a workspace, in its space.
    pub const KEY: &'static str = "current";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is stored stays readable: the shortest and the longest shape, word for word.
    #[test]
    fn settings_read_back_as_they_were_first_written() {
        let least = r#"{"transport":"maildir","from":null,"changed_at":"2026-11-30T09:00:00Z"}"#;
        let read: MailRecord = serde_json::from_str(least).expect("a record");
        assert_eq!(read.transport, MailTransport::Maildir);
        assert!(read.smtp.is_none() && read.folder.is_none() && !read.left_default);

        let most = r#"{"system":"fastmail","transport":"smtp","from":"interviews@acme.example","account":"google:interviews@acme.example","smtp":{"host":"smtp.fastmail.com","port":465,"security":"tls","user":"interviews@acme.example","password":true},"imap":{"host":"imap.fastmail.com","port":143,"security":"starttls","password":false},"folder":"Interviews","left_default":true,"changed_at":"2026-11-30T09:00:00Z"}"#;
        let read: MailRecord = serde_json::from_str(most).expect("a record");
        let smtp = read.smtp.as_ref().expect("a server");
        assert_eq!((smtp.port, smtp.password), (465, true));
        assert_eq!(serde_json::to_string(&read).expect("json"), most);
    }
}
