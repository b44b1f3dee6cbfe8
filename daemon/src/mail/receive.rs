//! Answers as they come: looked for at intervals, read, and handed to whoever hears them.

use std::time::Duration;

use futures::future::BoxFuture;

use super::Mail;
use super::imap::ReadTo;
use super::maildir::Maildir;
use super::read::{self, Incoming, MOST_BYTES};
use super::ways::Inbox;
use crate::clock::Clock;
use crate::store::{GLOBAL, Store, StoreError, Tx};

/// How often a folder on this machine is looked at.
const FOLDER: Duration = Duration::from_secs(2);

/// The longest wait between looks that fail.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Messages read from a folder at a time.
const MOST_FILES: usize = 200;

/// Hears answers: a room above this one, which knows what they are about. Hearing the same twice must change nothing.
pub trait Hearer: Send + Sync + 'static {
    /// Notes what a message says, in the commit that says it was read.
    fn hear<'a>(
        &'a self,
        tx: &'a Tx,
        incoming: &'a Incoming,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Looks for answers.
pub struct Reader {
    /// Where answers come in, and who hears them.
    pub mail: Mail,
    /// Where is noted how far they were read.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

impl Reader {
    /// Looks at intervals until `stop`.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut failures = 0;
        loop {
            let looked = tokio::select! {
                () = &mut stop => return,
                looked = self.look() => looked,
            };
            match &looked {
                Ok(()) => failures = 0,
                Err(why) => {
                    failures += 1;
                    tracing::warn!(%why, "answers could not be read");
                }
            }
            self.mail.note_reading(looked.err());
            let every = match &self.mail.inbox() {
                Inbox::Folder(_) => FOLDER,
                Inbox::Server { every, .. } => *every,
            };
            // Servers lock out whoever keeps trying a wrong password.
            let wait = (every * (1 << failures.min(10)))
                .min(LONGEST_WAIT)
                .max(every);
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Looks once, until nothing new is left.
    pub async fn look(&self) -> Result<(), String> {
        let stored = |error: StoreError| format!("note what was read: {error}");
        match self.mail.inbox() {
            Inbox::Folder(folder) => loop {
                if self.look_into(folder).await? < MOST_FILES {
                    return Ok(());
                }
            },
            Inbox::Server { imap, .. } => loop {
                let key = imap.key();
                let known = self
                    .store
                    .get::<ReadTo>(GLOBAL, &key)
                    .await
                    .map_err(stored)?;
                let mut read_to = known.map(|it| it.record).unwrap_or_default();
                let before = read_to.clone();
                let visit = imap.visit(&read_to, self.clock.now()).await?;
                read_to.validity = visit.validity;
                for (uid, bytes) in visit.messages {
                    read_to.last = uid;
                    if let Some(incoming) = read_in_peace(bytes).await {
                        self.hear(&incoming, Some((&key, &read_to)))
                            .await
                            .map_err(stored)?;
                    }
                }
                read_to.last = visit.last;
                if read_to != before {
                    self.note(&key, &read_to).await.map_err(stored)?;
                }
                if !visit.more {
                    return Ok(());
                }
            },
        }
    }

    /// Reads a folder's new messages, and says how many there were.
    async fn look_into(&self, folder: &Maildir) -> Result<usize, String> {
        let failed = |error: std::io::Error| format!("read {}: {error}", folder.path().display());
        let names = on_disk(folder, |folder| folder.unread(MOST_FILES))
            .await
            .map_err(failed)?;
        for name in &names {
            let (reading, seen) = (name.clone(), name.clone());
            let bytes = on_disk(folder, move |folder| folder.read(&reading, MOST_BYTES)).await;
            if let Some(bytes) = bytes.map_err(failed)?
                && let Some(incoming) = read_in_peace(bytes).await
            {
                let heard = self.hear(&incoming, None).await;
                heard.map_err(|error| format!("note what was read: {error}"))?;
            }
            on_disk(folder, move |folder| folder.seen(&seen))
                .await
                .map_err(failed)?;
        }
        Ok(names.len())
    }

    async fn hear(
        &self,
        incoming: &Incoming,
        read_to: Option<(&String, &ReadTo)>,
    ) -> Result<(), StoreError> {
        let heard = self.store.transact(|tx| async move {
            self.mail.hearer().hear(&tx, incoming).await?;
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

/// Reading is work for the processor: a large message must not keep others waiting.
async fn read_in_peace(bytes: Vec<u8>) -> Option<Incoming> {
    let read = tokio::task::spawn_blocking(move || read::read(&bytes)).await;
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "a message could not be read and is passed over");
        None
    })
}

async fn on_disk<T: Send + 'static>(
    folder: &Maildir,
    work: impl FnOnce(&Maildir) -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    let folder = folder.clone();
    let done = tokio::task::spawn_blocking(move || work(&folder)).await;
    done.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}
