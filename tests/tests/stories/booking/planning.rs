//! Planned, confirmed, and made at Zoom exactly once.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    InterviewNew, InterviewQuery, InterviewStatus, MeetingState, MeetingType,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::sandbox::{Account, Config, Endpoint, Plan};

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, assert_refused, codes, with};

#[tokio::test]
async fn details_are_made_when_the_interview_is_confirmed_and_once_however_often() {
    let desk = Fixture::open().await;
    let planned = desk
        .books(InterviewNew {
            confirm: false,
            ..with(ANA, TEN)
        })
        .await;
    assert_eq!(planned.status, InterviewStatus::ToBeConfirmed);
    assert_eq!(planned.meeting.state, MeetingState::None);
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::CreateMeeting), 0);

    let reference = || Reference::to(planned.id.to_string());
    let confirmed = desk.dana.interview_confirm(reference()).await.unwrap();
    assert_eq!(confirmed.interview.status, InterviewStatus::Confirmed);
    assert!(codes(&confirmed.interview).contains(&FindingCode::NoMail));
    let ready = desk.settled(&planned).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);

    let again = desk.dana.interview_confirm(reference()).await.unwrap();
    assert_eq!(again.interview, ready);
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
}

#[tokio::test]
async fn the_meeting_is_the_interviews_own_open_to_guests_and_behind_a_passcode() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;

    let [meeting] = &desk.daemon.zoom.meetings()[..] else {
        panic!()
    };
    assert!(meeting.settings.join_before_host);
    assert!(!meeting.settings.waiting_room);
    assert!(!meeting.settings.use_pmi);
    assert_eq!(meeting.kind, 2, "scheduled, of its own");
    assert!(meeting.agenda.starts_with(&format!("[{}]", ready.id)));
    assert!(meeting.topic.contains("Ana Lima") && meeting.topic.contains("Designer"));
    assert_eq!(meeting.start_time, ready.start.timestamp());
    assert_eq!(meeting.duration, 30);

    let passcode = ready.meeting.passcode.clone().unwrap();
    assert_eq!(passcode, meeting.password);
    assert!(passcode.len() >= 8, "{passcode}");
    assert_eq!(ready.meeting.meeting_id, Some(meeting.id.to_string()));
    assert!(
        ready
            .meeting
            .join_url
            .as_ref()
            .unwrap()
            .contains(&meeting.id.to_string())
    );
    assert_eq!(codes(&ready), [FindingCode::NoMail]);

    let other = desk.has(with(BEN, "2026-12-01T11:00:00Z")).await;
    assert_ne!(other.meeting.meeting_id, ready.meeting.meeting_id);
    assert_ne!(other.meeting.passcode, ready.meeting.passcode);
}

#[tokio::test]
async fn what_zoom_changed_is_read_back_and_told() {
    let account = Account {
        force_waiting_room: true,
        ..Account::new("acme", Plan::Business)
    };
    let desk = Fixture::with(Config {
        accounts: vec![account],
        ..Config::default()
    })
    .await;
    let ready = desk.has(with(ANA, TEN)).await;
    let changed = ready
        .warnings
        .iter()
        .find(|it| it.code == FindingCode::ZoomChanged);
    assert!(
        changed.unwrap().message.contains("waiting room"),
        "{changed:?}"
    );
}

#[tokio::test]
async fn a_dry_run_judges_and_writes_nothing() {
    let desk = Fixture::open().await;
    let dry_run = InterviewNew {
        dry_run: true,
        ..with(ANA, TEN)
    };
    let revision = desk.dana.status().await.unwrap().revision;
    let judged = desk.dana.interview_new(dry_run).await.unwrap();
    assert!(judged.dry_run && judged.verdict.blocks.is_empty());
    assert_eq!(desk.dana.status().await.unwrap().revision, revision);
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 0);
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 0);
}

#[tokio::test]
async fn without_a_connection_nothing_is_written_and_the_ways_out_are_named() {
    let desk = Fixture::unconnected(Config::default()).await;
    let refused = desk.refused(with(ANA, TEN)).await;
    assert_refused(
        &refused,
        ErrorKind::Zoom,
        "zoom_user",
        &["Dana Reyes", "not connected", "nothing was booked"],
    );
    let hint = refused.hint.unwrap();
    assert!(
        hint.contains("zoom connect") && hint.contains("--url"),
        "{hint}"
    );
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 0);
    // The time is still free for an interview by telephone.
    let phone = InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        ..with(ANA, TEN)
    };
    assert_eq!(desk.books(phone).await.meeting.state, MeetingState::Ready);
}

#[tokio::test]
async fn a_meeting_by_hand_needs_no_connection() {
    let desk = Fixture::unconnected(Config::default()).await;
    let by_hand = InterviewNew {
        url: Some("https://acme.zoom.example/j/5551234".into()),
        meeting_id: Some("5551234".into()),
        passcode: Some("manual-1".into()),
        ..with(ANA, TEN)
    };
    let booked = desk.books(by_hand).await;
    let meeting = &booked.meeting;
    assert!(meeting.manual && booked.host.is_none());
    assert_eq!(meeting.state, MeetingState::Ready);
    assert_eq!(meeting.meeting_id.as_deref(), Some("5551234"));
    assert_eq!(meeting.passcode.as_deref(), Some("manual-1"));
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::CreateMeeting), 0);
}

#[tokio::test]
async fn every_kind_of_meeting_asks_for_what_it_needs() {
    let desk = Fixture::unconnected(Config::default()).await;
    let kinds = [
        (MeetingType::Link, "url"),
        (MeetingType::Phone, "details"),
        (MeetingType::Place, "details"),
    ];
    for (kind, field) in kinds {
        let bare = InterviewNew {
            kind,
            ..with(ANA, TEN)
        };
        let refused = desk.refused(bare).await;
        assert_refused(&refused, ErrorKind::Usage, field, &["is missing"]);
    }
    let only_a_passcode = InterviewNew {
        passcode: Some("123456".into()),
        ..with(ANA, TEN)
    };
    let refused = desk.refused(only_a_passcode).await;
    assert_refused(&refused, ErrorKind::Usage, "url", &["the link"]);
}

#[tokio::test]
async fn a_refusal_of_zooms_is_loud_and_can_be_tried_again() {
    use greenroom_tests::sandbox::{Answer, Fault, FaultKind};
    let desk = Fixture::open().await;
    let body = serde_json::json!({"code": 3161, "message": "Your user account is not allowed meeting hosting and scheduling capabilities."});
    let refusal = FaultKind::Answer(Answer::Json { status: 400, body });
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::CreateMeeting, refusal));
    let booked = desk.books(with(ANA, TEN)).await;
    let failed = desk.settled(&booked).await;
    assert_eq!(failed.meeting.state, MeetingState::Failed);
    assert_eq!(
        failed.status,
        InterviewStatus::Confirmed,
        "it stays, and is loud"
    );
    assert!(failed.meeting.reason.unwrap().contains("may not host"));

    let again = Reference::to(booked.id.to_string());
    desk.dana.interview_confirm(again).await.unwrap();
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready, "{ready:?}");
    assert_eq!(ready.meeting.reason, None);
}
