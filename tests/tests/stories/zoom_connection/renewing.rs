//! Keys in use: rotation, lost answers, and what ends a connection and what does not.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::{
    Answer, CLIENT_ID, CLIENT_SECRET, Endpoint, Fault, FaultKind, Often,
};
use greenroomd::zoom::{Reason, Unavailable};

use crate::zoom_connection::fixture::Fixture;

#[tokio::test]
async fn many_callers_share_one_renewal() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(56);
    let calls = (0..20).map(|_| office.zoom.grants().ready(office.dana));
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(office.sandbox.counters().refreshes, 1);
    assert_eq!(office.record(office.dana).await.generation, 2);
}

#[tokio::test]
async fn rotated_keys_outlive_a_restart() {
    let mut office = Fixture::open().await;
    office.dana_connects().await;
    for _ in 0..3 {
        office.minutes_pass(56);
        office.zoom.grants().ready(office.dana).await.unwrap();
        office = office.restarted().await;
    }
    assert_eq!(office.sandbox.counters().refreshes, 3);
    assert_eq!(office.sandbox.counters().refreshes_refused, 0);
}

#[tokio::test]
async fn an_idle_connection_is_renewed_once_a_day() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(21 * 60);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.sandbox.counters().refreshes, 0);
    office.minutes_pass(3 * 60);
    office.zoom.grants().tick().await.unwrap();
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn a_lost_answer_gets_one_try_and_then_says_so() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(61);
    office
        .sandbox
        .fault(Fault::once(Endpoint::Refresh, FaultKind::LostAfter));
    let lost = office.zoom.grants().ready(office.dana).await;
    assert!(
        matches!(lost, Err(Unavailable::Retrying { .. })),
        "{lost:?}"
    );
    assert_eq!(
        office.state(office.dana).await,
        (S::Retrying, Some(Reason::Unreachable))
    );

    office.minutes_pass(1);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(
        office.state(office.dana).await,
        (S::ReconnectRequired, Some(Reason::AnswerLost))
    );

    // And never again on its own.
    office.minutes_pass(48 * 60);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.sandbox.counters().of(Endpoint::Refresh), 2);
    office.dana_connects().await;
}

#[tokio::test]
async fn a_request_that_was_lost_before_zoom_costs_nothing() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(61);
    office
        .sandbox
        .fault(Fault::once(Endpoint::Refresh, FaultKind::LostBefore));
    assert!(office.zoom.grants().ready(office.dana).await.is_err());
    office.minutes_pass(1);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
    office.zoom.grants().ready(office.dana).await.unwrap();
}

#[tokio::test]
async fn a_grant_ended_elsewhere_says_so() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office
        .sandbox
        .end_grants(crate::zoom_connection::fixture::DANA)
        .unwrap();
    office.minutes_pass(61);
    let ended = office.zoom.grants().ready(office.dana).await;
    let reason = Reason::ReplacedElsewhere;
    assert!(matches!(ended, Err(Unavailable::ReconnectRequired(why)) if why == reason));
    assert_eq!(
        office.state(office.dana).await,
        (S::ReconnectRequired, Some(reason))
    );
}

#[tokio::test]
async fn a_wrong_secret_never_drops_a_grant() {
    let office = Fixture::open()
        .await
        .with_app(CLIENT_ID, Some(CLIENT_SECRET));
    office.dana_connects().await;
    let office = office.with_app(CLIENT_ID, Some("not-the-secret"));
    office.minutes_pass(61);
    let refused = office.zoom.grants().ready(office.dana).await;
    assert!(matches!(
        refused,
        Err(Unavailable::Retrying {
            reason: Reason::SecretWrong,
            ..
        })
    ));

    let office = office.with_app(CLIENT_ID, Some(CLIENT_SECRET));
    office.minutes_pass(1);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
}

#[tokio::test]
async fn zooms_trouble_passes_while_the_token_still_serves() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(56);
    let page = Answer::Html { status: 403 };
    let fault = Fault::once(Endpoint::Refresh, FaultKind::Answer(page));
    office.sandbox.fault(fault.often(Often::Times(2)));
    office.zoom.grants().ready(office.dana).await.unwrap();
    assert_eq!(
        office.state(office.dana).await,
        (S::Retrying, Some(Reason::ProviderTrouble))
    );

    office.minutes_pass(5);
    office.zoom.grants().tick().await.unwrap();
    assert!(office.zoom.grants().ready(office.dana).await.is_err());
    office.minutes_pass(5);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
}

#[tokio::test]
async fn keys_that_are_gone_are_loud_and_one_connects_again() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let office = office.with_another_vault();
    assert!(matches!(
        office.zoom.grants().ready(office.dana).await,
        Err(Unavailable::ReconnectRequired(Reason::VaultKey))
    ));
    assert_eq!(
        office.state(office.dana).await,
        (S::ReconnectRequired, Some(Reason::VaultKey))
    );
    office.dana_connects().await;
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
    office.zoom.grants().ready(office.dana).await.unwrap();
}
