//! Calendars of everybody in a company, read with one account at Google or Microsoft.
//!
//! Owns which account reads, whose calendars (`set`), when and what becomes of the answers (`round`,
//! `keep`), what is said of it (`show`, `words`). What a calendar says is kept as a feed of its
//! member, like any other, so offers, findings and ages know nothing of companies.
//!
//! Invariants: one reading of a provider at a time, of all members who are not left out; a member's
//! weeks are written in one commit with the age they have; who could not be read keeps what was said
//! last and is named, never free; a member's own hours go before those of their calendar.

mod keep;
mod round;
mod set;
mod show;
mod words;

use std::collections::BTreeMap;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

pub use self::round::{COMPANY_WORK, CompanyRound, USUALLY};
pub use self::set::{leave_out, refresh, set};
pub use self::show::list;
use crate::calendars::panel::{Hidden, Told};
use crate::grants::{ConnectionId, Owner, Unanswered, Words};
use crate::records::company::{CompanyReadRecord, CompanyRecord};
use crate::schedule::ranges::Seconds;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;
use crate::{google, microsoft};

/// Whose account reads in a workspace.
fn reader(workspace: WorkspaceId, company: &CompanyRecord) -> ConnectionId {
    let owner = company.reader.map_or(Owner::Workspace, Owner::Member);
    ConnectionId { workspace, owner }
}

/// What people read of a provider.
fn words(provider: AccountProvider) -> &'static Words {
    match provider {
        AccountProvider::Google => &google::WORDS,
        AccountProvider::Microsoft => &microsoft::WORDS,
    }
}

/// How many members are asked for, and written, at once.
const fn at_once(provider: AccountProvider) -> usize {
    match provider {
        AccountProvider::Google => google::MOST_CALENDARS,
        AccountProvider::Microsoft => microsoft::MOST_ADDRESSES,
    }
}

/// When each of `addresses` is busy, by their name in lower case.
async fn ask(
    services: &Services,
    provider: AccountProvider,
    who: ConnectionId,
    addresses: &[String],
    span: &Seconds,
) -> Result<BTreeMap<String, Result<Told, Hidden>>, Unanswered> {
    let accounts = &services.accounts;
    match provider {
        AccountProvider::Google => accounts.google.free_busy(who, addresses, span).await,
        AccountProvider::Microsoft => accounts.microsoft.schedules(who, addresses, span).await,
    }
}

/// Has all calendars read now, in this commit: a member came, or has another address.
///
/// # Errors
/// The store.
pub async fn wanted(tx: &Tx, space: &str, now: Instant) -> Result<(), StoreError> {
    for provider in AccountProvider::ALL {
        let word = provider.word();
        if tx.get::<CompanyRecord>(space, word).await?.is_some() {
            WorkRecord::ask(tx, space, COMPANY_WORK, word, now)?;
        }
    }
    Ok(())
}

/// Has calendars read now that this account reads: it was connected, or is no more.
pub fn account_changed(services: &Services, who: ConnectionId, provider: AccountProvider) {
    let (space, now) = (who.workspace.to_string(), services.clock.now());
    let is_its = |record: &str| record == provider.word();
    services.queue.wake(&space, COMPANY_WORK, now, is_its);
}

/// Whether a reading at a provider may be tried before its time: not where the last one went wrong,
/// for then it has a time that the provider set, or that somebody must see to it.
pub(super) async fn may_be_read(
    services: &Services,
    space: &str,
    provider: AccountProvider,
) -> Result<bool, StoreError> {
    let read = services
        .store
        .get::<CompanyReadRecord>(space, provider.word());
    Ok(read.await?.is_none_or(|it| it.record.fault.is_none()))
}

/// Members by id: what a reading is about.
type Members = Vec<(MemberId, String)>;
