//! Owns everything the sandbox Microsoft knows, behind one lock that is never held across an await.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::config::Config;
use super::directory::{Account, App, Audience, Tenant};
use super::endpoint::Endpoint;
use super::grants::{Grants, Owner};
use super::mailbox::{Folder, Mailbox};
use super::scopes::Resource;
use crate::sandbox::clock::Clock;
use crate::sandbox::dice::Dice;
use crate::sandbox::faults::{Canned, Fate, Faults};
use crate::sandbox::ledger::Ledger;
use crate::sandbox::page::name_of;
use crate::sandbox::smtp::{Sent, SmtpFaults};

/// What one mailbox may send in a minute.
const MESSAGES_A_MINUTE: usize = 30;

/// How busy an entry of a calendar makes its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Not at all.
    Free,
    /// Perhaps.
    Tentative,
    /// Busy.
    Busy,
    /// Out of office.
    Oof,
    /// At work somewhere else.
    WorkingElsewhere,
}

impl Status {
    /// Its digit in the view; more weighs more. Working elsewhere counts as free there.
    pub(super) fn weight(self) -> char {
        match self {
            Self::Free | Self::WorkingElsewhere => '0',
            Self::Tentative => '1',
            Self::Busy => '2',
            Self::Oof => '3',
        }
    }
}

/// An entry of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// How busy it makes its owner.
    pub status: Status,
    /// What it is about, which colleagues may read.
    #[serde(default)]
    pub subject: String,
}

/// What was counted since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Requests that arrived, answered or not.
    pub requests: BTreeMap<Endpoint, u64>,
    /// Tokens made from refresh tokens.
    pub refreshes: u64,
    /// Refreshes that were refused.
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
    pub(super) url: String,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) tenants: Vec<Tenant>,
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) apps: Vec<App>,
    pub(super) default_account: String,
    pub(super) access_lifetime: Option<SignedDuration>,
    pub(super) grants: Grants,
    pub(super) sent: Vec<Sent>,
    pub(super) mailboxes: BTreeMap<String, Mailbox>,
    pub(super) calendars: BTreeMap<String, Vec<Entry>>,
    /// Requests under way of an app to a mailbox.
    under_way: BTreeMap<Owner, usize>,
    pub(super) faults: Faults<Endpoint, Canned>,
    pub(super) smtp_faults: SmtpFaults,
    pub(super) counters: Counters,
    pub(super) ledger: Ledger,
}

/// The first part of a path.
pub(super) enum Named {
    Tenant(Tenant),
    /// `common` or `organizations`: whichever tenant the user is of.
    Any,
}

impl World {
    pub(super) fn new(config: Config, url: String, seed: u64) -> Self {
        let mut world = Self {
            url,
            clock: config.clock,
            dice: Dice::seeded(seed),
            tenants: config.tenants,
            accounts: BTreeMap::new(),
            apps: config.apps,
            default_account: config.default_account,
            access_lifetime: config.access_lifetime,
            grants: Grants::default(),
            sent: Vec::new(),
            mailboxes: BTreeMap::new(),
            calendars: BTreeMap::new(),
            under_way: BTreeMap::new(),
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

    /// Adds an account, or replaces the one of this address, who keeps their id; fills in what was
    /// left empty.
    pub(super) fn seat(&mut self, mut account: Account) {
        account.email = account.email.to_lowercase();
        if account.oid.is_empty() {
            let known = self.accounts.get(&account.email);
            let known = known.map(|known| known.oid.clone());
            account.oid = known.unwrap_or_else(|| self.dice.guid());
        }
        if account.name.is_empty() {
            account.name = name_of(&account.email);
        }
        self.accounts.insert(account.email.clone(), account);
    }

    pub(super) fn account(&self, email: &str) -> Option<&Account> {
        self.accounts.get(&email.trim().to_lowercase())
    }

    pub(super) fn app(&self, client_id: &str) -> Option<&App> {
        let mut apps = self.apps.iter();
        apps.find(|app| app.client_id.eq_ignore_ascii_case(client_id))
    }

    /// The tenant of this id or domain.
    pub(super) fn tenant(&self, name: &str) -> Option<&Tenant> {
        let is = |tenant: &&Tenant| {
            tenant.id.eq_ignore_ascii_case(name) || tenant.domain.eq_ignore_ascii_case(name)
        };
        self.tenants.iter().find(is)
    }

    /// The first part of a path; `None` where there is no such tenant.
    pub(super) fn named(&self, name: &str) -> Option<Named> {
        match name {
            "common" | "organizations" => Some(Named::Any),
            _ => self.tenant(name).cloned().map(Named::Tenant),
        }
    }

    /// Whether an app can be used in a tenant.
    pub(super) fn is_in(app: &App, tenant: &Tenant) -> bool {
        app.audience == Audience::MultiTenant || app.tenant == tenant.id
    }

    /// How long the next access token lives.
    pub(super) fn lifetime(&mut self) -> SignedDuration {
        let minute = i64::try_from(self.dice.next() % 31).unwrap_or_default();
        let lifetime = SignedDuration::from_mins(60 + minute);
        self.access_lifetime.unwrap_or(lifetime)
    }

    /// Who this is, if their token is for this API, has this scope, and opens this user's mail.
    pub(super) fn opens_mail(
        &self,
        user: &str,
        token: &str,
        (resource, scope): (Resource, &str),
    ) -> Option<&Account> {
        let access = self.grants.bearer(token)?;
        let account = self.account(&access.owner.0)?;
        let has = access.scopes.iter().any(|granted| granted.name == scope);
        let good = access.resource == resource && has && self.now() < access.ends;
        let theirs = account.email == user.trim().to_lowercase() && account.mailbox;
        (good && theirs).then_some(account)
    }

    /// Whether an account may send one more message now
    /// (<https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits>).
    pub(super) fn may_send_now(&self, account: &str) -> bool {
        let now = self.now();
        let minute = SignedDuration::from_mins(1);
        let recent = self
            .sent
            .iter()
            .filter(|sent| sent.account == account && now.duration_since(sent.at) < minute);
        recent.count() < MESSAGES_A_MINUTE
    }

    /// A message leaves: one to sent items, one to each recipient who is here.
    pub(super) fn send(&mut self, sent: Sent) {
        self.deliver(&sent.account, Folder::SentItems, sent.message.clone());
        for to in &sent.to {
            let here = self.account(to).filter(|account| account.mailbox);
            if let Some(email) = here.map(|account| account.email.clone()) {
                self.deliver(&email, Folder::Inbox, sent.message.clone());
            }
        }
        self.sent.push(sent);
    }

    /// A message gets into a folder; returns its id.
    pub(super) fn deliver(&mut self, email: &str, folder: Folder, message: Vec<u8>) -> String {
        let now = self.now();
        let Self {
            mailboxes, dice, ..
        } = self;
        let mailbox = mailboxes.entry(email.to_owned()).or_default();
        mailbox.add(folder, message, now, dice)
    }

    /// One more request is under way; returns how many there are.
    pub(super) fn sit_down(&mut self, owner: &Owner) -> usize {
        let many = self.under_way.entry(owner.clone()).or_default();
        *many += 1;
        *many
    }

    /// One less.
    pub(super) fn stand_up(&mut self, owner: &Owner) {
        if let Some(many) = self.under_way.get_mut(owner) {
            *many = many.saturating_sub(1);
        }
    }

    /// Counts a request and says what befalls it.
    pub(super) fn arrive(&mut self, endpoint: Endpoint) -> Fate<Canned> {
        *self.counters.requests.entry(endpoint).or_default() += 1;
        self.faults.strike(endpoint)
    }
}
