//! Reading the calendars of a company: every quarter of an hour, all of them, in pieces.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;
use sha2::{Digest as _, Sha256};

use super::keep::{NotTold, Reading};
use super::{Members, ask, at_once, reader, words};
use crate::calendars::panel::{Hidden, Told};
use crate::grants::Unanswered;
use crate::records::company::{CompanyFault, CompanyReadRecord, CompanyRecord, MOST_HIDDEN, place};
use crate::records::feed::{Fault, FeedFrom, window};
use crate::services::Services;
use crate::store::{Revision, StoreError, Tx};
use crate::work::backoff::next_try;
use crate::work::{WorkRecord, Worker};

/// The kind of work that reads the calendars at a provider, whose word is its record.
pub const COMPANY_WORK: &str = "company-calendars";

/// Between two readings, in seconds, and up to so many more: those of many workspaces are not to
/// keep step.
const EVERY: i64 = 14 * 60;
const UP_TO: i64 = 2 * 60;

/// What was read longer ago than this, in seconds, is late.
pub const USUALLY: i64 = EVERY + UP_TO;

/// So often a reading may fail in a way that passes before every member's calendar says so.
const PATIENT: u32 = 3;

/// The worker that reads them.
pub struct CompanyRound(pub Services);

impl Worker for CompanyRound {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(self.carry_out_in(space, work))
    }
}

/// What was heard of each member asked about.
type Found = BTreeMap<String, Result<Told, Hidden>>;

impl CompanyRound {
    async fn carry_out_in(&self, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
        let word = &work.record;
        let mut all = AccountProvider::ALL.into_iter();
        let provider = all.find(|it| it.word() == word);
        let (Some(provider), Ok(workspace)) = (provider, space.parse::<WorkspaceId>()) else {
            return self.done(space, word).await;
        };
        // Who asks from here on may know of something that this reading does not.
        let id = WorkRecord::id(COMPANY_WORK, word);
        let asked = self.0.store.get::<WorkRecord>(space, &id).await?;
        let asked = asked.map(|it| it.revision);
        let now = self.0.clock.now();
        let reading = Reading {
            services: &self.0,
            space,
            provider,
            now,
            window: window(now),
        };
        let company = self.0.store.get::<CompanyRecord>(space, word).await?;
        let left_out = company.as_ref().map(|it| &it.record.left_out);
        let members = self.members(workspace, left_out);
        self.forget_others(workspace, &reading, company.as_ref().map(|_| &members))
            .await?;
        let Some(company) = company else {
            return self.done(space, word).await;
        };
        let (from, to) = reading.window;
        let span = from.second()..to.second();
        let who = reader(workspace, &company.record);
        let mut hidden = BTreeMap::new();
        for some in members.chunks(at_once(provider)) {
            let addresses: Vec<_> = some.iter().map(|(_, email)| email.clone()).collect();
            match ask(&self.0, provider, who, &addresses, &span).await {
                Ok(found) => hidden.extend(self.keep(workspace, &reading, some, &found).await?),
                Err(why) => {
                    return self
                        .failed(workspace, (&reading, asked), &members, work, &why)
                        .await;
                }
            }
        }
        self.succeeded((&reading, asked), hidden).await
    }

    /// Those who are read: by their addresses, as both providers compare them.
    fn members(&self, workspace: WorkspaceId, left_out: Option<&BTreeSet<MemberId>>) -> Members {
        let all = self.0.index.members(workspace).into_iter();
        let read = all.filter(|row| left_out.is_none_or(|out| !out.contains(&row.id)));
        let mut read: Vec<_> = read
            .map(|row| (row.id, row.record.email.trim().to_lowercase()))
            .collect();
        read.sort_unstable();
        read
    }

    /// Removes what was read of those who are not read any more; `None`: nobody is.
    async fn forget_others(
        &self,
        workspace: WorkspaceId,
        reading: &Reading<'_>,
        members: Option<&Members>,
    ) -> Result<(), StoreError> {
        let from = match reading.provider {
            AccountProvider::Google => FeedFrom::Google,
            AccountProvider::Microsoft => FeedFrom::Microsoft,
        };
        let feeds = self.0.index.all_feeds(workspace).into_iter();
        let feeds = feeds.filter(|row| row.feed.from == from);
        let is_read = |member: MemberId| {
            members.is_some_and(|all| all.binary_search_by_key(&member, |(id, _)| *id).is_ok())
        };
        let gone: Vec<_> = feeds
            .map(|row| row.place.member)
            .filter(|member| !is_read(*member))
            .collect();
        let forget = |tx, member: &MemberId| {
            let member = *member;
            async move { reading.forget(&tx, member).await }
        };
        self.0.store.transact_each(&gone, forget).await
    }

    /// Keeps what was heard of some; whose calendar stayed hidden, and why.
    async fn keep(
        &self,
        workspace: WorkspaceId,
        reading: &Reading<'_>,
        some: &[(MemberId, String)],
        found: &Found,
    ) -> Result<BTreeMap<MemberId, Hidden>, StoreError> {
        let hidden = |email: &String| match found.get(email) {
            Some(Ok(_)) => None,
            Some(Err(why)) => Some(*why),
            None => Some(Hidden::Missing),
        };
        let keep = |tx, (member, email): &(MemberId, String)| {
            let (member, told) = (*member, found.get(email));
            let why = hidden(email).map(|why| (why, email.clone()));
            let elsewhere = why
                .as_ref()
                .is_some_and(|(why, _)| self.is_elsewhere(workspace, reading, member, *why));
            async move {
                match (told, why) {
                    (Some(Ok(told)), _) => reading.told(&tx, member, told).await,
                    _ if elsewhere => reading.forget(&tx, member).await,
                    (_, Some((why, email))) => {
                        let why = NotTold {
                            fault: super::words::fault(reading.provider, &email, why),
                            lasting: super::words::is_lasting(why),
                        };
                        reading.not_told(&tx, member, &why).await
                    }
                    (_, None) => Ok(()),
                }
            }
        };
        self.0.store.transact_each(some, keep).await?;
        let not_told = some
            .iter()
            .filter_map(|(member, email)| Some((*member, hidden(email)?)));
        Ok(not_told.collect())
    }

    /// Whether a member whom the provider does not know has a calendar elsewhere, and never had one
    /// there.
    fn is_elsewhere(
        &self,
        workspace: WorkspaceId,
        reading: &Reading<'_>,
        member: MemberId,
        why: Hidden,
    ) -> bool {
        let here = place(member, reading.provider);
        let feeds = self.0.index.feeds(workspace, member);
        let was_read = |row: &crate::index::FeedRow| row.read.is_some();
        let others = feeds.iter().filter(|row| row.place != here);
        let own = feeds.iter().find(|row| row.place == here);
        why == Hidden::NotFound && !own.is_some_and(was_read) && others.into_iter().any(was_read)
    }

    async fn succeeded(
        &self,
        (reading, asked): (&Reading<'_>, Option<Revision>),
        mut hidden: BTreeMap<MemberId, Hidden>,
    ) -> Result<(), StoreError> {
        while hidden.len() > MOST_HIDDEN {
            hidden.pop_last();
        }
        let (space, word) = (reading.space, reading.provider.word());
        let read = &CompanyReadRecord {
            read_at: Some(reading.now),
            fault: None,
            hidden,
        };
        let due = self.next(reading);
        let noted = self.0.store.transact(|tx| async move {
            if tx.get::<CompanyRecord>(space, word).await?.is_none() {
                return Ok::<_, StoreError>(());
            }
            tx.put(space, word, read)?;
            match is_unchanged(&tx, space, word, asked).await? {
                true => WorkRecord::timer(&tx, space, COMPANY_WORK, word, due),
                false => Ok(()),
            }
        });
        noted.await.map(drop)
    }

    /// Notes why nothing came, for all and, once it lasts, for each; what was said last stands.
    async fn failed(
        &self,
        workspace: WorkspaceId,
        (reading, asked): (&Reading<'_>, Option<Revision>),
        members: &Members,
        work: &WorkRecord,
        why: &Unanswered,
    ) -> Result<(), StoreError> {
        let of = words(reading.provider);
        let fault = Fault {
            why: why.text(of),
            hint: why.hint(of),
        };
        let (lasting, now) = (why.is_lasting(), reading.now);
        tracing::warn!(%workspace, provider = reading.provider.word(), why = why.code(of), "company calendars could not be read");
        let told = |member: &MemberId| {
            let feeds = self.0.index.feeds(workspace, *member);
            let here = place(*member, reading.provider);
            feeds.iter().any(|row| row.place == here)
        };
        let all = lasting || work.attempts >= PATIENT;
        let marked = members.iter().map(|(member, _)| *member);
        let marked: Vec<_> = marked.filter(|it| all || !told(it)).collect();
        let not_told = &NotTold {
            fault: fault.clone(),
            lasting,
        };
        let mark = |tx, member: &MemberId| {
            let member = *member;
            async move { reading.not_told(&tx, member, not_told).await }
        };
        self.0.store.transact_each(&marked, mark).await?;

        let due = match lasting {
            true => self.next(reading),
            false => {
                let next = next_try(now, work.attempts);
                why.not_before().map_or(next, |it| it.max(next))
            }
        };
        let (space, word) = (reading.space, reading.provider.word());
        let fault = &CompanyFault {
            since: now,
            why: fault.why,
            code: why.code(of).to_owned(),
            hint: fault.hint,
            lasting,
        };
        let noted = self.0.store.transact(|tx| async move {
            if tx.get::<CompanyRecord>(space, word).await?.is_none() {
                return Ok::<_, StoreError>(());
            }
            let before = tx.get::<CompanyReadRecord>(space, word).await?;
            let before = before.unwrap_or_default();
            let since = match &before.fault {
                Some(other) if other.code == fault.code => other.since,
                _ => fault.since,
            };
            let fault = CompanyFault {
                since,
                ..fault.clone()
            };
            let why = fault.why.clone();
            let read = CompanyReadRecord {
                fault: Some(fault),
                ..before.clone()
            };
            if read != before {
                tx.put(space, word, &read)?;
            }
            match is_unchanged(&tx, space, word, asked).await? {
                true => WorkRecord::later(&tx, space, COMPANY_WORK, word, due, Some(why)).await,
                false => Ok(()),
            }
        });
        noted.await.map(drop)
    }

    async fn done(&self, space: &str, word: &str) -> Result<(), StoreError> {
        let done = self.0.store.transact(|tx| async move {
            // It may have been set again meanwhile, which asked for the work.
            if tx.get::<CompanyRecord>(space, word).await?.is_some() {
                return Ok::<_, StoreError>(());
            }
            if tx.get::<CompanyReadRecord>(space, word).await?.is_some() {
                tx.delete::<CompanyReadRecord>(space, word)?;
            }
            WorkRecord::done(&tx, space, COMPANY_WORK, word)
        });
        done.await.map(drop)
    }

    /// When the next reading is due; each workspace has its own seconds.
    fn next(&self, reading: &Reading<'_>) -> Instant {
        let sum = Sha256::digest(format!("{}\0{}", reading.space, reading.provider.word()));
        let spread = i64::from(u16::from_be_bytes([sum[0], sum[1]])) % UP_TO;
        reading.now.plus_seconds(EVERY + spread)
    }
}

/// Whether nobody asked for another reading since this one began. By the revision: two may ask in the
/// same moment and with the same words.
async fn is_unchanged(
    tx: &Tx,
    space: &str,
    word: &str,
    asked: Option<Revision>,
) -> Result<bool, StoreError> {
    let id = WorkRecord::id(COMPANY_WORK, word);
    Ok(tx.revision_of::<WorkRecord>(space, &id).await? == asked)
}
