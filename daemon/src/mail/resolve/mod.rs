//! Which route a workspace's email takes.
//!
//! Owns the route of each workspace that has settings of its own, and the configuration's for all
//! others. A route is built in the commit that changes its settings, before that is acknowledged;
//! looking it up afterwards costs a look into a table. Invariant: no email of a workspace takes
//! another's route, nor the configuration's where its own settings can't be read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::time::Instant;
use tokio::sync::watch;

use super::accounts::{AccountName, MailAccounts};
use super::graph::Graph;
use super::inbound::mailboxes::Mailbox;
use super::log_in::{LogIn, PasswordFor, VaultPassword};
use super::message::Envelope;
use super::route::settings::Settings;
use super::route::{Ground, Inbox, Route};
use super::{Author, InboundHandler, token};
use crate::config::mail::MailConfig;
use crate::outbox;
use crate::outbox::record::MessageRecord;
use crate::records::mail::{MailRecord, MailServerRecord};
use crate::store::engine::Versioned;
use crate::store::follow::{self, Sink};
use crate::store::key::Key;
use crate::store::table::decode;
use crate::store::{Record as _, Revision, Store, StoreError, Tx};
use crate::vault::Vault;

/// Email, of every workspace. Clones are one.
#[derive(Clone)]
pub struct Mail(Arc<Inner>);

struct Inner {
    author: Arc<dyn Author>,
    inbound: Arc<dyn InboundHandler>,
    ground: Ground,
    default: Arc<Route>,
    own: RwLock<BTreeMap<WorkspaceId, Own>>,
    /// Counts the changes of `own` and of `again`.
    changes: watch::Sender<u64>,
    /// Workspaces whose mailbox is to be looked at again at once.
    again: Mutex<BTreeSet<WorkspaceId>>,
    /// The accounts email may leave by, once workspaces' own settings are followed.
    accounts: OnceLock<MailAccounts>,
    /// Names this run of the daemon.
    run: String,
}

/// A workspace with settings of its own.
struct Own {
    route: Arc<Route>,
    /// Replies to its earlier emails return to the configuration's mailbox.
    left_default: bool,
}

/// Whether `[mail]` can be used as it stands: its folders are made where they are not there.
///
/// # Errors
/// What is wrong with it.
pub fn try_default(config: &MailConfig, directory: &Path) -> anyhow::Result<()> {
    Ground::open(config, directory)?
        .default_route(config)
        .map(drop)
}

impl Mail {
    /// Every workspace by the configuration's route, until [`Mail::follow`]. `directory` is where
    /// the Maildir folders are.
    ///
    /// # Errors
    /// A folder can't be made, or the configuration names a server that is none.
    pub fn open(
        config: &MailConfig,
        directory: &Path,
        author: Arc<dyn Author>,
        inbound: Arc<dyn InboundHandler>,
    ) -> anyhow::Result<Self> {
        let ground = Ground::open(config, directory)?;
        let default = Arc::new(ground.default_route(config)?);
        Ok(Self(Arc::new(Inner {
            author,
            inbound,
            ground,
            default,
            own: RwLock::default(),
            changes: watch::Sender::new(0),
            again: Mutex::default(),
            accounts: OnceLock::new(),
            run: uuid::Uuid::now_v7().to_string(),
        })))
    }

    /// Goes by the workspaces' own settings in `store`, from now on and as they change. Their
    /// passwords are in `vault`, and their accounts among `accounts`; without those, settings that
    /// name one are not usable.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn follow(
        &self,
        store: &Store,
        vault: &Vault,
        accounts: Option<MailAccounts>,
    ) -> Result<(), StoreError> {
        if let Some(accounts) = &accounts {
            // Followed once; a second time it would be the same accounts.
            self.0.accounts.get_or_init(|| accounts.clone());
        }
        let sink = Feed {
            mail: self.clone(),
            store: store.clone(),
            vault: vault.clone(),
            accounts,
        };
        follow::follow(store, Arc::new(sink)).await
    }

    /// The route of a workspace's email.
    #[must_use]
    pub fn of(&self, workspace: WorkspaceId) -> Arc<Route> {
        let own = self.own();
        let own = own.get(&workspace).map(|own| own.route.clone());
        own.unwrap_or_else(|| self.0.default.clone())
    }

    /// The route that these settings would be, to be shown: nobody can log in by it.
    #[must_use]
    pub fn would_be(&self, workspace: WorkspaceId, record: &MailRecord, revision: u64) -> Route {
        let settings = Settings::of_record(record, revision);
        let account = record.account.as_deref().and_then(|it| it.parse().ok());
        let accounts = self.0.accounts.get();
        let graph = accounts.zip(account);
        let graph = graph.and_then(|(accounts, name)| accounts.graph(workspace, &name));
        self.0
            .ground
            .route(settings, LogIn::None, LogIn::None, graph)
    }

    /// The same; for a caller of no workspace, the configuration's.
    #[must_use]
    pub fn of_any(&self, workspace: Option<WorkspaceId>) -> Arc<Route> {
        workspace.map_or_else(|| self.0.default.clone(), |workspace| self.of(workspace))
    }

    /// The configuration's route.
    #[must_use]
    pub fn default_route(&self) -> &Arc<Route> {
        &self.0.default
    }

    /// Every mailbox there is, with the revision of its settings.
    pub(in crate::mail) fn mailboxes(&self) -> BTreeMap<Mailbox, u64> {
        let own = self.own();
        let routes = own
            .iter()
            .map(|(workspace, own)| (Some(*workspace), &own.route));
        let routes = routes.chain([(None, &self.0.default)]);
        let with_revision = |(whose, route): (_, &Arc<Route>)| {
            let mailbox = mailbox(whose, route)?;
            let revision = match mailbox {
                Mailbox::Of(_) => route.settings().revision,
                Mailbox::Folder | Mailbox::Configured => 0,
            };
            Some((mailbox, revision))
        };
        routes.filter_map(with_revision).collect()
    }

    /// Where a workspace's replies come in; `None`: nowhere that this version knows.
    #[must_use]
    pub fn mailbox_of(&self, workspace: WorkspaceId) -> Option<Mailbox> {
        match self.own().get(&workspace) {
            Some(own) => mailbox(Some(workspace), &own.route),
            None => mailbox(None, &self.0.default),
        }
    }

    /// Whether a workspace's emails left by the configuration's route before it had its own.
    pub(in crate::mail) fn left_default(&self, workspace: WorkspaceId) -> bool {
        self.own()
            .get(&workspace)
            .is_some_and(|own| own.left_default)
    }

    /// The routes whose replies come into a mailbox.
    pub(in crate::mail) fn routes_to(&self, to: Mailbox) -> Vec<Arc<Route>> {
        let own = self.own();
        let routes = own
            .iter()
            .map(|(workspace, own)| (Some(*workspace), &own.route));
        let routes = routes.chain([(None, &self.0.default)]);
        let there = routes.filter(|(whose, route)| mailbox(*whose, route) == Some(to));
        there.map(|(_, route)| route.clone()).collect()
    }

    /// A workspace's mailbox is worth a look now: what kept it from being read is over.
    pub fn look_again(&self, workspace: WorkspaceId) {
        let again = self.0.again.lock();
        again
            .unwrap_or_else(PoisonError::into_inner)
            .insert(workspace);
        self.0.changes.send_modify(|count| *count += 1);
    }

    /// The mailboxes that are to be looked at again at once; each is named once.
    pub(in crate::mail) fn wanted_again(&self) -> Vec<Mailbox> {
        let again = self.0.again.lock();
        let again = std::mem::take(&mut *again.unwrap_or_else(PoisonError::into_inner));
        let wanted = again.into_iter();
        wanted.filter_map(|it| self.mailbox_of(it)).collect()
    }

    /// Tells of every change of workspaces' settings, and of mailboxes to be looked at again.
    pub(in crate::mail) fn watch(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Who writes letters.
    pub fn author(&self) -> &dyn Author {
        self.0.author.as_ref()
    }

    /// Who hears answers.
    pub(super) fn inbound(&self) -> &dyn InboundHandler {
        self.0.inbound.as_ref()
    }

    /// The name of this run of the daemon.
    pub(super) fn run(&self) -> &str {
        &self.0.run
    }

    /// The folders on this machine that mail is written to and read from.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        self.0.ground.folders()
    }

    /// What stands on an email as it is written now. One that may have left keeps the address and
    /// the Message-ID it has, so that a reader who gets it twice can tell; and the one it follows is
    /// named as it left.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn envelope(
        &self,
        tx: &Tx,
        space: &str,
        workspace: WorkspaceId,
        id: MailId,
        record: &MessageRecord,
        at: Instant,
    ) -> Result<Envelope, StoreError> {
        let route = self.of(workspace);
        let from = match &record.from {
            Some(from) if record.may_have_left() => from.as_str(),
            _ => route.from(),
        };
        let follows = match record.follows {
            None => None,
            Some(earlier) => {
                let left = outbox::peek(tx, space, earlier).await?;
                let left_from = left.and_then(|it| it.from);
                let from = left_from.as_deref().unwrap_or(from);
                Some(token::message_id(earlier, workspace, from))
            }
        };
        Ok(Envelope {
            from: from.to_owned(),
            message_id: token::message_id(id, workspace, from),
            follows,
            at,
        })
    }

    /// The Message-ID an email has, or will have.
    #[must_use]
    pub fn message_id(&self, workspace: WorkspaceId, id: MailId, record: &MessageRecord) -> String {
        let route = self.of(workspace);
        token::message_id(
            id,
            workspace,
            record.from.as_deref().unwrap_or(route.from()),
        )
    }

    fn own(&self) -> RwLockReadGuard<'_, BTreeMap<WorkspaceId, Own>> {
        self.0.own.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, workspace: WorkspaceId, own: Option<Own>) {
        let mut all = self.0.own.write().unwrap_or_else(PoisonError::into_inner);
        match own {
            Some(own) => drop(all.insert(workspace, own)),
            None => drop(all.remove(&workspace)),
        }
        drop(all);
        self.0.changes.send_modify(|count| *count += 1);
    }
}

/// Where the replies of a route come in: that of a workspace, or of the configuration.
fn mailbox(whose: Option<WorkspaceId>, route: &Route) -> Option<Mailbox> {
    match (route.inbox(), whose) {
        (Inbox::Server { .. } | Inbox::Graph { .. }, Some(workspace)) => {
            Some(Mailbox::Of(workspace))
        }
        (Inbox::Server { .. } | Inbox::Graph { .. }, None) => Some(Mailbox::Configured),
        (Inbox::Folder(_), _) => Some(Mailbox::Folder),
        (Inbox::Unusable, _) => None,
    }
}

/// The side that the store feeds.
struct Feed {
    mail: Mail,
    store: Store,
    vault: Vault,
    accounts: Option<MailAccounts>,
}

impl Feed {
    fn own(&self, key: &Key, row: &Versioned) -> Own {
        let (ground, revision) = (&self.mail.0.ground, row.revision.0);
        let record = match decode::<MailRecord>(key, row) {
            Ok(record) => record,
            Err(cause) => {
                tracing::error!(%key, %cause, "a workspace's email settings can't be read; its email waits");
                return Own {
                    route: Arc::new(ground.unusable(revision)),
                    left_default: false,
                };
            }
        };
        let route = match self.account(key, &record) {
            Ok(account) => {
                let log_in = |of, server| self.log_in(key.space(), of, server, account.as_ref());
                ground.route(
                    Settings::of_record(&record, revision),
                    log_in(PasswordFor::Smtp, record.smtp.as_ref()),
                    log_in(PasswordFor::Imap, record.imap.as_ref()),
                    account.as_ref().and_then(UsableAccount::graph),
                )
            }
            Err(cause) => {
                tracing::error!(%key, cause, "a workspace's email account can't be used; its email waits");
                ground.unusable(revision)
            }
        };
        Own {
            route: Arc::new(route),
            left_default: record.left_default,
        }
    }

    /// The account that the settings name. One that is not understood must not be left out: email
    /// would leave by another way than was meant.
    fn account(
        &self,
        key: &Key,
        record: &MailRecord,
    ) -> Result<Option<UsableAccount<'_>>, &'static str> {
        let Some(name) = &record.account else {
            return Ok(None);
        };
        let (accounts, name) = (self.accounts.as_ref(), name.parse());
        let workspace = key.space().parse();
        Ok(Some(UsableAccount {
            accounts: accounts.ok_or("there are no accounts here")?,
            workspace: workspace.map_err(|_| "it belongs to no workspace")?,
            name: name.map_err(|_| "its name is not understood")?,
        }))
    }

    fn log_in(
        &self,
        space: &str,
        of: PasswordFor,
        server: Option<&MailServerRecord>,
        account: Option<&UsableAccount<'_>>,
    ) -> LogIn {
        match (server, account) {
            (Some(server), _) if server.password => LogIn::with_vault(VaultPassword {
                store: self.store.clone(),
                vault: self.vault.clone(),
                space: space.to_owned(),
                of,
            }),
            (Some(_), Some(account)) => account.log_in(),
            _ => LogIn::None,
        }
    }
}

/// An account that a workspace's email logs in with.
struct UsableAccount<'a> {
    accounts: &'a MailAccounts,
    workspace: WorkspaceId,
    name: AccountName,
}

impl UsableAccount<'_> {
    fn log_in(&self) -> LogIn {
        self.accounts.log_in(self.workspace, &self.name)
    }

    fn graph(&self) -> Option<Graph> {
        self.accounts.graph(self.workspace, &self.name)
    }
}

impl Sink for Feed {
    fn wants(&self, key: &Key) -> bool {
        key.table() == MailRecord::TABLE
    }

    fn apply(&self, key: &Key, row: Option<&Versioned>) {
        let (true, Ok(workspace)) = (self.wants(key), key.space().parse()) else {
            return;
        };
        self.mail.set(workspace, row.map(|row| self.own(key, row)));
    }

    fn ready(&self, _at: Revision) {}
}

#[cfg(test)]
mod tests;
