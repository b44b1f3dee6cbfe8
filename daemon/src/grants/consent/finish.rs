//! Owns finishing an attempt: the code is claimed and exchanged, its keys are kept, and what
//! `verify` does with them.
//!
//! Invariants: a code is handed in once; fresh keys are durable (pending) before anything is asked
//! with them; the work goes on when its caller goes away, and after a restart from where it was
//! durable.

use std::sync::Arc;
use std::time::Duration;

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use oauth2::RedirectUrl;
use secrecy::SecretString;

use crate::failpoint::{Point, failpoint};
use crate::grants::consent::attempt::{self, AttemptRecord, Pending, Stage};
use crate::grants::consent::ending;
use crate::grants::consent::error::ConnectFailure;
use crate::grants::consent::verify::verify;
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::keys::apps;
use crate::grants::keys::revoke;
use crate::grants::keys::{self, Pair, Proof};
use crate::grants::reason::Reason;
use crate::grants::wire::oauth::failure::Failure;
use crate::grants::wire::oauth::{App, Tokens};
use crate::store::GLOBAL;
use crate::vault::VaultError;

/// How often a code is handed in while nothing reaches the provider or it is asked too often; it lives five
/// minutes.
const EXCHANGE_TRIES: i64 = 3;

/// Somebody looks at the browser: a limit that lasts longer is said at once.
const LONGEST_EXCHANGE_WAIT_SECONDS: i64 = 10;

/// Keys that could not be verified for as long as their token lives are given up.
const TOKEN_MINUTES: i64 = 60;

/// What came back to the redirect address.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The provider granted.
    Code(Opaque),
    /// It did not.
    Error {
        /// OAuth's `error`, such as `access_denied`.
        error: String,
        /// Its `error_description`, if there was one.
        description: Option<String>,
    },
}

/// Hands in what came back; answers when the connection stands or failed. A second caller joins the
/// first.
pub(crate) async fn finish(
    inner: &Arc<Inner>,
    id: AttemptId,
    state: &Opaque,
    answer: Answer,
) -> Result<ConnectionId, ConnectFailure> {
    let work = {
        let (inner, state) = (Arc::clone(inner), state.clone());
        async move { carry(&inner, id, &state, answer).await }
    };
    inner
        .finishing
        .join(id, work)
        .await
        .unwrap_or(Err(ConnectFailure::Stopping))
}

async fn carry(
    inner: &Arc<Inner>,
    id: AttemptId,
    state: &Opaque,
    answer: Answer,
) -> Result<ConnectionId, ConnectFailure> {
    failpoint(Point::CodeHere);
    let Claimed {
        attempt,
        app,
        verifier,
    } = claim(inner, id, state, &answer).await?;
    failpoint(Point::CodeClaimed);
    let code = match answer {
        Answer::Code(code) => SecretString::from(code.reveal().to_owned()),
        Answer::Error { error, description } => {
            let description = description.as_deref();
            let reason = inner.provider.read_denial(&error, description);
            return Err(ConnectFailure::answered(reason, &error, description));
        }
    };
    let redirect = inner.terms().redirect.read(&attempt.redirect_uri);
    let redirect = redirect.ok_or(ConnectFailure::Redirect)?;
    let tokens = match exchange(inner, &app, &redirect, &code, &verifier, &attempt.asked).await {
        Ok(tokens) => tokens,
        Err(failure) => {
            let reason = match failure {
                Failure::Dead(reason @ Reason::CodeRefused) => {
                    reason.unless_the_clock_is_wrong(inner.http.skew())
                }
                Failure::Dead(reason) | Failure::Passing(reason) => reason,
                Failure::Limited { .. } => Reason::Limited,
                Failure::Lost(_) => Reason::AnswerLost,
            };
            ending::end(inner, id, reason).await?;
            return Err(ConnectFailure::Failed(reason));
        }
    };
    failpoint(Point::CodeExchanged);
    let pending = Pending {
        pair: Pair::new(&tokens, inner.clock.now()),
    };
    let now = inner.clock.now();
    let verifying = Stage::Verifying {
        scopes: tokens.scopes.unwrap_or_default(),
        since: now,
        organization: tokens.organization,
        ends_at: tokens
            .refresh_ends_in
            .map(|seconds| now.plus_seconds(seconds)),
    };
    match keep(inner, id, &attempt, &pending, &verifying).await? {
        Kept::Pending => {}
        Kept::Unwanted(queued) => {
            if let Some(queued) = queued {
                revoke::run(inner, &queued).await;
            }
            return Err(ConnectFailure::Gone);
        }
    }
    failpoint(Point::KeysKept);
    verify(inner, id).await
}

/// An attempt whose code may be handed in now, by nobody else and never again.
struct Claimed {
    attempt: AttemptRecord,
    app: App,
    verifier: SecretString,
}

async fn claim(
    inner: &Inner,
    id: AttemptId,
    state: &Opaque,
    answer: &Answer,
) -> Result<Claimed, ConnectFailure> {
    let claimed = inner.store.transact(|tx| async move {
        let attempt = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await?;
        let attempt = attempt
            .filter(|attempt| attempt.is_of(inner.terms()))
            .filter(|attempt| inner.timers.is_in_time(id, attempt.until))
            .ok_or(ConnectFailure::Gone)?;
        let proof = inner
            .vault
            .get::<Proof>(&tx, GLOBAL, &keys::proof(id))
            .await?;
        let proof = proof.ok_or(ConnectFailure::Gone)?;
        if !attempt::same(&proof.state, state.reveal()) {
            return Err(ConnectFailure::State);
        }
        if attempt.stage != Stage::Waiting {
            return Err(ConnectFailure::InProgress);
        }
        let (client_id, tenant) = (&attempt.client_id, attempt.tenant.as_deref());
        let app = apps::with_id(inner, &tx, attempt.workspace, client_id, tenant).await?;
        match answer {
            Answer::Code(_) => {
                let next = AttemptRecord {
                    stage: Stage::Exchanging,
                    ..attempt.clone()
                };
                tx.put(GLOBAL, &id.to_string(), &next)?;
            }
            Answer::Error { error, description } => {
                let reason = inner.provider.read_denial(error, description.as_deref());
                ending::forget(inner, &tx, id, &attempt, Some(reason)).await?;
            }
        }
        Ok(Claimed {
            attempt,
            app,
            verifier: proof.verifier,
        })
    });
    Ok(claimed.await?.0)
}

async fn exchange(
    inner: &Inner,
    app: &App,
    redirect: &RedirectUrl,
    code: &SecretString,
    verifier: &SecretString,
    asked: &[String],
) -> Result<Tokens, Failure> {
    let once = || inner.oauth.exchange(app, redirect, code, verifier, asked);
    for tried in 1..EXCHANGE_TRIES {
        let outcome = once().await;
        let wait = match &outcome {
            Err(Failure::Passing(Reason::Unreachable)) => tried,
            Err(Failure::Limited { until }) => until.since(inner.clock.now()).as_secs(),
            _ => return outcome,
        };
        if wait > LONGEST_EXCHANGE_WAIT_SECONDS {
            return outcome;
        }
        tokio::time::sleep(Duration::from_secs(wait.max(0).unsigned_abs())).await;
    }
    once().await
}

/// What became of fresh keys.
enum Kept {
    /// They are durable, and wait to be verified.
    Pending,
    /// Nobody wants them; with the id of their revocation, where one is queued.
    Unwanted(Option<String>),
}

/// Makes fresh keys durable. Where somebody disconnected while the code was on its way nobody wants
/// them: their revocation is queued, under the id returned, unless it could end keys of another
/// connection, for nobody knows whose these are.
async fn keep(
    inner: &Inner,
    id: AttemptId,
    claimed: &AttemptRecord,
    pending: &Pending,
    stage: &Stage,
) -> Result<Kept, VaultError> {
    let kept = inner.store.transact(|tx| async move {
        let Some(attempt) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
            let (workspace, client_id) = (claimed.workspace, &claimed.client_id);
            let pair = &pending.pair;
            let queued = revoke::queue_beside_others(inner, &tx, workspace, client_id, pair);
            return queued.await.map(Kept::Unwanted);
        };
        let next = AttemptRecord {
            stage: stage.clone(),
            ..attempt
        };
        tx.put(GLOBAL, &id.to_string(), &next)?;
        let name = keys::pending(id);
        inner.vault.put(&tx, GLOBAL, &name, pending).await?;
        Ok::<_, VaultError>(Kept::Pending)
    });
    Ok(kept.await?.0)
}

/// Takes up an attempt that nobody finishes: it ends where its time is over or its code was on its
/// way when the daemon was killed, and goes on where its keys were pending.
pub(crate) async fn take_up(
    inner: &Arc<Inner>,
    id: AttemptId,
) -> Result<ConnectionId, ConnectFailure> {
    let work = {
        let inner = Arc::clone(inner);
        async move { go_on(&inner, id).await }
    };
    let joined = inner.finishing.join(id, work);
    joined.await.unwrap_or(Err(ConnectFailure::Stopping))
}

async fn go_on(inner: &Arc<Inner>, id: AttemptId) -> Result<ConnectionId, ConnectFailure> {
    let stored = inner
        .store
        .get::<AttemptRecord>(GLOBAL, &id.to_string())
        .await?;
    let attempt = stored.ok_or(ConnectFailure::Gone)?.record;
    let is_over = |since: Instant| since.plus_minutes(TOKEN_MINUTES) <= inner.clock.now();
    let reason = match attempt.stage {
        Stage::Waiting => Reason::Expired,
        Stage::Exchanging => Reason::AnswerLost,
        Stage::Verifying { since, .. } if is_over(since) => Reason::ProviderTrouble,
        Stage::Verifying { .. } => return verify(inner, id).await,
    };
    ending::end(inner, id, reason).await?;
    Err(ConnectFailure::Failed(reason))
}
