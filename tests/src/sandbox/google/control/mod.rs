//! Owns what tests and the demo steer: accounts, admins, time, faults, and how grants end.
//!
//! [`Google`] is the one way into the world; `routes` offers the same over HTTP.

mod routes;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
pub(super) use routes::routes;

use super::Fault;
use super::config::Config;
use super::directory::{Account, AppAccess, Domain, Project};
use super::scopes;
use super::world::{Counters, World};
use crate::sandbox::clock::Clock;
use crate::sandbox::ledger::Exchange;
use crate::sandbox::smtp::{Sent, SmtpFault};

/// What is wrong with a control call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// No such account.
    #[error("steer the sandbox: no Google account {0}; add it first")]
    NoAccount(String),
    /// No such domain.
    #[error("steer the sandbox: no Workspace domain {0}; add it first")]
    NoDomain(String),
}

/// The sandbox's inside. Clones share it.
#[derive(Clone)]
pub struct Google(Arc<Mutex<World>>);

impl Google {
    pub(super) fn new(config: Config, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(World::new(config, seed))))
    }

    /// Runs with the world locked; nothing in it may wait.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a domain, or replaces the one of this name.
    pub fn add_domain(&self, domain: Domain) {
        self.with(|world| world.domains.insert(domain.name.clone(), domain));
    }

    /// Adds an account, or replaces the one of this address. Its domain must exist.
    ///
    /// # Errors
    ///
    /// Where there is no such domain.
    pub fn add_account(&self, account: Account) -> Result<(), ControlError> {
        self.with(|world| match &account.domain {
            Some(name) if !world.domains.contains_key(name) => {
                Err(ControlError::NoDomain(name.clone()))
            }
            _ => {
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
            let now = world.now();
            world.grants.end(now, |owner| owner.0 == email, |_| true);
            world.grants.set_gone(&email, true);
            world.accounts.remove(&email);
            Ok(())
        })
    }

    /// The user chooses another password, which ends every grant with a scope of Gmail; returns how
    /// many there were.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn change_password(&self, email: &str) -> Result<usize, ControlError> {
        let gmail = |granted: &BTreeSet<String>| granted.iter().any(|it| scopes::is_gmail(it));
        self.end(email, gmail)
    }

    /// The user removes the app in their account's settings; returns how many refresh tokens
    /// ended.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn end_grants(&self, email: &str) -> Result<usize, ControlError> {
        self.end(email, |_| true)
    }

    fn end(
        &self,
        email: &str,
        scopes: impl Fn(&BTreeSet<String>) -> bool,
    ) -> Result<usize, ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            let now = world.now();
            Ok(world.grants.end(now, |owner| owner.0 == email, scopes))
        })
    }

    /// The admins' session control wants a fresh sign-in: refreshes answer `invalid_rapt` until
    /// there is one.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn ask_to_sign_in(&self, email: &str) -> Result<(), ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            world.grants.ask_to_sign_in(&email);
            Ok(())
        })
    }

    /// The admins of a domain let apps do this from now on. Where that is less than everything,
    /// grants that have more end.
    ///
    /// # Errors
    ///
    /// Where there is no such domain.
    pub fn set_access(&self, domain: &str, access: AppAccess) -> Result<(), ControlError> {
        self.with(|world| {
            let known = world.domains.get_mut(domain);
            known
                .ok_or_else(|| ControlError::NoDomain(domain.to_owned()))?
                .access = access;
            let now = world.now();
            let World {
                grants, accounts, ..
            } = world;
            let of_domain = |owner: &(String, u64)| {
                let account = accounts.get(&owner.0);
                account.is_some_and(|account| account.domain.as_deref() == Some(domain))
            };
            grants.end(now, of_domain, |granted| match access {
                AppAccess::Trusted => false,
                AppAccess::Limited => !granted.iter().all(|scope| scopes::is_sign_in(scope)),
                AppAccess::Blocked => true,
            });
            Ok(())
        })
    }

    /// Whether IMAP and SMTP are on for a whole domain.
    ///
    /// # Errors
    ///
    /// Where there is no such domain.
    pub fn set_mail(&self, domain: &str, on: bool) -> Result<(), ControlError> {
        self.with(|world| {
            let known = world.domains.get_mut(domain);
            known
                .ok_or_else(|| ControlError::NoDomain(domain.to_owned()))?
                .mail = on;
            Ok(())
        })
    }

    /// When an account is busy, from and to; in place of what was there.
    ///
    /// # Errors
    ///
    /// Where there is no such account.
    pub fn set_busy(
        &self,
        email: &str,
        busy: Vec<(Timestamp, Timestamp)>,
    ) -> Result<(), ControlError> {
        self.with(|world| {
            let email = known(world, email)?;
            world.busy.insert(email, busy);
            Ok(())
        })
    }

    /// Adds a group of these addresses, or replaces it.
    pub fn add_group(&self, email: &str, members: &[&str]) {
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        self.with(|world| world.groups.insert(email.to_lowercase(), members));
    }

    /// Changes every project: who may use it, how far it is published, which APIs are enabled.
    pub fn edit_projects(&self, edit: impl FnMut(&mut Project)) {
        self.with(|world| world.projects.iter_mut().for_each(edit));
    }

    /// How many refresh tokens are live.
    pub fn live_grants(&self) -> usize {
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

    /// How long access tokens made from now on live.
    pub fn set_access_lifetime(&self, lifetime: SignedDuration) {
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

    /// Every message taken to send, oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.with(|world| world.sent.clone())
    }

    /// The time it is at Google.
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
