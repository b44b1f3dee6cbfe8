//! A daemon killed in the middle: everything its runtime did stops at once, the store stays as it
//! is, and the next daemon has only that to go by.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::{Decision, Endpoint, Fault, FaultKind};
use greenroomd::zoom::Reason;

use crate::zoom_connection::fixture::{DANA, Fixture, REDIRECT, browse};

/// Longer than any test: the answer never comes.
const NEVER: FaultKind = FaultKind::SlowAnswer { ms: 3_600_000 };

#[tokio::test(flavor = "multi_thread")]
async fn while_renewing_the_answer_is_lost_and_it_says_so() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(61);
    office.sandbox.fault(Fault::once(Endpoint::Refresh, NEVER));
    let (zoom, dana) = (office.zoom.clone(), office.dana);
    let office = office
        .killed_in(
            async move { zoom.grants().ready(dana).await.is_ok() },
            |sandbox| sandbox.counters().refreshes == 1,
        )
        .await;

    office.zoom.grants().tick().await.unwrap();
    let lost = (S::ReconnectRequired, Some(Reason::AnswerLost));
    assert_eq!(office.state(office.dana).await, lost);
    assert_eq!(office.sandbox.counters().of(Endpoint::Refresh), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_asking_whose_the_keys_are_the_next_daemon_asks() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
    office.sandbox.fault(Fault::once(Endpoint::User, NEVER));
    let zoom = office.zoom.clone();
    let office = office
        .killed_in(
            async move {
                zoom.grants()
                    .finish(back.attempt, &back.state, back.answer)
                    .await
                    .is_ok()
            },
            |sandbox| sandbox.counters().of(Endpoint::User) == 1,
        )
        .await;
    assert_eq!(office.state(office.dana).await, (S::Authorizing, None));

    office.zoom.grants().tick().await.unwrap();
    office.zoom.grants().drain().await;
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
    assert_eq!(office.sandbox.live_grants(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_exchanging_the_next_daemon_says_that_the_answer_was_lost() {
    let office = Fixture::open().await;
    let started = office
        .zoom
        .grants()
        .start(&office.subject(office.dana, DANA), REDIRECT)
        .await
        .unwrap();
    let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
    office.sandbox.fault(Fault::once(Endpoint::Exchange, NEVER));
    let zoom = office.zoom.clone();
    let office = office
        .killed_in(
            async move {
                zoom.grants()
                    .finish(back.attempt, &back.state, back.answer)
                    .await
                    .is_ok()
            },
            |sandbox| sandbox.counters().of(Endpoint::Exchange) == 1,
        )
        .await;

    office.zoom.grants().tick().await.unwrap();
    assert_eq!(
        office.state(office.dana).await,
        (S::Disconnected, Some(Reason::AnswerLost))
    );
    office.dana_connects().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_revoking_the_next_daemon_revokes() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.sandbox.fault(Fault::once(
        Endpoint::Revoke,
        FaultKind::Slow { ms: 3_600_000 },
    ));
    let (zoom, dana) = (office.zoom.clone(), office.dana);
    let office = office
        .killed_in(
            async move {
                zoom.grants()
                    .disconnect(dana, &Default::default())
                    .await
                    .is_ok()
            },
            |sandbox| sandbox.counters().of(Endpoint::Revoke) == 1,
        )
        .await;
    assert!(office.record(office.dana).await.grant().is_none());
    assert_eq!(office.sandbox.live_grants(), 1);

    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.sandbox.live_grants(), 0);
}
