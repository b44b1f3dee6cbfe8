//! Owns what a sandbox Google starts with.

use jiff::SignedDuration;

use super::directory::{Account, Client, Domain, Project, Publishing, UserType};
use crate::sandbox::clock::Clock;

/// The id of Greenroom's desktop client.
pub const CLIENT_ID: &str =
    "407408718192-q7jw2uvdrzkxt4myhb9sla8e2c1vgtd6.apps.googleusercontent.com";
/// Its secret, worth nothing anywhere.
pub const CLIENT_SECRET: &str = "GOCSPX-sandbox-secret-of-no-value";

/// What a sandbox starts with.
#[derive(Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The Workspace domains.
    pub domains: Vec<Domain>,
    /// The accounts. More can be added while it runs.
    pub accounts: Vec<Account>,
    /// The projects; the first one is Greenroom's.
    pub projects: Vec<Project>,
    /// Stands in the page's field when the address names no one.
    pub default_account: String,
    /// How long an access token lives. `expires_in` is one second less, as Google's is.
    pub access_lifetime: SignedDuration,
    /// The clock it goes by.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        let email = "dana.reyes@acme.example";
        Self {
            port: 0,
            domains: vec![Domain::new("acme.example")],
            accounts: vec![Account::new(email)],
            projects: vec![greenroom()],
            default_account: email.to_owned(),
            access_lifetime: SignedDuration::from_hours(1),
            clock: Clock::Ahead(0),
        }
    }
}

impl Config {
    /// The usual one, with one more account, whose domain trusts apps.
    #[must_use]
    pub fn with_account(mut self, account: Account) -> Self {
        let known = |name: &String| self.domains.iter().any(|domain| domain.name == *name);
        if let Some(name) = account.domain.as_ref().filter(|name| !known(name)) {
            self.domains.push(Domain::new(name));
        }
        self.accounts.push(account);
        self
    }

    /// The usual one, whose app is external and in Testing, for these accounts.
    #[must_use]
    pub fn in_testing(mut self, users: &[&str]) -> Self {
        for project in &mut self.projects {
            let users = users.iter().map(|user| (*user).to_owned());
            project.user_type = UserType::External;
            project.publishing = Publishing::Testing {
                users: users.collect(),
            };
        }
        self
    }
}

fn greenroom() -> Project {
    Project {
        name: "Greenroom".to_owned(),
        number: 407_408_718_192,
        user_type: UserType::Internal {
            domain: "acme.example".to_owned(),
        },
        publishing: Publishing::Production,
        clients: vec![Client {
            id: CLIENT_ID.to_owned(),
            secret: CLIENT_SECRET.to_owned(),
        }],
        calendar_api: true,
        gmail_api: true,
    }
}
