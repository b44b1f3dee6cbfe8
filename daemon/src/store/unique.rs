//! Owns uniqueness: what only one record may have (an address in a workspace, a Zoom user in the
//! daemon) is a record of its own, expected absent by the one that claims it. The id is a digest,
//! so a person's address is in no key and no log.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Record, StoreError, Tx};

/// Who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The id of the record that has it.
    pub holder: String,
}

impl Record for Claim {
    const TABLE: &'static str = "unique";
    const SCHEMA: u32 = 1;
}

fn id(what: &str, value: &str) -> String {
    let digest = Sha256::digest(value.as_bytes());
    let hex: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{what}.{hex}")
}

impl Tx {
    /// Who has `value` as their `what`; the commit expects that it stays so.
    pub async fn holder(
        &self,
        space: &str,
        what: &str,
        value: &str,
    ) -> Result<Option<String>, StoreError> {
        let claim = self.get::<Claim>(space, &id(what, value)).await?;
        Ok(claim.map(|claim| claim.holder))
    }

    /// Gives `value` to `holder`, or says who has it already.
    pub async fn claim(
        &self,
        space: &str,
        what: &str,
        value: &str,
        holder: &str,
    ) -> Result<Result<(), String>, StoreError> {
        match self.holder(space, what, value).await? {
            Some(other) if other != holder => Ok(Err(other)),
            _ => {
                let claim = Claim {
                    holder: holder.to_owned(),
                };
                self.put(space, &id(what, value), &claim).map(Ok)
            }
        }
    }

    /// Lets go of `value`.
    pub fn release(&self, space: &str, what: &str, value: &str) -> Result<(), StoreError> {
        self.delete::<Claim>(space, &id(what, value))
    }
}
