//! What may have left counts as if it had: an email that a server took without saying so is
//! followed by one that says how it stands, whatever was decided and undone in between.

use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewEdit, InterviewNew, InterviewUndo,
};
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{DANA, connect_zoom, settled};
use greenroom_tests::mail_server::MailServer;
use greenroom_tests::post::Found;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind, Often};

use crate::mail::fixture::{ANA, Fixture, SAM, TEN, UNDO, by_phone, by_zoom, everybody};

/// What Ana and Sam have taken: method, number and start, oldest first.
fn taken(server: &MailServer) -> [Vec<(String, u32, String)>; 2] {
    let says = |it: &Found| {
        let number = it.values("SEQUENCE")[0].parse().unwrap();
        let start = it.values("DTSTART")[0].to_owned();
        (it.method().unwrap_or_default().to_owned(), number, start)
    };
    [ANA, SAM].map(|it| server.taken_by(it).unwrap().iter().map(says).collect())
}

/// Methods and numbers alone.
fn briefly(server: &MailServer) -> [Vec<(String, u32)>; 2] {
    taken(server).map(|theirs| theirs.into_iter().map(|it| (it.0, it.1)).collect())
}

fn says(all: &[(&str, u32)]) -> [Vec<(String, u32)>; 2] {
    let all: Vec<_> = all.iter().map(|it| (it.0.to_owned(), it.1)).collect();
    [all.clone(), all]
}

/// Everything that is due is tried, and the server keeps to itself that it took it.
async fn leaves_without_an_answer(room: &Fixture, server: &MailServer) {
    server.loses_answers(true);
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    server.loses_answers(false);
}

/// Everything that waits leaves, and is known to have left.
async fn all_leaves(room: &Fixture) {
    room.daemon.seconds_pass(60 * 60);
    room.daemon.rests().await.unwrap();
    let waiting = room.dana.mail_list(MailQuery::default()).await.unwrap();
    assert!(waiting.items.is_empty(), "{waiting:?}");
}

#[tokio::test]
async fn a_cancellation_follows_an_invitation_that_was_superseded_before_its_answer_came() {
    let server = MailServer::start().await.unwrap();
    let room = Fixture::through(&server).await;
    let interview = room.calls().await;
    leaves_without_an_answer(&room, &server).await;
    assert_eq!(briefly(&server), says(&[("REQUEST", 0)]));

    // The email about the new time is called back in time, but the first one may be there.
    room.moves(&interview, "2026-12-01T14:00:00Z", None).await;
    room.cancels(&interview).await;
    all_leaves(&room).await;
    assert_eq!(briefly(&server), says(&[("REQUEST", 0), ("CANCEL", 2)]));
    let nobody = |it: &Interview| it.attendees.iter().all(|it| it.invited_at.is_none());
    room.when(&interview, nobody).await;

    // Cancelled, they are not told so twice.
    let again = room.takes_back(&room.show(&interview).await).await;
    room.cancels(&again).await;
    all_leaves(&room).await;
    assert_eq!(briefly(&server), says(&[("REQUEST", 0), ("CANCEL", 2)]));
}

#[tokio::test]
async fn a_cancellation_called_back_with_an_invitation_in_doubt_is_asked_for_again() {
    let server = MailServer::start().await.unwrap();
    let room = Fixture::through(&server).await;
    let interview = room.calls().await;
    leaves_without_an_answer(&room, &server).await;
    let off = room.cancels(&interview).await;
    let again = room.takes_back(&off).await;
    room.cancels(&again).await;
    all_leaves(&room).await;
    let [ana, sam] = briefly(&server);
    for theirs in [ana, sam] {
        let [first, last] = &theirs[..] else {
            panic!("{theirs:?}")
        };
        assert_eq!((first.0.as_str(), last.0.as_str()), ("REQUEST", "CANCEL"));
        assert!(first.1 < last.1, "{theirs:?}");
    }
}

#[tokio::test]
async fn an_invitation_follows_a_cancellation_that_may_have_left_whatever_is_edited_meanwhile() {
    let server = MailServer::start().await.unwrap();
    let room = Fixture::through(&server).await;
    let interview = room.calls().await;
    all_leaves(&room).await;
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let off = room.cancels(&interview).await;
    leaves_without_an_answer(&room, &server).await;
    let again = room.takes_back(&off).await;
    // For all that is recorded of the time and the number to call, they know.
    let elsewhere = InterviewEdit {
        details: Some("+49 30 5550 9999".into()),
        ..room.edit(&again)
    };
    let elsewhere = room.dana.interview_edit(elsewhere).await.unwrap().interview;
    room.takes_back(&elsewhere).await;
    all_leaves(&room).await;
    let [ana, sam] = taken(&server);
    for theirs in [ana, sam] {
        let methods: Vec<_> = theirs.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(methods, ["REQUEST", "CANCEL", "REQUEST"]);
        assert!(theirs.is_sorted_by(|a, b| a.1 < b.1), "{theirs:?}");
        assert_eq!(theirs[0].2, theirs[2].2);
    }
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
}

#[tokio::test]
async fn a_time_that_somebody_may_have_read_of_is_corrected_although_it_was_undone() {
    let server = MailServer::start().await.unwrap();
    let room = Fixture::through(&server).await;
    let interview = room.calls().await;
    all_leaves(&room).await;
    let moved = room.moves(&interview, "2026-12-01T14:00:00Z", None).await;
    leaves_without_an_answer(&room, &server).await;
    let back = room.takes_back(&moved).await;
    let elsewhere = room.moves(&back, "2026-12-01T15:00:00Z", None).await;
    let back = room.takes_back(&elsewhere).await;
    assert_eq!(back.start.to_string(), TEN);
    all_leaves(&room).await;
    let [ana, sam] = taken(&server);
    for theirs in [ana, sam] {
        assert_eq!(theirs.len(), 3, "{theirs:?}");
        assert_eq!(theirs[0].2, theirs[2].2);
        assert!(theirs.is_sorted_by(|a, b| a.1 < b.1), "{theirs:?}");
    }
}

/// While Zoom has yet to move the meeting, nothing leaves and what may have left is given up.
#[tokio::test]
async fn a_cancellation_follows_an_invitation_that_was_given_up_while_its_meeting_was_moved() {
    let server = MailServer::start().await.unwrap();
    let room = Fixture::through(&server).await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    let booked = room.dana.interview_new(by_zoom()).await.unwrap().interview;
    settled(&room.dana, &booked.id.to_string()).await.unwrap();
    leaves_without_an_answer(&room, &server).await;
    assert_eq!(briefly(&server), says(&[("REQUEST", 0)]));

    let limit = FaultKind::Answer(Answer::PerSecondLimit);
    let limit = Fault::once(Endpoint::UpdateMeeting, limit).often(Often::Always);
    room.daemon.zoom.fault(limit);
    room.moves(&booked, "2026-12-01T14:00:00Z", None).await;
    room.daemon.seconds_pass(60 * 60);
    room.daemon.rests().await.unwrap();
    assert_eq!(briefly(&server), says(&[("REQUEST", 0)]));
    room.daemon.zoom.clear_faults();
    room.daemon.seconds_pass(60 * 60);
    let moved = settled(&room.dana, &booked.id.to_string()).await.unwrap();
    room.cancels(&moved).await;
    all_leaves(&room).await;
    assert_eq!(briefly(&server), says(&[("REQUEST", 0), ("CANCEL", 2)]));
}

/// While a meeting is being made again nobody is written to, and a cancellation that was on its way
/// is dropped: the next one must go out all the same.
#[tokio::test]
async fn an_interview_that_went_ahead_for_a_while_is_called_off_all_the_same() {
    let room = Fixture::open().await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    let booked = room.dana.interview_new(by_zoom()).await.unwrap().interview;
    settled(&room.dana, &booked.id.to_string()).await.unwrap();
    room.daemon.seconds_pass(UNDO);
    room.when(&booked, everybody(AttendeeState::Invited)).await;
    let off = room.cancels(&booked).await;
    room.daemon.rests().await.unwrap();

    let limit = FaultKind::Answer(Answer::PerSecondLimit);
    let limit = Fault::once(Endpoint::CreateMeeting, limit).often(Often::Always);
    room.daemon.zoom.fault(limit);
    let undo = InterviewUndo {
        interview: Reference::to(booked.id.to_string()),
        change: off.change,
        unsent: false,
    };
    let ahead = room.dana.interview_undo(undo).await.unwrap().interview;
    let kept = |it: &Interview| it.meeting.reason.is_some();
    room.when(&ahead, kept).await;
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    for address in [ANA, SAM] {
        assert_eq!(room.mail().to(address).unwrap().len(), 1, "{address}");
    }
    room.cancels(&ahead).await;
    room.daemon.seconds_pass(60 * 60);
    room.daemon.rests().await.unwrap();
    for address in [ANA, SAM] {
        let theirs = room.mail().to(address).unwrap();
        let off = theirs.iter().filter(|it| it.method() == Some("CANCEL"));
        assert_eq!((theirs.len(), off.count()), (2, 1), "{address}");
    }
}

#[tokio::test]
async fn a_cancellation_goes_to_the_new_address_of_somebody_who_was_invited_at_the_old_one() {
    let room = Fixture::open().await;
    let booking = InterviewNew {
        candidate: "Ana Lima".into(),
        ..by_phone()
    };
    let interview = room.dana.interview_new(booking).await.unwrap().interview;
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let edit = CandidateEdit {
        candidate: "Ana Lima".into(),
        email: Some("ana@elsewhere.example".into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(edit).await.unwrap();
    room.moves(&interview, "2026-12-01T14:00:00Z", None).await;
    room.cancels(&interview).await;
    room.daemon.seconds_pass(UNDO);
    room.daemon.rests().await.unwrap();
    let [off] = &room.mail().to("ana@elsewhere.example").unwrap()[..] else {
        panic!()
    };
    assert_eq!(off.method(), Some("CANCEL"));
    assert_eq!(off.values("UID").len(), 1);
}
