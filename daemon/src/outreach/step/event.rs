//! ★ What happens to an outreach, and what has to be done about it.
//!
//! Owns the closed lists of both. Decides nothing.

use greenroom_protocol::id::{InterviewId, MailId, MemberId, TurnId};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;

use super::Looked;
use crate::records::outreach::{OutreachTerms, Prepared, SlotRecord, WaitsFor, Wanted, Would};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::outreach) enum Event {
    /// The email left, and says that the times are held until then.
    Left {
        /// When.
        at: Instant,
        /// What it says.
        until: Instant,
        /// When the candidate is reminded, where the assistant arranges it.
        nudge: Instant,
    },
    /// The email was refused for good or came back.
    Returned {
        /// Whether the address is at fault.
        address: bool,
    },
    /// The email was undone before it left.
    Dropped,
    /// An email came in.
    Heard {
        /// The email; `None`: a machine wrote it.
        answer: Option<TurnId>,
        /// Until when the times are held at least, now that somebody answered.
        until: Instant,
        /// When the assistant reads it; `None`: a person does.
        reads: Option<Instant>,
        /// More came in than the assistant reads.
        too_many: bool,
    },
    /// The assistant read what was answered.
    Read {
        /// The newest email it read.
        to: Option<TurnId>,
        /// What follows.
        follows: Follows,
    },
    /// The assistant, which only watches, read what was answered.
    Watched {
        /// The newest email it read.
        to: Option<TurnId>,
        /// What it would have done.
        would: Would,
    },
    /// It was looked at how things stand.
    Looked(Looked),
    /// The question did not leave: somebody undid it, or no server takes it.
    Unasked,
    /// Times were chosen, and are held where the email is asked for.
    Chosen(Box<Chosen>),
    /// No times can be chosen, or the email must not leave.
    Waits(WaitsFor),
    /// A person chose a time.
    Booked {
        /// Its number.
        n: u8,
        /// The interview.
        interview: InterviewId,
    },
    /// A person stopped it.
    Stopped,
    /// A person proposes times themselves in its place.
    GaveWay,
    /// A person takes over.
    TakenOver {
        /// Who.
        by: Option<MemberId>,
    },
    /// A person hands it to the assistant again.
    HandedBack,
    /// A person moves it to the front of its line.
    MovedUp,
    /// The store was restored from a backup.
    Restored,
}

/// What follows from an answer that was read, where no time is booked.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::outreach) enum Follows {
    /// Nothing.
    Stays,
    /// They are asked by this email which time they mean.
    Asked(MailId),
    /// Other times are looked for.
    Others(Wanted),
    /// Another candidate answered first: they get other times, ahead of everybody else in line.
    Lost,
    /// They are away: they are written to again then.
    Away {
        /// When.
        back: Instant,
        /// Until when times after that are held at least.
        until: Instant,
    },
    /// Nobody reads email at the address any more.
    Gone,
    /// A person has to see to it.
    Person(Prepared),
}

/// Times that were chosen.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::outreach) struct Chosen {
    /// What would be booked.
    pub terms: OutreachTerms,
    /// The times: held, or of a draft.
    pub slots: Vec<SlotRecord>,
    /// How the stage has emails sent.
    pub approval: Approval,
    /// The email, and until when the times are held; `None`: a draft.
    pub email: Option<(MailId, Instant)>,
}

/// What has to be done with it, in the same commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outreach) enum Effect {
    /// The time of this number is freed in everybody's calendar.
    LetGo(u8),
    /// The email is called back, where it has not left.
    Recall,
    /// The candidate is reminded of the times.
    Nudge,
    /// The candidate, who has the times, reads that they are no longer available.
    Withdraw,
}
