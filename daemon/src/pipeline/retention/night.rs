//! What is done at night: who will be due in two weeks is announced, and who was announced and is
//! due is erased.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use greenroom_protocol::id::{CandidateId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_protocol::{Error, ErrorKind};
use jiff::tz::TimeZone;

use super::letter::Announcement;
use super::{PAGE, kept, plan};
use crate::access::RequestContext;
use crate::clock::night_after;
use crate::outbox;
use crate::pipeline::erase;
use crate::records::retention::RetentionRecord;
use crate::services::Services;
use crate::store::StoreError;
use crate::work::rounds::Round;

/// How often it is looked: nights begin by the clock on the wall, which may be set at any time.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// How long after a failure it is tried again.
const AFTER_A_FAILURE: Duration = Duration::from_secs(3600);

/// Announced in a workspace and night at most.
const MOST_ANNOUNCED: usize = 500;

/// Erased in a workspace and night at most: each is a few commits, and reads the emails that are
/// kept.
const MOST_ERASED: usize = 200;

/// What the audit calls it.
const CALL: &str = "retention";

/// Announces and erases once a night, and once after a start.
pub struct RetentionRound {
    services: Services,
    last: Mutex<Option<Instant>>,
}

impl RetentionRound {
    /// None of it is done yet.
    #[must_use]
    pub fn new(services: Services) -> Self {
        let last = Mutex::new(None);
        Self { services, last }
    }

    fn is_due(&self, now: Instant) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| now >= night_after(last, &TimeZone::system()))
    }
}

impl Round for RetentionRound {
    fn name(&self) -> &'static str {
        CALL
    }

    fn go(&self) -> BoxFuture<'_, Duration> {
        Box::pin(async {
            if self.services.index.ready().await.is_err() {
                return AFTER_A_FAILURE;
            }
            let now = self.services.clock.now();
            if !self.is_due(now) {
                return LOOK_EVERY;
            }
            match tonight(&self.services).await {
                Ok(()) => {
                    *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
                    LOOK_EVERY
                }
                Err(error) => {
                    tracing::error!(%error, "candidates who are due could not be erased; it is tried again");
                    AFTER_A_FAILURE
                }
            }
        })
    }
}

/// What is due in every workspace. Also for tests.
///
/// # Errors
/// The store can't be read or written.
pub async fn tonight(services: &Services) -> Result<(), Error> {
    for workspace in services.index.workspaces() {
        let night = Night {
            services,
            workspace: workspace.id,
            space: workspace.id.to_string(),
            now: services.clock.now(),
        };
        match kept(&services.store, &night.space).await? {
            Some(months) => night.of(months).await?,
            None => night.keep_all().await?,
        }
    }
    Ok(())
}

/// One workspace's night.
struct Night<'a> {
    services: &'a Services,
    workspace: WorkspaceId,
    space: String,
    now: Instant,
}

impl Night<'_> {
    async fn of(&self, months: u32) -> Result<(), Error> {
        let announced = self.announced().await?;
        self.erase(months, &announced).await?;
        self.announce(months, &announced).await?;
        Ok(())
    }

    /// Everybody who is announced, and when they are erased.
    async fn announced(&self) -> Result<HashMap<CandidateId, Instant>, StoreError> {
        let (mut announced, mut after) = (HashMap::new(), None::<String>);
        loop {
            let store = &self.services.store;
            let page = store
                .scan::<RetentionRecord>(&self.space, after.as_deref(), PAGE)
                .await?;
            after = page.rows.last().map(|(id, _)| id.clone());
            let rows = page.rows.into_iter();
            announced.extend(
                rows.filter_map(|(id, stored)| Some((id.parse().ok()?, stored.record.erase_at))),
            );
            if !page.more {
                return Ok(announced);
            }
        }
    }

    /// Takes every announcement back: the workspace keeps them for ever now.
    async fn keep_all(&self) -> Result<(), Error> {
        let announced: Vec<_> = self.announced().await?.into_keys().collect();
        self.take_back(&announced).await
    }

    async fn take_back(&self, candidates: &[CandidateId]) -> Result<(), Error> {
        let (store, space) = (&self.services.store, &self.space);
        let taken = store.transact_each(candidates, |tx, id| async move {
            tx.delete::<RetentionRecord>(space, &id.to_string())
        });
        Ok(taken.await?)
    }

    /// Erases who was announced and is due, and takes the announcement of those back who are not
    /// turned down any more.
    async fn erase(
        &self,
        months: u32,
        announced: &HashMap<CandidateId, Instant>,
    ) -> Result<(), Error> {
        let (index, cutoff) = (&self.services.index, plan::cutoff(self.now, months));
        let since = |id: &CandidateId| index.turned_down_since(self.workspace, *id);
        let reopened: Vec<_> = announced
            .keys()
            .filter(|id| since(id).is_none())
            .copied()
            .collect();
        self.take_back(&reopened).await?;
        let mut due: Vec<_> = announced
            .iter()
            .filter(|(id, at)| **at <= self.now && since(id).is_some_and(|at| at < cutoff))
            .map(|(id, at)| (*at, *id))
            .collect();
        due.sort_unstable();
        for (_, candidate) in due.into_iter().take(MOST_ERASED) {
            self.forget(candidate, cutoff).await?;
        }
        Ok(())
    }

    /// Erases one. What stands in the way today may not tomorrow.
    async fn forget(&self, candidate: CandidateId, cutoff: Instant) -> Result<(), Error> {
        let context = &RequestContext::daemon(self.workspace, CALL);
        let request = Reference::to(candidate.to_string());
        let erased = erase::whole(self.services, context, candidate, &request, Some(cutoff)).await;
        match erased {
            Ok(_) => Ok(()),
            Err(error) if error.kind == ErrorKind::Failed => Err(error),
            Err(error) => {
                tracing::warn!(%candidate, %error, "a candidate who is due is not erased tonight");
                Ok(())
            }
        }
    }

    /// Announces who will be due soon, with one email to each admin. The email and the first
    /// announcements are one commit; where the rest is cut off, the next night announces it again.
    async fn announce(
        &self,
        months: u32,
        announced: &HashMap<CandidateId, Instant>,
    ) -> Result<(), Error> {
        let index = &self.services.index;
        let before = plan::announce_before(self.now, months);
        let most = announced.len() + MOST_ANNOUNCED;
        let (soon, _) = index.turned_down_before(self.workspace, before, 0, most);
        let new: Vec<_> = soon
            .into_iter()
            .filter(|(_, id)| !announced.contains_key(id))
            .filter(|(_, id)| {
                index
                    .next_interview(self.workspace, *id, self.now)
                    .is_none()
            })
            .take(MOST_ANNOUNCED)
            .map(|(since, id)| (id, plan::erased_at(since, months, self.now)))
            .collect();
        let Some(first) = new.iter().map(|(_, at)| *at).min() else {
            return Ok(());
        };
        let announcement = Announcement {
            count: new.len() as u64,
            first,
        };
        let admins = &self.admins();
        let (head, rest) = new.split_at(new.len().min(FIRST));
        let (store, space) = (&self.services.store, &self.space);
        let emailed = store.transact(|tx| async move {
            for (id, erase_at) in head {
                tx.put(space, &id.to_string(), &self.record(*erase_at))?;
            }
            for admin in admins {
                outbox::post(&tx, space, announcement.draft(*admin, self.now), self.now)?;
            }
            Ok::<_, StoreError>(())
        });
        emailed.await?;
        let others = store.transact_each(rest, |tx, (id, erase_at)| async move {
            tx.put(space, &id.to_string(), &self.record(*erase_at))
        });
        Ok(others.await?)
    }

    fn record(&self, erase_at: Instant) -> RetentionRecord {
        RetentionRecord {
            announced_at: self.now,
            erase_at,
        }
    }

    fn admins(&self) -> Vec<MemberId> {
        let members = self.services.index.members(self.workspace).into_iter();
        let admins = members.filter(|row| row.record.roles.contains(&Role::Admin));
        // A commit holds the emails of so many, with the announcements beside them.
        admins.map(|row| row.id).take(MOST_ADMINS).collect()
    }
}

/// Announcements in the commit of the emails.
const FIRST: usize = 20;

/// Admins who are emailed.
const MOST_ADMINS: usize = 40;
