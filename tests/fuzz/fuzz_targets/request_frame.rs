//! The daemon's end of a connection: every line of the input is one frame, what follows the last is the beginning of another.
//!
//! Each whole frame is handed on, or answered by its id, or ends the connection after one answer. What is handed on is what
//! was said, and comes through again unchanged when a caller's end writes it.

#![no_main]

use futures::{FutureExt, SinkExt, StreamExt};
use greenroom_fuzz::{Line, is_harmless};
use greenroom_protocol::service::GreenroomRequest;
use greenroom_protocol::transport::{self, LONGEST_DEADLINE, NO_REQUEST, ServerTransport};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tarpc::ClientMessage;

fuzz_target!(|input: &[u8]| {
    let line = Line::default();
    let mut daemon = transport::server(line.clone());
    let mut frames: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let rest = frames.pop().unwrap_or_default();
    for frame in frames {
        line.say_frame(frame);
        match heard(&mut daemon) {
            Heard::Handed(message) => is_what_was_said(message, frame),
            Heard::Nothing => is_answered(&line, frame),
            Heard::End => return ends_with_one_answer(&line, frame),
        }
    }
    // The beginning of a frame waits for the rest of it, or is too large already.
    line.say(rest);
    match heard(&mut daemon) {
        Heard::Handed(_) => {}
        Heard::Nothing => assert!(line.hear_frames().len() <= 1),
        Heard::End => assert_eq!(line.hear_frames().len(), 1),
    }
});

enum Heard {
    Handed(ClientMessage<GreenroomRequest>),
    /// It waits for more.
    Nothing,
    End,
}

fn heard(daemon: &mut ServerTransport<Line>) -> Heard {
    match daemon.next().now_or_never() {
        None => Heard::Nothing,
        Some(None) => Heard::End,
        Some(Some(message)) => Heard::Handed(message.expect("a line without errors")),
    }
}

fn is_what_was_said(message: ClientMessage<GreenroomRequest>, frame: &[u8]) {
    let said: Value = serde_json::from_slice(frame).unwrap_or_default();
    let (named, id) = match &message {
        ClientMessage::Request(request) => {
            let left = request.context.deadline - std::time::Instant::now();
            assert!(left <= LONGEST_DEADLINE);
            (&said["Request"]["id"], request.id)
        }
        ClientMessage::Cancel { request_id, .. } => (&said["Cancel"]["request_id"], *request_id),
        other => panic!("{other:?} is not of this protocol"),
    };
    assert!(named.is_null() || *named == id, "{named} became {id}");
    let before = written(&message);
    assert_eq!(written(&written_and_read(message)), before);
}

/// What the daemon's end makes of it once a caller's end has written it.
fn written_and_read(message: ClientMessage<GreenroomRequest>) -> ClientMessage<GreenroomRequest> {
    let (caller, daemon) = (Line::default(), Line::default());
    let sent = transport::client(caller.clone())
        .send(message)
        .now_or_never();
    sent.expect("writing never waits")
        .expect("a request that was read can be written");
    daemon.say(&caller.hear());
    match heard(&mut transport::server(daemon)) {
        Heard::Handed(message) => message,
        _ => panic!("it was not handed on again"),
    }
}

/// A message without what time changes.
fn written(message: &ClientMessage<GreenroomRequest>) -> Value {
    let mut written = serde_json::to_value(message).expect("a message that can be written");
    if let Some(context) = written.pointer_mut("/Request/context") {
        context.take();
    }
    written
}

fn is_answered(line: &Line, frame: &[u8]) {
    let answers = line.hear_frames();
    assert_eq!(answers.len(), 1, "a frame without an answer");
    let answer = refusal(&answers[0]);
    let said: Value = serde_json::from_slice(frame).unwrap_or_default();
    let named = &said["Request"]["id"];
    assert!(
        named.is_null() || answer == *named,
        "{named} was answered as {answer}"
    );
}

fn ends_with_one_answer(line: &Line, frame: &[u8]) {
    let answers = line.hear_frames();
    assert_eq!(answers.len(), 1, "an end without an answer");
    assert_eq!(refusal(&answers[0]), NO_REQUEST);
    // With an id that stands there once, the connection would have gone on.
    let said: Value = serde_json::from_slice(frame).unwrap_or_default();
    let text = String::from_utf8_lossy(frame);
    let once = |word: &str| text.matches(word).count() == 1 && !text.contains('\\');
    let addressed = said["Request"]["id"].is_u64() && once("\"id\"") && once("\"Request\"");
    assert!(!addressed, "it could have been answered by its id");
}

/// The id a refusal is for. Its words are short and steer no terminal.
fn refusal(answer: &[u8]) -> u64 {
    let answer: Value = serde_json::from_slice(answer).expect("an answer in JSON");
    // An unknown field is answered as its method would answer.
    let method = answer["message"]["Ok"].as_object();
    let unknown_field = method.and_then(|it| it.values().next());
    let words = match unknown_field {
        Some(answer) => {
            let refusal = &answer["Err"];
            assert_eq!(refusal["kind"], "usage");
            vec![&refusal["message"], &refusal["hint"], &refusal["field"]]
        }
        None => vec![&answer["message"]["Err"]["detail"]],
    };
    for words in words {
        let words = words.as_str().expect("a refusal with words");
        assert!(is_harmless(words), "{words:?}");
    }
    answer["request_id"].as_u64().expect("a refusal with an id")
}
