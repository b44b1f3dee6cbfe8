//! Killed while letters leave: each arrives, and none a second time once it is recorded as sent.

use std::os::unix::process::ExitStatusExt as _;

use greenroom_protocol::interview::{AttendeeState, InterviewNew, MeetingType};
use greenroom_tests::harness::{when, zoom_interview};
use greenroomd::failpoint::{ARMED, Point, VARIABLE};
use rustix::process::Signal;

use super::At;
use super::fixture::{ANA, Fixture};
use crate::faults::accounts;
use crate::faults::receiver::Receiver;

/// Interviews whose letters leave in the same moment, one to Ana and one to Dana each.
const INTERVIEWS: i64 = 5;

/// Of commits, those that write letters: one before a letter leaves, one after.
const POINTS: [At; 7] = {
    use Point as P;
    [
        (P::CommitApplied, 1),
        (P::CommitDurable, 1),
        (P::LetterNoted, 1),
        (P::LetterNoted, 4),
        (P::LetterLeft, 1),
        (P::LetterLeft, 3),
        (P::CommitDurable, 2),
    ]
};

pub fn points() -> Vec<Point> {
    POINTS.iter().map(|(point, _)| *point).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_letter_arrives_and_none_again_once_it_is_recorded() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::with_lasting_keys().await;
    let mut receiver = Receiver::open(&mut desk.world).await;
    let client = desk.client().await;
    let mut booked = Vec::new();
    for number in 0..INTERVIEWS {
        let by_phone = InterviewNew {
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            ..zoom_interview(ANA, 30 * number + 7 * 24 * 60)
        };
        booked.push(client.interview_new(by_phone).await.unwrap().interview.id);
    }
    for (point, time) in POINTS {
        desk.world.kill_daemon();
        let named = match point {
            Point::CommitApplied | Point::CommitDurable => format!("{point:?}:{time}/outbox"),
            _ => format!("{point:?}:{time}"),
        };
        desk.world.start_daemon(&[(VARIABLE, &named)]).unwrap();
        let ended = desk.world.daemon_ended().await.unwrap();
        assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "{named}");
    }
    desk.world.run_daemon().await.unwrap();
    let client = desk.client().await;
    receiver
        .nothing_recorded_is_taken_again(&client, "after the last")
        .await;
    for id in booked {
        let invited = |it: &greenroom_protocol::interview::Interview| {
            let mut states = it.attendees.iter().map(|it| it.state);
            states.all(|state| state == AttendeeState::Invited)
        };
        when(&client, &id.to_string(), invited).await.unwrap();
    }
    receiver
        .nothing_recorded_is_taken_again(&client, "at last")
        .await;
    let interviews = accounts::interviews(&client).await;
    receiver.everybody_knows(&interviews, "at last").await;
    eprintln!("{}", receiver.tell());
}
