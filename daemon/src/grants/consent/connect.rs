//! Owns starting and cancelling an attempt: the address for the browser, and what is remembered
//! until it answers.
//!
//! Invariant: an owner has one attempt at a time; a new one replaces one that waits for its
//! browser, never one whose code is on its way.

use std::collections::BTreeSet;

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;

use crate::failpoint::{Point, failpoint};
use crate::grants::connection::{self, ConnectionRecord, Event, Grant, Waiting};
use crate::grants::consent::attempt::{self, ATTEMPT_MINUTES, AttemptRecord, Stage};
use crate::grants::consent::bind_grant;
use crate::grants::consent::ending;
use crate::grants::consent::error::ConnectFailure;
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::keys::apps;
use crate::grants::keys::{self, Proof};
use crate::grants::reason::Reason;
use crate::grants::terms::Terms;
use crate::store::{Attribution, GLOBAL, Tx};
use crate::vault::VaultError;

/// Whose connection is wanted.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The workspace, and whose within it.
    pub who: ConnectionId,
    /// The address their user must have at the provider; `None`: any.
    pub expected_email: Option<String>,
    /// The names of the scopes to ask for, where that is a part of the provider's; empty: all. What
    /// is granted already is asked for again.
    pub scopes: Vec<String>,
    /// Who asks, for the audit.
    pub by: Attribution,
}

/// An attempt under way.
#[derive(Debug, Clone)]
pub struct Started {
    /// Its id.
    pub attempt: AttemptId,
    /// What to open in the browser; whole, and of use only to somebody who can sign in there.
    pub authorize_url: String,
    /// The names of the scopes that are asked for; empty: all the provider has.
    pub asked: Vec<String>,
    /// When it expires.
    pub expires_at: Instant,
}

/// Starts an attempt, replacing one of the same owner that waits for its browser.
pub(crate) async fn start(
    inner: &Inner,
    subject: &Subject,
    redirect_uri: &str,
) -> Result<Started, ConnectFailure> {
    let redirect = inner.terms().redirect.read(redirect_uri);
    let redirect = redirect.ok_or(ConnectFailure::Redirect)?;
    let (id, now) = (AttemptId::new(), inner.clock.now());
    let until = now.plus_minutes(ATTEMPT_MINUTES);
    let state = &attempt::state(id).map_err(VaultError::Randomness)?;
    let (who, redirect) = (subject.who, &redirect);
    failpoint(Point::ConnectStarts);
    let started = inner.store.transact(|tx| async move {
        if let Some(email) = &subject.expected_email
            && let Some(holder) = bind_grant::holder_of_address(inner, &tx, email).await?
            && holder != who
        {
            return Err(ConnectFailure::Held(holder));
        }
        let app = apps::current(inner, &tx, who.workspace)
            .await?
            .ok_or(ConnectFailure::NoApp)?;
        let record = connection::read(&tx, inner.terms(), who).await?;
        if let Some(former) = &record.attempt {
            replace(inner, &tx, former.id).await?;
        }
        let asked = scopes(inner.terms(), &subject.scopes, &record, &app.client_id);
        let login_hint = subject.expected_email.as_deref();
        let consent = inner
            .oauth
            .consent(&app, redirect, state, login_hint, &asked);
        let proof = Proof {
            state: state.clone(),
            verifier: consent.verifier,
        };
        let name = keys::proof(id);
        inner.vault.put(&tx, GLOBAL, &name, &proof).await?;
        let attempt = AttemptRecord {
            provider: inner.terms().id.to_owned(),
            workspace: who.workspace,
            owner: who.owner,
            expected_email: subject.expected_email.clone(),
            redirect_uri: redirect_uri.to_owned(),
            client_id: app.client_id,
            tenant: app.tenant,
            asked: asked.clone(),
            by: subject.by.clone(),
            until,
            stage: Stage::Waiting,
        };
        tx.insert(GLOBAL, &id.to_string(), &attempt).await?;
        if let Some(next) = record.step(Event::AttemptStarted(Waiting { id, until }), now) {
            connection::write(&tx, inner.terms(), who, &next)?;
        }
        Ok((consent.url, asked))
    });
    let ((authorize_url, asked), _) = started.await?;
    failpoint(Point::ConnectStarted);
    Ok(Started {
        attempt: id,
        authorize_url,
        asked,
        expires_at: until,
    })
}

/// What to ask for: what is wanted now, and what the same app was asked for before; empty: all
/// there is. Where renewals name what was asked for, everything is named: what a later version adds
/// was not.
fn scopes(
    terms: &Terms,
    wanted: &[String],
    record: &ConnectionRecord,
    client_id: &str,
) -> Vec<String> {
    let same = |grant: &&Grant| grant.client_id == client_id;
    let before = record.grant().filter(same).map(|grant| &grant.asked);
    if wanted.is_empty() || before.is_some_and(Vec::is_empty) {
        let all = terms.asks(&[]).filter(|_| terms.has_audiences());
        return all.map(|scope| scope.name.to_owned()).collect();
    }
    let before = before.into_iter().flatten();
    let all: BTreeSet<_> = wanted.iter().chain(before).cloned().collect();
    all.into_iter().collect()
}

async fn replace(inner: &Inner, tx: &Tx, id: AttemptId) -> Result<(), ConnectFailure> {
    let Some(former) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
        return Ok(());
    };
    if former.stage != Stage::Waiting {
        return Err(ConnectFailure::InProgress);
    }
    Ok(ending::forget(inner, tx, id, &former, None).await?)
}

/// Ends an attempt that waits for its browser. One that does not exist is ended already.
pub(crate) async fn cancel(inner: &Inner, id: AttemptId) -> Result<(), ConnectFailure> {
    inner
        .store
        .transact(|tx| async move {
            let attempt = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await?;
            let Some(attempt) = attempt.filter(|it| it.is_of(inner.terms())) else {
                return Ok(());
            };
            if attempt.stage != Stage::Waiting {
                return Err(ConnectFailure::InProgress);
            }
            ending::forget(inner, &tx, id, &attempt, Some(Reason::Cancelled)).await?;
            Ok::<_, ConnectFailure>(())
        })
        .await?;
    Ok(())
}

/// Whose an attempt is.
pub(crate) async fn subject_of(
    inner: &Inner,
    id: AttemptId,
) -> Result<Option<ConnectionId>, ConnectFailure> {
    let stored = inner
        .store
        .get::<AttemptRecord>(GLOBAL, &id.to_string())
        .await?;
    let own = stored.filter(|stored| stored.record.is_of(inner.terms()));
    Ok(own.map(|stored| stored.record.who()))
}
