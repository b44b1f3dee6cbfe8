//! A conversation with the assistant: what a member says, and what it answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NamedMatch, RequestAct, RequestForm};
use crate::id::{ConversationId, MemberId};
use crate::interview::Interview;
use crate::outreach::Outreach;
use crate::schedule::{Finding, NoneBecause, SlotReason};
use crate::time::Instant;
use crate::workspace::MemberBrief;

/// Says something to the assistant.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationSay {
    /// Which conversation goes on, by its id or an ending of it; `None`: a new one begins.
    #[serde(default)]
    pub conversation: Option<String>,
    /// What is said, in English; at most 2 000 bytes.
    pub text: String,
    /// Only says what would happen: nothing is written, and no conversation begins.
    #[serde(default)]
    pub dry_run: bool,
    /// Says yes to what is proposed where one slot is clearly the best, or the words name it.
    #[serde(default)]
    pub yes: bool,
    /// The conversation's revision as it was last read: refused with `conflict` where something was
    /// said in it since, so that a letter never means a slot that was not shown. `None`: whatever
    /// was said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_revision: Option<u64>,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerKind {
    /// Slots, one of which is booked on a yes.
    Slots,
    /// Something that is done on a yes.
    Confirm,
    /// Something has to be said first.
    Asks,
    /// It is done.
    Done,
    /// What was asked.
    Tells,
    /// Nothing works; why is said.
    Nothing,
    /// One that this program does not know yet.
    #[serde(other)]
    Other,
}

/// A slot of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerSlot {
    /// Its letter, from `a`.
    pub letter: char,
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// The same with day, date and zone, for people.
    pub text: String,
    /// Who takes part.
    pub interviewers: Vec<MemberBrief>,
    /// How good it is, with the wishes it does not meet; higher is better.
    pub score: i32,
    /// What the score is made of, the weightiest first.
    pub why: Vec<SlotReason>,
    /// The wishes that it does not meet, in the words they were read from.
    pub unmet: Vec<String>,
}

/// What the assistant answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationAnswer {
    /// The conversation; `None` in a dry run.
    pub conversation: Option<ConversationId>,
    /// The conversation's revision from now on; `None` in a dry run.
    #[serde(default)]
    pub revision: Option<u64>,
    /// When it was said; `None` in a dry run.
    #[serde(default)]
    pub at: Option<Instant>,
    /// What was understood.
    pub form: RequestForm,
    /// What this is.
    pub kind: AnswerKind,
    /// The answer, for people.
    pub text: String,
    /// What was understood, for people; empty where nothing was.
    pub understood: String,
    /// The slots, the first by what was asked for first; at most five.
    #[serde(default)]
    pub slots: Vec<AnswerSlot>,
    /// The slot that a yes without a letter means, from 1.
    #[serde(default)]
    pub best: Option<u8>,
    /// Wishes that none of the slots meets, in the words they were read from.
    #[serde(default)]
    pub unmet: Vec<String>,
    /// The words that were not read and may matter.
    #[serde(default)]
    pub unplaced: Vec<String>,
    /// Whom or what is asked about: those a name may mean.
    #[serde(default)]
    pub matches: Vec<NamedMatch>,
    /// Until when a yes counts.
    #[serde(default)]
    pub until: Option<Instant>,
    /// The interview that was booked or changed.
    #[serde(default)]
    pub interview: Option<Box<Interview>>,
    /// The interviews that were asked for.
    #[serde(default)]
    pub interviews: Vec<Interview>,
    /// The outreach that was asked for.
    #[serde(default)]
    pub outreach: Option<Box<Outreach>>,
    /// What stands in the way most, where nothing works.
    #[serde(default)]
    pub none_because: Vec<NoneBecause>,
    /// What was found of the time that was asked about.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// Which conversations.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationQuery {
    /// Rows at most; `None`: 100.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// One thing that was said, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationTurn {
    /// When.
    pub at: Instant,
    /// What was understood, with the names as they are now.
    pub understood: String,
    /// What the answer was.
    pub kind: AnswerKind,
}

/// What a yes would do, in a conversation that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationOpen {
    /// Until when a yes counts.
    pub until: Instant,
    /// What is wanted.
    pub act: RequestAct,
    /// The slots, by letter; empty where a yes is all there is to say. Their reasons, and the wishes
    /// that they do not meet, came with the answer.
    pub slots: Vec<AnswerSlot>,
    /// The slot that a yes without a letter means, from 1.
    #[serde(default)]
    pub best: Option<u8>,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conversation {
    /// The conversation.
    pub id: ConversationId,
    /// Its revision.
    #[serde(default)]
    pub revision: u64,
    /// Whose it is.
    pub member: MemberId,
    /// When it began.
    pub created_at: Instant,
    /// When something was said last.
    pub at: Instant,
    /// What was said, the first thing first; at most the last 30.
    pub turns: Vec<ConversationTurn>,
    /// What a yes would do; `None`: there is nothing to say yes to.
    #[serde(default)]
    pub open: Option<ConversationOpen>,
}
