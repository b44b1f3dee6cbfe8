//! Who is written to when an interview begins to stand and when it is called off.

use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewEdit, InterviewNew, MeetingState,
};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{self, DANA, connect_zoom};
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, by_phone, by_zoom, everybody, states};

#[tokio::test]
async fn everybody_is_invited_once_ten_seconds_after_it_stands() {
    let room = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..by_phone()
    };
    let planned = room.dana.interview_new(planned).await.unwrap().interview;
    assert!(planned.attendees.is_empty());

    let reference = || Reference::to(planned.id.to_string());
    let confirmed = room
        .dana
        .interview_confirm(reference())
        .await
        .unwrap()
        .interview;
    assert_eq!(states(&confirmed), [AttendeeState::Waiting; 2]);
    room.dana.interview_confirm(reference()).await.unwrap();
    room.daemon.seconds_pass(UNDO - 1);
    let waiting = room.dana.mail_list(Default::default()).await.unwrap();
    assert_eq!(waiting.items.len(), 2);
    assert!(room.mail().letters().unwrap().is_empty());

    room.daemon.seconds_pass(1);
    room.when(&planned, everybody(AttendeeState::Invited)).await;
    assert_eq!(room.mail().letters().unwrap().len(), 2);
    let [ana] = &room.mail().to(ANA).unwrap()[..] else {
        panic!()
    };
    assert_eq!(ana.method(), Some("REQUEST"));
    assert_eq!(ana.values("SEQUENCE"), ["0"]);
    assert!(
        ana.text.contains("Phone      +49 30 5550 1234"),
        "{}",
        ana.text
    );
    assert!(ana.values("UID")[0].starts_with(&planned.id.to_string()));
    let [sam] = &room.mail().to(SAM).unwrap()[..] else {
        panic!()
    };
    assert!(
        sam.text.contains("You're scheduled to interview Ana Lima"),
        "{}",
        sam.text
    );
    // In Sam's own zone.
    assert!(
        sam.text
            .contains("19:00–19:30, Tokyo time, Tuesday 1 December"),
        "{}",
        sam.text
    );
    assert_eq!(sam.values("UID"), ana.values("UID"));
    assert_ne!(sam.message_id, ana.message_id);
}

#[tokio::test]
async fn no_invitation_leaves_before_the_meeting_is_there() {
    let room = Fixture::open().await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    room.daemon.zoom.fault(Fault::once(
        Endpoint::CreateMeeting,
        FaultKind::Answer(Answer::PerSecondLimit),
    ));
    let booked = room.dana.interview_new(by_zoom()).await.unwrap().interview;
    let kept = |it: &Interview| it.meeting.reason.is_some();
    let pending = room.when(&booked, kept).await;
    assert_eq!(pending.meeting.state, MeetingState::Pending);
    assert!(pending.attendees.is_empty());

    let due = pending.meeting.next_try.unwrap();
    room.daemon
        .seconds_pass(due.since(room.daemon.now()).as_secs());
    let ready = harness::settled(&room.dana, &booked.id.to_string())
        .await
        .unwrap();
    assert_eq!(states(&ready), [AttendeeState::Waiting; 2]);
    room.daemon.seconds_pass(UNDO);
    room.when(&booked, everybody(AttendeeState::Invited)).await;
    let [ana] = &room.mail().to(ANA).unwrap()[..] else {
        panic!()
    };
    let (link, passcode) = (
        ready.meeting.join_url.unwrap(),
        ready.meeting.passcode.unwrap(),
    );
    assert!(
        ana.text.contains(&format!("Zoom       {link}\n")),
        "{}",
        ana.text
    );
    assert!(
        ana.text.contains(&format!("Passcode   {passcode}\n")),
        "{}",
        ana.text
    );
    assert_eq!(ana.values("URL"), [link]);
}

#[tokio::test]
async fn what_is_called_off_within_ten_seconds_is_never_heard_of() {
    let room = Fixture::open().await;
    let interview = room.calls().await;
    room.daemon.seconds_pass(UNDO - 1);
    let cancelled = room.cancels(&interview).await;
    assert_eq!(states(&cancelled), [AttendeeState::Dismissed; 2]);
    room.daemon.seconds_pass(60);
    let waiting = room.dana.mail_list(Default::default()).await.unwrap();
    assert!(waiting.items.is_empty(), "{waiting:?}");
    assert!(room.mail().letters().unwrap().is_empty());
}

#[tokio::test]
async fn who_was_invited_is_told_that_it_is_off() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.cancels(&interview).await;
    room.daemon.seconds_pass(UNDO);
    let nobody = |it: &Interview| it.attendees.iter().all(|it| it.invited_at.is_none());
    room.when(&interview, nobody).await;
    let letters = room.mail().to(ANA).unwrap();
    let off = letters
        .iter()
        .find(|it| it.method() == Some("CANCEL"))
        .unwrap();
    assert_eq!(letters.len(), 2);
    assert_eq!(off.values("SEQUENCE"), ["1"]);
    assert_eq!(off.values("STATUS"), ["CANCELLED"]);
    assert_eq!(off.values("UID"), ana.values("UID"));
    assert_eq!(off.in_reply_to.as_deref(), Some(ana.message_id.as_str()));
    assert!(
        off.subject
            .starts_with("Cancelled: Interview for Designer at Acme"),
        "{}",
        off.subject
    );
}

#[tokio::test]
async fn a_letter_says_what_is_true_when_it_leaves() {
    let room = Fixture::open().await;
    let interview = room.calls().await;
    let edit = CandidateEdit {
        candidate: ANA.into(),
        name: Some("Mariana Lima Reis".into()),
        email: Some("ana@reis.example".into()),
        ..CandidateEdit::default()
    };
    room.dana.candidate_edit(edit).await.unwrap();
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    assert!(room.mail().to(ANA).unwrap().is_empty());
    let [ana] = &room.mail().to("ana@reis.example").unwrap()[..] else {
        panic!()
    };
    assert!(ana.text.starts_with("Hello Mariana,"), "{}", ana.text);
}

#[tokio::test]
async fn who_was_invited_is_told_of_another_time_and_answers_anew() {
    let room = Fixture::open().await;
    let (interview, ana, sam) = room.invited().await;
    room.gets("1", &ana.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    let moved = room
        .moves(
            &interview,
            "2026-12-01T14:00:00Z",
            Some("Sam is ill in the morning"),
        )
        .await;
    assert_eq!(states(&moved), [AttendeeState::Waiting; 2]);
    // An answer to the old time is none to the new one.
    room.gets("2", &sam.reply("ACCEPTED", "20261130T090200Z"))
        .await;
    assert_eq!(
        states(&room.show(&interview).await),
        [AttendeeState::Waiting; 2]
    );

    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let letters = room.mail().to(ANA).unwrap();
    let newer = letters
        .iter()
        .find(|it| it.message_id != ana.message_id)
        .unwrap();
    assert_eq!(letters.len(), 2);
    assert_eq!(newer.method(), Some("REQUEST"));
    assert_eq!(newer.values("SEQUENCE"), ["1"]);
    assert_eq!(newer.values("UID"), ana.values("UID"));
    assert_eq!(newer.in_reply_to.as_deref(), Some(ana.message_id.as_str()));
    assert!(newer.subject.starts_with("Updated: "), "{}", newer.subject);
    assert!(
        newer.text.contains("Sam is ill in the morning"),
        "{}",
        newer.text
    );
    room.gets("3", &ana.reply("DECLINED", "20261130T091000Z"))
        .await;
    assert_eq!(
        states(&room.show(&interview).await),
        [AttendeeState::Invited; 2]
    );
    room.gets("4", &newer.reply("ACCEPTED", "20261130T090300Z"))
        .await;
    let answered = room.show(&interview).await;
    assert_eq!(
        states(&answered),
        [AttendeeState::Accepted, AttendeeState::Invited]
    );
}

#[tokio::test]
async fn what_is_taken_back_within_ten_seconds_is_never_heard_of() {
    let room = Fixture::open().await;
    let (interview, ana, _) = room.invited().await;
    room.gets("1", &ana.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    let moved = room.moves(&interview, "2026-12-01T14:00:00Z", None).await;
    room.takes_back(&moved).await;
    let off = room.cancels(&interview).await;
    let again = room.takes_back(&off).await;
    assert_eq!(
        states(&again),
        [AttendeeState::Accepted, AttendeeState::Invited]
    );
    room.daemon.seconds_pass(60);
    assert!(
        room.dana
            .mail_list(Default::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(room.mail().letters().unwrap().len(), 2);
    // What is changed afterwards is emailed.
    room.moves(&interview, "2026-12-01T15:00:00Z", None).await;
    room.daemon.seconds_pass(UNDO);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    assert_eq!(room.mail().to(ANA).unwrap().len(), 2);
}

#[tokio::test]
async fn a_change_within_ten_seconds_makes_one_letter_that_is_true() {
    let room = Fixture::open().await;
    let interview = room.calls().await;
    room.daemon.seconds_pass(UNDO - 1);
    room.moves(&interview, "2026-12-01T14:00:00Z", None).await;
    // The change can be undone as long as any other.
    room.daemon.seconds_pass(UNDO - 1);
    assert_eq!(
        room.dana
            .mail_list(Default::default())
            .await
            .unwrap()
            .items
            .len(),
        2
    );
    room.daemon.seconds_pass(1);
    room.when(&interview, everybody(AttendeeState::Invited))
        .await;
    let [ana] = &room.mail().to(ANA).unwrap()[..] else {
        panic!()
    };
    assert_eq!(ana.values("SEQUENCE"), ["0"]);
    assert_eq!(
        ana.values("DTSTART"),
        ["TZID=America/New_York:20261201T090000"]
    );
    assert!(ana.subject.starts_with("Interview "), "{}", ana.subject);
}

#[tokio::test]
async fn who_takes_no_part_any_more_is_told_and_the_others_are_told_who_comes() {
    let room = Fixture::open().await;
    let (interview, _, _) = room.invited().await;
    let edit = InterviewEdit {
        with: Some(vec![DANA.into()]),
        ..room.edit(&interview)
    };
    room.dana.interview_edit(edit).await.unwrap();
    room.daemon.seconds_pass(UNDO);
    let told = |it: &Interview| {
        it.attendees.len() == 3
            && it.attendees[0].state == AttendeeState::Invited
            && it.attendees[1].invited_at.is_none()
            && it.attendees[2].invited_at.is_some()
    };
    let now = room.when(&interview, told).await;
    assert_eq!(
        states(&now),
        [
            AttendeeState::Invited,
            AttendeeState::Dismissed,
            AttendeeState::Invited
        ]
    );
    let sams = room.mail().to(SAM).unwrap();
    let off = sams
        .iter()
        .find(|it| it.method() == Some("CANCEL"))
        .unwrap();
    assert!(
        off.text.contains("will go ahead without you"),
        "{}",
        off.text
    );
    assert!(off.values("STATUS").is_empty());
    let anas = room.mail().to(ANA).unwrap();
    let newest = anas
        .iter()
        .find(|it| it.values("SEQUENCE") == ["1"])
        .unwrap();
    assert!(
        newest.text.contains("With       Dana Reyes"),
        "{}",
        newest.text
    );
}
