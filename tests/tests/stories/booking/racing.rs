//! Sixty-four clients who want one time in the same moment: one gets it, and all others hear
//! who has it.
//!
//! Twenty rounds of each by default; two hundred with `GREENROOM_FAULTS=full`.

use std::sync::Arc;

use greenroom::client::Client;
use greenroom_protocol::interview::{
    Interview, InterviewNew, InterviewQuery, InterviewReschedule, MeetingType, Outcome, Side,
};
use greenroom_protocol::schedule::BusyQuery;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::{DANA, add_candidate};
use greenroom_tests::test_daemon::OWNER;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, with};

const RACERS: usize = 64;

/// Half an hour, as everything here lasts; Zoom takes a hundred changes of a host a day.
const ROUND_SECONDS: i64 = 30 * 60;

fn rounds() -> i64 {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 200,
        _ => 20,
    }
}

/// Everybody's connection.
async fn clients(desk: &Fixture) -> Vec<Arc<Client>> {
    let mut clients = Vec::new();
    for _ in 0..RACERS {
        clients.push(Arc::new(desk.daemon.client(OWNER).await.unwrap()));
    }
    clients
}

/// All at once: the one who won, and the answers of the others.
async fn race<F>(
    clients: &[Arc<Client>],
    wants: impl Fn(usize, Arc<Client>) -> F,
) -> (Interview, Vec<Error>)
where
    F: Future<Output = Result<Outcome, Error>> + Send + 'static,
{
    let start = Arc::new(Barrier::new(clients.len()));
    let mut racers = JoinSet::new();
    for (number, client) in clients.iter().enumerate() {
        let start = start.clone();
        let wish = wants(number, client.clone());
        racers.spawn(async move {
            start.wait().await;
            wish.await
        });
    }
    let (mut won, mut lost) = (Vec::new(), Vec::new());
    for outcome in racers.join_all().await {
        match outcome {
            Ok(outcome) => won.push(outcome.interview),
            Err(refused) => lost.push(refused),
        }
    }
    assert_eq!(won.len(), 1, "{won:?}");
    (won.remove(0), lost)
}

#[track_caller]
fn all_are_told(lost: &[Error], holder: &Interview) {
    assert_eq!(lost.len(), RACERS - 1);
    let with = format!("({}, {})", holder.candidate.name, holder.job_title);
    let start = holder.start.timestamp().in_tz(&holder.zone).unwrap();
    let start = start.strftime("%H:%M");
    let told = ["Dana Reyes has an interview from", &format!("{start} to")];
    for refused in lost {
        assert_eq!(refused.kind, ErrorKind::Conflict, "{refused:?}");
        assert_eq!(refused.field.as_deref(), Some("start"), "{refused:?}");
        assert!(refused.message.contains(&with), "{with}: {refused:?}");
        for words in told {
            assert!(refused.message.contains(words), "{words}: {refused:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_book_one_time_one_gets_it() {
    let desk = Fixture::open().await;
    let clients = clients(&desk).await;
    let mut winners = Vec::new();
    for _ in 0..rounds() {
        let start = desk.daemon.now().plus_minutes(24 * 60).to_string();
        let wants = |number: usize, client: Arc<Client>| {
            let candidate = if number.is_multiple_of(2) { ANA } else { BEN };
            let wish = with(candidate, &start);
            async move { client.interview_new(wish).await }
        };
        let (winner, lost) = race(&clients, wants).await;
        all_are_told(&lost, &winner);
        winners.push(desk.settled(&winner).await);
        desk.daemon.seconds_pass(ROUND_SECONDS);
    }
    let at_zoom = desk.daemon.zoom.meetings();
    assert_eq!(at_zoom.len(), winners.len());
    for winner in &winners {
        let its = |id: u64| Some(id.to_string()) == winner.meeting.meeting_id;
        let meeting = at_zoom.iter().find(|it| its(it.id)).unwrap();
        assert_eq!(Instant::from(meeting.start_time), winner.start);
    }
    let all = desk.dana.interview_list(InterviewQuery::default()).await;
    assert_eq!(all.unwrap().total, winners.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_move_to_one_time_one_gets_it_and_the_others_keep_theirs() {
    let desk = Fixture::open().await;
    let clients = clients(&desk).await;
    let first: Instant = TEN.parse::<jiff::Timestamp>().unwrap().into();
    let mut interviews = Vec::new();
    for number in 0..RACERS {
        let email = format!("c{number}@mail.example");
        let name = format!("Candidate No. {number}");
        add_candidate(&desk.dana, &name, &email, "Designer")
            .await
            .unwrap();
        let start = first.plus_minutes(30 * number as i64);
        let by_phone = InterviewNew {
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            ..with(&email, &start.to_string())
        };
        interviews.push(desk.books(by_phone).await);
    }
    let beyond = first.plus_minutes(30 * RACERS as i64);
    for round in 0..rounds() {
        let start = beyond.plus_minutes(30 * round).to_string();
        let wants = |number: usize, client: Arc<Client>| {
            let to = InterviewReschedule {
                start_shown: None,
                locale: None,
                interview: Reference::to(interviews[number].id.to_string()),
                start: start.clone(),
                zone: None,
                duration_minutes: None,
                by: Side::Us,
                reason: None,
                refuse_advice: false,
            };
            async move { client.interview_reschedule(to).await }
        };
        let (winner, lost) = race(&clients, wants).await;
        assert_eq!(winner.start.to_string(), start);
        all_are_told(&lost, &winner);
        let moved = interviews.iter_mut().find(|it| it.id == winner.id);
        *moved.unwrap() = winner;
    }
    // Anyone who lost stands as before, and Dana's time is taken once for each.
    let everybody = InterviewQuery {
        limit: Some(RACERS as u32),
        ..InterviewQuery::default()
    };
    let found = desk.dana.interview_list(everybody).await.unwrap().items;
    assert_eq!(found.len(), RACERS);
    let busy = BusyQuery {
        members: vec![DANA.into()],
        candidate: None,
        zoom_user: None,
        job: None,
        interview: None,
        from: first,
        to: beyond.plus_minutes(30 * rounds()),
    };
    let busy = desk.dana.busy(busy).await.unwrap().remove(0).busy;
    assert_eq!(busy.len(), RACERS);
    for interview in &interviews {
        let stands = found.iter().find(|it| it.id == interview.id).unwrap();
        assert_eq!(
            (stands.start, stands.change),
            (interview.start, interview.change)
        );
        let taken = busy.iter().find(|it| it.interview == Some(interview.id));
        assert_eq!(taken.unwrap().start, interview.start);
    }
}
