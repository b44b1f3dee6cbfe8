//! What Zoom may answer instead of keys: nothing, somebody's page, not yet, or too late.

use std::time::Duration;

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind, Often};
use greenroomd::zoom::{
    ConnectError, ConnectFailure, HTTP_DEADLINE, Outcome, Reason, Unavailable, WORDS, plan,
};

use crate::zoom_connection::fixture::{DANA, Fixture, an_interview};

fn instead(answer: Answer) -> FaultKind {
    FaultKind::Answer(answer)
}

/// Everything but keys that Zoom was seen to answer, and what a renewal makes of it.
fn not_keys() -> Vec<(FaultKind, Reason)> {
    use Reason as R;
    vec![
        (instead(Answer::Html { status: 502 }), R::ProviderTrouble),
        (instead(Answer::Html { status: 200 }), R::ProviderTrouble),
        (instead(Answer::Html { status: 403 }), R::ProviderTrouble),
        (instead(Answer::Xml { status: 500 }), R::ProviderTrouble),
        (instead(Answer::Xml { status: 200 }), R::ProviderTrouble),
        (instead(Answer::Empty { status: 200 }), R::ProviderTrouble),
        (instead(Answer::Empty { status: 204 }), R::ProviderTrouble),
        (instead(Answer::Empty { status: 503 }), R::ProviderTrouble),
        (instead(Answer::Html { status: 429 }), R::Limited),
        (instead(Answer::PerSecondLimit), R::Limited),
        (FaultKind::LostBefore, R::Unreachable),
    ]
}

#[tokio::test]
async fn a_renewal_survives_whatever_is_not_keys() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    for (kind, reason) in not_keys() {
        let named = format!("{kind:?}");
        office.minutes_pass(61);
        office.sandbox.fault(Fault::once(Endpoint::Refresh, kind));
        assert!(
            office.zoom.grants().ready(office.dana).await.is_err(),
            "{named}"
        );
        let stands = office.state(office.dana).await;
        assert_eq!(stands, (S::Retrying, Some(reason)), "{named}");

        office.minutes_pass(1);
        office.zoom.grants().tick().await.unwrap();
        let stands = office.state(office.dana).await;
        assert_eq!(stands, (S::Connected, None), "{named}");
        office.zoom.grants().ready(office.dana).await.unwrap();
    }
}

#[tokio::test]
async fn a_connect_says_what_came_instead_of_keys() {
    use Reason as R;
    let office = Fixture::open().await;
    let table = [
        (instead(Answer::Html { status: 502 }), R::AnswerLost),
        (instead(Answer::Empty { status: 200 }), R::AnswerLost),
        (instead(Answer::Xml { status: 200 }), R::AnswerLost),
        (FaultKind::LostBefore, R::AnswerLost),
        (instead(Answer::Html { status: 403 }), R::ProviderTrouble),
        (instead(Answer::DailyLimit), R::Limited),
    ];
    for (kind, reason) in table {
        let named = format!("{kind:?}");
        office.sandbox.fault(Fault::once(Endpoint::Exchange, kind));
        let failed = office.connect(office.dana, DANA, DANA).await;
        let told = matches!(failed, Err(ConnectError { why: ConnectFailure::Failed(why), .. }) if why == reason);
        assert!(told, "{named}: {failed:?}");
        let stands = office.state(office.dana).await;
        assert_eq!(stands, (S::Disconnected, Some(reason)), "{named}");
    }
    office.dana_connects().await;
}

#[tokio::test]
async fn a_short_limit_does_not_cost_the_code() {
    let office = Fixture::open().await;
    let limit = instead(Answer::PerSecondLimit);
    office.sandbox.fault(Fault::once(Endpoint::Exchange, limit));
    office.dana_connects().await;
    assert_eq!(office.sandbox.counters().of(Endpoint::Exchange), 2);
}

#[tokio::test]
async fn a_limit_on_renewals_is_kept_as_long_as_zoom_says() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    office.minutes_pass(61);
    let midnight = plan::next_utc_day(office.clock.clock().now());
    let limit = instead(Answer::DailyLimit);
    office.sandbox.fault(Fault::once(Endpoint::Refresh, limit));
    let limited = office.zoom.grants().ready(office.dana).await.unwrap_err();
    assert!(limited.text(&WORDS).contains(&Reason::Limited.text(&WORDS)));

    let left = midnight.since(office.clock.clock().now()).as_secs();
    office.clock.advance(left - 1);
    office.zoom.grants().tick().await.unwrap();
    assert!(office.zoom.grants().ready(office.dana).await.is_err());
    assert_eq!(office.sandbox.counters().of(Endpoint::Refresh), 1);
    office.clock.advance(1);
    office.zoom.grants().ready(office.dana).await.unwrap();
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let body = serde_json::json!({ "code": 124, "message": "Invalid access token." });
    let refused = instead(Answer::Json { status: 401, body });
    let always = Fault::once(Endpoint::CreateMeeting, refused).often(Often::Always);
    office.sandbox.fault(always);
    let meeting = an_interview(&office.clock);
    let outcome = office.zoom.create_meeting(office.dana, &meeting).await;
    // Case Z3: no refusal of what was asked for.
    let Outcome::Disconnected(Unavailable::Retrying { reason, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(reason, Reason::ProviderTrouble);
    assert_eq!(
        office.state(office.dana).await,
        (S::Retrying, Some(Reason::ProviderTrouble))
    );
    assert_eq!(office.sandbox.counters().of(Endpoint::CreateMeeting), 2);
    assert_eq!(office.sandbox.counters().refreshes, 1);

    office.sandbox.clear_faults();
    let outcome = office.zoom.create_meeting(office.dana, &meeting).await;
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let office = Fixture::open().await;
    let slow = |endpoint| Fault::once(endpoint, FaultKind::SlowAnswer { ms: 700 });
    office.sandbox.fault(slow(Endpoint::Exchange));
    office.sandbox.fault(slow(Endpoint::User));
    office.dana_connects().await;
    office.minutes_pass(56);
    office.sandbox.fault(slow(Endpoint::Refresh));
    let calls = (0..5).map(|_| office.zoom.grants().ready(office.dana));
    for outcome in futures::future::join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(office.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_lost() {
    let never = |endpoint| Fault::once(endpoint, FaultKind::SlowAnswer { ms: 3_600_000 });
    let (renewing, connecting) = (Fixture::open().await, Fixture::open().await);
    renewing.dana_connects().await;
    renewing.minutes_pass(61);
    renewing.sandbox.fault(never(Endpoint::Refresh));
    connecting.sandbox.fault(never(Endpoint::Exchange));
    // Both at once: this takes as long as a person waits.
    let begun = std::time::Instant::now();
    let (renewed, connected) = tokio::join!(
        renewing.zoom.grants().ready(renewing.dana),
        connecting.connect(connecting.dana, DANA, DANA),
    );
    assert!(begun.elapsed() < HTTP_DEADLINE + Duration::from_secs(10));

    assert!(renewed.is_err());
    assert_eq!(
        renewing.state(renewing.dana).await,
        (S::Retrying, Some(Reason::Unreachable))
    );
    renewing.minutes_pass(1);
    renewing.zoom.grants().tick().await.unwrap();
    let lost = (S::ReconnectRequired, Some(Reason::AnswerLost));
    assert_eq!(renewing.state(renewing.dana).await, lost);

    assert!(matches!(
        connected,
        Err(ConnectError {
            why: ConnectFailure::Failed(Reason::AnswerLost),
            ..
        })
    ));
}
