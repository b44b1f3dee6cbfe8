//! Setting up email question by question: in `greenroom mail setup`, and as a step of
//! `greenroom setup`.
//!
//! Owns the order: the address, its system, what has to be allowed there, the log-in, the test.
//! Invariant: nothing is set before the last question is answered, and an account is connected before
//! email is set to leave by it, so stopping halfway changes nothing about email.

use std::path::PathBuf;

use clap::ValueEnum;
use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountListQuery, AccountProvider, AccountQuery, Purpose,
};
use greenroom_protocol::mail_settings::{
    MailConfigure, MailDiscover, MailDiscovered, MailLogIn, MailServer,
};
use greenroom_protocol::setting_up::AppKind;
use greenroom_protocol::workspace::WorkspaceEdit;

use super::show;
use super::testing::run_test;
use crate::cli::ask::{self, Answer};
use crate::cli::connect::AccountConnect;
use crate::cli::guide;
use crate::cli::session::Session;
use crate::cli::words::MailSystemWord;
use crate::cli::workspace::secret_in;
use crate::client::Client;
use crate::output::Stop;
use crate::typed::server::{self, Ports};

/// What is not asked for.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) from: Option<String>,
    pub(crate) system: Option<MailSystemWord>,
    pub(crate) password_file: Option<PathBuf>,
    pub(crate) imap_password_file: Option<PathBuf>,
    pub(crate) dry_run: bool,
}

/// How one logs in where both are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogInWord {
    Browser,
    Password,
}

/// Asks, sets it up, and tests it.
pub(crate) async fn set_up(session: &Session, client: &Client, given: Given) -> Result<(), Stop> {
    let request = asked(session, client, given).await?;
    let dry_run = request.dry_run;
    let set = client.mail_configure(request).await?;
    show(session, &set, dry_run)?;
    if dry_run {
        return Ok(());
    }
    if session.no_wait || !set.delivers {
        session.output.note("next: greenroom mail test");
        return Ok(());
    }
    session
        .output
        .note("testing: an email to the address itself is sent and read back");
    run_test(session, client, true).await
}

async fn asked(session: &Session, client: &Client, given: Given) -> Result<MailConfigure, Stop> {
    let question = "Address that invitations come from";
    let from = ask::value(given.from.clone(), "--from", question, None)?;
    let found = look_up(session, client, &from, given.system).await?;
    tell(session, &found);
    let provider = match found.log_in {
        MailLogIn::Account(provider) => Some(provider),
        _ => None,
    };
    if let Some(provider) = provider
        && let Some(by_account) = account(session, client, &given, &from, provider).await?
    {
        return Ok(MailConfigure {
            system: found.system,
            ..by_account
        });
    }
    let smtp = smtp_server(session, found.smtp, &from)?;
    let imap = imap_server(session, found.imap, &from)?;
    let smtp_password = match secret_in(given.password_file.as_deref(), "smtp_password")? {
        Some(password) => password,
        None => ask::secret(&format!("Password of {from}: "))?,
    };
    let imap_password = secret_in(given.imap_password_file.as_deref(), "imap_password")?;
    Ok(MailConfigure {
        system: found.system,
        from: Some(from),
        account: Some(String::new()),
        smtp: Some(smtp),
        smtp_password: Some(smtp_password),
        imap,
        imap_password,
        dry_run: given.dry_run,
        ..MailConfigure::default()
    })
}

/// The address's system, as it is found or as the person says.
async fn look_up(
    session: &Session,
    client: &Client,
    from: &str,
    system: Option<MailSystemWord>,
) -> Result<MailDiscovered, Error> {
    let looked_up = |system: Option<MailSystemWord>| MailDiscover {
        address: from.to_owned(),
        system: system.map(Into::into),
    };
    let found = client.mail_discover(looked_up(system)).await?;
    if let Some(because) = &found.because {
        session.output.note(because);
    }
    if found.system.is_some() {
        return Ok(found);
    }
    let question = "Mail system (google, microsoft, exchange, fastmail, icloud, zoho, other)";
    let system = ask::choice::<MailSystemWord>(question, "other")?;
    client.mail_discover(looked_up(Some(system))).await
}

/// Says what has to be allowed, and by whom.
fn tell(session: &Session, found: &MailDiscovered) {
    let parts = [
        ("What your email admin has to allow:", &found.admin_steps),
        ("What you do first:", &found.own_steps),
    ];
    for (title, steps) in parts.into_iter().filter(|(_, steps)| !steps.is_empty()) {
        session.output.note(title);
        for step in steps {
            session.output.note(&format!("  - {step}"));
        }
    }
}

/// Email by the account of this address, connected now where it is not; `None`: by a password.
async fn account(
    session: &Session,
    client: &Client,
    given: &Given,
    from: &str,
    provider: AccountProvider,
) -> Result<Option<MailConfigure>, Stop> {
    let output = session.output;
    let by_account = MailConfigure {
        account: Some(format!("{}:{from}", provider.word())),
        from: Some(from.to_owned()),
        dry_run: given.dry_run,
        ..MailConfigure::default()
    };
    if is_connected(client, provider, from).await? {
        output.note(&format!("{from} is connected: emails leave by it"));
        return Ok(Some(by_account));
    }
    let takes_passwords = provider == AccountProvider::Google;
    if takes_passwords {
        let question = "Log in (browser: sign in there · password: an app password)";
        if ask::choice::<LogInWord>(question, "browser")? == LogInWord::Password {
            return Ok(None);
        }
    }
    if given.dry_run {
        output.note(&format!(
            "dry run: {from} would be connected in the browser"
        ));
        return Ok(Some(by_account));
    }
    let query = AccountQuery {
        provider,
        member: None,
        for_workspace: true,
    };
    if !client.account_get(query).await?.app {
        make_app(session, client, provider).await?;
    }
    let connect = AccountConnect::of_workspace(from.to_owned());
    connect.run(session, provider).await?;
    Ok(Some(by_account))
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

/// Says how the app is made that people connect with, and asks for what of it is entered here.
async fn make_app(
    session: &Session,
    client: &Client,
    provider: AccountProvider,
) -> Result<(), Stop> {
    let output = session.output;
    let app = match provider {
        AccountProvider::Google => AppKind::Google,
        AccountProvider::Microsoft => AppKind::Microsoft,
    };
    output.note(&format!(
        "Accounts connect through an app at {}:",
        provider.name()
    ));
    guide::show(output, &guide::of(client, app).await?);
    let id = ask::value(None, "--client-id", "Client ID", None)?;
    if let Some(advice) = app.client_id_advice(&id) {
        output.warn(advice);
    }
    let edit = match provider {
        AccountProvider::Google => WorkspaceEdit {
            google_client_id: Some(id),
            google_client_secret: Some(ask::secret("Client secret: ")?),
            ..WorkspaceEdit::default()
        },
        AccountProvider::Microsoft => WorkspaceEdit {
            microsoft_client_id: Some(id),
            microsoft_tenant: Some(ask::value(None, "--tenant", "Tenant ID", None)?),
            ..WorkspaceEdit::default()
        },
    };
    client.workspace_edit(edit).await?;
    output.note(&format!("{} app saved", provider.name()));
    Ok(())
}

fn smtp_server(
    session: &Session,
    found: Option<MailServer>,
    user: &str,
) -> Result<MailServer, Error> {
    let question = "SMTP server that takes your emails";
    let usual = found.as_ref().map(|it| server::write(it, server::SMTP));
    loop {
        let answer = ask::value(None, "--smtp", question, usual.as_deref())?;
        if let Some(read) = read_server(session, &answer, server::SMTP, user) {
            return Ok(read);
        }
    }
}

/// `None`: replies are not read.
fn imap_server(
    session: &Session,
    found: Option<MailServer>,
    user: &str,
) -> Result<Option<MailServer>, Error> {
    let question = "IMAP server that replies are read from";
    let usual = found.as_ref().map(|it| server::write(it, server::IMAP));
    loop {
        let answer = match &usual {
            Some(usual) => ask::value(None, "--imap", question, Some(usual))?,
            None => match ask::optional(&format!("{question} (empty: none)"))? {
                Answer::Text(answer) => answer,
                Answer::Empty | Answer::End => return Ok(None),
            },
        };
        if let Some(read) = read_server(session, &answer, server::IMAP, user) {
            return Ok(Some(read));
        }
    }
}

fn read_server(session: &Session, answer: &str, ports: Ports, user: &str) -> Option<MailServer> {
    let read = server::read(answer, ports, user);
    if read.is_none() {
        let words = format!(
            "Write it as host or host:port, such as mail.acme.example:{}",
            ports.tls
        );
        session.output.warn(&words);
    }
    read
}
