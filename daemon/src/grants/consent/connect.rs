//! Owns starting and cancelling an attempt: the address for the browser, and what is remembered
//! until it answers.
//!
//! Invariant: a member has one attempt at a time; a new one replaces one that waits for its
//! browser, never one whose code is on its way.

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;
use oauth2::RedirectUrl;

use crate::failpoint::{Point, failpoint};
use crate::grants::Inner;
use crate::grants::connection::{Event, Waiting};
use crate::grants::consent::attempt::{self, ATTEMPT_MINUTES, AttemptRecord, Stage};
use crate::grants::consent::bind_grant;
use crate::grants::consent::error::ConnectError;
use crate::grants::id::Who;
use crate::grants::keys::apps;
use crate::grants::keys::{self, Proof};
use crate::grants::reason::Reason;
use crate::store::{Attribution, GLOBAL, Tx};
use crate::vault::VaultError;

/// Whose connection is wanted.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The workspace and the member.
    pub who: Who,
    /// The address their Zoom user must have.
    pub expected_email: String,
    /// Who asks, for the audit.
    pub by: Attribution,
}

/// An attempt under way.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its id.
    pub attempt: AttemptId,
    /// What to open in the browser; whole, and of use only to whoever can sign in there.
    pub authorize_url: String,
    /// When it expires.
    pub expires_at: Instant,
}

/// Starts an attempt, replacing one of the same member that waits for its browser.
pub(crate) async fn start(
    inner: &Inner,
    subject: &Subject,
    redirect_uri: &str,
) -> Result<Started, ConnectError> {
    if attempt::loopback(redirect_uri).is_none() {
        return Err(ConnectError::Redirect);
    }
    let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| ConnectError::Redirect)?;
    let (id, now) = (AttemptId::new(), inner.clock.now());
    let until = now.plus_minutes(ATTEMPT_MINUTES);
    let state = &attempt::state(id).map_err(VaultError::Randomness)?;
    let (who, redirect) = (subject.who, &redirect);
    failpoint(Point::ConnectStarts);
    let started = inner.store.transact(|tx| async move {
        if let Some(holder) = bind_grant::holder_of_address(&tx, &subject.expected_email).await?
            && holder != who
        {
            return Err(ConnectError::Held(holder));
        }
        let app = apps::current(inner, &tx, who.workspace)
            .await?
            .ok_or(ConnectError::NoApp)?;
        let record = bind_grant::connection(&tx, who).await?;
        if let Some(former) = &record.attempt {
            replace(inner, &tx, former.id).await?;
        }
        let consent = inner
            .oauth
            .consent(&app, redirect, state, &subject.expected_email);
        let proof = Proof {
            state: state.clone(),
            verifier: consent.verifier,
        };
        let name = keys::proof(id);
        inner.vault.put(&tx, GLOBAL, &name, &proof).await?;
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
    failpoint(Point::ConnectStarted);
    Ok(Started {
        attempt: id,
        authorize_url,
        expires_at: until,
    })
}

async fn replace(inner: &Inner, tx: &Tx, id: AttemptId) -> Result<(), ConnectError> {
    let Some(former) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
        return Ok(());
    };
    if former.stage != Stage::Waiting {
        return Err(ConnectError::InProgress);
    }
    Ok(bind_grant::forget(inner, tx, id, &former, None).await?)
}

/// Ends an attempt that waits for its browser. One that does not exist is ended already.
pub(crate) async fn cancel(inner: &Inner, id: AttemptId) -> Result<(), ConnectError> {
    inner
        .store
        .transact(|tx| async move {
            let Some(attempt) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
                return Ok(());
            };
            if attempt.stage != Stage::Waiting {
                return Err(ConnectError::InProgress);
            }
            bind_grant::forget(inner, &tx, id, &attempt, Some(Reason::Cancelled)).await?;
            Ok::<_, ConnectError>(())
        })
        .await?;
    Ok(())
}

/// Whose an attempt is.
pub(crate) async fn subject_of(inner: &Inner, id: AttemptId) -> Result<Option<Who>, ConnectError> {
    let stored = inner
        .store
        .get::<AttemptRecord>(GLOBAL, &id.to_string())
        .await?;
    Ok(stored.map(|stored| stored.record.who()))
}
