//! Owns connect attempts: what is remembered between opening the browser and its answer, across
//! restarts, for ten minutes. The proof (state and verifier) is the vault's. The state begins with
//! the attempt's id, so that a pasted address is enough to find it; what follows cannot be guessed.

use greenroom_protocol::id::{AttemptId, WorkspaceId};
use greenroom_protocol::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::grants::id::{ConnectionId, Owner};
use crate::grants::keys::Pair;
use crate::grants::terms::{self, Terms};
use crate::grants::wire::oauth;
use crate::store::{Attribution, Record};

/// How long an attempt lives.
pub const ATTEMPT_MINUTES: i64 = 10;

/// An attempt, in the global space under its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AttemptRecord {
    #[serde(default = "terms::first", skip_serializing_if = "terms::is_first")]
    pub(crate) provider: String,
    pub(crate) workspace: WorkspaceId,
    #[serde(rename = "member")]
    pub(crate) owner: Owner,
    /// The address the user must have at the provider; `None`: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expected_email: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tenant: Option<String>,
    /// The scopes asked for, where that was a part; empty: all there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) asked: Vec<String>,
    pub(crate) by: Attribution,
    pub(crate) until: Instant,
    pub(crate) stage: Stage,
}

impl Record for AttemptRecord {
    const TABLE: &'static str = "zoom-attempt";
    const SCHEMA: u32 = 1;
}

impl AttemptRecord {
    /// Whether it is one to connect this provider. Those of all providers lie side by side.
    pub(crate) fn is_of(&self, terms: &Terms) -> bool {
        self.provider == terms.id
    }

    pub(crate) fn who(&self) -> ConnectionId {
        ConnectionId {
            workspace: self.workspace,
            owner: self.owner,
        }
    }
}

/// How far an attempt is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub(crate) enum Stage {
    /// The browser is open.
    Waiting,
    /// The code was handed in; written before the exchange, for a code works once.
    Exchanging,
    /// The new keys are sealed as pending; who they belong to is not known yet.
    Verifying {
        /// What was granted.
        scopes: Vec<String>,
        /// Since when.
        since: Instant,
        /// The organization of the user, where the provider said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization: Option<String>,
        /// When the grant ends whatever happens, where the provider said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<Instant>,
    },
}

/// Keys of which nobody knows yet whose they are.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) pair: Pair,
}

/// A fresh state for an attempt.
pub(crate) fn state(id: AttemptId) -> Result<SecretString, getrandom::Error> {
    Ok(format!("{id}.{}", oauth::unguessable()?.expose_secret()).into())
}

/// The attempt a state speaks of. Whether it is genuine, [`same`] decides.
pub(crate) fn named_in(state: &str) -> Option<AttemptId> {
    state.split_once('.')?.0.parse().ok()
}

/// Whether two states are the same, in a time that tells nothing about where they differ.
pub(crate) fn same(one: &SecretString, other: &str) -> bool {
    Sha256::digest(one.expose_secret()) == Sha256::digest(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_names_its_attempt_and_only_itself_matches() {
        let id = AttemptId::new();
        let (one, two) = (state(id).unwrap(), state(id).unwrap());
        assert_eq!(named_in(one.expose_secret()), Some(id));
        assert!(same(&one, one.expose_secret()));
        assert!(!same(&one, two.expose_secret()));
        for stray in ["", "x", "att_.y", &id.to_string()] {
            assert_eq!(named_in(stray), None, "{stray:?}");
        }
    }
}
