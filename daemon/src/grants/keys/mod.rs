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

use greenroom_protocol::id::{AttemptId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::grants::terms::{self, Terms};
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
}

impl Pair {
    pub(crate) fn new(tokens: &Tokens, now: Instant) -> Self {
        Self {
            access: tokens.access.clone(),
            refresh: tokens.refresh.clone(),
            expires_at: now.plus_seconds(tokens.expires_in),
            generation: 0,
        }
    }

    pub(crate) fn of_generation(self, generation: u64) -> Self {
        Self { generation, ..self }
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
pub(crate) fn grant(terms: &Terms, member: MemberId) -> String {
    format!("{GRANT}{}", terms.key(&member.to_string()))
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
