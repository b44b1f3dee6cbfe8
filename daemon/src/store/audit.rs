//! Owns the audit: who changed what, written in the very commit that changes it, so that neither is
//! there without the other. An entry holds ids, names of fields and values that are nobody's
//! personal data; that is what makes erasing a person possible without touching it.

use std::collections::BTreeMap;
use std::fmt;

use greenroom_protocol::hello::LONGEST_MCP_NAME;
use greenroom_protocol::id::{JobId, MemberId};
use greenroom_protocol::text::printable;
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::table::{Page, Record, Store, StoreError};
use super::transaction::Tx;

/// One change, as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// The member or operator who called; `None` where the daemon acted on its own.
    pub actor: Option<String>,
    /// The member they acted for, if another.
    pub acting_as: Option<String>,
    /// Through what, as [`Via`] writes it.
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

/// Who acts: ids alone, so that a record says it after the person is gone.
///
/// Stored as text: a member's id, `assistant:JOB/THREAD` or `daemon`; the operator as null. Versions up to
/// 0.2.0 wrote a member's id or null, which reads as the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Actor {
    /// A member, or someone who acts for them.
    Person(MemberId),
    /// Root or the daemon's own user, for no member.
    #[default]
    Operator,
    /// The assistant.
    Assistant {
        /// The job whose candidates it writes to.
        job: JobId,
        /// The id of the thread it acts in.
        thread: String,
    },
    /// The daemon itself, by a rule of the workspace.
    Daemon,
}

impl Actor {
    /// The member, where a person acts.
    pub fn person(&self) -> Option<MemberId> {
        match self {
            Self::Person(member) => Some(*member),
            Self::Operator | Self::Assistant { .. } | Self::Daemon => None,
        }
    }

    /// Reads what [`fmt::Display`] writes; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        if text == OPERATOR {
            return Some(Self::Operator);
        }
        if text == DAEMON {
            return Some(Self::Daemon);
        }
        let Some(place) = text.strip_prefix(ASSISTANT) else {
            return text.parse().ok().map(Self::Person);
        };
        let (job, thread) = place.split_once('/')?;
        let (job, thread) = (job.parse().ok()?, thread.to_owned());
        Some(Self::Assistant { job, thread })
    }
}

const OPERATOR: &str = "operator";

const DAEMON: &str = "daemon";

const ASSISTANT: &str = "assistant:";

impl fmt::Display for Actor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(member) => member.fmt(out),
            Self::Operator => out.write_str(OPERATOR),
            Self::Daemon => out.write_str(DAEMON),
            Self::Assistant { job, thread } => write!(out, "{ASSISTANT}{job}/{thread}"),
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Operator => out.serialize_none(),
            Self::Person(_) | Self::Assistant { .. } | Self::Daemon => out.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(Self::Operator);
        };
        let unknown = || D::Error::custom("neither a member nor the assistant");
        Self::parse(&text).ok_or_else(unknown)
    }
}

/// Through what somebody acts, as the audit names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Via {
    /// A call on the socket.
    #[default]
    Socket,
    /// A call on the socket by a program that people use over MCP, by the name it gave itself. See
    /// [`Via::mcp`].
    Mcp(String),
    /// A page of an import, on the socket too.
    Import,
    /// A conversation with the assistant, by its id: the rights are the caller's own.
    Conversation(String),
    /// The daemon's own work.
    Worker,
}

impl Via {
    /// A program over MCP that names itself so: what steers is left out, and so is what is too
    /// long. It is a claim and nothing more, which is why the kind stands before it.
    pub fn mcp(name: &str) -> Self {
        let name = printable(name, LONGEST_MCP_NAME);
        match name.trim() {
            "" => Self::Mcp("unnamed".to_owned()),
            name => Self::Mcp(name.to_owned()),
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket => out.write_str("socket"),
            Self::Mcp(name) => write!(out, "mcp:{name}"),
            Self::Import => out.write_str("import"),
            Self::Conversation(id) => write!(out, "conversation:{id}"),
            Self::Worker => out.write_str("worker"),
        }
    }
}

/// Who did something, for whom and through what, as an entry says it: ids, never names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The member, operator or assistant who acted; `None`: the daemon itself.
    pub actor: Option<String>,
    /// The member they acted for, if another.
    pub acting_as: Option<String>,
    /// Through what: see [`Via`].
    pub source: String,
}

impl Attribution {
    /// What the daemon did without being asked.
    pub fn daemon(via: &Via) -> Self {
        Self {
            actor: None,
            acting_as: None,
            source: via.to_string(),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_over_mcp_can_not_pass_for_another_source() {
        let source = |name: &str| Via::mcp(name).to_string();
        assert_eq!(source("claude-ai"), "mcp:claude-ai");
        assert_eq!(source("worker"), "mcp:worker");
        assert_eq!(source(" \u{202e}\n\u{1b} "), "mcp:unnamed");
        assert_eq!(source("a\nsocket"), "mcp:asocket");
        assert_eq!(
            source(&"x".repeat(9_000)).len(),
            "mcp:".len() + LONGEST_MCP_NAME
        );
    }

    #[test]
    fn who_acts_is_stored_as_before_for_people_and_the_operator() {
        let member = MemberId::new();
        let stored = |actor: &Actor| serde_json::to_string(actor).unwrap();
        assert_eq!(stored(&Actor::Person(member)), format!("\"{member}\""));
        assert_eq!(stored(&Actor::Operator), "null");
        let read: Actor = serde_json::from_str(&format!("\"{member}\"")).unwrap();
        assert_eq!(read.person(), Some(member));
        assert_eq!(
            serde_json::from_str::<Actor>("null").unwrap(),
            Actor::Operator
        );
    }

    #[test]
    fn the_assistant_is_read_as_it_was_written_and_other_text_is_nobody() {
        let job = JobId::new();
        let thread = "otr_1/2".to_owned();
        let assistant = Actor::Assistant { job, thread };
        let stored = serde_json::to_string(&assistant).unwrap();
        assert_eq!(stored, format!("\"assistant:{job}/otr_1/2\""));
        assert_eq!(serde_json::from_str::<Actor>(&stored).unwrap(), assistant);
        for text in [
            "",
            "assistant:",
            "assistant:job/otr_1",
            "operator:1000",
            "daemons",
        ] {
            assert_eq!(Actor::parse(text), None, "{text}");
        }
        let daemon = serde_json::to_string(&Actor::Daemon).unwrap();
        assert_eq!(
            serde_json::from_str::<Actor>(&daemon).unwrap(),
            Actor::Daemon
        );
    }
}
