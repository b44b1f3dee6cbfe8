//! Owns what tests and the demo steer: accounts, admins, time, faults, and how grants end.
//!
//! [`Microsoft`] is the one way into the world; `routes` offers the same over HTTP.

mod routes;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
pub(super) use routes::routes;

use super::Fault;
use super::config::Config;
use super::directory::{Account, App, Block, Tenant, UserConsent};
use super::grants::Death;
use super::mailbox::{Folder, Item};
use super::world::{Counters, Entry, World};
use crate::sandbox::clock::Clock;
use crate::sandbox::ledger::Exchange;
use crate::sandbox::smtp::{Sent, SmtpFault};

/// What is wrong with a control call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No such account.
    #[error("steer the sandbox: no Microsoft account {0}; add it first")]
    NoAccount(String),
    /// No such tenant.
    #[error("steer the sandbox: no tenant {0}; add it first")]
    NoTenant(String),
}

/// The sandbox's inside. Clones share it.
#[derive(Clone)]
pub struct Microsoft(Arc<Mutex<World>>);

impl Microsoft {
    pub(super) fn new(config: Config, url: String, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(World::new(config, url, seed))))
    }

    /// Runs with the world locked; nothing in it may wait.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a tenant, or replaces the one of this id.
    pub fn add_tenant(&self, tenant: Tenant) {
        self.with(|world| {
            world.tenants.retain(|known| known.id != tenant.id);
            world.tenants.push(tenant);
        });
    }

    /// Adds an account, or replaces the one of this address. Its tenant must exist.
    ///
    /// # Errors
    ///
    /// Where there is no such tenant.
    pub fn add_account(&self, account: Account) -> Result<(), ControlError> {
        self.with(|world| match world.tenant(&account.tenant) {
            None => Err(ControlError::NoTenant(account.tenant)),
            Some(_) => {
                world.seat(account);
                Ok(())
            }
        })
    }

    /// Changes an account.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn edit_account(
        &self,
        email: &str,
        edit: impl FnOnce(&mut Account),
    ) -> Result<(), ControlError> {
        self.with(|world| {
            let account = world.accounts.get_mut(&email.to_lowercase());
            edit(account.ok_or_else(|| ControlError::NoAccount(email.to_owned()))?);
            Ok(())
        })
    }

    /// The account is deleted: its tokens end, its address cannot sign in.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn remove_account(&self, email: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            world.grants.end_access(&email);
            world.accounts.remove(&email);
            Ok(())
        })
    }

    /// Ends every refresh token of a user so; returns how many were live. Access tokens live on.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn end_grants(&self, email: &str, how: Death) -> Result<usize, ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            let now = world.now();
            Ok(world.grants.end(&email, how, now))
        })
    }

    /// The user chooses another password: refreshes answer AADSTS50173.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn change_password(&self, email: &str) -> Result<usize, ControlError> {
        self.end_grants(email, Death::Revoked)
    }

    /// The user removes the app at myapps.microsoft.com: refreshes answer AADSTS65001.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn remove_consent(&self, email: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            world.grants.forget_consent(&email);
            Ok(())
        })
    }

    /// An admin removes the consent they gave for everybody.
    ///
    /// # Errors
    ///
    /// Where there is no such tenant.
    pub fn remove_admin_consent(&self, tenant: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let tenant = world.tenant(tenant).map(|tenant| tenant.id.clone());
            let tenant = tenant.ok_or_else(|| ControlError::NoTenant(String::new()))?;
            world.grants.forget_consent_for_all(&tenant);
            Ok(())
        })
    }

    /// What keeps an account from new tokens from now on, or nothing any more.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn block(&self, email: &str, block: Option<Block>) -> Result<(), ControlError> {
        self.edit_account(email, |account| account.block = block)
    }

    /// What users of a tenant may consent to from now on.
    ///
    /// # Errors
    ///
    /// Where there is no such tenant.
    pub fn set_consent(&self, tenant: &str, consent: UserConsent) -> Result<(), ControlError> {
        self.edit_tenant(tenant, |tenant| tenant.consent = consent)
    }

    /// Changes a tenant, by its id or domain.
    ///
    /// # Errors
    ///
    /// Where there is no such tenant.
    pub fn edit_tenant(
        &self,
        name: &str,
        edit: impl FnOnce(&mut Tenant),
    ) -> Result<(), ControlError> {
        self.with(|world| {
            let no_tenant = || ControlError::NoTenant(name.to_owned());
            let id = world.tenant(name).ok_or_else(no_tenant)?.id.clone();
            let mut tenants = world.tenants.iter_mut();
            edit(tenants.find(|it| it.id == id).ok_or_else(no_tenant)?);
            Ok(())
        })
    }

    /// Changes every registered app: redirects, permissions, audience.
    pub fn edit_apps(&self, edit: impl FnMut(&mut App)) {
        self.with(|world| world.apps.iter_mut().for_each(edit));
    }

    /// How many refresh tokens are live. A used one is.
    pub fn live_refresh_tokens(&self) -> usize {
        self.with(|world| world.grants.live(world.now()))
    }

    /// Every code and token ever handed out: what must be found nowhere else.
    pub fn handed_out(&self) -> Vec<String> {
        self.with(|world| world.grants.handed_out().to_vec())
    }

    /// Every request and its answer, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.with(|world| world.ledger.exchanges())
    }

    /// How long access tokens made from now on live; `None` is between 60 and 90 minutes.
    pub fn set_access_lifetime(&self, lifetime: Option<SignedDuration>) {
        self.with(|world| world.access_lifetime = lifetime);
    }

    /// What was counted since the start.
    pub fn counters(&self) -> Counters {
        self.with(|world| world.counters.clone())
    }

    /// Switches a fault on.
    pub fn fault(&self, fault: Fault) {
        self.with(|world| world.faults.add(fault));
    }

    /// Something goes wrong once in the next conversation by SMTP.
    pub fn smtp_fault(&self, fault: SmtpFault) {
        self.with(|world| world.smtp_faults.add(fault));
    }

    /// Switches every fault off.
    pub fn clear_faults(&self) {
        self.with(|world| {
            world.faults.clear();
            world.smtp_faults.clear();
        });
    }

    /// A message arrives in somebody's inbox; returns its id.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn deliver(&self, email: &str, message: &[u8]) -> Result<String, ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            Ok(world.deliver(&email, Folder::Inbox, message.to_vec()))
        })
    }

    /// Somebody deletes a message; false where it is not there.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn delete_message(&self, email: &str, id: &str) -> Result<bool, ControlError> {
        self.change_message(email, id, |item| item.deleted = true)
    }

    /// Somebody reads a message; false where it is not there.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn read_message(&self, email: &str, id: &str) -> Result<bool, ControlError> {
        self.change_message(email, id, |item| item.read = true)
    }

    fn change_message(
        &self,
        email: &str,
        id: &str,
        change: impl FnOnce(&mut Item),
    ) -> Result<bool, ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            let mailbox = world.mailboxes.entry(email).or_default();
            Ok(mailbox.change(id, change))
        })
    }

    /// The messages in somebody's inbox, oldest first, with their ids.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn inbox(&self, email: &str) -> Result<Vec<(String, Vec<u8>)>, ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            let mailbox = world.mailboxes.entry(email).or_default();
            let items = mailbox.items(Folder::Inbox).into_iter();
            Ok(items
                .map(|it| (it.id.clone(), it.message.clone()))
                .collect())
        })
    }

    /// The state behind every link of a delta of this mailbox is gone: they answer 410.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn forget_sync_state(&self, email: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            world.mailboxes.entry(email).or_default().forget_links();
            Ok(())
        })
    }

    /// What stands in somebody's calendar, in place of what was there.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn set_calendar(&self, email: &str, entries: Vec<Entry>) -> Result<(), ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            world.calendars.insert(email, entries);
            Ok(())
        })
    }

    /// Every message taken to send, oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.with(|world| world.sent.clone())
    }

    /// The time it is at Microsoft.
    pub fn now(&self) -> Timestamp {
        self.with(|world| world.now())
    }

    /// Goes by this clock from now on.
    pub fn set_clock(&self, clock: Clock) {
        self.with(|world| world.clock = clock);
    }

    /// Moves the clock on, or back.
    pub fn advance(&self, by: SignedDuration) {
        self.with(|world| world.clock = world.clock.moved(by));
    }
}

fn known(world: &World, email: &str) -> Result<String, ControlError> {
    let account = world.account(email);
    let account = account.ok_or_else(|| ControlError::NoAccount(email.to_owned()))?;
    Ok(account.email.clone())
}
