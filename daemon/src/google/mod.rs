//! Google: whose account is connected there, and the keys to it. What Google really does, and where
//! that is written, is in `README.md` here.
//!
//! - `free_busy`: when people are busy, by one grant for many
//! - `provider`, `terms` ★, `refusal` ★: Google as a provider of [`grants`](crate::grants)
//!
//! Invariant: nothing here holds a secret longer than a request. This room knows no interviews, no
//! mail and no access rules.

mod free_busy;
mod provider;
mod refusal;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use secrecy::SecretString;
use url::Url;

use self::free_busy::FreeBusy;
pub use self::free_busy::MOST_CALENDARS;
use self::provider::GoogleProvider;
pub use self::terms::{APPROVED_WORK, BROKEN_WORK, FREE_BUSY_SCOPE, MAIL_SCOPE, TERMS, WORDS};
use crate::calendars::panel::{Hidden, Told};
use crate::clock::Clock;
use crate::config::accounts::GoogleConfig;
use crate::grants::{App, ConnectionId, Grants, Http, Unanswered};
use crate::schedule::ranges::Seconds;
use crate::store::Store;
use crate::vault::Vault;

/// The way to Google. Clones are one.
#[derive(Clone)]
pub struct Google {
    grants: Grants,
    free_busy: FreeBusy,
    sandbox: Option<String>,
}

impl Google {
    /// Opens the room; `secret` is that of the default app. Nothing is sent before a call, or
    /// before its grants are looked after.
    ///
    /// # Errors
    ///
    /// Where an address cannot be read, or the system has no certificates to trust.
    pub fn open(
        store: Store,
        vault: Vault,
        clock: Clock,
        config: &GoogleConfig,
        secret: Option<SecretString>,
    ) -> anyhow::Result<Self> {
        let read = |key: &'static str, text: &str| {
            let url = Url::parse(text);
            url.with_context(|| format!("Couldn't read google.{key}"))
        };
        let authorize = read("auth_url", &config.auth_url)?;
        let token = read("token_url", &config.token_url)?;
        let revoke = read("revoke_url", &config.revoke_url)?;
        let userinfo = read("userinfo_url", &config.userinfo_url)?;
        let api = read("api_url", &config.api_url)?;
        let addresses = [&authorize, &token, &revoke, &userinfo, &api];
        let http = Http::new(&addresses, clock.clone())?;
        let free_busy = FreeBusy {
            api,
            http: http.clone(),
            clock: clock.clone(),
        };
        let provider = Arc::new(GoogleProvider {
            endpoints: provider::endpoints(authorize, token, revoke),
            userinfo,
            http: http.clone(),
        });
        let app = (!config.client_id.is_empty()).then(|| App {
            client_id: config.client_id.clone(),
            secret,
            tenant: None,
        });
        Ok(Self {
            grants: Grants::open(store, vault, clock, http, provider, app),
            free_busy,
            sandbox: config.sandbox(),
        })
    }

    /// Whose Google is connected, and the keys to it.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// When each of `addresses` is busy between two moments, as the calendars say that the account of
    /// `who` may see. Each is in the answer, in lower case.
    ///
    /// # Errors
    ///
    /// Those of [`Unanswered`]: then nothing is known of anybody.
    pub async fn free_busy(
        &self,
        who: ConnectionId,
        addresses: &[String],
        span: &Seconds,
    ) -> Result<BTreeMap<String, Result<Told, Hidden>>, Unanswered> {
        self.free_busy
            .read(&self.grants, who, addresses, span)
            .await
    }

    /// What stands in for Google, where that is not Google itself.
    #[must_use]
    pub fn sandbox(&self) -> Option<String> {
        self.sandbox.clone()
    }
}
