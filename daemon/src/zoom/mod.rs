//! Zoom: its API, its meetings and its rules. What it really does, and where that is written, is in
//! `README.md` here.
//!
//! - `provider`, `terms` ★, `token_error` ★, `letter` ★: Zoom as a provider of [`grants`](crate::grants), and
//!   what its admin reads
//! - `api`, `inner`, `outcome` ★, `judge` ★, `error_body` ★, `retry` ★: one call, and what its answer
//!   means
//! - `meetings`, `meeting` ★, `wanted` ★, `readback` ★, `passcode`, `zone` ★: calls about meetings
//! - `plan` ★, `quota`, `notes` ★: what a Zoom plan allows, how much of it is used, and whether Zoom
//!   writes summaries
//! - `view` ★: a connection as the contract shows it
//!
//! Invariants: what may have happened at Zoom is never taken for what did not; nothing here holds a
//! secret longer than a request. This room knows no interviews, no access rules and no wire types
//! but those of `protocol`.

mod api;
mod error_body;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod inner;
mod judge;
mod letter;
mod meeting;
mod meetings;
mod notes;
mod outcome;
pub mod passcode;
pub mod plan;
mod provider;
mod quota;
mod readback;
mod retry;
mod terms;
mod token_error;
mod view;
mod wanted;
mod zone;

use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;
use url::Url;

pub use self::error_body::FieldError;
use self::inner::{Inner, Wire};
pub use self::letter::{APP_NAME, Letter, Petition};
pub use self::meeting::{MeetingSettings, PastInstance, ZoomMeeting};
pub use self::notes::{HostNotes, NoNotes};
pub use self::outcome::{Outcome, Refusal, RefusalReason};
use self::provider::ZoomProvider;
pub use self::quota::HostCalls;
pub use self::readback::{differences, refuses_notes};
pub use self::terms::{APPROVED_WORK, BROKEN_WORK, SCOPES, TERMS, WORDS};
pub use self::view::Beside;
pub use self::wanted::MeetingPlan;
use crate::clock::Clock;
pub use crate::grants::{
    ATTEMPT_MINUTES, Answer, ConnectError, ConnectFailure, ConnectionId, ConnectionRecord,
    HTTP_DEADLINE, HttpError, Link, RENEWALS_A_SECOND, Reason, Released, SecretChange, Skew,
    Started, Subject, Unavailable, after_limit, connection,
};
use crate::grants::{App, Grants, Http};
use crate::store::Store;
use crate::vault::Vault;

/// Zoom's authorization server.
pub const OAUTH_URL: &str = "https://zoom.us/oauth";
/// Zoom's API.
pub const API_URL: &str = "https://api.zoom.us/v2";

/// Where Zoom is, and the app used where a workspace has none of its own.
pub struct ZoomSettings {
    /// Zoom's authorization server; [`OAUTH_URL`].
    pub oauth_url: Url,
    /// Zoom's API; [`API_URL`].
    pub api_url: Url,
    /// The default app's client id.
    pub client_id: Option<String>,
    /// The default app's secret, for a confidential client.
    pub client_secret: Option<SecretString>,
}

/// The way to Zoom. Clones are one.
#[derive(Clone)]
pub struct Zoom(Arc<Inner>);

impl Zoom {
    /// Opens the room. Nothing is sent before a call, or before its grants are looked after.
    ///
    /// # Errors
    ///
    /// Where the system has no certificates to trust.
    pub fn open(
        store: Store,
        vault: Vault,
        clock: Clock,
        settings: ZoomSettings,
    ) -> Result<Self, HttpError> {
        let ZoomSettings {
            oauth_url,
            api_url,
            client_id,
            client_secret: secret,
        } = settings;
        let http = Http::new(&[&oauth_url, &api_url], clock.clone())?;
        let elsewhere = [(&oauth_url, OAUTH_URL), (&api_url, API_URL)]
            .into_iter()
            .find(|(url, real)| url.as_str().trim_end_matches('/') != *real);
        let sandbox = elsewhere.map(|(url, _)| url.origin().ascii_serialization());
        let wire = Wire {
            http: http.clone(),
            api: api_url,
            clock: clock.clone(),
        };
        let provider = Arc::new(ZoomProvider::new(&oauth_url, wire.clone()));
        let app = client_id.map(|client_id| App {
            client_id,
            secret,
            tenant: None,
        });
        Ok(Self(Arc::new(Inner {
            grants: Grants::open(store, vault, clock, http, provider, app),
            wire,
            sandbox,
            passcodes: Mutex::default(),
        })))
    }

    /// Whose Zoom is connected, and the keys to it.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.0.grants
    }

    /// Zoom's address where it is not the real Zoom.
    #[must_use]
    pub fn sandbox(&self) -> Option<String> {
        self.0.sandbox.clone()
    }

    /// What a passcode of this host's meetings must be like, as far as Zoom has said so while this
    /// process lives.
    #[must_use]
    pub fn passcode_rules(&self, who: ConnectionId) -> passcode::Rules {
        let rules = self.0.passcodes.lock();
        let rules = rules.unwrap_or_else(PoisonError::into_inner);
        rules.get(&who).copied().unwrap_or_default()
    }

    /// Has the next passcodes of this host follow other rules.
    pub fn set_passcode_rules(&self, who: ConnectionId, rules: passcode::Rules) {
        let known = self.0.passcodes.lock();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .insert(who, rules);
    }

    /// Makes a meeting. Never repeated here: a lost answer is the caller's to search for, after
    /// [`HTTP_DEADLINE`].
    pub async fn create_meeting(
        &self,
        who: ConnectionId,
        plan: &MeetingPlan,
    ) -> Outcome<ZoomMeeting> {
        meetings::create(&self.0, who, plan).await
    }

    /// Reads a meeting back.
    pub async fn get_meeting(&self, who: ConnectionId, id: u64) -> Outcome<ZoomMeeting> {
        meetings::get(&self.0, who, id).await
    }

    /// Tells Zoom another time and length of a meeting, and where asked its settings too. May be
    /// repeated without harm.
    pub async fn update_meeting(
        &self,
        who: ConnectionId,
        id: u64,
        plan: &MeetingPlan,
        settings: bool,
    ) -> Outcome<()> {
        meetings::update(&self.0, who, id, plan, settings).await
    }

    /// Deletes a meeting. [`RefusalReason::NoMeeting`] means there is none any more.
    pub async fn delete_meeting(&self, who: ConnectionId, id: u64) -> Outcome<()> {
        meetings::delete(&self.0, who, id).await
    }

    /// Zoom's summary of a meeting, in Markdown, by one of its instances.
    /// [`RefusalReason::NoMeeting`] means there is none, or none yet.
    pub async fn meeting_summary(&self, who: ConnectionId, uuid: &str) -> Outcome<String> {
        meetings::summary(&self.0, who, uuid).await
    }

    /// Every time the room of a meeting was opened. Needs an optional scope.
    pub async fn past_instances(&self, who: ConnectionId, id: u64) -> Outcome<Vec<PastInstance>> {
        meetings::instances(&self.0, who, id).await
    }

    /// The host's planned meetings whose agenda begins with `mark`, the one made first in front.
    /// Needs the optional list scope.
    pub async fn find_meetings(&self, who: ConnectionId, mark: &str) -> Outcome<Vec<ZoomMeeting>> {
        meetings::marked(&self.0, who, mark).await
    }
}
