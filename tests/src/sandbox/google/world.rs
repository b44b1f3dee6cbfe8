//! Owns everything the sandbox Google knows, behind one lock that is never held across an await.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::config::Config;
use super::directory::{Account, AppAccess, Client, Domain, Project, Publishing, UserType};
use super::endpoint::Endpoint;
use super::grants::{Access, Grants, Owner};
use super::scopes;
use crate::sandbox::clock::Clock;
use crate::sandbox::dice::Dice;
use crate::sandbox::faults::{Canned, Fate, Faults};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::smtp::{Sent, SmtpFaults};

/// What was counted since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Requests that arrived, answered or not.
    pub requests: BTreeMap<Endpoint, u64>,
    /// Access tokens made from refresh tokens.
    pub refreshes: u64,
    /// Refreshes refused because the token was dead or unknown.
    pub refreshes_refused: u64,
}

impl Counters {
    /// How many requests asked for this.
    pub fn of(&self, endpoint: Endpoint) -> u64 {
        self.requests.get(&endpoint).copied().unwrap_or_default()
    }
}

/// Everything the sandbox knows.
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) domains: BTreeMap<String, Domain>,
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) projects: Vec<Project>,
    pub(super) default_account: String,
    pub(super) access_lifetime: SignedDuration,
    pub(super) grants: Grants,
    /// Busy times by account.
    pub(super) busy: BTreeMap<String, Vec<(Timestamp, Timestamp)>>,
    /// Members of groups by the group's address.
    pub(super) groups: BTreeMap<String, Vec<String>>,
    /// A minute, and the calls of a user in it.
    pub(super) calls: BTreeMap<Owner, (i64, u32)>,
    pub(super) sent: Vec<Sent>,
    pub(super) faults: Faults<Endpoint, Canned>,
    pub(super) smtp_faults: SmtpFaults,
    pub(super) counters: Counters,
    pub(super) ledger: Ledger,
}

/// Why Google shows a page of its own instead of asking the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wall {
    /// The app is internal to another organization.
    OrgInternal,
    /// The app is in Testing, and the user is no tester.
    NotTester,
    /// The domain's admins do not trust the app.
    AdminPolicy,
    /// The service is not on for this user.
    NotConfigured,
}

impl World {
    pub(super) fn new(config: Config, seed: u64) -> Self {
        let domains = config.domains.into_iter();
        let mut world = Self {
            clock: config.clock,
            dice: Dice::seeded(seed),
            domains: domains
                .map(|domain| (domain.name.clone(), domain))
                .collect(),
            accounts: BTreeMap::new(),
            projects: config.projects,
            default_account: config.default_account,
            access_lifetime: config.access_lifetime,
            grants: Grants::default(),
            busy: BTreeMap::new(),
            groups: BTreeMap::new(),
            calls: BTreeMap::new(),
            sent: Vec::new(),
            faults: Faults::default(),
            smtp_faults: SmtpFaults::default(),
            counters: Counters::default(),
            ledger: Ledger::default(),
        };
        for account in config.accounts {
            world.seat(account);
        }
        world
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Adds an account, or replaces the one of this address, who keeps their number; fills in what
    /// was left empty.
    pub(super) fn seat(&mut self, mut account: Account) {
        account.email = account.email.to_lowercase();
        if account.sub.is_empty() {
            let known = self.accounts.get(&account.email);
            let number = known.map(|known| known.sub.clone());
            let made = || format!("1{:020}", self.dice.next() % 100_000_000_000_000_000);
            account.sub = number.unwrap_or_else(made);
        }
        if account.name.is_empty() {
            account.name = crate::sandbox::page::name_of(&account.email);
        }
        self.grants.set_gone(&account.email, false);
        self.accounts.insert(account.email.clone(), account);
    }

    pub(super) fn account(&self, email: &str) -> Option<&Account> {
        self.accounts.get(&email.trim().to_lowercase())
    }

    /// The client of an id, and its project.
    pub(super) fn client(&self, id: &str) -> Option<(&Project, &Client)> {
        let mut pairs = self.projects.iter().flat_map(|project| {
            let clients = project.clients.iter();
            clients.map(move |client| (project, client))
        });
        pairs.find(|(_, client)| client.id == id)
    }

    /// Whether Google asks this user at all, for these scopes of this project.
    pub(super) fn wall<'a>(
        &self,
        account: &Account,
        project: &Project,
        mut asked: impl Iterator<Item = &'a String>,
    ) -> Option<Wall> {
        if let UserType::Internal { domain } = &project.user_type
            && account.domain.as_ref() != Some(domain)
        {
            return Some(Wall::OrgInternal);
        }
        if let Publishing::Testing { users } = &project.publishing
            && !users.contains(&account.email)
        {
            return Some(Wall::NotTester);
        }
        let domain = account
            .domain
            .as_ref()
            .and_then(|name| self.domains.get(name));
        let refused = match domain.map(|domain| domain.access) {
            None | Some(AppAccess::Trusted) => false,
            Some(AppAccess::Limited) => asked.any(|scope| !scopes::is_sign_in(scope)),
            Some(AppAccess::Blocked) => true,
        };
        if refused {
            return Some(Wall::AdminPolicy);
        }
        account.not_configured.then_some(Wall::NotConfigured)
    }

    /// Whose access token this is, with the account.
    pub(super) fn bearer(&self, token: &str) -> Option<(&Access, &Account)> {
        let access = self.grants.bearer(token, self.now())?;
        let account = self.accounts.get(&access.owner.0)?;
        Some((access, account))
    }

    /// Whether this token opens this user's mail: it has the scope, and mail is on.
    pub(super) fn opens_mail(&self, user: &str, token: &str) -> bool {
        let Some((access, account)) = self.bearer(token) else {
            return false;
        };
        let domain = account.domain.as_ref();
        let domain = domain.and_then(|name| self.domains.get(name));
        access.scopes.contains(scopes::MAIL)
            && account.email == user.trim().to_lowercase()
            && account.mail
            && domain.is_none_or(|domain| domain.mail)
    }

    /// Counts a request and says what befalls it.
    pub(super) fn arrive(&mut self, endpoint: Endpoint) -> Fate<Canned> {
        *self.counters.requests.entry(endpoint).or_default() += 1;
        self.faults.strike(endpoint)
    }
}
