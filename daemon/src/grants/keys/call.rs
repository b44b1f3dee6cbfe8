//! Owns how a provider's API is called with somebody's keys: the token, one repetition where the
//! token was refused (safe, because a refused call was not carried out), and what is believed of
//! keys that are refused although they are good.
//!
//! Invariant: no refusal of a token gets out of here as a refusal of the call. Where not even
//! renewed keys are taken, the connection waits, and so does the caller.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use secrecy::SecretString;

use super::access::{access, access_after};
use crate::grants::connection::{self, Event};
use crate::grants::id::KeysFor;
use crate::grants::inner::{Inner, Uncertain};
use crate::grants::reason::{Reason, Unavailable};
use crate::grants::wire::backoff;
use crate::grants::{NoReply, Reply};

/// What an answer says of the keys it was asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysSeen {
    /// They were taken, whatever became of the call.
    Taken,
    /// They were refused, for this reason.
    Refused(Reason),
    /// Nothing.
    Unknown,
}

impl KeysSeen {
    /// What the answer of an API says where only 401 means the keys.
    #[must_use]
    pub fn in_answer(answer: &Result<Reply, NoReply>) -> Self {
        match answer {
            Ok(reply) if reply.status == 401 => Self::Refused(Reason::ProviderTrouble),
            Ok(reply) if reply.status < 500 => Self::Taken,
            _ => Self::Unknown,
        }
    }
}

/// Calls with the keys that are `wanted`: `ask` makes the request, `seen` reads what its answer says of the
/// keys.
pub(crate) async fn call<T, F: Future<Output = T>>(
    inner: &Arc<Inner>,
    wanted: KeysFor,
    ask: impl Fn(SecretString) -> F,
    seen: impl Fn(&T) -> KeysSeen,
) -> Result<T, Unavailable> {
    let token = access(inner, wanted).await?;
    let first = ask(token.secret).await;
    let KeysSeen::Refused(reason) = accepted(inner, wanted, seen(&first)) else {
        return Ok(first);
    };
    // Renewed since good keys were last refused, and refused again: another renewal would change
    // nothing.
    if is_uncertain_before(inner, wanted, token.made) {
        return Err(mark_uncertain(inner, wanted, token.made, reason).await);
    }
    let token = access_after(inner, wanted, token.made).await?;
    let second = ask(token.secret).await;
    let KeysSeen::Refused(reason) = accepted(inner, wanted, seen(&second)) else {
        return Ok(second);
    };
    // The provider's own trouble, for it renewed these keys a moment ago. It says nothing about
    // what was asked for.
    Err(mark_uncertain(inner, wanted, token.made, reason).await)
}

fn accepted(inner: &Inner, wanted: KeysFor, seen: KeysSeen) -> KeysSeen {
    if seen == KeysSeen::Taken {
        uncertain(inner).remove(&wanted);
    }
    seen
}

/// Writes down that not even a token `made` in a renewal was taken: what is broken must not
/// look connected. Until when callers wait; longer each time in a row, for every renewal in between
/// works.
async fn mark_uncertain(inner: &Inner, wanted: KeysFor, made: u64, reason: Reason) -> Unavailable {
    let reason = match reason {
        Reason::ProviderTrouble => reason.unless_the_clock_is_wrong(inner.http.skew()),
        named => named,
    };
    let times = {
        let mut uncertain = uncertain(inner);
        let known = uncertain.entry(wanted).or_default();
        known.generation = known.generation.max(made);
        known.times = known.times.saturating_add(1);
        known.times
    };
    let now = inner.clock.now();
    let next = now.plus_seconds(backoff::wait_seconds(times - 1));
    let who = wanted.who;
    let written = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, inner.terms(), who).await?;
        // Keys for another audience may have been renewed since; these were not.
        let generation = match inner.terms().has_audiences() {
            true => record.generation.max(made),
            false => made,
        };
        let refused = Event::RefreshFailed {
            generation,
            reason,
            lost: false,
            next,
        };
        match record.step(refused, now) {
            Some(next) => connection::write(&tx, inner.terms(), who, &next),
            None => Ok(()),
        }
    });
    if let Err(error) = written.await {
        tracing::error!(%who, %error, "write down that no token is taken");
    }
    Unavailable::Retrying { reason, next }
}

/// Whether good keys of an earlier generation were refused, and none taken since.
fn is_uncertain_before(inner: &Inner, wanted: KeysFor, made: u64) -> bool {
    let known = uncertain(inner).get(&wanted).copied();
    known.is_some_and(|known| known.generation < made)
}

fn uncertain(inner: &Inner) -> MutexGuard<'_, HashMap<KeysFor, Uncertain>> {
    inner
        .uncertain
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
