//! Case U4: a booking or a confirmation is undone until the first email leaves. What was booked
//! remains as a cancelled interview, the slot is free, nobody was emailed, and the meeting is
//! deleted at Zoom.

use greenroom_protocol::interview::{
    ChangeKind, EMAILS_HAVE_GONE_OUT, Interview, InterviewNew, InterviewReschedule,
    InterviewStatus, InterviewUndo, MeetingState, MeetingType, Side,
};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Endpoint, Fault, FaultKind};

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, with};

/// Seconds an email waits before it leaves.
const UNDO: i64 = 10;

fn by_phone() -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 555 0100".into()),
        ..with(ANA, TEN)
    }
}

impl Fixture {
    async fn undoes(&self, interview: &Interview) -> Result<Interview, Error> {
        let undo = InterviewUndo {
            interview: Reference::to(interview.id.to_string()),
            change: interview.change,
            unsent: false,
        };
        Ok(self.dana.interview_undo(undo).await?.interview)
    }

    /// How many emails have left.
    fn emailed(&self, address: &str) -> usize {
        self.daemon.mail().to(address).unwrap().len()
    }
}

/// Case U4.
#[tokio::test]
async fn a_booking_undone_in_time_frees_the_slot_deletes_the_meeting_and_emails_nobody() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.daemon.seconds_pass(UNDO - 1);
    let undone = desk.undoes(&ready).await.unwrap();
    assert_eq!(undone.status, InterviewStatus::Cancelled);
    let kinds: Vec<_> = undone.changes.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [ChangeKind::Undone]);
    let settled = desk.settled(&ready).await;
    assert_eq!(settled.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
    desk.daemon.seconds_pass(60);
    desk.daemon.rests().await.unwrap();
    assert_eq!((desk.emailed(ANA), desk.emailed(DANA)), (0, 0));
    // The slot is free for somebody else.
    desk.has(with(BEN, TEN)).await;
}

/// Case U4.
#[tokio::test]
async fn once_an_email_has_left_the_booking_stands_and_can_be_cancelled() {
    for booking in [with(ANA, TEN), by_phone()] {
        let desk = Fixture::open().await;
        let booked = desk.books(booking).await;
        let ready = desk.settled(&booked).await;
        desk.daemon.seconds_pass(UNDO);
        desk.daemon.rests().await.unwrap();
        assert_eq!(desk.emailed(ANA), 1);
        let refused = desk.undoes(&ready).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Conflict);
        assert_eq!(refused.message, EMAILS_HAVE_GONE_OUT);
        assert!(refused.hint.unwrap().contains("interview cancel"));
        let dry = Reference {
            dry_run: true,
            ..Reference::to(ready.id.to_string())
        };
        let dry = InterviewUndo {
            interview: dry,
            change: 0,
            unsent: false,
        };
        let refused = desk.dana.interview_undo(dry).await.unwrap_err();
        assert_eq!(refused.message, EMAILS_HAVE_GONE_OUT);
        let stands = desk.settled(&ready).await;
        assert_eq!(stands.status, InterviewStatus::Confirmed);
        desk.cancels(&ready).await;
        desk.daemon.seconds_pass(UNDO);
        desk.daemon.rests().await.unwrap();
        assert_eq!(desk.emailed(ANA), 2, "who was invited is notified");
    }
}

/// Case U4: an email that leaves in the same moment comes before the undo or not at all.
#[tokio::test]
async fn an_undo_and_an_email_that_leaves_never_both_happen() {
    let desk = Fixture::open().await;
    for (number, hour) in (10..16).enumerate() {
        let start = format!("2026-12-01T{hour}:00:00Z");
        let booked = desk.books(InterviewNew {
            start,
            ..by_phone()
        });
        let booked = booked.await;
        let before = desk.emailed(ANA);
        desk.daemon.seconds_pass(UNDO);
        let undone = desk.undoes(&booked).await;
        desk.daemon.rests().await.unwrap();
        let emailed = desk.emailed(ANA) - before;
        match undone {
            Ok(undone) => {
                assert_eq!(undone.status, InterviewStatus::Cancelled);
                assert_eq!(emailed, 0, "of booking {number}");
            }
            Err(refused) => {
                assert_eq!(refused.message, EMAILS_HAVE_GONE_OUT);
                assert_eq!(emailed, 1, "of booking {number}");
            }
        }
    }
}

/// Case U4.
#[tokio::test]
async fn what_was_never_confirmed_emailed_nobody_and_can_be_undone_late() {
    let desk = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..with(ANA, TEN)
    };
    let planned = desk.books(planned).await;
    desk.daemon.seconds_pass(3_600);
    let undone = desk.undoes(&planned).await.unwrap();
    assert_eq!(undone.status, InterviewStatus::Cancelled);
    assert_eq!(undone.meeting.state, MeetingState::None);
    let again = desk.undoes(&planned).await.unwrap_err();
    assert!(again.message.contains("changed since"), "{again:?}");
}

/// Case U4.
#[tokio::test]
async fn a_confirmation_is_undone_in_time_and_not_after_an_email_has_left() {
    let desk = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..by_phone()
    };
    let planned = desk.books(planned).await;
    let reference = || Reference::to(planned.id.to_string());
    let confirmed = desk.dana.interview_confirm(reference()).await.unwrap();
    let undone = desk.undoes(&confirmed.interview).await.unwrap();
    assert_eq!(undone.status, InterviewStatus::ToBeConfirmed);
    desk.daemon.seconds_pass(UNDO);
    desk.daemon.rests().await.unwrap();
    assert_eq!(desk.emailed(ANA), 0);
    let confirmed = desk.dana.interview_confirm(reference()).await.unwrap();
    desk.daemon.seconds_pass(UNDO);
    desk.daemon.rests().await.unwrap();
    let refused = desk.undoes(&confirmed.interview).await.unwrap_err();
    assert_eq!(refused.message, EMAILS_HAVE_GONE_OUT);
    assert_eq!(desk.emailed(ANA), 1);
}

/// Case U4: the key of a booking that was undone is used.
#[tokio::test]
async fn after_an_undo_the_idempotency_key_returns_the_cancelled_interview() {
    let desk = Fixture::open().await;
    let keyed = InterviewNew {
        idempotency_key: Some("ticket-417".into()),
        ..with(ANA, TEN)
    };
    let first = desk.has(keyed.clone()).await;
    desk.undoes(&first).await.unwrap();
    let again = desk.dana.interview_new(keyed).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.interview.id, first.id);
    assert_eq!(again.interview.status, InterviewStatus::Cancelled);
}

/// Case U4: what somebody changed since is not undone with the booking.
#[tokio::test]
async fn a_booking_that_was_changed_since_is_not_undone() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let to = InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: Reference::to(ready.id.to_string()),
        start: "2026-12-01T11:00:00Z".into(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    };
    desk.dana.interview_reschedule(to).await.unwrap();
    let refused = desk.undoes(&ready).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("changed since"), "{refused:?}");
    let stands = desk.settled(&ready).await;
    assert_eq!(stands.start.to_string(), "2026-12-01T11:00:00Z");
}

/// Case U4: Zoom's answer to the create is lost, and the booking is undone meanwhile.
#[tokio::test]
async fn a_meeting_still_being_made_is_found_and_deleted() {
    let desk = Fixture::open().await;
    let lost = Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter);
    desk.daemon.zoom.fault(lost);
    let booked = desk.books(with(ANA, TEN)).await;
    let (kept, _) = desk.kept(&booked).await;
    let undone = desk.undoes(&booked).await.unwrap();
    assert_eq!(undone.status, InterviewStatus::Cancelled);
    desk.waits_for_the_next_try(&kept);
    let settled = desk.in_time(&booked).await;
    assert_eq!(settled.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
    assert_eq!(desk.emailed(ANA), 0);
}

/// Case U4: what was booked before a restart is undone after it, and stays undone.
#[tokio::test]
async fn a_booking_is_undone_across_a_restart() {
    let mut desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.daemon.begin_again().await.unwrap();
    desk.dana = desk
        .daemon
        .client(greenroom_tests::test_daemon::OWNER)
        .await
        .unwrap();
    desk.undoes(&ready).await.unwrap();
    desk.daemon.begin_again().await.unwrap();
    desk.dana = desk
        .daemon
        .client(greenroom_tests::test_daemon::OWNER)
        .await
        .unwrap();
    let settled = desk.settled(&ready).await;
    assert_eq!(settled.status, InterviewStatus::Cancelled);
    assert_eq!(settled.meeting.state, MeetingState::Gone);
    desk.daemon.seconds_pass(UNDO);
    desk.daemon.rests().await.unwrap();
    assert_eq!(
        (desk.emailed(ANA), desk.daemon.zoom.meetings().len()),
        (0, 0)
    );
}

/// Case U4: undoing the undo books again, and people are invited.
#[tokio::test]
async fn an_undone_booking_can_be_had_again() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let undone = desk.undoes(&ready).await.unwrap();
    desk.settled(&ready).await;
    let again = desk.undoes(&undone).await.unwrap();
    assert_eq!(again.status, InterviewStatus::Confirmed);
    let settled = desk.settled(&ready).await;
    assert_eq!(settled.meeting.state, MeetingState::Ready);
    desk.daemon.seconds_pass(UNDO);
    desk.daemon.rests().await.unwrap();
    assert_eq!(
        (desk.emailed(ANA), desk.daemon.zoom.meetings().len()),
        (1, 1)
    );
}
