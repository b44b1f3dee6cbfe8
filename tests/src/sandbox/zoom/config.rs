//! Owns what a sandbox starts with. The default is one company whose people can connect at once.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::directory::{Account, App, Distribution, Plan, SCOPES, User};
use crate::sandbox::clock::Clock;

/// The default app's client id without a secret.
pub const PUBLIC_CLIENT_ID: &str = "q7Jw2uVdRzKxT4mYhB9sLA";
/// The default app's client id that goes with [`CLIENT_SECRET`].
pub const CLIENT_ID: &str = "Zk3nP8rEQxWc1vGtD6yUfA";
/// The default app's secret; worth nothing outside the sandbox.
pub const CLIENT_SECRET: &str = "sandbox-secret-of-no-value";

/// What Zoom does when a user declines. No document says which; clients must survive both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decline {
    /// Back to the redirect address with `error=access_denied`.
    #[default]
    AccessDenied,
    /// A page of its own; the redirect address never hears of it.
    Silence,
}

/// What a sandbox starts with.
#[derive(Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// The users. More can be added while it runs.
    pub users: Vec<User>,
    /// The apps.
    pub apps: Vec<App>,
    /// Stands in the consent page's field when the address names no one.
    pub default_user: String,
    /// What declining does.
    pub decline: Decline,
    /// Create and update calls one host may make in a UTC day. Zoom's figure is 100.
    pub host_calls_a_day: u32,
    /// Whether accounts are held to Zoom's limits of calls; where a bench asks how fast something
    /// is, they are not.
    pub account_limits: bool,
    /// How long an access token lives. `expires_in` is one second less, as Zoom's is.
    pub access_lifetime: SignedDuration,
    /// What `join_url` and `start_url` begin with; `None` is the sandbox itself, which answers
    /// them with a page.
    pub link_base: Option<String>,
    /// The clock it goes by.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            accounts: vec![Account::new("acme", Plan::Business)],
            users: vec![User::new("dana.reyes@acme.example")],
            apps: vec![greenroom()],
            default_user: "dana.reyes@acme.example".to_owned(),
            decline: Decline::default(),
            host_calls_a_day: 100,
            account_limits: true,
            access_lifetime: SignedDuration::from_hours(1),
            link_base: None,
            clock: Clock::Ahead(0),
        }
    }
}

impl Config {
    /// The usual one, where nobody can connect before an admin has approved the app.
    #[must_use]
    pub fn needing_approval() -> Self {
        Self {
            accounts: vec![Account {
                needs_approval: true,
                ..Account::new("acme", Plan::Business)
            }],
            ..Self::default()
        }
    }

    /// The same, with one more user.
    #[must_use]
    pub fn with_user(mut self, user: User) -> Self {
        self.users.push(user);
        self
    }
}

fn greenroom() -> App {
    App {
        name: "Greenroom".to_owned(),
        public_client_id: PUBLIC_CLIENT_ID.to_owned(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        redirects: vec!["http://127.0.0.1/callback".to_owned()],
        scopes: SCOPES
            .iter()
            .map(|(scope, _)| (*scope).to_owned())
            .collect(),
        distribution: Distribution::Private {
            account: "acme".to_owned(),
        },
    }
}
