//! What waits and why, what left, and what an invitation looks like before it does.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{AttendeeState, InterviewNew};
use greenroom_protocol::mail::{InviteQuery, MailKind, MailQuery, MailState};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;

use crate::mail::fixture::{ANA, Fixture, SAM, UNDO, by_phone};

#[tokio::test]
async fn what_waits_can_be_looked_at_and_what_left_is_remembered() {
    let room = Fixture::open().await;
    let interview = room.calls().await;
    let waiting = room
        .dana
        .mail_list(MailQuery::default())
        .await
        .unwrap()
        .items;
    let to_ana = waiting.iter().find(|it| it.address == ANA).unwrap();
    assert_eq!(
        (to_ana.state, to_ana.kind),
        (MailState::Waiting, MailKind::Invitation)
    );
    assert_eq!(to_ana.interview, Some(interview.id));
    assert_eq!(to_ana.next_try, Some(to_ana.not_before));
    assert_eq!(to_ana.not_before, room.daemon.now().plus_seconds(UNDO));
    let status = room.dana.status().await.unwrap();
    assert_eq!((status.mail.waiting, status.mail.refused), (2, 0));
    // What is on its way is not left alone, but undone with what it tells of.
    let waits = room.dana.mail_drop(Reference::to(to_ana.id.to_string()));
    assert_eq!(waits.await.unwrap_err().kind, ErrorKind::Conflict);

    let id = to_ana.id.to_string();
    let preview = room
        .dana
        .mail_get(Reference::to(&id[id.len() - 8..]))
        .await
        .unwrap();
    let letter = preview.letter.unwrap();
    assert_eq!(letter.to, format!("Ana Lima <{ANA}>"));
    assert!(letter.text.starts_with("Hello Ana,"));
    assert!(room.mail().letters().unwrap().is_empty());

    room.daemon.seconds_pass(UNDO);
    room.when(
        &interview,
        crate::mail::fixture::everybody(AttendeeState::Invited),
    )
    .await;
    assert!(
        room.dana
            .mail_list(MailQuery::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    let past = MailQuery {
        past: true,
        interview: Some(interview.id.to_string()),
        ..MailQuery::default()
    };
    let past = room.dana.mail_list(past).await.unwrap().items;
    assert_eq!(past.len(), 2);
    let left = past.iter().find(|it| it.address == ANA).unwrap();
    assert_eq!(
        (left.state, left.at),
        (MailState::Sent, Some(room.daemon.now()))
    );
    assert_eq!(left.message_id, room.mail().to(ANA).unwrap()[0].message_id);
    let refused = room.dana.mail_retry(Reference::to(&id)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn the_first_letter_to_a_candidate_can_be_read_before_anything_is_confirmed() {
    let room = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..by_phone()
    };
    let planned = room.dana.interview_new(planned).await.unwrap().interview;
    let query = |to: Option<&str>| InviteQuery {
        interview: planned.id.to_string(),
        to: to.map(str::to_owned),
    };
    let theirs = room.dana.interview_invite(query(None)).await.unwrap();
    assert_eq!(theirs.to, format!("Ana Lima <{ANA}>"));
    assert!(theirs.calendar.unwrap().contains("METHOD:REQUEST\r\n"));
    let sams = room.dana.interview_invite(query(Some(SAM))).await.unwrap();
    assert!(sams.text.contains("You're scheduled to interview Ana Lima"));
    let nobody = room
        .dana
        .interview_invite(query(Some("dana.reyes@acme.example")))
        .await;
    assert_eq!(nobody.unwrap_err().kind, ErrorKind::NotFound);
    assert!(
        room.dana
            .mail_list(MailQuery::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

/// A stored address that mail cannot go to: refused for good, loud, and sent once it is fixed.
#[tokio::test]
async fn what_is_refused_stays_and_is_sent_when_it_is_put_right() {
    let room = Fixture::open().await;
    let edit = |email: &str| CandidateEdit {
        candidate: "Ana Lima".into(),
        email: Some(email.into()),
        ..CandidateEdit::default()
    };
    // Fine as an address of a record, but no domain of the internet.
    room.dana
        .candidate_edit(edit("ana@mail_.example"))
        .await
        .unwrap();
    let booking = InterviewNew {
        candidate: "Ana Lima".into(),
        ..by_phone()
    };
    let interview = room.dana.interview_new(booking).await.unwrap().interview;
    room.daemon.seconds_pass(UNDO);
    let unreached = |it: &greenroom_protocol::interview::Interview| {
        it.attendees[0].state == AttendeeState::Unreached
            && it.attendees[1].state == AttendeeState::Invited
    };
    let refused = room.when(&interview, unreached).await;
    assert!(
        refused
            .warnings
            .iter()
            .any(|it| it.code == FindingCode::MailRefused)
    );
    let [failed] = &room
        .dana
        .mail_list(MailQuery::default())
        .await
        .unwrap()
        .items[..]
    else {
        panic!()
    };
    assert_eq!(failed.state, MailState::Failed);
    assert_eq!(room.dana.status().await.unwrap().mail.refused, 1);

    room.dana.candidate_edit(edit(ANA)).await.unwrap();
    let retried = room
        .dana
        .mail_retry(Reference::to(failed.id.to_string()))
        .await
        .unwrap();
    assert_eq!(retried.state, MailState::Waiting);
    room.when(
        &interview,
        crate::mail::fixture::everybody(AttendeeState::Invited),
    )
    .await;
    assert_eq!(room.mail().to(ANA).unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_thinks_that_somebody_receives_what_is_written_to_a_folder() {
    let room = Fixture::open().await;
    let interview = room.calls().await;
    let said = interview
        .warnings
        .iter()
        .find(|it| it.code == FindingCode::NoMail);
    assert!(said.unwrap().message.contains("nobody receives them"));
    let status = room.dana.status().await.unwrap();
    assert!(!status.mail.delivers && status.mail.note.contains("nobody receives them"));
    let checks = room.dana.doctor().await.unwrap();
    let mail = checks.iter().find(|it| it.name == "mail").unwrap();
    assert!(mail.message.contains("nobody receives them") && mail.hint.is_some());
}
