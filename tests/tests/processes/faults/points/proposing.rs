//! Killed while times are proposed and chosen: whatever was committed is there afterwards and is
//! whole, and asked again it is done once.

use greenroom::client::Client;
use greenroom_protocol::id::OutreachId;
use greenroom_protocol::interview::{InterviewQuery, InterviewStatus, MeetingType};
use greenroom_protocol::outreach::{
    OutreachAnswer, OutreachPropose, OutreachQuery, OutreachState, OutreachStop, SlotState,
};
use greenroom_protocol::schedule::{BusyQuery, BusyWith};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroomd::failpoint::{ARMED, Point};

use super::At;
use super::fixture::{ANA, Fixture};

/// Of commits, those that write the outreach.
const PROPOSING: [At; 3] = [
    (Point::CommitApplied, 1),
    (Point::CommitDurable, 1),
    (Point::TimesHeld, 1),
];

const CHOOSING: [At; 3] = [
    (Point::CommitApplied, 1),
    (Point::CommitDurable, 1),
    (Point::TimeChosen, 1),
];

pub fn points() -> Vec<Point> {
    let all = PROPOSING.iter().chain(&CHOOSING);
    all.map(|(point, _)| *point).collect()
}

/// A week and more from now, so that none passes meanwhile.
fn slots() -> Vec<String> {
    let hour = Instant::now().second() / 3600 * 3600;
    let day = |days: i64| Instant::from_second(hour + days * 24 * 3600).to_string();
    vec![day(8), day(9), day(10)]
}

async fn held(client: &Client) -> usize {
    let now = Instant::now();
    let query = BusyQuery {
        members: vec![DANA.into()],
        candidate: None,
        zoom_user: None,
        job: None,
        interview: None,
        from: now,
        to: now.plus_minutes(20 * 24 * 60),
    };
    let lanes = client.busy(query).await.unwrap();
    let busy = lanes.iter().flat_map(|lane| &lane.busy);
    busy.filter(|it| it.with == BusyWith::HeldSlot).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_proposed_once_and_chosen_once_wherever_the_daemon_dies() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::with_lasting_keys().await;
    for (round, at) in PROPOSING.into_iter().enumerate() {
        let propose = proposal(&format!("proposed {round}"));
        let client = desk.client_of_the_doomed(at, "outreach").await;
        let lost = client.outreach_propose(propose.clone()).await.is_err();
        assert!(lost, "{at:?}");
        desk.dies_and_comes_back().await;
        let client = desk.client().await;
        // Either all of it is there or nothing.
        let there = client.outreach_list(OutreachQuery::default()).await;
        let there = there.unwrap().items;
        let slots: usize = there.iter().map(|it| it.slots.len()).sum();
        assert_eq!(held(&client).await, slots, "{at:?}");
        let proposed = client.outreach_propose(propose).await.unwrap();
        assert_eq!(proposed.repeated, !there.is_empty(), "{at:?}");
        assert_eq!(held(&client).await, 3, "{at:?}");
        stop(&client, proposed.outreach.id).await;
        assert_eq!(held(&client).await, 0, "{at:?}");
    }
    for (round, at) in CHOOSING.into_iter().enumerate() {
        let client = desk.client().await;
        let propose = proposal(&format!("chosen {round}"));
        let id = client.outreach_propose(propose).await.unwrap().outreach.id;
        let answer = OutreachAnswer {
            outreach: Reference::to(id.to_string()),
            n: 2,
        };
        let client = desk.client_of_the_doomed(at, "interview").await;
        let lost = client.outreach_answer(answer.clone()).await.is_err();
        assert!(lost, "{at:?}");
        desk.dies_and_comes_back().await;
        let client = desk.client().await;
        let thread = client.outreach_get(Reference::to(id.to_string())).await;
        let outreach = thread.unwrap().outreach;
        let booked = outreach.state == OutreachState::Booked;
        assert_eq!(held(&client).await, if booked { 0 } else { 3 }, "{at:?}");
        let answered = client.outreach_answer(answer).await.unwrap();
        assert_eq!(answered.repeated, booked, "{at:?}");
        assert_eq!(answered.outreach.slots[1].state, SlotState::Booked);
        assert_eq!(held(&client).await, 0, "{at:?}");
        // One interview, however often it was asked for.
        let query = InterviewQuery {
            status: vec![InterviewStatus::Confirmed],
            ..InterviewQuery::default()
        };
        let confirmed = client.interview_list(query).await.unwrap().items;
        let ids: Vec<_> = confirmed.iter().map(|it| it.id).collect();
        assert_eq!(ids, [answered.interview.id], "{at:?}");
        let which = Reference::to(answered.interview.id.to_string());
        client.interview_cancel(which.into()).await.unwrap();
    }
}

fn proposal(key: &str) -> OutreachPropose {
    OutreachPropose {
        candidate: ANA.into(),
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        slots: slots(),
        duration_minutes: Some(30),
        idempotency_key: Some(key.into()),
        ..OutreachPropose::default()
    }
}

async fn stop(client: &Client, id: OutreachId) {
    let stop = OutreachStop {
        outreach: Reference::to(id.to_string()),
        tell: Some(false),
    };
    client.outreach_stop(stop).await.unwrap();
}
