//! A daemon with Dana at it, and what she does with interviews in one story after the other.
//!
//! A subject's own `Fixture` adds what only its stories know. Every step has to work: what does not
//! panics, as a failed assertion does.

use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, InterviewNew, InterviewReschedule, Side};
use greenroom_protocol::workspace::Reference;

use super::TestDaemon;
use crate::harness;
use crate::post::Folders;

/// A daemon and its first member.
pub struct Story {
    /// The daemon.
    pub daemon: TestDaemon,
    /// Dana Reyes, who has every role and looks after the daemon.
    pub dana: Client,
}

#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
impl Story {
    /// Books; the time must be free.
    ///
    /// # Panics
    ///
    /// Where it is refused.
    pub async fn books(&self, interview: InterviewNew) -> Interview {
        let outcome = self.dana.interview_new(interview).await.unwrap();
        assert!(!outcome.repeated && !outcome.dry_run);
        outcome.interview
    }

    /// Moves an interview; people read the reason.
    ///
    /// # Panics
    ///
    /// Where it is refused.
    pub async fn moves(&self, interview: &Interview, start: &str, why: Option<&str>) -> Interview {
        let request = InterviewReschedule {
            start_shown: None,
            locale: None,
            interview: reference(interview),
            start: start.into(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: why.map(str::to_owned),
            refuse_advice: false,
        };
        let moved = self.dana.interview_reschedule(request).await.unwrap();
        moved.interview
    }

    /// Cancels an interview.
    ///
    /// # Panics
    ///
    /// Where it is refused.
    pub async fn cancels(&self, interview: &Interview) -> Interview {
        let request = reference(interview).into();
        self.dana.interview_cancel(request).await.unwrap().interview
    }

    /// The interview as it is.
    ///
    /// # Panics
    ///
    /// Where it is gone.
    pub async fn show(&self, interview: &Interview) -> Interview {
        self.dana.interview_get(reference(interview)).await.unwrap()
    }

    /// The interview once it is so.
    ///
    /// # Panics
    ///
    /// Where it never came to that.
    pub async fn when(&self, interview: &Interview, so: impl Fn(&Interview) -> bool) -> Interview {
        let id = interview.id.to_string();
        harness::when(&self.dana, &id, so).await.unwrap()
    }

    /// The interview once nothing about its meeting is under way.
    ///
    /// # Panics
    ///
    /// Where its meeting never came to an end.
    pub async fn settled(&self, interview: &Interview) -> Interview {
        let id = interview.id.to_string();
        harness::settled(&self.dana, &id).await.unwrap()
    }

    /// The folders of the emails.
    pub fn mail(&self) -> Folders {
        self.daemon.mail()
    }
}

fn reference(interview: &Interview) -> Reference {
    Reference::to(interview.id.to_string())
}
