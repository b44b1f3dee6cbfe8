//! What is stored of conversations with the assistant.
//!
//! Invariant: a record holds references and what was understood, never words or names: somebody who is
//! erased elsewhere is in none of these by anything but an id.

use greenroom_protocol::conversation::{AnswerKind, RequestForm};
use greenroom_protocol::id::{ConversationId, InterviewId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// Turns that are kept; earlier ones go.
pub const MOST_TURNS: usize = 30;

/// A conversation of a member; its id is the member's and its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationRecord {
    /// When it began.
    pub created_at: Instant,
    /// When something was said last.
    pub at: Instant,
    /// What was said, at most [`MOST_TURNS`].
    #[serde(default)]
    pub turns: Vec<KeptTurn>,
    /// What a yes would do.
    #[serde(default)]
    pub open: Option<OpenCard>,
    /// The latest thing done, which an undo is about.
    #[serde(default)]
    pub done: Option<Done>,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptTurn {
    /// When.
    pub at: Instant,
    /// What was understood, without words and names.
    pub form: RequestForm,
    /// What was answered.
    pub kind: AnswerKind,
}

/// What a yes would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenCard {
    /// Since when.
    pub at: Instant,
    /// What is wanted, without words and names.
    pub form: RequestForm,
    /// The slots as they were shown.
    #[serde(default)]
    pub slots: Vec<OpenSlot>,
    /// The slot that a yes without a letter means, from 1.
    #[serde(default)]
    pub best: Option<u8>,
    /// The interview it is about, and how many changes people had made when it was shown.
    #[serde(default)]
    pub interview: Option<(InterviewId, u32)>,
}

/// A slot as it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenSlot {
    /// When it begins.
    pub start: Instant,
    /// How long it is, in minutes.
    pub minutes: u32,
    /// Who takes part.
    pub interviewers: Vec<MemberId>,
}

/// Something that was done and can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The interview.
    pub interview: InterviewId,
    /// The number of its change.
    pub change: u32,
}

impl Record for ConversationRecord {
    const TABLE: &'static str = "conversation";
    const SCHEMA: u32 = 1;
}

impl ConversationRecord {
    /// The id of a member's conversation.
    #[must_use]
    pub fn key(member: MemberId, id: ConversationId) -> String {
        format!("{member}/{id}")
    }

    /// The two of a record's id.
    #[must_use]
    pub fn parts(key: &str) -> Option<(MemberId, ConversationId)> {
        let (member, id) = key.split_once('/')?;
        Some((member.parse().ok()?, id.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_that_says_only_when_it_was_is_read() {
        let stored = r#"{"created_at":"2026-11-30T09:00:00Z","at":"2026-11-30T09:01:00Z"}"#;
        let read: ConversationRecord = serde_json::from_str(stored).expect("a conversation");
        assert!(read.turns.is_empty() && read.open.is_none() && read.done.is_none());
        let (member, id) = (MemberId::new(), ConversationId::new());
        let key = ConversationRecord::key(member, id);
        assert_eq!(ConversationRecord::parts(&key), Some((member, id)));
    }
}
