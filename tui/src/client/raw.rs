//! Calls by name with JSON in and out, for `greenroom rpc` and for ending a daemon of another
//! version.
//!
//! Must not know a method's types: a method this build never heard of can be called.

use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use greenroom_protocol::transport::{LARGEST_FRAME, LONGEST_DEADLINE, NO_REQUEST};
use greenroom_protocol::{Error, ErrorKind, socket};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tarpc::ServerError;
use tokio::net::UnixStream;
use tokio_util::codec::{Framed, LengthDelimitedCodec};

use super::connect::{ConnectError, HELLO, greeting};
use super::failure::{late, lost, refused};
use super::{Target, connect};

/// A connection without types.
pub struct Raw {
    frames: Framed<UnixStream, LengthDelimitedCodec>,
    next_id: u64,
}

#[derive(Deserialize)]
struct Answer {
    request_id: u64,
    message: Result<Map<String, Value>, ServerError>,
}

impl Raw {
    /// Opens the socket; says no `hello` yet.
    ///
    /// # Errors
    /// Why nobody could be reached.
    pub async fn open(target: &Target) -> Result<Self, ConnectError> {
        let path = &target.socket.path;
        let stream = socket::connect(path)
            .await
            .map_err(|error| connect::ConnectError::from_io(path.clone(), error))?;
        let frames = LengthDelimitedCodec::builder()
            .max_frame_length(LARGEST_FRAME)
            .new_framed(stream);
        Ok(Self { frames, next_id: 0 })
    }

    /// The stream below, for the daemon's credentials.
    pub(super) fn stream(&self) -> &UnixStream {
        self.frames.get_ref()
    }

    /// The process behind the socket; `None` where the system does not say.
    pub fn process(&self) -> Option<u32> {
        let peer = self.stream().peer_cred().ok()?;
        peer.pid()?.try_into().ok()
    }

    /// Says `hello` as `target` wants; the answer is checked for nothing.
    ///
    /// # Errors
    /// What the daemon answered, or `unreachable`.
    pub async fn hello(&mut self, target: &Target) -> Result<Value, Error> {
        let hello = json!({ "client": greeting(target) });
        self.call("Hello", hello, HELLO).await
    }

    /// Calls `method` (`CandidateList` or `candidate_list`) with its arguments by name:
    /// `{"query":{…}}`.
    ///
    /// # Errors
    /// What the daemon answered; `usage` for a method or arguments it does not know; `unreachable`.
    pub async fn call(
        &mut self,
        method: &str,
        arguments: Value,
        time: Duration,
    ) -> Result<Value, Error> {
        let time = time.min(LONGEST_DEADLINE);
        tokio::time::timeout(time, self.exchange(method, arguments, time))
            .await
            .unwrap_or_else(|_| Err(late()))
    }

    /// Waits until the other side has closed the connection.
    pub(super) async fn closed(mut self) {
        while let Some(Ok(_)) = self.frames.next().await {}
    }

    async fn exchange(
        &mut self,
        method: &str,
        arguments: Value,
        time: Duration,
    ) -> Result<Value, Error> {
        let id = self.next_id;
        self.next_id += 1;
        let name = camel_case(method);
        let deadline = json!({ "secs": time.as_secs(), "nanos": time.subsec_nanos() });
        let request = json!({ "Request": {
            "context": { "deadline": deadline },
            "id": id,
            "message": { name: arguments },
        }});
        let frame = Bytes::from(request.to_string());
        if frame.len() > LARGEST_FRAME {
            return Err(Error::usage("The call is larger than 1 MiB"));
        }
        self.frames.send(frame).await.map_err(|_| lost())?;
        loop {
            let frame = self.frames.next().await.ok_or_else(lost)?;
            let frame = frame.map_err(|_| lost())?;
            let answer: Answer = serde_json::from_slice(&frame).map_err(|error| {
                Error::new(
                    ErrorKind::Version,
                    format!("Couldn't read the answer: {error}"),
                )
            })?;
            if answer.request_id == id || answer.request_id == NO_REQUEST {
                return outcome(answer);
            }
        }
    }
}

/// Takes the answer out of its wrapping: `{"Status":{"Ok":{…}}}`.
fn outcome(answer: Answer) -> Result<Value, Error> {
    let mut message = answer.message.map_err(refused)?;
    let name = message.keys().next().cloned().unwrap_or_default();
    let answer = message.remove(&name).unwrap_or_default();
    let unexpected = |error| {
        Error::new(
            ErrorKind::Version,
            format!("Couldn't read the answer: {error}"),
        )
    };
    let answer: Result<Value, Value> = serde_json::from_value(answer).map_err(unexpected)?;
    answer.map_err(|refusal| serde_json::from_value(refusal).unwrap_or_else(unexpected))
}

/// A method's name on the wire: `CandidateList` for `candidate_list` too.
pub(crate) fn camel_case(method: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    method.split('_').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_named_either_way() {
        for name in ["candidate_list", "CandidateList", "candidateList"] {
            assert_eq!(camel_case(name), "CandidateList");
        }
    }

    #[test]
    fn answers_come_out_of_their_wrapping() {
        let read = |text: &str| outcome(serde_json::from_str(text).unwrap());
        let done = read(r#"{"request_id":0,"message":{"Ok":{"Status":{"Ok":{"pid":7}}}}}"#);
        assert_eq!(done.unwrap(), json!({ "pid": 7 }));
        let refused = read(
            r#"{"request_id":0,"message":{"Ok":{"Status":{"Err":{"kind":"denied","message":"no"}}}}}"#,
        );
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Denied);
        let unknown =
            read(r#"{"request_id":0,"message":{"Err":{"kind":11,"detail":"unknown method `X`"}}}"#);
        assert_eq!(unknown.unwrap_err().kind, ErrorKind::Usage);
    }
}
