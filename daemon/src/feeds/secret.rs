//! What feeds are read with and nobody may see: addresses that are secrets, passwords.
//!
//! Invariant: a secret is kept and forgotten in the commit that adds and removes its feed.

use greenroom_protocol::id::FeedId;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::vault::{Vault, VaultError};

/// A secret in the vault.
#[derive(Serialize, Deserialize)]
struct Kept(#[serde(serialize_with = "expose", deserialize_with = "conceal")] SecretString);

fn expose<S: Serializer>(secret: &SecretString, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(secret.expose_secret())
}

fn conceal<'de, D: Deserializer<'de>>(input: D) -> Result<SecretString, D::Error> {
    String::deserialize(input).map(SecretString::from)
}

fn id(feed: FeedId) -> String {
    format!("feed/{feed}")
}

fn vault(services: &Services) -> &Vault {
    services.zoom.grants().vault()
}

/// Keeps a feed's secret, in this commit.
pub(super) async fn keep(
    services: &Services,
    tx: &Tx,
    space: &str,
    feed: FeedId,
    secret: &SecretString,
) -> Result<(), VaultError> {
    let kept = Kept(secret.clone());
    vault(services).put(tx, space, &id(feed), &kept).await
}

/// Forgets it, in this commit.
pub(super) async fn forget(
    services: &Services,
    tx: &Tx,
    space: &str,
    feed: FeedId,
) -> Result<(), StoreError> {
    vault(services).delete(tx, space, &id(feed)).await
}

/// A feed's secret; `None`: none is kept.
pub(super) async fn read(
    services: &Services,
    space: &str,
    feed: FeedId,
) -> Result<Option<SecretString>, VaultError> {
    let id = &id(feed);
    let read = services.store.transact(|tx| async move {
        let kept = vault(services).get::<Kept>(&tx, space, id);
        kept.await
    });
    Ok(read.await?.0.map(|Kept(secret)| secret))
}
