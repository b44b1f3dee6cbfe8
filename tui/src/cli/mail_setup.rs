//! `greenroom mail setup`, `settings` and `test`: the workspace's own email.
//!
//! Guided on a terminal: the address, its system, what has to be allowed there, the log-in, a test.
//! What is given as an option is not asked for. A password is typed without being shown, or read
//! from a file; it is never an argument.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use greenroom_protocol::account::{Account, AccountListQuery, AccountProvider, Purpose};
use greenroom_protocol::mail_settings::{
    MailConfigure, MailDiscover, MailDiscovered, MailLogIn, MailSecurity, MailServer, MailSettings,
    MailSource, MailTest, MailTestQuery, MailTestResult, MailTestStep,
};
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::{Error, ErrorKind};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::ask;
use super::session::Session;
use super::words::{MailSystemWord, TransportWord, here, word};
use super::workspace::secret_in;
use crate::client::Client;
use crate::output::{Failure, Lines, Stop, is_interactive};

/// One long poll, at most; a short one notices a daemon that went away.
const POLL: Duration = Duration::from_secs(20);

/// How long a test may take: the email has two minutes to come back.
const TEST_PATIENCE: Duration = Duration::from_secs(180);

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

#[derive(Debug, Args)]
pub(crate) struct MailTesting {
    /// Only show the latest test
    #[arg(long)]
    show: bool,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl MailSetup {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let reset = self.reset;
        let guided = !reset && !self.is_scripted() && is_interactive() && !session.output.is_json();
        let request = match (reset, guided) {
            (true, _) => MailConfigure {
                reset,
                dry_run: self.dry_run,
                ..MailConfigure::default()
            },
            (false, true) => self.guided(session, client).await?,
            (false, false) => self.scripted()?,
        };
        let dry_run = request.dry_run;
        let set = client.mail_configure(request).await?;
        if dry_run {
            session.output.note("dry run: nothing was changed");
        }
        session.output.record(&set, || lines(&set))?;
        if dry_run || reset || session.output.is_json() {
            return Ok(());
        }
        if guided && set.delivers && !session.no_wait {
            session
                .output
                .note("testing: an email to the address itself is sent and read back");
            return run_test(session, client, true).await;
        }
        session.output.note("next: greenroom mail test");
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

    async fn guided(self, session: &Session, client: &Client) -> Result<MailConfigure, Error> {
        let question = "Address that invitations come from";
        let from = ask::value(self.from, "--from", question, None)?;
        let looked_up = MailDiscover {
            address: from.clone(),
            system: self.system.map(Into::into),
        };
        let mut found = client.mail_discover(looked_up).await?;
        if let Some(because) = &found.because {
            session.output.note(because);
        }
        if found.system.is_none() {
            let question =
                "Mail system (google, microsoft, exchange, fastmail, icloud, zoho, other)";
            let system = ask::choice::<MailSystemWord>(question, "other")?;
            let said = MailDiscover {
                address: from.clone(),
                system: Some(system.into()),
            };
            found = client.mail_discover(said).await?;
        }
        tell(session, &found);
        if let MailLogIn::Account(provider) = found.log_in {
            if is_connected(client, provider, &from).await? {
                session
                    .output
                    .note(&format!("{from} is connected: emails leave by it"));
                return Ok(MailConfigure {
                    system: found.system,
                    account: Some(format!("{}:{from}", provider.word())),
                    from: Some(from),
                    dry_run: self.dry_run,
                    ..MailConfigure::default()
                });
            }
            session.output.note(&format!(
                "{from} is not connected. To connect it first: greenroom {} connect --for-workspace",
                provider.word()
            ));
        }
        let smtp = asked_server(
            found.smtp,
            "SMTP server that takes your emails",
            &from,
            465,
            587,
        )?;
        let imap = asked_server(
            found.imap,
            "IMAP server that replies are read from",
            &from,
            993,
            143,
        )?;
        let smtp_password = match secret_in(self.password_file.as_deref(), "smtp_password")? {
            Some(password) => password,
            None => ask::secret(&format!("Password of {from}: "))?,
        };
        let imap_password = secret_in(self.imap_password_file.as_deref(), "imap_password")?;
        Ok(MailConfigure {
            system: found.system,
            from: Some(from),
            account: Some(String::new()),
            smtp: Some(smtp),
            smtp_password: Some(smtp_password),
            imap: Some(imap),
            imap_password,
            dry_run: self.dry_run,
            ..MailConfigure::default()
        })
    }
}

/// Says what has to be allowed, and by whom.
fn tell(session: &Session, found: &MailDiscovered) {
    let steps = |title: &str, steps: &[String]| {
        if steps.is_empty() {
            return;
        }
        session.output.note(title);
        for step in steps {
            session.output.note(&format!("  - {step}"));
        }
    };
    steps(
        "What your email administrator has to allow:",
        &found.admin_steps,
    );
    steps("What you do:", &found.own_steps);
}

/// Whether the workspace or a member has connected the account of this address for email.
async fn is_connected(
    client: &Client,
    provider: AccountProvider,
    address: &str,
) -> Result<bool, Error> {
    let query = AccountListQuery {
        provider: Some(provider),
    };
    let accounts = client.account_list(query).await?.items;
    let is_it = |it: &Account| {
        let user = it.user.as_ref();
        it.state.serves()
            && it.purposes.contains(&Purpose::Mail)
            && user.is_some_and(|user| user.email.eq_ignore_ascii_case(address))
    };
    Ok(accounts.iter().any(is_it))
}

/// A server as it was found, or as the person says.
fn asked_server(
    found: Option<MailServer>,
    question: &str,
    user: &str,
    tls: u16,
    starttls: u16,
) -> Result<MailServer, Error> {
    let usual = found.as_ref().map(|it| format!("{}:{}", it.host, it.port));
    let answer = ask::value(None, "--smtp", question, usual.as_deref())?;
    let (host, port) = match answer.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => {
            let port = port.parse().ok().filter(|port| *port > 0);
            let port = port.ok_or_else(|| Error::usage("A port is a number from 1 to 65535"))?;
            (host.to_owned(), port)
        }
        _ => (answer, tls),
    };
    if let Some(found) = found.filter(|it| it.host == host && it.port == port) {
        return Ok(found);
    }
    Ok(MailServer {
        host,
        port,
        security: match port == starttls {
            true => MailSecurity::Starttls,
            false => MailSecurity::Tls,
        },
        user: Some(user.to_owned()),
    })
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

/// `greenroom mail settings`.
pub(super) async fn settings(session: &Session, client: &Client) -> Result<(), Stop> {
    let settings = client.mail_settings().await?;
    session.output.record(&settings, || lines(&settings))
}

impl MailTesting {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        if self.dry_run {
            session.output.note(
                "dry run: an email to the workspace's own address would be sent and read back",
            );
        }
        run_test(session, client, !self.show && !self.dry_run).await
    }
}

async fn run_test(session: &Session, client: &Client, start: bool) -> Result<(), Stop> {
    let mut before = client.hello().revision;
    let query = |start| MailTestQuery {
        start,
        dry_run: false,
    };
    let mut test = client.mail_test(query(start)).await?;
    let end = Instant::now() + session.patience_or(TEST_PATIENCE);
    while test.running && start && !session.no_wait {
        match timeout_at(end, client.changes(before, POLL)).await {
            Err(_) => break,
            Ok(changes) => before = changes?.revision,
        }
        test = client.mail_test(query(false)).await?;
    }
    let Some(error) = failure(&test).filter(|_| start && !session.no_wait) else {
        return session.output.record(&test, || test_lines(&test));
    };
    if !session.output.is_json() {
        session.output.record(&test, || test_lines(&test))?;
    }
    Err(Failure::with(error, "test", &test).into())
}

/// What the shell hears of a test that did not go well.
fn failure(test: &MailTest) -> Option<Error> {
    if test.running {
        let error = Error::new(ErrorKind::Pending, "The email test is still running");
        return Some(error.hint("it continues; see: greenroom mail test --show"));
    }
    let mut steps = test.steps.iter();
    let wrong = steps.find(|step| step.result == CheckResult::Wrong)?;
    let error = Error::new(
        ErrorKind::Upstream,
        format!("{}: {}", step_name(wrong.step), wrong.message),
    );
    Some(match &wrong.hint {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    })
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

fn test_lines(test: &MailTest) -> Lines {
    let outcome = match (test.running, test.started_at, test.result) {
        (true, ..) => "in progress",
        (false, None, _) => "never tested",
        (false, _, Some(CheckResult::Ok)) => "email works",
        (false, _, Some(CheckResult::Warning)) => "email works, with the warnings above",
        (false, _, _) => "email does not work yet",
    };
    Lines::new()
        .maybe("started", test.started_at.map(here))
        .each("steps", test.steps.iter().map(step))
        .line("result", outcome)
}

fn step(step: &MailTestResult) -> String {
    let sign = match step.result {
        CheckResult::Ok => "ok     ",
        CheckResult::Warning => "warning",
        CheckResult::Wrong => "failed ",
    };
    let hint = step.hint.as_ref().map(|hint| format!(" ({hint})"));
    let name = step_name(step.step);
    format!(
        "{sign} {name}: {}{}",
        step.message,
        hint.unwrap_or_default()
    )
}

fn step_name(step: MailTestStep) -> &'static str {
    match step {
        MailTestStep::LogIn => "log in to send",
        MailTestStep::Send => "send",
        MailTestStep::LogInToRead => "log in to read",
        MailTestStep::Read => "read",
    }
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
