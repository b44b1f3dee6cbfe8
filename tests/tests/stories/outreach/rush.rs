//! Sixty-four who choose in the same moment: each gets one time, and no time is booked twice.

use std::sync::Arc;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::outreach::{OutreachAnswer, OutreachState, OutreachWhy, SlotState};
use greenroom_tests::candidates::printed;
use greenroom_tests::harness::add_candidate;
use greenroom_tests::test_daemon::OWNER;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::outreach::fixture::{Fixture, ONE, UNDO, at, the, to};
use crate::outreach::many::Many;

const RACERS: usize = 64;

/// Moments in which everybody who has times answers, at most.
const ROUNDS: usize = 40;

/// Everybody who was sent times chooses the first of them in the same moment; who loses a race is
/// sent others, and chooses again.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_answer_at_once_each_is_booked_once() {
    let people: Vec<_> = (0..RACERS)
        .map(|n| {
            (
                format!("Racer Number{n}"),
                format!("racer{n}@crowd.example"),
            )
        })
        .collect();
    let office = Many::enter(1, &people).await;
    office.start(RACERS).await;
    let (mut answers, mut rounds, mut most) = (0, 0, 0);
    loop {
        office.are_sent_times().await;
        let folders = office.mail();
        let mut at_once = 0;
        for letter in folders.letters().unwrap() {
            folders.take(&letter).unwrap();
            if letter.method().is_some() || printed(&letter.text).is_empty() {
                continue;
            }
            answers += 1;
            at_once += 1;
            let first = letter.words("Option 1, please.");
            folders.answer(&format!("{answers:05}"), &first).unwrap();
        }
        most = most.max(at_once);
        office.is_read().await;
        office.agrees(&format!("round {rounds}")).await;
        let outreaches = office.outreaches().await;
        if outreaches
            .iter()
            .all(|it| it.state == OutreachState::Booked)
        {
            break;
        }
        rounds += 1;
        assert!(rounds < ROUNDS, "{outreaches:#?}");
        if at_once == 0 {
            office.an_hour_passes().await;
        }
    }
    eprintln!("{RACERS} booked with {answers} answers, at most {most} in a moment");
    assert_eq!(office.interviews().await.len(), RACERS);
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
}

/// One free time that sixty-four people choose for as many candidates.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_for_whom_one_free_time_is_chosen_one_gets_it() {
    let office = Fixture::open().await;
    let mut outreaches = Vec::new();
    for number in 0..RACERS {
        let email = format!("candidate{number}@mail.example");
        let name = format!("Candidate Number{number}");
        add_candidate(&office.dana, &name, &email, "Designer")
            .await
            .unwrap();
        let proposed = office.dana.outreach_propose(to(&email, &[ONE])).await;
        let outreach = proposed.unwrap().outreach;
        office.daemon.seconds_pass(UNDO);
        office.becomes(&outreach, OutreachState::Proposed).await;
        // Their mail server does not know them, and the time is free for the next.
        let letter = office.mail().to(&email).unwrap().remove(0);
        office
            .gets(&format!("bounce{number}"), &letter.bounce())
            .await;
        office.needs_person(&outreach, OutreachWhy::Address).await;
        outreaches.push(outreach);
    }
    let start = Arc::new(Barrier::new(RACERS));
    let mut racers = JoinSet::new();
    for outreach in outreaches {
        let client = office.daemon.client(OWNER).await.unwrap();
        let start = start.clone();
        racers.spawn(async move {
            let answer = OutreachAnswer {
                outreach: the(&outreach),
                n: 1,
            };
            start.wait().await;
            client.outreach_answer(answer).await
        });
    }
    let (mut won, mut lost) = (Vec::new(), Vec::new());
    for came in racers.join_all().await {
        match came {
            Ok(answered) => won.push(answered),
            Err(refused) => lost.push(refused),
        }
    }
    assert_eq!((won.len(), lost.len()), (1, RACERS - 1));
    assert_eq!(won[0].interview.start, at(ONE));
    for refused in lost {
        assert_eq!(refused.kind, ErrorKind::Conflict, "{refused:?}");
    }
    // Who was refused can be sent other times: nothing of theirs is half done.
    for outreach in office.listed(false).await {
        assert_eq!(outreach.state, OutreachState::Person);
        let mut slots = outreach.slots.iter();
        assert!(slots.all(|slot| slot.state == SlotState::Released));
    }
}
