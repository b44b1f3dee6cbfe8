//! Owns going through everything that is sealed: what was sealed in a former way, or under a key
//! that may be known, is sealed anew under a key of its own; keys under which nothing is sealed are
//! destroyed. Done at every start, before anything else uses the vault, so whatever a killed
//! process left half done is carried on here.

use std::collections::HashSet;

use super::ring::KeyId;
use super::{Sealed, Under, Vault, VaultError};
use crate::store::{Fate, Store};

/// Records read at a time.
const PAGE: usize = 200;

/// Brings everything forward; the space and the id of each secret that does not open, which is left
/// as it is.
pub(super) async fn tidy(
    vault: &Vault,
    store: &Store,
) -> Result<Vec<(String, String)>, VaultError> {
    let mut unopened = Vec::new();
    let mut in_use = HashSet::new();
    for space in store.spaces().await? {
        let mut after = None::<String>;
        loop {
            let page = store.scan::<Sealed>(&space, after.as_deref(), PAGE).await?;
            let mut former = Vec::new();
            for (id, row) in &page.rows {
                match vault.unseal(&space, id, &row.record) {
                    Err(error) => {
                        tracing::error!(record = %format!("{space}/{id}"), %error, "a secret does not open");
                        unopened.push((space.clone(), id.clone()));
                        in_use.extend(row.record.under.key());
                    }
                    Ok(_) => match row.record.under.key() {
                        Some(key) if vault.0.ring.is_current(key) => drop(in_use.insert(key)),
                        _ => former.push(id.clone()),
                    },
                }
            }
            if !former.is_empty() {
                in_use.extend(anew(vault, store, &space, &former).await?);
            }
            after = page.rows.last().map(|(id, _)| id.clone());
            if !page.more {
                break;
            }
        }
    }
    let mut unused = vault.0.ring.ids();
    unused.retain(|key| !in_use.contains(key));
    let vault = vault.clone();
    let destroyed = tokio::task::spawn_blocking(move || vault.0.ring.destroy(&unused)).await;
    destroyed.map_err(|_| VaultError::Stopping)??;
    Ok(unopened)
}

/// Seals these secrets under fresh keys, which are returned.
async fn anew(
    vault: &Vault,
    store: &Store,
    space: &str,
    ids: &[String],
) -> Result<Vec<KeyId>, VaultError> {
    let keys = vault.make(ids.len()).await?;
    let secrets: Vec<_> = ids.iter().zip(&keys).collect();
    let sealed = store.transact_each(&secrets, |tx, (id, key)| async move {
        let Some(former) = tx.get::<Sealed>(space, id).await? else {
            return Ok(());
        };
        let plain = vault.unseal(space, id, &former)?;
        tx.put(space, id, &vault.seal(space, id, **key, &plain)?)?;
        if let Some(former) = former.under.key() {
            vault.destroy(&tx, former, Fate::Committed);
        }
        Ok::<_, VaultError>(())
    });
    sealed.await?;
    Ok(keys)
}

impl Under {
    fn key(&self) -> Option<KeyId> {
        match self {
            Self::Key(key) => Some(*key),
            Self::Vault(_) => None,
        }
    }
}
