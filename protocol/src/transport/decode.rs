//! From the bytes of a frame to a request, or to the answer that says why not.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tarpc::{ClientMessage, Request, context, trace};

use super::{LONGEST_DEADLINE, NO_REQUEST, USUAL_DEADLINE};
use crate::Error;
use crate::service::GreenroomRequest;
use crate::strict::{self, Peer};
use crate::text::printable;

/// What is repeated of a method's name, in characters.
const LONGEST_NAME: usize = 60;

/// What a caller reads of a mistake, in characters. Errors of the JSON reader repeat what they
/// read, however long that is.
const LONGEST_DETAIL: usize = 500;

/// What a frame turned out to be.
pub(super) enum Frame {
    /// A request or a cancellation.
    Message(Box<ClientMessage<GreenroomRequest>>),
    /// Not understood: answer this and go on.
    Refused(Refusal),
    /// It has a field that its method does not have: answer this as the method would, and go on.
    Unknown(UnknownField),
    /// Not a message at all: answer this and close.
    Broken(Refusal),
}

#[derive(Deserialize)]
enum Envelope<'a> {
    #[serde(borrow)]
    Request(RawRequest<'a>),
    Cancel {
        request_id: u64,
    },
}

#[derive(Deserialize)]
struct RawRequest<'a> {
    #[serde(default)]
    context: RawContext,
    id: u64,
    #[serde(borrow)]
    message: &'a RawValue,
}

#[derive(Deserialize, Default)]
struct RawContext {
    deadline: Option<RawDeadline>,
}

#[derive(Deserialize)]
struct RawDeadline {
    secs: u64,
    #[serde(default)]
    nanos: u32,
}

pub(super) fn frame(bytes: &[u8], peer: Option<&Peer>) -> Frame {
    let request = match serde_json::from_slice(bytes) {
        Ok(Envelope::Request(request)) => request,
        Ok(Envelope::Cancel { request_id }) => {
            let trace_context = trace::Context::default();
            return Frame::Message(Box::new(ClientMessage::Cancel {
                trace_context,
                request_id,
            }));
        }
        Err(error) => return unreadable(bytes, &error),
    };
    let id = request.id;
    if let Some((method, error)) = strict::refuse(bytes, request.message.get(), peer) {
        return Frame::Unknown(UnknownField::new(id, method, error));
    }
    let deadline = match deadline(request.context.deadline) {
        Ok(deadline) => deadline,
        Err(detail) => return Frame::Refused(Refusal::new(id, &detail)),
    };
    let message = match serde_json::from_str(request.message.get()) {
        Ok(message) => message,
        Err(error) => {
            return Frame::Refused(Refusal::new(id, &misunderstood(request.message, &error)));
        }
    };
    let mut context = context::current();
    context.deadline = deadline;
    context.trace_context = trace::Context::default();
    Frame::Message(Box::new(ClientMessage::Request(Request {
        context,
        id,
        message,
    })))
}

/// A frame that is JSON and has an id can still be answered; anything else ends the connection.
fn unreadable(bytes: &[u8], error: &serde_json::Error) -> Frame {
    #[derive(Deserialize)]
    struct Id {
        id: u64,
    }
    #[derive(Deserialize)]
    struct Addressed {
        #[serde(rename = "Request")]
        request: Id,
    }
    match serde_json::from_slice::<Addressed>(bytes) {
        Ok(found) => Frame::Refused(Refusal::new(
            found.request.id,
            &format!("read the request: {error}"),
        )),
        Err(_) => Frame::Broken(Refusal::new(
            NO_REQUEST,
            &format!("read the frame: {error}"),
        )),
    }
}

fn deadline(asked: Option<RawDeadline>) -> Result<Instant, String> {
    let asked = match asked {
        None => USUAL_DEADLINE,
        Some(RawDeadline { secs, nanos }) => {
            Duration::from_secs(secs).saturating_add(Duration::from_nanos(nanos.into()))
        }
    };
    if asked.is_zero() || asked > LONGEST_DEADLINE {
        let most = LONGEST_DEADLINE.as_secs();
        return Err(format!(
            "read the deadline: it must be more than 0 and at most {most} seconds"
        ));
    }
    Ok(Instant::now() + asked)
}

fn misunderstood(message: &RawValue, error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("unknown variant") {
        // The list of every method that serde adds helps nobody in a line of an answer.
        let name = text.split('`').nth(1).unwrap_or_default();
        return format!("unknown method `{}`", printable(name, LONGEST_NAME));
    }
    match strict::method(message.get()) {
        Some(method) => format!(
            "read the arguments of {}: {text}",
            printable(&method, LONGEST_NAME)
        ),
        None => format!("read the call: {text}"),
    }
}

/// tarpc's number for [`std::io::ErrorKind::InvalidInput`]; its own error type cannot be made
/// outside of it.
const INVALID_INPUT: u32 = 11;

/// tarpc's number for [`std::io::ErrorKind::ConnectionRefused`].
const CONNECTION_REFUSED: u32 = 2;

/// The answer to a request that was not understood, in the shape tarpc reads.
#[derive(Serialize)]
pub(super) struct Refusal {
    request_id: u64,
    message: Result<(), RefusalBody>,
}

#[derive(Serialize)]
struct RefusalBody {
    kind: u32,
    detail: String,
}

impl Refusal {
    pub(super) fn new(request_id: u64, detail: &str) -> Self {
        Self::of(INVALID_INPUT, request_id, detail)
    }

    /// The whole connection is refused.
    pub(super) fn connection(why: &str) -> Self {
        Self::of(CONNECTION_REFUSED, NO_REQUEST, why)
    }

    fn of(kind: u32, request_id: u64, detail: &str) -> Self {
        let detail = printable(detail, LONGEST_DETAIL);
        Self {
            request_id,
            message: Err(RefusalBody { kind, detail }),
        }
    }

    /// As a frame's body. Numbers and text are always JSON.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The answer to a request with a field too many, in the shape of the method's own answers.
#[derive(Serialize)]
pub(super) struct UnknownField {
    request_id: u64,
    message: Result<HashMap<String, Result<(), Error>>, ()>,
}

impl UnknownField {
    fn new(request_id: u64, method: String, error: Error) -> Self {
        Self {
            request_id,
            message: Ok(HashMap::from([(method, Err(error))])),
        }
    }
}
