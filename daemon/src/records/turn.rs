//! Where what came in stands: on whom it is filed, what it is about, and whether somebody read it.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId, OutreachId};
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// On whom a turn is filed: it goes when they are erased, and with them it is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A candidate.
    Candidate(CandidateId),
    /// The workspace's Zoom app: what a Zoom admin writes.
    Zoom,
    /// Its app at Google or Microsoft: what an administrator there writes.
    Account(AccountProvider),
}

impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Candidate(id) => fmt::Display::fmt(id, out),
            Self::Zoom => out.write_str("zoom"),
            Self::Account(provider) => out.write_str(provider.word()),
        }
    }
}

impl FromStr for Owner {
    type Err = greenroom_protocol::id::NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "zoom" {
            return Ok(Self::Zoom);
        }
        let mut providers = AccountProvider::ALL.into_iter();
        match providers.find(|provider| provider.word() == text) {
            Some(provider) => Ok(Self::Account(provider)),
            None => text.parse().map(Self::Candidate),
        }
    }
}

impl Serialize for Owner {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Owner {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a turn is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thread {
    /// Nothing we wrote about.
    #[default]
    None,
    /// An interview.
    Interview(InterviewId),
    /// The request to approve the Zoom app, asked for this member.
    Approval(MemberId),
    /// The request to approve the app at Google or Microsoft.
    AccountApproval(AccountProvider),
    /// Times that were proposed to a candidate.
    Outreach(OutreachId),
}

/// Where a turn stands, by its own id: all of a workspace in the order they came, without their
/// text.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TurnPlace {
    /// On whom it is filed.
    pub owner: Owner,
    /// What about.
    pub thread: Thread,
    /// Whether nobody has read it.
    pub unread: bool,
}

impl Record for TurnPlace {
    const TABLE: &'static str = "turn-place";
    const SCHEMA: u32 = 1;
}
