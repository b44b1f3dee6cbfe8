//! Twenty interviewers over the end of a week: the largest interview there is. Whatever is done to
//! it fits into what a commit may hold; where emails to everyone do not, the rest of them follow.

use greenroom_protocol::interview::{
    Interview, InterviewNew, InterviewReschedule, InterviewUndo, MeetingType, Side,
};
use greenroom_protocol::mail::{Mail, MailKind, MailQuery, MailState};
use greenroom_protocol::workspace::{MemberAdd, Reference};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::Config;

use crate::booking::fixture::{ANA, Fixture, with};

/// Sundays, so that half an hour ends in the next UTC week: two records of each calendar.
const FIRST: &str = "2026-12-06T23:45:00Z";
const SECOND: &str = "2026-12-20T23:45:00Z";
const THIRD: &str = "2027-01-03T23:45:00Z";

/// The interviewers and the candidate.
const EVERYONE: usize = 21;

impl Fixture {
    /// Nineteen more interviewers, by address, after Dana.
    async fn crowd(&self) -> Vec<String> {
        let mut people = vec![DANA.to_owned()];
        for number in 1..20 {
            let member = MemberAdd {
                name: format!("Interviewer {number}"),
                email: format!("interviewer{number}@acme.example"),
                zoom_email: None,
                zone: None,
                roles: Vec::new(),
                hiring_jobs: Vec::new(),
            };
            people.push(self.dana.member_add(member).await.unwrap().email);
        }
        people
    }

    async fn moved(&self, interview: &Interview, start: &str) -> Interview {
        let to = InterviewReschedule {
            start_shown: None,
            locale: None,
            interview: Reference::to(interview.id.to_string()),
            start: start.into(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: None,
            refuse_advice: false,
        };
        let moved = self.dana.interview_reschedule(to).await.unwrap().interview;
        assert_eq!(moved.start.to_string(), start);
        moved
    }

    /// Moves it, and says how many records the largest commit of that wrote.
    async fn moved_by(&self, interview: &Interview, start: &str) -> (Interview, usize) {
        let before = self.daemon.revision();
        let moved = self.moved(interview, start).await;
        let written = self.daemon.largest_commit_after(before).await.unwrap();
        (moved, written)
    }

    /// Every email about it that left, or was called back.
    async fn past(&self, interview: &Interview) -> Vec<Mail> {
        let query = MailQuery {
            past: true,
            interview: Some(interview.id.to_string()),
            limit: Some(200),
            ..MailQuery::default()
        };
        self.dana.mail_list(query).await.unwrap().items
    }

    async fn emails_leave(&self) {
        self.daemon.rests().await.unwrap();
        self.daemon.seconds_pass(11);
        self.daemon.rests().await.unwrap();
    }
}

fn sent(emails: &[Mail], kind: MailKind) -> usize {
    let is_sent = |it: &&Mail| it.kind == kind && it.state == MailState::Sent;
    emails.iter().filter(is_sent).count()
}

/// Nothing waits for Zoom here, so calendars and emails are written in one commit.
#[tokio::test]
async fn a_call_of_twenty_over_a_weeks_end_is_moved_undone_and_cancelled_and_all_are_emailed() {
    let desk = Fixture::unconnected(Config::default()).await;
    let booking = InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 555 0100".into()),
        with: desk.crowd().await,
        ..with(ANA, FIRST)
    };
    let booked = desk.books(booking).await;
    desk.emails_leave().await;
    let emails = desk.past(&booked).await;
    assert_eq!(sent(&emails, MailKind::Invitation), EVERYONE);

    // Everyone has an email, and both times are in two weeks: 84 calendars are written, and not
    // all emails fit beside them.
    let (_, written) = desk.moved_by(&booked, SECOND).await;
    assert!((110..=128).contains(&written), "{written} writes");
    // Nobody has the email about this time yet, and it is moved again.
    desk.daemon.rests().await.unwrap();
    let (again, written) = desk.moved_by(&booked, THIRD).await;
    assert!((110..=128).contains(&written), "{written} writes");
    desk.daemon.rests().await.unwrap();
    let back = desk.moved(&booked, SECOND).await;
    assert_eq!(back.change, again.change + 1);
    desk.emails_leave().await;
    let emails = desk.past(&booked).await;
    assert_eq!(sent(&emails, MailKind::Invitation), 2 * EVERYONE);

    desk.cancels(&back).await;
    desk.emails_leave().await;
    let emails = desk.past(&booked).await;
    assert_eq!(sent(&emails, MailKind::Cancellation), EVERYONE);
    assert_eq!(sent(&emails, MailKind::Invitation), 2 * EVERYONE);
}

#[tokio::test]
async fn a_meeting_of_twenty_over_a_weeks_end_is_moved_undone_and_cancelled() {
    let desk = Fixture::open().await;
    let booking = InterviewNew {
        with: desk.crowd().await,
        ..with(ANA, FIRST)
    };
    let booked = desk.has(booking).await;
    desk.emails_leave().await;
    let (_, written) = desk.moved_by(&booked, SECOND).await;
    // 88 calendars; the emails follow when Zoom knows of it.
    assert!((88..=128).contains(&written), "{written} writes");
    let moved = desk.settled(&booked).await;
    let undo = InterviewUndo {
        interview: Reference::to(booked.id.to_string()),
        change: moved.change,
        unsent: false,
    };
    let undone = desk.dana.interview_undo(undo).await.unwrap().interview;
    assert_eq!(undone.start.to_string(), FIRST);
    desk.settled(&undone).await;
    desk.emails_leave().await;
    // They know of the first time, and heard of no other.
    let emails = desk.past(&booked).await;
    assert_eq!(sent(&emails, MailKind::Invitation), EVERYONE);
    desk.cancels(&undone).await;
    desk.settled(&undone).await;
    desk.emails_leave().await;
    let emails = desk.past(&booked).await;
    assert_eq!(sent(&emails, MailKind::Cancellation), EVERYONE);
}
