//! `greenroom google …` and `greenroom microsoft …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountApprovalAsk, AccountDisconnect, AccountListQuery, AccountOwner,
    AccountProvider, AccountQuery, AccountUser,
};
use greenroom_protocol::page::Page;

use super::ask;
use super::connect::AccountConnect;
use super::paging::Paging;
use super::session::Session;
use super::words::{here, person, word};
use super::zoom::admin_reply;
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum AccountVerb {
    /// Show your account, a member's, the workspace's own, or all
    Status {
        #[command(flatten)]
        whose: Whose,
        /// Show every account there is, the workspace's own first
        #[arg(long, conflicts_with_all = ["member", "for_workspace"])]
        everybody: bool,
        #[command(flatten)]
        paging: Paging,
    },
    /// Connect an account in the browser: to send email and read replies, and to see when people
    /// are busy
    Connect(AccountConnect),
    /// Ask the admin there to approve the app: emails the request where email is set up, and prints
    /// it
    RequestApproval(RequestApproval),
    /// Disconnect: delete the keys here and, where that can be asked for, revoke access there
    Disconnect(Disconnect),
}

/// Whose account.
#[derive(Debug, Clone, Args)]
pub(crate) struct Whose {
    /// Whose: email, name or ID [default: yours]
    #[arg(long, value_name = "EMAIL", conflicts_with = "for_workspace")]
    pub(super) member: Option<String>,
    /// The workspace's own account, such as the mailbox its email comes from
    #[arg(long)]
    pub(super) for_workspace: bool,
}

impl Whose {
    pub(super) fn query(&self, provider: AccountProvider) -> AccountQuery {
        AccountQuery {
            provider,
            member: self.member.clone(),
            for_workspace: self.for_workspace,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RequestApproval {
    /// The admin's email; the workspace remembers it [default: the remembered one]
    #[arg(long, value_name = "EMAIL")]
    admin: Option<String>,
    #[command(flatten)]
    whose: Whose,
    /// Save the request to a file instead of printing it
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Only show the request; nothing is stored or sent
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Disconnect {
    #[command(flatten)]
    whose: Whose,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl AccountVerb {
    pub(crate) async fn run(
        self,
        session: &Session,
        provider: AccountProvider,
    ) -> Result<(), Stop> {
        match self {
            Self::Status {
                everybody: true,
                paging,
                ..
            } => {
                let query = AccountListQuery {
                    provider: Some(provider),
                };
                let page = session.client().await?.account_list(query).await?;
                let page: Page<_> = paging.part(page)?;
                session.output.list(&page, table)
            }
            Self::Status { whose, .. } => {
                let client = session.client().await?;
                let account = client.account_get(whose.query(provider)).await?;
                show(session, &account)
            }
            Self::Connect(connect) => connect.run(session, provider).await,
            Self::RequestApproval(request) => request.run(session, provider).await,
            Self::Disconnect(disconnect) => disconnect.run(session, provider).await,
        }
    }
}

impl RequestApproval {
    async fn run(self, session: &Session, provider: AccountProvider) -> Result<(), Stop> {
        let ask = AccountApprovalAsk {
            provider,
            member: self.whose.member,
            for_workspace: self.whose.for_workspace,
            admin: self.admin,
            dry_run: self.dry_run,
        };
        let client = session.client().await?;
        let request = client.account_request_approval(ask).await?;
        let (output, name) = (session.output, provider.name());
        let text = format!("Subject: {}\n\n{}\n", request.subject, request.text);
        if let Some(file) = &self.save {
            std::fs::write(file, &text).map_err(|error| {
                let file = file.display();
                Error::failed(format!("Couldn't save the request in {file}: {error}"))
            })?;
            output.note(&format!("saved in {}", file.display()));
        }
        match (&request.admin, request.sent) {
            _ if request.dry_run => output.note("dry run: nothing was sent"),
            (Some(admin), true) => output.note(&format!("request emailed to {admin}")),
            (Some(admin), false) => output.note(&format!(
                "Email isn't set up: send this to {admin} yourself"
            )),
            (None, _) => output.note(&format!(
                "No {name} admin is known: send this to yours, or name one with --admin"
            )),
        }
        if !request.dry_run {
            output.note(&format!(
                "once it is approved: greenroom {} connect",
                provider.word()
            ));
        }
        if output.is_json() {
            return output.json(&request);
        }
        match self.save {
            Some(_) => Ok(()),
            None => output.print(&text),
        }
    }
}

impl Disconnect {
    async fn run(self, session: &Session, provider: AccountProvider) -> Result<(), Stop> {
        let client = session.client().await?;
        let ask = |dry_run| AccountDisconnect {
            provider,
            member: self.whose.member.clone(),
            for_workspace: self.whose.for_workspace,
            expected_revision: None,
            dry_run,
        };
        let output = session.output;
        let would = client.account_disconnect(ask(true)).await?;
        let whose = owner(&would.owner);
        let done = match self.dry_run {
            true => would,
            false => {
                // Said before, for it cannot be undone.
                would.loses.iter().for_each(|loss| output.note(loss));
                let question = format!("Disconnect {} of {whose}", provider.name());
                ask::confirm(session, &question)?;
                client.account_disconnect(ask(false)).await?
            }
        };
        if let Some(hint) = &done.hint {
            output.warn(hint);
        }
        output.record(&done, || {
            let revoked = match (done.dry_run, done.revoked) {
                (true, true) => "would be revoked and deleted",
                (true, false) => "the keys here would be deleted",
                (false, true) => "confirmed",
                (false, false) => "not confirmed; the keys here are deleted",
            };
            let lines = Lines::new()
                .line("disconnected", whose.clone())
                .line("revoked", revoked);
            done.loses
                .iter()
                .fold(lines, |lines, loss| lines.line("lost", loss))
        })
    }
}

pub(super) fn show(session: &Session, account: &Account) -> Result<(), Stop> {
    session.output.record(account, || lines(account))
}

fn owner(owner: &AccountOwner) -> String {
    match owner {
        AccountOwner::Workspace => "the workspace".to_owned(),
        AccountOwner::Member(member) => person(&member.name, &member.email),
    }
}

fn user(user: &AccountUser) -> String {
    let named = person(&user.name, &user.email);
    match &user.organization {
        Some(organization) => format!("{named} ({organization})"),
        None => named,
    }
}

fn purposes(account: &Account) -> String {
    let names = account.purposes.iter().map(|purpose| purpose.name());
    names.collect::<Vec<_>>().join(", ")
}

/// The command that connects it.
fn again(account: &Account) -> String {
    let connect = format!("greenroom {} connect", account.provider.word());
    match &account.owner {
        AccountOwner::Workspace => format!("{connect} --for-workspace"),
        AccountOwner::Member(_) => connect,
    }
}

fn table(accounts: &[Account]) -> Table {
    let mut table = Table::new(["OF", "STATE", "ACCOUNT", "FOR", "REASON"]);
    for account in accounts {
        let of = match &account.owner {
            AccountOwner::Workspace => "workspace",
            AccountOwner::Member(member) => &member.name,
        };
        let email = account.user.as_ref().map(|user| user.email.as_str());
        table.row([
            of,
            &word(account.state),
            email.unwrap_or_default(),
            &purposes(account),
            account.reason.as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn lines(account: &Account) -> Lines {
    let missing = &account.missing_scopes;
    let missing = (!missing.is_empty()).then(|| missing.join(" "));
    let purposes = Some(purposes(account)).filter(|_| account.user.is_some());
    let no_app = (!account.app).then(|| {
        let word = account.provider.word();
        format!("none; an admin sets it: greenroom workspace edit --{word}-client-id ID")
    });
    Lines::new()
        .line("account", account.provider.name())
        .line("of", owner(&account.owner))
        .line("state", word(account.state))
        .maybe("reason", account.reason.as_ref())
        .maybe("next", account.hint.as_ref())
        .all(admin_reply(account.admin_reply.as_ref(), &again(account)))
        .maybe("app", no_app)
        .maybe("user", account.user.as_ref().map(user))
        .maybe("used for", purposes)
        .maybe("since", account.since.map(here))
        .maybe("last refresh", account.last_refresh.map(here))
        .maybe("not granted", missing)
}
