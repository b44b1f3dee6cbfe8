//! A caller's end of a connection: every line of the input is one frame of a daemon.
//!
//! Each is an answer or an error, at once. What was read comes through again unchanged when a daemon's end writes it.

#![no_main]

use std::io;

use futures::{FutureExt, SinkExt, StreamExt};
use greenroom_fuzz::Line;
use greenroom_protocol::service::GreenroomResponse;
use greenroom_protocol::transport;
use libfuzzer_sys::fuzz_target;
use tarpc::Response;

fuzz_target!(|input: &[u8]| {
    for frame in input.split(|byte| *byte == b'\n') {
        let Ok(answer) = read(frame) else { continue };
        let line = Line::default();
        let sent = transport::server(line.clone())
            .send(answer.clone())
            .now_or_never();
        sent.expect("writing never waits")
            .expect("an answer that was read can be written");
        let again = read(&line.hear_frames()[0]).expect("an answer that was written can be read");
        assert_eq!(written(&again), written(&answer));
    }
});

fn read(frame: &[u8]) -> io::Result<Response<GreenroomResponse>> {
    let line = Line::default();
    line.say_frame(frame);
    let read = transport::client(line).next().now_or_never();
    let read = read.expect("a whole frame is read at once");
    read.expect("the line goes on")
}

fn written(answer: &Response<GreenroomResponse>) -> serde_json::Value {
    serde_json::to_value(answer).expect("an answer that can be written")
}
