//! Sixty-four who propose one free time in the same moment, to as many candidates: one holds it, and
//! the others hear that it is held.

use std::sync::Arc;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::schedule::BusyWith;
use greenroom_tests::harness::add_candidate;
use greenroom_tests::test_daemon::OWNER;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::outreach::fixture::{Fixture, ONE, SAM, UNDO, at, to};

const RACERS: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_propose_one_time_one_holds_it() {
    let office = Fixture::open().await;
    let start = Arc::new(Barrier::new(RACERS));
    let mut racers = JoinSet::new();
    for number in 0..RACERS {
        let email = format!("candidate{number}@mail.example");
        let name = format!("Candidate Number{number}");
        add_candidate(&office.dana, &name, &email, "Designer")
            .await
            .unwrap();
        let client = office.daemon.client(OWNER).await.unwrap();
        let start = start.clone();
        racers.spawn(async move {
            start.wait().await;
            client.outreach_propose(to(&email, &[ONE])).await
        });
    }
    let (mut won, mut lost) = (Vec::new(), Vec::new());
    for came in racers.join_all().await {
        match came {
            Ok(proposed) => won.push(proposed.outreach),
            Err(refused) => lost.push(refused),
        }
    }
    assert_eq!((won.len(), lost.len()), (1, RACERS - 1));
    let told = format!("held for {}", won[0].candidate.name);
    for refused in lost {
        assert_eq!(refused.kind, ErrorKind::Conflict, "{refused:?}");
        assert!(refused.message.contains(&told), "{told}: {refused:?}");
    }
    assert_eq!(office.takes(SAM).await, [(at(ONE), BusyWith::HeldSlot)]);
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    let emails = office.mail().letters().unwrap();
    let to: Vec<_> = emails.iter().map(|email| email.to.as_str()).collect();
    assert_eq!(to, [won[0].candidate.email.as_str()]);
}
