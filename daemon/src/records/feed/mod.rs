//! Calendars that others keep of our members, and what they say.
//!
//! Owns the stored shape of a feed: what was decided about it ([`FeedRecord`]), what came of the
//! last time it was read ([`ReadRecord`]), the spans read from it, a UTC week at a time (`said`),
//! what of a file's goes by its owner's clock ([`FileRecord`]), what each of several calendars of a
//! source says ([`PartsRecord`]), and which a member has ([`OwnFeeds`]). Invariants: spans are written with the record of the
//! reading they come from, so its age is theirs; only weeks that changed are written; no title,
//! place or person of an entry is stored, and no address that is a secret. Bookings do not expect
//! these records: what others keep may change at any time anyway.
//!
//! A reading that found nothing new changes [`ReadRecord`] alone, which no client hears of: a
//! thousand calendars are read every quarter of an hour.

mod file;
mod parts;
mod said;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use greenroom_protocol::calendar::CalendarWarning;
use greenroom_protocol::id::{FeedId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

pub use self::file::FileRecord;
pub use self::parts::{MOST_SPANS as MOST_PART_SPANS, PartRecord, PartsRecord, UnreadPart};
pub use self::said::{BusyRecord, WEEKS, put, take_away, window};
use crate::store::Record;

/// The most calendars of one member: more than anybody has, and few enough to be judged by.
pub const MOST: usize = 10;

/// Whose feed it is, and which: the id of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedPlace {
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub feed: FeedId,
}

impl fmt::Display for FeedPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.member, self.feed)
    }
}

/// A text that names no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a member, a slash and a feed")]
pub struct NotAPlace;

impl FromStr for FeedPlace {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (member, feed) = text.split_once('/').ok_or(NotAPlace)?;
        Ok(Self {
            member: member.parse().map_err(|_| NotAPlace)?,
            feed: feed.parse().map_err(|_| NotAPlace)?,
        })
    }
}

/// One UTC week of a feed: the id of a record of spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedWeek {
    /// Of which feed.
    pub place: FeedPlace,
    /// Counted from the first Monday of 1970.
    pub week: i64,
}

impl fmt::Display for FeedWeek {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{:06}", self.place, self.week)
    }
}

impl FromStr for FeedWeek {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (place, week) = text.rsplit_once('/').ok_or(NotAPlace)?;
        Ok(Self {
            place: place.parse()?,
            week: week.parse().map_err(|_| NotAPlace)?,
        })
    }
}

/// Where a feed is read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FeedFrom {
    /// A file that somebody gave once.
    File,
    /// An address of the web, which is a secret and in the vault.
    Url {
        /// Its host.
        host: String,
        /// Its last characters, by which people tell one from another.
        ending: String,
    },
    /// An account at a CalDAV server; its password is in the vault.
    #[serde(rename = "caldav")]
    CalDav {
        /// The address that was given.
        url: String,
        /// Who logs in.
        user: String,
    },
    /// What the server of somebody's account tells of a colleague; the account's password is in the
    /// vault.
    #[serde(rename = "caldav-colleague")]
    Colleague {
        /// The address that was given.
        url: String,
        /// Who logs in.
        user: String,
        /// The email address that the server is asked about.
        address: String,
    },
    /// The member's calendar at Google, by an account that reads everybody's.
    Google,
    /// The member's calendar at Microsoft, by an account that reads everybody's.
    Microsoft,
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

impl FeedFrom {
    /// Whether both are of one kind, so that one may take the place of the other.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Why a feed cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// As a sentence, without any part of a secret.
    pub why: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Fault {
    /// With what to do about it.
    #[must_use]
    pub fn new(why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            hint: Some(hint.into()),
        }
    }

    /// Of which nobody here can do anything.
    #[must_use]
    pub fn bare(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            hint: None,
        }
    }
}

/// How reading a feed goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum FeedState {
    /// It was read when it was last tried, or nobody has tried yet.
    #[default]
    Ok,
    /// It could not be read, which may pass.
    Retrying {
        /// Since when.
        since: Instant,
        /// Why.
        fault: Fault,
    },
    /// It cannot be read until somebody does something.
    Broken {
        /// Since when.
        since: Instant,
        /// Why.
        fault: Fault,
    },
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

impl FeedState {
    /// Why it cannot be read, if it cannot.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Retrying { fault, .. } | Self::Broken { fault, .. } => Some(fault),
            Self::Ok | Self::Unknown => None,
        }
    }

    /// Since when it cannot be read, if it cannot.
    #[must_use]
    pub fn since(&self) -> Option<Instant> {
        match self {
            Self::Retrying { since, .. } | Self::Broken { since, .. } => Some(*since),
            Self::Ok | Self::Unknown => None,
        }
    }
}

/// A calendar of a member that others keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRecord {
    /// What it is called here.
    pub name: String,
    /// Where it is read from.
    pub from: FeedFrom,
    /// When it was added.
    pub added_at: Instant,
    /// How reading it goes.
    #[serde(default)]
    pub state: FeedState,
}

impl Record for FeedRecord {
    const TABLE: &'static str = "feed";
    const SCHEMA: u32 = 1;
}

/// What came of the last time a feed could be read; absent before the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadRecord {
    /// When that was.
    pub read_at: Instant,
    /// From when its spans are kept.
    pub known_from: Instant,
    /// Up to when they are.
    pub known_to: Instant,
    /// How many entries it had; 0 where its source tells none apart.
    pub entries: u32,
    /// What there was to bear in mind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<CalendarWarning>,
    /// Whether its spans are merged from entries it does not name, so that ours are among them.
    #[serde(default)]
    pub merges: bool,
    /// By whose clock and addresses it was read: where those changed, it is read anew.
    #[serde(default)]
    pub frame: String,
    /// What its source calls this state of it, so that it need not send the same again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Those of its calendars that could not be read then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadPart>,
}

impl Record for ReadRecord {
    const TABLE: &'static str = "feed-read";
    const SCHEMA: u32 = 1;
}

/// Which feeds a member has, under their folded names. What adds or removes one expects it, so a
/// name is given once, and there are never more than [`MOST`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFeeds {
    /// Folded names.
    pub names: BTreeMap<String, FeedId>,
}

impl Record for OwnFeeds {
    const TABLE: &'static str = "feeds";
    const SCHEMA: u32 = 1;
}

impl OwnFeeds {
    /// The others.
    #[must_use]
    pub fn without(mut self, feed: FeedId) -> Self {
        self.names.retain(|_, it| *it != feed);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_feeds_and_weeks_read_back() {
        let place = FeedPlace {
            member: MemberId::new(),
            feed: FeedId::new(),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        let week = FeedWeek { place, week: 2970 };
        assert_eq!(week.to_string().parse(), Ok(week));
        assert!("x/y".parse::<FeedPlace>().is_err());
    }

    #[test]
    fn a_feed_of_a_later_version_is_read() {
        let stored = r#"{"name":"Work","from":{"kind":"moon","crater":1},
            "added_at":"2026-12-01T00:00:00Z","state":{"is":"asleep","until":"noon"}}"#;
        let feed: FeedRecord = serde_json::from_str(stored).expect("a feed");
        assert_eq!(feed.from, FeedFrom::Unknown);
        assert_eq!(feed.state, FeedState::Unknown);
        assert_eq!(feed.state.fault(), None);
    }

    #[test]
    fn what_was_read_is_read_back_without_the_fields_added_since() {
        let stored = r#"{"read_at":"2026-12-01T00:00:00Z","known_from":"2026-11-30T00:00:00Z",
            "known_to":"2027-06-07T00:00:00Z","entries":2}"#;
        let read: ReadRecord = serde_json::from_str(stored).expect("a reading");
        assert_eq!((read.warnings.len(), read.frame.as_str()), (0, ""));
        assert_eq!((read.version, read.merges), (None, false));
        assert_eq!(read.unread, []);
        let stored = r#"{"name":"Work","from":{"kind":"file"},"added_at":"2026-12-01T00:00:00Z"}"#;
        let feed: FeedRecord = serde_json::from_str(stored).expect("a feed");
        assert_eq!(feed.state, FeedState::Ok);
    }
}
