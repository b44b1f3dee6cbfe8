//! Nobody answers: how long times are held, and what a person can do then.

use greenroom_protocol::outreach::{OutreachState, OutreachWhy};
use greenroom_protocol::time::Instant;

use crate::outreach::fixture::{ANA, BEN, Fixture, ONE, SAM, THREE, TWO, UNDO, at, by_phone, to};

/// A weekend and two days after the story begins.
const NEXT_WEEK: [&str; 2] = ["2026-12-09T10:00:00Z", "2026-12-10T10:00:00Z"];

#[tokio::test]
async fn the_times_are_released_after_two_weekdays_and_a_person_sees_to_it() {
    let office = Fixture::open().await;
    let slots = [&[TWO, THREE], &NEXT_WEEK[..]].concat();
    let proposed = office.dana.outreach_propose(to(ANA, &slots)).await.unwrap();
    office.daemon.seconds_pass(UNDO);
    let outreach = office
        .becomes(&proposed.outreach, OutreachState::Proposed)
        .await;
    let until = outreach.until.unwrap();
    passes_until(&office, until.plus_minutes(-1)).await;
    assert_eq!(
        office.outreach(&outreach).await.state,
        OutreachState::Proposed
    );
    // At the end of the times nothing is done before the mailbox was read since.
    office.daemon.seconds_pass(60);
    office.daemon.hears_answers().await.unwrap();
    office.daemon.seconds_pass(60);
    let expired = office.needs_person(&outreach, OutreachWhy::Expired).await;
    assert_eq!(expired.until, None);
    assert_eq!(office.takes(SAM).await, []);
    assert_eq!(
        expired.message,
        "has not replied about 4 times; none is held any more"
    );
    // Nothing was emailed on its own.
    assert_eq!(office.mail().letters().unwrap().len(), 1);
    // One that is still free can be booked all the same.
    let booked = office.answers(&outreach, 3).await.unwrap();
    assert_eq!(booked.interview.start, at(NEXT_WEEK[0]));
}

#[tokio::test]
async fn an_answer_that_came_in_time_does_not_lose_to_slow_reading() {
    let office = Fixture::open().await;
    let proposed = office.dana.outreach_propose(to(ANA, &NEXT_WEEK)).await;
    let proposed = proposed.unwrap().outreach;
    office.daemon.seconds_pass(UNDO);
    let outreach = office.becomes(&proposed, OutreachState::Proposed).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    passes_until(&office, outreach.until.unwrap().plus_minutes(-5)).await;
    office
        .mail()
        .answer("late", &email.words("The first one, please."))
        .unwrap();
    // The end comes before anybody looked into the mailbox.
    office.daemon.seconds_pass(10 * 60);
    office.daemon.hears_answers().await.unwrap();
    let answered = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert!(answered.until.is_some());
    assert_eq!(
        office.answers(&outreach, 1).await.unwrap().interview.start,
        at(NEXT_WEEK[0])
    );
}

#[tokio::test]
async fn anyone_who_proposes_anew_to_somebody_who_answered_lets_go_of_the_former_times() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    office
        .gets("1", &email.words("None of these, sorry."))
        .await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    // Among the new times is a former one.
    let again = to(ANA, &[TWO, "2026-12-04T15:00:00Z"]);
    let again = office.dana.outreach_propose(again).await.unwrap().outreach;
    office.is_over(&outreach, OutreachWhy::Stopped).await;
    let starts: Vec<Instant> = office.takes(SAM).await.iter().map(|(at, _)| *at).collect();
    assert_eq!(starts, [at(TWO), at("2026-12-04T15:00:00Z")]);
    assert_eq!(office.listed(false).await.len(), 1);
    office.daemon.seconds_pass(UNDO);
    office.becomes(&again, OutreachState::Proposed).await;
    assert_eq!(office.mail().to(ANA).unwrap().len(), 2);
}

#[tokio::test]
async fn with_every_time_booked_over_a_person_sees_to_it() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    for start in [ONE, TWO, THREE] {
        office.books(by_phone(BEN, start)).await;
    }
    let gone = office.needs_person(&outreach, OutreachWhy::Gone).await;
    assert_eq!(
        gone.message,
        "has no time left to choose: none is free any more"
    );
    assert_eq!(office.takes(SAM).await.len(), 3);
    assert_eq!(office.takes(ANA).await, []);
}

#[tokio::test]
async fn an_email_that_cannot_leave_for_hours_holds_nothing_any_more() {
    let office = Fixture::open().await;
    office.mail().jam().unwrap();
    let outreach = office.proposes().await;
    let then = office.daemon.now().plus_minutes(4 * 60);
    passes_until(&office, then).await;
    office.needs_person(&outreach, OutreachWhy::Email).await;
    assert_eq!(office.takes(SAM).await, []);
    office.mail().clear().unwrap();
    let then = office.daemon.now().plus_minutes(2 * 60);
    passes_until(&office, then).await;
    assert_eq!(office.mail().letters().unwrap().len(), 0);
}

/// Time passes in steps of the work that is due; what waits for a mailbox is asked about again and
/// again, which is no reason to stand still.
async fn passes_until(office: &Fixture, then: Instant) {
    office.daemon.time_passes_until(then).await.unwrap();
}
