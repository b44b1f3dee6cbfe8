//! Owns everything the sandbox knows, behind one lock that is never held across an await.
//!
//! The rooms keep their own invariants; this one only holds them together and looks things up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::answers::Answer;
use super::config::{Config, Decline};
use super::directory::{Account, App, Distribution, User};
use super::endpoint::Endpoint;
use super::grants::Grants;
use super::limits::Limits;
use super::meeting::Meeting;
use crate::sandbox::clock::{Clock, later};
use crate::sandbox::dice::Dice;
use crate::sandbox::faults::{Fate, Faults};
use crate::sandbox::page::name_of;

/// What was counted since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    /// Requests that arrived, answered or not.
    pub requests: BTreeMap<Endpoint, u64>,
    /// Pairs rotated.
    pub refreshes: u64,
    /// Refreshes refused because the grant or that token of it was dead.
    pub refreshes_refused: u64,
    /// Meetings made.
    pub meetings_made: u64,
    /// Requests of the API and of the token endpoints that did not ask for JSON.
    pub json_not_asked_for: u64,
}

impl Counters {
    /// How many requests asked for this.
    pub fn of(&self, endpoint: Endpoint) -> u64 {
        self.requests.get(&endpoint).copied().unwrap_or_default()
    }
}

/// Someone's wish that an admin approve an app.
pub(super) type Approval = (String, String);

/// Everything the sandbox knows.
pub(super) struct World {
    pub(super) url: String,
    pub(super) link_base: String,
    pub(super) clock: Clock,
    pub(super) dice: Dice,
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) users: BTreeMap<String, User>,
    pub(super) apps: Vec<App>,
    pub(super) default_user: String,
    pub(super) decline: Decline,
    pub(super) access_lifetime: SignedDuration,
    pub(super) host_calls_a_day: u32,
    pub(super) account_limits: bool,
    /// So many calls of the API refuse tokens that are good.
    pub(super) tokens_refused: u32,
    /// So many requests for a meeting that is there do not find it.
    pub(super) lags: u32,
    /// Users an admin took out of their account, who can still sign in.
    pub(super) unlinked: BTreeSet<String>,
    /// The id of the next meeting.
    pub(super) next_meeting_id: Option<u64>,
    /// Refusals are XML whatever is asked for.
    pub(super) refuses_in_xml: bool,
    /// Account and app; approved by an admin.
    pub(super) approvals: BTreeSet<Approval>,
    /// Account and app; asked for and not answered.
    pub(super) approval_requests: BTreeSet<Approval>,
    pub(super) grants: Grants,
    pub(super) meetings: BTreeMap<u64, Meeting>,
    /// What Zoom answers about these meetings, whatever is asked.
    pub(super) odd_meetings: BTreeMap<u64, Answer>,
    /// Keys in start addresses, their meeting and their end.
    pub(super) host_keys: HashMap<String, (u64, Timestamp)>,
    /// Page tokens of meeting lists.
    pub(super) pages: HashMap<String, Page>,
    pub(super) limits: Limits,
    pub(super) faults: Faults<Endpoint, Answer>,
    pub(super) counters: Counters,
}

/// Where the next page of a list begins.
pub(super) struct Page {
    pub(super) user: String,
    pub(super) kind: String,
    pub(super) after: (Timestamp, u64),
    pub(super) ends: Timestamp,
}

/// `start_url` is good for two hours (Zoom's Meetings API).
const HOST_KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(2);

impl World {
    pub(super) fn new(config: Config, url: String, seed: u64) -> Self {
        let mut world = Self {
            link_base: config.link_base.unwrap_or_else(|| url.clone()),
            url,
            clock: config.clock,
            dice: Dice::seeded(seed),
            accounts: BTreeMap::new(),
            users: BTreeMap::new(),
            apps: config.apps,
            default_user: config.default_user,
            decline: config.decline,
            access_lifetime: config.access_lifetime,
            host_calls_a_day: config.host_calls_a_day,
            account_limits: config.account_limits,
            tokens_refused: 0,
            lags: 0,
            unlinked: BTreeSet::new(),
            next_meeting_id: None,
            refuses_in_xml: false,
            approvals: BTreeSet::new(),
            approval_requests: BTreeSet::new(),
            grants: Grants::default(),
            meetings: BTreeMap::new(),
            odd_meetings: BTreeMap::new(),
            host_keys: HashMap::new(),
            pages: HashMap::new(),
            limits: Limits::default(),
            faults: Faults::default(),
            counters: Counters::default(),
        };
        for account in config.accounts {
            world.accounts.insert(account.id.clone(), account);
        }
        for user in config.users {
            world.seat(user);
        }
        world
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Adds a user, or replaces the one of this address, who keeps their id; fills in what was left
    /// empty.
    pub(super) fn seat(&mut self, mut user: User) {
        user.email = user.email.to_lowercase();
        if user.id.is_empty() {
            let known = self.users.get(&user.email).map(|known| known.id.clone());
            user.id = known.unwrap_or_else(|| self.dice.opaque(16));
        }
        if user.display_name.is_empty() {
            user.display_name = name_of(&user.email);
        }
        self.users.insert(user.email.clone(), user);
    }

    /// The app of a client id of either kind.
    pub(super) fn app_of(&self, client_id: &str) -> Option<&App> {
        let mut apps = self.apps.iter();
        apps.find(|app| app.client_id == client_id || app.public_client_id == client_id)
    }

    /// A user by address (in any case) or by Zoom's id.
    pub(super) fn user(&self, name: &str) -> Option<&User> {
        let by_address = self.users.get(&name.trim().to_lowercase());
        by_address.or_else(|| self.users.values().find(|user| user.id == name))
    }

    /// A meeting whose id still means something.
    pub(super) fn meeting(&self, id: u64) -> Option<&Meeting> {
        let now = self.now();
        self.meetings
            .get(&id)
            .filter(|meeting| meeting.is_known_at(now))
    }

    /// A fresh key for a start address.
    pub(super) fn host_key(&mut self, meeting: u64) -> String {
        let now = self.now();
        let (key, ends) = (self.dice.token(), later(now, HOST_KEY_LIFETIME));
        self.host_keys.retain(|_, (_, ends)| now < *ends);
        self.host_keys.insert(key.clone(), (meeting, ends));
        key
    }

    /// Whether this user may authorize this app now.
    pub(super) fn admission(&self, user: &User, app: &App) -> Admission {
        let at_home = match &app.distribution {
            Distribution::Private { account } => *account == user.account,
            Distribution::Published => true,
        };
        if !at_home {
            return Admission::NotForThisAccount;
        }
        let needs = self
            .accounts
            .get(&user.account)
            .is_some_and(|account| account.needs_approval);
        if needs
            && !self
                .approvals
                .contains(&(user.account.clone(), app.name.clone()))
        {
            return Admission::NeedsApproval;
        }
        Admission::Granted
    }

    /// Counts a request and says what befalls it.
    pub(super) fn arrive(&mut self, endpoint: Endpoint) -> Fate<Answer> {
        *self.counters.requests.entry(endpoint).or_default() += 1;
        self.faults.strike(endpoint)
    }
}

/// Whether a user may authorize an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Granted,
    NeedsApproval,
    NotForThisAccount,
}
