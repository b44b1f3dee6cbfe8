//! By whose clock and addresses a member's calendars are read.

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::read;
use crate::calendars::{self, Frame, Read, Unread};
use crate::records::workspace::MemberRecord;

/// Rises where calendars are read by other rules, so that those kept are read anew.
const RULES: u32 = 1;

/// What a member's calendar is read with.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub workspace: WorkspaceId,
    pub from: Instant,
    pub to: Instant,
    /// Of whole days and of times that name none.
    pub zone: TimeZone,
    /// What these declined takes no time of theirs.
    pub addresses: Vec<String>,
}

impl Reading {
    pub(super) fn of(
        workspace: WorkspaceId,
        member: &MemberRecord,
        (from, to): (Instant, Instant),
    ) -> Self {
        Self {
            workspace,
            from,
            to,
            zone: TimeZone::get(&member.zone).unwrap_or(TimeZone::UTC),
            addresses: vec![member.email.clone()],
        }
    }

    /// Reads a calendar's text, on a thread that may block.
    pub(super) async fn text(self, text: String) -> Result<Result<Read, Unread>, Crashed> {
        let reading = tokio::task::spawn_blocking(move || {
            let frame = Frame {
                span: self.from.second()..self.to.second(),
                zone: self.zone,
                addresses: &self.addresses,
                is_ours: &|uid| read::is_ours(self.workspace, uid),
            };
            calendars::read(&text, &frame)
        });
        reading.await
    }
}

/// Reading a calendar crashed: a bug.
pub(super) type Crashed = tokio::task::JoinError;

/// What tells this clock and these addresses from others, without naming them.
pub(super) fn name(member: &MemberRecord) -> String {
    let sum = Sha256::digest(format!("{RULES}\0{}\0{}", member.zone, member.email));
    sum.iter().take(8).map(|it| format!("{it:02x}")).collect()
}
