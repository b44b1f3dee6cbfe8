//! Everything about being allowed to act for somebody at a provider: consent in the browser, the
//! keys it gives, their renewal, and their end.
//!
//! - `provider`, `terms` ★: the port; all that this room knows of a provider
//! - `connection` ★, `reason`, `id`: what a connection is, every way it changes, why, and whose
//! - `consent`: from the browser to keys that are somebody's, and back to none; who waits for an
//!   administrator's approval
//! - `keys`: secrets at rest and in use, one renewal at a time; apps; revocation; keys from a
//!   backup
//! - `timers`, `refresher`, `singleflight`: what is due when, renewed before it ends, never all at
//!   once, each once
//! - `unanswered`: why a call to a provider's API came to nothing
//! - `wire`: OAuth over HTTP
//!
//! Invariants: a secret is in the vault or in a request, nowhere else; new keys are durable before
//! they are used; what may have happened at the provider is never taken for what did not. This
//! room knows no interviews, no access rules and no API; it tells others of changes through the
//! store alone.

pub mod connection;
mod consent;
mod id;
mod inner;
mod keys;
mod provider;
mod reason;
mod refresher;
mod singleflight;
mod terms;
mod timers;
mod unanswered;
mod wire;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use greenroom_protocol::id::{AttemptId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use secrecy::SecretString;
use tokio::sync::OnceCell;

pub use self::connection::{ConnectionRecord, Grant, Link, Profile};
pub(crate) use self::consent::approval::{recall, waiting};
pub use self::consent::attempt::ATTEMPT_MINUTES;
pub use self::consent::connect::{Started, Subject};
pub use self::consent::disconnect::Released;
pub use self::consent::error::{ConnectError, ConnectFailure};
pub use self::consent::finish::Answer;
use self::consent::{approval, attempt, connect, disconnect, finish};
pub use self::id::{ConnectionId, KeysFor, NoOwner, Owner};
use self::inner::Inner;
pub use self::keys::after_restore::mark_uncertain;
pub use self::keys::apps::{AppName, SecretChange};
pub use self::keys::call::KeysSeen;
use self::keys::{access, apps, call};
pub use self::provider::{ClientAuth, Endpoints, Provider, Unidentified};
pub use self::reason::{Own, Reason, Unavailable, Words};
use self::singleflight::{Singleflight, Tasks};
pub use self::terms::{
    AskedBy, Audience, Ends, Reconsent, Redirect, RevokeBy, Revoking, Rotation, Scope, Scopes,
    Terms, WorkKinds,
};
pub use self::timers::RENEWALS_A_SECOND;
use self::timers::Timers;
pub use self::unanswered::Unanswered;
pub use self::wire::backoff::after_limit;
pub use self::wire::http::{Cause, HTTP_DEADLINE, Http, HttpError, NoReply, Reply};
pub use self::wire::oauth::App;
#[cfg(any(test, fuzzing))]
pub(crate) use self::wire::oauth::OAuth as AuthorizationServer;
use self::wire::oauth::OAuth;
pub use self::wire::oauth::failure::{
    Asked, Failure, OAuthError, believed, retry_after, standard, unreadable,
};
pub use self::wire::skew::Skew;
use crate::clock::Clock;
use crate::store::{Attribution, Revision, Store, StoreError, Tx};
use crate::vault::{Vault, VaultError};

/// The grants of one provider. Clones are one.
#[derive(Clone)]
pub struct Grants(Arc<Inner>);

impl Grants {
    /// Opens the room for a provider that is reached through `http`; `default_app` is used where a
    /// workspace has no app of its own. Nothing is sent before [`Grants::run_refresher`] or a call.
    #[must_use]
    pub fn open(
        store: Store,
        vault: Vault,
        clock: Clock,
        http: Http,
        provider: Arc<dyn Provider>,
        default_app: Option<App>,
    ) -> Self {
        let tasks = Arc::new(Tasks::new());
        Self(Arc::new(Inner {
            store,
            vault,
            oauth: OAuth::new(Arc::clone(&provider), http.clone(), clock.clone()),
            http,
            default_app,
            renewals: Singleflight::new(Arc::clone(&tasks)),
            finishing: Singleflight::new(Arc::clone(&tasks)),
            revocations: Singleflight::new(Arc::clone(&tasks)),
            tasks,
            timers: Arc::new(Timers::new(clock.clone(), provider.terms())),
            uncertain: Mutex::default(),
            following: OnceCell::new(),
            provider,
            clock,
        }))
    }

    /// Renews idle connections daily and those of expected hosts in time, tries again what failed,
    /// ends attempts, and takes up what a killed daemon left, until [`Grants::drain`]. Run it
    /// once.
    ///
    /// # Errors
    ///
    /// Where the connections cannot be read.
    pub async fn run_refresher(self) -> Result<(), StoreError> {
        refresher::run_refresher(self.0).await
    }

    /// One round of [`Grants::run_refresher`], for tests.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn tick(&self) -> Result<(), StoreError> {
        refresher::tick(&self.0).await
    }

    /// Starts nothing any more and waits for exchanges, renewals and revocations under way; each
    /// ends within its deadlines.
    pub async fn drain(&self) {
        self.0.tasks.close();
        self.0.timers.wake();
        self.0.tasks.drain().await;
    }

    /// What the provider is.
    #[must_use]
    pub fn terms(&self) -> &'static Terms {
        self.0.terms()
    }

    /// The vault, for `doctor`.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// How far this machine's clock is from the provider's, once it has answered anything.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        self.0.http.skew()
    }

    /// A connection and its revision, 0 where there never was one.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn status(
        &self,
        who: ConnectionId,
    ) -> Result<(ConnectionRecord, Revision), StoreError> {
        let key = self.0.key(who);
        let stored = self.0.store.get(&who.space(), &key).await?;
        let none = || (ConnectionRecord::none(self.terms()), Revision::default());
        Ok(stored.map_or_else(none, |stored| (stored.record, stored.revision)))
    }

    /// Every connection of a workspace that ever was, with its revision.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn statuses(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<Owner, (ConnectionRecord, Revision)>, StoreError> {
        const PAGE: usize = 500;
        let (space, mut found) = (workspace.to_string(), BTreeMap::new());
        let mut after = None::<String>;
        loop {
            let store = &self.0.store;
            let page = store.scan::<ConnectionRecord>(&space, after.as_deref(), PAGE);
            let page = page.await?;
            after = page.rows.last().map(|(id, _)| id.clone());
            for (key, row) in page.rows {
                if let Some(who) = ConnectionId::of_key(self.terms(), &space, &key) {
                    found.insert(who.owner, (row.record, row.revision));
                }
            }
            if !page.more {
                return Ok(found);
            }
        }
    }

    /// Makes `app` the workspace's in the caller's commit; `None`: the daemon's default
    /// again. Nobody waits for the approval of the app it replaces any more.
    ///
    /// # Errors
    ///
    /// Where the store or the vault cannot be read or written.
    pub async fn set_app(
        &self,
        tx: &Tx,
        workspace: WorkspaceId,
        app: Option<AppName<'_>>,
        secret: SecretChange,
    ) -> Result<(), VaultError> {
        let replaced = apps::set(&self.0, tx, workspace, app, secret).await?;
        if let Some(former) = replaced {
            let now = self.0.clock.now();
            approval::withdraw_approval(self.terms(), tx, workspace, &former, now).await?;
        }
        Ok(())
    }

    /// The client id of the app that new connections of a workspace are made with, where there is
    /// one.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn app(&self, tx: &Tx, workspace: WorkspaceId) -> Result<Option<String>, VaultError> {
        apps::current_id(&self.0, tx, workspace).await
    }

    /// The client id of the app that is to be approved, where there is something to ask for.
    ///
    /// # Errors
    ///
    /// Where the member is connected, there is no app, or the store cannot be read.
    pub async fn approvable(&self, tx: &Tx, who: ConnectionId) -> Result<String, ConnectError> {
        let found = approval::app(&self.0, tx, who).await;
        self.told(found)
    }

    /// Keeps in the caller's commit that an administrator was asked to approve this app.
    ///
    /// # Errors
    ///
    /// Where the member is connected, or the store cannot be written.
    pub async fn await_approval(
        &self,
        tx: &Tx,
        who: ConnectionId,
        client_id: &str,
    ) -> Result<(), ConnectError> {
        let asked = approval::ask(&self.0, tx, who, client_id).await;
        self.told(asked)
    }

    /// Starts connecting; the browser comes back to `redirect_uri`, which the provider's
    /// [`Redirect`] describes.
    ///
    /// # Errors
    ///
    /// Those of [`ConnectFailure`].
    pub async fn start(
        &self,
        subject: &Subject,
        redirect_uri: &str,
    ) -> Result<Started, ConnectError> {
        let started = connect::start(&self.0, subject, redirect_uri).await;
        self.told(started)
    }

    /// Whose an attempt is, to judge whether a caller may finish or cancel it.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn attempt(&self, id: AttemptId) -> Result<Option<ConnectionId>, ConnectError> {
        let whose = connect::subject_of(&self.0, id).await;
        self.told(whose)
    }

    /// The attempt a `state` speaks of, for a pasted address.
    #[must_use]
    pub fn attempt_in(state: &Opaque) -> Option<AttemptId> {
        attempt::named_in(state.reveal())
    }

    /// Hands in what came back; answers when the connection stands or failed, and goes on when the
    /// caller goes away.
    ///
    /// # Errors
    ///
    /// Those of [`ConnectFailure`].
    pub async fn finish(
        &self,
        attempt: AttemptId,
        state: &Opaque,
        answer: Answer,
    ) -> Result<ConnectionId, ConnectError> {
        let finished = finish::finish(&self.0, attempt, state, answer).await;
        self.told(finished)
    }

    /// Ends an attempt that waits for its browser.
    ///
    /// # Errors
    ///
    /// Where it is being finished, or the store cannot be written.
    pub async fn cancel(&self, attempt: AttemptId) -> Result<(), ConnectError> {
        let cancelled = connect::cancel(&self.0, attempt).await;
        self.told(cancelled)
    }

    /// Wipes a connection at once, then asks the provider to revoke it, where it can be asked.
    ///
    /// # Errors
    ///
    /// Where the store or the vault cannot be written.
    pub async fn disconnect(
        &self,
        who: ConnectionId,
        by: &Attribution,
    ) -> Result<Released, ConnectError> {
        let released = disconnect::disconnect(&self.0, who, by).await;
        self.told(released)
    }

    /// These connections are needed soon, and no others: their keys are kept valid, before those of
    /// others. Said again and again by those who know.
    pub fn expect(&self, hosts: HashSet<ConnectionId>) {
        self.0.timers.expect(hosts);
    }

    /// Waits until connections that did not work do again, and says which. For one who waits.
    pub async fn returned(&self) -> HashSet<ConnectionId> {
        refresher::returned(&self.0).await
    }

    /// Whether a member may leave: they have no keys and are not getting any.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read.
    pub async fn may_leave(&self, tx: &Tx, who: ConnectionId) -> Result<bool, StoreError> {
        disconnect::may_leave(&self.0, tx, who).await
    }

    /// Forgets, in the caller's commit, everything of a member who may leave.
    ///
    /// # Errors
    ///
    /// Where the store cannot be read or written.
    pub async fn leave(&self, tx: &Tx, who: ConnectionId) -> Result<(), StoreError> {
        disconnect::leave(&self.0, tx, who).await
    }

    /// Whether calls can be made with these keys now, renewing where that is due.
    ///
    /// # Errors
    ///
    /// Those of [`Unavailable`].
    pub async fn ready(&self, wanted: impl Into<KeysFor>) -> Result<(), Unavailable> {
        access::access(&self.0, wanted.into()).await.map(drop)
    }

    /// Refuses where a connection was made without a permission, by the provider's name for it.
    /// What else is wrong with it, a call says.
    ///
    /// # Errors
    ///
    /// [`Unavailable::NotGranted`], or where the store cannot be read.
    pub async fn permits(&self, who: ConnectionId, scope: &str) -> Result<(), Unavailable> {
        let status = self.status(who).await;
        let (record, _) = status.map_err(VaultError::from)?;
        let has = |grant: &Grant| self.terms().scopes.grants(&grant.scopes, scope);
        match record.grant().is_none_or(has) {
            true => Ok(()),
            false => Err(Unavailable::NotGranted),
        }
    }

    /// Calls the provider's API with these keys, renewed before where that is due, and once
    /// more where they were refused. `ask` makes the request; `seen` reads what its answer says of
    /// the keys.
    ///
    /// # Errors
    ///
    /// Those of [`Unavailable`]; no answer that refuses keys comes back as an answer.
    pub async fn call<T, F: Future<Output = T>>(
        &self,
        wanted: impl Into<KeysFor>,
        ask: impl Fn(SecretString) -> F,
        seen: impl Fn(&T) -> KeysSeen,
    ) -> Result<T, Unavailable> {
        call::call(&self.0, wanted.into(), ask, seen).await
    }

    fn told<T>(&self, result: Result<T, ConnectFailure>) -> Result<T, ConnectError> {
        result.map_err(|why| why.of(self.terms()))
    }
}
