//! ★ How a workspace's email leaves and where replies are read, as values: from the configuration
//! or from the workspace's record. No secret is in them.

use greenroom_protocol::mail_settings::{
    MailLogIn, MailSecurity, MailServer, MailSource, MailSystem, MailTransport,
};

use crate::config::mail::{MailConfig, Privacy, Server, ServerConfig};
use crate::mail::accounts::AccountName;
use crate::records::mail::{MailRecord, MailServerRecord};

/// The folder where nobody named one. Source: RFC 3501, 5.1.
pub const INBOX: &str = "INBOX";

/// A workspace's email.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Who decided it.
    pub source: MailSource,
    /// The record's revision; 0 where the configuration decides.
    pub revision: u64,
    /// Which system, where that was said.
    pub system: Option<MailSystem>,
    /// How emails leave.
    pub transport: MailTransport,
    /// The address emails come from and replies return to.
    pub from: Option<String>,
    /// The account it logs in with.
    pub account: Option<String>,
    /// Where emails are handed over.
    pub smtp: Option<Server>,
    /// How one logs in there.
    pub smtp_log_in: MailLogIn,
    /// Where replies are read; `None`: from files.
    pub imap: Option<Server>,
    /// How one logs in there.
    pub imap_log_in: MailLogIn,
    /// The folder replies are read from.
    pub folder: String,
}

impl Settings {
    /// What the configuration says.
    ///
    /// # Errors
    /// An address of a server is none.
    pub fn of_config(config: &MailConfig) -> Result<Self, String> {
        let transport = match config.transport.as_str() {
            "smtp" => MailTransport::Smtp,
            "sandbox" => MailTransport::Sandbox,
            _ => MailTransport::Maildir,
        };
        let smtp = config.smtp.server("smtp")?;
        let smtp = smtp.filter(|_| transport == MailTransport::Smtp);
        let imap = config.imap.server("imap")?;
        Ok(Self {
            source: match transport {
                MailTransport::Maildir => MailSource::Nobody,
                _ => MailSource::Configuration,
            },
            revision: 0,
            system: None,
            transport,
            from: Some(config.from.clone()).filter(|from| !from.is_empty()),
            account: None,
            smtp_log_in: log_in(smtp.as_ref(), &config.smtp),
            imap_log_in: log_in(imap.as_ref(), &config.imap),
            smtp,
            imap,
            folder: INBOX.to_owned(),
        })
    }

    /// What a workspace's record says.
    #[must_use]
    pub fn of_record(record: &MailRecord, revision: u64) -> Self {
        let account = record.account.as_deref();
        let account = account.and_then(|name| name.parse::<AccountName>().ok());
        let log_in = |server: Option<&MailServerRecord>| match (server, &account) {
            (Some(server), _) if server.password => MailLogIn::Password,
            (Some(_), Some(account)) => MailLogIn::Account(account.provider),
            _ => MailLogIn::None,
        };
        Self {
            source: MailSource::Workspace,
            revision,
            system: record.system,
            transport: record.transport,
            from: record.from.clone(),
            account: record.account.clone(),
            smtp_log_in: log_in(record.smtp.as_ref()),
            imap_log_in: log_in(record.imap.as_ref()),
            smtp: record.smtp.as_ref().map(server),
            imap: record.imap.as_ref().map(server),
            folder: record.folder.clone().unwrap_or_else(|| INBOX.to_owned()),
        }
    }
}

fn log_in(server: Option<&Server>, config: &ServerConfig) -> MailLogIn {
    match server.and_then(|server| server.user.as_ref()) {
        None => MailLogIn::None,
        Some(_) if config.token_command.is_empty() => MailLogIn::Password,
        Some(_) => MailLogIn::Command,
    }
}

fn server(record: &MailServerRecord) -> Server {
    Server {
        host: record.host.clone(),
        port: record.port,
        user: record.user.clone(),
        privacy: match record.security {
            MailSecurity::Tls => Privacy::Tls,
            MailSecurity::Starttls => Privacy::StartTls,
            MailSecurity::Plain => Privacy::Plain,
        },
    }
}

/// A server as the contract has it.
#[must_use]
pub fn wire(server: &Server) -> MailServer {
    MailServer {
        host: server.host.clone(),
        port: server.port,
        security: match server.privacy {
            Privacy::Tls => MailSecurity::Tls,
            Privacy::StartTls => MailSecurity::Starttls,
            Privacy::Plain => MailSecurity::Plain,
        },
        user: server.user.clone(),
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;

    use super::*;

    #[test]
    fn the_configuration_decides_where_a_workspace_does_not() {
        let nobody = Settings::of_config(&MailConfig::default()).expect("settings");
        assert_eq!(nobody.source, MailSource::Nobody);
        let url = |url: &str| ServerConfig {
            url: url.to_owned(),
            ..ServerConfig::default()
        };
        let config = MailConfig {
            transport: "smtp".to_owned(),
            from: "interviews@acme.example".to_owned(),
            smtp: url("smtps://robin@mail.example"),
            imap: url("imaps://robin@mail.example"),
            ..MailConfig::default()
        };
        let set = Settings::of_config(&config).expect("settings");
        assert_eq!(set.source, MailSource::Configuration);
        assert_eq!(set.smtp_log_in, MailLogIn::Password);
        let smtp = set.smtp.as_ref().map(wire).expect("a server");
        assert_eq!((smtp.port, smtp.security), (465, MailSecurity::Tls));
    }

    #[test]
    fn a_record_decides_for_its_workspace() {
        let record = MailRecord {
            system: Some(MailSystem::Fastmail),
            transport: MailTransport::Smtp,
            from: Some("jobs@beta.example".into()),
            account: None,
            smtp: Some(MailServerRecord {
                host: "smtp.fastmail.com".into(),
                port: 587,
                security: MailSecurity::Starttls,
                user: Some("jobs@beta.example".into()),
                password: true,
            }),
            imap: None,
            folder: None,
            left_default: false,
            changed_at: Instant::from_second(0),
        };
        let set = Settings::of_record(&record, 7);
        assert_eq!((set.source, set.revision), (MailSource::Workspace, 7));
        assert_eq!(set.smtp_log_in, MailLogIn::Password);
        assert_eq!(set.imap_log_in, MailLogIn::None);
        assert_eq!(set.folder, INBOX);
    }
}
