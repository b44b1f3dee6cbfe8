//! `greenroom mail setup`, `settings` and `test`: the workspace's own email.
//!
//! On a terminal setting up is `guided`, here as in `greenroom setup`. What is given as an option is
//! not asked for; with servers, an account or a way of sending given it is for scripts, and little is
//! asked. A password is typed without being shown, or read from a file; it is never an argument.

mod guided;
mod testing;

use std::path::PathBuf;

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::{
    MailConfigure, MailLogIn, MailSecurity, MailServer, MailSettings, MailSource,
};
use url::Url;

pub(crate) use self::guided::{Given, set_up};
pub(crate) use self::testing::MailTesting;
use super::ask;
use super::session::Session;
use super::words::{MailSystemWord, TransportWord, word};
use super::workspace::secret_in;
use crate::client::Client;
use crate::output::{Lines, Stop, is_interactive};

#[derive(Debug, Args)]
pub(crate) struct MailSetup {
    /// The address invitations come from and replies return to
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// Which mail system it is [default: looked up by the address]
    #[arg(long, value_name = "SYSTEM")]
    system: Option<MailSystemWord>,
    /// Where emails are handed over: smtps://USER@HOST or smtp+starttls://USER@HOST, with the
    /// user's @ written as %40
    #[arg(long, value_name = "URL")]
    smtp: Option<String>,
    /// Where replies are read: imaps://USER@HOST or imap+starttls://USER@HOST
    #[arg(long, value_name = "URL")]
    imap: Option<String>,
    /// A file with the password; asked for on a terminal otherwise
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// A file with the password for reading, if it is another one
    #[arg(long, value_name = "FILE")]
    imap_password_file: Option<PathBuf>,
    /// A connected account to log in with: google:ADDRESS or microsoft:ADDRESS
    #[arg(long, value_name = "PROVIDER:ADDRESS")]
    account: Option<String>,
    /// The folder replies are read from [default: the inbox]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// How emails leave
    #[arg(long, value_name = "HOW")]
    transport: Option<TransportWord>,
    /// Go back to the email settings of the daemon's configuration
    #[arg(long, conflicts_with_all = [
        "from", "system", "smtp", "imap", "password_file", "imap_password_file", "account", "folder",
        "transport",
    ])]
    reset: bool,
    /// Only check it and show what it would be
    #[arg(long)]
    dry_run: bool,
}

impl MailSetup {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let reset = self.reset;
        let asks = is_interactive() && !session.output.is_json();
        if asks && !reset && !self.is_scripted() {
            let given = Given {
                from: self.from,
                system: self.system,
                password_file: self.password_file,
                imap_password_file: self.imap_password_file,
                dry_run: self.dry_run,
            };
            return set_up(session, client, given).await;
        }
        let request = match reset {
            true => MailConfigure {
                reset,
                dry_run: self.dry_run,
                ..MailConfigure::default()
            },
            false => self.scripted()?,
        };
        let dry_run = request.dry_run;
        let set = client.mail_configure(request).await?;
        show(session, &set, dry_run)?;
        if !dry_run && !reset && !session.output.is_json() {
            session.output.note("next: greenroom mail test");
        }
        Ok(())
    }

    /// Whether servers, an account or a way is given: then nothing is looked up and little is asked.
    fn is_scripted(&self) -> bool {
        self.smtp.is_some()
            || self.imap.is_some()
            || self.account.is_some()
            || self.transport.is_some()
            || self.folder.is_some()
    }

    fn scripted(self) -> Result<MailConfigure, Error> {
        let smtp = self
            .smtp
            .as_deref()
            .map(|url| server("smtp", url))
            .transpose()?;
        let imap = self
            .imap
            .as_deref()
            .map(|url| server("imap", url))
            .transpose()?;
        let smtp_password = secret_in(self.password_file.as_deref(), "smtp_password")?;
        let imap_password = secret_in(self.imap_password_file.as_deref(), "imap_password")?;
        let needs_one = |server: &Option<MailServer>| {
            server.as_ref().is_some_and(|server| server.user.is_some())
        };
        let asks = (needs_one(&smtp) || needs_one(&imap)) && self.account.is_none();
        let typed = match smtp_password.is_none() && imap_password.is_none() && asks {
            true if is_interactive() => Some(ask::secret("Password: ")?),
            _ => None,
        };
        // A password for reading alone is for reading alone.
        let (smtp_password, imap_password) = match (typed, smtp.is_some()) {
            (Some(typed), false) => (smtp_password, Some(typed)),
            (typed, _) => (smtp_password.or(typed), imap_password),
        };
        Ok(MailConfigure {
            reset: false,
            system: self.system.map(Into::into),
            transport: self.transport.map(Into::into),
            from: self.from,
            account: self.account,
            smtp,
            smtp_password,
            imap,
            imap_password,
            folder: self.folder,
            expected_revision: None,
            dry_run: self.dry_run,
        })
    }
}

/// A server as its URL names it. `protocol` is `smtp` or `imap`.
fn server(protocol: &str, text: &str) -> Result<MailServer, Error> {
    let refuse = |why: String| Error::usage(why).field(protocol);
    let url = Url::parse(text).map_err(|_| {
        refuse(format!(
            "{text:?} is not a URL such as {protocol}s://user@mail.example"
        ))
    })?;
    let security = match url.scheme().strip_prefix(protocol) {
        Some("s") => MailSecurity::Tls,
        Some("+starttls") => MailSecurity::Starttls,
        Some("") => MailSecurity::Plain,
        _ => {
            let why = format!("The URL must begin with {protocol}s:// or {protocol}+starttls://");
            return Err(refuse(why));
        }
    };
    if url.password().is_some() {
        let why =
            "The URL holds a password, which others on this machine can see: use --password-file";
        return Err(refuse(why.to_owned()));
    }
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| refuse("The URL names no host".to_owned()))?;
    let usual = match (protocol, security) {
        ("smtp", MailSecurity::Tls) => 465,
        ("smtp", _) => 587,
        (_, MailSecurity::Tls) => 993,
        _ => 143,
    };
    // A `+` in a user's name is a plus, and `%40` an `@`.
    let user = format!("user={}", url.username().replace('+', "%2B"));
    let user = url::form_urlencoded::parse(user.as_bytes()).next();
    let user = user.map(|(_, user)| user.into_owned());
    Ok(MailServer {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(usual),
        security,
        user: user.filter(|user| !user.is_empty()),
    })
}

/// Shows what was set, or would be.
fn show(session: &Session, set: &MailSettings, dry_run: bool) -> Result<(), Stop> {
    if dry_run {
        session.output.note("dry run: nothing was changed");
    }
    session.output.record(set, || lines(set))
}

/// `greenroom mail settings`.
pub(super) async fn settings(session: &Session, client: &Client) -> Result<(), Stop> {
    let settings = client.mail_settings().await?;
    session.output.record(&settings, || lines(&settings))
}

fn lines(set: &MailSettings) -> Lines {
    let source = match set.source {
        MailSource::Workspace => "the workspace's own settings",
        MailSource::Configuration => "[mail] of the daemon's configuration",
        MailSource::Nobody => "not set up",
    };
    let at = |server: &MailServer, log_in: &MailLogIn| {
        let MailServer { host, port, .. } = server;
        let security = word(server.security);
        let user = server.user.as_deref().map(|user| format!(" as {user}"));
        let how = match log_in {
            MailLogIn::None => "no log-in".to_owned(),
            MailLogIn::Password => "password".to_owned(),
            MailLogIn::Account(provider) => format!("{} account", provider.name()),
            MailLogIn::Command => "token command".to_owned(),
        };
        format!(
            "{host}:{port} ({security}){}, {how}",
            user.unwrap_or_default()
        )
    };
    Lines::new()
        .line("decided by", source)
        .maybe("system", set.system.map(word))
        .line("emails leave", word(set.transport))
        .maybe("from", set.from.as_ref())
        .maybe("account", set.account.as_ref())
        .maybe("smtp", set.smtp.as_ref().map(|it| at(it, &set.smtp_log_in)))
        .maybe("imap", set.imap.as_ref().map(|it| at(it, &set.imap_log_in)))
        .maybe("folder", set.imap.as_ref().map(|_| set.folder.clone()))
        .maybe("warning", set.warning.as_ref())
        .line("replies", &set.replies)
        .maybe("problem", set.replies_error.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_as_in_the_configuration() {
        let read = server("smtp", "smtps://robin+x%40acme.example@mail.example").expect("a server");
        assert_eq!((read.host.as_str(), read.port), ("mail.example", 465));
        assert_eq!(read.security, MailSecurity::Tls);
        assert_eq!(read.user.as_deref(), Some("robin+x@acme.example"));
        let read = server("imap", "imap+starttls://mail.example:1143").expect("a server");
        assert_eq!(
            (read.port, read.security, read.user),
            (1143, MailSecurity::Starttls, None)
        );
        for (url, why) in [
            ("https://mail.example", "must begin with smtps://"),
            ("smtps://robin:hunter2@mail.example", "holds a password"),
            ("mail.example", "is not a URL"),
            ("smtps://", "names no host"),
        ] {
            let refused = server("smtp", url).expect_err(url);
            assert!(refused.message.contains(why), "{url}: {refused:?}");
            assert!(!refused.message.contains("hunter2"), "{refused:?}");
        }
    }
}
