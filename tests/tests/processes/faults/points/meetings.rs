//! Killed while an interview is confirmed, moved or cancelled: anyone who asks again gets what they
//! asked for, and Zoom has one meeting of it, at its time, or none.

use greenroom::client::Client;
use greenroom_protocol::Error;
use greenroom_protocol::interview::{
    InterviewNew, InterviewReschedule, InterviewStatus, MeetingState, Side,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{DANA, settled, zoom_interview};
use greenroom_tests::sandbox::Endpoint;
use greenroomd::failpoint::{ARMED, Point};

use super::At;
use super::fixture::{ANA, Fixture, assert_lost};
use crate::faults::accounts;

/// What all of its commits write.
const TABLE: &str = "interview";

/// Those at which it is known what Zoom has come first: in all others a meeting may be there, and
/// is looked for when Zoom's answer cannot come any more.
const CONFIRMED: [At; 10] = {
    use Point as P;
    [
        (P::CommitApplied, 1),
        (P::CommitDurable, 1),
        (P::CommitDurable, 3),
        (P::CommitApplied, 4),
        (P::CommitDurable, 4),
        (P::CommitApplied, 2),
        (P::CommitDurable, 2),
        (P::MeetingNoted, 1),
        (P::MeetingMade, 1),
        (P::CommitApplied, 3),
    ]
};

/// How many of those settle at once.
const KNOWN: usize = 5;

const MOVED: [At; 7] = {
    use Point as P;
    [
        (P::CommitApplied, 1),
        (P::CommitDurable, 1),
        (P::MeetingChanged, 1),
        (P::CommitApplied, 2),
        (P::CommitDurable, 2),
        (P::CommitApplied, 3),
        (P::CommitDurable, 3),
    ]
};

const CANCELLED: [At; 5] = {
    use Point as P;
    [
        (P::CommitApplied, 1),
        (P::CommitDurable, 1),
        (P::MeetingDeleted, 1),
        (P::CommitApplied, 2),
        (P::CommitDurable, 2),
    ]
};

pub fn points() -> Vec<Point> {
    let all = CONFIRMED.iter().chain(&MOVED).chain(&CANCELLED);
    all.map(|(point, _)| *point).collect()
}

/// An interview, and how it is to be.
struct Planned {
    id: String,
    start: Instant,
    status: InterviewStatus,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interview_has_one_meeting_at_its_time_wherever_the_daemon_dies() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::with_lasting_keys().await;
    desk.connect(DANA).await;
    let mut planned = Vec::new();
    for (number, at) in CONFIRMED.into_iter().enumerate() {
        let new = InterviewNew {
            idempotency_key: Some(format!("{number}")),
            ..zoom_interview(ANA, 30 * number as i64 + 24 * 60)
        };
        let book = async |client: &Client| {
            let booked = client.interview_new(new.clone()).await?;
            Ok(booked.interview)
        };
        let interview = desk.dies_at(at, book).await;
        planned.push(Planned {
            id: interview.id.to_string(),
            start: interview.start,
            status: InterviewStatus::Confirmed,
        });
    }
    // While the answers to the others may still come.
    for (number, at) in MOVED.into_iter().enumerate() {
        let moved = &mut planned[number % KNOWN];
        desk.is_settled(&moved.id).await;
        moved.start = moved.start.plus_minutes(7 * 24 * 60 + 30);
        let to = InterviewReschedule {
            start_shown: None,
            locale: None,
            interview: Reference::to(&moved.id),
            start: moved.start.to_string(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: None,
            refuse_advice: false,
        };
        let move_it = async |client: &Client| {
            let outcome = client.interview_reschedule(to.clone()).await?;
            Ok(outcome.interview)
        };
        desk.dies_at(at, move_it).await;
    }
    for (number, at) in CANCELLED.into_iter().enumerate() {
        let cancelled = &mut planned[number];
        desk.is_settled(&cancelled.id).await;
        cancelled.status = InterviewStatus::Cancelled;
        let cancel = async |client: &Client| {
            let reference = Reference::to(&cancelled.id);
            let outcome = client.interview_cancel(reference.into()).await?;
            Ok(outcome.interview)
        };
        desk.dies_at(at, cancel).await;
    }
    // No renewal was under way when a daemon died, so none of the connections can have lost an
    // answer.
    let counted = desk.world.zoom.counters();
    assert_eq!(counted.of(Endpoint::Refresh), 0);
    let client = desk.client().await;
    for Planned { id, start, status } in planned {
        let interview = settled(&client, &id).await.unwrap();
        assert_eq!((interview.start, interview.status), (start, status), "{id}");
        let at_zoom = accounts::meetings(&desk.world.zoom);
        let its = at_zoom.get(&id).map(Vec::as_slice).unwrap_or_default();
        match (status, its) {
            (InterviewStatus::Cancelled, []) => {}
            (InterviewStatus::Confirmed, [one]) => {
                assert_eq!(
                    interview.meeting.state,
                    MeetingState::Ready,
                    "{interview:?}"
                );
                assert_eq!(interview.meeting.meeting_id, Some(one.id.to_string()));
                assert_eq!(Instant::from(one.start_time), start, "{id}");
            }
            _ => panic!("{interview:?} has {its:?}"),
        }
    }
}

impl Fixture {
    /// Asks a daemon that dies there, and the next one again.
    async fn dies_at<T>(&mut self, at: At, ask: impl AsyncFn(&Client) -> Result<T, Error>) -> T {
        let client = self.client_of_the_doomed(at, TABLE).await;
        assert_lost(ask(&client).await);
        self.dies_and_comes_back().await;
        ask(&self.client().await).await.unwrap()
    }

    async fn is_settled(&self, id: &str) {
        settled(&self.client().await, id).await.unwrap();
    }
}
