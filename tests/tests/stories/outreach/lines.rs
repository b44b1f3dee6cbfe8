//! Those who wait for the assistant's times: how many each gets, who shares them, who is served first
//! and what wakes the line.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::outreach::{
    Outreach, OutreachAnswer, OutreachState, OutreachWhy, SlotState,
};
use greenroom_protocol::pipeline::{Approval, StageInterviewChange};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{ShareSlots, WorkspaceEdit};
use greenroom_tests::harness::add_candidate;
use greenroom_tests::test_daemon::OWNER;
use tokio::task::JoinSet;

use crate::outreach::assisted::{Assisted, READ_AFTER};
use crate::outreach::fixture::{ANA, BEN, UNDO, by_phone, the};

const CLEO: &str = "cleo.marsh@mail.example";

/// Sam has half an hour on Wednesday and one on Thursday, and candidates are asked for no later time.
async fn with_two_times() -> Assisted {
    let office = Assisted::open(Approval::Auto).await;
    office.has_half_an_hour_on(&[3, 4]).await;
    horizon(&office, 7).await;
    let added = add_candidate(&office.dana, "Cleo Marsh", CLEO, "Designer").await;
    added.unwrap();
    office
}

async fn horizon(office: &Assisted, days: u32) {
    office
        .configures(StageInterviewChange {
            horizon_days: Edit::Set(days),
            ..StageInterviewChange::default()
        })
        .await;
}

async fn share(office: &Assisted, share: ShareSlots) {
    let edit = WorkspaceEdit {
        share_slots: Some(share),
        ..WorkspaceEdit::default()
    };
    let edited = office.dana.workspace_edit(edit).await.unwrap();
    assert_eq!(edited.share_slots, share);
}

fn starts(outreach: &Outreach) -> Vec<Instant> {
    outreach.slots.iter().map(|slot| slot.start).collect()
}

#[tokio::test]
async fn two_candidates_have_the_same_times_and_the_first_to_answer_gets_one() {
    let office = with_two_times().await;
    let ana = office.is_sent_times(ANA).await;
    let ben = office.is_sent_times(BEN).await;
    let shared = |it: &Outreach| it.slots.iter().all(|slot| slot.shared);
    assert!(shared(&ana) && shared(&ben));
    let mut both = (starts(&ana), starts(&ben));
    both.0.sort();
    both.1.sort();
    assert_eq!(both.0, both.1);
    assert_eq!(both.0.len(), 2);
    // A time has two holders at most.
    let cleo = office.enters(CLEO).await;
    office.waits_for(&cleo, OutreachWhy::Time).await;
    let email = office.mail().to(BEN).unwrap().remove(0);
    let text = email.text.replace('\n', " ");
    for part in [
        "or until another candidate chooses one of them",
        "each goes to the first who replies",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }

    let first = office.mail().to(ANA).unwrap().remove(0);
    office.gets("ana", &first.words("1 please")).await;
    office.daemon.seconds_pass(READ_AFTER);
    let booked = office.becomes(&ana, OutreachState::Booked).await;
    let chosen = booked.slots[0].start;
    let n = starts(&ben).iter().position(|it| *it == chosen).unwrap();
    // Ben still has the other, and asks for the one that is gone.
    office.daemon.rests().await.unwrap();
    let still = office.outreach(&ben).await;
    assert_eq!(still.state, OutreachState::Proposed);
    assert_eq!(still.slots[n].state, SlotState::Taken);
    let text = format!("Option {} works for me.", n + 1);
    office.gets("ben", &email.words(&text)).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.waits_for(&ben, OutreachWhy::Time).await;

    // Once there are more times, he gets them ahead of Cleo, who has waited longer.
    horizon(&office, 14).await;
    let others = office.becomes(&ben, OutreachState::Sending).await;
    assert!(!starts(&others).contains(&chosen));
    assert_eq!(others.round, 2);
    office.daemon.seconds_pass(UNDO);
    office.becomes(&ben, OutreachState::Proposed).await;
    let mut emails = office.mail().to(BEN).unwrap();
    emails.retain(|it| it.text != email.text);
    assert_eq!(emails.len(), 1);
    let text = emails[0].text.replace('\n', " ");
    assert!(text.contains("are no longer free"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_answer_at_once_one_is_booked() {
    let office = with_two_times().await;
    let ana = office.is_sent_times(ANA).await;
    let ben = office.is_sent_times(BEN).await;
    let chosen = ana.slots[0].start;
    let mut answers = JoinSet::new();
    for outreach in [&ana, &ben] {
        let client = office.daemon.client(OWNER).await.unwrap();
        let n = starts(outreach).iter().position(|it| *it == chosen);
        let answer = OutreachAnswer {
            outreach: the(outreach),
            n: u8::try_from(n.unwrap() + 1).unwrap(),
        };
        answers.spawn(async move { client.outreach_answer(answer).await });
    }
    let came = answers.join_all().await;
    let (booked, refused): (Vec<_>, Vec<_>) = came.into_iter().partition(Result::is_ok);
    assert_eq!((booked.len(), refused.len()), (1, 1));
    let refused = refused.into_iter().next().unwrap().unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    // What is booked was promised to both: nothing speaks against it.
    let booked = booked.into_iter().next().unwrap().unwrap();
    assert_eq!(booked.verdict.advises, []);
    let listed = office.dana.interview_list(Default::default()).await;
    assert_eq!(listed.unwrap().total, 1);
}

#[tokio::test]
async fn where_nobody_shares_each_gets_two_and_a_person_may_move_one_up() {
    let office = with_two_times().await;
    share(&office, ShareSlots::Never).await;
    let ana = office.is_sent_times(ANA).await;
    assert!(ana.slots.iter().all(|slot| !slot.shared));
    assert_eq!(ana.slots.len(), 2);
    let ben = office.enters(BEN).await;
    office.waits_for(&ben, OutreachWhy::Time).await;
    let cleo = office.enters(CLEO).await;
    office.waits_for(&cleo, OutreachWhy::Time).await;
    let refused = office.dana.outreach_move_up(the(&ana)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    office.dana.outreach_move_up(the(&cleo)).await.unwrap();
    let audit = office
        .dana
        .audit_list(AuditQuery {
            record: Some(cleo.id.to_string()),
            ..AuditQuery::default()
        })
        .await
        .unwrap();
    assert!(audit.items.iter().any(|it| it.call == "outreach_move_up"));
    office.stops(&ana, Some(false)).await;
    office.becomes(&cleo, OutreachState::Sending).await;
    office.daemon.rests().await.unwrap();
    office.waits_for(&ben, OutreachWhy::Time).await;
}

#[tokio::test]
async fn an_interview_that_is_cancelled_wakes_who_waits_for_its_time() {
    let office = with_two_times().await;
    let booked = office.books(by_phone(BEN, "2026-12-02T10:00:00Z")).await;
    let ana = office.enters(ANA).await;
    office.waits_for(&ana, OutreachWhy::Time).await;
    office.daemon.rests().await.unwrap();
    office.cancels(&booked).await;
    let sending = office.becomes(&ana, OutreachState::Sending).await;
    assert!(starts(&sending).contains(&booked.start));
}

#[tokio::test]
async fn nobody_is_written_to_at_night_and_the_day_begins_with_it() {
    let office = Assisted::at_night().await;
    let ana = office.enters(ANA).await;
    let waits = office.waits_for(&ana, OutreachWhy::Quiet).await;
    let writes_at = waits.writes_at.unwrap();
    assert!(writes_at > office.daemon.now());
    office.was_emailed(ANA, 0).await;
    let before = writes_at.plus_minutes(-1);
    office.daemon.time_passes_until(before).await.unwrap();
    office.waits_for(&ana, OutreachWhy::Quiet).await;
    office.daemon.time_passes_until(writes_at).await.unwrap();
    office.becomes(&ana, OutreachState::Sending).await;
    assert_eq!(office.daemon.now(), writes_at);
}
