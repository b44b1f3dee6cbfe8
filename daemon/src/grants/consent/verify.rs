//! Owns what follows fresh keys: the provider is asked whose they are, and of two consents of one
//! user which came last; then they are bound.
//!
//! Invariant: keys of which the provider could not be asked stay pending, for revoking them could
//! end a holder's connection.

use std::sync::Arc;
use std::time::Duration;

use greenroom_protocol::id::AttemptId;

use crate::failpoint::{Point, failpoint};
use crate::grants::connection::Profile;
use crate::grants::consent::attempt::{AttemptRecord, Pending, Stage};
use crate::grants::consent::bind_grant::{self, Asked, Fresh, Verdict};
use crate::grants::consent::ending;
use crate::grants::consent::error::{ConnectFailure, printable};
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::keys::revoke;
use crate::grants::keys::{self, Pair};
use crate::grants::provider::Unidentified;
use crate::grants::reason::Reason;
use crate::store::GLOBAL;
use crate::vault::VaultError;

/// How often it is asked who a fresh grant belongs to before it is given up, a second longer
/// between each.
const VERIFY_TRIES: u64 = 6;

/// The longest id of a user, in bytes.
const LONGEST_ID: usize = 128;

/// Asks whose the pending keys are, and binds them.
pub(crate) async fn verify(
    inner: &Arc<Inner>,
    id: AttemptId,
) -> Result<ConnectionId, ConnectFailure> {
    let found = inner.store.transact(|tx| async move {
        let attempt = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await?;
        let pending = inner
            .vault
            .get::<Pending>(&tx, GLOBAL, &keys::pending(id))
            .await?;
        Ok::<_, VaultError>(attempt.zip(pending))
    });
    let (attempt, pending) = found.await?.0.ok_or(ConnectFailure::Gone)?;
    let Stage::Verifying {
        scopes,
        organization,
        ends_at,
        ..
    } = &attempt.stage
    else {
        return Err(ConnectFailure::Gone);
    };
    let user = match who_is(inner, &pending.pair, scopes).await {
        Ok(user) => Profile {
            organization: user.organization.or_else(|| organization.clone()),
            ..user
        },
        // They stay pending: revoking them could end the connection of a holder nobody has asked
        // for yet.
        Err(Unknown::Yet(reason)) => return Err(ConnectFailure::Unverified(reason)),
        Err(Unknown::Refused(reason)) => {
            ending::end(inner, id, reason).await?;
            return Err(ConnectFailure::Failed(reason));
        }
    };
    failpoint(Point::UserKnown);
    let mut fresh = Fresh {
        attempt: id,
        pair: &pending.pair,
        scopes,
        user: &user,
        ends_at: *ends_at,
        asked: None,
    };
    let (verdict, set_aside) = loop {
        let known = &fresh;
        let settled = inner
            .store
            .transact(|tx| async move { bind_grant::bind(inner, &tx, known).await });
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
    for revoking in set_aside {
        revoke::run(inner, &revoking).await;
    }
    match verdict {
        Verdict::Connected => Ok(attempt.who()),
        Verdict::Held(holder) => Err(ConnectFailure::Held(holder)),
        Verdict::WrongUser => Err(ConnectFailure::WrongUser {
            got: printable(&user.email),
            expected: attempt.expected_email.unwrap_or_default(),
        }),
        Verdict::Gone | Verdict::Beside(_) => Err(ConnectFailure::Gone),
    }
}

/// Why it is not known whose keys are.
enum Unknown {
    /// The provider will not say.
    Refused(Reason),
    /// It could not be asked; the keys may be good.
    Yet(Reason),
}

/// Whether the keys are still good. The provider said so a moment ago, so without an answer they
/// are.
async fn live(inner: &Inner, pair: &Pair) -> bool {
    let asked = inner.provider.identify(&pair.access, &[]).await;
    !matches!(asked, Err(Unidentified::KeysRefused(_)))
}

/// Asks until it is said. Keys that it has just made and does not take, without a reason, it may
/// take in a moment; a wrong clock is a reason.
async fn who_is(inner: &Inner, pair: &Pair, scopes: &[String]) -> Result<Profile, Unknown> {
    let mut reason = Reason::Unreachable;
    for tried in 1..=VERIFY_TRIES {
        reason = match inner.provider.identify(&pair.access, scopes).await {
            Ok(user) if usable(&user) => return Ok(user),
            Ok(_) => Reason::ProviderTrouble,
            Err(Unidentified::Refused(reason) | Unidentified::KeysRefused(Some(reason))) => {
                return Err(Unknown::Refused(reason));
            }
            Err(Unidentified::KeysRefused(None)) => {
                let trouble = Reason::ProviderTrouble;
                match trouble.unless_the_clock_is_wrong(inner.http.skew()) {
                    Reason::ClockWrong => return Err(Unknown::Refused(Reason::ClockWrong)),
                    trouble => trouble,
                }
            }
            Err(Unidentified::Yet(reason)) => reason,
        };
        if tried < VERIFY_TRIES {
            tokio::time::sleep(Duration::from_secs(tried)).await;
        }
    }
    Err(Unknown::Yet(reason))
}

/// Records are kept under a user's id.
fn usable(user: &Profile) -> bool {
    (1..=LONGEST_ID).contains(&user.id.len()) && user.id.bytes().all(|byte| byte.is_ascii_graphic())
}
