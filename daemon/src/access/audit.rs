//! The audit entry of a call: who, for whom, through what, which fields. No value in it is
//! anybody's personal data.

use greenroom_protocol::time::Instant;

use super::RequestContext;
use crate::store::{StoreError, Tx};

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
        let mut entry = self.attribution().entry(self.call, record, fields, now);
        let values = values.iter().cloned();
        entry.values = values
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        tx.audit(&self.space(), &entry)
    }
}
