//! What a candidate's email answers to the times it was sent, read into closed intents.
//!
//! Invariant: everything read names the words it was read from. What was not understood and may
//! turn the meaning stands in `unread` with its hinge, and no act rests on it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schedule::Grain;
use crate::schedule::Reading;
use crate::time::Instant;

/// An email to read, and what it answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyRead {
    /// The email with its headers, or its text alone; at most 262 144 bytes.
    pub mail: String,
    /// When it arrived; `None`: the daemon's present.
    #[serde(default)]
    pub now: Option<Instant>,
    /// The candidate's IANA zone; `None`: the proposal's, else the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// How their country orders day and month, such as `en_US`; `None`: as the zone's country does.
    #[serde(default)]
    pub locale: Option<String>,
    /// The slots it answers; `None`: nothing can be booked.
    #[serde(default)]
    pub proposal: Option<ReplyProposal>,
    /// What else stands around it; `None`: the candidate wrote it, and nothing is booked.
    #[serde(default)]
    pub around: Option<ReplyAround>,
}

/// What stands around an email, which no word of it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReplyAround {
    /// What is booked with the candidate.
    pub booked: Option<ReplyBooked>,
    /// Whose address it comes from.
    pub author: ReplyAuthor,
    /// Names of the other candidates with this address, for `shared`; at most 20.
    pub others: Vec<String>,
    /// When our email with the slots was sent: an answer is not written before.
    pub sent_at: Option<Instant>,
    /// The Message-ID of our email with the slots.
    pub message_id: Option<String>,
    /// What was sent before, the first one first; at most 20.
    pub earlier: Vec<ReplyRound>,
}

/// Slots that were sent before others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyRound {
    /// The Message-ID of the email.
    pub message_id: String,
    /// What it said.
    pub proposal: ReplyProposal,
}

/// An interview that is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyBooked {
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// How often the invitation was changed.
    #[serde(default)]
    pub sequence: u32,
    /// Somebody asked to move it, and other slots were sent.
    #[serde(default)]
    pub moving: bool,
    /// They were asked once which time they mean.
    #[serde(default)]
    pub asked: bool,
}

/// Whose address an email comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReplyAuthor {
    /// The candidate's.
    #[default]
    Candidate,
    /// Of several candidates.
    Shared,
    /// Of a member of the workspace.
    Member,
    /// Of somebody else.
    Other,
}

/// The slots that were sent to a candidate, all of them still held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyProposal {
    /// At most 20, each with another number.
    pub slots: Vec<ReplySlot>,
    /// The IANA zone they were printed in.
    pub zone: String,
}

/// A slot of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplySlot {
    /// Its number in the email.
    pub n: u32,
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
}

/// What an answer means, and what is done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyDecision {
    /// What was read.
    #[serde(flatten)]
    pub reading: ReplyReading,
    /// What follows from it.
    pub act: Act,
    /// The round it answers, from 1; `None`: the newest one.
    #[serde(default)]
    pub round: Option<u32>,
}

/// An email, read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyReading {
    /// What they say, what matters most first.
    pub intents: Vec<Intent>,
    /// The times they name, in the order of the text.
    pub times: Vec<ReplyTime>,
    /// What they ask of any time.
    pub wishes: Vec<ReplyWish>,
    /// What was left over; what has a hinge may turn the meaning.
    pub unread: Vec<Left>,
    /// Which slots they choose, where they choose.
    pub choice: Option<Choice>,
    /// A machine wrote it.
    pub automatic: bool,
}

/// Something they say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Intent {
    /// What.
    pub kind: IntentKind,
    /// How sure the reading is.
    pub confidence: Confidence,
    /// The words it was read from.
    pub words: String,
    /// The slot it names, for `accept` and `accept-time`.
    #[serde(default)]
    pub option: Option<u32>,
    /// The end of their absence, for `away`; `None`: not said.
    #[serde(default)]
    pub until: Option<Instant>,
}

/// The closed set of what an answer can say.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum IntentKind {
    /// Asks for a person, or for no more emails.
    Human,
    /// Not the one we mean.
    WrongPerson,
    /// Is no longer a candidate.
    Withdraw,
    /// Calls an interview off.
    Cancel,
    /// Will be late.
    Late,
    /// Asks for another time than the one booked.
    Reschedule,
    /// Takes a slot by its number.
    Accept,
    /// Takes a slot by its time.
    AcceptTime,
    /// Takes any of several.
    AcceptAny,
    /// None of the slots works.
    DeclineAll,
    /// Names other times.
    Propose,
    /// Says what a time must be like.
    Constrain,
    /// Is away.
    Away,
    /// Asks something else.
    Question,
    /// Confirms what is arranged.
    Confirm,
    /// Says thanks.
    Thanks,
    /// Anything else.
    Other,
}

/// How sure a reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Said in so many words.
    Sure,
    /// Follows from what stands around it.
    Likely,
    /// One of several readings.
    Unsure,
}

/// A time they name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyTime {
    /// When it begins.
    pub start: Instant,
    /// When it ends; `None`: no end was said.
    pub end: Option<Instant>,
    /// How exactly it is known.
    pub grain: Grain,
    /// The IANA zone it was read in.
    pub zone: String,
    /// The words it was read from.
    pub words: String,
    /// The rule that chose this reading.
    pub rule: String,
    /// The other readings of the same words.
    pub others: Vec<Reading>,
    /// The slots it can mean.
    pub slots: Vec<u32>,
}

/// What a time has to be like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyWish {
    /// How it binds.
    pub kind: WishKind,
    /// When it begins; `None`: said of no day.
    pub start: Option<Instant>,
    /// When it ends.
    pub end: Option<Instant>,
    /// The slots it speaks of: for `only` those that fit, for `not` those it touches.
    pub slots: Vec<u32>,
    /// The words.
    pub words: String,
}

/// How a wish binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WishKind {
    /// Free then.
    Free,
    /// Only then.
    Only,
    /// Not then.
    Not,
    /// Rather then.
    Prefer,
}

/// Words that were left over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Left {
    /// The words.
    pub words: String,
    /// What in them may turn the meaning; `None`: nothing.
    pub hinge: Option<Hinge>,
}

/// What may turn a meaning.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Hinge {
    /// Somebody who gives orders to the assistant.
    Instruction,
    /// Another person.
    Person,
    /// Another kind, length or company of the interview.
    Change,
    /// A question or request about the interview itself, or about what has to come before it.
    Question,
    /// A condition.
    Condition,
    /// A negation.
    Negation,
    /// A time that was not understood, or contradicts another.
    Time,
    /// A figure.
    Number,
    /// Many words.
    Long,
    /// All words were understood, and examples of answers like this one mean something else.
    Unlike,
}

/// The slots they choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// How they choose.
    pub kind: ChoiceKind,
    /// Their numbers, the preferred one first.
    pub slots: Vec<u32>,
    /// The words.
    pub words: String,
}

/// How slots are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChoiceKind {
    /// This one.
    One,
    /// The first of these that is free.
    InOrder,
    /// Whichever of these suits us.
    AnyOf,
    /// Several, without a word on which; or readings that differ.
    Unclear,
    /// Not settled yet.
    Tentative,
    /// Only if there is nothing else.
    Reluctant,
    /// Doesn't fit in what else they say.
    Unfit,
}

/// What is done about an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    /// What.
    pub kind: ActKind,
    /// The slot; there always is one for `book`.
    pub option: Option<u32>,
    /// Why, for people.
    pub why: String,
    /// A person should look at it at once: an interview is close; absent where not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
}

/// The closed set of what can be done.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ActKind {
    /// Book the slot.
    Book,
    /// Send other slots.
    Propose,
    /// Ask back.
    Ask,
    /// A person decides, with the act prepared.
    Person,
    /// Wait for what they will say.
    Wait,
    /// There is nothing to do.
    None,
}

/// A set of labelled replies to measure the reading with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantEval {
    /// The set, at most 786 432 bytes: frames in brackets, and lines of `text | act option | intents`.
    pub set: String,
}

/// How well replies are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvalReport {
    /// Each set separately, in the order of the file.
    pub sets: Vec<EvalSet>,
}

/// How well the replies of one set are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvalSet {
    /// Its name.
    pub name: String,
    /// The figures as replies are acted on.
    pub figures: EvalFigures,
    /// The figures if every clause that is not understood stopped an act, hinge or not.
    pub without_hinges: EvalFigures,
    /// Every reply that was acted on in another way than its label says.
    pub wrong: Vec<EvalMiss>,
    /// Every other reply whose act or intents are not those of its label.
    pub missed: Vec<EvalMiss>,
}

/// Counts of one set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvalFigures {
    /// Labelled replies.
    pub replies: u32,
    /// Those with a clear answer, which no person has to see.
    pub clear: u32,
    /// Clear answers that end in the right act without a person.
    pub clear_right: u32,
    /// Replies of which the first intent of the label is read.
    pub intents_right: u32,
    /// Replies that need no person.
    pub without_person: u32,
    /// Of those the ones handed to a person.
    pub needless: u32,
    /// Acts without a person that are not the label's.
    pub wrong: u32,
}

/// A reply that was read in another way than its label says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvalMiss {
    /// Its line in the file, from 1.
    pub line: u32,
    /// Its text, shortened.
    pub text: String,
    /// What the label says.
    pub expected: String,
    /// What came out.
    pub found: String,
}
