//! Answers as they come: looked for at intervals, read, and handed to those who handle them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_imap::types::Uid;
use futures::future::BoxFuture;

use super::crashes::{self, Visit};
use super::imap::{Imap, ReadTo};
use super::read::{self, Incoming, MOST_BYTES};
use crate::clock::Clock;
use crate::failpoint::{Point, failpoint};
use crate::mail::Mail;
use crate::mail::channel::Inbox;
use crate::mail::maildir::Maildir;
use crate::store::{GLOBAL, Store, StoreError};
use crate::work::rounds::Round;

/// How often a folder on this machine is looked at.
const FOLDER: Duration = Duration::from_secs(2);

/// The longest wait between looks that fail.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

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
    /// How often in a row it could not look.
    failures: AtomicU32,
}

impl Round for Reader {
    fn name(&self) -> &'static str {
        "mailbox"
    }

    fn go(&self) -> BoxFuture<'_, Duration> {
        Box::pin(async {
            let looked = self.look().await;
            let failures = match &looked {
                Ok(()) => 0,
                Err(why) => {
                    tracing::warn!(%why, "answers could not be read");
                    self.failures.load(Ordering::Relaxed) + 1
                }
            };
            self.failures.store(failures, Ordering::Relaxed);
            self.mail.note_reading(self.clock.now(), looked);
            let every = match &self.mail.inbox() {
                Inbox::Folder(_) => FOLDER,
                Inbox::Server { every, .. } => *every,
            };
            // Servers lock out a caller that keeps trying a wrong password.
            (every * (1 << failures.min(10)))
                .min(LONGEST_WAIT)
                .max(every)
        })
    }

    /// Nothing is being read any more: the daemon stops, and did not crash.
    fn cut_short(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let inbox = match self.mail.inbox() {
                Inbox::Folder(_) => FOLDER_KEY.to_owned(),
                Inbox::Server { imap, .. } => imap.key(),
            };
            if let Err(error) = crashes::forget(&self.store, &inbox).await {
                tracing::warn!(%error, "could not note that reading has stopped");
            }
        })
    }
}

impl Reader {
    /// Reads what comes into `mail`; how far, is noted in `store`.
    #[must_use]
    pub fn new(mail: Mail, store: Store, clock: Clock) -> Self {
        Self {
            mail,
            store,
            clock,
            failures: AtomicU32::new(0),
        }
    }

    /// Looks once, until nothing new is left.
    pub async fn look(&self) -> Result<(), String> {
        match self.mail.inbox() {
            Inbox::Folder(folder) => while self.look_into(folder).await? == MOST_FILES {},
            Inbox::Server { imap, .. } => while self.visit(imap).await? {},
        }
        Ok(())
    }

    /// Reads what came into a mailbox, and says whether there is more.
    async fn visit(&self, imap: &Imap) -> Result<bool, String> {
        let key = imap.key();
        let known = self.store.get::<ReadTo>(GLOBAL, &key).await;
        let known = known.map_err(not_noted)?;
        let mut read_to = known.map(|it| it.record).unwrap_or_default();
        let before = read_to.clone();
        let found = imap.visit(&read_to, self.clock.now()).await;
        let found = found.map_err(|trouble| trouble.to_string())?;
        read_to.validity = found.validity;
        if !found.messages.is_empty() {
            let visit = self.begin(&key).await?;
            let read = self.read_all(&visit, imap, &mut read_to, found.messages);
            let read = read.await;
            visit.end().await.map_err(not_noted)?;
            read?;
        }
        read_to.last = found.last;
        if read_to != before {
            self.note(&key, &read_to).await.map_err(not_noted)?;
        }
        Ok(found.more)
    }

    async fn read_all(
        &self,
        visit: &Visit<'_>,
        imap: &Imap,
        read_to: &mut ReadTo,
        messages: Vec<(Uid, Result<Vec<u8>, &'static str>)>,
    ) -> Result<(), String> {
        let key = imap.key();
        for (uid, bytes) in messages {
            read_to.last = uid;
            let email = format!("number {uid} in the mailbox at {}", imap.name());
            let read = match bytes {
                Ok(bytes) => self.read_one(visit, &email, bytes).await?,
                Err(why) => Read::Skipped(why),
            };
            let progress = Some((&key, &*read_to));
            self.settle(&email, read, progress).await?;
        }
        Ok(())
    }

    /// Reads a folder's new messages, and says how many there were.
    async fn look_into(&self, folder: &Maildir) -> Result<usize, String> {
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
                self.settle(&email, read, None).await?;
            }
            let moved = on_disk(folder, move |folder| folder.seen(&seen)).await;
            moved.map_err(|error| unreadable(folder, &error))?;
        }
        Ok(())
    }

    async fn begin<'a>(&'a self, inbox: &'a str) -> Result<Visit<'a>, String> {
        let begun = Visit::begin(&self.store, inbox, self.mail.run()).await;
        begun.map_err(not_noted)
    }

    /// Reads a message, unless the daemon died on it twice.
    async fn read_one(
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
    async fn settle(
        &self,
        email: &str,
        read: Read,
        progress: Option<(&String, &ReadTo)>,
    ) -> Result<(), String> {
        match read {
            Read::Nothing => Ok(()),
            Read::Says(incoming) => self.hear(&incoming, progress).await.map_err(not_noted),
            Read::Skipped(why) => {
                tracing::error!(email, why, "an email was skipped");
                let now = self.clock.now();
                let skipped = self.store.transact(|tx| async move {
                    crashes::skip(&tx, email, why, now)?;
                    match progress {
                        Some((key, read_to)) => tx.put(GLOBAL, key, read_to),
                        None => Ok(()),
                    }
                });
                skipped.await.map_err(not_noted)?;
                crashes::tidy(&self.store, now).await.map_err(not_noted)
            }
        }
    }

    async fn hear(
        &self,
        incoming: &Incoming,
        read_to: Option<(&String, &ReadTo)>,
    ) -> Result<(), StoreError> {
        let heard = self.store.transact(|tx| async move {
            self.mail.inbound().handle(&tx, incoming).await?;
            match read_to {
                Some((key, read_to)) => tx.put(GLOBAL, key, read_to),
                None => Ok(()),
            }
        });
        heard.await.map(drop)
    }

    async fn note(&self, key: &str, read_to: &ReadTo) -> Result<(), StoreError> {
        let noted = self
            .store
            .transact(|tx| async move { tx.put(GLOBAL, key, read_to) });
        noted.await.map(drop)
    }
}

/// What reading a message came to.
enum Read {
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

fn not_noted(error: StoreError) -> String {
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
