//! The daemon under `kill -9` while it invites, moves and calls off: in the end everybody's newest letter says how it stands, and
//! nobody has heard of what was never to be heard of.
//!
//! Twenty kills by default; two hundred with `GREENROOM_FAULTS=full`. `GREENROOM_SEED` repeats the points.

use std::collections::HashSet;
use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::Error;
use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewNew, InterviewQuery, InterviewReschedule, InterviewStatus,
    MeetingType, Side,
};
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{DANA, PATIENCE, World, add_candidate, add_job};
use greenroom_tests::post::{Folders, Found};
use greenroom_tests::seed::Random;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// Candidates, each with one interview.
const CANDIDATES: usize = 12;

/// A little less than a letter waits.
const ALMOST: Duration = Duration::from_secs(9);

/// The latest point of a kill after the daemon is up, in milliseconds.
const LATEST_KILL: usize = 700;

#[tokio::test]
async fn everybodys_newest_letter_is_true_however_often_the_daemon_is_killed() {
    let mut random = Random::new("kill -9 while mail leaves");
    let mut world = World::start(PROGRAM).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    for number in 0..CANDIDATES {
        let email = format!("c{number}@mail.example");
        add_candidate(&dana, &email, &email, "Designer")
            .await
            .unwrap();
    }
    // Some letters are about to leave when the kills begin.
    let client = world.client().await.unwrap();
    for _ in 0..2 * CANDIDATES {
        change(&client, &mut random).await.unwrap();
    }
    tokio::time::sleep(ALMOST).await;
    for _ in 0..rounds() {
        let point = Duration::from_millis(random.below(LATEST_KILL) as u64);
        let client = world.client().await.unwrap();
        let changing = async {
            // A call whose answer is lost with the daemon is looked at again in the next round.
            while change(&client, &mut random).await.is_ok() {}
            std::future::pending().await
        };
        let _: Result<(), _> = tokio::time::timeout(point, changing).await;
        world.kill_daemon();
        world.run_daemon().await.unwrap();
    }
    let client = world.client().await.unwrap();
    let until = tokio::time::Instant::now() + PATIENCE;
    while !client
        .mail_list(MailQuery::default())
        .await
        .unwrap()
        .items
        .is_empty()
    {
        assert!(
            tokio::time::Instant::now() < until,
            "{random}: {}",
            world.read_log()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let interviews = client
        .interview_list(InterviewQuery::default())
        .await
        .unwrap()
        .items;
    assert_eq!(interviews.len(), CANDIDATES, "{random}");
    let letters = Folders::of(&world.directory().join("data/mail"))
        .letters()
        .unwrap();
    let names: HashSet<_> = letters.iter().map(|letter| &letter.message_id).collect();
    assert_eq!(names.len(), letters.len(), "{random}");
    for interview in &interviews {
        for reader in [&interview.candidate.email, DANA] {
            let why = format!(
                "{random}: to {reader} about {} {:?}",
                interview.id, interview.status
            );
            newest_is_true(interview, reader, &letters, &why);
        }
    }
}

/// One change: a candidate who has no interview gets one, one who has is moved or called off.
async fn change(client: &Client, random: &mut Random) -> Result<(), Error> {
    let number = random.below(CANDIDATES);
    let email = format!("c{number}@mail.example");
    let query = InterviewQuery {
        candidate: Some(email.clone()),
        ..InterviewQuery::default()
    };
    let known = client.interview_list(query).await?.items.pop();
    let at = |day: usize| {
        format!(
            "2030-{:02}-{:02}T{:02}:00:00Z",
            1 + day / 28,
            1 + day % 28,
            8 + number % 12
        )
    };
    let Some(known) = known else {
        let new = InterviewNew {
            candidate: email.clone(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: at(0),
            zone: Some("UTC".into()),
            duration_minutes: Some(30),
            confirm: true,
            idempotency_key: Some(email),
            ..InterviewNew::default()
        };
        return client.interview_new(new).await.map(drop);
    };
    let reference = Reference::to(known.id.to_string());
    if known.status == InterviewStatus::Cancelled {
        return Ok(());
    }
    // Few are called off, so that most go on to be moved.
    if random.below(20) == 0 {
        return client.interview_cancel(reference.into()).await.map(drop);
    }
    let request = InterviewReschedule {
        interview: reference,
        start: at(1 + random.below(300)),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
    };
    client.interview_reschedule(request).await.map(drop)
}

fn newest_is_true(interview: &Interview, reader: &str, letters: &[Found], why: &str) {
    let uid = interview.id.to_string();
    let about = |letter: &&Found| letter.to == reader && letter.values("UID")[0].starts_with(&uid);
    let number = |letter: &Found| letter.values("SEQUENCE")[0].parse::<u32>().unwrap();
    let mut theirs: Vec<_> = letters.iter().filter(about).collect();
    theirs.sort_by_key(|letter| number(letter));
    let mut numbers: Vec<_> = theirs.iter().map(|letter| number(letter)).collect();
    numbers.dedup();
    assert_eq!(
        numbers.len(),
        theirs.len(),
        "{why}: two letters of one number"
    );
    match (interview.status, theirs.last()) {
        (InterviewStatus::Cancelled, None) => {}
        (InterviewStatus::Cancelled, Some(last)) => {
            assert_eq!(last.method(), Some("CANCEL"), "{why}");
        }
        (InterviewStatus::Confirmed, Some(last)) => {
            let start = interview
                .start
                .timestamp()
                .strftime("%Y%m%dT%H%M%SZ")
                .to_string();
            assert_eq!(last.method(), Some("REQUEST"), "{why}");
            assert_eq!(last.values("DTSTART"), [start], "{why}");
            let invited = interview
                .attendees
                .iter()
                .all(|it| it.state == AttendeeState::Invited);
            assert!(invited, "{why}: {:?}", interview.attendees);
        }
        (status, last) => panic!("{why}: {status:?} with {last:?}"),
    }
}

fn rounds() -> usize {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 200,
        _ => 20,
    }
}
