//! Owns what follows fresh keys: Zoom is asked whose they are, and of two consents of one user
//! which came last; then it is settled.
//!
//! Invariant: keys of which Zoom could not be asked stay pending, for revoking them could end a
//! holder's connection.

use std::sync::Arc;
use std::time::Duration;

use greenroom_protocol::id::AttemptId;

use crate::failpoint::{Point, failpoint};
use crate::grants::Inner;
use crate::grants::connection::Profile;
use crate::grants::consent::attempt::{AttemptRecord, Stage};
use crate::grants::consent::bind_grant::{self, Asked, Fresh, Verdict};
use crate::grants::consent::error::ConnectError;
use crate::grants::consent::finish::{Pending, end};
use crate::grants::id::Who;
use crate::grants::keys::revoke;
use crate::grants::keys::{self, Pair};
use crate::grants::reason::Reason;
use crate::grants::wire::skew::Skew;
use crate::store::GLOBAL;
use crate::vault::VaultError;
use crate::zoom::api;
use crate::zoom::outcome::{Outcome, Refusal, RefusalReason, printable};

/// How often Zoom is asked who a fresh grant belongs to before it is given up, a second longer
/// between each.
const VERIFY_TRIES: u64 = 6;

/// Asks whose the pending keys are, and settles it.
pub(crate) async fn verify(inner: &Arc<Inner>, id: AttemptId) -> Result<Who, ConnectError> {
    let found = inner.store.transact(|tx| async move {
        let attempt = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await?;
        let pending = inner
            .vault
            .get::<Pending>(&tx, GLOBAL, &keys::pending(id))
            .await?;
        Ok::<_, VaultError>(attempt.zip(pending))
    });
    let (attempt, pending) = found.await?.0.ok_or(ConnectError::Gone)?;
    let Stage::Verifying { scopes, .. } = &attempt.stage else {
        return Err(ConnectError::Gone);
    };
    let user = match who_is(inner, &pending.pair).await {
        Ok(user) => user,
        // They stay pending: revoking them could end the connection of a holder nobody has asked
        // for yet.
        Err(Unknown::Yet(reason)) => return Err(ConnectError::Unverified(reason)),
        Err(Unknown::Refused(reason)) => {
            end(inner, id, reason).await?;
            return Err(ConnectError::Failed(reason));
        }
    };
    failpoint(Point::UserKnown);
    let mut fresh = Fresh {
        attempt: id,
        pair: &pending.pair,
        scopes,
        user: &user,
        asked: None,
    };
    let (verdict, set_aside) = loop {
        let known = &fresh;
        let settled = inner
            .store
            .transact(|tx| async move { bind_grant::settle(inner, &tx, known).await });
        match settled.await?.0 {
            (Verdict::Beside(rival), _) => {
                let lives = live(inner, &pending.pair).await;
                fresh.asked = Some(Asked {
                    beside: rival,
                    lives,
                });
            }
            settled => break settled,
        }
    };
    failpoint(Point::ConnectSettled);
    for retiring in set_aside {
        revoke::now(inner, &retiring).await;
    }
    match verdict {
        Verdict::Connected => Ok(attempt.who()),
        Verdict::Held(holder) => Err(ConnectError::Held(holder)),
        Verdict::WrongUser => Err(ConnectError::WrongUser {
            got: printable(&user.email),
            expected: attempt.expected_email,
        }),
        Verdict::Gone | Verdict::Beside(_) => Err(ConnectError::Gone),
    }
}

/// Why it is not known whose keys are.
enum Unknown {
    /// Zoom will not say.
    Refused(Reason),
    /// It could not be asked; the keys may be good.
    Yet(Reason),
}

/// Whether the keys are still good. Zoom said so a moment ago, so without an answer they are.
async fn live(inner: &Inner, pair: &Pair) -> bool {
    let Outcome::Refused(refusal) = api::me(inner, &pair.access).await else {
        return true;
    };
    refusal.reason != RefusalReason::Unauthorized
}

/// Why Zoom will not say whose keys are. `None` where it does not take keys that it has just made
/// and names no reason: it may in a moment. A wrong clock is a reason.
fn refused(refusal: &Refusal, skew: Option<Skew>) -> Option<Reason> {
    let code = refusal.code.and_then(|code| u64::try_from(code).ok());
    match (&refusal.reason, Reason::of_token_code(code)) {
        (RefusalReason::MissingScope(_), _) => Some(Reason::ScopeMissing),
        (_, Some(named)) => Some(named),
        (RefusalReason::Unauthorized, None) => {
            let reason = Reason::ZoomTrouble.unless_the_clock_is_wrong(skew);
            (reason == Reason::ClockWrong).then_some(reason)
        }
        _ => Some(Reason::ZoomTrouble),
    }
}

async fn who_is(inner: &Inner, pair: &Pair) -> Result<Profile, Unknown> {
    let mut reason = Reason::Unreachable;
    for tried in 1..=VERIFY_TRIES {
        match api::me(inner, &pair.access).await {
            Outcome::Done(user) => return Ok(user),
            Outcome::Refused(refusal) => match refused(&refusal, inner.http.skew()) {
                Some(reason) => return Err(Unknown::Refused(reason)),
                None => reason = Reason::ZoomTrouble,
            },
            Outcome::Limited { .. } => reason = Reason::Limited,
            Outcome::Lost(_) => reason = Reason::ZoomTrouble,
            Outcome::NotSent(_) | Outcome::Disconnected(_) => reason = Reason::Unreachable,
        }
        if tried < VERIFY_TRIES {
            tokio::time::sleep(Duration::from_secs(tried)).await;
        }
    }
    Err(Unknown::Yet(reason))
}
