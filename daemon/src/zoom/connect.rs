//! Owns connecting and disconnecting: from the address for the browser to keys that are somebody's, and back to none.
//!
//! Invariants: a code is handed in once; fresh keys are durable (pending) before anything else is asked with them;
//! finishing goes on when its caller goes away, and after a restart. Disconnecting wipes keys, attempts, claims and
//! profile in one commit, whether or not Zoom can be reached; what is to be revoked lives in `retire` until it was
//! asked for once.

use std::{sync::Arc, time::Duration};

use greenroom_protocol::{id::AttemptId, secret::Opaque, time::Instant};
use oauth2::RedirectUrl;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{
    Actor, Site, Who, api, apps,
    attempt::{self, ATTEMPT_MINUTES, AttemptRecord, Stage},
    connection::{Event, Profile, Waiting},
    error::ConnectError,
    keys::{self, Pair, Proof},
    oauth::{App, Failure},
    outcome::{Outcome, RefusalReason},
    reason::Reason,
    retire,
    settle::{self, Fresh, Verdict},
    vault::VaultError,
};
use crate::store::GLOBAL;

/// How often Zoom is asked who a fresh grant belongs to before it is given up, a second longer between each.
const VERIFY_TRIES: u64 = 6;

/// How often a code is handed in while nothing reaches Zoom; it lives five minutes.
const EXCHANGE_TRIES: u64 = 3;

/// Whose connection is wanted.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The workspace and the member.
    pub who: Who,
    /// The address their Zoom user must have.
    pub expected_email: String,
    /// Who asks, for the audit.
    pub by: Actor,
}

/// An attempt under way.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its id.
    pub attempt: AttemptId,
    /// What to open in the browser; whole, and of use only to whoever can sign in there.
    pub authorize_url: String,
    /// When it ends by itself.
    pub expires_at: Instant,
}

/// What came back to the redirect address.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Zoom granted.
    Code(Opaque),
    /// Zoom did not, with this `error`.
    Error(String),
}

/// What a disconnect did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// Whether there were keys.
    pub was_connected: bool,
    /// Whether Zoom confirmed that the grant is gone there; also true where there was none.
    pub revoked: bool,
}

/// Where to remove the app by hand.
pub const REMOVE_AT_ZOOM: &str =
    "remove the app in Zoom: marketplace.zoom.us, Manage, Added Apps, then Remove";

/// Keys of which nobody knows yet whose they are.
#[derive(Clone, Serialize, Deserialize)]
struct Pending {
    pair: Pair,
}

/// Starts an attempt, replacing one of the same member that waits for its browser.
pub(crate) async fn start(
    site: &Site,
    subject: &Subject,
    redirect_uri: &str,
) -> Result<Started, ConnectError> {
    if attempt::loopback(redirect_uri).is_none() {
        return Err(ConnectError::Redirect);
    }
    let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| ConnectError::Redirect)?;
    let (id, now) = (AttemptId::new(), site.clock.now());
    let until = now.plus_minutes(ATTEMPT_MINUTES);
    let state = &attempt::state(id).map_err(VaultError::Randomness)?;
    let (who, redirect) = (subject.who, &redirect);
    let started = site.store.transact(|tx| async move {
        if let Some(holder) = settle::holder_of_address(&tx, &subject.expected_email).await?
            && holder != who
        {
            return Err(ConnectError::Held(holder));
        }
        let app = apps::current(site, &tx, who.workspace)
            .await?
            .ok_or(ConnectError::NoApp)?;
        let record = settle::connection(&tx, who).await?;
        if let Some(former) = &record.attempt {
            replace(&tx, former.id, now).await?;
        }
        let consent = site
            .oauth
            .consent(&app, redirect, state, &subject.expected_email);
        let proof = Proof {
            state: state.clone(),
            verifier: consent.verifier,
        };
        site.vault.put(&tx, GLOBAL, &keys::proof(id), &proof)?;
        let attempt = AttemptRecord {
            workspace: who.workspace,
            member: who.member,
            expected_email: subject.expected_email.clone(),
            redirect_uri: redirect_uri.to_owned(),
            client_id: app.client_id,
            by: subject.by.clone(),
            until,
            stage: Stage::Waiting,
        };
        tx.insert(GLOBAL, &id.to_string(), &attempt).await?;
        if let Some(next) = record.step(Event::AttemptStarted(Waiting { id, until }), now) {
            tx.put(&who.space(), &who.id(), &next)?;
        }
        Ok(consent.url)
    });
    let (authorize_url, _) = started.await?;
    Ok(Started {
        attempt: id,
        authorize_url,
        expires_at: until,
    })
}

async fn replace(tx: &crate::store::Tx, id: AttemptId, now: Instant) -> Result<(), ConnectError> {
    let Some(former) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
        return Ok(());
    };
    if former.stage != Stage::Waiting {
        return Err(ConnectError::InProgress);
    }
    Ok(settle::forget(tx, id, &former, None, now).await?)
}

/// Hands in what came back; answers when the connection stands or failed. A second caller joins the first.
pub(crate) async fn finish(
    site: &Arc<Site>,
    id: AttemptId,
    state: &Opaque,
    answer: Answer,
) -> Result<Who, ConnectError> {
    let work = {
        let (site, state) = (Arc::clone(site), state.clone());
        async move { carry(&site, id, &state, answer).await }
    };
    site.finishing
        .join(id, work)
        .await
        .unwrap_or(Err(ConnectError::Stopping))
}

async fn carry(
    site: &Arc<Site>,
    id: AttemptId,
    state: &Opaque,
    answer: Answer,
) -> Result<Who, ConnectError> {
    let Claimed {
        attempt,
        app,
        verifier,
    } = claim(site, id, state, &answer).await?;
    let code = match answer {
        Answer::Code(code) => SecretString::from(code.reveal().to_owned()),
        Answer::Error(error) if error == "access_denied" => return Err(ConnectError::Declined),
        Answer::Error(error) => return Err(ConnectError::refused_by_zoom(&error)),
    };
    let redirect = RedirectUrl::new(attempt.redirect_uri.clone());
    let redirect = redirect.map_err(|_| ConnectError::Redirect)?;
    let tokens = match exchange(site, &app, &redirect, &code, &verifier).await {
        Ok(tokens) => tokens,
        Err(failure) => {
            let reason = match failure {
                Failure::Dead(reason) | Failure::Passing(reason) => reason,
                Failure::Lost(_) => Reason::AnswerLost,
            };
            end(site, id, reason).await?;
            return Err(ConnectError::Failed(reason));
        }
    };
    let pending = Pending {
        pair: Pair::new(&tokens, site.clock.now()),
    };
    let scopes = tokens.scopes.unwrap_or_default();
    if let Some(unwanted) = keep(site, id, &attempt, &pending, scopes).await? {
        retire::now(site, &unwanted).await;
        return Err(ConnectError::Gone);
    }
    verify(site, id).await
}

/// An attempt whose code may be handed in now, by nobody else and never again.
struct Claimed {
    attempt: AttemptRecord,
    app: App,
    verifier: SecretString,
}

async fn claim(
    site: &Site,
    id: AttemptId,
    state: &Opaque,
    answer: &Answer,
) -> Result<Claimed, ConnectError> {
    let claimed = site.store.transact(|tx| async move {
        let now = site.clock.now();
        let attempt = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await?;
        let attempt = attempt
            .filter(|attempt| attempt.until > now)
            .ok_or(ConnectError::Gone)?;
        let proof = site
            .vault
            .get::<Proof>(&tx, GLOBAL, &keys::proof(id))
            .await?;
        let proof = proof.ok_or(ConnectError::Gone)?;
        if !attempt::same(&proof.state, state.reveal()) {
            return Err(ConnectError::State);
        }
        if attempt.stage != Stage::Waiting {
            return Err(ConnectError::InProgress);
        }
        let app = apps::with_id(site, &tx, attempt.workspace, &attempt.client_id).await?;
        match answer {
            Answer::Code(_) => {
                let next = AttemptRecord {
                    stage: Stage::Exchanging,
                    ..attempt.clone()
                };
                tx.put(GLOBAL, &id.to_string(), &next)?;
            }
            Answer::Error(_) => {
                settle::forget(&tx, id, &attempt, Some(Reason::Declined), now).await?;
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
    site: &Site,
    app: &App,
    redirect: &RedirectUrl,
    code: &SecretString,
    verifier: &SecretString,
) -> Result<super::oauth::Tokens, Failure> {
    let mut tried = 1;
    loop {
        match site.oauth.exchange(app, redirect, code, verifier).await {
            Err(Failure::Passing(Reason::Unreachable)) if tried < EXCHANGE_TRIES => {
                tokio::time::sleep(Duration::from_secs(tried)).await;
                tried += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Makes fresh keys durable. Where somebody disconnected while the code was on its way nobody wants them: they are set
/// aside, under the id returned.
async fn keep(
    site: &Site,
    id: AttemptId,
    claimed: &AttemptRecord,
    pending: &Pending,
    scopes: Vec<String>,
) -> Result<Option<String>, VaultError> {
    let stage = &Stage::Verifying {
        scopes,
        since: site.clock.now(),
    };
    let kept = site.store.transact(|tx| async move {
        let Some(attempt) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
            let (workspace, client_id) = (claimed.workspace, &claimed.client_id);
            return retire::set_aside(site, &tx, workspace, client_id, &pending.pair).map(Some);
        };
        let next = AttemptRecord {
            stage: stage.clone(),
            ..attempt
        };
        tx.put(GLOBAL, &id.to_string(), &next)?;
        site.vault.put(&tx, GLOBAL, &keys::pending(id), pending)?;
        Ok::<_, VaultError>(None)
    });
    Ok(kept.await?.0)
}

/// Asks whose the pending keys are, and settles it.
async fn verify(site: &Arc<Site>, id: AttemptId) -> Result<Who, ConnectError> {
    let found = site.store.transact(|tx| async move {
        let attempt = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await?;
        let pending = site
            .vault
            .get::<Pending>(&tx, GLOBAL, &keys::pending(id))
            .await?;
        Ok::<_, VaultError>(attempt.zip(pending))
    });
    let (attempt, pending) = found.await?.0.ok_or(ConnectError::Gone)?;
    let Stage::Verifying { scopes, .. } = &attempt.stage else {
        return Err(ConnectError::Gone);
    };
    let user = match who_is(site, &pending.pair).await {
        Ok(user) => user,
        Err(reason) => {
            end(site, id, reason).await?;
            return Err(ConnectError::Failed(reason));
        }
    };
    let fresh = &Fresh {
        attempt: id,
        pair: &pending.pair,
        scopes,
        user: &user,
    };
    let settled = site
        .store
        .transact(|tx| async move { settle::settle(site, &tx, fresh).await })
        .await?;
    let (verdict, set_aside) = settled.0;
    for retiring in set_aside {
        retire::now(site, &retiring).await;
    }
    match verdict {
        Verdict::Connected => Ok(attempt.who()),
        Verdict::Held(holder) => Err(ConnectError::Held(holder)),
        Verdict::WrongUser => Err(ConnectError::WrongUser {
            got: super::outcome::printable(&user.email),
            expected: attempt.expected_email,
        }),
        Verdict::Gone => Err(ConnectError::Gone),
    }
}

async fn who_is(site: &Site, pair: &Pair) -> Result<Profile, Reason> {
    let mut reason = Reason::Unreachable;
    for tried in 1..=VERIFY_TRIES {
        match api::me(site, &pair.access).await {
            Outcome::Done(user) => return Ok(user),
            Outcome::Refused(refusal) => {
                return Err(match refusal.reason {
                    RefusalReason::MissingScope(_) => Reason::ScopeMissing,
                    _ => Reason::ZoomTrouble,
                });
            }
            Outcome::Limited { .. } => reason = Reason::Limited,
            Outcome::Lost(_) => reason = Reason::ZoomTrouble,
            Outcome::NotSent(_) | Outcome::Disconnected(_) => reason = Reason::Unreachable,
        }
        if tried < VERIFY_TRIES {
            tokio::time::sleep(Duration::from_secs(tried)).await;
        }
    }
    Err(reason)
}

/// Takes up an attempt whose keys were pending when the daemon was killed.
pub(crate) fn resume(site: &Arc<Site>, id: AttemptId) {
    let work = {
        let site = Arc::clone(site);
        async move { verify(&site, id).await }
    };
    let joined = {
        let site = Arc::clone(site);
        async move {
            if let Some(Err(error)) = site.finishing.join(id, work).await {
                tracing::warn!(attempt = %id, %error, "finish an interrupted connect");
            }
        }
    };
    tokio::spawn(joined);
}

/// Ends an attempt with a reason; its pending keys, if any, are revoked.
pub(crate) async fn end(site: &Site, id: AttemptId, reason: Reason) -> Result<(), VaultError> {
    let ended = site.store.transact(|tx| async move {
        let Some(attempt) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
            return Ok(None);
        };
        let set_aside = pending(site, &tx, id, &attempt).await?;
        settle::forget(&tx, id, &attempt, Some(reason), site.clock.now()).await?;
        Ok::<_, VaultError>(set_aside)
    });
    if let (Some(retiring), _) = ended.await? {
        retire::now(site, &retiring).await;
    }
    Ok(())
}

async fn pending(
    site: &Site,
    tx: &crate::store::Tx,
    id: AttemptId,
    attempt: &AttemptRecord,
) -> Result<Option<String>, VaultError> {
    let pending = site
        .vault
        .get::<Pending>(tx, GLOBAL, &keys::pending(id))
        .await?;
    let aside = |pending: Pending| {
        retire::set_aside(
            site,
            tx,
            attempt.workspace,
            &attempt.client_id,
            &pending.pair,
        )
    };
    pending.map(aside).transpose()
}

/// Ends an attempt that waits for its browser. One that does not exist is ended already.
pub(crate) async fn cancel(site: &Site, id: AttemptId) -> Result<(), ConnectError> {
    site.store
        .transact(|tx| async move {
            let Some(attempt) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
                return Ok(());
            };
            if attempt.stage != Stage::Waiting {
                return Err(ConnectError::InProgress);
            }
            settle::forget(&tx, id, &attempt, Some(Reason::Cancelled), site.clock.now()).await?;
            Ok::<_, ConnectError>(())
        })
        .await?;
    Ok(())
}

/// Whose an attempt is.
pub(crate) async fn subject_of(site: &Site, id: AttemptId) -> Result<Option<Who>, ConnectError> {
    let stored = site
        .store
        .get::<AttemptRecord>(GLOBAL, &id.to_string())
        .await?;
    Ok(stored.map(|stored| stored.record.who()))
}

/// Wipes a connection, then asks Zoom once to revoke it.
pub(crate) async fn disconnect(
    site: &Arc<Site>,
    who: Who,
    by: &Actor,
) -> Result<Released, ConnectError> {
    let wiped = site.store.transact(|tx| async move {
        let record = settle::connection(&tx, who).await?;
        let now = site.clock.now();
        let mut set_aside = Vec::new();
        if let Some(waiting) = &record.attempt
            && let Some(attempt) = tx
                .get::<AttemptRecord>(GLOBAL, &waiting.id.to_string())
                .await?
        {
            set_aside.extend(pending(site, &tx, waiting.id, &attempt).await?);
            settle::forget(&tx, waiting.id, &attempt, None, now).await?;
        }
        let Some(grant) = record.grant() else {
            if let Some(next) = record
                .step(Event::Disconnected, now)
                .filter(|_| record.attempt.is_some())
            {
                tx.put(&who.space(), &who.id(), &next)?;
            }
            return Ok((false, set_aside));
        };
        set_aside.extend(settle::release(site, &tx, who, grant).await?);
        if let Some(next) = record.step(Event::Disconnected, now) {
            tx.put(&who.space(), &who.id(), &next)?;
        }
        tx.audit(&who.space(), &by.entry("zoom_disconnect", who, now))?;
        Ok::<_, ConnectError>((true, set_aside))
    });
    let ((was_connected, set_aside), _) = wiped.await?;
    let unopened = was_connected && set_aside.is_empty();
    let revoked = revoke_all(site, set_aside).await && !unopened;
    Ok(Released {
        was_connected,
        revoked,
    })
}

/// Revokes in a task of its own, so that a caller who goes away does not leave it half done.
async fn revoke_all(site: &Arc<Site>, set_aside: Vec<String>) -> bool {
    let (tell, told) = tokio::sync::oneshot::channel();
    let work = {
        let site = Arc::clone(site);
        async move {
            let mut confirmed = true;
            for id in set_aside {
                confirmed &= retire::now(&site, &id).await;
            }
            let _ = tell.send(confirmed);
        }
    };
    let Some(ticket) = site.tasks.enter() else {
        return false;
    };
    ticket.spawn(work);
    told.await.unwrap_or(false)
}
