//! The audit entry of a call: who, for whom, through what, which fields. No value in it is
//! anybody's personal data.

use greenroom_protocol::time::Instant;

use super::RequestContext;
use crate::store::{AuditEntry, StoreError, Tx};

impl RequestContext {
    /// Writes the call's entry about `record` in the same commit. `values` may only hold what is
    /// nobody's personal data.
    pub fn audit(
        &self,
        tx: &Tx,
        now: Instant,
        record: impl ToString,
        fields: &[&str],
        values: &[(&str, String)],
    ) -> Result<(), StoreError> {
        let actor = self.caller.actor(self.source);
        let entry = AuditEntry {
            at: now.timestamp(),
            actor: actor.actor,
            acting_as: actor.acting_as,
            source: actor.source,
            call: self.call.to_owned(),
            record: record.to_string(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            values: values
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        };
        tx.audit(&self.space(), &entry)
    }
}
