//! Reading from addresses that people give: where such an address may lead, and a client that goes
//! nowhere else.
//!
//! Owns which places may be read from ([`Network`], [`judge`]: pure) and the requests ([`Reader`]).
//! Invariants: what is connected to was judged when its name was resolved, for every redirect anew;
//! https only, but for this machine; a password goes to the server it was given for and to no other;
//! what comes is bounded in time, length and redirects, and nothing compressed is read, because it
//! swells; no text of a failure names more of an address than its host, because the rest may be a
//! secret. The proxies of the environment are not used: a proxy resolves names itself, and nothing
//! here could judge what it connects to. Must not know what is read.

mod answer;
mod place;
mod reader;
#[cfg(test)]
mod tests;

pub use self::answer::{Answer, Cause, NoAnswer};
pub use self::place::{Judgement, Network, NotANetwork, judge};
pub use self::reader::{Login, NoReader, Reader, Request, Verb};

use std::error::Error;

/// An error and what caused it, one by one. What an input error wraps is not its source: the
/// wrapped one's source is, so it is looked into here.
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error = *error;
        let wraps = error.downcast_ref::<std::io::Error>();
        match wraps.and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}
