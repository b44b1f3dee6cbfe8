//! Everything between this daemon and Zoom: who is connected, with which keys, and the calls made
//! with them.
//!
//! - `connection` ★, `reason`: what a connection is, every way it changes, and why · `plan` ★,
//!   `spent`: what a Zoom plan allows, and how much of it is used
//! - `who`, `approval`: whose, who waits for a Zoom admin, and ★ what the admin reads
//! - `connect`, `finish`, `verify`, `settle`, `disconnect`, `attempt`, `retire`: from consent to
//!   keys that are somebody's, and back to none
//! - `refresh`, `keep`, `due`, `flight`: keys in use, one renewal at a time, renewed before they
//!   end, never all at once
//! - `doubt`: keys from a backup
//! - `keys`, `apps`: secrets at rest, in the vault · `oauth`, `http`: the words and the wire
//! - `api`, `outcome`, `error_body`, `meetings`, `readback`, `passcode`, `zone` ★, `skew` ★: calls,
//!   and what their answers mean
//!
//! Invariants: a secret is in the vault or in a request, nowhere else; new keys are durable before
//! they are used; what may have happened at Zoom is never taken for what did not. This room knows
//! no interviews, no access rules and no wire types but those of `protocol`; it tells others of
//! changes through the store alone.

pub(crate) mod api;
pub(crate) mod error_body;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod letter;
mod meetings;
pub(crate) mod outcome;
pub mod passcode;
pub mod plan;
mod quota;
mod readback;
mod view;
mod zone;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use greenroom_protocol::id::{AttemptId, MemberId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use secrecy::SecretString;
use tokio::sync::OnceCell;
use url::Url;

pub use self::error_body::FieldError;
pub use self::letter::{APP_NAME, Letter, Petition};
pub use self::meetings::{MeetingPlan, MeetingSettings, PastInstance, ZoomMeeting};
pub use self::outcome::{Outcome, Refusal, RefusalReason};
pub use self::quota::HostCalls;
pub use self::readback::differences;
pub use self::view::Beside;
use crate::clock::Clock;
use crate::grants::Inner;
pub use crate::grants::connection::{self, ConnectionRecord, Link};
use crate::grants::consent::approval;
pub use crate::grants::consent::approval::APPROVED_WORK;
pub(crate) use crate::grants::consent::approval::waiting;
use crate::grants::consent::attempt;
pub use crate::grants::consent::attempt::ATTEMPT_MINUTES;
use crate::grants::consent::connect;
pub use crate::grants::consent::connect::{Started, Subject};
use crate::grants::consent::disconnect;
pub use crate::grants::consent::disconnect::{REMOVE_AT_ZOOM, Released};
pub use crate::grants::consent::error::ConnectError;
use crate::grants::consent::finish;
pub use crate::grants::consent::finish::Answer;
pub use crate::grants::id::Who;
pub use crate::grants::keys::after_restore::doubt;
use crate::grants::keys::apps;
pub use crate::grants::keys::apps::SecretChange;
use crate::grants::keys::refresh;
pub use crate::grants::keys::refresh::{BROKEN_WORK, Unavailable};
pub use crate::grants::reason::Reason;
use crate::grants::refresher;
use crate::grants::singleflight::{Flights, Tasks};
use crate::grants::timers::Due;
pub use crate::grants::timers::RENEWALS_A_SECOND;
pub use crate::grants::wire::backoff::after_limit;
use crate::grants::wire::http::Http;
pub use crate::grants::wire::http::{HTTP_DEADLINE, HttpError};
use crate::grants::wire::oauth::{App, OAuth};
pub use crate::grants::wire::skew::Skew;
use crate::store::{Attribution, Revision, Store, StoreError, Tx};
use crate::vault::{Vault, VaultError};

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
    /// Opens the room. Nothing is sent before [`Zoom::keep`] or a call.
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
        let tasks = Arc::new(Tasks::new());
        Ok(Self(Arc::new(Inner {
            store,
            vault,
            oauth: OAuth::new(&oauth_url, http.clone(), clock.clone()),
            http,
            sandbox: elsewhere.map(|(url, _)| url.origin().ascii_serialization()),
            api: api_url,
            default_app: client_id.map(|client_id| App { client_id, secret }),
            renewals: Flights::new(Arc::clone(&tasks)),
            finishing: Flights::new(Arc::clone(&tasks)),
            retirements: Flights::new(Arc::clone(&tasks)),
            tasks,
            due: Arc::new(Due::new(clock.clone())),
            distrusted: Mutex::default(),
            passcodes: Mutex::default(),
            following: OnceCell::new(),
            clock,
        })))
    }

    /// Looks after the connections until [`Zoom::drain`]: renews idle ones daily and those of
    /// expected hosts in time, tries again what failed, ends attempts, and takes up what a
    /// killed daemon left. Run it once.
    ///
    /// # Errors
    /// When the connections cannot be read.
    pub async fn keep(self) -> Result<(), StoreError> {
        refresher::keep(self.0).await
    }

    /// One look of [`Zoom::keep`], for tests.
    pub async fn tend(&self) -> Result<(), StoreError> {
        refresher::tend(&self.0).await
    }

    /// Starts nothing any more and waits for exchanges, renewals and revocations under way; each
    /// ends within its deadlines.
    pub async fn drain(&self) {
        self.0.tasks.close();
        self.0.due.wake();
        self.0.tasks.drain().await;
    }

    /// Zoom's address where it is not the real Zoom.
    #[must_use]
    pub fn sandbox(&self) -> Option<String> {
        self.0.sandbox.clone()
    }

    /// How far this machine's clock is from Zoom's, once Zoom has answered anything.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        self.0.http.skew()
    }

    /// The vault, for `doctor`.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// A member's connection and its revision, 0 where there never was one.
    pub async fn status(&self, who: Who) -> Result<(ConnectionRecord, Revision), StoreError> {
        let stored = self
            .0
            .store
            .get::<ConnectionRecord>(&who.space(), &who.id())
            .await?;
        Ok(stored
            .map(|stored| (stored.record, stored.revision))
            .unwrap_or_default())
    }

    /// Every connection of a workspace that ever was, with its revision.
    pub async fn statuses(
        &self,
        workspace: WorkspaceId,
    ) -> Result<BTreeMap<MemberId, (ConnectionRecord, Revision)>, StoreError> {
        const PAGE: usize = 500;
        let (space, mut found) = (workspace.to_string(), BTreeMap::new());
        let mut after = None::<String>;
        loop {
            let page = self
                .0
                .store
                .scan::<ConnectionRecord>(&space, after.as_deref(), PAGE)
                .await?;
            after = page.rows.last().map(|(id, _)| id.clone());
            for (id, row) in page.rows {
                if let Ok(member) = id.parse() {
                    found.insert(member, (row.record, row.revision));
                }
            }
            if !page.more {
                return Ok(found);
            }
        }
    }

    /// Makes `client_id` the workspace's Zoom app in the caller's commit; `None`: the daemon's
    /// default again.
    pub async fn set_app(
        &self,
        tx: &Tx,
        workspace: WorkspaceId,
        client_id: Option<&str>,
        secret: SecretChange,
    ) -> Result<(), VaultError> {
        apps::set(&self.0, tx, workspace, client_id, secret).await
    }

    /// The client id of the app that is to be approved, where there is something to ask for.
    pub async fn approvable(&self, tx: &Tx, who: Who) -> Result<String, ConnectError> {
        approval::app(&self.0, tx, who).await
    }

    /// Keeps in the caller's commit that a Zoom admin was asked to approve this app.
    pub async fn await_approval(
        &self,
        tx: &Tx,
        who: Who,
        client_id: &str,
    ) -> Result<(), ConnectError> {
        approval::ask(&self.0, tx, who, client_id).await
    }

    /// Starts connecting; the browser comes back to `redirect_uri`, `http://127.0.0.1:PORT/callback`.
    pub async fn start(
        &self,
        subject: &Subject,
        redirect_uri: &str,
    ) -> Result<Started, ConnectError> {
        connect::start(&self.0, subject, redirect_uri).await
    }

    /// Whose an attempt is, to judge whether a caller may finish or cancel it.
    pub async fn attempt(&self, id: AttemptId) -> Result<Option<Who>, ConnectError> {
        connect::subject_of(&self.0, id).await
    }

    /// The attempt a `state` speaks of, for a pasted address.
    #[must_use]
    pub fn attempt_in(state: &Opaque) -> Option<AttemptId> {
        attempt::named_in(state.reveal())
    }

    /// Hands in what came back; answers when the connection stands or failed, and goes on when the
    /// caller goes away.
    pub async fn finish(
        &self,
        attempt: AttemptId,
        state: &Opaque,
        answer: Answer,
    ) -> Result<Who, ConnectError> {
        finish::finish(&self.0, attempt, state, answer).await
    }

    /// Ends an attempt that waits for its browser.
    pub async fn cancel(&self, attempt: AttemptId) -> Result<(), ConnectError> {
        connect::cancel(&self.0, attempt).await
    }

    /// Wipes a connection at once, then asks Zoom to revoke it.
    pub async fn disconnect(&self, who: Who, by: &Attribution) -> Result<Released, ConnectError> {
        disconnect::disconnect(&self.0, who, by).await
    }

    /// Bookings that begin soon are on these hosts, and on no others: their keys are kept valid,
    /// before those of others. The room that knows bookings says so again and again.
    pub fn expect(&self, hosts: HashSet<Who>) {
        self.0.due.expect(hosts);
    }

    /// Waits until connections that did not work do again, and says which. For one who waits.
    pub async fn returned(&self) -> HashSet<Who> {
        refresher::returned(&self.0).await
    }

    /// Whether a member may leave: they have no keys and are not getting any.
    pub async fn may_leave(&self, tx: &Tx, who: Who) -> Result<bool, StoreError> {
        disconnect::may_leave(tx, who).await
    }

    /// Forgets, in the caller's commit, everything of a member who may leave.
    pub async fn leave(&self, tx: &Tx, who: Who) -> Result<(), StoreError> {
        disconnect::leave(&self.0, tx, who).await
    }

    /// Whether calls can be made as this member now, renewing where that is due.
    pub async fn ready(&self, who: Who) -> Result<(), Unavailable> {
        refresh::access(&self.0, who).await.map(drop)
    }

    /// What a passcode of this host's meetings must be like, as far as Zoom has said so while this
    /// process lives.
    #[must_use]
    pub fn passcode_rules(&self, who: Who) -> passcode::Rules {
        let rules = self.0.passcodes.lock();
        let rules = rules.unwrap_or_else(PoisonError::into_inner);
        rules.get(&who).copied().unwrap_or_default()
    }

    /// Has the next passcodes of this host follow other rules.
    pub fn set_passcode_rules(&self, who: Who, rules: passcode::Rules) {
        let known = self.0.passcodes.lock();
        known
            .unwrap_or_else(PoisonError::into_inner)
            .insert(who, rules);
    }

    /// Makes a meeting. Never repeated here: a lost answer is the caller's to search for, after
    /// [`HTTP_DEADLINE`].
    pub async fn create_meeting(&self, who: Who, plan: &MeetingPlan) -> Outcome<ZoomMeeting> {
        meetings::create(&self.0, who, plan).await
    }

    /// Reads a meeting back.
    pub async fn get_meeting(&self, who: Who, id: u64) -> Outcome<ZoomMeeting> {
        meetings::get(&self.0, who, id).await
    }

    /// Tells Zoom another time and length of a meeting, and where asked its settings too. May be
    /// repeated without harm.
    pub async fn update_meeting(
        &self,
        who: Who,
        id: u64,
        plan: &MeetingPlan,
        settings: bool,
    ) -> Outcome<()> {
        meetings::update(&self.0, who, id, plan, settings).await
    }

    /// Deletes a meeting. [`RefusalReason::NoMeeting`] means there is none any more.
    pub async fn delete_meeting(&self, who: Who, id: u64) -> Outcome<()> {
        meetings::delete(&self.0, who, id).await
    }

    /// Zoom's summary of a meeting, in Markdown, by one of its instances.
    /// [`RefusalReason::NoMeeting`] means there is none, or none yet.
    pub async fn meeting_summary(&self, who: Who, uuid: &str) -> Outcome<String> {
        meetings::summary(&self.0, who, uuid).await
    }

    /// Every time the room of a meeting was opened. Needs an optional scope.
    pub async fn past_instances(&self, who: Who, id: u64) -> Outcome<Vec<PastInstance>> {
        meetings::instances(&self.0, who, id).await
    }

    /// The host's planned meetings whose agenda begins with `mark`, the one made first in front.
    /// Needs the optional list scope.
    pub async fn find_meetings(&self, who: Who, mark: &str) -> Outcome<Vec<ZoomMeeting>> {
        meetings::marked(&self.0, who, mark).await
    }
}
