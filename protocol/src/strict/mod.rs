//! Requests are strict: a field that a method does not have is refused by name, however deep it
//! stands.
//!
//! A field that is ignored is worse than one that is refused: `{"dry-run":true}` would do what it
//! was meant to try out. Owns the tree of known fields, made once from the contract's own schema,
//! so that every method and every type that is added is in it. Invariant: `hello` is never refused
//! for what it has besides, as builds that know more say it to builds that know less. Replies
//! are not looked at: who reads them ignores what they do not know. Must not decode anything.

mod shape;
mod walk;

use std::collections::HashMap;

use serde::de::IgnoredAny;
use serde_json::Value;
use strsim::damerau_levenshtein;
use tarpc::{ClientMessage, Request};

use self::shape::REQUESTS;
use crate::service::GreenroomRequest;
use crate::text::printable;
use crate::{BUILD, Error, PROTOCOL};

/// What is repeated of a name a caller wrote, in characters.
const LONGEST_NAME: usize = 60;

/// Known fields that are listed where none is near.
const MOST_LISTED: usize = 20;

/// A field that is not of the contract.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Where it stands: `interview`, `panel`, `1`.
    path: Vec<String>,
    /// Its name.
    name: String,
    /// The fields there are.
    known: Vec<String>,
}

/// The other side of a connection, as its `hello` said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer {
    pub build: String,
    pub protocol: u32,
}

impl Peer {
    /// Who says `hello`; `None` for any other call.
    pub fn said_by(message: &ClientMessage<GreenroomRequest>) -> Option<Self> {
        let ClientMessage::Request(Request {
            message: GreenroomRequest::Hello { client },
            ..
        }) = message
        else {
            return None;
        };
        Some(Self {
            build: printable(&client.build, LONGEST_NAME),
            protocol: client.protocol,
        })
    }
}

/// The first field of a frame that its request does not have, as what the caller reads.
pub(crate) fn refuse(frame: &[u8], message: &str, peer: Option<&Peer>) -> Option<(String, Error)> {
    let mut json = serde_json::Deserializer::from_slice(frame);
    let mut unknown = walk::first_unknown(&REQUESTS, REQUESTS.frame, &mut json)?;
    let method = method(message)?;
    // Where it stands: ["Request", "message", method, …], or above of that, where `hello` may have
    // more too.
    let in_message = unknown.path.get(1).is_some_and(|it| it == "message");
    if (in_message && unknown.path.len() == 2) || (!in_message && method == "Hello") {
        return None;
    }
    unknown.path.drain(
        ..if in_message {
            3
        } else {
            unknown.path.len().min(1)
        },
    );
    let whose = if in_message { &method } else { "a request" };
    let caller = match peer {
        Some(Peer { build, protocol }) => {
            format!("the caller {build} (protocol {protocol})")
        }
        None => "the caller has not said its version".to_owned(),
    };
    let refusal = unknown.refusal(whose, &caller);
    Some((method, refusal))
}

/// The same for arguments that were not sent yet: what this build's contract says of them, for
/// daemons that ignore what they do not know. `None` also for a method this build has not heard of.
pub fn unknown_argument(method: &str, arguments: &Value, daemon: &str) -> Option<Error> {
    let method_shape = REQUESTS.method(method)?;
    let unknown = walk::first_unknown(&REQUESTS, method_shape, arguments)?;
    Some(unknown.refusal(method, &format!("the daemon {daemon}")))
}

/// Which argument of a method has this field: `interview` of `InterviewCancel` has `dry_run`.
/// `None` also for a method this build has not heard of.
pub fn argument_with(method: &str, field: &str) -> Option<&'static str> {
    let arguments = REQUESTS.fields(REQUESTS.method(method)?)?;
    let has = |shape| {
        REQUESTS
            .fields(shape)
            .is_some_and(|it| it.contains_key(field))
    };
    arguments
        .iter()
        .find(|(_, shape)| has(**shape))
        .map(|(name, _)| name.as_str())
}

/// The name of the method that is called, however it goes on.
pub(crate) fn method(message: &str) -> Option<String> {
    let message: HashMap<String, IgnoredAny> = serde_json::from_str(message).ok()?;
    message.into_keys().next()
}

impl Unknown {
    fn refusal(&self, whose: &str, other_side: &str) -> Error {
        let name = printable(&self.name, LONGEST_NAME);
        let mut path: Vec<_> = self
            .path
            .iter()
            .map(|it| printable(it, LONGEST_NAME))
            .collect();
        path.push(name);
        let field = path.join(".");
        let (near, listed) = match nearest(&self.name, &self.known) {
            Some(near) => (format!("; did you mean `{near}`?"), String::new()),
            None => (String::new(), listed(&self.known)),
        };
        Error::usage(format!("{whose} has no field `{field}`{near}"))
            .hint(format!(
                "{listed}this is greenroom {BUILD} (protocol {PROTOCOL}), {other_side}; a field that is newer than one of them needs both to be updated"
            ))
            .field(&field)
    }
}

fn listed(known: &[String]) -> String {
    if known.is_empty() {
        return "it has no fields; ".to_owned();
    }
    let shown = known[..known.len().min(MOST_LISTED)].join(", ");
    let more = if known.len() > MOST_LISTED {
        ", …"
    } else {
        ""
    };
    format!("its fields are {shown}{more}; ")
}

/// The known name somebody may have meant: the same letters written another way, or a slip of few
/// letters.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters
            .flat_map(char::to_lowercase)
            .take(LONGEST_NAME)
            .collect()
    };
    let meant = plain(name);
    let slips = |known: &str| damerau_levenshtein(&meant, &plain(known));
    let near = known
        .iter()
        .map(|known| (slips(known), known.as_str()))
        .min()?;
    let few = (meant.chars().count() / 3).max(1);
    (near.0 <= few).then_some(near.1)
}

#[cfg(test)]
mod tests;
