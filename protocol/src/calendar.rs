//! Calendars of others: what a file says of somebody's time.
//!
//! Invariant: what could not be read, or was too much, is named as a warning; it is not known to be
//! free. Must not carry a title, a place or the people of an entry.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::FeedId;
use crate::secret::Opaque;
use crate::time::Instant;
use crate::workspace::MemberBrief;

/// A calendar to read, and between which moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarRead {
    /// What is read.
    #[serde(flatten)]
    pub file: CalendarFile,
    /// From when.
    pub from: Instant,
    /// Up to when; at most ten years after `from`.
    pub to: Instant,
    /// The IANA zone of whole days and of times that name none; `None`: the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// The address of the one whose calendar it is: what they declined takes no time. `None`:
    /// whether anybody declined is not looked at.
    #[serde(default)]
    pub member: Option<String>,
}

/// A calendar's text, whole or uploaded in parts before.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarFile {
    /// The whole of it, where it fits into one frame.
    #[serde(default)]
    pub text: Option<String>,
    /// What [`CalendarUpload`] answered.
    #[serde(default)]
    pub upload: Option<String>,
}

/// A part of a calendar's text that does not fit into one frame.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarUpload {
    /// What this is added to; `None`: a new upload begins.
    #[serde(default)]
    pub upload: Option<String>,
    /// The part; all together at most 5 MB.
    pub text: String,
}

/// An upload so far. It is the caller's alone, and forgotten once it is read or after ten minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarUploaded {
    /// Names it.
    pub upload: String,
    /// Bytes so far.
    pub bytes: u64,
}

/// When the owner of a calendar is busy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarBusy {
    /// In order and apart, each with a part of what was asked about.
    pub busy: Vec<BusySpan>,
    /// What to bear in mind.
    pub warnings: Vec<CalendarWarning>,
}

/// A stretch of time that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BusySpan {
    /// From.
    pub start: Instant,
    /// Up to.
    pub end: Instant,
}

/// Something about a calendar that one should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarWarning {
    /// What, for programs.
    pub code: WarningCode,
    /// What, for people.
    pub message: String,
}

/// What is to be borne in mind about a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WarningCode {
    /// It stops in the middle.
    CutOff,
    /// An entry has no time that can be read.
    UnreadableEntry,
    /// A time of an entry cannot be read.
    UnreadableTime,
    /// How an entry repeats cannot be read: it counts once.
    UnreadableRule,
    /// An entry repeats more often than is read.
    TooManyOccurrences,
    /// It has more entries than are read.
    TooManyEntries,
    /// A time zone nobody knows: such times are read in the calendar's own.
    UnknownZone,
    /// An entry ends before it begins: both are swapped.
    EndsBeforeItBegins,
    /// A whole day is marked as free; it does not count as busy.
    AllDayFree,
    /// A code that only a later version knows.
    #[serde(other)]
    Unknown,
}

/// Keeps what a calendar says of a member: of a file at once, at an address within moments
/// ([`FeedRefresh`] waits for it).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedAdd {
    /// Whose, by reference; `None`: the caller's. Somebody else's is for admins.
    #[serde(default)]
    pub member: Option<String>,
    /// What it is called here; each of a member's calendars has a name of its own.
    pub name: String,
    /// What it says, where it is a file.
    #[serde(flatten)]
    pub file: CalendarFile,
    /// Where it is read from again and again, in place of a file: an address in `https` or `webcal`.
    /// It is a secret, and never told again.
    #[serde(default)]
    pub url: Option<Opaque>,
    /// Or an account at a CalDAV server, whose calendars are read again and again.
    #[serde(default)]
    pub caldav: Option<CalendarAccount>,
    /// It takes the place of the member's calendar of this name, if there is one.
    #[serde(default)]
    pub replace: bool,
    /// Only say what would be kept.
    #[serde(default)]
    pub dry_run: bool,
}

/// An account at a CalDAV server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarAccount {
    /// The address of the server, of the account, or of a single calendar; a name alone is one at
    /// `https`.
    pub url: String,
    /// Who logs in.
    pub user: String,
    /// The password, never told again: where a system has them, one for apps.
    pub password: Opaque,
    /// The email address of a colleague, whose busy times the server tells this account where it
    /// has an outbox for scheduling; `None`: the account's own calendars are read.
    #[serde(default)]
    pub colleague: Option<String>,
}

/// Asks for a member's calendars.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedQuery {
    /// Whose, by reference; `None`: the caller's. Somebody else's is for admins.
    #[serde(default)]
    pub member: Option<String>,
}

/// Has a member's calendars read now, rather than within a quarter of an hour.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedRefresh {
    /// Whose, by reference; `None`: the caller's. Somebody else's is for admins.
    #[serde(default)]
    pub member: Option<String>,
    /// The name or identifier of one; `None`: all of them that are read again and again.
    #[serde(default)]
    pub feed: Option<String>,
}

/// Removes a member's calendar.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FeedRemove {
    /// Whose, by reference; `None`: the caller's. Somebody else's is for admins.
    #[serde(default)]
    pub member: Option<String>,
    /// Its name or identifier.
    pub feed: String,
    /// Only say what would be removed.
    #[serde(default)]
    pub dry_run: bool,
}

/// Where a calendar is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeedKind {
    /// A file that somebody gave once.
    File,
    /// An address of the web, which is a secret.
    Url,
    /// An account at a CalDAV server.
    #[serde(rename = "caldav")]
    CalDav,
    /// Their company's Google Workspace, by an account that reads everybody's.
    Google,
    /// Their company's Microsoft 365, by an account that reads everybody's.
    Microsoft,
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

/// How reading a calendar goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeedStanding {
    /// It has not been read yet.
    New,
    /// It was read when that was last tried.
    Ok,
    /// It could not be read, and that is tried again; what it said before stands.
    Retrying,
    /// It cannot be read until somebody does something; what it said before stands.
    Broken,
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

/// A calendar that others keep of a member. Of its entries only their times are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Feed {
    /// Its identifier.
    pub id: FeedId,
    /// Whose.
    pub member: MemberBrief,
    /// What it is called here.
    pub name: String,
    /// Where it is read from.
    pub kind: FeedKind,
    /// What may be shown of where it is read from: the host and the end of an address, or
    /// the user and the server of an account.
    #[serde(default)]
    pub address: Option<String>,
    /// How reading it goes.
    pub state: FeedStanding,
    /// Why it cannot be read, where it cannot.
    #[serde(default)]
    pub reason: Option<String>,
    /// What to do about that.
    #[serde(default)]
    pub hint: Option<String>,
    /// When it is read next; `None`: never, unless somebody gives it again.
    #[serde(default)]
    pub next: Option<Instant>,
    /// When it was last read; `None`: it never was.
    #[serde(default)]
    pub read_at: Option<Instant>,
    /// Up to when it is known; `None`: it is not known at all.
    #[serde(default)]
    pub known_to: Option<Instant>,
    /// How many entries it had.
    pub entries: u32,
    /// What to bear in mind.
    pub warnings: Vec<CalendarWarning>,
}
