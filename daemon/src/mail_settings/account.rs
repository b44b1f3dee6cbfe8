//! ★ What a Google or Microsoft account makes of a workspace's email.
//!
//! Invariant: an account logs in at its provider's own servers and nowhere else. A token that is
//! handed to another server is a mailbox given away, so a request that names one is refused.

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{MailConfigure, MailSecurity, MailSystem, MailTransport};

use crate::config::Config;
use crate::config::mail::{Privacy, Server, ServerConfig};
use crate::mail::accounts::AccountName;
use crate::records::mail::{MailRecord, MailServerRecord};

/// A provider's servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Servers {
    pub smtp: Server,
    pub imap: Server,
}

/// The servers of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Providers {
    pub google: Servers,
    pub microsoft: Servers,
}

impl Providers {
    /// Those of the configuration.
    ///
    /// # Errors
    /// An address of a server is none.
    pub(super) fn of(config: &Config) -> Result<Self, String> {
        let (google, microsoft) = (&config.google, &config.microsoft);
        Ok(Self {
            google: Servers {
                smtp: server("smtp", &google.gmail_smtp_url)?,
                imap: server("imap", &google.gmail_imap_url)?,
            },
            microsoft: Servers {
                smtp: server("smtp", &microsoft.smtp_url)?,
                imap: server("imap", &microsoft.imap_url)?,
            },
        })
    }

    fn servers(&self, provider: AccountProvider) -> &Servers {
        match provider {
            AccountProvider::Google => &self.google,
            AccountProvider::Microsoft => &self.microsoft,
        }
    }
}

/// A server of the configuration. `protocol` is `smtp` or `imap`.
fn server(protocol: &str, url: &str) -> Result<Server, String> {
    let config = ServerConfig {
        url: url.to_owned(),
        ..ServerConfig::default()
    };
    let server = config.server(protocol)?;
    server.ok_or_else(|| format!("a server of an account has no {protocol} address"))
}

/// How email leaves and comes in by an account.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ByAccount {
    pub system: MailSystem,
    pub transport: MailTransport,
    pub smtp: Option<MailServerRecord>,
    pub imap: Option<MailServerRecord>,
}

/// The account a request comes to; `None`: none logs in.
pub(super) fn account(
    before: Option<&MailRecord>,
    request: &MailConfigure,
) -> Result<Option<AccountName>, Error> {
    let stored = before.and_then(|it| it.account.as_deref());
    let named = request.account.as_deref().map(str::trim).or(stored);
    let Some(named) = named.filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    named.parse().map(Some).map_err(|_| {
        let why = "Name an account such as google:interviews@example.com";
        Error::usage(why).field("account")
    })
}

/// What a request makes of the email of a workspace with this account.
pub(super) fn by_account(
    account: &AccountName,
    before: Option<&MailRecord>,
    request: &MailConfigure,
    providers: &Providers,
) -> Result<ByAccount, Error> {
    let named = [
        ("smtp", request.smtp.is_some()),
        ("smtp_password", request.smtp_password.is_some()),
        ("imap", request.imap.is_some()),
        ("imap_password", request.imap_password.is_some()),
    ];
    if let Some((field, _)) = named.into_iter().find(|(_, is_named)| *is_named) {
        let why =
            format!("{account} logs in at its provider's own servers: name no server or password");
        return Err(Error::usage(why)
            .field(field)
            .hint("to use a server and a password instead, give an empty account with them"));
    }
    let provider = account.provider;
    let by_one = before.filter(|it| it.account.is_some());
    let asked = request.transport.or(by_one.map(|it| it.transport));
    let transport = match (asked, provider) {
        (None | Some(MailTransport::Smtp), _) => MailTransport::Smtp,
        // It may have stayed from an account at the other provider.
        (Some(MailTransport::Graph), AccountProvider::Google) if request.transport.is_none() => {
            MailTransport::Smtp
        }
        (Some(MailTransport::Graph), AccountProvider::Microsoft) => MailTransport::Graph,
        (Some(_), _) => {
            let why = match provider {
                AccountProvider::Google => "Email leaves by smtp with a Google account",
                AccountProvider::Microsoft => {
                    "Email leaves by smtp or graph with a Microsoft account"
                }
            };
            return Err(Error::usage(why).field("transport"));
        }
    };
    let servers = providers.servers(provider);
    let stored = |server: &Server| {
        let by_smtp = transport == MailTransport::Smtp;
        by_smtp.then(|| MailServerRecord {
            host: server.host.clone(),
            port: server.port,
            security: match server.privacy {
                Privacy::Tls => MailSecurity::Tls,
                Privacy::StartTls => MailSecurity::Starttls,
                Privacy::Plain => MailSecurity::Plain,
            },
            user: Some(account.address.clone()),
            password: false,
        })
    };
    Ok(ByAccount {
        system: match provider {
            AccountProvider::Google => MailSystem::Google,
            AccountProvider::Microsoft => MailSystem::Microsoft,
        },
        transport,
        smtp: stored(&servers.smtp),
        imap: stored(&servers.imap),
    })
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::mail_settings::MailServer;
    use greenroom_protocol::secret::Opaque;
    use greenroom_protocol::time::Instant;

    use super::*;

    fn providers() -> Providers {
        Providers::of(&Config::default()).expect("the vendors' servers")
    }

    fn request(account: &str) -> MailConfigure {
        MailConfigure {
            account: Some(account.into()),
            ..MailConfigure::default()
        }
    }

    fn made(request: &MailConfigure) -> Result<ByAccount, Error> {
        let account = account(None, request)?.expect("an account");
        by_account(&account, None, request, &providers())
    }

    #[test]
    fn an_account_has_its_providers_servers() {
        let google = made(&request("google:jobs@acme.example")).expect("settings");
        let smtp = google.smtp.expect("a server");
        assert_eq!((smtp.host.as_str(), smtp.port), ("smtp.gmail.com", 465));
        assert_eq!(smtp.user.as_deref(), Some("jobs@acme.example"));
        let imap = google.imap.expect("a server");
        assert_eq!(imap.host, "imap.gmail.com");
        let microsoft = made(&request("microsoft:jobs@acme.example")).expect("settings");
        let smtp = microsoft.smtp.expect("a server");
        assert_eq!(smtp.security, MailSecurity::Starttls);
        let graph = MailConfigure {
            transport: Some(MailTransport::Graph),
            ..request("microsoft:jobs@acme.example")
        };
        let graph = made(&graph).expect("settings");
        assert_eq!((graph.transport, graph.smtp), (MailTransport::Graph, None));
        assert_eq!(graph.imap, None);
    }

    /// An admin must not have the token of somebody's account sent to a server of theirs.
    #[test]
    fn a_token_goes_to_no_server_that_a_request_names() {
        let theirs = MailServer {
            host: "mail.elsewhere.example".into(),
            port: 465,
            security: greenroom_protocol::mail_settings::MailSecurity::Tls,
            user: None,
        };
        let before = MailRecord {
            system: None,
            transport: MailTransport::Smtp,
            from: None,
            account: Some("google:jobs@acme.example".into()),
            smtp: None,
            imap: None,
            folder: None,
            left_default: false,
            changed_at: Instant::from_second(0),
        };
        let both = MailConfigure {
            smtp: Some(theirs.clone()),
            ..request("google:jobs@acme.example")
        };
        let later = MailConfigure {
            imap: Some(theirs),
            ..MailConfigure::default()
        };
        let password = MailConfigure {
            smtp_password: Some(Opaque::new("correct horse")),
            ..MailConfigure::default()
        };
        for (request, field) in [(both, "smtp"), (later, "imap"), (password, "smtp_password")] {
            let account = account(Some(&before), &request).expect("a name");
            let account = account.expect("an account");
            let refused = by_account(&account, Some(&before), &request, &providers());
            let refused = refused.expect_err(field);
            assert_eq!(refused.field.as_deref(), Some(field));
        }
    }

    #[test]
    fn what_names_no_account_or_cannot_send_is_refused_by_its_field() {
        for text in ["acme", "zoom:a@acme.example", "google:acme"] {
            let refused = account(None, &request(text)).expect_err(text);
            assert_eq!(refused.field.as_deref(), Some("account"));
        }
        assert_eq!(account(None, &request(" ")), Ok(None));
        for (name, transport) in [
            ("google:a@acme.example", MailTransport::Graph),
            ("google:a@acme.example", MailTransport::Maildir),
            ("microsoft:a@acme.example", MailTransport::Sandbox),
        ] {
            let asked = MailConfigure {
                transport: Some(transport),
                ..request(name)
            };
            let refused = made(&asked).expect_err(name);
            assert_eq!(refused.field.as_deref(), Some("transport"), "{name}");
        }
    }
}
