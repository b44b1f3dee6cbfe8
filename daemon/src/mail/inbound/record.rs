//! What is stored of what comes in: the turns of a conversation, and how many somebody has. Where
//! each stands is a record of the ground floor, for lists know it too.

use greenroom_protocol::id::{MailId, MemberId, TurnId};
use greenroom_protocol::reply::{Act, ActKind, IntentKind, ReplyReading};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::read::CalendarPart;
use crate::mail::message::Answer;
use crate::outbox::record::Recipient;
pub use crate::records::turn::{Owner, Thread, TurnPlace};
use crate::store::Record;

/// Whose turn it is. Names are looked up when they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaker {
    /// The candidate it is filed on.
    Candidate,
    /// A member.
    Member(MemberId),
    /// An address that is nobody's here.
    Other,
}

/// One turn: who said what, when. Its id is the owner's, a slash, and its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// What about.
    pub thread: Thread,
    /// When it came in.
    pub at: Instant,
    /// Who.
    pub who: Speaker,
    /// What.
    pub says: Says,
    /// When somebody first read it here.
    #[serde(default)]
    pub read_at: Option<Instant>,
    /// It answers for somebody from an address that is not theirs, and counts for nothing until a
    /// person says so.
    #[serde(default)]
    pub aside: Option<Aside>,
    /// What the assistant made of it; of several that came in together, the last says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understood: Option<Understood>,
}

/// What the assistant made of an email.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Understood {
    /// What it says, what matters most first, with the words it was read from.
    pub intents: Vec<(IntentKind, String)>,
    /// What follows; `None`: it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<ActKind>,
    /// The time that is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u8>,
    /// Why.
    pub why: String,
}

impl Understood {
    /// Intents that are kept, and the most of the words of each, in characters.
    const MOST: usize = 8;
    const MOST_WORDS: usize = 200;

    /// As far as it is kept.
    #[must_use]
    pub fn of(reading: &ReplyReading, act: &Act) -> Self {
        let short = |text: &str| text.chars().take(Self::MOST_WORDS).collect::<String>();
        let intents = reading.intents.iter().take(Self::MOST);
        Self {
            intents: intents.map(|it| (it.kind, short(&it.words))).collect(),
            act: Some(act.kind),
            n: act.option.and_then(|n| u8::try_from(n).ok()),
            why: short(&act.why),
        }
    }
}

/// What a turn says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// An email that came in.
    Heard(Heard),
}

/// An email, as far as it is kept: other people's text, made plain.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Its Message-ID, where it has one.
    pub message_id: Option<String>,
    /// The address it claims to be from, in lower case.
    pub from: String,
    /// The name beside that address.
    pub name: Option<String>,
    /// Its subject.
    pub subject: String,
    /// Its text, quotes and signature included.
    pub text: String,
    /// The text was longer.
    pub cut: bool,
    /// A machine wrote it.
    pub automatic: bool,
    /// When it was written, by its own account.
    #[serde(default)]
    pub written_at: Option<Instant>,
    /// The names of files that came with it; the files themselves are not kept.
    #[serde(default)]
    pub files: Vec<String>,
    /// What else matters where it is read as an answer.
    #[serde(default, skip_serializing_if = "Marks::is_plain")]
    pub marks: Marks,
}

/// What headers and other parts of an email say beside its words. None of it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// The offset of its `Date` from UTC, in seconds; `None`: UTC itself, which servers write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i32>,
    /// How many people it claims to be from, where that is not one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<u32>,
    /// Its headers say in other ways than [`Heard::automatic`] that a machine wrote it.
    pub machine: bool,
    /// The Message-IDs that it answers, the nearest one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<String>,
    /// The server that wrote its topmost `Authentication-Results`, in lower case, and whether that
    /// says that DMARC failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticated: Option<(String, bool)>,
    /// What its HTML shows, where those are other words than its text has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The first calendar in it that is about an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarPart>,
}

impl Marks {
    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// An answer that was set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    /// For whom it answers, as far as it says so.
    pub guest: Option<Recipient>,
    /// What their calendar says; `None`: it answers in words.
    pub answer: Option<AsideAnswer>,
    /// The email it answers.
    #[serde(default)]
    pub to: Option<MailId>,
}

/// What a calendar answered from another address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AsideAnswer {
    /// Whether they come.
    pub answer: Answer,
    /// To which change of the interview.
    pub sequence: u32,
    /// When, by their calendar.
    pub at: Option<Instant>,
    /// It proposes another time.
    pub counter: bool,
    /// The start it proposes.
    pub start: Option<Instant>,
    /// The length it proposes, in minutes.
    pub duration_minutes: Option<u32>,
    /// What it says about it.
    pub comment: Option<String>,
}

impl Record for TurnRecord {
    const TABLE: &'static str = "turn";
    const SCHEMA: u32 = 1;
}

impl TurnRecord {
    /// The email.
    pub fn heard(&self) -> &Heard {
        let Says::Heard(heard) = &self.says;
        heard
    }

    /// The id it is stored under.
    pub fn key(owner: Owner, id: TurnId) -> String {
        format!("{owner}/{id}")
    }

    /// Reads such an id.
    pub fn parts(key: &str) -> Option<(Owner, TurnId)> {
        let (owner, id) = key.split_once('/')?;
        Some((owner.parse().ok()?, id.parse().ok()?))
    }

    /// Whether nobody has read what a person wrote.
    pub fn is_unread(&self) -> bool {
        self.read_at.is_none() && !self.heard().automatic
    }
}

/// The turns of one owner, oldest first, so that their number is known where one is added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TurnLedger {
    /// Each.
    pub turns: Vec<Entry>,
}

/// A turn in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Which.
    pub id: TurnId,
    /// How soon it makes room for a new one.
    pub worth: Worth,
}

/// How soon a turn makes room: the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Worth {
    /// A machine wrote it.
    Automatic,
    /// An address that is nobody's here: strangers push out none of the people's own emails.
    Stranger,
    /// One of the people here wrote it.
    Person,
}

impl Record for TurnLedger {
    const TABLE: &'static str = "turn-ledger";
    const SCHEMA: u32 = 1;
}

/// An address that a person said is somebody's too. Its id is the address, folded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AliasRecord {
    /// Whose.
    pub of: Recipient,
    /// Since when.
    pub at: Instant,
}

impl Record for AliasRecord {
    const TABLE: &'static str = "alias";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::account::AccountProvider;
    use greenroom_protocol::id::CandidateId;

    use super::*;

    #[test]
    fn a_turn_without_later_fields_reads_back() {
        let stored = r#"{"thread":{"interview":"int_01jd0000000000000000000000"},"at":"2026-12-01T09:00:00Z","who":"candidate",
            "says":{"heard":{"message_id":null,"from":"ana@mail.example","name":null,"subject":"Ill","text":"I am ill",
            "cut":false,"automatic":false}}}"#;
        let read: TurnRecord = serde_json::from_str(stored).expect("a turn");
        assert!(read.is_unread() && read.aside.is_none() && read.heard().files.is_empty());
    }

    #[test]
    fn a_key_names_owner_and_turn() {
        let (candidate, id) = (CandidateId::new(), TurnId::new());
        let apps = AccountProvider::ALL.map(Owner::Account);
        for owner in [Owner::Candidate(candidate), Owner::Zoom]
            .into_iter()
            .chain(apps)
        {
            let key = TurnRecord::key(owner, id);
            assert_eq!(TurnRecord::parts(&key), Some((owner, id)));
        }
        assert_eq!(TurnRecord::parts("zoom"), None);
    }
}
