//! Candidates who have been in a stage too long without an interview.

use greenroom_protocol::pipeline::{CandidateMove, JobEdit};
use greenroom_protocol::today::{Today, TodayQuery};

use crate::today::fixture::{ANA, BEN, Fixture, HUGO, SAM, by_phone, today};

const A_DAY: i64 = 24 * 60 * 60;

/// Job, stage and how many, in the order they are shown.
fn stages(today: &Today) -> Vec<(&str, &str, u64)> {
    let waiting = today.waiting.iter();
    waiting
        .map(|it| (it.job_title.as_str(), it.stage_name.as_str(), it.candidates))
        .collect()
}

async fn moves(office: &Fixture, candidate: &str, stage: &str) {
    let to = CandidateMove {
        candidate: candidate.into(),
        stage: stage.into(),
        ..CandidateMove::default()
    };
    office.dana.candidate_move(to).await.unwrap();
}

#[tokio::test]
async fn who_has_been_in_a_stage_for_more_than_five_days_waits() {
    let office = Fixture::open().await;
    office.daemon.seconds_pass(5 * A_DAY - 1);
    assert!(stages(&office.today().await).is_empty());
    office.daemon.seconds_pass(2);
    let danas = office.today().await;
    assert_eq!(stages(&danas).len(), 2);
    assert_eq!((danas.waiting_total, danas.waiting_days), (2, 5));
    let hugos = today(&office.client(HUGO).await).await;
    assert_eq!(stages(&hugos), [("Designer", "Applied", 1)]);
    assert_eq!(hugos.waiting[0].longest[0].name, "Ana Lima");
    assert!(stages(&today(&office.client(SAM).await).await).is_empty());
    let longer = TodayQuery {
        waiting_days: Some(6),
        ..TodayQuery::default()
    };
    let longer = office.dana.today(longer).await.unwrap();
    assert!(stages(&longer).is_empty());
}

#[tokio::test]
async fn an_interview_a_move_and_the_end_of_the_pipeline_end_the_wait() {
    let office = Fixture::open().await;
    office.daemon.seconds_pass(6 * A_DAY);
    let start = (office.daemon.now().plus_minutes(48 * 60)).to_string();
    let interview = office.books(by_phone(ANA, &start)).await;
    assert_eq!(stages(&office.today().await), [("Welder", "Applied", 1)]);
    // A cancelled one is none.
    office.cancels(&interview).await;
    assert_eq!(office.today().await.waiting_total, 2);
    moves(&office, ANA, "Phone screen").await;
    assert_eq!(office.today().await.waiting_total, 1);
    office.daemon.seconds_pass(6 * A_DAY);
    assert_eq!(office.today().await.waiting_total, 2);
    moves(&office, BEN, "Hired").await;
    office.daemon.seconds_pass(6 * A_DAY);
    assert_eq!(
        stages(&office.today().await),
        [("Designer", "Phone screen", 1)]
    );
    let closed = JobEdit {
        job: "Designer".into(),
        open: Some(false),
        ..JobEdit::default()
    };
    office.dana.job_edit(closed).await.unwrap();
    assert_eq!(office.today().await.waiting_total, 0);
}

/// What is counted is exact again when the daemon begins anew.
#[tokio::test]
async fn who_waits_is_known_after_a_restart() {
    let office = Fixture::open().await;
    let start = (office.daemon.now().plus_minutes(48 * 60)).to_string();
    office.books(by_phone(ANA, &start)).await;
    office.daemon.seconds_pass(6 * A_DAY);
    let before = stages(&office.today().await)
        .into_iter()
        .map(|(job, stage, count)| (job.to_owned(), stage.to_owned(), count))
        .collect::<Vec<_>>();
    assert_eq!(before, [("Welder".to_owned(), "Applied".to_owned(), 1)]);
    let mut office = office;
    office.begins_again().await;
    let dana = office.daemon.user(1000).await.unwrap();
    let after = today(&dana).await;
    assert_eq!(stages(&after), [("Welder", "Applied", 1)]);
}

/// Who is rejected, or put on hold, waits for nothing; reopened they wait again.
#[tokio::test]
async fn only_active_applications_wait() {
    let office = Fixture::open().await;
    office.daemon.seconds_pass(6 * A_DAY);
    assert_eq!(office.today().await.waiting_total, 2);
    for (action, left) in [("reject", 1), ("reopen", 2), ("hold", 1)] {
        let change = serde_json::json!({"candidate": ANA, "action": action});
        let change = serde_json::from_value(change).unwrap();
        office.dana.candidate_state(change).await.unwrap();
        assert_eq!(office.today().await.waiting_total, left, "{action}");
    }
}
