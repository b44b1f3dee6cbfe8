//! Logging in with a connected Google or Microsoft account.
//!
//! Owns whose account logs in for an address: the workspace's own before a member's, and one that
//! works before one that does not. Invariants: the account is looked up as a connection is made, so
//! what was connected since counts; a token that a server refuses is renewed once and tried once
//! more, and where that was in vain it is not renewed again for a while: the server may refuse every
//! token, and the account may be good for everything else.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use greenroom_protocol::id::WorkspaceId;
use secrecy::{ExposeSecret as _, SecretString};

use super::Credential;
use crate::clock::{Clock, Steady};
use crate::grants::{
    Audience, ConnectionId, ConnectionRecord, Grants, KeysSeen, Link, Owner, Reason, Unavailable,
};
use crate::mail::trouble::Trouble;
use crate::mail::wire::Failure;
use crate::store::{Revision, StoreError};

/// How long no token is renewed after a fresh one was refused, in seconds. Renewing is not free at
/// the provider, and a mailbox is looked at twice a minute.
const IN_VAIN_SECONDS: i64 = 10 * 60;

/// An account that logs in.
pub struct Account {
    grants: Grants,
    audience: Audience,
    clock: Clock,
    workspace: WorkspaceId,
    address: String,
    /// Until when no token is renewed.
    in_vain: Mutex<Option<Steady>>,
}

impl fmt::Debug for Account {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Account({})", self.address)
    }
}

impl Account {
    /// The account of `address` at the provider of `grants`, for a workspace. Its tokens are for
    /// `audience`.
    #[must_use]
    pub fn new(
        grants: Grants,
        audience: Audience,
        clock: Clock,
        workspace: WorkspaceId,
        address: String,
    ) -> Self {
        Self {
            grants,
            audience,
            clock,
            workspace,
            address,
            in_vain: Mutex::default(),
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Connects and logs in by `ask`, once more where the token was refused.
    pub(super) async fn log_in<T, F>(
        &self,
        doing: &str,
        ask: impl Fn(Credential) -> F,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let told = |why| Trouble::new(doing.to_owned(), why, Some(&self.address));
        let who = self.who().await.map_err(told)?;
        let renewed = AtomicBool::new(self.renewed_in_vain());
        let ask = |token: SecretString| {
            let asked = ask(Credential::Token(token.clone()));
            async move {
                let done = asked.await;
                done.map_err(|trouble| trouble.without(token.expose_secret()))
            }
        };
        // Once only, and the account goes on looking healthy: what else it is used for may work.
        let seen = |done: &Result<T, Trouble>| match done {
            Ok(_) => KeysSeen::Taken,
            Err(why) if why.may_be_stale() && !renewed.swap(true, Ordering::Relaxed) => {
                KeysSeen::Refused(Reason::ProviderTrouble)
            }
            Err(_) => KeysSeen::Unknown,
        };
        let called = self.grants.call(who.to(self.audience), ask, seen).await;
        let done = called.map_err(|unavailable| told(self.unavailable(&unavailable)))?;
        *self.in_vain() = match &done {
            Err(why) if why.may_be_stale() => {
                Some(self.clock.steady().plus_seconds(IN_VAIN_SECONDS))
            }
            _ => None,
        };
        done
    }

    /// Whose account it is.
    async fn who(&self) -> Result<ConnectionId, Failure> {
        let own = ConnectionId::of_workspace(self.workspace);
        let (record, _) = self.grants.status(own).await.map_err(unreadable)?;
        if standing(&record, &self.address) == Some(Standing::Works) {
            return Ok(own);
        }
        let all = self.grants.statuses(self.workspace).await;
        let owner = pick(&all.map_err(unreadable)?, &self.address);
        let workspace = self.workspace;
        let found = owner.map(|owner| ConnectionId { workspace, owner });
        let terms = self.grants.terms();
        found.ok_or_else(|| Failure::Told {
            text: format!("{} is not connected as {}", terms.words.name, self.address),
            hint: Some(format!(
                "an admin connects it: greenroom {} connect --for-workspace",
                terms.id
            )),
        })
    }

    fn unavailable(&self, why: &Unavailable) -> Failure {
        let words = self.grants.terms().words;
        Failure::Told {
            text: why.text(words),
            hint: why.hint(words),
        }
    }

    fn renewed_in_vain(&self) -> bool {
        let until = *self.in_vain();
        until.is_some_and(|until| self.clock.steady() < until)
    }

    fn in_vain(&self) -> MutexGuard<'_, Option<Steady>> {
        self.in_vain.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a connection of the wanted address stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// Its keys are dead.
    Broken,
    /// It has keys.
    Works,
}

/// `None`: it is not this address's.
fn standing(record: &ConnectionRecord, address: &str) -> Option<Standing> {
    let (grant, standing) = match &record.link {
        Link::Connected { grant } | Link::Retrying { grant, .. } => (grant, Standing::Works),
        Link::ReconnectRequired { grant, .. } => (grant, Standing::Broken),
        Link::Disconnected { .. } => return None,
    };
    let same = grant.user.email.eq_ignore_ascii_case(address);
    same.then_some(standing)
}

/// Whose connection logs in for an address.
fn pick(all: &BTreeMap<Owner, (ConnectionRecord, Revision)>, address: &str) -> Option<Owner> {
    let of_address = all.iter().filter_map(|(owner, (record, _))| {
        let own = *owner == Owner::Workspace;
        Some((standing(record, address)?, own, *owner))
    });
    of_address.max().map(|(_, _, owner)| owner)
}

fn unreadable(error: StoreError) -> Failure {
    Failure::Told {
        text: error.to_string(),
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::MemberId;
    use greenroom_protocol::time::Instant;

    use super::*;
    use crate::grants::Grant;

    fn grant(email: &str) -> Grant {
        serde_json::from_value(serde_json::json!({
            "user": {"id": "1", "email": email, "name": "x"},
            "client_id": "app",
            "scopes": [],
            "expires_at": "2026-11-30T09:00:00Z",
            "last_refresh": "2026-11-30T09:00:00Z",
            "refresh_attempt": null,
        }))
        .expect("a grant")
    }

    fn record(link: Link) -> (ConnectionRecord, Revision) {
        let record = ConnectionRecord {
            link,
            since: Instant::from_second(0),
            ..ConnectionRecord::default()
        };
        (record, Revision::default())
    }

    fn connected(email: &str) -> (ConnectionRecord, Revision) {
        record(Link::Connected {
            grant: grant(email),
        })
    }

    fn broken(email: &str) -> (ConnectionRecord, Revision) {
        record(Link::ReconnectRequired {
            grant: grant(email),
            reason: Reason::ReplacedElsewhere,
        })
    }

    #[test]
    fn the_workspaces_own_goes_first_and_what_works_before_what_does_not() {
        let (sam, lena) = (
            Owner::Member(MemberId::new()),
            Owner::Member(MemberId::new()),
        );
        let address = "interviews@acme.example";
        let of = |all: Vec<(Owner, (ConnectionRecord, Revision))>| {
            pick(&all.into_iter().collect(), "Interviews@Acme.example")
        };
        let other = "sam@acme.example";
        assert_eq!(of(vec![]), None);
        assert_eq!(of(vec![(sam, connected(other))]), None);
        assert_eq!(
            of(vec![
                (Owner::Workspace, connected(address)),
                (sam, connected(address))
            ]),
            Some(Owner::Workspace)
        );
        assert_eq!(
            of(vec![
                (Owner::Workspace, broken(address)),
                (sam, connected(other)),
                (lena, connected(address))
            ]),
            Some(lena)
        );
        assert_eq!(
            of(vec![
                (Owner::Workspace, broken(address)),
                (sam, broken(address))
            ]),
            Some(Owner::Workspace)
        );
        assert_eq!(
            of(vec![(
                Owner::Workspace,
                record(Link::Disconnected { reason: None })
            )]),
            None
        );
        // Another address of the workspace's own account sends nothing for this one.
        assert_eq!(
            of(vec![
                (Owner::Workspace, connected(other)),
                (sam, broken(address))
            ]),
            Some(sam)
        );
    }
}
