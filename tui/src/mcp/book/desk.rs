//! What was proposed and is not confirmed yet, by token.
//!
//! Knows nothing of a daemon. Invariant: a token names one proposal for [`COUNTS_FOR`], and at most
//! [`MOST`] proposals are kept; the oldest makes room.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use greenroom_protocol::Error;
use greenroom_protocol::interview::InterviewNew;

use super::card::Shown;

/// How long what was shown counts.
pub(super) const COUNTS_FOR: Duration = Duration::from_secs(10 * 60);

/// The most proposals that are kept.
const MOST: usize = 32;

/// Bytes of a token: nobody finds one by trying.
const TOKEN: usize = 16;

/// What was proposed.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    /// What is asked of the daemon.
    pub(super) form: InterviewNew,
    /// What was shown of it.
    pub(super) shown: Shown,
}

/// The proposals of one caller.
#[derive(Debug, Default)]
pub(in crate::mcp) struct Desk {
    open: Mutex<VecDeque<Open>>,
}

#[derive(Debug)]
struct Open {
    token: String,
    since: Instant,
    proposal: Proposal,
    booked: bool,
}

impl Desk {
    /// Keeps a proposal, under the token that is returned.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(super) fn keep(&self, proposal: Proposal, now: Instant) -> Result<String, Error> {
        let mut bytes = [0; TOKEN];
        getrandom::fill(&mut bytes)
            .map_err(|error| Error::failed(format!("Couldn't make a token: {error}")))?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() == MOST {
            open.pop_front();
        }
        open.push_back(Open {
            token: token.clone(),
            since: now,
            proposal,
            booked: false,
        });
        Ok(token)
    }

    /// What was proposed under a token. It stays, so that a repeated confirmation finds what it
    /// booked.
    ///
    /// # Errors
    /// `conflict` where nothing is known under it, or the time is over.
    pub(super) fn find(&self, token: &str, now: Instant) -> Result<Proposal, Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|it| now.duration_since(it.since) < COUNTS_FOR);
        let found = open.iter().find(|it| it.token == token);
        let found = found.map(|it| it.proposal.clone());
        found.ok_or_else(|| {
            Error::conflict("This token isn't valid, or its ten minutes are over")
                .field("token")
                .hint("call interview_propose again, and show the person the new card")
        })
    }

    /// Whether a token has booked: then it names what it booked, and nothing is asked any more.
    pub(super) fn is_booked(&self, token: &str) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().any(|it| it.token == token && it.booked)
    }

    /// Notes that a token has booked.
    pub(super) fn booked(&self, token: &str) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for it in open.iter_mut().filter(|it| it.token == token) {
            it.booked = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(candidate: &str) -> Proposal {
        Proposal {
            form: InterviewNew {
                candidate: candidate.to_owned(),
                ..InterviewNew::default()
            },
            shown: Shown::default(),
        }
    }

    #[test]
    fn a_token_counts_for_ten_minutes_and_finds_the_same_again() {
        let (desk, now) = (Desk::default(), Instant::now());
        let token = desk.keep(proposal("Ana"), now).unwrap();
        let other = desk.keep(proposal("Ben"), now).unwrap();
        assert_ne!(token, other);
        for _ in 0..2 {
            let found = desk.find(&token, now + COUNTS_FOR - Duration::from_secs(1));
            assert_eq!(found.unwrap().form.candidate, "Ana");
        }
        let late = desk.find(&token, now + COUNTS_FOR).unwrap_err();
        assert_eq!(late.field.as_deref(), Some("token"));
        assert!(desk.find("", now).is_err());
        assert!(desk.find(&"0".repeat(32), now).is_err());
    }

    #[test]
    fn the_oldest_proposal_makes_room() {
        let (desk, now) = (Desk::default(), Instant::now());
        let first = desk.keep(proposal("Ana"), now).unwrap();
        for _ in 0..MOST {
            desk.keep(proposal("Ben"), now).unwrap();
        }
        assert!(desk.find(&first, now).is_err());
        assert_eq!(desk.open.lock().unwrap().len(), MOST);
    }
}
