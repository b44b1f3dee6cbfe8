//! Owns the audit: who changed what, written in the very commit that changes it, so that neither is
//! there without the other. An entry holds ids, names of fields and values that are nobody's
//! personal data; that is what makes erasing a person possible without touching it.

use std::collections::BTreeMap;

use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::{Page, Record, Store, StoreError};
use super::transaction::Tx;

/// One change, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// The member or operator who called; none where the daemon acted by itself.
    pub actor: Option<String>,
    /// The member they acted for, if another.
    pub acting_as: Option<String>,
    /// Where the call came from: `cli`, `client`, `rpc`, `work`.
    pub source: String,
    /// The call.
    pub call: String,
    /// The id of the record changed.
    pub record: String,
    /// The names of the fields changed.
    pub fields: Vec<String>,
    /// Values worth keeping, none of them personal.
    pub values: BTreeMap<String, String>,
}

impl Record for AuditEntry {
    const TABLE: &'static str = "audit";
    const SCHEMA: u32 = 1;
}

/// Who does something, for the audit: ids, never names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The member or operator who calls; `None`: the daemon itself.
    pub actor: Option<String>,
    /// The member they act for, if another.
    pub acting_as: Option<String>,
    /// Through what: `cli`, `client`, `rpc`, `work`.
    pub source: String,
}

impl Actor {
    /// The entry of what they did: `call` changed `fields` of `record`. Values are added to it.
    pub fn entry(
        &self,
        call: &str,
        record: impl ToString,
        fields: &[&str],
        now: Instant,
    ) -> AuditEntry {
        AuditEntry {
            at: now.timestamp(),
            actor: self.actor.clone(),
            acting_as: self.acting_as.clone(),
            source: self.source.clone(),
            call: call.to_owned(),
            record: record.to_string(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            values: BTreeMap::new(),
        }
    }
}

impl Tx {
    /// Adds `entry` to the audit of `space`, in this commit. Entries sort by the time they are
    /// added.
    pub fn audit(&self, space: &str, entry: &AuditEntry) -> Result<(), StoreError> {
        self.put(space, &uuid::Uuid::now_v7().simple().to_string(), entry)
    }
}

impl Store {
    /// At most `limit` entries of `space`, the newest first, beginning before the entry `before`.
    pub async fn audit_page(
        &self,
        space: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Page<AuditEntry>, StoreError> {
        self.scan_back(space, before, limit).await
    }
}
