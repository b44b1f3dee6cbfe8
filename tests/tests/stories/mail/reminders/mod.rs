//! Who is reminded and when: each reminder once, of what is true, and nobody of what is not.

mod given;
mod lasting;
mod setting;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewEdit, InterviewNew, InterviewStatus,
};
use greenroom_protocol::mail::{MailKind, MailQuery, MailState};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::post::Found;
use greenroom_tests::test_daemon::OWNER;

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, by_phone, by_zoom, everybody, states};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Four days after the story begins, so that a day before it is not today.
const FRIDAY: &str = "2026-12-04T10:00:00Z";

impl Fixture {
    /// Everybody is invited to Friday's interview.
    async fn friday(&self) -> Interview {
        let friday = InterviewNew {
            start: FRIDAY.into(),
            ..by_phone()
        };
        self.books(friday).await
    }

    /// Everybody is invited to this one.
    async fn books(&self, interview: InterviewNew) -> Interview {
        let interview = self.dana.interview_new(interview).await.unwrap().interview;
        self.daemon.rests().await.unwrap();
        self.daemon.seconds_pass(UNDO);
        self.when(&interview, everybody(AttendeeState::Invited))
            .await
    }

    /// It is so many seconds before the interview begins, and whatever was due until then is done.
    async fn it_is_before(&self, interview: &Interview, seconds: i64) {
        let then = interview.start.plus_seconds(-seconds);
        self.daemon.time_passes_until(then).await.unwrap();
    }

    /// The reminders this address got.
    fn reminders(&self, address: &str) -> Vec<Found> {
        let mut letters = self.mail().to(address).unwrap();
        letters.retain(|it| it.subject.starts_with("Reminder: "));
        letters
    }

    /// How many reminders Ana and Sam got.
    fn reminded(&self) -> (usize, usize) {
        (self.reminders(ANA).len(), self.reminders(SAM).len())
    }

    async fn reminds(&mut self, minutes: &[u32]) {
        let edit = WorkspaceEdit {
            reminders: Some(minutes.to_vec()),
            ..WorkspaceEdit::default()
        };
        let edited = self.dana.workspace_edit(edit).await.unwrap();
        assert_eq!(edited.reminders, minutes);
        self.daemon.rests().await.unwrap();
    }

    async fn begins_again(&mut self) {
        self.daemon.begin_again().await.unwrap();
        self.dana = self.daemon.client(OWNER).await.unwrap();
    }
}
