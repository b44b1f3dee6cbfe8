//! Everything else that ends an outreach: a person, a move, a closed application or job, an
//! interview that was booked otherwise, somebody who leaves, an erasure, a restored backup.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::outreach::{
    Outreach, OutreachPropose, OutreachQuery, OutreachState, OutreachWhy, SlotState,
};
use greenroom_protocol::pipeline::{
    CandidateEdit, CandidateMove, CandidateState, JobEdit, StateAction,
};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::add_candidate;
use greenroom_tests::test_daemon::OWNER;
use greenroom_tests::wait;

use crate::outreach::fixture::{ANA, BEN, Fixture, ONE, SAM, UNDO, at, by_phone, the, to};

/// Nothing is held, and nothing more is emailed to Ana than she had.
async fn let_everybody_go(office: &Fixture, emails: usize) {
    assert_eq!(office.takes(SAM).await, []);
    assert_eq!(office.takes(ANA).await, []);
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.mail().to(ANA).unwrap().len(), emails);
}

#[tokio::test]
async fn stopped_before_the_email_left_it_never_leaves() {
    let office = Fixture::open().await;
    let outreach = office.proposes().await;
    let stopped = office.stops(&outreach, None).await;
    assert_eq!(
        (stopped.state, stopped.why),
        (OutreachState::Over, Some(OutreachWhy::Stopped))
    );
    let_everybody_go(&office, 0).await;
    // Again, it is as it was.
    assert_eq!(office.stops(&outreach, None).await, stopped);
}

#[tokio::test]
async fn stopped_afterwards_it_asks_whether_the_candidate_is_told() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let stop = greenroom_protocol::outreach::OutreachStop {
        outreach: the(&outreach),
        tell: None,
    };
    let refused = office.dana.outreach_stop(stop).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(refused.field.as_deref(), Some("tell"));
    assert_eq!(office.outreach(&outreach).await, outreach);
    let before = office.daemon.rows().await.unwrap();
    let dry = greenroom_protocol::outreach::OutreachStop {
        outreach: Reference {
            dry_run: true,
            ..the(&outreach)
        },
        tell: Some(true),
    };
    let would_be = office.dana.outreach_stop(dry).await.unwrap();
    assert_eq!(would_be.state, OutreachState::Over);
    assert_eq!(office.daemon.rows().await.unwrap(), before);

    office.stops(&outreach, Some(true)).await;
    let_everybody_go(&office, 2).await;
    let told = office.mail().to(ANA).unwrap().remove(1);
    assert_eq!(
        told.subject,
        "Interview for Designer at Acme: these times are no longer available"
    );
    assert!(told.in_reply_to.is_some());
    assert!(told.text.contains("no need to choose one"), "{}", told.text);
}

#[tokio::test]
async fn stopped_quietly_nobody_is_told() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    office.stops(&outreach, Some(false)).await;
    let_everybody_go(&office, 1).await;
}

#[tokio::test]
async fn a_move_a_state_and_a_closed_job_end_it_before_and_after_the_email_left() {
    let change = |action| CandidateState::new(ANA, action);
    for sent in [false, true] {
        let states = [
            (StateAction::Reject, OutreachWhy::Left),
            (StateAction::Hold, OutreachWhy::Left),
            (StateAction::Withdraw, OutreachWhy::Withdrew),
        ];
        for (action, why) in states {
            let office = Fixture::open().await;
            let outreach = begun(&office, sent).await;
            office.dana.candidate_state(change(action)).await.unwrap();
            office.is_over(&outreach, why).await;
            let_everybody_go(&office, usize::from(sent)).await;
        }
        let office = Fixture::open().await;
        let outreach = begun(&office, sent).await;
        let to = CandidateMove {
            candidate: ANA.into(),
            stage: "Onsite".into(),
            ..CandidateMove::default()
        };
        office.dana.candidate_move(to).await.unwrap();
        office.is_over(&outreach, OutreachWhy::Left).await;
        let_everybody_go(&office, usize::from(sent)).await;

        let office = Fixture::open().await;
        let outreach = begun(&office, sent).await;
        let close = JobEdit {
            job: "Designer".into(),
            open: Some(false),
            ..JobEdit::default()
        };
        office.dana.job_edit(close).await.unwrap();
        office.is_over(&outreach, OutreachWhy::Left).await;
        let_everybody_go(&office, usize::from(sent)).await;
    }
}

async fn begun(office: &Fixture, sent: bool) -> Outreach {
    match sent {
        true => office.proposed().await.0,
        false => office.proposes().await,
    }
}

#[tokio::test]
async fn an_interview_that_was_booked_otherwise_is_what_was_wanted() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let elsewhere = office.books(by_phone(ANA, "2026-12-03T09:00:00Z")).await;
    let booked = office.becomes(&outreach, OutreachState::Booked).await;
    assert_eq!(booked.interview, Some(elsewhere.id));
    assert_eq!(office.takes(SAM).await.len(), 1);
    // Of somebody else it is none of it.
    let bens = office.dana.outreach_propose(to(BEN, &[ONE])).await.unwrap();
    office.books(by_phone(ANA, "2026-12-03T11:00:00Z")).await;
    office.daemon.rests().await.unwrap();
    assert_eq!(
        office.outreach(&bens.outreach).await.state,
        OutreachState::Sending
    );
}

#[tokio::test]
async fn an_interviewer_who_leaves_takes_their_times_along() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    office.dana.member_remove(Reference::to(SAM)).await.unwrap();
    let gone = office.needs_person(&outreach, OutreachWhy::Gone).await;
    assert!(gone.slots.iter().all(|slot| slot.state == SlotState::Taken));
    assert_eq!(office.takes(ANA).await, []);
}

#[tokio::test]
async fn a_changed_address_is_a_persons_to_see_to_and_nothing_goes_there() {
    const NEW: &str = "ana@elsewhere.example";
    for sent in [false, true] {
        let office = Fixture::open().await;
        let outreach = begun(&office, sent).await;
        office.daemon.seconds_pass(1);
        let edit = CandidateEdit {
            candidate: ANA.into(),
            email: Some(NEW.into()),
            ..CandidateEdit::default()
        };
        office.dana.candidate_edit(edit).await.unwrap();
        let told = office.needs_person(&outreach, OutreachWhy::Address).await;
        // Who has the times may still answer from the address that has them.
        let (expected, held) = match sent {
            true => (
                "has another email address now; the times went to the old one; 3 times are held",
                3,
            ),
            false => ("has another email address now; the times were not sent", 0),
        };
        assert_eq!(told.message, expected);
        assert_eq!(office.takes(SAM).await.len(), held);
        office.daemon.seconds_pass(UNDO);
        office.daemon.rests().await.unwrap();
        assert_eq!(office.mail().to(NEW).unwrap().len(), 0);
        assert_eq!(office.mail().to(ANA).unwrap().len(), usize::from(sent));
        // A person proposes anew, to the new address.
        let again = office.dana.outreach_propose(to(NEW, &[ONE])).await.unwrap();
        office.daemon.seconds_pass(UNDO);
        office
            .becomes(&again.outreach, OutreachState::Proposed)
            .await;
        assert_eq!(office.mail().to(NEW).unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_closed_job_ends_every_outreach_for_it_however_many_there_are() {
    const MANY: usize = 120;
    let office = Fixture::open().await;
    let monday = at("2026-12-07T08:00:00Z");
    for number in 0..MANY {
        let email = format!("candidate{number}@mail.example");
        let name = format!("Candidate Number{number}");
        add_candidate(&office.dana, &name, &email, "Designer")
            .await
            .unwrap();
        // Two days of each of two weeks: a calendar holds so much a week.
        let (day, place) = ([0, 1, 7, 8][number / 30], (number % 30) as i64);
        let start = monday.plus_minutes(day * 24 * 60 + place * 15).to_string();
        let request = OutreachPropose {
            duration_minutes: Some(15),
            ..to(&email, &[start.as_str()])
        };
        office.dana.outreach_propose(request).await.unwrap();
    }
    assert_eq!(open(&office).await, MANY as u64);
    let close = JobEdit {
        job: "Designer".into(),
        open: Some(false),
        ..JobEdit::default()
    };
    office.dana.job_edit(close).await.unwrap();
    wait::until("none is open", async || {
        (open(&office).await == 0).then_some(())
    })
    .await;
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.mail().letters().unwrap().len(), 0);
}

/// How many outreaches are open.
async fn open(office: &Fixture) -> u64 {
    let query = OutreachQuery::default();
    office.dana.outreach_list(query).await.unwrap().total
}

#[tokio::test]
async fn an_erased_candidate_leaves_no_outreach_and_no_held_time() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    office.gets("1", &email.words("The first, please.")).await;
    let dry = Reference {
        dry_run: true,
        ..Reference::to(ANA)
    };
    assert_eq!(
        office.dana.candidate_erase(dry).await.unwrap().outreaches,
        1
    );
    let candidate = outreach.candidate.id.to_string();
    let export = greenroom_protocol::pipeline::CandidateExportQuery {
        candidate: ANA.into(),
        cursor: None,
    };
    let export = office.dana.candidate_export(export).await.unwrap();
    let held = export.candidate.unwrap().outreaches;
    assert_eq!(
        (held.len(), held[0].id, held[0].starts.len()),
        (1, outreach.id, 3)
    );

    let erased = office.dana.candidate_erase(Reference::to(ANA)).await;
    assert_eq!(erased.unwrap().outreaches, 1);
    assert_eq!(office.takes(SAM).await, []);
    assert_eq!(office.listed(true).await, []);
    let refused = office.dana.outreach_get(the(&outreach)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let id = outreach.id.to_string();
    for (key, row) in office.daemon.rows().await.unwrap() {
        let row = String::from_utf8_lossy(&row);
        if key.contains("/audit/") {
            continue;
        }
        assert!(!key.contains(&id) && !key.contains(&candidate), "{key}");
        assert!(!row.contains(&id), "{key}: {row}");
    }
}

#[tokio::test]
async fn after_a_restore_a_person_sees_to_it_and_the_times_stay_held() {
    let mut office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let bens = to(BEN, &["2026-12-02T15:00:00Z"]);
    let sending = office.dana.outreach_propose(bens).await.unwrap().outreach;
    let backup = office.daemon.take_backup(&office.dana).await.unwrap();
    let dana = office.daemon.client(OWNER).await.unwrap();
    office.daemon.restore(&dana, &backup).await.unwrap();
    office.dana = office.daemon.client(OWNER).await.unwrap();
    for outreach in [&outreach, &sending] {
        let restored = office.needs_person(outreach, OutreachWhy::Restored).await;
        assert!(restored.until.is_some());
        assert!(
            restored
                .slots
                .iter()
                .all(|slot| slot.state == SlotState::Held)
        );
    }
    assert_eq!(office.takes(SAM).await.len(), 4);
    // The email that waited is held, as all are, until a person has it sent.
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    assert_eq!(office.mail().to(BEN).unwrap().len(), 0);
    let held = office
        .dana
        .mail_list(MailQuery::default())
        .await
        .unwrap()
        .items;
    assert_eq!(held.len(), 1);
    let retry = Reference::to(held[0].id.to_string());
    office.dana.mail_retry(retry).await.unwrap();
    office.becomes(&sending, OutreachState::Proposed).await;
    assert_eq!(office.mail().to(BEN).unwrap().len(), 1);
    // And of Ana's a time can be booked as before.
    let booked = office.answers(&outreach, 1).await.unwrap();
    assert_eq!(booked.outreach.state, OutreachState::Booked);
}
