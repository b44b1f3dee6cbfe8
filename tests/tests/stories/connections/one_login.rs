//! One Zoom login belongs to one member of one workspace. Anyone else who comes with it hears whose
//! it is and how to go on without; and the holder can book right afterwards, although the consent
//! itself ended the holder's grant at Zoom.

use greenroom::client::{Client, Target};
use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{MeetingState, MeetingType};
use greenroom_protocol::workspace::{MemberEdit, Reference, WorkspaceEdit};
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::{DANA, add_candidate, add_job, settled, zoom_interview};
use greenroom_tests::sandbox::{Answer, App, Config, Decision, Endpoint, Fault, FaultKind, Often};
use greenroom_tests::test_daemon::OWNER;
use greenroom_tests::wait::Deadline;

use crate::connections::fixture::{Came, Fixture, OMAR, connect_as};

/// Who Dana is in the other workspace.
const DANA_AT_BETA: &str = "dana.reyes@beta.example";
/// Another company's Zoom app.
const BETAS_APP: &str = "betas-app";

#[tokio::test]
async fn a_colleague_with_the_holders_login_is_refused_and_the_holder_goes_on() {
    let office = open().await;
    office.connect(DANA).await.connected();

    let refused = office.connect_as(OMAR, Some(DANA)).await.refused();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("Dana Reyes in Acme"), "{refused}");
    assert!(refused.hint.unwrap().contains("link and passcode manually"));

    books(&office.dana, "ana@mail.example").await;
    assert_eq!(office.daemon.zoom.counters().refreshes_refused, 0);
    assert_eq!(office.daemon.zoom.live_grants(), 1);

    // The manual way needs no connection.
    let mut by_hand = zoom_interview("ana@mail.example", 0);
    by_hand.start = office.daemon.now().plus_minutes(72 * 60).to_string();
    by_hand.organizer = Some(OMAR.into());
    by_hand.with = vec![OMAR.into()];
    by_hand.url = Some("https://zoom.us/j/98765432101".into());
    by_hand.meeting_id = Some("98765432101".into());
    by_hand.passcode = Some("k7Q2w9".into());
    let booked = office.dana.interview_new(by_hand).await.unwrap().interview;
    assert_eq!(booked.meeting.kind, MeetingType::Zoom);
    assert_eq!(booked.meeting.state, MeetingState::Ready);
}

#[tokio::test]
async fn an_address_somebody_holds_is_refused_before_the_browser_opens() {
    let office = open().await;
    office.connect(DANA).await.connected();
    expect_danas_login_of_omar(&office).await;
    let refused = office.connect(OMAR).await.refused();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("Dana Reyes in Acme"), "{refused}");
    assert_eq!(office.daemon.zoom.counters().of(Endpoint::Authorize), 1);
    books(&office.dana, "ana@mail.example").await;
}

#[tokio::test]
async fn in_another_workspace_the_holder_is_named_and_goes_on() {
    let office = open().await;
    office.connect(DANA).await.connected();
    let beta = beta(&office, None).await;

    let refused = connect_as(&beta, DANA_AT_BETA, Some(DANA)).await.refused();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("Dana Reyes in Acme"), "{refused}");
    books(&office.dana, "ana@mail.example").await;
    assert_eq!(office.daemon.zoom.live_grants(), 1);

    // As soon as it is free, it may move.
    office
        .dana
        .zoom_disconnect(Reference::to(DANA))
        .await
        .unwrap();
    expect(&beta, DANA_AT_BETA, DANA).await;
    connect_as(&beta, DANA_AT_BETA, None).await.connected();
    let refused = office.connect(DANA).await.refused();
    assert!(refused.message.contains("Dana Reyes in Beta"), "{refused}");
}

#[tokio::test]
async fn with_another_app_the_fresh_grant_is_revoked_and_the_holder_untouched() {
    let office = open().await;
    office.connect(DANA).await.connected();
    let before = office.status(DANA).await;
    let beta = beta(&office, Some(BETAS_APP)).await;

    let refused = connect_as(&beta, DANA_AT_BETA, Some(DANA)).await.refused();
    assert!(refused.message.contains("Dana Reyes in Acme"), "{refused}");
    assert_eq!(office.status(DANA).await, before);
    let zoom = &office.daemon.zoom;
    assert_eq!(
        (zoom.live_grants(), zoom.counters().of(Endpoint::Revoke)),
        (1, 1)
    );
    books(&office.dana, "ana@mail.example").await;
}

#[tokio::test]
async fn a_holder_whose_grant_was_dead_lives_again() {
    let office = open().await;
    office.connect(DANA).await.connected();
    office.daemon.zoom.end_grants(DANA).unwrap();
    office.daemon.seconds_pass(24 * 3600);
    office.daemon.tend().await.unwrap();
    assert_eq!(office.status(DANA).await.state, S::ReconnectRequired);
    office.connect_as(OMAR, Some(DANA)).await.refused();
    assert_eq!(office.status(DANA).await.state, S::Connected);
    books(&office.dana, "ana@mail.example").await;
}

#[tokio::test]
async fn a_holder_goes_on_although_zoom_cannot_say_at_once_who_consented() {
    let office = open().await;
    office.connect(DANA).await.connected();
    let down = FaultKind::Answer(Answer::Html { status: 502 });
    let zoom = &office.daemon.zoom;
    zoom.fault(Fault::once(Endpoint::User, down).often(Often::Always));
    let not_yet = office.connect_as(OMAR, Some(DANA)).await.refused();
    assert_eq!(not_yet.kind, ErrorKind::Upstream, "{not_yet}");
    assert!(not_yet.hint.unwrap().contains("retried for an hour"));

    zoom.clear_faults();
    office.daemon.seconds_pass(30);
    office.daemon.tend().await.unwrap();
    let omar = office.status(OMAR).await;
    assert_eq!(omar.reason_code.as_deref(), Some("held-elsewhere"));
    books(&office.dana, "ana@mail.example").await;
    assert_eq!(zoom.counters().refreshes_refused, 0);
}

#[tokio::test]
async fn whoever_leaves_takes_their_open_attempt_along() {
    let office = open().await;
    let attempt = office.start(OMAR).await;
    let back = office
        .browse(&attempt, OMAR, Decision::Allow)
        .await
        .unwrap();
    let dry_run = Reference {
        dry_run: true,
        ..Reference::to(OMAR)
    };
    office.dana.member_remove(dry_run).await.unwrap();
    assert_eq!(office.status(OMAR).await.state, S::Authorizing);
    office
        .dana
        .member_remove(Reference::to(OMAR))
        .await
        .unwrap();
    let gone = office.finish(&attempt, &back).await.refused();
    assert_eq!(gone.kind, ErrorKind::NotFound, "{gone}");

    // Somebody who has come since may have the login.
    expect(&office.dana, DANA, OMAR).await;
    office.connect(DANA).await.connected();
}

#[tokio::test]
async fn of_two_consents_the_earlier_settles_last_and_takes_nothing() {
    let office = open().await;
    expect_danas_login_of_omar(&office).await;
    let (first, second) = (office.start(DANA).await, office.start(OMAR).await);

    // Dana consents and her code is exchanged; the answer to whose keys these are takes its time.
    let slow = FaultKind::SlowAnswer { ms: 1500 };
    office.daemon.zoom.fault(Fault::once(Endpoint::User, slow));
    let back = office.browse(&first, DANA, Decision::Allow).await.unwrap();
    let hers = office.finish(&first, &back);
    let his = async {
        let deadline = Deadline::here();
        while office.daemon.zoom.counters().of(Endpoint::User) == 0 {
            deadline.check();
            tokio::task::yield_now().await;
        }
        // Omar consents with the same login, which ends her grant, and is through before her.
        let back = office.browse(&second, DANA, Decision::Allow).await.unwrap();
        office.finish(&second, &back).await.connected()
    };
    let (hers, his) = tokio::join!(hers, his);
    assert_eq!(his.state, S::Connected);
    let refused = hers.refused();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("Omar Haddad in Acme"), "{refused}");

    let mut interview = zoom_interview("ana@mail.example", 0);
    interview.start = office.daemon.now().plus_minutes(48 * 60).to_string();
    interview.zoom_user = Some(OMAR.into());
    let booked = office.dana.interview_new(interview).await.unwrap();
    let id = booked.interview.id.to_string();
    let booked = settled(&office.dana, &id).await.unwrap();
    assert_eq!(
        booked.meeting.state,
        MeetingState::Ready,
        "{:?}",
        booked.meeting
    );
    assert_eq!(office.daemon.zoom.counters().refreshes_refused, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_the_same_moment_are_one_connection_that_works() {
    for _ in 0..8 {
        let office = open().await;
        expect_danas_login_of_omar(&office).await;
        let (one, other) = tokio::join!(
            office.connect_as(DANA, Some(DANA)),
            office.connect_as(OMAR, Some(DANA))
        );
        let both = [one, other];
        let through = both
            .iter()
            .filter(|came| matches!(came, Came::Connected(_)));
        assert_eq!(through.count(), 1, "{both:?}");
        let states = [
            office.status(DANA).await.state,
            office.status(OMAR).await.state,
        ];
        let connected = states.iter().filter(|state| **state == S::Connected);
        assert_eq!(connected.count(), 1, "{states:?}");
        let host = if states[0] == S::Connected {
            DANA
        } else {
            OMAR
        };
        let mut interview = zoom_interview("ana@mail.example", 0);
        interview.start = office.daemon.now().plus_minutes(48 * 60).to_string();
        interview.zoom_user = Some(host.into());
        let booked = office.dana.interview_new(interview).await.unwrap();
        let id = booked.interview.id.to_string();
        let booked = settled(&office.dana, &id).await.unwrap();
        assert_eq!(
            booked.meeting.state,
            MeetingState::Ready,
            "{:?}",
            booked.meeting
        );
    }
}

/// An office with an open job, a candidate, and a second company's app at Zoom.
async fn open() -> Fixture {
    let mut config = Config::default();
    let betas = App {
        name: "Beta's app".into(),
        public_client_id: BETAS_APP.into(),
        client_id: "betas-confidential-app".into(),
        ..config.apps[0].clone()
    };
    config.apps.push(betas);
    let office = Fixture::open(config).await;
    add_job(&office.dana, "Engineer").await.unwrap();
    add_candidate(&office.dana, "Ana Ruiz", "ana@mail.example", "Engineer")
        .await
        .unwrap();
    office
}

/// Another workspace of the same daemon, with the daemon's app or its own, and Dana under another
/// address in it.
async fn beta(office: &Fixture, client_id: Option<&str>) -> Client {
    let add = WorkspaceEdit {
        name: Some("Beta".into()),
        zoom_client_id: client_id.map(str::to_owned),
        ..WorkspaceEdit::default()
    };
    office.dana.workspace_add(add).await.unwrap();
    let target = Target {
        workspace: Some("Beta".into()),
        ..office.daemon.door(OWNER).unwrap()
    };
    let beta = Client::connect(&target).await.unwrap();
    let edit = MemberEdit {
        member: DANA.into(),
        email: Some(DANA_AT_BETA.into()),
        ..MemberEdit::default()
    };
    beta.member_edit(edit).await.unwrap();
    beta
}

async fn expect_danas_login_of_omar(office: &Fixture) {
    expect(&office.dana, OMAR, DANA).await;
}

/// This member's Zoom user has this address.
async fn expect(client: &Client, member: &str, zoom_email: &str) {
    let edit = MemberEdit {
        member: member.into(),
        zoom_email: Some(zoom_email.into()),
        ..MemberEdit::default()
    };
    client.member_edit(edit).await.unwrap();
}

/// The caller books an interview on their own Zoom, and its meeting is made.
async fn books(client: &Client, candidate: &str) {
    let mut interview = zoom_interview(candidate, 0);
    interview.start = "2026-12-07T10:00:00Z".into();
    let booked = client.interview_new(interview).await.unwrap();
    let id = booked.interview.id.to_string();
    let booked = settled(client, &id).await.unwrap();
    assert_eq!(
        booked.meeting.state,
        MeetingState::Ready,
        "{:?}",
        booked.meeting
    );
}
