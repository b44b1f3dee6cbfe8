//! Owns the shapes of what the vault keeps for this room, and their names. None of them has a
//! `Debug`; serialising one anywhere but through the vault would write a secret down.
//!
//! All of them wipe themselves when dropped, as do the frames and answers they are read from and
//! what the vault opens. Not wiped, for they are in the hands of libraries: what `oauth2` holds of
//! a code, a verifier, a pair while it asks for one; the form and the `Authorization` header of a
//! request in `reqwest`; `hyper`'s and `rustls`' buffers. They live as long as one request, and the
//! process is neither dumped nor read by others.

pub(crate) mod access;
pub(crate) mod after_restore;
pub(crate) mod apps;
pub(crate) mod call;
pub(crate) mod refresh;
pub(crate) mod revoke;

use std::collections::BTreeMap;

use greenroom_protocol::id::{AttemptId, WorkspaceId};
use greenroom_protocol::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::grants::id::Owner;
use crate::grants::terms::{self, Audience, Terms};
use crate::grants::timers;
use crate::grants::wire::oauth::Tokens;
use crate::store::Record;

/// The keys of a grant.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Pair {
    #[serde(with = "exposed")]
    pub(crate) access: SecretString,
    #[serde(with = "exposed")]
    pub(crate) refresh: SecretString,
    pub(crate) expires_at: Instant,
    /// The generation of the connection these keys belong to; a read that finds another reads
    /// again.
    pub(crate) generation: u64,
    /// The generation in which the access token was made; `None`: in that of these keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made: Option<u64>,
    /// Access tokens for other audiences than the main one, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) others: BTreeMap<String, Access>,
}

/// An access token for another audience than the main one.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Access {
    #[serde(with = "exposed")]
    pub(crate) secret: SecretString,
    /// The generation in which it was made.
    pub(crate) made: u64,
    made_at: Instant,
    expires_at: Instant,
}

impl Access {
    /// How long it serves at `now`, going by its record alone.
    pub(crate) fn seconds_left(&self, now: Instant) -> i64 {
        timers::seconds_left_of(self.made_at, self.expires_at, now)
    }
}

impl Pair {
    pub(crate) fn new(tokens: &Tokens, now: Instant) -> Self {
        Self {
            access: tokens.access.clone(),
            refresh: tokens.refresh.clone(),
            expires_at: now.plus_seconds(tokens.expires_in),
            generation: 0,
            made: None,
            others: BTreeMap::new(),
        }
    }

    pub(crate) fn of_generation(self, generation: u64) -> Self {
        Self { generation, ..self }
    }

    /// The generation in which the access token was made.
    pub(crate) fn made(&self) -> u64 {
        self.made.unwrap_or(self.generation)
    }

    /// These keys after a renewal for one audience, in the generation it begins. The tokens of the
    /// others go on serving.
    pub(crate) fn renewed(
        self,
        audience: Audience,
        fresh: &Tokens,
        generation: u64,
        now: Instant,
    ) -> Self {
        if audience == Audience::MAIN {
            return Self {
                others: self.others,
                ..Self::new(fresh, now).of_generation(generation)
            };
        }
        let access = Access {
            secret: fresh.access.clone(),
            made: generation,
            made_at: now,
            expires_at: now.plus_seconds(fresh.expires_in),
        };
        let made = Some(self.made());
        let mut others = self.others;
        others.insert(audience.name().to_owned(), access);
        Self {
            refresh: fresh.refresh.clone(),
            generation,
            made,
            others,
            ..self
        }
    }
}

/// What proves that an answer belongs to an attempt.
#[derive(Serialize, Deserialize)]
pub(crate) struct Proof {
    #[serde(with = "exposed")]
    pub(crate) state: SecretString,
    #[serde(with = "exposed")]
    pub(crate) verifier: SecretString,
}

/// An app's secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct AppSecret(#[serde(with = "exposed")] pub(crate) SecretString);

/// Keys on their way to be revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Revocation {
    #[serde(default = "terms::first", skip_serializing_if = "terms::is_first")]
    pub(crate) provider: String,
    pub(crate) workspace: WorkspaceId,
    pub(crate) client_id: String,
    pub(crate) since: Instant,
}

impl Record for Revocation {
    const TABLE: &'static str = "zoom-retire";
    const SCHEMA: u32 = 1;
}

/// How the names of connections' keys begin.
const GRANT: &str = "grant/";

/// The name of a connection's keys, in its workspace's space.
pub(crate) fn grant(terms: &Terms, owner: Owner) -> String {
    format!("{GRANT}{}", terms.key(&owner.to_string()))
}

/// The key of the connection whose keys have this name.
pub(crate) fn of_grant(name: &str) -> Option<&str> {
    name.strip_prefix(GRANT)
}

/// The name of an attempt's proof, in the global space.
pub(crate) fn proof(attempt: AttemptId) -> String {
    format!("attempt/{attempt}")
}

/// The name of keys whose user is not verified yet, in the global space.
pub(crate) fn pending(attempt: AttemptId) -> String {
    format!("pending/{attempt}")
}

/// The name of keys on their way to be revoked, in the global space.
pub(crate) fn revoking(id: &str) -> String {
    format!("retire/{id}")
}

/// The name of an app's secret, in its workspace's space. Under the client id, so that a workspace
/// that changes its app can still renew what was made with the former one.
pub(crate) fn app(terms: &Terms, client_id: &str) -> String {
    format!("app/{}", terms.key(client_id))
}

mod exposed {
    use super::*;

    pub(super) fn serialize<S: Serializer>(
        secret: &SecretString,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.serialize_str(secret.expose_secret())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        input: D,
    ) -> Result<SecretString, D::Error> {
        String::deserialize(input).map(SecretString::from)
    }
}
