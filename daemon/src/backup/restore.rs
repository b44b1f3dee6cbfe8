//! From a backup to the store that opens next. The whole file is opened before anything is made;
//! then a successor of the store is built beside it, doubt is cast over what the backup cannot
//! know, and one rename makes it the one that opens next. The store that was is set aside, never
//! removed.
//!
//! The new store has an identity of its own and its revisions follow those of both stores, so every
//! client notices that it is another one and fetches everything again.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use greenroom_protocol::time::Instant;
use tokio::sync::mpsc;

use super::BackupError;
use super::make::blocking;
use super::sealed::{End, Header, Opener, Part, SealedError};
use crate::grants;
use crate::interviews;
use crate::outbox;
use crate::outreach;
use crate::records::workspace::Machine;
use crate::store::copy::Line;
use crate::store::engine::{Limits, Write};
use crate::store::sled::{OpenError, Successor, known_stores, machine_of};
use crate::store::{Attribution, GLOBAL, Revision, Store, StoreError};
use crate::vault::{Vault, VaultError, put_ring};
use crate::workspace::{self, People};

/// Parts of the file on their way to the store.
const PARTS: usize = 4;

/// A backup that was opened whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// When it was begun.
    pub made_at: Instant,
    /// The version that made it.
    pub build: String,
    /// The store it is a copy of.
    pub store: String,
    /// The revision it is exact as of.
    pub revision: Revision,
    /// The rows in it.
    pub rows: u64,
}

/// A restored store, which opens next.
#[derive(Debug, Clone)]
pub struct Restoration {
    /// What it was made from.
    pub from: Verified,
    /// Its identity.
    pub store: String,
    /// Where the former store will be.
    pub aside: PathBuf,
    /// Meetings that are looked for or read back at Zoom.
    pub meetings: u64,
    /// Connections that are renewed.
    pub connections: u64,
    /// Letters that are held until a person says.
    pub letters: u64,
}

/// Opens the whole of `file`.
pub async fn verify(file: &Path, vault: &Vault) -> Result<Verified, BackupError> {
    let (file, vault) = (file.to_owned(), vault.clone());
    blocking(move || {
        let mut opener = open(&file, &vault)?;
        loop {
            if let Part::End(end) = opener.next()? {
                return Ok(verified(&opener.header, &end));
            }
        }
    })
    .await
}

/// Makes `file` the store that opens next in `dir`, whose lock the caller has. `after` is the
/// newest revision there. With `same_people` the Unix users of the machine the backup was made on
/// are those of this one.
pub async fn restore(
    file: &Path,
    vault: &Vault,
    dir: &Path,
    after: Revision,
    by: &Attribution,
    now: Instant,
    same_people: bool,
) -> Result<Restoration, BackupError> {
    let from = verify(file, vault).await?;
    let (machine, people) = people(dir, &from, same_people)?;
    let successor = Successor::begin(dir, after.max(from.revision)).await?;
    let store = successor.store();
    let ring = fill(file, vault, store).await?;
    put_ring(&successor.directory(), &ring).map_err(VaultError::from)?;
    workspace::settle_links(store, machine, people).await?;
    let (mut meetings, mut connections, mut letters) = (0, 0, 0);
    for space in spaces(store).await? {
        meetings += interviews::mark_uncertain(store, &space, now).await?;
        connections += grants::mark_uncertain(store, &space, now).await?;
        letters += outbox::after_restore::mark_uncertain(store, &space, now).await?;
        outreach::mark_uncertain(store, &space, now).await?;
        write_down(store, &space, &from, by, now).await?;
    }
    let id = store.store_id().to_owned();
    let stamp = now.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let aside = successor.ready(&stamp).await?;
    tracing::warn!(from = %from.made_at, store = id, "a backup was restored and opens next");
    Ok(Restoration {
        from,
        store: id,
        aside,
        meetings,
        connections,
        letters,
    })
}

/// Which machine this is, and whose links of the backup are links on it. A link says on which
/// machine it was made; one from before links named a machine was made here if the store the
/// backup is a copy of is or was here.
fn people(
    dir: &Path,
    from: &Verified,
    same_people: bool,
) -> Result<(Machine, People), BackupError> {
    let machine = machine_of(dir)?.parse().unwrap_or(Machine::UNKNOWN);
    if same_people {
        return Ok((machine, People::Same));
    }
    let known = known_stores(dir).map_err(BackupError::io("look for former stores", dir))?;
    let people = match known.contains(&from.store) {
        true => People::OfThisMachine,
        false => People::OfTheMachineOf(from.store.parse().unwrap_or(Machine::UNKNOWN)),
    };
    Ok((machine, people))
}

fn open(file: &Path, vault: &Vault) -> Result<Opener<BufReader<File>>, BackupError> {
    let opened = File::open(file).map_err(BackupError::io("open the backup", file))?;
    Ok(Opener::open(BufReader::new(opened), vault)?)
}

fn verified(header: &Header, end: &End) -> Verified {
    Verified {
        made_at: header.made_at,
        build: header.build.clone(),
        store: header.store.clone(),
        revision: end.revision,
        rows: end.rows,
    }
}

/// Writes every line of `file` into an empty store; of several about a record the last holds. The
/// vault's ring.
async fn fill(file: &Path, vault: &Vault, store: &Store) -> Result<Vec<u8>, BackupError> {
    let (into, mut parts) = mpsc::channel::<Vec<Line>>(PARTS);
    let (file, vault) = (file.to_owned(), vault.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let mut opener = open(&file, &vault)?;
        let mut ring = Vec::new();
        loop {
            match opener.next()? {
                Part::Ring(piece) => ring.extend(piece),
                Part::End(_) => return Ok(ring),
                Part::Lines(lines) => into
                    .blocking_send(lines)
                    .map_err(|_| BackupError::Stopped("the store took no more".into()))?,
            }
        }
    });
    let limits = store.engine().limits();
    let mut batch = Batch::default();
    while let Some(lines) = parts.recv().await {
        for line in lines {
            let write = match line.body {
                Some(body) => Write::Put(line.key, body),
                None => Write::Delete(line.key),
            };
            if !batch.holds(&write, limits) {
                batch.write(store).await?;
            }
            batch.add(write);
        }
    }
    batch.write(store).await?;
    reading
        .await
        .unwrap_or_else(|stopped| Err(BackupError::Stopped(stopped.to_string())))
}

#[derive(Default)]
struct Batch {
    writes: Vec<Write>,
    bytes: usize,
}

impl Batch {
    fn holds(&self, write: &Write, limits: Limits) -> bool {
        self.writes.len() < limits.writes && self.bytes + write.bytes() <= limits.bytes
    }

    fn add(&mut self, write: Write) {
        self.bytes += write.bytes();
        self.writes.push(write);
    }

    async fn write(&mut self, store: &Store) -> Result<(), StoreError> {
        let Self { writes, .. } = std::mem::take(self);
        if !writes.is_empty() {
            store.engine().commit(Vec::new(), writes).await?;
        }
        Ok(())
    }
}

async fn spaces(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut spaces = store.spaces().await?;
    spaces.retain(|space| space != GLOBAL);
    Ok(spaces)
}

/// The audit says that what follows was lived through once before.
async fn write_down(
    store: &Store,
    space: &str,
    from: &Verified,
    by: &Attribution,
    now: Instant,
) -> Result<(), StoreError> {
    let mut entry = by.entry("restore", space, &["store"], now);
    entry.values = [
        ("backup".to_owned(), from.made_at.to_string()),
        ("revision".to_owned(), from.revision.to_string()),
    ]
    .into();
    let entry = &entry;
    let written = store.transact(|tx| async move { tx.audit(space, entry) });
    written.await.map(drop)
}

impl From<VaultError> for BackupError {
    fn from(error: VaultError) -> Self {
        Self::Sealed(SealedError::Vault(error))
    }
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> Self {
        Self::Open(Box::new(error))
    }
}
