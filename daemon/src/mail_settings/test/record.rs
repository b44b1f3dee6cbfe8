//! What is stored of a test of email: how far it is, and what was found.

use greenroom_protocol::id::MailId;
use greenroom_protocol::mail_settings::MailTestResult;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// The latest test of a workspace's email.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MailTestRecord {
    /// What its email is named by; no email of the outbox has this id.
    pub(super) mark: MailId,
    /// The settings it tries: their revision.
    pub(super) revision: u64,
    /// When it began.
    pub(super) started_at: Instant,
    /// When it ended.
    pub(super) finished_at: Option<Instant>,
    /// How far it is.
    pub(super) phase: Phase,
    /// What was tried so far.
    pub(super) steps: Vec<MailTestResult>,
}

/// How far a test is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "kebab-case")]
pub(super) enum Phase {
    /// Nothing was tried yet.
    Wanted,
    /// The email is being handed over, or was when the daemon ended.
    Sending {
        /// Since when.
        at: Instant,
    },
    /// The email has left, and is waited for.
    Sent {
        /// Since when.
        at: Instant,
    },
    /// It is over.
    Over,
}

impl Record for MailTestRecord {
    const TABLE: &'static str = "mail-test";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_reads_back_as_it_was_first_written() {
        let stored = r#"{"mark":"mal_01jd0000000000000000000000","revision":7,"started_at":"2026-11-30T09:00:00Z","finished_at":null,"phase":{"phase":"sent","at":"2026-11-30T09:00:01Z"},"steps":[{"step":"log-in","result":"ok","message":"mail.example:465 lets us log in","hint":null}]}"#;
        let read: MailTestRecord = serde_json::from_str(stored).expect("a record");
        assert_eq!(serde_json::to_string(&read).expect("json"), stored);
    }
}
