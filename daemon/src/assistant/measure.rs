//! Labelled replies, read for a caller who wants to know how well that goes.

use greenroom_protocol::Error;
use greenroom_protocol::reply::{AssistantEval, EvalReport};

use crate::access::RequestContext;
use crate::replies;
use crate::services::Services;

/// The longest set, in bytes: with its escapes it fits into one frame.
const LONGEST: usize = 768 << 10;

/// The figures of labelled sets.
///
/// # Errors
/// Usage: a set that is too long, or a line that is not written as one of a set.
pub async fn eval(
    _: &Services,
    _: &RequestContext,
    request: AssistantEval,
) -> Result<EvalReport, Error> {
    if request.set.len() > LONGEST {
        let why = format!("The set has more than {LONGEST} bytes");
        return Err(Error::usage(why).field("set"));
    }
    let read = tokio::task::spawn_blocking(move || replies::eval(&request.set));
    let read = read.await.map_err(|error| {
        tracing::error!(%error, "reading a set of replies crashed");
        Error::failed("The set could not be read")
    })?;
    read.map_err(|why| Error::usage(why.to_string()).field("set"))
}
