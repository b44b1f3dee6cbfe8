//! What a source is asked about a member's time, and what it answers.

use greenroom_protocol::calendar::CalendarWarning;
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::read;
use crate::calendars::{self, Frame, Read, Unread};
use crate::records::feed::{Fault, ReadRecord, window};
use crate::records::workspace::MemberRecord;
use crate::schedule::ranges::Seconds;

/// Rises where calendars are read by other rules, so that those kept are read anew.
const RULES: u32 = 1;

/// What is asked: about which time, and by whose clock and addresses the answer is read.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Whose interviews stand in the calendar, too, and are left out.
    pub workspace: WorkspaceId,
    /// From when.
    pub from: Instant,
    /// Up to when.
    pub to: Instant,
    /// Of whole days and of times that name no zone.
    pub zone: TimeZone,
    /// Those of the member: what these declined takes no time of theirs.
    pub addresses: Vec<String>,
    /// What the source called what it said last, so that it may answer [`Heard::Same`]; `None`:
    /// all of it is wanted.
    pub version: Option<String>,
    /// What tells this clock and these addresses from others.
    frame: String,
}

impl Asked {
    /// About a member's time as of `now`; `before` is what came of the last time.
    #[must_use]
    pub fn of(
        workspace: WorkspaceId,
        member: &MemberRecord,
        now: Instant,
        before: Option<&ReadRecord>,
    ) -> Self {
        let (from, to) = window(now);
        let sum = Sha256::digest(format!("{RULES}\0{}\0{}", member.zone, member.email));
        let frame: String = sum.iter().take(8).map(|it| format!("{it:02x}")).collect();
        // What was read by another clock, or for other weeks, is no help.
        let is_alike = |it: &&ReadRecord| it.frame == frame && it.known_to == to;
        Self {
            workspace,
            from,
            to,
            zone: TimeZone::get(&member.zone).unwrap_or(TimeZone::UTC),
            addresses: vec![member.email.clone()],
            version: before.filter(is_alike).and_then(|it| it.version.clone()),
            frame,
        }
    }

    /// What is kept of a reading that said this.
    #[must_use]
    pub fn kept(&self, said: &Said, now: Instant) -> ReadRecord {
        ReadRecord {
            read_at: now,
            known_from: self.from,
            known_to: self.to,
            entries: said.entries.unwrap_or_default(),
            warnings: said.warnings.clone(),
            frame: self.frame.clone(),
            version: said.version.clone(),
            merges: said.merges,
            unread: Vec::new(),
        }
    }

    /// Whether what was read then was read by this clock and for these addresses.
    #[must_use]
    pub fn is_like(&self, read: &ReadRecord) -> bool {
        self.frame == read.frame
    }

    /// What is kept of a reading by this clock of what was said then.
    #[must_use]
    pub fn retold(&self, read: ReadRecord) -> ReadRecord {
        ReadRecord {
            frame: self.frame.clone(),
            ..read
        }
    }

    /// Reads a calendar's text, on a thread that may block.
    ///
    /// # Errors
    /// Reading crashed: a bug.
    pub async fn text(&self, text: String) -> Result<Result<Read, Unread>, tokio::task::JoinError> {
        self.framed(&[], move |frame| calendars::read(&text, frame))
            .await
    }

    /// Reads calendars that came in pieces, of an owner who has these addresses, too.
    ///
    /// # Errors
    /// Reading crashed: a bug.
    pub async fn parts(
        &self,
        parts: Vec<Vec<String>>,
        addresses: &[String],
    ) -> Result<Result<Vec<Read>, Unread>, tokio::task::JoinError> {
        let read = move |frame: &Frame<'_>| calendars::read_parts(&parts, frame);
        self.framed(addresses, read).await
    }

    async fn framed<R: Send + 'static>(
        &self,
        addresses: &[String],
        read: impl FnOnce(&Frame<'_>) -> Result<R, Unread> + Send + 'static,
    ) -> Result<Result<R, Unread>, tokio::task::JoinError> {
        let mut asked = self.clone();
        asked.addresses.extend_from_slice(addresses);
        let reading = tokio::task::spawn_blocking(move || {
            read(&Frame {
                span: asked.from.second()..asked.to.second(),
                zone: asked.zone,
                addresses: &asked.addresses,
                is_ours: &|uid| read::is_ours(asked.workspace, uid),
            })
        });
        reading.await
    }
}

/// What a source says.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// What it said under the version it was asked with.
    Same,
    /// This.
    Said(Said),
}

/// When a member is busy, as a source says it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// When; what is outside the time asked about is left out.
    pub spans: Vec<Seconds>,
    /// How many entries it has, whenever they are; `None`: it tells none apart, as free-busy does.
    pub entries: Option<u32>,
    /// What to bear in mind.
    pub warnings: Vec<CalendarWarning>,
    /// Whether it merges entries and names none, as free-busy does: ours look like all others.
    pub merges: bool,
    /// What it calls this state of it, at most 1 kB; `None`: it is always asked for all.
    pub version: Option<String>,
    /// Its calendars one by one, where it has several; what the readable ones say is in all above.
    pub parts: Vec<Part>,
}

/// One of several calendars that a source has.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What tells it from the others, whatever it is called.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// What it says, or why it cannot be read.
    pub told: Result<PartSaid, NotHeard>,
}

/// What one of several calendars says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartSaid {
    /// When the member is busy.
    pub spans: Vec<Seconds>,
    /// How many entries it has.
    pub entries: u32,
}

impl From<Read> for Said {
    fn from(read: Read) -> Self {
        Self {
            spans: read.busy,
            entries: Some(u32::try_from(read.entries).unwrap_or(u32::MAX)),
            warnings: read.warnings,
            merges: read.merges,
            version: None,
            parts: Vec::new(),
        }
    }
}

/// Why a source said nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotHeard {
    /// It may say something later, without anybody doing anything.
    Later {
        /// Why not now.
        fault: Fault,
        /// How long it asks to be left alone, in seconds.
        wait: Option<i64>,
    },
    /// Somebody has to do something.
    Broken(Fault),
}

impl NotHeard {
    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        match self {
            Self::Later { fault, .. } | Self::Broken(fault) => fault,
        }
    }
}

/// What came of asking.
pub type Answer = Result<Heard, NotHeard>;
