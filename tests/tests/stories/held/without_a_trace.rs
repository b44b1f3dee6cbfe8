//! A real daemon: after an erasure neither its log nor its answers know the name.

use std::time::Duration;

use greenroom::client::Raw;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{DANA, World, add_job, settled, zoom_interview};
use serde_json::json;

use crate::held::fixture::{EMAIL, quorl, words_in};

#[tokio::test]
async fn no_log_line_and_no_answer_knows_the_name() {
    let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    dana.candidate_add(quorl()).await.unwrap();
    world.connect_zoom(&dana, DANA).await.unwrap();
    let booked = dana
        .interview_new(zoom_interview(EMAIL, 120))
        .await
        .unwrap();
    let id = booked.interview.id.to_string();
    settled(&dana, &id).await.unwrap();
    dana.interview_cancel(Reference::to(&id).into())
        .await
        .unwrap();
    settled(&dana, &id).await.unwrap();
    dana.candidate_erase(Reference::to(EMAIL)).await.unwrap();

    let mut raw = Raw::open(&world.target()).await.unwrap();
    raw.hello(&world.target()).await.unwrap();
    for (method, arguments) in [
        ("Status", json!({})),
        ("Doctor", json!({})),
        ("JobList", json!({})),
        ("CandidateList", json!({"query": {}})),
        ("CandidateExportAll", json!({"query": {}})),
        ("InterviewList", json!({"query": {}})),
        ("InterviewGet", json!({"interview": {"reference": id}})),
        ("AuditList", json!({"query": {}})),
        ("Changes", json!({"query": {"after": 0, "wait_seconds": 0}})),
    ] {
        let answer = raw.call(method, arguments, Duration::from_secs(10)).await;
        let answer = answer.unwrap().to_string();
        assert_eq!(words_in(answer.as_bytes()), Vec::<&str>::new(), "{method}");
    }
    world.stop_daemon();
    let log = world.read_log();
    assert!(log.contains("ready"));
    assert_eq!(words_in(log.as_bytes()), Vec::<&str>::new());
}
