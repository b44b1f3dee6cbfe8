//! What candidates write once an interview is booked: confirmed, asked back, moved by the assistant or
//! prepared for a person, and heard of at once where it is close.

use greenroom_protocol::interview::{ChangeKind, Interview, Side};
use greenroom_protocol::outreach::{Outreach, OutreachState, OutreachWhy};
use greenroom_protocol::reply::ActKind;
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};
use greenroom_tests::harness::DANA;
use jiff::tz::TimeZone;

use crate::outreach::ana::{Ana, booked};
use crate::outreach::assisted::READ_AFTER;
use crate::outreach::fixture::{ANA, Fixture, SAM, UNDO, at, by_phone};

async fn needs(office: &Fixture) -> Vec<NeedsMe> {
    let today = office.dana.today(Default::default()).await;
    today.unwrap().needs_me
}

async fn only_interview(office: &Fixture) -> Interview {
    let listed = office.dana.interview_list(Default::default()).await;
    let mut items = listed.unwrap().items;
    assert_eq!(items.len(), 1);
    items.remove(0)
}

/// The day and hour of a moment, moved by so many hours, as people there write it.
fn said(outreach: &Outreach, moment: Instant, hours: i64) -> String {
    let there = moment.plus_minutes(hours * 60).timestamp();
    let there = there.to_zoned(TimeZone::get(&outreach.zone).unwrap());
    there.strftime("%A at %H:%M").to_string()
}

/// The open outreach that moves her interview.
async fn moving(office: &Ana) -> Outreach {
    let open = office.listed(false).await;
    assert_eq!(open.len(), 1, "{open:?}");
    open.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_confirmation_of_what_is_booked_needs_nobody() {
    let (mut office, outreach, start) = booked(2).await;
    let text = format!("Perfect, see you on {}!", said(&outreach, start, 0));
    office.says("yes", &text).await;
    assert_eq!(needs(&office).await, []);
    let interview = only_interview(&office).await;
    assert_eq!(interview.warnings, []);
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 2).await;
}

#[tokio::test]
async fn who_names_another_time_than_the_one_booked_is_asked_once() {
    let (mut office, outreach, start) = booked(2).await;
    let text = format!("Great, see you on {}.", said(&outreach, start, 2));
    office.says("other", &text).await;
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 3).await;
    assert_eq!(needs(&office).await, []);
    let question = office.newest();
    assert!(
        question.text.contains("Can you make it then?"),
        "{}",
        question.text
    );
    assert!(question.text.contains("an automated assistant"));
    office.answers_to(&question, "again", &text).await;
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 3).await;
    let needs = needs(&office).await;
    assert_eq!(needs.len(), 1, "{needs:?}");
    assert_eq!(needs[0].kind, NeedKind::WroteEmail);
    let thread = office.thread(&outreach).await;
    let understood = thread.received.last().unwrap().understood.as_ref().unwrap();
    assert_eq!(understood.act, Some(ActKind::Person));
    assert_eq!(only_interview(&office).await.start, start);
}

#[tokio::test]
async fn a_yes_to_that_question_settles_it() {
    let (mut office, outreach, start) = booked(2).await;
    let text = format!("Great, see you on {}.", said(&outreach, start, 2));
    office.says("other", &text).await;
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 3).await;
    office.says("yes", "Yes").await;
    assert_eq!(needs(&office).await, []);
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 3).await;
}

#[tokio::test]
async fn who_asks_for_another_time_is_sent_some_and_the_choice_moves_the_same_interview() {
    let (mut office, first, start) = booked(4).await;
    let before = only_interview(&office).await;
    office
        .says(
            "move",
            "I can't make it after all. Could we find another day?",
        )
        .await;
    let open = moving(&office).await;
    assert_eq!(open.moves, Some(before.id));
    let asks = only_interview(&office).await.asks;
    assert_eq!(asks.len(), 1);
    // The assistant sees to it.
    assert_eq!(needs(&office).await, []);
    office.daemon.seconds_pass(UNDO);
    let open = office.becomes(&open, OutreachState::Proposed).await;
    assert!(open.slots.iter().all(|it| it.start != start));
    assert_eq!(only_interview(&office).await.start, start);
    office.says("choice", "Option 1 works.").await;
    let moved = office.becomes(&open, OutreachState::Booked).await;
    let after = only_interview(&office).await;
    assert_eq!((after.id, after.start), (before.id, moved.slots[0].start));
    assert_eq!(after.meeting.join_url, before.meeting.join_url);
    let last = after.changes.last().unwrap();
    assert_eq!(
        (last.kind, last.side),
        (ChangeKind::Rescheduled, Side::Candidate)
    );
    assert_eq!(after.asks, []);
    assert_eq!(office.outreach(&first).await.state, OutreachState::Booked);
    office.daemon.rests().await.unwrap();
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.newest().method(), Some("REQUEST"));
}

#[tokio::test]
async fn who_then_chooses_no_time_keeps_the_interview_and_it_is_urgent() {
    let (mut office, _, start) = booked(4).await;
    office
        .says(
            "move",
            "I can't make it after all. Could we find another day?",
        )
        .await;
    let open = moving(&office).await;
    office.daemon.seconds_pass(UNDO);
    let open = office.becomes(&open, OutreachState::Proposed).await;
    let until = open.until.unwrap();
    assert!(until <= start.plus_minutes(-4 * 60));
    office
        .daemon
        .seconds_pass(until.since(office.daemon.now()).as_secs());
    office.daemon.hears_answers().await.unwrap();
    office.daemon.seconds_pass(60);
    office.needs_person(&open, OutreachWhy::Expired).await;
    assert_eq!(only_interview(&office).await.start, start);
    let first = &needs(&office).await[0];
    assert_eq!((first.outreach, first.urgent), (Some(open.id), true));
}

#[tokio::test]
async fn shortly_before_the_interview_everybody_who_would_wait_hears_of_it_at_once() {
    let (office, _, start) = booked(1).await;
    let soon = start.plus_minutes(-90);
    office.daemon.time_passes_until(soon).await.unwrap();
    let invitation = office.mail().to(ANA).unwrap().pop().unwrap();
    let counts = |office: &Ana, who: &str| office.mail().to(who).unwrap().len();
    let before = (counts(&office, DANA), counts(&office, SAM));
    let words = "Sorry, I can't make it today, my flight is cancelled.";
    office.gets("off", &invitation.words(words)).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    let after = (counts(&office, DANA), counts(&office, SAM));
    assert_eq!(after, (before.0 + 1, before.1 + 1));
    for who in [DANA, SAM] {
        let email = office.mail().to(who).unwrap().pop().unwrap();
        assert!(email.subject.contains("may not come"), "{}", email.subject);
        assert!(!email.text.contains("flight"), "{}", email.text);
    }
    // Nothing is moved, cancelled or sent to her, and it stands first of what Dana has to do.
    assert_eq!(only_interview(&office).await.start, start);
    assert_eq!(office.listed(false).await, []);
    let needs = needs(&office).await;
    assert!(needs[0].urgent, "{needs:?}");
    assert_eq!(needs[0].kind, NeedKind::WroteEmail);
}

#[tokio::test]
async fn an_email_of_its_own_is_about_the_one_interview_that_is_booked() {
    let (mut office, _, _) = booked(3).await;
    let interview = only_interview(&office).await;
    let email = format!(
        "From: Ana Lima <{ANA}>\r\nTo: interviews@acme.example\r\nMessage-ID: <own@mail.example>\r\n\
         Subject: My interview\r\n\r\nI have to cancel the interview, sorry.\r\n"
    );
    office.gets("own", &email).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    let needs = needs(&office).await;
    assert_eq!(needs.len(), 1, "{needs:?}");
    assert_eq!(needs[0].interview, Some(interview.id));
    assert_eq!(needs[0].action, NeedAction::Cancel);
    assert_eq!(only_interview(&office).await.status, interview.status);
    office.seen.clear();
}

#[tokio::test]
async fn for_an_interview_that_a_person_arranged_the_move_is_prepared() {
    let office = Fixture::in_a_sandbox().await;
    let interview = office.books(by_phone(ANA, "2026-12-10T10:00:00Z")).await;
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    let invitation = office.mail().to(ANA).unwrap().pop().unwrap();
    let text = "I can't make it then. Could we do Friday 11 December at 14:00 UTC instead?";
    office.gets("move", &invitation.words(text)).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    let needs = needs(&office).await;
    let asked = needs.iter().find(|it| it.kind == NeedKind::ProposedTime);
    let asked = asked.expect("it is prepared");
    assert_eq!(asked.action, NeedAction::Reschedule);
    assert_eq!(asked.proposed, Some(at("2026-12-11T14:00:00Z")));
    assert!(needs.iter().any(|it| it.kind == NeedKind::WroteEmail));
    assert_eq!(office.listed(false).await, []);
    assert_eq!(only_interview(&office).await.start, interview.start);
}
