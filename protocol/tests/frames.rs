//! What the daemon's end of a connection says to callers who make mistakes.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};
use greenroom_protocol::transport::{self, LARGEST_FRAME, NO_REQUEST};
use proptest::prelude::*;
use serde_json::{Value, json};
use tarpc::ClientMessage;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

/// Writes one frame; reads the daemon's next one.
struct Caller(DuplexStream);

impl Caller {
    async fn send(&mut self, body: &[u8]) {
        let length = u32::try_from(body.len()).expect("a frame's length");
        self.0
            .write_all(&length.to_be_bytes())
            .await
            .expect("write the length");
        self.0.write_all(body).await.expect("write the body");
    }

    async fn answer(&mut self) -> Option<Value> {
        let length = self.0.read_u32().await.ok()?;
        let mut body = vec![0; length as usize];
        self.0.read_exact(&mut body).await.ok()?;
        serde_json::from_slice(&body).ok()
    }
}

/// A caller, and a daemon's end that hands on what it understood.
fn connection() -> (
    Caller,
    tokio::sync::mpsc::UnboundedReceiver<ClientMessage<GreenroomRequest>>,
) {
    let (near, far) = tokio::io::duplex(4 * LARGEST_FRAME);
    let (send, receive) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut server = transport::server(far);
        while let Some(Ok(message)) = server.next().await {
            send.send(message).ok();
        }
        server.close().await.ok();
    });
    (Caller(near), receive)
}

fn request(id: u64, deadline: Value, message: Value) -> Vec<u8> {
    json!({"Request": {"context": {"deadline": deadline}, "id": id, "message": message}})
        .to_string()
        .into_bytes()
}

#[tokio::test]
async fn mistakes_are_answered_by_id_and_the_connection_goes_on() {
    let (mut caller, mut understood) = connection();
    let ten = json!({"secs": 10, "nanos": 0});
    for (bad, says) in [
        (
            request(1, ten.clone(), json!({"Sing": {}})),
            "unknown method `Sing`",
        ),
        (
            request(1, ten.clone(), json!({"CandidateGet": {"candidate": 7}})),
            "arguments of CandidateGet",
        ),
        (request(1, ten.clone(), json!(17)), "read the call"),
        (
            request(
                1,
                json!({"secs": u64::MAX, "nanos": 0}),
                json!({"Status": {}}),
            ),
            "deadline",
        ),
        (
            request(
                1,
                json!({"secs": 94_608_000, "nanos": 0}),
                json!({"Status": {}}),
            ),
            "deadline",
        ),
        (
            request(1, json!({"secs": 0, "nanos": 0}), json!({"Status": {}})),
            "deadline",
        ),
        (
            request(1, json!("soon"), json!({"Status": {}})),
            "read the request",
        ),
    ] {
        caller.send(&bad).await;
        let answer = caller.answer().await.expect("an answer");
        assert_eq!(answer["request_id"], 1, "{answer}");
        let detail = answer["message"]["Err"]["detail"]
            .as_str()
            .expect("a detail");
        assert!(detail.contains(says), "{detail} should say {says}");
    }
    caller.send(&request(2, ten, json!({"Status": {}}))).await;
    assert!(matches!(understood.recv().await, Some(ClientMessage::Request(it)) if it.id == 2));
}

#[tokio::test]
async fn a_call_may_leave_out_deadline_and_trace() {
    let (mut caller, mut understood) = connection();
    caller
        .send(br#"{"Request":{"id":3,"message":{"Status":{}}}}"#)
        .await;
    let Some(ClientMessage::Request(request)) = understood.recv().await else {
        panic!("a request")
    };
    let left = request
        .context
        .deadline
        .saturating_duration_since(std::time::Instant::now());
    assert!(left > Duration::from_secs(5) && left <= Duration::from_secs(10));
}

#[tokio::test]
async fn a_request_whose_id_is_in_flight_is_refused_by_that_id() {
    let (near, far) = tokio::io::duplex(4 * LARGEST_FRAME);
    let mut caller = Caller(near);
    let mut server = transport::server(far);
    let ten = json!({"secs": 10, "nanos": 0});
    let status = |id| request(id, ten.clone(), json!({"Status": {}}));
    let twice_then_other = async {
        caller.send(&status(7)).await;
        caller.send(&status(7)).await;
        caller.send(&status(8)).await;
        caller.answer().await.expect("an answer")
    };
    let two = async { [server.next().await, server.next().await] };
    let (refusal, understood) = tokio::join!(twice_then_other, two);
    assert_eq!(refusal["request_id"], 7);
    let detail = refusal["message"]["Err"]["detail"].to_string();
    assert!(detail.contains("another request with this id"), "{detail}");
    let ids = understood.map(|it| match it {
        Some(Ok(ClientMessage::Request(request))) => request.id,
        _ => panic!("a request"),
    });
    assert_eq!(ids, [7, 8]);

    // Answered or given up, an id may be used again.
    let answer = tarpc::Response {
        request_id: 7,
        message: Ok(GreenroomResponse::Shutdown(Ok(()))),
    };
    server.send(answer).await.expect("send");
    assert!(caller.answer().await.expect("an answer")["message"]["Ok"].is_object());
    caller.send(&status(7)).await;
    let cancel = json!({"Cancel": {"request_id": 8}});
    caller.send(cancel.to_string().as_bytes()).await;
    caller.send(&status(8)).await;
    for expected in [Some(7), None, Some(8)] {
        let id = match server.next().await {
            Some(Ok(ClientMessage::Request(request))) => Some(request.id),
            Some(Ok(_)) => None,
            _ => panic!("a message"),
        };
        assert_eq!(id, expected);
    }
}

#[tokio::test]
async fn an_unreadable_frame_gets_one_error_and_the_end() {
    let (mut caller, _understood) = connection();
    caller.send(b"\xff\xfe not json").await;
    let answer = caller.answer().await.expect("an answer");
    assert_eq!(answer["request_id"], NO_REQUEST);
    assert_eq!(caller.answer().await, None);
}

#[tokio::test]
async fn what_a_mistake_says_is_repeated_shortly_and_steers_no_terminal() {
    let (mut caller, _understood) = connection();
    // As an answer, a name this long would be larger than a frame.
    let hostile = "\u{1b}".repeat(LARGEST_FRAME / 8);
    let ten = json!({"secs": 10, "nanos": 0});
    let arguments = json!({"InterviewList": {"query": {"status": [hostile]}}});
    for (bad, id) in [
        (request(1, ten.clone(), json!({&hostile: {}})), 1),
        (request(2, ten, arguments), 2),
        (json!({&hostile: {}}).to_string().into_bytes(), NO_REQUEST),
    ] {
        caller.send(&bad).await;
        let answer = caller.answer().await.expect("an answer");
        assert_eq!(answer["request_id"], id);
        let detail = answer["message"]["Err"]["detail"].as_str();
        let detail = detail.expect("a detail");
        assert!(detail.len() <= 500, "{} bytes", detail.len());
        assert!(!detail.contains(char::is_control), "{detail:?}");
    }
}

#[tokio::test]
async fn an_oversized_frame_gets_one_error_and_the_end() {
    let (mut caller, _understood) = connection();
    caller
        .0
        .write_all(&u32::MAX.to_be_bytes())
        .await
        .expect("write the length");
    let answer = caller.answer().await.expect("an answer");
    assert!(answer.to_string().contains("larger than 1 MiB"), "{answer}");
    assert_eq!(caller.answer().await, None);
}

proptest! {
    #[test]
    fn any_frame_is_understood_answered_or_ends_the_connection(
        bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..64), 1..8)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async move {
            let (mut caller, understood) = connection();
            for body in &bodies {
                caller.send(body).await;
            }
            caller.0.shutdown().await.expect("say that nothing follows");
            let mut answers = 0;
            while caller.answer().await.is_some() {
                answers += 1;
            }
            assert!(answers <= 1 && understood.is_empty(), "random bytes are never a call");
        });
    }
}
