//! ★ Owns what a connection is and every way it changes: one record, one closed set of events, one
//! function.
//!
//! Invariants: it never leaves `connected` without a reason; what arrives for an older generation
//! changes nothing; an answer that may have been lost is remembered until the provider has said what
//! became of it. No I/O here and no secret: the keys are the vault's.

mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ConnectionState;
use serde::{Deserialize, Serialize};
pub(crate) use step::Event;

use crate::grants::id::ConnectionId;
use crate::grants::reason::Reason;
use crate::grants::terms::{self, Audience, Scope, Terms};
use crate::store::{Record, StoreError, Tx};

/// A link to a user at a provider, in the workspace's space under [`ConnectionId::key`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectionRecord {
    /// The provider.
    #[serde(default = "terms::first", skip_serializing_if = "terms::is_first")]
    pub provider: String,
    /// How it stands.
    pub link: Link,
    /// Since when.
    pub since: Instant,
    /// Raised by every new pair of keys and every disconnect.
    pub generation: u64,
    /// A browser that is open at the consent page.
    pub attempt: Option<Waiting>,
    /// An administrator's approval of the app, waited for or given.
    #[serde(default)]
    pub approval: Option<Approval>,
}

impl Record for ConnectionRecord {
    const TABLE: &'static str = "connection";
    const SCHEMA: u32 = 1;
}

/// An administrator's approval of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The app.
    pub client_id: String,
    /// Since when it is waited for.
    pub asked_at: Instant,
    /// The attempt it was asked from: its browser stands at the provider's own page, which says
    /// nothing new.
    pub asked_from: Option<AttemptId>,
    /// When somebody else could connect with the app.
    pub given_at: Option<Instant>,
}

impl Approval {
    fn is_awaited(&self) -> bool {
        self.given_at.is_none()
    }
}

/// An attempt under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which.
    pub id: AttemptId,
    /// When it expires.
    pub until: Instant,
}

/// How a connection stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Link {
    /// No keys.
    Disconnected {
        /// Why; `None`: never connected.
        reason: Option<Reason>,
    },
    /// Healthy.
    Connected {
        /// What was granted.
        grant: Grant,
    },
    /// Keys that could not be renewed for now.
    Retrying {
        /// What was granted.
        grant: Grant,
        /// What is in the way.
        reason: Reason,
        /// How often in a row it failed, from 1.
        failures: u32,
        /// When it is tried next.
        next: Instant,
    },
    /// Keys that the provider no longer takes.
    ReconnectRequired {
        /// What was granted.
        grant: Grant,
        /// Why they are dead.
        reason: Reason,
    },
}

/// What was granted, without the keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Whose it is at the provider.
    pub user: Profile,
    /// The app it was made with.
    pub client_id: String,
    /// What was granted, by the provider's names.
    pub scopes: Vec<String>,
    /// What was asked for, where that was a part; empty: all there is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// When the access token ends.
    pub expires_at: Instant,
    /// When the keys were last renewed.
    pub last_refresh: Instant,
    /// A renewal that was begun and of which no outcome is known.
    pub refresh_attempt: Option<RefreshAttempt>,
    /// When the provider was last asked for the user's plan, email and name.
    #[serde(default)]
    pub user_read_at: Option<Instant>,
    /// The user's email there, where it changed to one that another connection has: shown, and
    /// not adopted.
    #[serde(default)]
    pub contested_email: Option<String>,
    /// The organization the app is registered in, where the provider's addresses depend on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// When its person consented; `None` in records of versions before 0.3.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_at: Option<Instant>,
    /// When it ends whatever happens, where the provider told that at the consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Instant>,
}

/// A renewal that was begun; written before the request leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshAttempt {
    /// When.
    pub at: Instant,
    /// Whether an earlier one may have rotated the keys without our seeing the new ones.
    pub unresolved: bool,
}

/// The user behind a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The provider's id of them.
    pub id: String,
    /// Their address there.
    pub email: String,
    /// Their name there.
    pub name: String,
    /// The provider's word for their plan, where it has plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The provider's word for whether it writes notes of their meetings; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The organization they belong to, by the provider's name of it, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
}

impl Default for ConnectionRecord {
    fn default() -> Self {
        Self {
            provider: terms::first(),
            link: Link::Disconnected { reason: None },
            since: Instant::from_second(0),
            generation: 0,
            attempt: None,
            approval: None,
        }
    }
}

impl ConnectionRecord {
    /// One that never was.
    #[must_use]
    pub fn none(terms: &Terms) -> Self {
        Self {
            provider: terms.id.to_owned(),
            ..Self::default()
        }
    }

    /// The state as others see it at `now`: a browser shows only where nothing works without it.
    #[must_use]
    pub fn state(&self, now: Instant) -> ConnectionState {
        let waiting = self.attempt.as_ref().filter(|attempt| attempt.until > now);
        let awaited = self.approval.as_ref().filter(|it| it.is_awaited());
        let new = |attempt: &Waiting| {
            awaited.is_none_or(|approval| approval.asked_from != Some(attempt.id))
        };
        match &self.link {
            Link::Connected { .. } => ConnectionState::Connected,
            Link::Retrying { .. } => ConnectionState::Retrying,
            _ if waiting.is_some_and(new) => ConnectionState::Authorizing,
            _ if awaited.is_some() => ConnectionState::PreApprovalRequested,
            Link::Disconnected { .. } => ConnectionState::Disconnected,
            Link::ReconnectRequired { .. } => ConnectionState::ReconnectRequired,
        }
    }

    /// Since when it is in the state it has at `now`.
    #[must_use]
    pub fn since(&self, now: Instant) -> Instant {
        match (&self.approval, self.state(now)) {
            (Some(approval), ConnectionState::PreApprovalRequested) => approval.asked_at,
            _ => self.since,
        }
    }

    /// What was granted, where anything was.
    #[must_use]
    pub fn grant(&self) -> Option<&Grant> {
        match &self.link {
            Link::Connected { grant }
            | Link::Retrying { grant, .. }
            | Link::ReconnectRequired { grant, .. } => Some(grant),
            Link::Disconnected { .. } => None,
        }
    }

    /// Why it stands so, where that is not obvious.
    #[must_use]
    pub fn reason(&self, terms: &Terms) -> Option<Reason> {
        let approval = self
            .approval
            .as_ref()
            .map(|approval| match approval.given_at {
                None => Reason::ApprovalAwaited,
                Some(_) => Reason::Approved,
            });
        match &self.link {
            Link::Connected { grant } => grant.lacks_any(terms).then_some(Reason::ScopeMissing),
            Link::Retrying { reason, .. } => Some(*reason),
            _ if approval.is_some() => approval,
            Link::Disconnected { reason } => *reason,
            Link::ReconnectRequired { reason, .. } => Some(*reason),
        }
    }

    /// Whether a colleague could connect with the app it waited for, and it has not connected
    /// since.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let given = self.approval.as_ref().and_then(|it| it.given_at);
        given.is_some() && !self.is_connected()
    }

    /// Whether it has keys that work, as far as is known.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self.link, Link::Connected { .. } | Link::Retrying { .. })
    }

    /// What to do about it, where there is something.
    #[must_use]
    pub fn hint(&self, terms: &Terms) -> Option<String> {
        let reason = self.reason(terms)?;
        match &self.link {
            Link::Disconnected { .. } => reason.hint_for_attempt(terms.words),
            _ => reason.hint(terms.words),
        }
    }
}

impl Grant {
    /// Permissions that were asked for and not granted. None are missing where the provider did not
    /// say what it granted, as it does for each audience once keys for it are asked for.
    pub fn missing<'a>(&'a self, terms: &'a Terms) -> impl Iterator<Item = &'static Scope> + 'a {
        let told: BTreeSet<_> = self.scopes.iter().map(|it| terms.audience_of(it)).collect();
        let asked = terms
            .asks(&self.asked)
            .filter(move |it| told.contains(&it.audience));
        asked.filter(move |scope| !terms.scopes.grants(&self.scopes, scope.name))
    }

    /// Whether anything was asked for that is called with keys for this audience.
    #[must_use]
    pub(crate) fn asks_for(&self, terms: &Terms, audience: Audience) -> bool {
        terms
            .asks(&self.asked)
            .any(|scope| scope.audience == audience)
    }

    /// Whether one is missing that is needed.
    fn lacks_any(&self, terms: &Terms) -> bool {
        self.missing(terms).any(|scope| !scope.optional)
    }
}

/// A connection as it is stored; one that never was is disconnected.
pub(crate) async fn read(
    tx: &Tx,
    terms: &Terms,
    who: ConnectionId,
) -> Result<ConnectionRecord, StoreError> {
    let stored = tx.get(&who.space(), &who.key(terms)).await?;
    Ok(stored.unwrap_or_else(|| ConnectionRecord::none(terms)))
}

/// Writes a connection, in this commit.
pub(crate) fn write(
    tx: &Tx,
    terms: &Terms,
    who: ConnectionId,
    record: &ConnectionRecord,
) -> Result<(), StoreError> {
    tx.put(&who.space(), &who.key(terms), record)
}
