//! Clocks that are set, a machine that sleeps: nothing is renewed for it, and nothing dead is
//! believed to live.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::{Answer as Instead, Decision, Endpoint, Fault, FaultKind};
use greenroomd::zoom::{ConnectError, ConnectFailure, Outcome, Reason};

use crate::zoom_connection::fixture::{Back, DANA, Fixture, REDIRECT, browse};

const DAY: i64 = 24 * 60 * 60;

/// Dana is connected, and the room has begun to look after her.
async fn looked_after() -> Fixture {
    let office = Fixture::open().await;
    office.zoom.grants().tick().await.unwrap();
    office.dana_connects().await;
    office
}

/// Whether Zoom takes the keys as they are.
async fn zoom_takes_them(office: &Fixture) -> bool {
    let renewed = office.sandbox.counters().refreshes;
    let found = office.zoom.find_meetings(office.dana, "nothing").await;
    matches!(found, Outcome::Done(_)) && office.sandbox.counters().refreshes == renewed
}

#[tokio::test]
async fn a_clock_set_by_a_day_renews_nothing_and_keeps_nothing_alive() {
    for jump in [-DAY, DAY] {
        let office = looked_after().await;
        office.minutes_pass(30);
        office.clock.is_set_by(jump);
        office.zoom.grants().tick().await.unwrap();
        office.zoom.grants().ready(office.dana).await.unwrap();
        assert_eq!(office.sandbox.counters().refreshes, 0, "{jump}");
        assert!(zoom_takes_them(&office).await, "{jump}");

        // Five minutes before the hour that Zoom gave is over, whatever the clock says.
        office.minutes_pass(25);
        office.zoom.grants().ready(office.dana).await.unwrap();
        assert_eq!(office.sandbox.counters().refreshes, 1, "{jump}");
        assert!(zoom_takes_them(&office).await, "{jump}");

        // And once in the day that follows.
        office.minutes_pass(21 * 60);
        office.zoom.grants().tick().await.unwrap();
        assert_eq!(office.sandbox.counters().refreshes, 1, "{jump}");
        office.minutes_pass(3 * 60);
        office.zoom.grants().tick().await.unwrap();
        assert_eq!(office.sandbox.counters().refreshes, 2, "{jump}");
    }
}

#[tokio::test]
async fn a_clock_set_back_by_minutes_does_not_lengthen_a_token() {
    let office = looked_after().await;
    office.minutes_pass(50);
    office.clock.is_set_by(-30 * 60);
    office.minutes_pass(5);
    office.zoom.grants().ready(office.dana).await.unwrap();
    assert_eq!(office.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn a_clock_set_back_while_no_daemon_ran_is_not_believed() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(70);
    office.clock.is_set_by(-DAY);
    let office = office.restarted().await;
    office.zoom.grants().ready(office.dana).await.unwrap();
    assert_eq!(office.sandbox.counters().refreshes, 1);
    assert!(zoom_takes_them(&office).await);
    assert_eq!(office.state(office.dana).await, (S::Connected, None));
}

#[tokio::test]
async fn an_hour_of_sleep_renews_what_is_used_and_nothing_else() {
    let office = looked_after().await;
    office.minutes_pass(60);
    office.zoom.grants().tick().await.unwrap();
    assert_eq!(office.sandbox.counters().refreshes, 0);
    office.zoom.grants().ready(office.dana).await.unwrap();
    assert_eq!(office.sandbox.counters().refreshes, 1);
    assert!(zoom_takes_them(&office).await);
}

#[tokio::test]
async fn a_renewal_that_failed_is_tried_again_in_time_however_the_clock_is_set() {
    for jump in [-DAY, DAY] {
        let office = looked_after().await;
        office.minutes_pass(61);
        let page = FaultKind::Answer(Instead::Html { status: 403 });
        office.sandbox.fault(Fault::once(Endpoint::Refresh, page));
        assert!(office.zoom.grants().ready(office.dana).await.is_err());
        office.clock.is_set_by(jump);
        office.zoom.grants().tick().await.unwrap();
        assert_eq!(office.sandbox.counters().refreshes, 0, "too early: {jump}");
        office.minutes_pass(1);
        office.zoom.grants().tick().await.unwrap();
        assert_eq!(office.state(office.dana).await, (S::Connected, None));
    }
}

#[tokio::test]
async fn an_attempt_lives_ten_minutes_however_the_clock_is_set() {
    for jump in [-DAY, DAY] {
        let office = looked_after().await;
        let finish = async |back: Back| {
            let Back {
                attempt,
                state,
                answer,
            } = back;
            office.zoom.grants().finish(attempt, &state, answer).await
        };
        let subject = office.subject(office.dana, DANA);

        let started = office
            .zoom
            .grants()
            .start(&subject, REDIRECT)
            .await
            .unwrap();
        office.clock.is_set_by(jump);
        office.minutes_pass(9);
        office.zoom.grants().tick().await.unwrap();
        let back = browse(&started.authorize_url, DANA, Decision::Allow).await;
        finish(back).await.unwrap();

        let started = office
            .zoom
            .grants()
            .start(&subject, REDIRECT)
            .await
            .unwrap();
        office.clock.is_set_by(jump);
        office.minutes_pass(10);
        office.zoom.grants().tick().await.unwrap();
        let back = browse(&started.authorize_url, DANA, Decision::Decline).await;
        let late = finish(back).await;
        assert!(
            matches!(
                late,
                Err(ConnectError {
                    why: ConnectFailure::Gone,
                    ..
                })
            ),
            "{jump}: {late:?}"
        );
    }
}

#[tokio::test]
async fn an_attempt_left_behind_by_a_clock_set_back_ends_ten_minutes_after_the_start() {
    let office = Fixture::open().await;
    let subject = office.subject(office.dana, DANA);
    office
        .zoom
        .grants()
        .start(&subject, REDIRECT)
        .await
        .unwrap();
    office.clock.is_set_by(-DAY);
    let office = office.restarted().await;
    office.zoom.grants().tick().await.unwrap();
    office.minutes_pass(10);
    office.zoom.grants().tick().await.unwrap();
    let ended = (S::Disconnected, Some(Reason::Expired));
    assert_eq!(office.state(office.dana).await, ended);
}
