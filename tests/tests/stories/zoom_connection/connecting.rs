//! From consent to keys that are somebody's, and back to none.

use greenroom_protocol::secret::Opaque;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::{
    App, CLIENT_ID, CLIENT_SECRET, Config, Decision, Endpoint, Fault, FaultKind, User,
};
use greenroomd::store::Attribution;
use greenroomd::zoom::{Answer, ConnectError, ConnectFailure, Reason};

use crate::zoom_connection::fixture::{DANA, Fixture, OMAR, REDIRECT, browse};

#[tokio::test]
async fn connecting_shows_who_it_is_and_keeps_no_readable_key() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    assert_eq!(office.state(office.dana).await, (S::Authorizing, None));
    assert!(started.authorize_url.contains("code_challenge_method=S256"));
    assert!(
        started
            .authorize_url
            .contains("login_hint=dana.reyes%40acme.example")
    );

    let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
    office
        .zoom
        .grants()
        .finish(back.attempt, &back.state, back.answer)
        .await
        .unwrap();

    assert_eq!(office.state(office.dana).await, (S::Connected, None));
    let record = office.record(office.dana).await;
    let user = &record.grant().unwrap().user;
    assert_eq!(
        (user.email.as_str(), user.name.as_str()),
        (DANA, "Dana Reyes")
    );
    assert_eq!(office.sandbox.live_grants(), 1);
    let bytes = office.bytes_on_disk().await;
    assert!(
        !bytes.windows(10).any(|part| part == b"\"access\":\""),
        "a key is readable on disk"
    );
}

#[tokio::test]
async fn a_confidential_client_connects_too() {
    let office = Fixture::open()
        .await
        .with_app(CLIENT_ID, Some(CLIENT_SECRET));
    office.dana_connects().await;
    let released = office
        .zoom
        .grants()
        .disconnect(office.dana, &Attribution::default())
        .await
        .unwrap();
    assert!(released.revoked);
    assert_eq!(office.sandbox.live_grants(), 0);
}

#[tokio::test]
async fn declining_says_so_and_changes_nothing_else() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    let back = browse(&started.authorize_url, DANA, Decision::Decline).await;
    let declined = office
        .zoom
        .grants()
        .finish(back.attempt, &back.state, back.answer)
        .await;
    assert!(matches!(
        declined,
        Err(ConnectError {
            why: ConnectFailure::Declined(_),
            ..
        })
    ));
    assert_eq!(
        office.state(office.dana).await,
        (S::Disconnected, Some(Reason::Declined))
    );
}

#[tokio::test]
async fn declining_a_second_consent_keeps_the_first() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
    let back = browse(&started.authorize_url, DANA, Decision::Decline).await;
    assert!(
        office
            .zoom
            .grants()
            .finish(back.attempt, &back.state, back.answer)
            .await
            .is_err()
    );
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
    office.zoom.grants().ready(office.dana).await.unwrap();
}

#[tokio::test]
async fn another_zoom_user_is_refused_and_their_grant_revoked() {
    let office = Fixture::open().await;
    let wrong = office.connect(office.dana, DANA, OMAR).await;
    let Err(ConnectError {
        why: ConnectFailure::WrongUser { got, expected },
        ..
    }) = wrong
    else {
        panic!("{wrong:?}")
    };
    assert_eq!((got.as_str(), expected.as_str()), (OMAR, DANA));
    assert_eq!(
        office.state(office.dana).await,
        (S::Disconnected, Some(Reason::WrongUser))
    );
    assert_eq!(office.sandbox.live_grants(), 0);
}

#[tokio::test]
async fn the_address_counts_in_any_case() {
    let office = Fixture::open().await;
    office
        .connect(office.dana, "Dana.Reyes@ACME.example", DANA)
        .await
        .unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
}

#[tokio::test]
async fn a_wrong_state_is_refused_and_the_attempt_goes_on() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
    let forged = Opaque::new(format!("{}.{}", back.attempt, "A".repeat(43)));
    let refused = office
        .zoom
        .grants()
        .finish(back.attempt, &forged, back.answer.clone())
        .await;
    assert!(matches!(
        refused,
        Err(ConnectError {
            why: ConnectFailure::State,
            ..
        })
    ));
    assert_eq!(office.state(office.dana).await, (S::Authorizing, None));
    office
        .zoom
        .grants()
        .finish(back.attempt, &back.state, back.answer)
        .await
        .unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
}

#[tokio::test]
async fn an_attempt_survives_a_restart_and_ends_after_ten_minutes() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    let office = office.restarted().await;
    let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
    office
        .zoom
        .grants()
        .finish(back.attempt, &back.state, back.answer)
        .await
        .unwrap();

    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.omar, OMAR), REDIRECT)
        .await
        .unwrap();
    office.minutes_pass(10);
    let late = Answer::Error {
        error: "access_denied".into(),
        description: None,
    };
    let late = office
        .zoom
        .grants()
        .finish(started.attempt, &Opaque::new("x"), late)
        .await;
    assert!(matches!(
        late,
        Err(ConnectError {
            why: ConnectFailure::Gone,
            ..
        })
    ));
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(
        office.state(office.omar).await,
        (S::Disconnected, Some(Reason::Expired))
    );
}

#[tokio::test]
async fn cancelling_ends_the_attempt() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    office.zoom.grants().cancel(started.attempt).await.unwrap();
    assert_eq!(
        office.state(office.dana).await,
        (S::Disconnected, Some(Reason::Cancelled))
    );
    let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
    let late = office
        .zoom
        .grants()
        .finish(back.attempt, &back.state, back.answer)
        .await;
    assert!(matches!(
        late,
        Err(ConnectError {
            why: ConnectFailure::Gone,
            ..
        })
    ));
}

#[tokio::test]
async fn a_held_address_is_refused_before_the_browser_opens() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let refused = office
        .zoom
        .grants()
        .start(&office.subject(office.omar, DANA), REDIRECT)
        .await;
    assert!(
        matches!(refused, Err(ConnectError { why: ConnectFailure::Held(holder), .. }) if holder == office.dana)
    );
}

#[tokio::test]
async fn a_consent_by_someone_elses_zoom_user_keeps_their_connection_alive() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let before = office.record(office.dana).await.generation;

    // Omar is signed in as Dana in his browser; his consent ends her grant at Zoom.
    let refused = office.connect(office.omar, OMAR, DANA).await;
    assert!(
        matches!(refused, Err(ConnectError { why: ConnectFailure::Held(holder), .. }) if holder == office.dana)
    );

    assert_eq!(
        office.state(office.omar).await,
        (S::Disconnected, Some(Reason::HeldElsewhere))
    );
    assert_eq!(office.record(office.dana).await.generation, before + 1);
    assert_eq!(office.sandbox.live_grants(), 1);
    let meeting = crate::zoom_connection::fixture::an_interview(&office.clock);
    let made = office.zoom.create_meeting(office.dana, &meeting).await;
    assert!(
        matches!(made, greenroomd::zoom::Outcome::Done(_)),
        "{made:?}"
    );
}

#[tokio::test]
async fn a_consent_for_another_app_leaves_the_holder_untouched() {
    let mut config = Config::default().with_user(User::new(OMAR));
    let other = App {
        name: "Another company's app".into(),
        public_client_id: "another".into(),
        client_id: "another-confidential".into(),
        ..config.apps[0].clone()
    };
    config.apps.push(other);
    let office = Fixture::with(config).await;
    office.dana_connects().await;

    let office = office.with_app("another", None);
    let refused = office.connect(office.omar, OMAR, DANA).await;
    assert!(
        matches!(refused, Err(ConnectError { why: ConnectFailure::Held(holder), .. }) if holder == office.dana)
    );
    assert_eq!(office.record(office.dana).await.generation, 1);
    assert_eq!(office.sandbox.live_grants(), 1);
    office.minutes_pass(56);
    office.zoom.grants().ready(office.dana).await.unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
}

#[tokio::test]
async fn connecting_again_replaces_the_keys() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.dana_connects().await;
    assert_eq!(office.record(office.dana).await.generation, 2);
    assert_eq!(office.sandbox.live_grants(), 1);
    office.minutes_pass(56);
    office.zoom.grants().ready(office.dana).await.unwrap();
}

#[tokio::test]
async fn a_permission_that_was_not_granted_is_named() {
    let only = ["user:read:user", "meeting:read:meeting"].map(str::to_owned);
    let user = User {
        only_scopes: Some(only.into()),
        ..User::new(DANA)
    };
    let office = Fixture::with(Config {
        users: vec![user],
        ..Config::default()
    })
    .await;
    office.dana_connects().await;
    let record = office.record(office.dana).await;
    assert!(record.grant().unwrap().allows("user:read:user"));
    assert!(!record.grant().unwrap().allows("meeting:write:meeting"));
}

#[tokio::test]
async fn disconnecting_revokes_and_wipes() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let released = office
        .zoom
        .grants()
        .disconnect(office.dana, &Attribution::default())
        .await
        .unwrap();
    assert!(released.was_connected && released.revoked);
    assert_eq!(office.sandbox.live_grants(), 0);
    assert_eq!(
        office.state(office.dana).await,
        (S::Disconnected, Some(Reason::Revoked))
    );
    assert!(office.record(office.dana).await.grant().is_none());

    // The address and the Zoom user are free again.
    office.connect(office.omar, DANA, DANA).await.unwrap();
}

#[tokio::test]
async fn disconnecting_wipes_also_when_zoom_cannot_be_reached() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office
        .sandbox
        .fault(Fault::once(Endpoint::Revoke, FaultKind::LostBefore));
    let released = office
        .zoom
        .grants()
        .disconnect(office.dana, &Attribution::default())
        .await
        .unwrap();
    assert!(released.was_connected && !released.revoked);
    assert!(office.record(office.dana).await.grant().is_none());
    let office = office.restarted().await;
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.sandbox.counters().of(Endpoint::Revoke), 1);
}

#[tokio::test]
async fn an_hour_old_connection_is_revoked_as_well() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(61);
    let released = office
        .zoom
        .grants()
        .disconnect(office.dana, &Attribution::default())
        .await
        .unwrap();
    assert!(released.revoked);
    assert_eq!(office.sandbox.live_grants(), 0);
}

#[tokio::test]
async fn a_lost_exchange_ends_the_attempt_and_says_so() {
    let office = Fixture::open().await;
    office
        .sandbox
        .fault(Fault::once(Endpoint::Exchange, FaultKind::LostAfter));
    let lost = office.connect(office.dana, DANA, DANA).await;
    assert!(
        matches!(
            lost,
            Err(ConnectError {
                why: ConnectFailure::Failed(Reason::AnswerLost),
                ..
            })
        ),
        "{lost:?}"
    );
    assert_eq!(
        office.state(office.dana).await,
        (S::Disconnected, Some(Reason::AnswerLost))
    );
    office.dana_connects().await;
}

#[tokio::test]
async fn only_the_loopback_callback_is_accepted() {
    let office = Fixture::open().await;
    let subject = office.subject(office.dana, DANA);
    let refused = office
        .zoom
        .grants()
        .start(&subject, "http://localhost:49200/callback")
        .await;
    assert!(matches!(
        refused,
        Err(ConnectError {
            why: ConnectFailure::Redirect,
            ..
        })
    ));
}
