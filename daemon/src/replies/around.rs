//! What stands around an answer, which no word of it says.
//!
//! Owns the closed struct that is filled by those who have the records: what was proposed, what is
//! booked, who wrote, and what a calendar beside the text says. Must not know where any of it is
//! kept.

use greenroom_protocol::reply::{ReplyBooked, ReplyProposal};
use greenroom_protocol::time::Instant;

/// What an answer is decided against, besides its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The slots it answers, all of them still held.
    pub proposal: Option<ReplyProposal>,
    /// The interview that is booked.
    pub booked: Option<ReplyBooked>,
    /// Who wrote it.
    pub author: Author,
    /// What a calendar in it says.
    pub calendar: Option<Calendar>,
    /// The numbers of the slots, the best one first; those that are missing come last, the earliest
    /// within usual hours first.
    pub best: Vec<u32>,
}

impl Around {
    /// An answer of the candidate to these slots.
    #[must_use]
    pub fn of(proposal: Option<&ReplyProposal>) -> Self {
        Self {
            proposal: proposal.cloned(),
            ..Self::default()
        }
    }

    /// What is booked and stays so, as long as nobody has asked to move it.
    #[must_use]
    pub fn settled(&self) -> Option<&ReplyBooked> {
        self.booked.as_ref().filter(|it| !it.moving)
    }
}

/// Who wrote an answer (R11).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Author {
    /// The candidate, alone.
    #[default]
    Candidate,
    /// One of several candidates, and nobody knows which.
    Shared,
    /// A member of the workspace.
    Member,
    /// Somebody else.
    Other,
    /// Several people, or somebody who is not who they claim to be.
    Doubtful,
}

/// What a calendar in an email says (R13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// What it asks for or answers.
    pub method: Method,
    /// Which change of the invitation it is about.
    pub sequence: u32,
    /// The time it names.
    pub start: Option<Instant>,
}

/// What a calendar asks for or answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Accepts an invitation.
    Accepted,
    /// Accepts with reserve.
    Tentative,
    /// Declines an invitation.
    Declined,
    /// Proposes another time.
    Counter,
    /// Invites us, or shows an event of theirs.
    Theirs,
    /// Anything else.
    Other,
}
