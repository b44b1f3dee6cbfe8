//! Candidates who are away: the assistant waits, reminds nobody meanwhile, and goes on with other times
//! once they are back.

use greenroom_protocol::outreach::{OutreachBrief, OutreachState, OutreachWhy};
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_tests::post::Found;

use crate::outreach::ana::{Ana, sent};
use crate::outreach::assisted::READ_AFTER;
use crate::outreach::fixture::{ANA, UNDO, at};

/// What her mail program answers on its own.
fn automatic(email: &Found, text: &str) -> String {
    let words = email.words(text);
    words.replacen(
        "Subject: Re:",
        "Auto-Submitted: auto-replied\nSubject: Automatic reply:",
        1,
    )
}

/// 09:00 of 14 December, a Monday, in New York.
const BACK: &str = "2026-12-14T14:00:00Z";

async fn goes_on_once_she_is_back(mut office: Ana, email: &str) {
    let outreach = office.outreach_to_ana().await;
    office.gets("one", email).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    let thread = office.thread(&outreach).await;
    let understood = &thread.received[0].understood;
    let why = thread.outreach.why;
    assert_eq!(why, Some(OutreachWhy::Away), "{understood:?}");
    let away = office.waits_for(&outreach, OutreachWhy::Away).await;
    assert_eq!(away.message, "away until 14 Dec; other times are sent then");
    assert_eq!(away.writes_at, Some(at(BACK)));
    assert_eq!(office.takes(ANA).await, []);
    let line = office.line_of_ana().await;
    assert_eq!(
        (line.why, line.away),
        (Some(OutreachWhy::Away), Some(at(BACK)))
    );
    // It stands in no line, and nobody reminds her.
    let before = at(BACK).plus_minutes(-1);
    office.daemon.time_passes_until(before).await.unwrap();
    office.daemon.hears_answers().await.unwrap();
    office.was_emailed(ANA, 1).await;
    office.waits_for(&outreach, OutreachWhy::Away).await;
    office.daemon.time_passes_until(at(BACK)).await.unwrap();
    office.becomes(&outreach, OutreachState::Sending).await;
    office.daemon.seconds_pass(UNDO);
    let again = office.becomes(&outreach, OutreachState::Proposed).await;
    assert_eq!(again.round, 2);
    assert!(again.slots.iter().all(|slot| slot.start > at(BACK)));
    office.was_emailed(ANA, 2).await;
    office.says("two", "Option 2 works for me.").await;
    office.becomes(&outreach, OutreachState::Booked).await;
}

impl Ana {
    async fn outreach_to_ana(&self) -> greenroom_protocol::outreach::Outreach {
        self.office.newest(ANA).await
    }

    async fn line_of_ana(&self) -> OutreachBrief {
        let rows = self.dana.candidate_list(CandidateQuery::default()).await;
        let mut rows = rows.unwrap().items.into_iter();
        let ana = rows.find(|it| it.email == ANA).unwrap();
        ana.application.unwrap().outreach.unwrap()
    }
}

#[tokio::test]
async fn an_absence_notice_with_a_date_makes_the_assistant_wait_until_then() {
    let (mut office, _) = sent().await;
    let email = office.newest();
    let text =
        "Thank you for your email. I am out of the office and will be back on 14 December 2026.";
    let notice = automatic(&email, text);
    goes_on_once_she_is_back(office, &notice).await;
}

#[tokio::test]
async fn who_writes_that_they_are_away_is_written_to_when_they_are_back() {
    let (mut office, _) = sent().await;
    let email = office.newest();
    let words = email.words("I am away until 13 December 2026.");
    goes_on_once_she_is_back(office, &words).await;
}

#[tokio::test]
async fn an_absence_notice_without_a_date_changes_nothing() {
    let (mut office, outreach) = sent().await;
    let email = office.newest();
    let notice = automatic(&email, "I am out of the office and not reading email.");
    office.gets("one", &notice).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    let waits = office.outreach(&outreach).await;
    assert_eq!(waits.state, OutreachState::Proposed);
    assert_eq!(waits.message, "4 times sent, no reply yet");
    assert!(office.thread(&outreach).await.received[0].mail.automatic);
}

#[tokio::test]
async fn who_works_there_no_longer_is_written_to_no_more() {
    let (mut office, outreach) = sent().await;
    let email = office.newest();
    let text = "I no longer work here. This mailbox is closed.";
    office.gets("one", &automatic(&email, text)).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.needs_person(&outreach, OutreachWhy::Address).await;
    assert_eq!(office.takes(ANA).await, []);
    let later = office.daemon.now().plus_minutes(3 * 24 * 60);
    office.daemon.time_passes_until(later).await.unwrap();
    office.was_emailed(ANA, 1).await;
}

#[tokio::test]
async fn who_is_back_early_is_a_persons_at_once() {
    let (mut office, outreach) = sent().await;
    let email = office.newest();
    let text = "I am away until 14 December 2026.";
    office.gets("one", &automatic(&email, text)).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.waits_for(&outreach, OutreachWhy::Away).await;
    office
        .gets("two", &email.words("I'm back already, 2 please."))
        .await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
}
