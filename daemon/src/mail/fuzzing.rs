//! What the fuzz target of mail servers reaches into this room for: the meaning given to what they
//! answer, without a server. Built with the tests too, so that it goes with the room.

use greenroom_protocol::time::Instant;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use url::Url;
use zeroize::Zeroizing;

use super::graph::fuzzing as graph;
use super::refusal::{Refusal, With};
use crate::grants::Reply;
use crate::outbox::Handed;

/// Where Graph is.
pub const GRAPH: &str = "https://graph.microsoft.com/v1.0";

/// What people read where a server refuses a log-in in these words: by SMTP with this code, and by
/// IMAP.
pub fn log_in_refused(code: u16, words: &str) -> Vec<String> {
    let mut read = Vec::new();
    for with in [With::Password, With::Token] {
        for refusal in [
            Refusal::of_smtp(code, words, with),
            Refusal::of_imap(words, with),
        ] {
            read.push(refusal.text());
            read.extend(refusal.hint("interviews@acme.example"));
        }
    }
    read
}

/// What becomes of a message that Graph answers like this, other than that it took it.
pub fn sent(status: u16, retry_after: &[u8], body: &[u8], now: Instant) -> Handed {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(retry_after) {
        headers.insert(RETRY_AFTER, value);
    }
    let reply = Reply {
        status,
        headers,
        body: Zeroizing::new(body.to_vec()),
    };
    graph::sent(&reply, now)
}

/// Where a page of a folder's changes leads, and the names of messages on it; `None`: it is none.
pub fn page(body: &[u8]) -> Option<(String, Vec<String>)> {
    graph::page(&Url::parse(GRAPH).ok()?, body)
}
