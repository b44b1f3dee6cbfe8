//! Microsoft: whose account is connected there, and the keys to it. What Microsoft really does, and
//! where that is written, is in `README.md` here.
//!
//! - `schedule`: when people are busy and work, by one grant for many
//! - `provider`, `terms` ★, `refusal` ★: Microsoft as a provider of [`grants`](crate::grants)
//!
//! Invariant: nothing here holds a secret longer than a request. This room knows no interviews, no
//! mail and no access rules.

mod provider;
mod refusal;
mod schedule;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use url::Url;

use self::provider::MicrosoftProvider;
pub use self::schedule::MOST_ADDRESSES;
use self::schedule::Schedules;
pub use self::terms::{APPROVED_WORK, BROKEN_WORK, FREE_BUSY_SCOPE, OUTLOOK, TERMS, WORDS};
use crate::calendars::panel::{Hidden, Told};
use crate::clock::Clock;
use crate::config::accounts::MicrosoftConfig;
use crate::grants::{App, ConnectionId, Grants, Http, Unanswered};
use crate::schedule::ranges::Seconds;
use crate::store::Store;
use crate::vault::Vault;

/// The way to Microsoft. Clones are one.
#[derive(Clone)]
pub struct Microsoft {
    grants: Grants,
    schedules: Schedules,
    sandbox: Option<String>,
}

impl Microsoft {
    /// Opens the room. Nothing is sent before a call, or before its grants are looked after.
    ///
    /// # Errors
    ///
    /// Where an address cannot be read, or the system has no certificates to trust.
    pub fn open(
        store: Store,
        vault: Vault,
        clock: Clock,
        config: &MicrosoftConfig,
    ) -> anyhow::Result<Self> {
        let read = |key: &'static str, text: &str| {
            let url = Url::parse(text);
            url.with_context(|| format!("Couldn't read microsoft.{key}"))
        };
        let login = read("login_url", &config.login_url)?;
        let graph = read("graph_url", &config.graph_url)?;
        let http = Http::new(&[&login, &graph], clock.clone())?;
        let schedules = Schedules {
            graph: graph.clone(),
            http: http.clone(),
            clock: clock.clone(),
        };
        let provider = Arc::new(MicrosoftProvider {
            login,
            graph,
            http: http.clone(),
        });
        let app = (!config.client_id.is_empty()).then(|| App {
            client_id: config.client_id.clone(),
            secret: None,
            tenant: Some(config.tenant.clone()),
        });
        Ok(Self {
            grants: Grants::open(store, vault, clock, http, provider, app),
            schedules,
            sandbox: config.sandbox(),
        })
    }

    /// Whose Microsoft is connected, and the keys to it.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// When each of `addresses` is busy between two moments and when they work, as the account of
    /// `who` sees it. Each is in the answer, in lower case.
    ///
    /// # Errors
    ///
    /// Those of [`Unanswered`]: then nothing is known of anybody.
    pub async fn schedules(
        &self,
        who: ConnectionId,
        addresses: &[String],
        span: &Seconds,
    ) -> Result<BTreeMap<String, Result<Told, Hidden>>, Unanswered> {
        self.schedules
            .read(&self.grants, who, addresses, span)
            .await
    }

    /// What stands in for Microsoft, where that is not Microsoft itself.
    #[must_use]
    pub fn sandbox(&self) -> Option<String> {
        self.sandbox.clone()
    }
}
