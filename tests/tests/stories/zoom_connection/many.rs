//! Many connections, all due at once.

use greenroom_protocol::id::MemberId;
use greenroom_tests::sandbox::{Answer, Config, Endpoint, Fault, FaultKind, Often, User};
use greenroomd::zoom::{ConnectionId, Outcome, RENEWALS_A_SECOND};

use crate::zoom_connection::fixture::Fixture;

const MANY: usize = 30;

fn address(number: usize) -> String {
    format!("host-{number}@acme.example")
}

async fn office() -> (Fixture, Vec<ConnectionId>) {
    let people = (0..MANY).map(|number| User::new(&address(number)));
    let config = people.fold(Config::default(), Config::with_user);
    let office = Fixture::with(config).await;
    office.zoom.grants().tick().await.unwrap();
    let mut hosts = Vec::new();
    for number in 0..MANY {
        let who = ConnectionId::of_member(office.dana.workspace, MemberId::new());
        let email = address(number);
        office.connect(who, &email, &email).await.unwrap();
        hosts.push(who);
    }
    (office, hosts)
}

/// Looks, and says how often Zoom was asked to renew.
async fn renewals_of_a_look(office: &Fixture) -> usize {
    let before = office.sandbox.counters().of(Endpoint::Refresh);
    office.zoom.grants().tick().await.unwrap();
    (office.sandbox.counters().of(Endpoint::Refresh) - before) as usize
}

#[tokio::test]
async fn after_a_long_sleep_they_reach_zoom_one_after_the_other() {
    let (office, hosts) = office().await;
    office.minutes_pass(48 * 60);
    let mut seconds = 0;
    while office.sandbox.counters().refreshes < MANY as u64 {
        let renewed = renewals_of_a_look(&office).await;
        assert!((1..=RENEWALS_A_SECOND).contains(&renewed), "{renewed}");
        assert_eq!(renewals_of_a_look(&office).await, 0, "in the same second");
        office.clock.advance(1);
        seconds += 1;
    }
    assert_eq!(seconds, MANY.div_ceil(RENEWALS_A_SECOND));
    assert_eq!(renewals_of_a_look(&office).await, 0);
    for who in hosts {
        assert_eq!(office.record(who).await.generation, 2);
    }
}

#[tokio::test]
async fn whoever_needs_keys_now_does_not_wait_in_the_line() {
    let (office, hosts) = office().await;
    office.minutes_pass(48 * 60);
    // All of a second's worth, and then some.
    for who in &hosts[MANY - 10..] {
        office.zoom.grants().ready(*who).await.unwrap();
        let found = office.zoom.find_meetings(*who, "nothing").await;
        assert!(matches!(found, Outcome::Done(_)), "{found:?}");
    }
    assert_eq!(office.sandbox.counters().refreshes, 10);
    assert_eq!(renewals_of_a_look(&office).await, 0, "the line makes room");
    office.clock.advance(1);
    assert_eq!(renewals_of_a_look(&office).await, RENEWALS_A_SECOND);
}

#[tokio::test]
async fn hosts_of_bookings_that_begin_soon_go_first_and_stay_valid() {
    let (office, hosts) = office().await;
    office.minutes_pass(48 * 60);
    let soon = &hosts[MANY - RENEWALS_A_SECOND..];
    office.zoom.grants().expect(soon.iter().copied().collect());
    assert_eq!(renewals_of_a_look(&office).await, RENEWALS_A_SECOND);
    for who in soon {
        assert_eq!(office.record(*who).await.generation, 2);
    }

    // The rest of the line, until nothing is due; then the token of those runs out, and of those
    // alone it is renewed.
    while office.sandbox.counters().refreshes < MANY as u64 {
        office.clock.advance(1);
        renewals_of_a_look(&office).await;
    }
    office.minutes_pass(56);
    assert_eq!(renewals_of_a_look(&office).await, RENEWALS_A_SECOND);
    for who in soon {
        assert_eq!(office.record(*who).await.generation, 3);
    }
    office.zoom.grants().expect(Default::default());
    office.minutes_pass(56);
    assert_eq!(renewals_of_a_look(&office).await, 0);
}

#[tokio::test]
async fn where_zoom_is_asked_too_often_the_line_waits() {
    let (office, _) = office().await;
    office.minutes_pass(48 * 60);
    let limit = FaultKind::Answer(Answer::PerSecondLimit);
    let limited = Fault::once(Endpoint::Refresh, limit).often(Often::Times(1));
    office.sandbox.fault(limited);
    assert_eq!(renewals_of_a_look(&office).await, RENEWALS_A_SECOND);
    office.clock.advance(1);
    assert_eq!(renewals_of_a_look(&office).await, 0);
    office.clock.advance(1);
    assert_eq!(renewals_of_a_look(&office).await, RENEWALS_A_SECOND);
}
