//! Answers as they come: a mailbox is looked into, what is new is read and handed to those who
//! handle it.
//!
//! Invariant: an email that names something of a workspace whose mailbox this is not is taken for
//! nobody: neither for that workspace, nor for those whose mailbox it is.

use std::time::Duration;

use async_imap::types::Uid;
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;

use super::crashes::{self, Visit};
use super::imap::{Imap, ReadTo};
use super::mailboxes::{Mailbox, Scope};
use super::read::{self, Incoming, MOST_BYTES};
use crate::clock::Clock;
use crate::failpoint::{Point, failpoint};
use crate::mail::Mail;
use crate::mail::maildir::Maildir;
use crate::mail::route::Inbox;
use crate::store::{GLOBAL, Record, Store, StoreError};

/// How often a folder on this machine is looked at, in seconds.
const FOLDER: i64 = 2;

/// Messages read from a folder at a time.
const MOST_FILES: usize = 200;

/// How long reading one message may take, on a machine that is very busy. It takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder's name where it is noted what is being read.
const FOLDER_KEY: &str = "folder";

/// Looks for answers.
pub struct Reader {
    mail: Mail,
    store: Store,
    clock: Clock,
}

/// What a look came to.
pub(super) struct Looked {
    /// Whether everything new was read; else why not.
    pub outcome: Result<(), String>,
    /// After how many seconds it is looked at again, where nothing fails.
    pub every: i64,
}

/// A mailbox under its names in the store.
pub(super) struct Place {
    mailbox: Mailbox,
    /// Where it is noted how far it was read.
    pub(super) space: String,
    pub(super) key: String,
    /// What it is called while it is read.
    pub(super) inbox: String,
}

impl Place {
    /// A workspace's own mailbox is noted with the workspace: another that names the same one reads
    /// it separately. `key` is its own name.
    fn new(mailbox: Mailbox, key: String) -> Self {
        let (space, inbox) = match mailbox {
            Mailbox::Of(workspace) => (workspace.to_string(), format!("{workspace}/{key}")),
            Mailbox::Folder | Mailbox::Configured => (GLOBAL.to_owned(), key.clone()),
        };
        Self {
            mailbox,
            space,
            key,
            inbox,
        }
    }
}

impl Reader {
    /// Reads what comes into `mail`; how far, is noted in `store`.
    #[must_use]
    pub fn new(mail: Mail, store: Store, clock: Clock) -> Self {
        Self { mail, store, clock }
    }

    /// Looks into every mailbox once, until nothing new is left.
    ///
    /// # Errors
    /// Why the first that can't be read can't.
    pub async fn look(&self) -> Result<(), String> {
        let mut failed = Ok(());
        for mailbox in self.mail.mailboxes().into_keys() {
            let looked = self.look_into(mailbox).await;
            failed = failed.and(looked.outcome);
        }
        failed
    }

    /// Looks into one, until nothing new is left.
    pub(super) async fn look_into(&self, mailbox: Mailbox) -> Looked {
        let routes = self.mail.routes_to(mailbox);
        let server = routes.first().map(|route| (route, route.inbox()));
        let seconds = |every: Duration| i64::try_from(every.as_secs()).unwrap_or(i64::MAX);
        let (outcome, every) = match server {
            Some((_, Inbox::Server { imap, every })) => {
                let place = Place::new(mailbox, imap.key());
                (self.look_at(&place, imap).await, seconds(*every))
            }
            Some((route, Inbox::Graph { graph, every })) => {
                let folder = &route.settings().folder;
                let place = Place::new(mailbox, graph.key(folder));
                let looked = self.look_at_graph(&place, graph, folder).await;
                (looked, seconds(*every))
            }
            Some((_, Inbox::Folder(folder))) => (self.look_through(folder).await, FOLDER),
            // It is no longer set up.
            Some((_, Inbox::Unusable)) | None => {
                return Looked {
                    outcome: Ok(()),
                    every: FOLDER,
                };
            }
        };
        let now = self.clock.now();
        for route in &routes {
            route.note_reading(now, outcome.clone());
        }
        Looked { outcome, every }
    }

    /// Nothing is being read any more: the daemon stops, and did not crash.
    pub(super) async fn cut_short(&self, mailbox: Mailbox) {
        let routes = self.mail.routes_to(mailbox);
        let inbox = match routes.first().map(|route| (route, route.inbox())) {
            Some((_, Inbox::Server { imap, .. })) => Place::new(mailbox, imap.key()).inbox,
            Some((route, Inbox::Graph { graph, .. })) => {
                Place::new(mailbox, graph.key(&route.settings().folder)).inbox
            }
            _ => FOLDER_KEY.to_owned(),
        };
        if let Err(error) = crashes::forget(&self.store, &inbox).await {
            tracing::warn!(%error, "could not note that reading has stopped");
        }
    }

    async fn look_at(&self, place: &Place, imap: &Imap) -> Result<(), String> {
        while self.visit(place, imap).await? {}
        Ok(())
    }

    async fn look_through(&self, folder: &Maildir) -> Result<(), String> {
        while self.look_into_folder(folder).await? == MOST_FILES {}
        Ok(())
    }

    /// Reads what came into a mailbox, and says whether there is more.
    async fn visit(&self, place: &Place, imap: &Imap) -> Result<bool, String> {
        let known = self.store.get::<ReadTo>(&place.space, &place.key).await;
        let known = known.map_err(not_noted)?;
        let mut read_to = known.map(|it| it.record).unwrap_or_default();
        let before = read_to.clone();
        let found = imap.visit(&read_to, self.clock.now()).await;
        let found = found.map_err(|trouble| trouble.to_string())?;
        read_to.validity = found.validity;
        if !found.messages.is_empty() {
            let visit = self.begin(&place.inbox).await?;
            let read = self.read_all(&visit, place, imap, &mut read_to, found.messages);
            let read = read.await;
            visit.end().await.map_err(not_noted)?;
            read?;
        }
        read_to.last = found.last;
        if read_to != before {
            self.note(place, &read_to).await.map_err(not_noted)?;
        }
        Ok(found.more)
    }

    async fn read_all(
        &self,
        visit: &Visit<'_>,
        place: &Place,
        imap: &Imap,
        read_to: &mut ReadTo,
        messages: Vec<(Uid, Result<Vec<u8>, &'static str>)>,
    ) -> Result<(), String> {
        for (uid, bytes) in messages {
            read_to.last = uid;
            let email = format!("number {uid} in the mailbox at {}", imap.name());
            let read = match bytes {
                Ok(bytes) => self.read_one(visit, &email, bytes).await?,
                Err(why) => Read::Skipped(why),
            };
            let progress = Some((place, &*read_to));
            self.settle(place.mailbox, &email, read, progress).await?;
        }
        Ok(())
    }

    /// Reads a folder's new messages, and says how many there were.
    async fn look_into_folder(&self, folder: &Maildir) -> Result<usize, String> {
        let names = on_disk(folder, |folder| folder.unread(MOST_FILES)).await;
        let names = names.map_err(|error| unreadable(folder, &error))?;
        if names.is_empty() {
            return Ok(0);
        }
        let visit = self.begin(FOLDER_KEY).await?;
        let read = self.read_files(&visit, folder, &names).await;
        visit.end().await.map_err(not_noted)?;
        read.map(|()| names.len())
    }

    async fn read_files(
        &self,
        visit: &Visit<'_>,
        folder: &Maildir,
        names: &[String],
    ) -> Result<(), String> {
        for name in names {
            let (reading, seen) = (name.clone(), name.clone());
            let bytes = on_disk(folder, move |folder| folder.read(&reading, MOST_BYTES)).await;
            let bytes = bytes.map_err(|error| unreadable(folder, &error))?;
            if let Some(bytes) = bytes {
                let email = format!("the file {name} of the inbox");
                let read = self.read_one(visit, &email, bytes).await?;
                self.settle::<ReadTo>(Mailbox::Folder, &email, read, None)
                    .await?;
            }
            let moved = on_disk(folder, move |folder| folder.seen(&seen)).await;
            moved.map_err(|error| unreadable(folder, &error))?;
        }
        Ok(())
    }

    pub(super) async fn begin<'a>(&'a self, inbox: &'a str) -> Result<Visit<'a>, String> {
        let begun = Visit::begin(&self.store, inbox, self.mail.run()).await;
        begun.map_err(not_noted)
    }

    /// Reads a message, unless the daemon died on it twice.
    pub(super) async fn read_one(
        &self,
        visit: &Visit<'_>,
        email: &str,
        bytes: Vec<u8>,
    ) -> Result<Read, String> {
        if !visit.may_read(email).await.map_err(not_noted)? {
            return Ok(Read::Skipped("the daemon crashed twice while reading it"));
        }
        failpoint(Point::EmailInHand);
        Ok(read_in_peace(bytes).await)
    }

    /// Commits what a message comes to, and that it was read.
    async fn settle<R: Record>(
        &self,
        mailbox: Mailbox,
        email: &str,
        read: Read,
        progress: Option<(&Place, &R)>,
    ) -> Result<(), String> {
        match read {
            Read::Nothing => Ok(()),
            Read::Says(incoming) => {
                let heard = self.hear(mailbox, *incoming, progress).await;
                heard.map_err(not_noted)
            }
            Read::Skipped(why) => {
                tracing::error!(email, why, "an email was skipped");
                let now = self.clock.now();
                let skipped = self.store.transact(|tx| async move {
                    crashes::skip(&tx, email, whose(mailbox), why, now)?;
                    match progress {
                        Some((place, read_to)) => tx.put(&place.space, &place.key, read_to),
                        None => Ok(()),
                    }
                });
                skipped.await.map_err(not_noted)?;
                crashes::tidy(&self.store, now).await.map_err(not_noted)
            }
        }
    }

    async fn hear<R: Record>(
        &self,
        mailbox: Mailbox,
        incoming: Incoming,
        read_to: Option<(&Place, &R)>,
    ) -> Result<(), StoreError> {
        let scope = Scope::new(&self.mail, mailbox);
        let heard = incoming.within(|workspace| scope.holds_replies_to(workspace));
        if heard.is_none() {
            tracing::info!(
                ?mailbox,
                "an email about another workspace came into this mailbox; it is left there"
            );
        }
        let (scope, heard) = (&scope, &heard);
        let heard = self.store.transact(|tx| async move {
            if let Some(incoming) = heard {
                self.mail.inbound().handle(&tx, incoming, scope).await?;
            }
            match read_to {
                Some((place, read_to)) => tx.put(&place.space, &place.key, read_to),
                None => Ok(()),
            }
        });
        heard.await.map(drop)
    }

    async fn note<R: Record>(&self, place: &Place, read_to: &R) -> Result<(), StoreError> {
        let noted = self
            .store
            .transact(|tx| async move { tx.put(&place.space, &place.key, read_to) });
        noted.await.map(drop)
    }
}

/// What one that reads a mailbox in its own way needs of the reader.
impl Reader {
    /// How far a mailbox was read.
    pub(super) async fn known<R: Record + Default>(&self, place: &Place) -> Result<R, String> {
        let known = self.store.get::<R>(&place.space, &place.key).await;
        Ok(known
            .map_err(not_noted)?
            .map(|it| it.record)
            .unwrap_or_default())
    }

    /// Commits what a message comes to, with how far the mailbox was read by it.
    pub(super) async fn settle_at<R: Record>(
        &self,
        place: &Place,
        email: &str,
        read: Read,
        read_to: &R,
    ) -> Result<(), String> {
        let progress = Some((place, read_to));
        self.settle(place.mailbox, email, read, progress).await
    }

    /// Commits how far a mailbox was read.
    pub(super) async fn note_at<R: Record>(
        &self,
        place: &Place,
        read_to: &R,
    ) -> Result<(), String> {
        self.note(place, read_to).await.map_err(not_noted)
    }

    /// What time it is.
    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }
}

/// The workspace a mailbox belongs to alone.
fn whose(mailbox: Mailbox) -> Option<WorkspaceId> {
    match mailbox {
        Mailbox::Of(workspace) => Some(workspace),
        Mailbox::Folder | Mailbox::Configured => None,
    }
}

/// What reading a message came to.
pub(super) enum Read {
    /// It says nothing to us.
    Nothing,
    /// It says this.
    Says(Box<Incoming>),
    /// It could not be read, and why.
    Skipped(&'static str),
}

/// Reading is work for the processor: a large message must not keep others waiting.
async fn read_in_peace(bytes: Vec<u8>) -> Read {
    let reading = tokio::task::spawn_blocking(move || read::read(&bytes));
    match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(Some(incoming))) => Read::Says(Box::new(incoming)),
        Ok(Ok(None)) => Read::Nothing,
        Ok(Err(_)) => Read::Skipped("it could not be parsed"),
        Err(_) => Read::Skipped("parsing it took too long"),
    }
}

pub(super) fn not_noted(error: StoreError) -> String {
    format!("Couldn't note what was read: {error}")
}

fn unreadable(folder: &Maildir, error: &std::io::Error) -> String {
    format!("Couldn't read {}: {error}", folder.path().display())
}

async fn on_disk<T: Send + 'static>(
    folder: &Maildir,
    work: impl FnOnce(&Maildir) -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    let folder = folder.clone();
    let done = tokio::task::spawn_blocking(move || work(&folder)).await;
    done.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}
