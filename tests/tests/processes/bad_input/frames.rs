//! Frames: random, cut short, too large, too many, and well-formed ones that ask for nonsense.

use std::collections::HashSet;

use greenroom_protocol::transport::{LARGEST_FRAME, NO_REQUEST};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::bad_input::line::{Line, assert_unharmed, world};

fn detail(answer: &Value) -> &str {
    answer["message"]["Err"]["detail"]
        .as_str()
        .unwrap_or_default()
}

#[tokio::test]
async fn nonsense_ends_only_the_connection_it_came_on() {
    let (world, dana) = world().await;
    let mut runner = TestRunner::deterministic();
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    for _ in 0..200 {
        let nonsense = bytes.new_tree(&mut runner).unwrap().current();
        // As a body, and with a length of its own making.
        let mut line = Line::open(&world).await;
        line.frame(&nonsense).await;
        let answer = line.answer().await.unwrap();
        assert_eq!(answer["request_id"], NO_REQUEST, "{nonsense:?}");
        assert!(detail(&answer).starts_with("read the frame"), "{answer}");
        assert_eq!(line.answer().await, None, "one answer, then the end");

        let mut line = Line::open(&world).await;
        line.raw(&nonsense).await;
        line.hang_up().await;
        while line.answer().await.is_some() {}
    }
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn a_frame_cut_short_anywhere_does_nothing() {
    let (world, dana) = world().await;
    let hello = json!({"Request": {"id": 0, "message": {"Hello": {"client": {"protocol": 1, "build": "test"}}}}});
    let body = hello.to_string();
    let whole = [
        &u32::try_from(body.len()).unwrap().to_be_bytes(),
        body.as_bytes(),
    ]
    .concat();
    for end in 0..whole.len() {
        let mut line = Line::open(&world).await;
        line.raw(&whole[..end]).await;
        line.hang_up().await;
        assert_eq!(line.answer().await, None, "cut at {end}");
    }
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn a_frame_that_says_it_is_too_large_is_refused_before_it_is_read() {
    let (world, dana) = world().await;
    for length in [u32::try_from(LARGEST_FRAME).unwrap() + 1, u32::MAX] {
        let mut line = Line::open(&world).await;
        line.raw(&length.to_be_bytes()).await;
        let answer = line.answer().await.unwrap();
        assert_eq!(answer["request_id"], NO_REQUEST);
        assert!(detail(&answer).contains("1 MiB"), "{answer}");
        assert_eq!(line.answer().await, None);
    }
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn a_call_that_cannot_be_understood_is_answered_by_its_id() {
    let (world, dana) = world().await;
    let mut line = Line::greeted(&world).await;
    let table = [
        (json!({"Conquer": {}}), "unknown method `Conquer`"),
        (
            json!({"CandidateGet": {}}),
            "read the arguments of CandidateGet: missing field",
        ),
        (
            json!({"CandidateGet": {"candidate": 7}}),
            "read the arguments of CandidateGet",
        ),
        (
            json!({"InterviewNew": {"interview": {"candidate": "x", "start": "y", "duration_minutes": -1}}}),
            "read the arguments of InterviewNew",
        ),
        (json!("Status"), "read the c"),
        (json!([1, 2]), "read the call"),
        (json!(null), "read the call"),
    ];
    for (id, (message, expected)) in (10..).zip(table) {
        line.call(id, message.clone()).await;
        let answer = line.answer().await.unwrap();
        assert_eq!(answer["request_id"], id, "{message}");
        assert!(detail(&answer).starts_with(expected), "{message}: {answer}");
    }
    line.call(99, json!({"Status": {}})).await;
    let answer = line.answer().await.unwrap();
    assert!(
        answer["message"]["Ok"]["Status"]["Ok"].is_object(),
        "{answer}"
    );
    assert_unharmed(&world, &dana).await;
}

/// Case C4: a field a method does not have is refused as the method's own answer, and the daemon
/// did nothing.
#[tokio::test]
async fn an_unknown_field_is_refused_by_name_and_nothing_is_done() {
    let (world, dana) = world().await;
    let mut line = Line::greeted(&world).await;
    for (id, argument, message) in [
        (
            1,
            json!({"reference": "ana.lima@mail.example", "dry-run": true}),
            "CandidateErase has no field `candidate.dry-run`; did you mean `dry_run`?",
        ),
        (
            2,
            json!({"refrence": "ana.lima@mail.example"}),
            "CandidateErase has no field `candidate.refrence`; did you mean `reference`?",
        ),
    ] {
        line.call(id, json!({"CandidateErase": {"candidate": argument}}))
            .await;
        let answer = line.answer().await.unwrap();
        assert_eq!(answer["request_id"], id);
        let refusal = &answer["message"]["Ok"]["CandidateErase"]["Err"];
        assert_eq!(
            (&refusal["kind"], &refusal["message"]),
            (&json!("usage"), &json!(message))
        );
        assert!(refusal["field"].as_str().unwrap().starts_with("candidate."));
        let hint = refusal["hint"].as_str().unwrap();
        assert!(hint.contains("the caller test (protocol 1)"), "{hint}");
    }
    line.call(
        3,
        json!({"Hello": {"client": {"protocol": 1, "build": "test", "since": {"version": 9}}, "more": []}}),
    )
    .await;
    let answer = line.answer().await.unwrap();
    assert!(
        answer["message"]["Ok"]["Hello"]["Ok"].is_object(),
        "{answer}"
    );
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn a_deadline_that_cannot_be_is_answered_by_id() {
    let (world, dana) = world().await;
    let mut line = Line::greeted(&world).await;
    let impossible = [
        json!({"secs": 0, "nanos": 0}),
        json!({"secs": 3601, "nanos": 0}),
        json!({"secs": u64::MAX, "nanos": u32::MAX}),
        json!({"secs": -5, "nanos": 0}),
        json!({"secs": "soon"}),
        json!("tomorrow"),
    ];
    for (id, deadline) in (10..).zip(impossible) {
        let request = json!({"Request": {"context": {"deadline": deadline}, "id": id, "message": {"Status": {}}}});
        line.frame(request.to_string().as_bytes()).await;
        let answer = line.answer().await.unwrap();
        assert_eq!(answer["request_id"], id, "{deadline}");
        assert!(
            detail(&answer).starts_with("read the"),
            "{deadline}: {answer}"
        );
    }
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn nothing_but_hello_is_answered_first() {
    let (world, dana) = world().await;
    let mut line = Line::open(&world).await;
    for (id, message) in (1..).zip([
        json!({"Status": {}}),
        json!({"CandidateList": {"query": {}}}),
        json!({"Shutdown": {}}),
    ]) {
        let method = message.as_object().unwrap().keys().next().unwrap().clone();
        line.call(id, message).await;
        let answer = line.answer().await.unwrap();
        let refusal = &answer["message"]["Ok"][&method]["Err"];
        assert_eq!(refusal["kind"], "usage", "{answer}");
        assert!(
            refusal["message"]
                .as_str()
                .unwrap()
                .contains("no hello yet")
        );
    }
    line.call(
        9,
        json!({"Hello": {"client": {"protocol": 0, "build": "0.0.1"}}}),
    )
    .await;
    let answer = line.answer().await.unwrap();
    assert_eq!(
        answer["message"]["Ok"]["Hello"]["Err"]["kind"], "version",
        "{answer}"
    );
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn a_thousand_calls_sent_at_once_are_each_answered_once() {
    let (world, dana) = world().await;
    let line = Line::greeted(&world).await;
    let ask = |id| (id, json!({"CandidateList": {"query": {"text": "ana"}}}));
    let mut answers = line.pipeline((1..=1000).map(ask)).await;
    let mut waited_for: HashSet<u64> = (1..=1000).collect();
    let mut served = 0;
    while !waited_for.is_empty() {
        let answer = answers.next().await.unwrap();
        let id = answer["request_id"].as_u64().unwrap();
        assert!(waited_for.remove(&id), "{id} is answered twice");
        match answer["message"]["Ok"]["CandidateList"]["Ok"]["total"].as_u64() {
            Some(total) => {
                assert_eq!(total, 1);
                served += 1;
            }
            // Too many under way: said by id, so that it can be asked again.
            None => assert!(answer["message"]["Err"]["kind"].is_u64(), "{answer}"),
        }
    }
    assert!(served >= 1);
    assert_unharmed(&world, &dana).await;
}

#[tokio::test]
async fn giving_up_calls_that_were_never_made_is_nothing() {
    let (world, dana) = world().await;
    let mut line = Line::greeted(&world).await;
    for id in [0, 7, u64::MAX] {
        line.frame(json!({"Cancel": {"request_id": id}}).to_string().as_bytes())
            .await;
    }
    line.call(1, json!({"Status": {}})).await;
    assert_eq!(line.answer().await.unwrap()["request_id"], 1);
    assert_unharmed(&world, &dana).await;
}
