//! Owns what a sandbox Microsoft starts with.

use jiff::SignedDuration;

use super::directory::{Account, App, Audience, Tenant, UserConsent};
use super::scopes::{Resource, Scope};
use crate::sandbox::clock::Clock;

/// The id of Greenroom's public client.
pub const CLIENT_ID: &str = "6f1c2a54-8f0e-4f6e-9a51-3d1f5b7c9e20";
/// The id of Acme's tenant.
pub const TENANT: &str = "2b7e1516-28ae-4d2a-a6ab-f7158809cf4f";

/// What a sandbox starts with.
#[derive(Clone)]
pub struct Config {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The tenants.
    pub tenants: Vec<Tenant>,
    /// The accounts. More can be added while it runs.
    pub accounts: Vec<Account>,
    /// The registered apps.
    pub apps: Vec<App>,
    /// Stands in the page's field when the address names no one.
    pub default_account: String,
    /// How long an access token lives; `None` is between 60 and 90 minutes, as Microsoft has it.
    pub access_lifetime: Option<SignedDuration>,
    /// The clock it goes by.
    pub clock: Clock,
}

impl Default for Config {
    fn default() -> Self {
        let email = "dana.reyes@acme.example";
        Self {
            port: 0,
            tenants: vec![acme()],
            accounts: vec![
                Account::new(email),
                Account::new("aoife.byrne@acme.example").admin(),
            ],
            apps: vec![greenroom()],
            default_account: email.to_owned(),
            access_lifetime: None,
            clock: Clock::Ahead(0),
        }
    }
}

impl Config {
    /// The usual one, with one more account of Acme's.
    #[must_use]
    pub fn with_account(mut self, account: Account) -> Self {
        self.accounts.push(account);
        self
    }

    /// The usual one, where users may consent to this.
    #[must_use]
    pub fn consenting(mut self, consent: UserConsent) -> Self {
        for tenant in &mut self.tenants {
            tenant.consent = consent;
        }
        self
    }
}

fn acme() -> Tenant {
    Tenant {
        id: TENANT.to_owned(),
        domain: "acme.example".to_owned(),
        name: "Acme".to_owned(),
        consent: UserConsent::Everything,
        smtp: true,
    }
}

fn greenroom() -> App {
    let scope = |resource, name: &str| Scope {
        resource,
        name: name.to_owned(),
    };
    App {
        client_id: CLIENT_ID.to_owned(),
        name: "Greenroom".to_owned(),
        tenant: TENANT.to_owned(),
        audience: Audience::SingleTenant,
        redirects: vec!["http://localhost/callback".to_owned()],
        permissions: vec![
            scope(Resource::Graph, "User.Read"),
            scope(Resource::Graph, "Mail.Send"),
            scope(Resource::Graph, "Mail.Read"),
            scope(Resource::Graph, "Calendars.ReadBasic"),
            scope(Resource::Exchange, "SMTP.Send"),
            scope(Resource::Exchange, "IMAP.AccessAsUser.All"),
        ],
    }
}
