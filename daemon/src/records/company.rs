//! Company calendars: which account reads everybody's calendars at a provider, and what came of it.
//!
//! Owns the stored shape. What a member's calendar says is a feed's ([`super::feed`]), and when they
//! work by it stands beside their own hours ([`super::availability`]). Invariant: what a person
//! decided ([`CompanyRecord`]) and what a reading found ([`CompanyReadRecord`]) are apart, so a
//! reading is in nobody's way.

use std::collections::{BTreeMap, BTreeSet};

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{FeedId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::feed::FeedPlace;
use crate::calendars::panel::Hidden;
use crate::store::Record;

/// Members whose cause is kept beside the reading; the others' stands in their feeds.
pub const MOST_HIDDEN: usize = 500;

/// Who reads the calendars at a provider, whose word is its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyRecord {
    /// Whose account; `None`: the workspace's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reader: Option<MemberId>,
    /// Since when.
    pub since: Instant,
    /// Whose calendars are not read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left_out: BTreeSet<MemberId>,
}

impl Record for CompanyRecord {
    const TABLE: &'static str = "company-calendars";
    const SCHEMA: u32 = 1;
}

/// What came of the last reading at a provider, whose word is its id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyReadRecord {
    /// When all were last read.
    pub read_at: Option<Instant>,
    /// Why they could not be read since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<CompanyFault>,
    /// Whose calendar was not told, and why, [`MOST_HIDDEN`] at most.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hidden: BTreeMap<MemberId, Hidden>,
}

impl Record for CompanyReadRecord {
    const TABLE: &'static str = "company-calendars-read";
    const SCHEMA: u32 = 1;
}

/// Why none of them can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyFault {
    /// Since when.
    pub since: Instant,
    /// As a sentence.
    pub why: String,
    /// One short word that stays.
    pub code: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether it stays so until somebody does something.
    pub lasting: bool,
}

/// The feed of a member's calendar at a provider. There is one, so its id is made of theirs.
#[must_use]
pub fn place(member: MemberId, provider: AccountProvider) -> FeedPlace {
    let number = match provider {
        AccountProvider::Google => 1,
        AccountProvider::Microsoft => 2,
    };
    FeedPlace {
        member,
        feed: FeedId::beside(member, number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_one_feed_at_each_provider() {
        let (one, other) = (MemberId::new(), MemberId::new());
        let google = |member| place(member, AccountProvider::Google);
        assert_eq!(google(one), google(one));
        assert_ne!(google(one), google(other));
        assert_ne!(google(one), place(one, AccountProvider::Microsoft));
        assert_eq!(google(one).feed.to_string().parse(), Ok(google(one).feed));
    }

    #[test]
    fn records_are_read_without_the_fields_added_since() {
        let stored = r#"{"since":"2026-12-01T00:00:00Z"}"#;
        let record: CompanyRecord = serde_json::from_str(stored).unwrap();
        assert_eq!((record.reader, record.left_out.len()), (None, 0));
        let read: CompanyReadRecord = serde_json::from_str("{}").unwrap();
        assert_eq!(read, CompanyReadRecord::default());
    }
}
