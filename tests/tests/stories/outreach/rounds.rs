//! Answers to times that were sent before: read against the email they answer, and booked where the
//! time is still free.

use greenroom_protocol::outreach::{OutreachState, OutreachWhy};
use greenroom_protocol::schedule::BusyWith;

use crate::outreach::ana::sent;
use crate::outreach::assisted::READ_AFTER;
use crate::outreach::fixture::{ANA, BEN, UNDO, by_phone};

const DECLINES: &str = "None of these times work for me.";

#[tokio::test]
async fn an_answer_to_an_earlier_round_is_read_against_its_times() {
    let (mut office, outreach) = sent().await;
    let first = office.newest();
    office.answers_to(&first, "one", DECLINES).await;
    office.daemon.seconds_pass(UNDO);
    let others = office.becomes(&outreach, OutreachState::Proposed).await;
    assert_eq!(others.round, 2);
    // The second of the first email, which is not the second of the newest.
    office
        .answers_to(&first, "two", "Option 2 works after all.")
        .await;
    let booked = office.becomes(&outreach, OutreachState::Booked).await;
    let chosen = outreach.slots[1].start;
    assert!(others.slots.iter().all(|it| it.start != chosen));
    assert_eq!(office.takes(ANA).await, [(chosen, BusyWith::Interview)]);
    assert!(booked.slots.iter().any(|it| it.start == chosen));
}

#[tokio::test]
async fn a_time_of_an_earlier_round_that_is_taken_is_a_persons() {
    let (mut office, outreach) = sent().await;
    let first = office.newest();
    office.answers_to(&first, "one", DECLINES).await;
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    let start = outreach.slots[1].start.to_string();
    office.books(by_phone(BEN, &start)).await;
    office
        .answers_to(&first, "two", "Option 2 works after all.")
        .await;
    let person = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert!(
        person.message.contains("not free any more"),
        "{}",
        person.message
    );
}

#[tokio::test]
async fn one_that_names_no_email_is_a_persons_where_there_are_several_rounds() {
    let (mut office, outreach) = sent().await;
    let first = office.newest();
    office.answers_to(&first, "one", DECLINES).await;
    office.daemon.seconds_pass(UNDO);
    office.becomes(&outreach, OutreachState::Proposed).await;
    let token = format!("Subject: [{}]\n", outreach.id);
    let email = format!("From: {ANA}\nTo: interviews@acme.example\n{token}\n2 please\n");
    office.gets("two", &email).await;
    office.daemon.seconds_pass(READ_AFTER);
    let person = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert!(person.message.contains("sent before"), "{}", person.message);
}

#[tokio::test]
async fn the_eleventh_email_of_an_hour_is_a_persons() {
    let (mut office, outreach) = sent().await;
    let email = office.newest();
    for n in 1..=10 {
        let thanks = format!("Thank you{}", "!".repeat(n));
        office.answers_to(&email, &format!("{n:02}"), &thanks).await;
        let still = office.outreach(&outreach).await;
        assert_eq!(still.state, OutreachState::Proposed, "{}", still.message);
    }
    office.gets("11", &email.words("Option 2 please.")).await;
    let person = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert!(
        person.message.contains("more emails came in"),
        "{}",
        person.message
    );
    office.was_emailed(ANA, 1).await;
}
